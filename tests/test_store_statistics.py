"""What the planner is told of a store: counted once a revision, and anew after a while when the data have changed."""

from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kb.store.statistics import Plans

QUERY = "SELECT * { ?a <x:p> ?b . ?b <x:q> ?c . ?c <x:r> 1 }"


class Counting:
    """An engine that says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.engine = pyoxigraph.Store()
        self.engine.add(Quad(NamedNode("x:s"), NamedNode("x:p"), Literal(1)))

    def query(self, text: str) -> object:
        self.asked += 1
        return self.engine.query(text)


def test_counts_stay_as_long_as_the_data_and_a_while_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("kb.store.statistics.time.monotonic", lambda: now)
    plans, engine = Plans(), Counting()

    def asked(revision: int | None) -> int:
        before = engine.asked
        plans.of(QUERY, engine, {}, "x:", None, revision=revision)  # type: ignore[arg-type] # as much of one as is needed
        return engine.asked - before

    assert asked(1) > 0
    now += 1_000_000
    assert asked(1) == 0  # the same data
    now += 1_000_000
    assert asked(2) > 0  # others, and the counts are old
    now += 1
    assert asked(3) == 0  # others, and the counts are new enough
    now += 100
    assert asked(3) > 0
    assert asked(None) == 0
    now += 100
    assert asked(None) > 0  # being written
