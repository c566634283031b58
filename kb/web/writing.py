"""What all ways of writing over HTTP share: who may, and the process that does it."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request

from kb.access import Caller, Role
from kb.endpoint import Updates, Write
from kb.endpoint.guard import RefusedError
from kb.web.callers import require
from kb.web.running import finished
from kb.web.site import site_of


def require_writing(request: Request, caller: Caller) -> bool:
    """Lets pass who may write; whether Factline's own graphs may be written too.

    Raises RefusedError where the server takes no writes at all, HTTPException (401, 403) for who may not.
    """
    updates = site_of(request).pool.settings.updates
    if updates is Updates.OFF:
        raise RefusedError(
            "This server takes no updates and no graphs: kb serve --updates own lets tokens of the role admin write. "
            "Documents are added with kb add FILES."
        )
    require(caller, Role.ADMIN)
    return updates is Updates.ALL


async def write(request: Request, caller: Caller, job: Write) -> dict[str, Any]:
    """Has it written; what came of it, as ``kb.endpoint.write.perform`` says.

    A write whose client leaves before its turn is dropped; one that runs is stopped, and is then written whole or not
    at all. Raises what ``perform`` raises, and LimitError.
    """
    site = site_of(request)
    site.live.token()  # a store that is gone is said to be
    answer = await finished(request, site.writer.submit(job, caller))
    found: dict[str, Any] = json.loads(answer.body)
    return found
