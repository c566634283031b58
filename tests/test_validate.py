"""The shapes: what is valid passes, each shape finds what breaks it, and a store is checked whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from rdflib import RDF, SH

from kb import resources, validate
from kb.errors import FactlineError
from kb.model import Claim, Document
from kb.rdf import document_quads
from kb.store import Store, open_store
from tests import sample, strategies

EXAMPLES = resources.path("ontology", "examples")
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
CLAIM = resources.DEFAULT_BASE + "claim/c1"


def facts(text: str) -> list[ox.Triple]:
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=resources.DEFAULT_BASE)
    return [quad.triple for quad in quads if isinstance(quad, ox.Quad)]


def broken(file: Path) -> set[str]:
    """The shapes that a file of examples/invalid says that it breaks."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {line.removeprefix("# breaks: kb:") for line in lines if line.startswith("# breaks: kb:")}


def messages() -> dict[str, str]:
    """The message of every shape with a name that finds faults of its own."""
    graph = rdflib.Graph().parse(resources.path("ontology", "shapes", "data.ttl"))
    found = {}
    for kind in (SH.PropertyShape, SH.NodeShape):
        for shape in graph.subjects(RDF.type, kind):
            message = graph.value(shape, SH.message) or graph.value(graph.value(shape, SH.sparql), SH.message)
            if isinstance(shape, rdflib.URIRef) and message is not None:
                found[str(shape).removeprefix(resources.NAMESPACE)] = str(message)
    return found


# Examples


def test_there_are_examples() -> None:
    assert len(VALID) >= 5
    assert len(INVALID) > 70


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_a_valid_example_passes(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(facts(text)) > 5
    assert validate.validate(facts(text)) == []


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_example_breaks_the_shape_that_it_names(file: Path) -> None:
    found = validate.validate(facts(file.read_text(encoding="utf-8")))
    assert len(broken(file)) == 1
    assert {fault.shape for fault in found} == broken(file)
    known = messages()
    assert {fault.message for fault in found} == {known[shape] for shape in broken(file)}


def test_every_shape_has_an_example_that_breaks_it() -> None:
    named = {shape for file in INVALID for shape in broken(file)}
    assert named == set(messages())


# Evidence


def crowd(text: str, quote: str, start: int, end: int) -> list[ox.Triple]:
    file = EXAMPLES / "valid" / "crowd.ttl"
    found = facts(file.read_text(encoding="utf-8"))
    values: dict[str, str | int] = {"text": text, "quote": quote, "start": start, "end": end}
    changed = []
    for fact in found:
        name = fact.predicate.value.removeprefix(resources.NAMESPACE)
        about = ox.Literal(values[name]) if name in values else fact.object
        changed.append(ox.Triple(fact.subject, fact.predicate, about))
    return changed


@pytest.mark.parametrize(
    ("text", "quote", "start", "end"),
    [
        ("1,000 протестующих у мэрии", "у мэрии", 19, 26),
        ("🔥🔥 More than 1,000 protesters", "More than 1,000", 3, 18),
        ('Line one\n\tand 1,000 "more"', '1,000 "more"', 14, 26),
        ("e\u0301tat 1,000", "\u0301tat", 1, 5),
        ("x", "x", 0, 1),
    ],
)
def test_offsets_count_characters(text: str, quote: str, start: int, end: int) -> None:
    assert text[start:end] == quote
    assert validate.validate(crowd(text, quote, start, end)) == []
    # UTF-16 units would be two further on after the two flames.
    moved = validate.validate(crowd(text, quote, start + 1, end + 1))
    assert [(fault.shape, fault.node, fault.value) for fault in moved] == [("EvidenceShape", CLAIM, quote)]


def test_a_fault_reads_as_a_sentence() -> None:
    fault = validate.validate(crowd("1,000 people", "1,000", 1, 6))[0]
    assert str(fault) == (
        f"{CLAIM}: The quote of a claim is not what stands in its document between its start and its end. "
        "(here: 1,000) [EvidenceShape]"
    )


def test_bytes_that_are_no_n_quads_are_refused() -> None:
    with pytest.raises(FactlineError, match="not valid N-Quads"):
        validate.validate(b"<a> <b> .")


# What Factline itself writes


@pytest.mark.parametrize("document", sample.CLAIMS, ids=lambda document: document.id)
def test_recorded_documents_are_valid(document: Document) -> None:
    quads = document_quads(document, sample.CLAIMS[document], sample.BASE, strategies.NOW)
    assert len(quads.splitlines()) > 10
    assert validate.validate(quads) == []


# The model lets these through: event types are checked against the ontology, not listed in the model; a subset may name
# a claim of another document; and a position may lack a half.
LEFT_OPEN = {"EventClaimShape-eventType", "ClaimShape-eventType", "CasualtyShape-subsetOf", "PositionShape"}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(recorded=strategies.recorded(most=2))
def test_what_the_model_allows_the_shapes_allow(recorded: tuple[Document, list[Claim]]) -> None:
    document, claims = recorded
    faults = validate.validate(document_quads(document, claims, strategies.BASE, strategies.NOW))
    assert {fault.shape for fault in faults} <= LEFT_OPEN


# A store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store", write=True, create=True) as opened:
        sample.record(opened)
        yield opened


def test_a_store_is_checked_whole(store: Store) -> None:
    seen: list[str] = []
    report = validate.check(store, seen.append)
    assert report.faults == ()
    assert (report.documents, len(seen)) == (3, 3)
    assert report.claims == 12
    assert report.events > 0


def test_a_broken_document_in_a_store_is_found(store: Store) -> None:
    graph = store.iri("document/broken/graph")
    text = (EXAMPLES / "invalid" / "evidence-shape.ttl").read_text(encoding="utf-8")
    lines = [f"{fact.subject} {fact.predicate} {fact.object} <{graph}> .\n" for fact in facts(text)]
    store.add_graph(graph, "".join(lines).encode())
    report = validate.check(store)
    assert report.documents == 4
    assert [fault.shape for fault in report.faults] == ["EvidenceShape"]


def test_a_link_to_nowhere_is_found(store: Store) -> None:
    graph = store.iri("document/dangling/graph")
    text = (EXAMPLES / "valid" / "crowd.ttl").read_text(encoding="utf-8").replace("<actor/kz-protesters>", "<actor/x>")
    lines = [
        f"{fact.subject} {fact.predicate} {fact.object} <{graph}> .\n"
        for fact in facts(text)
        if not str(fact.subject).endswith("/actor/x>")
    ]
    store.add_graph(graph, "".join(lines).encode())
    faults = validate.check(store).faults
    assert [(fault.shape, fault.value) for fault in faults] == [("described", store.iri("actor/x"))]


def test_a_merge_that_is_not_that_of_the_graphs_is_found(store: Store) -> None:
    predicate, value = ox.NamedNode("x:p"), ox.Literal("1")
    store.engine.add(ox.Quad(ox.NamedNode("x:m"), predicate, value, ox.NamedNode("x:graph")))
    store.engine.add(ox.Quad(ox.NamedNode("x:b"), predicate, value))
    faults = [fault for fault in validate.check(store).faults if fault.shape == "merge"]
    assert [(fault.node, fault.value) for fault in faults] == [
        ("<x:m>", '<x:p> "1" in <x:graph>'),
        ("<x:b>", '<x:p> "1"'),
    ]
