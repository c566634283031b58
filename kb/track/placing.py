"""Where reports tell of something at no place, or at one that only they spell so: at the place that others name.

"The dead of Salleri" tells nobody that Salleri is a place; a report of the day before, "in Salleri", does. A report
offers what it knows: its places by their names, and by the rare names in its text the place that it is about. One that
knows less asks by the names that it has. Each offer and each question has a day; only those within ``NEAR`` of each
other meet. What a report offers depends on itself alone, so that the answers do not depend on who came first.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from kb.extract.names import english, family_names, given_names
from kb.slugs import slug
from kb.track.aliases import core, name_key
from kb.track.gathering import Gathered
from kb.track.statements import TROOPS, Statement

NEAR = timedelta(days=14)
"""How far apart two reports may be published of which one tells the other where it happened."""
_LEAST = 4  # letters of a name
_LONGEST = 3  # words of a name
_RARE = 12  # reports that may offer a place by one rare name; a name in more is no sign of one story
_TELLING = 20  # a number from this on tells one story from the next
_NAME = re.compile(r"\b(?:al-|el-|ash-)?[^\W\d_a-z][\w’'-]*[^\W\d_](?:[ -][^\W\d_a-z][\w’'-]*[^\W\d_])*")
_POSSESSIVE = re.compile(r"[’']s?$|[’']s(?=-)")
_STARTS = re.compile(r"(?:^|[.!?:;\n\"“”]\s*|- )$")
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)


class Word(NamedTuple):
    """A run of words with capitals: where it begins, its slug, and the key that places of like names have."""

    start: int
    slug: str
    key: str


def words(text: str) -> Iterator[Word]:
    """The names in a text, whole and in part."""
    for match in _NAME.finditer(text):
        run = match[0].split(" ")
        at = match.start()
        for first in range(len(run)):
            for last in range(first + 1, min(len(run), first + _LONGEST) + 1):
                name = slug(" ".join(_POSSESSIVE.sub("", word) for word in run[first:last]))
                if len(name) >= _LEAST:
                    yield Word(at, name, f"place {name_key(name)}")
            at += len(run[first]) + 1


def story(found: Gathered) -> set[str]:
    """By what two reports are found to tell one story: rare names, large numbers, a correction and what it corrects."""
    keys: set[str] = set()
    for match in _NAME.finditer(found.text):
        first = _STARTS.search(found.text, 0, match.start()) is not None
        for word in match[0].split(" ")[1 if first else 0 :]:
            folded = _POSSESSIVE.sub("", word).casefold()
            common = english(folded) or folded in _CALENDAR or folded in given_names() or folded in family_names()
            if len(folded) > _LEAST and not common:
                keys.add(f"name {folded}")
    for s in found.statements:
        if s.measure != TROOPS and (s.low or 0) >= _TELLING and s.low is not None and s.low % 100:
            keys.add(f"count {s.measure} {s.low} {s.high}")
        keys.add(f"outlet {s.publisher}")
    return keys


def day_of(found: Gathered) -> str:
    """The day that most of a report's counts tell by their own words, else that of its publication."""
    days = Counter(s.first.isoformat() for s in found.statements if s.precise and s.first)
    return min(days, key=lambda day: (-days[day], day), default=found.day)


