"""Episodes: runs of reports about one country without a long silence between them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kb.model import digest
from kb.review import Standing
from kb.track.segments import BACKGROUND, GAP, LONG, Span
from kb.track.statements import Statement, Surroundings

PRECISE = timedelta(days=7)
"""The longest span of days that can tell when something happened; a longer one is only put where it fits."""


@dataclass(frozen=True)
class Episode:
    """A run of events in one country; what nobody dates or places is an episode of its own ``document``.

    For times too long to tell an episode by, ``document`` is "long" or "background".
    """

    country: str | None
    first: date | None
    last: date | None
    document: str = ""

    @property
    def order(self) -> tuple[str, ...]:
        """For sorting, whatever is unknown."""
        return (self.country or "", str(self.first or ""), str(self.last or ""), self.document)

    def identifier(self, base: str) -> str:
        """The hash that names the episode: its country and first day, or its document."""
        day = self.first.isoformat() if self.first else ""
        return digest("episode", (self.country or "").removeprefix(base), day, self.document.removeprefix(base))


def episodes(statements: Sequence[Statement], around: Surroundings) -> dict[str, Episode]:
    """The episode of each claim, by the claim.

    A statement belongs to the days that its own words tell; one without days to those that its document tells of
    elsewhere, so that a toll published months later stays with what it counts; else to the day of publication.
    """
    homes = _countries(statements, around)
    by_country: dict[str, list[Statement]] = defaultdict(list)
    found: dict[str, Episode] = {}
    for statement in statements:
        country = homes.get(statement.claim)
        if country is None:
            found[statement.claim] = Episode(None, None, None, statement.document)
        else:
            by_country[country].append(statement)
    for country, group in by_country.items():
        found.update(_of_country(country, group, around.standing))
    return found


def _countries(statements: Iterable[Statement], around: Surroundings) -> dict[str, str]:
    """The country of each claim; without a place that which its document speaks of most."""
    own: dict[str, str] = {}
    of_document: dict[str, Counter[str]] = defaultdict(Counter)
    loose: list[Statement] = []
    for statement in statements:
        if statement.country is not None:
            if statement.country:
                own[statement.claim] = statement.country
        elif statement.place is None:
            loose.append(statement)
        else:
            own[statement.claim] = around.country(statement.place)
            of_document[statement.document][own[statement.claim]] += 1
    for statement in loose:
        counted = of_document.get(statement.document)
        if counted:
            own[statement.claim] = min(counted, key=lambda country: (-counted[country], country))
    return own


def _of_country(country: str, statements: Iterable[Statement], standing: Standing) -> dict[str, Episode]:
    documents: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        documents[statement.document].append(statement)
    spans = [span for group in documents.values() for span in _telling(group)]
    runs = _Runs(country, spans, GAP, standing=standing)
    found: dict[str, Episode] = {}
    left: list[Statement] = []
    for group in documents.values():
        home = runs.home(group)
        for statement in group:
            episode = None if background(statement) else runs.of(statement) or home
            if episode is not None:
                found[statement.claim] = episode
            else:
                left.append(statement)
    # Long spans that overlap nothing dated better: episodes of their own, background apart from what is only vague.
    for far, kind in ((False, "long"), (True, BACKGROUND)):
        group = [statement for statement in left if background(statement) is far]
        spans = [span for statement in group if not statement.aside and (span := _span(statement))]
        rest = _Runs(country, spans, timedelta(0), kind)
        for statement in group:
            own = None if statement.aside else rest.of(statement)
            found[statement.claim] = own or Episode(country, None, None, statement.document)
    return found


def background(statement: Statement) -> bool:
    """Whether it is no part of an episode: told beside it, or over so long a time as the dead of nine years of war."""
    span = _span(statement)
    return statement.aside or (span is not None and span[1] - span[0] > LONG)


def _span(statement: Statement) -> Span | None:
    first, last = statement.first or statement.last, statement.last or statement.first
    return (first, last) if first and last else None


def _telling(group: Sequence[Statement]) -> list[Span]:
    """The days that one document adds: those its words tell precisely, else that of its publication."""
    spans = [span for statement in group if not background(statement) and (span := _span(statement))]
    if spans:
        return [(first, last) for first, last in spans if last - first <= PRECISE]
    day = _published(group[0])
    return [(day, day)] if day else []


def _days(first: str, last: str) -> Span:
    return date.fromisoformat(first), date.fromisoformat(last)


def _over(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] <= last and first <= span[1] for first, last in others)


class _Runs:
    """The episodes of one country, and which of them a span of days falls into."""

    def __init__(
        self, country: str, spans: Iterable[Span], gap: timedelta, kind: str = "", standing: Standing | None = None
    ) -> None:
        """``standing`` holds what people decided: days that are one episode, that stay as they are, or begin anew."""
        decided = standing or Standing()
        joined = [_days(first, last) for place, first, last in decided.spans if place == country]
        fixed = sorted(_days(first, last) for place, first, last in decided.pinned_spans if place == country)
        cuts = sorted(date.fromisoformat(day) for place, day in decided.cuts if place == country)
        given = list(spans)
        # Only what lies between reports can be bridged: a decision makes no episode where there are none.
        given += [each for each in joined if any(a <= each[1] and each[0] <= b for a, b in given)]
        merged: list[Span] = []
        for first, last in sorted(each for each in given if not _over(each, fixed)):
            new = not merged or first - merged[-1][1] > gap or any(merged[-1][0] < day <= first for day in cuts)
            if new or any(merged[-1][0] <= day <= first for day, _ in fixed):
                merged.append((first, last))
            else:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        merged = sorted([*merged, *(each for each in fixed if any(_over(one, [each]) for one in given))])
        self._spans = merged
        self._episodes = [Episode(country, first, last, kind) for first, last in merged]
        self._starts = [first for first, _ in merged]

    def at(self, first: date, last: date) -> Episode | None:
        """The earliest episode that overlaps these days."""
        at = max(bisect_right(self._starts, first) - 1, 0)
        for (begun, ended), episode in zip(self._spans[at : at + 2], self._episodes[at : at + 2], strict=True):
            if first <= ended and begun <= last:
                return episode
        return None

    def of(self, statement: Statement) -> Episode | None:
        """The episode of the days that the statement itself tells."""
        span = _span(statement)
        return self.at(*span) if span else None

    def home(self, group: Sequence[Statement]) -> Episode | None:
        """Where what a document says without days belongs."""
        near = (statement for statement in group if not background(statement))
        placed = Counter(found for found in map(self.of, near) if found is not None)
        if placed:
            return min(placed, key=lambda episode: (-placed[episode], episode.order))
        day = _published(group[0])
        if day is not None and all(_span(statement) is None or background(statement) for statement in group):
            return self.at(day, day)
        return None


def _published(statement: Statement) -> date | None:
    return date.fromisoformat(statement.day) if statement.day else None
