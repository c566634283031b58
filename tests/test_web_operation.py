"""Whole graphs, health, metrics, compression; over the reference data alone."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kb.endpoint import Limits, Settings
from kb.store import open_store
from tests.web_client import Client, without_nonces

REFERENCE = "http://127.0.0.1:8000/graph/reference"


@pytest.fixture(scope="module")
def folder(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(new_store, tmp_path_factory.mktemp("operation") / "store"))


@pytest.fixture(scope="module")
def web(folder: Path) -> Client:
    return Client(folder)


def of(graph: str, **more: str) -> str:
    return "/graphs?" + urlencode({"graph": graph, **more})


def test_a_named_graph_is_whole(web: Client, folder: Path) -> None:
    response = web.get(of(REFERENCE), "application/n-triples")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/n-triples")
    with open_store(folder) as store:
        wanted = {
            (quad.subject, quad.predicate, quad.object) for quad in store.quads(graph=pyoxigraph.NamedNode(REFERENCE))
        }
    found = pyoxigraph.parse(response.content, pyoxigraph.RdfFormat.N_TRIPLES)
    triples = {(quad.subject, quad.predicate, quad.object) for quad in found}
    assert len(triples) == len(wanted) > 1000
    named = {triple for triple in wanted if not any(isinstance(term, pyoxigraph.BlankNode) for term in triple)}
    assert named <= triples
    assert web.get(of(REFERENCE, format="turtle")).headers["content-type"] == "text/turtle; charset=utf-8"


def test_the_default_graph_holds_all(web: Client) -> None:
    default = web.get("/graphs?default", "application/n-triples")
    assert default.status_code == 200
    assert len(default.text.splitlines()) >= len(web.get(of(REFERENCE), "application/n-triples").text.splitlines())


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?graph=relative", 400),
        ("?default=yes", 400),
        (f"?default&graph={REFERENCE}", 400),
        ("?graph=http://example.org/none", 404),
    ],
)
def test_a_graph_that_is_not_there(web: Client, query: str, status: int) -> None:
    assert web.get("/graphs" + query).status_code == status


def test_graphs_are_not_written(web: Client) -> None:
    for method in ("PUT", "POST", "DELETE"):
        response = web.send(method, of(REFERENCE), content=b"<x:s> <x:p> <x:o> .")
        assert response.status_code == 403 and "takes no updates and no graphs" in response.text
    assert web.send("PATCH", of(REFERENCE)).status_code == 405


def test_a_graph_is_validated_and_head_has_no_body(web: Client) -> None:
    got = web.get(of(REFERENCE), "text/turtle")
    again = web.send("GET", of(REFERENCE), headers={"accept": "text/turtle", "if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = web.send("HEAD", of(REFERENCE), headers={"accept": "text/turtle"})
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", got.headers["content-length"])


def test_a_graph_is_refused_rather_than_cut(folder: Path) -> None:
    small = Client(folder, Settings({"anonymous": Limits(rows=10, result_bytes=100_000)}, workers=1))
    assert web_rows(small) == 10
    refused = small.get("/graphs?default", "text/turtle")
    assert (refused.status_code, refused.headers["factline-limit"]) == (507, "bytes=100000")


def web_rows(client: Client) -> int:
    found = client.get("/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o }"}), "text/tab-separated-values")
    return len(found.text.splitlines()) - 1


def test_answers_are_compressed_for_who_asks(web: Client) -> None:
    for path in (of(REFERENCE), "/", "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 500"})):
        plain = web.send("GET", path, headers={"accept-encoding": "identity"})
        zipped = web.send("GET", path, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in plain.headers
        assert zipped.headers["content-encoding"] == "gzip" and "Accept-Encoding" in zipped.headers["vary"]
        assert without_nonces(zipped.text) == without_nonces(plain.text)
        assert zipped.num_bytes_downloaded < len(plain.content) / 2


def test_health(web: Client, tmp_path: Path, new_store: Path) -> None:
    assert web.get("/healthz").json() == web.get("/healthz/ready").json()
    assert web.get("/healthz/live").json()["status"] == "ok"
    gone = Client(Path(shutil.copytree(new_store, tmp_path / "store")))
    shutil.rmtree(tmp_path / "store")
    assert gone.get("/healthz").status_code == gone.get("/healthz/ready").status_code == 503
    assert gone.get("/healthz/live").status_code == 200


def test_metrics(web: Client) -> None:
    web.get("/sparql?" + urlencode({"query": "ASK {}"}))
    web.get("/sparql?" + urlencode({"query": "ASK {"}))
    response = web.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    values = dict(re.findall(r"^(factline_\S+) (\S+)$", response.text, re.MULTILINE))
    assert float(values['factline_queries_total{outcome="ok"}']) >= 1
    assert float(values['factline_queries_total{outcome="malformed"}']) >= 1
    assert values['factline_query_seconds_bucket{le="+Inf"}'] == values["factline_query_seconds_count"]
    assert float(values["factline_workers"]) >= 2 and float(values["factline_claims"]) == 0
    assert float(values["factline_store_bytes"]) > 10_000
    assert "factline_queries_inside" in values
    assert sys.platform != "linux" or float(values["factline_workers_sealed"]) >= 1
    names = {family.name: family.type for family in text_string_to_metric_families(response.text)}
    assert names["factline_queries"] == names["factline_writes"] == "counter"
    assert names["factline_query_seconds"] == "histogram" and names["factline_claims"] == "gauge"
