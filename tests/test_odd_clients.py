"""Requests as clients out there send them, some of them odd; each gets what it can read."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph
import pytest

from tests.serving import listening

ROWS = "SELECT ?code WHERE { <place/kz> kb:countryCode ?code }"
GRAPH = "CONSTRUCT WHERE { <place/kz> kb:countryCode ?code }"
JENA = (
    "application/sparql-results+json, application/json;q=0.9, application/sparql-results+xml;q=0.8, "
    "text/csv;q=0.2, text/tab-separated-values;q=0.2, */*;q=0.1"
)
JENA_GRAPH = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "application/sparql-results+json;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,*/*;q=0.1"
)
FETCH_SPARQL = "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7"
RDF4J = (
    "application/sparql-results+xml;q=0.8, application/sparql-results+json, "
    "application/x-sparqlstar-results+json;q=0.8, "
    "application/x-binary-rdf-results-table;q=0.8, text/csv;q=0.8, text/tab-separated-values;q=0.8"
)
R_SPARQL = "text/xml, application/sparql-results+xml"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
YASGUI = "application/sparql-results+json,*/*;q=0.9"


@pytest.fixture(scope="module")
def address(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(new_store, tmp_path_factory.mktemp("odd") / "store"))
    with listening(folder) as found:
        yield found


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/sparql-results+json"),
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("application/sparql-results+json;charset=utf-8", "application/sparql-results+json"),
        ("application/sparql-results+json; charset=UTF-8, */*; q=0.01", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("APPLICATION/SPARQL-RESULTS+XML", "application/sparql-results+xml"),
        ("application/*", "application/sparql-results+json"),
        ("text/plain", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/xml", "application/sparql-results+xml"),
        (JENA, "application/sparql-results+json"),
        (COMUNICA, "application/sparql-results+json"),
        (FETCH_SPARQL, "application/sparql-results+json"),
        (RDF4J, "application/sparql-results+json"),
        (R_SPARQL, "application/sparql-results+xml"),
        (YASGUI, "application/sparql-results+json"),
        (CHROME, "text/html; charset=utf-8"),
        ("nonsense", "application/sparql-results+json"),
    ],
)
def test_rows_by_accept(address: str, accept: str | None, media: str) -> None:
    with httpx.Client() as client:
        request = client.build_request("GET", f"{address}sparql", params={"query": ROWS})
        del request.headers["accept"]
        if accept is not None:
            request.headers["accept"] = accept
        response = client.send(request)
    assert (response.status_code, response.headers["content-type"]) == (200, media)
    assert "KZ" in response.text


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/turtle; charset=utf-8"),
        (JENA_GRAPH, "text/turtle; charset=utf-8"),
        (COMUNICA, "application/n-quads"),
        ("text/plain", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("text/n3, text/turtle;q=0.9", "text/turtle; charset=utf-8"),
    ],
)
def test_graphs_by_accept(address: str, accept: str, media: str) -> None:
    response = httpx.get(f"{address}sparql", params={"query": GRAPH}, headers={"accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media)
    assert "KZ" in response.text


@pytest.mark.parametrize("name", ["format", "output", "out"])
def test_the_format_by_the_parameters_that_clients_use(address: str, name: str) -> None:
    for value, media in (("xml", "sparql-results+xml"), ("csv", "text/csv"), ("json", "sparql-results+json")):
        response = httpx.get(f"{address}sparql", params={"query": ROWS, name: value}, headers={"accept": "*/*"})
        assert media in response.headers["content-type"], (name, value)


def test_r_and_others_name_the_query_in_a_get_with_more_fields(address: str) -> None:
    extra = {"query": ROWS, "output": "xml", "timeout": "0", "debug": "on", "default-graph-uri": "", "infer": "true"}
    assert b"KZ" in httpx.get(f"{address}sparql", params=extra).content


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "application/x-www-form-urlencoded;charset=utf-8",
        "Application/X-WWW-Form-Urlencoded",
    ],
)
def test_forms(address: str, kind: str) -> None:
    body = urlencode({"query": "SELECT ?x { BIND('Алматы — 😀' AS ?x) }"})
    response = httpx.post(f"{address}sparql", content=body, headers={"content-type": kind})
    assert response.json()["results"]["bindings"][0]["x"]["value"] == "Алматы — 😀"


@pytest.mark.parametrize("kind", ["application/sparql-query", "application/sparql-query; charset=utf-8"])
def test_queries_as_the_body(address: str, kind: str) -> None:
    body = "\ufeffSELECT ?x { BIND('Алматы — 😀' AS ?x) }".encode()
    response = httpx.post(f"{address}sparql", content=body, headers={"content-type": kind})
    assert response.json()["results"]["bindings"][0]["x"]["value"] == "Алматы — 😀"


def test_unicode_in_the_address(address: str) -> None:
    for text in ("Алматы", "é#?&=+ %", "😀"):
        query = quote(f"SELECT ?x {{ BIND({json.dumps(text, ensure_ascii=False)} AS ?x) }}", safe="")
        response = httpx.get(f"{address}sparql?query={query}")
        assert response.json()["results"]["bindings"][0]["x"]["value"] == text


def test_a_very_long_query(address: str) -> None:
    values = " ".join(f"<x:{at:06}>" for at in range(80_000))
    query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}"
    assert 800_000 < len(query) < 1_000_000
    response = httpx.post(f"{address}sparql", data={"query": query}, timeout=60)
    assert response.json()["results"]["bindings"][0]["n"]["value"] == "80000"


def test_a_long_address(address: str) -> None:
    query = "SELECT ?x { VALUES ?x { " + " ".join(f"<x:{at}>" for at in range(4_000)) + " } }"
    response = httpx.get(f"{address}sparql", params={"query": query}, headers={"accept": "text/csv"})
    assert response.status_code == 200 and len(response.text.splitlines()) == 4_001


def test_a_preflight_of_an_editor_in_the_browser(address: str) -> None:
    asked = {
        "origin": "https://yasgui.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    response = httpx.options(f"{address}sparql", headers=asked)
    assert response.is_success and response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    allowed = {name.strip().lower() for name in response.headers["access-control-allow-headers"].split(",")}
    assert {"authorization", "content-type", "accept"} <= allowed
    answer = httpx.post(f"{address}sparql", data={"query": ROWS}, headers={"origin": asked["origin"], "accept": YASGUI})
    assert answer.headers["access-control-allow-origin"] == "*" and answer.json()["head"]["vars"] == ["code"]


def test_http_1_0_and_no_headers_at_all(address: str) -> None:
    url = httpx.URL(address)
    for version in ("1.0", "1.1"):
        with socket.create_connection((url.host, url.port)) as connection:
            target = "/sparql?" + urlencode({"query": ROWS})
            host = "" if version == "1.0" else f"Host: {url.host}\r\nConnection: close\r\n"
            connection.sendall(f"GET {target} HTTP/{version}\r\n{host}\r\n".encode())
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        assert b" 200 " in answer and b"KZ" in answer


def test_an_error_is_readable_for_who_asks_for_results(address: str) -> None:
    for accept in (JENA, RDF4J, COMUNICA, "text/csv", "*/*"):
        response = httpx.get(f"{address}sparql", params={"query": "SELECT"}, headers={"accept": accept})
        assert response.status_code == 400 and "line 1" in response.text


def test_rows_of_all_kinds_of_terms_come_through_every_format(address: str) -> None:
    query = (
        "SELECT * { VALUES (?a ?b) { ('q\"\\n,\\t;é' 'x'@en-GB) (<x:i> 1.5) (UNDEF true) ('<a>&amp;' "
        "'2020-01-01'^^xsd:date) } }"
    )
    found = []
    for name, kind in (
        ("json", pyoxigraph.QueryResultsFormat.JSON),
        ("xml", pyoxigraph.QueryResultsFormat.XML),
        ("tsv", pyoxigraph.QueryResultsFormat.TSV),
    ):
        response = httpx.get(f"{address}sparql", params={"query": query, "format": name})
        parsed = pyoxigraph.parse_query_results(response.content, kind)
        assert isinstance(parsed, pyoxigraph.QuerySolutions)
        found.append([[str(row[0]), str(row[1])] for row in parsed])
    assert found[0] == found[1] == found[2] and len(found[0]) == 4
