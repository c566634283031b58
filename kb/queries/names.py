"""Names of actors and places as people write them, to the nodes that they may mean."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from weakref import WeakKeyDictionary

from pyoxigraph import NamedNode, QuerySolutions

from kb.gazetteer import cities
from kb.store import Store

PLACES = """
SELECT ?node ?name WHERE {
  VALUES ?naming { rdfs:label skos:altLabel skos:hiddenLabel }
  { ?class rdfs:subClassOf* kb:Place . ?node a ?class ; ?naming ?name }
  UNION { ?node a kb:Country ; kb:countryCode ?name }
}"""

COUNTRIES = """
SELECT ?node ?name WHERE {
  VALUES ?naming { rdfs:label skos:altLabel skos:hiddenLabel kb:countryCode }
  ?node a kb:Country ; ?naming ?name .
}"""

# A state bears the names of its territory too.
ACTORS = """
SELECT ?node ?name WHERE {
  VALUES ?naming { rdfs:label skos:altLabel skos:hiddenLabel kb:acronym }
  { ?class rdfs:subClassOf* kb:Actor . ?node a ?class ; ?naming ?name }
  UNION { ?node kb:territory ?place . ?place ?naming ?name }
}"""

_BRACKET = re.compile(r" \([^()]+\)$")


def fold(name: str) -> str:
    """A name without case, accents, and differences of spaces, hyphens and apostrophes."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return re.sub(r"[\s\-\u2010-\u2015_]+", " ", re.sub(r"['\u2018\u2019\u02bc`]", "", plain.casefold())).strip()


class Names:
    """The names of one kind of node in one revision of a store, folded."""

    def __init__(self, store: Store, query: str) -> None:
        self._base = store.base
        self._nodes: dict[str, set[str]] = defaultdict(set)
        self._written: dict[str, str] = {}
        results = store.query(query)
        assert isinstance(results, QuerySolutions)  # noqa: S101 - the queries above are SELECTs
        for row in results:
            label = row["name"].value
            # "United Nations (UN)" is also "United Nations", "officials (Kazakhstan)" also "officials".
            for name in {label, _BRACKET.sub("", label)}:
                self._nodes[fold(name)].add(row["node"].value)
                # Of several spellings always the same: with hyphens and accents rather than without.
                self._written[fold(name)] = max(name, self._written.get(fold(name), ""))

    @cached_property
    def iris(self) -> frozenset[str]:
        """Every node that has a name."""
        return frozenset(iri for nodes in self._nodes.values() for iri in nodes)

    def find(self, name: str) -> list[NamedNode]:
        """The nodes that bear this name, sorted; empty if there is none."""
        return _sorted(self._nodes.get(fold(name), ()))

    def find_city(self, name: str) -> list[NamedNode]:
        """The cities among the nodes that the gazetteer knows by this name ("Alma-Ata"), sorted."""
        return _sorted(self._cities.get(fold(name), ()))

    @cached_property
    def _cities(self) -> dict[str, set[str]]:
        # A second to read, so only for a name that the store itself does not know.
        found: dict[str, set[str]] = defaultdict(set)
        for city in cities():
            if self._base + city.local in self.iris:
                for alias in city.aliases:
                    found[fold(alias)].add(self._base + city.local)
        return found

    def near(self, name: str) -> list[str]:
        """Up to three names that are spelt nearly so."""
        return [self._written[key] for key in difflib.get_close_matches(fold(name), self._nodes, 3, 0.75)]


def _sorted(iris: Iterable[str]) -> list[NamedNode]:
    return [NamedNode(iri) for iri in sorted(iris)]


_CACHE: WeakKeyDictionary[Store, dict[tuple[int, str], Names]] = WeakKeyDictionary()


def names(store: Store, query: str) -> Names:
    """The names that ``query`` (``PLACES``, ``COUNTRIES``, ``ACTORS``) finds in the store, kept while it is open."""
    kept = _CACHE.setdefault(store, {})
    key = (store.revision, query)
    if key not in kept:
        kept[key] = Names(store, query)
    return kept[key]
