"""A whole store against the shapes: every document, the events, and links that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.store import Store
from kb.validate.facts import Fact, Facts
from kb.validate.fault import Fault
from kb.validate.merge import unmerged
from kb.validate.shapes import data_shapes


class Report(NamedTuple):
    """What a check looked at and what it found."""

    documents: int
    claims: int
    events: int
    faults: tuple[Fault, ...]


def validate(data: bytes | Iterable[Fact]) -> list[Fault]:
    """The faults of the graph of one document (or of the tracked graph), sorted; empty if it meets the shapes.

    ``data`` is N-Quads or triples or quads, whose graph names are left aside. Raises FactlineError for bytes that are
    not N-Quads.
    """
    try:
        facts = Facts(ox.parse(data, format=ox.RdfFormat.N_QUADS) if isinstance(data, bytes) else data)
    except SyntaxError as error:
        raise FactlineError(f"the graph to validate is not valid N-Quads: {error}") from error
    return data_shapes().faults(facts)


def check(store: Store, progress: Callable[[str], None] = lambda iri: None) -> Report:
    """Validates every document graph and the tracked graph of a store; looks for links that lead nowhere, and at the
    merge of all graphs.

    ``progress`` is called with the IRI of each document when it has been looked at.
    """
    faults: list[Fault] = []
    documents = 0
    amended = _amended(store)
    revised = {fact.subject for facts in amended.values() for fact in facts}
    for document, graph in _documents(store):
        # A claim that a person amended is looked at together with its document, although tracking keeps it.
        faults.extend(validate([*_triples(store, graph), *amended.get(document, ())]))
        documents += 1
        progress(document)
    tracked = _triples(store, store.iri("graph/tracked"))
    faults.extend(validate(fact for fact in tracked if fact.subject not in revised or fact.predicate == _EVENT))
    faults.extend(validate(_triples(store, store.iri("graph/curation"))))
    faults.extend(_dangling(store))
    faults.extend(unmerged(store))
    return Report(documents, _count(store, "Claim"), _count(store, "Event"), tuple(faults))


_EVENT = ox.NamedNode(resources.NAMESPACE + "event")
_FIND_AMENDED = """
SELECT DISTINCT ?claim ?document ?node WHERE {
  GRAPH ?tracked { ?claim kb:revisionOf ?original ; kb:document ?document ; kb:participation? ?node } }"""
_FIND_DOCUMENTS = "SELECT ?document ?graph WHERE { GRAPH ?graph { ?document a kb:Document } } ORDER BY ?graph"
_FIND_TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_FIND_MEMBERS = "SELECT (COUNT(DISTINCT ?node) AS ?count) WHERE { ?kind rdfs:subClassOf* ?class . ?node a ?kind }"
_FIND_DANGLING = """
SELECT DISTINCT ?claim ?node WHERE {
  VALUES ?link {
    kb:source kb:relay kb:agent kb:target kb:victims kb:deployer kb:contributor kb:group kb:place kb:origin
    kb:destination kb:within kb:country
  }
  ?claim ?link ?node .
  FILTER NOT EXISTS { ?node rdfs:label ?label }
} ORDER BY ?node ?claim
"""


def _documents(store: Store) -> list[tuple[str, str]]:
    return [(row["document"].value, row["graph"].value) for row in _rows(store, _FIND_DOCUMENTS)]


def _amended(store: Store) -> dict[str, list[ox.Triple]]:
    """What the tracked graph says of amended claims, by their document."""
    graph = ox.NamedNode(store.iri("graph/tracked"))
    found: dict[str, list[ox.Triple]] = {}
    for row in _rows(store, _FIND_AMENDED, {"tracked": graph}):
        facts = (quad.triple for quad in store.quads(row["node"], graph=graph))
        found.setdefault(row["document"].value, []).extend(facts)
    return found


def _triples(store: Store, graph: str) -> Iterable[ox.Triple]:
    results = store.query(_FIND_TRIPLES, {"graph": ox.NamedNode(graph)})
    assert isinstance(results, ox.QueryTriples)  # noqa: S101 - a CONSTRUCT
    return results


def _count(store: Store, name: str) -> int:
    rows = _rows(store, _FIND_MEMBERS, {"class": ox.NamedNode(resources.NAMESPACE + name)})
    return int(next(rows)["count"].value)


def _dangling(store: Store) -> Iterator[Fault]:
    message = "A node that is linked to has a label somewhere in the store."
    for row in _rows(store, _FIND_DANGLING):
        yield Fault("described", row["claim"].value, row["node"].value, message)


def _rows(store: Store, query: str, bindings: dict[str, ox.NamedNode] | None = None) -> ox.QuerySolutions:
    results = store.query(query, bindings or {})
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101 - a SELECT
    return results
