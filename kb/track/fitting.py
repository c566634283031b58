"""Whether two figures of one harm and episode may be one, and how much differs between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise

from kb.track.episodes import background
from kb.track.keys import EVERYONE, Key
from kb.track.nouns import noun
from kb.track.statements import CROWD, TROOPS, Number, Statement, Surroundings

GENERAL = frozenset({EVERYONE, "Civilians"})
"""Classes of people that leave open who they were."""
CIVIL = frozenset({"Civilians", "Children", "Women", "Officials", "Journalists", "Medical", "Foreigners"})
INCIDENTS = frozenset({"Attack", "Bombing", "AirStrike", "Shelling", "Assassination", "Kidnapping", "Seizure"})
"""Types of event that are one deed at one place, so that a count of it is the same wherever a report puts it."""
_DAY = timedelta(days=1)
_LATE = timedelta(days=14)
"""The longest time after an incident within which a toll without a day is taken for its toll."""
_NEAR = 2.5  # how many times larger one number for an incident may be than another
_TELLING = 3  # below this, two incidents may well have the same number by chance
_SURE = 5  # from this on, one number for one place and day is one number whatever the words for the people
_YEAR = timedelta(days=550)  # how far apart the beginnings of one war may be put


class _Where(IntEnum):
    """How two places lie to each other."""

    SAME = 0
    NESTED = 1
    LOOSE = 2


class Group:
    """The claims of one figure, with what is asked of them again and again."""

    def __init__(self, key: Key, statements: Sequence[Statement]) -> None:
        self.key = key
        self.statements = statements
        self.base, _, self.part = ("", "", "") if key.people.startswith("http") else key.people.partition("/")
        self.base = self.base or key.people
        self.numbers = {s.number for s in statements if s.counted and not s.none}
        self.sizes = [s.size for s in statements if s.counted and not s.denied and s.size]
        self.nouns = {noun(s.words) for s in statements}
        self.is_part = bool(self.part) or any(s.whole is not None for s in statements)
        days = [(s.first, s.last) for s in statements if s.precise and s.first and s.last]
        self.told = (min(first for first, _ in days), max(last for _, last in days)) if days else None
        self.published = [date.fromisoformat(s.day) for s in statements if s.day]
        self.background = all(background(s) for s in statements)
        self.by_document: dict[str, set[Number]] = defaultdict(set)
        for s in statements:
            if s.counted and not s.none and not s.denied:
                self.by_document[s.document].add(s.number)


class Fits:
    """Whether figures of one harm and episode may be one."""

    def __init__(self, groups: Mapping[Key, Group], around: Surroundings) -> None:
        self._groups = groups
        self._around = around
        self._one_place = _one_chain({key.place for key in groups if around.depth(key.place) > 0}, around)

    def distance(self, key: Key, other: Key) -> int | None:
        """How much differs, to join first what differs least; None if something speaks against it."""
        a, b = self._groups[key], self._groups[other]
        where = self._where(key.place, other.place)
        if where is None:
            return None
        if key.measure in (TROOPS, CROWD):
            return self._crowd(a, b, where) if key.measure == CROWD else self._troops(a, b)
        if a.background or b.background:
            return self._background(a, b)
        who = self._who(a, b)
        if who is None or not self._days(a, b, where) or _told_apart(a, b):
            return None
        if not self._numbers(a, b, who, where):
            return None
        return 8 * (not a.numbers & b.numbers) + 4 * who + 2 * where + (key.scope != other.scope)

    def bridged(self, key: Key, other: Key) -> bool:
        """Whether two that do not fit by themselves may be one by way of a third: nothing tells them apart, they only
        differ too much in number, as the first and the last toll of an incident do.
        """
        a, b = self._groups[key], self._groups[other]
        where = self._where(key.place, other.place)
        if where is None or _told_apart(a, b) or not self._days(a, b, where):
            return False
        if key.measure in (TROOPS, CROWD):
            return True
        if not (self._local(a) and self._local(b)) and key.place != other.place and not self._one_incident(a, b):
            return False
        who = self._who(a, b)
        return who == 0 or (who == 1 and where < _Where.LOOSE and not (a.is_part or b.is_part))

    def _where(self, place: str, other: str) -> _Where | None:
        if place == other:
            return _Where.SAME
        around = self._around
        if around.inside(place, other) or around.inside(other, place):
            return _Where.NESTED
        unknown = not (around.located(place) and around.located(other))
        return _Where.LOOSE if unknown and around.country(place) == around.country(other) else None

    def _local(self, group: Group) -> bool:
        return self._around.depth(group.key.place) > 0 or not self._around.located(group.key.place)

    def _one_incident(self, a: Group, b: Group) -> bool:
        """Whether a count for a whole country is of one attack, and so of the only place that anyone counts at."""
        wide = [group for group in (a, b) if not self._local(group)]
        return len(wide) == 1 and self._one_place and any(s.event_type in INCIDENTS for s in wide[0].statements)

    def _who(self, a: Group, b: Group) -> int | None:
        """0 the same people, 1 people and more closely named ones, 2 two kinds of people; None if they are others."""
        if a.part and b.part:
            same = a.nouns == b.nouns and a.nouns != {""}
            return 0 if same and (a.base == b.base or {a.base, b.base} <= CIVIL | GENERAL) else None
        if a.part or b.part:
            part, rest = (a, b) if a.part else (b, a)
            same = part.nouns == rest.nouns and part.nouns != {""}
            return 1 if same and (part.base == rest.base or {part.base, rest.base} <= CIVIL | GENERAL) else None
        kinds = {a.base, b.base}
        if len(kinds) == 1 or kinds <= GENERAL:
            return 0
        if a.nouns == b.nouns and a.nouns != {""} and kinds <= CIVIL:
            return 0
        if not (self._local(a) and self._local(b)) and not self._one_incident(a, b):
            return None
        if kinds & GENERAL:
            special = a if a.base not in GENERAL else b
            # What a document calls a part of more is never the whole.
            return None if special.is_part else 1
        return None if a.is_part or b.is_part else 2

    def _days(self, a: Group, b: Group, where: _Where) -> bool:
        if a.told and b.told:
            near = a.told[0] - b.told[1] <= _DAY and b.told[0] - a.told[1] <= _DAY
            return near or (a.key.scope == b.key.scope and where == _Where.SAME)
        if a.told is None and b.told is None:
            if a.key.scope == b.key.scope and where < _Where.LOOSE:
                return True
            days = [*a.published, *b.published]
            return a.key.scope == b.key.scope and (not days or max(days) - min(days) <= _LATE)
        dated, rest = (a, b) if a.told else (b, a)
        if where == _Where.SAME and a.key.scope == b.key.scope:
            # Over a whole country, what tells a day and what does not are different counts.
            return True
        if dated.told is None or rest.key.scope:
            return False
        first = dated.told[0]
        return all(first <= day <= first + _LATE for day in rest.published)

    def _numbers(self, a: Group, b: Group, who: int, where: _Where) -> bool:
        local = (self._local(a) and self._local(b)) or self._one_incident(a, b)
        if who == 0 and local and not (a.numbers and b.numbers) and not (a.part or b.part):
            # What is denied, or told without a number, may be of any.
            return True
        shared = max((low or 0 for low, _ in a.numbers & b.numbers), default=0)
        if where == _Where.LOOSE:
            named = a.nouns == b.nouns and a.nouns != {""}
            return local and who < 2 and shared >= (2 if named else _TELLING)
        if who == 2:
            return shared >= _SURE
        if who == 1:
            return bool(shared) or (bool(a.part or b.part) and _near(a, b))
        if where == _Where.NESTED:
            return local and (bool(shared) or _near(a, b))
        return a.key.scope == b.key.scope or local

    # Other counts

    def _crowd(self, a: Group, b: Group, where: _Where) -> int | None:
        """Gatherings of one place and day are one, however far apart the numbers of police and organisers."""
        days = [day for group in (a, b) for day in (group.told or ())] or [*a.published, *b.published]
        mixed = (a.told is None) != (b.told is None)
        if mixed:
            days += (a if a.told is None else b).published
        fit = not days or max(days) - min(days) <= (2 * _DAY if mixed or not a.told else _DAY)
        return where if fit and ((self._local(a) and self._local(b)) or self._one_place) else None

    def _troops(self, a: Group, b: Group) -> int | None:
        """Forces of one sender, or of one that nobody names, counted alike for a country and a place in it."""
        unnamed = "forces" in (a.key.people, b.key.people)
        if a.key.people != b.key.people and not unnamed:
            return None
        shared = max((low or 0 for low, _ in a.numbers & b.numbers), default=0)
        return int(unnamed) if shared >= _SURE else None

    def _background(self, a: Group, b: Group) -> int | None:
        """Totals of one war: of one harm and people, from about the same year on."""
        if a.base != b.base or a.part or b.part or not (a.background and b.background):
            return None
        begun = [s.first for s in (*a.statements, *b.statements) if s.first]
        near = not begun or max(begun) - min(begun) <= _YEAR
        return 1 if near and _near(a, b) and not _told_apart(a, b) else None


def _one_chain(places: Iterable[str], around: Surroundings) -> bool:
    """Whether places lie one in the other, as far as anybody knows: those that nobody knows may lie in any."""
    known = sorted((place for place in places if around.located(place)), key=around.depth)
    return all(around.inside(later, earlier) for earlier, later in pairwise(known))


def _told_apart(a: Group, b: Group) -> bool:
    """Whether a document gives different numbers for both at once. That nobody was harmed is a denial, no number."""
    small, large = (a, b) if len(a.by_document) <= len(b.by_document) else (b, a)
    return any(
        numbers != large.by_document[document]
        for document, numbers in small.by_document.items()
        if document in large.by_document
    )


def _near(a: Group, b: Group) -> bool:
    """Whether the numbers are of one size; what is denied or without a number may be any."""
    if not a.sizes or not b.sizes:
        return True
    return _gap(a.sizes, b.sizes) <= _NEAR


def _gap(mine: Iterable[int], theirs: Iterable[int]) -> float:
    """How many times larger the nearest of one set of numbers is than that of the other."""
    rows = sorted([*((size, 0) for size in set(mine)), *((size, 1) for size in set(theirs))])
    gaps = [later[0] / earlier[0] for earlier, later in pairwise(rows) if earlier[1] != later[1]]
    return min(gaps)
