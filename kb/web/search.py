"""``/search``: names, and claims by their words and by what they say, narrowed down step by step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from kb.errors import ParameterError
from kb.search import ORDERS, Choice, Found, Named, Wanted, corrected, find_claims, find_names
from kb.search.claims import FACETS
from kb.search.names import KINDS, list_names
from kb.web.asked import query_for
from kb.web.cards import Card
from kb.web.claims import moment
from kb.web.exports import listed
from kb.web.listing import said_of, show
from kb.web.reading import Reading
from kb.web.threads import contained
from kb.web.views import Page, claim_json
from kb.web.wording import words

router = APIRouter(tags=["Search"])
SHOWN = 25
"""Claims of a page."""

_NAMES = 12
_WORD = re.compile(r"[\w-]+")
_LISTED = 60  # names of a page of one kind
_NODES = frozenset({"place", "actor", "source", "publisher"})


@dataclass(frozen=True)
class Link:
    """One value of a facet: how it reads, how many claims have it, and the query string that narrows down to it."""

    label: str
    claims: int | None
    query: str


@dataclass(frozen=True, kw_only=True)
class ResultsPage(Page):
    """What a search shows.

    ``chosen`` are the facets in force, each with the query string without it; ``meant`` the text that was searched
    instead of one that nothing contains; ``next`` the query string of the next page.
    """

    text: str = ""
    what: str = ""
    names: list[Named] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    total: int = 0
    facets: dict[str, list[Link]] = field(default_factory=dict)
    uncounted: tuple[str, ...] = ()
    chosen: list[tuple[str, Link]] = field(default_factory=list)
    kept: Mapping[str, str] = field(default_factory=dict)
    order: str = "newest"
    orders: list[Link] = field(default_factory=list)
    meant: str | None = None
    next: str | None = None
    query: str = ""

    @property
    def heading(self) -> str:
        """What was looked for."""
        return self.text or "claims"

    @property
    def behind(self) -> str:
        """A query for the same claims."""
        return self.query

    @property
    def shown(self) -> Sequence[Card]:
        """The claims of this page of results."""
        return self.cards

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:ItemList."""
        return listed(self.iri, self.heading, self.cards)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "text": self.text,
            "searched": self.meant or self.text,
            "names": [{"iri": it.iri, "kind": it.kind, "label": it.label, "name": it.name} for it in self.names],
            "claims": [claim_json(card) for card in self.cards],
            "total": self.total,
            "facets": {name: {it.label: it.claims for it in links} for name, links in self.facets.items()},
            "uncounted": self.uncounted,
            "next": f"search.json?{self.next}" if self.next else None,
        }


@router.get("/search", summary="Search names and quotes; narrow claims down by what they say")
@router.get("/search.{suffix}", include_in_schema=False)
@contained
def search(request: Request) -> Response:
    """``q`` is what to look for; the facets kind, harm, place, actor, source, publisher, event_type, phase, modality
    and month, since, until, ``review=1``, ``order`` (newest, oldest, largest), and ``what`` to list names of one kind.
    """
    return show(request, load, "search.html")


def load(reading: Reading, given: Mapping[str, str]) -> ResultsPage:
    """What is found for the parameters of an address. Raises ParameterError for a value that none can have."""
    text = given.get("q", "")
    kept = {name: value for name, value in given.items() if name not in {"after", "format"}}
    what = given.get("what", "")
    if what:
        return _names(reading, text, what, kept, given.get("after"))
    wanted, order = _wanted(reading, text, given), given.get("order") or "newest"
    if order not in ORDERS:
        raise ParameterError(f"order={order} is none; choose one of {', '.join(ORDERS)}")
    meant = corrected(reading.index, text) if text else None
    if meant:
        wanted = replace(wanted, text=meant)
    try:
        found = find_claims(reading.index, wanted, SHOWN, order=order, after=given.get("after") or None)
    except ValueError as error:
        raise ParameterError(f"after={given.get('after')} is no place in the list; begin without it") from error
    first = text and not wanted.facets and not given.get("after")
    return ResultsPage(
        iri=_iri(reading, kept),
        sparql=said_of(found.claims),
        query=query_for(wanted, SHOWN),
        text=text,
        names=find_names(reading.index, meant or text, _NAMES) if first else [],
        cards=reading.cards(found.claims),
        total=found.total,
        facets={name: _links(name, choices, kept, reading.store.base) for name, choices in found.facets.items()},
        uncounted=found.uncounted,
        chosen=_chosen(reading, wanted, kept),
        kept=kept,
        order=order,
        orders=[Link(name, None, urlencode(kept | {"order": name})) for name in ORDERS],
        meant=meant,
        next=_next(found, kept),
    )


