"""What has changed in a derived graph since what follows from it was brought up to date."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad, Triple

CHANGED = "changed "
"""Begins the notes of graphs that were changed and not settled."""

_MOST = 200_000
"""More than this is not remembered: looking at the whole graph again costs no more."""


class Changes:
    """``watched`` are the graphs that are looked at; ``unknown`` those that an earlier process changed and left so.

    ``documents`` are the keys of the documents that were recorded since it was last set to an empty set; None when that
    is not known, as it is not at first and when graphs were written past ``Store.add_document``.
    """

    def __init__(self, watched: Iterable[str], unknown: Iterable[str]) -> None:
        self._watched = frozenset(watched)
        self._unknown = set(unknown)
        self._triples: dict[str, set[Triple]] = {}
        self.documents: set[str] | None = None

    def add(self, graph: str, quads: Iterable[Quad]) -> bool:
        """Takes in what is about to be added to a graph or removed; whether it is the first since it was settled."""
        if graph not in self._watched or graph in self._unknown:
            return False
        first = graph not in self._triples
        triples = self._triples.setdefault(graph, set())
        triples.update(quad.triple for quad in quads)
        if len(triples) > _MOST:
            self._unknown.add(graph)
            del self._triples[graph]
        return first

    def of(self, graph: str) -> set[Triple] | None:
        """What was added or removed (or both: then nothing changed); None when that is not known."""
        return None if graph in self._unknown else self._triples.get(graph, set())

    def settle(self, graph: str) -> None:
        """What follows from the graph has been brought up to date: ``of`` counts from here."""
        self._unknown.discard(graph)
        self._triples.pop(graph, None)
