"""Query results as a table that people read, on a screen of any width and in a pipe.

Nothing is cut off. Where the columns do not fit beside each other, the widest of them (a quote, an IRI) go beneath
their row, each with its name.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from kb.store import PREFIXES

PIPE_WIDTH = 160
"""The width in characters that a table keeps to where there is no screen; what goes beneath a row may be longer."""

GAP = "  "
MARGIN = "    "
UNBOUND = "–"
LINK = "_iri"

_XSD = PREFIXES["xsd"]
_NUMBERS = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long"))
# What an article may hold and a terminal obeys.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LOCAL_NAME = re.compile(r"[\w.-]*[\w-]")
_LONG = 40  # a text longer than this goes beneath its row before others do, on lines of its own

Term = NamedNode | Literal | BlankNode | Triple | None


@dataclass(frozen=True)
class Column:
    """One column: name, cells as text, whether they are numbers or IRIs."""

    name: str
    cells: tuple[str, ...]
    numeric: bool = False
    iri: bool = False

    @cached_property
    def width(self) -> int:
        """The width of the widest cell, or of the name."""
        return max(map(cell_len, (self.name, *self.cells)))

    @property
    def empty(self) -> bool:
        """Whether no row has a value here."""
        return all(cell == UNBOUND for cell in self.cells)

    def padded(self, text: str) -> str:
        """The text at the width of the column, numbers to the right."""
        space = " " * (self.width - cell_len(text))
        return space + text if self.numeric else text + space


def shorten(iri: str, base: str) -> str:
    """An IRI as people read it: without the store's base (``claim/…``), or with a prefix (``kb:Killed``)."""
    if base and iri.startswith(base) and iri != base:
        return iri[len(base) :]
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def cell(term: Term, base: str) -> str:
    """One term on one line, without anything that a terminal would obey."""
    if term is None:
        return UNBOUND
    text = (
        shorten(term.value, base)
        if isinstance(term, NamedNode)
        else term.value
        if isinstance(term, Literal)
        else str(term)
    )
    return plain(text)


def plain(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    return _CONTROL.sub(" ", text)


def columns(results: QuerySolutions, base: str) -> list[Column]:
    """The columns of all rows, but for the IRIs (``place_iri``) of what another column names (``place``)."""
    names = {variable.value for variable in results.variables}
    rows = [list(solution) for solution in results]
    found = []
    for index, variable in enumerate(results.variables):
        if variable.value.removesuffix(LINK) in names - {variable.value}:
            continue
        terms = [row[index] for row in rows]
        given = [term for term in terms if term is not None]
        numeric = bool(given) and all(isinstance(term, Literal) and term.datatype.value in _NUMBERS for term in given)
        iri = bool(given) and all(isinstance(term, NamedNode) for term in given)
        found.append(Column(variable.value, tuple(cell(term, base) for term in terms), numeric, iri))
    return found


def print_results(results: QuerySolutions | QueryBoolean, console: Console, base: str = "") -> None:
    """Print rows, or yes or no, to the console; ``base`` is left out of IRIs."""
    if isinstance(results, QueryBoolean):
        console.print("yes" if results else "no")
    else:
        print_columns(columns(results, base), console)


def print_columns(found: Sequence[Column], console: Console) -> None:
    """Print a table to the console."""
    width = console.width if console.is_terminal else PIPE_WIDTH
    count = len(found[0].cells) if found else 0
    for line in lines(found, count, width, wrap=console.is_terminal):
        console.print(line, soft_wrap=True, highlight=False)


def lines(found: Sequence[Column], count: int, width: int, *, wrap: bool) -> Iterator[Text]:
    """The lines of the table; ``wrap`` folds what goes beneath a row at ``width``."""
    if not count:
        yield Text("no rows", style="dim")
        return
    beside, beneath, empty = arrange(found, width)
    yield Text(_joined(column.padded(column.name) for column in beside), style="bold")
    yield Text("─" * cell_len(_joined(column.padded("") for column in beside) or "─"), style="dim")
    for index in range(count):
        yield Text(_joined(column.padded(column.cells[index]) for column in beside).rstrip())
        yield from _below(beneath, index, width if wrap else None)
    yield Text(f"{count} row{'' if count == 1 else 's'}", style="dim")
    if empty:
        yield Text(f"no values: {', '.join(column.name for column in empty)}", style="dim")


def arrange(found: Sequence[Column], width: int) -> tuple[list[Column], list[Column], list[Column]]:
    """The columns that stand beside each other, those beneath their row, and those left out because they are empty.

    All stand beside each other if they fit. Otherwise empty ones are only named, and beneath the row go first the long
    texts, then the IRIs, then the last columns: what a query gives first is what it is about.
    """
    if _total(found) <= width:
        return list(found), [], []
    empty = [column for column in found if column.empty]
    beside = [column for column in found if not column.empty]
    going = sorted(beside, key=lambda column: (column.width <= _LONG, not column.iri, -found.index(column)))
    for column in going:
        if _total(beside) <= width or len(beside) == 1:
            break
        if column in beside:
            beside.remove(column)
    return beside, [column for column in found if column not in beside and column not in empty], empty


def _total(found: Sequence[Column]) -> int:
    return sum(column.width + len(GAP) for column in found) - len(GAP)


def _joined(cells: Iterable[str]) -> str:
    return GAP.join(cells)


def _below(beneath: Sequence[Column], index: int, width: int | None) -> Iterator[Text]:
    """What goes beneath one row: long texts on lines of their own, short ones together; each after its name."""
    given = [column for column in beneath if column.cells[index] != UNBOUND]
    for column in (column for column in given if column.width > _LONG):
        head = f"{MARGIN}{column.name}{GAP}"
        room = max(width - len(head), _LONG) if width else None
        folded = textwrap.wrap(column.cells[index], room, break_on_hyphens=False) if room else [column.cells[index]]
        for number, part in enumerate(folded):
            yield Text.assemble((head if number == 0 else " " * len(head), "dim"), (part, _style(column.name)))
    line = Text(MARGIN)
    for column in (column for column in given if column.width <= _LONG):
        added = Text.assemble((f"{column.name} ", "dim"), column.cells[index], GAP)
        if width and len(line) > len(MARGIN) and line.cell_len + added.cell_len > width:
            yield line
            line = Text(MARGIN)
        line.append_text(added)
    line.rstrip()
    if line:
        yield line


def _style(name: str) -> str:
    return "italic" if name in {"quote", "label", "summary"} else ""
