"""``/search``: names, and claims by their words and by what they say, narrowed down step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from kb.errors import ParameterError
from kb.search import ORDERS, Choice, Found, Named, Wanted, corrected, find_claims, find_names
from kb.search.claims import FACETS
from kb.search.names import KINDS, list_names
from kb.web import exports, feeds
from kb.web.cards import Card
from kb.web.claims import moment
from kb.web.negotiate import ATOM, CSV, GEOJSON, HTML, PAGE_JSON, choose, split_suffix
from kb.web.reading import Reading
from kb.web.site import site_of
from kb.web.threads import contained
from kb.web.views import claim_json
from kb.web.wording import words

router = APIRouter(tags=["Search"])
SHOWN = 25
"""Claims of a page."""

_FORMATS = (HTML, PAGE_JSON, CSV, GEOJSON, ATOM)
_NAMES = 12
_LISTED = 60  # names of a page of one kind
_NODES = frozenset({"place", "actor", "source", "publisher"})


@dataclass(frozen=True)
class Link:
    """One value of a facet: how it reads, how many claims have it, and the query string that narrows down to it."""

    label: str
    claims: int | None
    query: str


@dataclass(frozen=True)
class Results:
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
    _, suffixed = split_suffix(request.url.path, _FORMATS)
    chosen = suffixed or choose(_FORMATS, request.headers.get("accept"), request.query_params.get("format"))
    site = site_of(request)
    with site.reading() as reading:
        found = load(reading, dict(request.query_params))
    if chosen is PAGE_JSON:
        return Response(to_json(found.as_json(), indent=2), media_type=chosen.content_type)
    if chosen is CSV:
        return Response(exports.csv_bytes(found.cards), media_type=chosen.content_type)
    if chosen is GEOJSON:
        return Response(exports.geojson(found.cards), media_type=chosen.content_type)
    if chosen is ATOM:
        title = f"Factline: {found.text or 'claims'}"
        return feeds.atom(request, f"{site.live.base}search?{request.url.query}", title, feeds.of_cards(found.cards))
    context = {"found": found, "searched": found.text, "stem": "search", "alternates": (PAGE_JSON, CSV, GEOJSON)}
    feed = f"search.atom?{request.url.query}"
    return site.page(request, "search.html", context | {"feed": feed})


def load(reading: Reading, given: Mapping[str, str]) -> Results:
    """What is found for the parameters of an address. Raises ParameterError for a value that none can have."""
    text = given.get("q", "").strip()
    kept = {name: value.strip() for name, value in given.items() if value.strip() and name not in {"after", "format"}}
    what = given.get("what", "")
    if what:
        return _names(reading, text, what, kept, given.get("after"))
    wanted, order = _wanted(reading, text, given), given.get("order") or "newest"
    if order not in ORDERS:
        raise ParameterError(f"order={order} is none; choose one of {', '.join(ORDERS)}")
    meant = corrected(reading.index, text) if text else None
    if meant:
        wanted = Wanted(meant, wanted.facets, wanted.since, wanted.until, wanted.review)
    try:
        found = find_claims(reading.index, wanted, SHOWN, order=order, after=given.get("after") or None)
    except ValueError as error:
        raise ParameterError(f"after={given.get('after')} is no place in the list; begin without it") from error
    first = text and not wanted.facets and not given.get("after")
    return Results(
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


def _names(reading: Reading, text: str, what: str, kept: Mapping[str, str], after: str | None) -> Results:
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
    return Results(text=text, what=what, names=found, total=total, kept=kept, next=following)


def _wanted(reading: Reading, text: str, given: Mapping[str, str]) -> Wanted:
    facets = {name: value.strip() for name in FACETS if (value := given.get(name, "")).strip()}
    for name in _NODES & facets.keys():
        if not facets[name].startswith(("http://", "https://")):
            facets[name] = reading.store.iri(facets[name])
    for name in ("since", "until"):
        if given.get(name):
            _day(name, given[name])
    return Wanted(text, facets, given.get("since") or None, given.get("until") or None, given.get("review") == "1")


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


def suggest(reading: Reading, text: str, limit: int, kinds: Sequence[str] = KINDS) -> list[Named]:
    """Names while they are typed."""
    return find_names(reading.index, text, limit, kinds)
