"""Places in several words: "the city of Almaty", "Almaty airport", "San Miguel Department", "Kabul, Afghanistan"."""

from __future__ import annotations

from kb.extract.context import Context
from kb.extract.entities import PERSON_NAME, PLACE
from kb.extract.nodes import PLAIN, Node
from kb.extract.places import CITY_WORDS, REGION_WORDS, display
from kb.model import Place, Precision

# Grounds that news names by their town, and that something can happen at.
GROUNDS = frozenset(
    {
        "airport",
        "railway station",
        "train station",
        "bus station",
        "port",
        "harbour",
        "harbor",
        "prison",
        "stadium",
        "university",
        "bazaar",
    }
)
QUARTER = frozenset("neighborhood neighbourhood district suburb quarter ward".split())


def sites(nodes: list[Node], context: Context) -> list[Node]:
    """Rewrite a sentence's nodes with its places of several words."""
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        node, taken, used = _place(nodes, at, found, context)
        if taken:
            del found[-taken:]
        found.append(node)
        at += used
    return found


def _place(nodes: list[Node], at: int, found: list[Node], context: Context) -> tuple[Node, int, int]:
    """The node to put at ``at``, how many earlier nodes it takes in, and how many it uses up."""
    node = nodes[at]
    after = nodes[at + 1] if at + 1 < len(nodes) else None
    if (
        node.lower in REGION_WORDS | CITY_WORDS | QUARTER
        and node.kind == PLAIN
        and after is not None
        and after.lower == "of"
    ):
        return _of(nodes, at, context)
    if node.kind not in (PLACE, PERSON_NAME) or after is None:
        return node, 0, 1
    if after.kind == PLAIN and after.lower in GROUNDS and node.kind == PLACE:
        text = context.words(node.first, after.last)
        return _merge(node, after, context.gazetteer.site(text, after.lower, node.value)), 0, 2
    if (
        after.lower in QUARTER | CITY_WORDS | REGION_WORDS
        and after.kind == PLAIN
        and (node.kind == PERSON_NAME or after.lower in QUARTER)
    ):
        text = context.words(node.first, node.last)
        precision = (
            Precision.REGION
            if after.lower in REGION_WORDS
            else Precision.SITE
            if after.lower in QUARTER
            else Precision.CITY
        )
        return _merge(node, after, context.gazetteer.unknown(text, precision)), 0, 2
    if after.lower in REGION_WORDS and node.kind == PLACE:
        return _merge(node, after, node.value), 0, 2
    return node, 0, 1


def _of(nodes: list[Node], at: int, context: Context) -> tuple[Node, int, int]:
    """ "the city of X": the place X, known or not."""
    node = nodes[at]
    if at + 2 >= len(nodes):
        return node, 0, 1
    target = nodes[at + 2]
    if target.kind == PLACE and (node.lower not in QUARTER):
        return _merge(node, target, target.value), 0, 3
    if target.kind == PERSON_NAME:
        text = context.words(target.first, target.last)
        precision = Precision.REGION if node.lower in REGION_WORDS else Precision.CITY
        return _merge(node, target, context.gazetteer.unknown(text, precision)), 0, 3
    return node, 0, 1


def _merge(first: Node, last: Node, place: Place) -> Node:
    named = place if place.text else place.model_copy(update={"text": display(first.lower)})
    return Node(PLACE, first.first, last.last, f"{first.lower} {last.lower}", (), named)
