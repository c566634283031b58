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


def claimed(store: Store, **given: str) -> set[tuple[str, int, int | None, str]]:
    """Place, range and source of the claims of people harmed in the country."""
    return {
        (row["place"], int(row["minimum"]), int(row["maximum"]) if "maximum" in row else None, row["source"])
        for row in rows(store, "casualty-timeline", country="Kazakhstan", **given)
    }


def test_officers_injured_are_told_in_two_readings_of_one_ministry_and_grow(demo: Store) -> None:
    ministry = "Interior Ministry of Kazakhstan"
    told = {(least, most) for _, least, most, source in claimed(demo, harm="injured") if source == ministry}
    assert {(137, 137), (317, 317), (748, 748), (1300, 1300)} <= told
    assert any(least == 353 for _, least, _, _ in claimed(demo, harm="injured"))


def test_dead_protesters_are_dozens_then_thirty_then_twenty_six(demo: Store) -> None:
    killed = {(least, most) for _, least, most, _ in claimed(demo, harm="killed")}
    assert {(24, None), (30, None), (26, 26)} <= killed


def test_a_hundred_and_three_in_almaty_are_a_part_of_the_toll(demo: Store) -> None:
    assert ("Almaty", 103, 103, "Information Ministry of Kazakhstan") in claimed(demo, harm="killed")
    (toll,) = [row for row in rows(demo, "figures", harm="killed") if row["label"].startswith("people killed, Almaty,")]
    assert toll["part_of"].startswith("people killed, Kazakhstan, ")


def test_nineteen_of_the_security_forces_are_never_added_to_the_dead(demo: Store) -> None:
    numbers = {least for _, least, _, _ in claimed(demo, harm="killed")}
    assert {19, 225} <= numbers and 244 not in numbers


def test_one_channel_stands_behind_several_outlets(demo: Store) -> None:
    relayed = [
        row for row in rows(demo, "casualties", harm="killed") if "Khabar 24" in row.get("relay", "") + row["source"]
    ]
    assert len({row["publisher"] for row in relayed}) >= 3


def test_the_peacekeepers_are_decided_arrive_and_are_gone(demo: Store) -> None:
    moves = rows(demo, "deployments", destination="Kazakhstan") + rows(demo, "deployments", deployer="CSTO")
    numbers = {(row["phase"], int(row["minimum"])) for row in moves if "minimum" in row}
    assert ("approved", 2500) in numbers
    assert any(phase in ("arrived", "operating") and least > 2000 for phase, least in numbers)
    contributors = {row["contributor"] for row in moves if "contributor" in row}
    assert {"Russia", "Belarus", "Armenia", "Kyrgyzstan", "Tajikistan"} <= contributors
    assert {"withdrawing", "withdrawn"} & {row["phase"] for row in moves if "phase" in row}


def test_on_the_sixth_only_what_was_out_is_known(demo: Store) -> None:
    days = {row["published"][:10] for row in rows(demo, "casualty-timeline", as_of="2022-01-06")}
    assert max(days) == "2022-01-06"
    assert not {164, 225} & {least for _, least, _, _ in claimed(demo, as_of="2022-01-06")}
