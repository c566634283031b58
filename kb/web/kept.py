"""Answers to reading queries, kept as they were sent until the store has a newer revision.

The outermost layer: what is kept goes out without a look at the query. A request is known by its path, query string or
body, and the headers that an answer depends on; an answer by the revision that it was asked of. Requests that say who
they are, pages (each has its nonce), answers that break off, and queries whose values change with each call are not
kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.access import ANONYMOUS
from kb.endpoint import RateError
from kb.errors import StoreError
from kb.web.rates import Rates

MOST = 64 * 1024 * 1024
"""Bytes of all answers together; the one that was asked for longest ago goes first."""
LARGEST = MOST // 8
_LONGEST = 100_000  # bytes of a body that is looked at
_ENTRY = 2_000  # bytes that an entry takes besides its own
_PATHS = ("/sparql", "/queries/")
_CHANGING = (b"now", b"rand", b"uuid", b"bnode")
_DEPENDS = (b"accept", b"accept-encoding", b"accept-language", b"host", b"content-type")
_ALONE = frozenset({b"authorization", b"cookie", b"range", b"cache-control", b"pragma"})
_QUERY = b"application/sparql-query"
_FORM = b"application/x-www-form-urlencoded"

_Key = tuple[object, ...]


@dataclass(frozen=True)
class Kept:
    """A whole answer: its first message and its body."""

    start: Message
    body: bytes
    tag: bytes | None


class Answers:
    """The answers that are kept, and how often one was at hand; for all threads."""

    def __init__(self, most: int = MOST) -> None:
        self.hits = 0
        self.misses = 0
        self.bytes = 0
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: _Key) -> Kept | None:
        """The answer for a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                self.misses += 1
            else:
                self.hits += 1
                self._kept.move_to_end(key)
            return found

    def put(self, key: _Key, answer: Kept) -> None:
        """Keeps an answer, if it is small enough, and lets others go for it."""
        size = len(answer.body) + _ENTRY
        if size > self._most // 8:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = answer
            self.bytes += size
            while self.bytes > self._most:
                _, gone = self._kept.popitem(last=False)
                self.bytes -= len(gone.body) + _ENTRY


class Keeping:
    """Wraps the application; ``revision`` changes with the data, ``rates`` say who asks too often."""

    def __init__(self, app: ASGIApp, revision: Callable[[], str], answers: Answers, rates: Rates) -> None:
        self.app = app
        self.revision = revision
        self.answers = answers
        self.rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends what is kept, or hands the request on and keeps what comes back."""
        if scope["type"] != "http" or not scope["path"].startswith(_PATHS) or scope["method"] not in {"GET", "POST"}:
            await self.app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        body: bytes | None = b""
        if scope["method"] == "POST":
            body, receive = await _body(headers, receive)
        key = self._key(scope, headers, body)
        if key is None:
            await self.app(scope, receive, send)
            return
        found = self.answers.get(key)
        if found is None or not self._allowed(scope):
            await self.app(scope, receive, _Recorder(send, lambda answer: self.answers.put(key, answer)))
        elif found.tag is not None and found.tag in headers.get(b"if-none-match", b""):
            start = {**found.start, "status": 304, "headers": list(_unchanged(found.start["headers"]))}
            await send(start)
            await send({"type": "http.response.body", "body": b""})
        else:
            await send(found.start)
            await send({"type": "http.response.body", "body": found.body})

    def _allowed(self, scope: Scope) -> bool:
        try:
            self.rates.count(Request(scope), ANONYMOUS)
        except RateError:
            return False  # the route will say so
        return True

    def _key(self, scope: Scope, headers: dict[bytes, bytes], body: bytes | None) -> _Key | None:
        text = scope["query_string"] + (body or b"")
        if body is None or not text or not _ALONE.isdisjoint(headers):
            return None
        small = text.lower()
        if any(word in small for word in _CHANGING) or (body and b"update=" in small):
            return None
        try:
            revision = self.revision()
        except StoreError:  # the route will say so
            return None
        depends = (headers.get(name) for name in _DEPENDS)
        return (revision, scope["path"], scope["query_string"], body, *depends)


async def _body(headers: dict[bytes, bytes], receive: Receive) -> tuple[bytes | None, Receive]:
    """The body of a query, and a way to read it once more; None if it is no query, is long, or breaks off."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    length = headers.get(b"content-length", b"")
    if kind not in {_QUERY, _FORM} or not length.isdigit() or int(length) > _LONGEST:
        return None, receive
    messages: list[Message] = []
    data = bytearray()
    while True:
        message = await receive()
        messages.append(message)
        data += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            break

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return bytes(data) if messages[-1]["type"] == "http.request" else None, again


class _Recorder:
    """Sends an answer on and keeps it once it is whole."""

    def __init__(self, send: Send, keep: Callable[[Kept], None]) -> None:
        self._send = send
        self._keep = keep
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._size = 0

    async def __call__(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            # A page has a nonce of its own.
            self._start = message if message["status"] == 200 and not kind.startswith(b"text/html") else None
        elif self._start is not None and message["type"] == "http.response.body":
            part = message.get("body", b"")
            self._size += len(part)
            if self._size > LARGEST:
                self._start, self._parts = None, []
            else:
                self._parts.append(part)
        await self._send(message)
        if self._start is not None and message["type"] == "http.response.body" and not message.get("more_body"):
            tag = dict(self._start["headers"]).get(b"etag")
            self._keep(Kept(self._start, b"".join(self._parts), tag))


def _unchanged(headers: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    return ((name, value) for name, value in headers if name not in {b"content-length", b"content-type"})
