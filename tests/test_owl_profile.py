"""The ontology is within OWL 2 DL, and the check of that finds what is not."""

from __future__ import annotations

import pytest
import rdflib

from kb import resources
from tests.owl_profile import faults
from tests.test_ontology import ROOT, modules, read

HEAD = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        "kb": resources.NAMESPACE,
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


def test_the_ontology_is_within_owl_2_dl() -> None:
    graph = modules()
    assert len(graph) > 2_000
    assert faults(graph) == []


def test_with_the_matches_of_codebooks_it_still_is() -> None:
    files = [ROOT / "alignments" / f"{name}.ttl" for name in ("acled", "plover", "cameo")]
    graph = modules() + read(files)
    graph.add((rdflib.DCTERMS.source, rdflib.RDF.type, rdflib.OWL.AnnotationProperty))
    assert faults(graph) == []


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("kb:Claim kb:unheardOf kb:Riot .", "unheardOf is used as a property and not declared"),
        ("kb:Claim rdfs:subClassOf kb:Nowhere .", "Nowhere is used as a class and not declared"),
        ("kb:quote a owl:ObjectProperty .", "quote is two kinds of property"),
        ("kb:Claim a rdfs:Datatype .", "Claim is a class and a datatype"),
        ("owl:Thing a owl:Class .", "belongs to the language"),
        ('kb:Riot kb:member "Kazakhstan" .', "wrong kind for"),
        ("kb:Riot kb:acronym kb:Killed .", "wrong kind for"),
        ('kb:Riot kb:until "2022-01-05"^^xsd:date .', "no datatype of OWL 2"),
        ("kb:acronym rdfs:range xsd:date .", "which is no datatype"),
        ("kb:member rdfs:range kb:Nothing .", "which is no class"),
        ("kb:within a owl:FunctionalProperty .", "within is composite"),
        ("kb:somewhereWithin a owl:FunctionalProperty .", "somewhereWithin is composite"),
        (
            "kb:Place rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kb:within ; owl:maxCardinality 1 ] .",
            "counted in a restriction",
        ),
        ("kb:place owl:propertyChainAxiom ( kb:somewhereWithin kb:within ) .", "rests on itself"),
        ("kb:Place rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kb:within ] .", "one property and one filler"),
        ("kb:Place rdfs:seeAlso [ rdfs:label 'x' ] .", "a blank node is no expression"),
    ],
)
def test_what_is_outside_is_found(turtle: str, said: str) -> None:
    graph = modules()
    graph.parse(data=HEAD + turtle, format="turtle")
    found = faults(graph)
    assert any(said in fault for fault in found), found
