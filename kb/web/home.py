"""The home page: where to begin, what is new, what is disputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb import queries
from kb.search import lists
from kb.search.lists import Change, EpisodeRow, Pair
from kb.web.cards import Card, DocumentCard
from kb.web.changes import with_card
from kb.web.claims import documents
from kb.web.events import with_cards
from kb.web.exports import dataset
from kb.web.figures import FigureLine, lines
from kb.web.listing import said_of, show
from kb.web.reading import Reading
from kb.web.threads import contained
from kb.web.views import Page, claim_json, document_json

router = APIRouter(tags=["Home"])
_NEWEST = 8
_EPISODES = 4
_FIGURES = 6  # of each episode
_PAIRS = 5
_ABOUT = (
    "Claims of news reports on conflict and unrest: who says what, how many, where and when, with the exact quotes."
)
_COUNTED = {
    "documents": "search?what=document",
    "casualty claims": "search?kind=casualty",
    "deployment claims": "search?kind=deployment",
    "event claims": "search?kind=event",
    "crowd claims": "search?kind=crowd",
    "events": "search?what=event",
    "actors": "search?what=actor",
    "places": "search?what=place",
}


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """What the home page shows."""

    counts: list[tuple[str, int, str]]
    episodes: list[tuple[EpisodeRow, list[FigureLine]]]
    pairs: list[tuple[Pair, Card | None, Card | None]]
    changes: list[tuple[Change, Card]]
    documents: list[DocumentCard]

    @property
    def heading(self) -> str:
        """The name of the site."""
        return "Factline"

    @property
    def shown(self) -> Sequence[Card]:
        """The claims that are new, and those that contradict each other."""
        found = [card for _, card in self.changes] + [card for _, *both in self.pairs for card in both if card]
        return [*{card.iri: card for card in found}.values()]

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Dataset: what can be had of it, and where."""
        return dataset(self.iri, "Factline", _ABOUT, f"{self.iri}index")

    def as_json(self) -> dict[str, Any]:
        """Numbers, episodes with figures, contradictions, changes and documents."""
        return {
            "counts": {name: number for name, number, _ in self.counts},
            "episodes": [
                {**vars(episode), "figures": [vars(line.row) for line in figures]} for episode, figures in self.episodes
            ],
            "contradictions": [vars(pair) for pair, _, _ in self.pairs],
            "changes": [{**vars(change), "said": claim_json(card)} for change, card in self.changes],
            "documents": [document_json(document) for document in self.documents],
        }


@router.get("/", summary="What is in the knowledge base, what is new, what is disputed")
@router.get("/index.{suffix}", include_in_schema=False)
@contained
def home(request: Request) -> Response:
    """As a page or as data: the claims that are new or disputed."""
    return show(request, _home, "home.html", stem="index", context={"queries": list(queries.catalogue().values())})


def _home(reading: Reading, _: Mapping[str, str]) -> HomePage:
    index = reading.index
    numbers = lists.counts(index)
    episodes = [
        (episode, lines(reading, lists.figures(index, _FIGURES, episode=episode.iri)))
        for episode in lists.episodes(index, _EPISODES)
    ]
    pairs = with_cards(reading, lists.contradictions(index, _PAIRS))
    changes = with_card(reading, lists.changes(index, _NEWEST))
    newest = documents(reading.store, lists.latest_documents(index, _NEWEST))
    return HomePage(
        iri=reading.store.base,
        sparql=said_of(
            [
                *(episode.iri for episode, _ in episodes),
                *(line.row.iri for _, figures in episodes for line in figures),
                *(iri for pair, _, _ in pairs for iri in (pair.iri, pair.earlier, pair.later)),
                *(change.claim for change, _ in changes),
                *newest,
            ]
        ),
        counts=[(name, numbers.get(name, 0), where) for name, where in _COUNTED.items()],
        episodes=episodes,
        pairs=pairs,
        changes=changes,
        documents=list(newest.values()),
    )