class Placing:
    """Places of claims by what other reports offer.

    ``located`` is whether the reference data know a place, ``within`` has the places around each, ``labels`` the names.
    """

    def __init__(
        self, located: Callable[[str], bool], within: Mapping[str, frozenset[str]], labels: Mapping[str, str]
    ) -> None:
        self._located = located
        self._within = within
        self._labels = labels

    def offers(self, found: Gathered) -> set[tuple[str, str]]:
        """What a report tells others: its places by name, and the place that it is about by what is rare in it."""
        named = {(f"place {name_key(place)}", place) for place in found.places if place}
        local = [(s.place, s.stated) for s in found.statements if s.place and self._local(s.place)]
        about = Counter(place for place, stated in local if stated) or Counter(place for place, _ in local)
        if not about:
            return named
        home = min(about, key=lambda place: (not self._located(place), -about[place], place))
        return named | {(key, home) for key in story(found)}

    def asks(self, found: Gathered) -> set[str]:
        """By what a report asks others; empty if it knows where all of its claims are."""
        weak = [s for s in found.statements if self._weak(s, found.text)]
        if not weak:
            return set()
        keys = {word.key for word in words(found.text)}
        keys.update(f"place {name_key(s.place)}" for s in weak if s.place)
        return keys | story(found)

    def placed(self, found: Gathered, offered: Callable[[str], Sequence[tuple[str, int]]]) -> Gathered:
        """The report with its claims where others know them to be; ``offered`` gives places and how many offer them."""
        known = self._known(found, offered)
        about = self._about(found, offered)
        into: dict[str, str] = {}
        of_place: dict[str, str] = {}
        for s in found.statements:
            place = self._better(s, known, about, offered) if self._weak(s, found.text) else None
            if place is not None and place != s.place:
                into[s.claim] = place
                if s.place:
                    of_place[s.place] = place
        if not into:
            return found
        return found._replace(
            statements=[s._replace(place=into.get(s.claim, s.place)) for s in found.statements],
            mentions=[
                m._replace(place=of_place.get(m.place, m.place) if m.place else into.get(m.claim))
                for m in found.mentions
            ],
            stated=frozenset(of_place.get(place, place) for place in found.stated),
        )

    def _local(self, place: str) -> bool:
        return bool(self._within[place]) or not self._located(place)

    def _weak(self, s: Statement, text: str) -> bool:
        """Whether it tells no place, one that nobody else knows, or a country that its report does not name."""
        if s.place is None:
            return True
        if not self._located(s.place):
            return True
        return not s.stated and not self._within[s.place] and (self._labels.get(s.place) or "\n") not in text

    def _better(
        self,
        s: Statement,
        known: Sequence[tuple[int, str]],
        about: str | None,
        offered: Callable[[str], Sequence[tuple[str, int]]],
    ) -> str | None:
        if s.place and not self._located(s.place):
            same = self._meant(s.place.rpartition("/")[2], offered)
            if same is not None or self._within[s.place]:
                return same
        if s.measure == TROOPS and s.place:
            return None
        near = min(known, key=lambda each: (abs(each[0] - s.start), each), default=None)
        return near[1] if near is not None else about

    def _meant(self, name: str, offered: Callable[[str], Sequence[tuple[str, int]]]) -> str | None:
        """The place that others mean by a name: one that the reference data know, else one with a country."""
        bare = core(name)
        places = [
            place
            for place, _ in offered(f"place {name_key(name)}")
            if self._local(place) and (self._located(place) or core(place.rpartition("/")[2]) == bare)
        ]
        located = [place for place in places if self._located(place)]
        if len({min(self._within[place], key=len, default=place) for place in located}) > 1:
            return None
        return min(located or places, key=lambda place: (not self._within[place], place), default=None)

    def _known(self, found: Gathered, offered: Callable[[str], Sequence[tuple[str, int]]]) -> list[tuple[int, str]]:
        """Where in the text names stand that others name a place by."""
        meant: dict[str, str | None] = {}
        known: list[tuple[int, str]] = []
        for word in words(found.text):
            if word.slug not in meant:
                places = [place for place, _ in offered(word.key) if core(place.rpartition("/")[2]) == core(word.slug)]
                meant[word.slug] = self._meant(word.slug, offered) if places else None
            place = meant[word.slug]
            if place is not None:
                known.append((word.start, place))
        return known

    def _about(self, found: Gathered, offered: Callable[[str], Sequence[tuple[str, int]]]) -> str | None:
        """The place that other reports of the same story are about, where rare names tell that it is one story."""
        votes: dict[str, float] = defaultdict(float)
        for key in sorted(story(found)):
            if key.startswith("outlet ") and not any(s.correcting for s in found.statements):
                continue
            rows = offered(key)
            total = sum(number for _, number in rows)
            if 0 < total <= _RARE:
                for place, number in rows:
                    votes[place] += number / total
        if not votes:
            return None
        return min(votes, key=lambda place: (-votes[place], place))
