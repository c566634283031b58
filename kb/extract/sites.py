"""Places in several words: "the city of Almaty", "Almaty airport"; lists: "in Apopa, Ilopango, and Nejapa"."""

from __future__ import annotations

from kb.extract.context import Context
from kb.extract.entities import ACTOR, DEMONYM, PERSON_NAME, PLACE
from kb.extract.lexicon import NO_TAGS, word_set
from kb.extract.nodes import PLAIN, Node
from kb.extract.places import CITY_WORDS, REGION_WORDS, display
from kb.model import Place, Precision

# Grounds that news names by their town, and that something can happen at.
TOWN_GROUNDS = word_set("town-grounds")
GROUNDS = word_set("grounds")
QUARTER = word_set("quarter")
LANDSCAPE = word_set("landscape")
LOCATIVE = word_set("locative") | {"of", "on", "between"}
OF_WORDS = REGION_WORDS | CITY_WORDS | QUARTER | {"area", "areas", "outskirts", "community", "district capital"}
ADJECTIVES = word_set("ground-adjectives")
CAPITAL_NOUNS = frozenset(
    "punishment market markets region province district gains flight expenditure investment letters offence".split()
)
CAPITAL_BEFORE = frozenset({"the", "this", "in", "its", "their"})
PLACE_KINDS = word_set("place-kinds")
NAMING = word_set("naming")
QUOTES = frozenset("\"'“”‘’«»")
UNIVERSITY_WORDS = word_set("university-words")
CAMPUS = ("university", "college", "hospital", "school", "institute", "seminary", "prison")
AT = frozenset({"at", "in", "inside", "near", "outside", "on", "into", "around", "entered", "stormed"})
SUCH_AS = word_set("such-as")
HEADS = (PLACE, PERSON_NAME, DEMONYM, ACTOR)  # kinds and words that a place in several words starts with
OF_WORDS = REGION_WORDS | CITY_WORDS | QUARTER | {"area", "outskirts", "community"}
NOUNS = OF_WORDS | UNIVERSITY_WORDS | word_set("place-kinds") | {"country", "nation", "capital"}
SEPARATORS = frozenset({",", "and", "or", "&", ";"})
LONGEST_LISTED = 4  # words in a name of a list of places


def sites(nodes: list[Node], context: Context) -> list[Node]:
    """Rewrite a sentence's nodes with its places of several words and its lists of places."""
    if not any(node.kind in HEADS or node.lower in NOUNS for node in nodes):
        return nodes
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        node, used = nodes[at], 1
        if node.kind in HEADS or node.lower in NOUNS:
            node, used = (
                _this_country(nodes, at, context)
                or _capital(nodes, at, context)
                or _of(nodes, at, context)
                or _with(nodes, at, context)
                or _university(nodes, at, context)
                or _campus(nodes, at, context)
                or (node, 1)
            )
        found.append(node)
        at += used
    return _listed(found, context)


