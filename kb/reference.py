"""What Factline knows before it reads: countries, alliances, forces, outlets, people and offices, with their names.

The data are the Turtle files of ``ontology/reference``; this module turns them into plain records for code that wants
names and not triples. It looks nothing up in text: that is extraction's work.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.model import ActorType

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_WIKIDATA = "http://www.wikidata.org/entity/"
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")

PLACE_TYPES = frozenset({"country", "region", "city", "site"})
ACTOR_TYPES = frozenset(ActorType)


class Tenure(NamedTuple):
    """A spell in an office: the holder's local id, the first day and the day it ended (None: unknown or still open)."""

    holder: str
    since: date | None
    until: date | None


class Entry(NamedTuple):
    """One actor, place or office of the reference data.

    ``local`` is the IRI relative to a store's base ("actor/csto", "place/kz", "office/kz-president"). ``type`` is a
    value of ActorType, a place kind ("country", "region", "city", "site") or "office". ``label`` is the name to show,
    with the acronym behind it where there is one; ``name`` is without. ``aliases`` are other names that people write;
    ``variants`` are misspellings and machine translations of them; ``ambiguous`` are those of the names that are also
    ordinary words or many things' name, to be believed only with other evidence ("Time", "WHO" in a text in capitals).
    ``families`` are a person's family name and its spellings; ``geonames`` is GeoNames' code of a region ("KZ.14").
    ``country`` is an ISO 3166-1 alpha-2 code. Fields that hold other entries hold their local ids.
    """

    local: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    acronym: str | None = None
    country: str | None = None
    adjectives: tuple[str, ...] = ()
    nationals: tuple[str, ...] = ()
    wikidata: str | None = None
    territory: str | None = None
    capital: str | None = None
    seat: str | None = None
    within: str | None = None
    geonames: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    members: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    office_of: str | None = None
    titles: tuple[str, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    until: date | None = None

    @property
    def name(self) -> str:
        """The label without the acronym behind it."""
        return self.label.removesuffix(f" ({self.acronym})") if self.acronym else self.label

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to write it: name, acronym, aliases, variants; each once, the name first."""
        acronym = (self.acronym,) if self.acronym else ()
        return tuple(dict.fromkeys((self.name, *acronym, *self.aliases, *self.variants)))

    @property
    def demonyms(self) -> tuple[str, ...]:
        """Adjectives and names of the people, each once ("Kazakh", "Kazakhstani", "Kazakhs", …)."""
        return tuple(dict.fromkeys((*self.adjectives, *self.nationals)))

    def holder(self, day: date) -> str | None:
        """The local id of who held this office on ``day``, if known (on a day of change: the newcomer)."""
        for tenure in reversed(self.tenures):
            if (tenure.since is None or tenure.since <= day) and (tenure.until is None or day <= tenure.until):
                return tenure.holder
        return None


class Reference:
    """The reference data: ``entries`` by local id, and lists and look-ups over them. Get it by ``load()``."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Mapping[str, Entry] = MappingProxyType({entry.local: entry for entry in entries})

    @staticmethod
    def load() -> Reference:
        """The data that ship with Factline, read once a process; raises FactlineError if a file is broken."""
        return _load()

    @cached_property
    def actors(self) -> tuple[Entry, ...]:
        """States, alliances, forces, groups, parties, outlets, organisations, persons."""
        return tuple(entry for entry in self.entries.values() if entry.type in ACTOR_TYPES)

    @cached_property
    def places(self) -> tuple[Entry, ...]:
        """Countries, and the regions and cities that need more than the gazetteer gives."""
        return tuple(entry for entry in self.entries.values() if entry.type in PLACE_TYPES)

    @cached_property
    def offices(self) -> tuple[Entry, ...]:
        """Offices with who held them and when."""
        return tuple(entry for entry in self.entries.values() if entry.type == "office")

    @cached_property
    def countries(self) -> Mapping[str, Entry]:
        """Countries by ISO 3166-1 alpha-2 code, in capitals."""
        return MappingProxyType({e.country: e for e in self.places if e.type == "country" and e.country})

    @cached_property
    def states(self) -> Mapping[str, Entry]:
        """States as actors, by ISO 3166-1 alpha-2 code, in capitals."""
        return MappingProxyType({e.country: e for e in self.actors if e.type == "state" and e.country})

    @cached_property
    def _names(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            for name in dict.fromkeys(name.casefold() for name in entry.names):
                found[name].append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    def named(self, name: str) -> tuple[Entry, ...]:
        """Every entry that ``name`` is a name of, whatever the case; empty if there is none."""
        return self._names.get(name.casefold().strip(), ())


@cache
def _load() -> Reference:
    return Reference(_entries())


def _entries() -> Iterator[Entry]:
    nodes = _nodes()
    for subject, node in nodes.items():
        if _RDF_TYPE in node and resources.NAMESPACE + "Tenure" not in node[_RDF_TYPE]:
            yield _entry(subject, node, nodes)


Node = dict[str, list[str]]
"""Values by predicate, as written in the files, of one subject."""


def _nodes() -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    files = sorted(resources.path("ontology", "reference").glob("*.ttl"))
    if not files:
        raise FactlineError(f"no reference data in {resources.path('ontology', 'reference')}; install factline again")
    for file in files:
        try:
            for triple in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=resources.DEFAULT_BASE):
                node = nodes.setdefault(triple.subject.value, {})
                node.setdefault(triple.predicate.value, []).append(triple.object.value)
        except SyntaxError as error:
            raise FactlineError(f"{file} is not valid Turtle: {error}") from error
    return nodes


def _local(iri: str) -> str:
    return iri.removeprefix(resources.DEFAULT_BASE)


def _entry(subject: str, node: Node, nodes: Mapping[str, Node]) -> Entry:
    local = _local(subject)
    kind = _kind(node)
    territory = _first(node, "territory")
    # The names of a state are those of its country; they are written once, on the place.
    named = {**nodes[territory], **node} if territory and territory in nodes else node
    wikidata = [iri for iri in named.get(_SKOS + "exactMatch", ()) if iri.startswith(_WIKIDATA)]
    return Entry(
        local=local,
        label=_label(subject, node),
        type=kind,
        aliases=tuple(named.get(_SKOS + "altLabel", ())),
        variants=tuple(named.get(_SKOS + "hiddenLabel", ())),
        ambiguous=_all(named, "ambiguousName"),
        families=_all(node, "familyName"),
        acronym=_first(node, "acronym"),
        country=_country(local, node),
        adjectives=_all(named, "demonymAdjective"),
        nationals=_all(named, "demonymNoun"),
        wikidata=wikidata[0].removeprefix(_WIKIDATA) if wikidata and not territory else None,
        territory=_link(node, "territory"),
        capital=_link(named, "capital"),
        seat=_link(named, "seatOfGovernment"),
        within=_link(node, "within"),
        geonames=_first(node, "geonamesRegion"),
        latitude=_number(node, "latitude"),
        longitude=_number(node, "longitude"),
        members=tuple(map(_local, _all(node, "member"))),
        part_of=tuple(map(_local, _all(node, "partOf"))),
        office_of=_link(node, "officeOf"),
        titles=_all(node, "officeTitle"),
        tenures=_tenures(node, nodes),
        until=_day(node, "until"),
    )


def _kind(node: Node) -> str:
    name = node[_RDF_TYPE][0].removeprefix(resources.NAMESPACE)
    return _CAPITALS.sub("-", name).lower()


def _label(subject: str, node: Node) -> str:
    if _LABEL not in node:
        raise FactlineError(f"{_local(subject)} in the reference data has no rdfs:label")
    return node[_LABEL][0]


def _all(node: Node, name: str) -> tuple[str, ...]:
    return tuple(node.get(resources.NAMESPACE + name, ()))


def _first(node: Node, name: str) -> str | None:
    values = node.get(resources.NAMESPACE + name)
    return values[0] if values else None


def _link(node: Node, name: str) -> str | None:
    value = _first(node, name)
    return _local(value) if value else None


def _number(node: Node, name: str) -> float | None:
    value = _first(node, name)
    return float(value) if value else None


def _day(node: Node, name: str) -> date | None:
    value = _first(node, name)
    return date.fromisoformat(value) if value else None


def _country(local: str, node: Node) -> str | None:
    """The code of the country that the entry is, lies in, governs or belongs to."""
    place = local if local.startswith("place/") else _link(node, "territory") or _link(node, "country")
    return re.split("[/-]", place)[1].upper() if place else None


def _tenures(node: Node, nodes: Mapping[str, Node]) -> tuple[Tenure, ...]:
    spells = [nodes[iri] for iri in _all(node, "tenure")]
    tenures = [Tenure(_link(spell, "holder") or "", _day(spell, "from"), _day(spell, "until")) for spell in spells]
    return tuple(sorted(tenures, key=lambda tenure: tenure.since or date.min))
