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
_HIDDEN_END = re.compile(r"</(?:script|style)", re.IGNORECASE)


class Clean(NamedTuple):
    """A text without markup.

    ``starts`` are the offsets where its stretches begin, ``origins`` where each lies in the text as given, ``whole``
    whether a stretch stands for a mark, of which there are no parts.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    whole: tuple[bool, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """A range of the clean text, not empty, as a range of the text as given."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end - 1) - 1
        begin = self.origins[first] + (0 if self.whole[first] else start - self.starts[first])
        if self.whole[last]:
            return begin, self.origins[last + 1]
        return begin, self.origins[last] + end - self.starts[last]


def cleaned(text: str) -> Clean | None:
    """The text without tags and entities; None if it has none."""
    if "<" not in text and "&" not in text:
        return None
    marks = _marks(text)
    if not marks:
        return None
    pieces: list[str] = []
    starts, origins, whole = list[int](), list[int](), list[bool]()
    length = reached = 0
    for begin, end, replacement in marks:
        for piece, origin, mark in ((text[reached:begin], reached, False), (replacement, begin, True)):
            if piece:
                pieces.append(piece)
                starts.append(length)
                origins.append(origin)
                whole.append(mark)
                length += len(piece)
        reached = end
    pieces.append(text[reached:])
    return Clean("".join(pieces), (*starts, length), (*origins, reached), (*whole, False))


def _marks(text: str) -> list[tuple[int, int, str]]:
    """The marks of a text as ranges, each with what it becomes."""
    found: list[tuple[int, int, str]] = []
    reached = 0
    ends = [match.start() for match in _HIDDEN_END.finditer(text)]
    comments = text.rfind("-->")
    for match in _MARKUP.finditer(text):
        begin, end = match.span()
        if begin < reached:
            continue
        mark, name = match.group(), (match.group(2) or "").lower()
        if mark.startswith("&"):
            replacement = unescape(mark).replace("\xa0", " ")
            if replacement == mark or replacement in "<>":
                continue
        elif mark == "<!--":
            end, replacement = (text.index("-->", begin) + 3 if comments > begin else end), " "
        elif name in _HIDDEN and not match.group(1):
            after = bisect_right(ends, begin)
            end, replacement = (ends[after] if after < len(ends) else end), " "
        else:
            replacement = ("\n" if name == "br" else "\n\n") if name in _BLOCKS else ""
        found.append((begin, end, replacement))
        reached = end
    return found
