"""The store on disk: one writer, readers on published revisions, and what happens when things go wrong."""

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
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Triple

from kb import resources
from kb.errors import DocumentError, StoreError, StoreLockedError, StoreMissingError, UsageError
from kb.store import PREFIXES, Store, default_folder, faults, folder, open_store, reference
from kb.store.folder import FORMAT, Folder

S, P, ABOUT = (NamedNode(f"http://example.org/{name}") for name in "spo")


def fact(store: Store, key: str, value: str = "x") -> bytes:
    return f'<http://example.org/s> <http://example.org/p> "{value}" <{store.base}document/{key}/graph> .\n'.encode()


def values(store: Store) -> list[str]:
    rows = store.query("SELECT ?o { <http://example.org/s> <http://example.org/p> ?o } ORDER BY ?o")
    assert isinstance(rows, QuerySolutions)
    return [row["o"].value for row in rows]


# -- revisions


def test_readers_see_what_was_published_and_nothing_later(writer: Store) -> None:
    assert writer.add_document("a", fact(writer, "a", "1"))
    first = writer.publish()
    with open_store(writer.path) as reader:
        writer.add_document("b", fact(writer, "b", "2"))
        assert (values(reader), values(writer)) == (["1"], ["1", "2"])
        assert not reader.outdated
        assert writer.publish() == first + 1
        assert reader.outdated
        assert (values(reader), reader.revision) == (["1"], first)
        with open_store(writer.path) as newer:
            assert (values(newer), newer.revision) == (["1", "2"], first + 1)


def test_publishing_without_change_makes_no_revision(writer: Store) -> None:
    writer.add_document("a", fact(writer, "a"))
    number = writer.publish()
    assert writer.publish() == number
    assert not writer.add_document("a", fact(writer, "a"))
    assert writer.publish() == number


def test_the_last_two_revisions_stay_and_those_that_are_read(writer: Store) -> None:
    with open_store(writer.path) as reader:
        seen = reader.revision
        for key in "abcd":
            writer.add_document(key, fact(writer, key, key))
            writer.publish()
        on_disk = Folder(writer.path).numbers()
        assert on_disk == [seen, writer.revision - 1, writer.revision]
        assert values(reader) == []
    writer.add_document("e", fact(writer, "e", "e"))
    writer.publish()
    assert Folder(writer.path).numbers() == [writer.revision - 1, writer.revision]


def test_what_was_not_published_is_published_by_the_next_writer(tmp_path: Path) -> None:
    with open_store(tmp_path / "s", create=True) as store:
        store.add_document("a", fact(store, "a"))
        seen = store.revision
    with open_store(tmp_path / "s") as reader:
        assert values(reader) == []
    with open_store(tmp_path / "s", write=True) as store:
        assert store.revision == seen
        assert store.publish() == seen + 1
    with open_store(tmp_path / "s") as reader:
        assert values(reader) == ["x"]


def test_a_store_survives_closing_with_its_base(tmp_path: Path) -> None:
    base = "https://facts.example.org/kb/"
    with open_store(tmp_path / "s", create=True, base=base) as store:
        store.add_document("a", fact(store, "a"))
        store.publish()
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.graphs()
    with open_store(tmp_path / "s") as reader:
        assert (reader.base, reader.iri("claim/x")) == (base, f"{base}claim/x")
        assert reader.has_document("a") and not reader.has_document("b")
        with pytest.raises(StoreError, match="reading only"):
            reader.add_document("b", b"")
        with pytest.raises(StoreError, match="reading only"):
            reader.publish()
    with pytest.raises(StoreError, match="base"):
        open_store(tmp_path / "s", write=True, base="http://other.example.org/")


# -- the merged default graph


def test_a_triple_of_several_graphs_counts_once_in_the_default_graph(writer: Store) -> None:
    for key in "ab":
        writer.add_document(key, fact(writer, key))
    assert values(writer) == ["x"]
    rows = writer.query("SELECT ?g { GRAPH ?g { <http://example.org/s> ?p ?o } }")
    assert isinstance(rows, QuerySolutions) and len(list(rows)) == 2


def test_replacing_a_graph_takes_from_the_merge_only_what_no_other_graph_says(writer: Store) -> None:
    graph = writer.iri("graph/tracked")
    writer.add_document("a", fact(writer, "a", "both"))
    assert writer.replace_graph(graph, [Triple(S, P, Literal(value)) for value in ("both", "old")])
    assert values(writer) == ["both", "old"]
    assert writer.replace_graph(graph, [Triple(S, P, Literal("new"))])
    assert values(writer) == ["both", "new"]
    assert not writer.replace_graph(graph, [Triple(S, P, Literal("new"))])
    assert writer.replace_graph(graph, [])
    assert values(writer) == ["both"]


def test_quads_of_another_graph_are_not_recorded_in_a_document(writer: Store) -> None:
    stray = b"<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n"
    for bad in (fact(writer, "other"), stray, fact(writer, "a") + stray):
        with pytest.raises(StoreError, match="outside the graph"):
            writer.add_document("a", bad)
    assert not writer.has_document("a")


