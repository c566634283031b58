"""The workers of a server: who waits, who runs, and how a query that must stop is stopped."""

from __future__ import annotations

import math
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from kb.endpoint import frames
from kb.endpoint.errors import (
    BusyError,
    GoneError,
    LimitError,
    LostError,
    MemoryLimitError,
    SizeLimitError,
    TimeLimitError,
)
from kb.endpoint.evaluate import Answer, FormError
from kb.endpoint.guard import RefusedError
from kb.endpoint.settings import Limits, Settings
from kb.errors import FactlineError, SparqlError, StoreError, StoreLockedError, StoreMissingError
from kb.store.updates import OperationError

_START = 30.0  # seconds that a worker may take to start, on a machine that is busy
_PAUSE = 0.1
BUCKETS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0, math.inf)
"""Upper bounds, in seconds, by which durations are counted."""
_AT_ONCE = 0.1  # a worker that ends sooner may have been dead already: the query is tried once more
_SIMPLE: dict[str, type[Exception]] = {
    each.__name__: each
    for each in (
        SparqlError,
        StoreError,
        StoreLockedError,
        StoreMissingError,
        OperationError,
        FactlineError,
        RefusedError,
    )
}


class Task(Protocol):
    """What a worker is sent: a head that is JSON and a body, and how far it may go.

    ``repeatable`` is whether it may be sent to another worker when the first was lost before it can have seen it.
    """

    @property
    def limits(self) -> Limits:
        """What it may take."""
        ...

    @property
    def body(self) -> bytes:
        """What goes beside the head."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether it changes nothing."""
        ...

    def to_json(self) -> dict[str, Any]:
        """The head."""
        ...


class Worker:
    """One process and the pipes to it."""

    def __init__(self, module: str, folder: Path) -> None:
        self.ready = False
        self.sealed = False
        self.retired = False
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this package, a folder
            [sys.executable, "-m", module, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def ask(self, job: Task) -> Answer:
        """Sends the query and waits for the answer; raises what ``evaluate`` does, or a LimitError.

        After a limit the process is dead and ``retired`` is set.
        """
        assert self._process.stdin and self._process.stdout  # noqa: S101 - both are pipes
        output = self._process.stdout.fileno()
        begun = time.monotonic()
        try:
            if not self.ready:
                head, _ = frames.receive(output, time.monotonic() + _START)
                self.ready, self.sealed = True, bool(head["sealed"])
            frames.send(self._process.stdin.fileno(), job.to_json(), job.body)
            head, body = frames.receive(output, time.monotonic() + job.limits.seconds)
        except TimeoutError:
            self.stop()
            raise _too_long(job.limits) from None
        except (EOFError, BrokenPipeError):
            self.stop()
            if job.repeatable and time.monotonic() - begun < _AT_ONCE:
                raise LostError("the worker has ended") from None
            raise _too_much(job.limits) from None
        self.retired = bool(head.get("retire"))
        return _answer(head, body, job.limits)

    def kill(self) -> None:
        """Ends the process at once, whatever it does; from any thread."""
        self._process.kill()

    def stop(self) -> None:
        """Ends the process and lets go of its pipes."""
        self.retired = True
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


def _answer(head: dict[str, Any], body: bytes, limits: Limits) -> Answer:
    name = head.get("error")
    if not name:
        return Answer(body, head["format"], head["graph"], head["truncated"])
    if name == FormError.__name__:
        raise FormError(head["graph"])
    if name == MemoryError.__name__:
        raise _too_much(limits)
    if name == SizeLimitError.__name__:
        raise SizeLimitError(head["message"], head["headers"])
    raise _SIMPLE.get(name, FactlineError)(head["message"])


def _too_long(limits: Limits) -> TimeLimitError:
    return TimeLimitError(
        f"The query was stopped after {limits.seconds:g} seconds; ask for less, or narrow it down.",
        {"Factline-Limit": f"seconds={limits.seconds:g}"},
    )


def _too_much(limits: Limits) -> MemoryLimitError:
    return MemoryLimitError(
        f"The query was stopped because it needed more than {limits.memory_bytes:,} bytes of memory.",
        {"Factline-Limit": f"memory-bytes={limits.memory_bytes}"},
    )


class Ticket:
    """A query that waits or runs: ``future`` gets its answer or error, ``cancel`` ends it."""

    def __init__(self, job: Task) -> None:
        self.job = job
        self.future: Future[Any]
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self.cancelled = False

    def cancel(self) -> None:
        """Stops the query with its worker, or takes it out of the queue."""
        with self._lock:
            self.cancelled = True
            if self._worker:
                self._worker.kill()

    def run_on(self, worker: Worker) -> Answer:
        """Runs it; raises GoneError if it was cancelled."""
        with self._lock:
            if self.cancelled:
                raise GoneError("cancelled")
            self._worker = worker
        try:
            return worker.ask(self.job)
        except (LimitError, LostError):
            if self.cancelled:
                raise GoneError("cancelled") from None
            raise
        finally:
            with self._lock:
                self._worker = None
                if self.cancelled:
                    worker.stop()  # the kill may have come just after the answer


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
        self._threads = ThreadPoolExecutor(settings.workers + settings.queue, thread_name_prefix="sparql")
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

    def submit(self, job: Task, then: Callable[[Answer], Any] = lambda answer: answer) -> Ticket:
        """Queues a query; ``then`` makes of the answer what the future gets, in the thread that waited for it.

        Raises BusyError when too many wait.
        """
        self.start()
        with self._lock:
            if self._inside >= self.settings.workers + self.settings.queue:
                self.outcomes["busy"] += 1
                raise self._busy()
            self._inside += 1
        ticket = Ticket(job)
        begun = time.monotonic()
        ticket.future = self._threads.submit(self._run, ticket, then)
        # The first to be told when it ends, however it does.
        ticket.future.add_done_callback(lambda done: self._count(done, begun))
        return ticket

    def _run(self, ticket: Ticket, then: Callable[[Answer], Any]) -> Any:
        return then(self._on_a_worker(ticket))

    def _count(self, done: Future[Any], begun: float) -> None:
        error = GoneError("cancelled") if done.cancelled() else done.exception()
        outcome = "ok" if error is None else _OUTCOMES.get(type(error), "error")
        taken = time.monotonic() - begun
        with self._lock:
            self._inside -= 1
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
        raise _too_much(ticket.job.limits)

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
        raise GoneError("cancelled")

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
