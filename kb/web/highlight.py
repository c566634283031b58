"""The text of a document cut at the edges of its claims, and the sentence around one quote, ready to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)]*\s+|\n[ \t]*\n\s*")
_ENDED = re.compile(r"[.!?…]['\"”’»)]*\s*$")
_REACH = 400  # characters of context on either side of a quote, at most


class Span(Protocol):
    """Something with a place in the text."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The character after the last."""


@dataclass(frozen=True)
class Piece:
    """A run of text that the same claims cover: ``inside`` and ``ending`` are positions in the list of claims.

    ``inside`` is sorted, the shortest claim first; ``opening`` are the claims that begin with this piece, ``ending``
    those that end with it.
    """

    text: str
    inside: tuple[int, ...] = ()
    opening: tuple[int, ...] = ()
    ending: tuple[int, ...] = ()


def pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    """The text in order as pieces; joined they give the text back, whatever the overlaps of the spans."""
    size = len(text)
    known = [(max(0, span.start), min(size, span.end)) for span in spans]
    edges = sorted({0, size, *(edge for start, end in known if start < end for edge in (start, end))})
    by_length = sorted(range(len(known)), key=lambda index: (known[index][1] - known[index][0], index))
    result = []
    for left, right in pairwise(edges):
        inside = tuple(i for i in by_length if known[i][0] <= left and right <= known[i][1])
        opening = tuple(sorted(i for i in inside if known[i][0] == left))
        ending = tuple(sorted(i for i in inside if known[i][1] == right))
        result.append(Piece(text[left:right], inside, opening, ending))
    return result


def paragraphs(run: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces gathered into paragraphs: a blank line ends one; a piece that holds one is cut there."""
    result: list[list[Piece]] = [[]]
    for piece in run:
        parts = re.split(r"\n[ \t]*\n\s*", piece.text)
        for number, part in enumerate(parts):
            first, last = number == 0, number == len(parts) - 1
            if not first:
                result.append([])
            cut = Piece(part, piece.inside, piece.opening if first else (), piece.ending if last else ())
            if part or cut.opening or cut.ending:
                result[-1].append(cut)
    return [paragraph for paragraph in result if paragraph]


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after ``text[start:end]`` in its sentence, cut off with "…" when that is very long."""
    before = text[max(0, start - _REACH) : start]
    breaks = list(_SENTENCE_END.finditer(before))
    if breaks:
        before = before[breaks[-1].end() :]
    elif start > _REACH:
        before = "…" + before
    if _ENDED.search(text[start:end]):
        return before, ""
    after = text[end : end + _REACH]
    stop = _SENTENCE_END.search(after)
    if stop:
        return before, after[: stop.end()].rstrip()
    return before, after + "…" if end + _REACH < len(text) else after
