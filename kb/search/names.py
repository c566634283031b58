"""Actors, places, events, episodes, figures, documents and terms by a part of one of their names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kb.search.index import Index, phrase
from kb.search.words import match

KINDS = ("actor", "place", "event", "episode", "figure", "document", "office", "term")
"""What has names, by the first part of its path."""

_CANDIDATES = 400


@dataclass(frozen=True)
class Named:
    """A node that was found: ``name`` is the name of it that fits, ``claims`` how many claims name it."""

    iri: str
    kind: str
    label: str
    name: str
    claims: int


def find_names(index: Index, text: str, limit: int, kinds: Sequence[str] = KINDS) -> list[Named]:
    """The best nodes for what was typed: names that are it, begin with it, hold its words, hold it."""
    if not (query := match(text)):
        return []
    found = _rows(index, "name_words", query, kinds)
    if len(found) < limit and len(text.strip()) >= 3:
        found += _rows(index, "name_grams", phrase(text.strip()), kinds)
    best: dict[str, tuple[float, Named]] = {}
    wanted = text.strip().casefold()
    for row in found:
        score = _score(row.name.casefold(), wanted) + math.log10(1 + row.claims) - len(row.name) / 200
        if row.iri not in best or best[row.iri][0] < score:
            best[row.iri] = score, row
    ordered = sorted(best.values(), key=lambda it: (-it[0], it[1].label, it[1].iri))
    return [named for _, named in ordered[:limit]]


def _rows(index: Index, table: str, query: str, kinds: Sequence[str]) -> list[Named]:
    marks = ", ".join("?" for _ in kinds)
    rows = index.rows(
        f"SELECT node.iri, node.kind, node.label, name.text, node.claims FROM {table} "
        f"JOIN name ON name.id = {table}.rowid JOIN node ON node.iri = name.node "
        f"WHERE {table} MATCH ? AND node.kind IN ({marks}) ORDER BY node.claims DESC LIMIT {_CANDIDATES}",
        (query, *kinds),
    )
    return [Named(*row) for row in rows]


def _score(name: str, wanted: str) -> float:
    if name == wanted:
        return 6
    return 3 if name.startswith(wanted) else 1 if f" {wanted}" in name else 0


def list_names(
    index: Index, kind: str, text: str, after: tuple[int, str] | None, limit: int
) -> tuple[list[Named], int, bool]:
    """Nodes of one kind (with all words of ``text`` in a name), most claims first, and how many there are in all.

    ``after`` is the number of claims and the IRI of the last one seen. The last value says whether more follow.
    """
    where, values = "kind = ? AND (claims > 0 OR kind IN ('term', 'office'))", [kind]
    query = match(text)
    if query:
        fitting = "SELECT node FROM name WHERE id IN (SELECT rowid FROM name_words WHERE name_words MATCH ?)"
        where = f"kind = ? AND iri IN ({fitting})"
        values = [kind, query]
    total = index.rows(f"SELECT COUNT(*) FROM node WHERE {where}", values)[0][0]
    if after:
        where += " AND (-claims, iri) > (?, ?)"
    rows = index.rows(
        f"SELECT iri, kind, label, label, claims FROM node WHERE {where} ORDER BY -claims, iri LIMIT ?",
        [*values, *((-after[0], after[1]) if after else ()), limit + 1],
    )
    return [Named(*row) for row in rows[:limit]], total, len(rows) > limit
