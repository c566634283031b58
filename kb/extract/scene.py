"""Where and when: the place and time of what a sentence says, with what earlier sentences leave in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.extract.context import Context
from kb.extract.entities import PLACE
from kb.extract.lexicon import word_set
from kb.extract.nodes import TIME, Node
from kb.extract.times import resolve
from kb.model import Place, Precision, TimeSpan

LOCATIVE = word_set("scene-locative")
BESIDE_PLACES = word_set("beside-places")
RANK = {Precision.SITE: 3, Precision.CITY: 2, Precision.REGION: 1, Precision.COUNTRY: 0}


@dataclass(slots=True)
class Scene:
    """The setting that carries over from sentence to sentence of one document."""

    place: Place | None = None
    dateline: Place | None = None
    span: TimeSpan | None = None
    day: date | None = None
    block: int = -1


def places_in(nodes: list[Node]) -> list[int]:
    """Indexes of the places of a sentence."""
    return [index for index, node in enumerate(nodes) if node.kind == PLACE]


def _locative(nodes: list[Node], at: int) -> bool:
    index = at - 1
    while index >= 0 and (
        nodes[index].has("determiner") or nodes[index].kind in ("demonym", PLACE) or nodes[index].lower in BESIDE_PLACES
    ):
        index -= 1
    return index >= 0 and nodes[index].lower in LOCATIVE


def place_at(nodes: list[Node], at: int, scene: Scene, bounds: tuple[int, int] | None = None) -> Place | None:
    """The place of what happens at a trigger: the nearest one named in the sentence, else the one in force."""
    first, last = bounds or (0, len(nodes))
    best: tuple[tuple[int, int], Place] | None = None
    for index in places_in(nodes):
        place: Place = nodes[index].value
        outside = 0 if first <= index < last else 12
        distance = (index - at if index > at else 2 + at - index) + outside
        weight = (0 if _locative(nodes, index) else 1, distance)
        if best is None or weight < best[0]:
            best = (weight, place)
    if best is None:
        return scene.place or scene.dateline
    if best[0][0] and scene.place is not None and best[1].within == scene.place.iri:
        return scene.place
    return _narrow(best[1], nodes)


def _narrow(place: Place, nodes: list[Node]) -> Place:
    """A narrower place of the same sentence that lies in the one found ("in San Miguel, El Salvador")."""
    inside = [nodes[i].value for i in places_in(nodes) if nodes[i].value.within == place.iri and place.iri]
    return max(inside, key=lambda p: RANK.get(p.precision, 0)) if inside else place


def remember(nodes: list[Node], scene: Scene, block: int, found: TimeSpan | None) -> None:
    """Keep the narrowest place and the date of a sentence in force for those that follow."""
    named = [nodes[index].value for index in places_in(nodes) if nodes[index].value.precision != Precision.SITE]
    if named:
        best = max(named, key=lambda p: RANK.get(p.precision, 0))
        if not (best.precision == Precision.COUNTRY and scene.place and scene.place.country == best.country):
            scene.place = best
    if found is not None and found.earliest is not None:
        scene.span, scene.day, scene.block = found, found.earliest, block


def time_at(nodes: list[Node], at: int, scene: Scene, context: Context, block: int) -> TimeSpan | None:
    """The time of what happens at a trigger: the nearest one in the sentence, else the one in force."""
    best: tuple[int, TimeSpan] | None = None
    for index, node in enumerate(nodes):
        if node.kind != TIME:
            continue
        span = resolve(node.value, context.day, scene.day).span
        distance = abs(index - at) + (6 if span.earliest is None else 0)
        if best is None or distance < best[0]:
            best = (distance, span)
    if best is not None:
        return best[1]
    return scene.span if scene.block == block else None
