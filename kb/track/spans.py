"""Spans of days: those that overlap in a row become one event, and finding the one event that a span overlaps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate

from kb.track.records import Event, Mention


def sweep(mentions: Iterable[Mention], scope: str = "") -> list[Event]:
    """Events of mentions that all have days: each takes in what begins before it has ended."""
    rows: list[tuple[Event, list[str]]] = []
    for mention in sorted(mentions, key=_by_days):
        event, claims = rows[-1] if rows else (None, [])
        if event and event.last and mention.first and mention.last and mention.first <= event.last:
            claims.append(mention.claim)
            if mention.last > event.last:
                rows[-1] = (replace(event, last=mention.last), claims)
        else:
            rows.append((Event.of(mention, scope), [mention.claim]))
    return [event.joined(claims) for event, claims in rows]


def _by_days(mention: Mention) -> tuple[date, date, str]:
    return (mention.first or date.min, mention.last or date.min, mention.claim)


class Index:
    """Counts the events that overlap a span of days, and names the one when it is one: two look-ups, no scan."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        self._firsts, self._first_sums = _sorted_sums((event.first, at) for at, event in enumerate(events))
        self._lasts, self._last_sums = _sorted_sums((event.last, at) for at, event in enumerate(events))

    def overlapping(self, first: date, last: date) -> tuple[int, Event | None]:
        """How many events overlap the days from ``first`` to ``last``, and which one if it is one."""
        begun, ended = bisect_right(self._firsts, last), bisect_left(self._lasts, first)
        # What has ended before the span has also begun before its end, so the differences are of what overlaps.
        count = begun - ended
        return count, self._events[self._first_sums[begun] - self._last_sums[ended]] if count == 1 else None


def _sorted_sums(days: Iterable[tuple[date | None, int]]) -> tuple[list[date], list[int]]:
    known = sorted((day, at) for day, at in days if day is not None)
    return [day for day, _ in known], list(accumulate((at for _, at in known), initial=0))
