"""One worker as the server sees it: a process, the pipes to it, and what can come back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Protocol

from kb.endpoint import frames
from kb.endpoint.errors import LostError, MemoryLimitError, SizeLimitError, TimeLimitError
from kb.endpoint.evaluate import Answer, FormError
from kb.endpoint.guard import RefusedError
from kb.endpoint.settings import Limits
from kb.errors import FactlineError, SparqlError, StoreError, StoreLockedError, StoreMissingError
from kb.store.updates import OperationError

_START = 30.0  # seconds that a worker may take to start, on a machine that is busy
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
            raise too_much(job.limits) from None
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
        raise too_much(limits)
    if name == SizeLimitError.__name__:
        raise SizeLimitError(head["message"], head["headers"])
    raise _SIMPLE.get(name, FactlineError)(head["message"])


def _too_long(limits: Limits) -> TimeLimitError:
    return TimeLimitError(
        f"The query was stopped after {limits.seconds:g} seconds; ask for less, or narrow it down.",
        {"Factline-Limit": f"seconds={limits.seconds:g}"},
    )


def too_much(limits: Limits) -> MemoryLimitError:
    """The error for a query that needed more memory than it may have, or whose process was lost."""
    return MemoryLimitError(
        f"The query was stopped because it needed more than {limits.memory_bytes:,} bytes of memory.",
        {"Factline-Limit": f"memory-bytes={limits.memory_bytes}"},
    )
