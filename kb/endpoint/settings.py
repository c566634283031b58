"""How much a query may take, by who asks, and how many queries run and wait at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ANONYMOUS = "anonymous"
"""The class of callers who do not say who they are."""

CLASSES = (ANONYMOUS, "reader", "reviewer", "admin")
"""The classes of callers; one that has no limits of its own has those of the one before it."""

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Per query: seconds of running (not of waiting), rows or triples, bytes of the answer, bytes of memory."""

    seconds: float = 30.0
    rows: int = 100_000
    result_bytes: int = 64 * MIB
    memory_bytes: int = 1024 * MIB

    def __str__(self) -> str:
        """As the header ``Factline-Limits`` says it."""
        return (
            f"seconds={self.seconds:g}, rows={self.rows}, bytes={self.result_bytes}, memory-bytes={self.memory_bytes}"
        )


DEFAULT = Limits()


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

    ``updates`` is what may be written, ``upload_bytes`` the longest body of a graph that is sent.
    """

    callers: Mapping[str, Limits] = field(default_factory=lambda: {ANONYMOUS: DEFAULT})
    workers: int = field(default_factory=lambda: max(2, os.cpu_count() or 2))
    queue: int = 32
    wait: float = 10.0
    updates: Updates = Updates.OFF
    upload_bytes: int = 32 * MIB

    def limits(self, caller: str = ANONYMOUS) -> Limits:
        """The limits of a class of callers."""
        lesser = reversed(CLASSES[: CLASSES.index(caller) + 1])
        return next((self.callers[each] for each in lesser if each in self.callers), DEFAULT)
