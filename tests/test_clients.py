"""Clients that we did not write, unchanged: rdflib's SPARQLStore, SPARQLWrapper in every format, curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
    SPARQLWrapper2,
)

from tests.serving import listening

KB = rdflib.Namespace("https://w3id.org/factline/ontology#")
KAZAKHSTAN = rdflib.URIRef("http://127.0.0.1:8000/place/kz")
ROWS = "SELECT ?label WHERE { ?place a kb:Country ; kb:countryCode 'KZ' ; rdfs:label ?label }"
GRAPH = "CONSTRUCT { ?kz rdfs:label ?label } WHERE { ?kz a kb:Country ; kb:countryCode 'KZ' ; rdfs:label ?label }"


@pytest.fixture(scope="module")
def endpoint(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(new_store, tmp_path_factory.mktemp("clients") / "store"))
    with listening(folder) as address:
        yield address + "sparql"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("returned", ["xml", "json", "csv", "tsv"])
def test_rdflib_store(endpoint: str, method: Any, returned: str) -> None:
    store = SPARQLStore(endpoint, method=method, returnFormat=returned)
    graph = rdflib.Graph(store=store)
    rows = [row[0] for row in graph.query(f"PREFIX kb: <{KB}> {ROWS}")]  # type: ignore[index]
    assert [str(label) for label in rows] == ["Kazakhstan"]
    if returned in {"xml", "json"}:  # the others have no standard way to say yes
        assert graph.query(f"ASK {{ ?s a <{KB.Country}> }}").askAnswer is True


def test_rdflib_store_as_a_graph(endpoint: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(endpoint))
    assert graph.value(KAZAKHSTAN, rdflib.RDFS.label) == rdflib.Literal("Kazakhstan", lang="en")
    assert (KAZAKHSTAN, rdflib.RDF.type, KB.Country) in graph
    assert len(list(graph.triples((None, KB.countryCode, None)))) > 150
    made = graph.query(GRAPH).graph
    assert made is not None and len(made) == 1
    reference = rdflib.URIRef("http://127.0.0.1:8000/graph/reference")
    named = rdflib.Graph(store=SPARQLStore(endpoint), identifier=reference)
    assert named.value(KAZAKHSTAN, rdflib.RDFS.label) == rdflib.Literal("Kazakhstan", lang="en")


def test_rdflib_update_store_is_told_no(endpoint: str) -> None:
    store = SPARQLUpdateStore(endpoint, endpoint)
    with pytest.raises(OSError, match="403"):
        rdflib.Graph(store=store, identifier=KB.new).add((KAZAKHSTAN, rdflib.RDFS.label, rdflib.Literal("x")))


def asked(endpoint: str, query: str, name: str, method: str, request: str) -> Any:
    client = SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setMethod(method)
    client.setRequestMethod(request)
    client.setReturnFormat(name)
    return client.queryAndConvert()


@pytest.mark.parametrize(("method", "request_method"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_wrapper_reads_rows_in_every_format(endpoint: str, method: str, request_method: str) -> None:
    found = asked(endpoint, ROWS, JSON, method, request_method)
    assert found["results"]["bindings"][0]["label"]["value"] == "Kazakhstan"
    assert "Kazakhstan" in asked(endpoint, ROWS, XML, method, request_method).toxml()
    assert asked(endpoint, ROWS, CSV, method, request_method).splitlines() == [b"label", b"Kazakhstan"]
    assert asked(endpoint, ROWS, TSV, method, request_method).splitlines() == [b"?label", b'"Kazakhstan"@en']
    assert asked(endpoint, "ASK {}", JSON, method, request_method)["boolean"] is True


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # the client's own
@pytest.mark.parametrize("name", [TURTLE, N3, RDFXML, XML, JSONLD])
def test_wrapper_reads_graphs_in_every_format(endpoint: str, name: str) -> None:
    found = asked(endpoint, GRAPH, name, GET, URLENCODED)
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
    assert graph.value(KAZAKHSTAN, rdflib.RDFS.label) == rdflib.Literal("Kazakhstan", lang="en")


def test_wrapper_with_bindings(endpoint: str) -> None:
    client = SPARQLWrapper2(endpoint)
    client.setQuery(ROWS)
    found: Any = client.query()
    assert [row["label"].value for row in found.bindings] == ["Kazakhstan"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(endpoint: str) -> None:
    def curl(*arguments: str) -> str:
        return subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True).stdout

    assert "Kazakhstan" in curl(endpoint, "-G", "--data-urlencode", f"query={ROWS}", "-H", "Accept: text/csv")
    assert json.loads(curl(endpoint, "--data-urlencode", f"query={ROWS}"))["head"]["vars"] == ["label"]
    direct = curl(endpoint, "-H", "Content-Type: application/sparql-query", "--data-binary", ROWS, "--compressed")
    assert json.loads(direct)["results"]["bindings"]
    assert "200 OK" in curl("-I", endpoint, "-G", "--data-urlencode", "query=ASK {}")
    graphs = endpoint.replace("/sparql", "/graphs")
    assert "Kazakhstan" in curl(graphs, "-G", "-d", "graph=http://127.0.0.1:8000/graph/reference")
