"""Names and bodies become actors, places and people: the first rewriting of a sentence's nodes."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.context import Context
from kb.extract.lexicon import NO_TAGS, word_set
from kb.extract.names import Name
from kb.extract.nodes import NAME, PLAIN, Node
from kb.extract.places import CITY_WORDS, REGION_WORDS
from kb.extract.tokens import MARK
from kb.model import Actor, ActorType, Place, Precision

ACTOR, PLACE, DEMONYM, NATIONAL, PERSON_NAME = "actor", "place", "demonym", "national", "person-name"
QUALIFIED = word_set("qualified")
LOCATIVE = word_set("locative")
ARMED_WORDS = word_set("armed-words")
ORGANISATION_WORDS = ARMED_WORDS | word_set("organisation-words")
UNDERTAKINGS = frozenset({"operation", "exercise", "project", "task"})
PLACE_STARTS = word_set("place-starts")
PLACE_NOUNS = (
    word_set("place-name-ends")
    | word_set("grounds")
    | word_set("landscape")
    | word_set("quarter")
    | REGION_WORDS
    | CITY_WORDS
)
OUTLET_WORDS = word_set("outlet-words")
OPENING = frozenset("([")


class Country(NamedTuple):
    """A country meant by a demonym ("Kazakh")."""

    code: str


def resolve(nodes: list[Node], context: Context) -> list[Node]:
    """Turn name nodes into actors, places, demonyms and people; bracketed acronyms are learnt and taken in."""
    found = list(nodes)
    for at in [at for at, node in enumerate(nodes) if node.kind == NAME]:
        before = (found[at - 1] if at else None, found[at - 2] if at > 1 else None)
        found[at] = _resolve(nodes[at], before, nodes[at + 1 : at + 3], context)
    return _organs(_bodies(_acronyms(found, context), context), context)


def _regions(name: Name) -> Name:
    return name._replace(senses=tuple(sense for sense in name.senses if sense.kind == "region"))


def _resolve(node: Node, around: tuple[Node | None, Node | None], behind: list[Node], context: Context) -> Node:
    before, two = around
    name: Name = node.value
    text = context.words(node.first, node.last)
    kinds = {sense.kind for sense in name.senses}
    prior, following = before.lower if before else "", behind[0].lower if behind else ""
    for sense in name.senses:
        if sense.kind in (DEMONYM, NATIONAL) and "place" not in kinds and sense.entry.country:
            many = sense.kind == NATIONAL and node.lower.endswith("s")
            return node._replace(kind=NATIONAL if many else DEMONYM, value=Country(sense.entry.country))
    kind = two.lower if prior == "of" and two is not None and two.lower in REGION_WORDS else prior
    place = context.gazetteer.resolve(name, text, kind, following, _larger(behind))
    if place is None and prior == "," and two is not None and two.kind == PLACE:
        place = context.gazetteer.resolve(_regions(name), text, "in", following)  # "Woodbridge, Virginia"
    if place is None and prior in ("'s", "’s") and two is not None and two.kind == PLACE:
        place = context.gazetteer.unknown(text, Precision.CITY)  # "Kampala's Kabalagala"
    actor = context.directory.known(name, text)
    if actor and (place is None or not (prior in LOCATIVE or prior == "of")):
        return node._replace(kind=ACTOR, value=actor)
    if place:
        return node._replace(kind=PLACE, value=place)
    return _unknown(node, text, prior, following, context)


def _larger(behind: list[Node]) -> str:
    """The country named right behind: "Kabul, Afghanistan", "Granada (Spain)"."""
    if len(behind) < 2 or behind[0].lower not in (",", "(", "[") or behind[1].kind != NAME:
        return ""
    return next((sense.entry.country or "" for sense in behind[1].value.senses if sense.kind == "place"), "")


def _unknown(node: Node, text: str, prior: str, following: str, context: Context) -> Node:
    words = text.lower().replace("-", " ").split()
    learnt = context.directory.acronym(text)
    if learnt is not None:
        return node._replace(kind=ACTOR, value=learnt)
    if ORGANISATION_WORDS.intersection(words[-1:] + words[:-1] if len(words) > 1 else ()):
        return node._replace(kind=ACTOR, value=context.directory.organisation(text, text, _kind(words)))
    if len(words) > 1 and words[0] in UNDERTAKINGS:
        return node._replace(kind=PLAIN, value=None)
    precision = _place_precision(node.value.key, words, prior, following, context)
    if precision is not None and not (len(words) == 1 and text.isupper() and _acronym(text, context)):
        return node._replace(kind=PLACE, value=context.gazetteer.unknown(text, precision))
    if _acronym(text, context):
        if prior in ("a", "an"):
            return node._replace(kind=PLAIN, value=None)  # "a VBIED": a kind of thing
        return node._replace(kind=ACTOR, value=context.directory.organisation(text, text))
    return node._replace(kind=PERSON_NAME, value=text)


def _acronym(text: str, context: Context) -> bool:
    return context.gazetteer.mixed and text.isupper() and text.isalpha() and 2 <= len(text) <= 6


def _place_precision(key: str, words: list[str], prior: str, following: str, context: Context) -> Precision | None:
    """What kind of place an unknown name is, if it is one: by its own words, those beside it, and its other uses."""
    gazetteer = context.gazetteer
    if len(words) > 1 and gazetteer.mixed and (words[-1] in PLACE_NOUNS or words[0] in PLACE_STARTS):
        return _precision(words[-1])
    if following in REGION_WORDS | CITY_WORDS:
        return Precision.REGION if following in REGION_WORDS else Precision.CITY
    if gazetteer.is_person(key):
        return None
    led = prior in LOCATIVE or (prior == "of" and len(words) < 3 and following == ",")
    return Precision.CITY if led or key in gazetteer.located else None


def _precision(noun: str) -> Precision:
    if noun in CITY_WORDS:
        return Precision.CITY
    return Precision.REGION if noun in REGION_WORDS else Precision.SITE


def _kind(words: list[str]) -> ActorType:
    if OUTLET_WORDS.intersection(words[-1:]):
        return ActorType.OUTLET
    if "party" in words:
        return ActorType.PARTY
    return ActorType.ARMED_GROUP if ARMED_WORDS.intersection(words) else ActorType.ORGANISATION


def _acronyms(nodes: list[Node], context: Context) -> list[Node]:
    """ "Farabundo Marti National Liberation Front [FMLN]": one actor, and the acronym is known from here on."""
    if not any(node.lower in OPENING for node in nodes):
        return nodes
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        if nodes[at].lower in OPENING and at + 2 < len(nodes) and nodes[at + 2].lower in ")]" and found:
            merged = _defined(found, nodes[at + 1], nodes[at + 2], context)
            if merged is not None:
                found[merged[0] :] = [merged[1]]
                at += 3
                continue
        found.append(nodes[at])
        at += 1
    return found


def _defined(left: list[Node], inner: Node, close: Node, context: Context) -> tuple[int, Node] | None:
    acronym = context.words(inner.first, inner.last)
    if not (acronym.isupper() and 2 <= len(acronym) <= 12 and " " not in acronym):
        return None
    head = left[-1]
    if head.kind == ACTOR and isinstance(head.value, Actor):
        context.directory.define(acronym, head.value)
        return len(left) - 1, head._replace(last=close.last)
    start = _spelled(left, acronym, context)
    if start is None:
        return None
    text = context.words(left[start].first, left[-1].last)
    actor = (
        inner.value if inner.kind == ACTOR else context.directory.organisation(text, text, _kind(text.lower().split()))
    )
    actor = actor.model_copy(update={"text": text})
    context.directory.define(acronym, actor)
    return start, Node(ACTOR, left[start].first, close.last, text.lower(), NO_TAGS, actor)


def _spelled(left: list[Node], acronym: str, context: Context) -> int | None:
    """Where the words begin whose initials the acronym is made of, at most eight nodes back."""
    letters = acronym.lower()
    for start in range(len(left) - 1, max(-1, len(left) - 9), -1):
        words = [t.lower for t in context.tokens[left[start].first : left[-1].last] if t.kind != MARK]
        if left[start].lower in ("the", "a", "an", "by", "of", "and", "for") or not words:
            continue
        if sorted(w[0] for w in words if w not in ("of", "the", "and", "de", "for", "la")) == sorted(letters):
            return start
        if left[start].has("say", "be", "preposition") and left[start].lower != "of":
            return None
    return None


def _bodies(nodes: list[Node], context: Context) -> list[Node]:
    """ "the Kazakh Interior Ministry", "Ministry of Defence of Russia", "Almaty police": one actor each."""
    if not any("organisation" in node.tags.lexes for node in nodes):
        return nodes
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        node = nodes[at]
        tag = next(node.tagged("organisation"), None) if node.tags else None
        if tag is None or node.kind != PLAIN or qualifies(nodes, at):
            found.append(node)
            at += 1
            continue
        owner, taken = _owner_before(found)
        skipped = 0
        if owner is None:
            owner, skipped = _owner_after(nodes, at)
        begin = found[-taken].first if taken else node.first
        last = nodes[at + skipped].last
        if taken:
            del found[-taken:]
        text = context.words(begin, last)
        country, city = (owner.code, None) if isinstance(owner, Country) else (None, owner)
        if city is not None and city.precision == Precision.COUNTRY:
            country, city = city.country, None
        actor = context.directory.body(tag, text, country, city)
        found.append(Node(ACTOR, begin, last, text.lower(), node.tags, actor))
        at += skipped + 1
    return found


def _organs(nodes: list[Node], context: Context) -> list[Node]:
    """ "CSTO Collective Security Council", "UN Secretariat": the organ speaks and acts for the alliance."""
    if len([node for node in nodes if node.kind == ACTOR]) < 2:
        return nodes
    found: list[Node] = []
    for node in nodes:
        whole = found[-1] if found else None
        if (
            whole is not None
            and node.kind == ACTOR == whole.kind
            and whole.value.type == ActorType.ALLIANCE
            and node.value.type in (ActorType.ORGANISATION, ActorType.ARMED_GROUP)
            and whole.last == node.first
        ):
            text = context.words(whole.first, node.last)
            actor = whole.value.model_copy(update={"text": text})
            found[-1] = Node(ACTOR, whole.first, node.last, text.lower(), whole.tags, actor)
        else:
            found.append(node)
    return found


def qualifies(nodes: list[Node], at: int) -> bool:
    """The body's name only qualifies the noun behind it ("military alliance", "army base")."""
    if at + 1 >= len(nodes) or len(nodes[at].lower.split()) > 1:
        return False
    after = nodes[at + 1]
    return after.lower in QUALIFIED or (
        after.kind == PLAIN and after.has("site", "weapon", "equipment") and not after.has("say", "be")
    )


def _owner_before(found: list[Node]) -> tuple[Country | Place | None, int]:
    """Whose body it is by the words before it, and how many nodes those are."""
    if not found:
        return None, 0
    if found[-1].kind in (DEMONYM, PLACE):
        return found[-1].value, 1
    if found[-1].lower in ("'s", "’s", "'") and len(found) > 1 and found[-2].kind in (DEMONYM, PLACE):
        return found[-2].value, 2
    return None, 0


def _owner_after(nodes: list[Node], at: int) -> tuple[Country | Place | None, int]:
    """Whose body it is by "of …" after it, and how many nodes that takes."""
    following = nodes[at + 1 : at + 4]
    if len(following) > 1 and following[0].lower == "of":
        if following[1].kind == PLACE:
            return following[1].value, 2
        if following[1].lower == "the" and len(following) > 2 and following[2].kind == PLACE:
            return following[2].value, 3
    return None, 0
