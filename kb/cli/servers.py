"""``kb serve``: the site and the endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from kb.cli.terminal import StoreOption
from kb.endpoint import ANONYMOUS, NAMED, Limits, Settings, Updates
from kb.endpoint.settings import CLASSES, CURATED, TOKENS
from kb.errors import UsageError
from kb.resources import DEFAULT_BASE
from kb.store import default_folder

_MIB = 1024 * 1024

RATES = ("anonymous:600/minute",)
"""How often callers may ask unless told otherwise."""

HOST, PORT = urlsplit(DEFAULT_BASE).hostname or "", urlsplit(DEFAULT_BASE).port or 0
"""Where the site is served unless told otherwise: at the default base, so that its IRIs open."""

HostOption = Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="The port; 0 takes any free one.")]


def serve(  # noqa: PLR0913, PLR0917 - each is an option
    host: HostOption = HOST,
    port: PortOption = PORT,
    timeout: Annotated[
        float, typer.Option(min=0.1, envvar="KB_TIMEOUT", metavar="SECONDS", help="How long a SPARQL query may run.")
    ] = 30,
    max_rows: Annotated[
        int, typer.Option(min=1, envvar="KB_MAX_ROWS", metavar="ROWS", help="Rows or triples of one answer.")
    ] = 100_000,
    max_result: Annotated[
        int, typer.Option(min=1, envvar="KB_MAX_RESULT", metavar="MIB", help="Size of one answer.")
    ] = 64,
    max_memory: Annotated[
        int, typer.Option(min=64, envvar="KB_MAX_MEMORY", metavar="MIB", help="Memory that a query may take.")
    ] = 1024,
    workers: Annotated[
        int,
        typer.Option(
            min=0, envvar="KB_WORKERS", metavar="N", help="Queries that run at a time; 0 means one a processor."
        ),
    ] = 0,
    queue: Annotated[
        int, typer.Option(min=0, envvar="KB_QUEUE", metavar="N", help="Queries that may wait; more are refused.")
    ] = 128,
    updates: Annotated[
        Updates,
        typer.Option(
            envvar="KB_UPDATES",
            metavar="off|own|all",
            help="Which graphs tokens of the role admin may write: none; all but Factline's own; all.",
        ),
    ] = Updates.OFF,
    limits: Annotated[
        list[str] | None,
        typer.Option(
            envvar="KB_LIMITS",
            metavar="CLASS:LIMITS",
            help="What callers with a token (reader, reviewer, admin) and named queries (named) may take, "
            "as admin:seconds=300,rows=5000.",
            show_default="more than without a token",
        ),
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            envvar="KB_RATE",
            metavar="CLASS:RATE",
            help="How often each caller of a class may ask; this machine itself is not counted.",
            show_default="anonymous:600/minute",
        ),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Serve the site and the SPARQL endpoint, until Ctrl+C. What is added meanwhile shows up by itself.

    Examples:

      kb serve

      kb serve --host 0.0.0.0 --port 8080 --store /srv/factline

      kb serve --timeout 10 --max-memory 512 --workers 4

      kb serve --updates own --limits admin:seconds=120,rows=500000 --rate anonymous:100/minute
    """
    basic = Limits(timeout, max_rows, max_result * _MIB, max_memory * _MIB)
    settings = Settings(_by_class(basic, limits or ()), queue=queue, updates=updates, rates=_rates(rate))
    if workers:
        settings = replace(settings, workers=workers)
    start(store or default_folder(), host, port, settings)


def _by_class(basic: Limits, given: Iterable[str]) -> dict[str, Limits]:
    """The limits of each class: what is given, over what a class has, which is no less than without a token."""
    found = {ANONYMOUS: basic, NAMED: CURATED} | {name: limits.at_least(basic) for name, limits in TOKENS.items()}
    for each in given:
        name, _, text = each.partition(":")
        if name not in {*CLASSES, NAMED}:
            raise UsageError(f"{name!r} is no class of callers; they are {', '.join(CLASSES)}, and {NAMED} for queries")
        found[name] = Limits.read(text, found.get(name, found["reader"]))
    return found


def _rates(given: Iterable[str] | None) -> dict[str, str]:
    return dict(_pair(each) for each in (RATES if given is None else given))


def _pair(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise UsageError(f"{text!r} does not say for whom; write CLASS:RATE, such as anonymous:600/minute")
    return name, value


def start(folder: Path, host: str, port: int, settings: Settings | None = None) -> None:
    """Serve until interrupted."""
    # The web framework takes half a second to import, which the help can do without.
    from kb.web import server  # noqa: PLC0415

    server.serve(folder, host, port, settings)
