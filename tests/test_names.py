"""Names in text: known ones, unknown ones, and words that are no names; the compiled file of places."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs
import pytest

from kb.extract import place_index
from kb.extract.names import NameFinder, english, family_names, given_names, key_of
from kb.extract.place_index import city_at, fold, places_starting
from kb.extract.sentences import sentences
from kb.extract.times import annotate
from kb.extract.tokens import tokenize

# sentence | its names, each with the kinds of thing that it may stand for (none: an unknown name)
TABLE = """
Protests began in Almaty on Sunday. | Almaty: city
Fighting near Kyiv and Kharkiv continued. | Kyiv: city; Kharkiv: city
Kazakh police fired on the crowd. | Kazakh police: actor
The Kazakh winter was cold. | Kazakh: demonym
The Russians left Kabul. | Russians: national; Kabul: city
Troops of the CSTO arrived. | CSTO: actor
He spoke with Maria Lopez of the union. | Maria Lopez
They met in New York on Monday. | New York: city
They met in New Delhi on Monday. | New Delhi: city
Most of the victims were young. |
We've seen it before and They're gone. |
The Nice people of the town left. |
He lives in Nice with her. | Nice: city
An attack in the Middle East was reported. | Middle East: place
Clashes at Deir al-Zour wounded two. | Deir al-Zour: city
MOST OF THE VICTIMS WERE KILLED BY JUAN PEREZ IN BOGOTA. | JUAN PEREZ; BOGOTA: city
LOPEZ ALBUJAR, 63, WAS DRIVING TO THE OFFICE. | LOPEZ ALBUJAR
THE ATTACK IN SAN MIGUEL DE MERCEDES LEFT TWO DEAD. | SAN MIGUEL DE MERCEDES
THE REBELS TRIED DESTABILIZING THE COUNTRY AND ITS HOSTILITIES. |
THE MAIN RESERVES IN THE PORT CITY WERE DESTROYED. |
THE SOLDIERS, AT GUNPOINT, TOOK TWO MEN TO SOYAPANGO. | SOYAPANGO: city
VICTOR RIVERA WAS SEEN NEAR THE BARRACKS. | VICTOR RIVERA
"""


def _rows() -> list[tuple[str, list[str]]]:
    rows = (line.partition("|") for line in TABLE.strip().splitlines())
    return [(text.strip(), [part.strip() for part in wanted.split(";") if part.strip()]) for text, _, wanted in rows]


@pytest.fixture(scope="module")
def finder() -> NameFinder:
    return NameFinder()


@pytest.mark.parametrize(("text", "wanted"), _rows())
def test_names_of_a_sentence(finder: NameFinder, text: str, wanted: list[str]) -> None:
    tokens = tokenize(text)
    found = []
    times = annotate(tokens, text)[1]
    busy = [any(time.first <= at < time.last for time in times) for at in range(len(tokens))]
    for sentence in sentences(tokens, text):
        for name in finder.find(tokens, sentence, busy):
            words = text[tokens[name.first].start : tokens[name.last - 1].end]
            kinds = list(dict.fromkeys(sense.kind for sense in name.senses))
            found.append((words, kinds))
    assert [words for words, _ in found] == [part.split(":")[0] for part in wanted]
    for (_, kinds), part in zip(found, wanted, strict=True):
        kind = part.partition(": ")[2]
        assert (kind in kinds) if kind else not kinds


def test_a_name_knows_the_words_beside_it(finder: NameFinder) -> None:
    text = "On Monday Gen. Volesky said so."
    tokens = tokenize(text)
    (name,) = (n for n in finder.find(tokens, sentences(tokens, text)[0], [False] * len(tokens)) if "volesky" in n.key)
    assert name.after == "said"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("hostilities", True),
        ("destabilizing", True),
        ("gunpoint", True),
        ("counterattack", True),
        ("soyapango", False),
        ("perez", False),
        ("chalatenango", False),
        ("miramonte", False),
    ],
)
def test_english_by_list_ending_and_prefix(word: str, expected: bool) -> None:
    assert english(word) is expected


def test_keys_fold_case_accents_and_marks() -> None:
    assert fold("Bogotá") == "bogota"
    assert key_of("Norte de Santander") == "norte de santander"
    assert key_of("Juan-les-Pins") == "juan - les - pins"
    assert key_of("São Paulo") == "sao paulo"


def test_names_of_people_are_folded_and_apart_from_great_cities() -> None:
    for names in (given_names(), family_names()):
        assert names == {fold(name) for name in names}
        assert not names & {"paris", "moscow", "bogota", "kabul", "baghdad"}


def test_cities_by_name_alias_and_place() -> None:
    almaty = next(sense for sense in places_starting("almaty").senses["almaty"] if sense.kind == "city")
    assert almaty.own
    assert almaty.entry.local == "place/kz/almaty"
    assert any(not sense.own for sense in places_starting("raqqa").senses["raqqa"])
    assert places_starting("san").lengths[0] > 2
    assert places_starting("zzzz").senses == {}
    city = city_at("place/ug/kampala")
    assert city is not None
    assert city.name == "Kampala"
    assert city_at("place/ug/nowhere") is None


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder of its own, and the connection to the old one forgotten for the test."""
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda _name: str(tmp_path / "cache"))
    place_index._connection.cache_clear()
    place_index.places_starting.cache_clear()
    yield tmp_path / "cache"
    place_index._connection.cache_clear()
    place_index.places_starting.cache_clear()


def test_a_broken_cache_file_is_made_again(cache: Path) -> None:
    path = place_index.cache_file()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all, and long enough not to be empty" * 100)
    assert places_starting("almaty").senses
    with sqlite3.connect(path) as made:
        assert made.execute("SELECT count(*) FROM city").fetchone()[0] > 30_000
    assert [file.name for file in cache.iterdir()] == [path.name]


def test_the_cache_is_built_safely_side_by_side(cache: Path) -> None:
    path = place_index.cache_file()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(place_index._write, [path, path]))
    assert [file.name for file in cache.iterdir()] == [path.name]
    assert places_starting("almaty").senses


def test_without_a_place_to_write_the_names_are_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda _name: str(blocked / "cache"))
    place_index._connection.cache_clear()
    place_index.places_starting.cache_clear()
    try:
        assert places_starting("almaty").senses
    finally:
        place_index._connection.cache_clear()
        place_index.places_starting.cache_clear()
