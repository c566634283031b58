"""Killing a writer at random moments: what was acknowledged is there, nothing is there by half, the store opens.

``python -m tests.kills [N [SEED [SECONDS]]]`` kills N times (200) a writer that lives for up to so many seconds (2.5)
once it has opened the store; ``tests/test_kills.py`` does so a few times.

The writer is forked from a process that never opens a store. It does one thing after another, says what it has
finished (an acknowledgement), and is killed after a random time. What it says must then be true.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from pyoxigraph import NamedNode

from kb import ingest, validate
from kb.extract.pipeline import Extractor
from kb.model import Document
from kb.reason import forget, infer
from kb.resources import DEFAULT_BASE
from kb.review import Desk
from kb.store import Store, load, open_store
from kb.track import track
from kb.validate.merge import unmerged

SOUND = 5.0
"""Seconds within which a store must open after a kill, on a machine that is busy."""

WHILE_OPENING = 0.15
"""The share of kills that come while the store is being opened."""

_NOTES = DEFAULT_BASE + "graphs/notes"
_CURATION = DEFAULT_BASE + "graph/curation"


@dataclass
class Seen:
    """What must be in the store from now on: documents by key, and triples by graph; ``gone`` must not be."""

    documents: set[str] = field(default_factory=set)
    triples: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    revision: int = 0

    def hear(self, line: str) -> None:
        """Takes in one acknowledgement."""
        what, _, value = line.partition(" ")
        if what == "document":
            self.documents.add(value)
        elif what == "triple":
            self.triples.add(value)
            self.gone.discard(value)
        elif what == "gone":
            self.gone.add(value)
            self.triples.discard(value)
        elif what == "revision":
            self.revision = max(self.revision, int(value))


@cache
def extractor() -> Extractor:
    """One for all, made before the first child, which has it ready."""
    return Extractor(DEFAULT_BASE)


def _documents(number: int, count: int) -> Iterator[Document]:
    for each in range(count):
        yield Document(
            text=f"At least {number % 90 + 2} soldiers were killed in Almaty on Tuesday, officials said. "
            f"Russia sent {number + 100} troops to Kazakhstan. Riots broke out in Aktobe. Report {number}.{each}.",
            title=f"Report {number}.{each}",
            publisher="AFP",
            published=f"2022-01-{number % 20 + 6:02}",
        )


def _add(store: Store, number: int, say: Callable[[str], None]) -> None:
    report = ingest.add(store, _documents(number, 1 + number % 4), extractor().extract)
    if report.errors:
        raise report.errors[0]
    for document in _documents(number, 1 + number % 4):
        say(f"document {document.key}")
    say(f"revision {report.revision}")


def _update(store: Store, number: int, say: Callable[[str], None]) -> None:
    old, new = (f"<x:{each}{number}> <x:p> {number}" for each in ("old", "new"))
    store.update(
        f"INSERT DATA {{ GRAPH <{_NOTES}> {{ {old} }} }} ; DELETE DATA {{ GRAPH <{_NOTES}> {{ {old} }} }} ; "
        f"INSERT {{ GRAPH <{_NOTES}> {{ {new} . ?s <x:q> {number} }} }} WHERE {{ BIND(<x:{number}> AS ?s) }}"
    )
    revision = store.publish()
    for line in (f"gone {old}", f"triple {new}", f"triple <x:{number}> <x:q> {number}", f"revision {revision}"):
        say(line)


def _curate(store: Store, number: int, say: Callable[[str], None]) -> None:
    (document,) = _documents(number, 1)
    ingest.add(store, [document], extractor().extract)
    say(f"document {document.key}")
    graph = store.iri(f"document/{document.key}/graph")
    found = store.query(f"SELECT ?claim {{ GRAPH <{graph}> {{ ?claim a kb:CasualtyClaim }} }}")
    (claim,) = (row[0].value for row in found)  # type: ignore[union-attr] # a SELECT has rows
    Desk(store).reject([claim], "Aigerim", f"reason {number}")
    ingest.refresh(store)  # what follows from it is derived: a killed rebuild takes it away until the next one
    say(f"triple GRAPH <{_CURATION}> {{ ?decision ?about <{claim}> ; ?why 'reason {number}' }}")
    say(f"revision {store.revision}")


def _rebuild(store: Store, number: int, say: Callable[[str], None]) -> None:
    store.replace_graph(store.iri("graph/tracked"), ())
    store.set_note("tracked", "")
    forget(store)
    track(store)
    infer(store)
    say(f"revision {store.publish()}")


def _bulk(store: Store, number: int, say: Callable[[str], None]) -> None:
    quads = "".join(f'<x:bulk{each}> <x:n> "{number}-{each}" <x:graph{number}> .\n' for each in range(3_000))
    path = store.path.with_name("bulk.nq")
    path.write_text(quads, encoding="ascii")
    load(store, path)
    revision = store.publish()
    for each in (0, 2_999):
        say(f'triple <x:bulk{each}> <x:n> "{number}-{each}"')
    say(f"revision {revision}")


KINDS = {"add": _add, "update": _update, "curation": _curate, "rebuild": _rebuild, "bulk load": _bulk}


def _write(folder: Path, kind: str, begin: int, say: Callable[[str], None]) -> None:
    with open_store(folder, write=True) as store:
        say("opened")
        for number in range(begin, begin + 10_000):
            KINDS[kind](store, number, say)


def _say(descriptor: int, line: str) -> None:
    os.write(descriptor, f"{line}\n".encode())


def forked(run: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Runs something in a child; its process id and where to read what it says."""
    read, written = os.pipe()
    pid = os.fork()
    if pid:
        os.close(written)
        return pid, read
    os.close(read)
    code = 1
    try:
        run(partial(_say, written))
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def kill_once(folder: Path, kind: str, number: int, seen: Seen, life: float, chance: random.Random) -> None:
    """One life of a writer: it ends by SIGKILL at a random moment."""
    pid, read = forked(partial(_write, folder, kind, number * 10_000))
    with os.fdopen(read) as said:
        if chance.random() < WHILE_OPENING:
            time.sleep(chance.uniform(0.0, 0.1))
        else:
            said.readline()  # it has opened the store
            time.sleep(chance.uniform(0.0, life))
        os.kill(pid, signal.SIGKILL)
        for line in said:
            if line.endswith("\n"):
                seen.hear(line[:-1])
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"the writer ({kind}) ended by itself")


