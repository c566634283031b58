"""Opening a store: a published revision for reading, or the live one for writing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import platformdirs
import pyoxigraph

from kb.errors import StoreError, UsageError
from kb.resources import DEFAULT_BASE
from kb.store import migrate, reference, updates
from kb.store.faults import storage
from kb.store.folder import FORMAT, Folder, Settings, release
from kb.store.store import Store

ENVIRONMENT = "KB_STORE"
"""The environment variable that names the store's folder when no folder is given."""

WAIT = "KB_WAIT"
"""The environment variable that says how many seconds a writer waits for another to finish; 5 without it."""


def default_folder() -> Path:
    """``$KB_STORE``, else ``store`` in the user's data folder for factline."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else platformdirs.user_data_path("factline") / "store"


def open_store(
    folder: Path | str | None = None,
    *,
    write: bool = False,
    create: bool = False,
    base: str | None = None,
    wait: float | None = None,
) -> Store:
    """Opens the store in ``folder`` (default: ``default_folder()``); use the result in a ``with`` block.

    ``write`` takes the writer's lock, for which it waits up to ``wait`` seconds (default: ``patience()``); ``create``
    makes a store where there is none (it implies ``write``) under ``base`` (default ``DEFAULT_BASE``; it ends in a
    slash).

    Raises StoreMissingError where there is none, StoreLockedError while another process writes, StoreError for a
    folder that is no store, a later format, damage, a full or read-only disk, a base that is not the store's and, for
    writing, one that needs ``kb migrate`` first, and UsageError for a base that cannot be one.
    """
    where = Folder(Path(folder) if folder is not None else default_folder())
    if base is not None:
        check_base(base)
    with storage(where.path, "open"):
        if write or create:
            return _open_writer(where, create, base, patience() if wait is None else wait)
        where.require()
        return _open_reader(where)


def open_to_migrate(folder: Path | str | None = None) -> Store:
    """Opens a store for ``migrate.migrate``, for writing, however old what it holds is; its reference data stay old.

    What was recorded but not published is published first, so that a backup has it. Raises what ``open_store`` does.
    """
    where = Folder(Path(folder) if folder is not None else default_folder())
    where.require()
    with storage(where.path, "open"):
        held = where.lock(patience())
        try:
            store = _open_locked(where, held, None)
            store.publish()
        except BaseException:
            release(held)
            raise
        return store


def bring_reference(store: Store) -> bool:
    """Replaces ontology, reference data and shapes by those of this release; whether they were others."""
    if store.note("reference") == reference.fingerprint():
        return False
    for graph, triples in reference.graphs(store.base).items():
        store.replace_graph(graph, triples)
    store.set_note("reference", reference.fingerprint())
    return True


def patience() -> float:
    """Seconds that a writer waits for another: a server, for one, holds the lock for an instant at each write.

    Raises UsageError when the environment variable is no number.
    """
    given = os.environ.get(WAIT, "5")
    try:
        return max(0.0, float(given))
    except ValueError:
        raise UsageError(f"{WAIT} is a number of seconds, not {given!r}") from None


def check_base(base: str) -> None:
    """Raises UsageError unless ``base`` can be the base IRI of a store."""
    try:
        pyoxigraph.NamedNode(base)
    except ValueError as error:
        raise UsageError(f"the base {base!r} is not an IRI: {error}") from error
    if not base.startswith(("http://", "https://")) or not base.endswith("/") or "?" in base or "#" in base:
        raise UsageError(f"the base {base!r} has to be an http address that ends in a slash, such as {DEFAULT_BASE}")


def _open_reader(where: Folder) -> Store:
    where.settings()  # a later format is refused before the engine looks at the files
    number, held = where.hold_current()
    try:
        engine = pyoxigraph.Store.read_only(str(where.revision(number)))
    except (OSError, RuntimeError):
        os.close(held)
        raise
    return Store(where, engine, number, held, writable=False)


def _open_writer(where: Folder, create: bool, base: str | None, wait: float) -> Store:
    if create:
        where.is_store()  # refuses a folder that is something else before anything is made
        where.path.mkdir(parents=True, exist_ok=True)
    else:
        where.require()
    held = where.lock(wait)
    try:
        store = _open_locked(where, held, base)
        migrate.require_current(store.engine, store.base, where.path)
        if bring_reference(store) or not store.revision:
            store.publish()
    except BaseException:
        release(held)
        raise
    return store


def _open_locked(where: Folder, held: int, base: str | None) -> Store:
    if not where.is_store():
        where.write_settings(Settings(format=FORMAT, base=base or DEFAULT_BASE))
    settings = where.settings()
    if base is not None and base != settings.base:
        raise StoreError(f"the store {where.path} has the base {settings.base}, not {base}; a base cannot be changed")
    where.tidy()
    number = where.current() or 0
    if number and not where.live.exists():
        _revive(where, number)
    engine = pyoxigraph.Store(str(where.live))
    engine.remove_graph(updates.REMOVED)  # of a killed writer: what it holds is still where it was to be removed from
    return Store(where, engine, number, held, writable=True)


def _revive(where: Folder, number: int) -> None:
    """Makes the live files anew from the newest revision (after a restore, or when they were deleted as damaged)."""
    staging = where.path / "staging-live"
    shutil.copytree(where.revision(number), staging)
    # What the derived graphs were made from was said of the files that are gone.
    where.write_settings(where.settings().model_copy(update={"notes": {}}))
    staging.rename(where.live)
