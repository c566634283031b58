"""A small store in which everything is known: who was hurt at a bombed market, who sent whom, what is inferred."""

from __future__ import annotations

import pyoxigraph as ox

from kb import resources
from kb.reason import infer
from kb.store import Store

KB = resources.NAMESPACE

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
    """The triples of Turtle, its IRIs against the default base."""
    quads = ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=resources.DEFAULT_BASE)
    return [quad.triple for quad in quads if isinstance(quad, ox.Quad)]


def plant(store: Store) -> None:
    """Records all of it, and infers."""
    record(store, "p", PLANTED)
    store.replace_graph(store.iri("graph/tracked"), parsed(EVENTS))
    store.set_note("tracked", "planted")
    infer(store)


def record(store: Store, key: str, turtle: str) -> None:
    """Records Turtle as the graph of a document."""
    graph = store.iri(f"document/{key}/graph")
    lines = "".join(f"{fact.subject} {fact.predicate} {fact.object} <{graph}> .\n" for fact in parsed(turtle))
    assert store.add_document(key, lines.encode())


def local(node: ox.NamedNode) -> str:
    """The name without its namespace."""
    return node.value.removeprefix(resources.DEFAULT_BASE).removeprefix(KB)


def members(store: Store, kind: str) -> set[str]:
    """The members of a class, all graphs together."""
    rows = store.query("SELECT ?node { ?node a ?kind }", {"kind": ox.NamedNode(KB + kind)})
    assert isinstance(rows, ox.QuerySolutions)
    return {local(row["node"]) for row in rows}


def graph(store: Store, name: str) -> set[ox.Triple]:
    """The triples of one graph."""
    return {quad.triple for quad in store.quads(graph=ox.NamedNode(store.iri(name)))}
