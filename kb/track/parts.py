"""Which claims count some of the people that another claim of the same document counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from kb.track.episodes import background
from kb.track.statements import CROWD, TROOPS, Number, Statement

_GONE = timedelta(days=21)
_PART = 2  # a number is taken for a part of a toll from this many times smaller


def parts(statements: Sequence[Statement], family: Callable[[Statement], str]) -> dict[str, str | None]:
    """The whole of each claim that is a part, by claim; None where the whole is what the document counts in all.

    A part is what the document says is one ("two of them"), and a number far below another for the same people in the
    same document that no other document gives for them ("18 security officers … two soldiers"); and then also the other
    harm that befell the same people by the same words.
    """
    found = _said(statements)
    found.update((s.claim, None) for s in statements if s.few and s.claim not in found)
    documents: dict[tuple[str, str, str, str | None], list[Statement]] = defaultdict(list)
    telling: dict[tuple[str, str, Number], set[str]] = defaultdict(set)
    for statement in statements:
        people = family(statement)
        if statement.measure not in (TROOPS, CROWD) and statement.claim not in found and not background(statement):
            documents[statement.document, statement.measure, people, statement.place].append(statement)
    tolls = {at: max(group, key=lambda s: (s.low or 0, s.claim)) for at, group in documents.items()}
    for (document, measure, people, _), toll in tolls.items():
        telling[measure, people, toll.number].add(document)
    for (document, measure, people, _), group in documents.items():
        biggest = tolls[document, measure, people, group[0].place]
        for statement in group:
            small = statement.high is not None and statement.high * _PART < (biggest.low or 0)
            # "Twenty people" beside seventy people is an earlier toll, or another one; two soldiers are a part.
            if _other_days(statement, biggest):
                continue
            if small and not _anybody(statement) and not telling[measure, people, statement.number] - {document}:
                found[statement.claim] = biggest.claim
    harms: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    for statement in statements:
        if statement.group and _far_below(statement, found):
            harms[statement.document, statement.source, statement.group].add(statement.measure)
    for statement in statements:
        seen = harms.get((statement.document, statement.source, statement.group))
        if seen is not None and statement.measure not in seen:
            found.setdefault(statement.claim, None)
    return found


def _other_days(statement: Statement, toll: Statement) -> bool:
    """Whether the toll is one of days gone by, of which the number tells nothing: 79 in February, beside 24 now."""
    told, published = toll.last or toll.first, statement.day
    if told is None or not published or toll.start < statement.start:
        return False  # what is told first is the news, what comes behind it may be of other days
    first = statement.first or statement.last
    own = first if first is not None else date.fromisoformat(published)
    return own - told > _GONE


_ANYBODY = frozenset(
    {"", "people", "persons", "lives", "deaths", "dead", "victims", "bodies", "casualties", "fatalities"}
)


def _anybody(statement: Statement) -> bool:
    """Whether its words say nothing of who they were."""
    return statement.people == "Unknown" and statement.words.casefold() in _ANYBODY


def _said(statements: Sequence[Statement]) -> dict[str, str | None]:
    by_claim = {statement.claim: statement for statement in statements}
    found: dict[str, str | None] = {}
    for statement in statements:
        whole = by_claim.get(statement.whole or "")
        if whole is not None and whole.measure == statement.measure and whole.number != statement.number:
            found[statement.claim] = whole.claim
    return found


def _far_below(statement: Statement, found: dict[str, str | None]) -> bool:
    return statement.claim in found and statement.whole is None and statement.people != "Unknown"
