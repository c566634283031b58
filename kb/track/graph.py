"""The tracked graph: read from the claims of a store, written as sorted triples; a pure function of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from pyoxigraph import NamedNode, QuerySolution, QuerySolutions, RdfFormat, Triple, parse

from kb.errors import StoreError
from kb.model import Modality
from kb.rdf import terms
from kb.resources import NAMESPACE
from kb.store import Store
from kb.track.events import events
from kb.track.figure_graph import facts as figure_facts
from kb.track.figure_graph import told
from kb.track.figures import figures
from kb.track.findings import Names
from kb.track.reading import statements, surroundings
from kb.track.records import Ancestors, Event, Mention
from kb.track.wording import label

VERSION = "2"
"""Changes when the rule does, so that a store that was tracked by an older one is tracked again."""

_MENTIONS = """
SELECT ?claim ?document ?class ?type ?modality ?place ?earliest ?latest WHERE {
  VALUES ?class { kb:CasualtyClaim kb:DeploymentClaim kb:EventClaim kb:CrowdClaim }
  ?claim kb:eventType ?type ; kb:document ?document ; kb:modality ?modality ; a ?class .
  OPTIONAL { ?claim kb:place ?place }
  OPTIONAL { ?claim kb:earliest ?earliest }
  OPTIONAL { ?claim kb:latest ?latest }
}"""
_WITHIN = "SELECT ?place ?wider WHERE { ?place kb:within ?wider }"
_PART_OF = "SELECT ?place ?wider WHERE { ?place kb:partOf ?wider FILTER NOT EXISTS { ?wider a kb:State } }"
_MEMBERS = "SELECT ?place ?wider WHERE { ?wider kb:member ?place }"
_LABELS = "SELECT ?node (MIN(STR(?name)) AS ?label) WHERE { %s ?node rdfs:label ?name } GROUP BY ?node"
_NAMING = frozenset({terms.kb("EventClaim"), terms.kb("CrowdClaim")})


def track(store: Store) -> bool:
    """Brings the tracked graph up to date; whether anything had to be done. The caller publishes.

    Nothing is computed when no document and no reference data have come since the last time.
    """
    made_from = _made_from(store)
    if store.note("tracked") == made_from:
        return False
    store.replace_graph(store.iri("graph/tracked"), _parsed(tracked(store)))
    store.set_note("tracked", made_from)
    return True


def tracked(store: Store) -> bytes:
    """The tracked graph that the claims of a store give, as sorted N-Triples; the same bytes for the same claims."""
    ancestors = _ancestors(store, _WITHIN)
    names = _labels(store, "?claim kb:place ?node .") | _labels(store, "?claim kb:eventType ?node .")
    lines: set[str] = set()
    of_claim: dict[str, str] = {}
    for event in events(_mentions(store), ancestors):
        facts = list(_facts(event, store, names))
        of_claim.update(dict.fromkeys(event.claims, facts[0][0]))
        lines.update(map(_line, facts))
    lines.update(map(_line, _figures(store, ancestors, of_claim)))
    return "".join(sorted(lines)).encode()


def _line(fact: tuple[str, str, str]) -> str:
    subject, predicate, about = fact
    return f"<{subject}> <{predicate}> {about} .\n"


def _figures(store: Store, within: Ancestors, of_claim: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    found = statements(store, of_claim)
    around = surroundings(store, within, _ancestors(store, _PART_OF), _ancestors(store, _MEMBERS), found)
    names = Names(_labels(store, ""))
    return figure_facts(told(figures(found, around), around, names), store, names)


def _made_from(store: Store) -> str:
    documents = "\n".join(graph for graph in store.graphs() if graph.startswith(store.iri("document/")))
    return hashlib.sha256(f"{VERSION}\n{store.note('reference')}\n{documents}".encode()).hexdigest()[:20]


def _parsed(triples: bytes) -> Iterator[Triple]:
    for quad in parse(triples, RdfFormat.N_TRIPLES):
        yield Triple(quad.subject, quad.predicate, quad.object)


def _facts(event: Event, store: Store, names: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    subject = store.iri(f"event/{event.identifier(store.base)}")
    kind = names.get(event.type) or terms.kebab(event.type.removeprefix(NAMESPACE)).replace("-", " ")
    place = names.get(event.place) if event.place else None
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("Event"))
    yield subject, terms.kb("eventType"), terms.node(event.type)
    yield subject, terms.RDFS_LABEL, terms.label(label(event, kind, place))
    if event.place:
        yield subject, terms.kb("place"), terms.node(event.place)
    if event.first:
        yield subject, terms.kb("earliest"), terms.MOMENT.write(event.first)
    if event.last:
        yield subject, terms.kb("latest"), terms.MOMENT.write(event.last)
    if event.modality is not Modality.ASSERTED:
        yield subject, terms.kb("modality"), terms.node(terms.kb(terms.pascal(event.modality.value)))
    for claim in event.claims:
        yield claim, terms.kb("event"), terms.node(subject)


def _rows(store: Store, query: str) -> Iterator[QuerySolution]:
    answer = store.query(query)
    if not isinstance(answer, QuerySolutions):
        raise StoreError("a query of tracking is no SELECT")
    return iter(answer)


def _mentions(store: Store) -> Iterator[Mention]:
    for row in _rows(store, _MENTIONS):
        claim, document, kind, type_, modality, place, earliest, latest = (
            None if term is None else str(getattr(term, "value", "")) for term in row
        )
        yield Mention(
            claim or "",
            document or "",
            type_ or "",
            Modality(terms.kebab((modality or "").removeprefix(NAMESPACE))),
            kind in _NAMING,
            place,
            date.fromisoformat(earliest) if earliest else None,
            date.fromisoformat(latest) if latest else None,
        )


def _ancestors(store: Store, query: str) -> Ancestors:
    wider: dict[str, set[str]] = defaultdict(set)
    for row in _rows(store, query):
        place, container = row["place"], row["wider"]
        if isinstance(place, NamedNode) and isinstance(container, NamedNode):
            wider[place.value].add(container.value)
    return {place: _closure(place, wider) for place in list(wider)}


def _closure(place: str, wider: dict[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    pending = [place]
    while pending:
        for container in wider.get(pending.pop(), ()):
            if container not in found and container != place:
                found.add(container)
                pending.append(container)
    return frozenset(found)


def _labels(store: Store, pattern: str) -> dict[str, str]:
    return {row["node"].value: row["label"].value for row in _rows(store, _LABELS % pattern)}
