"""The inferred graphs: what the ontology implies about documents, reference data and tracked events.

``graph/inferred`` grows with the documents: what follows from a document's graph, seen with the reference data, never
changes afterwards. ``graph/inferred-tracked`` follows the tracked graph: what follows for a node is made anew when
something that it rests on has changed there (``kb.reason.reach``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.reason import axioms as ontology
from kb.reason import rules
from kb.reason.axioms import Axioms
from kb.reason.bulk import Bulk, Graphs
from kb.reason.inference import TYPE, StoreView, inferred
from kb.reason.reach import resting_on
from kb.store import Store

VERSION = "2"
"""Changes when the way of inferring does, so that a store that was inferred from an older one is done again."""

_TRACKED = "graph/tracked"
_DOCUMENT = ox.NamedNode(resources.NAMESPACE + "Document")
_BATCH = 500  # documents
_MANY = 100  # documents from which it is faster to ask of all at once
_BULK = 5_000  # triples from which the engine's bulk loader is the faster way in

_REFERENCE: dict[tuple[str, str | None], set[ox.Triple]] = {}
"""What follows from the reference data of one release and base, which takes a second and is the same in every store."""


class Inferred(NamedTuple):
    """What a run did: whether it began from nothing, how many documents it took in, whether events changed."""

    anew: bool
    documents: int
    events: bool

    @property
    def changed(self) -> bool:
        """Whether there was anything to do."""
        return self.anew or self.documents > 0 or self.events


def infer(store: Store) -> Inferred:
    """Brings the inferred graphs up to date, after tracking. The caller publishes.

    Only documents that came since the last time are looked at, unless ontology or reference data have changed; events
    only if the tracked graph has. A run that is stopped goes on where it was.
    """
    axioms = ontology.shipped()
    anew = _begin(store, axioms)
    documents = _documents(store, axioms)
    store.changes.documents = set()
    return Inferred(anew, documents, _tracked(store, axioms, changed=anew))


def forget(store: Store) -> None:
    """Empties the inferred graphs, so that the next ``infer`` makes them from nothing."""
    store.changes.documents = None
    store.set_note("inferred", "")
    store.set_note("inferred-tracked", "")
    for name in ("graph/inferred", "graph/inferred-tracked"):
        store.drop_graph(store.iri(name))


def _begin(store: Store, axioms: Axioms) -> bool:
    made_from = hashlib.sha256(f"{VERSION}\n{store.note('reference')}".encode()).hexdigest()[:20]
    if store.note("inferred") == made_from:
        return False
    forget(store)
    _add(store, _of_reference(store, axioms))
    store.set_note("inferred", made_from)
    return True


def _of_reference(store: Store, axioms: Axioms) -> set[ox.Triple]:
    key = (store.base, store.note("reference"))
    if key not in _REFERENCE:
        _REFERENCE.clear()
        graph = ox.NamedNode(store.iri("graph/reference"))
        _REFERENCE[key] = inferred(store.quads(graph=graph), StoreView(store.engine, axioms), axioms)
    return _REFERENCE[key]


def _documents(store: Store, axioms: Axioms) -> int:
    """Infers from the documents that are new; returns how many.

    That a document has been dealt with shows by a class of its own that it is inferred to be in, written last.
    """
    marker = min(axioms.above(_DOCUMENT), key=str, default=None)
    if marker is None:
        raise FactlineError("the ontology puts documents under no class, so none can be marked as inferred from")
    pending = _pending(store, marker)
    left = pending
    if len(pending) > _MANY and len(pending) * 2 > _recorded(store):
        _all_documents(store, axioms)
        left = [each for each in pending if not each[1].value.startswith(store.iri("document/"))]
    for start in range(0, len(left), _BATCH):
        batch = left[start : start + _BATCH]
        marks = {ox.Triple(document, TYPE, marker) for document, _ in batch}
        _add(store, _follows(store, axioms, (store.quads(graph=graph) for _, graph in batch)) - marks)
        _add(store, marks)
    return len(pending)


def _all_documents(store: Store, axioms: Axioms) -> None:
    """Infers from all documents, those that were inferred from already too: nothing follows twice."""
    made_from = store.note("inferred")
    # Documents get their mark before all is inferred of them: whoever is stopped meanwhile has to begin again.
    store.set_note("inferred", "unfinished")
    _in_bulk(store, axioms, Graphs(store.iri("document/")), "graph/inferred")
    store.set_note("inferred", made_from or "")


def _in_bulk(store: Store, axioms: Axioms, graphs: Graphs, target: str) -> None:
    def write(triples: bytes) -> None:
        name = store.iri(target)
        if triples.count(b"\n") > _BULK:
            store.extend_graph(name, triples)
        else:
            store.add_graph(name, triples.replace(b" .\n", f" <{name}> .\n".encode()))

    Bulk(store.engine, axioms, graphs, write).all()


def _pending(store: Store, marker: ox.NamedNode) -> list[tuple[ox.NamedNode, ox.NamedNode]]:
    """The documents without their mark, each with the graph that describes it."""
    recorded = store.changes.documents
    within = "" if recorded is None else " ".join(f"<{store.iri(f'document/{key}/graph')}>" for key in recorded)
    if recorded is not None and not within:
        return []
    marks = f"GRAPH <{store.iri('graph/inferred')}> {{ ?document a {marker} }}"
    rows = store.engine.query(
        f"SELECT ?document ?graph {{ {f'VALUES ?graph {{ {within} }}' if within else ''} "
        f"GRAPH ?graph {{ ?document a {_DOCUMENT} }} FILTER NOT EXISTS {{ {marks} }} }}"
    )
    if not isinstance(rows, ox.QuerySolutions):
        raise FactlineError("the documents to infer from were asked for in a query that is no SELECT")
    return sorted(((row["document"], row["graph"]) for row in rows), key=str)


def _recorded(store: Store) -> int:
    return sum(1 for _ in store.quads(None, TYPE, _DOCUMENT))


def _follows(
    store: Store, axioms: Axioms, graphs: Iterable[Iterable[ox.Quad]], without: ox.NamedNode | None = None
) -> set[ox.Triple]:
    """All that follows from some graphs, by the axioms and by the rules; ``without`` what a graph holds so far."""
    view = StoreView(store.engine, axioms, without)
    found: set[ox.Triple] = set()
    kinds: dict[ox.NamedNode, set[ox.NamedNode]] = {}
    for graph in graphs:
        facts = list(graph)
        found |= inferred(facts, view, axioms)
        for fact in facts:
            subject, kind = fact.subject, fact.object
            if fact.predicate == TYPE and isinstance(subject, ox.NamedNode) and isinstance(kind, ox.NamedNode):
                kinds.setdefault(kind, set()).add(subject)
    for rule in rules.shipped():
        nodes = set().union(*(kinds.get(kind, set()) for kind in rule.classes))
        found.update(rule.apply(store.engine, nodes))
    return found


def _tracked(store: Store, axioms: Axioms, *, changed: bool) -> bool:
    graph, inferred_graph = store.iri(_TRACKED), store.iri("graph/inferred-tracked")
    changes = store.changes.of(graph)
    made_from = store.note("tracked") or ""
    anew = changed or changes is None or store.note("inferred-tracked") is None
    if not anew and not changes and store.note("inferred-tracked") == made_from:
        return False
    if anew and _size(store, graph) > _BULK and not _size(store, inferred_graph):
        _in_bulk(store, axioms, Graphs(graph, one=True), "graph/inferred-tracked")
    elif anew or changes is None:
        name = ox.NamedNode(graph)
        follows = _follows(store, axioms, [store.quads(graph=name)], ox.NamedNode(inferred_graph))
        store.replace_graph(inferred_graph, follows)
    else:
        _follow(store, axioms, resting_on(changes, store.engine, ox.NamedNode(graph), axioms))
    store.set_note("inferred-tracked", made_from)
    store.settle(graph)
    return True


def _follow(store: Store, axioms: Axioms, nodes: set[ox.NamedNode]) -> None:
    """Makes anew what is inferred of these nodes of the tracked graph, and nothing else."""
    engine, graph = store.engine, ox.NamedNode(store.iri(_TRACKED))
    target = ox.NamedNode(store.iri("graph/inferred-tracked"))
    facts = {quad for node in nodes for quad in engine.quads_for_pattern(node, None, None, graph)}
    facts |= {quad for node in nodes for quad in engine.quads_for_pattern(None, None, node, graph)}
    wanted = {triple for triple in _follows(store, axioms, [facts], target) if triple.subject in nodes}
    present = {quad.triple for node in nodes for quad in engine.quads_for_pattern(node, None, None, target)}
    if wanted != present:
        store.change_graph(target.value, _lines(wanted - present), _lines(present - wanted))


def _size(store: Store, graph: str) -> int:
    """How many triples a graph has, counted no further than is of interest."""
    return sum(1 for _ in islice(store.quads(graph=ox.NamedNode(graph)), _BULK + 1))


def _lines(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _add(store: Store, triples: set[ox.Triple]) -> None:
    name = store.iri("graph/inferred")
    graph = ox.NamedNode(name)
    quads = (ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    if len(triples) > _BULK:
        store.extend(quads)
    elif triples:
        store.add_graph(name, ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
