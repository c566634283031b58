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
from pathlib import Path
from typing import Any

from kb.endpoint import frames
from kb.endpoint.errors import LimitError
from kb.endpoint.evaluate import FormError, Job, evaluate
from kb.endpoint.guard import RefusedError
from kb.endpoint.seal import limit_memory, seal
from kb.errors import FactlineError
from kb.search import Quotes
from kb.store import Store, open_store

RETIRE = 256 * 1024
"""A worker that has grown by this many KiB is replaced after its answer: memory is rarely given back."""


Message = tuple[dict[str, object], bytes]
"""What is sent back: a head and a body."""


def main(folder: Path) -> None:
    """Answers until the server closes the pipe or is gone."""
    store: Store | None = None

    def answer(head: dict[str, Any], _: bytes) -> Message:
        nonlocal store
        store = _newest(store, folder)
        return _answer(store, Job.from_json(head))

    serve(answer)


def serve(answer: Callable[[dict[str, Any], bytes], Message]) -> None:
    """Closes the process in and has each request answered, until the server closes the pipe or is gone."""
    requests, answers = os.dup(0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what the engine prints when it gives up is not for the server's terminal
        os.dup2(quiet, descriptor)
    sealed = seal()
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + RETIRE
    frames.send(answers, {"sealed": sealed})
    while True:
        try:
            asked, sent = frames.receive(requests)
        except EOFError:
            return
        try:
            head, body = answer(asked, sent)
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


def _answer(store: Store, job: Job) -> Message:
    limit_memory(job.limits.memory_bytes)
    answer = evaluate(store, job)
    head = {"format": answer.format, "graph": answer.graph, "truncated": answer.truncated, "revision": store.revision}
    return head, answer.body


def _fault(error: Exception) -> dict[str, object]:
    headers = error.headers if isinstance(error, LimitError) else {}
    graph = error.graph if isinstance(error, FormError) else False
    return {"error": type(error).__name__, "message": str(error), "headers": headers, "graph": graph}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
