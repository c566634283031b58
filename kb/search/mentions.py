"""Claims that name an actor or a place, the newest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.search.index import Index

_ROLES = 8  # of one node in one claim, at most


@dataclass(frozen=True)
class Mentions:
    """One page: the claims, each with the roles in which it names the node, and where the next page begins."""

    roles: dict[str, str]
    after: str | None = None


def of_actor(index: Index, actors: Sequence[str], *, speaks: bool, limit: int, after: str | None = None) -> Mentions:
    """Claims in which an actor, by any of its nodes, speaks or is spoken of.

    ValueError for an ``after`` that no page gave.
    """
    marks = ", ".join("?" for _ in actors)
    return _page(index, "claim_actor", f"actor IN ({marks}) AND speaks = ?", (*actors, int(speaks)), limit, after)


def of_place(index: Index, places: Sequence[str], *, limit: int, after: str | None = None) -> Mentions:
    """Claims at a place or inside it, with the role of the place in each. ValueError likewise."""
    marks = ", ".join("?" for _ in places)
    return _page(index, "claim_place", f"claim_place.place IN ({marks})", tuple(places), limit, after)


def _page(
    index: Index, table: str, where: str, values: tuple[str | int, ...], limit: int, after: str | None
) -> Mentions:
    if after:
        day, mark, number = after.partition("~")
        if not mark or not number.isdigit():
            raise ValueError(after)
        where += f" AND ({table}.day, {table}.claim) < (?, ?)"
        values += (day, int(number))
    rows = index.rows(
        f"SELECT {table}.day, {table}.claim, claim.iri, {table}.role FROM {table} "
        f"JOIN claim ON claim.id = {table}.claim "
        f"WHERE {where} ORDER BY {table}.day DESC, {table}.claim DESC LIMIT ?",
        (*values, (limit + 1) * _ROLES),
    )
    found: dict[str, list[str]] = {}
    positions: list[str] = []
    for row in rows:
        if row["iri"] not in found:
            positions.append(f"{row['day']}~{row['claim']}")
        found.setdefault(row["iri"], []).append(row["role"])
    roles = {iri: ", ".join(filter(None, found[iri])) for iri in [*found][:limit]}
    return Mentions(roles, positions[limit - 1] if len(found) > limit else None)
