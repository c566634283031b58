"""Lists that pages show, in order and page by page: figures, contradictions, changes, episodes, events, documents."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.search.index import Index

_CHANGES = {
    "new": "added",
    "corroborates": "added",
    "part-of": "added",
    "refines": "updated",
    "updates": "updated",
    "contradicts": "contradicted",
}


@dataclass(frozen=True)
class FigureRow:
    """One figure with its views; None where a view has no number. ``last`` is the day of its newest claim."""

    iri: str
    label: str
    episode: str | None
    measure: str
    people: str
    place: str | None
    low: int | None
    best: int | None
    high: int | None
    lowest: int | None
    highest: int | None
    conservative: int | None
    independent: int
    disputed: bool
    claims: int
    last: str


@dataclass(frozen=True)
class Pair:
    """Two claims that cannot both hold."""

    iri: str
    figure: str
    earlier: str
    later: str
    reason: str
    day: str
    label: str


@dataclass(frozen=True)
class Change:
    """A claim that changed what was known of a figure; ``position`` is where a page goes on after it."""

    claim: str
    figure: str
    label: str
    finding: str
    change: str
    reason: str
    day: str
    position: str


@dataclass(frozen=True)
class Tracking:
    """What tracking found of a claim within its figure, and the event that it is about."""

    claim: str
    event: str | None
    figure: str | None
    finding: str | None
    rank: int | None
    reason: str | None
    compared: str | None


@dataclass(frozen=True)
class EpisodeRow:
    """A run of reports."""

    iri: str
    label: str
    place: str | None
    first: str
    last: str
    figures: int
    claims: int


@dataclass(frozen=True)
class EventRow:
    """An event."""

    iri: str
    label: str
    type: str | None
    place: str | None
    earliest: str
    latest: str
    claims: int


_TRACKED = "claim, event, figure, finding, rank, reason, compared"
_EPISODE = "iri, label, place, first, last, figures, claims"
_EVENT = "iri, label, type, place, earliest, latest, claims"
_FIGURE = (
    "iri, label, episode, coalesce(measure, '') AS measure, coalesce(people, '') AS people, place, low, best, high, "
    "lowest, highest, conservative, independent, disputed, claims, last"
)


class _Where:
    """The conditions of a SELECT with their values."""

    def __init__(self, *conditions: str) -> None:
        self._conditions = list(conditions)
        self.values: list[str] = []

    def __str__(self) -> str:
        return " AND ".join(self._conditions) or "1"

    def add(self, condition: str, *values: str) -> None:
        """One more condition."""
        self._conditions.append(condition)
        self.values += values

    def equal(self, column: str, value: str | None) -> None:
        """A column has a value, if one is given."""
        if value:
            self.add(f"{column} = ?", value)

    def inside(self, place: str | None) -> None:
        """The place is this one or lies in it, if one is given."""
        if place:
            self.add("place IN (SELECT place FROM inside WHERE around = ?)", place)


def figures(
    index: Index,
    limit: int,
    *,
    episode: str | None = None,
    place: str | None = None,
    measures: Sequence[str] = (),
    event: str | None = None,
    disputed: bool = False,
) -> list[FigureRow]:
    """Figures with most claims first: of an episode, counted at a place or inside it, of some measures, of an event."""
    where = _Where()
    where.equal("episode", episode)
    where.inside(place)
    if measures:
        where.add(f"measure IN ({_marks(measures)})", *measures)
    if event:
        where.add("(event = ? OR iri IN (SELECT figure FROM tracked WHERE event = ?))", event, event)
    if disputed:
        where.add("disputed = 1")
    rows = index.rows(
        f"SELECT {_FIGURE} FROM figure WHERE {where} ORDER BY claims DESC, iri DESC LIMIT ?", [*where.values, limit]
    )
    return [_figure(row) for row in rows]


def figure(index: Index, iri: str) -> FigureRow | None:
    """One figure."""
    rows = index.rows(f"SELECT {_FIGURE} FROM figure WHERE iri = ?", (iri,))
    return _figure(rows[0]) if rows else None


def _figure(row: sqlite3.Row) -> FigureRow:
    values = dict(row)
    return FigureRow(**values | {"disputed": bool(values["disputed"])})


def contradictions(
    index: Index, limit: int, *, figure: str | None = None, episode: str | None = None, claim: str | None = None
) -> list[Pair]:
    """Pairs of claims that contradict each other, the newest first: of a figure, of an episode, of a claim."""
    where = _Where()
    where.equal("contradiction.figure", figure)
    where.equal("figure.episode", episode)
    if claim:
        where.add("(earlier = ? OR later = ?)", claim, claim)
    rows = index.rows(
        "SELECT contradiction.iri, contradiction.figure, earlier, later, reason, day, figure.label FROM contradiction "
        f"JOIN figure ON figure.iri = contradiction.figure WHERE {where} "
        "ORDER BY day DESC, contradiction.iri DESC LIMIT ?",
        [*where.values, limit],
    )
    return [Pair(*row) for row in rows]


def changes(
    index: Index,
    limit: int,
    *,
    figure: str | None = None,
    episode: str | None = None,
    since: str | None = None,
    after: str | None = None,
) -> list[Change]:
    """Claims that changed a figure, the newest publication first; repetitions are left out. ValueError for a bad
    ``after``.
    """
    where = _Where("tracked.finding IS NOT NULL", "tracked.finding <> 'repeats'")
    where.equal("tracked.figure", figure)
    where.equal("tracked.episode", episode)
    if since:
        where.add("claim.day >= ?", since)
    # Along the index of days, of the episode's own changes or of all claims.
    table, key = ("tracked", "claim") if episode else ("claim", "iri")
    if after:
        day, mark, name = after.partition("~")
        if not mark:
            raise ValueError(after)
        where.add(f"({table}.day, {table}.{key}) < (?, ?)", day, f"{index.base}claim/{name}")
    rows = index.rows(
        "SELECT claim.iri, tracked.figure, figure.label, tracked.finding, tracked.reason, claim.day, claim.modality "
        "FROM claim JOIN tracked ON tracked.claim = claim.iri JOIN figure ON figure.iri = tracked.figure "
        f"WHERE {where} ORDER BY {table}.day DESC, {table}.{key} DESC LIMIT ?",
        [*where.values, limit],
    )
    return [
        Change(
            row["iri"],
            row["figure"],
            row["label"],
            row["finding"],
            "retracted" if row["modality"] == "denied" else _CHANGES.get(row["finding"], row["finding"]),
            row["reason"] or "",
            row["day"],
            f"{row['day']}~{row['iri'].rpartition('/')[2]}",
        )
        for row in rows
    ]


def tracking(index: Index, claims: Sequence[str]) -> dict[str, Tracking]:
    """What tracking found of each of these claims."""
    rows = index.rows(f"SELECT {_TRACKED} FROM tracked WHERE claim IN ({_marks(claims)})", claims)
    return {row["claim"]: Tracking(*row) for row in rows}


def of_figure(index: Index, iri: str, limit: int, after: int = 0, as_of: str | None = None) -> list[Tracking]:
    """The claims of a figure in the order of publication, from behind rank ``after``; published until ``as_of``."""
    rows = index.rows(
        f"SELECT {_TRACKED} FROM tracked "
        "WHERE figure = ? AND rank > ? AND (? IS NULL OR (day <> '' AND day <= ?)) ORDER BY rank LIMIT ?",
        (iri, after, as_of, as_of, limit),
    )
    return [Tracking(*row) for row in rows]


def of_event(index: Index, iri: str, limit: int) -> tuple[list[str], int]:
    """The first claims of an event in the order of publication, and how many there are."""
    rows = index.rows("SELECT claim FROM tracked WHERE event = ? ORDER BY day, claim LIMIT ?", (iri, limit))
    total = index.rows("SELECT COUNT(*) FROM tracked WHERE event = ?", (iri,))[0][0]
    return [row[0] for row in rows], total


def compared_with(index: Index, claim: str, limit: int) -> list[Tracking]:
    """Claims of the same figure that were compared with this one."""
    rows = index.rows(
        f"SELECT {_TRACKED} FROM tracked WHERE figure = (SELECT figure FROM tracked WHERE claim = ?) AND compared = ? "
        "ORDER BY rank LIMIT ?",
        (claim, claim, limit),
    )
    return [Tracking(*row) for row in rows]


def episodes(index: Index, limit: int, *, place: str | None = None) -> list[EpisodeRow]:
    """Episodes with most claims first."""
    where = _Where()
    where.equal("place", place)
    rows = index.rows(
        f"SELECT {_EPISODE} FROM episode WHERE {where} ORDER BY claims DESC, iri DESC LIMIT ?", [*where.values, limit]
    )
    return [EpisodeRow(*row) for row in rows]


def episode(index: Index, iri: str) -> EpisodeRow | None:
    """One episode."""
    rows = index.rows(f"SELECT {_EPISODE} FROM episode WHERE iri = ?", (iri,))
    return EpisodeRow(*rows[0]) if rows else None


def events(
    index: Index, limit: int, *, place: str | None = None, since: str = "", until: str = "", actor: str | None = None
) -> list[EventRow]:
    """Events with most claims first: at a place or inside it, between two days, with an actor in one of its claims."""
    where = _Where()
    where.inside(place)
    if actor:
        where.add(
            "iri IN (SELECT tracked.event FROM claim_actor JOIN claim ON claim.id = claim_actor.claim "
            "JOIN tracked ON tracked.claim = claim.iri WHERE actor = ? AND NOT speaks LIMIT 500)",
            actor,
        )
    for condition, value in (("latest >= ?", since), ("earliest <> '' AND earliest <= ?", until)):
        if value:
            where.add(condition, value)
    rows = index.rows(
        f"SELECT {_EVENT} FROM event WHERE {where} ORDER BY claims DESC, iri LIMIT ?", [*where.values, limit]
    )
    return [EventRow(*row) for row in rows]


def event(index: Index, iri: str) -> EventRow | None:
    """One event."""
    rows = index.rows(f"SELECT {_EVENT} FROM event WHERE iri = ?", (iri,))
    return EventRow(*rows[0]) if rows else None


def latest_documents(index: Index, limit: int, publisher: str | None = None) -> list[str]:
    """Documents, the newest first; of one publisher."""
    where = _Where()
    where.equal("publisher", publisher)
    rows = index.rows(
        f"SELECT iri FROM document WHERE {where} ORDER BY day DESC, iri DESC LIMIT ?", [*where.values, limit]
    )
    return [row[0] for row in rows]


def in_documents(index: Index, documents: Sequence[str], limit: int) -> list[str]:
    """The claims of documents, in the order of their quotes."""
    rows = index.rows(
        f"SELECT iri FROM claim WHERE document IN ({_marks(documents)}) ORDER BY document, start LIMIT ?",
        [*documents, limit],
    )
    return [row[0] for row in rows]


def counts(index: Index) -> dict[str, int]:
    """How much there is of what: documents, claims of each kind, events, and actors and places that claims name."""
    found = {f"{row[0]} claims": row[1] for row in index.rows("SELECT kind, COUNT(*) FROM claim GROUP BY kind")}
    for name in ("document", "event", "episode", "figure", "contradiction"):
        found[f"{name}s"] = index.rows(f"SELECT COUNT(*) FROM {name}")[0][0]
    found["disputed figures"] = index.rows("SELECT COUNT(*) FROM figure WHERE disputed")[0][0]
    for row in index.rows(
        "SELECT kind, COUNT(*) FROM node WHERE claims > 0 AND kind IN ('actor', 'place') GROUP BY kind"
    ):
        found[f"{row[0]}s"] = row[1]
    return found


def labels(index: Index, nodes: Iterable[str | None], language: str = "en") -> dict[str, str]:
    """The labels of nodes, in a language where the data have a name in it."""
    wanted = sorted({iri for iri in nodes if iri})
    found = {
        row["iri"]: row["label"]
        for row in index.rows(f"SELECT iri, label FROM node WHERE iri IN ({_marks(wanted)})", wanted)
    }
    if language != "en":
        rows = index.rows(
            f"SELECT node, text FROM name WHERE language = ? AND node IN ({_marks(wanted)}) ORDER BY id DESC",
            [language, *wanted],
        )
        found |= {row["node"]: row["text"] for row in rows}
    return found


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)
