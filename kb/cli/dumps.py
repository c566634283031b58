"""``kb export``, ``kb load``, ``kb backup`` and ``kb restore``: copies of the data."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from kb import store as stores
from kb.cli.terminal import OutputOption, StoreOption, counted, output, stdout
from kb.reason import infer
from kb.store import default_folder, open_store
from kb.store.transfer import format_of
from kb.track import track

_COMPRESSED = ".gz"


def export(
    graph: Annotated[
        str | None,
        typer.Argument(
            metavar="[GRAPH]", help="One graph, by its IRI or path such as graph/tracked.", show_default=False
        ),
    ] = None,
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="trig or nquads; for one graph also turtle or ntriples.",
            show_default="by the file's name, or trig",
        ),
    ] = "",
    file: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Write the whole dataset, or one graph, as RDF. A file whose name ends in .gz is compressed.

    Examples:

      kb export --output facts.trig.gz

      kb export graph/tracked --format turtle
    """
    name = format_name or ("trig" if file is None else format_of(file))
    with open_store(store) as opened, output(file) as stream:
        whole = None if graph is None else graph if ":" in graph else opened.iri(graph)
        if file is not None and file.suffix == _COMPRESSED:
            with gzip.GzipFile(filename="", fileobj=stream, mode="wb") as packed:
                stores.dump(opened, cast(BinaryIO, packed), name, whole)
        else:
            stores.dump(opened, stream, name, whole)


def load(
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="A dump made by kb export, or - for stdin.")],
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="trig or nquads.",
            show_default="by the file's name; trig for stdin",
        ),
    ] = "",
    store: StoreOption = None,
) -> None:
    """Take in a dump of another store with the same base, all or nothing. What is there already is left as it is.

    Examples:

      kb load facts.trig.gz

      kb export --store old | kb load - --store new
    """
    with open_store(store, write=True) as opened:
        source = sys.stdin.buffer if str(file) == "-" else file
        loaded = stores.load(opened, source, format_name or None)
        track(opened)
        infer(opened)
        opened.publish()
    known = f", {counted(loaded.unchanged, 'graph')} known already" if loaded.unchanged else ""
    stdout().print(f"{counted(loaded.added, 'graph')} added with {counted(loaded.quads, 'triple')}{known}")


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the backup.", show_default=False)],
    store: StoreOption = None,
) -> None:
    """Copy the store as it was last published to a new folder; writing may go on meanwhile.

    Examples:

      kb backup ~/backups/factline-2022-01-07
    """
    with open_store(store) as opened:
        number = stores.backup(opened, folder)
    stdout().print(f"revision {number} of {opened.path} is in {folder}", markup=False, soft_wrap=True)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="BACKUP", help="A folder that kb backup made.", show_default=False)],
    store: StoreOption = None,
) -> None:
    """Make a store of a backup, in a new folder; nothing is overwritten.

    Examples:

      kb restore ~/backups/factline-2022-01-07 --store ~/factline
    """
    target = store or default_folder()
    number = stores.restore(folder, target)
    stdout().print(f"revision {number} of {folder} is in {target}", markup=False, soft_wrap=True)
