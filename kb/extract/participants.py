"""Who takes part in an event: its subject, its object, what stands behind "by" or "against", and its instruments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PERSON_NAME, PLACE
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.seek import LIST_WORDS, QUOTES, object_of_verb, oblique, shares_subject
from kb.extract.voice import auxiliary, is_adverb
from kb.model import Actor, ActorType, Hedge

PEOPLE = frozenset({GROUP, ACTOR, PERSON_NAME, NATIONAL})
PERSONAL = frozenset({"they", "he", "she", "it"})
# Common nouns that act though no list of people has them: "the crowd", "the union", "the parliament".
COLLECTIVE = word_set("crowd-doers")
CONJOINING = LIST_WORDS - {","}
DOING = frozenset({"by", "between", "with"})
MULTITUDE = 10  # a bare number of at least so many is one of people
REACH = 10
ACTS = frozenset({"attack", "bombing", "shelling", "air-strike", "assassination", "kidnapping"})
ARMED_NOUNS = word_set("armed-nouns")


class Event(NamedTuple):
    """One finding: node indexes of who did it, and of what it was done to; ``kind`` is the event type.

    ``probable`` marks what somebody is blamed for by others.
    """

    kind: str
    rule: str
    trigger: int
    agents: tuple[int, ...]
    targets: tuple[int, ...]
    instruments: tuple[int, ...]
    confidence: float
    probable: bool = False


def body_of(node: Node) -> Actor | None:
    """The named organisation whose people a phrase tells of: "FMLN guerrillas", "members of the army"."""
    body: Actor | None = node.value.body if node.kind == GROUP else None
    if body is None or body.name is None or body.type in (ActorType.STATE, ActorType.OUTLET, ActorType.PERSON):
        return None
    return body


def act_agents(nodes: list[Node], victims: int, happened: Sequence[Event]) -> tuple[int, ...]:
    """Who harmed people where only the act beside says so: "four were killed when NATO missiles struck the plant".

    The agents of the sentence's attacks, if these agree, unless the victims are of their kind.
    """
    sides = {event.agents for event in happened if event.kind in ACTS and event.agents and not event.probable}
    if len(sides) != 1:
        return ()
    agents = next(iter(sides))
    harmed = nodes[victims]
    alike = harmed.kind == GROUP and any(
        nodes[i].kind == GROUP and nodes[i].value.victim_class == harmed.value.victim_class for i in agents
    )
    return () if alike or victims in agents else agents


def only_armed_group(rows: Iterable[Sequence[Node]]) -> Actor | None:
    """The armed group that a document is about: the only one that it names, else None."""
    found: dict[str | None, Actor] = {}
    for node in (node for nodes in rows for node in nodes):
        actor = node.value if node.kind == ACTOR and not node.has("organisation") else body_of(node)
        if actor is not None and actor.type == ActorType.ARMED_GROUP and not node.has("organisation"):
            found.setdefault(actor.iri, actor)
    return next(iter(found.values())) if len(found) == 1 else None


def unnamed_fighters(node: Node) -> bool:
    """Whether a phrase tells of fighters without saying whose: "the guerrillas", "a rebel column"."""
    if node.kind == ACTOR:
        return node.has("organisation") and node.lower.removeprefix("the ") in ARMED_NOUNS
    return node.kind == GROUP and node.value.body is None and node.value.noun.lower() in ARMED_NOUNS


def phrases_left(nodes: list[Node], at: int, bounds: tuple[int, int], *, things: bool = False) -> tuple[int, ...]:
    """The subject: the nearest phrase to the left that hangs on no preposition, with what is joined to it."""
    aux = auxiliary(nodes, at)
    start = aux if aux is not None else at
    shared = shares_subject(nodes, start)
    for index in range(start - 1, max(bounds[0], start - REACH) - 1, -1):
        node = nodes[index]
        if node.has("say") and index and not nodes[index - 1].has("determiner"):
            if shared:
                continue  # "declared an emergency and asked for help"
            return ()
        if node.lower in PERSONAL:
            return (index,)  # whom it stands for is settled by what was told before
        fits = node.kind in PEOPLE or node.lower in COLLECTIVE or (node.kind == COUNT and acts(node))
        fits = fits or (things and (node.kind == PLACE or node.has("site")))
        if not things and node.kind == PLACE and node.value.precision == "country":
            fits = True
        if node.has("weapon") and not fits and not oblique(nodes, index):
            return ()
        if node.kind == ACTOR and node.value.type == ActorType.OUTLET and not nodes[at].has("say"):
            continue
        if fits and not oblique(nodes, index) and not (shared and object_of_verb(nodes, index)):
            return joined(nodes, index, -1, bounds[0], things=things)
    return ()


def acts(node: Node) -> bool:
    """Whether a phrase that is none for people does things all the same: "crowds", "the guards", "millions"."""
    if node.kind == COUNT:
        count = node.value.count if node.value.kind == "number" else None
        return count is not None and count.hedge == Hedge.VAGUE and (count.minimum or 0) >= MULTITUDE
    return node.kind == PLAIN and node.lower in COLLECTIVE


def objects(nodes: list[Node], at: int, bounds: tuple[int, int]) -> tuple[int, ...]:
    """What stands right behind a verb: people, a site or a place."""
    for index in range(at + 1, min(at + 7, bounds[1])):
        node = nodes[index]
        if node.kind in PEOPLE or node.has("site") or node.kind == PLACE:
            owned = _owned_site(nodes, index, bounds[1])
            return (owned,) if owned is not None else joined(nodes, index, 1, bounds[1], things=True)
        thin = is_adverb(node) or node.has("determiner", "modifiers", "adverbs") or node.kind in (COUNT, DEMONYM)
        if not (
            thin
            or node.lower in QUOTES
            or node.lower in ("a", "an", "on", "at", "'s", "’s", "against", "with", "to", "and")
            or (node.kind == PLAIN and not node.tags)
        ):
            return ()
    return ()


def _owned_site(nodes: list[Node], index: int, limit: int) -> int | None:
    """ "stormed | the President's official residence": what is stormed is the building, not its owner."""
    if index + 2 >= limit or nodes[index + 1].lower not in ("'s", "’s", "'", "’"):
        return None
    for at in range(index + 2, min(index + 6, limit)):
        if (
            nodes[at].has("site")
            or nodes[at].kind == GROUP
            or (nodes[at].kind == ACTOR and nodes[at].has("organisation"))
        ):
            return at
        if not (nodes[at].has("modifiers", "person", "role") or not nodes[at].tags):
            return None
    return None


def after(
    nodes: list[Node],
    at: int,
    words: tuple[str, ...],
    bounds: tuple[int, int],
    within: int = 6,
    *,
    things: bool = False,
) -> tuple[int, ...]:
    """The people, bodies or sites behind one of these words ("by", "against") soon after ``at``."""
    for index in range(at + 1, min(at + 1 + within, bounds[1])):
        if nodes[index].lower not in words:
            continue
        for target in range(index + 1, min(index + 5, bounds[1])):
            node = nodes[target]
            if node.kind in PEOPLE or (nodes[index].lower in DOING and _state(node)) or (things and node.has("site")):
                return joined(nodes, target, 1, bounds[1], things=things)
            if not (
                is_adverb(node)
                or node.has("determiner", "modifiers")
                or node.lower in QUOTES
                or node.kind in (COUNT, DEMONYM, PLACE)
                or not node.tags
            ):
                break
    return ()


def joined(nodes: list[Node], index: int, step: int, limit: int, *, things: bool) -> tuple[int, ...]:
    """A phrase and those that "and" or commas join to it."""
    found = [index]
    while True:
        joint = index + step
        while (joint < limit if step > 0 else joint >= limit) and (
            nodes[joint].lower in LIST_WORDS or nodes[joint].has("determiner")
        ):
            joint += step
        inside = joint < limit if step > 0 else joint >= limit
        if not inside or abs(joint - index) < 2:
            break
        if step < 0 and len(found) == 1 and all(n.lower not in CONJOINING for n in nodes[joint + 1 : index]):
            break  # "after police fired on pupils, | the minister stepped down": a comma alone joins no last one
        node = nodes[joint]
        state = _state(node) and (_state(nodes[index]) or (nodes[index].kind == ACTOR and joint > 0))
        people = node.kind in PEOPLE or state or (step < 0 and node.kind == DEMONYM and joint == index - 2)
        if not (people or (things and node.has("site"))) or oblique(nodes, joint):
            break
        if step > 0 and joint + 1 < len(nodes) and nodes[joint + 1].has("say", "be", "have", "event-verb", "harm-verb"):
            break
        found.append(joint)
        index = joint
    return tuple(sorted(found))


def _state(node: Node) -> bool:
    return node.kind == PLACE and bool(node.value.precision == "country")


def weapon_left(nodes: list[Node], at: int) -> tuple[int, ...]:
    """The weapon that is subject of "exploded"."""
    for index in range(at - 1, max(-1, at - 5), -1):
        if nodes[index].has("weapon"):
            return (index,) if not oblique(nodes, index) else ()
        if nodes[index].kind != PLAIN:
            break
    return ()


def instruments(nodes: list[Node], at: int, bounds: tuple[int, int]) -> tuple[int, ...]:
    """The weapons that a verb's clause names behind "with", "using" or "by"."""
    found = []
    for index in range(at + 1, min(at + 14, bounds[1])):
        if nodes[index].has("weapon") and any(
            nodes[i].lower in ("with", "using", "by", "and") for i in range(max(at, index - 4), index)
        ):
            found.append(index)
    return tuple(found)
