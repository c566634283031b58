"""Questions asked beside other engines, and requests beside other servers."""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph

from kb.resources import DEFAULT_BASE
from kb.search import Quotes, update
from kb.store import Store, open_store
from tests.bench import clock, serving
from tests.bench.claims import Generator, merged
from tests.bench.peers import Peers
from tests.bench.shapes import SHAPES
from tests.markdown import prose, table

SIZES = [int(each) for each in os.environ.get("BENCH_TRIPLES", "100000,1000000").split(",")]
IN_PYTHON = 200_000
"""Up to so many triples rdflib is asked too."""
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
                answer, {serving.SECONDS:g} s each, beside Oxigraph's own server, which answers in its own process and
                cannot stop a query. "Computed" asks past the answers that are kept, "kept" does not; ratios are to
                Oxigraph. Requests that were refused because too many waited are not counted in the rate; "refused" is
                how many.
                """
            )
            yield from serving.http(store, plain, folder, peers)
            if SIZES[0] <= IN_PYTHON:
                small = Path(scratch, str(SIZES[0]))
                yield from serving.beside_rdflib(small / "store", small / "all.nt", peers)
            yield from serving.memory(store)
            yield from serving.writing(folder)
