"""What the pages of documents and claims hold, and the RDF of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode

from kb.review.queue import history
from kb.search import lists
from kb.store import Store
from kb.web.cards import Card, DocumentCard, Ref
from kb.web.claims import documents, moment, node, select, value
from kb.web.exports import linked_claim, linked_document
from kb.web.facts import Fact, facts_of
from kb.web.feeds import Entry, of_cards
from kb.web.highlight import Piece, around, paragraphs, pieces
from kb.web.maps import Point, points_of
from kb.web.reading import Reading
from kb.web.tables import Table, cell

SHOWN = 300
"""Rows of a table of triples."""

_RELATED = 20  # claims of each relation

_TEXT = """SELECT ?text ?recorded WHERE {
  VALUES ?document { %s } ?document kb:text ?text OPTIONAL { ?document kb:recorded ?recorded }
}"""
_CLAIMS_IN = """SELECT ?claim WHERE {
  VALUES ?document { %s } ?claim kb:document ?document ; kb:start ?start ; kb:end ?end
} ORDER BY ?start ?end ?claim"""
_ABOUT_CLAIM = """CONSTRUCT { ?subject ?predicate ?value } WHERE {
  { BIND($claim AS ?subject) ?subject ?predicate ?value }
  UNION { $claim kb:participation ?subject . ?subject ?predicate ?value }
  UNION { $claim ?link ?subject . VALUES ?predicate { rdfs:label skos:notation } ?subject ?predicate ?value }
  UNION { $claim kb:document ?subject . ?subject ?predicate ?value FILTER(?predicate != kb:text) }
}"""


@dataclass(frozen=True)
class View:
    """One kind of page: its template, the query for its RDF, and what it shows (None where there is nothing).

    ``load`` gets what is read, the IRI, and the parameters of the address. ``graph`` names the one
    graph that the RDF is from, where it is from one.
    """

    template: str
    sparql: Callable[[str], str]
    load: Callable[[Reading, str, Mapping[str, str]], Page | None]
    graph: Callable[[str], str] | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has: its IRI, the query for its RDF, and its first triples with their graphs."""

    iri: str
    sparql: str
    triples: Table = field(default_factory=Table)

    @property
    def heading(self) -> str:
        """What the page is about, in a line."""
        raise NotImplementedError

    @property
    def behind(self) -> str:
        """The query that people are shown as the one behind the page."""
        return self.sparql

    def as_json(self) -> dict[str, Any]:
        """The page as plain values for JSON."""
        raise NotImplementedError

    @property
    def shown(self) -> Sequence[Card]:
        """The claims that it shows, for CSV and GeoJSON."""
        return ()

    @property
    def entries(self) -> list[Entry]:
        """What stands in its feed."""
        return of_cards(self.shown)

    @property
    def linked(self) -> dict[str, Any] | None:
        """What it is about in the words of schema.org."""
        return None

    @property
    def points(self) -> list[Point]:
        """Where its claims are on a map."""
        return points_of(self.shown)


