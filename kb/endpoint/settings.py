"""How much a query may take, by who asks, and how many queries run and wait at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kb.errors import UsageError

ANONYMOUS = "anonymous"
"""The class of callers who do not say who they are."""

CLASSES = (ANONYMOUS, "reader", "reviewer", "admin")
"""The classes of callers; one that has no limits of its own has those of the one before it."""

NAMED = "named"
"""Beside the classes: the limits of the named queries, whoever asks."""

MIB = 1024 * 1024

_FIELDS = {"seconds": "seconds", "rows": "rows", "bytes": "result_bytes", "memory-bytes": "memory_bytes"}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Limits:
    """Per query: seconds of running (not of waiting), rows or triples, bytes of the answer, bytes of memory."""

    seconds: float = 30.0
    rows: int = 100_000
    result_bytes: int = 64 * MIB
    memory_bytes: int = 1024 * MIB

    @classmethod
    def read(cls, text: str, otherwise: Limits) -> Limits:
        """The inverse of ``str``; what is not named is as in ``otherwise``. Raises UsageError for what is no limit."""
        found: dict[str, float] = {}
        for part in filter(None, (each.strip() for each in text.split(","))):
            name, _, value = part.partition("=")
            if name not in _FIELDS or not _NUMBER.fullmatch(value) or not float(value):
                raise UsageError(f"{part!r} is no limit; write {', '.join(f'{each}=N' for each in _FIELDS)}")
            found[_FIELDS[name]] = float(value) if name == "seconds" else int(float(value))
        return replace(otherwise, **found)  # type: ignore[arg-type] # seconds are a float, the others whole

    def at_least(self, other: Limits) -> Limits:
        """The larger of each."""
        return Limits(
            max(self.seconds, other.seconds),
            max(self.rows, other.rows),
            max(self.result_bytes, other.result_bytes),
            max(self.memory_bytes, other.memory_bytes),
        )

    def __str__(self) -> str:
        """As the header ``Factline-Limits`` says it."""
        return (
            f"seconds={self.seconds:g}, rows={self.rows}, bytes={self.result_bytes}, memory-bytes={self.memory_bytes}"
        )


DEFAULT = Limits()

TOKENS = {
    "reader": Limits(60, 1_000_000, 256 * MIB, 1024 * MIB),
    "admin": Limits(600, 10_000_000, 1024 * MIB, 4096 * MIB),
}
"""What callers with a token may take unless told otherwise."""

CURATED = Limits(20, 1_000_000, 256 * MIB, 1024 * MIB)
"""What a named query may take unless told otherwise."""


class Updates(StrEnum):
    """Which graphs callers of the role admin may write over HTTP."""

    OFF = "off"
    """None."""
    OWN = "own"
    """Those below ``graphs/`` and those of other bases than the store's."""
    ALL = "all"
    """All, those of documents and of people's decisions too."""


@dataclass(frozen=True)
class Settings:
    """``workers`` processes answer; up to ``queue`` queries wait for one, each at most ``wait`` seconds.

    ``named`` processes more answer the named queries, so that others do not hold these up, nor these others.
    ``reserve`` places more in the queue are kept for callers with a token. ``rates`` says how often each caller of a
    class may ask ("600/minute"; without one, as often as it likes). ``updates`` is what may be written,
    ``upload_bytes`` the longest body of a graph that is sent.
    """

    callers: Mapping[str, Limits] = field(default_factory=lambda: {ANONYMOUS: DEFAULT})
    workers: int = field(default_factory=lambda: max(2, os.cpu_count() or 2))
    named: int = 1
    queue: int = 128
    wait: float = 10.0
    reserve: int = 8
    rates: Mapping[str, str] = field(default_factory=dict)
    updates: Updates = Updates.OFF
    upload_bytes: int = 32 * MIB

    def limits(self, caller: str = ANONYMOUS) -> Limits:
        """The limits of a class of callers, or of the named queries."""
        if caller == NAMED:
            return self.callers.get(NAMED, CURATED)
        lesser = reversed(CLASSES[: CLASSES.index(caller) + 1])
        return next((self.callers[each] for each in lesser if each in self.callers), DEFAULT)