def test_a_document_that_does_not_parse_leaves_nothing(writer: Store) -> None:
    with pytest.raises(DocumentError, match="parse"):
        writer.add_document("a", fact(writer, "a") + fact(writer, "a").replace(b"<http://example.org/p>", b"<p p>"))
    assert not writer.has_document("a") and values(writer) == []


# -- reference data


def test_the_reference_data_are_there_with_the_base_of_the_store(tmp_path: Path) -> None:
    base = "https://facts.example.org/"
    with open_store(tmp_path / "s", create=True, base=base) as store:
        rows = store.query("SELECT ?o { GRAPH <graph/reference> { <actor/csto> kb:member ?o } }")
        assert isinstance(rows, QuerySolutions)
        members = {row["o"].value for row in rows}
    assert f"{base}actor/kazakhstan" in members and len(members) == 6


def shipped(store: Store) -> list[str]:
    """What the reference graph says in the test's own words."""
    found = store.quads(graph=NamedNode(store.iri("graph/reference")))
    return sorted(str(quad) for quad in found if quad.predicate.value.startswith("http://example.org/"))


def test_new_reference_data_replace_the_old_when_the_store_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ontology = tmp_path / "ontology"
    for name, text in {
        "core/a.ttl": "<actor/a> <http://example.org/p> [ <http://example.org/q> 1.50 ] .",
        "examples/valid/x.ttl": "<actor/example> <http://example.org/p> 1 .",
        "shapes/data.ttl": "<shape> <http://example.org/p> 1 .",
    }.items():
        (ontology / name).parent.mkdir(parents=True, exist_ok=True)
        (ontology / name).write_text(text)
    monkeypatch.setattr(resources, "folder", lambda name: ontology)
    reference.fingerprint.cache_clear()
    try:
        with open_store(tmp_path / "s", create=True) as store:
            assert store.graphs() == [store.iri("graph/reference"), store.iri("graph/shapes")]
            first = shipped(store)
            assert len(first) == 2
            number = store.revision
        with open_store(tmp_path / "s", write=True) as store:
            assert store.revision == number
        (ontology / "core/b.ttl").write_text("<actor/b> <http://example.org/p> 2 .")
        reference.fingerprint.cache_clear()
        with open_store(tmp_path / "s", write=True) as store:
            assert store.revision == number + 1
            second = shipped(store)
            assert set(first) < set(second) and len(second) == 3
        (ontology / "core/b.ttl").write_text("<actor/b> oops")
        reference.fingerprint.cache_clear()
        with pytest.raises(StoreError, match=r"core/b\.ttl does not parse"):
            open_store(tmp_path / "s", write=True)
        with open_store(tmp_path / "s") as reader:
            assert reader.revision == number + 1
    finally:
        reference.fingerprint.cache_clear()


# -- rdflib


# rdflib's own query() calls what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_a_revision_opens_as_an_rdflib_dataset(writer: Store) -> None:
    for key in "ab":
        writer.add_document(key, fact(writer, key, f"of {key}"))
    writer.publish()
    graph = rdflib.URIRef(writer.iri("document/a/graph"))
    with open_store(writer.path) as reader:
        for store in (reader, writer):
            dataset = store.rdflib()
            assert isinstance(dataset, rdflib.Dataset)
            rows = dataset.query("SELECT ?o { <http://example.org/s> <http://example.org/p> ?o } ORDER BY ?o")
            assert [str(row[0]) for row in rows] == ["of a", "of b"]  # type: ignore[index]
            assert [str(o) for o in dataset.graph(graph).objects()] == ["of a"]
            assert graph in {each.identifier for each in dataset.graphs()}
            member = rdflib.URIRef(f"{PREFIXES['kb']}member")
            assert len(list(dataset.objects(rdflib.URIRef(store.iri("actor/csto")), member))) == 6
            with pytest.raises(StoreError, match="read-only"):
                dataset.update("DELETE WHERE { ?s ?p ?o }")
            with pytest.raises(StoreError, match="read-only"):
                dataset.add((rdflib.URIRef("a:b"), rdflib.RDFS.label, rdflib.Literal("x")))


# -- where it lies


def test_the_default_folder_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KB_STORE", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
    with open_store(create=True) as store:
        assert store.path == tmp_path / "mine"
    monkeypatch.delenv("KB_STORE")
    assert default_folder().parts[-2:] == ("factline", "store")


@pytest.mark.parametrize(
    "base", ["ftp://example.org/", "http://example.org", "example/", "http://exa mple.org/", "http://e.org/?a/", "x"]
)
def test_a_base_that_cannot_be_one_is_refused(tmp_path: Path, base: str) -> None:
    with pytest.raises(UsageError, match="base"):
        open_store(tmp_path / "s", create=True, base=base)
    assert not (tmp_path / "s").exists()


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
