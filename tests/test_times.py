"""Times as worded in news: the days that each means, and that no text breaks the reader."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.extract.calendar_words import times_data
from kb.extract.numbers import Kind
from kb.extract.times import Form, Granularity, TimeMatch, annotate, find_times, resolve
from kb.extract.tokens import tokenize

ANCHOR = date(2022, 1, 6)  # a Thursday
CONTEXT = date(2021, 12, 20)  # a Monday, the day spoken of before

# sentence | wording = earliest latest; a dash where it is open or unknown; one day is written once
TABLE = """
Protests on 6 January 2022 | 6 January 2022 = 2022-01-06
Protests on 6 January, 2022 | 6 January, 2022 = 2022-01-06
on January 6 | January 6 = 2022-01-06
Jan. 6, 2022 | Jan. 6, 2022 = 2022-01-06
Jan 6, 2020 | Jan 6, 2020 = 2020-01-06
ALMATY, Jan 6 (Reuters) - Troops | Jan 6 = 2022-01-06
SAN SALVADOR, 3 JAN 90 -- [TEXT] | 3 JAN 90 = 1990-01-03
MADRID, 23 APR 05 (EFE) | 23 APR 05 = 2005-04-23
ON 30 DECEMBER IN SAN LUIS | 30 DECEMBER = 2021-12-30
the 6th of January | the 6th of January = 2022-01-06
the 6th January | 6th January = 2022-01-06
on January 6th | January 6th = 2022-01-06
his Dec.14th conference | Dec.14th = 2021-12-14
date 2022-01-06 Police | 2022-01-06 = 2022-01-06
2021/12/31 | 2021/12/31 = 2021-12-31
13/01/2022 | 13/01/2022 = 2022-01-13
01/13/2022 | 01/13/2022 = 2022-01-13
06.01.2022 | 06.01.2022 = 2022-01-06
in January 2022 | January 2022 = 2022-01-01 2022-01-31
in January of 2021 | January of 2021 = 2021-01-01 2021-01-31
in December | December = 2021-12-01 2021-12-31
in January last year | January last year = 2021-01-01 2021-01-31
in May 2021 | May 2021 = 2021-05-01 2021-05-31
on 5 May | 5 May = 2021-05-05
on 2 May 2021 | 2 May 2021 = 2021-05-02
early January | early January = 2022-01-01 2022-01-10
mid-March | mid-March = 2022-03-11 2022-03-21
late 2021 | late 2021 = 2021-09-01 2021-12-31
early 2021 | early 2021 = 2021-01-01 2021-04-30
at the end of December | the end of December = 2021-12-22 2021-12-31
at the beginning of 2022 | the beginning of 2022 = 2022-01-01 2022-04-30
in the first half of 2021 | the first half of 2021 = 2021-01-01 2021-06-30
in the first week of January | the first week of January = 2022-01-01 2022-01-07
in the last week of December | the last week of December = 2021-12-25 2021-12-31
in 2021 | 2021 = 2021-01-01 2021-12-31
the 2011 uprising | 2011 = 2011-01-01 2011-12-31
in the 1990s | the 1990s = 1990-01-01 1999-12-31
in the early 1990s | the early 1990s = 1990-01-01 1992-12-31
the summer of 2017 | the summer of 2017 = 2017-06-01 2017-08-31
last summer | last summer = 2021-06-01 2021-08-31
last December | last December = 2021-12-01 2021-12-31
LAST 9 AUGUST | LAST 9 AUGUST = 2021-08-09
next March | next March = 2022-03-01 2022-03-31
today | today = 2022-01-06
yesterday evening | yesterday evening = 2022-01-05
the day before yesterday At least | the day before yesterday = 2022-01-04
tomorrow | tomorrow = 2022-01-07
tonight | tonight = 2022-01-06
last night | last night = 2022-01-05 2022-01-06
this morning | this morning = 2022-01-06
buildings overnight, Almaty | overnight = 2022-01-05 2022-01-06
overnight into Thursday | overnight into Thursday = 2022-01-05 2022-01-06
overnight on Tuesday | overnight on Tuesday = 2022-01-04 2022-01-05
overnight from 4 to 5 January | overnight from 4 to 5 January = 2022-01-04 2022-01-05
on Wednesday | Wednesday = 2022-01-05
on Thursday | Thursday = 2022-01-06
on Friday | Friday = 2021-12-31
for help on Wednesday night | Wednesday night = 2022-01-05
early Thursday | early Thursday = 2022-01-06
late on Wednesday | late on Wednesday = 2022-01-05
in the early hours of Wednesday | the early hours of Wednesday = 2022-01-05
on the morning of 5 January | the morning of 5 January = 2022-01-05
the night of 5 to 6 January | the night of 5 to 6 January = 2022-01-05 2022-01-06
on Monday, Jan. 3 | Monday, Jan. 3 = 2022-01-03
ON SATURDAY 1 JANUARY | SATURDAY 1 JANUARY = 2022-01-01
Sat, 1 Jan 2022 | Sat, 1 Jan 2022 = 2022-01-01
next Monday | next Monday = 2022-01-10
last Friday | last Friday = 2021-12-31
last Thursday | last Thursday = 2021-12-30
this Friday | this Friday = 2022-01-07
Monday last week | Monday last week = 2021-12-27
Friday of last week | Friday of last week = 2021-12-31
earlier on Monday | earlier on Monday = 2022-01-03
last week | last week = 2021-12-27 2022-01-02
this week | this week = 2022-01-03 2022-01-09
next week | next week = 2022-01-10 2022-01-16
earlier this week | earlier this week = 2022-01-03 2022-01-06
later this month | later this month = 2022-01-06 2022-01-31
earlier today | earlier today = 2022-01-06
this month | this month = 2022-01-01 2022-01-31
last month | last month = 2021-12-01 2021-12-31
late last month | late last month = 2021-12-22 2021-12-31
last year | last year = 2021-01-01 2021-12-31
early next year | early next year = 2023-01-01 2023-04-30
over the weekend | over the weekend = 2022-01-01 2022-01-02
last weekend | last weekend = 2022-01-01 2022-01-02
this weekend | this weekend = 2022-01-08 2022-01-09
two days ago | two days ago = 2022-01-04
two or three days ago | two or three days ago = 2022-01-03 2022-01-04
three weeks ago | three weeks ago = 2021-12-13 2021-12-19
two months ago | two months ago = 2021-11-01 2021-11-30
a year ago | a year ago = 2021-01-01 2021-12-31
three hours ago | three hours ago = 2022-01-05 2022-01-06
several days ago | several days ago = - 2022-01-03
in the past 24 hours | the past 24 hours = 2022-01-05 2022-01-06
over the last three days | the last three days = 2022-01-03 2022-01-06
over the past week | the past week = 2021-12-30 2022-01-06
the next two days | the next two days = 2022-01-06 2022-01-08
in recent days | recent days = - 2022-01-06
in the coming days and weeks | the coming days and weeks = 2022-01-06 -
from 2 to 5 January | 2 to 5 January = 2022-01-02 2022-01-05
2-5 January 2022 | 2-5 January 2022 = 2022-01-02 2022-01-05
January 2-5 | January 2-5 = 2022-01-02 2022-01-05
January 4 and 5 | January 4 and 5 = 2022-01-04 2022-01-05
January 4, 5 and 6 | January 4, 5 and 6 = 2022-01-04 2022-01-06
4 and 5 January | 4 and 5 January = 2022-01-04 2022-01-05
November 18 -19 | November 18 -19 = 2021-11-18 2021-11-19
from December 30 to January 2 | December 30 to January 2 = 2021-12-30 2022-01-02
30 December - 2 January 2022 | 30 December - 2 January 2022 = 2021-12-30 2022-01-02
from November 2021 to January 2022 | November 2021 to January 2022 = 2021-11-01 2022-01-31
riots on Tuesday and Wednesday, the seizure | Tuesday and Wednesday = 2022-01-04 2022-01-05
on Thursday and Friday | Thursday and Friday = 2021-12-30 2021-12-31
between Monday and Friday | Monday and Friday = 2021-12-27 2021-12-31
from Monday to Wednesday | Monday to Wednesday = 2022-01-03 2022-01-05
the war of 1980-88 | 1980-88 = 1980-01-01 1988-12-31
between 2011 and 2014 | 2011 and 2014 = 2011-01-01 2014-12-31
in 1911 and 1913 | 1911 = 1911-01-01 1911-12-31; 1913 = 1913-01-01 1913-12-31
since Sunday | since Sunday = 2022-01-02 2022-01-06
since 2 January | since 2 January = 2022-01-02 2022-01-06
since the night of 4 January | since the night of 4 January = 2022-01-04 2022-01-06
since late December | since late December = 2021-12-22 2022-01-06
since the start of the year | since the start of the year = 2022-01-01 2022-01-06
at the end of the month | the end of the month = 2022-01-22 2022-01-31
in the first days of January | the first days of January = 2022-01-01 2022-01-10
earlier in the week | earlier in the week = 2022-01-03 2022-01-06
Tuesday night into Wednesday | Tuesday night into Wednesday = 2022-01-04 2022-01-05
late Tuesday and early Wednesday | late Tuesday and early Wednesday = 2022-01-04 2022-01-05
on Monday, Tuesday and Wednesday | Monday, Tuesday and Wednesday = 2022-01-03 2022-01-05
the following Friday | the following Friday = 2021-12-24
the previous Sunday | the previous Sunday = 2021-12-19
14-Aug-2013 | 14-Aug-2013 = 2013-08-14
between March and May 2021 | March and May 2021 = 2021-03-01 2021-05-31
the April offensive | April = 2021-04-01 2021-04-30
since 2009 | since 2009 = 2009-01-01 2022-01-06
until 19 January | until 19 January = - 2022-01-19
by 19 January | by 19 January = - 2022-01-19
until Monday | until Monday = - 2022-01-10
before 2010 | before 2010 = - 2009-12-31
the same day | the same day = 2021-12-20
that night | that night = 2021-12-20
on that day | that day = 2021-12-20
the following day | the following day = 2021-12-21
the next day | the next day = 2021-12-21
the previous day | the previous day = 2021-12-19
the day before. | the day before = 2021-12-19
four days later | four days later = 2021-12-24
a week earlier | a week earlier = 2021-12-13 2021-12-19
later in the day | later in the day = 2021-12-20
that month | that month = 2021-12-01 2021-12-31
on Christmas Day | Christmas Day = 2021-12-25
on New Year's Eve | New Year's Eve = 2021-12-31
during Ramadan | Ramadan = - -
In January 12 people were killed | January = 2022-01-01 2022-01-31
On January 6, 13 people were killed | January 6 = 2022-01-06
On 5 January 2,000 people marched | 5 January = 2022-01-05
On January 4 and 5 people died | January 4 = 2022-01-04
on 29 February 2020 | 29 February 2020 = 2020-02-29
"""

NOTHING = [
    "he may leave", "THEY MAY HAVE LEFT", "they march on Washington", "the sun shone", "THE SUN, AND THE MOON",
    "she sat.", "a second attack", "Theresa May said", "12 may have died", "31 February 2022", "Feb 30", "2022-13-01",
    "2022-02-30", "29 February 2021", "06/01/2022", "Bloody Sunday", "the Sunday Times", "the 19 April Movement",
    "at least 12 March protesters", "the day before he died", "mon ami", "2000 troops", "", "By May said", "the 6th",
    "at 5 people", "wed in church", "dec out", "half a year ago",
    "April Jones and June Smith", "August figures were august",
]  # fmt: skip


def read(text: str, anchor: date | None = ANCHOR, context: date | None = CONTEXT) -> list[tuple[TimeMatch, str]]:
    """Matches that name days, with what they resolve to."""
    out = []
    for match in find_times(tokenize(text), text):
        span = resolve(match, anchor, context).span
        days = " ".join(dict.fromkeys(str(day or "-") for day in (span.earliest, span.latest)))
        out.append((match, "- -" if days == "-" else days))
    return out


def table(rows: str) -> list[tuple[str, str]]:
    return [(row.split(" | ")[0], row.split(" | ")[1]) for row in rows.strip("\n").split("\n")]


@pytest.mark.parametrize(("text", "expected"), table(TABLE))
def test_time(text: str, expected: str) -> None:
    assert "; ".join(f"{match.text} = {days}" for match, days in read(text) if match.dates) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_no_time(text: str) -> None:
    assert [match.text for match, _ in read(text)] == []


@pytest.mark.parametrize(
    ("text", "wording", "form"),
    [
        ("for two years", "two years", Form.DURATION),
        ("lasted 45 minutes", "45 minutes", Form.DURATION),
        ("after four more days of fighting", "four more days", Form.DURATION),
        ("for a week", "a week", Form.DURATION),
        ("at 10:30 a.m. local time", "10:30 a.m.", Form.CLOCK),
        ("at 0900 GMT", "0900 GMT", Form.CLOCK),
        ("at dawn", "dawn", Form.CLOCK),
        ("in the early morning", "the early morning", Form.CLOCK),
    ],
)
def test_durations_and_hours_name_no_day(text: str, wording: str, form: Form) -> None:
    ((match, days),) = read(text)
    assert (match.text, match.form, match.dates, days) == (wording, form, False, "- -")


@pytest.mark.parametrize(
    "text", ["on Wednesday", "yesterday", "last week", "January 6", "since Sunday", "two days ago", "overnight"]
)
def test_without_an_anchor_the_wording_stays(text: str) -> None:
    ((match, days),) = read(text, None, None)
    assert days == "- -"
    resolved = resolve(match, None)
    assert (resolved.span.text, resolved.granularity) == (match.text, Granularity.NONE)


def test_without_context_the_same_day_is_unknown_and_the_previous_day_is_the_anchors() -> None:
    assert [days for _, days in read("the same day, the next day, the previous day", ANCHOR, None)] == [
        "- -",
        "- -",
        "2022-01-05",
    ]


def test_an_absolute_date_needs_no_anchor() -> None:
    assert [days for _, days in read("6 January 2022", None, None)] == ["2022-01-06"]


def test_a_sentence_that_looks_ahead() -> None:
    text = "will meet on Monday or 20 January"
    matches = find_times(tokenize(text), text)
    spans = [resolve(match, ANCHOR, future=True).span for match in matches]
    assert [span.earliest for span in spans] == [date(2022, 1, 10), date(2022, 1, 20)]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("6 January", "day"), ("last week", "week"), ("January", "month"), ("2021", "year"), ("the 1990s", "decade"),
     ("last summer", "season"), ("2-5 January", "range"), ("since Sunday", "range")],
)  # fmt: skip
def test_granularity(text: str, unit: str) -> None:
    (match,) = find_times(tokenize(text), text)
    assert resolve(match, ANCHOR).granularity == unit


def test_a_weekday_settles_the_year_of_its_date() -> None:
    text = "on Monday 19 December"
    (match,) = find_times(tokenize(text), text)
    assert resolve(match, date(2017, 2, 20)).span.earliest == date(2016, 12, 19)


def test_annotate_gives_no_token_to_both() -> None:
    text = "On 6 January 2022 at 10:30, 13 soldiers died after three days; 12 in 2021, 2,000 two days ago"
    counts, times = annotate(tokenize(text), text)
    assert [count.count.text for count in counts if count.kind is Kind.NUMBER] == ["13", "12", "2,000"]
    assert [time.text for time in times] == ["6 January 2022", "10:30", "three days", "2021", "two days ago"]
    assert not {i for c in counts for i in range(c.first, c.last)} & {i for t in times for i in range(t.first, t.last)}


EXAMPLES = [pair for entry in times_data()["phrases"] for pair in entry["examples"].items()]


@pytest.mark.parametrize(("text", "days"), EXAMPLES)
def test_example_of_the_lexicon(text: str, days: list[date | None]) -> None:
    spans = [resolve(match, ANCHOR, CONTEXT).span for match in find_times(tokenize(text), text)]
    assert [[span.earliest, span.latest] for span in spans] == [days]


PIECES = """
6 January Jan . , 2022 90 31 February Monday Wednesday night the of on to - and between early late last next this
past two days ago later 24 hours overnight since until by first week half end year month 1990s 10:30 a.m. same day
before yesterday weekend summer 2022-01-06 9999 0 th earlier 999 years centuries May Christmas ( ) /
"""
WORDS = st.sampled_from(PIECES.split())
DAYS = st.none() | st.dates() | st.sampled_from([date.min, date.max])


@given(
    st.one_of(st.lists(WORDS, max_size=14).map(" ".join), st.lists(WORDS, max_size=9).map("".join), st.text()),
    DAYS,
    DAYS,
    st.booleans(),
)
@settings(max_examples=600, deadline=None)
def test_any_text(text: str, anchor: date | None, context: date | None, future: bool) -> None:
    tokens = tokenize(text)
    counts, times = annotate(tokens, text)
    assert all(before.last <= after.first for before, after in pairwise(times))
    for match in times:
        assert match.text == text[match.start : match.end]
        assert (match.start, match.end) == (tokens[match.first].start, tokens[match.last - 1].end)
        span = resolve(match, anchor, context, future).span
        assert not (span.earliest and span.latest) or span.earliest <= span.latest
    assert times == find_times(tokens, text)
    assert all(count.count.text == text[count.start : count.end] for count in counts)


@pytest.mark.parametrize(
    "piece", ["overnight on ", "early late ", "the night of ", "January 5, ", "since ", "first half of ", "Monday and "]
)
def test_long_repetitions_end(piece: str) -> None:
    text = piece * 10_000
    assert all(before.last <= after.first for before, after in pairwise(find_times(tokenize(text), text)))


def overlap_f1(folder: Path) -> float:
    """F1 of the times found in the documents of a re3d folder, a hit being any overlap with a Temporal entity."""
    gold: dict[str, list[tuple[int, int]]] = {}
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.json")):
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            row = json.loads(line)
            if path.name == "documents.json":
                texts[row["_id"]] = row["text"]
            elif path.name == "entities.json" and row["type"] == "Temporal" and row["confidence"] >= 0.5:
                gold.setdefault(row["documentId"], []).append((row["begin"], row["end"]))
    hits = found = missed = 0
    for name, text in texts.items():
        times = [(match.start, match.end) for match in find_times(tokenize(text), text)]
        right = [any(start < end_ and start_ < end for start_, end_ in gold.get(name, [])) for start, end in times]
        hits, found = hits + sum(right), found + len(times)
        missed += sum(
            all(start >= end_ or start_ >= end for start_, end_ in times) for start, end in gold.get(name, [])
        )
    precision, recall = hits / found, hits / (hits + missed)
    return 2 * precision * recall / (precision + recall)


def test_overlap_with_the_times_of_re3d(shared: Path) -> None:
    assert overlap_f1(shared / "corpora" / "re3d") > 0.88
