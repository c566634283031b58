"""Places in several words: "the city of Almaty", "Almaty airport", "San Miguel Department", "Kabul, Afghanistan"."""

from __future__ import annotations

from kb.extract.context import Context
from kb.extract.entities import PERSON_NAME, PLACE
from kb.extract.lexicon import NO_TAGS, word_set
from kb.extract.nodes import PLAIN, Node
from kb.extract.places import CITY_WORDS, REGION_WORDS
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
QUARTER = word_set("quarter")


def sites(nodes: list[Node], context: Context) -> list[Node]:
    """Rewrite a sentence's nodes with its places of several words."""
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        node, used = (
            _this_country(nodes, at, context) or _of(nodes, at, context) or _with(nodes, at, context) or (nodes[at], 1)
        )
        found.append(node)
        at += used
    return found


def _this_country(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """ "this Central Asian country": the country that the document is about."""
    node, code = nodes[at], context.gazetteer.country
    if node.lower not in ("country", "nation") or code is None:
        return None
    country = context.gazetteer.country_place(code)
    if country is None or not any(before.lower in ("this", "the") for before in nodes[max(0, at - 4) : at]):
        return None
    return node._replace(kind=PLACE, value=country.model_copy(update={"text": context.words(node.first, node.last)})), 1


def _with(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """A name and the noun behind it: "Almaty airport", "San Miguel Department", "Lomas neighborhood"."""
    if at + 1 >= len(nodes) or nodes[at].kind not in (PLACE, PERSON_NAME) or nodes[at + 1].kind != PLAIN:
        return None
    node, after = nodes[at], nodes[at + 1]
    known = node.kind == PLACE
    text = context.words(node.first, node.last)
    if known and after.lower in GROUNDS:
        place = context.gazetteer.site(context.words(node.first, after.last), after.lower, node.value)
    elif after.lower in QUARTER:
        place = context.gazetteer.unknown(text, Precision.SITE)
    elif known and after.lower in REGION_WORDS:
        place = node.value
    elif not known and after.lower in REGION_WORDS | CITY_WORDS:
        place = context.gazetteer.unknown(text, _precision(after.lower))
    else:
        return None
    return _merge(node, after, place), 2


def _of(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """ "the city of X": the place X, known or not."""
    node = nodes[at]
    if at + 2 >= len(nodes) or nodes[at + 1].lower != "of" or node.lower not in REGION_WORDS | CITY_WORDS | QUARTER:
        return None
    target = nodes[at + 2]
    if target.kind == PLACE and node.lower not in QUARTER:
        return _merge(node, target, target.value), 3
    if target.kind == PERSON_NAME:
        text = context.words(target.first, target.last)
        return _merge(node, target, context.gazetteer.unknown(text, _precision(node.lower))), 3
    return None


def _precision(noun: str) -> Precision:
    return Precision.REGION if noun in REGION_WORDS else Precision.CITY


def _merge(first: Node, last: Node, place: Place) -> Node:
    return Node(PLACE, first.first, last.last, f"{first.lower} {last.lower}", NO_TAGS, place)
