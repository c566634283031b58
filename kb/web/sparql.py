"""``/sparql``: the SPARQL 1.1 Protocol, the service description, and a form for browsers."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph
from fastapi import APIRouter, Request
from starlette.responses import Response

from kb import queries, results
from kb.access import Caller, Role
from kb.endpoint import EXPLANATION, Answer, FormError, Job, LimitError, Limits, Updates, Write, guard
from kb.endpoint.cutting import note
from kb.errors import FactlineError, SparqlError
from kb.store import PREFIXES
from kb.web import problems, protocol
from kb.web.callers import CallerOf
from kb.web.description import describe_service
from kb.web.negotiate import GRAPHS, HTML, RESULTS, TEXT, TRIPLES, Format, NotAcceptableError, by_accept, choose
from kb.web.running import finished
from kb.web.site import Site, site_of
from kb.web.tables import Table, table_of
from kb.web.writing import require_writing, write

router = APIRouter(tags=["SPARQL"])
PATH = "/sparql"
_WORTH_ZIPPING = 1000  # bytes
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
class Written:
    """An answer and the bytes of it that are sent."""

    answer: Answer
    body: bytes
    zipped: bool


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
    try:
        found = await run_job(request, _job(operation, accept, limits, page=page), caller, whole=page)
    except FormError as error:
        raise NotAcceptableError(operation.format or accept or "", GRAPHS if error.graph else RESULTS) from None
    except (FactlineError, guard.RefusedError) as error:
        if not page:
            raise
        headers = error.headers if isinstance(error, LimitError) else None
        return _form(request, site, operation.query, problem=problems.of_error(error), headers=headers)
    if page:
        shown = _shown(found.answer, limits)
        return _form(request, site, operation.query, answer=shown, headers=_said(found.answer, limits))
    return respond(found, limits)


async def run_job(request: Request, job: Job, caller: Caller, *, whole: bool = False) -> Written:
    """Has a worker answer, compressed if the client takes that and ``whole`` is not asked for.

    Stops the query if the client leaves. Raises what ``kb.endpoint.evaluate`` does and LimitError.
    """
    site_of(request).live.token()  # a store that is gone is said to be
    zipped = not whole and "gzip" in request.headers.get("accept-encoding", "")
    ticket = site_of(request).pool.submit(job, _zip if zipped else _plain, caller)
    found: Written = await finished(request, ticket)
    return found


def respond(found: Written, limits: Limits) -> Response:
    """The answer as it is sent, with what is to be said about it in headers."""
    headers = _said(found.answer, limits) | {"Vary": "Accept-Encoding"}
    if found.zipped:
        headers["Content-Encoding"] = "gzip"
    offered = (TEXT,) if found.answer.format == EXPLANATION else GRAPHS if found.answer.graph else RESULTS
    media = next(each.content_type for each in offered if each.name == found.answer.format or each is TEXT)
    return Response(found.body, headers=headers, media_type=media)


def _said(answer: Answer, limits: Limits) -> dict[str, str]:
    headers = {"Factline-Limits": str(limits)}
    if answer.truncated:
        headers["Factline-Truncated"] = f"rows={limits.rows}"
    return headers


def _job(operation: protocol.Operation, accept: str | None, limits: Limits, *, page: bool) -> Job:
    """What a worker is sent; a page is made from JSON or Turtle."""
    rows, graph = ("json", "turtle") if page else (_name(each, accept, operation.format) for each in (RESULTS, GRAPHS))
    return Job(
        operation.query, operation.default_graphs, operation.named_graphs, rows, graph, limits, operation.explain
    )


def _name(offered: Sequence[Format], accept: str | None, name: str | None) -> str | None:
    try:
        return choose(offered, accept, name).name
    except NotAcceptableError:
        return None


def _plain(answer: Answer) -> Written:
    return Written(answer, answer.body, zipped=False)


def _zip(answer: Answer) -> Written:
    if len(answer.body) < _WORTH_ZIPPING:
        return _plain(answer)
    return Written(answer, gzip.compress(answer.body, 1, mtime=0), zipped=True)


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
