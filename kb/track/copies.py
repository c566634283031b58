"""Near-copies of articles: the same report printed twice is one source, however many outlets carry it.

Exact Jaccard similarity of shingles, computed only for texts that share a band of a sketch (one-permutation MinHash in
bands) and were published within two weeks of each other, so that a new text is compared with few others. Kept as
plain code: the libraries that do this bring numpy and approximate what can be exact for the few that are compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import combinations
from zlib import crc32

WORDS = 4
"""Words of one shingle."""
ALIKE = 0.6
"""Share of all shingles that near-copies have in common, at least."""
LEAST = 20
"""Texts with fewer shingles are too short to tell a copy from a common phrase."""
NEAR = timedelta(days=14)
"""The longest time between a report and a copy of it."""
_BINS = 64
_ROWS = 2  # smallest hashes of one band; at a similarity of .6 one of 32 such bands is shared but for once in a million

_WORD = re.compile(r"\w+")


def copies(texts: Mapping[str, str]) -> dict[str, str]:
    """The first (by name) of the set of near-copies for each text that is in one; ``texts`` by name, of one time."""
    shingles = {name: found for name, text in texts.items() if len(found := shingled(text)) >= LEAST}
    blocks: dict[int, list[str]] = defaultdict(list)
    for name in sorted(shingles):
        for band in bands(shingles[name]):
            blocks[band].append(name)
    joined = Union()
    for names in blocks.values():
        for one, other in combinations(names, 2):
            if joined.find(one) != joined.find(other) and similarity(shingles[one], shingles[other]) >= ALIKE:
                joined.join(one, other)
    return {name: first for name in joined.known if (first := joined.find(name))}


def bands(shingles: frozenset[int]) -> list[int]:
    """The bands of the sketch of a text: those of texts alike are the same in at least one place."""
    smallest = [-1] * _BINS
    for shingle in shingles:
        mixed = shingle * 0x9E3779B1 & 0xFFFFFFFF
        at, rest = mixed % _BINS, mixed // _BINS
        if smallest[at] < 0 or rest < smallest[at]:
            smallest[at] = rest
    found = []
    for start in range(0, _BINS, _ROWS):
        band = smallest[start : start + _ROWS]
        if min(band) >= 0:  # an empty bin tells nothing
            found.append(crc32(f"{start} {band}".encode()))
    return found


def days_near(day: str) -> tuple[str, str]:
    """The first and the last day on which a copy of a text of this day may have been published; empty if unknown."""
    if not day:
        return "", ""
    published = date.fromisoformat(day)
    return (published - NEAR).isoformat(), (published + NEAR).isoformat()


def shingled(text: str) -> frozenset[int]:
    """Hashes of every run of ``WORDS`` words, whatever their case and what stands between them."""
    words = _WORD.findall(text.casefold())
    return frozenset(crc32(" ".join(words[at : at + WORDS]).encode()) for at in range(len(words) - WORDS + 1))


def similarity(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of all shingles that both have."""
    return len(one & other) / len(one | other) if one or other else 0.0


class Union:
    """Sets that grow together; each is named by its smallest member, so that the order of joining does not matter."""

    def __init__(self, members: Iterable[str] = ()) -> None:
        self._parents = {member: member for member in members}

    @property
    def known(self) -> list[str]:
        """All members, sorted."""
        return sorted(self._parents)

    def find(self, member: str) -> str:
        """The name of the set that it is in."""
        parents = self._parents
        parents.setdefault(member, member)
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    def join(self, one: str, other: str) -> None:
        """Makes one set of two."""
        first, second = sorted((self.find(one), self.find(other)))
        self._parents[second] = first
