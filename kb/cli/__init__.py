"""The command ``kb``: thin, one module a group of commands; what goes wrong becomes a message and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from kb import __version__
from kb.cli.terminal import complain
from kb.errors import FactlineError

COMMANDS = {
    "demo": ("Start", "demos"),
    "extract": ("Documents", "documents"),
    "add": ("Documents", "documents"),
    "query": ("Questions", "answers"),
    "queries": ("Questions", "answers"),
    "serve": ("Questions", "servers"),
    "review": ("Review", "reviews"),
    "init": ("Upkeep", "stores"),
    "stats": ("Upkeep", "stores"),
    "check": ("Upkeep", "checks"),
    "track": ("Upkeep", "stores"),
    "migrate": ("Upkeep", "migrations"),
    "export": ("Copies", "dumps"),
    "load": ("Copies", "dumps"),
    "backup": ("Copies", "dumps"),
    "restore": ("Copies", "dumps"),
    "token": ("Access", "tokens"),
}
"""Each command with its panel in the help and the module of ``kb.cli`` whose function, or group, of that name it is."""


def command_line(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands; their modules, and what these need, are imported only now."""
    app = typer.Typer(
        name="kb",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Exit codes: 0 done, 1 something in the data was wrong and the rest is done, 2 wrong usage.",
    )
    app.callback()(about)
    for name in names:
        panel, module = COMMANDS[name]
        made = getattr(import_module(f"kb.cli.{module}"), name)
        if isinstance(made, typer.Typer):
            app.add_typer(made, name=name, rich_help_panel=panel)
        else:
            app.command(rich_help_panel=panel)(made)
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"factline {__version__}")
        raise typer.Exit


def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Factline: what reports of a crisis claim, who says so, and the exact words. New here? Run: kb demo"""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line (or the given arguments); always leaves by SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        # A quote that the terminal's encoding lacks must not end the command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # both are text files here
    given = sys.argv[1:] if arguments is None else arguments
    # One command needs a fraction of what all need together; help and misspellings need all.
    names = given[:1] if given and given[0] in COMMANDS else [] if given == ["--version"] else COMMANDS
    try:
        command_line(names)(given, prog_name="kb")
    except FactlineError as error:
        complain(error)
        sys.exit(error.exit_code)
    sys.exit(0)
