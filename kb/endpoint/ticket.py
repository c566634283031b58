"""One query that waits or runs, from the moment it was admitted."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import fields
from typing import Any, Protocol

from kb.access import Caller
from kb.endpoint.errors import GoneError, MemoryLimitError, SizeLimitError, TimeLimitError
from kb.endpoint.evaluate import Answer, FormError
from kb.endpoint.guard import RefusedError
from kb.endpoint.process import Task, Worker
from kb.endpoint.rest import Rest
from kb.endpoint.settings import Limits
from kb.errors import (
    FactlineError,
    ParameterError,
    SparqlError,
    StoreError,
    StoreLockedError,
    StoreMissingError,
    UnknownQueryError,
)
from kb.store.updates import OperationError

_FIELDS = frozenset(each.name for each in fields(Answer))
_SIMPLE: dict[str, type[Exception]] = {
    each.__name__: each
    for each in (
        ParameterError,
        SparqlError,
        UnknownQueryError,
        StoreError,
        StoreLockedError,
        StoreMissingError,
        OperationError,
        FactlineError,
        RefusedError,
    )
}


class Host(Protocol):
    """Where a ticket came from."""

    def ended(self, ticket: Ticket) -> None:
        """Nothing more will come; what has become of it is in ``outcome``. Told once."""
        ...

    def again(self, ticket: Ticket) -> None:
        """Its worker was dead before it can have seen it: another one is to try."""
        ...


class Ticket:
    """``future`` gets the answer (or its beginning, and ``rest`` the rest) or the error; ``cancel`` ends it.

    ``id`` names it to who may see and end others'. All happens in one event loop.
    """

    def __init__(self, job: Task, caller: Caller, host: Host) -> None:
        self.id = secrets.token_hex(8)
        self.job = job
        self.caller = caller
        self.begun = time.monotonic()
        self.future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.rest: Rest | None = None
        self.outcome: Exception | None = None
        self.over = False
        self._tried = False
        self._error: Exception | None = None
        self._host = host
        self._worker: Worker | None = None

    @property
    def seconds(self) -> float:
        """How long ago it was admitted."""
        return time.monotonic() - self.begun

    @property
    def pid(self) -> int | None:
        """The process that it runs in; None while it waits."""
        return self._worker.pid if self._worker else None

    def begin(self, worker: Worker) -> None:
        """Has it done by a worker that is free."""
        self._worker = worker
        worker.begin(self)

    def cancel(self, error: FactlineError | None = None) -> None:
        """Stops the query with its worker, or takes it out of the queue; ``error`` is what its client is told."""
        if self.over:
            return
        self._error = error or GoneError("cancelled")
        if self._worker:
            self._worker.kill()  # it is over when the worker has died
        else:
            self.fail(self._error)

    def came(self, head: dict[str, Any], body: bytes) -> None:
        """A message of the worker."""
        name = head.get("error")
        if name:
            self.fail(_error(name, head, self.job.limits))
            return
        if self.rest:
            self.rest.add(body)
        else:
            answer = Answer(**{name: value for name, value in head.items() if name in _FIELDS}, body=body)
            self.rest = Rest() if head.get("more") else None
            if not self.future.done():
                self.future.set_result(answer)
        if not head.get("more"):
            self._end(None)

    def late(self) -> None:
        """Its time is over."""
        self._error = self._error or _too_long(self.job.limits)

    def lost(self, *, at_once: bool) -> None:
        """The worker has died: it was killed for this query, or needed too much; or it was dead before it saw it."""
        self._worker = None
        if at_once and self.job.repeatable and not (self._error or self._tried or self.rest):
            self._tried = True
            self._host.again(self)
        else:
            self.fail(self._error or _too_much(self.job.limits))

    def fail(self, error: Exception) -> None:
        """Ends it with an error."""
        if not self.future.done():
            self.future.set_exception(error)
            self.future.exception()  # whether somebody still waits for it or not
        self._end(error)

    def _end(self, error: Exception | None) -> None:
        if self.rest:
            self.rest.end(error)
        self._worker = None
        self.outcome = error
        self.over = True
        self._host.ended(self)


def _error(name: str, head: dict[str, Any], limits: Limits) -> Exception:
    if name == FormError.__name__:
        return FormError(head["graph"])
    if name == MemoryError.__name__:
        return _too_much(limits)
    if name == SizeLimitError.__name__:
        return SizeLimitError(head["message"], head["headers"])
    return _SIMPLE.get(name, FactlineError)(head["message"])


def _too_long(limits: Limits) -> TimeLimitError:
    return TimeLimitError(
        f"The query was stopped after {limits.seconds:g} seconds; ask for less, or narrow it down.",
        {"Factline-Limit": f"seconds={limits.seconds:g}"},
    )


def _too_much(limits: Limits) -> MemoryLimitError:
    """The query needed more memory than it may have, or its process was lost."""
    return MemoryLimitError(
        f"The query was stopped because it needed more than {limits.memory_bytes:,} bytes of memory.",
        {"Factline-Limit": f"memory-bytes={limits.memory_bytes}"},
    )
