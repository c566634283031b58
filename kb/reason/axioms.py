"""The axioms that instances are classified by, read from the files of the ontology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.reason.expressions import Expression, Expressions, Step, local

ALIGNED = ("prov", "sem")
"""The alignments whose terms are inferred too; the others state the same of more vocabularies, and a store that kept
all of them would be more than twice as large."""
MODULES = ("core", "axioms", "vocabularies", "labels")

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_CHAIN = _OWL + "propertyChainAxiom"

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Closure = dict[ox.NamedNode, frozenset[ox.NamedNode]]


@dataclass(frozen=True)
class Axioms:
    """``classes`` and ``properties`` give all named ones above each, itself left out; ``chains`` the ways that a
    property follows from others; ``defined`` the classes whose members are told by an expression, with ``parts`` the
    named classes that every member of one is in; ``ours`` the classes of our namespace; ``told_by`` for each class the
    defined ones by which a node shows to be in it; ``steps`` what chains and expressions follow, ``depth`` how
    many of these in a row at most.
    """

    classes: Closure
    properties: Closure
    domains: Closure
    ranges: Closure
    transitive: frozenset[ox.NamedNode]
    chains: dict[ox.NamedNode, tuple[tuple[Step, ...], ...]]
    defined: dict[ox.NamedNode, Expression]
    parts: dict[ox.NamedNode, frozenset[ox.NamedNode]]
    ours: frozenset[ox.NamedNode]
    told_by: dict[ox.NamedNode, tuple[ox.NamedNode, ...]]
    steps: frozenset[Step]
    depth: int

    def above(self, kind: ox.NamedNode) -> frozenset[ox.NamedNode]:
        """The classes that a member of ``kind`` is in too."""
        return self.classes.get(kind, frozenset())


def files(aligned: Iterable[str] = ALIGNED) -> list[Path]:
    """The files of the ontology proper, and of these alignments."""
    root = resources.folder("ontology")
    modules = [file for name in MODULES for file in sorted((root / name).glob("*.ttl"))]
    if not modules:
        raise FactlineError("the ontology that ships with Factline is empty; install factline again")
    return [root / "kb.ttl", *modules, *(root / "alignments" / f"{name}.ttl" for name in aligned)]


def triples(sources: Iterable[Path]) -> Iterator[ox.Quad]:
    """What files say, their blank nodes told apart. Raises FactlineError for a file that does not parse."""
    for file in sources:
        try:
            yield from ox.parse(
                path=str(file),
                format=ox.RdfFormat.TURTLE,
                base_iri=resources.DEFAULT_BASE,
                rename_blank_nodes=True,
            )
        except SyntaxError as error:
            raise FactlineError(f"{file} is not valid Turtle: {error}") from error


@cache
def shipped() -> Axioms:
    """The axioms of the ontology that ships with Factline."""
    return read(triples(files()))


def read(source: Iterable[ox.Quad]) -> Axioms:
    """Sorts the axioms; raises FactlineError for one from which something would follow that is not inferred."""
    said: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for triple in source:
        said[triple.subject][triple.predicate.value].append(triple.object)
    terms = Expressions(said)
    classes: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    properties: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    defined: dict[ox.NamedNode, Expression] = {}
    chains: dict[ox.NamedNode, tuple[tuple[Step, ...], ...]] = {}
    for node, facts in list(said.items()):
        if not isinstance(node, ox.NamedNode):
            continue
        for above in facts.get(_RDFS + "subClassOf", ()):
            if isinstance(above, ox.NamedNode):
                classes[node].add(above)
            else:
                terms.require_silent(node, above)
        properties[node].update(it for it in facts.get(_RDFS + "subPropertyOf", ()) if isinstance(it, ox.NamedNode))
        if _is_a(facts, "Class"):
            for same in facts.get(_OWL + "equivalentClass", ()):
                defined[node] = terms.read(same)
        if facts.get(_CHAIN):
            chains[node] = tuple(terms.chain(head) for head in facts[_CHAIN])
    # A member of an intersection is a member of its named parts.
    for kind, expression in defined.items():
        classes[kind].update(expression.named_parts())
    wider = _closure(classes)
    ordered = _ordered(defined)
    paths = [chain for ways in chains.values() for chain in ways]
    paths += [expression.steps() for expression in ordered.values()]
    return Axioms(
        classes=wider,
        properties=_closure(properties),
        domains=_ends(said, _RDFS + "domain"),
        ranges=_ends(said, _RDFS + "range"),
        transitive=frozenset(_named(said, "TransitiveProperty")),
        chains=chains,
        defined=ordered,
        parts={kind: frozenset(expression.named_parts()) for kind, expression in ordered.items()},
        ours=frozenset(kind for kind in _named(said, "Class") if kind.value.startswith(resources.NAMESPACE)),
        told_by=_told_by(ordered, wider),
        steps=frozenset(step for path in paths for step in path),
        depth=max(map(len, paths), default=0),
    )


def _named(said: dict[Node, dict[str, list[Node]]], kind: str) -> Iterator[ox.NamedNode]:
    """The named nodes that are of a kind of OWL."""
    return (node for node, facts in said.items() if isinstance(node, ox.NamedNode) and _is_a(facts, kind))


def _told_by(defined: dict[ox.NamedNode, Expression], above: Closure) -> dict[ox.NamedNode, tuple[ox.NamedNode, ...]]:
    """For each class the defined classes by whose definition a node shows to be in it.

    Not those whose definition asks for the class itself: that has to be known first.
    """
    found: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    for it, expression in defined.items():
        asked = {wider for part in expression.named_parts() for wider in (part, *above.get(part, ()))}
        for kind in {it, *above.get(it, ())} - asked:
            found[kind].append(it)
    return {kind: tuple(of) for kind, of in found.items()}


def _is_a(facts: dict[str, list[Node]], kind: str) -> bool:
    return ox.NamedNode(_OWL + kind) in facts.get(_RDF + "type", ())


def _ends(said: dict[Node, dict[str, list[Node]]], end: str) -> Closure:
    """The named classes at one end of each property that links nodes."""
    found: Closure = {}
    for node, facts in said.items():
        if not isinstance(node, ox.NamedNode) or not (
            _is_a(facts, "ObjectProperty") or _is_a(facts, "DatatypeProperty")
        ):
            continue
        if end.endswith("range") and not _is_a(facts, "ObjectProperty"):
            continue
        named = frozenset(it for it in facts.get(end, ()) if isinstance(it, ox.NamedNode))
        if named:
            found[node] = named
    return found


def _closure(direct: dict[ox.NamedNode, set[ox.NamedNode]]) -> Closure:
    found: Closure = {}
    for node, parents in direct.items():
        reached: set[ox.NamedNode] = set()
        pending = list(parents)
        while pending:
            above = pending.pop()
            if above not in reached and above != node:
                reached.add(above)
                pending.extend(direct.get(above, ()))
        if reached:
            found[node] = frozenset(reached)
    return found


def _ordered(defined: dict[ox.NamedNode, Expression]) -> dict[ox.NamedNode, Expression]:
    """The defined classes, each after those that its expression uses; raises FactlineError for a circle."""
    done: dict[ox.NamedNode, Expression] = {}
    while len(done) < len(defined):
        ready = [
            kind
            for kind, expression in sorted(defined.items(), key=lambda item: item[0].value)
            if kind not in done and not (expression.uses() & defined.keys()) - done.keys()
        ]
        if not ready:
            stuck = sorted(local(kind) for kind in defined.keys() - done.keys())
            raise FactlineError(f"the definitions of {', '.join(stuck)} rest on each other")
        done.update({kind: defined[kind] for kind in ready})
    return done
