"""What the pages of actors, places and events hold: what is known of them, and the claims that name them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import NamedNode, QuerySolutions

from kb import queries
from kb.resources import NAMESPACE
from kb.search import lists
from kb.search.lists import EventRow
from kb.search.mentions import Mentions, of_actor, of_place
from kb.store import PREFIXES, Store
from kb.table import shorten
from kb.web.cards import Card, DocumentCard, Ref
from kb.web.claims import documents, node, nodes, select, value
from kb.web.facts import Fact
from kb.web.figures import FigureLine, lines
from kb.web.reading import Reading
from kb.web.views import Page, View, claim_json, document_json, triples
from kb.web.wording import span_of, words

_SHOWN = 20  # claims of one section
_MOST = 40  # words for a group
_GROUP = re.compile(r"/actor/[a-z]{2}-")  # groups of people carry their country

_DESCRIPTION = """CONSTRUCT { ?subject ?predicate ?value } WHERE {
  { BIND($node AS ?subject) ?subject ?predicate ?value }
  UNION { BIND($node AS ?value) ?subject ?predicate ?value }
  UNION { $node ?link ?subject . BIND(rdfs:label AS ?predicate) ?subject ?predicate ?value }
  UNION { $node ?link ?subject . FILTER(STRSTARTS(STR(?subject), CONCAT(STR($node), "#"))) ?subject ?predicate ?value }
}"""
_LINKS = """SELECT ?predicate ?value ?label WHERE {
  VALUES ?node { %s } ?node ?predicate ?value OPTIONAL { ?value rdfs:label ?label }
} ORDER BY ?predicate ?label ?value"""
_INVERSE = """SELECT ?predicate ?value (MIN(?name) AS ?label) WHERE {
  VALUES (?node ?predicate) { %s } ?value ?predicate ?node ; rdfs:label ?name
} GROUP BY ?predicate ?value ORDER BY ?predicate ?label LIMIT 400"""
_TENURES = """SELECT DISTINCT ?other ?label ?from ?until WHERE {
  VALUES ?node { %s }
  { ?node kb:tenure ?tenure . ?tenure kb:holder ?other } UNION { ?tenure kb:holder ?node . ?other kb:tenure ?tenure }
  ?other rdfs:label ?label .
  OPTIONAL { ?tenure kb:from ?from } OPTIONAL { ?tenure kb:until ?until }
} ORDER BY ?from ?label"""
_OF_ACTOR = """SELECT DISTINCT ?claim ?role WHERE {
  VALUES ?actor { %s }
  VALUES (?property ?role) {
    (kb:source "source") (kb:relay "relay") (kb:agent "agent") (kb:target "target") (kb:victims "victims")
    (kb:deployer "deployer") (kb:contributor "contributor") (kb:group "group")
  }
  ?claim ?property ?actor ; kb:start ?start ; kb:document ?document .
  OPTIONAL { ?document dcterms:issued ?published }
} ORDER BY DESC(STR(?published)) ?document ?start ?claim"""
_OF_PLACE = """SELECT DISTINCT ?claim ?role WHERE {
  VALUES ?place { %s }
  ?at kb:within* ?place .
  VALUES (?property ?role) { (kb:place "") (kb:origin "origin") (kb:destination "destination") }
  ?claim ?property ?at ; kb:start ?start ; kb:document ?document .
  OPTIONAL { ?document dcterms:issued ?published }
} ORDER BY DESC(STR(?published)) ?document ?start ?claim"""
# Properties of a node in the order in which a page lists them, with their names there.
_FACTS = {
    "acronym": "Acronym",
    "country": "Country",
    "territory": "Territory",
    "countryCode": "Country code",
    "capital": "Capital",
    "seatOfGovernment": "Seat of government",
    "officeOf": "Office of",
    "officeTitle": "Title",
    "within": "Within",
    "partOf": "Part of",
    "member": "Members",
    "eventType": "Type of event",
    "place": "Place",
    "episode": "Episode",
    "countedAt": "Place",
    "happensIn": "Country",
    "partOfFigure": "Part of",
    "best": "Best estimate",
    "low": "Low estimate",
    "high": "High estimate",
    "conservative": "Conservative estimate",
    "lowest": "Lowest of all claims",
    "highest": "Highest of all claims",
    "independentSources": "Independent sources",
    "disputed": "Disputed",
}
_INVERSES = {
    "member": "Member of",
    "partOf": "Parts",
    "territory": "State",
    "within": "Holds",
    "capital": "Capital of",
    "officeOf": "Offices",
    "episode": "Figures",
    "partOfFigure": "Parts",
}
_WIKIDATA = "http://www.wikidata.org/entity/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True)
class Section:
    """Claims under a heading; ``roles`` says in which role the node stands in each.

    ``after`` is where its next page begins, ``parameter`` what that is called in the address.
    """

    id: str
    title: str
    cards: Sequence[Card]
    roles: dict[str, str]
    after: str | None
    parameter: str
    sparql: str


@dataclass(frozen=True)
class Position:
    """Where a place lies, in WGS 84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Called:
    """What others call the same people: the words, who uses them, in how many claims."""

    words: str
    source: str
    source_iri: str | None
    claims: int


