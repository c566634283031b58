"""HTML left over in a text: tags and entities taken out, with a map back to the text as given."""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape
from typing import NamedTuple

# No nested repetition, so that time is linear: a tag ends at the next bracket of either kind.
_MARKUP = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>|<!--|<![A-Za-z][^<>]*>"
    r"|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});"
)
_BLOCKS = frozenset(
    "p div br li ul ol h1 h2 h3 h4 h5 h6 tr td th table section article blockquote header footer figure".split()
)
_HIDDEN = frozenset({"script", "style"})


class Clean(NamedTuple):
    """A text without markup. ``starts`` and ``shifts`` tell how far each stretch of it lies from where it was."""

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """A range of the clean text as a range of the text as given."""
        return self._of(start), self._of(end - 1) + 1 if end > start else self._of(end)

    def _of(self, offset: int) -> int:
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]


def cleaned(text: str) -> Clean | None:
    """The text without tags and entities; None if it has none."""
    if "<" not in text and "&" not in text:
        return None
    pieces: list[str] = []
    starts, shifts = [0], [0]
    length = reached = 0
    for begin, end, replacement in _marks(text):
        pieces += [text[reached:begin], replacement]
        length += begin - reached
        _shift(starts, shifts, length, begin - length)
        length += len(replacement)
        _shift(starts, shifts, length, end - length)
        reached = end
    if not pieces:
        return None
    return Clean("".join([*pieces, text[reached:]]), tuple(starts), tuple(shifts))


def _shift(starts: list[int], shifts: list[int], start: int, shift: int) -> None:
    if starts[-1] == start:
        shifts[-1] = shift
    else:
        starts.append(start)
        shifts.append(shift)


def _marks(text: str) -> list[tuple[int, int, str]]:
    """The marks of a text as ranges, each with what it becomes."""
    found: list[tuple[int, int, str]] = []
    reached = 0
    lower = text.lower() if "<" in text else ""
    closing = {name: lower.rfind(f"</{name}") for name in _HIDDEN}
    comments = text.rfind("-->")
    for match in _MARKUP.finditer(text):
        begin, end = match.span()
        if begin < reached:
            continue
        name = (match.group(2) or "").lower()
        if match.group().startswith("&"):
            replacement = unescape(match.group()).replace("\xa0", " ")
            if replacement == match.group() or replacement in "<>":
                continue
        elif match.group() == "<!--":
            end = text.index("-->", begin) + 3 if comments > begin else end
            replacement = " "
        elif name in _HIDDEN and not match.group(1) and closing[name] > begin:
            end = lower.index(f"</{name}", begin)
            replacement = " "
        else:
            replacement = ("\n" if name == "br" else "\n\n") if name in _BLOCKS else ""
        found.append((begin, end, replacement))
        reached = end
    return found
