"""What the ontology implies about the data: classes, properties of others, defined classes; as HermiT has it."""

from __future__ import annotations

from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest

from kb import resources
from kb.errors import FactlineError
from kb.reason import axioms, hermit, infer, rules
from kb.store import Store, open_store
from tests.planted import EVENTS, KB, PLANTED, graph, local, members, parsed, plant, record

EXAMPLES = resources.path("ontology", "examples", "valid")
java = pytest.mark.skipif(not hermit.available(), reason="HermiT needs Java, which is not installed")


@pytest.fixture
def store(writer: Store) -> Store:
    plant(writer)
    return writer


# Defined classes


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("FatalityClaim", {"claim/many", "claim/nine", "claim/denied"}),
        ("MassCasualtyClaim", {"claim/many"}),
        ("Denial", {"claim/denied"}),
        ("RelayedClaim", {"claim/many"}),
        ("AttackOnMedicalCare", {"claim/medics"}),
        ("ForeignDeployment", {"claim/abroad"}),
        ("FatalEvent", {"event/e", "event/f"}),
        ("MassCasualtyEvent", {"event/e"}),
        ("ContestedFigure", {"figure/a"}),
    ],
)
def test_members_of_defined_classes(store: Store, kind: str, expected: set[str]) -> None:
    assert members(store, kind) == expected


def test_security_forces_are_armies_and_police(store: Store) -> None:
    found = members(store, "SecurityForces")
    assert "actor/kz-police" in found
    assert not {"actor/kz-gunmen", "actor/agency"} & found
    assert len(found) > 50


def test_everything_is_in_the_classes_above_its_own(store: Store) -> None:
    assert members(store, "Claim") == {
        f"claim/{name}" for name in ("many", "nine", "denied", "medics", "abroad", "home", "bomb")
    }
    assert {"place/kz/market", "place/kz/town", "place/kz"} <= members(store, "Place")
    assert {"actor/kz-police", "actor/russia", "actor/csto"} <= members(store, "Actor")


def test_an_event_is_in_no_class_of_claims(store: Store) -> None:
    """Events have a modality and a type, as claims do."""
    assert not {node for node in members(store, "Claim") if node.startswith("event/")}


def test_a_claim_lies_in_all_that_its_place_lies_in(store: Store) -> None:
    rows = store.query("SELECT ?place { <claim/many> kb:somewhereWithin ?place }")
    assert isinstance(rows, ox.QuerySolutions)
    assert {local(row["place"]) for row in rows} == {"place/kz/market", "place/kz/town", "place/kz"}


def test_what_is_said_is_not_said_again(store: Store) -> None:
    said = parsed(PLANTED)
    assert len(said) > 40
    assert graph(store, "graph/inferred").isdisjoint(said)
    assert graph(store, "graph/inferred-tracked").isdisjoint(parsed(EVENTS))


# The terms of others


def test_a_query_in_the_terms_of_sem_and_prov_answers(store: Store) -> None:
    rows = store.query("""
        PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
        SELECT ?actor ?place ?source ?document ?first WHERE {
          ?event a sem:Event ; sem:eventType ?type ; sem:hasActor ?actor ; sem:hasPlace ?place ;
                 sem:hasEarliestBeginTimeStamp ?first .
          ?type a sem:EventType . ?actor a sem:Actor . ?place a sem:Place .
          ?view a sem:View , prov:Entity ; sem:accordingTo ?source ;
                prov:wasAttributedTo ?source ; prov:wasQuotedFrom ?document ;
                prov:qualifiedInfluence [ a prov:AgentInfluence ; prov:agent ?source ; prov:hadRole ?role ] .
          ?source a prov:Agent . ?document a prov:Entity . ?role a prov:Role .
        }""")
    assert isinstance(rows, ox.QuerySolutions)
    assert {tuple(local(term) for term in row if isinstance(term, ox.NamedNode)) for row in rows} == {
        ("actor/kz-gunmen", "place/kz/market", "actor/kz-police", "document/p")
    }


