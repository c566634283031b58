"""A worker: ``python -m kb.endpoint.worker STORE`` answers queries from its standard input, one after another.

It opens the newest published revision read-only and the next one when there is one. It may be killed at any moment.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kb.endpoint import frames
from kb.endpoint.errors import LimitError
from kb.endpoint.evaluate import Answer, FormError, Job, evaluate
from kb.endpoint.guard import RefusedError
from kb.endpoint.named import Named, run
from kb.endpoint.seal import limit_memory, seal
from kb.errors import FactlineError
from kb.search import Quotes
from kb.store import Store, open_store

RETIRE = 256 * 1024
"""A worker that has grown by this many KiB is replaced after its answer: memory is rarely given back."""


def main(folder: Path) -> None:
    """Answers until the server closes the pipe or is gone."""
    store: Store | None = None

    def newest() -> Store:
        nonlocal store
        store = _newest(store, folder)
        return store

    def warm() -> None:
        with suppress(FactlineError):  # whoever asks will be told
            newest()

    def answer(head: dict[str, Any], _: bytes, emit: Callable[[frames.Message], None]) -> frames.Message:
        return _answer(newest(), Named.from_json(head) if "name" in head else Job.from_json(head), emit)

    serve(answer, warm)


Handler = Callable[[dict[str, Any], bytes, Callable[[frames.Message], None]], frames.Message]
"""Gets a head, a body, and what sends a message that is not the last; gives the last."""


def serve(answer: Handler, warm: Callable[[], None] = lambda: None) -> None:
    """Closes the process in and has each request answered, until the server closes the pipe or is gone.

    ``warm`` is done before the first.
    """
    requests, answers = os.dup(0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what the engine prints when it gives up is not for the server's terminal
        os.dup2(quiet, descriptor)
    sealed = seal()
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    warm()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + RETIRE
    frames.send(answers, {"sealed": sealed})
    coming = frames.Incoming()

    def emit(message: frames.Message) -> None:
        frames.send(answers, {**message[0], "more": True}, message[1])

    while True:
        try:
            asked, sent = frames.receive(requests, coming)
        except EOFError:
            return
        try:
            head, body = answer(asked, sent, emit)
        except MemoryError:
            head, body = {"error": "MemoryError", "message": ""}, b""
        except (FactlineError, RefusedError) as error:
            head, body = _fault(error), b""
        head["retire"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > grown
        frames.send(answers, head, body)


def _leave_with(parent: int) -> None:
    """A killed server leaves no query running."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _newest(store: Store | None, folder: Path) -> Store:
    if store is not None:
        if not store.outdated:
            return store
        store.close()
    opened = open_store(folder)
    opened.texts = Quotes(opened)
    return opened


def _answer(store: Store, job: Job | Named, emit: Callable[[frames.Message], None]) -> frames.Message:
    limit_memory(job.limits.memory_bytes)
    piecemeal = None if job.whole else lambda piece: emit(_message(piece))
    return _message(run(store, job, piecemeal) if isinstance(job, Named) else evaluate(store, job, piecemeal))


def _message(answer: Answer) -> frames.Message:
    return {name: value for name, value in vars(answer).items() if name != "body"}, answer.body


def _fault(error: Exception) -> dict[str, Any]:
    headers = error.headers if isinstance(error, LimitError) else {}
    graph = error.graph if isinstance(error, FormError) else False
    return {"error": type(error).__name__, "message": str(error), "headers": headers, "graph": graph}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
