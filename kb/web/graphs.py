"""What the page of a named graph holds: its purpose, its size, its first triples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.web.cards import DocumentCard
from kb.web.claims import documents, node, select
from kb.web.exports import dataset
from kb.web.reading import Reading
from kb.web.tables import Table, cell
from kb.web.views import SHOWN, Page, View, document_json
from kb.web.wording import more_than

_ROWS = "SELECT ?subject ?predicate ?value WHERE { GRAPH %s { ?subject ?predicate ?value } } LIMIT %d"
_COUNTED = 20_000
"""Triples that are counted; of a larger graph the page says so."""
_SIZE = """SELECT (COUNT(*) AS ?size) WHERE {
  SELECT ?subject WHERE { GRAPH %s { ?subject ?predicate ?value } } LIMIT %d
}"""
_PURPOSE = {
    "reference": "The ontology, its vocabularies, and the actors and places that are known beforehand.",
    "tracked": "Events, and which claims are about them; made anew from the documents, never edited.",
    "curation": "What people decided: each decision with who made it, when and why.",
    "inferred": "What follows from the data by the ontology; made anew, never edited.",
    "shapes": "The shapes that the data is checked against.",
}


@dataclass(frozen=True, kw_only=True)
class GraphPage(Page):
    """A named graph."""

    title: str
    about: str
    size: int
    document: DocumentCard | None

    @property
    def heading(self) -> str:
        """Its title."""
        return self.title

    @property
    def sized(self) -> str:
        """Its size in words."""
        return more_than(self.size, _COUNTED, "triple")

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Dataset."""
        return dataset(self.iri, self.title, self.about, self.iri)

    def as_json(self) -> dict[str, Any]:
        """What it is for and how large it is."""
        document = document_json(self.document) if self.document else None
        return {
            "iri": self.iri,
            "title": self.title,
            "about": self.about,
            "triples": min(self.size, _COUNTED),
            "more": self.size > _COUNTED,
            "document": document,
        }


def _sparql(iri: str) -> str:
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node(iri)} {{ ?s ?p ?o }} }}"


def _graph(reading: Reading, iri: str, _: Mapping[str, str]) -> GraphPage | None:
    store = reading.store
    size = int(select(store, _SIZE % (node(iri), _COUNTED + 1))[0]["size"].value)
    if not size and not store.has_graph(iri):
        return None
    rows = select(store, _ROWS % (node(iri), SHOWN + 1))
    columns = ("subject", "predicate", "value")
    shown = tuple(tuple(cell(row[name]) for name in columns) for row in rows[:SHOWN])
    owner = iri.removesuffix("/graph")
    document = documents(store, [owner]).get(owner)
    local = iri.removeprefix(store.base)
    return GraphPage(
        iri=iri,
        sparql=_sparql(iri),
        triples=Table(columns, shown, len(rows) > SHOWN),
        title=f"Graph of {document.label}" if document else local,
        about="What one document says: its metadata, its claims, and the actors and places that they name."
        if document
        else _PURPOSE.get(local.rpartition("/")[2], "A named graph of this store."),
        size=size,
        document=document,
    )


GRAPH = View("graph.html", _sparql, _graph, lambda iri: iri)
