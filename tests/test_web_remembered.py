"""What is found out once for a revision."""

from __future__ import annotations

from kb.web.remembered import Remembered


def test_values_stand_for_one_revision() -> None:
    values: Remembered[int] = Remembered(most=2)
    values.keep("1", "a", 1)
    assert values.get("1", "a") == 1
    assert values.get("2", "a") is None, "a newer revision is asked anew"
    values.keep("2", "a", 2)
    assert (values.get("1", "a"), values.get("2", "a")) == (None, 2)
    values.keep("2", "b", 3)
    assert values.get("2", "a") == 2
    values.keep("2", "c", 4)
    assert [values.get("2", key) for key in "abc"] == [2, None, 4], "the one that was asked for longest ago went"
