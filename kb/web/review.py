"""``/review``: what waits for a person, what was decided, and taking decisions, for tokens of the role reviewer."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from kb.access import Caller, Role
from kb.desk import at_desk
from kb.errors import UsageError
from kb.review import Act, Decision, Desk
from kb.review.queue import Waiting, history, queue
from kb.web.callers import needs
from kb.web.site import Site, site_of
from kb.web.threads import contained

router = APIRouter(tags=["Review"])
PATH = "/review"
_NO_STORE = {"Cache-Control": "no-store"}
Reviewer = Annotated[Caller, Depends(needs(Role.REVIEWER))]


class Asked(BaseModel):
    """A decision as it is asked for; who takes it is whose token it is.

    ``targets`` are IRIs of the store, or paths under its base. ``seen`` is the state in which the reviewer saw them.
    ``changes`` (amend) are fields by their path in JSON with new values; ``into`` (merge, split), ``claims`` and
    ``day`` (split), ``name``, ``view`` (pin) are as on the command line.
    """

    model_config = ConfigDict(extra="forbid")
    act: Act
    targets: list[str] = Field(min_length=1, max_length=1000)
    reason: str = Field("", max_length=10_000)
    seen: str | None = None
    changes: dict[str, Any] = {}
    into: str | None = None
    claims: list[str] = Field([], max_length=1000)
    day: str | None = None
    name: str | None = Field(None, max_length=1000)
    view: str | None = None

    def take(self, desk: Desk, by: str) -> list[Decision]:
        """Takes the decision."""
        target, why = self.targets[0], self.reason
        if self.act in (Act.AMEND, Act.SPLIT, Act.NAME, Act.PIN, Act.NOTE, Act.UNDO) and len(self.targets) > 1:
            raise UsageError(f"{self.act.value} takes one target, not {len(self.targets)}")
        if self.act is Act.ACCEPT:
            return [desk.accept(self.targets, by, why, self.seen)]
        if self.act is Act.REJECT:
            return [desk.reject(self.targets, by, why, self.seen)]
        if self.act is Act.AMEND:
            changes = [(field, json.dumps(value)) for field, value in self.changes.items()]
            return desk.amend(target, changes, by, why, self.seen)
        if self.act is Act.MERGE:
            return [desk.merge(self.targets, self.into or "", by, why, self.seen)]
        return [self._of_one(desk, by)]

    def _of_one(self, desk: Desk, by: str) -> Decision:
        target, why, seen = self.targets[0], self.reason, self.seen
        if self.act is Act.SPLIT:
            return desk.split(target, by, claims=self.claims, into=self.into, day=self.day, reason=why, seen=seen)
        if self.act is Act.NAME:
            return desk.name(target, self.name or "", by, why, seen)
        if self.act is Act.PIN:
            return desk.pin(target, by, self.view, why, seen)
        if self.act is Act.NOTE:
            return desk.note(target, by, why)
        return desk.undo(target, by, why, seen)


class Taken(BaseModel):
    """A decision as it was recorded; its id is the new state of what it is about."""

    id: str
    iri: str
    act: Act
    targets: tuple[str, ...]
    by: str
    at: str


@router.get(PATH, summary="What waits for a person, the most important first (role reviewer)")
async def waiting(
    request: Request, caller: Reviewer, limit: Annotated[int, Query(ge=1, le=1000)] = 50
) -> list[Waiting]:
    """Claims that the extractor doubts, or that contradict others, until someone accepts, rejects or amends them."""
    found = await run_in_threadpool(_queue, site_of(request))
    return found[:limit]


@router.get(f"{PATH}/decisions", summary="What was decided, in order (role reviewer)")
async def decisions(request: Request, caller: Reviewer, about: str | None = None) -> list[dict[str, str]]:
    """All decisions, or those ``about`` one thing (its IRI, or the path under the base)."""
    return await run_in_threadpool(_history, site_of(request), about)


@router.post(f"{PATH}/decisions", summary="Take a decision (role reviewer)", status_code=HTTPStatus.CREATED)
async def decide(
    request: Request, asked: Asked, caller: Reviewer, if_match: Annotated[str | None, Header()] = None
) -> JSONResponse:
    """Records it, tracks and publishes. 409 when someone decided on a target after the state ``seen`` (or If-Match)."""
    if if_match is not None and asked.seen is None:
        asked = asked.model_copy(update={"seen": if_match.strip().strip('"')})
    taken = await run_in_threadpool(_take, site_of(request), asked, caller.name or "")
    return JSONResponse(
        [each.model_dump(mode="json") for each in taken],
        HTTPStatus.CREATED,
        {**_NO_STORE, "Location": taken[-1].iri, "ETag": f'"{taken[-1].id}"'},
    )


@contained
def _queue(site: Site) -> list[Waiting]:
    with site.live.lease() as store:
        return queue(store)


@contained
def _history(site: Site, about: str | None) -> list[dict[str, str]]:
    with site.live.lease() as store:
        iri = about if about is None or about.startswith(("http://", "https://")) else store.iri(about.lstrip("/"))
        return history(store, iri)


@contained
def _take(site: Site, asked: Asked, by: str) -> list[Taken]:
    with at_desk(site.live.folder, site.stopping.is_set) as desk:
        made = asked.take(desk, by)
        base = desk.base
    return [
        Taken(id=each.id, iri=each.iri(base), act=each.act, targets=each.targets, by=each.by, at=each.at.isoformat())
        for each in made
    ]
