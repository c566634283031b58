"""The wording of times, loaded once from ``lexicon/times.yaml`` into tables for look-up by token."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from kb.extract.calendar_words import calendar, times_data
from kb.extract.number_lexicon import Phrases
from kb.extract.time_values import Base, Fixed, Offset, Unresolved, When


class Meaning(NamedTuple):
    """What a fixed phrase means; a final one holds only where no word follows."""

    when: When
    final: bool = False


@dataclass(frozen=True, slots=True)
class TimeLexicon:
    """The tables of times.yaml."""

    phrases: Phrases[Meaning]
    holidays: Phrases[Meaning]
    shifts: Phrases[int]
    units: dict[str, str]
    turns: Phrases[str]
    """ago, earlier, later, ahead"""
    parts: Phrases[tuple[float, float]]
    weeks_of: Phrases[int]
    dayparts: Phrases[None]
    sets: dict[str, frozenset[str]]
    starts: frozenset[str]
    """Words, other than numbers, months and weekdays, that may open an expression."""


def _meanings(data: dict[str, Any]) -> Phrases[Meaning]:
    found: Phrases[Meaning] = Phrases()
    for entry in data["phrases"]:
        when = Offset(entry["unit"], entry["first"], entry["last"], Base(entry.get("base", "anchor")))
        for phrase in entry["phrases"]:
            found.add(phrase, Meaning(when, bool(entry.get("final"))))
    return found


def _holidays(data: dict[str, list[int] | None]) -> Phrases[Meaning]:
    found: Phrases[Meaning] = Phrases()
    for phrase, day in data.items():
        found.add(phrase, Meaning(Fixed(None, day[0], day[1]) if day else Unresolved()))
    return found


def _table(data: dict[str, Any]) -> Phrases[Any]:
    found: Phrases[Any] = Phrases()
    for phrase, meaning in data.items():
        found.add(phrase, meaning)
    return found


_SETS = ("daypart_before", "weekday_not_before", "weekday_not_after", "date_not_before", "month_after")


@cache
def time_lexicon() -> TimeLexicon:
    """The lexicon of times (read on first use)."""
    data = times_data()
    phrases, holidays, shifts = _meanings(data), _holidays(data["holidays"]), _table(data["shifts"])
    parts, weeks_of = _table({name: tuple(share) for name, share in data["parts"].items()}), _table(data["weeks_of"])
    dayparts = _table(dict.fromkeys(data["dayparts"]))
    turns = _table({word: turn for turn in ("ago", "earlier", "later", "ahead") for word in data[turn]})
    opening: tuple[Phrases[Any], ...] = (phrases, holidays, shifts, parts, weeks_of, dayparts)
    starts = {"earlier", "later", "since", "until", "till", "by", "before", "after", "a", "an", "overnight"}
    starts.update(data["units"], data["seasons"], calendar().months, calendar().weekdays)
    starts.update(*(each.by_first for each in opening))
    return TimeLexicon(
        phrases=phrases,
        holidays=holidays,
        shifts=shifts,
        units=data["units"],
        turns=turns,
        parts=parts,
        weeks_of=weeks_of,
        dayparts=dayparts,
        sets={name: frozenset(data[name]) for name in _SETS},
        starts=frozenset(starts),
    )
