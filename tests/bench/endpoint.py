"""Questions asked beside other engines, and requests beside other servers."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pyoxigraph

from kb.resources import DEFAULT_BASE
from kb.search import Quotes, update
from kb.store import Store, open_store
from tests.bench import clock
from tests.bench.claims import Generator, merged
from tests.bench.peers import Peers, served
from tests.bench.shapes import POINT, PROLOGUE, ROWS, SHAPES
from tests.evaluate import prose, table

SIZES = [int(each) for each in os.environ.get("BENCH_TRIPLES", "100000,1000000").split(",")]
IN_PYTHON = 200_000
"""Up to so many triples rdflib is asked too."""
_SECONDS = 1.5
_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
_CLIENTS = (1, 8, 64)
_GIVE_UP = 3_000.0

Times = Mapping[str, float | None]


def make(folder: Path, triples: int) -> tuple[Path, Path, dict[str, float]]:
    """A store and a file of the same merged triples, and what making them took."""
    quads, plain = folder / "all.nq", folder / "all.nt"
    generator = Generator(DEFAULT_BASE, triples)
    with quads.open("wb") as one, plain.open("wb") as other:
        for key, lines in generator.graphs():
            one.write(lines)
            other.write(merged(key, lines, DEFAULT_BASE))
    with open_store(folder / "store", create=True) as store:
        begun = time.perf_counter()
        store.extend(pyoxigraph.parse(path=quads, format=pyoxigraph.RdfFormat.N_QUADS))
        taken = time.perf_counter() - begun
        store.engine.optimize()
        store.publish()
        number = _count(store)
    size = sum(path.stat().st_size for path in (folder / "store" / "revisions").rglob("*") if path.is_file())
    begun = time.perf_counter()
    with open_store(folder / "store") as store:
        opening = time.perf_counter() - begun
        update(store)
    return folder / "store", plain, {"triples": number, "load": number / taken, "bytes": size / number, "open": opening}


def _count(store: Store) -> int:
    found = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return next(int(getattr(term, "value", 0)) for row in found for term in row)  # type: ignore[union-attr]


def _ours(store: Store) -> tuple[Times, Times]:
    """With the planner (and the index), and the engine alone."""
    store.texts = Quotes(store)
    planned, alone = {}, {}
    for name, text in SHAPES.items():
        planned[name] = _time(lambda given=text: store.query(given))
        alone[name] = _time(lambda given=text: store.engine.query(given))
    return planned, alone


def _time(ask: object) -> float:
    def whole() -> None:
        found = ask()  # type: ignore[operator]
        for _ in found:
            pass

    first = 1000 * clock.wall(whole)
    return first if first > _GIVE_UP else clock.milliseconds(whole, 3)


def shapes(store: Path, plain: Path, made: Mapping[str, float], peers: Peers) -> Iterator[str]:
    """The fourteen questions at one size."""
    yield from (f"### {made['triples']:,.0f} triples", "")
    with open_store(store) as opened:
        planned, alone = _ours(opened)
    columns: dict[str, Times] = {"Factline": planned, "engine alone": alone}
    columns["maplib"] = peers.times("maplib", plain, SHAPES)
    if made["triples"] < IN_PYTHON:
        columns["rdflib"] = peers.times("rdflib", plain, SHAPES)
    rows = [[name, *(_shown(times[name]) for times in columns.values())] for name in SHAPES]
    rows.append(["geometric mean of all that answered", *(_mean(times) for times in columns.values())])
    yield from table(["question", *columns], rows)
    yield ""


def _shown(found: float | None) -> str:
    return "–" if found is None else f"{found:,.1f}"


def _mean(times: Times) -> str:
    known = [found for found in times.values() if found]
    return f"{math.exp(sum(map(math.log, known)) / len(known)):,.1f}" if known else "–"


# Over HTTP


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
    kb = Path(sys.executable).with_name("kb")
    ours: list[str | Path] = [kb, "serve", "--store", store, "--port", "{port}"]
    with served(ours) as port, peers.oxigraph(plain, folder / "oxigraph") as other:
        time.sleep(3)
        rows = []
        for name, texts in _mixes().items():
            for clients in _CLIENTS:
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


def _load(port: int, requests: list[str], clients: int) -> dict[str, float]:
    given = [{"host": "127.0.0.1", "port": port, "requests": requests, "clients": clients, "seconds": _SECONDS}]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(ran.stdout)[0]
    return found


def page() -> Iterator[str]:
    """The sections of this module."""
    yield from ("## Questions to the endpoint", "")
    yield from prose(
        f"""
        Claims made by a rule in Factline's own ontology ({", ".join(f"{size:,}" for size in SIZES)} triples asked for),
        and fourteen questions as one who does not know the engine writes them (`tests/bench/shapes.py`). Milliseconds
        until the last row has come, medians of three, in one process each. "Engine alone" is pyoxigraph on the same
        store without the planner. maplib and rdflib hold the triples in memory; Factline has them on disk. The load
        average was {os.getloadavg()[0]:.1f} when this part began.
        """
    )
    with tempfile.TemporaryDirectory() as scratch:
        peers = Peers(Path(scratch, "peers"))
        if peers.missing:
            yield from (f"The peers could not be installed, so they are missing here: {peers.missing}", "")
        making: list[list[object]] = []
        for size in SIZES:
            folder = Path(scratch, str(size))
            folder.mkdir()
            store, plain, made = make(folder, size)
            facts = [f"{made['triples']:,.0f}", f"{made['load']:,.0f}", f"{made['bytes']:,.0f}"]
            making.append([*facts, f"{1000 * made['open']:.0f}"])
            yield from shapes(store, plain, made, peers)
        yield from ("## Loading and opening a store", "")
        yield from prose("Triples of the merged graph; each is also on disk in the graph of its document.")
        yield from table(["triples", "loaded /s", "bytes on disk a triple", "opening for reading, ms"], making)
        yield from ("", "## Requests to the endpoint", "")
        if not peers.missing:
            yield from prose(
                f"""
                At {SIZES[-1]:,} triples: requests a second from clients that each ask again as soon as they have the
                answer, {_SECONDS:g} s each, beside Oxigraph's own server, which answers in its own process and cannot
                stop a query. "Computed" asks past the answers that are kept, "kept" does not; ratios are to Oxigraph.
                Requests that were refused because too many waited are not counted in the rate; "refused" is how many.
                """
            )
            yield from http(store, plain, folder, peers)
