"""``/sparql``: the SPARQL 1.1 Protocol, the service description, and a form for browsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph
from fastapi import APIRouter, Request
from pyoxigraph import Literal, NamedNode, QueryTriples, Triple
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kb import queries, results
from kb.errors import SparqlError
from kb.store import PREFIXES, Results, Store
from kb.store.faults import storage
from kb.store.sparql import syntax_error
from kb.web import guard, problems, protocol
from kb.web.negotiate import GRAPHS, HTML, RESULTS, TRIPLES, Format, NotAcceptableError, by_accept, choose
from kb.web.site import Site, site_of
from kb.web.tables import Table, table_of
from kb.web.threads import EXPECTED, bare

router = APIRouter(tags=["SPARQL"])
PATH = "/sparql"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
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
class Answer:
    """What a query came to: bytes in a format, or for a browser a table or a text to put into the page."""

    format: Format
    body: bytes = b""
    table: Table | None = None
    text: str | None = None


@router.get(PATH, summary="Run a SPARQL query, or describe the service")
async def sparql_get(request: Request) -> Response:
    """``query``, ``default-graph-uri``, ``named-graph-uri``, ``format``; without a query: the service description."""
    operation = await protocol.read(request)
    if operation is not None:
        return await _run(request, operation)
    chosen = by_accept(request.headers.get("accept"), (HTML, *TRIPLES)) if _wants_page(request) else None
    if chosen is HTML:
        return _form(request, site_of(request), _EXAMPLE)
    offered = choose(TRIPLES, request.headers.get("accept"), request.query_params.get("format"))
    body = results.graph_bytes(_description(str(request.url.replace(query=""))), offered.name)
    return Response(body, media_type=offered.content_type)


@router.post(PATH, summary="Run a SPARQL query")
async def sparql_post(request: Request) -> Response:
    """The query as a form or as the body (``application/sparql-query``)."""
    operation = await protocol.read(request)
    if operation is None:  # a POST always has one: protocol.read refuses the others
        raise SparqlError("no query came")
    return await _run(request, operation)


async def _run(request: Request, operation: protocol.Operation) -> Response:
    site = site_of(request)
    page = _wants_page(request) and operation.format in {None, "html"}
    answer = await run_in_threadpool(_evaluate, site, operation, request.headers.get("accept"), page)
    if isinstance(answer, Exception):
        if not page:
            raise answer
        return _form(request, site, operation.query, problem=problems.of_error(answer))
    if page:
        return _form(request, site, operation.query, answer=answer)
    return Response(answer.body, media_type=answer.format.content_type)


def _evaluate(site: Site, operation: protocol.Operation, accept: str | None, page: bool) -> Answer | Exception:
    """Runs a query from its text to its bytes; the seam behind which a worker process can stand.

    An error that is an answer comes back as a value.
    """
    try:
        with site.live.lease() as store:
            return _answer(store, operation, accept, page)
    except EXPECTED as error:
        return bare(error)


def _answer(store: Store, operation: protocol.Operation, accept: str | None, page: bool) -> Answer:
    found = ask(store, operation)
    # Rows are computed while they are written, so that is when the engine can fail.
    with storage(store.path, "query"):
        if page:
            return _shown(found)
        chosen = choose(GRAPHS if isinstance(found, QueryTriples) else RESULTS, accept, operation.format)
        return Answer(chosen, results.to_bytes(found, chosen.name))


def answer(store: Store, operation: protocol.Operation, accept: str | None) -> bytes:
    """The answer to a query in the format that ``accept`` asks for; raises what ``ask`` does and NotAcceptableError."""
    return _answer(store, operation, accept, page=False).body


def ask(store: Store, operation: protocol.Operation) -> Results:
    """The results of a query that came from outside.

    Raises SparqlError (with line and column) if it is malformed and RefusedError for an update or SERVICE.
    """
    guard.refuse_updates(operation.query)
    guard.refuse_service(operation.query, lambda variant: _parse(variant, operation.query, store.base))
    return store.query(operation.query, default_graph=operation.default_graphs, named_graphs=operation.named_graphs)


def _parse(variant: str, text: str, base: str) -> None:
    # An empty store answers nothing: only the parser matters. Positions are those of the text, which is as long.
    try:
        pyoxigraph.Store().query(variant, base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        raise syntax_error(text, error) from None


def _shown(found: Results) -> Answer:
    if isinstance(found, QueryTriples):
        return Answer(HTML, text=results.graph_bytes(found, "turtle").decode("utf-8"))
    return Answer(HTML, table=table_of(found))


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
    request: Request, site: Site, query: str, *, answer: Answer | None = None, problem: problems.Problem | None = None
) -> Response:
    context = {
        "query": query,
        "answer": answer,
        "problem": problem,
        "prefixes": PREFIXES,
        "examples": list(queries.catalogue().values()),
        "formats": _downloads(answer),
    }
    return site.page(request, "sparql.html", context, status_code=problem.status if problem else 200)


def _downloads(answer: Answer | None) -> Sequence[Format]:
    if answer is None:
        return ()
    return RESULTS if answer.table else GRAPHS


def _description(endpoint: str) -> list[Triple]:
    """The SPARQL 1.1 Service Description of this endpoint."""
    service = NamedNode(endpoint)
    dataset, default = NamedNode(endpoint + "#dataset"), NamedNode(endpoint + "#default-graph")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    about: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (service, kind, NamedNode(_SD + "Service")),
        (service, NamedNode(_SD + "endpoint"), service),
        (service, NamedNode(_SD + "supportedLanguage"), NamedNode(_SD + "SPARQL11Query")),
        (service, NamedNode(_SD + "feature"), NamedNode(_SD + "UnionDefaultGraph")),
        (service, NamedNode(_SD + "defaultDataset"), dataset),
        (dataset, kind, NamedNode(_SD + "Dataset")),
        (dataset, NamedNode(_SD + "defaultGraph"), default),
        (default, kind, NamedNode(_SD + "Graph")),
        (default, NamedNode("http://purl.org/dc/terms/description"), Literal("The merge of all named graphs.")),
    ]
    names = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
    graphs = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads")
    about += [(service, NamedNode(_SD + "resultFormat"), NamedNode(_FORMATS + name)) for name in (*names, *graphs)]
    return [Triple(*each) for each in about]
