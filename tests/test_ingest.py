"""Documents in: whole or not at all, each once, whatever is wrong with the others."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions

from kb import ingest
from kb.errors import DocumentError, RuleError, StoreError, ValidationError
from kb.ingest import Outcome, add
from kb.model import Actor, Claim, Document, EventClaim, Place, Precision, digest
from kb.rdf import Graph, document_quads, nodes
from kb.reference import Reference
from kb.store import Store, open_store
from kb.validate import Fault, validate
from tests.strategies import NOW

BASE = "http://127.0.0.1:8000/"
KB = "https://w3id.org/factline/ontology#"


def event(document: Document, **fields: object) -> EventClaim:
    start = document.text.index("Riots")
    return EventClaim.model_validate(
        {
            "id": digest(document.key, str(sorted(fields))),
            "document": document.id,
            "event_type": "riot",
            "place": Place(
                text="Almaty",
                name="Almaty",
                iri=f"{BASE}place/kz/almaty",
                country="KZ",
                precision=Precision.CITY,
                within=f"{BASE}place/kz",
            ),
            "quote": "Riots",
            "start": start,
            "end": start + 5,
            "extractor": "rules/1",
            "rule": "r",
            "confidence": 0.5,
            **fields,
        }
    )


def extract(document: Document) -> list[Claim]:
    """Stands for extraction: what the word in the text asks for."""
    if "refuse" in document.text:
        raise DocumentError("refused")
    if "broken" in document.text:
        raise RuleError("rules.yaml: broken")
    if "bad iri" in document.text:
        return [event(document, source=Actor(text="x", iri="no iri"))]
    if "nonsense" in document.text:
        return [event(document, confidence=7)]
    if "empty" in document.text:
        return []
    source = Actor(text="Officials", iri=f"{BASE}actor/kz-officials", country="KZ")
    review = {"needs_review": True, "review_reason": "unsure"} if "unsure" in document.text else {}
    return [event(document), event(document, source=source, **review)]


def texts(*words: str) -> list[Document]:
    return [Document(text=f"Riots in Almaty, {word}.", publisher="AFP") for word in words]


def values(store: Store, query: str) -> list[str]:
    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)
    return sorted(str(getattr(row[0], "value", "")) for row in rows)


def test_documents_become_claims_that_readers_see(writer: Store) -> None:
    outcomes: list[Outcome] = []
    report = add(writer, texts("one", "two", "three unsure"), extract, outcomes.append)
    assert (report.added, report.claims, report.review, report.errors) == (3, 6, 1, [])
    assert [outcome.state for outcome in outcomes] == ["added"] * 3
    with open_store(writer.path) as reader:
        assert reader.revision == report.revision
        assert len(values(reader, "SELECT ?c { ?c a kb:EventClaim }")) == 6
        assert len(values(reader, "SELECT ?e { ?e a kb:Event }")) == 3  # no day: one a document
        key = texts("one")[0].key
        assert values(reader, f"SELECT ?c {{ ?c kb:document <document/{key}> }}")
        graph = NamedNode(reader.iri(f"document/{key}/graph"))
        described = {f"{BASE}place/kz/almaty": nodes.Node("City", "Almaty", "KZ", f"{BASE}place/kz")}
        found = Graph(reader.quads(graph=graph), described.get)
        assert found.document == texts("one")[0]
        assert found.claims == sorted(extract(texts("one")[0]), key=lambda claim: claim.id)


def test_the_same_again_changes_nothing(writer: Store) -> None:
    first = add(writer, texts("one", "two"), extract)
    again = add(writer, texts("two", "one", "one"), extract)
    assert (again.added, again.unchanged, again.claims, again.revision) == (0, 3, 0, first.revision)
    more = add(writer, texts("one", "three"), extract)
    assert (more.added, more.unchanged, more.revision) == (1, 1, first.revision + 1)


def test_one_bad_document_does_not_stop_the_rest(writer: Store) -> None:
    unreadable = DocumentError("x.txt is empty")
    report = add(writer, [*texts("one"), unreadable, *texts("refuse", "bad iri", "nonsense", "empty", "two")], extract)
    assert (report.added, report.claims) == (3, 4)
    assert report.errors[0] is unreadable
    assert [type(error) for error in report.errors] == [DocumentError] * 4
    assert "cannot be recorded" in str(report.errors[2]) and texts("bad iri")[0].id in str(report.errors[2])
    assert len(values(writer, "SELECT ?d { ?d a kb:Document }")) == 3


def test_what_breaks_a_shape_is_not_recorded(writer: Store) -> None:
    seen: list[bytes] = []

    def check(quads: bytes) -> Sequence[Fault]:
        seen.append(quads)
        return [Fault("ClaimShape-quote", f"claim/{n}", None, "is wrong") for n in range(5)] if b"two" in quads else []

    report = add(writer, texts("one", "two"), extract, check=check)
    assert report.added == 1
    (error,) = report.errors
    assert isinstance(error, ValidationError) and "claim/0: is wrong" in str(error) and "and 2 more" in str(error)
    assert len(values(writer, "SELECT ?d { ?d a kb:Document }")) == 1
    assert len(seen) == 2 and all(validate(quads) == [] for quads in seen)


def test_broken_rules_and_a_broken_store_end_the_run(writer: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuleError):
        add(writer, texts("one", "broken", "two"), extract)

    def full(key: str, quads: bytes) -> bool:
        raise StoreError("the disk is full")

    monkeypatch.setattr(writer, "add_document", full)
    with pytest.raises(StoreError, match="full"):
        add(writer, texts("three"), extract)
    monkeypatch.undo()
    report = add(writer, texts("one", "two", "three"), extract)
    assert (report.added, report.unchanged) == (2, 1)


def test_publishers_and_known_actors_are_the_nodes_of_the_reference_data(writer: Store) -> None:
    agency = next(entry for entry in Reference.load().actors if entry.type == "outlet" and "AFP" in entry.names)
    add(writer, [*texts("one"), Document(text="Riots, two", publisher="Nobody's Gazette")], extract)
    assert values(writer, "SELECT DISTINCT ?p { ?d dcterms:publisher ?p }") == [
        BASE + agency.local,
        f"{BASE}actor/nobodys-gazette",
    ]
    assert values(writer, "SELECT ?t { ?d kb:publisherText ?t }") == ["AFP", "Nobody's Gazette"]
    assert values(writer, f"SELECT ?l {{ <{agency.local}> rdfs:label ?l }}") == [agency.label]


def test_a_node_has_one_label_however_many_documents_name_it(writer: Store) -> None:
    spellings = ("The Front", "the front", "THE FRONT")

    def extract_front(document: Document) -> list[Claim]:
        return [event(document, source=Actor(text=document.text[-9:], name=document.text[-9:]))]

    report = add(writer, [Document(text=f"Riots: {name}") for name in spellings], extract_front)
    assert report.added == 3
    assert values(writer, f"SELECT ?l {{ <{BASE}actor/the-front> rdfs:label ?l }}") == ["The Front"]
    assert len(values(writer, f"SELECT ?p {{ ?p kb:actor <{BASE}actor/the-front> }}")) == 3
    assert values(writer, f"SELECT ?n {{ ?p kb:actor <{BASE}actor/the-front> ; kb:actorName ?n }}") == sorted(spellings)
    doubled = "SELECT ?x { ?x rdfs:label ?l } GROUP BY ?x HAVING(COUNT(DISTINCT ?l) > 1)"
    assert [node for node in values(writer, doubled) if node.startswith(BASE)] == []


def test_readers_do_not_wait_for_the_end_of_a_long_batch(writer: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "PUBLISH_SECONDS", 0.0)
    monkeypatch.setattr(ingest, "_SHARE", 0)
    revisions: list[int] = []
    add(writer, texts("one", "two", "three"), extract, lambda outcome: revisions.append(writer.revision))
    assert len(set(revisions)) == 3


RUN = """
import sys, time
sys.path.insert(0, sys.argv[2])
from kb.ingest import add
from kb.store import open_store
from tests.test_ingest import extract, texts
with open_store(sys.argv[1], create=True) as store:
    documents = texts(*map(str, range(100)))
    add(store, documents, extract, lambda outcome: print(outcome.state, flush=True), check=lambda quads: [])
