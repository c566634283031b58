"""One worker as the server sees it: a process, the pipes to it, and what comes through them."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from kb.endpoint import frames
from kb.endpoint.settings import Limits

_START = 30.0  # seconds that a worker may take to start, on a machine that is busy
_AT_ONCE = 0.1  # a worker that ends sooner may have been dead already
_GROW = getattr(fcntl, "F_SETPIPE_SZ", None)


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


class Occupant(Protocol):
    """What a worker works for; it is told in the event loop."""

    @property
    def job(self) -> Task:
        """What is to be done."""
        ...

    def came(self, head: dict[str, Any], body: bytes) -> None:
        """A message has come; the last one has no ``more`` in its head."""
        ...

    def late(self) -> None:
        """Its time is over: the worker has been killed and is yet to die."""
        ...

    def lost(self, *, at_once: bool) -> None:
        """The process has ended before the last message; ``at_once``: so soon that it may have been dead before."""
        ...


class Worker:
    """One process and the pipes to it. ``freed`` is called when it is done with a job, or has died."""

    def __init__(self, module: str, folder: Path, freed: Callable[[Worker], None]) -> None:
        self.ready = False
        self.sealed = False
        self.retired = False
        self._freed = freed
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this package, a folder
            [sys.executable, "-m", module, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert self._process.stdin and self._process.stdout  # noqa: S101 - both are pipes
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        for descriptor in (self._input, self._output):
            os.set_blocking(descriptor, False)
        if _GROW:
            with suppress(OSError):  # many pipes of one user: then in smaller pieces
                fcntl.fcntl(self._output, _GROW, frames.PIECE)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._coming = frames.Incoming()
        self._going = memoryview(b"")
        self._occupant: Occupant | None = None
        self._begun = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def usable(self) -> bool:
        """Whether it runs and may be given another job."""
        return not self.retired and self.alive

    @property
    def forsaken(self) -> bool:
        """Whether the event loop that was to hear of it has ended."""
        return (self._occupant is not None or self.retired) and self._loop is not None and self._loop.is_closed()

    def begin(self, occupant: Occupant) -> None:
        """Sends the job; what comes of it is told to the occupant. Runs in an event loop."""
        self._attach(asyncio.get_running_loop())
        self._occupant, self._begun = occupant, time.monotonic()
        self._wait(occupant.job.limits.seconds if self.ready else _START)
        self._going = memoryview(frames.packed(occupant.job.to_json(), occupant.job.body))
        self._write()

    def kill(self) -> None:
        """Ends the process at once, whatever it does; the occupant is told when it has died."""
        self.retired = True
        self._process.kill()

    def stop(self) -> None:
        """Ends the process, waits for that, and lets go of its pipes."""
        self.kill()
        self._process.wait()
        self._detach()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _attach(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop:
            self._loop = loop
            loop.add_reader(self._output, self._read)

    def _detach(self) -> None:
        if self._timer:
            self._timer.cancel()
        loop, self._loop = self._loop, None
        if loop and not loop.is_closed():
            loop.remove_reader(self._output)
            loop.remove_writer(self._input)

    def _wait(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        if self._loop:
            self._timer = self._loop.call_later(seconds, self._late)

    def _late(self) -> None:
        self.kill()
        if self._occupant:
            self._occupant.late()

    def _write(self) -> None:
        try:
            while self._going:
                self._going = self._going[os.write(self._input, self._going[: frames.PIECE]) :]
        except BlockingIOError:
            if self._loop:
                self._loop.add_writer(self._input, self._write)
            return
        except BrokenPipeError:  # it has died, which is noticed by reading
            self._going = memoryview(b"")
        if self._loop:
            self._loop.remove_writer(self._input)

    def _read(self) -> None:
        try:
            data = os.read(self._output, frames.PIECE)
        except BlockingIOError:
            return
        if not data:
            self._died()
            return
        self._coming.add(data)
        try:
            for head, body in self._coming:
                self._heard(head, body)
        except ValueError:  # no worker of ours says that
            self.kill()

    def _heard(self, head: dict[str, Any], body: bytes) -> None:
        occupant = self._occupant
        if not self.ready:
            self.ready, self.sealed = True, bool(head["sealed"])
            if occupant:
                self._wait(occupant.job.limits.seconds)
            return
        if occupant is None:
            return
        if head.get("more"):
            occupant.came(head, body)
            return
        self._occupant = None
        if self._timer:
            self._timer.cancel()
        self.retired = self.retired or bool(head.get("retire"))
        occupant.came(head, body)
        self._freed(self)

    def _died(self) -> None:
        self.stop()
        occupant, self._occupant = self._occupant, None
        if occupant:
            occupant.lost(at_once=time.monotonic() - self._begun < _AT_ONCE)
        self._freed(self)
