"""The compiled shapes: their verdicts are pySHACL's, what they do not understand is refused, and they are fast."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import resources, validate
from kb.errors import FactlineError
from kb.model import Document
from kb.rdf import document_quads
from kb.validate.values import value_of
from tests import sample, strategies
from tests.shacl_reference import Verdict, verdict

KB = resources.NAMESPACE
BASE = resources.DEFAULT_BASE
XSD = "http://www.w3.org/2001/XMLSchema#"
EXAMPLES = sorted(resources.path("ontology", "examples").rglob("*.ttl"))
VALID = [file for file in EXAMPLES if file.parent.name == "valid"]
# A claim of every kind with all that it may have, and an event.
SOURCES = [*VALID, *sample.CLAIMS]


def read(source: object) -> list[ox.Triple]:
    if isinstance(source, Path):
        quads = ox.parse(source.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=BASE)
    else:
        assert isinstance(source, Document)
        quads = ox.parse(
            document_quads(source, sample.CLAIMS[source], BASE, strategies.NOW), format=ox.RdfFormat.N_QUADS
        )
    return [quad.triple for quad in quads if isinstance(quad, ox.Quad)]


def ours(facts: Sequence[ox.Triple]) -> Verdict:
    return {(fault.shape, fault.node, fault.value, fault.message) for fault in validate.validate(facts)}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_verdict_on_an_example_is_that_of_pyshacl(file: Path) -> None:
    facts = read(file)
    assert len(facts) > 5
    assert ours(facts) == verdict(facts)
    assert bool(ours(facts)) == (file.parent.name == "invalid")


# Faults: a fact is left out, doubled with another value, given another value, property or subject.

DAYS = {KB + "earliest", KB + "latest"}
NUMBERS = {KB + "minimum", KB + "maximum", KB + "start", KB + "end"}
WORDS = st.sampled_from(["", "x", "KZ", "kz", "13", "-1", "2022-01-04", "true", "AFP\n", "é"])


def literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


plain = WORDS.map(ox.Literal) | WORDS.map(lambda text: ox.Literal(text, language="en"))
typed = (
    st.integers(-3, 5_000).map(lambda number: literal(str(number), "integer"))
    # engines write whole and very small numbers of these types in more than one way
    | st.integers(-2_000, 2_000).map(lambda number: literal(repr(number / 10 + 0.05), "double"))
    | st.decimals(-2, 2, places=1).filter(lambda number: number % 1).map(lambda number: literal(str(number), "decimal"))
    | st.dates().map(lambda day: literal(day.isoformat(), "date"))
    | strategies.moments.map(lambda moment: literal(moment.isoformat(), "dateTime"))
    | st.sampled_from(["true", "false"]).map(lambda text: literal(text, "boolean"))
    | st.sampled_from(["integer", "double", "date", "dateTime"]).map(lambda name: literal("many", name))
    | st.sampled_from(["2022-02-30", "2022-13-01"]).map(lambda text: literal(text, "date"))
)
names = ["Killed", "AtLeast", "Asserted", "Certain", "Riot", "Approved", "Military", "Source", "Actor", "Event"]
names += ["CasualtyClaim", "CrowdClaim", "Place", "Participation", "Group", "Document", "NoSuchTerm"]
terms = st.sampled_from(names).map(lambda name: ox.NamedNode(KB + name))


@st.composite
def faulty(draw: st.DrawFn) -> list[ox.Triple]:
    facts = list(read(draw(st.sampled_from(SOURCES))))
    nodes = sorted({it for it in (fact.subject for fact in facts) if isinstance(it, ox.NamedNode)}, key=str)
    links = sorted({fact.predicate for fact in facts}, key=str)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(facts) - 1))
        fact = facts.pop(place)
        value = draw(values(fact, nodes))
        match draw(st.sampled_from(["leave out", "double", "change", "move", "give"])):
            case "double":
                facts += [fact, ox.Triple(fact.subject, fact.predicate, value)]
            case "change":
                facts.append(ox.Triple(fact.subject, fact.predicate, value))
            case "move":
                facts.append(ox.Triple(fact.subject, draw(st.sampled_from(links)), fact.object))
            case "give":
                facts.append(ox.Triple(draw(st.sampled_from(nodes)), fact.predicate, fact.object))
    # Where an order or a sum is asked for, pySHACL stops at blank nodes and compares what does not compare; what we do
    # with such values is tested below.
    return [fact for fact in facts if sound(fact.predicate, fact.object)]


def values(fact: ox.Triple, nodes: list[ox.NamedNode]) -> st.SearchStrategy[ox.NamedNode | ox.BlankNode | ox.Literal]:
    if fact.predicate.value in DAYS:
        return st.dates().map(lambda day: literal(day.isoformat(), "date"))
    if fact.predicate.value in NUMBERS:
        return st.integers(-3, 5_000).map(lambda number: literal(str(number), "integer"))
    return plain | typed | terms | st.sampled_from(nodes) | st.just(ox.BlankNode("b"))


def sound(predicate: ox.NamedNode, about: object) -> bool:
    if predicate.value not in DAYS | NUMBERS:
        return True
    expected = "date" if predicate.value in DAYS else "number"
    found = value_of(about) if isinstance(about, ox.Literal) else None
    return found is not None and found[0] == expected


@pytest.fixture(scope="module", autouse=True)
def quiet() -> None:
    """rdflib logs every literal that is not well formed."""
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(facts=faulty())
def test_the_verdict_on_faults_is_that_of_pyshacl(facts: list[ox.Triple]) -> None:
    assert ours(facts) ^ verdict(facts) == set()


def test_the_faults_break_most_shapes() -> None:
    """The comparison above would mean little if what it makes were mostly valid."""
    seen: set[str] = set()

    @settings(max_examples=250, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(facts=faulty())
    def look(facts: list[ox.Triple]) -> None:
        seen.update(shape for shape, _, _, _ in ours(facts))

    look()
    assert len(seen) > 40


# Values that do not compare are faults, as SPARQL has it.


@pytest.mark.parametrize(
    "maximum",
    [literal("many", "integer"), ox.Literal("14"), literal("2022-01-04", "date"), ox.NamedNode(BASE + "x")],
    ids=str,
)
def test_what_does_not_compare_is_not_at_most(maximum: ox.Literal | ox.NamedNode) -> None:
    facts = [*read(VALID[0]), ox.Triple(ox.NamedNode(BASE + "claim/c1"), ox.NamedNode(KB + "maximum"), maximum)]
    assert {shape for shape, _, _, _ in ours(facts)} == {"ClaimShape-minimum", "ClaimShape-maximum"}


@pytest.mark.parametrize(
    ("text", "datatype", "sound"),
    [
        ("13", "integer", True),
        ("+13", "integer", True),
        ("1_3", "integer", False),
        ("1.0", "integer", False),
        ("INF", "double", True),
        ("1e3", "double", True),
        ("1e", "double", False),
        ("2022-02-29", "date", False),
        ("2024-02-29", "date", True),
        ("2022-01-04Z", "date", True),
        ("2022-01-04T10:00:00", "dateTime", True),
        ("2022-01-04", "dateTime", False),
        ("yes", "boolean", False),
        ("1", "boolean", True),
    ],
)
def test_literals_are_well_formed_or_not(text: str, datatype: str, sound: bool) -> None:
    shapes = validate.compile_shapes(
        HEAD
        + f"kb:A sh:property kb:B . kb:B a sh:PropertyShape ; sh:path kb:p ; sh:datatype <{XSD}{datatype}> ;"
        'sh:message "No." .'.encode()
    )
    thing = ox.NamedNode("urn:x")
    facts = [
        ox.Triple(thing, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(KB + "Claim")),
        ox.Triple(thing, ox.NamedNode(KB + "p"), literal(text, datatype)),
    ]
    assert (shapes.faults(validate.Facts(facts)) == []) is sound


# What is not understood

HEAD = (
    f"@prefix kb: <{KB}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <{XSD}> . "
    "kb:A a sh:NodeShape ; sh:targetClass kb:Claim . "
).encode()


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("kb:A sh:closed true .", "the shape A has sh:closed"),
        ("kb:A sh:not [ sh:class kb:Event ] .", "sh:not"),
        (
            'kb:A sh:property kb:B . kb:B sh:path kb:p ; sh:uniqueLang true ; sh:message "." .',
            "the shape B has sh:uniqueLang",
        ),
        ('kb:A sh:property kb:B . kb:B sh:path [ sh:zeroOrMorePath kb:p ] ; sh:message "." .', "a path"),
        ("kb:A sh:property kb:B . kb:B sh:path kb:p ; sh:minCount 1 .", "without sh:message"),
        ('kb:A sh:property kb:B . kb:B sh:path kb:p , kb:q ; sh:message "." .', "exactly one sh:path"),
        ('kb:A sh:property kb:B . kb:B sh:path kb:p ; sh:datatype xsd:duration ; sh:message "." .', "duration"),
        ('kb:A sh:property kb:B . kb:B sh:path kb:p ; sh:nodeKind sh:Literal ; sh:message "." .', "sh:nodeKind"),
        ('kb:A sh:property kb:B . kb:B sh:path kb:p ; sh:minInclusive kb:Few ; sh:message "." .', "literal is due"),
        ("kb:B a sh:PropertyShape ; sh:path kb:p .", "no node shape applies"),
        ("kb:C a sh:NodeShape ; sh:targetSubjectsOf kb:p .", "sh:targetSubjectsOf"),
        ("kb:A sh:or ( [ sh:closed true ] ) .", "sh:closed"),
        ('kb:A sh:sparql [ sh:select "SELECT" ] .', "without sh:message"),
        ('kb:A sh:sparql [ sh:ask "ASK {}" ; sh:message "." ] .', "sh:ask"),
        ("kb:A sh:property [", "not valid Turtle"),
    ],
)
def test_what_is_not_understood_is_refused(turtle: str, said: str) -> None:
    with pytest.raises(FactlineError, match=said.replace("(", r"\(")):
        validate.compile_shapes(HEAD + turtle.encode())


def test_no_shapes_are_no_shapes() -> None:
    with pytest.raises(FactlineError, match="no shapes"):
        validate.compile_shapes(b"")


# Cost


def test_a_document_is_checked_in_milliseconds() -> None:
    quads = [document_quads(document, claims, BASE, strategies.NOW) for document, claims in sample.CLAIMS.items()]
    assert min(len(quad.splitlines()) for quad in quads) > 10
    validate.validate(quads[0])
    begun = time.process_time()
    for _ in range(10):
        for data in quads:
            assert validate.validate(data) == []
    assert (time.process_time() - begun) / (10 * len(quads)) < 0.005
