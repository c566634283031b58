"""What a number counts, told by its neighbours: people or things, a year, an age, money, a name such as AK-47…"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from kb.extract.calendar_words import calendar, month_at
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
    ORDINAL = "ordinal"
    """6th, twenty-first: never given out."""


class Reading(NamedTuple):
    """A kind and the token span that it takes up."""

    kind: Kind
    first: int
    last: int


def classify(scan: Scan, first: int, core: int, found: Quantity, hedged: bool) -> Reading:
    """What the number read from token ``core`` is; ``first`` is where its hedges start."""
    if found.form in ("none", "article"):
        return Reading(Kind(found.form), first, found.end)
    digits = found.form == "digits"
    return (
        (_by_writing(scan, first, core, found, hedged) if digits else None)
        or _ordinal(scan, first, found.end)
        or by_unit(scan, first, core, found)
        or _joined(scan, first, found.end)
        or _age(scan, first, core, found, hedged)
        or (_by_context(scan, first, core, found, hedged) if digits else None)
        or Reading(Kind.NUMBER, first, found.end)
    )


def _ordinal(scan: Scan, first: int, end: int) -> Reading | None:
    """A number that goes on as an ordinal: twenty-first, 6th, one hundred and fifth."""
    words, sets = scan.words, scan.lexicon.sets
    suffixed = scan.glued(end) and words[end] in sets["ordinal_suffixes"]
    after = words[end + 1] if words[end] in ("-", "and") else ""
    hyphened = words[end] == "-" and after in sets["ordinals"]
    joined = words[end] == "and" and words[end - 1] in scan.lexicon.scales and after in sets["ordinals"]
    if hyphened and after in sets["fractions"] and words[end - 1] not in scan.lexicon.tens:
        return None
    return Reading(Kind.ORDINAL, first, end + 1 + (not suffixed)) if suffixed or hyphened or joined else None


def _joined(scan: Scan, first: int, end: int) -> Reading | None:
    """A fraction (two-thirds, one third of) or another compound (two-storey)."""
    words, names = scan.words, scan.lexicon.sets["fractions"]
    if words[end] in names and (words[end][-1] == "s" or words[end + 1] in ("of", "the")):
        return Reading(Kind.FRACTION, first, end + 1)
    if words[end] != "-" or not scan.glued(end) or not scan.glued(end + 1) or not scan.is_word(end + 1):
        return None
    if scan.lexicon.hedges_after.at(words, end) is not None:  # 20-plus, 30-odd
        return None
    return Reading(Kind.FRACTION if words[end + 1] in names else Kind.COMPOUND, first, end + 2)


def by_unit(scan: Scan, first: int, core: int, found: Quantity) -> Reading | None:
    """Money before it, or a unit after it (which the reading takes in)."""
    words, lexicon, end = scan.words, scan.lexicon, found.end
    if core > scan.reached and first == core and words[core - 1] in lexicon.sets["money_before"]:
        return Reading(Kind.MONEY, core - 1, end)
    hyphen = words[end] == "-" and scan.glued(end) and scan.glued(end + 1)
    at = end + hyphen
    if words[at : at + 3] == ["and", "a", "half"] or words[at : at + 5] == ["and", "-", "a", "-", "half"]:
        at += 3 if words[at + 1] == "a" else 5
        at += words[at] == "-"
    for _ in range(2):
        if (filler := lexicon.unit_fillers.at(words, at)) is None or (words[at] == "of" and found.form != "vague"):
            break
        at = filler[0]
        at += hyphen and words[at] == "-"  # 54-square-metre
    unit = lexicon.units.at(words, at)
    if unit is None:
        return None
    last, name = unit
    if name == "group":
        strong = words[at] == "strong" and not scan.is_word(last)  # "three strong explosions" are three
        return Reading(Kind.GROUP, first, last) if hyphen or strong else None
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
    last = _chain(scan, end)
    if not hedged and _named_by(scan, core, end):
        while words[core - 1] == "+" and scan.is_number(last):  # the groups of a telephone number
            last += 1
        return Reading(Kind.IDENTIFIER, first, last)
    if last > end:
        return _chained(scan, first, core, last)
    if (clock := _clock(scan, core, end)) is not None:
        return Reading(Kind.CLOCK, first, clock)
    if words[core - 1] == "." and scan.glued(core) and not scan.glued(core - 1):  # a .38 pistol
        return Reading(Kind.CALIBRE, first, end)
    counted = len(text) == 2 and scan.is_word(end) and month_at(scan.tokens, end) is None  # "03 terrorists"
    leading_zero = text[0] == "0" and len(text) > 1 and text.isdecimal() and not counted
    return Reading(Kind.IDENTIFIER, first, end) if leading_zero else None


def _named_by(scan: Scan, core: int, end: int) -> bool:
    """Whether the word before makes the number part of a name."""
    words, before = scan.words, core - 1
    if before < 0:
        return False
    word = words[before]
    if scan.glued(core) and _names_glued(scan, before, end):
        return True
    if word == "number" and words[before - 1] in scan.lexicon.sets["who_number"]:
        return False  # "the wounded also number 50"
    if word in ("no", "nos", "number", "#", "№") or (
        word == "." and words[before - 1] in ("no", "nos", "art", "sec", "tel")
    ):
        return True
    if word in scan.lexicon.sets["identifier_before"]:
        return not scan.is_plural(end)
    capital = scan.is_word(before) and scan.tokens[before].text[0].isupper()
    return capital and words[end] in scan.lexicon.sets["outlet_after"] and month_at(scan.tokens, before) is None


def _names_glued(scan: Scan, before: int, end: int) -> bool:
    """Whether what is written against the number names it: Jaber24, AK-47, [12], +7."""
    word = scan.words[before]
    if word in ("-", "/", "–") and scan.glued(before):
        return scan.words[before - 1] not in scan.lexicon.sets["hyphen_prefixes"]
    return scan.is_word(before) or word in ("+", "_") or (word == "[" and scan.words[end] == "]")


def _chain(scan: Scan, end: int) -> int:
    """Past further glued groups of digits: 727-123-45-67, 2022/01/06."""
    while (
        scan.words[end] in ("-", "/", ".", ":") and scan.glued(end) and scan.glued(end + 1) and scan.is_number(end + 1)
    ):
        end += 2
    return end


def _chained(scan: Scan, first: int, core: int, last: int) -> Reading:
    """Groups of digits joined by marks: a time of day, a pair of years, a score, else a code."""
    pieces = [scan.tokens[index].text for index in range(core, last, 2)]
    mark, plain = scan.words[core + 1], all(piece.isdecimal() and len(piece) <= 4 for piece in pieces)
    if plain and mark == ":" and int(pieces[0]) < 25 and len(pieces[1]) == 2 and int(pieces[1]) < 60:
        after = scan.lexicon.clock_after.at(scan.words, last)
        return Reading(Kind.CLOCK, first, after[0] if after else last)
    if plain and len(pieces) == 2 and mark in "-/" and len(pieces[0]) == 4 and 1900 <= int(pieces[0]) <= 2099:
        return Reading(Kind.YEAR, first, last)
    score = mark == ":" or (mark == "-" and plain and len(pieces) == 2 and len(pieces[0]) < 3)
    return Reading(Kind.SCORE if score else Kind.IDENTIFIER, first, last)


def _clock(scan: Scan, core: int, end: int) -> int | None:
    """The end of "2 p.m.", "10.30 am", "1400 hours", "0010 GMT", "at 2230"."""
    text = scan.tokens[core].text
    military = len(text) == 4 and text.isdecimal() and int(text) <= 2400 and int(text[2:]) < 60
    if military and scan.words[end] in ("hours", "local"):
        return end + 1
    after = scan.lexicon.clock_after.at(scan.words, end)
    if after is None:
        told = military and (text[0] == "0" or (scan.words[core - 1] == "at" and not scan.is_plural(end)))
        return end if told else None
    hour = text.replace(",", "")
    return after[0] if military or (len(hour) < 6 and float(hour) < 25) else None


def _by_context(scan: Scan, first: int, core: int, found: Quantity, hedged: bool) -> Reading | None:
    """Digits that the sentence explains: a year, a day of the month, an item of a list."""
    words, end, text = scan.words, found.end, scan.tokens[core].text
    kind: Kind | None = None
    if scan.glued(end) and scan.is_word(end) and len(words[end]) < 4:
        decade = words[end] == "s" and text.isdecimal() and int(text) % 10 == 0
        return Reading(Kind.YEAR if decade else Kind.IDENTIFIER, first, end + 1)
    if not found.whole:
        kind = Kind.DECIMAL
    elif found.high == 0:
        kind = Kind.NONE
    elif found.scale == 1 and text.isdecimal() and end == core + 1 and not hedged:
        if len(text) < 3 and 0 < int(text) <= 31 and _day_of_month(scan, core, end):
            kind = Kind.DATE
        elif is_year(scan, core) or _short_year(scan, core, end):
            kind = Kind.YEAR
        elif _list_item(scan, core, end):
            kind = Kind.IDENTIFIER
    elif end == core + 3 and is_year(scan, core, end) and is_year(scan, end - 1):
        kind = Kind.YEAR
    return Reading(kind, first, end) if kind else None


def _day_of_month(scan: Scan, core: int, end: int) -> bool:
    if month_at(scan.tokens, end) is not None:
        return True
    before = core - 2 if scan.words[core - 1] == "." else core - 1
    return core > 0 and month_at(scan.tokens, before) is not None


def _short_year(scan: Scan, core: int, end: int) -> bool:
    """The year of a dateline: 26 NOV 89 (DOMESTIC SERVICE)."""
    dated = len(scan.words[core]) == 2 and month_at(scan.tokens, core - 1) is not None and scan.is_number(core - 2)
    return dated and not scan.is_word(end)


def is_year(scan: Scan, index: int, end: int = 0) -> bool:
    """Whether four digits read as a year: 1900 to 2099, after a word such as "in", or not before a plural noun.

    ``end`` is the token after the whole expression, where that is more than the year.
    """
    text = scan.words[index]
    if len(text) != 4 or not text.isdecimal() or not 1900 <= int(text) <= 2099:
        return False
    before = scan.words[index - 1] if index else ""
    if before in scan.lexicon.sets["year_before"] or month_at(scan.tokens, index - 1) is not None:
        return True
    end = end or index + 1
    return not scan.is_plural(end) and not (scan.is_plural(end + 1) and scan.is_word(end))


def _age(scan: Scan, first: int, core: int, found: Quantity, hedged: bool) -> Reading | None:
    """An age by its neighbours: aged 27; a boy of 12; children under 18; a name, then 27 between commas."""
    words, sets, end = scan.words, scan.lexicon.sets, found.end
    if found.scale > 1 or found.high is None or not 0 < found.high < 116 or not first:
        return None
    before = words[first - 1]
    apart = words[end] in sets["additional_after"] or (words[first - 2] == "," and words[end] in sets["after_people"])
    listed = not apart and before in (",", "and", "or") and 0 < scan.aged >= first - 1 - (words[first - 2] == ",")
    told = listed or before in sets["age_before"] or (before == "of" and words[max(first - 2, 0)] in sets["age_nouns"])
    if hedged:
        bounded = words[first] in ("under", "over", "above", "below") and before in sets["age_groups"]
        aged = told or bounded
    else:
        aged = (told and not scan.is_plural(end)) or (found.form == "digits" and _after_name(scan, core, end))
    return Reading(Kind.AGE, first, end) if aged else None


def _after_name(scan: Scan, core: int, end: int) -> bool:
    """Whether digits stand after a name: "Ivan Petrov, 27," or "Ivan Petrov (27)"."""
    if core < 3 or not scan.is_word(core - 2) or not scan.tokens[core - 2].text[0].isupper():
        return False
    if scan.words[core - 1] == "(" and scan.words[end] == ")":
        return scan.is_word(core - 3) and scan.tokens[core - 3].text[0].isupper()
    closed = scan.words[core - 1] == "," and scan.words[end] in (",", ";", ")", ".")
    return closed and month_at(scan.tokens, core - 2) is None and scan.words[core - 2] not in calendar().weekdays


def _list_item(scan: Scan, core: int, end: int) -> bool:
    """A number that opens a line as "1." or "2)"."""
    if scan.words[end] not in (".", ")") or not scan.glued(end) or not scan.is_word(end + 1) or scan.glued(end + 1):
        return False
    if core == 0:
        return True
    gap = scan.text[scan.tokens[core - 1].end : scan.tokens[core].start]
    return "\n" in gap and (gap.count("\n") > 1 or scan.words[core - 1] in (".", "!", "?", ":", ";"))
