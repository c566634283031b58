"""``/changes``: the claims that changed what was known of a figure, the newest publication first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import ParameterError
from kb.search import lists
from kb.search.lists import Change
from kb.web import feeds
from kb.web.cards import Card
from kb.web.exports import listed
from kb.web.listing import said_of, show
from kb.web.reading import Reading
from kb.web.threads import contained
from kb.web.views import Page

router = APIRouter(tags=["News"])


@dataclass(frozen=True, kw_only=True)
class ChangesPage(Page):
    """A page of changes; ``after`` is where the next one begins."""

    changes: list[tuple[Change, Card]]
    after: str | None

    @property
    def heading(self) -> str:
        """The name of the page."""
        return "latest changes"

    @property
    def shown(self) -> Sequence[Card]:
        """The claims that changed something."""
        return [*{card.iri: card for _, card in self.changes}.values()]

    @property
    def entries(self) -> list[feeds.Entry]:
        """Each with what it changed."""
        return feeds.of_changes(self.changes)

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:ItemList."""
        return listed(self.iri, "Latest changes", self.shown)

    def as_json(self) -> dict[str, Any]:
        """The changes."""
        return {"changes": [vars(change) for change, _ in self.changes], "next": self.after}


@router.get("/changes", summary="What changed what was known, the newest first")
@router.get("/changes.{suffix}", include_in_schema=False)
@contained
def changes(request: Request) -> Response:
    """As a page, as data or as an Atom feed; ``after`` goes on from a page."""
    return show(request, load, "changes.html")


def load(reading: Reading, given: Mapping[str, str]) -> ChangesPage:
    """The newest changes of all figures. Raises ParameterError for an ``after`` that no page gave."""
    try:
        found = lists.changes(reading.index, feeds.MOST + 1, after=given.get("after"))
    except ValueError as error:
        raise ParameterError(f"after={error} is no place in the list; begin without it") from error
    shown = with_card(reading, found[: feeds.MOST])
    return ChangesPage(
        iri=reading.store.iri("changes"),
        sparql=said_of(change.claim for change, _ in shown),
        changes=shown,
        after=found[feeds.MOST - 1].position if len(found) > feeds.MOST else None,
    )


def with_card(reading: Reading, changes: Sequence[Change]) -> list[tuple[Change, Card]]:
    """Changes with their claims."""
    known = {card.iri: card for card in reading.cards([change.claim for change in changes])}
    return [(change, known[change.claim]) for change in changes if change.claim in known]
