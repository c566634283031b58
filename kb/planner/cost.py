"""What a pattern is likely to give and to cost, from how many triples each predicate has.

Costs are microseconds, measured on a store on disk of a million triples; only their ratios matter.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Protocol

from kb.planner.algebra import Names, Triple, is_variable

LOOKUP = 4.5
"""One search in an index."""
SCAN = 0.15
"""One more triple of a scan."""
HASH = 0.2
"""One row into or through a hash table."""
STEP = 6.0
"""One step of a property path."""
RISK = 2.0
"""How much more a search for each row is counted: rows may be more than was thought, a hash table's work may not."""
CERTAIN = 100
"""Up to so many rows nothing is at risk."""
SELECTIVITY = 0.3
"""The share of rows that a filter is thought to keep."""

_STEP = re.compile(r"\^?(?:<[^<>\s]*>|[\w.-]*:[\w.-]*|a)")
_ANY = 1e6
_SOME = 20.0


@dataclass(frozen=True)
class Predicate:
    """How many triples a predicate has, with how many different subjects and objects."""

    triples: int
    subjects: int
    objects: int


UNKNOWN = Predicate(20_000, 10_000, 2_000)


class Counts(Protocol):
    """What is known of the data; terms are as the query writes them."""

    def predicate(self, term: str) -> Predicate:
        """Of one predicate."""
        ...

    def about(self, predicate: str, term: str) -> int:
        """The number of triples of this predicate (or pairs of this path) and object."""
        ...


class Guesses:
    """Nothing is known."""

    def predicate(self, term: str) -> Predicate:
        """The same for every predicate."""
        return UNKNOWN

    def about(self, predicate: str, term: str) -> int:
        """The same for every object."""
        return 20 if predicate.endswith(("*", "+", "?", ")")) else 500


def _any_of(path: str, counts: Counts) -> tuple[Predicate, int] | None:
    """A path that is a choice of predicates (``a|^b``) as one predicate, and of how many; None for another path."""
    parts = path.strip("() ").split("|")
    if not all(_STEP.fullmatch(part.strip("() ")) for part in parts):
        return None
    found = []
    for part in parts:
        name = part.strip("() ")
        known = counts.predicate(name.removeprefix("^"))
        back = name.startswith("^")
        found.append(Predicate(known.triples, known.objects, known.subjects) if back else known)
    return Predicate(
        sum(each.triples for each in found),
        max(1, *(each.subjects for each in found)),
        max(1, *(each.objects for each in found)),
    ), len(found)


def matches(triple: Triple, bound: Names, counts: Counts) -> float:
    """How many triples fit the pattern for one row that binds ``bound``."""
    subject, about = _known(triple.subject, bound), _known(triple.object, bound)
    if triple.path:
        return _ends(triple, counts, subject=subject, about=about)
    if is_variable(triple.predicate):
        return (1.0 if about else _SOME) if subject else (100.0 if about else _ANY)
    known = counts.predicate(triple.predicate)
    if not known.triples:
        return 0.01
    if about and not is_variable(triple.object):
        number = counts.about(triple.predicate, triple.object)
        # What is asked together is rarely independent: the root lies between all and the plain share.
        return math.sqrt(min(1.0, number / max(1, known.subjects))) if subject else number
    if subject:
        return known.triples / known.subjects / (known.objects if about else 1)
    return known.triples / known.objects if about else known.triples


def _ends(triple: Triple, counts: Counts, *, subject: bool, about: bool) -> float:
    """The same for a path."""
    if about and not subject and not is_variable(triple.object):
        return counts.about(triple.predicate, triple.object)
    choice = _any_of(triple.predicate, counts)
    if choice is None:
        return (0.5 if about else 4.0) if subject else _SOME if about else _ANY * 10
    known = choice[0]
    share = (known.subjects if subject else 1) * (known.objects if about else 1)
    return known.triples / share


def most(triple: Triple, counts: Counts) -> float:
    """At most how many rows a join with the pattern leaves of rows that differ in its subject."""
    if triple.path or is_variable(triple.predicate) or is_variable(triple.object):
        return math.inf
    return max(1, counts.about(triple.predicate, triple.object))


def lookup(triple: Triple, bound: Names, counts: Counts) -> float:
    """What one evaluation of the pattern costs."""
    found = matches(triple, bound, counts)
    choice = _any_of(triple.predicate, counts) if triple.path else None
    if choice:
        return LOOKUP * choice[1] + found * SCAN
    return LOOKUP + found * (STEP if triple.path else SCAN)


def _known(term: str, bound: Names) -> bool:
    return not is_variable(term) or term in bound
