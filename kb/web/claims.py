"""Claims and documents out of the store, as pages show them: a handful of queries for any number of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, QuerySolutions, QueryTriples, Triple

from kb.rdf import Graph, Node
from kb.rdf.terms import local
from kb.resources import NAMESPACE
from kb.store import PREFIXES, Store
from kb.web.cards import Card, DocumentCard, Ref

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_IDENTIFIER = NamedNode(PREFIXES["dcterms"] + "identifier")
_NAMED = [NamedNode(NAMESPACE + name) for name in ("actor", "victims", "place", "origin", "destination", "within")]

# What is said of these belongs to a claim.
_FOLLOWED = frozenset(
    NamedNode(NAMESPACE + name) for name in ("participation", "actor", "victims", "place", "origin", "destination")
)
_OWNERS = """SELECT ?claim ?document WHERE { VALUES ?claim { %s } ?claim kb:document ?document }"""
_DOCUMENTS = """SELECT ?document ?title ?publisher ?wording ?published ?url ?language ?identifier WHERE {
  VALUES ?document { %s }
  ?document a kb:Document .
  OPTIONAL { ?document dcterms:title ?title }
  OPTIONAL { ?document dcterms:publisher ?publisher }
  OPTIONAL { ?document kb:publisherText ?wording }
  OPTIONAL { ?document dcterms:issued ?published }
  OPTIONAL { ?document schema:url ?url }
  OPTIONAL { ?document dcterms:language ?language }
  OPTIONAL { ?document dcterms:identifier ?identifier }
}"""
_COUNTS = """SELECT ?document (COUNT(?claim) AS ?claims) WHERE {
  VALUES ?document { %s }
  ?claim kb:document ?document
} GROUP BY ?document"""
# Where graphs label a node differently, what is known beforehand comes first.
_NODES = """SELECT ?node ?type ?label ?country ?code ?within ?latitude ?longitude WHERE {
  VALUES ?node { %s }
  ?node rdfs:label ?label .
  BIND(EXISTS { GRAPH <graph/reference> { ?node rdfs:label ?label } } AS ?known)
  OPTIONAL { ?node a ?type FILTER NOT EXISTS { GRAPH <graph/inferred> { ?node a ?type } } }
  OPTIONAL { ?node kb:country ?country }
  OPTIONAL { ?node kb:countryCode ?code }
  OPTIONAL { ?node kb:within ?within }
  OPTIONAL { ?node kb:latitude ?latitude }
  OPTIONAL { ?node kb:longitude ?longitude }
} ORDER BY ?node DESC(?known) ?label ?type"""


def node(iri: str) -> str:
    """An IRI as a term of SPARQL, escaped by the engine's own serialiser; ValueError for what is none."""
    return str(NamedNode(iri))


def written(iris: Iterable[str]) -> str:
    """IRIs as the terms of a VALUES block."""
    return " ".join(node(iri) for iri in iris)


def select(store: Store, sparql: str) -> list[QuerySolution]:
    """The rows of a SELECT."""
    found = store.query(sparql)
    if not isinstance(found, QuerySolutions):
        raise TypeError("not a SELECT")
    return list(found)


