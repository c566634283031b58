"""What follows from many graphs at once: the axioms as SPARQL, answered within the engine.

Going through a graph triple by triple (``kb.reason.inference``) is the faster way for one document, and the slower one
for thousands: most triples tell nothing, and each has to leave the engine to be looked at. Here each axiom is a query,
and only what follows leaves it. Both ways give the same, which a test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import pyoxigraph as ox

from kb.errors import FactlineError
from kb.reason import rules
from kb.reason.axioms import Axioms, Node
from kb.reason.expressions import All, Either, Expression, Has, Named, OneOf, Some, Step, Within

Write = Callable[[bytes], None]
"""Takes N-Triples into the inferred graph, so that the next query sees them."""


class Graphs:
    """The graphs that facts are taken from: one by its name, or all whose names begin alike."""

    def __init__(self, start: str, *, one: bool = False) -> None:
        self._name = f"<{start}>" if one else "?g"
        self._filter = "" if one else f'FILTER(STRSTARTS(STR(?g), "{start}"))'

    def say(self, pattern: str) -> str:
        """The pattern, asked of each of these graphs."""
        return f"GRAPH {self._name} {{ {pattern} }} {self._filter}"

    def unsaid(self, pattern: str) -> str:
        """That the same graph does not say this."""
        return f"FILTER NOT EXISTS {{ GRAPH {self._name} {{ {pattern} }} }}"


class Bulk:
    """Infers from ``graphs`` of an engine; ``write`` is called with each part of what follows."""

    def __init__(self, engine: ox.Store, axioms: Axioms, graphs: Graphs, write: Write) -> None:
        self._engine = engine
        self._axioms = axioms
        self._graphs = graphs
        self._write = write
        self._found: list[bytes] = []
        self._known: set[ox.NamedNode] = set()  # the classes that some described node is in

    def all(self) -> None:
        """Everything, each kind after those that it rests on."""
        self._classes()
        self._ends()
        for predicate, above in self._axioms.properties.items():
            self._above(f"?s {predicate} ?o", "?s ?above ?o", above)
        self._flush()
        self._chains()
        self._definitions()
        self._flush()
        self._rules()
        self._flush()

    def _classes(self) -> None:
        """The classes above those that are stated."""
        for (kind,) in list(self._select(f"SELECT DISTINCT ?t {{ {self._graphs.say('?s a ?t')} }}")):
            self._known |= self._with_above(kind)
            if not self._with_above(kind).isdisjoint(self._axioms.ours):
                self._above(f"?s a {kind}", "?s a ?above", self._axioms.above(kind))

    def _ends(self) -> None:
        """The classes that domains and ranges put described nodes into which none stated of them lies under."""
        for ends, pattern in (
            (self._axioms.domains, "?s a ?t . ?s ?p ?o"),
            (self._axioms.ranges, "?s a ?t . ?o ?p ?s"),
        ):
            pairs = self._select(f"SELECT DISTINCT ?p ?t {{ {self._graphs.say(pattern)} }}")
            for predicate, kind in list(pairs):
                known = self._with_above(kind)
                more = ends.get(predicate, frozenset()) - known
                wider = known.union(more, *(self._axioms.above(it) for it in more))
                if more and not wider.isdisjoint(self._axioms.ours):
                    told = pattern.replace("?p", str(predicate)).replace("?t", str(kind))
                    self._known |= wider
                    self._above(told, "?s a ?above", wider)

    def _chains(self) -> None:
        """What chains of properties lead the described nodes to."""
        for result, chains in self._axioms.chains.items():
            names = {result, *self._axioms.properties.get(result, ())}
            for chain in chains:
                path = "/".join(self._path(step) for step in chain)
                self._anywhere(f"?s {path} ?o", "?s ?above ?o", names)

    def _definitions(self) -> None:
        """The members of defined classes, in the order in which definitions rest on each other."""
        for kind, expression in self._axioms.defined.items():
            if not self._axioms.parts[kind] <= self._known:
                continue
            if expression.uses() & self._axioms.defined.keys():
                self._flush()
            names = Names()
            where = self._pattern(expression, "?s", names)
            self._known |= {kind, *self._axioms.above(kind)}
            self._anywhere(where, "?s a ?above", {kind, *self._axioms.above(kind)})

    def _rules(self) -> None:
        """What the rules say of the members of their classes."""
        for rule in rules.shipped():
            for kind in sorted(rule.classes, key=str):
                self._construct(rule.about(self._graphs.say(f"?this a {kind}")))

    def _anywhere(self, where: str, told: str, above: Collection[ox.NamedNode]) -> None:
        """Of the nodes that these graphs describe, what follows from a pattern that any graph may say."""
        described = f"FILTER EXISTS {{ {self._graphs.say('?s a ?t')} }}"
        self._write_above(f"{where} {described}", told, above)

    def _above(self, where: str, told: str, above: Collection[ox.NamedNode]) -> None:
        self._write_above(self._graphs.say(where), told, above)

    def _write_above(self, where: str, told: str, above: Collection[ox.NamedNode]) -> None:
        if above:
            values = " ".join(sorted(map(str, above)))
            unsaid = self._graphs.unsaid(told)
            self._construct(f"CONSTRUCT {{ {told} }} WHERE {{ {where} VALUES ?above {{ {values} }} {unsaid} }}")

    def _construct(self, query: str) -> None:
        results = self._engine.query(query)
        if not isinstance(results, ox.QueryTriples):
            raise FactlineError("an axiom was asked for in a query that is no CONSTRUCT")
        self._found.append(results.serialize(format=ox.RdfFormat.N_TRIPLES) or b"")

    def _flush(self) -> None:
        """Writes what was found. As seldom as will do: each write is a file more that every read has to look into."""
        if any(self._found):
            self._write(b"".join(self._found))
        self._found.clear()

    def _pattern(self, expression: Expression, node: str, names: Names) -> str:
        match expression:
            case Named(kind):
                return f"{node} a {kind} ."
            case All(parts):
                return " ".join(self._pattern(part, node, names) for part in parts)
            case Either(parts):
                return " UNION ".join(f"{{ {self._pattern(part, node, names)} }}" for part in parts)
            case OneOf(members):
                return f"FILTER({node} IN ({', '.join(sorted(map(str, members)))}))"
            case Has(step, value):
                return f"{node} {self._path(step)} {value} ."
            case Some(step, filler):
                value_ = names.fresh()
                reached = f"{node} {self._path(step)} {value_} ."
                if isinstance(filler, Named) and self._leads_to(step, filler.kind):
                    return reached
                return f"{reached} {self._pattern(filler, value_, names)}"
            case Within(datatype, least, most):
                bounds = [f"{node} >= {least[1]}"] if least is not None else []
                bounds += [f"{node} <= {most[1]}"] if most is not None else []
                return f"FILTER({' && '.join([f'DATATYPE({node}) = {datatype}', *bounds])})"
        raise FactlineError(f"a class expression of the kind {type(expression).__name__} cannot be asked in SPARQL")

    def _leads_to(self, step: Step, kind: ox.NamedNode) -> bool:
        ends = (self._axioms.domains if step.inverse else self._axioms.ranges).get(step.property, frozenset())
        return any(kind in self._with_above(it) for it in ends)

    def _path(self, step: Step) -> str:
        path = f"^{step.property}" if step.inverse else str(step.property)
        return f"({path})+" if step.property in self._axioms.transitive else path

    def _with_above(self, kind: Node) -> frozenset[ox.NamedNode]:
        return self._axioms.above(kind) | {kind} if isinstance(kind, ox.NamedNode) else frozenset()

    def _select(self, query: str) -> Iterator[tuple[ox.NamedNode, ...]]:
        results = self._engine.query(query)
        if not isinstance(results, ox.QuerySolutions):
            raise FactlineError("an axiom was asked for in a query that is no SELECT")
        for row in results:
            yield tuple(row)


class Names:
    """Names of variables, each a new one."""

    def __init__(self) -> None:
        self._number = 0

    def fresh(self) -> str:
        """A variable that was not used yet."""
        self._number += 1
        return f"?x{self._number}"
