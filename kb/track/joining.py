"""Which figures are one although their claims name places, people or days differently: one incident, told by several.

Two figures of one harm become one only if no document tells them apart (gives different numbers for both at once), and
if what differs is what reports of one incident differ in: a city and a place in it, a village that nobody knows and
its town, "people" and "civilians", "pupils" and "children", a day and no day. The more differs, the more the numbers
have to speak for it. Where a figure could become one with two others that are apart, it stays by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from kb.track.copies import Union
from kb.track.fitting import Fits, Group
from kb.track.keys import Key
from kb.track.statements import Statement, Surroundings

Groups = dict[Key, list[Statement]]


def joined(groups: Mapping[Key, list[Statement]], around: Surroundings) -> Groups:
    """The groups with those that are one put together, under the key of the most telling."""
    families: dict[tuple[object, str], list[Key]] = defaultdict(list)
    for key in groups:
        if key.place:
            families[key.episode, key.measure].append(key)
    sets = Union()
    names = {repr(key.order): key for key in groups}
    for keys in families.values():
        fits = Fits({key: Group(key, groups[key]) for key in keys}, around)
        ranked = {
            (one, other): distance
            for one, other in combinations(sorted(keys, key=_order), 2)
            if (distance := fits.distance(one, other)) is not None
        }
        fitting = {frozenset(pair) for pair in ranked}
        for one, other in sorted(ranked, key=lambda pair: (ranked[pair], _order(pair[0]), _order(pair[1]))):
            # All of one set have to fit all of the other: what is apart is not joined by way of a third.
            mine, theirs = _members(sets, names, one, keys), _members(sets, names, other, keys)
            if all(frozenset((a, b)) in fitting or fits.bridged(a, b) for a in mine for b in theirs if a != b):
                sets.join(repr(one.order), repr(other.order))
    found: Groups = {}
    of_set: dict[str, list[Key]] = defaultdict(list)
    for key in groups:
        of_set[sets.find(repr(key.order))].append(key)
    for keys in of_set.values():
        main = _main(keys, groups, around)
        found[main] = [statement for key in sorted(keys, key=_order) for statement in groups[key]]
    return found


def _order(key: Key) -> tuple[str, ...]:
    return key.order


def _members(sets: Union, names: Mapping[str, Key], key: Key, keys: Iterable[Key]) -> list[Key]:
    root = sets.find(repr(key.order))
    return [each for each in keys if sets.find(repr(each.order)) == root]


def _main(keys: list[Key], groups: Mapping[Key, list[Statement]], around: Surroundings) -> Key:
    """The key that names a set: whose place and people most claims give, those of no part and a known day first."""
    places: dict[str, int] = defaultdict(int)
    people: dict[str, int] = defaultdict(int)
    for key in keys:
        places[key.place] += len(groups[key])
        people[key.people] += len(groups[key])
    return min(
        keys,
        key=lambda key: (
            "/" in key.people,
            not around.located(key.place),
            -places[key.place],
            -people[key.people],
            around.depth(key.place),
            not key.scope,
            _order(key),
        ),
    )
