"""Requests to the endpoint beside other servers; its memory; and documents that are added while it is asked."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

from kb import ingest
from kb.extract.pipeline import Extractor
from kb.resources import DEFAULT_BASE
from kb.store import open_store
from tests.bench import texts
from tests.bench.peers import Peers, served
from tests.bench.shapes import POINT, PROLOGUE, ROWS, SHAPES
from tests.markdown import prose, table

SECONDS = 1.5
CLIENTS = (1, 8, 64)
_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
_ADDED = 200
_READING = 8.0


def _request(path: str, text: str, *, cached: bool) -> str:
    extra = "" if cached else "Cache-Control: no-cache\r\n"
    return f"GET {path}?query={quote(text)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {_ACCEPT}\r\n{extra}\r\n"


def _mixes() -> dict[str, list[str]]:
    points = [PROLOGUE + f"SELECT ?p ?o WHERE {{ <claim/{n:x}-{n % 6}> ?p ?o }}" for n in range(200)]
    return {
        "one claim": points,
        "10,000 rows": [ROWS],
        "CONSTRUCT of an event": [SHAPES["CONSTRUCT one event"]],
        "mix of the fourteen": [POINT, *SHAPES.values()],
    }


def http(store: Path, plain: Path, folder: Path, peers: Peers) -> Iterator[str]:
    """Requests a second beside other servers."""
    with _ours(store) as port, peers.oxigraph(plain, folder / "oxigraph") as other:
        time.sleep(3)
        rows = []
        for name, texts in _mixes().items():
            for clients in CLIENTS:
                fresh = _load(port, [_request("/sparql", each, cached=False) for each in texts], clients)
                _load(port, [_request("/sparql", each, cached=True) for each in texts], 1)
                kept = _load(port, [_request("/sparql", each, cached=True) for each in texts], clients)
                theirs = _load(other, [_request("/query", each, cached=True) for each in texts], clients)
                rate = theirs["rate"]
                rows.append(
                    [
                        name,
                        clients,
                        f"{rate:,.0f}",
                        f"{theirs['p99']:,.1f}",
                        f"{fresh['rate']:,.0f}",
                        f"{fresh['p99']:,.1f}",
                        f"{fresh['rate'] / rate:.2f}",
                        f"{kept['rate']:,.0f}",
                        f"{kept['rate'] / rate:.2f}",
                        f"{fresh['failed'] + kept['failed'] + theirs['failed']:.0f}",
                    ]
                )
    head = ["requests", "clients", "oxigraph server /s", "p99 ms", "Factline computed /s", "p99 ms", "ratio"]
    yield from table([*head, "Factline kept /s", "ratio", "refused"], rows)
    yield ""


def _load(port: int, requests: list[str], clients: int, seconds: float = SECONDS) -> dict[str, float]:
    given = [{"host": "127.0.0.1", "port": port, "requests": requests, "clients": clients, "seconds": seconds}]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(ran.stdout)[0]
    return found


def _ours(store: Path) -> AbstractContextManager[int]:
    return served([Path(sys.executable).with_name("kb"), "serve", "--store", store, "--port", "{port}"])


def beside_rdflib(store: Path, plain: Path, peers: Peers) -> Iterator[str]:
    """The same requests beside rdflib-endpoint, which holds the triples in memory."""
    yield from ("## Beside rdflib-endpoint", "")
    yield from prose("At the smaller size; one client, computed.")
    rows = []
    with _ours(store) as port, peers.rdflib_endpoint(plain) as other:
        for name, asked in _mixes().items():
            fresh = _load(port, [_request("/sparql", each, cached=False) for each in asked], 1)
            theirs = _load(other, [_request("/query", each, cached=True) for each in asked], 1)
            rate = theirs["rate"]
            ratio = f"{fresh['rate'] / rate:,.0f}" if rate else "–"
            rows.append([name, f"{rate:,.1f}", f"{fresh['rate']:,.0f}", ratio])
    yield from table(["requests", "rdflib-endpoint /s", "Factline computed /s", "ratio"], rows)
    yield ""


def memory(store: Path) -> Iterator[str]:
    """Of the server with all its processes: once it answers, and after each mix with 64 clients."""
    yield from ("## Memory of the server", "")
    yield from prose("All its processes together (PSS), in MB, after each of these in turn; 64 clients, computed.")
    rows: list[list[object]] = []
    with _ours(store) as port:
        time.sleep(3)
        (pid,) = _listening(port)
        rows.append(["at rest", f"{_megabytes(pid):,.0f}"])
        for name, asked in _mixes().items():
            _load(port, [_request("/sparql", each, cached=False) for each in asked], 64)
            rows.append([name, f"{_megabytes(pid):,.0f}"])
    yield from table(["after", "MB"], rows)
    yield ""


def _listening(port: int) -> list[int]:
    """The processes whose command line names the port."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"serve" in words and str(port).encode() in words:
            found.append(int(path.parent.name))
    return found


def _megabytes(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    sizes = 0
    for each in [pid, *map(int, children)]:
        lines = Path(f"/proc/{each}/smaps_rollup").read_text("ascii").splitlines()
        sizes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return sizes / 1024


def writing(folder: Path) -> Iterator[str]:
    """Documents added while 8 clients read."""
    yield from ("## Writing while it is read", "")
    yield from prose(
        f"""
        {_ADDED} documents, their claims at hand, added (recorded, tracked, published) to a new store while nobody asks,
        and {_ADDED} more while 8 clients ask for one claim after another; beside it what these clients see without a
        writer.
        """
    )
    given = texts.varied(texts.dispatches(), 2 * _ADDED)
    extractor = Extractor()
    claims = {document.key: extractor.extract(document) for document in given}
    store = folder / "writing"

    def add(begin: int) -> float:
        begun = time.perf_counter()
        with open_store(store, write=True, create=True) as opened:
            ingest.add(opened, given[begin : begin + _ADDED], lambda document: claims[document.key], check=lambda _: [])
        return _ADDED / (time.perf_counter() - begun)

    alone = add(0)
    some = [f"{DEFAULT_BASE}claim/{claim.id}" for document in given[:_ADDED] for claim in claims[document.key][:1]]
    requests = [_request("/sparql", f"SELECT ?p ?o {{ <{each}> ?p ?o }}", cached=False) for each in some]
    with _ours(store) as port, ThreadPoolExecutor(1) as thread:
        time.sleep(3)
        quiet = _load(port, requests, 8, _READING)
        adding = thread.submit(add, _ADDED)
        read = _load(port, requests, 8, _READING)
        together = adding.result()
    rows = [
        ["documents/s", f"{alone:.1f}", f"{together:.1f}"],
        ["answers/s to 8 clients", f"{quiet['rate']:,.0f}", f"{read['rate']:,.0f}"],
        ["their p99, ms", f"{quiet['p99']:.1f}", f"{read['p99']:.1f}"],
    ]
    yield from table(["", "alone", "both"], rows)
    yield ""
