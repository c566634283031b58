"""Atom feeds (RFC 4287): the claims of a page or the rows of a query, the newest publication first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import blake2b

from fastapi import Request
from pyoxigraph import Literal, NamedNode
from starlette.responses import Response

from kb.search.lists import Change
from kb.web.cards import Card
from kb.web.site import site_of
from kb.web.tables import Row
from kb.web.wording import count_words, day_words

MOST = 50
"""Entries of a feed."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One entry: a stable id, where it is, what it says and when it was published."""

    id: str
    link: str
    title: str
    updated: datetime
    author: str
    summary: str


def of_cards(cards: Iterable[Card]) -> list[Entry]:
    """Claims as entries."""
    return _newest(
        Entry(
            card.iri,
            card.iri,
            card.headline,
            _moment(card.document.published),
            card.chain[0].label if card.chain else card.document.label,
            f"“{card.claim.quote}” {card.document.label}, {day_words(card.document.published)}".strip(" ,"),
        )
        for card in cards
    )


def of_rows(rows: Iterable[Row], base: str) -> list[Entry]:
    """Rows of a query that name no claim, as entries: by their first IRI, else by what they hold."""
    return _newest(_entry(row, base) for row in rows)


def _entry(row: Row, base: str) -> Entry:
    texts = {name: term.value for name, term in row.items() if isinstance(term, Literal)}
    link = next((term.value for term in row.values() if isinstance(term, NamedNode)), base)
    days = [texts[name] for name in ("when", "published", "last", "latest", "earliest", "published_b") if name in texts]
    state = "\x1f".join(f"{name}={term}" for name, term in row.items())
    return Entry(
        f"urn:factline:row:{blake2b(state.encode(), digest_size=12).hexdigest()}",
        link,
        texts.get("summary") or texts.get("label") or "; ".join(list(texts.values())[:3]) or link,
        _parsed(days[0]) if days else _NEVER,
        texts.get("source") or texts.get("source_a") or "Factline",
        "; ".join(f"{name}: {value}" for name, value in texts.items()),
    )


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.updated, entry.id), reverse=True)[:MOST]


def _parsed(day: str) -> datetime:
    try:
        return _moment(datetime.fromisoformat(day))
    except ValueError:
        return _NEVER


def _moment(day: date | datetime | None) -> datetime:
    if day is None:
        return _NEVER
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=UTC)
    return datetime.combine(day, time(), UTC)


def atom(request: Request, iri: str, title: str, entries: Sequence[Entry]) -> Response:
    """The feed; its own address is that of the request."""
    updated = max((entry.updated for entry in entries), default=_NEVER)
    template = site_of(request).templates.get_template("atom.xml")
    body = template.render(iri=iri, title=title, entries=entries, updated=updated, address=str(request.url))
    return Response(body, media_type="application/atom+xml")


def of_changes(found: Iterable[tuple[Change, Card]]) -> list[Entry]:
    """Changes as entries: one for each claim in each figure."""
    return [
        Entry(
            f"{change.claim}#{change.finding}",
            change.claim,
            f"{change.label}: {count_words(getattr(card.claim, 'count', None))} ({change.change})",
            _moment(card.document.published),
            card.chain[0].label if card.chain else card.document.label,
            f"“{card.claim.quote}” {change.reason}",
        )
        for change, card in found
    ]
