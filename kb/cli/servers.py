"""``kb serve``: the site and the endpoint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from kb.cli.terminal import StoreOption
from kb.endpoint import ANONYMOUS, Limits, Settings, Updates
from kb.resources import DEFAULT_BASE
from kb.store import default_folder

_MIB = 1024 * 1024

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
    ] = 32,
    updates: Annotated[
        Updates,
        typer.Option(
            envvar="KB_UPDATES",
            metavar="off|own|all",
            help="Which graphs tokens of the role admin may write: none; all but Factline's own; all.",
        ),
    ] = Updates.OFF,
    store: StoreOption = None,
) -> None:
    """Serve the site and the SPARQL endpoint, until Ctrl+C. What is added meanwhile shows up by itself.

    Examples:

      kb serve

      kb serve --host 0.0.0.0 --port 8080 --store /srv/factline

      kb serve --timeout 10 --max-memory 512 --workers 4
    """
    limits = Limits(timeout, max_rows, max_result * _MIB, max_memory * _MIB)
    settings = Settings({ANONYMOUS: limits}, queue=queue, updates=updates)
    if workers:
        settings = replace(settings, workers=workers)
    start(store or default_folder(), host, port, settings)


def start(folder: Path, host: str, port: int, settings: Settings | None = None) -> None:
    """Serve until interrupted."""
    # The web framework takes half a second to import, which the help can do without.
    from kb.web import server  # noqa: PLC0415

    server.serve(folder, host, port, settings)
