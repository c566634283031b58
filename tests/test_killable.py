"""Queries that would never end, or take all there is: they stop, their worker with them, and others go on."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pyoxigraph
import pytest
from fastapi import FastAPI

from kb.endpoint import Answer, Job, Limits, Pool, Settings, frames
from kb.endpoint.cutting import cut
from kb.errors import StoreError
from kb.planner.tokens import tokens
from kb.results import ROWS, to_bytes
from kb.store import open_store
from kb.store.limiting import limit
from kb.web.app import create_app
from tests.serving import listening

SECONDS = 0.75
PROMPT = 1.0  # a query past its limit is gone within this
MIB = 1024 * 1024
LIMITS = Limits(seconds=SECONDS, rows=50, result_bytes=200_000, memory_bytes=256 * MIB)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DOUBLING = " ".join(f"BIND(CONCAT(?x{at}, ?x{at}) AS ?x{at + 1})" for at in range(34))
BOMBS = {
    "cartesian product": ENDLESS,
    "path explosion": "SELECT (COUNT(*) AS ?n) { ?a (!<x:p>|^!<x:p>)* ?b . ?c (!<x:p>|^!<x:p>)* ?d }",
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER REGEX(CONCAT(?c, ?f), '(.*a){9}z') }",
    "order by": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY DESC(?i) ?f ?c OFFSET 100000000",
    "group_concat": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "distinct": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }",
    "doubling": f"SELECT (STRLEN(?x34) AS ?n) {{ BIND('0123456789abcdef' AS ?x0) {DOUBLING} }}",
    "nothing found": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(?c, ?f, ?i) = 'x') }",
    "construct": "CONSTRUCT { ?a ?b [] } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(?c, ?f, ?i) = 'x') }",
    "nesting": f"SELECT * {{ FILTER({'(' * 50_000}1{')' * 50_000}) }}",
}


@pytest.fixture(scope="module")
def folder(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(new_store, tmp_path_factory.mktemp("killable") / "store"))


@pytest.fixture(scope="module")
def app(folder: Path) -> FastAPI:
    return create_app(folder, Settings(callers={"anonymous": LIMITS}, workers=2, queue=2, wait=SECONDS))


@pytest.fixture(scope="module")
def pool(app: FastAPI) -> Pool:
    found = app.state.site.pool
    assert isinstance(found, Pool)
    return found


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with listening(app) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as made:
        ask(made, "ASK {}")  # the workers have started
        yield made


def ask(client: httpx.Client, query: str, **more: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more})


def soon(true: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return true()


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_not_end_is_stopped(client: httpx.Client, pool: Pool, name: str) -> None:
    before = pool.pids
    begun = time.monotonic()
    response = client.post("/sparql", data={"query": BOMBS[name]})
    taken = time.monotonic() - begun
    assert response.status_code in {504, 507}, response.text
    assert taken < SECONDS + PROMPT
    assert response.headers["factline-limit"] in {f"seconds={SECONDS:g}", f"memory-bytes={256 * MIB}"}
    assert "was stopped" in response.text
    lost = before - pool.pids
    assert len(lost) == 1 and not running(lost.pop())
    assert len(pool.pids) == 2
    assert ask(client, "ASK {}").status_code == 200


def test_others_go_on(client: httpx.Client, pool: Pool) -> None:
    with ThreadPoolExecutor(1) as thread:
        endless = thread.submit(httpx.get, f"{client.base_url}sparql", params={"query": ENDLESS}, timeout=30)
        assert soon(lambda: pool.inside == 1, 5)
        answered = 0
        while not endless.done():
            assert ask(client, "ASK { ?claim a kb:Claim }").status_code == 200
            assert client.get("/").status_code == 200
            answered += 1
        assert endless.result().status_code == 504
    assert answered >= 1  # on a machine that is busy


def test_a_query_whose_client_has_gone_stops(address: str, client: httpx.Client, pool: Pool) -> None:
    patient = Settings(callers={"anonymous": Limits(seconds=60)}, workers=1)
    with listening(create_app(Path(pool._folder), patient)) as slow:
        ask_once = httpx.get(slow + "sparql", params={"query": "ASK {}"}, timeout=30)
        assert ask_once.status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(slow + "sparql", params={"query": ENDLESS}, timeout=0.5)
        begun = time.monotonic()
        # The only worker was busy for another minute: this is answered by its successor.
        assert httpx.get(slow + "sparql", params={"query": "ASK {}"}, timeout=30).status_code == 200
        assert time.monotonic() - begun < 5


def test_the_worker_of_a_client_that_has_gone_dies_within_a_second(
    address: str, client: httpx.Client, pool: Pool
) -> None:
    before, gone = pool.pids, pool.outcomes["gone"]
    host, port = client.base_url.host, client.base_url.port
    with socket.create_connection((host, port)) as connection:
        target = "/sparql?" + urlencode({"query": ENDLESS})
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert soon(lambda: pool.inside == 1, 5)
        time.sleep(0.2)
    assert soon(lambda: pool.pids != before, 0.4)  # less than what was left of its time
    assert soon(lambda: pool.outcomes["gone"] == gone + 1, 1)


def test_beyond_the_queue_it_is_busy(client: httpx.Client, pool: Pool) -> None:
    with ThreadPoolExecutor(8) as threads:
        url = f"{client.base_url}sparql"
        asked = [threads.submit(httpx.get, url, params={"query": ENDLESS}, timeout=30) for _ in range(8)]
        found = [each.result() for each in asked]
    assert {each.status_code for each in found} == {503, 504}
    for each in found:
        assert each.status_code == 504 or int(each.headers["retry-after"]) >= 1
    assert sum(each.status_code == 503 for each in found) >= 4
    assert soon(lambda: pool.inside == 0, 1)
    assert ask(client, "ASK {}").status_code == 200


MANY = "SELECT ?a ?b ?c { ?a ?b ?c }"


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_rows_beyond_the_limit_are_cut_and_said_to_be(client: httpx.Client, name: str) -> None:
    response = ask(client, MANY, format=name)
    assert (response.status_code, response.headers["factline-truncated"]) == (200, "rows=50")
    exact = ask(client, MANY + " LIMIT 50", format=name)
    assert "factline-truncated" not in exact.headers
    if name == "json":
        found, whole = response.json(), exact.json()
        assert found["head"].pop("truncated") == {"rows": 50} and found == whole
    elif name == "xml":
        assert response.text.count("<result>") == 50 and "<!-- Truncated" in response.text
    else:
        assert response.text == exact.text


@pytest.mark.parametrize("name", ["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"])
def test_triples_beyond_the_limit_are_cut_and_said_to_be(client: httpx.Client, name: str) -> None:
    response = ask(client, "CONSTRUCT WHERE { ?a ?b ?c }", format=name)
    assert (response.status_code, response.headers["factline-truncated"]) == (200, "rows=50")
    assert ("Truncated: there is more" in response.text) == (name != "jsonld")


def test_a_page_says_that_it_is_cut(client: httpx.Client) -> None:
    page = client.get("/sparql", params={"query": MANY}, headers={"accept": "text/html"})
    assert page.status_code == 200 and "Truncated: there is more than these 50" in page.text
    stopped = client.get("/sparql", params={"query": ENDLESS}, headers={"accept": "text/html"})
    assert stopped.status_code == 504 and "was stopped after 0.75 seconds" in stopped.text


def test_an_answer_of_too_many_bytes_is_an_error(client: httpx.Client) -> None:
    long = " ".join(f"BIND(CONCAT(?x{at}, ?x{at}) AS ?x{at + 1})" for at in range(16))
    response = ask(client, f"SELECT ?x16 {{ BIND('0123456789' AS ?x0) {long} }}", format="csv")
    assert (response.status_code, response.headers["factline-limit"]) == (507, "bytes=200000")


def test_a_worker_that_was_killed_is_replaced(client: httpx.Client, pool: Pool) -> None:
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
    assert all(ask(client, "ASK {}").status_code == 200 for _ in range(4))
    assert len(pool.pids) == 2


def test_without_processes_it_is_said_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lonely = Pool(folder, Settings(workers=1))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    async def ask_lonely() -> Answer:
        return await lonely.submit(Job("ASK {}")).future

    with monkeypatch.context() as patch:
        patch.setattr("kb.endpoint.process.subprocess.Popen", refuse)
        with pytest.raises(StoreError, match="no process can be started"):
            asyncio.run(ask_lonely())
    assert asyncio.run(ask_lonely()).body == b'{"head":{},"boolean":true}'
    assert lonely.inside == 0 and lonely.outcomes == {"ok": 1}
    lonely.close()


def test_limits_are_said_with_every_answer(client: httpx.Client) -> None:
    said = ask(client, "ASK {}").headers["factline-limits"]
    assert said == f"seconds=0.75, rows=50, bytes=200000, memory-bytes={256 * MIB}"


def test_workers_see_what_is_published(folder: Path, client: httpx.Client) -> None:
    query = "ASK { GRAPH <http://example.org/new> { ?s ?p ?o } }"
    assert ask(client, query).json()["boolean"] is False
    with open_store(folder, write=True) as writer:
        writer.add_graph("http://example.org/new", b"<x:s> <x:p> <x:o> <http://example.org/new> .\n")
        writer.publish()
    assert all(ask(client, query).json()["boolean"] is True for _ in range(4))


@pytest.mark.skipif(sys.platform != "linux", reason="system calls are filtered on Linux only")
def test_a_sealed_process_has_no_network_and_starts_no_program() -> None:
    code = """
