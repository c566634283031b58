"""Text filters through the index: the same answers with and without it, and what the index is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from kb.planner import Guesses, plan
from kb.search import Quotes, update
from kb.store import Store, open_store
from tests import sample

QUERIES = [
    'SELECT ?claim ?quote { ?claim kb:quote ?quote FILTER(CONTAINS(LCASE(?quote), "almaty")) }',
    'SELECT ?claim { ?claim kb:quote ?quote ; kb:start ?start FILTER(CONTAINS(?quote, "Almaty") && ?start >= 0) }',
    'SELECT ?claim { ?claim kb:quote ?quote FILTER CONTAINS(UCASE(STR(?quote)), UCASE("almaty")) }',
    'SELECT ?claim { ?claim kb:quote ?quote FILTER REGEX(?quote, "riots? [bw]roke out", "i") }',
    'SELECT ?claim { ?claim kb:quote ?quote FILTER REGEX(?quote, "riots|soldiers", "i") }',
    'SELECT ?claim { ?claim kb:quote ?quote FILTER(CONTAINS(?quote, "Almaty") || CONTAINS(?quote, "soldiers")) }',
    'SELECT ?claim { ?claim kb:quote ?quote FILTER(!CONTAINS(?quote, "Almaty")) }',
    'SELECT * { ?d a kb:Document OPTIONAL { ?claim kb:document ?d ; kb:quote ?q FILTER CONTAINS(?q, "riot") } }',
    'SELECT ?claim { ?claim kb:quote ?quote FILTER CONTAINS(?quote, "no such words anywhere") }',
    'SELECT ?claim ?harm { ?claim kb:matches "soldiers" ; kb:harm ?harm }',
    'SELECT ?claim { { ?claim kb:matches "RIOTS" } UNION { ?claim kb:matches "soldiers" } }',
]


def recorded(folder: Path) -> Path:
    with open_store(folder, create=True) as store:
        sample.record(store)
        store.publish()
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = recorded(tmp_path_factory.mktemp("texts") / "store")
    with open_store(folder) as opened:
        update(opened)
        yield opened


def rows(store: Store, text: str) -> Counter[tuple[str, ...]]:
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    return Counter(tuple(map(str, row)) for row in found)


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_changes_no_answer(store: Store, text: str) -> None:
    store.texts = None
    without = rows(store, text)
    store.texts = Quotes(store)
    assert rows(store, text) == without
    assert without or "no such words" in text


def test_the_index_is_used(store: Store) -> None:
    store.texts = Quotes(store)
    assert [("VALUES ?claim {" in store.explain(text).text) for text in QUERIES] == [
        *[True, True, True, True],
        *[False, False, False],  # either of two, and what is not there: the index cannot help
        *[True, True, True, True],
    ]


def test_matches_is_a_filter_on_the_quote(store: Store) -> None:
    store.texts = None
    by_name = rows(store, 'SELECT ?claim { ?claim kb:matches "Riots" }')
    assert by_name == rows(store, 'SELECT ?claim { ?claim kb:quote ?q FILTER(CONTAINS(LCASE(STR(?q)), "riots")) }')
    assert by_name


def test_an_index_that_is_behind_or_lacks_a_quote_is_not_asked(tmp_path: Path) -> None:
    recorded(tmp_path / "store")
    with open_store(tmp_path / "store") as before:
        update(before)
        assert Quotes(before).containing("almaty")
    with open_store(tmp_path / "store", write=True) as writer:
        graph = writer.iri("graph/mine")
        writer.add_graph(graph, f'<a:b> <https://w3id.org/factline/ontology#quote> "Almaty" <{graph}> .\n'.encode())
        writer.publish()
    with open_store(tmp_path / "store") as after:
        assert Quotes(after).containing("almaty") is None
        update(after)
        assert Quotes(after).containing("almaty") is None


@pytest.mark.parametrize(
    ("pattern", "asked"),
    [
        ("block 12[34] with", [" with", "block 12"]),
        ("soldiers? were", [" were", "soldier"]),
        (r"\\d+ people", [" people"]),
        ("a.*b", []),
        ("(one|two) hundred", []),
        ("^Police", ["Police"]),
    ],
)
def test_what_a_regular_expression_demands(pattern: str, asked: list[str]) -> None:
    heard: list[str] = []

    class Ear:
        def containing(self, text: str) -> None:
            heard.append(text)

    text = f'SELECT ?c {{ ?c kb:quote ?q FILTER REGEX(?q, "{pattern}") }}'
    plan(text, Guesses(), {"kb": "https://w3id.org/factline/ontology#"}, texts=Ear())
    assert heard == asked
