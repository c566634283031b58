"""What a number counts, told by its neighbours: people or things, a year, an age, money, a name such as AK-47…"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from kb.extract.calendar_words import month_at
from kb.extract.numerals import Quantity, Scan


class Kind(StrEnum):
    """What a number expression is. Only NUMBER, NONE, ARTICLE and GROUP can count people."""

    NUMBER = "number"
    NONE = "none"
    ARTICLE = "article"
    GROUP = "group"
    """The size of a body: a 12-member team, a 500-strong crowd."""
    YEAR = "year"
    DATE = "date"
    CLOCK = "clock"
    DURATION = "duration"
    AGE = "age"
    PERCENT = "percent"
    FRACTION = "fraction"
    MONEY = "money"
    MEASURE = "measure"
    CALIBRE = "calibre"
    COMPOUND = "compound"
    """Part of a compound: two-storey, one-off."""
    IDENTIFIER = "identifier"
    SCORE = "score"
    DECIMAL = "decimal"


class Reading(NamedTuple):
    """A kind and the token span that it takes up."""

    kind: Kind
    first: int
    last: int


def classify(scan: Scan, first: int, core: int, found: Quantity, hedged: bool) -> Reading | None:
    """What the number read from token ``core`` is; ``first`` is where its hedges start. None: an ordinal, no number."""
    if found.form == "none":
        return Reading(Kind.NONE, first, found.end)
    if found.form == "article":
        return Reading(Kind.ARTICLE, first, found.end)
    end = found.end
    if found.form == "digits" and (reading := _by_writing(scan, first, core, found, hedged)) is not None:
        return reading
    if _ordinal(scan, end):
        return None
    if (reading := _by_unit(scan, first, core, found)) is not None:
        return reading
    if _fraction(scan, end):
        return Reading(Kind.FRACTION, first, end + 1 + (scan.words[end] == "-"))
    if scan.words[end] == "-" and scan.glued(end) and scan.glued(end + 1) and scan.is_word(end + 1):
        return Reading(Kind.COMPOUND, first, end + 2)
    if found.form == "digits":
        return _by_context(scan, first, core, found, hedged)
    return Reading(Kind.NUMBER, first, end)


def _ordinal(scan: Scan, end: int) -> bool:
    """Whether the number goes on as an ordinal: twenty-first, 6th, one hundred and fifth."""
    words, sets = scan.words, scan.lexicon.sets
    if scan.glued(end) and words[end] in sets["ordinal_suffixes"]:
        return True
    if words[end] == "-" and words[end + 1] in sets["ordinals"] and words[end + 1] not in sets["fractions"]:
        return True
    if words[end - 1] in scan.lexicon.tens and words[end] == "-" and words[end + 1] in sets["ordinals"]:
        return True
    return words[end] == "and" and words[end - 1] in scan.lexicon.scales and words[end + 1] in sets["ordinals"]


def _fraction(scan: Scan, end: int) -> bool:
    words, names = scan.words, scan.lexicon.sets["fractions"]
    if words[end] == "-" and words[end + 1] in names:
        return True
    return words[end] in names and (words[end][-1] == "s" or words[end + 1] in ("of", "the"))


def _by_unit(scan: Scan, first: int, core: int, found: Quantity) -> Reading | None:
    """Money before it, or a unit after it (which the reading takes in)."""
    words, lexicon, end = scan.words, scan.lexicon, found.end
    if core and first == core and words[core - 1] in lexicon.sets["money_before"]:
        return Reading(Kind.MONEY, core - 1, end)
    hyphen = words[end] == "-" and scan.glued(end) and scan.glued(end + 1)
    at = end + hyphen
    for _ in range(2):
        if (filler := lexicon.unit_fillers.at(words, at)) is None or (words[at] == "of" and found.form != "vague"):
            break
        at = filler[0]
    unit = lexicon.units.at(words, at)
    if unit is None:
        return None
    last, name = unit
    if name == "group":
        return Reading(Kind.GROUP, first, last) if hyphen or words[at] == "strong" else None
    if name == "duration" and (aged := _aged(scan, last)) is not None:
        return Reading(Kind.AGE, first, aged)
    return Reading(Kind(name), first, last)


def _aged(scan: Scan, after_unit: int) -> int | None:
    """The end of "year-old", "years old", "years of age"."""
    words = scan.words
    if not words[after_unit - 1].startswith(("year", "month", "day", "week")):
        return None
    if words[after_unit] == "-" and words[after_unit + 1] in ("old", "olds"):
        return after_unit + 2
    if words[after_unit] in ("old", "olds"):
        return after_unit + 1
    return after_unit + 2 if words[after_unit : after_unit + 2] == ["of", "age"] else None


def _by_writing(scan: Scan, first: int, core: int, found: Quantity, hedged: bool) -> Reading | None:
    """Digits that their own writing explains: AK-47, No. 4, 10:30, 2 p.m., 2022-01-06, 3-2, +7 727…"""
    words, end, text = scan.words, found.end, scan.tokens[core].text
    if not hedged and _named_by(scan, core, end):
        return Reading(Kind.IDENTIFIER, first, _chain(scan, end))
    if words[end] in ("/", "-", ".") and scan.glued(end) and scan.glued(end + 1) and scan.is_number(end + 1):
        last = _chain(scan, end)
        score = words[end] == "-" and last == end + 2 and len(text) < 3
        return Reading(Kind.SCORE if score else Kind.IDENTIFIER, first, last)
    if words[end] == ":" and scan.glued(end) and scan.glued(end + 1) and scan.is_number(end + 1):
        return _colon(scan, first, core, end)
    if (clock := _clock(scan, text, end)) is not None:
        return Reading(Kind.CLOCK, first, clock)
    if text[0] == "0" and len(text) > 1 and text.isdecimal():
        return Reading(Kind.IDENTIFIER, first, end)
    return None


def _named_by(scan: Scan, core: int, end: int) -> bool:
    """Whether the word before makes the number part of a name."""
    words, before = scan.words, core - 1
    if before < 0:
        return False
    if scan.glued(core):
        if scan.is_word(before) or words[before] in ("+", "_"):
            return True
        if words[before] in ("-", "/", "–") and scan.glued(before):
            return words[before - 1] not in scan.lexicon.sets["hyphen_prefixes"]
        if words[before] == "[" and words[end] == "]":
            return True
    if words[before] == "." and words[before - 1] in ("no", "nos", "art", "sec", "tel"):
        return True
    if words[before] in ("no", "nos", "number", "#", "№"):
        return True
    if words[before] in scan.lexicon.sets["identifier_before"]:
        return not scan.is_plural(end)
    capital = scan.is_word(before) and scan.tokens[before].text[0].isupper()
    return capital and words[end] in scan.lexicon.sets["outlet_after"] and month_at(scan.tokens, before) is None


def _chain(scan: Scan, end: int) -> int:
    """Past further glued groups of digits: 727-123-45-67, 2022/01/06."""
    while (
        scan.words[end] in ("-", "/", ".", ":") and scan.glued(end) and scan.glued(end + 1) and scan.is_number(end + 1)
    ):
        end += 2
    return end


def _colon(scan: Scan, first: int, core: int, end: int) -> Reading:
    hours, minutes = scan.tokens[core].text, scan.tokens[end + 1].text
    last = _chain(scan, end)
    if hours.isdecimal() and int(hours) < 25 and len(minutes) == 2 and minutes.isdecimal() and int(minutes) < 60:
        after = scan.lexicon.clock_after.at(scan.words, last)
        return Reading(Kind.CLOCK, first, after[0] if after else last)
    return Reading(Kind.SCORE, first, last)


def _clock(scan: Scan, text: str, end: int) -> int | None:
    """The end of "2 p.m.", "10.30 am", "1400 hours", "0010 GMT"."""
    military = len(text) == 4 and text.isdecimal() and int(text) <= 2400 and int(text[2:]) < 60
    if military and scan.words[end] in ("hours", "local"):
        return end + 1
    after = scan.lexicon.clock_after.at(scan.words, end)
    if after is None:
        return None
    try:
        hour = float(text)
    except ValueError:  # thousands marks
        return None
    return after[0] if military or hour < 25 else None


def _by_context(scan: Scan, first: int, core: int, found: Quantity, hedged: bool) -> Reading:
    """Digits that the sentence explains: a year, a day of the month, an age, an item of a list."""
    words, end, text = scan.words, found.end, scan.tokens[core].text
    if scan.glued(end) and scan.is_word(end) and len(words[end]) < 4:
        decade = words[end] == "s" and text.isdecimal() and int(text) % 10 == 0
        return Reading(Kind.YEAR if decade else Kind.IDENTIFIER, first, end + 1)
    if not found.whole:
        return Reading(Kind.DECIMAL, first, end)
    number = found.low or 0
    if found.scale == 1 and text.isdecimal() and end == core + 1:
        if not hedged and number <= 31 and _day_of_month(scan, core, end):
            return Reading(Kind.DATE, first, end)
        if _is_age(scan, first, core, end, number, hedged):
            return Reading(Kind.AGE, first, end)
        if not hedged and len(text) == 4 and is_year(scan, core):
            return Reading(Kind.YEAR, first, end)
        if not hedged and _list_item(scan, core, end):
            return Reading(Kind.IDENTIFIER, first, end)
    return Reading(Kind.NONE if number == 0 else Kind.NUMBER, first, end)


def _day_of_month(scan: Scan, core: int, end: int) -> bool:
    if month_at(scan.tokens, end) is not None:
        return True
    before = core - 2 if scan.words[core - 1] == "." else core - 1
    return core > 0 and month_at(scan.tokens, before) is not None


def is_year(scan: Scan, index: int) -> bool:
    """Whether four digits read as a year: 1900 to 2099, after a word such as "in", or not before a plural noun."""
    text = scan.tokens[index].text
    if len(text) != 4 or not text.isdecimal() or not 1900 <= int(text) <= 2099:
        return False
    before = scan.words[index - 1] if index else ""
    if before in scan.lexicon.sets["year_before"] and before != "of":
        return True
    if month_at(scan.tokens, index - 1) is not None:
        return True
    return not scan.is_plural(index + 1) and not scan.is_plural(index + 2)


def _is_age(scan: Scan, first: int, core: int, end: int, number: int, hedged: bool) -> bool:
    words, sets = scan.words, scan.lexicon.sets
    if not 0 < number < 116:
        return False
    before = words[core - 1] if core else ""
    if before in sets["age_before"] or (before == "of" and core > 1 and words[core - 2] in sets["age_nouns"]):
        return not scan.is_plural(end)
    if hedged:
        return (
            first > 0 and words[first] in ("under", "over", "above", "below") and words[first - 1] in sets["age_groups"]
        )
    if core < 2 or not scan.tokens[core - 2].text[0].isupper() or not scan.is_word(core - 2):
        return False
    if before == "(" and words[end] == ")":
        return core > 2 and scan.is_word(core - 3) and scan.tokens[core - 3].text[0].isupper()
    return before == "," and words[end] in (",", ";", ")", ".") and month_at(scan.tokens, core - 2) is None


def _list_item(scan: Scan, core: int, end: int) -> bool:
    """A number that opens a line as "1." or "2)"."""
    if scan.words[end] not in (".", ")") or not scan.glued(end) or not scan.is_word(end + 1) or scan.glued(end + 1):
        return False
    if core == 0:
        return True
    gap = scan.text[scan.tokens[core - 1].end : scan.tokens[core].start]
    return "\n" in gap and (gap.count("\n") > 1 or scan.words[core - 1] in (".", "!", "?", ":", ";"))
