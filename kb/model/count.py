"""How many: a range with the wording that it was read from."""

from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator

from kb.model.record import Record


class Hedge(StrEnum):
    """How a number was hedged; the reading of each is in ``Count``."""

    EXACT = "exact"
    AT_LEAST = "at-least"
    MORE_THAN = "more-than"
    ABOUT = "about"
    NEARLY = "nearly"
    UP_TO = "up-to"
    FEWER_THAN = "fewer-than"
    RANGE = "range"
    VAGUE = "vague"


class Count(Record):
    """A number of people or things as a closed range of integers; None is an open end.

    n → [n, n] exact; at least n → [n, None]; more than n → [n+1, None]; about n → [n, n] ``about``; nearly n → [n, n]
    ``nearly``; up to n → [None, n]; fewer than n → [None, n-1]; n to m → [n, m]; dozens → [24, None] ``vague``.
    """

    minimum: int | None
    maximum: int | None
    hedge: Hedge
    text: str

    @model_validator(mode="after")
    def _ordered(self) -> Count:
        if self.minimum is not None and self.minimum < 0:
            raise ValueError(f"count minimum {self.minimum} is negative")
        if self.maximum is not None and (self.maximum < 0 or self.maximum < (self.minimum or 0)):
            raise ValueError(f"count maximum {self.maximum} is below its minimum {self.minimum}")
        return self
