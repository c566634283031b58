"""Ranges, dates and chains in words, as the pages show them."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal

from kb.model import Count, Hedge, TimeSpan
from kb.web.i18n import gettext as _
from kb.web.i18n import language, locale, ngettext
from kb.web.vocabulary import labels


def bounds_words(count: Count) -> str:
    """The range alone: "24 or more"."""
    return _range(count.minimum, count.maximum)


def count_words(count: Count | None) -> str:
    """A range in words: "13", "at least 13", "24 or more (“dozens”)"; empty without a count."""
    return _words(count.minimum, count.maximum, count.hedge, count.text) if count else ""


def range_words(minimum: str | None, maximum: str | None, hedge: str | None, text: str | None) -> str:
    """The same for the values of a query's row, each of which may be missing; empty if all of the range is."""
    if not (minimum or maximum or hedge):
        return ""
    known = Hedge(hedge) if hedge in set(Hedge) else None
    return _words(int(minimum) if minimum else None, int(maximum) if maximum else None, known, text)


def _words(low: int | None, high: int | None, hedge: Hedge | None, text: str | None) -> str:
    if hedge is Hedge.VAGUE:
        return f"{_range(low, high)} (“{_inside(text)}”)" if text else _range(low, high)
    if hedge is Hedge.MORE_THAN and low and high is None:
        return _("more than %(n)s") % {"n": number(low - 1)}
    if hedge is Hedge.FEWER_THAN and high is not None and low is None:
        return _("fewer than %(n)s") % {"n": number(high + 1)}
    if hedge in {Hedge.ABOUT, Hedge.NEARLY} and low is not None and low == high:
        return (_("about %(n)s") if hedge is Hedge.ABOUT else _("nearly %(n)s")) % {"n": number(low)}
    if hedge is Hedge.AT_LEAST and low is not None and high is None:
        return _("at least %(n)s") % {"n": number(low)}
    return _range(low, high)


def _inside(text: str) -> str:
    # "Dozens" began a sentence there; here it stands inside one.
    return text[:1].lower() + text[1:] if text[1:].islower() else text


def _range(low: int | None, high: int | None) -> str:
    if low is None:
        return _("number not given") if high is None else _("up to %(n)s") % {"n": number(high)}
    if high is None:
        return _("%(n)s or more") % {"n": number(low)}
    if low == high:
        return number(low)
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}


def day_words(day: date | datetime | None) -> str:
    """A day (with the time of day if it has one): "6 January 2022", "6 January 2022, 14:05"."""
    if day is None:
        return ""
    words = format_date(day, "long", locale())
    return f"{words}, {day:%H:%M}" if isinstance(day, datetime) and (day.hour or day.minute) else words


def span_words(earliest: date | None, latest: date | None) -> str:
    """An interval of days: "4 January 2022", "4 to 5 January 2022", "from 2 January 2022"; empty if both are open."""
    if earliest is None:
        return _("until %(day)s") % {"day": day_words(latest)} if latest else ""
    if latest is None:
        return _("from %(day)s") % {"day": day_words(earliest)}
    if earliest == latest:
        return day_words(earliest)
    if language() != "en":
        return str(format_interval(earliest, latest, "yMMMMd", locale=locale()))
    if (earliest.year, earliest.month) == (latest.year, latest.month):
        return f"{earliest.day} to {day_words(latest)}"
    if earliest.year == latest.year:
        return f"{earliest.day} {earliest:%B} to {day_words(latest)}"
    return f"{day_words(earliest)} to {day_words(latest)}"


def span_of(earliest: str | None, latest: str | None) -> str:
    """The same for the values of a query's row (ISO 8601 days); a value that is no day is shown as it is."""
    try:
        return span_words(*(date.fromisoformat(day[:10]) if day else None for day in (earliest, latest)))
    except ValueError:
        return " to ".join(day for day in (earliest, latest) if day)


def day_of(text: str | None) -> str:
    """A day or time of day of a query's row in words; what is neither is shown as it is."""
    if not text:
        return ""
    try:
        return day_words(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))
    except ValueError:
        return text


def time_words(time: TimeSpan | None) -> str:
    """When, in words; the document's own wording if it could not be resolved to days."""
    if time is None:
        return ""
    return span_words(time.earliest, time.latest) or f"“{time.text}”"


def words(name: str) -> str:
    """A term as a person reads it: "at-least" → "at least", "claims_about" → "claims about"."""
    plain = name.replace("-", " ").replace("_", " ")
    told = _(plain)
    return labels(language()).get(plain, plain) if told == plain and language() != "en" else told


def number(value: int) -> str:
    """A number with the reader's separators: "1,024"."""
    return str(format_decimal(value, locale=locale()))


_NOUNS = {
    "claim": lambda n: ngettext("%(n)s claim", "%(n)s claims", n),
    "document": lambda n: ngettext("%(n)s document", "%(n)s documents", n),
    "row": lambda n: ngettext("%(n)s row", "%(n)s rows", n),
    "triple": lambda n: ngettext("%(n)s triple", "%(n)s triples", n),
    "figure": lambda n: ngettext("%(n)s figure", "%(n)s figures", n),
    "source": lambda n: ngettext("%(n)s independent source", "%(n)s independent sources", n),
    "name": lambda n: ngettext("%(n)s name", "%(n)s names", n),
    "event": lambda n: ngettext("%(n)s event", "%(n)s events", n),
    "contradiction": lambda n: ngettext("%(n)s contradiction", "%(n)s contradictions", n),
}


def plural(count: int, noun: str) -> str:
    """A number and its noun: "1 claim", "1,024 claims"."""
    form = _NOUNS[noun](count) if noun in _NOUNS else f"%(n)s {noun}" + ("" if count == 1 else "s")
    return form % {"n": number(count)}


def more_than(count: int, most: int, noun: str) -> str:
    """The same of what was counted up to ``most`` only: "more than 10,000 triples"."""
    return plural(count, noun) if count <= most else _("more than %(n)s") % {"n": plural(most, noun)}
