"""Class expressions of OWL, read from RDF and asked of a node."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from kb.errors import FactlineError
from kb.validate.values import Value, at_most, value_of

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Said = dict[Node, dict[str, list[Node]]]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NIL = ox.NamedNode(_RDF + "nil")


def local(node: Node) -> str:
    """The last part of a name, to show."""
    return str(node).rpartition("#")[2].rstrip(">")


@dataclass(frozen=True)
class Step:
    """One property of a path, or its inverse."""

    property: ox.NamedNode
    inverse: bool = False


class View(Protocol):
    """What expressions ask of a graph."""

    def reach(self, node: Node, step: Step) -> Sequence[Node]:
        """The nodes one step away."""
        ...

    def member(self, node: Node, kind: ox.NamedNode) -> bool:
        """Whether a node is in a named class."""
        ...

    def leads_to(self, step: Step, kind: ox.NamedNode) -> bool:
        """Whether all that a step leads to is in a class anyway."""
        ...


class Expression(ABC):
    """A class expression."""

    @abstractmethod
    def holds(self, view: View, node: Node) -> bool:
        """Whether what is known of a node makes it a member."""

    def uses(self) -> set[ox.NamedNode]:
        """The named classes in it."""
        return set()

    def named_parts(self) -> set[ox.NamedNode]:
        """The named classes that every member is in."""
        return set()

    def steps(self) -> tuple[Step, ...]:
        """The properties that it follows, those of expressions within it too."""
        return ()


@dataclass(frozen=True)
class Named(Expression):
    """A class by its name."""

    kind: ox.NamedNode

    def holds(self, view: View, node: Node) -> bool:  # noqa: D102
        return view.member(node, self.kind)

    def uses(self) -> set[ox.NamedNode]:  # noqa: D102
        return {self.kind}

    def named_parts(self) -> set[ox.NamedNode]:  # noqa: D102
        return {self.kind}


@dataclass(frozen=True)
class All(Expression):
    """An intersection."""

    parts: tuple[Expression, ...]

    def holds(self, view: View, node: Node) -> bool:  # noqa: D102
        return all(part.holds(view, node) for part in self.parts)

    def uses(self) -> set[ox.NamedNode]:  # noqa: D102
        return set().union(*(part.uses() for part in self.parts))

    def named_parts(self) -> set[ox.NamedNode]:  # noqa: D102
        return set().union(*(part.named_parts() for part in self.parts))

    def steps(self) -> tuple[Step, ...]:  # noqa: D102
        return tuple(step for part in self.parts for step in part.steps())


@dataclass(frozen=True)
class Either(Expression):
    """A union."""

    parts: tuple[Expression, ...]

    def holds(self, view: View, node: Node) -> bool:  # noqa: D102
        return any(part.holds(view, node) for part in self.parts)

    def uses(self) -> set[ox.NamedNode]:  # noqa: D102
        return set().union(*(part.uses() for part in self.parts))

    def steps(self) -> tuple[Step, ...]:  # noqa: D102
        return tuple(step for part in self.parts for step in part.steps())


@dataclass(frozen=True)
class OneOf(Expression):
    """An enumeration of individuals."""

    members: frozenset[Node]

    def holds(self, view: View, node: Node) -> bool:  # noqa: D102
        return node in self.members


@dataclass(frozen=True)
class Has(Expression):
    """A given value of a property."""

    step: Step
    value: Node

    def holds(self, view: View, node: Node) -> bool:  # noqa: D102
        return self.value in view.reach(node, self.step)

    def steps(self) -> tuple[Step, ...]:  # noqa: D102
        return (self.step,)


@dataclass(frozen=True)
class Some(Expression):
    """Some value of a property in a class."""

    step: Step
    filler: Expression

    def holds(self, view: View, node: Node) -> bool:  # noqa: D102
        found = view.reach(node, self.step)
        if found and isinstance(self.filler, Named) and view.leads_to(self.step, self.filler.kind):
            return True
        return any(self.filler.holds(view, value) for value in found)

    def uses(self) -> set[ox.NamedNode]:  # noqa: D102
        return self.filler.uses()

    def steps(self) -> tuple[Step, ...]:  # noqa: D102
        return (self.step, *self.filler.steps())


@dataclass(frozen=True)
class Within(Expression):
    """A datatype, with bounds of its values."""

    datatype: ox.NamedNode
    least: Value | None = None
    most: Value | None = None

    def holds(self, view: View, node: Node) -> bool:  # noqa: D102
        if not isinstance(node, ox.Literal) or node.datatype != self.datatype:
            return False
        value = value_of(node)
        if value is None:
            return False
        return (self.least is None or at_most(self.least, value)) and (self.most is None or at_most(value, self.most))


class Expressions:
    """Reads the expressions of a graph."""

    def __init__(self, said: Said) -> None:
        self._said = said

    def read(self, node: Node) -> Expression:
        """The expression that a node stands for; raises FactlineError for a kind that is not understood."""
        if isinstance(node, ox.NamedNode):
            # A datatype of ours is the range that it is equivalent to.
            same = self._one(node, _OWL + "equivalentClass")
            if self._is(node, "http://www.w3.org/2000/01/rdf-schema#Datatype") and same is not None:
                return self.read(same)
            return Within(node) if node.value.startswith(_XSD) else Named(node)
        for name, kind in (("intersectionOf", All), ("unionOf", Either)):
            head = self._one(node, _OWL + name)
            if head is not None:
                return kind(tuple(self.read(part) for part in self._members(head)))
        head = self._one(node, _OWL + "oneOf")
        if head is not None:
            return OneOf(frozenset(self._members(head)))
        base = self._one(node, _OWL + "onDatatype")
        if isinstance(base, ox.NamedNode):
            return self._bounded(node, base)
        return self._restriction(node)

    def _restriction(self, node: Node) -> Expression:
        given = self._one(node, _OWL + "onProperty")
        if given is None:
            raise FactlineError(f"the class expression {self._shown(node)} is of a kind that is not inferred")
        step = self._step(given)
        value = self._one(node, _OWL + "hasValue")
        if value is not None:
            return Has(step, value)
        filler = self._one(node, _OWL + "someValuesFrom")
        if filler is None:
            raise FactlineError(f"a restriction of {local(step.property)} is of a kind that is not inferred")
        return Some(step, self.read(filler))

    def _bounded(self, node: Node, base: ox.NamedNode) -> Within:
        head = self._one(node, _OWL + "withRestrictions")
        bounds = {
            name: values[0]
            for facet in (self._members(head) if head is not None else ())
            for name, values in self._said[facet].items()
        }
        unknown = set(bounds) - {_XSD + "minInclusive", _XSD + "maxInclusive"}
        if unknown:
            raise FactlineError(f"the facets {sorted(unknown)} of a datatype are not inferred with")
        least, most = bounds.get(_XSD + "minInclusive"), bounds.get(_XSD + "maxInclusive")
        return Within(
            base,
            value_of(least) if isinstance(least, ox.Literal) else None,
            value_of(most) if isinstance(most, ox.Literal) else None,
        )

    def chain(self, head: Node) -> tuple[Step, ...]:
        """The steps of a property chain."""
        return tuple(self._step(part) for part in self._members(head))

    def _step(self, node: Node) -> Step:
        if isinstance(node, ox.NamedNode):
            return Step(node)
        inverse = self._one(node, _OWL + "inverseOf")
        if not isinstance(inverse, ox.NamedNode):
            raise FactlineError(f"{self._shown(node)} is no property")
        return Step(inverse, inverse=True)

    def require_silent(self, kind: ox.NamedNode, node: Node) -> None:
        """Raises FactlineError unless nothing follows for named nodes from lying under this expression.

        That something exists says nothing of what is named; bounds of literals are for the shapes to hold.
        """
        filler = self._one(node, _OWL + "allValuesFrom")
        if filler is not None and isinstance(self.read(filler), Within):
            return
        if filler is None and self._one(node, _OWL + "someValuesFrom") is not None:
            return
        raise FactlineError(f"the class {local(kind)} lies under an expression from which facts would follow")

    def _is(self, node: Node, kind: str) -> bool:
        return ox.NamedNode(kind) in self._said.get(node, {}).get(_RDF + "type", ())

    def _one(self, node: Node, predicate: str) -> Node | None:
        found = self._said.get(node, {}).get(predicate, ())
        return found[0] if found else None

    def _members(self, head: Node) -> Iterator[Node]:
        while head != _NIL:
            yield self._said[head][_RDF + "first"][0]
            head = self._said[head][_RDF + "rest"][0]

    def _shown(self, node: Node) -> str:
        return ", ".join(sorted(local(ox.NamedNode(name)) for name in self._said.get(node, {}))) or str(node)
