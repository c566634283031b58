"""What took long to find out of one revision, remembered until there is a newer one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 64


class Remembered(Generic[T]):
    """Values by key, of the revision that was kept last; of many, the one that was asked for longest ago goes first.

    For one thread, such as that of the server's event loop.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._revision = ""
        self._values: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, revision: str, key: Hashable) -> T | None:
        """The value of a key in a revision; None if it is not known."""
        if revision != self._revision or key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key]

    def keep(self, revision: str, key: Hashable, value: T) -> None:
        """Remembers a value, and forgets those of another revision."""
        if revision != self._revision:
            self._revision = revision
            self._values.clear()
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)
