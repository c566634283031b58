"""``/graphs``: the reading side of the SPARQL 1.1 Graph Store HTTP Protocol; the graph is named in the address."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kb.endpoint import Job
from kb.web.negotiate import TRIPLES, choose
from kb.web.site import Site, site_of
from kb.web.sparql import respond, run_job
from kb.web.threads import contained

router = APIRouter(tags=["SPARQL"])
PATH = "/graphs"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_WHOLE = 2**62  # triples: a graph is never cut; one that is too large for the limit on bytes is refused


@router.get(PATH, summary="A whole graph: ?graph=IRI, or ?default for the merge of all")
async def read_graph(request: Request) -> Response:
    """In Turtle, JSON-LD, N-Triples or RDF/XML by ``Accept`` or ``?format=``; 404 for a graph that there is not."""
    named = _named(request)
    chosen = choose(TRIPLES, request.headers.get("accept"), request.query_params.get("format"))
    if named:
        await run_in_threadpool(_require, site_of(request), named)
    limits = site_of(request).pool.settings.limits()
    job = Job(
        _ALL,
        default_graphs=(named,) if named else None,
        graph_format=chosen.name,
        limits=replace(limits, rows=_WHOLE),
    )
    return respond(await run_job(request, job), limits)


@router.api_route(PATH, methods=["PUT", "POST", "DELETE", "PATCH"], include_in_schema=False)
def refuse_writing(request: Request) -> Response:
    """Graphs are written with the command ``kb``."""
    raise HTTPException(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"{request.method}: graphs are read-only over HTTP; the store is changed with the command kb, such as kb load.",
        {"Allow": "GET, HEAD, OPTIONS"},
    )


def _named(request: Request) -> str | None:
    """The IRI of the graph that is meant, None for the default graph."""
    graphs, default = request.query_params.getlist("graph"), request.query_params.getlist("default")
    if len(graphs) + len(default) != 1 or default not in ([], [""]):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Name one graph: ?graph=IRI, or ?default for the merge of all.")
    if not graphs:
        return None
    try:
        return NamedNode(graphs[0]).value
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"graph {graphs[0]!r} is not an absolute IRI.") from None


@contained
def _require(site: Site, iri: str) -> None:
    with site.live.lease() as store:
        if not store.has_graph(iri):
            raise HTTPException(HTTPStatus.NOT_FOUND, f"The store has no graph {iri}.")
