"""Events and episodes: what happened, where and when, as each side tells it, and what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.search import lists
from kb.search.lists import Change, EpisodeRow, EventRow, Pair
from kb.web.cards import Card, Ref
from kb.web.facts import Fact
from kb.web.figures import FigureLine, lines
from kb.web.nodes import description, facts_of_node
from kb.web.reading import Reading
from kb.web.views import Page, View, claim_json, triples
from kb.web.wording import span_of, words

_CLAIMS = 100
_FIGURES = 60
_EVENTS = 40


@dataclass(frozen=True)
class Account:
    """What one source says of an event."""

    source: Ref
    cards: list[Card]


@dataclass(frozen=True, kw_only=True)
class EventPage(Page):
    """An event."""

    row: EventRow
    place: Ref | None
    facts: list[Fact]
    accounts: list[Account]
    total: int
    figures: list[FigureLine]
    findings: dict[str, tuple[str, str]]

    @property
    def heading(self) -> str:
        """What, where and when."""
        return self.row.label

    @property
    def when(self) -> str:
        """Its days in words."""
        return span_of(self.row.earliest, self.row.latest)

    @property
    def shown(self) -> Sequence[Card]:
        """Its claims, as published."""
        return [card for account in self.accounts for card in account.cards]

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Event."""
        found: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "Event",
            "@id": self.iri,
            "name": self.row.label,
        }
        if self.row.earliest:
            found["startDate"] = self.row.earliest
        if self.row.latest:
            found["endDate"] = self.row.latest
        if self.place:
            found["location"] = {"@type": "Place", "name": self.place.label}
        return found

    def as_json(self) -> dict[str, Any]:
        """What it is, and the claims about it by source."""
        return {
            "iri": self.iri,
            "label": self.row.label,
            "type": self.row.type,
            "place": self.row.place,
            "earliest": self.row.earliest or None,
            "latest": self.row.latest or None,
            "claims": [claim_json(card) for card in self.shown],
            "total": self.total,
            "figures": [line.row.iri for line in self.figures],
        }


@dataclass(frozen=True, kw_only=True)
class EpisodePage(Page):
    """An episode: a run of events and reports of one country."""

    row: EpisodeRow
    place: Ref | None
    figures: dict[str, list[FigureLine]]
    pairs: list[tuple[Pair, Card | None, Card | None]]
    events: list[EventRow]
    changes: list[Change]
    cards: list[Card]

    @property
    def heading(self) -> str:
        """Where and when."""
        return self.row.label

    @property
    def when(self) -> str:
        """Its days in words."""
        return span_of(self.row.first, self.row.last)

    @property
    def changed(self) -> list[tuple[Change, Card]]:
        """The changes with their claims."""
        known = {card.iri: card for card in self.cards}
        return [(change, known[change.claim]) for change in self.changes if change.claim in known]

    @property
    def shown(self) -> Sequence[Card]:
        """The claims that changed its figures last."""
        return self.cards

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Event."""
        return {
            "@context": "https://schema.org",
            "@type": "Event",
            "@id": self.iri,
            "name": self.row.label,
            "startDate": self.row.first,
            "endDate": self.row.last,
        }

    def as_json(self) -> dict[str, Any]:
        """Its figures, contradictions, events and newest changes."""
        return {
            "iri": self.iri,
            "label": self.row.label,
            "place": self.row.place,
            "first": self.row.first or None,
            "last": self.row.last or None,
            "figures": [vars(line.row) for group in self.figures.values() for line in group],
            "contradictions": [vars(pair) for pair, _, _ in self.pairs],
            "events": [vars(event) for event in self.events],
            "changes": [vars(change) for change in self.changes],
        }


def _event(reading: Reading, iri: str, _: Mapping[str, str]) -> EventPage | None:
    row = lists.event(reading.index, iri)
    if row is None:
        return None
    claims, total = lists.of_event(reading.index, iri, _CLAIMS)
    found = reading.cards(claims)
    tracked = lists.tracking(reading.index, claims)
    return EventPage(
        iri=iri,
        sparql=description(iri),
        triples=triples(reading.store, iri),
        row=row,
        place=reading.refs([row.place]).get(row.place or ""),
        facts=facts_of_node(reading, iri),
        accounts=_accounts(found),
        total=total,
        figures=lines(reading, lists.figures(reading.index, _FIGURES, event=iri)),
        findings={claim: (it.finding, it.reason or "") for claim, it in tracked.items() if it.finding},
    )


def _accounts(cards: Sequence[Card]) -> list[Account]:
    """The claims of each source, those with most claims first."""
    found: dict[str, Account] = {}
    for card in cards:
        source = card.chain[0] if card.chain else Ref(card.document.label, card.document.iri)
        found.setdefault(source.iri or source.label, Account(Ref(source.label, source.iri), [])).cards.append(card)
    return sorted(found.values(), key=lambda account: -len(account.cards))


def _episode(reading: Reading, iri: str, _: Mapping[str, str]) -> EpisodePage | None:
    row = lists.episode(reading.index, iri)
    if row is None:
        return None
    groups: dict[str, list[FigureLine]] = {}
    for line in lines(reading, lists.figures(reading.index, _FIGURES, episode=iri)):
        groups.setdefault(words(line.row.measure), []).append(line)
    pairs = with_cards(reading, lists.contradictions(reading.index, 20, episode=iri))
    changes = lists.changes(reading.index, 12, episode=iri)
    return EpisodePage(
        iri=iri,
        sparql=description(iri),
        triples=triples(reading.store, iri),
        row=row,
        place=reading.refs([row.place]).get(row.place or ""),
        figures=groups,
        pairs=pairs,
        events=lists.events(reading.index, _EVENTS, place=row.place, since=row.first, until=row.last),
        changes=changes,
        cards=reading.cards([change.claim for change in changes]),
    )


def with_cards(reading: Reading, pairs: Sequence[Pair]) -> list[tuple[Pair, Card | None, Card | None]]:
    """Contradictions with their two claims."""
    known = {card.iri: card for card in reading.cards([claim for it in pairs for claim in (it.earlier, it.later)])}
    return [(pair, known.get(pair.earlier), known.get(pair.later)) for pair in pairs]


EVENT = View("event.html", description, _event)
EPISODE = View("episode.html", description, _episode)
