"""The graph of a document back into its document and claims: the inverse of ``kb.rdf.writing``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kb.errors import StoreError
from kb.model import CLAIM, Actor, Claim, Document, Place
from kb.rdf import nodes, terms
from kb.rdf.table import KINDS, Kind, Role, Row

Values = dict[str, list[str]]
"""Values of objects by predicate, of one subject."""


class Graph:
    """A document's graph, read once: ``document`` and ``claims``.

    ``describe`` says what nodes are that the graph itself does not describe (known actors and places). Raises
    StoreError when a graph lacks what every document or claim has.
    """

    def __init__(self, quads: Iterable[Quad | Triple], describe: nodes.Describe = lambda iri: None) -> None:
        self._subjects: dict[str, Values] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            subject, about = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(about, NamedNode | Literal):
                self._subjects[subject.value][quad.predicate.value].append(about.value)
        self._describe = describe
        self._kinds = {terms.kb(kind.name): (name, kind) for name, kind in KINDS.items()}

    @property
    def document(self) -> Document:
        """The document as it was read."""
        return self._document(*self._one_document())

    @property
    def claims(self) -> list[Claim]:
        """The claims, in the order of their place in the text."""
        identifier = self._identifier(self._one_document()[1])
        found = [
            self._claim(subject, values, identifier, *self._kinds[kind])
            for subject, values in list(self._subjects.items())
            for kind in values.get(terms.RDF_TYPE, ())
            if kind in self._kinds
        ]
        return sorted(found, key=lambda claim: (claim.start, claim.end, claim.id))

    def _one_document(self) -> tuple[str, Values]:
        for subject, values in self._subjects.items():
            if terms.kb("Document") in values.get(terms.RDF_TYPE, ()):
                return subject, values
        raise StoreError("the graph describes no document")

    @staticmethod
    def _identifier(values: Values) -> str:
        return values[f"{terms.DCTERMS}identifier"][0]

    def _document(self, subject: str, values: Values) -> Document:
        given = self._identifier(values)
        published = _first(values, f"{terms.DCTERMS}issued")
        return Document(
            text=values[terms.kb("text")][0],
            given_id=None if given == terms.identifier(subject) else given,
            title=_first(values, f"{terms.DCTERMS}title"),
            publisher=_first(values, terms.kb("publisherText")),
            published=None if published is None else terms.MOMENT.read(published),
            url=_first(values, f"{terms.SCHEMA}url"),
            language=_first(values, f"{terms.DCTERMS}language"),
        )

    def _claim(self, subject: str, values: Values, document: str, name: str, kind: Kind) -> Claim:
        fields: dict[str, Any] = {"id": terms.identifier(subject), "kind": name, "document": document}
        for row in kind.rows:
            _put(fields, row, values.get(terms.kb(row.name)))
        if "count" in fields:
            fields["count"] = {"minimum": None, "maximum": None, **fields["count"]}
        if name == "casualty":
            self._casualty(fields, values)
        for where in kind.places:
            iri = _first(values, terms.kb(where.name))
            if iri is not None:
                fields[where.field] = self._place(iri, values[terms.kb(where.text)][0])
        for role in kind.roles:
            fields.update(self._role(role, values.get(terms.kb("participation"), [])))
        return CLAIM.validate_python(fields)

    def _casualty(self, fields: dict[str, Any], values: Values) -> None:
        whole, victims = _first(values, terms.kb("subsetOf")), _first(values, terms.kb("victims"))
        if whole is not None:
            fields["subset_of"] = terms.identifier(whole)
        fields["background"] = _first(values, terms.kb("background")) is not None
        if victims is not None:
            fields["victims"].update(iri=victims, country=self._node(victims).country)

    def _node(self, iri: str) -> nodes.Node:
        values = self._subjects.get(iri)
        if values is not None and terms.RDFS_LABEL in values:
            return nodes.read(values)
        known = self._describe(iri)
        if known is None:
            raise StoreError(f"nothing describes {iri}")
        return known

    def _place(self, iri: str, text: str) -> Place:
        node = self._node(iri)
        return Place(
            text=text,
            name=node.label,
            iri=iri,
            country=node.country,
            lat=node.lat,
            lon=node.lon,
            precision=node.precision,
            within=node.within,
        )

    def _role(self, role: Role, participations: list[str]) -> dict[str, Any]:
        wanted = terms.kb(role.role)
        found = [self._subjects[iri] for iri in participations if self._subjects[iri][terms.kb("role")] == [wanted]]
        found.sort(key=lambda values: int(_first(values, terms.kb("order")) or 0))
        actors = tuple(self._actor(values) for values in found)
        if role.many:
            return {role.field: actors}
        return {role.field: actors[0]} if actors else {}

    def _actor(self, values: Values) -> Actor:
        iri = values[terms.kb("actor")][0]
        node = self._node(iri)
        return Actor(
            text=values[terms.kb("actorText")][0],
            name=_first(values, terms.kb("actorName")),
            iri=iri,
            type=node.actor_type,
            role=_first(values, terms.kb("actorRole")),
            country=node.country,
        )


def _first(values: Values, predicate: str) -> str | None:
    found = values.get(predicate)
    return found[0] if found else None


def _put(fields: dict[str, Any], row: Row, found: list[str] | None) -> None:
    if not found:
        return
    for name in row.path[:-1]:
        fields = fields.setdefault(name, {})
    fields[row.path[-1]] = tuple(sorted(map(row.codec.read, found))) if row.many else row.codec.read(found[0])
