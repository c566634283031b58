"""What the ontology implies about the data: classes, properties of others, defined classes; as HermiT has it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest

from kb import resources
from kb.errors import FactlineError
from kb.reason import axioms, forget, hermit, infer, inference, rules
from kb.reason.contradictions import breaches
from kb.reason.inference import TYPE
from kb.store import Store, open_store
from kb.track import track
from tests import sample

KB = resources.NAMESPACE
EXAMPLES = resources.path("ontology", "examples", "valid")
java = pytest.mark.skipif(not hermit.available(), reason="HermiT needs Java, which is not installed")

# A market is bombed: two documents, medical workers among the hurt, soldiers sent from abroad and from home.
PLANTED = """
@prefix kb: <https://w3id.org/factline/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<document/p> a kb:Document .
<claim/many> a kb:CasualtyClaim ; kb:document <document/p> ; kb:harm kb:Killed ; kb:minimum 40 ; kb:maximum 40 ;
    kb:modality kb:Asserted ; kb:source <actor/kz-police> ; kb:relay <actor/agency> ; kb:eventType kb:Bombing ;
    kb:place <place/kz/market> ; kb:participation <claim/many#source> .
<claim/many#source> a kb:Participation ; kb:role kb:Source ; kb:actor <actor/kz-police> .
<claim/nine> a kb:CasualtyClaim ; kb:document <document/p> ; kb:harm kb:Killed ; kb:minimum 9 ;
    kb:modality kb:Asserted .
<claim/denied> a kb:CasualtyClaim ; kb:document <document/p> ; kb:harm kb:Killed ; kb:minimum 40 ;
    kb:modality kb:Denied .
<claim/medics> a kb:CasualtyClaim ; kb:document <document/p> ; kb:harm kb:Injured ; kb:minimum 2 ;
    kb:modality kb:Asserted ; kb:victimClass kb:Medical .
<claim/abroad> a kb:DeploymentClaim ; kb:document <document/p> ; kb:modality kb:Asserted ;
    kb:contributor <actor/russia> ; kb:destination <place/kz/market> .
<claim/home> a kb:DeploymentClaim ; kb:document <document/p> ; kb:modality kb:Asserted ;
    kb:contributor <actor/kz-police> ; kb:destination <place/kz/market> .
<claim/bomb> a kb:EventClaim ; kb:document <document/p> ; kb:modality kb:Asserted ; kb:eventType kb:Bombing ;
    kb:place <place/kz/market> ; kb:agent <actor/kz-gunmen> .
