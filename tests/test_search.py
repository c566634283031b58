"""The index beside the store: what is found, counted and paged, and that it follows the store."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.search import Index, Wanted, corrected, find_claims, find_names, lists, open_index
from kb.search.index import NAME
from kb.search.names import list_names
from kb.store import Store, open_store
from tests import sample


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "store"
    with open_store(path, create=True) as store:
        sample.record(store)
    return path


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with open_store(folder) as opened:
        yield opened


@pytest.fixture
def index(store: Store) -> Iterator[Index]:
    with open_index(store) as opened:
        yield opened


def labels(index: Index, text: str) -> list[str]:
    return [found.label for found in find_names(index, text, 10)]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Almaty", "Almaty"),
        ("alma", "Almaty"),
        ("CSTO", "Collective Security Treaty Organization (CSTO)"),
        ("tashkent pact", "Collective Security Treaty Organization (CSTO)"),
        ("Казахстан", "Kazakhstan"),
        ("KAZAJISTÁN", "Kazakhstan"),
        ("kazajistan", "Kazakhstan"),
        ("azakhst", "Kazakhstan"),
        ('"Almaty"', "Almaty"),
    ],
)
def test_names(index: Index, typed: str, label: str) -> None:
    assert label in labels(index, typed)[:3]


def test_the_name_itself_comes_first(index: Index) -> None:
    assert labels(index, "Russia")[0] == "Russia"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Almatty", "almaty"), ("Kazahkstan", "kazakhstan"), ("soliders killed", "soldiers killed"), ("Almaty", None),
     ("alm", None), ("xqzvw", None), ("12345", None), ("", None)],
)  # fmt: skip
def test_misspelt_words(index: Index, typed: str, meant: str | None) -> None:
    assert corrected(index, typed) == meant


def test_claims_by_their_words(index: Index) -> None:
    found = find_claims(index, Wanted("dozens attack"), 10)
    assert found.claims == [sample.iri(f"claim/{sample.DOZENS.id}")]
    assert find_claims(index, Wanted('"attackers dozens"'), 10).total == 0
    assert find_claims(index, Wanted("DOZENS"), 10).total == 1


def test_every_claim_is_there_once(index: Index) -> None:
    everything = find_claims(index, Wanted(), 100)
    assert sorted(everything.claims) == sorted(
        sample.iri(f"claim/{claim.id}") for claims in sample.CLAIMS.values() for claim in claims
    )
    assert everything.total == sum(map(len, sample.CLAIMS.values()))
    assert sum(choice.claims for choice in everything.facets["kind"]) == everything.total


@pytest.mark.parametrize("order", ["newest", "oldest", "largest"])
def test_pages_give_each_claim_once(index: Index, order: str) -> None:
    whole = find_claims(index, Wanted(), 100, order=order).claims
    paged: list[str] = []
    after = None
    for _ in range(len(whole)):
        page = find_claims(index, Wanted(), 2, order=order, after=after)
        paged += page.claims
        after = page.after
        if not after:
            break
    assert paged == whole


def test_a_facet_counts_what_narrowing_down_finds(index: Index) -> None:
    counted = find_claims(index, Wanted("killed"), 10).facets
    assert counted
    for name, choices in counted.items():
        for choice in choices:
            found = find_claims(index, Wanted("killed", {name: choice.value}), 10).total
            assert found == choice.claims or (name == "place" and found > choice.claims), (name, choice)


def test_a_place_means_what_lies_in_it(index: Index) -> None:
    land = find_claims(index, Wanted(facets={"place": sample.iri("place/kz")}), 100)
    town = find_claims(index, Wanted(facets={"place": sample.iri("place/kz/almaty")}), 100)
    assert set(town.claims) < set(land.claims)


def test_figures_and_events_of_a_place_are_those_inside_it_too(index: Index) -> None:
    def places(found: list[lists.FigureRow] | list[lists.EventRow]) -> set[str | None]:
        return {it.place for it in found}

    land, town = sample.iri("place/kz"), sample.iri("place/kz/almaty")
    for inside, outside in (
        (lists.figures(index, 50, place=town), lists.figures(index, 50, place=land)),
        (lists.events(index, 50, place=town), lists.events(index, 50, place=land)),
    ):
        assert inside and places(inside) <= places(outside)
    assert land in places(lists.figures(index, 50, place=land)) - places(lists.figures(index, 50, place=town))


def test_names_of_a_kind_page_by_page(index: Index) -> None:
    first, total, more = list_names(index, "actor", "", None, 3)
    assert more and total > 3
    rest, _, more = list_names(index, "actor", "", (first[-1].claims, first[-1].iri), 1000)
    assert not more and len(first) + len(rest) == total
    assert not {it.iri for it in first} & {it.iri for it in rest}


def test_quotes_that_contain_a_text(index: Index) -> None:
    assert index.containing("OZENS OF ATT", 10) == [sample.iri(f"claim/{sample.DOZENS.id}")]
    assert index.containing("oz", 10) is None, "too short for the index to tell"
    assert index.containing("killed", 1) is None, "more than asked for"
    assert index.containing('"', 10) is None
    assert index.containing('no "such thing', 10) == []


def test_it_follows_the_store_and_is_made_anew(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        with open_index(store) as index:
            assert find_claims(index, Wanted(), 10).total == 0
        sample.record(store)
        with open_index(store) as index:
            assert index.revision == store.revision
            assert find_claims(index, Wanted(), 100).total == sum(map(len, sample.CLAIMS.values()))
    (tmp_path / "store" / NAME).unlink()
    with open_store(tmp_path / "store") as reader, open_index(reader) as index:
        assert find_claims(index, Wanted(), 100).total == sum(map(len, sample.CLAIMS.values()))


def test_an_index_of_another_store_or_format_is_not_believed(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "store")
    with sqlite3.connect(tmp_path / "store" / NAME) as connection:
        connection.execute("UPDATE meta SET value = '0 http://other.test/ x' WHERE name = 'kind'")
        connection.execute("DELETE FROM claim")
    with open_store(tmp_path / "store") as reader, open_index(reader) as index:
        assert find_claims(index, Wanted(), 100).total == sum(map(len, sample.CLAIMS.values()))


def test_what_tracking_found_is_there(index: Index, store: Store) -> None:
    figures = index.rows("SELECT iri, claims FROM figure ORDER BY claims DESC")
    assert figures and figures[0]["claims"] >= 1
    counted = index.rows("SELECT figure, COUNT(*) FROM tracked WHERE figure IS NOT NULL GROUP BY figure")
    assert {row["iri"]: row["claims"] for row in figures} == {row[0]: row[1] for row in counted}


def test_only_a_country_is_called_as_countries_are(index: Index, store: Store) -> None:
    """Cities carry the code of their country; its name is not theirs."""
    country, city = store.iri("place/kz"), store.iri("place/kz/almaty")
    found = lists.labels(index, [country, city], "ru")
    assert found == {country: "Казахстан", city: "Almaty"}
