"""Dates of publication as people write them at the head of a document."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DAY_FIRST = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"(?:[A-Za-z]{3,9},\s+)?([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
# "date 2022-01-06 …" (the running text may follow on the same line) or "Date: 6 January 2022".
_DATELINE = re.compile(r"\s*date(?:\s*:\s*|\s+(?=\d))([^\n]{6,60})", re.IGNORECASE)


class InvalidDateError(ValueError):
    """Not a date that can be read, or not one that any calendar has."""


def parse_date(text: str) -> date | datetime:
    """The date, or the date and time, that the whole text states; months by name in English.

    :raises InvalidDateError: anything else, such as 06/01/2022, which is June to some and January to others
    """
    found, rest = _leading(text.strip())
    if found is None or rest.strip():
        try:
            return parsedate_to_datetime(text)  # the form of mails and feeds: Thu, 06 Jan 2022 10:00:00 +0600
        except ValueError as error:
            raise InvalidDateError(f"{text!r} is not a date") from error
    return found


def dateline(text: str) -> date | datetime | None:
    """The date that the head of a text gives ("date 2022-01-06 …", "Date: 6 January 2022"), None without one.

    :raises InvalidDateError: a date that no calendar has
    """
    line = _DATELINE.match(text)
    return _leading(line[1])[0] if line else None


def _leading(text: str) -> tuple[date | datetime | None, str]:
    """The date at the start of the text and what follows it."""
    if match := _ISO.match(text):
        return _iso(match[0]), text[match.end() :]
    if match := _DAY_FIRST.match(text):
        return _named(match[0], match[1], match[2], match[3]), text[match.end() :]
    if match := _MONTH_FIRST.match(text):
        return _named(match[0], match[2], match[1], match[3]), text[match.end() :]
    return None, text


def _iso(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) == len("2022-01-06") else datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidDateError(f"{text!r} is not a date: {error}") from error


def _named(text: str, day: str, month: str, year: str) -> date | None:
    """The date in words; None if the word is no month, for then it is no date."""
    if month[:3].lower() not in MONTHS:
        return None
    try:
        return date(int(year), MONTHS.index(month[:3].lower()) + 1, int(day))
    except ValueError as error:
        raise InvalidDateError(f"{text!r} is not a date: {error}") from error