<actor/kz-police> a kb:Police ; kb:country <place/kz> .
<actor/kz-gunmen> a kb:Group ; kb:country <place/kz> .
<actor/agency> a kb:Outlet .
<place/kz/market> a kb:Site ; kb:within <place/kz/town> .
<place/kz/town> a kb:City ; kb:within <place/kz> .
"""
EVENTS = """
@prefix kb: <https://w3id.org/factline/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<event/e> a kb:Event ; kb:eventType kb:Bombing ; kb:place <place/kz/market> ; kb:earliest "2022-01-05"^^xsd:date .
<claim/many> kb:event <event/e> . <claim/bomb> kb:event <event/e> .
<event/f> a kb:Event ; kb:eventType kb:Clash ; kb:modality kb:Asserted . <claim/nine> kb:event <event/f> .
<event/g> a kb:Event ; kb:eventType kb:Clash ; kb:modality kb:Denied . <claim/denied> kb:event <event/g> .
<figure/a> a kb:Figure . <figure/b> a kb:Figure .
<figure/a#1> a kb:Contradiction ; kb:inFigure <figure/a> .
"""


def parsed(turtle: str) -> list[ox.Triple]:
    quads = ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=resources.DEFAULT_BASE)
    return [quad.triple for quad in quads if isinstance(quad, ox.Quad)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store", create=True) as opened:
        record(opened, "p", PLANTED)
        opened.replace_graph(opened.iri("graph/tracked"), parsed(EVENTS))
        opened.set_note("tracked", "planted")
        infer(opened)
        yield opened


def record(store: Store, key: str, turtle: str) -> None:
    graph = store.iri(f"document/{key}/graph")
    lines = "".join(f"{fact.subject} {fact.predicate} {fact.object} <{graph}> .\n" for fact in parsed(turtle))
    assert store.add_document(key, lines.encode())


def local(node: ox.NamedNode) -> str:
    return node.value.removeprefix(resources.DEFAULT_BASE).removeprefix(KB)


def members(store: Store, kind: str) -> set[str]:
    rows = store.query("SELECT ?node { ?node a ?kind }", {"kind": ox.NamedNode(KB + kind)})
    assert isinstance(rows, ox.QuerySolutions)
    return {local(row["node"]) for row in rows}


def graph(store: Store, name: str) -> set[ox.Triple]:
    return {quad.triple for quad in store.quads(graph=ox.NamedNode(store.iri(name)))}


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
        rows = store.query("SELECT ?view ?agent { ?view a prov:Entity ; prov:wasAttributedTo ?agent }")
        assert isinstance(rows, ox.QuerySolutions)
        assert {(local(row["view"]), local(row["agent"])) for row in rows} == {("claim/c0", "actor/kz-officials")}


# Incremental


def test_nothing_new_is_nothing_to_do(store: Store) -> None:
    assert not infer(store).changed


def test_one_by_one_and_all_at_once_give_the_same(store: Store) -> None:
    record(store, "q", PLANTED.replace("<claim/", "<claim/q-").replace("document/p", "document/q"))
    found = infer(store)
    assert (found.anew, found.documents, found.events) == (False, 1, False)
    before = graph(store, "graph/inferred"), graph(store, "graph/inferred-tracked")
    forget(store)
    assert not graph(store, "graph/inferred")
    assert infer(store).documents == 2
    assert (graph(store, "graph/inferred"), graph(store, "graph/inferred-tracked")) == before


def test_a_run_that_was_stopped_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark of a document comes last: without it, the document is looked at again."""
    before = graph(store, "graph/inferred")
    mark = min(axioms.shipped().above(ox.NamedNode(KB + "Document")), key=str)
    kept = before - {ox.Triple(ox.NamedNode(store.iri("document/p")), TYPE, mark)}
    assert len(kept) == len(before) - 1
    store.replace_graph(store.iri("graph/inferred"), kept)
    assert infer(store).documents == 1
    assert graph(store, "graph/inferred") == before


def test_events_are_looked_at_again_when_tracking_has_changed_them(store: Store) -> None:
    store.replace_graph(
        store.iri("graph/tracked"), parsed(EVENTS.replace("<claim/many> kb:event", "<claim/home> kb:event"))
    )
    store.set_note("tracked", "other")
    assert infer(store).events
    assert members(store, "MassCasualtyEvent") == set()
    assert members(store, "FatalEvent") == {"event/f"}


AMENDED = """
@prefix kb: <https://w3id.org/factline/ontology#> .
<claim/amended> a kb:CasualtyClaim ; kb:harm kb:Killed ; kb:minimum 12 ; kb:modality kb:Asserted ;
    kb:place <place/kz/market> ; kb:relay <actor/agency> ; kb:event <event/f> .
"""


def test_what_rests_on_a_change_is_all_that_is_looked_at_and_enough(store: Store) -> None:
    """Parts of the tracked graph go and come in every order; each time all is as if it had been made from nothing."""
    every = [*parsed(EVENTS), *parsed(AMENDED)]
    chosen = random.Random(7)  # noqa: S311
    name = store.iri("graph/tracked")
    looked: list[bool] = []
    for round_ in range(25):
        kept = chosen.sample(every, chosen.randrange(len(every) - 6, len(every) + 1))
        store.replace_graph(name, kept)
        store.set_note("tracked", f"round {round_}")
        looked.append(infer(store).events)
        found = graph(store, "graph/inferred-tracked")
        store.replace_graph(store.iri("graph/inferred-tracked"), ())
        store.set_note("inferred-tracked", "")
        store.forget_notes()
        infer(store)
        assert graph(store, "graph/inferred-tracked") == found, kept
    assert any(looked)


