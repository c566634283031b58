"""The axioms about a term in the Manchester syntax of OWL, which people can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.reason import axioms
from kb.reason.axioms import Node

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NIL = ox.NamedNode(_RDF + "nil")

_RESTRICTED = {"someValuesFrom": "some", "allValuesFrom": "only", "hasValue": "value"}
_COUNTED = {"minCardinality": "min", "maxCardinality": "max", "cardinality": "exactly"}
_FACETS = {"minInclusive": ">=", "maxInclusive": "<=", "minExclusive": ">", "maxExclusive": "<"}
_KINDS = ("Functional", "InverseFunctional", "Transitive", "Symmetric", "Asymmetric", "Reflexive", "Irreflexive")
_APART = "DisjointWith"
_ABOUT = {
    _OWL + "equivalentClass": "EquivalentTo",
    _RDFS + "subClassOf": "SubClassOf",
    _OWL + "disjointWith": _APART,
    _OWL + "inverseOf": "InverseOf",
    _RDFS + "domain": "Domain",
}

Said = dict[Node, dict[str, list[Node]]]


class Frame(NamedTuple):
    """One line about a term: the keyword of the syntax, and what stands behind it."""

    keyword: str
    text: str


@cache
def frames() -> dict[str, tuple[Frame, ...]]:
    """What the ontology that ships with Factline says of each term in more than a link to another, by its IRI."""
    return read(axioms.triples(axioms.files(())))


def read(source: Iterable[ox.Quad]) -> dict[str, tuple[Frame, ...]]:
    """The axioms of a graph by the term that they are about; raises FactlineError for one that has no words here."""
    said: Said = defaultdict(lambda: defaultdict(list))
    for triple in source:
        said[triple.subject][triple.predicate.value].append(triple.object)
    found: dict[str, set[Frame]] = defaultdict(set)
    for node in list(said):
        if isinstance(node, ox.NamedNode):
            found[node.value].update(_of_term(said, node))
        elif ox.NamedNode(_OWL + "AllDisjointClasses") in said[node].get(_RDF + "type", ()):
            members = list(_members(said, said[node][_OWL + "members"][0]))
            for member in members:
                if isinstance(member, ox.NamedNode):
                    others = ", ".join(sorted(_written(said, it) for it in members if it != member))
                    found[member.value].add(Frame(_APART, others))
    return {iri: tuple(_joined(of)) for iri, of in found.items() if of}


def _joined(frames_: Iterable[Frame]) -> Iterator[Frame]:
    """In the order of keywords; what excludes the term in one line."""
    apart = sorted({name for frame in frames_ if frame.keyword == _APART for name in frame.text.split(", ")})
    yield from sorted(frame for frame in frames_ if frame.keyword != _APART)
    if apart:
        yield Frame(_APART, ", ".join(apart))


def _of_term(said: Said, node: ox.NamedNode) -> Iterator[Frame]:
    for predicate, values in list(said[node].items()):
        keyword = _ABOUT.get(predicate)
        for value in values:
            # Links to other terms are shown as links; here is what is more than that.
            if keyword and (isinstance(value, ox.BlankNode) or keyword == _APART):
                yield Frame(keyword, _written(said, value))
            elif predicate == _OWL + "propertyChainAxiom":
                yield Frame("SubPropertyChain", " o ".join(_written(said, it) for it in _members(said, value)))
            elif predicate == _OWL + "hasKey":
                yield Frame("HasKey", ", ".join(_written(said, it) for it in _members(said, value)))
    kinds = {kind.value for kind in said[node].get(_RDF + "type", ()) if isinstance(kind, ox.NamedNode)}
    given = [kind for kind in _KINDS if f"{_OWL}{kind}Property" in kinds]
    if given:
        yield Frame("Characteristics", ", ".join(given))


def _written(said: Said, node: Node, *, within: bool = False) -> str:
    """An expression; ``within`` another, so that what has parts stands in brackets."""
    if isinstance(node, ox.NamedNode):
        return _short(node.value)
    if not isinstance(node, ox.BlankNode):
        return str(node.value) if isinstance(node, ox.Literal) else str(node)
    facts = said[node]
    for name, word in (("intersectionOf", " and "), ("unionOf", " or ")):
        if _OWL + name in facts:
            parts = word.join(_written(said, it, within=True) for it in _members(said, facts[_OWL + name][0]))
            return f"({parts})" if within else parts
    if _OWL + "oneOf" in facts:
        return f"{{{', '.join(_written(said, it) for it in _members(said, facts[_OWL + 'oneOf'][0]))}}}"
    if _OWL + "complementOf" in facts:
        return f"not {_written(said, facts[_OWL + 'complementOf'][0], within=True)}"
    if _OWL + "inverseOf" in facts:
        return f"inverse {_written(said, facts[_OWL + 'inverseOf'][0])}"
    if _OWL + "onDatatype" in facts:
        return _bounded(said, facts)
    text = _restriction(said, facts)
    return f"({text})" if within else text


def _restriction(said: Said, facts: dict[str, list[Node]]) -> str:
    on = _written(said, facts[_OWL + "onProperty"][0])
    for name, word in _RESTRICTED.items():
        for value in facts.get(_OWL + name, ()):
            return f"{on} {word} {_written(said, value, within=True)}"
    for name, word in _COUNTED.items():
        for value in facts.get(_OWL + name, ()):
            return f"{on} {word} {_written(said, value)}"
    raise FactlineError(f"a restriction of {on} is of a kind that has no words in the Manchester syntax here")


def _bounded(said: Said, facts: dict[str, list[Node]]) -> str:
    bounds = [
        f"{_FACETS[name.removeprefix(_XSD)]} {_written(said, value)}"
        for facet in _members(said, facts[_OWL + "withRestrictions"][0])
        for name, values in said[facet].items()
        for value in values
    ]
    return f"{_written(said, facts[_OWL + 'onDatatype'][0])}[{', '.join(bounds)}]"


def _members(said: Said, head: Node) -> Iterator[Node]:
    while head != _NIL:
        yield said[head][_RDF + "first"][0]
        head = said[head][_RDF + "rest"][0]


def _short(iri: str) -> str:
    for prefix, namespace in {
        "kb:": resources.NAMESPACE,
        "xsd:": _XSD,
        "skos:": "http://www.w3.org/2004/02/skos/core#",
        "owl:": _OWL,
        "rdf:": _RDF,
        "rdfs:": _RDFS,
    }.items():
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return f"<{iri}>"
