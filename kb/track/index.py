"""What tracking has read already, kept beside the store in ``tracking.sqlite``: parts of documents by segment.

The file holds nothing that the store does not: delete it, and the next run reads everything anew. Only the writer of
the store opens it.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kb.model import Modality
from kb.track.records import Mention
from kb.track.segments import GAP, Part, key
from kb.track.statements import Statement

NAME = "tracking.sqlite"
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE document (iri TEXT PRIMARY KEY, day TEXT NOT NULL);
CREATE TABLE part (
    document TEXT NOT NULL, segment TEXT NOT NULL, country TEXT NOT NULL, first TEXT, last TEXT, kind TEXT NOT NULL,
    data BLOB NOT NULL);
CREATE INDEX part_document ON part (document);
CREATE INDEX part_segment ON part (segment);
CREATE TABLE segment (name TEXT PRIMARY KEY, country TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL);
CREATE INDEX segment_days ON segment (country, last);
CREATE TABLE block (name TEXT PRIMARY KEY, lines BLOB NOT NULL);
CREATE TABLE dirty (name TEXT PRIMARY KEY);
CREATE TABLE band (hash INTEGER NOT NULL, day TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX band_hash ON band (hash, day);
CREATE TABLE copy (document TEXT PRIMARY KEY, first TEXT NOT NULL);
CREATE INDEX copy_first ON copy (first);
CREATE TABLE node (iri TEXT PRIMARY KEY, key TEXT NOT NULL);
CREATE INDEX node_key ON node (key);
CREATE TABLE offer (key TEXT NOT NULL, day TEXT NOT NULL, value TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX offer_key ON offer (key, day);
CREATE INDEX offer_document ON offer (document);
CREATE TABLE ask (key TEXT NOT NULL, day TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX ask_key ON ask (key, day);
CREATE INDEX ask_document ON ask (document);
"""
_BATCH = 500


