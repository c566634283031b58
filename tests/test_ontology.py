"""The ontology: files, terms, vocabularies, style, and whether it contradicts itself."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import owlready2
import pyshacl
import pytest
import rdflib
import yaml
from rdflib import OWL, RDF, RDFS, SH, SKOS

from kb import resources
from kb.model import ActorType, Certainty, Harm, Hedge, Modality, Phase, Precision, VictimClass
from kb.rdf.table import DOCUMENT_NAMES, KINDS, NODE_NAMES
from kb.reason.consistency import consistency, explain

ROOT = resources.folder("ontology")
KB = rdflib.Namespace(resources.NAMESPACE)
MODULES = ("core", "axioms", "vocabularies", "labels")
FILES = sorted(ROOT.rglob("*.ttl"))


def read(files: Iterable[Path]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in files:
        graph.parse(file, publicID=resources.DEFAULT_BASE)
    return graph


def modules() -> rdflib.Graph:
    return read([ROOT / "kb.ttl", *(file for name in MODULES for file in (ROOT / name).glob("*.ttl"))])


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    graph = modules()
    assert len(graph) > 1_000
    return graph


def local(node: object) -> str:
    return str(node).removeprefix(KB)


def terms(graph: rdflib.Graph) -> set[str]:
    return {local(node) for node in graph.subjects(RDFS.isDefinedBy) if str(node).startswith(KB)}


def test_there_are_files_in_every_folder() -> None:
    folders = {file.relative_to(ROOT).parts[0] for file in FILES}
    assert folders == {*MODULES, "kb.ttl", "alignments", "reference", "shapes", "examples"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_parses_and_says_something(file: Path) -> None:
    assert len(read([file])) > 3


def test_the_header_imports_every_module(ontology: rdflib.Graph) -> None:
    header = rdflib.URIRef(resources.ONTOLOGY)
    imported = set(ontology.objects(header, OWL.imports))
    declared = set(ontology.subjects(RDF.type, OWL.Ontology)) - {header}
    assert imported == declared
    assert len(imported) == sum(len(list((ROOT / name).glob("*.ttl"))) for name in MODULES)
    version = str(ontology.value(header, OWL.versionIRI))
    assert version == f"{resources.ONTOLOGY}/{ontology.value(header, OWL.versionInfo)}"


def test_the_header_says_what_who_publishes_needs(ontology: rdflib.Graph) -> None:
    header = rdflib.URIRef(resources.ONTOLOGY)
    vann = rdflib.Namespace("http://purl.org/vocab/vann/")
    terms_ = rdflib.DCTERMS
    for predicate in (
        terms_.title, terms_.description, terms_.abstract, terms_.creator, terms_.created, terms_.modified,
        terms_.license, terms_.rights, terms_.language, OWL.versionIRI, OWL.priorVersion, RDFS.label,
    ):  # fmt: skip
        assert (header, predicate, None) in ontology, predicate
    assert str(ontology.value(header, vann.preferredNamespacePrefix)) == "kb"
    assert str(ontology.value(header, vann.preferredNamespaceUri)) == resources.NAMESPACE
    version = str(ontology.value(header, OWL.versionInfo))
    assert version in str(ontology.value(header, terms_.bibliographicCitation))
    assert str(ontology.value(header, OWL.priorVersion)).rpartition("/")[2] < version
    for module in ontology.subjects(RDF.type, OWL.Ontology):
        assert (module, terms_.title, None) in ontology, module
        assert ontology.value(module, terms_.license) == ontology.value(header, terms_.license), module


# Terms


def test_every_term_of_ours_that_is_used_is_declared(ontology: rdflib.Graph) -> None:
    used = set()
    for file in [*FILES, *resources.folder("queries").glob("*.rq")]:
        if file.parts[-2] not in ("invalid", "shapes"):
            text = re.sub(r"<[^<>]*>|\"[^\"\n]*\"|#.*", "", file.read_text(encoding="utf-8"))
            used.update(re.findall(r"\bkb:([A-Za-z]+)\b", text))
    declared = terms(ontology) | terms(read([ROOT / "alignments" / "qb.ttl"]))
    assert len(used) > 100
    assert used <= declared, sorted(used - declared)


def test_every_field_of_a_claim_has_a_declared_property(ontology: rdflib.Graph) -> None:
    names = {row.name for kind in KINDS.values() for row in kind.rows} | {*NODE_NAMES, *DOCUMENT_NAMES}
    names |= {role.name for kind in KINDS.values() for role in kind.roles}
    names |= {name for kind in KINDS.values() for place in kind.places for name in (place.name, place.text)}
    properties = {
        local(node) for kind in (OWL.ObjectProperty, OWL.DatatypeProperty) for node in ontology.subjects(RDF.type, kind)
    }
    assert len(names) > 50
    assert names <= properties, sorted(names - properties)


def test_every_kind_of_claim_is_a_class(ontology: rdflib.Graph) -> None:
    classes = {local(node) for node in ontology.subjects(RDFS.subClassOf, KB.Claim)}
    assert classes == {kind.name for kind in KINDS.values()}


# Vocabularies


def pascal(value: str) -> str:
    return "".join(part.capitalize() for part in value.split("-"))


@pytest.mark.parametrize(
    ("values", "scheme", "kind"),
    [
        (Harm, "Harms", "Harm"),
        (Hedge, "Hedges", "Hedge"),
        (Modality, "Modalities", "Modality"),
        (Certainty, "Certainties", "Certainty"),
        (Phase, "Phases", "Phase"),
        (VictimClass, "VictimClasses", "VictimClass"),
    ],
)
def test_a_vocabulary_has_the_values_of_the_model(
    ontology: rdflib.Graph, values: type[StrEnum], scheme: str, kind: str
) -> None:
    concepts = {local(node): node for node in ontology.subjects(SKOS.inScheme, KB[scheme])}
    assert set(concepts) == {pascal(value) for value in values}
    for value in values:
        node = concepts[pascal(value)]
        assert str(ontology.value(node, SKOS.notation)) == value
        assert (node, RDF.type, KB[kind]) in ontology


def test_participations_have_a_role_for_every_field_with_actors(ontology: rdflib.Graph) -> None:
    roles = {local(node) for node in ontology.subjects(SKOS.inScheme, KB.ParticipationRoles)}
    assert roles == {role.role for kind in KINDS.values() for role in kind.roles}


def test_actor_types_and_precisions_are_classes(ontology: rdflib.Graph) -> None:
    assert {local(node) for node in ontology.subjects(RDFS.subClassOf, KB.Actor)} - {"SecurityForces"} == {
        pascal(t) for t in ActorType
    }
    assert {local(node) for node in ontology.subjects(RDFS.subClassOf, KB.Place)} == {pascal(p) for p in Precision}


def test_the_lexicon_of_events_names_event_types(ontology: rdflib.Graph) -> None:
    lexicon = Path(__file__).parents[1] / "kb" / "extract" / "lexicon" / "events.yaml"
    named = set(yaml.safe_load(lexicon.read_text(encoding="utf-8")))
    known = {str(ontology.value(node, SKOS.notation)) for node in ontology.subjects(SKOS.inScheme, KB.EventTypes)}
    assert len(named) > 20
    assert named <= known, named - known


def test_a_broader_concept_is_in_the_same_scheme(ontology: rdflib.Graph) -> None:
    pairs = list(ontology.subject_objects(SKOS.broader))
    assert len(pairs) > 8
    for narrower, broader in pairs:
        shared = set(ontology.objects(narrower, SKOS.inScheme)) & set(ontology.objects(broader, SKOS.inScheme))
        assert shared, narrower


# Style


def near(graph: rdflib.Graph, term: rdflib.URIRef) -> rdflib.Graph:
    """What is said of a term and of what it links to: enough to see a fault in it, and looked at in no time."""
    found = rdflib.Graph()
    for node in {term, *graph.objects(term)}:
        for triple in graph.triples((node, None, None)):
            found.add(triple)
    return found


def style(graph: rdflib.Graph) -> set[str]:
    shapes = read([ROOT / "shapes" / "style.ttl"])
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    assert isinstance(report, rdflib.Graph)
    return {local(node) for node in report.objects(None, SH.sourceShape)}


def test_the_ontology_meets_its_style(ontology: rdflib.Graph) -> None:
    assert len(terms(ontology)) > 150
    assert style(ontology) == set()
    cubes = read([ROOT / "alignments" / "qb.ttl"])  # the one alignment with terms of our own
    assert len(terms(cubes)) == 3
    assert style(cubes) == set()


# What breaks a shape: a fact that is taken away, the one that is put in its place, and the shapes that see it.
FAULTS: list[tuple[tuple[rdflib.URIRef, rdflib.URIRef], str | None, set[str]]] = [
    ((KB.Claim, RDFS.isDefinedBy), None, {"OwnTermStyle"}),
    ((KB.Claim, RDFS.label), None, {"TermStyle-label"}),
    ((KB.Claim, RDFS.label), "Claim", {"TermStyle-label"}),
    ((KB.Claim, SKOS.definition), None, {"TermStyle-definition"}),
    ((KB.Claim, SKOS.definition), "a claim", {"TermStyle-definition"}),
    ((KB.Claim, SKOS.definition), "A claim, for example this.", {"TermStyle-noExample"}),
    ((KB.Claim, SKOS.example), None, {"TermStyle-example"}),
    ((KB.Claim, SKOS.scopeNote), "no full stop", {"TermStyle-scopeNote"}),
    ((KB.quote, RDFS.range), None, {"PropertyStyle"}),
    ((KB.Killed, SKOS.notation), "Killed", {"ConceptStyle-notation"}),
    ((KB.Asserted, SKOS.prefLabel), None, {"ConceptStyle-prefLabel", "TranslationStyle"}),
    ((KB.Killed, SKOS.inScheme), None, {"ConceptStyle-inScheme"}),
    ((KB.Killed, SKOS.topConceptOf), None, {"ConceptStyle-placed"}),
    ((KB.Claim, SKOS.prefLabel), None, {"TranslationStyle"}),
    ((KB.Claim, SKOS.prefLabel), "claim", {"TranslationStyle"}),
]
DECLARED: list[tuple[str, rdflib.URIRef, set[str]]] = [
    ("claimKind", OWL.Class, {"ClassNameStyle", "TranslationStyle", "OwnTermStyle"}),
    ("HasQuote", OWL.AnnotationProperty, {"PropertyNameStyle", "OwnTermStyle"}),
    ("quote", OWL.ObjectProperty, {"PropertyKindStyle"}),
]


@pytest.mark.parametrize(("triple", "new", "shapes"), FAULTS)
def test_the_style_finds_what_breaks_it(
    ontology: rdflib.Graph, triple: tuple[rdflib.URIRef, rdflib.URIRef], new: str | None, shapes: set[str]
) -> None:
    graph = near(ontology, triple[0])
    assert style(graph) == set()
    graph.remove((*triple, None))
    if new is not None:
        language = None if triple[1] == SKOS.notation else "en"
        graph.add((*triple, rdflib.Literal(new, lang=language)))
    assert style(graph) == shapes


@pytest.mark.parametrize(("name", "kind", "shapes"), DECLARED)
def test_the_style_finds_what_is_declared_wrongly(
    ontology: rdflib.Graph, name: str, kind: rdflib.URIRef, shapes: set[str]
) -> None:
    graph = near(ontology, KB[name])
    graph.add((KB[name], RDF.type, kind))
    assert style(graph) == shapes


def test_every_shape_of_the_style_has_a_fault_that_breaks_it() -> None:
    shapes = read([ROOT / "shapes" / "style.ttl"])
    named = {local(node) for node in shapes.subjects(SH.message) if isinstance(node, rdflib.URIRef)}
    assert named == set().union(*(it[-1] for it in [*FAULTS, *DECLARED]))


# Labels in other languages

SCRIPTS = {"ar": "ARABIC", "en": "LATIN", "es": "LATIN", "fr": "LATIN", "ru": "CYRILLIC", "uk": "CYRILLIC"}


def test_labels_are_in_the_script_of_their_language(ontology: rdflib.Graph) -> None:
    labels = [label for label in ontology.objects(None, SKOS.prefLabel) if isinstance(label, rdflib.Literal)]
    assert len(labels) > 600
    for label in labels:
        script = SCRIPTS[str(label.language)]
        assert all(unicodedata.name(letter).startswith(script) for letter in label if letter.isalpha()), label
        # Letters that only one of the two has.
        assert not (label.language == "ru" and set(label) & set("ґєіїҐЄІЇ'")), label
        assert not (label.language == "uk" and set(label) & set("ёъыэЁЪЫЭ")), label


def test_the_english_label_is_the_label(ontology: rdflib.Graph) -> None:
    for term, label in ontology.subject_objects(SKOS.prefLabel):
        if isinstance(label, rdflib.Literal) and label.language == "en":
            assert label == ontology.value(term, RDFS.label), term


@pytest.mark.parametrize("language", SCRIPTS)
def test_two_concepts_of_a_scheme_have_two_labels(ontology: rdflib.Graph, language: str) -> None:
    for scheme in set(ontology.objects(None, SKOS.inScheme)):
        named = [
            str(label)
            for concept in ontology.subjects(SKOS.inScheme, scheme)
            for label in ontology.objects(concept, SKOS.prefLabel)
            if isinstance(label, rdflib.Literal) and label.language == language
        ]
        assert len(named) == len(set(named)), scheme


# Alignments

CODEBOOKS = ("acled", "cameo", "plover")


@pytest.mark.parametrize("name", ["acled", "cameo", "geosparql", "oa", "plover", "prov", "qb", "schema", "sem", "time"])
def test_an_alignment_imports_both_sides_and_says_something_of_ours(name: str, ontology: rdflib.Graph) -> None:
    graph = read([ROOT / "alignments" / f"{name}.ttl"])
    imported = {str(node) for node in graph.objects(None, OWL.imports)}
    assert any(iri.startswith(resources.ONTOLOGY) for iri in imported)
    # ACLED, PLOVER and CAMEO publish no ontology: what is matched is in the file itself.
    assert len(imported) == (1 if name in CODEBOOKS else 2)
    ours = {local(node) for node in graph.subjects() if str(node).startswith(KB)}
    assert len(ours) >= 2
    assert ours <= terms(ontology) | terms(graph)


# Reasoning

java = pytest.mark.skipif(shutil.which(owlready2.JAVA_EXE) is None, reason="HermiT needs Java, which is not installed")


@java
def test_the_ontology_does_not_contradict_itself() -> None:
    found = consistency()
    assert found.consistent is True
    assert found.classes > 35
    assert found.impossible == ()


@java
def test_with_all_alignments_at_once_it_still_does_not() -> None:
    """They say of one term what several vocabularies have for it, which must go together."""
    files = sorted((ROOT / "alignments").glob("*.ttl"))
    assert len(files) > 8
    found = consistency(files)
    assert found.consistent is True
    assert found.impossible == ()


@java
def test_a_planted_contradiction_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.ttl"
    planted.write_text(
        f"@prefix kb: <{KB}> .\n<claim/c1> a kb:CasualtyClaim ; kb:harm kb:Killed , kb:Injured .", encoding="utf-8"
    )
    found = consistency([planted])
    assert found.consistent is False
    assert "contradicts itself" in found.note
    # Named: what was planted, that there is one harm, and that the two differ.
    axioms = explain([planted])
    assert "<claim/c1> kb:harm kb:Killed ." in axioms
    assert "<claim/c1> kb:harm kb:Injured ." in axioms
    assert "kb:harm a owl:FunctionalProperty ." in axioms
    assert any("owl:AllDifferent" in axiom and "kb:Killed kb:Injured" in axiom for axiom in axioms)
    assert len(axioms) == 4


@java
def test_a_class_that_nothing_can_belong_to_is_named(tmp_path: Path) -> None:
    planted = tmp_path / "planted.ttl"
    planted.write_text(
        f"@prefix kb: <{KB}> .\n@prefix rdfs: <{RDFS}> .\n@prefix owl: <{OWL}> .\n"
        "kb:Planted a owl:Class ; rdfs:subClassOf kb:CasualtyClaim , kb:CrowdClaim .",
        encoding="utf-8",
    )
    found = consistency([planted])
    assert found.consistent is False
    assert found.impossible == (str(KB.Planted),)
    axioms = explain([planted], str(KB.Planted))
    assert "kb:Planted rdfs:subClassOf kb:CasualtyClaim ." in axioms
    assert "kb:Planted rdfs:subClassOf kb:CrowdClaim ." in axioms
    assert any("AllDisjointClasses" in axiom for axiom in axioms)
    assert len(axioms) == 3


def test_without_java_nothing_is_concluded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owlready2, "JAVA_EXE", "no-such-java")
    found = consistency()
    assert found.consistent is None
    assert found.classes > 35
    assert "Java was not found" in found.note
