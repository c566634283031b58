"""pySHACL's verdict on one graph: what the compiled shapes are measured against."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib import RDF, RDFS, SH

from kb import resources

KB = rdflib.Namespace(resources.NAMESPACE)
Verdict = set[tuple[str, str, str | None, str]]


def verdict(facts: Iterable[ox.Triple | ox.Quad]) -> Verdict:
    """Shape, node, value and message of every fault."""
    graph = rdflib.Graph()
    for fact in facts:
        graph.add((_term(fact.subject), _term(fact.predicate), _term(fact.object)))
    for triple in _concepts():
        graph.add(triple)
    _, report, text = pyshacl.validate(graph, shacl_graph=_shapes(), inference="none", inplace=True)
    assert isinstance(report, rdflib.Graph), text
    found: Verdict = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        node, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        shape = str(report.value(result, SH.sourceShape)).removeprefix(KB)
        # Of a node shape the value is the node itself, which we leave out.
        itself = report.value(result, SH.resultPath) is None and value == node
        shown = None if value is None or itself else _shown(value)
        found.add((shape, _shown(node), shown, str(report.value(result, SH.resultMessage))))
    return found


def _shown(node: object) -> str:
    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)


def _term(term: object) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        kind = None if term.language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=kind, normalize=False)
    assert isinstance(term, ox.BlankNode)
    return rdflib.BNode(term.value)


@cache
def _shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(resources.path("ontology", "shapes", "data.ttl"))


@cache
def _concepts() -> tuple[tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node], ...]:
    graph = rdflib.Graph()
    for folder in ("core", "vocabularies"):
        for file in sorted(resources.path("ontology", folder).glob("*.ttl")):
            graph.parse(file)
    kinds = [triple for triple in graph.triples((None, RDF.type, None)) if str(triple[2]).startswith(KB)]
    classes = [triple for triple in graph.triples((None, RDFS.subClassOf, None)) if str(triple[2]).startswith(KB)]
    assert kinds and classes
    return (*kinds, *classes)
