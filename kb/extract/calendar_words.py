"""Months and weekdays as written, told from the verbs and names that look like them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kb.extract.tokens import NUMBER, Token

SOURCE = Path(__file__).with_name("lexicon") / "times.yaml"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Names of months (1-12) and weekdays (Monday is 0), short forms, and those that are other words too."""

    months: dict[str, int]
    weekdays: dict[str, int]
    short: frozenset[str]
    """Those that a dot may close."""
    ambiguous: frozenset[str]
    may_verbs: frozenset[str]


@cache
def times_data() -> dict[str, Any]:
    """The content of ``lexicon/times.yaml`` (read on first use)."""
    data: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return data


@cache
def calendar() -> Calendar:
    """The names of the calendar."""
    data = times_data()
    return Calendar(
        {name: number for number, names in data["months"].items() for name in names},
        {name: number for number, names in data["weekdays"].items() for name in names},
        frozenset(
            name for table in (data["months"], data["weekdays"]) for names in table.values() for name in names[1:]
        ),
        frozenset(data["ambiguous"]),
        frozenset(data["may_verbs"]),
    )


def month_at(tokens: list[Token], index: int) -> int | None:
    """The month that the token names, 1 to 12; "may" before a verb and lower-case "march" are none."""
    if not 0 <= index < len(tokens):
        return None
    names = calendar()
    word = tokens[index].lower
    month = names.months.get(word)
    if month is None or word not in names.ambiguous:
        return month
    if not tokens[index].text[0].isupper():
        return None
    if word == "may" and index + 1 < len(tokens) and tokens[index + 1].lower in names.may_verbs:
        return None
    return month


def weekday_at(tokens: list[Token], index: int) -> int | None:
    """The weekday that the token names, Monday 0; a short form that is another word needs its dot."""
    if not 0 <= index < len(tokens):
        return None
    names = calendar()
    word = tokens[index].lower
    day = names.weekdays.get(word)
    if day is None or len(word) > 5:
        return day
    if not tokens[index].text[0].isupper():
        return None
    if word in names.ambiguous and not _dated(tokens, index + 1):
        return None
    return day


def _dated(tokens: list[Token], index: int) -> bool:
    """Whether what follows a short weekday shows that it is one: its dot, or a date ("Sat, 8 Jan", "Sun Jan 9")."""
    if index >= len(tokens):
        return False
    if tokens[index].text == ".":
        return tokens[index - 1].end == tokens[index].start
    after = index + (tokens[index].text == ",")
    return after < len(tokens) and (tokens[after].kind == NUMBER or month_at(tokens, after) is not None)
