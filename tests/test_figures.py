"""Figures: the gold cases, whatever the order of arrival, and what was known on a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.track.comparing import order
from kb.track.copies import copies, shingled, similarity
from kb.track.findings import Names, Reader
from kb.track.statements import CROWD, TROOPS, Statement, Surroundings
from tests.tracking import CASES, found, read, track

each_case = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


def as_sets(figures: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(figure.items()) for figure in figures)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 12


@each_case
def test_a_case_gives_what_its_file_says(path: Path) -> None:
    case = read(path)
    answer = found(case, track(case))
    expected = {"contradictions": [], "parts": [], **case.expected}
    assert as_sets(answer.pop("figures")) == as_sets(expected.pop("figures"))
    expected.pop("about")
    expected["parts"] = sorted(expected["parts"])
    expected["contradictions"] = sorted(expected["contradictions"])
    assert answer == expected


@given(st.data())
def test_the_order_of_arrival_does_not_matter(data: st.DataObject) -> None:
    case = read(data.draw(st.sampled_from(CASES)))
    mixed = data.draw(st.permutations(case.statements))
    assert found(case, track(case, mixed)) == found(case, track(case))


@each_case
def test_a_finding_looks_at_earlier_publications_only(path: Path) -> None:
    """Within a figure, what is found among the first publications stays when later ones come."""
    case = read(path)
    for each in track(case):
        claims = {f.statement.claim: f.finding for f in each.reader.found}
        ordered = sorted((f.statement for f in each.reader.found), key=order)
        for known in range(1, len(ordered) + 1):
            days = {s.day for s in ordered[known:]}
            if ordered[known - 1].day in days or any(
                s.document == ordered[known - 1].document for s in ordered[known:]
            ):
                continue
            reader = type(each.reader)(case.around, each.reader.names).read(ordered[:known], each.reader.subsets)
            assert {f.statement.claim: f.finding for f in reader.found} == {
                s.claim: claims[s.claim] for s in ordered[:known]
            }


NUMBERS = st.sampled_from([(None, None), (0, 0), (3, 3), (5, None), (8, 8), (20, 20), (None, 6)])
SOURCES = st.sampled_from(["ministry", "rebels", "outlet-0", "outlet-1"])


@given(
    st.lists(
        st.tuples(NUMBERS, SOURCES, st.integers(0, 3), st.integers(1, 3), st.booleans(), st.booleans(), st.booleans()),
        max_size=9,
    ),
    st.sampled_from(["Killed", TROOPS, CROWD]),
)
def test_any_claims_of_one_number_are_read(made: list[tuple[Any, ...]], measure: str) -> None:
    """Background, denied, corrected, possible and of nobody: each has a finding, and contradictions are in order."""
    statements = [
        Statement(
            claim=f"{at}", document=f"d{document}", measure=measure, people="", group=None, low=low, high=high,
            source=source, publisher=f"outlet-{document}", published=f"2022-01-0{day}", denied=denied,
            correcting=correcting, possible=possible,
        )
        for at, ((low, high), source, document, day, denied, correcting, possible) in enumerate(made)
    ]  # fmt: skip
    reader = Reader(Surroundings(), Names({})).read(statements)
    assert sorted(f.statement.claim for f in reader.found) == sorted(s.claim for s in statements)
    pairs = [(each.earlier, each.later) for each in reader.contradictions]
    assert all(order(first) < order(last) for first, last in pairs)


# -- copies


TEXT = (
    "The commandant of the city said on Thursday that twelve officers had been killed in the riots of the night. " * 2
)


def test_near_copies_are_found_and_short_or_different_texts_are_not() -> None:
    other = (
        "In the east of the country nothing happened this week, said the mayor, who had asked everyone to stay at home."
    )
    texts = {
        "b": TEXT,
        "c": f"{TEXT} (Reporting by our staff)",
        "a": TEXT.upper(),
        "d": other,
        "e": "Twelve dead.",
        "f": "Twelve dead.",
    }
    assert copies(texts) == {"a": "a", "b": "a", "c": "a"}


def test_similarity_is_the_share_of_shingles() -> None:
    one, other = shingled("a b c d e"), shingled("a b c d f")
    assert similarity(one, one) == 1
    assert similarity(one, other) == pytest.approx(1 / 3)
    assert similarity(frozenset(), frozenset()) == 0
