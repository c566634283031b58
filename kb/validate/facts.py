"""One graph, indexed as the shapes ask for it, with what the ontology says of concepts and classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError

Fact = ox.Triple | ox.Quad
Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


class Facts:
    """The triples of a graph by subject and property, both ways."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._values: dict[Node, dict[ox.NamedNode, list[Node]]] = {}
        self._holders: dict[ox.NamedNode, dict[Node, list[Node]]] = {}
        self._engine: ox.Store | None = None
        self._all = {(fact.subject, fact.predicate, fact.object) for fact in facts}
        for subject, predicate, about in self._all:
            self._values.setdefault(subject, {}).setdefault(predicate, []).append(about)

    def values(self, subject: Node, predicate: ox.NamedNode) -> list[Node]:
        """What a node has for a property, each once."""
        return self._values.get(subject, {}).get(predicate, [])

    def holders(self, about: Node, predicate: ox.NamedNode) -> list[Node]:
        """The nodes that have this one for a property, each once."""
        if predicate not in self._holders:
            found: dict[Node, list[Node]] = defaultdict(list)
            for subject, properties in self._values.items():
                for value in properties.get(predicate, ()):
                    found[value].append(subject)
            self._holders[predicate] = dict(found)
        return self._holders[predicate].get(about, [])

    def typed(self) -> Iterator[tuple[Node, frozenset[Node]]]:
        """The nodes of the graph that have a class, with all their classes."""
        for subject, properties in self._values.items():
            if TYPE in properties:
                yield subject, self.classes(subject)

    def classes(self, node: Node) -> frozenset[Node]:
        """The classes that the graph or the ontology gives a node, and those above them."""
        known = ontology()
        found = known.concepts.get(node, frozenset())
        for kind in self.values(node, TYPE):
            found |= known.above.get(kind) or frozenset((kind,))
        return found

    def select(self, query: str) -> ox.QuerySolutions:
        """Answers a SELECT over the graph alone."""
        if self._engine is None:
            self._engine = ox.Store()
            self._engine.extend(ox.Quad(*triple) for triple in self._all)
        rows = self._engine.query(query)
        if not isinstance(rows, ox.QuerySolutions):
            raise FactlineError("a shape's SPARQL constraint is no SELECT")
        return rows


class Ontology:
    """``concepts`` has the classes of each concept of a vocabulary, ``above`` each class with all those above it."""

    def __init__(self, triples: Iterable[ox.Quad]) -> None:
        parents: dict[Node, set[Node]] = defaultdict(set)
        kinds: dict[Node, set[Node]] = defaultdict(set)
        for triple in triples:
            about = triple.object
            if not isinstance(about, ox.NamedNode) or not about.value.startswith(resources.NAMESPACE):
                continue
            if triple.predicate == _SUBCLASS:
                parents[triple.subject].add(about)
            elif triple.predicate == TYPE:
                kinds[triple.subject].add(about)
        self.above = {kind: _reach(kind, parents) for kind in {*parents, *(it for of in kinds.values() for it in of)}}
        self.concepts = {
            concept: frozenset().union(*(self.above[kind] for kind in found)) for concept, found in kinds.items()
        }
        if not self.concepts or not parents:
            raise FactlineError("the ontology that ships with Factline is empty; install factline again")


def _reach(start: Node, parents: dict[Node, set[Node]]) -> frozenset[Node]:
    found, pending = {start}, [start]
    while pending:
        for parent in parents.get(pending.pop(), ()):
            if parent not in found:
                found.add(parent)
                pending.append(parent)
    return frozenset(found)


@cache
def ontology() -> Ontology:
    """What the shapes need of the ontology that ships with Factline."""
    triples: list[ox.Quad] = []
    for folder in ("core", "vocabularies"):
        for file in sorted(resources.path("ontology", folder).glob("*.ttl")):
            triples.extend(quad for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
    return Ontology(triples)
