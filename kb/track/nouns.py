"""Which nouns name the same people: "nine pupils" and "nine children", "soldiers" and "troops"."""

from __future__ import annotations

import re
from functools import cache

_SAME = (
    "child pupil schoolchild schoolchildren children schoolboy schoolgirl kid minor infant baby boy girl toddler "
    "student",
    "soldier troop troops serviceman servicemen servicewoman trooper jawan military army conscript infantryman "
    "paratrooper marine personnel",
    "policeman policemen policewoman police constable cop officer gendarme",
    "militant insurgent rebel terrorist fighter gunman gunmen attacker assailant guerrilla jihadist jihadi extremist "
    "maoist raider",
    "journalist reporter photographer cameraman newsman",
    "medic doctor nurse paramedic medical-worker rescuer",
    "farmer labourer laborer worker picker peasant herder villager",
)
_CLASS = {noun: row.split()[0] for row in _SAME for noun in row.split()}
_ANYBODY = frozenset(
    "person people persons life lives death deaths dead victim body corpse casualty fatality member man men male other "
    "others individual human soul resident civilian citizen".split()
)
_ENDS = re.compile(r"\s+(?:of|in|from|who|and|with|at|near|on|for|aged|including)\b|,")


@cache
def noun(words: str) -> str:
    """The noun that tells who they are, the same for nouns that name the same people; empty if it may be anybody.

    >>> noun("Chechen fighters"), noun("schoolchildren"), noun("dead people")
    ('militant', 'child', '')
    """
    text = _ENDS.split(words.casefold())[0].split()
    if not text:
        return ""
    head = _singular(text[-1])
    return "" if head in _ANYBODY or text[-1] in _ANYBODY else _CLASS.get(text[-1]) or _CLASS.get(head) or head


def _singular(word: str) -> str:
    if word.endswith("men") and len(word) > 4:
        return word[:-3] + "man"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
