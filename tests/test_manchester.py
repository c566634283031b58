"""Axioms in the Manchester syntax: every kind of expression, and each term of ours that has one."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kb.errors import FactlineError
from kb.reason import manchester
from kb.reason.manchester import Frame
from kb.resources import NAMESPACE

HEAD = f"""@prefix kb: <{NAMESPACE}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(turtle: str) -> dict[str, tuple[Frame, ...]]:
    quads = ox.parse(HEAD + turtle, format=ox.RdfFormat.TURTLE)
    return {iri.removeprefix(NAMESPACE): of for iri, of in manchester.read(quads).items()}


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("kb:A owl:equivalentClass [ owl:intersectionOf ( kb:B kb:C ) ] .", "EquivalentTo: kb:B and kb:C"),
        (
            "kb:A owl:equivalentClass [ owl:unionOf ( kb:B [ owl:complementOf kb:C ] ) ] .",
            "EquivalentTo: kb:B or not kb:C",
        ),
        (
            "kb:A rdfs:subClassOf [ owl:onProperty kb:p ; owl:someValuesFrom [ owl:unionOf ( kb:B kb:C ) ] ] .",
            "SubClassOf: kb:p some (kb:B or kb:C)",
        ),
        ("kb:A rdfs:subClassOf [ owl:onProperty kb:p ; owl:allValuesFrom kb:B ] .", "SubClassOf: kb:p only kb:B"),
        ("kb:A rdfs:subClassOf [ owl:onProperty kb:p ; owl:hasValue 3 ] .", "SubClassOf: kb:p value 3"),
        ("kb:A rdfs:subClassOf [ owl:onProperty kb:p ; owl:maxCardinality 1 ] .", "SubClassOf: kb:p max 1"),
        (
            "kb:A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf kb:p ] ; owl:someValuesFrom "
            "[ owl:oneOf ( kb:b kb:c ) ] ] .",
            "SubClassOf: inverse kb:p some {kb:b, kb:c}",
        ),
        (
            "kb:A owl:equivalentClass [ owl:onDatatype xsd:integer ; owl:withRestrictions "
            "( [ xsd:minInclusive 1 ] [ xsd:maxExclusive 9 ] ) ] .",
            "EquivalentTo: xsd:integer[>= 1, < 9]",
        ),
        ("kb:A owl:propertyChainAxiom ( kb:p [ owl:inverseOf kb:q ] ) .", "SubPropertyChain: kb:p o inverse kb:q"),
        ("kb:A a owl:FunctionalProperty , owl:TransitiveProperty .", "Characteristics: Functional, Transitive"),
        ("kb:A owl:hasKey ( kb:p kb:q ) .", "HasKey: kb:p, kb:q"),
        (
            "[] a owl:AllDisjointClasses ; owl:members ( kb:A kb:C kb:B ) . kb:A owl:disjointWith kb:D .",
            "DisjointWith: kb:B, kb:C, kb:D",
        ),
    ],
)
def test_each_kind_of_axiom_has_its_words(turtle: str, said: str) -> None:
    assert [f"{keyword}: {text}" for keyword, text in read(turtle)["A"]] == [said]


def test_links_to_other_terms_are_no_frames() -> None:
    assert read("kb:A a owl:Class ; rdfs:subClassOf kb:B ; owl:equivalentClass kb:C .") == {}


def test_what_has_no_words_is_refused() -> None:
    with pytest.raises(FactlineError, match="a restriction of kb:p"):
        read("kb:A rdfs:subClassOf [ owl:onProperty kb:p ; owl:hasSelf true ] .")


def test_the_ontology_is_told_whole() -> None:
    found = manchester.frames()
    assert len(found) > 100
    assert found[NAMESPACE + "MassCasualtyEvent"][0] == Frame(
        "EquivalentTo", "kb:Event and (inverse kb:event some kb:MassCasualtyClaim)"
    )
    assert all("_:" not in text and "http" not in text for of in found.values() for _, text in of)
