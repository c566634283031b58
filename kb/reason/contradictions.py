"""Instances that break an axiom: members of classes that exclude each other, second values of what has one.

HermiT finds such things too, but not in more than a few thousand nodes, and it does not say where. What each kind of
axiom forbids is looked for here instead, after the inferred graphs have been made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.reason import axioms
from kb.reason.axioms import Axioms, Node
from kb.reason.expressions import local
from kb.reason.inference import TYPE
from kb.store import Store
from kb.validate.fault import Fault

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_EVERYWHERE = ox.DefaultGraph()


class Exclusions(NamedTuple):
    """Pairs of classes that exclude each other, the properties that have one value, and the sets of individuals that
    are all different, each with the file that says so.
    """

    disjoint: dict[tuple[ox.NamedNode, ox.NamedNode], str]
    single: dict[ox.NamedNode, str]
    different: list[frozenset[Node]]


def breaches(store: Store) -> Iterator[Fault]:
    """What contradicts the ontology in a store, with the axiom that it breaks."""
    known, told = exclusions(), axioms.shipped()
    kinds: dict[Node, set[ox.NamedNode]] = defaultdict(set)
    concerned = {kind for pair in known.disjoint for kind in pair}
    for kind in concerned:
        for quad in store.engine.quads_for_pattern(None, TYPE, kind, _EVERYWHERE):
            kinds[quad.subject].add(kind)
    for node, of in kinds.items():
        for pair in combinations(sorted(of, key=str), 2):
            if pair in known.disjoint:
                why = "; ".join(_why(store, told, node, kind) for kind in pair)
                one, two = map(local, pair)
                message = f"Nothing is both kb:{one} and kb:{two}: {why}."
                yield Fault(known.disjoint[pair], _text(node), None, message)
    for predicate, file in known.single.items():
        yield from _doubled(store, known, predicate, file)


def _doubled(store: Store, known: Exclusions, predicate: ox.NamedNode, file: str) -> Iterator[Fault]:
    doubled = store.engine.query(
        f"SELECT ?node {{ ?node {predicate} ?value }} GROUP BY ?node HAVING (COUNT(DISTINCT ?value) > 1)"
    )
    if not isinstance(doubled, ox.QuerySolutions):
        raise FactlineError(f"what has two values of {predicate} was asked for in a query that is no SELECT")
    for (node,) in doubled:
        found = [quad.object for quad in store.engine.quads_for_pattern(node, predicate, None, _EVERYWHERE)]
        if _differ(found, known):
            shown = " and ".join(sorted(map(_text, found)))
            message = f"kb:{local(predicate)} has one value at most (owl:FunctionalProperty), and these differ."
            yield Fault(file, _text(node), shown, message)


def _differ(found: Iterable[Node], known: Exclusions) -> bool:
    """Whether values cannot be the same: two literals, or two that an axiom calls different.

    Of other nodes OWL concludes that they are one thing under two names, which is no contradiction.
    """
    return any(
        (isinstance(one, ox.Literal) and isinstance(two, ox.Literal))
        or any(one in group and two in group for group in known.different)
        for one, two in combinations(found, 2)
    )


def _why(store: Store, told: Axioms, node: Node, kind: ox.NamedNode) -> str:
    """How a node comes to be in a class: it says so, or a property of it has that domain or range."""
    name = f"kb:{local(kind)}"
    if isinstance(node, ox.NamedNode | ox.BlankNode):
        stated = [it.object for it in store.engine.quads_for_pattern(node, TYPE, None, _EVERYWHERE)]
        inferred = {q.object for g in ("graph/inferred", "graph/inferred-tracked") for q in _types(store, node, g)}
        direct = sorted(local(it) for it in stated if it not in inferred and _within(told, it, kind))
        if direct:
            return f"it is a kb:{direct[0]}" + ("" if direct[0] == local(kind) else f", so a {name}")
        for quad in store.engine.quads_for_pattern(node, None, None, _EVERYWHERE):
            if any(_within(told, it, kind) for it in told.domains.get(quad.predicate, ())):
                return f"it has kb:{local(quad.predicate)}, whose domain makes it a {name}"
    for quad in store.engine.quads_for_pattern(None, None, node, _EVERYWHERE):
        if any(_within(told, it, kind) for it in told.ranges.get(quad.predicate, ())):
            return f"it is a kb:{local(quad.predicate)} of {_text(quad.subject)}, whose range makes it a {name}"
    return f"it is a {name}"


def _types(store: Store, node: ox.NamedNode | ox.BlankNode, graph: str) -> Iterator[ox.Quad]:
    return store.engine.quads_for_pattern(node, TYPE, None, ox.NamedNode(store.iri(graph)))


def _within(told: Axioms, kind: Node, wanted: ox.NamedNode) -> bool:
    return isinstance(kind, ox.NamedNode) and (kind == wanted or wanted in told.above(kind))


def _text(node: Node) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal) else str(node)


@cache
def exclusions() -> Exclusions:
    """What the axioms that ship with Factline exclude."""
    found = Exclusions({}, {}, [])
    root = resources.folder("ontology")
    for file in axioms.files(()):
        _collect(found, axioms.triples([file]), file.relative_to(root).as_posix())
    if not found.disjoint or not found.single or not found.different:
        raise FactlineError("the axioms that ship with Factline are incomplete; install factline again")
    return found


def _collect(found: Exclusions, triples: Iterable[ox.Quad], file: str) -> None:
    said: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        said[triple.subject][triple.predicate.value].append(triple.object)
    for node, facts in list(said.items()):
        kinds = {_text(kind) for kind in facts.get(_RDF + "type", ())}
        if _OWL + "AllDisjointClasses" in kinds:
            members = [it for head in facts[_OWL + "members"] for it in _members(said, head)]
            for pair in _pairs(members):
                found.disjoint.setdefault(pair, file)
        for other in facts.get(_OWL + "disjointWith", ()):
            for pair in _pairs([node, other]):
                found.disjoint.setdefault(pair, file)
        if _OWL + "AllDifferent" in kinds:
            found.different.append(
                frozenset(it for head in facts[_OWL + "distinctMembers"] for it in _members(said, head))
            )
        if _OWL + "FunctionalProperty" in kinds and isinstance(node, ox.NamedNode):
            found.single[node] = file


def _pairs(members: Iterable[Node]) -> Iterator[tuple[ox.NamedNode, ox.NamedNode]]:
    named = sorted((it for it in members if isinstance(it, ox.NamedNode)), key=str)
    yield from combinations(named, 2)


def _members(said: dict[Node, dict[str, list[Node]]], head: Node) -> Iterator[Node]:
    while said[head].get(_RDF + "first"):
        yield said[head][_RDF + "first"][0]
        head = said[head][_RDF + "rest"][0]
