"""What a time expression means, and the days that it allows once an anchor is known."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First month of each season (northern half of the globe); each lasts three months."""
_FUTURE_WEIGHT = 3  # news looks back: a date ahead counts as three times as far away as one behind
_WRONG_WEEKDAY = 400  # days further away, for a year in which the date is not on the weekday named


class Granularity(StrEnum):
    """The unit that the words speak in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    RANGE = "range"
    NONE = "none"


_GRANULARITY = {name.value: name for name in Granularity}


class Base(StrEnum):
    """What a relative expression counts from."""

    ANCHOR = "anchor"
    """the document's date"""
    CONTEXT = "context"
    """the date spoken of before"""
    EITHER = "either"
    """the date spoken of before, else the document's"""


class Frame(NamedTuple):
    """What is known when an expression is resolved."""

    anchor: date | None
    context: date | None
    future: bool = False

    def base(self, kind: Base) -> date | None:
        """The day to count from."""
        if kind is Base.ANCHOR:
            return self.anchor
        return self.context if kind is Base.CONTEXT or self.context else self.anchor


class Days(NamedTuple):
    """Earliest and latest day, both inclusive; None where open or unknown."""

    earliest: date | None
    latest: date | None
    unit: Granularity


UNKNOWN = Days(None, None, Granularity.NONE)


