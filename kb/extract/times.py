"""Times as news words them, found in a text and resolved against the document's date.

How the relative ones are read: a bare weekday is the nearest behind, the day of publication included; "last Friday" is
before it, "next Monday" after it, "this Friday" the one of its week (Monday to Sunday). A date without a year is put
into the year that brings it nearest, looking back rather than ahead. "Overnight" and "last night" run from the day
before to the day of publication. What cannot be known stays open: a span without days keeps its wording.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kb.extract.number_kinds import Kind
from kb.extract.numbers import CountMatch, counts_in
from kb.extract.numerals import Scan
from kb.extract.time_dates import Form, Found
from kb.extract.time_grammar import Reader
from kb.extract.time_values import UNKNOWN, Fixed, Frame, Granularity, Range, Weekday, When
from kb.extract.tokens import Token
from kb.model import TimeSpan

__all__ = ["Form", "Granularity", "Resolved", "TimeMatch", "annotate", "find_times", "resolve"]

_TIMELY = (Kind.YEAR, Kind.CLOCK, Kind.DURATION)


class TimeMatch(NamedTuple):
    """A time expression: tokens ``first`` up to ``last``, characters ``start`` up to ``end`` (both exclusive).

    ``form`` says how it is told; durations and times of day name no day. ``when`` is its meaning, for ``resolve``.
    """

    first: int
    last: int
    start: int
    end: int
    form: Form
    text: str
    when: When

    @property
    def dates(self) -> bool:
        """Whether it names days, rather than a length of time or an hour."""
        return self.form not in (Form.CLOCK, Form.DURATION)


class Resolved(NamedTuple):
    """The days meant, and the unit that the words speak in."""

    span: TimeSpan
    granularity: Granularity


def annotate(tokens: list[Token], text: str) -> tuple[list[CountMatch], list[TimeMatch]]:
    """Numbers and times of a text, so that no token is in both: what belongs to a time is no number."""
    scan = Scan(tokens, text)
    counts = counts_in(scan)
    times = _find(scan, counts)
    taken = {index for time in times for index in range(time.first, time.last)}
    return [count for count in counts if taken.isdisjoint(range(count.first, count.last))], times


def find_times(tokens: list[Token], text: str, counts: list[CountMatch] | None = None) -> list[TimeMatch]:
    """All time expressions left to right, none overlapping; ``counts`` are the text's numbers if already found."""
    scan = Scan(tokens, text)
    return _find(scan, counts_in(scan) if counts is None else counts)


def resolve(match: TimeMatch, anchor: date | None, context: date | None = None, future: bool = False) -> Resolved:
    """The days of an expression.

    ``anchor`` is the document's date, ``context`` the day spoken of before ("the same day"), ``future`` whether the
    sentence looks ahead ("will meet on Monday"). What these leave unknown is None in the span.
    """
    try:
        days = match.when.days(Frame(anchor, context, future))
    except (OverflowError, ValueError):  # before the year 1 or after 9999
        days = UNKNOWN
    span = TimeSpan(text=match.text, earliest=days.earliest, latest=days.latest)
    return Resolved(span, days.unit if span.earliest or span.latest else Granularity.NONE)


def _find(scan: Scan, counts: list[CountMatch]) -> list[TimeMatch]:
    reader = Reader(scan, counts)
    starts, words = reader.lexicon.starts, scan.words
    timely = {match.core for match in counts if match.kind in _TIMELY}
    places = [
        index
        for index, token in enumerate(scan.tokens)
        if token[1] in starts or token[4] == "number" or index in timely
    ]
    matches: list[TimeMatch] = []
    reached = 0
    for index in places:
        if index < reached:
            continue
        found = reader.expression(index)
        if found is None:
            continue
        first = (
            index - 1 if index > reached and words[index - 1] == "the" and _takes_the(words, index, found) else index
        )
        reached = found.end
        if found.when is not None:
            start, end = scan.tokens[first].start, scan.tokens[found.end - 1].end
            matches.append(TimeMatch(first, found.end, start, end, found.form, scan.text[start:end], found.when))
    return matches


def _takes_the(words: list[str], index: int, found: Found) -> bool:
    """Whether "the" is part of the time ("the 6th of January") rather than of what it qualifies ("the 2016 summit")."""
    when = found.when.start if isinstance(found.when, Range) else found.when
    plain = isinstance(when, Fixed | Weekday) and found.form is not Form.ANAPHORIC
    return not plain or "of" in words[index : found.end]
