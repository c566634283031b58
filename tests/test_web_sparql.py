"""``/sparql``: the protocol, every format, what is refused, and the form."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph
import pytest
import rdflib

from tests import sample
from tests.web_client import BROWSER, Client, site

KILLED = (
    "SELECT ?claim ?minimum { ?claim a kb:CasualtyClaim ; kb:harm kb:Killed ; kb:minimum ?minimum } ORDER BY ?minimum"
)
GRAPH = f"CONSTRUCT WHERE {{ <{sample.claim_iri(sample.DOZENS)}> kb:quote ?quote }}"
RESULTS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv; charset=utf-8": "csv",
    "text/tab-separated-values; charset=utf-8": "tsv",
}
GRAPHS = {
    "text/turtle; charset=utf-8": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "application/trig": pyoxigraph.RdfFormat.TRIG,
    "application/n-quads": pyoxigraph.RdfFormat.N_QUADS,
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with site(tmp_path_factory.mktemp("site") / "store") as client:
        yield client


def query(text: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": text, **more})


@pytest.mark.parametrize(("media", "name"), RESULTS.items())
@pytest.mark.parametrize("by_name", [False, True])
def test_rows_in_every_format(web: Client, media: str, name: str, by_name: bool) -> None:
    accept = media.partition(";")[0]
    response = web.get(query(KILLED, format=name)) if by_name else web.get(query(KILLED), accept)
    assert (response.status_code, response.headers["content-type"]) == (200, media)
    formats = {
        "json": pyoxigraph.QueryResultsFormat.JSON,
        "xml": pyoxigraph.QueryResultsFormat.XML,
        "tsv": pyoxigraph.QueryResultsFormat.TSV,
    }
    if name == "csv":
        lines = response.text.splitlines()
        assert lines[0] == "claim,minimum" and [line.split(",")[1] for line in lines[1:]] == [
            "2",
            "5",
            "13",
            "13",
            "16",
            "24",
        ]
    else:
        found = pyoxigraph.parse_query_results(response.content, formats[name])
        assert isinstance(found, pyoxigraph.QuerySolutions)
        assert [int(row["minimum"].value) for row in found] == [2, 5, 13, 13, 16, 24]


@pytest.mark.parametrize("media", GRAPHS)
def test_graphs_in_every_format(web: Client, media: str) -> None:
    response = web.get(query(GRAPH), media.partition(";")[0])
    assert (response.status_code, response.headers["content-type"]) == (200, media)
    found = pyoxigraph.parse(response.content, GRAPHS[media])
    assert {quad.object.value for quad in found} == {sample.DOZENS.quote}


def test_ask(web: Client) -> None:
    asked = query("ASK { ?claim kb:harm kb:Killed }")
    assert web.get(asked).json() == {"head": {}, "boolean": True}
    assert "<boolean>true</boolean>" in web.get(asked, "application/sparql-results+xml").text
    assert web.page(asked).text.count("Yes.") == 1


def test_q_values_decide(web: Client) -> None:
    response = web.get(query(KILLED), "text/csv;q=0.3, application/sparql-results+xml;q=0.7, text/turtle")
    assert response.headers["content-type"] == "application/sparql-results+xml"


def test_what_cannot_be_made_is_406_and_says_what_can(web: Client) -> None:
    for response in (web.get(query(KILLED), "image/png"), web.get(query(KILLED, format="turtle"))):
        assert response.status_code == 406
        assert "text/csv" in response.text


def test_post(web: Client) -> None:
    rows = web.get(query(KILLED)).json()
    form = web.send("POST", "/sparql", data={"query": KILLED})
    headers = {"content-type": "application/sparql-query; charset=UTF-8", "accept": "application/json"}
    direct = web.send("POST", "/sparql", content=KILLED, headers=headers)
    assert form.json() == direct.json() == rows


def test_dataset_of_the_request(web: Client) -> None:
    afp, kazinform = (sample.iri(f"document/{each.key}/graph") for each in (sample.AFP, sample.KAZINFORM))
    count = "SELECT (COUNT(?claim) AS ?n) { ?claim a kb:CasualtyClaim }"
    named = "SELECT (COUNT(?claim) AS ?n) { GRAPH ?g { ?claim a kb:CasualtyClaim } }"

    def number(text: str, *graphs: tuple[str, str]) -> int:
        response = web.get("/sparql?" + urlencode([("query", text), *graphs]))
        return int(response.json()["results"]["bindings"][0]["n"]["value"])

    default, graph = "default-graph-uri", "named-graph-uri"
    assert number(count) == number(named) == 7
    assert number(count, (default, afp)) == 3
    assert number(count, (default, afp), (default, kazinform)) == 6
    assert number(named, (default, afp)) == 0
    assert number(named, (graph, kazinform)) == 3
    assert number(count, (graph, kazinform)) == 0
    # The dataset of the request goes before that of the query.
    assert number(count.replace(" {", f" FROM <{kazinform}> {{", 1), (default, afp)) == 3
    assert number(count, (default, "http://192.0.2.1/never-fetched")) == 0
    assert web.get(query(count, **{default: "not an IRI"})).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "says"),
    [
        ("GET", "/sparql?query=SELECT&query=ASK", {}, 400, "exactly one query"),
        ("POST", "/sparql", {"data": {"other": "x"}}, 400, "exactly one query"),
        (
            "POST",
            "/sparql",
            {"content": b"\xff", "headers": {"content-type": "application/sparql-query"}},
            400,
            "UTF-8",
        ),
        ("POST", "/sparql", {"content": b"ASK {}", "headers": {"content-type": "text/plain"}}, 415, "sparql-query"),
        ("POST", "/sparql", {"content": b"ASK {}"}, 415, "no Content-Type"),
        (
            "POST",
            "/sparql",
            {"content": b"ASK {}", "headers": {"content-type": "application/sparql-query; charset=utf-16"}},
            415,
            "UTF-8",
        ),
        (
            "POST",
            "/sparql",
            {"content": b"#" * 1_000_001, "headers": {"content-type": "application/sparql-query"}},
            413,
            "1,000,000 bytes",
        ),
        ("GET", "/sparql?update=CLEAR%20ALL", {}, 400, "sent by POST"),
        ("POST", "/sparql", {"data": {"update": "CLEAR ALL"}}, 403, "takes no updates"),
        (
            "POST",
            "/sparql",
            {"content": b"CLEAR ALL", "headers": {"content-type": "application/sparql-update"}},
            403,
            "takes no updates",
        ),
        ("GET", query("LOAD <http://192.0.2.1/>"), {}, 403, "LOAD is a SPARQL update"),
        ("GET", query("SELECT * { SERVICE <http://192.0.2.1/> {} }"), {}, 403, "no requests to other servers"),
        ("GET", query("SELECT * { ?s ?p SERVICE"), {}, 400, "line 1, column"),
        ("PUT", "/sparql", {}, 405, "Method Not Allowed"),
    ],
)
def test_refusals(web: Client, method: str, path: str, more: dict[str, Any], status: int, says: str) -> None:
    response = web.send(method, path, **more)
    assert response.status_code == status
    assert says in response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_malformed_query_says_where(web: Client) -> None:
    broken = query("SELECT *\nWHERE { ?s ?p }")
    text = web.get(broken, "text/csv")
    assert (text.status_code, text.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert "line 2, column 1" in text.text and "WHERE { ?s ?p }\n              " in text.text
    shaped = web.get(broken, "application/sparql-results+json")
    assert shaped.headers["content-type"] == "application/problem+json"
    problem = shaped.json()
    assert (problem["status"], problem["line"]) == (400, 2)
    assert problem["column"] in {15, 16}
    assert set(problem) == {"status", "title", "detail", "line", "column"}
    page = web.page(broken, 400)
    assert "line 2, column 1" in page.text and "WHERE { ?s ?p }" in page.text


def test_a_query_is_explained_and_not_run(web: Client) -> None:
    text = "SELECT * { ?claim a kb:CasualtyClaim OPTIONAL { ?claim kb:source ?who . ?who rdfs:label ?name } }"
    response = web.get(query(text, explain="true"))
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("# expected: ")
    assert "OPTIONAL {" in response.text


def test_service_description(web: Client) -> None:
    response = web.get("/sparql", "text/turtle")
    assert response.status_code == 200
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    service = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    assert (None, service.endpoint, rdflib.URIRef("http://site.test/sparql")) in graph
    assert (None, service.supportedLanguage, service.SPARQL11Query) in graph
    assert len(list(graph.objects(None, service.resultFormat))) == 10
    assert web.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"
    assert json.loads(web.get("/sparql", "application/ld+json").text)


def test_form_and_rows_for_browsers(web: Client) -> None:
    form = web.page("/sparql")
    assert any(tag == "textarea" and found["name"] == "query" for tag, found in form.tags)
    assert any(link.startswith("sparql?query=") for link in form.links)
    answer = web.page(query(KILLED))
    assert f"claim/{sample.DOZENS.id}" in answer.links
    assert any(link.startswith("sparql?query=SELECT") and link.endswith("format=csv") for link in answer.links)
    assert sample.DOZENS.quote in web.page(query(GRAPH)).text


def test_every_example_of_the_form_runs(web: Client) -> None:
    examples = [link for link in web.page("/sparql").links if "query=" in link]
    assert len(examples) >= 9
    for link in examples:
        assert web.get("/" + link, "application/sparql-results+json").status_code == 200, link


def test_head_and_options(web: Client) -> None:
    got = web.get(query(KILLED), "text/csv")
    head = web.send("HEAD", query(KILLED), headers={"accept": "text/csv"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))
    assert head.headers["etag"] == got.headers["etag"]
    options = web.send("OPTIONS", "/sparql", headers={"origin": "https://example.org"})
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert options.headers["access-control-allow-origin"] == "*"
    assert "Content-Type" in options.headers["access-control-allow-headers"]


def test_answers_that_change_have_no_etag(web: Client) -> None:
    assert "etag" in web.get(query("ASK {}")).headers
    assert "etag" not in web.get(query("SELECT (NOW() AS ?n) {}")).headers
    assert "etag" not in web.get(query("ASK {}").replace("ASK", quote("SELECT (RAND() AS ?x)"))).headers


def test_a_slow_query_does_not_hold_up_others(web: Client) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a a kb:Country . ?b a kb:State . ?c a kb:Police }"

    async def race() -> list[str]:
        order: list[str] = []

        async def ask(name: str, path: str) -> None:
            response = await client.get(path)
            assert response.status_code == 200
            order.append(name)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=web.app), base_url="http://site.test") as client:
            first = asyncio.create_task(ask("slow", query(slow)))
            await asyncio.sleep(0.02)
            await ask("quick", "/healthz")
            await first
        return order

    assert asyncio.run(race()) == ["quick", "slow"]


def test_browser_downloads_when_it_asks_for_a_format(web: Client) -> None:
    assert web.get(query(KILLED, format="csv"), BROWSER).headers["content-type"] == "text/csv; charset=utf-8"
