"""The workers of a server: who waits, who runs, and how a query that must stop is stopped.

All of it happens in the server's event loop: a query costs two messages through pipes and no thread.
"""

from __future__ import annotations

import asyncio
import math
import weakref
from collections import Counter, deque
from contextlib import suppress
from pathlib import Path

from kb.access import ANONYMOUS as ANONYMOUS_CALLER
from kb.access import Caller
from kb.endpoint.errors import BusyError, EndedError, GoneError, MemoryLimitError, SizeLimitError, TimeLimitError
from kb.endpoint.evaluate import FormError
from kb.endpoint.guard import RefusedError
from kb.endpoint.process import Task, Worker
from kb.endpoint.settings import Settings
from kb.endpoint.ticket import Ticket
from kb.errors import SparqlError, StoreError

BUCKETS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0, math.inf)
"""Upper bounds, in seconds, by which durations are counted."""


class Pool:
    """The workers over one store. They start with the first query, or with ``start``."""

    def __init__(self, folder: Path, settings: Settings, module: str = "kb.endpoint.worker") -> None:
        self.settings = settings
        self.outcomes: Counter[str] = Counter()
        self.seconds = 0.0
        self.durations: Counter[float] = Counter()
        self._module = module
        self._folder = folder.absolute()
        self._idle: deque[Worker] = deque()
        self._all: set[Worker] = set()
        self._tickets: dict[Ticket, None] = {}
        self._waiting: dict[Ticket, asyncio.TimerHandle] = {}
        self._dying: set[Worker] = set()
        self._end = weakref.finalize(self, _end, self._all, self._dying)

    def start(self) -> None:
        """Starts the workers that are missing; raises StoreError if there is none and none can be started."""
        for workers in (self._all, self._dying):
            for worker in [each for each in workers if each.forsaken]:
                worker.stop()
                workers.discard(worker)
        while len(self._all) < self.settings.workers and self._end.alive:
            try:
                worker = Worker(self._module, self._folder, self._freed)
            except OSError as error:  # no more processes, handles or memory: tried again with the next query
                if self._all:
                    return
                raise StoreError(f"no process can be started to answer queries: {error}") from error
            self._all.add(worker)
            self._idle.appendleft(worker)

    @property
    def inside(self) -> int:
        """How many queries run or wait."""
        return len(self._tickets)

    @property
    def pids(self) -> set[int]:
        """The processes of the workers."""
        return {worker.pid for worker in list(self._all)}

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
        return list(self._tickets)

    def submit(self, job: Task, caller: Caller = ANONYMOUS_CALLER) -> Ticket:
        """Begins a query, or queues it; called in the event loop, where its ticket lives.

        Raises BusyError when too many wait; some places are kept for callers with a token.
        """
        self.start()
        places = self.settings.workers + self.settings.queue + (0 if caller.anonymous else self.settings.reserve)
        if self.inside >= places:
            self.outcomes["busy"] += 1
            raise self._busy()
        ticket = Ticket(job, caller, self)
        self._tickets[ticket] = None
        self._queue(ticket)
        return ticket

    def ended(self, ticket: Ticket) -> None:
        """A ticket has its answer, or will have none."""
        del self._tickets[ticket]
        if timer := self._waiting.pop(ticket, None):
            timer.cancel()
        error, taken = ticket.outcome, ticket.seconds
        self.outcomes["ok" if error is None else _OUTCOMES.get(type(error), "error")] += 1
        self.seconds += taken
        self.durations[next(bound for bound in BUCKETS if taken <= bound)] += 1

    def again(self, ticket: Ticket) -> None:
        """A ticket whose worker was found dead."""
        self._queue(ticket)

    def _queue(self, ticket: Ticket) -> None:
        worker = None if self._waiting else self._free()
        if worker:
            ticket.begin(worker)
        else:
            loop = asyncio.get_running_loop()
            self._waiting[ticket] = loop.call_later(self.settings.wait, lambda: ticket.fail(self._busy()))

    def _free(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.usable:
                return worker
            self._replace(worker)
        return None

    def _freed(self, worker: Worker) -> None:
        if worker not in self._all:
            self._dying.discard(worker)
            return
        if worker.usable:
            self._idle.append(worker)
        else:
            self._replace(worker)
        while self._waiting and (free := self._free()):
            ticket, timer = next(iter(self._waiting.items()))
            del self._waiting[ticket]
            timer.cancel()
            ticket.begin(free)

    def _replace(self, worker: Worker) -> None:
        self._all.discard(worker)
        if worker.alive:  # to free much memory takes a while, which nobody has to wait for
            worker.kill()
            self._dying.add(worker)
        else:
            worker.stop()
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


def _end(*groups: set[Worker]) -> None:
    workers = [worker for group in groups for worker in list(group)]
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.stop()
