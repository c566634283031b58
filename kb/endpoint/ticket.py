"""One query that waits or runs, from the moment it was admitted."""

from __future__ import annotations

import secrets
import threading
import time
from concurrent.futures import Future
from typing import Any

from kb.access import Caller
from kb.endpoint.errors import GoneError, LimitError, LostError
from kb.endpoint.evaluate import Answer
from kb.endpoint.process import Task, Worker
from kb.errors import FactlineError


class Ticket:
    """``future`` gets the answer or the error, ``cancel`` ends it; ``id`` names it to who may see and end others'."""

    def __init__(self, job: Task, caller: Caller) -> None:
        self.id = secrets.token_hex(8)
        self.job = job
        self.caller = caller
        self.begun = time.monotonic()
        self.future: Future[Any]
        self.cancelled = False
        self.error: FactlineError = GoneError("cancelled")
        self._lock = threading.Lock()
        self._worker: Worker | None = None

    @property
    def seconds(self) -> float:
        """How long ago it was admitted."""
        return time.monotonic() - self.begun

    @property
    def pid(self) -> int | None:
        """The process that it runs in; None while it waits."""
        with self._lock:
            return self._worker.pid if self._worker else None

    def cancel(self, error: FactlineError | None = None) -> None:
        """Stops the query with its worker, or takes it out of the queue; ``error`` is what its client is told."""
        with self._lock:
            self.error = error or self.error
            self.cancelled = True
            if self._worker:
                self._worker.kill()

    def run_on(self, worker: Worker) -> Answer:
        """Runs it; raises GoneError, or what ``cancel`` was given, if it was cancelled."""
        with self._lock:
            if self.cancelled:
                raise self.error
            self._worker = worker
        try:
            return worker.ask(self.job)
        except (LimitError, LostError):
            if self.cancelled:
                raise self.error from None
            raise
        finally:
            with self._lock:
                self._worker = None
                if self.cancelled:
                    worker.stop()  # the kill may have come just after the answer
