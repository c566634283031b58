"""Fresh incident summaries, failures included: no set falls below its floor."""

from __future__ import annotations

import pytest

from kb.extract.pipeline import Extractor
from tests.fresh import Set, right, sets


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize("fresh", sets(), ids=lambda fresh: fresh.name)
def test_floor(fresh: Set, extractor: Extractor) -> None:
    reached = sum(all(right(extractor, summary).values()) for summary in fresh.summaries)
    assert reached >= fresh.floor


def test_sets_are_whole() -> None:
    assert [len(fresh.summaries) for fresh in sets()][:8] == [100, 100, 100, 100, 99, 84, 50, 50]
    assert all(len(fresh.summaries) >= 20 for fresh in sets())
