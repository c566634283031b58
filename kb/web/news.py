"""``/events``: what happens while a page is open (server-sent events); the switch of languages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from kb import ingest
from kb.errors import StoreError
from kb.web import i18n
from kb.web.site import Site, site_of

router = APIRouter(tags=["News"])
_EVERY = 1.0  # seconds between looks at the store: one stat, and one small file while documents are added
_LONGEST = 600  # looks; then the browser connects again
_MOST = 200  # listeners at a time


@router.get("/events", summary="New revisions and the progress of documents being added, as server-sent events")
async def events(request: Request) -> Response:
    """``revision`` when a new one has been published; ``progress`` while documents are being added."""
    site = site_of(request)
    if site.listeners >= _MOST:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "Too many pages listen; reload to see what is new.")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_told(request, site), media_type="text/event-stream", headers=headers)


async def _told(request: Request, site: Site) -> AsyncIterator[bytes]:
    site.listeners += 1
    last: tuple[int, object] = (-1, None)
    try:
        yield b"retry: 3000\n\n"
        for look in range(_LONGEST):
            try:
                now = (site.live.newest(), ingest.under_way(site.live.folder))
            except StoreError:
                return
            if now[0] != last[0]:
                yield _event("revision", {"revision": now[0]})
            if now[1] != last[1]:
                yield _event("progress", now[1])
            elif look % 15 == 14:
                yield b": still here\n\n"
            last = now
            if site.stopping.is_set() or await request.is_disconnected():
                return
            await asyncio.sleep(_EVERY)
    finally:
        site.listeners -= 1


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


@router.get("/language/{name}", include_in_schema=False)
def language(request: Request, name: str, back: str = "") -> Response:
    """Keeps the language that was chosen (a cookie, nothing else is in it) and goes back to the page."""
    if name not in i18n.LANGUAGES:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"The site speaks {', '.join(i18n.LANGUAGES)}.")
    parts = urlsplit(back)
    # Only within this site, whatever the address says: relative to /language/xx, two levels down.
    path = "" if parts.scheme or parts.netloc else parts.path.lstrip("/\\")
    where = "../" + path + (f"?{parts.query}" if path and parts.query else "")
    answer = RedirectResponse(where, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    answer.set_cookie(i18n.COOKIE, name, max_age=31_536_000, samesite="lax", httponly=True)
    return answer
