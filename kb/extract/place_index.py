"""The names of cities and regions, compiled once into a file of the user's cache folder and looked up in it.

The file is named by a digest of everything that it is made from, so a new release of the sources makes a new file. It
is written under another name and put in place in one step: processes that build it at the same time do no harm to each
other. Where no file can be written, the names are kept in memory.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import platformdirs

from kb import gazetteer, reference, resources
from kb.extract import tokens
from kb.extract.tokens import tokenize
from kb.gazetteer import City, Region
from kb.model import digest
from kb.reference import Entry

_TABLES = """
CREATE TABLE city (id INTEGER PRIMARY KEY, local TEXT, name TEXT, country TEXT, within TEXT, latitude REAL,
  longitude REAL, population INTEGER, geonames INTEGER);
CREATE TABLE region (id INTEGER PRIMARY KEY, local TEXT, name TEXT, country TEXT, within TEXT);
CREATE TABLE name (key TEXT, kind TEXT, place INTEGER, own INTEGER, PRIMARY KEY (key, kind, place)) WITHOUT ROWID;
"""
KEPT_SECONDS = 30 * 24 * 3600  # that a file of other sources is kept for: another version may still use it
_KEPT = 20_000  # first words of names looked up and remembered


class Sense(NamedTuple):
    """One thing that a name may stand for.

    ``kind``: actor, place, city, region, demonym or national (a people); ``own`` tells a city's or region's name from
    its other names.
    """

    kind: str
    entry: Entry | City | Region
    own: bool = True


class Names(NamedTuple):
    """Names that start with one word: their senses by key, and how many tokens they have, the longest first."""

    senses: dict[str, tuple[Sense, ...]]
    lengths: tuple[int, ...]


@lru_cache(maxsize=_KEPT)
def fold(text: str) -> str:
    """Small letters without accents."""
    lowered = text.lower().replace("’", "'")
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def key_of(name: str) -> str:
    """The key of a name: its folded tokens, joined by spaces."""
    if name.isascii() and name.replace(" ", "").isalpha():
        return name.lower()  # as the tokenizer would have it, without running it
    return " ".join(fold(token.text) for token in tokenize(name))


def names_of(senses: Mapping[str, Iterable[Sense]]) -> Names:
    """The names of one first word, by key."""
    lengths = {key.count(" ") + 1 for key in senses}
    return Names({key: tuple(found) for key, found in senses.items()}, tuple(sorted(lengths, reverse=True)))


@lru_cache(maxsize=_KEPT)
def places_starting(word: str) -> Names:
    """The names of cities and regions whose first token is ``word`` (folded)."""
    found: dict[str, list[Sense]] = {}
    # "!" follows the space in the order of characters: these are the keys that begin with the word and a space.
    for key, kind, place, own in _connection(os.getpid()).execute(
        "SELECT key, kind, place, own FROM name WHERE key = ?1 OR (key > ?1 || ' ' AND key < ?1 || '!') ORDER BY place",
        (word,),
    ):
        entry = _city(place) if kind == "city" else _region(place)
        found.setdefault(key, []).append(Sense(kind, entry, bool(own)))
    return names_of(found)


@lru_cache(maxsize=_KEPT)
def city_at(local: str) -> City | None:
    """The city of a local id ("place/kz/astana"), if GeoNames has it."""
    row = _connection(os.getpid()).execute("SELECT id FROM city WHERE local = ?", (local,)).fetchone()
    return _city(row[0]) if row else None


def _city(number: int) -> City:
    row = _connection(os.getpid()).execute("SELECT * FROM city WHERE id = ?", (number,)).fetchone()
    return City(row[1], row[2], (), *row[3:])


def _region(number: int) -> Region:
    row = _connection(os.getpid()).execute("SELECT * FROM region WHERE id = ?", (number,)).fetchone()
    return Region(row[1], row[2], (), *row[3:])


@cache
def _connection(_process: int) -> sqlite3.Connection:
    """The compiled names, opened once in each process: a connection does not outlive a fork."""
    path = cache_file()
    for _attempt in range(2):
        try:
            if not path.exists():
                _write(path)
            return _opened(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)  # a file that is no database, or cut short: make it again
        except OSError:
            break
    return _filled(sqlite3.connect(":memory:", check_same_thread=False))


def _opened(path: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    opened.execute("SELECT key FROM name LIMIT 1").fetchone()
    return opened


def cache_file() -> Path:
    """Where the compiled names of these sources are kept."""
    return Path(platformdirs.user_cache_dir("factline")) / f"places-{_digest()}.sqlite"


def _sources() -> Iterator[Path]:
    yield gazetteer.city_file()
    for module in (gazetteer, reference, tokens):
        yield Path(str(module.__file__))
    yield Path(__file__)
    yield from sorted(resources.path("ontology", "reference").glob("*.ttl"))


def _digest() -> str:
    stamps = [(path.name, path.stat()) for path in _sources()]
    return digest("places", *(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stamps))


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".new")
    os.close(handle)
    draft = Path(name)
    try:
        _filled(sqlite3.connect(draft)).close()
        draft.replace(path)
        _forget(path)
    finally:
        draft.unlink(missing_ok=True)


def _forget(path: Path) -> None:
    """Remove what was compiled long ago from other sources."""
    for old in path.parent.glob("places-*.sqlite"):
        if old != path and path.stat().st_mtime - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)


def _filled(empty: sqlite3.Connection) -> sqlite3.Connection:
    collecting = gc.isenabled()
    gc.disable()  # hundreds of thousands of new objects, none of them garbage: collecting triples the time
    try:
        _fill(empty)
    finally:
        if collecting:
            gc.enable()
    return empty


def _fill(empty: sqlite3.Connection) -> None:
    empty.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    keys: dict[tuple[str, str, int], bool] = {}
    places: list[tuple[object, ...]] = []
    for number, city in enumerate(gazetteer.cities()):
        places.append((number, city.local, city.name, *city[3:]))
        _name(keys, "city", number, city.name, city.aliases)
    empty.executemany("INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", places)
    areas: list[tuple[object, ...]] = []
    for number, region in enumerate(gazetteer.regions()):
        areas.append((number, region.local, region.name, *region[3:]))
        _name(keys, "region", number, region.name, region.aliases)
    empty.executemany("INSERT INTO region VALUES (?, ?, ?, ?, ?)", areas)
    empty.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", ((*key, own) for key, own in sorted(keys.items())))
    empty.commit()


def _name(keys: dict[tuple[str, str, int], bool], kind: str, number: int, name: str, aliases: Iterable[str]) -> None:
    keys[key_of(name), kind, number] = True
    for alias in aliases:
        keys.setdefault((key_of(alias), kind, number), False)
