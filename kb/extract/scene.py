"""Where and when: the place and time of what a sentence says, with what earlier sentences leave in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.extract.context import Context
from kb.extract.entities import PLACE
from kb.extract.lexicon import word_set
from kb.extract.nodes import TIME, Node
from kb.extract.phrases import GROUP
from kb.extract.times import resolve
from kb.model import Place, Precision, TimeSpan

OUTSIDE = 12  # nodes that a time or place counts as farther away when another clause has it
LOCATIVE = word_set("scene-locative")
BESIDE_PLACES = word_set("beside-places")
SEPARATORS = frozenset({",", "and", "or", "&"})
IN_TOWN = word_set("in-town")
CONTAINING = frozenset({",", "in", "(", "also", "the", "of"})
CARRIED = 3  # sentences without a place that the last one named stays in force for
TOWARDS = frozenset({"to", "toward", "towards"})
MEANT = frozenset("to toward towards of by with from against for".split())
TENDING = frozenset({"hospital", "clinic", "morgue", "mortuary", "infirmary"})
REACHED = 5  # nodes between what strikes and the hospital that is struck
RANK = {Precision.SITE: 3, Precision.CITY: 2, Precision.REGION: 1, Precision.COUNTRY: 0}


@dataclass(slots=True)
class Scene:
    """The setting that carries over from sentence to sentence of one document.

    ``home`` is the country that the document is about, for what it gives no place; ``dateline`` the city that
    it comes from; ``left`` counts the sentences that
    ``place`` stays in force for.
    """

    place: Place | None = None
    home: Place | None = None
    dateline: Place | None = None
    span: TimeSpan | None = None
    day: date | None = None
    block: int = -1
    left: int = 0
    apart: frozenset[int] = frozenset()
    """Nodes of the sentence that are only where forces come from or go to: no scene for what follows."""
    moved: Place | None = None
    """Where forces last went: the scene of what is told of them."""
    crowd: int = -2
    """The last sentence that told of a crowd: rival figures for it may follow."""
    anchor: date | None = None
    """The day that "yesterday" is told from, where a dateline gives one of its own."""
    stage: Place | None = None
    """The only town or region that the document has told of so far."""
    scattered: bool = False
    """Whether the document tells of several: what names none may be of any."""

    @property
    def otherwise(self) -> Place | None:
        """Where what names no place happened when none is in force: the only town told of, else the country."""
        alone = None if self.scattered else self.stage
        at_home = alone is not None and (self.home is None or alone.country == self.home.country)
        return alone if at_home else self.home

    def told(self, node: Node) -> None:
        """The document tells of a town or region: the stage, unless it is another than the one before."""
        place = _place(node)
        if place.precision in (Precision.COUNTRY, Precision.SITE):
            return
        if self.stage is None or (place.within is not None and place.within == self.stage.iri):
            self.stage = place
        elif place.iri not in (self.stage.iri, self.stage.within):
            self.scattered = True


def places_in(nodes: list[Node]) -> list[int]:
    """Indexes of the places of a sentence."""
    return [index for index, node in enumerate(nodes) if node.kind == PLACE or (node.kind == GROUP and _local(node))]


def _local(node: Node) -> Place | None:
    """Where people are from that a phrase names so ("the mayor of Huanta")."""
    place = node.value.place if node.kind == GROUP else None
    return place if place is not None and place.precision != Precision.COUNTRY else None


def _place(node: Node) -> Place:
    return _local(node) or node.value


def _locative(nodes: list[Node], at: int) -> bool:
    index = at - 1
    while index >= 0 and (
        nodes[index].has("determiner")
        or nodes[index].kind in ("demonym", PLACE)
        or nodes[index].lower in BESIDE_PLACES
        or nodes[index].lower == "and"
    ):
        index -= 1
    return index >= 0 and nodes[index].lower in LOCATIVE


def place_at(nodes: list[Node], at: int, scene: Scene, bounds: tuple[int, int] | None = None) -> Place | None:
    """The place of what happens at a trigger: the nearest one named in the sentence, else the one in force."""
    return next(iter(places_at(nodes, at, scene, bounds)), None)


def places_at(nodes: list[Node], at: int, scene: Scene, bounds: tuple[int, int] | None = None) -> list[Place]:
    """The places of what happens at a trigger: as `place_at`, with those that are listed with it."""
    first, last = bounds or (0, len(nodes))
    best: tuple[tuple[int, int], int] | None = None
    for index in places_in(nodes):
        outside = 0 if first <= index < last else 12
        distance = (index - at if index > at else 2 + at - index) + outside
        weight = (_tier(nodes, index, at), distance)
        if best is None or weight < best[0]:
            best = (weight, index)
    in_force = scene.place or (scene.dateline if _in_town(nodes) else None) or scene.otherwise
    if best is None or (best[0][0] == ACTING and in_force is not None):
        return [in_force] if in_force else []
    index = _head(nodes, _owned(nodes, best[1]))
    place = _place(nodes[index])
    if best[0][0] and scene.place is not None and place.within == scene.place.iri:
        return [scene.place]
    listed = _listed(nodes, index)
    return [_place(nodes[index]) for index in listed] if len(listed) > 1 else [_narrow(place, nodes)]


def _in_town(nodes: list[Node]) -> bool:
    """Whether words place what a dispatch tells in the city that it comes from: "here", "downtown", a street."""
    return any(node.lower in IN_TOWN for node in nodes)


def _head(nodes: list[Node], index: int) -> int:
    """The narrowest of places that lie one in the other: "in El Carmen, Santander"."""
    while True:
        left = index - 1
        while left > index - 5 and left > 0 and nodes[left].lower in CONTAINING:
            left -= 1
        if left < 0 or left == index - 1 or nodes[left].kind != PLACE:
            return index
        if _rank(_place(nodes[left])) < _rank(_place(nodes[index])):
            return index
        if any(node.lower == "and" for node in nodes[left:index]):
            return index
        index = left


def _owned(nodes: list[Node], index: int) -> int:
    """The place within another that its owner is named before: "Karachi's Orangi Town"."""
    owned = index + 2 < len(nodes) and nodes[index + 1].lower in ("'s", "’s") and nodes[index + 2].kind == PLACE
    return index + 2 if owned and _rank(_place(nodes[index])) <= _rank(_place(nodes[index + 2])) else index


LOCATED, NAMED, ACTING = 0, 1, 2


def _tier(nodes: list[Node], index: int, at: int = -1) -> int:
    """How sure a place is the scene: after "in", merely named ("Almaty police"), or a country that acts or is meant.

    A place right behind the verb at ``at`` ("besieged El Fasher") is as sure as one after "in".
    """
    if _local(nodes[index]) is not None:
        return NAMED
    struck = 0 <= at < index <= at + 2 and not nodes[index - 1].has("preposition", "conjunction")
    located = (struck or _locative(nodes, index)) and nodes[index - 1].lower not in TOWARDS
    if nodes[index].value.precision == Precision.SITE and not struck and _tends(nodes, index):
        return ACTING
    if nodes[index].value.precision != Precision.COUNTRY:
        return LOCATED if located else NAMED
    if index and nodes[index - 1].lower in MEANT:
        return ACTING
    if located:
        return LOCATED
    speaks = index + 1 < len(nodes) and nodes[index + 1].has("say", "have", "modal-future")
    return ACTING if speaks else NAMED


def _tends(nodes: list[Node], index: int) -> bool:
    """Whether a hospital is where the harmed are taken and counted, not what was struck ("a strike on a hospital")."""
    words = nodes[index].lower.split()
    return not TENDING.isdisjoint(words) and not any(
        node.has("event-noun", "event-verb") for node in nodes[max(0, index - REACHED) : index]
    )


def _listed(nodes: list[Node], index: int) -> list[int]:
    """The places of a list that ends in "and": "in Guazapa, Chalatenango, and Ilobasco, and in Apopa"."""
    if any(node.lower == "between" for node in nodes[max(0, index - 3) : index]):
        return [index]
    found, joined = [index], False
    for step in (1, -1):
        at = index
        while True:
            other, linked = at + step, False
            while 0 <= other < len(nodes) and _joint(nodes, other, linked=linked or joined):
                linked = linked or nodes[other].lower == "and"
                other += step
            if step > 0:
                joined = joined or (linked and other > at + 1)
            if not (0 <= other < len(nodes)) or nodes[other].kind != PLACE or other == at + step:
                break
            joined = joined or linked
            if nodes[other].value.precision == Precision.COUNTRY:
                break
            found.append(other)
            at = other
    return sorted(found) if joined else [index]


def _joint(nodes: list[Node], at: int, *, linked: bool) -> bool:
    return (
        nodes[at].lower in SEPARATORS
        or nodes[at].has("determiner")
        or (linked and nodes[at].lower in ("in", "at", "near"))
    )


def _narrow(place: Place, nodes: list[Node]) -> Place:
    """A narrower place of the same sentence that lies in the one found ("in San Miguel, El Salvador")."""
    inside = [_place(nodes[i]) for i in places_in(nodes) if _lies_in(_place(nodes[i]), place)]
    return max(inside, key=_rank) if inside else place


def _rank(place: Place) -> int:
    return RANK[place.precision] if place.precision else 0


def _lies_in(place: Place, larger: Place) -> bool:
    if larger.precision == Precision.COUNTRY:
        return place.country == larger.country and place.precision != Precision.COUNTRY
    return place.within == larger.iri and larger.iri is not None


MANY = 2  # countries named in one sentence: more are a list


def remember(nodes: list[Node], scene: Scene, block: int, found: TimeSpan | None) -> None:
    """Keep the narrowest place and the date of a sentence in force for those that follow."""
    met = [(index, _tier(nodes, index)) for index in places_in(nodes) if index not in scene.apart]
    at = {index for index, tier in met if tier == LOCATED and nodes[index - 1].lower != "from"}
    for index in sorted(at):
        scene.told(nodes[index])
    named = [
        (_place(nodes[index]), index in at)
        for index, tier in met
        if tier != ACTING and _place(nodes[index]).precision != Precision.SITE
    ]
    if len(named) > MANY and all(place.precision == Precision.COUNTRY for place, _ in named):
        named = []  # a list of countries ("troops from A, B and C") sets no scene
    if named:
        # "A train from Saratov derailed near Ugodino": of two towns the one that something is at.
        best = max(named, key=lambda each: (_rank(each[0]), each[1]))[0]
        if not (best.precision == Precision.COUNTRY and scene.place and scene.place.country == best.country):
            scene.place = best
        scene.left = CARRIED
    elif scene.left:
        scene.left -= 1
    else:
        scene.place = None
    if found is not None and found.earliest is not None:
        scene.span, scene.day, scene.block = found, found.earliest, block


def time_at(
    nodes: list[Node], at: int, scene: Scene, context: Context, block: int, bounds: tuple[int, int] | None = None
) -> TimeSpan | None:
    """The time of what happens at a trigger: the nearest in its clause, else in the sentence, else the one in force.

    Words that name no day ("shortly after midnight") are of the day in force in the same block.
    """
    first, last = bounds or (0, len(nodes))
    best: tuple[int, TimeSpan] | None = None
    for index, node in enumerate(nodes):
        if node.kind != TIME:
            continue
        span = resolve(node.value, scene.anchor or context.day, scene.day).span
        outside = 0 if first <= index < last else OUTSIDE
        distance = abs(index - at) + (6 if span.earliest is None else 0) + outside
        if best is None or distance < best[0]:
            best = (distance, span)
    in_force = scene.span if scene.block == block else None
    if best is None:
        return in_force
    if best[1].earliest is None and best[1].latest is None and in_force is not None:
        return in_force.model_copy(update={"text": best[1].text})
    return best[1]
