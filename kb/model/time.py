"""When: an interval of days with the wording that it was read from."""

from __future__ import annotations

from datetime import date

from pydantic import model_validator

from kb.model.record import Record


class TimeSpan(Record):
    """The earliest and latest day (both inclusive) that the words allow; None where they cannot be resolved."""

    text: str
    earliest: date | None = None
    latest: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> TimeSpan:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"time span starts {self.earliest} after its end {self.latest}")
        return self
