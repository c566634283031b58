"""Literals as values: whether they are well formed, and which of two is the smaller, as SPARQL has it."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal

from pyoxigraph import Literal

XSD = "http://www.w3.org/2001/XMLSchema#"

Value = tuple[str, int | float | Decimal | bool | str | date | datetime]
"""A kind, within which values compare, and the value."""

_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII)
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)" + _ZONE, re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?" + _ZONE, re.ASCII)


def value_of(literal: Literal) -> Value | None:
    """The value of a literal of a datatype that shapes speak of; None for others and for ill-formed ones."""
    if literal.language:
        return None
    datatype, text = literal.datatype.value, literal.value
    if datatype == XSD + "string":
        return "string", text
    read = _READERS.get(datatype)
    try:
        return read(text) if read else None
    except ValueError:  # a month 13, a day 32
        return None


def _integer(text: str) -> Value | None:
    return ("number", int(text)) if _INTEGER.fullmatch(text) else None


def _decimal(text: str) -> Value | None:
    return ("number", Decimal(text)) if _DECIMAL.fullmatch(text) else None


def _double(text: str) -> Value | None:
    return ("number", float(text)) if _DOUBLE.fullmatch(text) else None


def _boolean(text: str) -> Value | None:
    return ("boolean", text in ("true", "1")) if text in ("true", "false", "1", "0") else None


def _date(text: str) -> Value | None:
    found = _DATE.fullmatch(text)
    return ("date", date.fromisoformat(found[1])) if found else None


def _date_time(text: str) -> Value | None:
    if not _DATE_TIME.fullmatch(text):
        return None
    moment = datetime.fromisoformat(text)
    return "dateTime", moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_READERS = {
    XSD + "integer": _integer,
    XSD + "decimal": _decimal,
    XSD + "double": _double,
    XSD + "boolean": _boolean,
    XSD + "date": _date,
    XSD + "dateTime": _date_time,
}
DATATYPES = frozenset({XSD + "string", *_READERS})
"""The datatypes whose literals can be checked."""


def at_most(first: Value | None, second: Value | None) -> bool:
    """Whether the first is at most the second; False for two that do not compare."""
    if first is None or second is None or first[0] != second[0]:
        return False
    one, two = first[1], second[1]
    if any(isinstance(it, float) and math.isnan(it) for it in (one, two)):
        return False
    return bool(one <= two)  # type: ignore[operator]  # of one kind, so they compare
