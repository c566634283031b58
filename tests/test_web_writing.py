"""Writing over HTTP: updates and graphs, who may, while others write, and what readers see of it."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

from kb.access import Role, Tokens
from kb.endpoint import Limits, Settings, Updates
from kb.endpoint.write import MEDIA
from kb.store import open_store
from kb.web.app import create_app
from tests.serving import listening

BASE = "http://127.0.0.1:8000/"
UPDATE = {"content-type": "application/sparql-update"}
TURTLE = {"content-type": "text/turtle; charset=utf-8"}


@pytest.fixture(scope="module")
def folder(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(new_store, tmp_path_factory.mktemp("writing") / "store"))


@pytest.fixture(scope="module")
def token(folder: Path) -> str:
    return Tokens(folder).add("admin", Role.ADMIN)


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    settings = Settings(updates=Updates.OWN, wait=20, upload_bytes=200_000)
    with listening(create_app(folder, settings)) as found:
        yield found


@pytest.fixture
def client(address: str, token: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, headers={"authorization": f"Bearer {token}"}) as made:
        yield made


def update(client: httpx.Client, text: str, **more: Any) -> httpx.Response:
    return client.post("/sparql", content=text, headers=UPDATE, **more)


def ask(client: httpx.Client, pattern: str) -> bool:
    found = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"}).json()["boolean"]
    assert isinstance(found, bool)
    return found


def test_a_writer_sees_what_it_wrote(client: httpx.Client, address: str) -> None:
    for number in range(3):
        assert update(client, f"INSERT DATA {{ <x:own> <x:p> {number} }}").status_code == 204
        assert ask(client, f"<x:own> <x:p> {number}")
        assert httpx.get(f"{address}sparql", params={"query": f"ASK {{ <x:own> <x:p> {number} }}"}).json()["boolean"]
    assert ask(client, f"GRAPH <{BASE}graphs/default> {{ <x:own> <x:p> 0, 1, 2 }}")


def test_an_update_as_a_form_with_its_dataset(client: httpx.Client) -> None:
    assert (
        client.post("/sparql", data={"update": "INSERT DATA { GRAPH <x:from> { <x:s> <x:p> 1 } }"}).status_code == 204
    )
    copy = "INSERT { GRAPH <x:to> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    form = {"update": copy, "using-graph-uri": "x:from"}
    assert client.post("/sparql", data=form).status_code == 204
    assert client.get("/graphs?graph=x:to").text.count("<x:p>") == 1
    assert client.post("/sparql", data=form | {"update": "WITH <x:from> " + copy}).status_code == 400
    assert client.post("/sparql", data=form | {"using-graph-uri": "no iri"}).status_code == 400


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("INSERT DATA {", 400),
        ("INSERT DATA { GRAPH <graph/reference> { <x:s> <x:p> 1 } }", 403),
        ("LOAD <http://127.0.0.1:1/>", 403),
        ("INSERT { <x:s> <x:p> ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
        ("DROP ALL", 403),
        ("DROP GRAPH <x:none>", 409),
        ("INSERT DATA { <x:s> <x:p> '" + "x" * 200_000 + "' }", 413),
    ],
)
def test_what_an_update_is_told(client: httpx.Client, text: str, status: int) -> None:
    assert update(client, text).status_code == status


def test_who_may_write(folder: Path, address: str) -> None:
    text = "INSERT DATA { <x:s> <x:p> 1 }"
    made = [Tokens(folder).add(role, role) for role in (Role.READER, Role.REVIEWER)]
    for token, status in ((None, 401), ("nonsense", 401), (made[0], 403), (made[1], 403)):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        for method, path in (("POST", "sparql"), ("PUT", "graphs/x"), ("POST", "graphs"), ("DELETE", "graphs/x")):
            sent = {**headers, **(UPDATE if path == "sparql" else TURTLE)}
            response = httpx.request(method, address + path, content=text, headers=sent)
            assert response.status_code == status, (method, path)
            assert "www-authenticate" in response.headers


def test_a_server_without_updates_takes_none(folder: Path, token: str) -> None:
    with listening(create_app(folder)) as closed:
        headers = {"authorization": f"Bearer {token}"}
        for method, path, more in (("POST", "sparql", UPDATE), ("PUT", "graphs/x", TURTLE), ("DELETE", "graphs/x", {})):
            response = httpx.request(method, closed + path, content="CLEAR DEFAULT", headers=headers | more)
            assert response.status_code == 403 and "kb serve --updates" in response.text


GRAPHS = {
    "text/turtle": b"<x:s> <x:p> 'a\xc3\xa9' .",
    "application/n-triples": b'<x:s> <x:p> "a\\u00E9" .',
    "application/ld+json": '{"@id": "x:s", "x:p": "aé"}'.encode(),
    "application/rdf+xml": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="x:">'
    '<r:Description r:about="x:s"><p>aé</p></r:Description></r:RDF>'.encode(),
}


@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize(
    "path", ["/graphs?graph=" + quote("http://elsewhere.example/a b?c".replace(" ", "%20")), "/graphs/d/e.ttl"]
)
def test_a_graph_goes_in_and_comes_out(client: httpx.Client, media: str, path: str) -> None:
    client.delete(path)
    assert client.get(path).status_code == client.head(path).status_code == client.delete(path).status_code == 404
    assert client.put(path, content=GRAPHS[media], headers={"content-type": media}).status_code == 201
    assert client.put(path, content=GRAPHS[media], headers={"content-type": media}).status_code == 204
    assert client.post(path, content="<x:s> <x:q> <> .", headers=TURTLE).status_code == 204
    for kind in GRAPHS:
        response = client.get(path, headers={"accept": kind})
        found = {quad.triple for quad in pyoxigraph.parse(response.content, MEDIA[kind])}
        assert len(found) == 2 and Triple(NamedNode("x:s"), NamedNode("x:p"), Literal("aé")) in found
    assert client.head(path).status_code == 200
    assert client.put(path, content="", headers=TURTLE).status_code == 204
    assert client.get(path).status_code == 200 and not ask(client, "<x:s> <x:q> ?o FILTER(isIRI(?o))")
    assert client.delete(path).status_code == 204


def test_a_graph_without_a_name_gets_one(client: httpx.Client) -> None:
    response = client.post("/graphs", content="<> a <x:Thing> .", headers=TURTLE)
    made = response.headers["location"]
    assert response.status_code == 201 and made.startswith(BASE + "graphs/")
    assert f"<{made}> a <x:Thing>" in client.get(made.replace(BASE, "/")).text


def test_several_files_at_once(client: httpx.Client) -> None:
    files = {
        "a": ("a.ttl", b"[] <x:part> 1 .", "text/turtle"),
        "b": ("b.nt", b'_:b <x:part> "2" .', "application/n-triples"),
    }
    assert client.post("/graphs?graph=x:parts", files=files).status_code == 201
    assert ask(client, "GRAPH <x:parts> { ?a <x:part> 1 . ?b <x:part> '2' FILTER(?a != ?b) }")
    assert client.post("/graphs?graph=x:parts", files={"a": ("a", b"", "text/csv")}).status_code == 415


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("PUT", "/graphs?graph=x:g", {"content-type": "text/csv"}, b"", 415),
        ("PUT", "/graphs?graph=x:g", {}, b"", 415),
        ("PUT", "/graphs?graph=x:g", TURTLE, b"<x:s> <x:p", 400),
        ("PUT", "/graphs?graph=x:g", TURTLE, b"<x:s> <x:p> '" + b"x" * 200_000 + b"' .", 413),
        ("PUT", "/graphs?graph=relative", TURTLE, b"", 400),
        ("PUT", "/graphs?graph=x:g&default", TURTLE, b"", 400),
        ("PUT", "/graphs", TURTLE, b"", 400),
        ("PUT", f"/graphs?graph={BASE}graph/reference", TURTLE, b"", 403),
        ("DELETE", f"/graphs?graph={BASE}document/0/graph", {}, b"", 403),
        ("POST", "/graphs", {"content-type": "multipart/form-data"}, b"x", 400),
        ("PATCH", "/graphs?graph=x:g", TURTLE, b"", 405),
        ("PUT", "/graphs?graph=x:g", {**TURTLE, "content-encoding": "gzip"}, b"no gzip", 400),
        ("PUT", "/graphs?graph=x:g", {**TURTLE, "content-encoding": "br"}, b"", 415),
        ("PUT", "/graphs?graph=x:g", {**TURTLE, "content-encoding": "gzip"}, gzip.compress(b" " * 10_000_000), 413),
        ("PUT", "/graphs?graph=x:g", {**TURTLE, "content-encoding": "gzip"}, gzip.compress(b"#")[:-4], 400),
    ],
)  # fmt: skip
def test_what_a_graph_is_told(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert client.request(method, path, headers=headers, content=body).status_code == status
    assert client.get("/graphs?graph=x:g").status_code == 404


def test_bodies_may_be_packed(client: httpx.Client) -> None:
    packed = {"content-encoding": "gzip"}
    text = gzip.compress(b"INSERT DATA { <x:packed> <x:p> 1 }")
    assert client.post("/sparql", content=text, headers=UPDATE | packed).status_code == 204
    form = gzip.compress(urlencode({"query": "ASK { <x:packed> <x:p> 1 }"}).encode())
    headers = {"content-type": "application/x-www-form-urlencoded", **packed}
    assert client.post("/sparql", content=form, headers=headers).json()["boolean"] is True


def test_the_default_graph_is_written_and_taken_back(client: httpx.Client) -> None:
    assert client.put("/graphs?default", content="<x:dflt> <x:p> 1 .", headers=TURTLE).status_code in {201, 204}
    assert ask(client, "<x:dflt> <x:p> 1") and ask(client, "?place a kb:Country")
    assert client.delete("/graphs?default").status_code == 204
    assert not ask(client, "<x:dflt> <x:p> 1")
    assert client.delete("/graphs?default").status_code == 204, "the default graph is always there"


def test_methods_are_named(client: httpx.Client) -> None:
    assert client.options("/graphs").headers["allow"] == "GET, HEAD, POST, PUT, DELETE, OPTIONS"
    assert client.options("/graphs/a/b").headers["allow"] == "GET, HEAD, POST, PUT, DELETE, OPTIONS"
    assert client.options("/sparql").headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert client.options("/").headers["allow"] == "GET, HEAD, OPTIONS"


def test_writers_take_turns_and_none_is_lost(client: httpx.Client) -> None:
    count = "GRAPH <x:n> { <x:count> <x:p> %s }"
    old, new = count % "?n", count % "?m"
    add = f"DELETE {{ {old} }} INSERT {{ {new} }} WHERE {{ {old} BIND(?n + 1 AS ?m) }}"
    assert update(client, "INSERT DATA { GRAPH <x:n> { <x:count> <x:p> 0 } }").status_code == 204
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: update(client, add).status_code, range(12)))
    assert found == [204] * 12
    assert ask(client, "GRAPH <x:n> { <x:count> <x:p> 12 }")


def test_adding_and_serving_at_the_same_time(
    client: httpx.Client, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Almaty, 6 January 2022. At least thirteen soldiers were killed in Almaty, officials said.")
    monkeypatch.setenv("KB_WAIT", "30")
    stop = threading.Event()

    def keep_writing() -> int:
        written = 0
        while not stop.is_set():
            assert update(client, f"INSERT DATA {{ <x:busy> <x:p> {written} }}").status_code == 204
            written += 1
        return written

    with ThreadPoolExecutor(1) as thread:
        busy = thread.submit(keep_writing)
        done = subprocess.run(
            [Path(sys.executable).with_name("kb"), "add", article, "--store", folder],
            capture_output=True,
            text=True,
            check=False,
        )
        time.sleep(0.2)
        stop.set()
        written = busy.result()
    assert done.returncode == 0, done.stderr
    assert ask(client, "?claim a kb:CasualtyClaim") and ask(client, f"<x:busy> <x:p> {written - 1}")


def test_a_store_that_is_being_written_is_said_to_be(folder: Path, token: str) -> None:
    with (
        listening(create_app(folder, Settings(updates=Updates.OWN, wait=0.1))) as address,
        open_store(folder, write=True),
    ):
        headers = {**UPDATE, "authorization": f"Bearer {token}"}
        response = httpx.post(address + "sparql", content="CLEAR DEFAULT", headers=headers, timeout=30)
    assert response.status_code == 503 and "is being written by process" in response.text
    assert int(response.headers["retry-after"]) > 0


def test_an_update_without_end_is_stopped_and_writes_nothing(folder: Path, token: str) -> None:
    limits = {"anonymous": Limits(seconds=2.5, memory_bytes=512 * 1024 * 1024)}
    with listening(create_app(folder, Settings(limits, updates=Updates.OWN))) as address:
        headers = {**UPDATE, "authorization": f"Bearer {token}"}
        where = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f = ?i)"
        endless = f"INSERT DATA {{ <x:endless> <x:p> 1 }} ; INSERT {{ <x:endless> <x:p> 2 }} WHERE {{ {where} }}"
        response = httpx.post(address + "sparql", content=endless, headers=headers, timeout=30)
        assert response.status_code in {504, 507}, response.text
        answer = httpx.get(address + "sparql", params={"query": "ASK { <x:endless> ?p ?o }"}, timeout=30)
        assert answer.json()["boolean"] is False
        again = httpx.post(address + "sparql", content="INSERT DATA { <x:after> <x:p> 1 }", headers=headers, timeout=30)
        assert again.status_code == 204


def test_rdflib_writes_through_it(address: str, token: str) -> None:
    store = SPARQLUpdateStore(f"{address}sparql", f"{address}sparql", headers={"Authorization": f"Bearer {token}"})
    dataset = rdflib.Dataset(store)
    graph = dataset.graph(rdflib.URIRef("x:rdflib"))
    subject, predicate = rdflib.URIRef("x:s"), rdflib.URIRef("x:p")
    graph.add((subject, predicate, rdflib.Literal("one")))
    graph.add((subject, predicate, rdflib.Literal("two", lang="en")))
    assert {str(each) for each in graph.objects(subject, predicate)} == {"one", "two"}
    graph.set((subject, predicate, rdflib.Literal(3)))
    assert list(graph.objects(subject, predicate)) == [rdflib.Literal(3)]
    graph.update("INSERT { ?s <x:q> ?o } WHERE { ?s <x:p> ?o }")
    assert (subject, rdflib.URIRef("x:q"), rdflib.Literal(3)) in graph
    graph.remove((subject, None, None))
    assert len(graph) == 0


@pytest.mark.parametrize("how", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_writes_through_it(address: str, token: str, how: str) -> None:
    wrapper = SPARQLWrapper(f"{address}sparql")
    wrapper.addCustomHttpHeader("Authorization", f"Bearer {token}")
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(how)
    wrapper.setQuery(f"INSERT DATA {{ <x:wrapper> <x:p> '{how}' }}")
    assert wrapper.query().response.status == 204
    assert httpx.get(f"{address}sparql", params={"query": f"ASK {{ <x:wrapper> <x:p> '{how}' }}"}).json()["boolean"]
