"""The command ``kb``: thin, one module a group of commands; what goes wrong becomes a message and an exit code."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from kb import __version__
from kb.cli import answers, checks, documents, dumps, servers, stores
from kb.cli.terminal import complain
from kb.errors import FactlineError

app = typer.Typer(
    name="kb",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 something in the data was wrong and the rest is done, 2 wrong usage.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"factline {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Factline: what reports of a crisis claim, who says so, and the exact words. New here? Run: kb demo"""


_COMMANDS = {
    "Start": (servers.demo,),
    "Documents": (documents.extract, documents.add),
    "Questions": (answers.query, answers.queries, servers.serve),
    "Upkeep": (stores.init, stores.stats, checks.check, stores.track),
    "Copies": (dumps.export, dumps.load, dumps.backup, dumps.restore),
}
for _panel, _functions in _COMMANDS.items():
    for _function in _functions:
        app.command(rich_help_panel=_panel)(_function)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line (or the given arguments); always leaves by SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        # A quote that the terminal's encoding lacks must not end the command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # both are text files here
    try:
        app(arguments, prog_name="kb")
    except FactlineError as error:
        complain(error)
        sys.exit(error.exit_code)
    sys.exit(0)
