"""Places that two reports spell differently: one node, if the spellings differ only as transliterations do."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

_SAME = (
    ("shch", "s"), ("sch", "s"), ("sh", "s"), ("zh", "z"), ("kh", "h"), ("ch", "c"), ("ts", "c"), ("tz", "c"),
    ("dj", "j"), ("dzh", "j"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("ii", "i"), ("iy", "i"), ("x", "ks"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_LEAST = 5  # letters; shorter names are alike by chance


def skeleton(name: str) -> str:
    """What is left of a name when what transliterations differ in is taken away; empty for a short one.

    >>> skeleton("Shemdinli") == skeleton("Şemdinli")
    True
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalpha())
    if len(plain) < _LEAST:
        return ""
    for spelling, letter in _SAME:
        plain = plain.replace(spelling, letter)
    return _TWICE.sub(r"\1", plain)


def aliases(places: Iterable[str], within: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """For places of one country whose names differ as transliterations do: the one that they all are.

    That is the one with the most places around it, as the better known, else the first. A place is never the same
    as one that lies in it.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for place in sorted(set(places)):
        bones = skeleton(place.rpartition("/")[2].replace("-", " "))
        if bones and within[place]:
            groups[bones].append(place)
    found: dict[str, str] = {}
    for group in groups.values():
        main = min(group, key=lambda place: (-len(within[place]), place))
        for place in group:
            nested = main in within[place] or place in within[main]
            if place != main and not nested and within[place] & within[main]:
                found[place] = main
    return found
