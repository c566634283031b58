"""The story that the bundled dispatches tell, from their text to the named queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from kb import ingest
from kb.extract.pipeline import Extractor
from kb.queries import run
from kb.read import read
from kb.store import Store, open_store

DEMO = Path(__file__).resolve().parents[1] / "kb" / "demo"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("demo") / "store"
    with open_store(folder, create=True) as made:
        # Shapes are tested elsewhere; here it is about what tracking makes of the claims.
        report = ingest.add(made, read([DEMO]), Extractor().extract, check=lambda _: [])
        assert not report.errors, report.errors
    with open_store(folder) as opened:
        yield opened


def rows(store: Store, name: str, **given: str) -> list[dict[str, str]]:
    answer = run(store, name, given).results
    assert isinstance(answer, QuerySolutions)
    columns = [variable.value for variable in answer.variables]
    return [{column: row[column].value for column in columns if row[column] is not None} for row in answer]


def timeline(store: Store, people: str, *statuses: str, **given: str) -> list[int]:
    """The numbers of the figure of these people killed in the country whose claims have one of the statuses."""
    label = f"{people} killed, Kazakhstan, "
    found = rows(store, "casualty-timeline", country="Kazakhstan", harm="killed", **given)
    return [int(row["minimum"]) for row in found if row["label"].startswith(label) and row["status"] in statuses]


def test_the_security_forces_killed_grow_and_sixteen_stands_out(demo: Store) -> None:
    assert timeline(demo, "security forces", "new", "updates") == [8, 12, 13, 18, 19]
    assert timeline(demo, "security forces", "contradicts") == [16]
    assert max(timeline(demo, "security forces", "new", "updates", as_of="2022-01-06")) == 18
    assert timeline(demo, "security forces", "contradicts", as_of="2022-01-08") == []


def test_the_toll_is_given_taken_back_and_given_again_and_grows(demo: Store) -> None:
    assert timeline(demo, "people", "new", "updates") == [164, 225, 230, 238]
    assert set(timeline(demo, "people", "contradicts")) == {164}
    label = "people killed, Kazakhstan, "
    (toll,) = [row for row in rows(demo, "figures", harm="killed") if row["label"].startswith(label)]
    assert (toll["best"], toll["disputed"]) == ("238", "true")


def test_growth_is_no_contradiction(demo: Store) -> None:
    pairs = {(row["count_a"], row["count_b"]) for row in rows(demo, "contradictions", harm="killed")}
    assert ("18", "16") in pairs
    assert not pairs & {("Eight", "Twelve"), ("Twelve", "Thirteen"), ("164", "225"), ("225", "230"), ("230", "238")}
