"""The constraints of SHACL that the shapes use, each as a function that yields the values at fault."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NoReturn

import pyoxigraph as ox

from kb.errors import FactlineError
from kb.validate.facts import Facts, Node
from kb.validate.values import DATATYPES, at_most, value_of

SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST, _REST, _NIL = (ox.NamedNode(_RDF + name) for name in ("first", "rest", "nil"))

Check = Callable[[Facts, Node, Sequence[Node]], Iterable[Node | None]]
"""From a graph, the node in focus and its values to the values at fault; None where their number is the fault."""


def reject(shape: str, what: str) -> NoReturn:
    """Says which shape has something that is not understood."""
    raise FactlineError(f"the shape {shape} has {what}, which Factline cannot check")


class Graph:
    """The triples of a file of shapes."""

    def __init__(self, triples: Iterable[ox.Quad]) -> None:
        self._triples: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self._triples[triple.subject][triple.predicate.value].append(triple.object)

    def subjects(self, predicate: ox.NamedNode, about: str) -> list[Node]:
        """The nodes that have an IRI for a property."""
        wanted = ox.NamedNode(about)
        return [node for node, said in self._triples.items() if wanted in said.get(predicate.value, ())]

    def shacl(self, node: Node) -> dict[str, list[Node]]:
        """What is said of a node in terms of SHACL, by the term's name."""
        said = self._triples.get(node, {})
        return {name.removeprefix(SH): values for name, values in said.items() if name.startswith(SH)}

    def members(self, head: Node) -> Iterator[Node]:
        """The members of a list."""
        while head != _NIL:
            said = self._triples[head]
            yield said[_FIRST.value][0]
            head = said[_REST.value][0]

    def declared(self, source: Node) -> Iterator[tuple[str, str]]:
        """The prefixes that an ontology declares for SPARQL."""
        for given in self.shacl(source).get("declare", ()):
            said = self.shacl(given)
            yield _literal("sh:declare", said["prefix"][0]).value, _literal("sh:declare", said["namespace"][0]).value


def one(shape: str, said: dict[str, list[Node]], parameter: str) -> Node:
    """The only value of a parameter."""
    if len(said.get(parameter, ())) != 1:
        reject(shape, f"not exactly one sh:{parameter}")
    return said[parameter][0]


def _literal(shape: str, node: Node) -> ox.Literal:
    if not isinstance(node, ox.Literal):
        reject(shape, f"{node} where a literal is due")
    return node


def _iri(shape: str, node: Node) -> ox.NamedNode:
    if not isinstance(node, ox.NamedNode):
        reject(shape, f"{node} where an IRI is due")
    return node


def _min_count(shape: str, given: Node) -> Check:
    least = int(_literal(shape, given).value)
    return lambda facts, focus, values: () if len(values) >= least else (None,)


def _max_count(shape: str, given: Node) -> Check:
    most = int(_literal(shape, given).value)
    return lambda facts, focus, values: () if len(values) <= most else (None,)


def _has_value(shape: str, given: Node) -> Check:
    return lambda facts, focus, values: () if given in values else (None,)


def _each(wrong: Callable[[Facts, Node], bool]) -> Check:
    return lambda facts, focus, values: [value for value in values if wrong(facts, value)]


def _datatype(shape: str, given: Node) -> Check:
    datatype = _iri(shape, given)
    if datatype.value not in DATATYPES:
        reject(shape, f"sh:datatype {datatype}")

    def wrong(_: Facts, value: Node) -> bool:
        return not isinstance(value, ox.Literal) or value.datatype != datatype or value_of(value) is None

    return _each(wrong)


def _class(shape: str, given: Node) -> Check:
    kind = _iri(shape, given)
    return _each(lambda facts, value: isinstance(value, ox.Literal) or kind not in facts.classes(value))


def _node_kind(shape: str, given: Node) -> Check:
    if _iri(shape, given).value != SH + "IRI":
        reject(shape, f"sh:nodeKind {given}")
    return _each(lambda _, value: not isinstance(value, ox.NamedNode))


def _min_length(shape: str, given: Node) -> Check:
    least = int(_literal(shape, given).value)
    return _each(lambda _, value: not isinstance(value, ox.NamedNode | ox.Literal) or len(value.value) < least)


def _pattern(shape: str, given: Node) -> Check:
    found = re.compile(_literal(shape, given).value)
    return _each(lambda _, value: not isinstance(value, ox.NamedNode | ox.Literal) or not found.search(value.value))


def _min_inclusive(shape: str, given: Node) -> Check:
    bound = value_of(_literal(shape, given))
    if bound is None:
        reject(shape, f"sh:minInclusive {given}")
    return _each(lambda _, value: not isinstance(value, ox.Literal) or not at_most(bound, value_of(value)))


def _max_inclusive(shape: str, given: Node) -> Check:
    bound = value_of(_literal(shape, given))
    if bound is None:
        reject(shape, f"sh:maxInclusive {given}")
    return _each(lambda _, value: not isinstance(value, ox.Literal) or not at_most(value_of(value), bound))


def _less_than_or_equals(shape: str, given: Node) -> Check:
    other = _iri(shape, given)

    def check(facts: Facts, focus: Node, values: Sequence[Node]) -> Iterator[Node | None]:
        bounds = facts.values(focus, other)
        for value in values:
            if not all(_ordered(value, bound) for bound in bounds):
                yield value

    return check


def _ordered(value: Node, bound: Node) -> bool:
    if not isinstance(value, ox.Literal) or not isinstance(bound, ox.Literal):
        return False
    return at_most(value_of(value), value_of(bound))


COMPILERS: dict[str, Callable[[str, Node], Check]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "hasValue": _has_value,
    "datatype": _datatype,
    "class": _class,
    "nodeKind": _node_kind,
    "minLength": _min_length,
    "pattern": _pattern,
    "minInclusive": _min_inclusive,
    "maxInclusive": _max_inclusive,
    "lessThanOrEquals": _less_than_or_equals,
}
"""What makes a check of a parameter's value, by the parameter's name."""
