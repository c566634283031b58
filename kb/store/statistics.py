"""How many triples of each predicate a store has, found out by asking and remembered for a while; and plans by them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pyoxigraph

from kb.planner import UNKNOWN, Plan, Predicate, Texts, plan

_MOST = 300_000
"""Triples that are looked at for one predicate; of more, these tell the rest."""
_KEPT = 2_000
"""Plans that are remembered, of queries of up to so many characters; and ten times as many counts."""
_SHORT = 10_000
_FRESH = 60.0
"""Seconds that counts stand for when the data have changed: they need not be exact. While it is written, a tenth."""

_NOTHING = pyoxigraph.Store()


class Plans:
    """The plans of one store and the counts behind them, which stay for a while when a new revision is opened."""

    def __init__(self) -> None:
        self._until = 0.0
        self._revision: int | None = None
        self._made: dict[str, Plan] = {}
        self._predicates: dict[str, Predicate] = {}
        self._about: dict[tuple[str, str], int] = {}

    def of(
        self,
        text: str,
        engine: pyoxigraph.Store,
        prefixes: Mapping[str, str],
        base: str,
        texts: Texts | None,
        *,
        revision: int | None,
    ) -> Plan:
        """The plan of a query; one that holds what ``texts`` found is made anew each time.

        What was counted in one ``revision`` stays true of it; None is a store that is being written.
        """
        if len(self._made) > _KEPT:
            self._made = {}
        if len(self._about) > 10 * _KEPT:
            self._about = {}
        same = revision is not None and revision == self._revision
        if not same and time.monotonic() > self._until:
            self._made, self._predicates, self._about = {}, {}, {}
            self._until = time.monotonic() + (_FRESH / 10 if revision is None else _FRESH)
            self._revision = revision
        made = self._made.get(text) or self._plan(text, engine, prefixes, base, texts)
        if made.lasting and len(text) <= _SHORT:
            self._made[text] = made
        return made

    def _plan(
        self, text: str, engine: pyoxigraph.Store, prefixes: Mapping[str, str], base: str, texts: Texts | None
    ) -> Plan:
        made = plan(text, _Counts(engine, self._predicates, self._about), prefixes, base, texts)
        if made.text == text:
            return made
        try:
            _NOTHING.query(text, base_iri=base, prefixes=dict(prefixes))  # parses, and has nothing to answer from
        except SyntaxError:
            return Plan(text, "left as it is: not well-formed")
        except RuntimeError:
            return Plan(text, "left as it is: a function that the engine does not know")
        return made


@lru_cache(maxsize=8)
def plans_of(path: Path) -> Plans:
    """Those of the store in a folder."""
    return Plans()


class _Counts:
    """Asks one engine about its default graph."""

    def __init__(
        self, engine: pyoxigraph.Store, predicates: dict[str, Predicate], about: dict[tuple[str, str], int]
    ) -> None:
        self._engine = engine
        self._predicates = predicates
        self._about = about

    def predicate(self, term: str) -> Predicate:
        """Of a predicate, ``<iri>``."""
        if term not in self._predicates:
            query = (
                "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b) "
                f"{{ SELECT ?s ?o {{ ?s {term} ?o }} LIMIT {_MOST} }}"
            )
            triples, subjects, objects = self._numbers(query, UNKNOWN.triples, UNKNOWN.subjects, UNKNOWN.objects)
            self._predicates[term] = Predicate(triples, max(1, subjects), max(1, objects))
        return self._predicates[term]

    def about(self, predicate: str, term: str) -> int:
        """Triples of a predicate with one object."""
        key = predicate, term
        if key not in self._about:
            query = f"SELECT (COUNT(*) AS ?n) {{ SELECT ?s {{ ?s {predicate} {term} }} LIMIT {_MOST} }}"
            self._about[key] = self._numbers(query, 500)[0]
        return self._about[key]

    def _numbers(self, query: str, *otherwise: int) -> list[int]:
        try:
            found = self._engine.query(query)
        except (SyntaxError, ValueError):  # a name that nobody declared: the engine will say so of the query itself
            return list(otherwise)
        if not isinstance(found, pyoxigraph.QuerySolutions):
            raise TypeError("a SELECT has solutions")
        return [int(getattr(term, "value", 0)) for row in found for term in row]
