"""``/graphs``: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named in the query of the address (``?graph=IRI``, ``?default``; section 4.2) or is the address itself below
``/graphs/`` (section 4.1). The default graph is read as the merge of all, and written as ``graphs/default``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response

from kb.access import Caller
from kb.endpoint import Job, Write
from kb.endpoint.write import DELETE, MEDIA, POST, PUT
from kb.web.bodies import read_body
from kb.web.callers import CallerOf
from kb.web.links import iri_path
from kb.web.negotiate import TRIPLES, choose
from kb.web.running import answered
from kb.web.site import Site, raw_path, site_of
from kb.web.threads import contained
from kb.web.writing import require_writing, write

router = APIRouter(tags=["SPARQL"])
PATH = "/graphs"
DIRECT = PATH + "/{path:path}"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_WHOLE = 2**62  # triples: a graph is never cut; one that is too large for the limit on bytes is refused
_FORM = "multipart/form-data"
_MOST_PARTS = 20


@router.get(PATH, summary="A whole graph: ?graph=IRI, or ?default for the merge of all")
@router.get(DIRECT, include_in_schema=False)
async def read_graph(request: Request, caller: CallerOf) -> Response:
    """In Turtle, JSON-LD, N-Triples or RDF/XML by ``Accept`` or ``?format=``; 404 for a graph that there is not."""
    named = _named(request)
    chosen = choose(TRIPLES, request.headers.get("accept"), request.query_params.get("format"))
    if named:
        await run_in_threadpool(_require, site_of(request), named)
    limits = site_of(request).pool.settings.limits(caller.kind)
    job = Job(
        _ALL,
        default_graphs=(named,) if named else None,
        graph_format=chosen.name,
        limits=replace(limits, rows=_WHOLE),
    )
    return await answered(request, job, caller, limits)


@router.put(PATH, summary="Make a graph hold what is sent")
@router.put(DIRECT, include_in_schema=False)
async def put_graph(request: Request, caller: CallerOf) -> Response:
    """201 if there was no such graph, else 204. Needs a token of the role admin and a server that takes updates."""
    everything = require_writing(request, caller)
    graph = _named(request)
    found = await _write(request, caller, Write(PUT, graph, everything=everything))
    return Response(status_code=HTTPStatus.CREATED if found["created"] else HTTPStatus.NO_CONTENT)


@router.post(PATH, summary="Add what is sent to a graph, or to a new one")
@router.post(DIRECT, include_in_schema=False)
async def post_graph(request: Request, caller: CallerOf) -> Response:
    """Also as ``multipart/form-data``, of several files. Without a graph: 201 with the new one in ``Location``."""
    everything = require_writing(request, caller)
    new = raw_path(request) == PATH and not {"graph", "default"} & request.query_params.keys()
    graph = f"{site_of(request).live.base}graphs/{uuid4().hex}" if new else _named(request)
    found = await _write(request, caller, Write(POST, graph, everything=everything))
    if new:
        return Response(status_code=HTTPStatus.CREATED, headers={"Location": str(graph)})
    return Response(status_code=HTTPStatus.CREATED if found["created"] else HTTPStatus.NO_CONTENT)


@router.delete(PATH, summary="Remove a graph")
@router.delete(DIRECT, include_in_schema=False)
async def delete_graph(request: Request, caller: CallerOf) -> Response:
    """204, or 404 if there was none."""
    everything = require_writing(request, caller)
    graph = _named(request)
    found = await write(request, caller, _limited(request, caller, Write(DELETE, graph, everything=everything)))
    if found["missing"]:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"The store has no graph {graph}.")
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _write(request: Request, caller: Caller, job: Write) -> dict[str, Any]:
    """Writes what the body holds; what came of it."""
    body = await read_body(request, site_of(request).pool.settings.upload_bytes, "A graph")
    kind = request.headers.get("content-type")
    parts = await _parts(request, body) if (kind or "").lower().startswith(_FORM) else [(_media(kind), body)]
    sizes = tuple((media, len(data)) for media, data in parts)
    return await write(
        request, caller, _limited(request, caller, replace(job, parts=sizes, body=b"".join(data for _, data in parts)))
    )


def _limited(request: Request, caller: Caller, job: Write) -> Write:
    settings = site_of(request).pool.settings
    return replace(job, wait=settings.wait, limits=settings.limits(caller.kind))


async def _parts(request: Request, body: bytes) -> list[tuple[str, bytes]]:
    """The files of a form with their media types."""

    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, whole(), max_files=_MOST_PARTS, max_fields=0).parse()
    except MultiPartException as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"The form cannot be read: {error.message}") from None
    try:
        files = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
        return [(_media(each.content_type), await each.read()) for each in files]
    finally:
        await form.close()


def _media(content_type: str | None) -> str:
    media = (content_type or "").partition(";")[0].strip().lower()
    if media not in MEDIA:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"A graph is taken as {', '.join(MEDIA)}; {media or 'no Content-Type'} came.",
            {"Accept-Post": ", ".join(MEDIA)},
        )
    return media


def _named(request: Request) -> str | None:
    """The IRI of the graph that is meant, None for the default graph."""
    graphs, default = request.query_params.getlist("graph"), request.query_params.getlist("default")
    path = raw_path(request).removeprefix(PATH).lstrip("/")
    if path:
        graphs = [*graphs, site_of(request).live.base + iri_path(raw_path(request)).lstrip("/")]
    if len(graphs) + len(default) != 1 or default not in ([], [""]):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Name one graph: ?graph=IRI, or ?default for the default graph.")
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
