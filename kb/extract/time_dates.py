"""Dates of the calendar as written: 6 January 2022, Jan. 2-5, 2022-01-06, Wednesday night."""

from __future__ import annotations

from calendar import monthrange
from enum import StrEnum
from typing import NamedTuple

from kb.extract.calendar_words import calendar, month_at, weekday_at
from kb.extract.number_kinds import is_year
from kb.extract.numbers import CountMatch
from kb.extract.numerals import Scan
from kb.extract.time_lexicon import TimeLexicon, time_lexicon
from kb.extract.time_values import Fixed, Range, Weekday, When

DASHES = frozenset("-–—−")
TO = frozenset(("to", "through", "until", "till", "into")) | DASHES


class Form(StrEnum):
    """How a time is told."""

    DATE = "date"
    RELATIVE = "relative"
    WEEKDAY = "weekday"
    ANAPHORIC = "anaphoric"
    RANGE = "range"
    OPEN = "open"
    HOLIDAY = "holiday"
    CLOCK = "clock"
    """A time of day without a day."""
    DURATION = "duration"
    """A length of time, not a date."""


class Found(NamedTuple):
    """An expression read up to token ``end``; with no meaning it is an impossible date, to be passed over."""

    end: int
    when: When | None
    form: Form


class DateReader:
    """One text read for times: the scan, its numbers by the token where the digits or words start, the lexicon."""

    def __init__(self, scan: Scan, counts: list[CountMatch]) -> None:
        self.scan = scan
        self.words = scan.words
        self.numbers = {match.core: match for match in counts}
        self.lexicon: TimeLexicon = time_lexicon()
        self.depth = 0

    def iso(self, index: int) -> Found | None:
        """2022-01-06, 2022/01/06; 06/01/2022 where only one reading is possible."""
        words, scan = self.words, self.scan
        mark = words[index + 1]
        pieces = words[index : index + 5 : 2]
        if mark not in ("-", "/") or words[index + 3] != mark or not all(scan.glued(index + n) for n in range(1, 5)):
            return None
        if not all(piece.isdecimal() and len(piece) <= 4 for piece in pieces) or words[index + 5] == mark:
            return None
        a, b, c = (int(piece) for piece in pieces)
        if len(pieces[0]) == 4:
            return self._date(index + 5, a, b, c)
        if len(pieces[2]) == 4 and (a > 12 or b > 12 or a == b):
            return self._date(index + 5, c, min(a, b) if a > 12 else a, max(a, b) if a > 12 else b)
        return None

    def dotted(self, index: int) -> Found | None:
        """06.01.2022, always day, month, year."""
        words, scan = self.words, self.scan
        day, mark, month = words[index].partition(".")
        year = words[index + 2]
        if not mark or words[index + 1] != "." or not (scan.glued(index + 1) and scan.glued(index + 2)):
            return None
        if not (len(year) == 4 and year.isdecimal() and len(day) <= 2 and len(month) == 2):
            return None
        return self._date(index + 3, int(year), int(month), int(day))

    def _date(self, end: int, year: int, month: int, day: int) -> Found | None:
        if not 1000 <= year <= 2999 or not 1 <= month <= 12:
            return None
        real = 1 <= day <= monthrange(year, month)[1]
        return Found(end, Fixed(year, month, day) if real else None, Form.DATE)

    def _day(self, index: int) -> tuple[int, int] | None:
        """A day of the month and where it ends: 6, 6th, 06."""
        word = self.words[index]
        if not self.scan.is_number(index) or len(word) > 2 or not word.isdecimal() or not 1 <= int(word) <= 31:
            return None
        suffixed = self.scan.glued(index + 1) and self.words[index + 1] in ("st", "nd", "rd", "th")
        return int(word), index + 1 + suffixed

    def _days(self, index: int) -> tuple[int, int, int] | None:
        """One day or several: 5-6, 2 to 5, 4 and 5, 4, 5 and 6. First, last, end."""
        first = self._day(index)
        if first is None:
            return None
        low, at = first
        high, joint, end = low, "", at
        while self.words[at] in TO or self.words[at] in ("and", "or", ",", "/"):
            listed, joint = joint == ",", self.words[at]
            following = self._day(at + 1 + (self.words[at + 1] == "the"))
            if following is None or following[0] <= high or (listed and joint not in (",", "and", "or")):
                break
            high, at = following
            if joint != ",":  # a list counts only once its "and" is reached
                low, end = first[0], at
        return low, int(self.words[self._last_digits(end)]), end

    def _last_digits(self, end: int) -> int:
        return end - 1 if self.scan.is_number(end - 1) else end - 2

    def day_first(self, index: int) -> Found | None:
        """6 January 2022, 6th of January, 5-6 April, 3 JAN 90, 2 to 5 January."""
        count = self.numbers.get(index)
        if count is not None and count.first < index and self.words[index - 1] not in ("between", "from"):
            return None  # "at least 12 March protesters"
        days = self._days(index)
        if days is None:
            return None
        for low, high, end in (days, self._first_only(index)):
            at = end + (self.words[end] == "of") + (self.words[end] in DASHES)
            month = month_at(self.scan.tokens, at)
            if month is not None:
                return self._with_year(at + 1 + self._dot(at), month, low, high)
        return None

    def _first_only(self, index: int) -> tuple[int, int, int]:
        day = self._day(index)
        return (day[0], day[0], day[1]) if day else (0, 0, index)

    def _dot(self, index: int) -> bool:
        """Whether a short form is closed by its dot."""
        return self.words[index + 1] == "." and self.words[index] in calendar().short and self.scan.glued(index + 1)

    def month_first(self, index: int) -> Found | None:
        """January 6, 2022; Jan. 2-5; January 2022; in January."""
        month = month_at(self.scan.tokens, index)
        if month is None:
            return None
        end = index + 1 + self._dot(index)
        at = end + (self.words[end] == "the")
        days = self._days(at)
        before = self.words[index - 1] if index else ""
        if days is not None and not (before == "in" and self.scan.is_plural(days[2])):
            low, high, after = days
            if high > low and self.words[after - 2] in ("and", "or") and self.scan.is_plural(after):
                low, high, after = self._first_only(at)
            return self._with_year(after, month, low, high)
        found = self._with_year(end, month, None, None)
        bare = isinstance(found.when, Fixed) and found.when.year is None and found.when.shift is None
        if bare and self.words[index] in calendar().ambiguous and not self._set_apart(index):
            return None
        if bare and len(self.words[index]) <= 4 and not (before or self._dot(index)):
            return None
        return found

    def _set_apart(self, index: int) -> bool:
        """Whether a month that is a name or verb too stands where only a month can: in May, March to May."""
        tokens, words = self.scan.tokens, self.words
        joints = TO | {"and", "or"}
        before, after = words[index - 1] if index else "", words[index + 1]
        paired = (before in joints and month_at(tokens, index - 2)) or (after in joints and month_at(tokens, index + 2))
        named = before in ("the", "a", "an") and words[index] in ("january", "april", "june", "august")
        return bool(paired) or named or before in self.lexicon.sets["month_after"]

    def _with_year(self, end: int, month: int, low: int | None, high: int | None) -> Found:
        """A month or its days, with the year if one follows; with no meaning where there is no such day."""
        year, shift, end = self._year(end, low is not None)
        if low is None or high is None:
            return Found(end, Fixed(year, month, None, shift), Form.DATE)
        if high > monthrange(year or 2000, month)[1] or self.words[end] in self.lexicon.sets["date_not_before"]:
            return Found(end, None, Form.DATE)
        last = Fixed(year, month, high, shift)
        if low == high:
            return Found(end, last, Form.DATE)
        return Found(end, Range(Fixed(year, month, low, shift), last), Form.RANGE)

    def _year(self, end: int, after_day: bool) -> tuple[int | None, int | None, int]:
        """The year after a month: 2022; , 2022; of 2022; 90; last year."""
        words = self.words
        dashed = words[end] in DASHES and self.scan.glued(end) and self.scan.glued(end + 1)  # 14-Aug-2013
        at = end + (words[end] in (",", "of", "in") or dashed)
        if words[at] in ("last", "this", "next") and words[at + 1] == "year":
            return None, {"last": -1, "this": 0, "next": 1}[words[at]], at + 2
        if self.scan.is_number(at) and is_year(self.scan, at) and words[at + 1] not in ("-", "/"):
            return int(words[at]), None, at + 1
        short = words[end]
        closed = words[end + 1] in ("-", "(", ")", "[", "]", ".", ",", ";", "", "–", "—")
        if after_day and closed and len(short) == 2 and self.scan.is_number(end):
            return int(short) + (1900 if int(short) >= 50 else 2000), None, end + 1
        return None, None, end

    def weekday(self, index: int) -> Found | None:
        """Wednesday, Wednesday night, Monday, Dec. 26, Friday last week."""
        weekday = weekday_at(self.scan.tokens, index)
        sets, words = self.lexicon.sets, self.words
        if weekday is None or words[index + 1] in sets["weekday_not_before"]:
            return None
        if index and words[index - 1] in sets["weekday_not_after"]:
            return None
        end = index + 1 + self._dot(index)
        part = self.lexicon.dayparts.at(words, end)
        end = part[0] if part else end
        at = end + (words[end] in (",", "(", "the"))
        at += words[at] == "the"
        date = self.day_first(at) or self.month_first(at)
        if date is not None and isinstance(date.when, Fixed) and date.when.day is not None:
            return Found(date.end, date.when._replace(weekday=weekday), Form.DATE)
        at = end + (words[end] == "of")
        if words[at] in ("last", "this", "next") and words[at + 1] == "week":
            return Found(at + 2, Weekday(weekday, None, {"last": -1, "this": 0, "next": 1}[words[at]]), Form.WEEKDAY)
        return Found(end, Weekday(weekday), Form.WEEKDAY)
