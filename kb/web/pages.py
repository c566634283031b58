"""A page, and RDF and JSON, for every IRI that the base mints: the path of the request is the path of the IRI."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from pydantic_core import to_json
from pyoxigraph import NamedNode, Quad, Triple
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kb import results
from kb.errors import ParameterError
from kb.store import Store
from kb.web import exports, feeds
from kb.web.claims import construct
from kb.web.events import EPISODE, EVENT
from kb.web.figures import FIGURE
from kb.web.graphs import GRAPH
from kb.web.links import Links, iri_path
from kb.web.negotiate import (
    ATOM,
    CSV,
    GEOJSON,
    HTML,
    JSONLD,
    NQUADS,
    NTRIPLES,
    PAGE_JSON,
    RDFXML,
    TRIG,
    TRIPLES,
    TURTLE,
    Format,
    choose,
    split_suffix,
)
from kb.web.nodes import ACTOR, OTHER, PLACE
from kb.web.reading import Reading
from kb.web.site import raw_path, site_of
from kb.web.threads import contained
from kb.web.views import CLAIM, DOCUMENT, Page, View

router = APIRouter(tags=["Pages of IRIs"])
# What asks for plain JSON gets the page's own, not JSON-LD.
FORMATS = (HTML, TURTLE, PAGE_JSON, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS, CSV, GEOJSON, ATOM)
ALTERNATES = (PAGE_JSON, CSV, *TRIPLES)


@router.get("/document/{key}/graph", summary="The named graph of a document")
@router.get("/document/{key}/graph.{suffix}", include_in_schema=False)
def document_graph(request: Request) -> Response:
    """Everything that the document's graph says."""
    return show(request, GRAPH)


@router.get("/document/{key}", summary="A document: its text with each claim in place")
def document(request: Request) -> Response:
    """The RDF is the document's graph: its metadata and its claims."""
    return show(request, DOCUMENT)


@router.get("/claim/{identifier}", summary="A claim: quote, fields, chain of attribution")
def claim(request: Request) -> Response:
    """The RDF has the claim, its participations, and the labels of what it names."""
    return show(request, CLAIM)


@router.get("/actor/{slug}", summary="An actor: what is known of it, claims about it and by it")
def actor(request: Request) -> Response:
    """The RDF has what is said of the actor and what points to it."""
    return show(request, ACTOR)


@router.get("/place/{path:path}", summary="A place: where it lies, what lies in it, claims there")
def place(request: Request) -> Response:
    """The RDF has what is said of the place and what points to it."""
    return show(request, PLACE)


@router.get("/event/{key}", summary="An event: what, where, when, and every claim about it")
def event(request: Request) -> Response:
    """The RDF has what is said of the event and the claims about it."""
    return show(request, EVENT)


@router.get("/figure/{key}", summary="A figure: one number over time, every claim about it and what each changed")
def figure(request: Request) -> Response:
    """The RDF has the views of the figure, the claims about it and its contradictions."""
    return show(request, FIGURE)


@router.get("/episode/{key}", summary="An episode: a run of events and reports, its figures and contradictions")
def episode(request: Request) -> Response:
    """The RDF has what is said of the episode and the figures in it."""
    return show(request, EPISODE)


@router.get("/graph/{name}", summary="A named graph of the store")
def graph(request: Request) -> Response:
    """Everything that the graph says."""
    return show(request, GRAPH)


@router.get("/{path:path}", include_in_schema=False)
def other(request: Request) -> Response:
    """Whatever else the base mints: offices, and what later versions add."""
    return show(request, OTHER)


@contained
def show(request: Request, view: View) -> Response:
    """The page at the path of the request, or its data in the format that is asked for."""
    path, suffixed = split_suffix(raw_path(request), FORMATS)
    chosen = suffixed or choose(FORMATS, request.headers.get("accept"), request.query_params.get("format"))
    site = site_of(request)
    with site.reading() as reading:
        iri = iri_of(reading.store, path)
        if (became := reading.standing.node(iri)) != iri:
            where = Links.of(reading.store.base, path).iri(became)
            suffix = f".{suffixed.suffix}" if suffixed else ""
            return RedirectResponse(f"{where}{suffix}", HTTPStatus.MOVED_PERMANENTLY)
        return represent(request, reading, view, iri, chosen, path.lstrip("/"))


def represent(request: Request, reading: Reading, view: View, iri: str, chosen: Format, stem: str) -> Response:
    """One node in one format; ``stem`` is the path that suffixes are put behind. 404 if the store has nothing on it."""
    if chosen not in (HTML, PAGE_JSON, CSV, GEOJSON, ATOM):
        return _data(reading.store, view, iri, chosen)
    try:
        page = view.load(reading, iri, request.query_params)
    except ValueError as error:
        raise ParameterError(f"after={error} is no place in the list; begin without it") from error
    if page is None:
        raise missing(iri)
    return answer(request, page, view.template, chosen, stem)


def answer(
    request: Request, page: Page, template: str, chosen: Format, stem: str, more: Mapping[str, Any] | None = None
) -> Response:
    """A page as HTML, JSON, CSV, GeoJSON or Atom; ``more`` is what its template needs besides."""
    if chosen is HTML:
        alternates = (*ALTERNATES, GEOJSON) if page.points else ALTERNATES
        context = {"it": page, "iri": page.iri, "stem": stem, "alternates": alternates, **(more or {})}
        if page.shown:
            context["feed"] = f"{stem}.atom" + (f"?{request.url.query}" if request.url.query else "")
        return site_of(request).page(request, template, context)
    if chosen is ATOM:
        return feeds.atom(request, page.iri, f"Factline: {page.heading}", page.entries)
    if chosen is CSV:
        body = exports.csv_bytes(page.shown)
    else:
        body = exports.geojson(page.shown) if chosen is GEOJSON else to_json(page.as_json(), indent=2)
    return Response(body, media_type=chosen.content_type)


def _data(store: Store, view: View, iri: str, chosen: Format) -> Response:
    triples = construct(store, view.sparql(iri))
    if not triples:
        raise missing(iri)
    if view.graph and chosen in (TRIG, NQUADS):
        name = NamedNode(view.graph(iri))
        return graph_answer([Quad(each.subject, each.predicate, each.object, name) for each in triples], chosen)
    return graph_answer(triples, chosen)


def graph_answer(statements: list[Triple] | list[Quad], chosen: Format) -> Response:
    """Triples or quads in one format of RDF."""
    return Response(results.graph_bytes(statements, chosen.name), media_type=chosen.content_type)


def iri_of(store: Store, path: str) -> str:
    """The IRI that the base mints for a path; 404 for a path that no IRI can have."""
    iri = store.base + iri_path(path).lstrip("/")
    try:
        NamedNode(iri)
    except ValueError:
        raise missing(iri) from None
    return iri


def missing(iri: str) -> HTTPException:
    """The store says nothing about this IRI."""
    return HTTPException(HTTPStatus.NOT_FOUND, f"This store says nothing about {iri}")
