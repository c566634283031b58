"""Hypothesis strategies of the claim model: documents and claims of every kind, with text of every script.

Nodes come from one pool a document: what an actor or place is (kind, country, position) belongs to its IRI, so that two
claims of one document never disagree about it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from kb.model import (
    CLAIM,
    Actor,
    ActorType,
    Certainty,
    Claim,
    Count,
    Document,
    Harm,
    Hedge,
    Modality,
    Phase,
    Place,
    Precision,
    TimeSpan,
    VictimClass,
    Victims,
)
from kb.resources import DEFAULT_BASE

BASE = DEFAULT_BASE
COUNTRIES = ("KZ", "RU", "AM", "SV")
EVENT_TYPES = ("riot", "protest", "air-strike", "armed-clash")

# Every character that UTF-8 can hold: all of Unicode but the surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
slugs = st.from_regex(r"[a-z]{1,6}(-[a-z]{1,6})?", fullmatch=True)
identifiers = st.from_regex(r"[0-9a-f]{20}", fullmatch=True)
days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
countries = st.none() | st.sampled_from(COUNTRIES)
zones = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2030, 12, 31)) | st.datetimes(
    datetime(1990, 1, 1), datetime(2030, 12, 31), timezones=zones
)


@st.composite
def counts(draw: st.DrawFn) -> Count:
    low, high = sorted((draw(st.integers(0, 10**12)), draw(st.integers(0, 10**12))))
    open_end = draw(st.sampled_from(("neither", "minimum", "maximum", "both")))
    return Count(
        minimum=None if open_end in {"minimum", "both"} else low,
        maximum=None if open_end in {"maximum", "both"} else high,
        hedge=draw(st.sampled_from(Hedge)),
        text=draw(texts),
    )


@st.composite
def time_spans(draw: st.DrawFn) -> TimeSpan:
    first, last = sorted((draw(days), draw(days)))
    return TimeSpan(
        text=draw(texts),
        earliest=draw(st.none() | st.just(first)),
        latest=draw(st.none() | st.just(last)),
    )


@st.composite
def actor_nodes(draw: st.DrawFn) -> list[Actor]:
    """Actors that differ in their IRI; their wording is drawn anew at each mention."""
    local = draw(st.lists(slugs, min_size=1, max_size=5, unique=True))
    return [
        Actor(
            text="",
            iri=f"{BASE}actor/{name}",
            type=draw(st.none() | st.sampled_from(ActorType)),
            country=draw(countries),
        )
        for name in local
    ]


@st.composite
def place_nodes(draw: st.DrawFn) -> list[Place]:
    local = draw(st.lists(slugs, min_size=1, max_size=4, unique=True))
    return [
        Place(
            text="",
            name=draw(texts),
            iri=f"{BASE}place/kz/{name}",
            country=draw(countries),
            lat=draw(st.none() | st.floats(-90, 90)),
            lon=draw(st.none() | st.floats(-180, 180)),
            precision=draw(st.none() | st.sampled_from(Precision)),
            within=draw(st.none() | st.just(f"{BASE}place/kz")),
        )
        for name in local
    ]


@st.composite
def victims_nodes(draw: st.DrawFn) -> list[Victims]:
    local = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    return [
        Victims(text="", name=draw(st.none() | texts), iri=f"{BASE}actor/victims-{name}", country=draw(countries))
        for name in local
    ]


class Pool:
    """The nodes that the claims of one document choose from."""

    def __init__(self, actors: list[Actor], places: list[Place], victims: list[Victims]) -> None:
        self._actors, self._places, self._victims = actors, places, victims

    @property
    def actors(self) -> st.SearchStrategy[Actor]:
        return st.builds(
            lambda node, text, name, role: node.model_copy(update={"text": text, "name": name, "role": role}),
            st.sampled_from(self._actors),
            texts,
            st.none() | texts,
            st.none() | texts,
        )

    @property
    def places(self) -> st.SearchStrategy[Place]:
        return st.builds(
            lambda node, text: node.model_copy(update={"text": text}), st.sampled_from(self._places), texts
        )

    @property
    def victims(self) -> st.SearchStrategy[Victims]:
        return st.builds(
            lambda node, text, kind: node.model_copy(update={"text": text, "class_": kind}),
            st.sampled_from(self._victims),
            texts,
            st.sampled_from(VictimClass),
        )


pools = st.builds(Pool, actor_nodes(), place_nodes(), victims_nodes())


@st.composite
def documents(draw: st.DrawFn) -> Document:
    return Document(
        text=draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)),
        given_id=draw(st.none() | texts),
        title=draw(st.none() | texts),
        publisher=draw(st.none() | texts),
        published=draw(st.none() | days | moments),
        url=draw(st.none() | texts | st.just("https://example.org/a?b=c#d")),
        language=draw(st.none() | st.sampled_from(("en", "kk", "es"))),
    )


def _own(kind: str, pool: Pool) -> dict[str, st.SearchStrategy[Any]]:
    maybe_actor, some_actors = st.none() | pool.actors, st.lists(pool.actors, max_size=3).map(tuple)
    maybe_place, maybe_text = st.none() | pool.places, st.none() | texts
    fields: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "casualty": {
            "harm": st.sampled_from(Harm),
            "count": counts(),
            "victims": st.none() | pool.victims,
            "subset_of": st.none() | identifiers,
            "background": st.booleans(),
        },
        "deployment": {
            "deployer": maybe_actor,
            "contributors": some_actors,
            "unit": maybe_text,
            "count": st.none() | counts(),
            "equipment": maybe_text,
            "origin": maybe_place,
            "destination": maybe_place,
            "phase": st.none() | st.sampled_from(Phase),
            "purpose": maybe_text,
        },
        "event": {
            "targets": some_actors,
            "instruments": st.lists(texts, max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
        },
        "crowd": {"group": maybe_actor, "count": counts()},
    }
    return fields[kind]


@st.composite
def claims(draw: st.DrawFn, document: Document, pool: Pool, kind: str | None = None) -> Claim:
    """A settled claim (every node has its IRI) of any kind, or of the kind given."""
    text = document.text
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    name = kind or draw(st.sampled_from(("casualty", "deployment", "event", "crowd")))
    reason = draw(st.none() | texts)
    fields = {
        "id": draw(identifiers),
        "document": document.id,
        "kind": name,
        "agents": draw(st.lists(pool.actors, max_size=2).map(tuple)),
        "event_type": draw(st.none() | st.sampled_from(EVENT_TYPES)),
        "place": draw(st.none() | pool.places),
        "time": draw(st.none() | time_spans()),
        "source": draw(st.none() | pool.actors),
        "relays": draw(st.lists(pool.actors, max_size=3).map(tuple)),
        "modality": draw(st.sampled_from(Modality)),
        "certainty": draw(st.sampled_from(Certainty)),
        "needs_review": reason is not None,
        "review_reason": reason,
        "quote": text[start:end],
        "start": start,
        "end": end,
        "extractor": "rules/1",
        "rule": draw(texts),
        "confidence": draw(st.floats(0, 1)),
        **{field: draw(values) for field, values in _own(name, pool).items()},
    }
    return CLAIM.validate_python(fields)


@st.composite
def recorded(draw: st.DrawFn, most: int = 4) -> tuple[Document, list[Claim]]:
    """A document and the claims that were made of it, each with an id of its own."""
    document, pool = draw(documents()), draw(pools)
    found = draw(st.lists(claims(document, pool), max_size=most, unique_by=lambda claim: claim.id))
    return document, found


NOW = datetime(2022, 1, 7, 12, 0, tzinfo=UTC)
"""A time of recording for tests."""
