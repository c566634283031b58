"""``kb query`` and ``kb queries``: asking the store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QueryTriples
from rich.text import Text

from kb import results
from kb.cli.terminal import OutputOption, StoreOption, note, output, stdout, text_output
from kb.errors import UsageError
from kb.queries import Answer, NamedQuery, catalogue, find, parse_given, parse_query, run_query
from kb.search import Quotes
from kb.store import Store, open_store
from kb.table import print_results

_FILES = (".rq", ".sparql", ".ru")


def query(
    what: Annotated[
        str, typer.Argument(metavar="NAME|FILE.rq|-", help="A named query, a file of SPARQL, or - for stdin.")
    ],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter; may be repeated.", show_default=False),
    ] = None,
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, csv, tsv, json, xml; for CONSTRUCT turtle, trig, ntriples, nquads, jsonld, rdfxml.",
            show_default="table, or turtle",
        ),
    ] = "",
    file: OutputOption = None,
    show: Annotated[
        bool, typer.Option("--show", help="Print the SPARQL with its parameters in place; do not run it.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the query as the planner has it run; do not run it.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Ask a named query, or any SPARQL query.

    Examples:

      kb query casualties --param place=Almaty

      kb query deployments -p contributor=Russia --format csv > deployments.csv

      echo 'SELECT * { ?claim a kb:CasualtyClaim } LIMIT 5' | kb query -
    """
    given = parse_given(param or [])
    wanted = _query(what, given)
    with open_store(store) as opened:
        opened.texts = Quotes(opened)
        answer = run_query(opened, wanted, given)
        for line in answer.notes:
            note(line)
        if show:
            stdout().print(answer.sparql, markup=False, soft_wrap=True)
        elif explain:
            stdout().print(opened.explain(answer.sparql).explained, markup=False, soft_wrap=True, end="")
        else:
            _write(answer, opened, format_name, file)


def _query(what: str, given: dict[str, str]) -> NamedQuery:
    """A named query, or that of a file or of standard input."""
    if what == "-":
        text, name = sys.stdin.buffer.read(), "<stdin>"
    elif what.endswith(_FILES) or "/" in what:
        text, name = _read(Path(what)), what
    else:
        found = find(what)
        found.check(given)
        return found
    try:
        return parse_query(name, text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not UTF-8 at byte {error.start}; SPARQL is written in UTF-8") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the query cannot be read: {error.strerror}") from error


def _write(answer: Answer, store: Store, format_name: str, file: Path | None) -> None:
    found = answer.results
    if isinstance(found, QueryTriples) or format_name not in ("", "table"):
        with output(file) as stream:
            results.write(found, format_name or "turtle", stream)
            if file is None and sys.stdout.isatty():
                stream.write(b"\n")
    else:
        with text_output(file) as console:
            print_results(found, console, store.base)


def queries(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Show all of one query.", show_default=False)
    ] = None,
) -> None:
    """List the named queries with their parameters, or show one with its columns and its SPARQL.

    Examples:

      kb queries

      kb queries casualties
    """
    console = stdout()
    if name is None:
        for each in catalogue().values():
            console.print(_line(each), soft_wrap=not console.is_terminal)
        console.print("\nkb queries NAME shows one; kb query NAME --param PARAMETER=VALUE runs it.", style="dim")
    else:
        for line in _whole(find(name)):
            console.print(line, soft_wrap=not console.is_terminal)


def _line(found: NamedQuery) -> Text:
    parameters = " ".join(f"{each}*" if found.parameters[each].required else each for each in found.parameters)
    return Text.assemble((f"{found.name:<14}", "bold"), found.summary, ("\n" + " " * 14 + parameters, "dim"))


def _whole(found: NamedQuery) -> Iterator[Text]:
    yield Text.assemble((found.name, "bold"), f": {found.summary}\n{found.description}\n")
    yield Text("Parameters" if found.parameters else "No parameters", style="bold")
    for each in found.parameters.values():
        kind = f"({each.type}, required)" if each.required else f"({each.type})"
        yield Text.assemble(f"  {each.name:<14}", (kind, "dim"), f" {each.description}; for example {each.example}")
    yield Text("\nColumns", style="bold")
    for column, meaning in found.columns.items():
        yield Text(f"  {column:<16}{meaning}")
    yield Text("\nSPARQL", style="bold")
    yield Text(found.sparql)
