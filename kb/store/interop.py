"""A revision for code that works with rdflib."""

from __future__ import annotations

from typing import Any, NoReturn

import oxrdflib
import pyoxigraph
import rdflib

from kb.errors import StoreError


class ReadOnlyStore(oxrdflib.OxigraphStore):
    """An rdflib store over a revision. ``Dataset.graph(iri)`` gives a view as usual; writing is refused."""

    def add_graph(self, graph: rdflib.Graph) -> None:
        """Nothing: rdflib announces every graph that it is asked for, and a view needs no preparation."""

    def _refuse(self, *arguments: Any, **options: Any) -> NoReturn:
        raise StoreError("a revision is read-only; kb add records documents")

    add = addN = remove = remove_graph = update = _refuse  # noqa: N815 - rdflib's names


def dataset(engine: pyoxigraph.Store, prefixes: dict[str, str]) -> rdflib.Dataset:
    """The engine's graphs as an rdflib Dataset whose default graph is the merge of all others."""
    found = rdflib.Dataset(store=ReadOnlyStore(store=engine))
    for prefix, namespace in prefixes.items():
        found.bind(prefix, namespace)
    return found
