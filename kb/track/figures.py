"""Which claims are about one number: the rule that puts them together, as a pure function of the claims.

A figure is one number followed over time: an episode (or one event), a harm (or troops, or a crowd), a group of people,
a place. What is part of another figure is linked to it and never added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kb.track.episodes import Episode, background, episodes
from kb.track.joining import joined
from kb.track.keys import EVERYONE, Key
from kb.track.nouns import noun
from kb.track.parts import parts
from kb.track.statements import CROWD, TROOPS, Statement, Surroundings

FAMILIES = {
    "SecurityForces": "SecurityForces",
    "Military": "SecurityForces",
    "Police": "SecurityForces",
    "Protesters": "Protesters",
    "Militants": "Protesters",
}
"""Classes that reports use for the same people: one outlet's police are another's security forces, and whom one source
calls protesters another calls militants. Within a document that tells them apart they stay apart."""
NOUNS = {"child": "Children", "medic": "Medical", "journalist": "Journalists"}
"""Nouns that tell a class better than the class that was read: "pupils" are children, "medics" no soldiers."""
_BROAD = frozenset({"Civilians", "Unknown"})
_POINTS = frozenset({"Bombing", "AirStrike", "Shelling", "Assassination", "Kidnapping", "Seizure"})
"""Types of event that are over at once, so that their toll is their own and not the episode's."""
_NEAR = timedelta(days=3)  # how far apart one number may be published for two places and still be the same
_TELLING = 3  # below this, two places may well have the same number by chance


@dataclass(frozen=True)
class Figure:
    """One number with all its claims (in no order) and the figures that it is a part of."""

    key: Key
    statements: tuple[Statement, ...]
    wholes: tuple[Key, ...] = ()


def figures(statements: Iterable[Statement], around: Surroundings) -> list[Figure]:
    """The figures that these claims are about, sorted."""
    known = _with_forces(sorted(set(statements)), around)
    of_claim = episodes(known, around)
    placed = [_placed(statement, of_claim[statement.claim], around) for statement in known]
    subsets = parts(placed, _family)
    families = {statement.claim: _family(statement) for statement in placed}
    several = _several(placed)
    keys = {s.claim: _key(s, of_claim[s.claim], subsets, families, several) for s in placed}
    by_key = _by_days(_grouped(placed, keys))
    by_key = joined(_same_number(by_key, around), around)
    final = {statement.claim: key for key, group in by_key.items() for statement in group}
    wholes = _wholes(by_key, final, subsets, around)
    return [
        Figure(key, tuple(sorted(by_key[key])), tuple(sorted(wholes.get(key, ()), key=_order)))
        for key in sorted(by_key, key=_order)
    ]


def _order(key: Key) -> tuple[str, ...]:
    return key.order


def _with_forces(statements: Sequence[Statement], around: Surroundings) -> list[Statement]:
    """Troops with whose they are: a standing force is its organisation's; troops of nobody are those of the only sender
    in their document, an alliance before its members; what is left is no figure.
    """
    senders: dict[str, set[str]] = defaultdict(set)
    for s in statements:
        if s.measure == TROOPS and s.group:
            senders[s.document].add(around.force(s.group))
    found: list[Statement] = []
    for s in statements:
        if s.measure != TROOPS:
            found.append(s)
            continue
        group = around.force(s.group) if s.group else None
        if group is None:
            known = senders[s.document]
            heads = [g for g in known if not known.intersection(around.members.get(g, ()))]
            group = heads[0] if len(heads) == 1 else None
        if group is not None:
            found.append(s._replace(group=group))
    return found


def _placed(statement: Statement, episode: Episode, around: Surroundings) -> Statement:
    """The statement at the place that it counts for.

    A place that an earlier sentence lent gives way to a wider one that the document itself names for what it counts: in
    a report on the dead of a country, the police who died are those of the country.
    """
    if statement.place is None:
        return statement._replace(place=episode.country)
    if statement.stated:
        return statement
    named = around.stated.get(statement.document, frozenset())
    wider = [place for place in around.within.get(statement.place, ()) if place in named]
    return statement._replace(place=min(wider, key=lambda place: (around.depth(place), place))) if wider else statement


def _family(statement: Statement) -> str:
    """Whom it counts, so that different words for the same people come together."""
    if statement.measure == CROWD:
        return "crowd"
    if statement.measure == TROOPS or statement.named:
        return statement.group or "forces"
    family = FAMILIES.get(statement.people, statement.people)
    return NOUNS.get(noun(statement.words), family) if family in _BROAD or statement.people == "Military" else family


def _several(statements: Iterable[Statement]) -> set[str]:
    """Claims of a document that count different parts of one whole by one class: nine pupils and a teacher."""
    found: set[str] = set()
    groups: dict[tuple[str, str, str, str], list[Statement]] = defaultdict(list)
    for s in statements:
        if s.whole is not None and s.measure not in (TROOPS, CROWD):
            groups[s.document, s.whole, s.measure, _family(s)].append(s)
    for group in groups.values():
        if len({s.words.casefold() for s in group}) > 1:
            found.update(s.claim for s in group)
    return found


