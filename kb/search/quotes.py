"""The index as the planner asks it: which claims have a text in their quote."""

from __future__ import annotations

import sqlite3
import threading

from kb.search.index import Index, read_index
from kb.store import Store

_MOST = 1_000
"""More claims than this are found as fast without the index."""
_QUOTES = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?claim { ?claim kb:quote ?quote } }"


class Quotes:
    """The quotes of one opened store, if the index is of the same revision and knows every one of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._index: Index | None = None

    def containing(self, text: str) -> list[str] | None:
        """The claims whose quote contains a text in any case; None if the index cannot tell."""
        if not text.isascii():  # upper and lower case are not the same thing everywhere
            return None
        with self._lock:
            try:
                if self._index is None:
                    self._index = self._opened()
                return self._index.containing(text, _MOST) if self._index else None
            except sqlite3.Error:
                return None

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            if self._index:
                self._index.close()
            self._index = None

    def _opened(self) -> Index | None:
        index = read_index(self._store)
        if index is None:
            return None
        # Somebody's own graph may have quotes that are no claims of documents.
        known = index.rows("SELECT COUNT(*) FROM claim")[0][0]
        if index.revision == self._store.revision and str(known) == self._number():
            return index
        index.close()
        return None

    def _number(self) -> str:
        return next(str(getattr(term, "value", "")) for row in self._store.query(_QUOTES) for term in row)  # type: ignore[union-attr]
