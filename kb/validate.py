"""Checks of what is stored: the shapes, the evidence against the text, links to nodes that nobody describes, and the
consistency of the ontology.

The shapes are ``ontology/shapes/data.ttl``; a fault carries the message of the shape that it breaks.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import owlready2
import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib import RDF, RDFS, SH

from kb import resources
from kb.errors import FactlineError
from kb.store import Store

KB = rdflib.Namespace(resources.NAMESPACE)
_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")
_MODULES = ("core", "axioms", "vocabularies")

Fact = ox.Triple | ox.Quad


class Fault(NamedTuple):
    """What is wrong with one node: the shape that it breaks (its name in the ontology, "ClaimShape-quote"), the
    IRI of the node, the value at fault if there is one, and the shape's message.
    """

    shape: str
    node: str
    value: str | None
    message: str

    def __str__(self) -> str:
        value = f" (here: {self.value})" if self.value is not None else ""
        return f"{self.node}: {self.message}{value} [{self.shape}]"


class Report(NamedTuple):
    """What a check looked at and what it found."""

    documents: int
    claims: int
    events: int
    faults: tuple[Fault, ...]


class Consistency(NamedTuple):
    """Whether the ontology contradicts itself; ``consistent`` is None when no reasoner could be asked.

    ``classes`` is how many classes were looked at, ``impossible`` those that nothing can belong to, ``note`` says what
    was done in a sentence.
    """

    consistent: bool | None
    classes: int
    impossible: tuple[str, ...]
    note: str


def validate(data: bytes | Iterable[Fact]) -> list[Fault]:
    """The faults of the graph of one document (or of the tracked graph), sorted; empty if it meets the shapes.

    ``data`` is N-Quads or triples or quads, whose graph names are left aside. Raises FactlineError for bytes that are
    not N-Quads.
    """
    try:
        facts = list(ox.parse(data, format=ox.RdfFormat.N_QUADS) if isinstance(data, bytes) else data)
    except SyntaxError as error:
        raise FactlineError(f"the graph to validate is not valid N-Quads: {error}") from error
    graph = rdflib.Graph()
    for fact in facts:
        graph.add((_term(fact.subject), _term(fact.predicate), _term(fact.object)))
    for triple in _concepts():
        graph.add(triple)
    shapes = _shapes()
    _, found, text = pyshacl.validate(graph, shacl_graph=shapes.graph, inference="none", inplace=True)
    if not isinstance(found, rdflib.Graph):
        raise FactlineError(f"the shapes could not be applied: {text}")
    faults = [*_faults(found), *_breaches(facts, graph, shapes.constraints)]
    return sorted(faults, key=lambda fault: (fault.node, fault.shape, fault.value or ""))


def check(store: Store, progress: Callable[[str], None] = lambda iri: None) -> Report:
    """Validates every document graph and the tracked graph of a store, and looks for links that lead nowhere.

    ``progress`` is called with the IRI of each document when it has been looked at.
    """
    faults: list[Fault] = []
    documents = 0
    for document, graph in _documents(store):
        faults.extend(validate(_triples(store, graph)))
        documents += 1
        progress(document)
    faults.extend(validate(_triples(store, store.iri("graph/tracked"))))
    faults.extend(_dangling(store))
    return Report(documents, _count(store, "Claim"), _count(store, "Event"), tuple(faults))


_FIND_DOCUMENTS = "SELECT ?document ?graph WHERE { GRAPH ?graph { ?document a kb:Document } } ORDER BY ?graph"
_FIND_TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_FIND_MEMBERS = "SELECT (COUNT(DISTINCT ?node) AS ?count) WHERE { ?kind rdfs:subClassOf* ?class . ?node a ?kind }"
_FIND_DANGLING = """
SELECT DISTINCT ?claim ?node WHERE {
  VALUES ?link {
    kb:source kb:relay kb:agent kb:target kb:victims kb:deployer kb:contributor kb:group kb:place kb:origin
    kb:destination kb:within kb:country
  }
  ?claim ?link ?node .
  FILTER NOT EXISTS { ?node rdfs:label ?label }
} ORDER BY ?node ?claim
"""


def _documents(store: Store) -> list[tuple[str, str]]:
    return [(row["document"].value, row["graph"].value) for row in _rows(store, _FIND_DOCUMENTS)]


def _triples(store: Store, graph: str) -> Iterable[ox.Triple]:
    results = store.query(_FIND_TRIPLES, {"graph": ox.NamedNode(graph)})
    assert isinstance(results, ox.QueryTriples)  # noqa: S101 - a CONSTRUCT
    return results


def _count(store: Store, name: str) -> int:
    rows = _rows(store, _FIND_MEMBERS, {"class": ox.NamedNode(resources.NAMESPACE + name)})
    return int(next(rows)["count"].value)


def _dangling(store: Store) -> Iterator[Fault]:
    message = "A node that is linked to has a label somewhere in the store."
    for row in _rows(store, _FIND_DANGLING):
        yield Fault("described", row["claim"].value, row["node"].value, message)


def _rows(store: Store, query: str, bindings: dict[str, ox.NamedNode] | None = None) -> ox.QuerySolutions:
    results = store.query(query, bindings or {})
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101 - a SELECT
    return results


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        kind = None if term.language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=kind, normalize=False)
    return rdflib.BNode(str(term))


class _Constraint(NamedTuple):
    """A SPARQL constraint of a shape: its rows, of nodes of the target classes, are faults."""

    shape: str
    classes: tuple[rdflib.URIRef, ...]
    select: str
    message: str


class _Shapes(NamedTuple):
    graph: rdflib.Graph
    constraints: tuple[_Constraint, ...]


@cache
def _shapes() -> _Shapes:
    """The shapes, their SPARQL constraints apart.

    pySHACL parses such a query anew for every node, 30 ms each; the engine answers it once for all nodes in one.
    """
    graph = rdflib.Graph().parse(resources.path("ontology", "shapes", "data.ttl"))
    constraints = []
    for shape, constraint in list(graph.subject_objects(SH.sparql)):
        classes = tuple(node for node in graph.objects(shape, SH.targetClass) if isinstance(node, rdflib.URIRef))
        select, message = graph.value(constraint, SH.select), graph.value(constraint, SH.message)
        prefix = f"PREFIX kb: <{KB}>\n"
        constraints.append(_Constraint(str(shape).removeprefix(KB), classes, prefix + str(select), str(message)))
        graph.remove((shape, SH.sparql, constraint))
    if not constraints or not list(graph.subjects(RDF.type, SH.PropertyShape)):
        raise FactlineError("the shapes that ship with Factline are incomplete; install factline again")
    return _Shapes(graph, tuple(constraints))


def _breaches(facts: Iterable[Fact], graph: rdflib.Graph, constraints: Iterable[_Constraint]) -> Iterator[Fault]:
    engine = ox.Store()
    engine.extend(ox.Quad(fact.subject, fact.predicate, fact.object) for fact in facts)
    for constraint in constraints:
        rows = engine.query(constraint.select)
        assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - a SELECT
        for row in rows:
            node, value = row["this"], row["value"]
            kinds = set(graph.objects(_term(node), RDF.type))
            if kinds.intersection(constraint.classes):
                yield Fault(constraint.shape, node.value, value.value, constraint.message)


@cache
def _concepts() -> tuple[tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node], ...]:
    """Which concept is of which kind, and which class lies under which: what the shapes need of the ontology."""
    graph = rdflib.Graph()
    for folder in ("core", "vocabularies"):
        for file in sorted(resources.path("ontology", folder).glob("*.ttl")):
            graph.parse(file)
    kinds = {kind for kind in graph.objects(None, RDF.type) if str(kind).startswith(KB)}
    concepts = [(s, p, o) for s, p, o in graph.triples((None, RDF.type, None)) if o in kinds]
    classes = [(s, p, o) for s, p, o in graph.triples((None, RDFS.subClassOf, None)) if str(o).startswith(KB)]
    if not concepts or not classes:
        raise FactlineError("the ontology that ships with Factline is empty; install factline again")
    return (*concepts, *classes)


def _faults(report: rdflib.Graph) -> Iterator[Fault]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        node, shape = report.value(result, SH.focusNode), report.value(result, SH.sourceShape)
        value, message = report.value(result, SH.value), report.value(result, SH.resultMessage)
        yield Fault(
            str(shape).removeprefix(KB) if isinstance(shape, rdflib.URIRef) else "unnamed",
            str(node),
            None if value is None or value == node else str(value),
            str(message),
        )


def consistency(more: Iterable[Path] = ()) -> Consistency:
    """Asks a reasoner (HermiT, which needs Java) whether the ontology, with ``more`` Turtle files, contradicts itself.

    Without Java the modules are loaded and nothing is concluded; the note says so.
    """
    world = owlready2.World()
    ontology = world.get_ontology(resources.ONTOLOGY).load(fileobj=io.BytesIO(_merged(more)))
    classes = len(list(world.classes()))
    if not classes:
        raise FactlineError("the ontology that ships with Factline has no classes; install factline again")
    if shutil.which(owlready2.JAVA_EXE) is None:
        return Consistency(None, classes, (), "Java was not found, so the ontology was loaded but not reasoned about")
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Consistency(False, classes, (), "HermiT finds that the ontology contradicts itself")
    impossible = tuple(sorted(entity.iri for entity in world.inconsistent_classes() if entity is not owlready2.Nothing))
    note = f"HermiT finds no contradiction in {classes} classes"
    if impossible:
        note = f"HermiT finds {len(impossible)} of {classes} classes that nothing can belong to"
    return Consistency(not impossible, classes, impossible, note)


def _merged(more: Iterable[Path]) -> bytes:
    """The modules of the ontology as N-Triples, without imports: they are all here, and nothing is to be fetched."""
    root = resources.folder("ontology")
    files = [root / "kb.ttl", *(file for name in _MODULES for file in sorted((root / name).glob("*.ttl"))), *more]
    triples: list[ox.Triple] = []
    for file in files:
        try:
            quads = ox.parse(
                path=str(file),
                format=ox.RdfFormat.TURTLE,
                base_iri=resources.DEFAULT_BASE,
                rename_blank_nodes=True,
            )
            triples.extend(quad.triple for quad in quads if quad.predicate != _IMPORTS)
        except SyntaxError as error:
            raise FactlineError(f"{file} is not valid Turtle: {error}") from error
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
