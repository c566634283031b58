"""The home page: where to begin, what is new, what is disputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from kb import queries
from kb.search import lists
from kb.search.lists import Change, EpisodeRow, Pair
from kb.web.cards import Card, DocumentCard
from kb.web.claims import documents
from kb.web.events import with_cards
from kb.web.figures import FigureLine, lines
from kb.web.negotiate import HTML, PAGE_JSON, choose, split_suffix
from kb.web.reading import Reading
from kb.web.site import site_of
from kb.web.threads import contained
from kb.web.views import claim_json, document_json

router = APIRouter(tags=["Home"])
_NEWEST = 8
_EPISODES = 4
_FIGURES = 6  # of each episode
_PAIRS = 5
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


@dataclass(frozen=True)
class Home:
    """What the home page shows."""

    counts: list[tuple[str, int, str]]
    episodes: list[tuple[EpisodeRow, list[FigureLine]]]
    pairs: list[tuple[Pair, Card | None, Card | None]]
    changes: list[tuple[Change, Card]]
    documents: list[DocumentCard]


@router.get("/", summary="What is in the knowledge base, what is new, what is disputed")
@router.get("/index.json", include_in_schema=False)
@contained
def home(request: Request) -> Response:
    """As a page or as JSON."""
    _, suffixed = split_suffix(request.url.path, (PAGE_JSON,))
    chosen = suffixed or choose((HTML, PAGE_JSON), request.headers.get("accept"), request.query_params.get("format"))
    site = site_of(request)
    with site.reading() as reading:
        found = load(reading)
    if chosen is PAGE_JSON:
        return Response(to_json(_json(found), indent=2), media_type=chosen.content_type)
    context = {"home": found, "queries": list(queries.catalogue().values())}
    return site.page(request, "home.html", {**context, "stem": "index", "alternates": (PAGE_JSON,)})


def _json(found: Home) -> dict[str, object]:
    return {
        "counts": {name: number for name, number, _ in found.counts},
        "episodes": [
            {**vars(episode), "figures": [vars(line.row) for line in figures]} for episode, figures in found.episodes
        ],
        "contradictions": [vars(pair) for pair, _, _ in found.pairs],
        "changes": [{**vars(change), "said": claim_json(card)} for change, card in found.changes],
        "documents": [document_json(document) for document in found.documents],
    }


def load(reading: Reading) -> Home:
    """What is there, from the index and a few claims."""
    index = reading.index
    numbers = lists.counts(index)
    episodes = lists.episodes(index, _EPISODES)
    changes = lists.changes(index, _NEWEST)
    return Home(
        counts=[(name, numbers.get(name, 0), where) for name, where in _COUNTED.items()],
        episodes=[
            (episode, lines(reading, lists.figures(index, _FIGURES, episode=episode.iri))) for episode in episodes
        ],
        pairs=with_cards(reading, lists.contradictions(index, _PAIRS)),
        changes=with_card(reading, changes),
        documents=list(documents(reading.store, lists.latest_documents(index, _NEWEST)).values()),
    )


def with_card(reading: Reading, changes: Sequence[Change]) -> list[tuple[Change, Card]]:
    """Changes with their claims."""
    known = {card.iri: card for card in reading.cards([change.claim for change in changes])}
    return [(change, known[change.claim]) for change in changes if change.claim in known]
