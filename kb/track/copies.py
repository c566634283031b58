"""Near-copies of articles: the same report printed twice is one source, however many outlets carry it.

Exact Jaccard similarity of shingles, computed only for pairs that share one of the rarest-looking shingles of each (the
smallest hashes), so that a new text is compared with few others. Kept as plain code: the libraries that do this bring
numpy and approximate what can be exact at this size.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from zlib import crc32

WORDS = 4
"""Words of one shingle."""
ALIKE = 0.6
"""Share of all shingles that near-copies have in common, at least."""
LEAST = 20
"""Texts with fewer shingles are too short to tell a copy from a common phrase."""
_KEYS = 12
_CROWDED = 50  # a key that so many texts share is boilerplate, not a sign of a copy

_WORD = re.compile(r"\w+")


def copies(texts: Mapping[str, str]) -> dict[str, str]:
    """The first (by name) of the set of near-copies for each text that is in one; ``texts`` by name."""
    shingles = {name: found for name, text in texts.items() if len(found := shingled(text)) >= LEAST}
    blocks: dict[int, list[str]] = defaultdict(list)
    for name in sorted(shingles):
        for key in sorted(shingles[name])[:_KEYS]:
            blocks[key].append(name)
    joined = Union()
    for names in blocks.values():
        # In a crowded block neighbours are enough: true copies share other keys, or join through one another.
        pairs = pairwise(names) if len(names) > _CROWDED else ((a, b) for at, a in enumerate(names) for b in names[:at])
        for one, other in pairs:
            if joined.find(one) != joined.find(other) and similarity(shingles[one], shingles[other]) >= ALIKE:
                joined.join(one, other)
    return {name: first for name in joined.known if (first := joined.find(name))}


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
