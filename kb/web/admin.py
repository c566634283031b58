"""``/admin/queries``: what runs and waits, and ending it; for tokens of the role admin."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from kb.access import Caller, Role
from kb.endpoint import EndedError, Job, Named, Ticket, Write
from kb.endpoint.process import Task
from kb.web.callers import needs
from kb.web.site import site_of

router = APIRouter(tags=["Operation"])
_SHOWN = 2_000
_FRESH = {"Cache-Control": "no-store"}
Admin = Annotated[Caller, Depends(needs(Role.ADMIN))]


@router.get("/admin/queries", summary="The queries and updates that run or wait (role admin)")
async def list_running(request: Request, _: Admin) -> JSONResponse:
    """Oldest first: ``id``, ``kind``, ``caller``, ``state``, ``seconds`` since it came, ``text`` (its beginning)."""
    return JSONResponse([_described(ticket) for ticket in _tickets(request)], headers=_FRESH)


@router.delete("/admin/queries/{identifier}", summary="End a query or an update (role admin)")
async def end_query(request: Request, identifier: str, admin: Admin) -> Response:
    """Its client is told so with 503; 404 if there is none of that id, or no longer."""
    for ticket in _tickets(request):
        if ticket.id == identifier:
            ticket.cancel(EndedError(f"The query was ended by an administrator ({admin.name})."))
            return Response(status_code=204, headers=_FRESH)
    raise HTTPException(404, f"No query {identifier} runs or waits.")


def _tickets(request: Request) -> list[Ticket]:
    site = site_of(request)
    return sorted([*site.pool.tickets, *site.named.tickets, *site.writer.tickets], key=lambda ticket: ticket.begun)


def _described(ticket: Ticket) -> dict[str, Any]:
    kind, text = _told(ticket.job)
    pid = ticket.pid
    return {
        "id": ticket.id,
        "kind": kind,
        "caller": ticket.caller.name or ticket.caller.kind,
        "state": "waiting" if pid is None else "running",
        "pid": pid,
        "seconds": round(ticket.seconds, 3),
        "text": text[:_SHOWN],
    }


def _told(job: Task) -> tuple[str, str]:
    """What kind of thing it is, and how it was asked for."""
    if isinstance(job, Write):
        return job.kind, job.text or ""
    if isinstance(job, Named):
        return "named query", f"{job.name}?{urlencode(job.given)}"
    return "query", job.query if isinstance(job, Job) else ""
