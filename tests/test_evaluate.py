"""The evaluation: its split, its tables, and what it says where a corpus is missing."""

from __future__ import annotations

import pytest

from tests import evaluate
from tests.conftest import SHARED


def test_a_third_is_held_out_by_a_hash_of_the_id() -> None:
    parts = [evaluate.part(f"DEV-MUC3-{number:04}") for number in range(1, 1301)]
    assert 0.30 < parts.count("held") / len(parts) < 0.37
    assert evaluate.part("DEV-MUC3-0001") == parts[0], "the same id is always in the same part"


def test_a_corpus_that_is_not_there_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "SEED", SHARED / "nowhere" / "article.txt")
    assert "**Not measured**: `../shared/corpora/muc` is not beside this checkout." in list(evaluate.muc([]))
    assert "**Not measured**: `../shared/nowhere/article.txt` is not beside this checkout." in list(evaluate.seed())


def test_what_is_counted_of_the_bundled_dispatches() -> None:
    found = evaluate.extracted(evaluate.documents(evaluate.DEMO))
    section = list(evaluate.demo(found))
    assert f"| documents | {len(found)} |" in section
    assert f"| claims | {sum(len(claims) for _, claims in found)} |" in section
    assert "| claims whose quote is not the text at their offsets | 0 |" in list(evaluate.invariants(found))
