"""Telling the engine after how many rows to stop, in the text of the query."""

from __future__ import annotations

from itertools import pairwise

from kb.planner.tokens import Token

_FORMS = frozenset(["SELECT", "CONSTRUCT", "DESCRIBE", "ASK"])
_OPENING, _CLOSING = frozenset("({"), frozenset(")}")


def limit(found: list[Token], rows: int) -> bool:
    """Makes a SELECT end after ``rows`` rows and leaves others as they are; whether it says itself that it ends before.

    Raises nothing: what is no well-formed query becomes something that is none either.
    """
    start = next((at for at, token in enumerate(found) if token.word in _FORMS), None)
    if start is None or found[start].word != "SELECT":
        return False
    plain = _modifiers(found, start)
    for at, following in pairwise(plain):
        if found[at].word == "LIMIT" and found[following].text.isdigit():
            own = int(found[following].text)
            found[following].text = str(min(own, rows))
            return own < rows
    clause = [("space", "\n"), ("word", "LIMIT"), ("space", " "), ("number", str(rows)), ("space", "\n")]
    place = next((at for at in plain if found[at].word == "VALUES"), len(found))
    found[place:place] = [Token(kind, text) for kind, text in clause]
    return False


def _modifiers(found: list[Token], start: int) -> list[int]:
    """The places of the tokens behind the pattern, outside all brackets."""
    plain, depth, group = [], 0, False
    for at in range(start, len(found)):
        token = found[at]
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if group and depth == 0 and token.kind not in {"space", "comment"}:
            plain.append(at)
        group = group or (depth == 0 and token.text == "}")
    return plain
