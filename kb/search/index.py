"""The index of one store on disk: made from a published revision, brought up to date with each later one.

It lies in the store's folder as ``index.sqlite`` and holds nothing that the store does not; a file that is missing, of
another format, or of a later revision than the store (a restored backup) is made anew. One process at a time brings it
up to date; others read on meanwhile.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kb.errors import StoreError
from kb.search.gather import SPEAKING, ClaimRow, DocumentRows, Facts, NodeRow, document_rows, node_rows, within
from kb.search.tables import FORMAT, SCHEMA
from kb.search.tracked import Tracked
from kb.store import Store

NAME = "index.sqlite"
_WAIT = 60.0  # seconds that a process waits for another that brings the index up to date
_DEEPEST = 20  # places within places


@dataclass(frozen=True)
class Index:
    """An index opened for reading: ``rows`` runs a SELECT; ``revision`` is that of the store which it was made from.

    Close it, or use it in a ``with`` block; one thread at a time.
    """

    connection: sqlite3.Connection
    base: str
    revision: int

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self.connection.close()

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """The rows of a SELECT, columns by name."""
        return self.connection.execute(sql, values).fetchall()

    def containing(self, text: str, limit: int) -> list[str] | None:
        """The claims whose quote contains ``text`` in any case, in no order: for a filter that looks again.

        None where the index cannot tell: fewer than three characters, or more than ``limit`` claims.
        """
        if len(text) < 3 or "\0" in text:
            return None
        found = self.rows(
            "SELECT claim.iri FROM quote_grams JOIN claim ON claim.id = quote_grams.rowid "
            "WHERE quote_grams MATCH ? LIMIT ?",
            (phrase(text), limit + 1),
        )
        return None if len(found) > limit else [row[0] for row in found]


def phrase(text: str) -> str:
    """A text as one phrase of the full-text syntax."""
    return '"' + text.replace('"', '""') + '"'


def open_index(store: Store) -> Index:
    """The index of a store, at least as new as the revision that ``store`` sees; made or brought up to date if need be.

    Where the store's folder cannot be written to, the index lies in the folder for temporary files. Raises StoreError
    when it can be kept nowhere.
    """
    path = _path(store)
    try:
        connection = _connect(path)
        try:
            if not _covers(connection, store):
                _update(connection, store)
            revision = int(_meta(connection, "revision") or 0)
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        raise StoreError(f"the index {path} cannot be used: {error}; delete it, and it is made anew") from error
    return Index(connection, store.base, revision)


def read_index(store: Store) -> Index | None:
    """The index as it lies there, for reading only; None if there is none that fits the store."""
    try:
        connection = sqlite3.connect(f"{_path(store).absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        revision = int(_meta(connection, "revision") or -1)
        if _usable(connection, store, revision):
            return Index(connection, store.base, revision)
    except sqlite3.Error:
        return None
    connection.close()
    return None


def update(store: Store) -> None:
    """Brings the index up to date with what a store has published."""
    open_index(store).close()


def _path(store: Store) -> Path:
    path = store.path / NAME
    try:
        with path.open("ab"):
            return path
    except OSError:
        return Path(tempfile.gettempdir()) / f"factline-{store.path.absolute().stat().st_ino}-{NAME}"


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _meta(connection: sqlite3.Connection, name: str) -> str | None:
    try:
        found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return str(found[0]) if found else None


def _set(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def _kind(store: Store) -> str:
    """What an index must be made for: of another kind it is made anew."""
    return f"{FORMAT} {store.base} {store.note('reference')}"


def _covers(connection: sqlite3.Connection, store: Store) -> bool:
    revision = int(_meta(connection, "revision") or -1)
    return revision >= store.revision and _usable(connection, store, revision)


def _usable(connection: sqlite3.Connection, store: Store, revision: int) -> bool:
    # A revision that the store has not got yet: the store was restored from a backup.
    return _meta(connection, "kind") == _kind(store) and revision <= (store.folder.current() or 0)


def _update(connection: sqlite3.Connection, store: Store) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is made again
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _covers(connection, store):  # else another process was faster
            if not _usable(connection, store, int(_meta(connection, "revision") or 0)):
                _begin(connection, store)
            _Update(connection, store).run()
            _set(connection, "revision", str(store.revision))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection, store: Store) -> None:
    """Empty tables, whatever there was."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'")
    for (name,) in found.fetchall():
        connection.execute(f"DROP TABLE {name}")
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    for (name,) in found.fetchall():
        connection.execute(f"DROP TABLE {name}")
    for statement in SCHEMA.strip().split(";\n"):
        connection.execute(statement)
    _set(connection, "kind", _kind(store))


