"""The store on disk when things go wrong: damage, full disks, killed and simultaneous processes."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from kb.errors import StoreError, StoreLockedError, StoreMissingError
from kb.store import Store, faults, folder, open_store
from kb.store.folder import FORMAT, Folder
from tests.facts import ABOUT, P, S, fact, values

# -- faults


def test_no_store(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for where in ("nowhere", "empty"):
        for write in (False, True):
            with pytest.raises(StoreMissingError, match="kb add"):
                open_store(tmp_path / where, write=write)
    assert not (tmp_path / "nowhere").exists() and not list((tmp_path / "empty").iterdir())


@pytest.mark.parametrize(("write", "create"), [(False, False), (True, False), (True, True)])
def test_something_else_is_not_taken_for_a_store(tmp_path: Path, write: bool, create: bool) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.txt").write_text("x")
    with pytest.raises(StoreError, match="not a store"):
        open_store(tmp_path / "thesis", write=write, create=create)
    with pytest.raises(StoreError, match="is a file"):
        open_store(tmp_path / "thesis" / "chapter1.txt", write=write, create=create)
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter1.txt"]


def test_a_store_of_a_later_format_is_refused(writer: Store) -> None:
    writer.close()
    settings = writer.path / "store.json"
    settings.write_text(json.dumps({"format": FORMAT + 1, "base": writer.base, "brand": "new"}))
    for write in (False, True):
        with pytest.raises(StoreError, match="upgrade factline"):
            open_store(writer.path, write=write)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": "1", "base": 2}', "\x00"])
def test_damaged_settings_are_named(writer: Store, content: str) -> None:
    writer.close()
    (writer.path / "store.json").write_text(content)
    with pytest.raises(StoreError, match=r"store\.json is damaged"):
        open_store(writer.path)


def test_damaged_pointer_and_missing_revision_are_named(writer: Store) -> None:
    writer.close()
    (writer.path / "current").write_text("99\n")
    with pytest.raises(StoreError, match="revision 99, which is missing"):
        open_store(writer.path)
    (writer.path / "current").write_text("soon\n")
    with pytest.raises(StoreError, match="current is damaged"):
        open_store(writer.path)
    (writer.path / "current").unlink()
    with pytest.raises(StoreError, match="still being made"):
        open_store(writer.path)


def test_damaged_live_files_can_be_made_again_from_the_newest_revision(writer: Store) -> None:
    writer.add_document("a", fact(writer, "a"))
    writer.publish()
    writer.close()
    for manifest in (writer.path / "live").glob("MANIFEST-*"):
        manifest.write_bytes(b"garbage")
    with pytest.raises(StoreError, match=r"damaged.*delete the folder live/"):
        open_store(writer.path, write=True)
    shutil.rmtree(writer.path / "live")
    with open_store(writer.path, write=True) as store:
        assert values(store) == ["x"]
        store.add_document("b", fact(store, "b", "y"))
        store.publish()
        assert values(store) == ["x", "y"]


def test_leftovers_of_a_killed_writer_are_cleared_away(writer: Store) -> None:
    number = writer.revision
    writer.close()
    shutil.copytree(writer.path / "revisions" / str(number), writer.path / "revisions" / str(number + 1))
    (writer.path / "revisions" / f"{number + 2}.tmp").mkdir()
    (writer.path / "live" / "bulk-1.sst").write_bytes(b"x")
    (writer.path / "staging-x").mkdir()
    (writer.path / "store.json.new").write_text("{")
    with open_store(writer.path, write=True) as store:
        assert store.revision == number
        assert not list(store.path.glob("live/bulk-*")) and not list(store.path.glob("staging-*"))
        assert not list(store.path.glob("*.new"))
        assert Folder(store.path).numbers() == [number]
        assert sorted(path.name for path in (store.path / "revisions").iterdir()) == [str(number)]


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError("IO error: No space left on device: While appending to file"), "disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), "permission denied"),
        (RuntimeError("Corruption: block checksum mismatch"), "kb restore"),
        (OSError("something new"), "something new"),
    ],
)
def test_faults_of_the_disk_say_what_to_do(tmp_path: Path, error: Exception, advice: str) -> None:
    with pytest.raises(StoreError, match=advice) as caught, faults.storage(tmp_path, "write"):
        raise error
    assert str(tmp_path) in str(caught.value) and caught.value.__cause__ is error


def test_a_reader_that_has_gone_is_no_fault_of_the_store(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError), faults.storage(tmp_path, "export"):
        raise BrokenPipeError


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_full_disk_stops_the_writer_and_spoils_nothing(tmp_path: Path) -> None:
    """A limit on file sizes stands for the full disk: the engine's write fails in the same place."""
    with open_store(tmp_path / "s", create=True) as store:
        store.add_document("a", fact(store, "a"))
        store.publish()
    done = run(
        """
        import resource, signal, sys
        from kb.errors import DocumentError, StoreError
        from kb.store import open_store
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = open_store(sys.argv[1], write=True)
        graph = store.iri("document/big/graph")
        line = '<http://example.org/s> <http://example.org/p> "%s" <' + graph + "> .\\n"
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        try:
            store.add_document("big", b"".join((line % (str(n) * 500)).encode() for n in range(5_000)))
            store.publish()
        except StoreError as error:
            print("refused:", error)
        """,
        tmp_path / "s",
    )
    assert "refused: cannot" in done.stdout, done.stderr
    with open_store(tmp_path / "s", write=True) as store:
        assert values(store) == ["x"]
        store.add_document("b", fact(store, "b", "y"))
        store.publish()
        assert values(store) == ["x", "y"]