def construct(store: Store, sparql: str) -> list[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE."""
    found = store.query(sparql)
    if not isinstance(found, QueryTriples):
        raise TypeError("neither CONSTRUCT nor DESCRIBE")
    return list(found)


def value(row: QuerySolution, name: str) -> str | None:
    """The value of a variable in a row, None if it is unbound."""
    term = row[name]
    return term.value if isinstance(term, NamedNode | Literal) else None


def _written(term: object) -> str:
    """The value of a term of a triple of ours, which never is a triple itself."""
    return term.value if isinstance(term, NamedNode | BlankNode | Literal) else ""


def moment(text: str | None) -> date | datetime | None:
    """A day or a time of xsd:date or xsd:dateTime."""
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def nodes(store: Store, iris: Iterable[str]) -> dict[str, Node]:
    """What is known of actors and places: where graphs differ, the type that claims know and the first label."""
    if not (iris := sorted(set(iris))):
        return {}
    found: dict[str, Node] = {}
    for row in select(store, _NODES % written(iris)):
        iri = row["node"].value
        country, latitude, longitude = value(row, "country"), value(row, "latitude"), value(row, "longitude")
        node = Node(
            (value(row, "type") or "").removeprefix(NAMESPACE),
            row["label"].value,
            country.rsplit("/", 1)[-1].upper() if country else value(row, "code"),
            value(row, "within"),
            float(latitude) if latitude else None,
            float(longitude) if longitude else None,
        )
        known = found.get(iri)
        if known is None or not (known.actor_type or known.precision):
            found[iri] = node if known is None else node._replace(label=known.label)
    return found


def documents(store: Store, iris: Sequence[str]) -> dict[str, DocumentCard]:
    """The documents among ``iris``, in their order, with the number of their claims."""
    if not iris:
        return {}
    terms = written(iris)
    counts = {row["document"].value: int(row["claims"].value) for row in select(store, _COUNTS % terms)}
    rows = select(store, _DOCUMENTS % terms)
    publishers = nodes(store, (iri for row in rows if (iri := value(row, "publisher"))))
    found: dict[str, DocumentCard] = {}
    for row in rows:
        iri = row["document"].value
        found.setdefault(iri, _document(row, publishers, counts.get(iri, 0)))
    return {iri: found[iri] for iri in iris if iri in found}


def _document(row: QuerySolution, publishers: Mapping[str, Node], claims: int) -> DocumentCard:
    publisher = value(row, "publisher")
    known = publishers.get(publisher or "")
    label = known.label if known else value(row, "wording")
    return DocumentCard(
        iri=row["document"].value,
        title=value(row, "title"),
        publisher=Ref(label, publisher) if label else None,
        published=moment(value(row, "published")),
        url=value(row, "url"),
        language=value(row, "language"),
        identifier=value(row, "identifier"),
        claims=claims,
    )


def cards(store: Store, iris: Sequence[str]) -> list[Card]:
    """The claims among ``iris``, in their order."""
    iris = list(dict.fromkeys(iris))
    if not iris:
        return []
    owners = {row["claim"].value: row["document"].value for row in select(store, _OWNERS % written(iris))}
    known = documents(store, list(dict.fromkeys(owners.values())))
    said = {owner: _said(store, owner, [iri for iri in iris if owners.get(iri) == owner]) for owner in known}
    described = nodes(store, {_written(t.object) for each in said.values() for t in each if t.predicate in _NAMED})
    labels = {iri: node.label for iri, node in described.items()}
    found: dict[str, Card] = {}
    for owner, triples in said.items():
        for claim in Graph([*_about(known[owner]), *triples], described.get).claims:
            iri = store.iri(f"claim/{local(claim.id)}")
            found[iri] = Card(iri, claim, known[owner], labels)
    return [found[iri] for iri in iris if iri in found]


def _said(store: Store, document: str, claims: Sequence[str]) -> list[Triple]:
    """What the graph of a document says of claims and of the nodes that they name: by patterns, as a page has many."""
    graph = NamedNode(document + "/graph")
    waiting: list[NamedNode | BlankNode] = [NamedNode(claim) for claim in claims]
    seen = set(waiting)
    found: list[Triple] = []
    while waiting:
        for quad in store.quads(waiting.pop(), graph=graph):
            found.append(quad.triple)
            told = quad.object
            if quad.predicate in _FOLLOWED and isinstance(told, NamedNode | BlankNode) and told not in seen:
                seen.add(told)
                waiting.append(told)
    return found


def _about(document: DocumentCard) -> list[Triple]:
    subject = NamedNode(document.iri)
    return [
        Triple(subject, _TYPE, NamedNode(NAMESPACE + "Document")),
        Triple(subject, _IDENTIFIER, Literal(document.identifier or document.iri.rsplit("/", 1)[-1])),
    ]
