"""The structural conditions of OWL 2 DL (OWL 2 Structural Specification, sections 3, 5.8 and 11) on a graph.

One fault a line, in words that name the term. What needs a parse of the whole grammar is covered as far as our
files go: blank nodes must be class expressions, data ranges, lists or inverses of the forms that section 8 allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import rdflib
from rdflib import OWL, RDF, RDFS, XSD
from rdflib.collection import Collection
from rdflib.term import Node

_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
# Section 4, without those that nobody here uses.
_DATATYPES = {
    RDFS.Literal, RDF.PlainLiteral, RDF.langString, XSD.string, XSD.boolean, XSD.integer, XSD.decimal, XSD.double,
    XSD.float, XSD.nonNegativeInteger, XSD.positiveInteger, XSD.dateTime, XSD.dateTimeStamp, XSD.anyURI,
}  # fmt: skip
_BUILT_IN = (str(OWL), str(RDF), str(RDFS), str(XSD))
_SIMPLE_ONLY = (
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.IrreflexiveProperty,
    OWL.AsymmetricProperty,
)
_FILLERS = (
    OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue, OWL.hasSelf, OWL.cardinality, OWL.minCardinality,
    OWL.maxCardinality, OWL.qualifiedCardinality, OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality,
)  # fmt: skip
_COUNTING = _FILLERS[3:]
_EXPRESSIONS = (OWL.intersectionOf, OWL.unionOf, OWL.complementOf, OWL.oneOf, OWL.onProperty, OWL.inverseOf)
_OTHERS = (OWL.onDatatype, OWL.members, OWL.distinctMembers, RDF.first)
_FACETS = (XSD.minInclusive, XSD.maxInclusive, XSD.minExclusive, XSD.maxExclusive, XSD.pattern, XSD.length)


def faults(graph: rdflib.Graph) -> list[str]:
    """What in a graph is outside OWL 2 DL, sorted; empty when nothing is."""
    found = (*_declared(graph), *_separate(graph), *_typed(graph), *_shaped(graph), *_simple(graph), *_regular(graph))
    return sorted(set(found))


def _built_in(node: Node) -> bool:
    return str(node).startswith(_BUILT_IN)


def _kinds(graph: rdflib.Graph, node: Node) -> set[Node]:
    return set(graph.objects(node, RDF.type))


def _declared(graph: rdflib.Graph) -> Iterator[str]:
    for predicate in set(graph.predicates()):
        if not _built_in(predicate) and not _kinds(graph, predicate) & set(_PROPERTIES):
            yield f"{predicate} is used as a property and not declared"
    classes = {
        *graph.objects(None, RDFS.subClassOf),
        *graph.subjects(RDFS.subClassOf),
        *graph.objects(None, RDFS.domain),
    }
    classes |= {kind for kind in graph.objects(None, RDF.type) if not _built_in(kind)}
    for head in [*graph.objects(None, OWL.members), *graph.objects(None, OWL.unionOf)]:
        classes |= set(Collection(graph, head))
    for kind in classes:
        if isinstance(kind, rdflib.URIRef) and not _built_in(kind) and OWL.Class not in _kinds(graph, kind):
            yield f"{kind} is used as a class and not declared"


def _separate(graph: rdflib.Graph) -> Iterator[str]:
    """Section 5.8.1: one name, one kind of property; no name both class and datatype."""
    for node in set(graph.subjects(RDF.type)):
        kinds = _kinds(graph, node)
        if len(kinds & set(_PROPERTIES)) > 1:
            yield f"{node} is two kinds of property"
        if {OWL.Class, RDFS.Datatype} <= kinds:
            yield f"{node} is a class and a datatype"
        if _built_in(node):
            yield f"{node} belongs to the language and is redeclared"


def _typed(graph: rdflib.Graph) -> Iterator[str]:
    """Values and ranges are of the kind that their property asks for; datatypes are known or defined."""
    data = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    things = set(graph.subjects(RDF.type, OWL.ObjectProperty))
    for subject, predicate, value in graph:
        literal = isinstance(value, rdflib.Literal)
        if (predicate in data and not literal) or (predicate in things and literal):
            yield f"{subject} has a value of the wrong kind for {predicate}"
        if isinstance(value, rdflib.Literal) and value.datatype not in (None, *_DATATYPES):
            yield f"{value.datatype} is no datatype of OWL 2 and not defined ({subject})"
    for prop in data:
        for given in graph.objects(prop, RDFS.range):
            defined = RDFS.Datatype in _kinds(graph, given) and any(graph.objects(given, OWL.equivalentClass))
            if isinstance(given, rdflib.URIRef) and given not in _DATATYPES and not defined:
                yield f"{prop} has the range {given}, which is no datatype"
    for prop in things:
        for given in graph.objects(prop, RDFS.range):
            if isinstance(given, rdflib.URIRef) and OWL.Class not in _kinds(graph, given) and given != OWL.Thing:
                yield f"{prop} has the range {given}, which is no class"


def _shaped(graph: rdflib.Graph) -> Iterator[str]:
    """Section 8 and the canonical parsing of restrictions and lists."""
    for node in {each for each in graph.subjects() if isinstance(each, rdflib.BNode)}:
        said = set(graph.predicates(node))
        forms = said & {*_EXPRESSIONS, *_OTHERS} or said & set(_FACETS)
        if not forms:
            yield f"a blank node is no expression: {sorted(map(str, said))}"
        if OWL.onProperty in said and (
            len(list(graph.objects(node, OWL.onProperty))) != 1 or len(said & set(_FILLERS)) != 1
        ):
            yield "a restriction has not one property and one filler"
        if RDF.first in said and (
            len(list(graph.objects(node, RDF.first))) != 1 or len(list(graph.objects(node, RDF.rest))) != 1
        ):
            yield "a list branches"
        if len(list(graph.subjects(None, node))) > 1:
            yield "an expression is used twice"


def _non_simple(graph: rdflib.Graph) -> set[Node]:
    """Section 11.1: transitive properties, those with chains, and those above them."""
    found = {*graph.subjects(RDF.type, OWL.TransitiveProperty), *graph.subjects(OWL.propertyChainAxiom)}
    pending = list(found)
    while pending:
        for above in graph.objects(pending.pop(), RDFS.subPropertyOf):
            if above not in found:
                found.add(above)
                pending.append(above)
    return found


def _simple(graph: rdflib.Graph) -> Iterator[str]:
    for prop in _non_simple(graph):
        if _kinds(graph, prop) & set(_SIMPLE_ONLY):
            yield f"{prop} is composite and has a characteristic that only simple properties may have"
        for node in graph.subjects(OWL.onProperty, prop):
            if set(graph.predicates(node)) & set(_COUNTING):
                yield f"{prop} is composite and counted in a restriction"


def _regular(graph: rdflib.Graph) -> Iterator[str]:
    """Section 11.2: there is an order of properties in which each chain leads upwards."""
    below: dict[Node, set[Node]] = defaultdict(set)
    for lower, upper in graph.subject_objects(RDFS.subPropertyOf):
        below[upper].add(lower)
    for prop, head in graph.subject_objects(OWL.propertyChainAxiom):
        chain = [_plain(graph, step) for step in Collection(graph, head)]
        inner = chain[1:] if chain[0] == prop else chain[:-1] if chain[-1] == prop else chain
        below[prop] |= set(inner)
    for prop in list(below):
        seen: set[Node] = set()
        pending = list(below[prop])
        while pending:
            node = pending.pop()
            if node not in seen:
                seen.add(node)
                pending.extend(below.get(node, ()))
        if prop in seen:
            yield f"{prop} rests on itself through chains"


def _plain(graph: rdflib.Graph, step: Node) -> Node:
    return graph.value(step, OWL.inverseOf) or step
