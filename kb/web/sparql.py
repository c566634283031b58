"""``/sparql``: the SPARQL 1.1 Protocol, the service description, and a form for browsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph
from fastapi import APIRouter, Request
from starlette.responses import Response

from kb import queries, results
from kb.access import Caller, Role
from kb.endpoint import Answer, FormError, Job, LimitError, Limits, Updates, Write, guard
from kb.endpoint.cutting import note
from kb.errors import FactlineError, SparqlError
from kb.store import PREFIXES
from kb.web import problems, protocol
from kb.web.callers import CallerOf
from kb.web.description import describe_service
from kb.web.negotiate import GRAPHS, HTML, RESULTS, TRIPLES, Format, NotAcceptableError, by_accept, choose
from kb.web.running import answered, finished, said, submitted
from kb.web.site import Site, site_of
from kb.web.tables import Table, table_of
from kb.web.writing import require_writing, write

router = APIRouter(tags=["SPARQL"])
PATH = "/sparql"
_EXAMPLE = """SELECT ?claim ?minimum ?maximum ?place ?quote WHERE {
  ?claim a kb:CasualtyClaim ;
    kb:harm kb:Killed ;
    kb:quote ?quote .
  OPTIONAL { ?claim kb:minimum ?minimum }
  OPTIONAL { ?claim kb:maximum ?maximum }
  OPTIONAL { ?claim kb:place/rdfs:label ?place }
}
ORDER BY ?place DESC(?minimum)
LIMIT 50
"""


@dataclass(frozen=True)
class Shown:
    """An answer as a page shows it: a table or a text, and a note if it was cut."""

    table: Table | None = None
    text: str | None = None
    note: str | None = None


@router.get(PATH, summary="Run a SPARQL query, or describe the service")
async def sparql_get(request: Request, caller: CallerOf) -> Response:
    """``query``, ``default-graph-uri``, ``named-graph-uri``, ``format``; without a query: the service description."""
    operation = await protocol.read(request)
    if isinstance(operation, protocol.Operation):
        return await _run(request, operation, caller)
    chosen = by_accept(request.headers.get("accept"), (HTML, *TRIPLES)) if _wants_page(request) else None
    if chosen is HTML:
        return _form(request, site_of(request), _EXAMPLE)
    offered = choose(TRIPLES, request.headers.get("accept"), request.query_params.get("format"))
    updates = site_of(request).pool.settings.updates is not Updates.OFF
    body = results.graph_bytes(describe_service(str(request.url.replace(query="")), updates=updates), offered.name)
    return Response(body, media_type=offered.content_type)


@router.post(PATH, summary="Run a SPARQL query or, where the server lets admins, an update")
async def sparql_post(request: Request, caller: CallerOf) -> Response:
    """A form, or the body itself (``application/sparql-query``, ``application/sparql-update``)."""
    settings = site_of(request).pool.settings
    long = settings.updates is not Updates.OFF and caller.may(Role.ADMIN)
    operation = await protocol.read(request, settings.upload_bytes if long else protocol.LIMIT)
    if isinstance(operation, protocol.Change):
        return await _update(request, operation, caller)
    if operation is None:  # a POST always has one: protocol.read refuses the others
        raise SparqlError("no query came")
    return await _run(request, operation, caller)


async def _update(request: Request, change: protocol.Change, caller: Caller) -> Response:
    everything = require_writing(request, caller)
    settings = site_of(request).pool.settings
    limits = settings.limits(caller.kind)
    await write(
        request, caller, Write("update", change.update, change.using, everything, wait=settings.wait, limits=limits)
    )
    return Response(status_code=204, headers={"Factline-Limits": str(limits)})


async def _run(request: Request, operation: protocol.Operation, caller: Caller) -> Response:
    site = site_of(request)
    page = _wants_page(request) and operation.format in {None, "html"} and not operation.explain
    accept = request.headers.get("accept")
    limits = site.pool.settings.limits(caller.kind)
    job = _job(operation, accept, limits, page=page)
    try:
        if not page:
            return await answered(request, job, caller, limits)
        answer = await finished(request, submitted(request, job, caller))
    except FormError as error:
        raise NotAcceptableError(operation.format or accept or "", GRAPHS if error.graph else RESULTS) from None
    except (FactlineError, guard.RefusedError) as error:
        if not page:
            raise
        headers = error.headers if isinstance(error, LimitError) else None
        return _form(request, site, operation.query, problem=problems.of_error(error), headers=headers)
    return _form(request, site, operation.query, answer=_shown(answer, limits), headers=said(answer, limits))


def _job(operation: protocol.Operation, accept: str | None, limits: Limits, *, page: bool) -> Job:
    """What a worker is sent; a page is made from JSON or Turtle."""
    rows, graph = ("json", "turtle") if page else (_name(each, accept, operation.format) for each in (RESULTS, GRAPHS))
    return Job(
        operation.query,
        operation.default_graphs,
        operation.named_graphs,
        graph,
        operation.explain,
        rows_format=rows,
        limits=limits,
        whole=page,
    )


def _name(offered: Sequence[Format], accept: str | None, name: str | None) -> str | None:
    try:
        return choose(offered, accept, name).name
    except NotAcceptableError:
        return None


def _shown(answer: Answer, limits: Limits) -> Shown:
    """For a browser: a table of the rows, or the graph as text."""
    cut = note(limits.rows) if answer.truncated else None
    if answer.graph:
        return Shown(text=answer.body.decode("utf-8"), note=cut)
    found = pyoxigraph.parse_query_results(answer.body, pyoxigraph.QueryResultsFormat.JSON)
    return Shown(table=table_of(found), note=cut)


def _wants_page(request: Request) -> bool:
    """Whether a browser asks: HTML is named in ``Accept`` and preferred to every format of results."""
    accept = request.headers.get("accept", "")
    if "html" not in accept or request.query_params.get("format") not in {None, "", "html"}:
        return False
    try:
        return by_accept(accept, (HTML, *RESULTS, *GRAPHS)) is HTML
    except NotAcceptableError:
        return False


def _form(
    request: Request,
    site: Site,
    query: str,
    *,
    answer: Shown | None = None,
    problem: problems.Problem | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    context = {
        "query": query,
        "answer": answer,
        "problem": problem,
        "prefixes": PREFIXES,
        "examples": list(queries.catalogue().values()),
        "formats": _downloads(answer),
    }
    return site.page(request, "sparql.html", context, status_code=problem.status if problem else 200, headers=headers)


def _downloads(answer: Shown | None) -> Sequence[Format]:
    if answer is None:
        return ()
    return RESULTS if answer.table else GRAPHS