def faults(folder: Path, seen: Seen, *, thorough: bool) -> list[str]:
    """What is wrong with the store after a kill: looked at by a child; ``thorough`` does what ``kb check`` does too."""
    pid, read = forked(partial(_look, folder, seen, thorough))
    with os.fdopen(read) as said:
        found = said.read().splitlines()
    _, status = os.waitpid(pid, 0)
    return found if status == 0 else [*found, f"the check itself ended with {status}"]


def _look(folder: Path, seen: Seen, thorough: bool, say: Callable[[str], None]) -> None:
    for fault in _faults(folder, seen, thorough):
        say(fault.replace("\n", " "))


def _faults(folder: Path, seen: Seen, thorough: bool) -> Iterator[str]:
    with open_store(folder) as reader:
        if reader.revision < seen.revision:
            yield f"readers see revision {reader.revision}, {seen.revision} was acknowledged"
        yield from _missing(reader, seen, "readers")
    begun = time.monotonic()
    with open_store(folder, write=True) as store:
        taken = time.monotonic() - begun
        if taken > SOUND:
            yield f"opening took {taken:.1f} s"
        yield from _missing(store, seen, "the writer")
        if thorough:
            yield from (str(fault) for fault in validate.check(store).faults)
        yield from (str(fault) for fault in unmerged(store))
        for graph in store.graphs():
            size = sum(1 for _ in store.quads(graph=NamedNode(graph)))
            if graph.startswith("x:graph") and size != 3_000:
                yield f"{graph} has {size} triples of 3,000"
            if graph.startswith("urn:factline:"):
                yield f"{graph} is left over"
        store.publish()
    left = [each.name for each in [*folder.glob("live/bulk-*.sst"), *folder.glob("staging-*"), *folder.glob("*.new")]]
    left += [each.name for each in (folder / "revisions").iterdir() if not each.name.isdigit()]
    if left or len(list((folder / "revisions").iterdir())) > 2:
        yield f"left over: {left}, {len(list((folder / 'revisions').iterdir()))} revisions"


def _missing(store: Store, seen: Seen, who: str) -> Iterator[str]:
    for key in sorted(seen.documents):
        if not store.has_document(key):
            yield f"{who} miss document {key}"
    for kept, triples in ((True, seen.triples), (False, seen.gone)):
        for triple in sorted(triples):
            if bool(store.query(f"ASK {{ {triple} }}")) is not kept:
                yield f"{who}: {triple} was {'acknowledged' if kept else 'deleted'}"


def run(kills: int, folder: Path, seed: int, life: float, tell: Callable[[str], None] = lambda line: None) -> list[str]:
    """Kills a writer so many times; what was found wrong."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    seen, found, times = Seen(), [], Counter[str]()
    extractor().extract(next(_documents(0, 1)))
    pid, read = forked(lambda say: open_store(folder, create=True).close())
    os.close(read)
    os.waitpid(pid, 0)
    for number in range(kills):
        kind = list(KINDS)[number % len(KINDS)]
        before = len(seen.documents) + len(seen.triples)
        kill_once(folder, kind, number, seen, life, chance)
        times[kind] += 1
        wrong = [f"kill {number} ({kind}): {fault}" for fault in faults(folder, seen, thorough=number % 5 == 4)]
        found += wrong
        tell(f"{number + 1}/{kills} {kind}: {len(seen.documents) + len(seen.triples) - before} acknowledged {wrong}")
    tell(
        f"{kills} kills ({', '.join(f'{count} {kind}' for kind, count in times.items())}): "
        f"{len(seen.documents)} documents and {len(seen.triples)} triples acknowledged, {len(found)} faults"
    )
    return found


def main() -> None:
    """The command."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    life = float(sys.argv[3]) if len(sys.argv) > 3 else 2.5
    print(f"seed {seed}")  # noqa: T201 - a command
    with tempfile.TemporaryDirectory() as scratch:
        found = run(kills, Path(scratch) / "store", seed, life, lambda line: print(line, flush=True))  # noqa: T201
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
