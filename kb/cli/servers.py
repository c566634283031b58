"""``kb serve``: the site and the endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from kb.cli.terminal import StoreOption
from kb.resources import DEFAULT_BASE
from kb.store import default_folder

HOST, PORT = urlsplit(DEFAULT_BASE).hostname or "", urlsplit(DEFAULT_BASE).port or 0
"""Where the site is served unless told otherwise: at the default base, so that its IRIs open."""

HostOption = Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="The port; 0 takes any free one.")]


def serve(host: HostOption = HOST, port: PortOption = PORT, store: StoreOption = None) -> None:
    """Serve the site and the SPARQL endpoint, until Ctrl+C. What is added meanwhile shows up by itself.

    Examples:

      kb serve

      kb serve --host 0.0.0.0 --port 8080 --store /srv/factline
    """
    start(store or default_folder(), host, port)


def start(folder: Path, host: str, port: int) -> None:
    """Serve until interrupted."""
    # The web framework takes half a second to import, which the help can do without.
    from kb.web import server  # noqa: PLC0415

    server.serve(folder, host, port)
