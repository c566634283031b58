"""Which nodes what is inferred of may change when triples of a graph have."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kb.reason.axioms import Axioms, Node
from kb.reason.inference import TYPE


def resting_on(
    changes: Iterable[ox.Triple], engine: ox.Store, graph: ox.NamedNode, axioms: Axioms
) -> set[ox.NamedNode]:
    """The subjects of changed triples; their objects, where a property says something of these; and the nodes from
    which chains and definitions lead to a subject over the graph.

    What chains and definitions lead over otherwise are the graphs of documents and reference data, which do not change.
    """
    followed = {step.property for step in axioms.steps}
    forward = {step.property for step in axioms.steps if not step.inverse}
    backward = {step.property for step in axioms.steps if step.inverse}
    found: set[ox.NamedNode] = set()
    edge: set[ox.NamedNode] = set()
    for triple in changes:
        subject, about = triple.subject, triple.object
        if isinstance(subject, ox.NamedNode):
            found.add(subject)
            if triple.predicate in followed or triple.predicate == TYPE:
                edge.add(subject)
        telling = triple.predicate in backward or triple.predicate in axioms.ranges
        if telling and isinstance(about, ox.NamedNode):
            found.add(about)
    seen = set(edge)
    for _ in range(axioms.depth):
        quads = [
            quad for node in edge for step in forward for quad in engine.quads_for_pattern(None, step, node, graph)
        ]
        near: set[Node] = {quad.subject for quad in quads}
        quads = [
            quad for node in edge for step in backward for quad in engine.quads_for_pattern(node, step, None, graph)
        ]
        near |= {quad.object for quad in quads}
        edge = {node for node in near if isinstance(node, ox.NamedNode)} - seen
        seen |= edge
    return found | seen