def test_a_change_costs_what_it_touches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = inference.inferred

    def counting(facts: list[ox.Quad], *rest: object) -> set[ox.Triple]:
        seen.append(len(facts))
        return real(facts, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("kb.reason.graph.inferred", counting)
    line = b"<claim/medics> <https://w3id.org/factline/ontology#event> <event/g> .\n".replace(
        b"<claim", f"<{store.base}claim".encode()
    ).replace(b"<event", f"<{store.base}event".encode())
    store.change_graph(store.iri("graph/tracked"), line, b"")
    store.set_note("tracked", "one more")
    assert infer(store).events
    whole = len(graph(store, "graph/tracked"))
    assert 0 < sum(seen) < whole / 2
    store.change_graph(store.iri("graph/tracked"), b"", line)
    store.set_note("tracked", "one less")
    assert infer(store).events
    assert not infer(store).events


def test_what_a_stopped_process_changed_is_looked_at_whole(store: Store, tmp_path: Path) -> None:
    """It changed events and ended before anything was inferred from them, and before it said so."""
    store.replace_graph(
        store.iri("graph/tracked"), parsed(EVENTS.replace("<claim/many> kb:event", "<claim/home> kb:event"))
    )
    store.close()
    with open_store(tmp_path / "store", write=True) as again:
        assert again.changes.of(again.iri("graph/tracked")) is None
        assert infer(again).events
        assert members(again, "MassCasualtyEvent") == set()
        assert again.changes.of(again.iri("graph/tracked")) == set()
    with open_store(tmp_path / "store", write=True) as again:
        assert not infer(again).changed


def test_a_recorded_store_is_inferred_from(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        sample.record(store)
        track(store)
        infer(store)
        assert len(members(store, "Claim")) == 12
        assert members(store, "FatalityClaim") < members(store, "CasualtyClaim")
        assert members(store, "ForeignDeployment")


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


# Contradictions


def test_what_is_sound_contradicts_nothing(store: Store) -> None:
    assert list(breaches(store)) == []


@pytest.mark.parametrize(
    ("turtle", "node", "said"),
    [
        (
            "<claim/x> a kb:CasualtyClaim , kb:CrowdClaim .",
            "claim/x",
            "Nothing is both kb:CasualtyClaim and kb:CrowdClaim: it is a kb:CasualtyClaim; it is a kb:CrowdClaim. "
            "[axioms/claim.ttl]",
        ),
        (
            "<place/x> a kb:City ; kb:harm kb:Killed .",
            "place/x",
            "Nothing is both kb:Claim and kb:Place: it has kb:harm, whose domain makes it a kb:Claim; "
            "it is a kb:City, so a kb:Place. [axioms/claim.ttl]",
        ),
        (
            "<claim/x> kb:document <document/p> ; kb:source <place/x> . <place/x> a kb:City .",
            "place/x",
            f"Nothing is both kb:Actor and kb:Place: it is a kb:source of {resources.DEFAULT_BASE}claim/x, "
            "whose range makes it a kb:Actor; it is a kb:City, so a kb:Place. [axioms/claim.ttl]",
        ),
        (
            "<claim/x> kb:harm kb:Killed , kb:Injured .",
            "claim/x",
            "kb:harm has one value at most (owl:FunctionalProperty), and these differ. "
            f"(here: {KB}Injured and {KB}Killed) [core/claim.ttl]",
        ),
        (
            "<claim/x> kb:minimum 3 , 4 .",
            "claim/x",
            "kb:minimum has one value at most (owl:FunctionalProperty), and these differ. "
            "(here: 3 and 4) [core/count.ttl]",
        ),
    ],
)
def test_a_contradiction_names_the_axiom_that_it_breaks(store: Store, turtle: str, node: str, said: str) -> None:
    record(store, "x", f"@prefix kb: <{KB}> . <document/x> a kb:Document . {turtle}")
    infer(store)
    told = [str(fault) for fault in breaches(store)]
    assert f"{resources.DEFAULT_BASE}{node}: {said}" in told
    # And HermiT agrees.
    if hermit.available():
        facts: list[ox.Triple | ox.Quad] = [*axioms.triples(axioms.files())]
        facts += parsed(f"@prefix kb: <{KB}> . {turtle}")
        assert not hermit.consistent(facts)


def test_two_names_of_one_node_are_no_contradiction(store: Store) -> None:
    """OWL concludes that the two victims are one: nothing says that they differ."""
    record(
        store, "x", f"@prefix kb: <{KB}> . <document/x> a kb:Document . <claim/x> kb:victims <actor/a> , <actor/b> ."
    )
    infer(store)
    assert list(breaches(store)) == []


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