def _this_country(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """ "this Central Asian country": the country that the document is about."""
    node, code = nodes[at], context.gazetteer.country
    if node.lower not in ("country", "nation") or code is None:
        return None
    country = context.gazetteer.country_place(code)
    if country is None or not any(before.lower in ("this", "the") for before in nodes[max(0, at - 4) : at]):
        return None
    return node._replace(kind=PLACE, value=country.model_copy(update={"text": context.words(node.first, node.last)})), 1


def _capital(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """ "the Ugandan capital", "in the capital": the capital of that country or of the document's."""
    used = 2 if nodes[at].kind == DEMONYM else 1
    noun = at + used - 1
    before = nodes[at - 1].lower if at else ""
    if noun >= len(nodes) or nodes[noun].lower != "capital" or before not in CAPITAL_BEFORE:
        return None
    after = nodes[noun + 1] if noun + 1 < len(nodes) else None
    if after is not None and after.lower == "city":
        used, after = used + 1, nodes[noun + 2] if noun + 2 < len(nodes) else None
    if after is not None and (after.lower == "of" or after.kind in (PLACE, PERSON_NAME) or _qualified(after)):
        return None
    code = nodes[at].value.code if nodes[at].kind == DEMONYM else context.gazetteer.country
    place = context.gazetteer.capital(code) if code else None
    if place is None:
        return None
    text = context.words(nodes[at].first, nodes[at + used - 1].last)
    return _merge(nodes[at], nodes[at + used - 1], place.model_copy(update={"text": text})), used


def _qualified(after: Node) -> bool:
    return after.kind == PLAIN and after.lower in CAPITAL_NOUNS


def _with(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """A name and the noun behind it: "Almaty airport", "San Miguel Department", the "Lomas" neighborhood."""
    if nodes[at].kind not in (PLACE, PERSON_NAME):
        return None
    behind = _noun_behind(nodes, at)
    if behind is None:
        return None
    node, after = nodes[at], nodes[behind]
    text, whole = context.words(node.first, node.last), context.words(node.first, after.last)
    place = _named(node, after.lower, whole if nodes[behind - 1].lower in ADJECTIVES else text, whole, context)
    return (_merge(node, after, place), behind + 1 - at) if place is not None else None


def _noun_behind(nodes: list[Node], at: int) -> int | None:
    """The noun behind a name, over a closing quotation mark and an adjective: the "Catatumbo" oil basin."""
    index = at + 1
    while index < min(at + 4, len(nodes)) and (nodes[index].lower in QUOTES or nodes[index].lower in ADJECTIVES):
        index += 1
    return index if index < len(nodes) and nodes[index].kind == PLAIN else None


def _named(node: Node, noun: str, text: str, whole: str, context: Context) -> Place | None:
    """The place that a name and a noun stand for together; ``text`` is the name's wording, ``whole`` that of both."""
    gazetteer, known = context.gazetteer, node.kind == PLACE
    if known and node.value.precision != Precision.SITE and noun in TOWN_GROUNDS:
        return gazetteer.site(whole, noun, node.value)
    if noun in QUARTER:
        return gazetteer.unknown(text, Precision.SITE)
    if noun in REGION_WORDS | CITY_WORDS:
        place = node.value if known else gazetteer.unknown(text, _precision(noun))
        return place.model_copy(update={"text": whole})
    if _country(node):
        return None
    if noun in GROUNDS:
        return gazetteer.unknown(whole, Precision.SITE)
    if noun in LANDSCAPE and (known or not gazetteer.is_person(node.value.lower())):
        return gazetteer.unknown(text, Precision.SITE).model_copy(update={"text": whole})
    return None


def _country(node: Node) -> bool:
    return node.kind == PLACE and node.value.precision == Precision.COUNTRY


def _locative_before(nodes: list[Node], at: int) -> bool:
    index = at - 1
    while index >= 0 and (nodes[index].has("determiner") or (nodes[index].kind == PLAIN and not nodes[index].tags)):
        if index < at - 3 or not nodes[index].lower[0].isalpha():
            return False
        index -= 1
    return index >= 0 and nodes[index].lower in LOCATIVE


def _of(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """ "the city of X", "the area known as X": the place X, known or not."""
    node = nodes[at]
    target = at + 2
    while target < len(nodes) and (nodes[target].lower in QUOTES or nodes[target].lower == "as"):
        target += 1
    if target >= len(nodes) or nodes[target].kind not in (PLACE, PERSON_NAME):
        return None
    link = nodes[at + 1].lower
    if not (link == "of" and node.lower in OF_WORDS) and not (link in NAMING and node.lower in PLACE_KINDS):
        return None
    if nodes[target].kind == PLACE:
        return _merge(node, nodes[target], nodes[target].value), target + 1 - at
    text = context.words(nodes[target].first, nodes[target].last)
    precision = Precision.SITE if node.lower in QUARTER else _precision(node.lower)
    return _merge(node, nodes[target], context.gazetteer.unknown(text, precision)), target + 1 - at


def _university(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """ "at the Central American University": grounds with a name of adjectives, where a place is asked for."""
    last = at
    while last < len(nodes) and (nodes[last].lower in UNIVERSITY_WORDS or nodes[last].kind in (DEMONYM, PLACE)):
        last += 1
    if last == at or last >= len(nodes) or nodes[last].lower not in ("university", "airport", "international airport"):
        return None
    if not _locative_before(nodes, at) or (last + 1 < len(nodes) and nodes[last + 1].has("person", "role")):
        return None
    text = context.words(nodes[at].first, nodes[last].last)
    return _merge(nodes[at], nodes[last], context.gazetteer.unknown(text, Precision.SITE)), last + 1 - at


def _listed(nodes: list[Node], context: Context) -> list[Node]:
    """Names joined to a place by commas and "and" are places too: "in Guazapa, Chalatenango, and Ilobasco"."""
    inside = False
    for at, node in enumerate(nodes):
        if node.kind == PLACE:
            inside = inside or _locative_before(nodes, at)
        elif node.kind == PERSON_NAME and (
            ((inside or _exemplified(nodes, at)) and _may_be_listed(nodes, at, context))
            or _before_place(nodes, at, context)
        ):
            nodes[at] = node._replace(kind=PLACE, value=context.gazetteer.unknown(str(node.value)))
            inside = True
        elif inside and node.lower not in SEPARATORS and not node.has("determiner"):
            inside = False
    return nodes


def _campus(nodes: list[Node], at: int, context: Context) -> tuple[Node, int] | None:
    """ "at the Central American University": an organisation named by its grounds, where a place is asked for."""
    node = nodes[at]
    if node.kind != ACTOR or not node.lower.endswith(CAMPUS) or " " not in node.lower or node.value.name is None:
        return None
    before = next((n.lower for n in reversed(nodes[:at]) if not n.has("determiner")), "")
    if before not in AT or (at + 1 < len(nodes) and nodes[at + 1].has("person", "role")):
        return None
    place = context.gazetteer.unknown(node.value.name, Precision.SITE)
    return node._replace(kind=PLACE, tags=NO_TAGS, value=place.model_copy(update={"text": node.value.text})), 1


def _before_place(nodes: list[Node], at: int, context: Context) -> bool:
    """ "in the X and San Benito neighborhoods", "between X and Y"."""
    if context.gazetteer.is_person(str(nodes[at].value).lower()) or not _locative_before(nodes, at):
        return False
    return at + 2 < len(nodes) and nodes[at + 1].lower in SEPARATORS and nodes[at + 2].kind == PLACE


def _exemplified(nodes: list[Node], at: int) -> bool:
    """ "cities such as X"."""
    return (
        at > 1
        and nodes[at - 1].lower in SUCH_AS
        and any(node.lower in CITY_WORDS | QUARTER for node in nodes[max(0, at - 7) : at - 1])
    )


def _may_be_listed(nodes: list[Node], at: int, context: Context) -> bool:
    """Whether a name in a list of places is one: what follows goes on with the list or ends it."""
    key = display(str(nodes[at].value)).lower()
    if key.count(" ") >= LONGEST_LISTED or context.gazetteer.is_person(key):
        return False
    following = nodes[at + 1] if at + 1 < len(nodes) else None
    if at > 2 and nodes[at - 1].lower == "and" and nodes[at - 3].lower == "between":
        return True
    if following is None or following.lower in (".", ";", ")", "]", "--"):
        return True
    if following.has("preposition"):
        return True
    if following.lower not in SEPARATORS or at + 2 >= len(nodes):
        return False
    beyond = nodes[at + 2]
    return beyond.kind in (PLACE, PERSON_NAME) or beyond.lower in SEPARATORS


def _precision(noun: str) -> Precision:
    return Precision.REGION if noun in REGION_WORDS else Precision.CITY


def _merge(first: Node, last: Node, place: Place) -> Node:
    return Node(PLACE, first.first, last.last, f"{first.lower} {last.lower}", NO_TAGS, place)
