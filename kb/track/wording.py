"""Events in words: "riot, Almaty, 4–5 January 2022"."""

from __future__ import annotations

from datetime import date

from kb.model import Modality
from kb.track.records import Event

# Not the system's locale: labels are English wherever they are made.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def label(event: Event, type_label: str, place_label: str | None) -> str:
    """The label of an event: what (and how it is put, unless asserted), where, when; nothing unknown."""
    what = type_label if event.modality is Modality.ASSERTED else f"{event.modality.value} {type_label}"
    when = days(event.first, event.last) if event.first and event.last else None
    return ", ".join(part for part in (what, place_label, when) if part)


def days(first: date, last: date) -> str:
    """A span of days in words, each part said once: "30 December 2021 – 2 January 2022", "4–5 January 2022"."""
    if first == last:
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {_day(last)}"
    return f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
