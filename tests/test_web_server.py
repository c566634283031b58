"""Serving over a socket: the address, a port in use, other people's clients."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

from kb.errors import StoreMissingError, UsageError
from kb.web.server import greeting, serve
from tests import sample
from tests.serving import listening
from tests.web_client import site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site") / "store"
    with site(made):
        return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with listening(folder) as found:
        yield found


def test_sparqlwrapper_reads_rows_and_graphs(address: str) -> None:
    client = SPARQLWrapper(address + "sparql")
    client.setQuery("SELECT ?claim { ?claim a kb:CasualtyClaim ; kb:harm kb:Killed }")
    client.setReturnFormat(JSON)
    for method in ("GET", POST):
        client.setMethod(method)
        rows = client.queryAndConvert()
        assert isinstance(rows, dict) and len(rows["results"]["bindings"]) == 6
    client.setReturnFormat(CSV)
    table = client.queryAndConvert()
    assert isinstance(table, bytes) and len(table.splitlines()) == 7
    client.setQuery(f"DESCRIBE <{sample.claim_iri(sample.DOZENS)}>")
    client.setReturnFormat(TURTLE)
    graph = client.queryAndConvert()
    assert isinstance(graph, bytes) and sample.DOZENS.quote.encode() in graph


def test_head_over_a_socket_has_no_body(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        for _ in range(2):  # a body that was sent would be read as the next answer
            response = client.head(f"claim/{sample.DOZENS.id}.ttl")
            assert response.status_code == 200 and int(response.headers["content-length"]) > 500
        assert client.get("healthz").json()["status"] == "ok"


def test_serve_says_where_it_is_and_ends_with_ctrl_c(folder: Path) -> None:
    code = "import sys; from kb.web.server import serve; serve(sys.argv[1], port=0)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stderr
        first = process.stderr.readline()
        address = first.split()[3]
        assert first.startswith("Factline is at http://127.0.0.1:")
        assert httpx.get(address + "healthz").json()["status"] == "ok"
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(10) == 0
        assert "Traceback" not in rest and "open here by their path" in rest


def test_greeting_says_where_iris_open() -> None:
    same = greeting("http://127.0.0.1:8000/", "http://127.0.0.1:8000/")
    assert same[0].startswith("Factline is at http://127.0.0.1:8000/") and len(same) == 2
    other = greeting("http://127.0.0.1:9000/", "http://127.0.0.1:8000/")
    assert "open here by their path" in other[2] and "http://127.0.0.1:9000/claim/" in other[2]


def test_a_port_in_use_is_said_so(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} of 127.0.0.1 is in use"):
            serve(folder, port=port)
    with pytest.raises(UsageError, match="between 0 and 65535"):
        serve(folder, port=70000)


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="there is no store"):
        serve(tmp_path / "none", port=0)
