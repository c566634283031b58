"""The folder of a store: who may write, which revision is current, what may be deleted.

::

    DIR/store.json       base IRI, format version, and from what the derived graphs were made
    DIR/lock             held (flock) by the one writer, whose process id it contains
    DIR/live/            the engine's own files; only the writer opens them
    DIR/revisions/N/     checkpoints, never changed once published; readers open these, read-only
    DIR/current          the number of the newest published revision, replaced atomically
    DIR/unpublished      there while live/ holds more than the newest revision

A reader holds a shared flock on its revision's folder while it is open, so that pruning takes no files from under it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kb.errors import StoreError, StoreLockedError, StoreMissingError
from kb.store.faults import storage

FORMAT = 1
"""The version of this layout and of the RDF inside; a store of a later version is refused."""

KEEP = 2
"""How many published revisions stay on disk."""

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY
_ATTEMPTS = 20
_LOOK = 0.02  # seconds between two looks at whether the lock is free


class Settings(BaseModel):
    """What ``store.json`` holds; ``notes`` says from what each derived graph was made (a hash by name)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: int
    base: str
    notes: dict[str, str] = {}


class Folder:
    """The paths of one store and the rules for touching them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.live = path / "live"
        self.revisions = path / "revisions"
        self._settings = path / "store.json"
        self._current = path / "current"
        self._current_path = os.fspath(self._current)
        self._unpublished = path / "unpublished"

    def is_store(self) -> bool:
        """Whether there is a store here; raises StoreError when something else is."""
        if self._settings.is_file():
            return True
        if self.path.exists() and not self.path.is_dir():
            raise StoreError(f"{self.path} is a file; a store is a folder")
        if self.path.is_dir() and any(entry.name != "lock" for entry in self.path.iterdir()):
            raise StoreError(f"{self.path} is not a store (it has no store.json) and not empty; give another --store")
        return False

    def require(self) -> None:
        """Raises StoreMissingError when there is no store here."""
        if not self.is_store():
            raise StoreMissingError(
                f"there is no store at {self.path}; make one with kb add FILES… or kb init, "
                "or name another with --store DIR or KB_STORE"
            )

    def settings(self) -> Settings:
        """What ``store.json`` says; raises StoreError when it is damaged or of a later format."""
        try:
            found = json.loads(self._settings.read_text(encoding="utf-8"))
            version = found["format"]
            if isinstance(version, int) and version > FORMAT:
                raise StoreError(
                    f"the store {self.path} has format {version}; this Factline reads up to {FORMAT}: upgrade factline"
                )
            return Settings.model_validate(found)
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            raise StoreError(f"{self._settings} is damaged ({error}); restore a backup with kb restore") from error

    def write_settings(self, settings: Settings) -> None:
        """Replaces ``store.json`` atomically."""
        replace(self._settings, settings.model_dump_json(indent=2) + "\n")

    def token(self) -> tuple[int, int] | None:
        """Changes whenever a revision is published: ``current`` is replaced, so its inode and time are new."""
        try:
            found = os.stat(self._current_path)  # noqa: PTH116 - for each query: a Path takes longer
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def current(self) -> int | None:
        """The number of the newest published revision, None before the first."""
        try:
            text = self._current.read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        if not text.strip().isdigit():
            raise StoreError(f"{self._current} is damaged; restore a backup with kb restore")
        return int(text)

    @property
    def unpublished(self) -> bool:
        """Whether ``live/`` holds more than the newest revision; outlives a killed writer."""
        return self._unpublished.exists()

    def mark_unpublished(self) -> None:
        """Records durably that ``live/`` is about to hold more than the newest revision."""
        self._unpublished.touch()
        sync(self.path)

    def revision(self, number: int) -> Path:
        """The folder of one revision."""
        return self.revisions / str(number)

    def make_current(self, number: int) -> None:
        """Lets readers see revision ``number``, which is complete on disk."""
        sync(self.revisions)
        replace(self._current, f"{number}\n")
        self._unpublished.unlink(missing_ok=True)

    def leave(self, name: str, text: str) -> None:
        """Leaves word for other processes in a file beside the data; lost in a power cut, never half-written."""
        fresh = self.path / f"{name}.new"
        with storage(self.path, "write"):
            fresh.write_text(text, "utf-8")
            fresh.replace(self.path / name)

    def numbers(self) -> list[int]:
        """The revisions on disk, oldest first."""
        if not self.revisions.is_dir():
            return []
        return sorted(int(entry.name) for entry in self.revisions.iterdir() if entry.name.isdigit())

    def tidy(self) -> None:
        """Removes what a killed writer left: unpublished revisions, half-made folders and files, leaked bulk files."""
        current = self.current() or 0
        for number in self.numbers():
            if number > current:
                shutil.rmtree(self.revision(number))
        if self.revisions.is_dir():
            for entry in self.revisions.iterdir():
                if not entry.name.isdigit():
                    shutil.rmtree(entry)
        for leaked in self.live.glob("bulk-*.sst"):
            leaked.unlink()
        for half in self.path.glob("*.new"):
            if half.name != "tokens.json.new":  # tokens are written without the writer's lock
                half.unlink(missing_ok=True)
        for staging in self.path.glob("staging-*"):
            shutil.rmtree(staging)
        self.prune()

    def prune(self) -> None:
        """Deletes all but the newest revisions, except those that a reader has open."""
        for number in self.numbers()[:-KEEP]:
            with _folder_lock(self.revision(number), fcntl.LOCK_EX | fcntl.LOCK_NB) as held:
                if held:
                    shutil.rmtree(self.revision(number))

    def hold_current(self) -> tuple[int, int]:
        """The current revision's number and a file descriptor that keeps it from being pruned.

        The caller closes the descriptor. Raises StoreError when nothing has been published yet.
        """
        for _ in range(_ATTEMPTS):
            number = self.current()
            if number is None:
                raise StoreError(f"the store {self.path} is still being made; try again when the first write is done")
            try:
                descriptor = os.open(self.revision(number), _DIRECTORY)
            except FileNotFoundError:
                continue  # pruned between the two steps: a newer one is current now
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if self.revision(number).exists():
                return number, descriptor
            os.close(descriptor)
        raise StoreError(f"the store {self.path} names revision {number}, which is missing; restore a backup")

    def lock(self, wait: float) -> int:
        """Takes the writer's lock; returns the file descriptor that holds it.

        Raises StoreLockedError when another process still holds it after ``wait`` seconds.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        until = time.monotonic() + wait
        while not (held := _try_lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)) and time.monotonic() < until:
            time.sleep(_LOOK)
        if not held:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreLockedError(
                f"the store {self.path} is being written by process {holder}; wait until it has finished, "
                "stop it, or use another store (--store DIR). Reading goes on meanwhile"
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        return descriptor


def release(descriptor: int) -> None:
    """Gives the writer's lock back."""
    os.ftruncate(descriptor, 0)
    os.close(descriptor)


def replace(path: Path, text: str, mode: int = 0o644) -> None:
    """Writes ``text`` to ``path`` so that a reader, or a crash, sees the old content or the new, nothing between."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)  # of a killed writer, perhaps with another mode
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Makes renames inside ``folder`` durable."""
    descriptor = os.open(folder, _DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _folder_lock(folder: Path, how: int) -> Iterator[bool]:
    """Tries for a lock on a folder; yields whether it was had."""
    descriptor = os.open(folder, _DIRECTORY)
    try:
        yield _try_lock(descriptor, how)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        return False
    return True
