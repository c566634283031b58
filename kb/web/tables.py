"""Rows for people: every term linked to its page, and the columns of a named query drawn together where they belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from kb.web.wording import range_words, span_of

SHOWN = 1000
"""How many rows a page shows at most; it says so when there are more."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float")}
_DAYS = {_XSD + name for name in ("date", "dateTime")}

Term = NamedNode | Literal | BlankNode | Triple


@dataclass(frozen=True)
class Cell:
    """One value: its text, the IRI that it links to, the CSS class of its kind, its language tag."""

    text: str = ""
    iri: str | None = None
    style: str = ""
    language: str | None = None


@dataclass(frozen=True)
class Table:
    """Columns and rows as a page shows them; ``more`` says that rows were left out, ``truth`` is the answer of ASK."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    more: bool = False
    truth: bool | None = None


def table_of(found: QuerySolutions | QueryBoolean, shown: int = SHOWN) -> Table:
    """The first rows of a SELECT as they are, or the answer of an ASK."""
    if isinstance(found, QueryBoolean):
        return Table(truth=bool(found))
    rows, more = first_rows(found, shown)
    columns = tuple(variable.value for variable in found.variables)
    return Table(columns, tuple(tuple(cell(term) for term in row.values()) for row in rows), more)


Row = dict[str, Term | None]


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


# Columns that are drawn into one: the first of each is where it stands.
_COUNT = ("minimum", "maximum", "hedge", "count")
_TIME = ("earliest", "latest")
_UNSHOWN = frozenset({"start"})  # where to find the quote: the claim's page shows it


def readable(columns: Sequence[str], rows: Sequence[Row], more: bool) -> Table:
    """The rows of a named query for people.

    A range is drawn in words and links to its claim, one click from the quote; two dates are drawn as one span; a
    column with its IRI in another (``place``, ``place_iri``) becomes a link.
    """
    groups = [group for group in (_COUNT, _TIME) if set(group[:2]) <= set(columns)]
    joined = {name: group for group in groups for name in group}
    shown: list[str] = []
    for name in columns:
        if name in joined:
            if name == joined[name][0]:
                shown.append(name)
        elif name not in _UNSHOWN and not _is_link_of(name, columns):
            shown.append(name)
    titles = tuple(
        {"minimum": "count", "earliest": "when"}.get(name, name) if name in joined else name for name in shown
    )
    body = tuple(tuple(_readable(name, row, joined) for name in shown) for row in rows)
    return Table(titles, body, more)


def _is_link_of(name: str, columns: Sequence[str]) -> bool:
    return name.endswith("_iri") and name.removesuffix("_iri") in columns


def _readable(name: str, row: Row, joined: Mapping[str, tuple[str, ...]]) -> Cell:
    if name in joined:
        return _count(row) if joined[name] is _COUNT else Cell(span_of(_text(row, "earliest"), _text(row, "latest")))
    found, link = cell(row[name]), row.get(name + "_iri")
    if isinstance(link, NamedNode):
        return Cell(found.text, link.value, found.style, found.language)
    claim = row.get("claim")
    if isinstance(claim, NamedNode) and (name == "quote" or found.style == "number"):
        return Cell(found.text, claim.value, found.style, found.language)
    return found


def _count(row: Row) -> Cell:
    claim = row.get("claim")
    words = range_words(_text(row, "minimum"), _text(row, "maximum"), _text(row, "hedge"), _text(row, "count"))
    return Cell(words, claim.value if isinstance(claim, NamedNode) and words else None, "number" if words else "empty")


def _text(row: Row, name: str) -> str | None:
    term = row.get(name)
    return term.value if isinstance(term, Literal) else None
