"""Dumps and backups: what goes out comes in again, whole, or not at all."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kb.errors import StoreError, UsageError
from kb.store import Store, backup, dump, load, open_store, restore
from kb.store.transfer import format_of

LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.fixture
def filled(writer: Store) -> Store:
    for key in ("aa", "bb", "cc"):
        add(writer, key, f'first line of {key}\\nsecond \\"line\\" \\u0000 \\U0001F600')
    writer.replace_graph(
        writer.iri("graph/tracked"), [Triple(NamedNode(writer.iri("event/1")), LABEL, Literal("riot"))]
    )
    writer.replace_graph(writer.iri("graph/curation"), [Triple(NamedNode(writer.iri("claim/1")), LABEL, Literal("no"))])
    writer.publish()
    return writer


def add(store: Store, key: str, text: str) -> None:
    graph = store.iri(f"document/{key:0>20}/graph")
    store.add_graph(graph, f'<{store.base}claim/{key}> <{store.base}p> "{text}" <{graph}> .\n'.encode())


def canonical(store: Store) -> bytes:
    """All named graphs as sorted N-Quads: equal for equal datasets."""
    output = io.BytesIO()
    dump(store, output, "nquads")
    return b"".join(sorted(output.getvalue().splitlines(keepends=True)))


def merged(store: Store) -> int:
    (row,) = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")  # type: ignore[misc]
    return int(row["n"].value)


@pytest.mark.parametrize("name", ["all.trig", "all.nq", "all.trig.gz", "all.nq.gz"])
def test_a_dump_loads_into_the_same_dataset(filled: Store, tmp_path: Path, name: str) -> None:
    dump(filled, tmp_path / name)
    assert (gzip.decompress if name.endswith(".gz") else bytes)((tmp_path / name).read_bytes()).count(
        b"first line"
    ) == 3
    with open_store(tmp_path / "other", create=True) as other:
        loaded = load(other, tmp_path / name)
        assert (loaded.added, loaded.unchanged, loaded.quads) == (5, 0, 5)
        assert canonical(other) == canonical(filled)
        assert merged(other) == merged(filled)
        again = load(other, tmp_path / name)
        assert (again.added, again.unchanged) == (1, 3)  # decisions are added to, and are there already
        assert canonical(other) == canonical(filled)


def test_trig_names_each_graph_once(filled: Store) -> None:
    output = io.BytesIO()
    dump(filled, output)
    text = output.getvalue().decode()
    assert text.count("{") >= len(filled.graphs()) and text.count("graph/tracked> {") == 1
    assert "@prefix kb:" in text


def test_one_graph_as_triples(filled: Store, tmp_path: Path) -> None:
    graph = filled.iri("graph/tracked")
    for name, data_format in {
        "t.ttl": RdfFormat.TURTLE,
        "t.nt.gz": RdfFormat.N_TRIPLES,
        "t.trig": RdfFormat.TRIG,
    }.items():
        dump(filled, tmp_path / name, graph=graph)
        content = (tmp_path / name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
        (only,) = parse(content, data_format)
        assert only.object == Literal("riot")
    with pytest.raises(UsageError, match="no graph"):
        dump(filled, io.BytesIO(), graph=filled.iri("graph/none"))
    with pytest.raises(UsageError, match="no format"):
        dump(filled, io.BytesIO(), "turtle")


@pytest.mark.parametrize("name", ["dump", "dump.json", "dump.gz", "dump.trig.zip"])
def test_a_name_that_says_no_format_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError, match=r"\.trig"):
        format_of(Path(name))


def test_a_file_that_cannot_be_written_is_named(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        dump(filled, tmp_path / "none" / "all.trig")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<a:b> <a:b> ", "does not parse"),
        (b'<a:b> <a:b> "\xff" <a:g> .', "does not parse"),
        (b"<a:x> <a:b> <a:b> .", "outside any graph"),
        (
            b"<a:b> <a:b> <a:b> <https://other.example.org/graph/reference> .",
            "kb init --base https://other.example.org/",
        ),
    ],
)
def test_what_cannot_be_loaded_leaves_nothing(filled: Store, tmp_path: Path, content: bytes, message: str) -> None:
    before = canonical(filled)
    good = f"<a:b> <a:b> <a:b> <{filled.base}document/{'d' * 20}/graph> .\n".encode()
    with pytest.raises(StoreError, match=message):
        load(filled, io.BytesIO(good + content), "nquads")
    assert canonical(filled) == before
    assert not list(filled.path.glob("staging-*"))


def test_unreadable_dumps_are_named(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no file .*none\.trig"):
        load(filled, tmp_path / "none.trig")
    for name, content in {
        "text.nq.gz": b"no gzip",
        "cut.nq.gz": gzip.compress(b"<a:b> <a:b> <a:b> <a:g> .\n" * 99)[:30],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StoreError, match="does not parse"):
            load(filled, tmp_path / name)
    with pytest.raises(UsageError, match="trig or nquads"):
        load(filled, io.BytesIO(), "turtle")


def test_a_document_with_other_content_is_never_written_over(filled: Store, tmp_path: Path) -> None:
    before = canonical(filled)
    changed = before.replace(b"first line of bb", b"another line of bb")
    with pytest.raises(StoreError, match="bb/graph with other content"):
        load(filled, io.BytesIO(changed), "nquads")
    assert canonical(filled) == before


def test_a_default_graph_that_repeats_the_others_is_no_fault(filled: Store, tmp_path: Path) -> None:
    with open_store(tmp_path / "other", create=True) as other:
        graph = f"{other.base}document/{'d' * 20}/graph"
        line = "<a:b> <a:b> <a:b>"
        assert load(other, io.BytesIO(f"{line} .\n{line} <{graph}> .\n".encode()), "nquads").quads == 1


def test_a_restored_backup_is_the_same_dataset(filled: Store, tmp_path: Path) -> None:
    expected = canonical(filled)
    add(filled, "dd", "written but not published")
    with open_store(filled.path) as reader:
        number = backup(reader, tmp_path / "saved")
    assert number == filled.revision
    with open_store(tmp_path / "saved") as saved:
        assert canonical(saved) == expected
    (tmp_path / "new").mkdir()
    assert restore(tmp_path / "saved", tmp_path / "new") == number
    with open_store(tmp_path / "new") as restored:
        assert canonical(restored) == expected
        with open_store(filled.path) as reader:
            assert (merged(restored), restored.revision) == (merged(reader), reader.revision)
    with open_store(tmp_path / "new", write=True) as restored:
        assert canonical(restored) == expected
        add(restored, "ee", "after restoring")
        assert restored.publish() > number
        assert canonical(restored) != expected
    with open_store(tmp_path / "saved") as saved:
        assert canonical(saved) == expected


def test_a_backup_shares_no_file_with_the_store(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "saved")
    files = [path for path in (tmp_path / "saved").rglob("*") if path.is_file()]
    assert len(files) > 5 and all(path.stat().st_nlink == 1 for path in files)


def test_nothing_is_overwritten_by_a_backup_or_a_restore(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("x")
    with pytest.raises(StoreError, match="nothing is overwritten"):
        backup(filled, tmp_path / "full")
    backup(filled, tmp_path / "saved")
    for target in ("full", "store", "full/thesis.txt"):
        with pytest.raises(StoreError, match="nothing is overwritten"):
            restore(tmp_path / "saved", tmp_path / target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "saved", "store"]


def test_a_damaged_backup_is_not_restored(filled: Store, tmp_path: Path) -> None:
    number = backup(filled, tmp_path / "saved")
    with pytest.raises(StoreError, match="not a store"):
        restore(tmp_path / "saved" / "revisions", tmp_path / "new")
    (tmp_path / "saved" / "revisions" / str(number) / "CURRENT").write_text("garbage")
    with pytest.raises(StoreError, match="damaged"):
        restore(tmp_path / "saved", tmp_path / "new")
    assert not (tmp_path / "new").exists()
