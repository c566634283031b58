"""Whole stores in and out: dumps of the dataset as RDF, and backups of the folder."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple

from kb.errors import StoreError, UsageError
from kb.store import migrate
from kb.store.faults import storage
from kb.store.folder import Folder, replace, sync
from kb.store.reader import PREFIXES
from kb.store.store import Store

DATASET_FORMATS = {"trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS}
"""Formats of a whole dataset, by their names on the command line."""

GRAPH_FORMATS = {**DATASET_FORMATS, "turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES}
"""Formats of a single graph."""

_SUFFIXES = {".trig": "trig", ".nq": "nquads", ".nquads": "nquads", ".ttl": "turtle", ".nt": "ntriples"}
_FOREIGN = re.compile(
    r"(.*/)(?:document/[0-9a-f]{20}/graph|graph/(?:reference|shapes|tracked|curation|inferred(?:-tracked)?))"
)
_MADE_ANEW = ("graph/reference", "graph/shapes", "graph/inferred", "graph/inferred-tracked")
_DERIVED = ("graph/tracked",)
_ADDED_TO = ("graph/curation",)


@dataclass(frozen=True)
class Loaded:
    """How many graphs a dump brought, how many the store had already, and how many quads were added."""

    added: int
    unchanged: int
    quads: int


def format_of(path: Path) -> str:
    """The name of the format that a file's name says, ".gz" aside; raises UsageError when it says none."""
    name = path.with_suffix("") if path.suffix == ".gz" else path
    try:
        return _SUFFIXES[name.suffix]
    except KeyError:
        known = ", ".join(f"{suffix}, {suffix}.gz" for suffix in _SUFFIXES)
        raise UsageError(f"the name {path} does not say the format of its data; use one of {known}") from None


def dump(store: Store, output: BinaryIO | Path, format_name: str | None = None, graph: str | None = None) -> None:
    """Writes all named graphs, or one, to a stream or file (compressed when its name ends in ``.gz``).

    ``format_name`` is a key of ``DATASET_FORMATS`` (of ``GRAPH_FORMATS`` for one graph); a file's name says it
    otherwise. Raises UsageError for an unknown format or graph, StoreError when the file cannot be written.
    """
    name = format_name or (format_of(output) if isinstance(output, Path) else "trig")
    formats = DATASET_FORMATS if graph is None else GRAPH_FORMATS
    if name not in formats:
        raise UsageError(f"{name!r} is no format for this; use one of {', '.join(formats)}")
    if graph is not None and not store.has_graph(graph):
        raise UsageError(f"the store has no graph {graph}")
    with storage(store.path, "export"), ExitStack() as stack:
        stream = stack.enter_context(_writing(output)) if isinstance(output, Path) else output
        quads = store.quads(graph=NamedNode(graph)) if graph is not None else _by_graph(store)
        if formats[name].supports_datasets:
            pyoxigraph.serialize(quads, stream, formats[name], prefixes=PREFIXES)
        else:
            pyoxigraph.serialize((quad.triple for quad in quads), stream, formats[name], prefixes=PREFIXES)


def _writing(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "wb")) if path.suffix == ".gz" else path.open("wb")


def _by_graph(store: Store) -> Iterator[Quad]:
    # TriG names a graph anew wherever it changes.
    for graph in store.graphs():
        yield from store.quads(graph=NamedNode(graph))


def load(store: Store, source: BinaryIO | Path, format_name: str | None = None) -> Loaded:
    """Takes in the graphs of a dump, all or none. The caller tracks and publishes.

    Documents that the store has already are left as they are. The reference data of the dump give way to those of this
    release; derived graphs are taken only where the store has none; decisions of people are added. A dump of an older
    release is migrated on the way, unless it leaves out the reference data, which say its version. Raises StoreError
    for data that do not parse, a dump of a later release or of another base, triples outside any graph, and a document
    that the store has with other content.
    """
    name = format_name or (format_of(source) if isinstance(source, Path) else "trig")
    if name not in DATASET_FORMATS:
        raise UsageError(f"a dump is read as {' or '.join(DATASET_FORMATS)}, not {name!r}")
    with tempfile.TemporaryDirectory(prefix="staging-", dir=store.path) as staging, storage(store.path, "load into"):
        staged = pyoxigraph.Store(staging)
        _stage(staged, source, DATASET_FORMATS[name])
        _refuse_foreign(store, staged)
        migrate.migrate_staged(staged, store.base)
        wanted, unchanged = _wanted(store, staged)
        quads = sum(1 for graph in wanted for _ in staged.quads_for_pattern(None, None, None, graph))
        if wanted:
            store.extend(quad for graph in wanted for quad in staged.quads_for_pattern(None, None, None, graph))
        del staged
    return Loaded(len(wanted), unchanged, quads)


