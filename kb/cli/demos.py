"""``kb demo``: a knowledge base to look at, from the bundled example reports."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.documents import record, summary
from kb.cli.servers import HOST, PORT, PortOption, start
from kb.cli.terminal import exists, stdout
from kb.read import read
from kb.store import open_store

DISPATCHES = Path(__file__).resolve().parents[1] / "demo"
"""The bundled example reports."""


def demo(
    port: PortOption = PORT,
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
        address = f"http://{HOST}:{port or PORT}/"
        with open_store(folder, create=True, base=None if exists(folder) else address) as opened:
            report = record(opened, read([DISPATCHES]))
            base = opened.base
        console = stdout()
        for line in (summary(report), "", *_things_to_try(base, folder, no_serve)):
            console.print(line, markup=False, soft_wrap=True)
        if not no_serve:
            start(folder, HOST, port)


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
