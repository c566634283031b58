"""Having a worker do something, for as long as the client waits, and answering with what comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kb.access import Caller
from kb.endpoint import EXPLANATION, Answer, Job, Limits, Named, Ticket
from kb.errors import FactlineError
from kb.web.negotiate import GRAPHS, RESULTS, TEXT
from kb.web.site import site_of

_SOON = 0.05  # seconds that a client is taken to wait: most answers come before
_IDLE = 60.0  # seconds after which a client that takes nothing of an answer is given up


class _Watch:
    """Stops what runs when the client leaves. The body of the request has been read."""

    def __init__(self, receive: Receive, ticket: Ticket) -> None:
        self._receive = receive
        self._ticket = ticket
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_SOON, self._begin)

    def _begin(self) -> None:
        self._task = asyncio.ensure_future(self._leave())

    async def _leave(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._ticket.cancel()

    def end(self) -> None:
        """Looks no longer."""
        self._timer.cancel()
        if self._task:
            self._task.cancel()


async def finished(request: Request, ticket: Ticket) -> Answer:
    """The answer, or its beginning; what runs is stopped if the client leaves before."""
    watch = _Watch(request.receive, ticket)
    try:
        return await ticket.future
    except asyncio.CancelledError:
        ticket.cancel()
        raise
    finally:
        watch.end()


class Streamed(Response):
    """An answer that is sent while it is made; one that cannot be ended as it began breaks the connection."""

    def __init__(
        self, request: Request, ticket: Ticket, first: bytes, headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(None, headers=headers, media_type=media_type)
        del self.headers["content-length"]
        self._receive = request.receive
        self._ticket = ticket
        self._first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends piece after piece."""
        rest = self._ticket.rest
        watch = _Watch(self._receive, self._ticket)
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self._first, "more_body": True})
            if rest:
                async for piece in rest:
                    async with asyncio.timeout(_IDLE):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except (FactlineError, TimeoutError):
            pass  # without its last part the server closes the connection, and every client notices
        finally:
            watch.end()
            self._ticket.cancel()


def submitted(request: Request, job: Job | Named, caller: Caller) -> Ticket:
    """A query on its way. Named ones have workers of their own.

    Raises StoreMissingError for a store that is gone, BusyError when too many wait.
    """
    site = site_of(request)
    site.live.token()
    return (site.named if isinstance(job, Named) else site.pool).submit(job, caller)


async def answered(
    request: Request,
    job: Job | Named,
    caller: Caller,
    limits: Limits,
    *,
    more: Callable[[Answer], Mapping[str, str]] = lambda _: {},
) -> Response:
    """The answer to a query, packed and piece by piece if the client can take it so; ``limits`` are told to it.

    ``more`` gives further headers. Raises what came of the query instead.
    """
    alone = request.scope.get("http_version") == "1.0"  # there the end of an answer is the end of the connection
    job = replace(job, packing=_packing(request), whole=alone)
    ticket = submitted(request, job, caller)
    answer = await finished(request, ticket)
    headers = {**said(answer, limits), "Vary": "Accept-Encoding", **more(answer)}
    if answer.packing:
        headers["Content-Encoding"] = answer.packing
    offered = (TEXT,) if answer.format == EXPLANATION else GRAPHS if answer.graph else RESULTS
    media = next(each.content_type for each in offered if each.name == answer.format or each is TEXT)
    if ticket.rest:
        return Streamed(request, ticket, answer.body, headers, media)
    return Response(answer.body, headers=headers, media_type=media)


def said(answer: Answer, limits: Limits) -> dict[str, str]:
    """What is said of an answer in headers."""
    headers = {"Factline-Limits": str(limits)}
    if answer.truncated:
        headers["Factline-Truncated"] = f"rows={limits.rows}"
    return headers


def _packing(request: Request) -> str:
    """The way of packing that the client takes."""
    for each in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() in {"gzip", "*"} and weight.replace(" ", "") not in {"q=0", "q=0.0"}:
            return "gzip"
    return ""
