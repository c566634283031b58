"""The grammar of time expressions: from tokens to what they mean, without knowing the document's date."""

from __future__ import annotations

from calendar import monthrange
from enum import StrEnum
from typing import NamedTuple

from kb.extract.calendar_words import calendar, month_at, weekday_at
from kb.extract.number_kinds import Kind, is_year
from kb.extract.numbers import CountMatch
from kb.extract.numerals import Scan
from kb.extract.time_lexicon import TimeLexicon, time_lexicon
from kb.extract.time_values import (
    SEASONS,
    Base,
    Bound,
    Decade,
    Fixed,
    Night,
    Offset,
    Part,
    Range,
    Season,
    Unresolved,
    Weekday,
    WeekOf,
    When,
)

_DASHES = frozenset("-–—−")
_TO = frozenset(("to", "through", "until", "till")) | _DASHES
_LONGEST = 1000  # units; more is no length of time that news speaks of


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


class Reader:
    """One text read for times: the scan, its numbers by the token where the digits or words start, the lexicon."""

    def __init__(self, scan: Scan, counts: list[CountMatch]) -> None:
        self.scan = scan
        self.words = scan.words
        self.numbers = {match.core: match for match in counts}
        self.lexicon: TimeLexicon = time_lexicon()

    def expression(self, index: int) -> Found | None:
        """The longest expression that starts at ``index``: a bound, a range or a single time."""
        word = self.words[index]
        if word in ("since", "until", "till", "by", "before", "after"):
            return self._bound(index, word)
        first = self.single(index)
        if first is None or first.when is None or first.form in (Form.CLOCK, Form.DURATION, Form.HOLIDAY):
            return first
        return self._range(index, first) or first

    def _bound(self, index: int, word: str) -> Found | None:
        found = self.single(index + 1 + (self.words[index + 1] in ("the", "late", "early")))
        if found is None or found.when is None or self.words[found.end] == "'s":
            return None
        if word == "since" and found.form in (Form.DATE, Form.WEEKDAY, Form.RELATIVE):
            return Found(found.end, Bound("since", found.when), Form.OPEN)
        firm = found.form is Form.DATE or (found.form is Form.WEEKDAY and word not in ("before", "after"))
        if not firm or (word == "by" and isinstance(found.when, Fixed) and not (found.when.day or found.when.year)):
            return None
        return Found(found.end, Bound("until" if word in ("till", "by") else word, found.when), Form.OPEN)

    def _range(self, index: int, first: Found) -> Found | None:
        """Two times joined: Monday to Friday, 30 December - 2 January, between May and June, Tuesday and Wednesday."""
        joint = self.words[first.end]
        weekdays = isinstance(first.when, Weekday)
        between = index > 0 and self.words[index - 1] == "between"
        if joint not in _TO and not (joint in ("and", "or") and (weekdays or between)):
            return None
        start = first.end + 1 + (self.words[first.end + 1] in ("the", "on"))
        second = self.single(start)
        if second is None or second.when is None or second.form is not first.form or first.when is None:
            return None
        if type(second.when) is not type(first.when) or (joint == "and" and self.words[second.end] == "'s"):
            return None
        return Found(second.end, Range(first.when, second.when), Form.RANGE)

    def single(self, index: int) -> Found | None:
        """One time without its bounds."""
        if index >= self.scan.size:
            return None
        word = self.words[index]
        if self.scan.is_number(index):
            return self._iso(index) or self._dotted(index) or self._day_first(index) or self._number(index)
        if index in self.numbers and (found := self._number(index)) is not None:
            return found
        if word not in self.lexicon.starts:
            return None
        return (
            self._overnight(index)
            or self._phrase(index)
            or self._weekday(index)
            or self._month_first(index)
            or self._shifted(index)
            or self._part(index)
            or self._season(index, None)
            or self._daypart(index)
            or self._bare_unit(index)
        )

    # Dates of the calendar

    def _iso(self, index: int) -> Found | None:
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

    def _dotted(self, index: int) -> Found | None:
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
        while self.words[at] in _TO or self.words[at] in ("and", "or", ",", "/"):
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

    def _day_first(self, index: int) -> Found | None:
        """6 January 2022, 6th of January, 5-6 April, 3 JAN 90, 2 to 5 January."""
        count = self.numbers.get(index)
        if count is not None and count.first < index and self.words[index - 1] not in ("between", "from"):
            return None  # "at least 12 March protesters"
        days = self._days(index)
        if days is None:
            return None
        for low, high, end in (days, self._first_only(index)):
            at = end + (self.words[end] == "of") + (self.words[end] in _DASHES)
            month = month_at(self.scan.tokens, at)
            if month is not None:
                return self._with_year(at + 1 + self._dot(at), month, low, high)
        return None

    def _first_only(self, index: int) -> tuple[int, int, int]:
        day = self._day(index)
        return (day[0], day[0], day[1]) if day else (0, 0, index)

    def _dot(self, index: int) -> bool:
        """Whether a short form is closed by its dot."""
        return self.words[index + 1] == "." and len(self.words[index]) <= 4 and self.scan.glued(index + 1)

    def _month_first(self, index: int) -> Found | None:
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
        if bare and self.words[index] in calendar().ambiguous and before not in self.lexicon.sets["month_after"]:
            return None
        if bare and len(self.words[index]) <= 4 and not (before or self._dot(index)):
            return None
        return found

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
        at = end + (words[end] in (",", "of", "in"))
        if words[at] in ("last", "this", "next") and words[at + 1] == "year":
            return None, {"last": -1, "this": 0, "next": 1}[words[at]], at + 2
        if self.scan.is_number(at) and is_year(self.scan, at) and words[at + 1] not in ("-", "/"):
            return int(words[at]), None, at + 1
        short = words[end]
        closed = words[end + 1] in ("-", "(", ")", "[", "]", ".", ",", ";", "", "–", "—")
        if after_day and closed and len(short) == 2 and self.scan.is_number(end):
            return int(short) + (1900 if int(short) >= 50 else 2000), None, end + 1
        return None, None, end

    def _weekday(self, index: int) -> Found | None:
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
        date = self._day_first(at) or self._month_first(at)
        if date is not None and isinstance(date.when, Fixed) and date.when.day is not None:
            return Found(date.end, date.when._replace(weekday=weekday), Form.DATE)
        at = end + (words[end] == "of")
        if words[at] in ("last", "this", "next") and words[at + 1] == "week":
            return Found(at + 2, Weekday(weekday, None, {"last": -1, "this": 0, "next": 1}[words[at]]), Form.WEEKDAY)
        return Found(end, Weekday(weekday), Form.WEEKDAY)

    # Numbers: years, times of day, lengths of time

    def _number(self, index: int) -> Found | None:
        count = self.numbers.get(index)
        if count is None:
            return None
        if count.kind is Kind.CLOCK:
            return Found(count.last, Unresolved(), Form.CLOCK)
        if count.kind is Kind.YEAR:
            return self._years(index, count)
        if count.kind is Kind.DURATION and self.words[count.last - 2] not in _DASHES:
            return self._duration(count)
        return None

    def _years(self, index: int, count: CountMatch) -> Found | None:
        """2021, the 1990s, 1980-88, between 2011 and 2014."""
        words, last = self.words, count.last
        if not (words[index].isdecimal() and len(words[index]) == 4):
            return None
        year = int(words[index])
        if words[last - 1] == "s":
            return Found(last, Decade(year), Form.DATE)
        if last == index + 1:
            return Found(last, Fixed(year), Form.DATE)
        end = words[last - 1]
        final = int(end) if len(end) == 4 else year // 100 * 100 + int(end)
        if not end.isdecimal() or final <= year:
            return None
        return Found(last, Range(Fixed(year), Fixed(final)), Form.RANGE)

    def _duration(self, count: CountMatch) -> Found | None:
        """Three days; three days ago; two weeks later."""
        unit = self.lexicon.units.get(self.words[count.last - 1])
        if unit is None:
            return None
        return self._turned(count.last, unit, count.count.minimum, count.count.maximum)

    def _turned(self, end: int, unit: str, low: int | None, high: int | None) -> Found:
        """A length of time with the word that turns it into a date, if one follows."""
        turn = self.lexicon.turns.at(self.words, end)
        if turn is None:
            return Found(end, Unresolved(), Form.DURATION)
        after, word = turn
        back = word in ("ago", "earlier")
        base = {"ago": Base.ANCHOR, "ahead": Base.ANCHOR, "earlier": Base.EITHER}.get(word, Base.CONTEXT)
        form = Form.RELATIVE if base is Base.ANCHOR else Form.ANAPHORIC
        when = _away(unit, low, high, -1 if back else 1, base)
        return Found(after, when, form) if when else Found(after, Unresolved(), Form.DURATION)

    def _bare_unit(self, index: int) -> Found | None:
        """Days later, hours ago; a year ago, an hour earlier."""
        words = self.words
        if words[index] in ("a", "an"):
            unit = self.lexicon.units.get(words[index + 1])
            if unit is None or words[index + 1].endswith("s"):
                return None
            found = self._turned(index + 2, unit, 1, 1)
            lasting = index and words[index - 1] in (
                "for",
                "in",
                "within",
                "than",
                "over",
                "after",
                "about",
                "nearly",
                "almost",
            )
            return found if found.form is not Form.DURATION or lasting else None
        unit = self.lexicon.units.get(words[index])
        if unit is None or not words[index].endswith("s"):
            return None
        found = self._turned(index + 1, unit, 2, None)
        return found if found.form is not Form.DURATION else None

    # Relative times

    def _phrase(self, index: int) -> Found | None:
        """A phrase of the lexicon, with the part of the day that follows it: yesterday evening."""
        match = self.lexicon.phrases.at(self.words, index)
        holiday = match is None
        match = match or self.lexicon.holidays.at(self.words, index)
        if match is None:
            return None
        end, meaning = match
        if holiday and not self.scan.tokens[index].text[0].isupper():
            return None
        if meaning.final and self.scan.is_word(end):
            return None
        if holiday:
            return Found(end, meaning.when, Form.HOLIDAY)
        part = self.lexicon.dayparts.at(self.words, end)
        form = Form.RELATIVE
        if isinstance(meaning.when, Offset) and meaning.when.base is not Base.ANCHOR:
            form = Form.ANAPHORIC
        return Found(part[0] if part else end, meaning.when, form)

    def _shifted(self, index: int) -> Found | None:
        """Last, this or next before a weekday, unit, month, season, part of the day or a number of units."""
        match = self.lexicon.shifts.at(self.words, index)
        if match is None:
            return None
        at, shift = match
        which = {-1: "last", 0: "this", 1: "next"}[shift]
        weekday = self._weekday(at)
        if weekday is not None and isinstance(weekday.when, Weekday):
            return weekday._replace(when=weekday.when._replace(which=which))
        if (season := self._season(at, which)) is not None:
            return season
        date = self._month_first(at) or self._day_first(at)
        if date is not None and isinstance(date.when, Fixed):
            past = {"last": "past", "next": "future"}.get(which)
            return date._replace(when=date.when._replace(which=past))
        return self._shifted_units(at, shift)

    def _shifted_units(self, at: int, shift: int) -> Found | None:
        """Last week, this morning, the past 24 hours, the next two days, this Thanksgiving."""
        words, lexicon = self.words, self.lexicon
        if (part := lexicon.dayparts.at(words, at)) is not None and words[at] not in ("hours",):
            return Found(part[0], Offset("day", shift, shift), Form.RELATIVE)
        if (holiday := lexicon.holidays.at(words, at)) is not None:
            return Found(holiday[0], holiday[1].when, Form.HOLIDAY)
        count = self.numbers.get(at)
        if count is not None and count.kind is Kind.DURATION:
            unit = lexicon.units.get(words[count.last - 1])
            when = _window(unit, count.count.maximum or count.count.minimum, shift) if unit else None
            return Found(count.last, when, Form.RELATIVE) if when else None
        unit = lexicon.units.get(words[at])
        if unit is None or words[at].endswith("s") or unit in ("century", "fortnight", "second"):
            return None
        if unit in ("hour", "minute"):
            return Found(at + 1, Offset("day", min(shift, 0), max(shift, 0)), Form.RELATIVE)
        return Found(at + 1, Offset(unit, shift, shift), Form.RELATIVE)

    def _part(self, index: int) -> Found | None:
        """Early January, late on Wednesday, the end of 2021, the first week of May, earlier this week."""
        words, lexicon = self.words, self.lexicon
        if words[index] in ("earlier", "later"):
            return self._until_now(index)
        match = lexicon.parts.at(words, index)
        week = lexicon.weeks_of.at(words, index)
        if match is None and week is None:
            return None
        at = match[0] if match else week[0] if week else index
        at += words[at] in _DASHES
        at += words[at] in ("on", "in", "of")
        at += words[at] == "the"
        whole = self.single(at)
        if whole is None or whole.when is None or whole.form in (Form.CLOCK, Form.DURATION, Form.ANAPHORIC):
            return None
        if week is not None:
            return Found(whole.end, WeekOf(whole.when, week[1]), Form.DATE)
        lower, upper = match[1] if match else (0.0, 1.0)
        return Found(whole.end, Part(whole.when, lower, upper), whole.form)

    def _until_now(self, index: int) -> Found | None:
        """Earlier this week (its start to the document's day), later this month, earlier on Monday."""
        later = self.words[index] == "later"
        at = index + 1 + (self.words[index + 1] in ("on", "in"))
        at += self.words[at] == "the"
        found = self.single(at)
        if found is None or found.form not in (Form.RELATIVE, Form.WEEKDAY, Form.DATE) or found.when is None:
            return None
        when, today = found.when, Offset("day", 0, 0)
        if isinstance(when, Offset) and when.unit != "day" and when.first == 0:
            when = Range(today, when) if later else Range(when, today)
        elif at == index + 1 and found.form is Form.DATE:
            return None
        return Found(found.end, when, found.form)

    def _season(self, index: int, which: str | None) -> Found | None:
        """Summer 2014, the spring of 2011, last winter."""
        word = self.words[index]
        if word not in SEASONS:
            return None
        at = index + 1 + (self.words[index + 1] == "of")
        if self.scan.is_number(at) and is_year(self.scan, at):
            return Found(at + 1, Season(word, int(self.words[at])), Form.DATE)
        if which is None and (
            word == "fall" or not index or self.words[index - 1] not in ("the", "in", "since", "early", "late")
        ):
            return None
        if which is None and (word == "spring" or self.words[index + 1] == "of"):
            return None
        return Found(index + 1, Season(word, None, which), Form.RELATIVE)

    def _daypart(self, index: int) -> Found | None:
        """The night of 5 to 6 January, the early hours of Sunday morning, overnight into Thursday, at dawn."""
        match = self.lexicon.dayparts.at(self.words, index)
        if match is None:
            return None
        end = match[0]
        at = end + (self.words[end] in ("of", "on", "from", "between", ",", "into", "to"))
        at += self.words[at] == "the"
        day = self.expression(at) if self.words[at] not in ("since", "until", "by", "before", "after") else None
        if day is not None and day.when is not None and day.form in (Form.DATE, Form.WEEKDAY, Form.RANGE):
            return Found(day.end, day.when, day.form)
        before = self.words[index - 1] if index else ""
        if before == "the" and index > 1:
            before = self.words[index - 2]
        if before not in self.lexicon.sets["daypart_before"]:
            return None
        return Found(end, Unresolved(), Form.CLOCK)

    def _overnight(self, index: int) -> Found | None:
        """Overnight on Wednesday, overnight into Thursday, overnight from 5 to 6 January."""
        if self.words[index] != "overnight":
            return None
        joint = self.words[index + 1]
        at = index + 1 + (joint in ("on", "into", "to", "from", "between"))
        day = self.expression(at + (self.words[at] == "the"))
        if day is None or day.when is None or day.form not in (Form.DATE, Form.WEEKDAY, Form.RANGE):
            return None
        return Found(
            day.end, day.when if day.form is Form.RANGE else Night(day.when, joint in ("into", "to")), day.form
        )


