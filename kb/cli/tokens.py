"""``kb token``: who may do more than read over HTTP."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kb.access import Role, Tokens
from kb.cli.terminal import StoreOption, note, stdout
from kb.errors import UsageError
from kb.store import default_folder

token = typer.Typer(no_args_is_help=True, help="Access tokens for the server: add, list, revoke.")

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Whose it is, or what for; stands beside what is done with it.")
]


@token.command()
def add(
    name: NameArgument,
    role: Annotated[
        Role,
        typer.Option(
            metavar="ROLE",
            help="reader (asks, with limits of its own), reviewer (decides on claims too), or admin (all).",
        ),
    ] = Role.READER,
    store: StoreOption = None,
) -> None:
    """Make a token and print it, once: only a hash of it is kept. Send it as "Authorization: Bearer TOKEN".

    Examples:

      kb token add newsroom --role reviewer

      kb token add ada@example.org --role admin
    """
    typer.echo(Tokens(store or default_folder()).add(name, role))
    note(f"Keep it safe; it is not shown again. {name} is {role.value} from now on, also on a server that runs.")


@token.command("list")
def list_tokens(
    format_name: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="table or json.")] = "table",
    store: StoreOption = None,
) -> None:
    """Name the tokens with their roles, and when each was made.

    Examples:

      kb token list

      kb token list --format json
    """
    if format_name not in ("table", "json"):
        raise UsageError(f"unknown format {format_name!r}; choose one of table, json")
    records = Tokens(store or default_folder()).records()
    if format_name == "json":
        typer.echo(json.dumps([record.model_dump(mode="json", exclude={"digest"}) for record in records]))
        return
    for record in records:
        stdout().print(f"{record.role.value:<10}{record.created:%Y-%m-%d}  {record.name}", markup=False)
    if not records:
        note("There is no token: everybody may read, nobody may write. Make one with kb token add NAME --role ROLE")


@token.command()
def revoke(name: NameArgument, store: StoreOption = None) -> None:
    """End a token, from the next request on, also on a server that runs.

    Examples:

      kb token revoke newsroom
    """
    gone = Tokens(store or default_folder()).revoke(name)
    stdout().print(f"{gone.name} ({gone.role.value}) is revoked", markup=False)
