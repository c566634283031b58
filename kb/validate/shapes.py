"""The data shapes, compiled once from SHACL to plain functions over one graph.

pySHACL takes some 40 ms for the graph of one document; this takes a fraction of a millisecond for each claim. Only what
the shapes in use need is understood. Anything else in them is an error when they are compiled: no constraint is ever
passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.validate import constraints
from kb.validate.constraints import SH, Check, Graph, one, reject
from kb.validate.facts import TYPE, Facts, Node
from kb.validate.fault import Fault


@dataclass(frozen=True)
class _Property:
    """A property shape: what holds for the values that a path leads to."""

    name: str
    message: str
    path: ox.NamedNode
    inverse: bool
    checks: tuple[Check, ...]

    def breaches(self, facts: Facts, focus: Node) -> Iterator[Node | None]:
        """The values at fault, None where it is their number."""
        values = facts.holders(focus, self.path) if self.inverse else facts.values(focus, self.path)
        for check in self.checks:
            yield from check(facts, focus, values)


@dataclass(frozen=True)
class _Shape:
    """A node shape: what holds for a node itself and for its properties."""

    checks: tuple[Check, ...] = ()
    properties: tuple[_Property, ...] = ()

    def conforms(self, facts: Facts, focus: Node) -> bool:
        """Whether nothing of it is broken."""
        if any(True for check in self.checks for _ in check(facts, focus, (focus,))):
            return False
        return not any(True for of in self.properties for _ in of.breaches(facts, focus))


class _Select(NamedTuple):
    """A SPARQL constraint: every row of the query, for a node of the shape's target, is a fault."""

    query: str
    message: str


@dataclass(frozen=True)
class _Target:
    """A node shape with a target: the nodes of some classes."""

    name: str
    message: str | None
    classes: frozenset[Node]
    shape: _Shape
    selects: tuple[_Select, ...] = field(default=())


class Shapes:
    """A set of shapes, ready to be applied."""

    def __init__(self, targets: Iterable[_Target]) -> None:
        self._targets = tuple(targets)
        if not self._targets:
            raise FactlineError("there are no shapes; install factline again")

    def faults(self, facts: Facts) -> list[Fault]:
        """What breaks the shapes, each once, in the order of nodes."""
        found: set[Fault] = set()
        typed = list(facts.typed())
        for target in self._targets:
            nodes = {node for node, classes in typed if not target.classes.isdisjoint(classes)}
            for node in nodes:
                found.update(_applied(target, facts, node))
            found.update(_selected(target, facts, nodes))
        return sorted(found, key=lambda fault: fault.order)


def _applied(target: _Target, facts: Facts, node: Node) -> Iterator[Fault]:
    for check in target.shape.checks:
        for value in check(facts, node, (node,)):
            yield Fault(target.name, _text(node), None if value == node else _text(value), target.message or "")
    for of in target.shape.properties:
        for value in of.breaches(facts, node):
            yield Fault(of.name, _text(node), None if value is None else _text(value), of.message)


def _selected(target: _Target, facts: Facts, nodes: set[Node]) -> Iterator[Fault]:
    for select in target.selects if nodes else ():
        for row in facts.select(select.query):
            if row["this"] in nodes:
                yield Fault(target.name, _text(row["this"]), _text(row["value"]), select.message)


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal) else str(node)


# Compiling


@cache
def data_shapes() -> Shapes:
    """The shapes of the data that ship with Factline."""
    return compile_shapes(resources.path("ontology", "shapes", "data.ttl"))


def compile_shapes(source: Path | bytes) -> Shapes:
    """The shapes of a Turtle file; raises FactlineError for SHACL that is not understood, naming shape and term."""
    given = source.read_bytes() if isinstance(source, Path) else source
    try:
        graph = Graph(ox.parse(given, format=ox.RdfFormat.TURTLE, base_iri=resources.DEFAULT_BASE))
    except SyntaxError as error:
        raise FactlineError(f"the shapes are not valid Turtle: {error}") from error
    return _Compiler(graph).shapes()


_CONTAINERS = {"property", "or", "xone"}
_NODE_ONLY = {"targetClass", "message", "sparql"}
_PROPERTY_ONLY = {"path", "message"}
_SELECT = {"select", "message", "prefixes"}