class Index:
    """The index of one store; use it in a ``with`` block, which keeps or drops all changes together.

    ``fresh`` is whether it was empty, because it was made now or made for another ``kind`` of data before.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self._path = folder / NAME
        self._kind = kind
        self.fresh = False

    def __enter__(self) -> Self:
        try:
            self._open()
        except sqlite3.DatabaseError:
            # Damaged, or no database at all: it is made anew, and nothing is lost.
            self._path.unlink(missing_ok=True)
            self._open()
        return self

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is read again
            self._connection.execute("BEGIN IMMEDIATE")
            known = self._connection.execute("SELECT name FROM sqlite_master WHERE name = 'meta'").fetchone()
            if known is None or self.setting("kind") != self._kind:
                self._empty()
        except sqlite3.DatabaseError:
            self._connection.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.execute("COMMIT" if error is None else "ROLLBACK")
        self._connection.close()

    def keep(self) -> None:
        """Makes what was done so far last, whatever comes."""
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN IMMEDIATE")

    def _empty(self) -> None:
        tables = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            self._connection.execute(f"DROP TABLE {name}")
        for statement in _SCHEMA.strip().split(";\n"):
            self._connection.execute(statement)
        self.put("kind", self._kind)
        self.fresh = True

    def setting(self, name: str) -> str | None:
        """A setting."""
        found = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else None

    def put(self, name: str, value: str) -> None:
        """Changes a setting."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # Documents

    def documents(self) -> set[str]:
        """The documents that were taken in."""
        return {row[0] for row in self._connection.execute("SELECT iri FROM document")}

    def add(self, document: str, day: str, parts: Iterable[Part]) -> None:
        """Takes in a document, in place of what was known of it; the segments that it touches become dirty."""
        self.remove(document)
        self._connection.execute("INSERT INTO document VALUES (?, ?)", (document, day))
        for part in parts:
            name = key(part) or self._segment(part)
            self._connection.execute("INSERT OR IGNORE INTO dirty VALUES (?)", (name,))
            self._connection.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?)", (*_row(part, name),))

    def remove(self, document: str) -> None:
        """Forgets a document; the segments that it was in are put together anew."""
        rows = self._connection.execute("SELECT DISTINCT segment FROM part WHERE document = ?", (document,)).fetchall()
        self._connection.execute("DELETE FROM part WHERE document = ?", (document,))
        self._connection.execute("DELETE FROM document WHERE iri = ?", (document,))
        for (name,) in rows:
            self._connection.execute("INSERT OR IGNORE INTO dirty VALUES (?)", (name,))
            self._again(name)

    def touch(self, document: str) -> None:
        """Makes the segments of a document dirty."""
        self._connection.execute("INSERT OR IGNORE INTO dirty SELECT segment FROM part WHERE document = ?", (document,))

    def touch_country(self, country: str) -> None:
        """Makes all segments of a country dirty."""
        self._connection.execute("INSERT OR IGNORE INTO dirty SELECT name FROM segment WHERE country = ?", (country,))

    def bridge(self, name: str, country: str, days: tuple[date, date] | None) -> None:
        """Keeps days of a country in one segment, whatever silence lies in them; None takes that back."""
        self.remove(name)
        if days is not None:
            part = Part(name, country, *days)
            self._connection.execute(
                "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?)", (*_row(part, self._segment(part)),)
            )
        self.touch_country(country)

    def _again(self, name: str) -> None:
        """A segment that lost a part may fall apart."""
        known = self._connection.execute("DELETE FROM segment WHERE name = ? RETURNING name", (name,)).fetchone()
        if known is None:
            return
        rows = self._connection.execute(
            "SELECT rowid, country, first, last FROM part WHERE segment = ? ORDER BY first", (name,)
        ).fetchall()
        for number, country, first, last in rows:
            again = self._placed(country, date.fromisoformat(first), date.fromisoformat(last))
            self._connection.execute("UPDATE part SET segment = ? WHERE rowid = ?", (again, number))
            self._connection.execute("INSERT OR IGNORE INTO dirty VALUES (?)", (again,))

    def _segment(self, part: Part) -> str:
        if part.first is None or part.last is None:
            raise ValueError(f"a part of {part.document} has neither days nor a segment of its own")
        return self._placed(part.country, part.first, part.last)

    def _placed(self, country: str, first: date, last: date) -> str:
        """The segment that holds these days, made of those that they touch."""
        rows = self._connection.execute(
            "SELECT name, first, last FROM segment WHERE country = ? AND last >= ? AND first <= ? ORDER BY first, name",
            (country, (first - GAP).isoformat(), (last + GAP).isoformat()),
        ).fetchall()
        begun = min([first.isoformat(), *(row[1] for row in rows)])
        ended = max([last.isoformat(), *(row[2] for row in rows)])
        if len(rows) == 1 and (begun, ended) == rows[0][1:]:
            return str(rows[0][0])
        name = f"{begun} {country}"
        for old, _, _ in rows:
            self._connection.execute("DELETE FROM segment WHERE name = ?", (old,))
            if old != name:
                self._connection.execute("UPDATE part SET segment = ? WHERE segment = ?", (name, old))
                self._connection.execute("INSERT OR IGNORE INTO dirty VALUES (?)", (old,))
        self._connection.execute("INSERT INTO segment VALUES (?, ?, ?, ?)", (name, country, begun, ended))
        return name

    # Segments

    def dirty(self) -> list[str]:
        """The segments that have to be tracked again, sorted."""
        return [row[0] for row in self._connection.execute("SELECT name FROM dirty ORDER BY name")]

    def clean(self, names: Iterable[str]) -> None:
        """Says that segments have been tracked."""
        self._connection.executemany("DELETE FROM dirty WHERE name = ?", ((name,) for name in names))

    def parts(self, segment: str) -> list[Part]:
        """The parts of a segment, by document."""
        rows = self._connection.execute(
            "SELECT document, country, first, last, kind, data FROM part WHERE segment = ? ORDER BY document, first",
            (segment,),
        )
        return [_part(*row) for row in rows]

    # What was written

    def lines(self, block: str) -> set[str]:
        """The lines of the tracked graph that a block (a segment, a document, a node) gave the last time."""
        found = self._connection.execute("SELECT lines FROM block WHERE name = ?", (block,)).fetchone()
        return set(zlib.decompress(found[0]).decode().splitlines(keepends=True)) if found else set()

    def write(self, block: str, lines: Iterable[str]) -> None:
        """Keeps the lines of a block."""
        text = "".join(sorted(lines)).encode()
        if text:
            self._connection.execute("INSERT OR REPLACE INTO block VALUES (?, ?)", (block, zlib.compress(text, 1)))
        else:
            self._connection.execute("DELETE FROM block WHERE name = ?", (block,))

    def blocks(self, prefix: str) -> list[str]:
        """The blocks whose names begin so."""
        rows = self._connection.execute(
            "SELECT name FROM block WHERE name >= ? AND name < ? ORDER BY name", (prefix, prefix + "\U0010ffff")
        )
        return [row[0] for row in rows]

    # Copies

    def sketched(self, document: str) -> bool:
        """Whether the text of a document has been looked at for copies."""
        return self._connection.execute("SELECT 1 FROM band WHERE document = ?", (document,)).fetchone() is not None

    def sketch(self, document: str, day: str, bands: Iterable[int]) -> None:
        """Keeps the sketch of a text."""
        self._connection.executemany("INSERT INTO band VALUES (?, ?, ?)", ((band, day, document) for band in bands))

    def alike(self, bands: Iterable[int], first: str, last: str) -> set[str]:
        """Documents of these days (and of none) that share a band."""
        found: set[str] = set()
        for band in bands:
            rows = self._connection.execute(
                "SELECT document FROM band WHERE hash = ? AND day BETWEEN ? AND ?", (band, first, last)
            )
            found.update(row[0] for row in rows)
        return found

    def copy_of(self, document: str) -> str | None:
        """The first of the set of copies that a document is in."""
        found = self._connection.execute("SELECT first FROM copy WHERE document = ?", (document,)).fetchone()
        return str(found[0]) if found else None

    def join_copies(self, one: str, other: str) -> None:
        """Says that two documents are copies; all copies of both become one set."""
        names = {self.copy_of(one) or one, self.copy_of(other) or other}
        first = min(names)
        for name in names:
            self._connection.execute("UPDATE copy SET first = ? WHERE first = ?", (first, name))
        for document in (one, other):
            self._connection.execute("INSERT OR REPLACE INTO copy VALUES (?, ?)", (document, first))
        for (document,) in self._connection.execute("SELECT document FROM copy WHERE first = ?", (first,)).fetchall():
            self.touch(document)

    # Nodes

    def name(self, iri: str, by: str) -> bool:
        """Keeps by which key a node may be found to be another; whether that is new."""
        before = self._connection.execute("SELECT key FROM node WHERE iri = ?", (iri,)).fetchone()
        self._connection.execute("INSERT OR REPLACE INTO node VALUES (?, ?)", (iri, by))
        return before is None or before[0] != by

    def named_as(self, iri: str) -> bool:
        """Whether a document names the node."""
        return self._connection.execute("SELECT 1 FROM node WHERE iri = ?", (iri,)).fetchone() is not None

    def offer(self, document: str, day: str, offers: set[tuple[str, str]]) -> set[str]:
        """Keeps what a document offers (key, value), in place of what it did; the keys by which anything changed."""
        before = set(self._connection.execute("SELECT key, value FROM offer WHERE document = ?", (document,)))
        gone, new = before - offers, offers - before
        self._connection.executemany(
            "DELETE FROM offer WHERE document = ? AND key = ? AND value = ?", ((document, *row) for row in gone)
        )
        changed = {key for key, value in gone | new if not self._offered(key, value, day)}
        self._connection.executemany(
            "INSERT INTO offer VALUES (?, ?, ?, ?)", ((key, day, value, document) for key, value in sorted(new))
        )
        return changed

    def offered_on(self, document: str) -> str:
        """The day for which a document offers anything; empty if it does not."""
        found = self._connection.execute("SELECT day FROM offer WHERE document = ?", (document,)).fetchone()
        return str(found[0]) if found else ""

    def _offered(self, key: str, value: str, day: str) -> bool:
        query = "SELECT 1 FROM offer WHERE key = ? AND day = ? AND value = ?"
        return self._connection.execute(query, (key, day, value)).fetchone() is not None

    def offered(self, key: str, first: str, last: str, document: str) -> list[tuple[str, int]]:
        """What other documents of these days offer by a key, with how many there are, sorted."""
        rows = self._connection.execute(
            "SELECT value, count(*) FROM offer WHERE key = ? AND day BETWEEN ? AND ? AND document != ? "
            "GROUP BY value ORDER BY value",
            (key, first, last, document),
        )
        return [(str(value), int(number)) for value, number in rows]

    def ask(self, document: str, day: str, keys: Iterable[str]) -> None:
        """Keeps by which keys a document asks, in place of those it did."""
        self._connection.execute("DELETE FROM ask WHERE document = ?", (document,))
        self._connection.executemany("INSERT INTO ask VALUES (?, ?, ?)", ((key, day, document) for key in sorted(keys)))

    def asking(self, key: str, first: str, last: str) -> set[str]:
        """The documents of these days that ask by a key."""
        query = "SELECT document FROM ask WHERE key = ? AND day BETWEEN ? AND ?"
        return {row[0] for row in self._connection.execute(query, (key, first, last))}

    def named(self, by: str) -> list[str]:
        """The nodes with a key, sorted."""
        return [row[0] for row in self._connection.execute("SELECT iri FROM node WHERE key = ? ORDER BY iri", (by,))]