def _stage(staged: pyoxigraph.Store, source: BinaryIO | Path, data_format: RdfFormat) -> None:
    shown = source if isinstance(source, Path) else "the input"
    try:
        with ExitStack() as stack:
            stream = stack.enter_context(_reading(source)) if isinstance(source, Path) else source
            staged.bulk_load(stream, data_format)
    except FileNotFoundError as error:
        raise StoreError(f"there is no file {shown}") from error
    except (SyntaxError, EOFError, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise StoreError(f"{shown} does not parse: {error}; nothing was loaded") from error


def _reading(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _refuse_foreign(store: Store, staged: pyoxigraph.Store) -> None:
    for graph in staged.named_graphs():
        found = _FOREIGN.fullmatch(graph.value)
        if found and found[1] != store.base:
            raise StoreError(
                f"this is a dump of a store with the base {found[1]}, and this one has {store.base}; "
                f"load it into a new store: kb init --base {found[1]}"
            )
    for quad in staged.quads_for_pattern(None, None, None, DefaultGraph()):
        everywhere = staged.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(isinstance(other.graph_name, DefaultGraph) for other in everywhere):
            raise StoreError(f"the dump has a triple outside any graph, which cannot be recorded: {quad}")


def _wanted(store: Store, staged: pyoxigraph.Store) -> tuple[list[NamedNode], int]:
    wanted: list[NamedNode] = []
    unchanged = 0
    for graph in sorted((graph for graph in staged.named_graphs() if isinstance(graph, NamedNode)), key=str):
        local = graph.value.removeprefix(store.base)
        if local in _MADE_ANEW or (local in _DERIVED and store.has_graph(graph.value)):
            continue
        if local in _ADDED_TO or not store.has_graph(graph.value):
            wanted.append(graph)
        elif _triples(staged, graph) == {quad.triple for quad in store.quads(graph=graph)}:
            unchanged += 1
        else:
            raise StoreError(f"the store has the graph {graph.value} with other content; nothing was loaded")
    return wanted, unchanged


def _triples(engine: pyoxigraph.Store, graph: NamedNode) -> set[Triple]:
    return {quad.triple for quad in engine.quads_for_pattern(None, None, None, graph)}


def backup(store: Store, target: Path) -> int:
    """Copies the newest published revision to a new folder; returns its number. A writer may go on meanwhile.

    The copy is a store itself: it can be opened for reading as it is, and ``restore`` makes a working store of it.
    """
    with storage(target, "write the backup to"):
        number, held = store.folder.hold_current()
        try:
            _copy(store.folder, number, target)
        finally:
            os.close(held)
    return number


def restore(source: Path, target: Path) -> int:
    """Makes a store in the new folder ``target`` of a backup; returns the revision's number.

    Raises StoreError when ``target`` is not empty or ``source`` is no intact backup.
    """
    where = Folder(source)
    where.require()
    with storage(target, "restore to"):
        number, held = where.hold_current()
        try:
            pyoxigraph.Store.read_only(str(where.revision(number)))  # damage shows here, before anything is made
            _copy(where, number, target)
        finally:
            os.close(held)
    return number


def _copy(source: Folder, number: int, target: Path) -> None:
    _refuse_filled(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        copied = Folder(fresh)
        shutil.copytree(source.revision(number), copied.revision(number))
        # Without notes: they are of the live files, which may be further on than the revision.
        copied.write_settings(source.settings().model_copy(update={"notes": {}}))
        replace(fresh / "current", f"{number}\n")
        _sync_tree(fresh)
        fresh.chmod(0o755)
        fresh.rename(target)  # over an empty folder or where there is none
        sync(target.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _refuse_filled(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError(f"{target} is there already and not empty; nothing is overwritten: name a new folder")


def _sync_tree(folder: Path) -> None:
    for root, _, files in os.walk(folder):
        for name in files:
            with (Path(root) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync(Path(root))
