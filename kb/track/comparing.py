"""How two claims of one number compare: by time, by range, by the stage of a deployment."""

from __future__ import annotations

from datetime import date

from kb.track.statements import Statement

_OPEN = frozenset({"AtLeast", "MoreThan"})
_STAGES = {
    "Requested": 0,
    "Approved": 1,
    "Announced": 1,
    "Departed": 2,
    "Arrived": 3,
    "Operating": 3,
    "Withdrawing": 4,
    "Withdrawn": 5,
}


def order(statement: Statement) -> tuple[object, ...]:
    """Publication; on one day the smaller number first, because tolls grow; denials and corrections last."""
    moment = statement.published if len(statement.published) > 10 else statement.day
    return (
        not statement.day,
        moment,
        statement.denied,
        statement.correcting,
        _STAGES.get(statement.phase or "", 0),
        statement.size,
        statement.high is None,
        statement.document,
        statement.start,
        statement.claim,
    )


def words(statement: Statement) -> str:
    """The range of a claim as people write it."""
    low, high = statement.number
    if low is None and high is None:
        return "no number"
    if high is None:
        return f"at least {low}"
    if low is None:
        return f"at most {high}"
    return str(low) if low == high else f"{low} to {high}"


def at_once(s: Statement, other: Statement) -> bool:
    """Whether two were published in the same minute of the day, so that neither can have grown from the other."""
    return len(s.published) > 10 and s.published == other.published


def days_between(earlier: Statement, later: Statement) -> int:
    """How many days one was published before the other; 0 if a day is not known."""
    if not (earlier.day and later.day):
        return 0
    return (date.fromisoformat(later.day) - date.fromisoformat(earlier.day)).days


def stage(statement: Statement) -> int:
    """How far a deployment has come; one without a phase is at its place."""
    return _STAGES.get(statement.phase or "", 3)


def inside(inner: Statement, outer: Statement) -> bool:
    """Whether one range lies in the other, rounding allowed."""
    low = outer.floor is None or (inner.low is not None and outer.floor <= inner.low)
    high = outer.ceiling is None or (inner.high is not None and inner.high <= outer.ceiling)
    return low and high


def outgrown(s: Statement, other: Statement) -> bool:
    """Whether a larger number follows "at least" a smaller one: within its words, but told because it grew."""
    return other.high is None and other.hedge in _OPEN and s.size > other.size


def above(s: Statement, other: Statement) -> bool:
    """Whether the least of one is more than the most of the other, rounding allowed."""
    return s.floor is not None and other.ceiling is not None and s.floor > other.ceiling