def _row(part: Part, segment: str) -> Iterator[Any]:
    data = json.dumps(
        [[_plain(s) for s in part.statements], [_plain(m) for m in part.mentions], sorted(part.stated)],
        ensure_ascii=False,
    )
    yield from (part.document, segment, part.country, _iso(part.first), _iso(part.last), part.kind)
    yield zlib.compress(data.encode(), 1)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(record: Iterable[Any]) -> list[Any]:
    return [
        sorted(value) if isinstance(value, frozenset) else value.isoformat() if isinstance(value, date) else value
        for value in record
    ]


def _part(document: str, country: str, first: str | None, last: str | None, kind: str, data: bytes) -> Part:
    statements, mentions, stated = json.loads(zlib.decompress(data))
    return Part(
        document,
        country,
        _date(first),
        _date(last),
        kind,
        tuple(map(_statement, statements)),
        tuple(map(_mention, mentions)),
        frozenset(stated),
    )


_FIELDS = Statement._fields
_DAYS = tuple(_FIELDS.index(name) for name in ("first", "last"))
_PASSED = _FIELDS.index("passed")


def _statement(row: list[Any]) -> Statement:
    for at in _DAYS:
        row[at] = _date(row[at])
    row[_PASSED] = frozenset(row[_PASSED])
    return Statement(*row)


def _mention(row: list[Any]) -> Mention:
    claim, document, kind, modality, names, place, earliest, latest = row
    return Mention(claim, document, kind, Modality(modality), names, place, _date(earliest), _date(latest))


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
