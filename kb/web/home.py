"""The home page."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from kb import queries
from kb.store import Store
from kb.web.cards import Card, DocumentCard
from kb.web.claims import cards, documents, select, written
from kb.web.negotiate import HTML, PAGE_JSON, choose, split_suffix
from kb.web.site import site_of
from kb.web.threads import contained
from kb.web.views import claim_json, document_json

router = APIRouter(tags=["Home"])
_NEWEST = 10

_COUNTS = """SELECT ?name (COUNT(DISTINCT ?node) AS ?number) WHERE {
  VALUES (?class ?name) {
    (kb:Document "documents") (kb:CasualtyClaim "casualty claims") (kb:DeploymentClaim "deployment claims")
    (kb:EventClaim "event claims") (kb:CrowdClaim "crowd claims") (kb:Event "events")
  }
  ?node a ?class
} GROUP BY ?name"""
_ACTORS = """SELECT (COUNT(DISTINCT ?actor) AS ?number) WHERE {
  ?claim kb:source|kb:relay|kb:agent|kb:target|kb:victims|kb:deployer|kb:contributor|kb:group ?actor }"""
_PLACES = "SELECT (COUNT(DISTINCT ?place) AS ?number) WHERE { ?claim kb:place|kb:origin|kb:destination ?place }"
_ORDER = (
    "documents",
    "casualty claims",
    "deployment claims",
    "event claims",
    "crowd claims",
    "events",
    "actors",
    "places",
)
_LATEST = f"""SELECT ?document WHERE {{
  ?document a kb:Document OPTIONAL {{ ?document dcterms:issued ?published }}
}} ORDER BY DESC(STR(?published)) ?document LIMIT {_NEWEST}"""
_OF_DOCUMENTS = f"""SELECT ?claim WHERE {{
  VALUES ?document {{ %s }}
  ?claim kb:document ?document ; kb:start ?start . OPTIONAL {{ ?document dcterms:issued ?published }}
}} ORDER BY DESC(STR(?published)) ?document ?start LIMIT {_NEWEST}"""


@dataclass(frozen=True)
class Home:
    """What the home page shows: how much there is of what, and what is new."""

    counts: list[tuple[str, int]]
    documents: list[DocumentCard]
    claims: list[Card]


@router.get("/", summary="What is in the knowledge base, and what is new")
@router.get("/index.json", include_in_schema=False)
@contained
def home(request: Request) -> Response:
    """As a page or as JSON."""
    _, suffixed = split_suffix(request.url.path, (PAGE_JSON,))
    chosen = suffixed or choose((HTML, PAGE_JSON), request.headers.get("accept"), request.query_params.get("format"))
    site = site_of(request)
    with site.live.lease() as store:
        found = load(store)
    if chosen is PAGE_JSON:
        answer = {
            "counts": dict(found.counts),
            "documents": [document_json(document) for document in found.documents],
            "claims": [claim_json(card) for card in found.claims],
        }
        return Response(to_json(answer, indent=2), media_type=chosen.content_type)
    context = {"home": found, "queries": list(queries.catalogue().values())}
    return site.page(request, "home.html", {**context, "stem": "index", "alternates": (PAGE_JSON,)})


def load(store: Store) -> Home:
    """The counts and the newest documents and claims of a store."""
    numbers = {row["name"].value: int(row["number"].value) for row in select(store, _COUNTS)}
    numbers["actors"] = int(select(store, _ACTORS)[0]["number"].value)
    numbers["places"] = int(select(store, _PLACES)[0]["number"].value)
    latest = [row["document"].value for row in select(store, _LATEST)]
    newest = select(store, _OF_DOCUMENTS % written(latest)) if latest else []
    return Home(
        counts=[(name, numbers.get(name, 0)) for name in _ORDER],
        documents=list(documents(store, latest).values()),
        claims=cards(store, [row["claim"].value for row in newest]),
    )
