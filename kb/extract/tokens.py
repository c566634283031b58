"""Tokens: words, numbers and marks with their offsets in the text as given."""

from __future__ import annotations

import re
from typing import NamedTuple

WORD, NUMBER, MARK = "word", "number", "mark"


class Token(NamedTuple):
    """One token; ``text == source[start:end]``; ``lower`` is folded (lower case, straight apostrophe) for matching."""

    text: str
    lower: str
    start: int
    end: int
    kind: str


# One alternation, no nesting, so that time is linear: numbers with thousands marks, dotted acronyms (U.S.),
# the possessive as a token of its own, runs of letters, and any other visible character alone.
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<word>(?:[A-Za-z]\.){2,}|(?<=[^\W\d_])['’][sS](?![^\W\d_])|(?<=[A-Z]\.)['’][sS](?![^\W\d_])"
    r"|[^\W\d_]+(?:['’](?![sS](?![^\W\d_]))[^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s]|_)"
)
# Words glued by bad conversion ("TroopsAccording") part where a small letter meets a capital that begins a word.
_GLUE = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
_GLUED_NAMES = ("Mac", "Fitz")
_SHORTEST_GLUED = 7


def _parts(piece: str) -> list[str]:
    if piece.isupper() or piece[1:].islower() or piece.startswith(_GLUED_NAMES):
        return [piece]
    return _GLUE.split(piece)


def tokenize(text: str) -> list[Token]:
    """Split text into tokens; white space and nothing else is left out."""
    tokens: list[Token] = []
    add, new = tokens.append, tuple.__new__  # every character of every document passes here
    for match in _TOKEN.finditer(text):
        piece, kind = match.group(), match.lastgroup or MARK
        start, end = match.span()
        lower = piece.lower()
        if "’" in lower:
            lower = lower.replace("’", "'")
        if kind != WORD or end - start < _SHORTEST_GLUED or lower == piece or len(parts := _parts(piece)) == 1:
            add(new(Token, (piece, lower, start, end, kind)))
            continue
        for part in parts:
            add(new(Token, (part, part.lower().replace("’", "'"), start, start + len(part), kind)))
            start += len(part)
    return tokens
