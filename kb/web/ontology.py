"""``/ontology``: all terms, and a page for each with its definition, its neighbours and its uses in the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request
from markupsafe import Markup
from pyoxigraph import NamedNode, QuerySolution
from starlette.responses import Response

from kb.diagram import svg
from kb.reason import manchester
from kb.reason.manchester import Frame
from kb.resources import NAMESPACE, ONTOLOGY
from kb.store import PREFIXES, Store
from kb.web import terms
from kb.web.cards import Card, Ref
from kb.web.claims import node, select, value
from kb.web.facts import Fact
from kb.web.negotiate import choose, split_suffix
from kb.web.pages import FORMATS, missing, represent
from kb.web.reading import Reading
from kb.web.site import raw_path, site_of
from kb.web.threads import contained
from kb.web.views import Page, View, triples
from kb.web.wording import more_than

router = APIRouter(tags=["Ontology"])

_HEADER = """SELECT ?title ?about ?version ?modified ?licence ?citation WHERE {
  VALUES ?ontology { %s }
  OPTIONAL { ?ontology dcterms:title|rdfs:label ?title }
  OPTIONAL { ?ontology dcterms:description|dcterms:abstract|rdfs:comment ?about }
  OPTIONAL { ?ontology owl:versionInfo ?version }
  OPTIONAL { ?ontology dcterms:modified ?moment BIND(STRBEFORE(STR(?moment), "T") AS ?modified) }
  OPTIONAL { ?ontology dcterms:license ?licence }
  OPTIONAL { ?ontology dcterms:bibliographicCitation ?citation }
} ORDER BY ?title ?about LIMIT 1"""
_ABOUT = {"version": "Version", "modified": "Last changed", "licence": "Licence", "citation": "To cite"}
_TERMS = """SELECT DISTINCT ?term ?kind ?label ?definition ?group WHERE {
  GRAPH <graph/reference> {
    ?term a ?kind ; rdfs:label ?label .
    FILTER(STRSTARTS(STR(?term), "%s"))
    OPTIONAL { ?term skos:definition|rdfs:comment ?definition }
    OPTIONAL { ?kind rdfs:label ?group }
  }
} ORDER BY LCASE(STR(?term)) ?term ?kind"""
# Its modules as one: without their headers, and without the imports of what is in it already.
_ALL = """CONSTRUCT { ?subject ?predicate ?value } WHERE {
  GRAPH <graph/reference> { ?subject ?predicate ?value FILTER(isBlank(?subject) || STRSTARTS(STR(?subject), "%s")) }
  FILTER(?predicate != owl:imports && (isBlank(?subject) || !STRSTARTS(STR(?subject), "%s/")))
}"""
_NEIGHBOURS = """SELECT ?predicate ?value ?label WHERE {
  VALUES ?term { %s } ?term ?predicate ?value OPTIONAL { ?value rdfs:label ?label }
} ORDER BY ?predicate ?label ?value"""
_INVERSE = """SELECT ?predicate ?value (MIN(?name) AS ?label) WHERE {
  VALUES (?term ?predicate) { %s } GRAPH <graph/reference> { ?value ?predicate ?term ; rdfs:label ?name }
  FILTER(STRSTARTS(STR(?value), "%s"))
} GROUP BY ?predicate ?value ORDER BY ?predicate ?label"""
_COUNTED = 10_000
"""Uses of a term that are counted; of one with more, the page says so."""
_USES = """SELECT (COUNT(*) AS ?uses) WHERE {
  { SELECT ?subject WHERE { ?subject %(term)s ?value } LIMIT %(most)d }
  UNION { SELECT ?subject WHERE { ?subject ?predicate %(term)s FILTER(!STRSTARTS(STR(?subject), "%(own)s")) }
    LIMIT %(most)d }
}"""
# Some claims among the first uses of a term.
_CLAIMS = """SELECT DISTINCT ?claim WHERE {
  { SELECT ?claim WHERE { ?claim ?predicate %(term)s } LIMIT 2000 } UNION
  { SELECT ?claim WHERE { ?claim %(term)s ?value } LIMIT 2000 }
  FILTER(isIRI(?claim) && STRSTARTS(STR(?claim), "%(claims)s") && !CONTAINS(STR(?claim), "#"))
} LIMIT 5"""

_KINDS = {
    "owl#Class": ("classes", "Classes"),
    "owl#ObjectProperty": ("object-properties", "Properties that link things"),
    "owl#DatatypeProperty": ("datatype-properties", "Properties that hold values"),
    "owl#AnnotationProperty": ("annotation-properties", "Properties for notes"),
}
_ONE = {
    "owl#Class": "Class",
    "owl#ObjectProperty": "Property that links things",
    "owl#DatatypeProperty": "Property that holds a value",
    "owl#AnnotationProperty": "Property for notes",
}
_SKOS = PREFIXES["skos"]
_RDFS = PREFIXES["rdfs"]
_FACTS = {
    _RDFS + "subClassOf": "Kind of",
    _RDFS + "subPropertyOf": "Kind of",
    _RDFS + "domain": "Is said of",
    _RDFS + "range": "Its values are",
    PREFIXES["rdf"] + "type": "Type",
    _SKOS + "broader": "Broader",
    _SKOS + "inScheme": "Vocabulary",
    _SKOS + "notation": "Written in JSON",
    _SKOS + "example": "Example",
    _SKOS + "scopeNote": "Scope",
    _SKOS + "exactMatch": "Same as",
    _SKOS + "closeMatch": "Close to",
    _SKOS + "broadMatch": "Within, elsewhere",
    _SKOS + "narrowMatch": "Contains, elsewhere",
    _SKOS + "relatedMatch": "Related, elsewhere",
    _SKOS + "altLabel": "Also called",
    _RDFS + "seeAlso": "See also",
    PREFIXES["owl"] + "equivalentClass": "Same as",
    PREFIXES["owl"] + "inverseOf": "Inverse of",
}
_INVERSES = {
    _RDFS + "subClassOf": "Kinds of it",
    _RDFS + "domain": "Properties said of it",
    _RDFS + "range": "Properties with it as value",
    _SKOS + "broader": "Narrower",
    PREFIXES["rdf"] + "type": "Members",
}


@dataclass(frozen=True)
class Term:
    """One term in a list."""

    iri: str
    label: str
    definition: str | None


@dataclass(frozen=True)
class Group:
    """Terms of one kind."""

    id: str
    title: str
    terms: list[Term]


@dataclass(frozen=True, kw_only=True)
class OntologyPage(Page):
    """All terms by kind."""

    title: str
    about: str | None
    facts: list[Fact]
    groups: list[Group]
    namespace: str = NAMESPACE

    @property
    def diagram(self) -> Markup:
        """The core as SVG."""
        return Markup(svg())  # noqa: S704 (made by us, of our own ontology)

    @property
    def heading(self) -> str:
        """Its title."""
        return self.title

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:DefinedTermSet."""
        about = {"@context": "https://schema.org", "@type": "DefinedTermSet", "@id": self.iri, "name": self.title}
        return about | ({"description": self.about} if self.about else {})

    def as_json(self) -> dict[str, Any]:
        """The terms by kind."""
        groups = {group.id: [vars(term) for term in group.terms] for group in self.groups}
        return {"iri": self.iri, "namespace": self.namespace, "title": self.title, "terms": groups}