def test_the_examples_answer_in_the_terms_of_sem_and_prov(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        for number, name in enumerate(("casualty", "event")):
            record(store, str(number), (EXAMPLES / f"{name}.ttl").read_text("utf-8").replace("/c1", f"/c{number}"))
        store.replace_graph(
            store.iri("graph/tracked"),
            parsed((EXAMPLES / "tracked.ttl").read_text("utf-8")),
        )
        infer(store)
        rows = store.query("""
            PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
            SELECT ?event ?actor ?place WHERE { ?event a sem:Event ; sem:hasActor ?actor ; sem:hasPlace ?place }""")
        assert isinstance(rows, ox.QuerySolutions)
        assert {local(row["actor"]) for row in rows} == {"actor/kz-protesters", "actor/kz-officials"}
        rows = store.query("SELECT ?entity ?agent { ?entity a prov:Entity ; prov:wasAttributedTo ?agent }")
        assert isinstance(rows, ox.QuerySolutions)
        assert {(local(row["entity"]), local(row["agent"])) for row in rows} == {
            ("claim/c0", "actor/kz-officials"),
            ("document/d1", "actor/afp"),
        }


def test_figures_episodes_and_decisions_answer_in_the_terms_of_sem_and_prov(store: Store) -> None:
    store.replace_graph(
        store.iri("graph/tracked"),
        parsed(
            EVENTS
            + """
            <episode/x> a kb:Episode ; kb:happensIn <place/kz> ; kb:firstDay "2022-01-05"^^xsd:date .
            <figure/a> kb:episode <episode/x> ; kb:countsEvent <event/e> ; kb:latestClaim <claim/many> .
            <claim/nine> kb:setAside <decision/1> ; kb:corrects <claim/many> .
            <decision/1> a kb:ReviewDecision ; kb:decides <claim/nine> .
            """
        ),
    )
    store.set_note("tracked", "more")
    infer(store)
    rows = store.query("""
        PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
        SELECT ?whole ?part ?place ?day WHERE {
          ?whole a sem:Event ; sem:hasSubEvent ?part ; sem:hasPlace ?place ; sem:hasEarliestBeginTimeStamp ?day .
          ?part a sem:Event .
        }""")
    assert isinstance(rows, ox.QuerySolutions)
    assert [tuple(local(term) for term in row if isinstance(term, ox.NamedNode)) for row in rows] == [
        ("episode/x", "event/e", "place/kz")
    ]
    rows = store.query("""
        SELECT ?figure ?claim ?document ?source ?later ?decision WHERE {
          ?figure a prov:Entity ; prov:wasDerivedFrom ?claim .
          ?claim prov:wasQuotedFrom ?document ; prov:wasAttributedTo ?source . ?source a prov:Agent .
          ?later prov:wasRevisionOf ?claim ; prov:wasInvalidatedBy ?decision . ?decision a prov:Activity .
        }""")
    assert isinstance(rows, ox.QuerySolutions)
    assert [tuple(local(term) for term in row if isinstance(term, ox.NamedNode)) for row in rows] == [
        ("figure/a", "claim/many", "document/p", "actor/kz-police", "claim/nine", "decision/1")
    ]


def test_what_only_takes_part_bears_no_responsibility(store: Store) -> None:
    """PROV has no word for a building that is set on fire; SEM has one."""
    record(
        store,
        "x",
        f"@prefix kb: <{KB}> . <document/x> a kb:Document . <actor/hall> a kb:Object . <actor/who> a kb:Actor ."
        "<claim/x> a kb:EventClaim ; kb:document <document/x> ; kb:target <actor/hall> ; kb:agent <actor/who> .",
    )
    infer(store)
    agents = store.query("SELECT ?node { ?node a prov:Agent FILTER(CONTAINS(STR(?node), '/actor/')) }")
    assert isinstance(agents, ox.QuerySolutions)
    named = {local(row["node"]) for row in agents}
    assert {"actor/who", "actor/kz-police", "actor/russia"} <= named
    assert "actor/hall" not in named


# What is not understood


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("kb:A a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:complementOf kb:B ] .", "complementOf"),
        ("kb:A a owl:Class ; owl:equivalentClass kb:B . kb:B a owl:Class ; owl:equivalentClass kb:A .", "rest on each"),
        ("kb:A rdfs:subClassOf [ owl:onProperty kb:p ; owl:hasValue kb:x ] .", "class A lies under"),
        ("kb:A rdfs:subClassOf [ owl:onProperty kb:p ; owl:allValuesFrom kb:B ] .", "class A lies under"),
        (
            "kb:A a owl:Class ; owl:equivalentClass [ owl:onProperty kb:p ; owl:maxCardinality 1 ] .",
            "restriction of p is of a kind",
        ),
        (
            "kb:A a owl:Class ; owl:equivalentClass [ owl:onProperty kb:p ; owl:someValuesFrom "
            "[ owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minExclusive 1 ] ) ] ] .",
            "facets",
        ),
    ],
)
def test_axioms_that_would_be_passed_over_are_refused(turtle: str, said: str) -> None:
    head = "".join(
        f"@prefix {name}: <{iri}> .\n"
        for name, iri in {
            "kb": KB,
            "owl": "http://www.w3.org/2002/07/owl#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        }.items()
    )
    with pytest.raises(FactlineError, match=said):
        axioms.read(quad for quad in ox.parse(head + turtle, format=ox.RdfFormat.TURTLE) if isinstance(quad, ox.Quad))


def test_rules_of_other_kinds_are_refused() -> None:
    head = f"@prefix kb: <{KB}> . @prefix sh: <http://www.w3.org/ns/shacl#> . kb:R a sh:NodeShape ; "
    for rest in (
        "sh:targetClass kb:Event ; sh:rule [ sh:subject sh:this ] .",
        "sh:targetNode kb:x ; sh:rule [ sh:construct 'CONSTRUCT { } WHERE { }' ] .",
        "sh:rule [ sh:construct 'CONSTRUCT { } WHERE { }' ] .",
    ):
        with pytest.raises(FactlineError, match="R> has"):
            rules.read((head + rest).encode())
    with pytest.raises(FactlineError, match="missing"):
        rules.read(b"")


# HermiT


@java
def test_classes_of_instances_are_those_that_hermit_finds(store: Store) -> None:
    """On a small set, as HermiT takes minutes for a few thousand nodes. Classes that a rule fills are left out."""
    facts = [
        *parsed(PLANTED),
        *parsed(EVENTS),
        *parsed("@prefix kb: <" + KB + "> . <place/kz> a kb:Country . <actor/russia> a kb:State ."),
    ]
    found = hermit.classify([*axioms.triples(axioms.files()), *facts], instances=True)
    assert found is not None
    nodes = {fact.subject for fact in facts if isinstance(fact.subject, ox.NamedNode)}
    assert len(nodes) > 15
    for node in sorted(nodes, key=str):
        theirs = {kind for kind in found.types[node.value] if not kind.startswith("http://www.w3.org/2002/07/owl#")}
        rows = store.query("SELECT ?kind { ?node a ?kind }", {"node": node})
        assert isinstance(rows, ox.QuerySolutions)
        ours = {row["kind"].value for row in rows} - {KB + "ForeignDeployment"}
        assert ours == theirs, node


@java
def test_the_hierarchy_that_is_told_is_the_one_that_hermit_finds() -> None:
    """So nothing is lost where there is no Java. Only what holds between definitions takes a reasoner to see."""
    found = hermit.classify(axioms.triples(axioms.files()))
    assert found is not None
    told = axioms.shipped()
    assert len(found.above) > 40
    for kind, above in found.above.items():
        node = ox.NamedNode(kind)
        theirs = {ox.NamedNode(it) for it in above - {kind} if not it.startswith("http://www.w3.org/2002/07/owl#")}
        assert told.above(node) <= theirs
        # What a reasoner adds lies under a definition, so instances are found by that definition.
        assert theirs - told.above(node) <= told.defined.keys(), kind
    fatal, mass = KB + "FatalEvent", KB + "MassCasualtyEvent"
    assert fatal in found.above[mass]


def test_without_java_hermit_is_missed_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owlready2, "JAVA_EXE", "no-such-java")
    with pytest.raises(FactlineError, match="needs Java, which was not found"):
        hermit.classify([])
