"""What a claim is found to be within its figure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from kb.track.statements import Statement


class Finding(StrEnum):
    """What a claim is within its figure."""

    NEW = "new"
    REPEATS = "repeats"
    CORROBORATES = "corroborates"
    REFINES = "refines"
    UPDATES = "updates"
    CONTRADICTS = "contradicts"
    PART_OF = "part-of"


class Found(NamedTuple):
    """The finding of a claim: why, in words, against which claim; ``corrects`` is what its own source had said."""

    statement: Statement
    finding: Finding
    reason: str
    other: Statement | None = None
    corrects: Statement | None = None
    background: bool = False