@dataclass(frozen=True, kw_only=True)
class TermPage(Page):
    """One term: what it means, what is near it, where it is used."""

    kind: str
    label: str
    definition: str | None
    facts: list[Fact]
    uses: int
    cards: list[Card]
    query: str
    axioms: tuple[Frame, ...]

    @property
    def heading(self) -> str:
        """Its label."""
        return self.label

    @property
    def used(self) -> str:
        """How often it is used, in words."""
        return more_than(self.uses, _COUNTED, "triple")

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:DefinedTerm."""
        about = {"@context": "https://schema.org", "@type": "DefinedTerm", "@id": self.iri, "name": self.label}
        return about | ({"description": self.definition} if self.definition else {})

    @property
    def shown(self) -> Sequence[Card]:
        """Some claims that use it."""
        return self.cards

    def as_json(self) -> dict[str, Any]:
        """What it means and how often it is used."""
        facts = {
            fact.name: [{"label": it.label, "iri": it.iri} for it in fact.items] or fact.text for fact in self.facts
        }
        return {
            "iri": self.iri,
            "label": self.label,
            "definition": self.definition,
            "facts": facts,
            "axioms": [f"{keyword}: {text}" for keyword, text in self.axioms],
            "uses": min(self.uses, _COUNTED),
            "more": self.uses > _COUNTED,
            "query": self.query,
        }


@router.get("/ontology", summary="The ontology: all terms")
@router.get("/ontology.{suffix}", include_in_schema=False)
def ontology(request: Request) -> Response:
    """As a page, as RDF (the whole ontology) or as JSON."""
    return _show(request, INDEX, ONTOLOGY)


@router.get("/ontology/{term}", summary="One term of the ontology")
def term_page(request: Request) -> Response:
    """As a page, as RDF or as JSON."""
    path, _ = split_suffix(raw_path(request), FORMATS)
    iri = NAMESPACE + unquote(path.removeprefix("/ontology/"))
    try:
        NamedNode(iri)
    except ValueError:
        raise missing(iri) from None
    return _show(request, TERM, iri)


@contained
def _show(request: Request, view: View, iri: str) -> Response:
    path, suffixed = split_suffix(raw_path(request), FORMATS)
    chosen = suffixed or choose(FORMATS, request.headers.get("accept"), request.query_params.get("format"))
    with site_of(request).reading() as reading:
        return represent(request, reading, view, iri, chosen, path.lstrip("/"))


def _index_sparql(_: str) -> str:
    return _ALL % (ONTOLOGY, ONTOLOGY)


def _index(reading: Reading, iri: str, _: Mapping[str, str]) -> OntologyPage | None:
    store = reading.store
    header = select(store, _HEADER % node(iri))
    groups: dict[str, Group] = {}
    seen: set[str] = set()
    for row in sorted(select(store, _TERMS % NAMESPACE), key=_rank):
        term = row["term"].value
        if term in seen:
            continue
        seen.add(term)
        key, title = _group(row)
        groups.setdefault(key, Group(key, title, [])).terms.append(
            Term(term, row["label"].value, value(row, "definition"))
        )
    if not groups:
        return None
    return OntologyPage(
        iri=iri,
        sparql=_index_sparql(iri),
        title=(value(header[0], "title") if header else None) or "Ontology",
        about=value(header[0], "about") if header else None,
        facts=_about(header[0]) if header else [],
        groups=list(groups.values()),
    )


def _about(row: QuerySolution) -> list[Fact]:
    """What the header says besides the title and the description."""
    found = {name: value(row, name) for name in _ABOUT}
    links = {name: text if text.startswith("https://") else None for name, text in found.items() if text}
    return [Fact(_ABOUT[name], (Ref(found[name] or "", link),)) for name, link in links.items()]


def _rank(row: QuerySolution) -> tuple[int, str]:
    """Classes and properties first, then the members of each of our own classes, then the rest."""
    kind = row["kind"].value
    order = [*_KINDS].index(_local(kind)) if _local(kind) in _KINDS else len(_KINDS) + (not kind.startswith(NAMESPACE))
    return order, kind


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]


def _group(row: QuerySolution) -> tuple[str, str]:
    kind = row["kind"].value
    if _local(kind) in _KINDS:
        return _KINDS[_local(kind)]
    name = kind.rpartition("#")[2].rpartition("/")[2]
    return f"of-{name}", f"Values of {value(row, 'group') or name}"


def _term_sparql(iri: str) -> str:
    return f"DESCRIBE {node(iri)}"


def _term(reading: Reading, iri: str, _: Mapping[str, str]) -> TermPage | None:
    store = reading.store
    rows = select(store, _NEIGHBOURS % node(iri))
    by_predicate: dict[str, list[Ref]] = {}
    for row in rows:
        said = value(row, "value")
        if said is not None:
            link = said if isinstance(row["value"], NamedNode) else None
            by_predicate.setdefault(row["predicate"].value, []).append(Ref(value(row, "label") or said, link))
    label = by_predicate.get(_RDFS + "label")
    if not label:
        return None
    definition = by_predicate.get(_SKOS + "definition") or by_predicate.get(_RDFS + "comment")
    types = by_predicate.get(PREFIXES["rdf"] + "type", [])
    return TermPage(
        iri=iri,
        sparql=_term_sparql(iri),
        triples=triples(store, iri),
        kind=_kind_words(types),
        label=label[0].label,
        definition=definition[0].label if definition else None,
        facts=[
            *_facts(by_predicate),
            *terms.above(store, iri),
            *_inverse(store, iri),
            *terms.translations(store, iri),
        ],
        uses=_uses(store, iri),
        cards=reading.cards(_claims(store, iri)),
        query=terms.example_query(store, iri, {it.iri or "" for it in types}),
        axioms=manchester.frames().get(iri, ()),
    )


def _uses(store: Store, iri: str) -> int:
    """In how many triples a term stands, other than in those that define it; one more than are counted, if so many."""
    asked = _USES % {"term": node(iri), "own": ONTOLOGY, "most": _COUNTED + 1}
    return min(int(select(store, asked)[0]["uses"].value), _COUNTED + 1)


def _claims(store: Store, iri: str) -> list[str]:
    """Some claims that use a term."""
    asked = _CLAIMS % {"term": node(iri), "claims": store.iri("claim/")}
    return [row["claim"].value for row in select(store, asked)]


def _kind_words(types: Iterable[Ref]) -> str:
    known = [_ONE[_local(it.iri)] for it in types if it.iri and _local(it.iri) in _ONE]
    return known[0] if known else "Value of a vocabulary"


def _facts(found: dict[str, list[Ref]]) -> list[Fact]:
    facts = {name: [terms.prefixed(it) for it in found.get(name, ()) if _telling(name, it)] for name in _FACTS}
    return [Fact(title, tuple(dict.fromkeys(facts[name]))) for name, title in _FACTS.items() if facts[name]]


def _telling(predicate: str, value: Ref) -> bool:
    """What lies above a term elsewhere is shown with all that does; the kinds of OWL stand in the heading."""
    iri = value.iri or ""
    return not iri.startswith(PREFIXES["owl"]) and not (predicate in terms.ABOVE and not iri.startswith(NAMESPACE))


def _inverse(store: Store, iri: str) -> list[Fact]:
    pairs = " ".join(f"({node(iri)} {node(name)})" for name in _INVERSES)
    found: dict[str, list[Ref]] = {}
    for row in select(store, _INVERSE % (pairs, NAMESPACE)):
        found.setdefault(row["predicate"].value, []).append(Ref(row["label"].value, row["value"].value))
    return [Fact(title, tuple(found[name])) for name, title in _INVERSES.items() if name in found]


INDEX = View("ontology.html", _index_sparql, _index)
TERM = View("term.html", _term_sparql, _term)