class _Update:
    """One step of the index from an older revision to that of a store."""

    def __init__(self, connection: sqlite3.Connection, store: Store) -> None:
        self._connection = connection
        self._store = store
        self._within = within(store)

    def run(self) -> None:
        """Adds the documents that are new, and replaces what was derived if it has changed."""
        changed = self._reference()
        known = {row[0] for row in self._connection.execute("SELECT iri FROM document")}
        recorded = {
            graph.removesuffix("/graph")
            for graph in self._store.graphs()
            if graph.startswith(self._store.iri("document/"))
        }
        self._remove(known - recorded)
        for iri in sorted(recorded - known):
            if rows := document_rows(self._store, iri):
                self._document(rows)
        self._derived()
        if changed or known != recorded:
            self._uses()
            self._vocabulary()

    def _reference(self) -> bool:
        made_from = self._store.note("reference") or ""
        if _meta(self._connection, "reference") == made_from:
            return False
        facts = Facts(self._store, self._store.iri("graph/reference"))
        self._nodes(node_rows(facts, self._store.base, ("actor", "place", "office", "term")))
        _set(self._connection, "reference", made_from)
        return True

    def _remove(self, gone: Iterable[str]) -> None:
        for iri in gone:
            for claim, quote in self._connection.execute(
                "SELECT id, quote FROM claim WHERE document = ?", (iri,)
            ).fetchall():
                for table in ("quote_words", "quote_grams"):
                    self._connection.execute(
                        f"INSERT INTO {table} ({table}, rowid, quote) VALUES ('delete', ?, ?)",
                        (claim, quote),
                    )
                for table in ("claim_place", "claim_actor"):
                    self._connection.execute(f"DELETE FROM {table} WHERE claim = ?", (claim,))
            self._connection.execute("DELETE FROM claim WHERE document = ?", (iri,))
            self._connection.execute("DELETE FROM document WHERE iri = ?", (iri,))
            self._forget([iri])

    def _forget(self, nodes: Iterable[str]) -> None:
        for node in nodes:
            for row, text in self._connection.execute("SELECT id, text FROM name WHERE node = ?", (node,)).fetchall():
                for table in ("name_words", "name_grams"):
                    self._connection.execute(
                        f"INSERT INTO {table} ({table}, rowid, text) VALUES ('delete', ?, ?)",
                        (row, text),
                    )
            self._connection.execute("DELETE FROM name WHERE node = ?", (node,))
            self._connection.execute("DELETE FROM node WHERE iri = ?", (node,))

    def _nodes(self, rows: Iterable[NodeRow]) -> None:
        """Adds nodes; of one that is known, the names that are new."""
        connection = self._connection
        for row in rows:
            label = next((text for text, _, preferred in row.names if preferred), row.names[0][0])
            connection.execute("INSERT OR IGNORE INTO node VALUES (?, ?, ?, 0)", (row.iri, row.kind, label))
            found = connection.execute("SELECT text, language FROM name WHERE node = ?", (row.iri,))
            known = {(each[0], each[1]) for each in found}
            for text, language, _ in row.names:
                if (text, language) in known:
                    continue
                known.add((text, language))
                added = connection.execute(
                    "INSERT INTO name (node, text, language) VALUES (?, ?, ?)", (row.iri, text, language)
                ).lastrowid
                for table in ("name_words", "name_grams"):
                    connection.execute(f"INSERT INTO {table} (rowid, text) VALUES (?, ?)", (added, text))

    def _document(self, rows: DocumentRows) -> None:
        self._connection.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?)", rows.document)
        self._nodes(rows.nodes)
        for claim in rows.claims:
            self._claim(claim)

    def _claim(self, claim: ClaimRow) -> None:
        connection = self._connection
        places = ", ".join("?" for _ in claim.values)
        added = connection.execute(f"INSERT OR IGNORE INTO claim VALUES (NULL, {places})", claim.values)
        if not added.rowcount:  # one claim of two versions of a document
            return
        number, quote = added.lastrowid, claim.values[-1]
        for table in ("quote_words", "quote_grams"):
            connection.execute(f"INSERT INTO {table} (rowid, quote) VALUES (?, ?)", (number, quote))
        connection.executemany(
            "INSERT OR IGNORE INTO claim_place VALUES (?, ?, ?, ?, ?)",
            [
                (around, claim.day, number, role, int(around == place))
                for place, role in claim.places
                for around in self._around(place)
            ],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO inside VALUES (?, ?)",
            [
                (outer, inner)
                for place, _ in claim.places
                for inner in self._around(place)  # what is counted at the country of a town lies in it too
                for outer in self._around(inner)
            ],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO claim_actor VALUES (?, ?, ?, ?, ?)",
            [(actor, int(role in SPEAKING), claim.day, number, role) for actor, role in claim.actors],
        )

    def _around(self, place: str) -> list[str]:
        """A place and all that contain it, from the inside."""
        found = [place]
        while (outer := self._within.get(found[-1])) and outer not in found and len(found) < _DEEPEST:
            found.append(outer)
        return found

    def _derived(self) -> None:
        connection = self._connection
        made_from = self._store.note("tracked") or ""
        if made_from and _meta(connection, "tracked") == made_from:
            return
        days = dict(connection.execute("SELECT iri, day FROM claim").fetchall())
        tracked = Tracked(self._store, days)
        for table, rows in tracked.rows().items():
            connection.execute(f"DELETE FROM {table}")
            if rows:
                values = ", ".join("?" for _ in rows[0])
                connection.executemany(f"INSERT INTO {table} VALUES ({values})", rows)
        nodes = {row.iri: row for row in tracked.nodes()}
        known = dict(
            connection.execute("SELECT iri, label FROM node WHERE kind IN ('event', 'episode', 'figure')").fetchall()
        )
        labels = {iri: row.names[0][0] for iri, row in nodes.items()}
        self._forget(iri for iri, label in known.items() if labels.get(iri) != label)
        self._nodes(row for iri, row in nodes.items() if known.get(iri) != labels[iri])
        self._connection.execute(
            "UPDATE node SET claims = coalesce((SELECT claims FROM figure WHERE figure.iri = node.iri), "
            "(SELECT claims FROM episode WHERE episode.iri = node.iri), "
            "(SELECT claims FROM event WHERE event.iri = node.iri), 0) WHERE kind IN ('event', 'episode', 'figure')"
        )
        _set(connection, "tracked", made_from)

    def _uses(self) -> None:
        """Counts, for each actor and place, the claims that name it; for a document, its claims."""
        for kind, table, column in (("place", "claim_place", "place"), ("actor", "claim_actor", "actor")):
            self._connection.execute(
                "UPDATE node SET claims = "
                f"(SELECT COUNT(DISTINCT claim) FROM {table} WHERE {column} = node.iri) WHERE kind = ?",
                (kind,),
            )
        self._connection.execute(
            "UPDATE node SET claims = coalesce((SELECT claims FROM document WHERE document.iri = node.iri), 0) "
            "WHERE kind = 'document'"
        )

    def _vocabulary(self) -> None:
        """The words of names and quotes; numbers are no words that could be misspelt."""
        self._connection.execute("DELETE FROM vocabulary")
        for table in ("name_vocabulary", "quote_vocabulary"):
            self._connection.execute(
                f"INSERT INTO vocabulary SELECT term, length(term), doc FROM {table} WHERE term NOT GLOB '[0-9]*'"
            )