class _Compiler:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._used: set[Node] = set()

    def shapes(self) -> Shapes:
        targets = [self._target(node) for node in self._graph.subjects(TYPE, SH + "NodeShape")]
        shapes = Shapes(targets)
        idle = set(self._graph.subjects(TYPE, SH + "PropertyShape")) - self._used
        if idle:
            raise FactlineError(f"no node shape applies the shape {min(map(str, idle))}")
        return shapes

    def _target(self, node: Node) -> _Target:
        name = _name(node)
        said = self._graph.shacl(node)
        selects = tuple(self._select(name, given) for given in said.get("sparql", ()))
        message = self._message(said)
        shape = self._shape(name, node, _NODE_ONLY)
        classes = frozenset(said.get("targetClass", ()))
        if not classes:
            reject(name, "a node shape without sh:targetClass")
        if shape.checks and message is None:
            reject(name, "a constraint without sh:message")
        return _Target(name, message, classes, shape, selects)

    def _shape(self, name: str, node: Node, allowed: set[str] | frozenset[str] = frozenset()) -> _Shape:
        said = self._graph.shacl(node)
        properties = tuple(self._property(name, given) for given in said.get("property", ()))
        return _Shape(self._checks(name, said, allowed), properties)

    def _property(self, owner: str, node: Node) -> _Property:
        self._used.add(node)
        said = self._graph.shacl(node)
        # A part of sh:or or sh:xone needs no name: the fault is that of the whole.
        name = _name(node) if isinstance(node, ox.NamedNode) else owner
        message = self._message(said)
        if message is None and isinstance(node, ox.NamedNode):
            reject(name, "a property shape without sh:message")
        if "property" in said:
            reject(name, "sh:property within a property shape")
        path, inverse = self._path(name, said)
        return _Property(name, message or "", path, inverse, self._checks(name, said, _PROPERTY_ONLY))

    def _path(self, name: str, said: dict[str, list[Node]]) -> tuple[ox.NamedNode, bool]:
        given = one(name, said, "path")
        if isinstance(given, ox.NamedNode):
            return given, False
        inner = self._graph.shacl(given)
        if set(inner) != {"inversePath"}:
            reject(name, "a path that is neither a property nor the inverse of one")
        path = one(name, inner, "inversePath")
        if not isinstance(path, ox.NamedNode):
            reject(name, "a path that is neither a property nor the inverse of one")
        return path, True

    def _checks(self, name: str, said: dict[str, list[Node]], allowed: set[str] | frozenset[str]) -> tuple[Check, ...]:
        checks: list[Check] = []
        for parameter, given in said.items():
            if parameter in ("or", "xone"):
                checks.extend(self._choice(name, parameter, node) for node in given)
            elif parameter in constraints.COMPILERS:
                checks.extend(constraints.COMPILERS[parameter](name, node) for node in given)
            elif parameter not in allowed | _CONTAINERS:
                reject(name, f"sh:{parameter}")
        return tuple(checks)

    def _choice(self, name: str, parameter: str, head: Node) -> Check:
        members = [self._shape(name, node) for node in self._graph.members(head)]
        wanted: Callable[[int], bool] = (lambda met: met == 1) if parameter == "xone" else (lambda met: met > 0)

        def check(facts: Facts, focus: Node, values: Sequence[Node]) -> Iterator[Node | None]:
            for value in values:
                if not wanted(sum(member.conforms(facts, value) for member in members)):
                    yield value

        return check

    def _select(self, name: str, node: Node) -> _Select:
        said = self._graph.shacl(node)
        for parameter in set(said) - _SELECT:
            reject(name, f"sh:{parameter} of a SPARQL constraint")
        message = self._message(said)
        if message is None:
            reject(name, "a SPARQL constraint without sh:message")
        query = one(name, said, "select")
        declared = (given for source in said.get("prefixes", ()) for given in self._graph.declared(source))
        lines = [f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared]
        return _Select("".join(lines) + _text(query), message)

    def _message(self, said: dict[str, list[Node]]) -> str | None:
        return _text(said["message"][0]) if "message" in said else None


def _name(node: Node) -> str:
    return _text(node).removeprefix(resources.NAMESPACE)
