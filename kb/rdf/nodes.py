"""What a graph says of the actors and places that its claims name: kind, label, country, position."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from kb import gazetteer
from kb.model import Actor, ActorType, Place, Precision, Victims
from kb.rdf import terms
from kb.reference import Reference
from kb.resources import NAMESPACE


class Node(NamedTuple):
    """The description of one actor or place; ``kind`` is a class of the ontology, ``country`` an ISO 3166-1 code."""

    kind: str
    label: str
    country: str | None = None
    within: str | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def actor_type(self) -> ActorType | None:
        """The kind as a claim gives it."""
        return _ACTOR_TYPES.get(self.kind)

    @property
    def precision(self) -> Precision | None:
        """The kind of place as a claim gives it."""
        return _PRECISIONS.get(self.kind)


class Nodes:
    """The descriptions that one document gives, one a node: its first, but a known kind of actor before an unknown.

    What is only guessed from the people harmed gives way to what is said of the same node as an actor.
    """

    def __init__(self) -> None:
        self._said: dict[str, Node] = {}
        self._guessed: dict[str, Node] = {}

    def add(self, iri: str, node: Node) -> None:
        """Takes in what a claim says of a node."""
        before = self._said.get(iri)
        if before is None or (before.kind == "Actor" and node.kind != "Actor"):
            self._said[iri] = node

    def guess(self, iri: str, node: Node) -> None:
        """Takes in what a claim lets one guess of a node."""
        self._guessed.setdefault(iri, node)

    def close(self, base: str) -> None:
        """Adds the places around the described ones that no claim names, up to what the reference data know."""
        pending = [node.within for _, node in self.items() if node.within]
        while pending:
            iri = pending.pop()
            node = None if iri in self._said or iri in self._guessed else wider(iri, base)
            if node is not None:
                self._guessed[iri] = node
                if node.within:
                    pending.append(node.within)

    def items(self) -> Iterable[tuple[str, Node]]:
        """IRIs and descriptions, sorted by IRI."""
        return sorted({**self._guessed, **self._said}.items())


Describe = Callable[[str], Node | None]
"""Looks up the description of a node outside the graph at hand."""

_ACTOR_TYPES = {terms.pascal(value.value): value for value in ActorType}
_PRECISIONS = {terms.pascal(value.value): value for value in Precision}
PLACE_KINDS = frozenset({"Place", *_PRECISIONS})


def of_actor(actor: Actor, base: str) -> Node:
    """The description of an actor that has its IRI."""
    kind = terms.pascal(actor.type.value) if actor.type else "Actor"
    return Node(kind, actor.name or group_label(actor.iri or "", actor.text, actor.country, base), actor.country)


def of_victims(victims: Victims, base: str) -> Node:
    """The description of the people harmed: a group, or the person who is named."""
    if victims.name is not None:
        return Node("Person", victims.name, victims.country)
    return Node("Group", group_label(victims.iri or "", victims.text, victims.country, base), victims.country)


def of_place(place: Place) -> Node:
    """The description of a place that has its IRI and name."""
    kind = terms.pascal(place.precision.value) if place.precision else "Place"
    return Node(kind, place.name or place.text, place.country, place.within, place.lat, place.lon)


def wider(iri: str, base: str) -> Node | None:
    """The description of a place that another lies in: from the gazetteer, else what its IRI tells.

    None for places that the reference data describe, and for IRIs of others.
    """
    local = iri.removeprefix(base)
    path = local.split("/")
    if local in Reference.load().entries or path[0] != "place" or len(path) < 3:
        return None
    city = _cities().get(local)
    if city is not None:
        return Node(
            "City", city.name, city.country, base + city.within, round(city.latitude, 5), round(city.longitude, 5)
        )
    name = path[-1].replace("-", " ").title()
    return Node("Place", name, path[1][:2].upper(), base + "/".join(path[:-1]))


@cache
def _cities() -> dict[str, gazetteer.City]:
    return {city.local: city for city in gazetteer.cities()}


def group_label(iri: str, text: str, country: str | None, base: str) -> str:
    """The label of an unnamed group: "protesters (Kazakhstan)" for ``actor/kz-protesters``.

    Made from the IRI, not from the wording ("a group of protesters"), so that every document gives it the same.
    """
    local = iri.removeprefix(f"{base}actor/")
    words = text if local == iri else local
    code = country.lower() if country else ""
    if code and words.startswith(f"{code}-"):
        words = words[len(code) + 1 :]
    words = words.replace("-", " ") if local != iri else words
    entry = Reference.load().countries.get(country) if country else None
    return f"{words} ({entry.name})" if entry else words


def write(iri: str, described: Node, base: str) -> Iterator[tuple[str, str, str]]:
    """The triples of a description: IRIs of subject and predicate, the object as a term."""
    place = described.kind in PLACE_KINDS
    yield iri, terms.RDF_TYPE, terms.node(terms.kb(described.kind))
    yield iri, terms.RDFS_LABEL, terms.label(described.label)
    if described.country and place:
        yield iri, terms.kb("countryCode"), terms.text(described.country)
    elif described.country:
        yield iri, terms.kb("country"), terms.node(f"{base}place/{terms.local(described.country.lower())}")
    if described.within:
        yield iri, terms.kb("within"), terms.node(described.within)
    if described.lat is not None:
        yield iri, terms.kb("latitude"), terms.DOUBLE.write(described.lat)
    if described.lon is not None:
        yield iri, terms.kb("longitude"), terms.DOUBLE.write(described.lon)
    if described.lat is not None and described.lon is not None:
        point = f'"POINT({described.lon!r} {described.lat!r})"^^<{terms.WKT}wktLiteral>'
        yield iri, f"{terms.WKT}asWKT", point


def read(found: dict[str, list[str]]) -> Node:
    """The description that these values by predicate give: the inverse of ``write``."""

    def first(iri: str) -> str | None:
        return found[iri][0] if iri in found else None

    country, lat, lon = first(terms.kb("country")), first(terms.kb("latitude")), first(terms.kb("longitude"))
    return Node(
        (first(terms.RDF_TYPE) or "").removeprefix(NAMESPACE),
        first(terms.RDFS_LABEL) or "",
        terms.identifier(country).upper() if country else first(terms.kb("countryCode")),
        first(terms.kb("within")),
        float(lat) if lat is not None else None,
        float(lon) if lon is not None else None,
    )
