"""What the pages of actors, places and events hold: what is known of them, and the claims that name them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from kb.resources import NAMESPACE
from kb.store import PREFIXES, Store
from kb.table import shorten
from kb.web.cards import Card, DocumentCard, Ref
from kb.web.claims import cards, documents, node, nodes, select, value
from kb.web.facts import Fact
from kb.web.views import Page, View, claim_json, document_json, triples
from kb.web.wording import span_of, words

_SHOWN = 100  # claims of one section
_SPEAKING = {"source", "relay"}

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
_OF_EVENT = """SELECT DISTINCT ?claim ("" AS ?role) WHERE {
  VALUES ?event { %s }
  ?claim kb:event ?event ; kb:start ?start ; kb:document ?document .
  OPTIONAL { ?document dcterms:issued ?published }
} ORDER BY STR(?published) ?document ?start ?claim"""
_OF_FIGURE = """SELECT DISTINCT ?claim ?role WHERE {
  VALUES ?figure { %s }
  ?claim kb:figure ?figure ; kb:finding/skos:notation ?finding ; kb:findingReason ?reason ; kb:rank ?rank .
  BIND(CONCAT(?finding, " (", ?reason, ")") AS ?role)
} ORDER BY ?rank"""
_PUBLISHED = """SELECT ?document WHERE {
  VALUES ?actor { %s } ?document dcterms:publisher ?actor OPTIONAL { ?document dcterms:issued ?published }
} ORDER BY DESC(STR(?published)) ?document LIMIT 100"""

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
    """Claims under a heading; ``roles`` says in which role the node stands in each, ``more`` that there are more."""

    id: str
    title: str
    cards: Sequence[Card]
    roles: dict[str, str]
    more: bool
    sparql: str


@dataclass(frozen=True, kw_only=True)
class NodePage(Page):
    """An actor, a place or an event."""

    kind: str
    label: str
    aliases: tuple[str, ...]
    facts: list[Fact]
    sections: list[Section]
    documents: list[DocumentCard] = field(default_factory=list)

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
            "truncated": any(section.more for section in self.sections),
            "documents": [document_json(document) for document in self.documents],
        }


def description(iri: str) -> str:
    """The query for the RDF of a node: what is said of it, what points to it, and labels."""
    return _DESCRIPTION.replace("$node", node(iri))


def _section(name: str, title: str, store: Store, sparql: str, keep: Callable[[str], bool]) -> list[Section]:
    roles: dict[str, str] = {}
    for row in select(store, sparql):
        claim, role = row["claim"].value, row["role"].value
        if keep(role):
            roles[claim] = ", ".join(dict.fromkeys(part for part in (roles.get(claim), role) if part))
    shown = list(roles)[:_SHOWN]
    if not shown:
        return []
    return [Section(name, title, cards(store, shown), roles, len(roles) > _SHOWN, sparql)]


def _page(store: Store, iri: str, sections: list[Section], written: list[DocumentCard]) -> NodePage | None:
    rows = select(store, _LINKS % node(iri))
    labels = {value(row, "value") or "" for row in rows if row["predicate"].value == PREFIXES["rdfs"] + "label"}
    inverse = _inverse(store, iri)
    known = nodes(store, [iri]).get(iri)
    if known is None and not rows and not inverse:
        return None
    # A node that is only pointed at (a capital that no document has named yet) is called by its path.
    label = known.label if known else iri.rpartition("/")[2]
    values: dict[str, dict[str, Ref]] = {}
    for row in rows:
        found = values.setdefault(row["predicate"].value, {})
        said = row["value"].value
        # Only the first label of what is linked to: further ones are the wording of other documents.
        link = said if isinstance(row["value"], NamedNode) else None
        found.setdefault(said, Ref(value(row, "label") or _written(said, store.base), link))
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
        documents=written,
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


def _all(_: str) -> bool:
    return True


def _tenures(store: Store, iri: str) -> list[Fact]:
    """Who held an office, or which offices a person held, each with its days."""
    rows = select(store, _TENURES % node(iri))
    held = tuple(
        Ref(row["label"].value, row["other"].value, span_of(value(row, "from"), value(row, "until")) or None)
        for row in rows
    )
    name = "Held by" if "/office/" in iri else "Offices held"
    return [Fact(name, held)] if held else []


def _actor(store: Store, iri: str) -> NodePage | None:
    sparql = _OF_ACTOR % node(iri)
    written = documents(store, [row["document"].value for row in select(store, _PUBLISHED % node(iri))])
    sections = [
        *_section("claims_about", "Claims about it", store, sparql, lambda role: role not in _SPEAKING),
        *_section("claims_by", "Claims by it", store, sparql, _SPEAKING.__contains__),
    ]
    return _page(store, iri, sections, list(written.values()))


def _place(store: Store, iri: str) -> NodePage | None:
    return _page(store, iri, _section("claims", "Claims here", store, _OF_PLACE % node(iri), _all), [])


def _event(store: Store, iri: str) -> NodePage | None:
    return _page(store, iri, _section("claims", "Claims", store, _OF_EVENT % node(iri), _all), [])


def _figure(store: Store, iri: str) -> NodePage | None:
    return _page(store, iri, _section("claims", "Claims, as published", store, _OF_FIGURE % node(iri), _all), [])


def _other(store: Store, iri: str) -> NodePage | None:
    return _page(store, iri, [], [])


ACTOR = View("node.html", description, _actor)
PLACE = View("node.html", description, _place)
EVENT = View("node.html", description, _event)
FIGURE = View("node.html", description, _figure)
OTHER = View("node.html", description, _other)
