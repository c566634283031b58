"""Running the W3C's tests: queries over HTTP and in process through the code of ``/sparql``, updates on the engine too.

One store holds the files of all tests, each as a named graph of its own; a test names its dataset as the protocol does
(``default-graph-uri``, ``named-graph-uri``), so that one server answers all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pyoxigraph
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kb.store import open_store
from tests.w3c import compare
from tests.w3c.manifest import BASE, Case, Request, State, Suites

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
EMPTY = BASE + "no-such-graph"
MEDIA = {
    "nt": "application/n-triples",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "srj": "application/sparql-results+json",
}
NAMES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "application/n-triples": "ntriples",
    "*/*": "json",
}
PASSED, BY_VALUE, FAILED = "passed", "passed by value", "failed"
QUERIES = {
    "QueryEvaluationTest",
    "CSVResultFormatTest",
    "PositiveSyntaxTest",
    "NegativeSyntaxTest",
    "PositiveSyntaxTest11",
    "NegativeSyntaxTest11",
}
_LOAD = re.compile(r"^\s*LOAD\b", re.MULTILINE | re.IGNORECASE)
Ask = Callable[[str, list[tuple[str, str]], str], tuple[int, bytes]]
"""Answers a query, with the graphs of the protocol and a media type: the status and the body."""


@dataclass(frozen=True)
class Skip:
    """A test that is left out, and why."""

    reason: str


def skipped(case: Case, text: str = "") -> Skip | None:
    """Why a test does not apply to this endpoint; None if it does."""
    if case.group == "entailment":
        return Skip("no entailment regime at the endpoint: inferred triples are written to a graph of their own")
    if case.group in {"service", "syntax-fed"}:
        return Skip("SERVICE is refused on purpose: the endpoint sends no requests")
    if case.group == "http-rdf-update":
        return Skip("deprecated by the W3C for graph-store-protocol, and in prose: the manifest holds no requests")
    if case.name.startswith("load") or ("UpdateSyntax" in case.kind and _LOAD.search(text)):
        return Skip("LOAD is refused on purpose: nothing is fetched")
    return None


def fill(store: Path, suites: Suites) -> None:
    """A store in that folder with every data file of the tests as a named graph."""
    files: dict[str, str] = {}
    for case in suites.cases:
        if case.kind in {"QueryEvaluationTest", "CSVResultFormatTest", "ProtocolTest"} and not skipped(case):
            files |= {iri: iri for iri in case.data.default} | dict(case.data.named)
            files |= {iri: iri for iri in _neighbours(case, suites)}
    with open_store(store, create=True) as writer:
        writer.extend(quad for graph, file in files.items() for quad in _quads(suites, file, graph))
        writer.publish()


def _neighbours(case: Case, suites: Suites) -> Iterator[str]:
    """The files that the query itself may name in FROM."""
    if case.group == "dataset":
        folder = suites.path(case.query).parent
        yield from (BASE + path.relative_to(suites.root).as_posix() for path in sorted(folder.glob("data*.ttl")))


def _quads(suites: Suites, file: str, graph: str | None) -> Iterator[Quad]:
    name = NamedNode(graph) if graph else DefaultGraph()
    for quad in compare.dataset(suites, (file,)):
        yield Quad(quad.subject, quad.predicate, quad.object, name)


def run(case: Case, suites: Suites, ask: Ask) -> str:
    """``passed``, ``passed by value`` (equal but for how the engine writes literals) or ``failed``."""
    text = suites.text(case.query)
    if "Syntax" in case.kind:
        status, _ = ask(text, [("default-graph-uri", EMPTY)], "*/*")
        return verdict(status == (400 if case.kind.startswith("Negative") else 200))
    wanted = compare.expected(suites, str(case.result))
    ending = "nt" if isinstance(wanted, pyoxigraph.Dataset) else str(case.result).rpartition(".")[2]
    media = MEDIA.get(ending, "application/sparql-results+xml")
    status, body = ask(f"BASE <{case.query}>\n{text}", _graphs(case.data, text), media)
    if status != 200:
        return FAILED
    if isinstance(wanted, str):
        return verdict(compare.same_csv(wanted, body.decode()))
    if isinstance(wanted, pyoxigraph.Dataset):
        graph = pyoxigraph.Dataset(pyoxigraph.parse(body, compare.GRAPHS["nt"]))
        return _closest(lambda each: isinstance(each, pyoxigraph.Dataset) and compare.same_graph(each, graph), wanted)
    table = compare.table(body, compare.ROWS.get(ending, compare.ROWS["srx"]))
    return _closest(
        lambda each: isinstance(each, compare.Table) and compare.same_table(each, table, lax=case.lax), wanted
    )


def _closest(
    same: Callable[[compare.Table | pyoxigraph.Dataset], bool], wanted: compare.Table | pyoxigraph.Dataset
) -> str:
    if same(wanted):
        return PASSED
    return BY_VALUE if same(compare.as_kept(wanted)) else FAILED


def verdict(passed: bool) -> str:
    """The word for it."""
    return PASSED if passed else FAILED


def _graphs(data: State, text: str) -> list[tuple[str, str]]:
    if re.search(r"\bFROM\b", text):
        return []
    graphs = [("default-graph-uri", iri) for iri in data.default or (EMPTY,)]
    graphs += [("named-graph-uri", name) for name, _ in data.named]
    return graphs


def over_http(client: httpx.Client) -> Ask:
    """Asks the server behind a client, by POST of a form."""

    def ask(query: str, graphs: list[tuple[str, str]], media: str) -> tuple[int, bytes]:
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": media}
        response = client.post("/sparql", content=urlencode([("query", query), *graphs]), headers=headers)
        return response.status_code, response.content

    return ask


def run_protocol(case: Case, client: httpx.Client) -> bool:
    """Whether the server passes a test of the protocol."""
    return all(_answered(request, client) for request in case.requests)


def _answered(request: Request, client: httpx.Client) -> bool:
    path = "/sparql" + request.path.removeprefix("/sparql/")
    response = client.request(request.method, path, content=request.body, headers=request.headers)
    classes = {f"StatusCode{response.status_code // 100}xx", str(response.status_code)}
    if not classes & request.status:
        return False
    media = response.headers.get("content-type", "").partition(";")[0]
    if request.boolean is not None:
        return compare.table(response.content, compare.ROWS["srj"]).boolean == request.boolean
    if request.format == "tabular":
        return media in {"application/sparql-results+json", "application/sparql-results+xml"}
    return request.format != "RDF" or media in {"text/turtle", "application/rdf+xml", "application/n-triples"}


def run_description(case: Case, client: httpx.Client) -> bool:
    """Whether the service description is RDF, names its endpoint, and keeps to the vocabulary's classes."""
    response = client.get("/sparql", headers={"accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    if case.name == "returns-rdf":
        return response.status_code == 200 and len(graph) > 0
    service = rdflib.URIRef(str(response.url))
    if case.name == "has-endpoint-triple":
        return (service, SD.endpoint, service) in graph
    datasets = list(graph.objects(service, SD.defaultDataset))
    return (
        (service, rdflib.RDF.type, SD.Service) in graph
        and bool(datasets)
        and all((each, rdflib.RDF.type, SD.Dataset) in graph for each in datasets)
        and set(graph.objects(service, SD.supportedLanguage)) <= {SD.SPARQL10Query, SD.SPARQL11Query}
    )


def run_update(case: Case, suites: Suites) -> bool:
    """Whether the engine alone passes a test of updates."""
    text = suites.text(case.query)
    store = _dataset(suites, case.data)
    try:
        store.update(text, base_iri=case.query)
    except SyntaxError:
        return case.kind.startswith("Negative")
    except (OSError, RuntimeError):
        return case.kind.startswith("Positive")  # it parsed; LOAD finds no network, CLEAR no graph
    if case.kind != "UpdateEvaluationTest":
        return case.kind.startswith("Positive")
    if not isinstance(case.result, State):
        return False
    return compare.same_graph(pyoxigraph.Dataset(store), pyoxigraph.Dataset(_dataset(suites, case.result)))


def _dataset(suites: Suites, state: State) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for graph, _ in state.named:
        store.add_graph(NamedNode(graph))
    store.extend(quads_of(suites, state))
    return store


def quads_of(suites: Suites, state: State) -> Iterator[Quad]:
    """The quads of a dataset."""
    for file in state.default:
        yield from _quads(suites, file, None)
    for graph, file in state.named:
        yield from _quads(suites, file, graph)
