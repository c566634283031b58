"""``/casualties`` and ``/deployments``: the two questions that people come with, over all documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb import queries
from kb.errors import ParameterError
from kb.model import DeploymentClaim, Harm, Phase
from kb.search import Wanted, find_claims, find_names, lists
from kb.search.lists import EpisodeRow
from kb.web.cards import Card, Ref
from kb.web.claims import moment
from kb.web.exports import dataset
from kb.web.figures import FigureLine, Told, lines, tell
from kb.web.listing import said_of, show
from kb.web.reading import Reading
from kb.web.threads import contained
from kb.web.timeline import Drawing, Said, draw
from kb.web.views import Page, claim_json

router = APIRouter(tags=["Casualties and deployments"])
_LISTED = 60
_DRAWN = 3
_CLAIMS = 60  # of one figure
_SHOWN = 60
_PHASES = [phase.value for phase in Phase]


@dataclass(frozen=True)
class Drawn:
    """A figure with its drawing and the claims in it."""

    line: FigureLine
    drawing: Drawing | None
    told: list[Told]
    more: bool


@dataclass(frozen=True, kw_only=True)
class CasualtiesPage(Page):
    """Figures of harm, the first of them drawn."""

    query: str
    lines: list[FigureLine]
    drawn: list[Drawn]
    episodes: list[EpisodeRow]
    given: Mapping[str, str]
    place: Ref | None
    harms: tuple[str, ...] = tuple(Harm)

    @property
    def heading(self) -> str:
        """The name of the page."""
        return "Casualties"

    @property
    def behind(self) -> str:
        """The named query over the same claims."""
        return self.query

    @property
    def shown(self) -> Sequence[Card]:
        """The claims that are drawn."""
        return [it.card for drawn in self.drawn for it in drawn.told]

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Dataset."""
        about = "Every figure of people harmed, with what each source said, claim by claim."
        return dataset(self.iri, "Casualties", about, self.iri)

    def as_json(self) -> dict[str, Any]:
        """The figures, and the claims of those that are drawn."""
        return {
            "figures": [vars(line.row) for line in self.lines],
            "claims": {drawn.line.row.iri: [claim_json(it.card) for it in drawn.told] for drawn in self.drawn},
        }


