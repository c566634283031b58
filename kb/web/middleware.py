"""What every answer has in common: HEAD and OPTIONS, validators (ETag, 304), CORS and the headers that protect a page.

Plain ASGI, in one class: the routes below it never see HEAD and OPTIONS.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from hashlib import blake2b

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.errors import StoreError
from kb.web import i18n

# The one style sheet that Yasgui (4.6.2, see static/vendor) puts into the page itself: its table's columns.
_EDITOR_STYLE = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
# Scripts run only if the page names them with the nonce of this one answer; nothing comes from another host.
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' {editor}; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# The data is there for any page to read. A browser never sends a token by itself: a page that has one sends it in
# Authorization, and credentials that come by themselves (cookies) are never allowed.
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Location, Content-Disposition, Retry-After, WWW-Authenticate, Factline-Note, "
        "Factline-Limit, Factline-Limits, Factline-Truncated"
    ),
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, Content-Encoding, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_VARY = ("Accept", "Accept-Language", "Authorization", "Cookie")
DATA = [
    (name.lower().encode(), value.encode())
    for name, value in {
        **_PROTECTION,
        **_CORS,
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Vary": ", ".join(("Accept-Encoding", *_VARY)),
        "Cache-Control": "no-cache",
    }.items()
]
"""What answers that are no pages have in common."""
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
_UNCHANGING = (b"now", b"rand", b"uuid", b"bnode")


class Common:
    """Wraps the application.

    ``revision`` gives a token that changes with the data, ``methods`` the methods that the routes of a path take.
    """

    def __init__(self, app: ASGIApp, revision: Callable[[], str], methods: Callable[[Scope], Collection[str]]) -> None:
        self.app = app
        self.revision = revision
        self.methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers OPTIONS and what the client knows already; hands the rest on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        i18n.use(
            i18n.chosen(
                scope["query_string"].decode("latin-1"),
                headers.get("cookie", ""),
                headers.get("accept-language", ""),
            )
        )
        method = scope["method"]
        if method == "OPTIONS":
            await self._options(scope)(scope, receive, _with_headers(send, None))
            return
        # Evaluated at every request: this is how a new revision of the store is noticed.
        tag = self._tag(scope) if method in {"GET", "HEAD"} else None
        if tag and tag in _known(headers):
            await Response(status_code=304)(scope, receive, _with_headers(send, tag))
            return
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})["nonce"] = nonce
        if method == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, _without_body(_with_headers(send, tag, nonce)))
        else:
            await self.app(scope, receive, _with_headers(send, tag, nonce))

    def _options(self, scope: Scope) -> Response:
        allowed = {"GET", "HEAD", "OPTIONS"} | set(self.methods(scope))
        order = [method for method in _METHODS if method in allowed]
        return Response(status_code=204, headers={"Allow": ", ".join(order), **_PREFLIGHT})

    def _tag(self, scope: Scope) -> str | None:
        try:
            return validator(scope, self.revision())
        except StoreError:  # the route will say so
            return None


def validator(scope: Scope, revision: str) -> str | None:
    """A weak validator from the revision, the address and what can change its representation; None if unsafe."""
    query = scope["query_string"]
    small = query.lower()
    if any(word in small for word in _UNCHANGING):
        return None
    headers = dict(scope["headers"])
    accept = headers.get(b"accept", b"")
    data = scope["path"] == "/sparql" and b"html" not in accept  # the same in every language
    parts = (
        revision.encode(),
        scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape"),
        query,
        accept,
        b"" if data else i18n.language().encode(),
        headers.get(b"authorization", b""),  # its limits may be other ones
    )
    return f'W/"{blake2b(b"".join(b"%d:%b" % (len(part), part) for part in parts), digest_size=12).hexdigest()}"'


def _known(headers: Headers) -> set[str]:
    """The validators that the client holds (If-None-Match)."""
    return {value.strip() for value in headers.get("if-none-match", "").split(",")}


def _with_headers(send: Send, tag: str | None, nonce: str | None = None) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**_PROTECTION, **_CORS}.items():
                headers.setdefault(name, value)
            if nonce:  # not on 304: the page that the client has keeps the policy and the nonce that it came with
                headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce, editor=_EDITOR_STYLE))
            for name in _VARY:
                headers.add_vary_header(name)
            if "cache-control" not in headers:
                headers["Cache-Control"] = "no-cache"
                if tag and message["status"] in {200, 304}:
                    headers["ETag"] = tag
        await send(message)

    return wrapped


def _without_body(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return wrapped