def _iri(reading: Reading, kept: Mapping[str, str]) -> str:
    return reading.store.iri("search" + (f"?{urlencode(kept)}" if kept else ""))


def _names(reading: Reading, text: str, what: str, kept: Mapping[str, str], after: str | None) -> ResultsPage:
    if what not in KINDS:
        raise ParameterError(f"what={what} is none; choose one of {', '.join(KINDS)}")
    position = None
    if after:
        number, _, local = after.partition("~")
        if not number.isdigit():
            raise ParameterError(f"after={after} is no place in the list; begin without it")
        position = int(number), reading.store.iri(local)
    found, total, more = list_names(reading.index, what, text, position, _LISTED)
    last = f"{found[-1].claims}~{found[-1].iri.removeprefix(reading.store.base)}" if found else ""
    following = urlencode({**kept, "after": last}) if more else None
    return ResultsPage(
        iri=_iri(reading, kept),
        sparql=said_of(it.iri for it in found),
        query=said_of(it.iri for it in found),
        text=text,
        what=what,
        names=found,
        total=total,
        kept=kept,
        next=following,
    )


def _wanted(reading: Reading, text: str, given: Mapping[str, str]) -> Wanted:
    facets = {name: value.strip() for name in FACETS if (value := given.get(name, "")).strip()}
    for name, value in facets.items():
        facets[name] = _node(reading, name, value) if name in _NODES else _word(name, value)
    for name in ("since", "until"):
        if given.get(name):
            _day(name, given[name])
    merged = {facets[name]: reading.one(facets[name])[1:] for name in _NODES & facets.keys()}
    since, until = given.get("since"), given.get("until")
    return Wanted(
        text, facets, since, until, given.get("review") == "1", {iri: also for iri, also in merged.items() if also}
    )


def _node(reading: Reading, name: str, value: str) -> str:
    try:
        return reading.standing.node(NamedNode(reading.iri(value)).value)
    except ValueError:
        raise ParameterError(f"{name}={value} is no address of anything; try /search?q={value}") from None


def _word(name: str, value: str) -> str:
    if not _WORD.fullmatch(value):
        raise ParameterError(f"{name}={value} is none; the facets of /search list those that are there")
    return value


def _day(name: str, value: str) -> None:
    try:
        moment(value)
    except ValueError:
        raise ParameterError(f"{name}={value} is no day; write it as 2022-01-06") from None


def _links(name: str, choices: Iterable[Choice], kept: dict[str, str], base: str) -> list[Link]:
    return [
        Link(
            it.label or (words(it.value) if name not in _NODES else it.value.removeprefix(base)),
            it.claims,
            urlencode(kept | {name: it.value.removeprefix(base)}),
        )
        for it in choices
    ]


def _chosen(reading: Reading, wanted: Wanted, kept: Mapping[str, str]) -> list[tuple[str, Link]]:
    labels = reading.labels(wanted.facets.values())
    given = {**wanted.facets, **{name: kept[name] for name in ("since", "until") if name in kept}}
    if wanted.review:
        given["review"] = "needs review"
    return [
        (name, Link(labels.get(value) or words(value), None, _without(kept, name))) for name, value in given.items()
    ]


def _without(kept: Mapping[str, str], name: str) -> str:
    return urlencode({key: value for key, value in kept.items() if key != name})


def _next(found: Found, kept: Mapping[str, str]) -> str | None:
    return urlencode({**kept, "after": found.after}) if found.after else None
