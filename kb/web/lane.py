"""A short way for SPARQL: programs that ask ``/sparql`` without a token need none of what routes do for pages.

The router, its dependencies and the compression of pages take as long as a small query. What is not plainly a query of
a program goes the long way; both end in the same functions.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kb.web import sparql
from kb.web.callers import caller_of
from kb.web.site import site_of
from kb.web.threads import EXPECTED

_LONG_WAY = frozenset({b"authorization", b"cookie"})


class Lane:
    """Wraps the routes of ``application``, whose handlers of errors it shares."""

    def __init__(self, app: ASGIApp, application: FastAPI) -> None:
        self.app = app
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a plain query; hands everything else on."""
        if scope["type"] != "http" or scope["path"] != sparql.PATH or not _plain(scope):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        ask = sparql.sparql_get if scope["method"] == "GET" else sparql.sparql_post
        try:
            caller = caller_of(request)
            site_of(request).rates.count(request, caller)
            response = await ask(request, caller)
        except EXPECTED as error:
            handlers = self.application.exception_handlers
            handler = next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)
            response = await cast("Awaitable[Response]", handler(request, error))
        await response(scope, receive, send)


def _plain(scope: Scope) -> bool:
    if scope["method"] == "GET":
        if not scope["query_string"]:
            return False
    elif scope["method"] != "POST":
        return False
    return all(
        name not in _LONG_WAY and not (name == b"accept" and b"html" in value) for name, value in scope["headers"]
    )