# -- processes


def test_a_second_writer_is_told_who_holds_the_store(writer: Store) -> None:
    with pytest.raises(StoreLockedError, match=f"process {os.getpid()}") as caught:
        open_store(writer.path, write=True)
    assert "--store" in str(caught.value)
    done = run("import sys; from kb.store import open_store; open_store(sys.argv[1], create=True)", writer.path)
    assert f"process {os.getpid()}" in done.stderr
    with open_store(writer.path) as reader:
        assert reader.revision == writer.revision
    writer.close()
    with open_store(writer.path, write=True) as store:
        assert store.writable


def test_a_failed_opening_gives_the_lock_back(writer: Store) -> None:
    writer.close()
    for _ in range(2):
        with pytest.raises(StoreError, match="base"):
            open_store(writer.path, write=True, base="http://other.example.org/")


def test_a_writer_that_cannot_flush_gives_the_lock_back_all_the_same(writer: Store) -> None:
    class Full:
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    writer._engine = Full()  # type: ignore[assignment]
    with pytest.raises(StoreError, match="disk is full"):
        writer.close()
    with open_store(writer.path, write=True) as store:
        assert store.writable


def killed(code: str, where: Path, enough: Callable[[str], bool]) -> None:
    """Runs a writer and kills it without warning once its output is ``enough``."""
    process = subprocess.Popen([sys.executable, "-uc", dedent(code), str(where)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        seen = ""
        while not enough(seen):
            line = process.stdout.readline()
            assert line, "the writer ended by itself"
            seen += line
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


WRITER = """
import itertools, sys
from kb.store import open_store
with open_store(sys.argv[1], create=True) as store:
    for number in itertools.count():
        graph = store.iri(f"document/{number}/graph")
        line = '<http://example.org/s> <http://example.org/p> "%s" <' + graph + "> .\\n"
        store.add_document(str(number), "".join(line % f"{number}-{part}" for part in range(50)).encode())
        if number % 10 == 9:
            print("published", store.publish(), flush=True)
        print("recorded", number, flush=True)
"""


@pytest.mark.parametrize("moment", ["recorded 3\n", "recorded 27\n", "published 4\n"])
def test_a_writer_killed_at_any_moment_leaves_whole_documents(tmp_path: Path, moment: str) -> None:
    where = tmp_path / "s"
    killed(WRITER, where, lambda seen: moment in seen)
    with open_store(where) as reader:
        shown = len(values(reader))
        assert shown % 50 == 0
    with open_store(where, write=True) as store:
        graphs = [graph for graph in store.graphs() if "/document/" in graph]
        assert len(values(store)) == 50 * len(graphs) >= shown
        for graph in graphs:
            assert len(list(store.quads(graph=NamedNode(graph)))) == 50
        store.publish()


def _read_often(where: Path, until: float, failures: multiprocessing.Queue[str]) -> None:
    while time.monotonic() < until:
        try:
            with open_store(where) as reader:
                count = len(values(reader))
                if count % 10:
                    failures.put(f"revision {reader.revision} shows {count} values")
        except StoreError as error:
            failures.put(str(error))


def test_readers_come_and_go_while_a_writer_publishes(writer: Store) -> None:
    context = multiprocessing.get_context("spawn")
    failures: multiprocessing.Queue[str] = context.Queue()
    until = time.monotonic() + 4
    readers = [context.Process(target=_read_often, args=(writer.path, until, failures)) for _ in range(2)]
    for reader in readers:
        reader.start()
    number = 0
    while time.monotonic() < until:
        for key in range(number, number + 10):
            writer.add_document(str(key), fact(writer, str(key), str(key)))
        number += 10
        writer.publish()
    for reader in readers:
        reader.join()
        assert reader.exitcode == 0
    assert failures.empty(), failures.get()
    assert number > 50
    failures.close()


def test_bulk_quads_reach_the_default_graph_too(writer: Store) -> None:
    graph = NamedNode(writer.iri("document/bulk/graph"))
    writer.extend(Quad(S, P, Literal(str(number)), graph) for number in range(1000))
    assert len(values(writer)) == 1000
    assert len(list(writer.quads(graph=graph))) == 1000


def test_the_engine_keeps_to_what_the_merge_relies_on() -> None:
    """The engine's own union shows a triple once a graph; if that ever changes, the merge can go."""
    engine = pyoxigraph.Store()
    for name in "ab":
        engine.add(Quad(S, P, ABOUT, NamedNode(f"http://example.org/graph-{name}")))
    rows = engine.query("SELECT * { ?s ?p ?o }", use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions) and len(list(rows)) == 2


def test_replaced_files_hold_the_old_or_the_new_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "current"
    folder.replace(target, "1\n")

    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        folder.replace(target, "2\n")
    assert target.read_text() == "1\n"
