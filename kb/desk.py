"""Sitting down to decide: the store is held for writing while a person decides, then tracked and published."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import StoreLockedError
from kb.ingest import refresh
from kb.review import Desk
from kb.store import open_store

PATIENCE = 30.0
"""Seconds to wait for another writer."""
_STEP = 0.1


@contextmanager
def at_desk(folder: Path | None, stopped: Callable[[], bool] = lambda: False) -> Iterator[Desk]:
    """A desk at the store in a folder (default: the store of the user).

    Waits for another writer, ``PATIENCE`` seconds at most and not once ``stopped``; then raises StoreLockedError. What
    was decided is tracked, inferred from and published at the end, so that readers see what it changes.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            store = open_store(folder, write=True)
            break
        except StoreLockedError:
            if time.monotonic() > until or stopped():
                raise
            time.sleep(_STEP)
    with store:
        yield Desk(store)
        refresh(store)
