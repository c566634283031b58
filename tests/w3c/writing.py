"""The W3C's tests that write, over HTTP: updates, the update operation of the protocol, the Graph Store Protocol.

One server over one store takes all of them, with all graphs open to updates; each test begins by emptying it. What a
test calls the default graph is the graph that stands for it here (``graphs/default``): that is what its pattern is read
from (``using-graph-uri``) and what is looked at afterwards, since the default graph of a query is the merge of all.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pyoxigraph
from pyoxigraph import Dataset, DefaultGraph, NamedNode, Quad, QueryResultsFormat, QuerySolutions

from kb.access import Role, Tokens
from kb.endpoint import Settings, Updates
from kb.store import open_store
from kb.web.app import create_app
from tests.serving import listening
from tests.w3c import compare, run
from tests.w3c.manifest import BASE, Case, Request, State, Suites

DEFAULT = "http://127.0.0.1:8000/graphs/default"
DEFAULT_NODE = NamedNode(DEFAULT)
UPDATE = {"content-type": "application/sparql-update"}
MEDIA = {"text/turtle": pyoxigraph.RdfFormat.TURTLE}


@contextmanager
def server() -> Iterator[httpx.Client]:
    """A client with a token that may write, to a server over a new store, in memory where there are such folders."""
    memory = Path("/dev/shm")  # noqa: S108 - only the place for a folder of its own
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as scratch:
        yield from _server(Path(scratch) / "store")


def _server(folder: Path) -> Iterator[httpx.Client]:
    open_store(folder, create=True).close()
    token = Tokens(folder).add("w3c", Role.ADMIN)
    app = create_app(folder, Settings(updates=Updates.ALL))
    headers = {"authorization": f"Bearer {token}"}
    with (
        listening(app) as address,
        httpx.Client(base_url=address.rstrip("/"), timeout=60, headers=headers) as client,
    ):
        yield client


def run_update(case: Case, suites: Suites, client: httpx.Client) -> bool:
    """Whether an update does over HTTP what its test says."""
    text = suites.text(case.query)
    if "Syntax" in case.kind:
        _fill(client)
        status = _post(client, f"BASE <{case.query}>\n{text}").status_code
        # 409: it parses, and fails as it should where there are no graphs.
        return status == 400 if case.kind.startswith("Negative") else status in {204, 409}
    if not isinstance(case.result, State):
        return False
    _fill(client, run.quads_of(suites, case.data))
    if _post(client, f"BASE <{case.query}>\n{text}", _dataset(case, text)).status_code != 204:
        return False
    return compare.same_graph(Dataset(_state(client)), Dataset(run.quads_of(suites, case.result)))


def _dataset(case: Case, text: str) -> list[tuple[str, str]]:
    if re.search(r"\b(USING|WITH)\b", text, re.IGNORECASE) or not isinstance(case.result, State):
        return []
    if not case.data.default:
        return []  # nothing to tell the two apart by
    named = dict.fromkeys(name for name, _ in (*case.data.named, *case.result.named))
    return [("using-graph-uri", DEFAULT), *(("using-named-graph-uri", name) for name in named)]


def _post(client: httpx.Client, text: str, dataset: Sequence[tuple[str, str]] = ()) -> httpx.Response:
    return client.post(f"/sparql?{urlencode(dataset)}", content=text.encode(), headers=UPDATE)


def _fill(client: httpx.Client, quads: Iterable[Quad] = ()) -> None:
    """Empties the store and puts quads in."""
    blocks = [
        f"GRAPH {DEFAULT_NODE if isinstance(each.graph_name, DefaultGraph) else each.graph_name} {{ {each.triple} }}"
        for each in quads
    ]
    _post(client, f"DROP ALL ; INSERT DATA {{ {' '.join(blocks)} }}").raise_for_status()


def _state(client: httpx.Client) -> Iterator[Quad]:
    answer = client.get("/sparql", params={"query": "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"})
    rows = pyoxigraph.parse_query_results(answer.content, QueryResultsFormat.JSON)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        graph, subject, predicate, about = (row[name] for name in ("g", "s", "p", "o"))
        name = DefaultGraph() if graph == DEFAULT_NODE else graph
        yield Quad(subject, predicate, about, name)


def run_protocol(case: Case, client: httpx.Client) -> bool:
    """Whether the server passes a test of the update operation."""
    _fill(client)
    return run.run_protocol(case, client)


def run_graph_store(case: Case, client: httpx.Client) -> bool:
    """Whether the server passes a test of the Graph Store Protocol."""
    _fill(client)
    known: dict[str, str] = {}
    return all(_answered(request, client, known) for request in case.requests)


def _answered(request: Request, client: httpx.Client, known: dict[str, str]) -> bool:
    path = "/graphs" + _with(request.path, known).removeprefix("/gsp")
    body = None if request.body is None else _with(request.body.decode(), known).encode()
    response = client.request(request.method, path, content=body, headers=request.headers)
    classes = {f"StatusCode{response.status_code // 100}xx", response.reason_phrase.replace(" ", "")}
    if not classes & request.status:
        return False
    if request.location:
        known[request.location] = response.headers["location"]
    if not request.answer:
        return True
    here, there = (
        Dataset(pyoxigraph.parse(data, MEDIA["text/turtle"], base_iri=BASE))
        for data in (response.content, request.answer.encode())
    )
    return response.headers["content-type"].startswith("text/turtle") and compare.same_graph(here, there)


def _with(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(name, value)
    return text
