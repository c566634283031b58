"""Claims by their words and by what they say: a page of them, how many there are, and how they divide."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.search.index import Index
from kb.search.words import match

ORDERS = {"newest": ("day", "DESC"), "oldest": ("day", "ASC"), "largest": ("coalesce(low, high, -1)", "DESC")}
"""In which orders claims can be had: by day of publication, or by their number."""

FACETS = ("kind", "harm", "place", "actor", "source", "publisher", "event_type", "phase", "modality", "month")
"""By what claims are narrowed down and counted."""

BUDGET = 0.03
"""Seconds of the processor that counting may take; what is not counted by then is left out and said to be."""

_WORDS = "id IN (SELECT rowid FROM quote_words WHERE quote_words MATCH ?)"
_MANY = 5_000
_COUNTED = 12  # values of a facet
_PLAIN = ("kind", "harm", "source", "publisher", "event_type", "phase", "modality", "document")


@dataclass(frozen=True)
class Wanted:
    """Which claims: those with all of what is given.

    ``facets`` by their names have IRIs for place (or inside it), actor (in any role), source, publisher and document,
    words of the vocabularies for the others, and "2022-01" for month. ``since`` and ``until`` are days of publication.
    ``merged`` gives, for an IRI of ``facets``, others that are the same; ``exact`` leaves out what lies in a place.
    """

    text: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    since: str | None = None
    until: str | None = None
    review: bool = False
    merged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exact: bool = False

    @property
    def everything(self) -> bool:
        """Whether nothing narrows it down."""
        return not (self.facets or self.since or self.until or self.review or match(self.text))


@dataclass(frozen=True)
class Choice:
    """One value of a facet and how many of the claims have it; ``label`` for IRIs."""

    value: str
    claims: int
    label: str | None = None


@dataclass(frozen=True)
class Found:
    """One page of claims (IRIs), how many there are in all, where the next page begins, and the facets.

    ``uncounted`` are facets for which the time did not suffice.
    """

    claims: list[str]
    total: int
    after: str | None
    facets: dict[str, list[Choice]]
    uncounted: tuple[str, ...] = ()


def find_claims(
    index: Index,
    wanted: Wanted,
    limit: int,
    *,
    order: str = "newest",
    after: str | None = None,
    facets: Sequence[str] = FACETS,
) -> Found:
    """A page of claims in one of ``ORDERS``; ``after`` is what the page before gave as its own.

    Raises ValueError for an ``after`` that no page gave.
    """
    conditions, values = _conditions(wanted)
    column, direction = ORDERS[order]
    where = " AND ".join(conditions) or "1"
    # Of words alone the index of words knows the number by itself.
    those = "quote_words WHERE quote_words MATCH ?" if where == _WORDS else f"claim WHERE {where}"
    total = int(index.rows(f"SELECT COUNT(*) FROM {those}", values)[0][0])
    # Where many fit, it is quicker to go along the order than to look all of them up and sort them.
    paged = where.replace(_WORDS, f"+{_WORDS}") if total > _MANY else where
    position: list[str | int] = []
    if after:
        paged += f" AND ({column}, iri) {'<' if direction == 'DESC' else '>'} (?, ?)"
        position = _position(index, after, order)
    rows = index.rows(
        f"SELECT iri, {column} FROM claim WHERE {paged} ORDER BY {column} {direction}, iri {direction} LIMIT ?",
        [*values, *position, limit + 1],
    )
    following = None
    if len(rows) > limit:
        key = str(rows[limit - 1][0]).rpartition("/")[2]
        following = f"{rows[limit - 1][1]}~{key}"
    counted, uncounted = _count(index, where, values, [name for name in facets if name not in wanted.facets])
    return Found([row[0] for row in rows[:limit]], total, following, counted, uncounted)


def _position(index: Index, after: str, order: str) -> list[str | int]:
    value, mark, key = after.partition("~")
    if not mark or not key:
        raise ValueError(after)
    return [int(value) if order == "largest" else value, f"{index.base}claim/{key}"]


def _conditions(wanted: Wanted) -> tuple[list[str], list[str]]:
    conditions: list[str] = []
    values: list[str] = []

    def add(condition: str, *given: str) -> None:
        conditions.append(condition)
        values.extend(given)

    def same(column: str, value: str) -> str:
        values.extend(each := [value, *wanted.merged.get(value, ())])
        return f"{column} IN ({', '.join('?' for _ in each)})"

    if query := match(wanted.text):
        add(_WORDS, query)
    for name, value in wanted.facets.items():
        if name == "place":
            only = " AND exact" if wanted.exact else ""
            add(f"id IN (SELECT claim FROM claim_place WHERE {same('place', value)}{only})")
        elif name == "actor":
            add(f"id IN (SELECT claim FROM claim_actor WHERE {same('actor', value)})")
        elif name == "month":
            add("day >= ? AND day < ?", value, value + "~")
        elif name in _PLAIN:
            add(same(name, value))
        else:
            raise ValueError(name)
    if wanted.since:
        add("day >= ?", wanted.since)
    if wanted.until:
        add("day <> '' AND day < ?", wanted.until + "~")
    if wanted.review:
        add("review = 1")
    return conditions, values


_COUNTS = {
    "place": "SELECT place, COUNT(DISTINCT claim) FROM claim_place WHERE exact {and_in} GROUP BY place",
    "actor": "SELECT actor, COUNT(DISTINCT claim) FROM claim_actor WHERE 1 {and_in} GROUP BY actor",
    "month": "SELECT substr(day, 1, 7), COUNT(*) FROM claim WHERE {where} AND day <> '' GROUP BY 1",
}


def _count(
    index: Index, where: str, values: Sequence[str], names: Sequence[str]
) -> tuple[dict[str, list[Choice]], tuple[str, ...]]:
    """How the claims divide, facet by facet, as far as the time suffices."""
    ends = time.thread_time() + BUDGET
    counted: dict[str, list[Choice]] = {}
    index.connection.set_progress_handler(lambda: int(time.thread_time() > ends), 1000)
    try:
        for name in names:
            counted[name] = _choices(index, name, where, values)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
    finally:
        index.connection.set_progress_handler(None, 0)
    return {name: choices for name, choices in counted.items() if choices}, tuple(
        name for name in names if name not in counted
    )


def _choices(index: Index, name: str, where: str, values: Sequence[str]) -> list[Choice]:
    inside = f"AND claim IN (SELECT id FROM claim WHERE {where})" if where != "1" else ""
    sql = _COUNTS.get(
        name, f"SELECT {name}, COUNT(*) FROM claim WHERE {{where}} AND {name} IS NOT NULL GROUP BY {name}"
    )
    given = values if ("{where}" in sql or inside) else ()
    counted = sql.format(where=where, and_in=inside)
    rows = index.rows(
        f"WITH found (value, number) AS ({counted} ORDER BY 2 DESC, 1 LIMIT {_COUNTED}) "
        "SELECT value, number, label FROM found LEFT JOIN node ON node.iri = value ORDER BY number DESC, value",
        given,
    )
    return [Choice(*row) for row in rows]