def _away(unit: str, low: int | None, high: int | None, sign: int, base: Base) -> When | None:
    """So many units back (-1) or on (1) from the base; None where the number is unknown or absurd."""
    if low is None and high is None:
        return None
    near, far = (low or 0, high) if sign else (0, 0)
    if max(near, far or 0) > _LONGEST:
        return None
    if unit in ("hour", "minute", "second"):
        hours = 24 if unit == "hour" else 24 * 60 * 60
        near, far = near // hours, None if far is None else -(-far // hours)
        unit = "day"
    elif unit in ("fortnight", "century"):
        size = 2 if unit == "fortnight" else 100
        near, far = near * size, None if far is None else far * size
        unit = "week" if unit == "fortnight" else "year"
    if sign < 0:
        return Offset(unit, None if far is None else -far, -near, base)
    return Offset(unit, near, far, base)


def _window(unit: str | None, number: int | None, shift: int) -> When | None:
    """The last or next so many units, to or from the document's day."""
    today = Offset("day", 0, 0)
    away = _away(unit, number, number, -1 if shift < 0 else 1, Base.ANCHOR) if unit and number else None
    if not isinstance(away, Offset) or shift == 0:
        return None
    if away.unit == "week":
        away = Offset("day", *(None if each is None else 7 * each for each in (away.first, away.last)))
    return Range(away, today) if shift < 0 else Range(today, away)
