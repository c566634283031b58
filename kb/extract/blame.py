"""Who is said to have done it: claims of responsibility, blame and accusations, as events with their agents."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME
from kb.extract.lexicon import Tag
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.participants import Event, after, phrases_left
from kb.extract.phrases import GROUP
from kb.extract.seek import QUOTES
from kb.extract.voice import auxiliary, clause, is_adverb

CLAIM, OBJECT, AGENT, PREDICATE = "blame-claim", "blame-object", "blame-agent", "blame-predicate"
BLAMING = frozenset({CLAIM, OBJECT, AGENT, PREDICATE})
REACH = 14  # nodes between a word of blame and what it is about
WHOM = frozenset({GROUP, ACTOR, PERSON_NAME, NATIONAL})
OF_HARM = {"killed": "assassination", "abducted": "kidnapping", "injured": "attack"}
DEFAULT = "attack"


def blames(nodes: list[Node]) -> Iterator[Event]:
    """The events that a sentence lays at somebody's door, left to right."""
    for at, node in enumerate(nodes):
        if node.kind != PLAIN or BLAMING.isdisjoint(node.tags.lexes):
            continue
        agents, default = _agents(nodes, at)
        agents = tuple(index for index in agents if _somebody(nodes, index))
        if not agents:
            continue
        told = _told(nodes, at, agents)
        if told is None and default is None:
            continue
        kind, noun = told or (default, at)
        if kind is not None:
            targets = after(nodes, noun, ("on", "against", "of", "at"), clause(nodes, noun), within=3, things=True)
            targets = tuple(index for index in targets if index not in agents)
            yield Event(kind, "blame", noun, agents, targets, (), 0.65, probable=not node.has(CLAIM))


def _agents(nodes: list[Node], at: int) -> tuple[tuple[int, ...], str | None]:
    """Who did it by the word of blame at ``at``, and the type of event if none is named."""
    node, bounds = nodes[at], clause(nodes, at)
    if node.has(CLAIM):
        return phrases_left(nodes, at, bounds), DEFAULT
    if node.has(AGENT):
        return _behind(nodes, at, bounds[1]), None
    if node.has(PREDICATE) and not (at and nodes[at - 1].lower in ("those", "persons", "people")):
        return phrases_left(nodes, at, bounds), None
    tag = next(node.tagged(OBJECT), None)
    if tag is None:
        return (), None
    if tag.form == "participle" and auxiliary(nodes, at) is not None:
        return phrases_left(nodes, at, bounds), None
    return _blamed(nodes, at, tag, bounds), None


def _blamed(nodes: list[Node], at: int, tag: Tag, bounds: tuple[int, int]) -> tuple[int, ...]:
    """The object of blaming: "blamed the rebels for the attack", "blamed the attack on the rebels"."""
    if tag.lemma == "blame":
        on = next((i for i in range(at + 1, min(at + REACH, bounds[1])) if nodes[i].lower == "on"), None)
        if on is not None and any(n.has("event-noun") for n in nodes[at:on]):
            return _behind(nodes, on, bounds[1])
    return _behind(nodes, at, bounds[1])


def _behind(nodes: list[Node], at: int, limit: int) -> tuple[int, ...]:
    """The people or bodies right behind a word, with those that "and" joins to them."""
    found: list[int] = []
    for index in range(at + 1, min(at + REACH, limit)):
        node = nodes[index]
        if node.kind in WHOM:
            found.append(index)
        elif not (_links(node) if found else _thin(node)):
            break
    return tuple(found)


def _links(node: Node) -> bool:
    return node.lower in (",", "and", "or") or node.has("determiner")


def _thin(node: Node) -> bool:
    return (
        is_adverb(node)
        or node.has("determiner", "modifiers", "blame-object")
        or not node.tags
        or node.kind in (COUNT, "demonym", "place")
        or node.lower in ("a", "an")
        or node.lower in QUOTES
    )


def _somebody(nodes: list[Node], at: int) -> bool:
    """Not "no group", "nobody"."""
    node = nodes[at]
    if node.kind == GROUP and node.value.count is not None and node.value.count.maximum == 0:
        return False
    return not (at and (nodes[at - 1].has("mode-negation") or nodes[at - 1].lower == "no"))


def _told(nodes: list[Node], at: int, agents: tuple[int, ...]) -> tuple[str, int] | None:
    """The type of the event that somebody is blamed for, and where it is named: behind the word, else before it."""
    first, last = clause(nodes, at)
    if first and nodes[first - 1].lower == "which":  # "a massacre for which they hold X responsible"
        first = max(0, first - REACH)
    behind = range(at + 1, min(last, max(at, *agents) + REACH))
    before = range(at - 1, max(first, at - REACH) - 1, -1)
    for index in (*behind, *before):
        if nodes[index].kind != PLAIN or index in agents:
            continue
        for tag in nodes[index].tags:
            if tag.lex == "event-noun" or (tag.lex == "event-verb" and tag.form == "ing"):
                return tag.value, index
            if tag.lex in ("harm-noun", "harm-verb") and tag.form in ("ing", "one", "many") and tag.value in OF_HARM:
                return OF_HARM[tag.value], index
    return None
