"""Which claims have to be looked at together: those of one country without a long silence between their days.

A document is cut into parts, one a country and a run of days; parts of a country that lie near each other make a
segment. What tracking finds in a segment depends on nothing outside it, so that a new document touches one or two
segments and no other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from kb.track.records import Mention
from kb.track.statements import Statement

GAP = timedelta(days=30)
"""The longest silence within one segment, and within one episode."""
LONG = timedelta(days=92)
"""The longest time that a count within an episode may be over."""
BACKGROUND, ALONE = "background", "alone"

Span = tuple[date, date]


class Item(NamedTuple):
    """A statement or a mention with its country and days."""

    country: str
    span: Span | None
    what: Statement | Mention


@dataclass(frozen=True)
class Part:
    """What a document says of one country in one run of days.

    ``kind`` is empty; ``BACKGROUND`` for counts over longer than ``LONG``; ``ALONE`` for what has no country or no day
    at all, which nothing in another document can be compared with.
    """

    document: str
    country: str
    first: date | None
    last: date | None
    kind: str = ""
    statements: tuple[Statement, ...] = ()
    mentions: tuple[Mention, ...] = ()
    stated: frozenset[str] = frozenset()


def span(what: Statement | Mention) -> Span | None:
    """The days that the words of a claim tell."""
    earliest, latest = (what.first, what.last) if isinstance(what, Statement) else (what.earliest, what.latest)
    first, last = earliest or latest, latest or earliest
    return (first, last) if first and last else None


def cut(
    document: str,
    day: str,
    statements: Sequence[Statement],
    mentions: Sequence[Mention],
    country: Callable[[str], str],
) -> list[Part]:
    """The parts of a document that was published on ``day`` (empty if unknown); ``country`` is that around a place.

    What names no place belongs to the country that the document speaks of most; what tells no day to the days that the
    document tells most of in that country, else to the day of publication.
    """
    spoken = _most(country(s.place) for s in statements if s.place) or _most(
        country(m.place) for m in mentions if m.place
    )
    items = [_item(each, spoken, country) for each in statements] + [_item(each, spoken, country) for each in mentions]
    published = date.fromisoformat(day) if day else None
    found: list[Part] = []
    by_country: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_country[item.country].append(item)
    for where, group in sorted(by_country.items()):
        long = [item for item in group if item.span and item.span[1] - item.span[0] > LONG]
        near = [item for item in group if item not in long]
        if not where:
            found.append(_part(document, where, None, group, ALONE))
            continue
        if long:
            found.append(_part(document, where, None, long, BACKGROUND))
        found.extend(_runs(document, where, near, published))
    return found


def _item(what: Statement | Mention, spoken: str, country: Callable[[str], str]) -> Item:
    return Item(country(what.place) if what.place else spoken, span(what), what)


def _most(countries: Iterable[str]) -> str:
    counted = Counter(countries)
    return min(counted, key=lambda country: (-counted[country], country), default="")


def _runs(document: str, country: str, items: Sequence[Item], published: date | None) -> list[Part]:
    runs: list[tuple[Span, list[Item]]] = []
    dated = sorted(((item.span, at) for at, item in enumerate(items) if item.span), key=lambda each: each)
    for (first, last), at in dated:
        if runs and first - runs[-1][0][1] <= GAP:
            begun, ended = runs[-1][0]
            runs[-1] = ((begun, max(ended, last)), [*runs[-1][1], items[at]])
        else:
            runs.append(((first, last), [items[at]]))
    rest = [item for item in items if item.span is None]
    if rest and runs:
        counted = [sum(isinstance(item.what, Statement) for item in run) for _, run in runs]
        home = max(range(len(runs)), key=lambda at: (counted[at], len(runs[at][1]), -at))
        runs[home] = (runs[home][0], [*runs[home][1], *rest])
    elif rest and published:
        runs = [((published, published), rest)]
    elif rest:
        return [_part(document, country, None, rest, ALONE)]
    return [_part(document, country, days, run) for days, run in runs]


def _part(document: str, country: str, days: Span | None, items: Iterable[Item], kind: str = "") -> Part:
    first, last = days or (None, None)
    items = list(items)
    return Part(
        document,
        country,
        first,
        last,
        kind,
        tuple(item.what._replace(country=country) for item in items if isinstance(item.what, Statement)),
        tuple(item.what for item in items if isinstance(item.what, Mention)),
    )


def key(part: Part) -> str | None:
    """The segment of a part that lies in none by its days; None where the days decide."""
    if part.kind == BACKGROUND:
        return f"{BACKGROUND} {part.country}"
    return f"{ALONE} {part.country} {part.document}" if part.kind == ALONE else None
