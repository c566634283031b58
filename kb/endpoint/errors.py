"""What can stop a query that is well-formed; each names the limit and the way out."""

from __future__ import annotations

from collections.abc import Mapping

from kb.errors import FactlineError


class LimitError(FactlineError):
    """A query went past a limit; ``headers`` say which one to a program."""

    def __init__(self, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.headers = dict(headers or {})


class TimeLimitError(LimitError):
    """The query took longer than its caller may take."""


class MemoryLimitError(LimitError):
    """The query needed more memory than its caller may have (or its process was lost)."""


class SizeLimitError(LimitError):
    """The answer has more bytes than its caller may have."""


class BusyError(LimitError):
    """All workers are busy and the queue is full, or the query waited too long in it."""


class RateError(LimitError):
    """The caller asks too often."""


class EndedError(LimitError):
    """An administrator ended the query."""


class GoneError(FactlineError):
    """Nobody waits for the answer any more."""
