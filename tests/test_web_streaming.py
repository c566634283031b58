"""Long answers: they come piece by piece, and one that cannot be ended breaks the connection."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from kb.endpoint import Limits, Settings
from kb.web.app import create_app
from tests.serving import listening

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def roomy(new_store: Path) -> Iterator[str]:
    limits = Limits(seconds=30, rows=20_000, result_bytes=8 * MIB)
    with listening(create_app(new_store, Settings(callers={"anonymous": limits}, workers=2))) as found:
        yield found


LONG = "SELECT ?a ?b ?d { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.parametrize("packing", ["identity", "gzip"])
@pytest.mark.parametrize("name", ["json", "xml"])
def test_a_long_answer_comes_piece_by_piece_and_says_at_its_end_that_it_was_cut(
    roomy: str, name: str, packing: str
) -> None:
    headers = {"accept-encoding": packing}
    with httpx.stream(
        "GET", f"{roomy}sparql", params={"query": LONG, "format": name}, headers=headers, timeout=60
    ) as response:
        assert response.status_code == 200 and "content-length" not in response.headers
        assert response.headers.get("content-encoding", "identity") == packing
        body = b"".join(response.iter_bytes())
    if name == "json":
        found = json.loads(body)
        assert len(found["results"]["bindings"]) == 20_000 and found["truncated"] == {"rows": 20_000}
    else:
        assert body.count(b"<result>") == 20_000 and b"<!-- Truncated" in body
        assert body.rstrip().endswith(b"</sparql>")


def test_a_graph_comes_piece_by_piece(roomy: str) -> None:
    query = "CONSTRUCT { ?d ?b [] } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    response = httpx.get(f"{roomy}sparql", params={"query": query, "format": "ntriples"}, timeout=60)
    assert response.status_code == 200 and "content-length" not in response.headers
    lines = response.text.splitlines()
    assert sum(line.endswith(" .") for line in lines) == 20_000 and lines[-1].startswith("# Truncated")


def test_formats_that_cannot_say_it_at_their_end_come_whole(roomy: str) -> None:
    for name in ("csv", "tsv"):
        response = httpx.get(f"{roomy}sparql", params={"query": LONG, "format": name}, timeout=60)
        assert response.headers["factline-truncated"] == "rows=20000" and "content-length" in response.headers
        few = httpx.get(f"{roomy}sparql", params={"query": f"{LONG} LIMIT 19000", "format": name}, timeout=60)
        assert few.text.count("\n") == 19_001 and "content-length" not in few.headers


def test_an_answer_that_becomes_too_large_breaks_the_connection(roomy: str) -> None:
    query = f"SELECT ?a ?x {{ ?a ?b ?c . ?d ?e ?f . BIND(CONCAT({', '.join(['STR(?a)', 'STR(?d)'] * 5)}) AS ?x) }}"
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        httpx.get(f"{roomy}sparql", params={"query": query}, timeout=60)
    assert httpx.get(f"{roomy}sparql", params={"query": "ASK {}"}, timeout=60).status_code == 200


def test_an_answer_that_takes_too_long_breaks_the_connection(new_store: Path) -> None:
    query = (
        "SELECT ?a ?c ?f { { { SELECT * { ?a ?b ?c } LIMIT 3000 } { VALUES ?f { 1 } } } UNION "
        "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(?c, ?f, ?i) = 'x') } }"
    )
    settings = Settings(callers={"anonymous": Limits(seconds=3)}, workers=1)
    with listening(create_app(new_store, settings)) as found:
        for _ in range(5):
            try:
                answer = httpx.get(f"{found}sparql", params={"query": query}, timeout=60)
            except httpx.RemoteProtocolError as error:
                assert "incomplete" in str(error)
                break
            assert answer.status_code == 504  # on a machine that is busy, before anything was sent
        else:
            pytest.fail("the answer never began")


def test_who_speaks_the_old_protocol_gets_it_whole(roomy: str) -> None:
    host, port = roomy.removeprefix("http://").strip("/").split(":")
    with socket.create_connection((host, int(port))) as connection:
        target = "/sparql?" + urlencode({"query": f"{LONG} LIMIT 9000"})
        connection.sendall(f"GET {target} HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert len(json.loads(body)["results"]["bindings"]) == 9000
