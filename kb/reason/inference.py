"""What follows for the nodes of one graph: classes, properties above, chains, defined classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kb.reason.axioms import Axioms, Node
from kb.reason.expressions import Step

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_EVERYWHERE = ox.DefaultGraph()


class StoreView:
    """A store as the expressions see it, without the graph that is being made: what it holds may no longer follow.

    It remembers what it was asked, so it is made anew for each batch.
    """

    def __init__(self, engine: ox.Store, axioms: Axioms, without: ox.NamedNode | None = None) -> None:
        self._engine = engine
        self._axioms = axioms
        self._without = without
        self._known: dict[tuple[Node, Step], tuple[Node, ...]] = {}
        self._members: dict[tuple[Node, ox.NamedNode], bool] = {}

    def reach(self, node: Node, step: Step) -> Sequence[Node]:
        """The nodes one step away; of a transitive property, any number of steps."""
        found = self._known.get((node, step))
        if found is None:
            found = self._far(node, step) if step.property in self._axioms.transitive else self._near(node, step)
            self._known[node, step] = found
        return found

    def _near(self, node: Node, step: Step) -> tuple[Node, ...]:
        if isinstance(node, ox.Literal | ox.Triple):
            return ()
        if step.inverse:
            return tuple(quad.subject for quad in self._quads(None, step.property, node))
        return tuple(quad.object for quad in self._quads(node, step.property, None))

    def _quads(
        self, subject: ox.NamedNode | ox.BlankNode | None, predicate: ox.NamedNode, about: Node | None
    ) -> Iterator[ox.Quad]:
        if self._without is None:
            yield from self._engine.quads_for_pattern(subject, predicate, about, _EVERYWHERE)
            return
        seen: set[ox.Triple] = set()
        for quad in self._engine.quads_for_pattern(subject, predicate, about, None):
            if quad.graph_name not in (_EVERYWHERE, self._without) and quad.triple not in seen:
                seen.add(quad.triple)
                yield quad

    def _far(self, node: Node, step: Step) -> tuple[Node, ...]:
        found: dict[Node, None] = {}
        pending = [node]
        while pending:
            for further in self._near(pending.pop(), step):
                if further not in found:
                    found[further] = None
                    pending.append(further)
        return tuple(found)

    def member(self, node: Node, kind: ox.NamedNode) -> bool:
        """Whether a node is in a class: by what is said of it, or by the definition of the class."""
        known = self._members.get((node, kind))
        if known is None:
            known = self._members[node, kind] = self._is(node, kind)
        return known

    def _is(self, node: Node, kind: ox.NamedNode) -> bool:
        axioms = self._axioms
        if any(
            it == kind or kind in axioms.above(it)
            for it in self.reach(node, Step(TYPE))
            if isinstance(it, ox.NamedNode)
        ):
            return True
        return any(axioms.defined[it].holds(self, node) for it in axioms.told_by.get(kind, ()))

    def leads_to(self, step: Step, kind: ox.NamedNode) -> bool:
        """Whether the range (of an inverse: the domain) of a property lies within a class."""
        ends = (self._axioms.domains if step.inverse else self._axioms.ranges).get(step.property, frozenset())
        return any(it == kind or kind in self._axioms.above(it) for it in ends)


def inferred(facts: Iterable[ox.Triple | ox.Quad], view: StoreView, axioms: Axioms) -> set[ox.Triple]:
    """What follows from the facts of one graph, and is not among them, seen against the whole store.

    Classes and chains are inferred for the nodes that the graph describes (those that it gives a class); the graph that
    describes another node is where what follows for that one is found.
    """
    given = {(fact.subject, fact.predicate, fact.object) for fact in facts}
    types: dict[Node, set[ox.NamedNode]] = {}
    for subject, predicate, about in given:
        if predicate == TYPE and isinstance(about, ox.NamedNode):
            types.setdefault(subject, set()).add(about)
    found: set[tuple[Node, ox.NamedNode, Node]] = set()
    for subject, predicate, about in given:
        found.update((subject, above, about) for above in axioms.properties.get(predicate, ()))
        if subject in types:
            types[subject].update(axioms.domains.get(predicate, ()))
        if about in types:
            types[about].update(axioms.ranges.get(predicate, ()))
    for node, kinds in types.items():
        known = _with_above(kinds, axioms)
        if known.isdisjoint(axioms.ours):
            continue
        found.update(_chained(node, view, axioms))
        for kind, expression in axioms.defined.items():
            if axioms.parts[kind] <= known and expression.holds(view, node):
                known |= {kind, *axioms.above(kind)}
        found.update((node, TYPE, kind) for kind in known)
    return {ox.Triple(*fact) for fact in found - given}  # type: ignore[arg-type]  # subjects of triples read


def _with_above(kinds: Iterable[ox.NamedNode], axioms: Axioms) -> set[ox.NamedNode]:
    return set(kinds).union(*(axioms.above(kind) for kind in kinds))


def _chained(node: Node, view: StoreView, axioms: Axioms) -> Iterator[tuple[Node, ox.NamedNode, Node]]:
    for result, chains in axioms.chains.items():
        for chain in chains:
            ends: Iterable[Node] = (node,)
            for step in chain:
                ends = [further for end in ends for further in view.reach(end, step)]
                if not ends:
                    break
            for end in ends:
                yield node, result, end
                for above in axioms.properties.get(result, ()):
                    yield node, above, end