"""


@pytest.mark.parametrize("after", [1, 20, 60])
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, after: int) -> None:
    where, root = tmp_path / "s", Path(__file__).resolve().parents[1]
    process = subprocess.Popen([sys.executable, "-c", RUN, str(where), str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(after):
        assert process.stdout.readline() == "added\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with open_store(where, write=True) as store:
        kept = values(store, "SELECT ?d { ?d a kb:Document }")
        assert len(kept) >= after
        per_document = "SELECT (COUNT(?c) AS ?n) { ?c kb:document ?d } GROUP BY ?d"
        assert set(values(store, per_document)) == {"2"}
        report = add(store, texts(*map(str, range(100))), extract, check=lambda quads: [])
        assert (report.added, report.unchanged) == (100 - len(kept), len(kept))
        assert len(values(store, "SELECT ?e { ?e a kb:Event }")) == 100
    with open_store(where) as reader:
        assert len(values(reader, "SELECT ?d { ?d a kb:Document }")) == 100


def test_what_a_killed_run_had_recorded_is_tracked_and_published_by_the_next(writer: Store) -> None:
    (document,) = texts("one")
    claims = extract(document)
    writer.add_document(document.key, document_quads(document, claims, BASE, NOW))
    before = writer.revision
    report = add(writer, [document], extract)
    assert (report.added, report.unchanged) == (0, 1) and report.revision == before + 1
    with open_store(writer.path) as reader:
        assert len(values(reader, "SELECT ?c { ?c kb:event ?e }")) == 2