import os, socket, subprocess, ctypes
from kb.endpoint.seal import seal
ours, theirs = socket.socketpair()
assert seal()
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    try:
        socket.socket(family, socket.SOCK_STREAM)
    except PermissionError:
        print("refused")
try:
    os.execv("/bin/true", ["true"])
except PermissionError:
    print("refused")
print(open("/proc/self/status").read().count("Seccomp:\\t2"))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["refused"] * 4 + ["1"]


@pytest.mark.skipif(sys.platform != "linux", reason="system calls are filtered on Linux only")
def test_workers_are_sealed(client: httpx.Client, pool: Pool) -> None:
    for pid in pool.pids:
        assert "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text("ascii")


def test_no_worker_outlives_a_killed_server(folder: Path) -> None:
    code = "import sys; from kb.web.server import serve; serve(sys.argv[1], port=0)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stderr
        address = process.stderr.readline().split()[3]
        assert httpx.get(address + "sparql", params={"query": "ASK {}"}, timeout=30).status_code == 200
        asking = threading.Thread(target=_ask_in_vain, args=(address,))
        asking.start()
        time.sleep(0.5)
        children = [int(pid) for pid in _children(process.pid)]
        assert len(children) >= 2
        process.kill()
        asking.join()
    assert soon(lambda: not any(running(pid) for pid in children), 3)


