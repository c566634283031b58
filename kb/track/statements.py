"""What tracking of figures works on: one record for each claim that gives a number of people, and what is known around.

Records are plain values, so that the rules over them are pure functions that need no store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kb.review import Standing
from kb.track.records import Ancestors

Number = tuple[int | None, int | None]
"""A range; None is an open end."""

_ROUGH = frozenset({"About", "Nearly"})
_ROUNDED = 0.1  # how far off a rounded number may be
TROOPS = "Troops"
CROWD = "Gathered"


class Statement(NamedTuple):
    """One claim about a number of people. Nodes are IRIs; ``measure`` and ``people`` are names of ontology terms.

    ``measure`` is a harm, ``TROOPS`` or ``CROWD``; ``people`` the class of the people harmed; ``group`` the node of the
    group (for troops: whose forces). ``stated`` is whether the quote itself names the place; else an earlier sentence
    lent it. ``source`` is who says it: the source that the document names, else its publisher, else the document.
    ``passed`` are the relays. ``whole`` is a claim of the same document whose people include these. ``country`` is the
    one whose episode it belongs to, None if that is still to be found out from its document. ``publisher`` is the
    outlet of the document; ``correcting`` whether the document says that it corrects or takes back a number;
    ``possible`` whether the number is only held possible ("may have died", "feared dead"). ``aside`` is whether the
    document tells of it as background, beside its incident; ``recalled`` whether as an earlier number of the toll ("up
    from 13", "initially"); ``few`` whether it says that they are some of more.
    """

    claim: str
    document: str
    measure: str
    people: str
    group: str | None
    low: int | None
    high: int | None
    words: str = ""
    count_words: str = ""
    hedge: str = "Exact"
    named: bool = False
    place: str | None = None
    stated: bool = True
    first: date | None = None
    last: date | None = None
    source: str = ""
    passed: frozenset[str] = frozenset()
    published: str = ""
    denied: bool = False
    whole: str | None = None
    event: str | None = None
    event_type: str | None = None
    phase: str | None = None
    start: int = 0
    country: str | None = None
    aside: bool = False
    few: bool = False
    publisher: str = ""
    correcting: bool = False
    possible: bool = False
    recalled: bool = False

    @property
    def day(self) -> str:
        """The day of publication, empty if it is not known."""
        return self.published[:10]

    @property
    def number(self) -> Number:
        """The range, for finding what gives the same."""
        return self.low, self.high

    @property
    def none(self) -> bool:
        """Whether it says that there was nobody."""
        return self.low == 0 and self.high == 0

    @property
    def counted(self) -> bool:
        """Whether it gives a number at all."""
        return self.low is not None or self.high is not None

    @property
    def floor(self) -> int | None:
        """The least that it can mean; "about 8,000" does not deny 7,939."""
        return None if self.low is None else int(self.low * (1 - _ROUNDED if self.hedge in _ROUGH else 1))

    @property
    def ceiling(self) -> int | None:
        """The most that it can mean."""
        return None if self.high is None else int(self.high * (1 + _ROUNDED if self.hedge in _ROUGH else 1))

    @property
    def size(self) -> int:
        """One number to order ranges by: the least that the words allow, else the most."""
        return self.low if self.low is not None else (self.high or 0)

    @property
    def precise(self) -> bool:
        """Whether its own words tell the day, or two."""
        return self.first is not None and self.last is not None and (self.last - self.first).days <= 1

    @property
    def chain(self) -> frozenset[str]:
        """Everyone whom the document names between itself and the fact."""
        return self.passed | {self.source}


@dataclass(frozen=True)
class Surroundings:
    """What the statements are read against: places inside others, parts of organisations, days, copies, places named.

    ``within`` holds the places around each place; ``part_of`` the organisations around each organisation; ``members``
    the alliances of each state; ``copies`` the first of a set of near-copies for each document in one; ``stated`` the
    places that a document names in the very words of its claims; ``standing`` what people decided; ``located`` whether
    the reference data know where a place is.
    """

    within: Ancestors = field(default_factory=dict)
    part_of: Ancestors = field(default_factory=dict)
    members: Ancestors = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)
    located: Callable[[str], bool] = field(default=lambda _: True)

    def country(self, place: str) -> str:
        """The widest place around a place."""
        wider = self.within.get(place, frozenset())
        return min(wider, key=lambda other: (len(self.within.get(other, ())), other), default=place)

    def inside(self, place: str, other: str) -> bool:
        """Whether ``place`` is ``other`` or lies in it."""
        return place == other or other in self.within.get(place, ())

    def depth(self, place: str) -> int:
        """How many places lie around it."""
        return len(self.within.get(place, ()))

    def force(self, group: str) -> str:
        """Whose forces they are: the organisation that a standing force is part of."""
        wider = self.part_of.get(group, frozenset())
        return min(wider, key=lambda other: (len(self.part_of.get(other, ())), other), default=group)

    def related(self, source: str, other: str) -> bool:
        """Whether two sources are one, or one a part of the other."""
        return source == other or other in self.part_of.get(source, ()) or source in self.part_of.get(other, ())