class Fixed(NamedTuple):
    """A day, month or year of the calendar, with what it leaves out None.

    ``shift`` counts years from the anchor's ("in January last year"); ``which`` is "past" or "future" for "last
    January" and "next January"; ``weekday`` helps to find the year.
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    shift: int | None = None
    which: str | None = None
    weekday: int | None = None

    def days(self, frame: Frame) -> Days:
        """The days meant."""
        year = self.year
        if year is None and self.shift is not None and frame.anchor:
            year = frame.anchor.year + self.shift
        if year is None:
            year = self._nearest_year(frame)
        if year is None:
            return UNKNOWN
        if self.month is None:
            return Days(date(year, 1, 1), date(year, 12, 31), Granularity.YEAR)
        if self.day is None:
            return Days(*_month(year, self.month), Granularity.MONTH)
        if self.day > monthrange(year, self.month)[1]:
            return UNKNOWN
        day = date(year, self.month, self.day)
        return Days(day, day, Granularity.DAY)

    def _nearest_year(self, frame: Frame) -> int | None:
        """The year that puts a date without one nearest to the base, looking back rather than ahead."""
        base, month = frame.anchor or frame.context, self.month
        if base is None or month is None:
            return None
        options: list[tuple[int, int]] = []
        for year in range(max(base.year - 7, 1), min(base.year + 7, 9999) + 1):
            if (self.day or 1) > monthrange(year, month)[1]:
                continue
            first, last = (
                _month(year, month) if self.day is None else (date(year, month, self.day), date(year, month, self.day))
            )
            ahead, behind = (first - base).days, (base - last).days
            if (ahead > 0 and self.which == "past") or (ahead <= 0 and self.which == "future"):
                continue
            if frame.future and self.which is None and behind > 0:
                continue
            unlike = self.weekday is not None and self.day is not None and first.weekday() != self.weekday
            options.append((max(ahead * _FUTURE_WEIGHT, behind, 0) + unlike * _WRONG_WEEKDAY, year))
        return min(options)[1] if options else None


class Decade(NamedTuple):
    """The 1990s."""

    year: int

    def days(self, _frame: Frame) -> Days:
        """The days meant."""
        return Days(date(self.year, 1, 1), date(self.year + 9, 12, 31), Granularity.DECADE)


class Season(NamedTuple):
    """Summer 2014; without a year the last one begun, or ``which``: last (ended), this or next."""

    name: str
    year: int | None = None
    which: str | None = None

    def days(self, frame: Frame) -> Days:
        """The days meant."""
        month = SEASONS[self.name]
        if self.year is not None:
            return self._of(self.year, month)
        if frame.anchor is None:
            return UNKNOWN
        options = [self._of(frame.anchor.year + shift, month) for shift in (-2, -1, 0, 1)]
        if self.which == "next" or (frame.future and self.which is None):
            return next((each for each in options if each.earliest and each.earliest > frame.anchor), UNKNOWN)
        if self.which == "this":
            return next((each for each in options if each.latest and each.latest >= frame.anchor), UNKNOWN)
        ended = [each for each in options if each.latest and each.latest < frame.anchor]
        begun = [each for each in options if each.earliest and each.earliest <= frame.anchor]
        return (ended if self.which == "last" else begun)[-1]

    @staticmethod
    def _of(year: int, month: int) -> Days:
        end_year, end_month = (year, month + 2) if month < 11 else (year + 1, month - 10)
        return Days(date(year, month, 1), _month(end_year, end_month)[1], Granularity.SEASON)


class Offset(NamedTuple):
    """Whole units counted from a base: yesterday is day -1 to -1, last week week -1 to -1, overnight day -1 to 0."""

    unit: str
    first: int | None
    last: int | None
    base: Base = Base.ANCHOR

    def days(self, frame: Frame) -> Days:
        """The days meant."""
        base = frame.base(self.base)
        if base is None:
            return UNKNOWN
        earliest = None if self.first is None else _unit(base, self.unit, self.first)[0]
        latest = None if self.last is None else _unit(base, self.unit, self.last)[1]
        unit = _GRANULARITY.get(self.unit, Granularity.RANGE) if self.first == self.last else Granularity.RANGE
        return Days(earliest, latest, unit)


class Weekday(NamedTuple):
    """A day of the week (Monday is 0).

    Bare, it is the nearest one behind, the anchor's own day included (the nearest ahead when the frame is future);
    "last" is the nearest before the anchor's day, "next" the nearest after it, "this" the one of the anchor's week
    (Monday to Sunday). ``week`` is the week relative to the anchor's: "Monday last week" is -1.
    """

    weekday: int
    which: str | None = None
    week: int | None = None
    base: Base = Base.ANCHOR

    def days(self, frame: Frame) -> Days:
        """The day meant."""
        base = frame.base(self.base)
        if base is None:
            return UNKNOWN
        day = self.near(base, frame.future)
        return Days(day, day, Granularity.DAY)

    def near(self, anchor: date, future: bool = False) -> date:
        """The day meant by someone who speaks on ``anchor``."""
        ahead = (self.weekday - anchor.weekday()) % 7
        if self.week is not None or self.which == "this":
            return anchor + timedelta(self.weekday - anchor.weekday() + 7 * (self.week or 0))
        if self.which == "next":
            return anchor + timedelta(ahead or 7)
        if self.which == "last":
            return anchor - timedelta((-ahead) % 7 or 7)
        return anchor + timedelta(ahead) if future else anchor - timedelta((-ahead) % 7)


class Part(NamedTuple):
    """A share of a longer time: early January, the first half of 2021 (``lower`` and ``upper`` from 0 to 1)."""

    whole: When
    lower: float
    upper: float

    def days(self, frame: Frame) -> Days:
        """The days meant; a part of one day is that day."""
        start, end, unit = self.whole.days(frame)
        if start is None or end is None or start == end:
            return Days(start, end, unit)
        if unit is Granularity.YEAR:
            low, high = round(12 * self.lower), round(12 * self.upper)
            return Days(date(start.year, low + 1, 1), _month(start.year, high)[1], Granularity.RANGE)
        if unit is Granularity.DECADE:
            low, high = round(10 * self.lower), round(10 * self.upper)
            return Days(date(start.year + low, 1, 1), date(start.year + high - 1, 12, 31), Granularity.RANGE)
        length = (end - start).days + 1
        low, high = round(length * self.lower), max(round(length * self.upper), 1)
        return Days(start + timedelta(low), start + timedelta(high - 1), Granularity.RANGE)


class WeekOf(NamedTuple):
    """The first (1), second… or last (-1) week of a month or year, in sevens of days; 0 is the week that holds it."""

    whole: When
    number: int

    def days(self, frame: Frame) -> Days:
        """The days meant."""
        start, end, _ = self.whole.days(frame)
        if start is None or end is None:
            return UNKNOWN
        if self.number == 0:
            return Days(*_unit(start, "week", 0), Granularity.WEEK)
        if self.number < 0:
            return Days(max(start, end - timedelta(6)), end, Granularity.WEEK)
        first = start + timedelta(7 * (self.number - 1))
        return Days(first, min(first + timedelta(6), end), Granularity.WEEK) if first <= end else UNKNOWN


class Range(NamedTuple):
    """From the start of one time to the end of another."""

    start: When
    end: When

    def days(self, frame: Frame) -> Days:
        """The days meant; a start that leaves its year or week out takes it from the end."""
        _, latest, _ = self.end.days(frame)
        start = self.start
        if isinstance(start, Fixed) and start.year is None and latest is not None and isinstance(self.end, Fixed):
            start = start._replace(year=latest.year)
            if (first := start.days(frame)[0]) is not None and first > latest:
                start = start._replace(year=latest.year - 1)
        elif isinstance(start, Weekday) and isinstance(self.end, Weekday) and latest is not None:
            earliest = start.near(latest)
            return Days(earliest, latest, Granularity.RANGE)
        earliest_day = start.days(frame)[0]
        if earliest_day is not None and latest is not None and earliest_day > latest:
            return UNKNOWN
        return Days(earliest_day, latest, Granularity.RANGE)


class Bound(NamedTuple):
    """An open time: since (to the anchor), after, until, before."""

    word: str
    limit: When

    def days(self, frame: Frame) -> Days:
        """The days meant."""
        ahead = self.word == "until" and isinstance(self.limit, Weekday)  # a limit not reached lies ahead
        start, end, unit = self.limit.days(frame._replace(future=True) if ahead else frame)
        unit = Granularity.RANGE if start or end else unit
        if self.word == "since":
            anchor = frame.anchor if start is None or frame.anchor is None or frame.anchor >= start else None
            return Days(start, anchor if start else None, unit)
        if self.word == "after":
            return Days(start, None, unit)
        if self.word == "before":
            return Days(None, start - timedelta(1) if start else None, unit)
        return Days(None, end, unit)


class Night(NamedTuple):
    """A night that begins on a day (overnight Wednesday) or ends on it (overnight into Thursday)."""

    day: When
    ends: bool

    def days(self, frame: Frame) -> Days:
        """Both days of the night."""
        start, end, _ = self.day.days(frame)
        if start is None or end is None:
            return UNKNOWN
        return Days(start - timedelta(self.ends), end + timedelta(not self.ends), Granularity.RANGE)


class Unresolved(NamedTuple):
    """A time of day, a length of time, a movable feast: words that name no day of the calendar."""

    def days(self, _frame: Frame) -> Days:
        """No days."""
        return UNKNOWN


When = Fixed | Decade | Season | Offset | Weekday | Part | WeekOf | Range | Bound | Night | Unresolved


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _unit(base: date, unit: str, shift: int) -> tuple[date, date]:
    """First and last day of the day, week (Monday to Sunday), weekend, month or year at ``shift`` from the base's.

    Weekend 0 is the last begun, so that on any day "the weekend" is behind; "ended-weekend" is the last over,
    "this-weekend" the one of the base's week.
    """
    if unit == "week":
        monday = base + timedelta(7 * shift - base.weekday())
        return monday, monday + timedelta(6)
    if unit.endswith("weekend"):
        back = {"weekend": (base.weekday() - 5) % 7, "ended-weekend": base.weekday() + 2}.get(unit, base.weekday() - 5)
        saturday = base + timedelta(7 * shift - back)
        return saturday, saturday + timedelta(1)
    if unit == "month":
        months = base.year * 12 + base.month - 1 + shift
        return _month(months // 12, months % 12 + 1)
    if unit in ("year", "decade"):
        year = base.year + shift if unit == "year" else (base.year // 10 + shift) * 10
        return date(year, 1, 1), date(year + (9 if unit == "decade" else 0), 12, 31)
    day = base + timedelta(shift)
    return day, day
