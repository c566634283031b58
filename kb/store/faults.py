"""What the engine and the operating system complain about, as errors that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import StoreError

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space and run the same command again: nothing half-written is kept",
    errno.EDQUOT: "the disk quota is used up; free some space and run the same command again",
    errno.EROFS: "the disk is read-only; the store can be read there but not written",
    errno.EACCES: "permission denied; change the owner or the mode of the folder, or give another --store",
    errno.EPERM: "the system does not permit it; change the owner or the mode of the folder, or give another --store",
    errno.ENOTDIR: "a file stands where a folder is needed; give another --store",
    errno.EMFILE: "too many open files; raise the limit (ulimit -n)",
}
# RocksDB gives its complaints as text, often without the number.
_TEXTS = {
    "no space left": errno.ENOSPC,
    "quota exceeded": errno.EDQUOT,
    "read-only file system": errno.EROFS,
    "permission denied": errno.EACCES,
    "not a directory": errno.ENOTDIR,
    "too many open files": errno.EMFILE,
    "file descriptors": errno.EMFILE,
}


@contextmanager
def storage(folder: Path, doing: str) -> Iterator[None]:
    """Turns the faults of disk and engine inside the block into StoreError; ``doing`` reads "open", "write"…"""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads our output has gone: no fault of the store
    except (OSError, RuntimeError) as error:
        raise StoreError(f"cannot {doing} the store {folder}: {explain(error)}") from error


def explain(error: OSError | RuntimeError) -> str:
    """One complaint of disk or engine, with the way out where one is known."""
    text = str(error)
    if "corruption" in text.lower():
        return (
            f"its files are damaged ({text}). The newest published revision is kept apart from them: "
            "delete the folder live/ inside the store and the next write starts from that revision, "
            "or restore a backup with kb restore"
        )
    number = error.errno if isinstance(error, OSError) else None
    if number not in _ADVICE:
        number = next((found for mark, found in _TEXTS.items() if mark in text.lower()), None)
    return _ADVICE[number] if number is not None else text
