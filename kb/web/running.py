"""Waiting for what a worker does, for as long as the client does."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Request

from kb.endpoint import Ticket


async def finished(request: Request, ticket: Ticket) -> Any:
    """The answer; what runs is stopped if the client leaves before. The body of the request has been read."""
    answering = asyncio.wrap_future(ticket.future)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            ticket.cancel()
        return await answering
    finally:
        leaving.cancel()
        if not answering.done():
            ticket.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
