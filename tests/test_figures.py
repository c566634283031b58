"""Figures: the gold cases, whatever the order of arrival, and what was known on a day."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.track.comparing import order
from kb.track.copies import copies, shingled, similarity
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