@dataclass(frozen=True, kw_only=True)
class NodePage(Page):
    """An actor, a place or an event."""

    kind: str
    label: str
    aliases: tuple[str, ...]
    facts: list[Fact]
    sections: list[Section]
    documents: list[DocumentCard] = field(default_factory=list)
    figures: list[FigureLine] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    position: Position | None = None

    @property
    def heading(self) -> str:
        """Its label."""
        return self.label

    @property
    def shown(self) -> Sequence[Card]:
        """The claims of all sections, each once."""
        return [*{card.iri: card for section in self.sections for card in section.cards}.values()]

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Place, or the schema.org type of the actor."""
        kind = "Place" if "/place/" in self.iri else "Person" if "person" in self.kind else "Organization"
        found = {"@context": "https://schema.org", "@type": kind, "@id": self.iri, "name": self.label}
        if self.position:
            at = {"@type": "GeoCoordinates", "latitude": self.position.latitude, "longitude": self.position.longitude}
            return {**found, "alternateName": list(self.aliases), "geo": at}
        return {**found, "alternateName": list(self.aliases)}

    def as_json(self) -> dict[str, Any]:
        """What is known of it, and the claims of each section."""
        facts = {
            fact.name: [{"label": it.label, "iri": it.iri} for it in fact.items] or fact.text for fact in self.facts
        }
        return {
            "iri": self.iri,
            "kind": self.kind,
            "label": self.label,
            "aliases": self.aliases,
            "facts": facts,
            **{section.id: [claim_json(card) for card in section.cards] for section in self.sections},
            "figures": [line.row.iri for line in self.figures],
            "events": [event.iri for event in self.events],
            "called": [vars(it) for it in self.called],
            "next": {section.parameter: section.after for section in self.sections if section.after},
            "documents": [document_json(document) for document in self.documents],
        }


def description(iri: str) -> str:
    """The query for the RDF of a node: what is said of it, what points to it, and labels."""
    return _DESCRIPTION.replace("$node", node(iri))


def _section(reading: Reading, head: tuple[str, str], mentions: Mentions, parameter: str, sparql: str) -> list[Section]:
    if not mentions.roles:
        return []
    shown = reading.cards([*mentions.roles])
    return [Section(*head, shown, mentions.roles, mentions.after, parameter, sparql)]


def facts_of_node(reading: Reading, iri: str) -> list[Fact]:
    """What is known of a node, without its claims."""
    return found.facts if (found := _page(reading, iri, [])) else []


def _page(reading: Reading, iri: str, sections: list[Section]) -> NodePage | None:
    store = reading.store
    rows = select(store, _LINKS % node(iri))
    labels = {value(row, "value") or "" for row in rows if row["predicate"].value == PREFIXES["rdfs"] + "label"}
    inverse = _inverse(store, iri)
    known = nodes(store, [iri]).get(iri)
    if known is None and not rows and not inverse:
        return None
    # A node that is only pointed at (a capital that no document has named yet) is called by its path.
    label = reading.labels([iri]).get(iri) or (known.label if known else iri.rpartition("/")[2])
    values: dict[str, dict[str, Ref]] = {}
    for row in rows:
        found = values.setdefault(row["predicate"].value, {})
        said = row["value"].value
        # Only the first label of what is linked to: further ones are the wording of other documents.
        link = said if isinstance(row["value"], NamedNode) else None
        found.setdefault(said, Ref(value(row, "label") or _written(said, store.base), link))
    labels |= {known.label} if known else set()
    aliases = sorted({*labels, *values.get(_SKOS + "altLabel", ())} - {label})
    return NodePage(
        iri=iri,
        sparql=description(iri),
        triples=triples(store, iri),
        kind=_kind(values),
        label=label,
        aliases=tuple(aliases),
        facts=[*_facts(values), *_tenures(store, iri), *inverse],
        sections=sections,
        position=Position(known.lat, known.lon) if known and known.lat is not None and known.lon is not None else None,
    )


def _written(said: str, base: str) -> str:
    return "Wikidata " + said.removeprefix(_WIKIDATA) if said.startswith(_WIKIDATA) else shorten(said, base)


def _kind(values: dict[str, dict[str, Ref]]) -> str:
    types = values.get("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", {})
    ours = sorted(iri.removeprefix(NAMESPACE) for iri in types if iri.startswith(NAMESPACE))
    return ", ".join(words(_spaced(name)) for name in ours) or "Not described yet"


def _spaced(name: str) -> str:
    return "".join(f" {char.lower()}" if char.isupper() and at else char for at, char in enumerate(name))


def _facts(values: dict[str, dict[str, Ref]]) -> list[Fact]:
    found = [Fact(title, tuple(values.get(NAMESPACE + name, {}).values())) for name, title in _FACTS.items()]
    if NAMESPACE + "latitude" in values:
        latitude, longitude = (next(iter(values[NAMESPACE + name])) for name in ("latitude", "longitude"))
        found.append(Fact("Position", text=f"{float(latitude):.4g}, {float(longitude):.4g}"))
    days = [next(iter(values.get(NAMESPACE + name, {None: None}))) for name in ("earliest", "latest")]
    found.append(Fact("When", text=span_of(days[0], days[1])))
    found.append(Fact("Same as", tuple(values.get(_SKOS + "exactMatch", {}).values())))
    return [fact for fact in found if fact.items or fact.text]


def _inverse(store: Store, iri: str) -> list[Fact]:
    pairs = " ".join(f"({node(iri)} {node(NAMESPACE + name)})" for name in _INVERSES)
    found: dict[str, list[Ref]] = {}
    for row in select(store, _INVERSE % pairs):
        name = row["predicate"].value.removeprefix(NAMESPACE)
        found.setdefault(name, []).append(Ref(row["label"].value, row["value"].value))
    return [Fact(title, tuple(found[name])) for name, title in _INVERSES.items() if name in found]


def _tenures(store: Store, iri: str) -> list[Fact]:
    """Who held an office, or which offices a person held, each with its days."""
    rows = select(store, _TENURES % node(iri))
    held = tuple(
        Ref(row["label"].value, row["other"].value, span_of(value(row, "from"), value(row, "until")) or None)
        for row in rows
    )
    name = "Held by" if "/office/" in iri else "Offices held"
    return [Fact(name, held)] if held else []


def _actor(reading: Reading, iri: str, asked: Mapping[str, str]) -> NodePage | None:
    index, sparql = reading.index, _OF_ACTOR % node(iri)
    nodes = reading.one(iri)
    about = of_actor(index, nodes, speaks=False, limit=_SHOWN, after=asked.get("after_about") or None)
    said = of_actor(index, nodes, speaks=True, limit=_SHOWN, after=asked.get("after_by") or None)
    page = _page(
        reading,
        iri,
        [
            *_section(reading, ("claims_about", "Claims about it"), about, "after_about", sparql),
            *_section(reading, ("claims_by", "Claims by it"), said, "after_by", sparql),
        ],
    )
    if page is None:
        return None
    published = documents(reading.store, lists.latest_documents(index, 20, iri))
    return replace(
        page,
        documents=list(published.values()),
        events=lists.events(index, 20, actor=iri),
        called=_called(reading, iri),
    )


def _called(reading: Reading, iri: str) -> list[Called]:
    """Who calls a group of people what (the named query ``framing``)."""
    if _GROUP.search(iri) is None:
        return []
    found = queries.run(reading.store, "framing", {"actor": iri}).results
    if not isinstance(found, QuerySolutions):
        return []
    counted: dict[tuple[str, str, str | None], int] = {}
    for row in found:
        key = row["label"].value, value(row, "source") or "", value(row, "source_iri")
        counted[key] = counted.get(key, 0) + int(row["claims"].value)
    ordered = sorted(counted.items(), key=lambda it: (-it[1], it[0][0]))
    return [Called(*key, number) for key, number in ordered[:_MOST]]


def _place(reading: Reading, iri: str, asked: Mapping[str, str]) -> NodePage | None:
    mentions = of_place(reading.index, reading.one(iri), limit=_SHOWN, after=asked.get("after") or None)
    sections = _section(reading, ("claims", "Claims here"), mentions, "after", _OF_PLACE % node(iri))
    page = _page(reading, iri, sections)
    if page is None:
        return None
    return replace(
        page,
        figures=lines(reading, lists.figures(reading.index, 12, place=iri)),
        events=lists.events(reading.index, 20, place=iri),
    )


def _other(reading: Reading, iri: str, _: Mapping[str, str]) -> NodePage | None:
    return _page(reading, iri, [])


ACTOR = View("node.html", description, _actor)
PLACE = View("node.html", description, _place)
OTHER = View("node.html", description, _other)
