"""The W3C's test suites, over HTTP and in process: nothing fails but what is listed with its reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.w3c import run
from tests.w3c.known import FAULTS
from tests.w3c.report import HTTP, PROCESS, Outcome, outcomes, page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "conformance.md"


@pytest.fixture(scope="module")
def found(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    root = shared / "w3c" / "sparql"
    if not root.is_dir():
        pytest.skip(f"the W3C's test suites are not at {root}")
    return outcomes(root, tmp_path_factory.mktemp("w3c"))


@pytest.mark.parametrize("way", [HTTP, PROCESS])
def test_nothing_fails_but_what_is_known(found: list[Outcome], way: str) -> None:
    failed = {each.case.id for each in found if each.way == way and each.verdict == run.FAILED}
    assert failed == set(FAULTS)


def test_the_suites_are_whole(found: list[Outcome]) -> None:
    number = Counter(each.verdict for each in found if each.way == HTTP)
    assert sum(number.values()) == 1125
    assert number[run.PASSED] + number[run.BY_VALUE] > 750


def test_the_page_is_up_to_date(found: list[Outcome]) -> None:
    assert page(found) == PAGE.read_text("utf-8"), "run python -m tests.w3c"
