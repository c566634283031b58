"""The grammar of time expressions: from tokens to what they mean, without knowing the document's date."""

from __future__ import annotations

from kb.extract.number_kinds import Kind, is_year
from kb.extract.numbers import CountMatch
from kb.extract.time_dates import DASHES, TO, DateReader, Form, Found
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

_DEEPEST = 6  # times within times: the night of early Monday
_LONGEST = 1000  # units; more is no length of time that news speaks of


class Reader(DateReader):
    """Reads every time expression of one text."""

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
        found = self.single(index + 1 + (self.words[index + 1] == "the"))
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
        if weekdays and joint == ",":
            return self._weekday_list(first)
        if joint not in TO and not (joint in ("and", "or") and (weekdays or between)):
            return None
        start = first.end + 1 + (self.words[first.end + 1] in ("the", "on"))
        second = self.single(start)
        if second is None or second.when is None or second.form is not first.form or first.when is None:
            return None
        if type(second.when) is not type(first.when) or (joint == "and" and self.words[second.end] == "'s"):
            return None
        return Found(second.end, Range(first.when, second.when), Form.RANGE)

    def _weekday_list(self, first: Found) -> Found | None:
        """Monday, Tuesday and Wednesday."""
        rest = self.expression(first.end + 1) if self.scan.is_word(first.end + 1) else None
        if rest is None or first.when is None or not isinstance(rest.when, Range):
            return None
        whole = Range(first.when, rest.when.end)
        return Found(rest.end, whole, Form.RANGE) if isinstance(rest.when.start, Weekday) else None

    def single(self, index: int) -> Found | None:
        """One time without its bounds."""
        if index >= self.scan.size or self.depth == _DEEPEST:
            return None
        self.depth += 1
        found = self._single(index, self.words[index])
        self.depth -= 1
        return found

    def _single(self, index: int, word: str) -> Found | None:
        if self.scan.is_number(index):
            return self.iso(index) or self.dotted(index) or self.day_first(index) or self._number(index)
        if index in self.numbers and (found := self._number(index)) is not None:
            return found
        if word not in self.lexicon.starts:
            return None
        return (
            self._overnight(index)
            or self._phrase(index)
            or self.weekday(index)
            or self.month_first(index)
            or self._part(index)
            or self._shifted(index)
            or self._season(index, None)
            or self._daypart(index)
            or self._bare_unit(index)
        )

    # Numbers: years, times of day, lengths of time

    def _number(self, index: int) -> Found | None:
        count = self.numbers.get(index)
        if count is None:
            return None
        if count.kind is Kind.CLOCK:
            return Found(count.last, Unresolved(), Form.CLOCK)
        if count.kind is Kind.YEAR:
            return self._years(index, count)
        if count.kind is Kind.DURATION and self.words[count.last - 2] not in DASHES:
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
            if unit is None or words[index + 1].endswith("s") or words[index - 1] == "half":
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
        if (
            self.words[end] in ("and", "or")
            and self.words[end - 1].endswith("s")
            and self.words[end + 1] in self.lexicon.units
        ):
            end += 2  # the coming days and weeks
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
        if self.words[index] in ("following", "previous", "preceding"):
            return self._weekday_from_context(at, shift)
        if self.words[index] == "last" and self.words[index - 1] in (
            "to",
            "will",
            "would",
            "could",
            "may",
            "can",
            "not",
        ):
            return None  # the verb
        which = {-1: "last", 0: "this", 1: "next"}[shift]
        weekday = self.weekday(at)
        if weekday is not None and isinstance(weekday.when, Weekday):
            return weekday._replace(when=weekday.when._replace(which=which))
        if (season := self._season(at, which)) is not None:
            return season
        date = self.month_first(at) or self.day_first(at)
        if date is not None and isinstance(date.when, Fixed):
            past = {"last": "past", "next": "future"}.get(which)
            return date._replace(when=date.when._replace(which=past))
        rolling = shift < 0 and (self.words[at - 1] == "past" or self.words[index - 1] == "the")
        return self._shifted_units(at, shift, rolling)

    def _weekday_from_context(self, at: int, shift: int) -> Found | None:
        """The following Monday, the previous Sunday: from the day spoken of before."""
        found = self.weekday(at)
        if found is None or not isinstance(found.when, Weekday):
            return None
        when = found.when._replace(which="next" if shift > 0 else "last", base=Base.CONTEXT)
        return Found(found.end, when, Form.ANAPHORIC)

    def _shifted_units(self, at: int, shift: int, rolling: bool) -> Found | None:
        """Last week, this morning, the past 24 hours, the next two days; rolling is the past week, up to today."""
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
        if unit is None or words[at].endswith("s") or unit in ("century", "minute", "second"):
            return None
        if rolling or unit in ("hour", "fortnight"):
            when = _window(unit, 1, shift)
            return Found(at + 1, when, Form.RELATIVE) if when else None
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
        at += words[at] in DASHES
        at += words[at] in ("on", "in", "of")
        at += words[at] == "the"
        whole = self._this_unit(at) or self.single(at)
        if whole is None or whole.when is None or whole.form in (Form.CLOCK, Form.DURATION, Form.ANAPHORIC):
            return None
        if week is not None:
            return Found(whole.end, WeekOf(whole.when, week[1]), Form.DATE)
        if isinstance(whole.when, Weekday):  # a part of one day
            return whole
        lower, upper = match[1] if match else (0.0, 1.0)
        return Found(whole.end, Part(whole.when, lower, upper), whole.form)

    def _until_now(self, index: int) -> Found | None:
        """Earlier this week (its start to the document's day), later this month, earlier on Monday."""
        later = self.words[index] == "later"
        at = index + 1 + (self.words[index + 1] in ("on", "in"))
        at += self.words[at] == "the"
        found = self._this_unit(at) or self.single(at)
        if found is None or found.form not in (Form.RELATIVE, Form.WEEKDAY, Form.DATE) or found.when is None:
            return None
        when, today = found.when, Offset("day", 0, 0)
        if isinstance(when, Offset) and when.unit != "day" and when.first == 0:
            when = Range(today, when) if later else Range(when, today)
        elif at == index + 1 and found.form is Form.DATE:
            return None
        return Found(found.end, when, found.form)

    def _this_unit(self, at: int) -> Found | None:
        """The week, month, year or decade that a share is taken of: the end of the year."""
        unit = self.words[at]
        if self.words[at - 1] != "the" or unit not in ("week", "month", "year", "decade") or self.words[at + 1] == "of":
            return None
        return Found(at + 1, Offset(unit, 0, 0), Form.RELATIVE)

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
    near, far = low or 0, high
    if max(near, far or 0) > _LONGEST:
        return None
    if unit == "hour":
        unit, near, far = "day", near // 24, -(-(near if far is None else far) // 24)
    elif unit in ("minute", "second"):
        unit, near, far = "day", 0, 0
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
        first, last = (None if each is None else 7 * each for each in (away.first, away.last))
        away = Offset("day", first, last)
    return Range(away, today) if shift < 0 else Range(today, away)
