"""Words that tell a number as an earlier one of a toll: "up from 13", "an initial count of 13"."""

from __future__ import annotations

import re

_RECALLING = (
    r"\b(?:earlier|initial(?:ly)?|previous(?:ly)?|preliminary|at first|first (?:said|put|gave|spoke|reported|reports?)"
    r"|(?:up|rose|rises?|risen|rising|climbed|jumped|increased|down|lowered|revised|raised) from(?: the)?"
    r"|before (?:rising|revising|raising|correcting))\b"
)


def recalled(quote: str, count: str) -> bool:
    """Whether words of growth stand beside the number: ``count`` is its wording in the ``quote``."""
    number = rf"\b{re.escape(count)}\b"
    near = rf"{_RECALLING}[^.;]{{0,60}}{number}|{number}[^.;,]{{0,30}}{_RECALLING}"
    return bool(count) and re.search(near, quote, re.IGNORECASE) is not None
