"""Numbers as worded in news: what each reads as, and that no text breaks the reader."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.extract.number_lexicon import SOURCE
from kb.extract.numbers import CountMatch, Kind, find_counts
from kb.extract.tokens import tokenize
from kb.model import Hedge


def found(text: str, articles: bool = False) -> list[CountMatch]:
    return [match for match in find_counts(tokenize(text), text) if articles or match.kind is not Kind.ARTICLE]


# sentence | wording minimum maximum hedge; a dash is an open end
COUNTS = """
At least thirteen soldiers were killed | At least thirteen = 13 - at-least
dozens of people were killed, at least 12 of them children | dozens = 24 - vague; at least 12 = 12 - at-least
8 policemen and military died | 8 = 8 8 exact
A crowd of 2,500 gathered | 2,500 = 2500 2500 exact
some 2 500 people | some 2 500 = 2500 2500 about
2\u00a0500\u202f000 people fled | 2\u00a0500\u202f000 = 2500000 2500000 exact
1.500.000 people | 1.500.000 = 1500000 1500000 exact
1.2 million people displaced | 1.2 million = 1200000 1200000 exact
2.5 thousand protesters | 2.5 thousand = 2500 2500 exact
2,5 million refugees | 2,5 million = 2500000 2500000 exact
300k refugees | 300k = 300000 300000 exact
3 mln residents | 3 mln = 3000000 3000000 exact
5 thousand 300 people | 5 thousand 300 = 5300 5300 exact
3m people fled | 3m = 3000000 3000000 exact
2 dozen rebels | 2 dozen = 24 24 exact
thirteen soldiers | thirteen = 13 13 exact
twenty-one dead | twenty-one = 21 21 exact
TWENTY TWO PERSONS | TWENTY TWO = 22 22 exact
a hundred and five dead | a hundred and five = 105 105 exact
one hundred twenty-five men | one hundred twenty-five = 125 125 exact
two hundred and fifty thousand people | two hundred and fifty thousand = 250000 250000 exact
three thousand four hundred | three thousand four hundred = 3400 3400 exact
twelve hundred men | twelve hundred = 1200 1200 exact
one and a half million people | one and a half million = 1500000 1500000 exact
half a million refugees | half a million = 500000 500000 exact
two dozen gunmen | two dozen = 24 24 exact
a dozen were hurt | a dozen = 12 12 exact
half a dozen officers | half a dozen = 6 6 exact
a score of rebels | a score of = 20 20 exact
a thousand soldiers | a thousand = 1000 1000 exact
a couple of men were held | a couple of = 2 2 exact
a couple of hundred people | a couple of hundred = 200 200 about
both men were killed | both = 2 2 exact
a single gunman | a single = 1 1 exact
one of the attackers was shot | one = 1 1 exact
hundreds of thousands of refugees | hundreds of thousands = 200000 - vague
tens of thousands marched | tens of thousands = 20000 - vague
dozens of protesters | dozens = 24 - vague
scores were wounded | scores = 40 - vague
hundreds were arrested | hundreds = 200 - vague
THOUSANDS OF PEASANTS | THOUSANDS = 2000 - vague
millions of people | millions = 2000000 - vague
tens of people | tens = 20 - vague
dozens, if not hundreds, were hurt | dozens, if not hundreds = 24 - vague
hundreds or even thousands of people | hundreds or even thousands = 200 - vague
several soldiers | several = 3 - vague
several dozen people | several dozen = 36 - vague
several hundred people | several hundred = 300 - vague
several hundred thousand people | several hundred thousand = 300000 - vague
a few people were hurt | a few = 2 - vague
a few dozen protesters | a few dozen = 24 - vague
a few hundred students | a few hundred = 200 - vague
a handful of men | a handful = 3 - vague
many people died | many = 3 - vague
numerous civilians | numerous = 3 - vague
multiple casualties | multiple = 2 - vague
a number of police officers | a number of = 2 - vague
a large number of civilians | a large number of = 2 - vague
some protesters were hurt | some = 2 - vague
some of the hostages | some = 2 - vague
some armed men | some = 2 - vague
an unspecified number of people | an unspecified number = - - vague
an unknown number of fighters | an unknown number = - - vague
no fewer than ten dead | no fewer than ten = 10 - at-least
not less than 5 people | not less than 5 = 5 - at-least
a minimum of three victims | a minimum of three = 3 - at-least
at least a dozen people | at least a dozen = 12 - at-least
at least one person | at least one = 1 - at-least
at the very least 20 dead | at the very least 20 = 20 - at-least
13 or more | 13 or more = 13 - at-least
13, and possibly more, died | 13, and possibly more = 13 - at-least
10 and counting | 10 and counting = 10 - at-least
50+ wounded | 50+ = 50 - at-least
20-plus men | 20-plus = 20 - at-least
13 at least | 13 at least = 13 - at-least
two or more gunmen | two or more = 2 - at-least
more than 1,000 protesters | more than 1,000 = 1001 - more-than
more than a dozen | more than a dozen = 13 - more-than
over 100 people | over 100 = 101 - more-than
over a hundred arrests | over a hundred = 101 - more-than
well over 100 people | well over 100 = 101 - more-than
above 50 victims | above 50 = 51 - more-than
upwards of 300 men | upwards of 300 = 300 - at-least
in excess of 40 bodies | in excess of 40 = 41 - more-than
the toll exceeded 200 | exceeded 200 = 201 - more-than
slightly more than 20 | slightly more than 20 = 21 - more-than
ABOUT 50 PEASANTS | ABOUT 50 = 50 50 about
around 100 people | around 100 = 100 100 about
approximately 30 men | approximately 30 = 30 30 about
roughly a dozen | roughly a dozen = 12 12 about
an estimated 500 people | an estimated 500 = 500 500 about
some 30 gunmen | some 30 = 30 30 about
30 or so men | 30 or so = 30 30 about
30-odd fighters | 30-odd = 30 30 about
a dozen or so people | a dozen or so = 12 12 about
nearly 100 people | nearly 100 = 100 100 nearly
almost a hundred people | almost a hundred = 100 100 nearly
close to 40 wounded | close to 40 = 40 40 nearly
nearly two dozen people | nearly two dozen = 24 24 nearly
up to 50 people | up to 50 = - 50 up-to
as many as 20 dead | as many as 20 = - 20 up-to
a maximum of 30 men | a maximum of 30 = - 30 up-to
no more than 5 wounded | no more than 5 = - 5 up-to
at most 7 victims | at most 7 = - 7 up-to
not more than ten | not more than ten = - 10 up-to
10 or fewer | 10 or fewer = - 10 up-to
no more than a few people | no more than a few = - - up-to
fewer than 10 people | fewer than 10 = - 9 fewer-than
less than a dozen | less than a dozen = - 11 fewer-than
under 20 people | under 20 = - 19 fewer-than
just under 500 men | just under 500 = - 499 fewer-than
exactly 13 soldiers | exactly 13 = 13 13 exact
a total of 40 people | a total of 40 = 40 40 exact
a total of at least 40 people | a total of at least 40 = 40 - at-least
up to about 30 people | up to about 30 = - 30 up-to
at least some 30 people | at least some 30 = 30 - at-least
10 to 15 people | 10 to 15 = 10 15 range
between 10 and 15 people | between 10 and 15 = 10 15 range
from ten to fifteen men | from ten to fifteen = 10 15 range
10-15 people | 10-15 = 10 15 range
10–15 people | 10–15 = 10 15 range
ten or twelve gunmen | ten or twelve = 10 12 range
one or two people | one or two = 1 2 range
two to three hundred people | two to three hundred = 200 300 range
two or three dozen men | two or three dozen = 24 36 range
5-10 thousand people | 5-10 thousand = 5000 10000 range
800 to 1,000 men | 800 to 1,000 = 800 1000 range
about 10 to 15 people | about 10 to 15 = 10 15 range
at least 10 and possibly as many as 20 | at least 10 and possibly as many as 20 = 10 20 range
up to 10 or 15 people | up to 10 or 15 = - 15 up-to
the toll rose from 10 to 15 | 10 = 10 10 exact; 15 = 15 15 exact
raising the death toll from eight to 18 | eight = 8 8 exact; 18 = 18 18 exact
12 killed and 30 wounded | 12 = 12 12 exact; 30 = 30 30 exact
two soldiers and three civilians | two = 2 2 exact; three = 3 3 exact
13 people, including two children | 13 = 13 13 exact; two = 2 2 exact
On Monday 12 soldiers died | 12 = 12 12 exact
2030 troops arrived | 2030 = 2030 2030 exact
killing 2000 people | 2000 = 2000 2000 exact
at least 1990 people | at least 1990 = 1990 - at-least
three strong explosions | three = 3 3 exact
two 27-year-old men | two = 2 2 exact
"""

# sentence | wording kind: what is no count of people, and nothing else in the sentence
OTHERS = """
no one was hurt | no one = none
nobody was killed | nobody = none
none of the hostages | none = none
there were no casualties | no = none
zero casualties | zero = none
0 killed | 0 = none
not a single soldier | not a single = none
in 2021 | 2021 = year
since 1990 | 1990 = year
between 1980 and 1992 | between 1980 and 1992 = year
the war of 1980-88 | 1980-88 = year
the 1990s | 1990s = year
SAN SALVADOR, 3 JAN 90 (AFP) | 3 = date; 90 = year
on January 6, | 6 = date
on 6 January | 6 = date
at 10:30 | 10:30 = clock
at 2 p.m. | 2 p.m. = clock
at 1400 hours | 1400 hours = clock
at 0900 GMT | 0900 GMT = clock
AT 2230 TONIGHT | 2230 = clock
at 10 o'clock | 10 o'clock = clock
30 percent of voters | 30 percent = percent
30% of voters | 30% = percent
5 per cent | 5 per cent = percent
$5 million | $5 million = money
3,000 tenge | 3,000 tenge = money
more than 200 million pesos | more than 200 million pesos = money
thousands of dollars | thousands of dollars = money
a 27-year-old man | 27-year-old = age
he is 27 years old | 27 years old = age
aged 27 | 27 = age
Ivan Petrov, 27, died | 27 = age
JUAN PEREZ, 34, WAS SHOT | 34 = age
Ivan Petrov (27) died | 27 = age
a boy of 12 was shot | 12 = age
children under 18 | under 18 = age
aged between 5 and 12 | between 5 and 12 = age
5 km away | 5 km = measure
30 kilograms of explosives | 30 kilograms = measure
54-square-metre room | 54-square-metre = measure
hundreds of kilometres | hundreds of kilometres = measure
shot five times | five times = measure
7.62 mm rounds | 7.62 mm = calibre
a 105-mm gun | 105-mm = calibre
a .38 pistol | 38 = calibre
three days | three days = duration
a 24-hour curfew | 24-hour = duration
two and a half hours | two and a half hours = duration
dozens of years | dozens of years = duration
the past 20-plus months | 20-plus months = duration
the M-19 | 19 = identifier
an AK-47 rifle | 47 = identifier
a BTR-80 | 80 = identifier
Khabar 24 reported | 24 = identifier
television, Jaber24, | 24 = identifier
DETACHMENT NO.4 | 4 = identifier
Brigade No. 4 | 4 = identifier
Article 19 says | 19 = identifier
on Route 5 | 5 = identifier
the 9/11 attacks | 9/11 = identifier
+7 727 123 45 67 | 7 727 123 45 67 = identifier
call 555-1234 | 555-1234 = identifier
[12] | 12 = identifier
the score was 3-2 | 3-2 = score
two-thirds of voters | two-thirds = fraction
one third of the city | one third = fraction
a two-storey house | two-storey = compound
a 12-member delegation | 12-member = group
a 500-strong crowd | 500-strong = group
1.3 bad | 1.3 = decimal
"""

NOTHING = [
    "the 6th of January", "the third attack", "the twenty-first century", "one hundred and fifth", "the 4th Brigade",
    "no longer", "No, he said", "one another", "one by one", "how many", "about the man", "over the bridge",
    "some time", "he scored", "99999999999999999999999999", "9" * 10_000, "$3 billion", "five trillion", "",
    "the one who left", "both soldiers and civilians", "anyone", "attend the session",
]  # fmt: skip


def table(rows: str) -> list[tuple[str, str]]:
    return [(row.split(" | ")[0], row.split(" | ")[1]) for row in rows.strip("\n").split("\n")]


@pytest.mark.parametrize(("text", "expected"), table(COUNTS))
def test_count(text: str, expected: str) -> None:
    read = []
    for match in found(text):
        low, high = ("-" if each is None else each for each in (match.count.minimum, match.count.maximum))
        if match.kind is Kind.NUMBER:
            read.append(f"{match.count.text} = {low} {high} {match.count.hedge.value}")
    assert "; ".join(read) == expected


@pytest.mark.parametrize(("text", "expected"), table(OTHERS))
def test_what_counts_no_people_has_its_own_kind(text: str, expected: str) -> None:
    assert "; ".join(f"{match.count.text} = {match.kind.value}" for match in found(text)) == expected


@pytest.mark.parametrize(("text", "expected"), table(COUNTS) + table(OTHERS))
def test_capitals_read_the_same(text: str, expected: str) -> None:
    def read(sentence: str) -> list[tuple[Any, ...]]:
        return [(match.first, match.last, match.kind, match.count.minimum) for match in found(sentence)]

    assert read(text.upper()) == read(text), expected


@pytest.mark.parametrize("text", NOTHING)
def test_no_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("another five were wounded", "another five"),
        ("five more people", "five more"),
        ("a further 12", "a further 12"),
        ("an additional 12 men", "an additional 12"),
        ("at least another two", "at least another two"),
        ("dozens more were hurt", "dozens more"),
        ("another was hurt", "another"),
        ("two additional men", "two additional"),
    ],
)
def test_additional(text: str, wording: str) -> None:
    (match,) = found(text, articles=True)
    assert (match.count.text, match.additional) == (wording, True)


def test_more_than_is_not_additional() -> None:
    assert [match.additional for match in found("five more than last year; five people")] == [False, False]


def test_articles_have_their_kind_and_core_is_the_number_itself() -> None:
    text = "a soldier and at least about 30 men, an officer"
    read = [(match.count.text, match.kind.value, match.core) for match in found(text, articles=True)]
    assert read == [("a", "article", 0), ("at least about 30", "number", 6), ("an", "article", 9)]


def test_a_strong_hedge_takes_an_article_and_a_preposition_does_not() -> None:
    (match,) = found("at least a soldier", articles=True)
    assert (match.count.minimum, match.count.maximum, match.kind) == (1, None, Kind.ARTICLE)
    assert [each.count.text for each in found("about one man, over a bridge", articles=True)] == ["one", "a"]


def examples(node: Any) -> list[tuple[str, list[int | None]]]:
    if isinstance(node, list):
        return [pair for item in node for pair in examples(item)]
    if not isinstance(node, dict):
        return []
    own = [pair for key, value in node.items() if str(key).endswith("examples") for pair in value.items()]
    return own + [pair for value in node.values() for pair in examples(value)]


EXAMPLES = examples(yaml.safe_load(SOURCE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("text", "bounds"), EXAMPLES)
def test_example_of_the_lexicon(text: str, bounds: list[int | None]) -> None:
    assert [[match.count.minimum, match.count.maximum] for match in found(text)] == [bounds]


def test_each_hedge_has_an_example() -> None:
    hedges = {match.count.hedge for text, _ in EXAMPLES for match in found(text)}
    assert hedges == set(Hedge)


PIECES = """
at least 13 2,500 1.2 million thousand hundred dozen dozens of a an and to or between from twenty - one no more than
1990 January % $ km years old : . , / 0 007 99999999999 several few another five some both up 10 15 ( ) + k 's ½ ٣
"""
WORDS = st.sampled_from(PIECES.split())


@given(st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join), st.text()))
@settings(max_examples=400, deadline=None)
def test_any_text(text: str) -> None:
    tokens = tokenize(text)
    matches = find_counts(tokens, text)
    for match in matches:
        assert match.first <= match.core < match.last
        assert (match.start, match.end) == (tokens[match.first].start, tokens[match.last - 1].end)
        assert match.count.text == text[match.start : match.end]
    assert all(before.last <= after.first for before, after in pairwise(matches))


@pytest.mark.parametrize(
    "piece", ["12 ", "at least ", "a hundred and ", "1,", "1-", "10 or ", "5 000 ", "hundred ", "no "]
)
def test_long_repetitions_end(piece: str) -> None:
    text = piece * 20_000
    matches = find_counts(tokenize(text), text)
    assert all(before.last <= after.first for before, after in pairwise(matches))
