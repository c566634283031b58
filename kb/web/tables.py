"""Rows for people: every term linked to its page, and the columns of a named query drawn together where they belong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from kb.web.wording import day_of, range_words, span_of, words

SHOWN = 1000
"""How many rows a page shows at most; it says so when there are more."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float")}
_DAYS = {_XSD + name for name in ("date", "dateTime")}

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Term = NamedNode | Literal | BlankNode | Triple
Row = dict[str, Term | None]


@dataclass(frozen=True)
class Cell:
    """One value: its text, the IRI that it links to, the CSS class of its kind, its language tag.

    ``note`` is set in small type behind it; ``chain`` are cells that follow it, each after ``mark``.
    """

    text: str = ""
    iri: str | None = None
    style: str = ""
    language: str | None = None
    note: str | None = None
    chain: tuple[Cell, ...] = ()
    mark: str = "←"


@dataclass(frozen=True)
class Table:
    """Columns and rows as a page shows them.

    ``more`` says that rows were left out, ``empty`` names columns that are left out because no row has a value there,
    ``truth`` is the answer of ASK.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    more: bool = False
    truth: bool | None = None
    empty: tuple[str, ...] = ()


def table_of(found: QuerySolutions | QueryBoolean, shown: int = SHOWN) -> Table:
    """The first rows of a SELECT as they are, or the answer of an ASK."""
    if isinstance(found, QueryBoolean):
        return Table(truth=bool(found))
    rows, more = first_rows(found, shown)
    columns = tuple(variable.value for variable in found.variables)
    return Table(columns, tuple(tuple(cell(term) for term in row.values()) for row in rows), more)


def first_rows(found: QuerySolutions, shown: int = SHOWN) -> tuple[list[Row], bool]:
    """The first rows by column name, and whether there are more."""
    names = [variable.value for variable in found.variables]
    rows: list[Row] = []
    for solution in found:
        if len(rows) == shown:
            return rows, True
        rows.append({name: solution[name] for name in names})
    return rows, False


def cell(term: Term | None) -> Cell:
    """One RDF term."""
    if term is None:
        return Cell(style="empty")
    if isinstance(term, NamedNode):
        return Cell(term.value, term.value, "iri")
    if not isinstance(term, Literal):
        return Cell(str(term), style="mono")
    kind = term.datatype.value
    style = "number" if kind in _NUMBERS else "date" if kind in _DAYS else "prose" if len(term.value) > 60 else ""
    return Cell(term.value, style=style, language=term.language)


# Columns that are drawn into one, under the name of the first: where the first two are there.
_JOINED = {
    "minimum": ("count", ("minimum", "maximum", "hedge", "count")),
    "earliest": ("when", ("earliest", "latest")),
    "source": ("source", ("source", "relay", "publisher")),
    "origin": ("route", ("origin", "destination")),
}
# Columns that a page tells in another way, where the column that tells it is there.
_TOLD = {
    "claim": "quote",  # the quote and the number link to it
    "document": "published",  # the date links to it
    "victim_class": "victims",
    "start": "quote",
}
# A label links to what it is the label of, instead of a column of addresses.
_LABELLED = ("actor", "event")
# Where another modality than "asserted" is set as a note.
_MODAL = ("harm", "phase", "group")


def readable(columns: Sequence[str], rows: Sequence[Row], more: bool) -> Table:
    """The rows of a named query for people.

    A range is drawn in words and links to its claim, one click from the quote. Two dates are drawn as one span, source
    and relays as a chain that ends with the publisher, origin and destination as a route. A column whose IRI stands in
    another (``place``, ``place_iri``) becomes a link. "Asserted" goes without saying; another modality is a note.
    """
    known = set(columns)
    heads = {head: parts for head, (_, parts) in _JOINED.items() if set(parts[:2]) <= known}
    hidden = {part for head, parts in heads.items() for part in parts if part != head}
    hidden |= {name for name, other in _TOLD.items() if other in known}
    hidden |= {name for name in columns if name.endswith("_iri") and name.removesuffix("_iri") in known}
    if "label" in known:
        hidden |= known & set(_LABELLED)
    modal = next((name for name in _MODAL if name in known and "modality" in known), None)
    if modal:
        hidden.add("modality")
    drawn = {
        _JOINED[name][0] if name in heads else name: [_readable(name, row, heads, modal) for row in rows]
        for name in columns
        if name not in hidden
    }
    empty = tuple(
        title for title, cells in drawn.items() if rows and not any(each.text or each.chain for each in cells)
    )
    titles = tuple(title for title in drawn if title not in empty)
    return Table(titles, tuple(zip(*(drawn[title] for title in titles), strict=True)), more, empty=empty)


def _readable(name: str, row: Row, heads: Mapping[str, Sequence[str]], modal: str | None) -> Cell:
    if name in heads:
        return {"minimum": _count, "earliest": _time, "source": _chain, "origin": _route}[name](row)
    if name == "published":
        return _published(row)
    found = _linked(name, row)
    if name in {"quote", "claims"} or found.style == "number":
        found = replace(found, iri=found.iri or _iri(row, "claim"))
    if name == "victims" and (kind := _text(row, "victim_class")) not in {None, found.text, "unknown"}:
        found = replace(found, note=words(kind or ""))
    if name == modal and (modality := _text(row, "modality")) != "asserted":
        found = replace(found, text=found.text or "–", note=modality)
    if _DAY.fullmatch(found.text):
        found = replace(found, text=day_of(found.text), style="date")
    return replace(found, style="prose") if name == "quote" else found


def _linked(name: str, row: Row) -> Cell:
    """A value as a link to the node whose IRI stands in the column beside it."""
    found = cell(row.get(name))
    beside = _LABELLED if name == "label" else (name + "_iri",)
    return replace(found, iri=found.iri or next((iri for other in beside if (iri := _iri(row, other))), None))


def _count(row: Row) -> Cell:
    range_ = range_words(_text(row, "minimum"), _text(row, "maximum"), _text(row, "hedge"), _text(row, "count"))
    return Cell(range_, _iri(row, "claim"), "number") if range_ else Cell(style="empty")


def _time(row: Row) -> Cell:
    span = span_of(_text(row, "earliest"), _text(row, "latest"))
    return Cell(span, style="date" if span else "empty")


def _published(row: Row) -> Cell:
    day = day_of(_text(row, "published")) or ("undated" if "document" in row else "")
    return Cell(day, _iri(row, "document"), "date" if day else "empty")


def _chain(row: Row) -> Cell:
    relay, publisher = _text(row, "relay"), _linked("publisher", row)
    source = _linked("source", row)
    steps = [source] if source.text else []
    steps += [Cell(step) for step in relay.split(" ← ")] if relay else []
    if publisher.text and publisher.text != (steps[-1].text if steps else None):
        steps.append(publisher)
    return replace(steps[0], chain=tuple(steps[1:])) if steps else Cell(style="empty")


def _route(row: Row) -> Cell:
    origin, destination = _linked("origin", row), _linked("destination", row)
    if not destination.text:
        return replace(origin, text=f"from {origin.text}") if origin.text else Cell(style="empty")
    start = origin if origin.text else Cell()
    return replace(start, style="", chain=(destination,), mark="→")


def _iri(row: Row, name: str) -> str | None:
    term = row.get(name)
    return term.value if isinstance(term, NamedNode) else None


def _text(row: Row, name: str) -> str | None:
    term = row.get(name)
    return term.value if isinstance(term, Literal) else None
