"""Extraction by several processes, in the order of the documents: the same claims, byte for byte, as by one.

The documents that come next are read and handed out in portions while the claims of those before are being used. A few
portions a process are under way at most, so memory does not grow with the number of documents.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from types import TracebackType
from typing import Self

from kb.errors import DocumentError, FactlineError
from kb.extract.explain import Explanation
from kb.extract.pipeline import Extractor
from kb.model import Claim, Document
from kb.resources import DEFAULT_BASE

AUTO = 0
"""As many processes as there are cores, once there is so much text that they are worth their start."""

ENOUGH = 300_000
"""Characters that AUTO reads in this process before it starts others: about what these could do while they start."""

MOST = 8
"""Processes that AUTO starts at most; with more of them, writing the claims down takes longer than finding them."""

_PORTION_CHARACTERS = 50_000
_PORTION_DOCUMENTS = 100
_AHEAD = 3  # portions a process

Item = Document | DocumentError
Result = list[Claim] | ValueError


def cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """Extracts like ``Extractor``, what comes ``ahead`` in processes of its own; a context manager, of one thread.

    ``jobs`` is how many processes: 1 for this one alone, or AUTO. They start when the first portion is handed out.
    """

    def __init__(self, base: str = DEFAULT_BASE, jobs: int = AUTO) -> None:
        if jobs < 0:
            raise ValueError(f"{jobs} processes; give their number, or {AUTO} to have it chosen")
        self._base = base
        self._jobs = jobs
        self._own: Extractor | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._now: tuple[Document, Result] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def extract(self, document: Document) -> list[Claim]:
        """The claims of a document; at hand already if it is the one that ``ahead`` gave last.

        Raises ValueError for a claim that the model refuses.
        """
        if self._now is not None and self._now[0] is document:
            result = self._now[1]
            if isinstance(result, ValueError):
                raise result
            return result
        return self._here().extract(document)

    def explain(self, document: Document) -> list[tuple[Claim, Explanation]]:
        """The claims of a document, each with why it was read so; always read in this process."""
        return self._here().explain(document)

    def _here(self) -> Extractor:
        if self._own is None:
            self._own = Extractor(self._base)
        return self._own

    def ahead(
        self, items: Iterable[Item], known: Callable[[Document], bool] = lambda document: False
    ) -> Iterator[Item]:
        """The same items in the same order, the claims of the documents found by the time they come.

        Documents that are ``known`` need none. Raises FactlineError when a process was ended from outside.
        """
        items = iter(items)
        if self._jobs == AUTO:
            yield from self._few(items)
        if self._jobs > 1:
            yield from self._handed_out(items, known)
        else:
            yield from items

    def _few(self, items: Iterator[Item]) -> Iterator[Item]:
        """The first items, as they are; then the number of processes is settled."""
        jobs = min(cores(), MOST)
        characters = 0
        while characters < ENOUGH and jobs > 1:
            item = next(items, None)
            if item is None:
                break
            characters += len(item.text) if isinstance(item, Document) else 0
            yield item
        self._jobs = jobs

    def _handed_out(self, items: Iterator[Item], known: Callable[[Document], bool]) -> Iterator[Item]:
        under_way: deque[tuple[list[Item], list[Document], Future[list[Result]]]] = deque()
        for portion in _portions(items):
            new = [item for item in portion if isinstance(item, Document) and not known(item)]
            under_way.append((portion, new, self._submit(new)))
            if len(under_way) > _AHEAD * self._jobs:
                yield from self._done(*under_way.popleft())
        while under_way:
            yield from self._done(*under_way.popleft())

    def _submit(self, documents: list[Document]) -> Future[list[Result]]:
        if self._pool is None:
            # Fresh processes rather than copies of this one, which may hold an open store and threads.
            fresh = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self._jobs, fresh, _begin, (signal.getsignal(signal.SIGINT) != signal.SIG_IGN,)
            )
        with _death_told(), _interrupts_held():
            return self._pool.submit(_work, self._base, documents)

    def _done(self, portion: list[Item], new: list[Document], future: Future[list[Result]]) -> Iterator[Item]:
        with _death_told():
            found = {id(document): result for document, result in zip(new, future.result(), strict=True)}
        for item in portion:
            result = found.get(id(item))
            self._now = None if result is None or isinstance(item, DocumentError) else (item, result)
            yield item
        self._now = None


def _portions(items: Iterator[Item]) -> Iterator[list[Item]]:
    """The items in runs of about so many characters."""
    portion: list[Item] = []
    characters = 0
    for item in items:
        portion.append(item)
        characters += len(item.text) if isinstance(item, Document) else 0
        if characters >= _PORTION_CHARACTERS or len(portion) == _PORTION_DOCUMENTS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


@contextmanager
def _death_told() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise FactlineError(
            "a process that was extracting has been ended from outside, often for want of memory; "
            "give the same command again with --jobs 1"
        ) from error


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits until this block is left; what is started in it does not hear it until it can end without a word."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the processes


def _begin(interruptible: bool) -> None:
    if interruptible:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@cache
def _extractor(base: str) -> Extractor:
    return Extractor(base)


def _work(base: str, documents: list[Document]) -> list[Result]:
    return [_result(_extractor(base), document) for document in documents]


def _result(extractor: Extractor, document: Document) -> Result:
    try:
        return extractor.extract(document)
    except ValueError as error:
        return ValueError(str(error))  # a fault of the model's own kind does not travel between processes
