"""``/reviewing``: the pages on which people decide, who have signed in with a token of the role reviewer."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kb.access import Role
from kb.desk import at_desk
from kb.review import Act, Desk
from kb.review.queue import Waiting, history, queue
from kb.review.standing import UNAMENDABLE
from kb.web.cards import Card
from kb.web.links import Links
from kb.web.picking import choices
from kb.web.review import Asked
from kb.web.session import NO_STORE, require_person, within
from kb.web.site import Site, raw_path, site_of
from kb.web.threads import contained
from kb.web.views import claim_json

router = APIRouter(tags=["Review"])
_SHOWN = 40


class Sent(BaseModel):
    """What a form sends; ``seen`` is the state in which the target was seen, ``back`` the page to go back to."""

    act: Act
    target: str
    reason: str = ""
    seen: str = ""
    field: str = ""
    value: str = ""
    into: str = ""
    day: str = ""
    claims: list[str] = []
    back: str = ""

    @property
    def asked(self) -> Asked:
        """The decision that it asks for."""
        value = self.value.strip()
        return Asked(
            act=self.act,
            targets=[self.target],
            reason=self.reason,
            seen=self.seen or None,
            changes={self.field: _meant(value)} if self.act is Act.AMEND else {},
            into=self.into or None,
            claims=self.claims,
            day=self.day or None,
            name=value or None,
            view=value or None,
        )


def _meant(value: str) -> Any:
    """What was typed as JSON, else as a text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


@router.get("/reviewing", summary="What waits for a person, as a page with forms")
def waiting(request: Request) -> Response:
    """A page; the same for programs is ``/review``."""
    caller = require_person(request, Role.REVIEWER)
    site = site_of(request)
    with site.reading() as reading:
        found = queue(reading.store)
        claims = [it.target for it in found[:_SHOWN] if "/claim/" in it.target]
        known = {card.iri: card for card in reading.cards(claims)}
        labels = reading.labels([it.target for it in found[:_SHOWN]])
        log = history(reading.store)
    rows: list[tuple[Waiting, Card | None, str]] = [
        (it, known.get(it.target), labels.get(it.target) or it.label or it.target) for it in found[:_SHOWN]
    ]
    context = {"caller": caller, "rows": rows, "total": len(found), "log": log[::-1][:_SHOWN]}
    return site.page(request, "review.html", context, headers=NO_STORE)


@router.get("/reviewing/{target:path}", summary="One thing: what was read, what was decided on it, and the forms")
def one(request: Request, target: str) -> Response:
    """A page for a claim, actor, place, event, episode or figure."""
    caller = require_person(request, Role.REVIEWER)
    site = site_of(request)
    with site.reading() as reading:
        iri = reading.store.iri(target)
        cards = reading.cards([iri]) if target.startswith("claim/") else []
        label = cards[0].headline if cards else reading.labels([iri]).get(iri)
        if label is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"This store says nothing about {iri}")
        log, state = history(reading.store, iri), Desk(reading.store).state(iri)
        found = choices(reading, iri, label, request.query_params)
    fields = _fields(claim_json(cards[0])) if cards else []
    context = {
        "caller": caller,
        "target": iri,
        "kind": target.partition("/")[0],
        "label": label,
        "card": cards[0] if cards else None,
        "fields": fields,
        "choices": found,
        "log": log[::-1],
        "state": state,
    }
    return site.page(request, "reviewing.html", context, headers=NO_STORE)


def _fields(claim: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    """The fields of a claim that can be amended, as paths, with what they are now as JSON."""
    found: list[tuple[str, str]] = []
    for name, value in claim.items():
        if not before and (name in {"iri", "decided"} or name in UNAMENDABLE):
            continue
        if isinstance(value, dict):
            found += _fields(value, f"{before}{name}.")
        elif not isinstance(value, list):
            found.append((before + name, json.dumps(value, ensure_ascii=False, default=str)))
    return found


@router.post("/reviewing", include_in_schema=False)
async def decide(request: Request, sent: Annotated[Sent, Form()]) -> Response:
    """Decides, and goes back to the page that the form names. 409 where someone has decided meanwhile."""
    caller = require_person(request, Role.REVIEWER)
    await run_in_threadpool(_take, site_of(request), sent.asked, caller.name or "")
    where = Links.of("", raw_path(request)).to(within(sent.back) or "reviewing")
    return RedirectResponse(where, HTTPStatus.SEE_OTHER, NO_STORE)


@contained
def _take(site: Site, asked: Asked, by: str) -> None:
    with at_desk(site.live.folder, site.stopping.is_set) as desk:
        asked.take(desk, by)