@dataclass(frozen=True, kw_only=True)
class DocumentPage(Page):
    """A document: its text with the claims in place."""

    document: DocumentCard
    text: str
    recorded: date | datetime | None
    cards: list[Card] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """Its title."""
        return self.document.label

    @property
    def shown(self) -> Sequence[Card]:
        """Its claims."""
        return self.cards

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:NewsArticle."""
        return linked_document(self.document)

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


@dataclass(frozen=True)
class Related:
    """A claim of the same figure and what was found: ``direction`` is "to" where the claim of the page was compared
    with it, "from" where it was compared with that one, "against" for a contradiction.
    """

    card: Card
    finding: str
    reason: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class ClaimPage(Page):
    """A claim: its quote in the sentence, its fields, its chain."""

    card: Card
    before: str
    after: str
    tracked: tuple[Fact, ...]
    related: tuple[Related, ...]
    decisions: list[dict[str, str]]

    @property
    def heading(self) -> str:
        """What it says, in a line."""
        return self.card.headline

    @property
    def shown(self) -> Sequence[Card]:
        """The claim."""
        return (self.card,)

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Claim."""
        return linked_claim(self.card)

    @property
    def facts(self) -> list[Fact]:
        """What it says, field by field."""
        return [*facts_of(self.card), *self.tracked]

    def as_json(self) -> dict[str, Any]:
        """The claim in the form of ``kb extract``, its sentence, chain and document."""
        return {
            "iri": self.iri,
            "claim": self.card.claim.model_dump(mode="json", by_alias=True),
            "sentence": {"before": self.before, "quote": self.card.claim.quote, "after": self.after},
            "chain": [{"label": step.label, "iri": step.iri, "note": step.note} for step in self.card.chain],
            **{fact.name.lower(): [ref.iri for ref in fact.items] for fact in self.tracked},
            "decisions": self.decisions,
            "related": [
                {"claim": it.card.iri, "finding": it.finding, "reason": it.reason, "direction": it.direction}
                for it in self.related
            ],
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
    """A claim in the form of ``kb extract``, with its IRI and what a person decided on it, if anything."""
    decided = {"decided": card.decided} if card.decided else {}
    return {"iri": card.iri, **decided, **card.claim.model_dump(mode="json", by_alias=True)}


def triples(store: Store, iri: str) -> Table:
    """The first triples about a node, each with the graph that holds it; of a node with more, whichever come first."""
    found = list(islice(store.quads(NamedNode(iri)), SHOWN + 1))
    rows = sorted(found[:SHOWN], key=lambda quad: (str(quad.graph_name), str(quad.predicate), str(quad.object)))
    shown = tuple(
        (*(cell(term) for term in (it.subject, it.predicate, it.object)), cell(NamedNode(str(it.graph_name)[1:-1])))
        for it in rows
    )
    return Table(("subject", "predicate", "value", "graph"), shown, len(found) > SHOWN)


def _document_sparql(iri: str) -> str:
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node(iri + '/graph')} {{ ?s ?p ?o }} }}"


def _document(reading: Reading, iri: str, _: Mapping[str, str]) -> DocumentPage | None:
    store = reading.store
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
        cards=reading.cards([row["claim"].value for row in select(store, _CLAIMS_IN % node(iri))]),
    )


def _claim_sparql(iri: str) -> str:
    return _ABOUT_CLAIM.replace("$claim", node(iri))


def _claim(reading: Reading, iri: str, _: Mapping[str, str]) -> ClaimPage | None:
    store = reading.store
    found = reading.cards([iri])
    if not found:
        return None
    card = found[0]
    rows = select(store, _TEXT % node(card.document.iri))
    before, after = around(rows[0]["text"].value, card.start, card.end) if rows else ("", "")
    tracking = lists.tracking(reading.index, [iri]).get(iri)
    return ClaimPage(
        iri=iri,
        sparql=_claim_sparql(iri),
        triples=triples(store, iri),
        card=card,
        before=before,
        after=after,
        tracked=_tracked(reading, tracking),
        related=_related(reading, iri, tracking),
        decisions=history(store, iri),
    )


def _tracked(reading: Reading, found: lists.Tracking | None) -> tuple[Fact, ...]:
    if found is None:
        return ()
    labels = reading.labels([found.event, found.figure])
    pairs = (("Event", found.event), ("Figure", found.figure))
    return tuple(Fact(name, (Ref(labels[iri], iri),)) for name, iri in pairs if iri and iri in labels)


def _related(reading: Reading, iri: str, found: lists.Tracking | None) -> tuple[Related, ...]:
    """Claims that this one was compared with, that were compared with it, and that contradict it."""
    rows: list[tuple[str, str, str, str]] = []
    if found and found.compared and found.finding:
        rows.append((found.compared, found.finding, found.reason or "", "to"))
    rows += [
        (it.claim, it.finding or "", it.reason or "", "from")
        for it in lists.compared_with(reading.index, iri, _RELATED)
    ]
    for pair in lists.contradictions(reading.index, _RELATED, claim=iri):
        rows.append((pair.earlier if pair.later == iri else pair.later, "contradicts", pair.reason, "against"))
    known = {card.iri: card for card in reading.cards([row[0] for row in rows])}
    return tuple(Related(known[claim], *rest) for claim, *rest in rows if claim in known)


DOCUMENT = View("document.html", _document_sparql, _document, lambda iri: iri + "/graph")
CLAIM = View("claim.html", _claim_sparql, _claim)
