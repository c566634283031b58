"""The workers of a server: who waits, who runs, and how a query that must stop is stopped."""

from __future__ import annotations

import math
import queue
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from kb.access import ANONYMOUS as ANONYMOUS_CALLER
from kb.access import Caller
from kb.endpoint.errors import (
    BusyError,
    EndedError,
    GoneError,
    LostError,
    MemoryLimitError,
    SizeLimitError,
    TimeLimitError,
)
from kb.endpoint.evaluate import Answer, FormError
from kb.endpoint.guard import RefusedError
from kb.endpoint.process import Task, Worker, too_much
from kb.endpoint.settings import Settings
from kb.endpoint.ticket import Ticket
from kb.errors import SparqlError, StoreError

_PAUSE = 0.1
BUCKETS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0, math.inf)
"""Upper bounds, in seconds, by which durations are counted."""


class Pool:
    """The workers over one store. They start with the first query, or with ``start``."""

    def __init__(self, folder: Path, settings: Settings, module: str = "kb.endpoint.worker") -> None:
        self.settings = settings
        self._module = module
        self.outcomes: Counter[str] = Counter()
        self.seconds = 0.0
        self.durations: Counter[float] = Counter()
        self._folder = folder.absolute()
        self._lock = threading.Lock()
        self._inside = 0
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._all: set[Worker] = set()
        self._tickets: set[Ticket] = set()
        threads = settings.workers + settings.queue + settings.reserve
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sparql")
        self._end = weakref.finalize(self, _end, self._all, self._threads)

    def start(self) -> None:
        """Starts the workers that are missing; raises StoreError if there is none and none can be started."""
        with self._lock:
            while len(self._all) < self.settings.workers and self._end.alive:
                try:
                    worker = Worker(self._module, self._folder)
                except OSError as error:  # no more processes, handles or memory: tried again with the next query
                    if self._all:
                        return
                    raise StoreError(f"no process can be started to answer queries: {error}") from error
                self._all.add(worker)
                self._idle.put(worker)

    @property
    def inside(self) -> int:
        """How many queries run or wait."""
        return self._inside

    @property
    def pids(self) -> set[int]:
        """The processes of the workers."""
        return {worker.pid for worker in self._all}

    @property
    def sealed(self) -> int:
        """How many workers are known to be cut off from the network (each says so with its first answer)."""
        return sum(worker.sealed for worker in list(self._all))

    def close(self) -> None:
        """Ends all workers and what runs on them."""
        self._end()

    @property
    def tickets(self) -> list[Ticket]:
        """What runs or waits, oldest first."""
        with self._lock:
            return sorted(self._tickets, key=lambda ticket: ticket.begun)

    def submit(
        self, job: Task, then: Callable[[Answer], Any] = lambda answer: answer, caller: Caller = ANONYMOUS_CALLER
    ) -> Ticket:
        """Queues a query; ``then`` makes of the answer what the future gets, in the thread that waited for it.

        Raises BusyError when too many wait; some places are kept for callers with a token.
        """
        self.start()
        places = self.settings.workers + self.settings.queue + (0 if caller.anonymous else self.settings.reserve)
        ticket = Ticket(job, caller)
        with self._lock:
            if self._inside >= places:
                self.outcomes["busy"] += 1
                raise self._busy()
            self._inside += 1
            self._tickets.add(ticket)
        ticket.future = self._threads.submit(self._run, ticket, then)
        # The first to be told when it ends, however it does.
        ticket.future.add_done_callback(lambda done: self._count(done, ticket))
        return ticket

    def _run(self, ticket: Ticket, then: Callable[[Answer], Any]) -> Any:
        return then(self._on_a_worker(ticket))

    def _count(self, done: Future[Any], ticket: Ticket) -> None:
        error = GoneError("cancelled") if done.cancelled() else done.exception()
        outcome = "ok" if error is None else _OUTCOMES.get(type(error), "error")
        taken = ticket.seconds
        with self._lock:
            self._inside -= 1
            self._tickets.discard(ticket)
            self.outcomes[outcome] += 1
            self.seconds += taken
            self.durations[next(bound for bound in BUCKETS if taken <= bound)] += 1

    def _on_a_worker(self, ticket: Ticket) -> Answer:
        for _ in range(2):
            worker = self._take(ticket)
            try:
                return ticket.run_on(worker)
            except LostError:
                continue
            finally:
                self._give_back(worker)
        raise too_much(ticket.job.limits)

    def _take(self, ticket: Ticket) -> Worker:
        until = time.monotonic() + self.settings.wait
        while not ticket.cancelled and self._end.alive:
            try:
                worker = self._idle.get(timeout=_PAUSE)
            except queue.Empty:
                if time.monotonic() > until:
                    raise self._busy() from None
                continue
            if worker.alive:
                return worker
            worker.stop()
            self._give_back(worker)
        raise ticket.error

    def _give_back(self, worker: Worker) -> None:
        if not worker.retired:
            self._idle.put(worker)
            return
        worker.stop()
        with self._lock:
            self._all.discard(worker)
        with suppress(StoreError):
            self.start()

    def _busy(self) -> BusyError:
        seconds = max(1, round(self.settings.wait / 2))
        return BusyError(f"Too many queries at a time; try again in {seconds} seconds.", {"Retry-After": str(seconds)})


_OUTCOMES: dict[type[BaseException], str] = {
    TimeLimitError: "time",
    MemoryLimitError: "memory",
    SizeLimitError: "size",
    BusyError: "busy",
    GoneError: "gone",
    EndedError: "ended",
    SparqlError: "malformed",
    RefusedError: "refused",
    FormError: "unacceptable",
}


def _end(workers: set[Worker], threads: ThreadPoolExecutor) -> None:
    for worker in list(workers):
        worker.kill()
    threads.shutdown()  # each thread finds its worker gone
    for worker in list(workers):
        worker.stop()