def _key(
    s: Statement,
    episode: Episode,
    subsets: Mapping[str, str | None],
    families: Mapping[str, str],
    several: set[str],
) -> Key:
    people = _family(s)
    if s.claim in subsets:
        whole = families.get(subsets[s.claim] or "")
        if whole is None or people in (EVERYONE, whole) or s.claim in several:
            # A part that its class does not tell from its whole: by its own words.
            people = f"{people}/{s.group or s.words.casefold()}"
    scope = ""
    if s.event_type in _POINTS and s.event and s.precise and s.measure != TROOPS:
        scope = s.event
    if background(s) and s.first:
        scope = s.first.isoformat()
    return Key(episode, s.measure, people, s.place or "", scope)


def _grouped(statements: Sequence[Statement], keys: Mapping[str, Key]) -> dict[Key, list[Statement]]:
    found: dict[Key, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[keys[statement.claim]].append(statement)
    return found


def _by_days(by_key: dict[Key, list[Statement]]) -> dict[Key, list[Statement]]:
    """Figures whose claims tell different days are one for each run of days; neighbouring days are one run.

    Where all days fit together, what tells no day belongs to them; where they do not, it is a figure of its own.
    """
    found: dict[Key, list[Statement]] = {}
    for key, group in by_key.items():
        runs: list[tuple[date, date, list[Statement]]] = []
        precise = [(s.first, s.last, s) for s in group if s.precise and s.first and s.last]
        if key.scope or key.measure == TROOPS:
            precise = []
        for first, last, statement in sorted(precise):
            if runs and first - runs[-1][1] <= timedelta(days=1):
                runs[-1] = (runs[-1][0], max(last, runs[-1][1]), [*runs[-1][2], statement])
            else:
                runs.append((first, last, [statement]))
        if len(runs) < 2:
            found[key] = group
            continue
        timed = set()
        for first, _, members in runs:
            found[replace(key, scope=first.isoformat())] = members
            timed.update(members)
        rest = [statement for statement in group if statement not in timed]
        if rest:
            found[key] = rest
    return found


def _same_number(by_key: dict[Key, list[Statement]], around: Surroundings) -> dict[Key, list[Statement]]:
    """What one outlet tells of a city and another of its country, in the same days, is one number."""
    siblings: dict[tuple[Episode, str, str, str], list[Key]] = defaultdict(list)
    for key in by_key:
        siblings[key.episode, key.measure, key.people, key.scope].append(key)
    found: dict[Key, list[Statement]] = {key: list(group) for key, group in by_key.items()}
    for keys in siblings.values():
        seen: dict[str, dict[int | None, list[str]]] = {
            key.place: _days_of_numbers(by_key[key]) for key in keys if key.place
        }
        for key in keys:
            # The widest first, so that what moves moves to one place.
            wider = sorted(
                (p for p in around.within.get(key.place, ()) if p in seen), key=lambda p: (around.depth(p), p)
            )
            for statement in by_key[key]:
                place = next((p for p in wider if _told(statement, seen[p])), None)
                if place is not None:
                    found[key].remove(statement)
                    found[replace(key, place=place)].append(statement)
    return {key: group for key, group in found.items() if group}


def _days_of_numbers(group: Iterable[Statement]) -> dict[int | None, list[str]]:
    days: dict[int | None, list[str]] = defaultdict(list)
    for statement in group:
        days[statement.low].append(statement.day)
    return {number: [min(told), max(told)] for number, told in days.items()}


def _told(statement: Statement, numbers: Mapping[int | None, list[str]]) -> bool:
    if statement.low is None or statement.low < _TELLING or statement.low not in numbers or not statement.day:
        return False
    first, last = numbers[statement.low]
    if not first:
        return False
    day = date.fromisoformat(statement.day)
    return date.fromisoformat(first) - _NEAR <= day <= date.fromisoformat(last) + _NEAR


def _wholes(
    by_key: Mapping[Key, list[Statement]],
    final: Mapping[str, Key],
    subsets: Mapping[str, str | None],
    around: Surroundings,
) -> dict[Key, set[Key]]:
    """The figures that each figure is a part of: said so by a document, a narrower group, a place inside another."""
    found: dict[Key, set[Key]] = defaultdict(set)
    for claim, whole in subsets.items():
        if whole is not None and final[whole] != final[claim]:
            found[final[claim]].add(final[whole])
    for key in by_key:
        if key.measure == TROOPS:
            found[key].update(
                other
                for alliance in around.members.get(key.people, ())
                if (other := replace(key, people=alliance)) in by_key
            )
        for wider in _wider_groups(key.people):
            for scope in dict.fromkeys((key.scope, "")):
                other = replace(key, people=wider, scope=scope)
                if other in by_key and other != key:
                    found[key].add(other)
        if key.scope and (other := replace(key, scope="")) in by_key:
            found[key].add(other)
        places = sorted(around.within.get(key.place, ()), key=lambda p: (-around.depth(p), p))
        for place in places:
            if (other := replace(key, place=place)) in by_key:
                found[key].add(other)
                break
    return {key: {other for other in wholes if key not in found.get(other, ())} for key, wholes in found.items()}


def _wider_groups(people: str) -> list[str]:
    if "/" in people and not people.startswith("http"):
        return [people.partition("/")[0]]
    if people in _CIVILIANS:
        return ["Civilians", EVERYONE]
    return [EVERYONE] if people in _WITH_CLASS else []


_CIVILIANS = frozenset({"Children", "Women", "Officials", "Journalists", "Medical", "Foreigners"})
_WITH_CLASS = frozenset({"Civilians", "SecurityForces", "Protesters"})