def _ask_in_vain(address: str) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(address + "sparql", params={"query": ENDLESS}, timeout=30)


def _children(pid: int) -> list[str]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text("ascii", "replace")
        except OSError:
            continue  # it ended meanwhile
        if f"\nPPid:\t{pid}\n" in text:
            found.append(status.parent.name)
    return found


def test_frames_hold_data_only() -> None:
    reading, writing = os.pipe()
    coming = frames.Incoming()
    try:
        frames.send(writing, {"a": [1, None, "ä"]}, b"\x80\x04body")
        assert frames.receive(reading, coming) == ({"a": [1, None, "ä"]}, b"\x80\x04body")
        os.write(writing, b"\x00\x00\x00\x02\x00\x00\x00\x00\x80\x04")  # a pickle is no message
        with pytest.raises(ValueError, match=r"utf-8|JSON|codec"):
            frames.receive(reading, coming)
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_frames_come_in_any_pieces(size: int) -> None:
    sent = [({"at": at}, b"x" * at) for at in range(20)]
    data = b"".join(frames.packed(*each) for each in sent)
    coming = frames.Incoming()
    found: list[frames.Message] = []
    for at in range(0, len(data), size):
        coming.add(data[at : at + size])
        found += coming
    assert found == sent


SHAPES = [
    ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 7\n"),
    ("select * { ?s ?p ?o } order by ?s limit 3", "select * { ?s ?p ?o } order by ?s limit 3"),
    ("SELECT * { ?s ?p ?o } LIMIT 30 OFFSET 2", "SELECT * { ?s ?p ?o } LIMIT 7 OFFSET 2"),
    ("SELECT * { ?s ?p ?o } VALUES ?s { 1 }", "SELECT * { ?s ?p ?o } \nLIMIT 7\nVALUES ?s { 1 }"),
    ("SELECT (EXISTS { ?s ?p ?o } AS ?x) {} # end", "SELECT (EXISTS { ?s ?p ?o } AS ?x) {} # end\nLIMIT 7\n"),
    ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 90 } }", "SELECT * { { SELECT * { ?s ?p ?o } LIMIT 90 } }\nLIMIT 7\n"),
    ("ASK { ?s ?p ?o }", "ASK { ?s ?p ?o }"),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"),
    ("nonsense", "nonsense"),
]


@pytest.mark.parametrize(("query", "expected"), SHAPES)
def test_the_engine_is_told_when_to_stop(query: str, expected: str) -> None:
    found = tokens(query)
    limit(found, 7)
    assert "".join(token.text for token in found) == expected


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_what_looks_like_more_rows_is_not_cut(name: str) -> None:
    store = pyoxigraph.Store()
    odd = r"VALUES ?x { '},{' '\"}},{\"' '\n\n\n' '<result>' '' UNDEF }"
    found = store.query(f"SELECT ?x {{ {odd} }}")
    assert isinstance(found, pyoxigraph.QuerySolutions)
    body = to_bytes(found, name)
    assert cut(body, name, 6) is None
    shorter = cut(body, name, 5)
    assert shorter is not None
    if name != "csv":
        rows = pyoxigraph.parse_query_results(shorter, ROWS[name].engine)
        assert isinstance(rows, pyoxigraph.QuerySolutions)
        assert [row["x"] and row["x"].value for row in rows] == ["},{", '"}},{"', "\n\n\n", "<result>", ""]
    else:
        assert len(list(csv.reader(io.StringIO(shorter.decode(), newline="")))) == 6
