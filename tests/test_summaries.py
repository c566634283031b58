"""Incident summaries: the killed and the injured add up to what each summary says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.extract.pipeline import Extractor
from kb.model import CasualtyClaim, Claim, Document, Modality

SUMMARIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "gold" / "summaries.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def total(claims: Sequence[Claim], harm: str) -> list[int | None] | None:
    """The sum of the asserted claims of a harm that are no part of others and no background; None if there are none."""
    counts = [
        claim.count
        for claim in claims
        if isinstance(claim, CasualtyClaim)
        and (claim.harm, claim.modality, claim.subset_of) == (harm, Modality.ASSERTED, None)
        and not claim.background
    ]
    if not counts:
        return None
    least = [count.minimum for count in counts if count.minimum is not None]
    most = [count.maximum for count in counts]
    return [sum(least) if least else None, None if None in most else sum(number or 0 for number in most)]


@pytest.mark.parametrize("summary", SUMMARIES, ids=[s["text"][12:50] for s in SUMMARIES])
def test_summary(summary: dict[str, Any], extractor: Extractor) -> None:
    claims = extractor.extract(Document(text=summary["text"]))
    assert {harm: total(claims, harm) for harm in ("killed", "injured")} == {
        harm: summary[harm] for harm in ("killed", "injured")
    }


def test_there_are_enough() -> None:
    assert len(SUMMARIES) >= 120
    assert len({summary["text"] for summary in SUMMARIES}) == len(SUMMARIES)
