"""The store on disk: one writer, readers on published revisions, and what happens when things go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from kb import resources
from kb.errors import DocumentError, StoreError, UsageError
from kb.store import PREFIXES, Store, default_folder, open_store, reference
from kb.store.folder import Folder
from tests.facts import P, S, fact, values

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
