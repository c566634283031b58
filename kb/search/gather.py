"""What the index holds of one graph of the store, as plain records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from pyoxigraph import BlankNode, Literal, NamedNode

from kb.rdf.terms import kebab
from kb.resources import NAMESPACE
from kb.store import PREFIXES, Store

_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["rdfs"] + "label"
_NAMES = (_LABEL, PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "hiddenLabel", NAMESPACE + "acronym")
_DOCUMENT = NAMESPACE + "Document"
_KINDS = {
    NAMESPACE + "CasualtyClaim": "casualty",
    NAMESPACE + "DeploymentClaim": "deployment",
    NAMESPACE + "EventClaim": "event",
    NAMESPACE + "CrowdClaim": "crowd",
}
_PLACES = {"place": "", "origin": "origin", "destination": "destination"}
_ACTORS = ("source", "relay", "agent", "target", "victims", "deployer", "contributor", "group")
LANGUAGES = ("es", "ru")
"""Languages, besides English, in which the names of countries are added (from the Unicode CLDR)."""

SPEAKING = frozenset({"source", "relay"})
"""The roles of those who speak in a claim, rather than being spoken of."""

Value = tuple[str, str | None]
"""The value of a term and its language."""


class Facts:
    """The triples of one graph by subject and predicate."""

    def __init__(self, store: Store, graph: str) -> None:
        self._said: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for quad in store.quads(graph=NamedNode(graph)):
            term = quad.object
            if isinstance(quad.subject, NamedNode | BlankNode) and isinstance(term, NamedNode | Literal):
                language = term.language if isinstance(term, Literal) else None
                self._said[quad.subject.value][quad.predicate.value].append((term.value, language))

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def all(self, subject: str, predicate: str) -> list[Value]:
        """The values of a predicate."""
        return self._said[subject][predicate] if subject in self._said and predicate in self._said[subject] else []

    def one(self, subject: str, predicate: str) -> str | None:
        """The value of a predicate, the first by its text if there are more; None without one."""
        return min((value for value, _ in self.all(subject, predicate)), default=None)

    def kb(self, subject: str, name: str) -> str | None:
        """The value of a property of our own."""
        return self.one(subject, NAMESPACE + name)

    def number(self, subject: str, name: str) -> int | None:
        """The number of a property of our own."""
        text = self.kb(subject, name)
        return int(text) if text is not None else None

    def term(self, subject: str, name: str) -> str | None:
        """The value of a property as the word that it is written with: ``kb:AtLeast`` → "at-least"."""
        found = self.kb(subject, name)
        return kebab(found.removeprefix(NAMESPACE)) if found else None

    def types(self, subject: str) -> set[str]:
        """The classes of a subject."""
        return {value for value, _ in self.all(subject, _TYPE)}

    def names(self, subject: str) -> list[tuple[str, str | None, bool]]:
        """The names of a subject: text, language, whether it is its label; the label first."""
        return [(*value, name == _LABEL) for name in _NAMES for value in sorted(self.all(subject, name), key=str)]


@dataclass(frozen=True)
class NodeRow:
    """A node with its names."""

    iri: str
    kind: str
    names: list[tuple[str, str | None, bool]]


@dataclass(frozen=True)
class ClaimRow:
    """A claim with its places and actors."""

    values: tuple[str | int | None, ...]
    day: str
    places: list[tuple[str, str]]
    actors: list[tuple[str, str]]


@dataclass(frozen=True)
class DocumentRows:
    """What one document's graph adds."""

    document: tuple[str | int | None, ...]
    claims: list[ClaimRow] = field(default_factory=list)
    nodes: list[NodeRow] = field(default_factory=list)


def document_rows(store: Store, iri: str) -> DocumentRows | None:
    """The rows of a document from its graph; None if the graph describes no document."""
    facts = Facts(store, iri + "/graph")
    if _DOCUMENT not in facts.types(iri):
        return None
    day = (facts.one(iri, PREFIXES["dcterms"] + "issued") or "")[:10]
    publisher = facts.one(iri, PREFIXES["dcterms"] + "publisher")
    title = facts.one(iri, PREFIXES["dcterms"] + "title")
    claims = [
        _claim(facts, subject, kind, iri, day, publisher)
        for subject in sorted(facts)
        if (kind := next((_KINDS[each] for each in facts.types(subject) if each in _KINDS), None))
    ]
    head = (
        iri,
        title,
        publisher,
        day,
        facts.one(iri, PREFIXES["dcterms"] + "language"),
        facts.kb(iri, "recorded") or "",
        len(claims),
    )
    found = [*node_rows(facts, store.base, ("actor", "place"))]
    if title:
        found.append(NodeRow(iri, "document", [(title, None, True)]))
    return DocumentRows(head, claims, found)


def _claim(facts: Facts, iri: str, kind: str, document: str, day: str, publisher: str | None) -> ClaimRow:
    said = facts.kb(iri, "source")
    values = (
        iri,
        document,
        kind,
        facts.term(iri, "harm"),
        facts.term(iri, "phase"),
        facts.term(iri, "eventType"),
        facts.term(iri, "modality"),
        day,
        facts.kb(iri, "place") or facts.kb(iri, "destination"),
        said or publisher,
        publisher,
        facts.number(iri, "minimum"),
        facts.number(iri, "maximum"),
        int(facts.kb(iri, "needsReview") == "true"),
        facts.number(iri, "start") or 0,
        facts.kb(iri, "quote") or "",
    )
    places = [(place, role) for name, role in _PLACES.items() for place, _ in facts.all(iri, NAMESPACE + name)]
    actors = [(actor, role) for role in _ACTORS for actor, _ in facts.all(iri, NAMESPACE + role)]
    if publisher and not said:
        actors.append((publisher, "source"))
    return ClaimRow(values, day, places, actors)


def node_rows(facts: Facts, base: str, kinds: Iterable[str]) -> Iterator[NodeRow]:
    """The nodes of a graph that have a label, of the kinds that their path says; "term" for those of the ontology."""
    for subject in facts:
        kind = kind_of(subject, base)
        if kind in kinds and "#" not in subject.removeprefix(NAMESPACE) and (names := facts.names(subject)):
            code = facts.kb(subject, "countryCode")
            is_country = code is not None and subject == f"{base}place/{code.lower()}"  # cities have the code too
            yield NodeRow(subject, kind, [*names, *_translated(code or "")] if is_country else names)


def _translated(code: str) -> Iterator[tuple[str, str | None, bool]]:
    for language in LANGUAGES:
        if name := _countries(language).get(code):
            yield name, language, False


@cache
def _countries(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)


def kind_of(iri: str, base: str) -> str:
    """What a node is, by its path: "actor", "place", "event", "term" of the ontology…; "" for others."""
    if iri.startswith(NAMESPACE):
        return "term"
    return iri.removeprefix(base).partition("/")[0] if iri.startswith(base) else ""


def within(store: Store) -> dict[str, str]:
    """Which place lies in which, by all graphs: only the first document that names a place describes it."""
    found: dict[str, str] = {}
    for quad in store.quads(predicate=NamedNode(NAMESPACE + "within")):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            found.setdefault(quad.subject.value, quad.object.value)
    return found
