"""A short way for SPARQL: programs that ask ``/sparql`` without a token need none of what routes do for pages.

The router, its dependencies, the headers and the compression of pages take as long as a small query. What is not
plainly a query of a program goes the long way; both end in the same functions.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.errors import StoreError
from kb.web import sparql
from kb.web.callers import caller_of
from kb.web.middleware import DATA, validator
from kb.web.site import site_of
from kb.web.threads import EXPECTED

_LONG_WAY = frozenset({b"authorization", b"cookie"})


class Lane:
    """Wraps the routes of ``application``, whose handlers of errors it shares; ``revision`` changes with the data."""

    def __init__(self, app: ASGIApp, application: FastAPI, revision: Callable[[], str]) -> None:
        self.app = app
        self.application = application
        self.revision = revision

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a plain query; hands everything else on."""
        if scope["type"] != "http" or scope["path"] != sparql.PATH or not _plain(scope):
            await self.app(scope, receive, send)
            return
        tag = self._tag(scope)
        known = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")
        response = Response(status_code=304) if tag and tag in known else await self._ask(Request(scope, receive, send))
        await response(scope, receive, _with_headers(send, tag))

    async def _ask(self, request: Request) -> Response:
        ask = sparql.sparql_get if request.method == "GET" else sparql.sparql_post
        try:
            caller = caller_of(request)
            site_of(request).rates.count(request, caller)
            return await ask(request, caller)
        except EXPECTED as error:
            handlers = self.application.exception_handlers
            handler = next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)
            return await cast("Awaitable[Response]", handler(request, error))

    def _tag(self, scope: Scope) -> bytes | None:
        if scope["method"] != "GET":
            return None
        try:
            found = validator(scope, self.revision())
        except StoreError:  # the route will say so
            return None
        return found.encode() if found else None


def _plain(scope: Scope) -> bool:
    if scope["method"] == "GET":
        if not scope["query_string"]:
            return False
    elif scope["method"] != "POST":
        return False
    return all(
        name not in _LONG_WAY and not (name == b"accept" and b"html" in value) for name, value in scope["headers"]
    )


def _with_headers(send: Send, tag: bytes | None) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [pair for pair in message["headers"] if pair[0] != b"vary"]
            tagged = [(b"etag", tag)] if tag and message["status"] in {200, 304} else []
            message = {**message, "headers": [*own, *DATA, *tagged]}
        await send(message)

    return wrapped
