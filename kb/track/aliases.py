"""Places that two reports name differently: one node, if the names differ only as spellings and short forms do."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

_SAME = (
    ("shch", "s"), ("sch", "s"), ("sh", "s"), ("zh", "z"), ("kh", "h"), ("ch", "c"), ("ts", "c"), ("tz", "c"),
    ("dj", "j"), ("dzh", "j"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("ii", "i"), ("iy", "i"), ("x", "ks"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_LEAST = 5  # letters; shorter names are alike by chance
_CONSONANTS = 3  # the fewest that tell one name from the next where vowels differ
_VOWELS = frozenset("aeiou")
_ARTICLES = frozenset({"al", "el", "ash", "as", "ad", "an", "ar", "at", "az", "the", "la", "le"})
_KINDS = frozenset(
    "town city village valley district area county township municipality quarter neighbourhood neighborhood suburb "
    "camp prison hotel airport island checkpoint crossing bridge barracks base school mosque church market station "
    "region province square hospital university stadium settlement hamlet commune subdistrict ward".split()
)
"""Nouns that one report adds to a name and another leaves out: "Suguta Valley", "Suguta"."""
_AREAS = frozenset({"region", "province", "county"})
"""Of these, those that name a wider place than the bare name does."""


def core(slug: str) -> str:
    """A name without its article and without the noun that says what kind of place it is.

    >>> core("al-ramousah"), core("orangi-town")
    ('ramousah', 'orangi')
    """
    words = slug.split("-")
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _KINDS and words[-1] not in _AREAS:
        words = words[:-1]
    return "-".join(words)


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


def rough(name: str) -> str:
    """The first letter and the consonants of a name, for names whose vowels are written differently; empty for few.

    >>> rough("Ramouseh") == rough("Ramousah")
    True
    """
    bones = skeleton(name)
    found = bones[:1] + "".join(letter for letter in bones[1:].rstrip("h") if letter not in _VOWELS and letter != "h")
    return found if len(found) >= _CONSONANTS else ""


def name_key(place: str) -> str:
    """What places that may be one have in common: the consonants of the core of their name, else that core."""
    bare = core(place.rpartition("/")[2])
    return rough(bare.replace("-", " ")) or bare


def aliases(
    places: Iterable[str], within: Mapping[str, frozenset[str]], located: Callable[[str], bool] = lambda place: False
) -> dict[str, str]:
    """For places of one country whose names differ as spellings and short forms do: the one that they all are.

    That is the one that the reference data know, else that with the most places around it, else the first. Two places
    that the reference data both know are never one, nor is a place one that lies in it.
    """
    known = sorted(set(places))
    found: dict[str, str] = {}
    for keyed in (_exact, _short, _near):
        groups: dict[str, list[str]] = defaultdict(list)
        for place in known:
            bones = keyed(place.rpartition("/")[2])
            if bones and within[place] and place not in found:
                groups[bones].append(place)
        for group in groups.values():
            main = min(group, key=lambda place: (not located(place), -len(within[place]), place))
            for place in group:
                if place != main and not (located(place) and located(main)) and _beside(place, main, within):
                    found[place] = main
    return {place: _last(found, main) for place, main in found.items()}


def _exact(slug: str) -> str:
    return skeleton(slug.replace("-", " "))


def _short(slug: str) -> str:
    bare = core(slug)
    return "" if bare in _KINDS else bare


def _near(slug: str) -> str:
    return rough(_short(slug).replace("-", " "))


def _last(found: Mapping[str, str], place: str) -> str:
    while place in found:
        place = found[place]
    return place


def _beside(place: str, main: str, within: Mapping[str, frozenset[str]]) -> bool:
    """Whether neither lies in the other, and nothing is known that would put them at different places."""
    mine, theirs = within[place], within[main]
    return main not in mine and place not in theirs and bool(mine & theirs) and (mine <= theirs or theirs <= mine)
