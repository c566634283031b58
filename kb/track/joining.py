"""Which figures are one although their claims name places, people or days differently: one incident, told by several.

Two figures of one harm become one only if no document tells them apart (gives different numbers for both at once), and
if what differs is what reports of one incident differ in: a city and a place in it, "people" and "civilians", a day and
no day. Where a figure could become one with two others that are apart, it stays by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from kb.track.copies import Union
from kb.track.keys import EVERYONE, Key
from kb.track.statements import CROWD, TROOPS, Statement, Surroundings

_GENERAL = frozenset({EVERYONE, "Civilians"})
"""Classes of people that leave open who they were."""
_DAY = timedelta(days=1)
_LATE = timedelta(days=14)
"""The longest time after an incident within which a toll without a day is taken for its toll."""
_NEAR = 2.5  # how many times larger one number for an incident may be than another

Groups = dict[Key, list[Statement]]


def joined(groups: Mapping[Key, list[Statement]], around: Surroundings) -> Groups:
    """The groups with those that are one put together, under the key of the most telling."""
    families: dict[tuple[object, str], list[Key]] = defaultdict(list)
    for key in groups:
        if key.measure not in (TROOPS, CROWD) and "/" not in key.people and key.place:
            families[key.episode, key.measure].append(key)
    sets = Union()
    names = {repr(key.order): key for key in groups}
    for keys in families.values():
        fits = _Fits(groups, around)
        pairs = [(one, other) for one, other in combinations(sorted(keys, key=_order), 2) if fits.one(one, other)]
        apart = {frozenset(pair) for pair in combinations(keys, 2)} - {frozenset(pair) for pair in pairs}
        for one, other in sorted(pairs, key=lambda pair: (fits.distance(*pair), _order(pair[0]), _order(pair[1]))):
            # All of one set have to fit all of the other: what is apart is not joined by way of a third.
            mine, theirs = _members(sets, names, one, keys), _members(sets, names, other, keys)
            if not any(frozenset((a, b)) in apart for a in mine for b in theirs if a != b):
                sets.join(repr(one.order), repr(other.order))
    found: Groups = defaultdict(list)
    of_set: dict[str, list[Key]] = defaultdict(list)
    for key in groups:
        of_set[sets.find(repr(key.order))].append(key)
    for keys in of_set.values():
        main = _main(keys, groups, around)
        for key in sorted(keys, key=_order):
            found[main].extend(groups[key])
    return dict(found)


def _order(key: Key) -> tuple[str, ...]:
    return key.order


def _members(sets: Union, names: Mapping[str, Key], key: Key, keys: Iterable[Key]) -> list[Key]:
    root = sets.find(repr(key.order))
    return [each for each in keys if sets.find(repr(each.order)) == root]


def _main(keys: list[Key], groups: Mapping[Key, list[Statement]], around: Surroundings) -> Key:
    """The key of a set: the place and people that most claims give, the widest first, and the first known day."""

    def most(values: Iterable[tuple[int, str]]) -> str:
        counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for rank, value in values:
            counted[value][0] += 1
            counted[value][1] = rank
        return min(counted, key=lambda value: (-counted[value][0], counted[value][1], value))

    if len(keys) == 1:
        return keys[0]
    place = most((around.depth(key.place), key.place) for key in keys for _ in groups[key])
    people = most((key.people not in _GENERAL, key.people) for key in keys for _ in groups[key])
    scope = min((key.scope for key in keys if key.scope), default="")
    return replace(keys[0], place=place, people=people, scope=scope)


class _Fits:
    """Whether two figures of one harm and episode may be one."""

    def __init__(self, groups: Mapping[Key, list[Statement]], around: Surroundings) -> None:
        self._groups = groups
        self._around = around

    def one(self, key: Key, other: Key) -> bool:
        """Whether nothing speaks against it."""
        return (
            self._places(key, other)
            and self._people(key, other)
            and self._days(key, other)
            and not self._told_apart(key, other)
            and (self._share(key, other) or self._near(key, other))
        )

    def distance(self, key: Key, other: Key) -> int:
        """How much differs, to join first what differs least."""
        same = not self._share(key, other)
        return 4 * same + 2 * (key.people != other.people) + (key.place != other.place) + (key.scope != other.scope)

    def _places(self, key: Key, other: Key) -> bool:
        if key.place == other.place:
            # Over a whole country, what tells a day and what does not are different counts.
            return key.scope == other.scope or self._local(key)
        inside = self._around.inside(key.place, other.place) or self._around.inside(other.place, key.place)
        return inside and (self._local(key) and self._local(other))

    def _local(self, key: Key) -> bool:
        return self._around.depth(key.place) > 0

    def _people(self, key: Key, other: Key) -> bool:
        kinds = {key.people, other.people}
        if len(kinds) == 1 or kinds <= _GENERAL:
            return True
        if not kinds & _GENERAL or not (self._local(key) and self._local(other)):
            return False
        special = key if key.people not in _GENERAL else other
        # What a document calls a part of more is never the whole.
        return self._share(key, other) and all(s.whole is None for s in self._groups[special])

    def _days(self, key: Key, other: Key) -> bool:
        if key.scope == other.scope:
            return True
        mine, theirs = self._told(key), self._told(other)
        if mine and theirs:
            return mine[0] - theirs[1] <= _DAY and theirs[0] - mine[1] <= _DAY
        dated, rest = (mine, other) if mine else (theirs, key)
        if dated is None or rest.scope:
            return False
        published = [date.fromisoformat(s.day) for s in self._groups[rest] if s.day]
        return all(dated[0] <= day <= dated[0] + _LATE for day in published)

    def _told(self, key: Key) -> tuple[date, date] | None:
        """The days that claims of a figure tell by their own words."""
        days = [(s.first, s.last) for s in self._groups[key] if s.precise and s.first and s.last]
        return (min(first for first, _ in days), max(last for _, last in days)) if days else None

    def _told_apart(self, key: Key, other: Key) -> bool:
        numbers: dict[str, set[tuple[int | None, int | None]]] = defaultdict(set)
        for s in self._groups[key]:
            if s.counted:
                numbers[s.document].add(s.number)
        return any(
            s.counted and s.document in numbers and s.number not in numbers[s.document] and not s.denied
            for s in self._groups[other]
        )

    def _share(self, key: Key, other: Key) -> bool:
        mine = {s.number for s in self._groups[key] if s.counted}
        return any(s.number in mine for s in self._groups[other] if s.counted)

    def _near(self, key: Key, other: Key) -> bool:
        """Whether the numbers are of one size; what is denied or without a number may be any."""
        mine = [s.size for s in self._groups[key] if s.counted and not s.denied and s.size]
        theirs = [s.size for s in self._groups[other] if s.counted and not s.denied and s.size]
        if not mine or not theirs:
            return True
        gaps = (max(a, b) / min(a, b) for a in mine for b in theirs)
        return min(gaps) <= _NEAR or (key.people == other.people and key.place == other.place)
