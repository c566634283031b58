"""``kb serve`` and ``kb demo``: the site and the endpoint."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from kb.cli.documents import record, summary
from kb.cli.stores import exists
from kb.cli.terminal import StoreOption, stdout
from kb.read import read
from kb.resources import DEFAULT_BASE
from kb.store import default_folder, open_store

DISPATCHES = Path(__file__).resolve().parents[1] / "demo"
"""The bundled example reports."""

_HOST, _PORT = urlsplit(DEFAULT_BASE).hostname or "", urlsplit(DEFAULT_BASE).port or 0

HostOption = Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="The port; 0 takes any free one.")]


def serve(host: HostOption = _HOST, port: PortOption = _PORT, store: StoreOption = None) -> None:
    """Serve the site and the SPARQL endpoint, until Ctrl+C. What is added meanwhile shows up by itself.

    Examples:

      kb serve

      kb serve --host 0.0.0.0 --port 8080 --store /srv/factline
    """
    _serve(store or default_folder(), host, port)


def _serve(folder: Path, host: str, port: int) -> None:
    # Half a second of imports that no other command needs.
    from kb.web import server  # noqa: PLC0415

    server.serve(folder, host, port)


def demo(
    port: PortOption = _PORT,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Build the knowledge base and stop there.")] = False,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="DIR", help="Build it here and keep it; without it, in a temporary folder."),
    ] = None,
) -> None:
    """Build a knowledge base from the bundled reports on Kazakhstan, January 2022, and serve it.

    Examples:

      kb demo

      kb demo --port 8080 --store ./demo
    """
    with _folder(store, keep=no_serve) as folder:
        address = f"http://{_HOST}:{port or _PORT}/"
        with open_store(folder, create=True, base=None if exists(folder) else address) as opened:
            report = record(opened, read([DISPATCHES]))
            base = opened.base
        console = stdout()
        for line in (summary(report), "", *_things_to_try(base, folder, no_serve)):
            console.print(line, markup=False, soft_wrap=True)
        if not no_serve:
            _serve(folder, _HOST, port)


@contextmanager
def _folder(given: Path | None, *, keep: bool) -> Iterator[Path]:
    """The folder to build in: the given one, or a temporary one that goes away with the server."""
    if given is not None:
        yield given
    elif keep:
        yield Path(tempfile.mkdtemp(prefix="factline-demo-"))
    else:
        with tempfile.TemporaryDirectory(prefix="factline-demo-") as name:
            yield Path(name)


def _things_to_try(base: str, folder: Path, no_serve: bool) -> Iterator[str]:
    if no_serve:
        yield f"The store is in {folder}. Three things to try:"
        yield f"  kb query casualties --param place=Almaty --store {folder}"
        yield f"  kb query deployments --param destination=Kazakhstan --store {folder}"
        yield f"  kb serve --store {folder}"
        return
    yield "Three things to try:"
    yield f"  Who counted the dead of Almaty, and how:  {base}queries/casualties?place=Almaty&harm=killed"
    yield f"  All that is known of the place:           {base}place/kz/almaty"
    yield f"  The same in another terminal:             kb query casualties --param place=Almaty --store {folder}"
    yield ""