@dataclass(frozen=True, kw_only=True)
class DeploymentsPage(Page):
    """Deployments by phase."""

    query: str
    groups: list[tuple[str, list[tuple[Card, DeploymentClaim]]]]
    total: int
    phases: list[tuple[str, int]]
    given: Mapping[str, str]
    place: Ref | None
    actor: Ref | None
    after: str | None

    @property
    def heading(self) -> str:
        """The name of the page."""
        return "Deployments"

    @property
    def behind(self) -> str:
        """The named query over the same claims."""
        return self.query

    @property
    def next(self) -> str:
        """The query string of the next page."""
        return urlencode({**self.given, "after": self.after or ""})

    @property
    def shown(self) -> Sequence[Card]:
        """The claims of all phases."""
        return [card for _, rows in self.groups for card, _ in rows]

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Dataset."""
        about = "Who sent which troops where, how many, and how far it had got, claim by claim."
        return dataset(self.iri, "Deployments", about, self.iri)

    def as_json(self) -> dict[str, Any]:
        """The claims by phase."""
        claims = {phase: [claim_json(card) for card, _ in rows] for phase, rows in self.groups}
        return {"total": self.total, "phases": dict(self.phases), "claims": claims, "next": self.after}


@router.get("/casualties", summary="Who was harmed: every figure with its range, the main ones over time")
@router.get("/casualties.{suffix}", include_in_schema=False)
@contained
def casualties(request: Request) -> Response:
    """``episode`` (its path), ``place`` (or inside it), ``harm``, ``as_of`` (published until then)."""
    return show(request, _casualties, "casualties.html")


@router.get("/deployments", summary="Who sent which troops where: by phase, on a map")
@router.get("/deployments.{suffix}", include_in_schema=False)
@contained
def deployments(request: Request) -> Response:
    """``place`` (destination, or inside it), ``actor`` (who sends or takes part), ``phase``, ``as_of``, ``after``."""
    return show(request, _deployments, "deployments.html")


def _day(given: Mapping[str, str]) -> str | None:
    day = given.get("as_of")
    try:
        moment(day)
    except ValueError:
        raise ParameterError(f"as_of={day} is no day; write it as 2022-01-06") from None
    return day


def _named(reading: Reading, given: Mapping[str, str], kind: str) -> Ref | None:
    """The node that a parameter means: by IRI, path or name. ParameterError if there is none."""
    text = given.get(kind)
    if not text:
        return None
    iri = reading.iri(text)
    if label := reading.labels([iri]).get(iri):
        return Ref(label, iri)
    found = find_names(reading.index, text, 1, (kind,))
    if not found:
        raise ParameterError(f"{kind}={text}: no {kind} of this name is known here; try /search?q={text}")
    return Ref(found[0].label, found[0].iri)


def _casualties(reading: Reading, given: Mapping[str, str]) -> CasualtiesPage:
    as_of, place = _day(given), _named(reading, given, "place")
    harm = given.get("harm")
    if harm and harm not in set(Harm):
        raise ParameterError(f"harm={harm} is none; choose one of {', '.join(Harm)}")
    episode = reading.iri(given["episode"]) if "episode" in given else None
    rows = lists.figures(
        reading.index,
        _LISTED,
        episode=episode,
        place=place.iri if place else None,
        measures=[harm] if harm else list(Harm),
    )
    listed = lines(reading, rows)
    drawn = [it for line in listed[:_DRAWN] if (it := _drawn(reading, line, as_of)).told]
    query = queries.find("casualty-timeline")
    parameters = {name: given[name] for name in ("harm", "as_of") if name in given}
    if place and place.iri:
        parameters["place"] = place.iri
    return CasualtiesPage(
        iri=reading.store.iri("casualties"),
        sparql=said_of(it.card.iri for each in drawn for it in each.told),
        query=queries.bound(reading.store, query, parameters),
        lines=listed,
        drawn=drawn,
        episodes=lists.episodes(reading.index, 30),
        given=given,
        place=place,
    )


def _drawn(reading: Reading, line: FigureLine, as_of: str | None) -> Drawn:
    found = lists.of_figure(reading.index, line.row.iri, _CLAIMS + 1, as_of=as_of)
    pairs = lists.contradictions(reading.index, 50, figure=line.row.iri)
    told = tell(reading, found[:_CLAIMS], pairs)
    drawing = draw([Said(it.card, it.finding, it.contradicted) for it in told], line.row.label)
    return Drawn(line, drawing, told, len(found) > _CLAIMS)


def _deployments(reading: Reading, given: Mapping[str, str]) -> DeploymentsPage:
    as_of = _day(given)
    place, actor = _named(reading, given, "place"), _named(reading, given, "actor")
    facets = {"kind": "deployment"}
    facets |= {name: it.iri for name, it in (("place", place), ("actor", actor)) if it and it.iri}
    phase = given.get("phase")
    if phase and phase not in _PHASES:
        raise ParameterError(f"phase={phase} is none; choose one of {', '.join(_PHASES)}")
    counted = find_claims(reading.index, Wanted("", facets, until=as_of), 1, facets=("phase",))
    if phase:
        facets["phase"] = phase
    found = find_claims(reading.index, Wanted("", facets, until=as_of), _SHOWN, after=given.get("after"), facets=())
    groups: dict[str, list[tuple[Card, DeploymentClaim]]] = {}
    for card in reading.cards(found.claims):
        if isinstance(card.claim, DeploymentClaim):
            groups.setdefault(card.claim.phase or "", []).append((card, card.claim))
    query = queries.find("deployments")
    parameters = {"destination": place.iri} if place and place.iri else {}
    parameters |= {"as_of": as_of} if as_of else {}
    phases = {choice.value: choice.claims for choice in counted.facets.get("phase", [])}
    return DeploymentsPage(
        iri=reading.store.iri("deployments"),
        sparql=said_of(card.iri for rows in groups.values() for card, _ in rows),
        query=queries.bound(reading.store, query, parameters),
        groups=[(name, groups[name]) for name in [*_PHASES, ""] if name in groups],
        total=found.total,
        phases=[(name, phases[name]) for name in _PHASES if name in phases],
        given=given,
        place=place,
        actor=actor,
        after=found.after,
    )
