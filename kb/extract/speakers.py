"""Noun phrases that speak: the runs of nodes beside a verb or phrase of attribution, and which node is their head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PERSON_NAME, PLACE
from kb.extract.lexicon import load, word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.phrases import GROUP
from kb.extract.seek import QUOTES
from kb.extract.voice import is_adverb

_REPORTING = load("reporting")
BODIES = frozenset(_REPORTING["bodies"])
OUTLETS = frozenset(_REPORTING["outlets"])
STATEMENTS = frozenset(_REPORTING["statements"])
MADE = frozenset(_REPORTING["made"])
NAMED = frozenset({ACTOR, GROUP, PERSON_NAME, NATIONAL})
PRONOUNS = frozenset({"he", "she", "it", "they"})
ACCOUNTS = {
    f"by {whose} {noun}": pronoun
    for whose, pronoun in (("his", "he"), ("her", "she"), ("its", "it"), ("their", "they"))
    for noun in (
        "account",
        "own account",
        "count",
        "own count",
        "estimate",
        "own estimate",
        "own admission",
        "reckoning",
    )
}
OBLIQUE = {"him": "he", "her": "she", "them": "they", **ACCOUNTS}
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
OWNING = ("of", "for", "from", "in", "at", "near", "with")
PLACED = frozenset({"of", "for", "at", "in", "inside"})
CLOSE = frozenset({"close", "loyal", "linked", "familiar"})
NUMBERED = frozenset({"channel", "radio", "tv", "kanal", "canal"})
DESCRIBING = frozenset({"speaking", "requesting", "asking", "declining", "familiar", "briefed", "involved"})
REACHED = frozenset({"reached by", "contacted by", "interviewed by"})
RELATIVE = frozenset({"who", "which", "that"})
RELATED = 10  # nodes of a clause that describes a speaker
QUALIFYING = (
    word_set("city-words") | word_set("region-words") | {"court", "embassy", "palace", "prison", "airport", "camp"}
)
WIDE = 8  # nodes of one phrase
VERBISH = (
    "say",
    "be",
    "have",
    "preposition",
    "conjunction",
    "pronoun",
    "harm-verb",
    "harm-intransitive",
    "harm-adjective",
    "event-verb",
    "clause-break",
    "modal",
    "modal-possible",
    "modal-future",
    "adverbs",
    "quote-verb",
    "citing",
    "according",
    "occur",
)


class Run(NamedTuple):
    """Nodes ``[first, last)`` that name a speaker; ``head`` is the node that stands for them."""

    first: int
    last: int
    head: int


def article(node: Node) -> bool:
    """Whether a node opens a noun phrase."""
    return node.has("determiner") or node.lower in ("a", "an") or (node.kind == COUNT and node.value.kind == "article")


def speaks(node: Node) -> bool:
    """Whether a node can be the head of a phrase for a speaker."""
    if node.kind in NAMED:
        return True
    if node.kind == PLACE:
        return bool(node.value.precision == "country")
    if node.kind != PLAIN:
        return False
    return node.has("unnamed", "organisation") or node.lower in BODIES or names_outlet(node)


def names_outlet(node: Node) -> bool:
    """Whether a common noun is one for an outlet: "agency", "radio station"."""
    return node.kind == PLAIN and node.lower.split()[-1] in OUTLETS


def _nominal(node: Node) -> bool:
    return speaks(node) or node.kind in (PLACE, DEMONYM) or node.lower in STATEMENTS


def _modifies(node: Node) -> bool:
    """An unknown or adjectival word inside a noun phrase."""
    return node.kind == PLAIN and node.lower[:1].isalpha() and (node.has("modifiers") or not node.has(*VERBISH))


# --- to the left of a verb


def left(nodes: Sequence[Node], at: int) -> Run | None:
    """The subject of a verb at ``at``: the phrase right before it, over adverbs, dates and what commas enclose."""
    run = _before(nodes, at)
    return _joined(nodes, run) if run is not None else None


def _joined(nodes: Sequence[Node], run: Run) -> Run:
    """ "The police and the ministry said": of two speakers the first is the source; the wording names both."""
    joint = run.first - 1
    if joint < 1 or nodes[joint].lower not in ("and", "as well as") or nodes[run.head].lower in PRONOUNS:
        return run
    other = ending(nodes, joint - 1)
    if other is None or (nodes[other.head].kind == GROUP and nodes[other.head].value.count is not None):
        return run
    opens = (
        other.first == 0
        or nodes[other.first - 1].lower in (",", ";", "-", "–")
        or nodes[other.first - 1].lower in QUOTES
    )
    return Run(other.first, run.last, other.head) if opens else run


def _before(nodes: Sequence[Node], at: int) -> Run | None:
    index = _over_reduced(nodes, _over_thin(nodes, at - 1))
    if index < 0:
        return None
    if nodes[index].lower == ",":
        return _enclosing(nodes, index)
    described = _described(nodes, index)
    if described is not None:
        return described
    if nodes[index].lower in RELATIVE and index > 0 and not nodes[index - 1].has("say"):
        before = index - 2 if nodes[index - 1].lower == "," and index > 1 else index - 1
        return ending(nodes, before, oblique=True)
    if nodes[index].lower in PRONOUNS:
        return Run(index, index + 1, index)
    return ending(nodes, index)


def _described(nodes: Sequence[Node], index: int) -> Run | None:
    """ "A resident | who asked not to be named | told": a speaker before a clause that says something of them."""
    for at in range(index, max(0, index - RELATED), -1):
        node = nodes[at]
        if node.lower in (",", ";", ":") or node.lower in QUOTES or (node.has("say") and at < index - 1):
            return None
        if (
            node.lower.split()[0] in DESCRIBING
            and at < index
            and nodes[at - 1].kind in (GROUP, PLAIN)
            and speaks(nodes[at - 1])
        ):
            return ending(nodes, at - 1, oblique=True)  # "an official speaking on condition of anonymity"
        if node.lower == "who":
            return ending(nodes, at - 1, oblique=True) if at < index else None
    return None


def _over_thin(nodes: Sequence[Node], index: int) -> int:
    while index >= 0:
        node = nodes[index]
        dated = index + 1 < len(nodes) and nodes[index + 1].kind == TIME and node.has("preposition", "adverbs")
        if node.lower == ")":
            index = _opening(nodes, index)
        elif not (is_adverb(node) or node.has("have", "modal", "modal-future") or node.lower in QUOTES or dated):
            return index
        index -= 1
    return index


def _over_reduced(nodes: Sequence[Node], index: int) -> int:
    """Over "reached by phone", "contacted in Kabul" behind a subject."""
    if index > 1 and nodes[index - 1].lower in REACHED and speaks(nodes[index - 2]):
        return index - 2  # "residents | reached by | phone"
    if index < 3 or nodes[index - 1].lower not in ("by", "in", "at", "from", "over"):
        return index
    reduced = nodes[index - 2].lower.endswith("ed") and speaks(nodes[index - 3]) and nodes[index].kind in (PLAIN, PLACE)
    return index - 3 if reduced else index


def _opening(nodes: Sequence[Node], close: int) -> int:
    for index in range(close - 1, max(-1, close - WIDE) - 1, -1):
        if nodes[index].lower == "(":
            return index
    return close


def _enclosing(nodes: Sequence[Node], comma: int) -> Run | None:
    """ "the mayor, X, told", "X, a teacher in Y, said", "A, citing B, says": the phrase before what commas enclose."""
    opened = next((i for i in range(comma - 1, max(0, comma - 14), -1) if nodes[i].lower == ","), None)
    inner = ending(nodes, comma - 1)
    outer = ending(nodes, opened - 1) if opened is not None and opened > 0 else None
    if opened is None or outer is None:
        return inner
    if inner is not None and inner.first <= opened + 1 and nodes[inner.head].kind in NAMED:
        head = inner.head if _named(nodes[inner.head]) and not _named(nodes[outer.head]) else outer.head
        return Run(outer.first, comma, head)
    return outer


def _named(node: Node) -> bool:
    if node.kind == ACTOR:
        return not node.has("organisation")
    return node.kind == PERSON_NAME or (node.kind == GROUP and bool(node.value.name))


def ending(nodes: Sequence[Node], index: int, *, oblique: bool = False) -> Run | None:
    """The phrase for a speaker whose last node is ``index``, with what hangs on it ("officials in Kyiv").

    ``oblique`` allows a preposition before it ("confirmed by X, who said").
    """
    if index < 0:
        return None
    node = nodes[index]
    if node.kind == COUNT and index and nodes[index - 1].lower in NUMBERED:
        return Run(_extended(nodes, index - 1), index + 1, index - 1)  # "Israel's Channel 10"
    hung = _owner_of(nodes, index) if _nominal(node) or _of_the(nodes, index) else None
    if hung is not None:
        return hung
    city = node.kind == PLACE and node.value.precision == "city"  # "Kyiv said": if it is a capital
    if node.lower in POSSESSIVE or not (speaks(node) or city or node.lower in STATEMENTS):
        return None
    first = _extended(nodes, index)
    if not oblique and first > 0 and nodes[first - 1].has("preposition", "according", "citing", "quoted-by"):
        return None
    return Run(first, index + 1, index)


def _of_the(nodes: Sequence[Node], index: int) -> bool:
    """ "of the city", "for children": a common noun that a speaker may hang on."""
    at = index
    while at > max(0, index - 3) and not article(nodes[at]) and nodes[at - 1].lower not in PLACED:
        at -= 1  # "for the protest camp"
    at = at - 1 if at and not article(nodes[at]) and article(nodes[at - 1]) else at
    return _modifies(nodes[index]) and at > 1 and nodes[at - 1].lower in PLACED and speaks(nodes[at - 2])


def _owner_of(nodes: Sequence[Node], index: int) -> Run | None:
    """The speaker that a phrase hangs on: "the directorate | in Nasiriyah", "the office | of the President"."""
    first = _extended(nodes, index)
    if first > 2 and nodes[first - 1].lower in ("to", "with") and nodes[first - 2].lower in CLOSE:
        base = ending(nodes, first - 3)  # "sources close to the presidency"
        return Run(base.first, index + 1, base.head) if base is not None else None
    if first < 2 or nodes[first - 1].lower not in OWNING:
        return None
    before = nodes[first - 2]
    if not (speaks(before) or before.lower in STATEMENTS) or before.kind == PLACE:
        return None
    if nodes[first - 1].lower in ("at", "near", "with") and before.kind not in (GROUP, PLAIN):
        return None
    base = ending(nodes, first - 2)
    if base is None:
        return None
    if before.lower in STATEMENTS and nodes[first - 1].lower in ("of", "from"):
        return Run(base.first, index + 1, index)
    return Run(base.first, index + 1, base.head)


def _extended(nodes: Sequence[Node], index: int) -> int:
    """Where the noun phrase begins that ends at ``index``: at its article, or at the last word sure to belong to it."""
    known = at = index
    while at > 0 and index - at < WIDE:
        node = nodes[at - 1]
        if article(node):
            return at - 1
        loose = nodes[at].kind in (GROUP, PERSON_NAME) and at == index and node.lower not in POSSESSIVE
        if loose and node.lower in QUALIFYING:
            known = at = at - 1  # "city | officials"
            continue
        if loose and not (node.lower in OUTLETS or node.kind in (DEMONYM, PLACE)):
            return known
        if node.lower in POSSESSIVE and at > 1 and (_nominal(nodes[at - 2]) or _modifies(nodes[at - 2])):
            at -= 2
            known = at
        elif node.lower == "-" and at > 1 and (_modifies(nodes[at - 2]) or nodes[at - 2].kind in (PLACE, ACTOR)):
            at -= 2
        elif node.kind in (DEMONYM, PLACE, ACTOR) or node.has("modifiers", "organisation") or node.lower in OUTLETS:
            at -= 1
            known = at
        elif node.kind in (GROUP, PERSON_NAME) and all(n.lower in OUTLETS for n in nodes[at : index + 1]):
            return at - 1
        elif _names_body(node, nodes[at]):
            at -= 1  # "the Dagestani | interior ministry", "the Datafolha | institute"
            known = at
        elif _modifies(node) or (node.has("event-noun") and at > 1 and article(nodes[at - 2])):
            at -= 1  # "the protest | camp"
        else:
            break
    bounded = at == 0 or nodes[at - 1].lower in (",", ":", "-", "—", "–", ")") or nodes[at - 1].lower in QUOTES
    return at if bounded and index - at < 5 else known


def _names_body(node: Node, body: Node) -> bool:
    """Whether a mere name stands before a body that it names."""
    named = node.kind == GROUP and bool(node.value.name) and not node.value.role
    return named and (body.kind == ACTOR or (body.kind == PLAIN and body.lower in BODIES))


# --- to the right of a phrase


def right(nodes: Sequence[Node], at: int) -> Run | None:
    """The phrase for a speaker that begins right behind ``at``."""
    first = at + 1
    while first < len(nodes) and (nodes[first].lower in QUOTES or nodes[first].lower == ":"):
        first += 1
    index, head = first, None
    while index < len(nodes) and index - first < WIDE + 2:
        node = nodes[index]
        if node.lower in STATEMENTS and node.kind not in NAMED and index + 1 < len(nodes):
            source = _issuer(nodes, index)
            if source is not None:
                return Run(first, source.last, source.head)
            head = index if head is None else head
        elif speaks(node):
            outlet = head is not None and nodes[head].kind == GROUP and nodes[head].value.noun in OUTLETS
            if head is not None and nodes[head].kind in (GROUP, PERSON_NAME) and node.kind in NAMED and not outlet:
                break
            head = _better(nodes, head, index)
        elif head is not None and (_call_sign(nodes, index) or (node.kind == COUNT and _leads(nodes, index))):
            pass  # "radio | dzBB", "Magik | 9 | radio station"
        elif (
            (head is not None and not _modifies(node) and node.lower not in POSSESSIVE)
            or not (article(node) or _nominal(node) or _modifies(node) or node.lower in (*POSSESSIVE, "-", *QUOTES))
            or (head is not None and node.kind == PLAIN and not _leads(nodes, index))
        ):
            break
        index += 1
    if head is None:
        return None
    last = index
    while last > head + 1 and nodes[last - 1].lower in QUOTES | {"-"}:
        last -= 1
    return Run(first, _attached(nodes, last), head)


def _call_sign(nodes: Sequence[Node], index: int) -> bool:
    """Whether a word that no list knows names the station before it."""
    node = nodes[index]
    return nodes[index - 1].lower in NUMBERED and (node.kind == COUNT or (node.kind == PLAIN and not node.tags))


def _leads(nodes: Sequence[Node], index: int) -> bool:
    """Whether a word behind a name still leads to a noun of the same phrase ("PPI | news | agency")."""
    return any(names_outlet(nodes[i]) or nodes[i].lower in BODIES for i in range(index, min(index + 2, len(nodes))))


def _issuer(nodes: Sequence[Node], index: int) -> Run | None:
    """Who put out a statement: "a report | by the agency", "figures | compiled by the agency"."""
    at = index + 2 if nodes[index + 1].lower in MADE and index + 3 < len(nodes) else index + 1
    if nodes[at].lower not in ("by", "from", "of", "in", "on"):
        return None
    return right(nodes, at)


def _better(nodes: Sequence[Node], head: int | None, index: int) -> int:
    """Of two nouns of one compound the later is the head, but a name beats a common noun."""
    if head is None:
        return index
    common = nodes[index].kind == PLAIN
    return head if common and nodes[head].kind in NAMED and nodes[index].lower in OUTLETS | STATEMENTS else index


def _attached(nodes: Sequence[Node], last: int) -> int:
    """Over "of the region", "in Nasiriyah" behind a phrase."""
    if last + 1 < len(nodes) and nodes[last].lower in OWNING:
        target = last + 1
        while target < len(nodes) and target < last + 4 and (article(nodes[target]) or nodes[target].kind == DEMONYM):
            target += 1
        if target < len(nodes) and (nodes[target].kind in (PLACE, ACTOR, GROUP) or nodes[target].lower in BODIES):
            return target + 1
        if (
            target < len(nodes)
            and nodes[last].lower == "of"
            and article(nodes[target - 1])
            and _modifies(nodes[target])
        ):
            return target + 1
    return last
