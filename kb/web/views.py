"""What the pages of documents and claims hold, and the RDF of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kb.store import Store
from kb.web.cards import Card, DocumentCard, Ref
from kb.web.claims import cards, documents, moment, node, select, value
from kb.web.facts import Fact, facts_of
from kb.web.highlight import Piece, around, paragraphs, pieces
from kb.web.tables import Table, cell

SHOWN = 300
"""Rows of a table of triples."""

_TRIPLES = """SELECT ?subject ?predicate ?value ?graph WHERE {
  BIND(%s AS ?subject) GRAPH ?graph { ?subject ?predicate ?value }
} ORDER BY ?graph ?predicate ?value LIMIT %d"""
_TEXT = """SELECT ?text ?recorded WHERE {
  VALUES ?document { %s } ?document kb:text ?text OPTIONAL { ?document kb:recorded ?recorded }
}"""
_CLAIMS_IN = """SELECT ?claim WHERE {
  VALUES ?document { %s } ?claim kb:document ?document ; kb:start ?start ; kb:end ?end
} ORDER BY ?start ?end ?claim"""
_EVENTS = """SELECT ?event (MIN(?name) AS ?label) WHERE {
  VALUES ?claim { %s } ?claim kb:event ?event . ?event rdfs:label ?name
} GROUP BY ?event ORDER BY ?event"""
_ABOUT_CLAIM = """CONSTRUCT { ?subject ?predicate ?value } WHERE {
  { BIND($claim AS ?subject) ?subject ?predicate ?value }
  UNION { $claim kb:participation ?subject . ?subject ?predicate ?value }
  UNION { $claim ?link ?subject . VALUES ?predicate { rdfs:label skos:notation } ?subject ?predicate ?value }
  UNION { $claim kb:document ?subject . ?subject ?predicate ?value FILTER(?predicate != kb:text) }
}"""


@dataclass(frozen=True)
class View:
    """One kind of page: its template, the query for its RDF, and what it shows (None where there is nothing).

    ``graph`` names the one graph that the RDF is from, where it is from one.
    """

    template: str
    sparql: Callable[[str], str]
    load: Callable[[Store, str], Page | None]
    graph: Callable[[str], str] | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has: its IRI, the query for its RDF, and its first triples with their graphs."""

    iri: str
    sparql: str
    triples: Table

    def as_json(self) -> dict[str, Any]:
        """The page as plain values for JSON."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class DocumentPage(Page):
    """A document: its text with the claims in place."""

    document: DocumentCard
    text: str
    recorded: date | datetime | None
    cards: list[Card] = field(default_factory=list)

    @property
    def graph(self) -> str:
        """The named graph that holds it."""
        return self.iri + "/graph"

    @property
    def paragraphs(self) -> list[list[Piece]]:
        """The text cut at the edges of the claims."""
        return paragraphs(pieces(self.text, self.cards))

    def as_json(self) -> dict[str, Any]:
        """Its metadata, text and claims."""
        return {
            **document_json(self.document),
            "recorded": self.recorded,
            "graph": self.graph,
            "text": self.text,
            "claims": [claim_json(card) for card in self.cards],
        }


@dataclass(frozen=True, kw_only=True)
class ClaimPage(Page):
    """A claim: its quote in the sentence, its fields, its chain."""

    card: Card
    before: str
    after: str
    events: tuple[Ref, ...]

    @property
    def facts(self) -> list[Fact]:
        """What it says, field by field."""
        tracked = [Fact("Event", self.events)] if self.events else []
        return [*facts_of(self.card), *tracked]

    def as_json(self) -> dict[str, Any]:
        """The claim in the form of ``kb extract``, its sentence, chain and document."""
        return {
            "iri": self.iri,
            "claim": self.card.claim.model_dump(mode="json", by_alias=True),
            "sentence": {"before": self.before, "quote": self.card.claim.quote, "after": self.after},
            "chain": [{"label": step.label, "iri": step.iri, "note": step.note} for step in self.card.chain],
            "events": [event.iri for event in self.events],
            "document": document_json(self.card.document),
        }


def document_json(document: DocumentCard) -> dict[str, Any]:
    """A document without its text."""
    publisher = document.publisher
    return {
        "iri": document.iri,
        "identifier": document.identifier,
        "title": document.title,
        "publisher": {"label": publisher.label, "iri": publisher.iri} if publisher else None,
        "published": document.published,
        "url": document.url,
        "language": document.language,
    }


def claim_json(card: Card) -> dict[str, Any]:
    """A claim in the form of ``kb extract``, with its IRI."""
    return {"iri": card.iri, **card.claim.model_dump(mode="json", by_alias=True)}


def triples(store: Store, iri: str) -> Table:
    """The first triples about a node, each with the graph that holds it."""
    rows = select(store, _TRIPLES % (node(iri), SHOWN + 1))
    columns = ("subject", "predicate", "value", "graph")
    shown = tuple(tuple(cell(row[name]) for name in columns) for row in rows[:SHOWN])
    return Table(columns, shown, len(rows) > SHOWN)


def _document_sparql(iri: str) -> str:
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node(iri + '/graph')} {{ ?s ?p ?o }} }}"


def _document(store: Store, iri: str) -> DocumentPage | None:
    found = documents(store, [iri])
    rows = select(store, _TEXT % node(iri))
    if not found or not rows:
        return None
    return DocumentPage(
        iri=iri,
        sparql=_document_sparql(iri),
        triples=triples(store, iri),
        document=found[iri],
        text=rows[0]["text"].value,
        recorded=moment(value(rows[0], "recorded")),
        cards=cards(store, [row["claim"].value for row in select(store, _CLAIMS_IN % node(iri))]),
    )


def _claim_sparql(iri: str) -> str:
    return _ABOUT_CLAIM.replace("$claim", node(iri))


def _claim(store: Store, iri: str) -> ClaimPage | None:
    found = cards(store, [iri])
    if not found:
        return None
    card = found[0]
    rows = select(store, _TEXT % node(card.document.iri))
    before, after = around(rows[0]["text"].value, card.start, card.end) if rows else ("", "")
    return ClaimPage(
        iri=iri,
        sparql=_claim_sparql(iri),
        triples=triples(store, iri),
        card=card,
        before=before,
        after=after,
        events=tuple(Ref(row["label"].value, row["event"].value) for row in select(store, _EVENTS % node(iri))),
    )


DOCUMENT = View("document.html", _document_sparql, _document, lambda iri: iri + "/graph")
CLAIM = View("claim.html", _claim_sparql, _claim)
