"""Claims that name an actor or a place, the newest first, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from kb.search.index import Index

_ROLES = 8  # of one node in one claim, at most


@dataclass(frozen=True)
class Mentions:
    """One page: the claims, each with the roles in which it names the node, and where the next page begins."""

    roles: dict[str, str]
    after: str | None = None


def of_actor(index: Index, actor: str, *, speaks: bool, limit: int, after: str | None = None) -> Mentions:
    """Claims in which an actor speaks, or is spoken of. ValueError for an ``after`` that no page gave."""
    return _page(index, "claim_actor", "actor = ? AND speaks = ?", (actor, int(speaks)), limit, after)


def of_place(index: Index, place: str, *, limit: int, after: str | None = None) -> Mentions:
    """Claims at a place or inside it, with the role of the place in each. ValueError likewise."""
    return _page(index, "claim_place", "claim_place.place = ?", (place,), limit, after)


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
