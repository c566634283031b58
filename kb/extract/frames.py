"""Events told by a verb and what goes with it: attempts on a life, people taken from home, harsh names for a deed."""

from __future__ import annotations

from kb.extract.entities import ACTOR, PERSON_NAME
from kb.extract.lexicon import load
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.participants import Event, after, objects, phrases_left
from kb.extract.phrases import GROUP
from kb.extract.voice import auxiliary, clause
from kb.model import ActorType, VictimClass

_WORDS = load("scenes")["frames"]
KILLING = frozenset(_WORDS["killing"])
SNATCHING = frozenset(_WORDS["snatching"])
HOMES = frozenset(_WORDS["homes"])
CALLING = frozenset(_WORDS["calling"])
HARSH = frozenset(_WORDS["harsh"])
TRIGGERS = KILLING | SNATCHING | CALLING
POSSESSIVES = frozenset({"his", "her", "their", "its"})
THEIR_HOMES = frozenset(f"{whose} {home}" for whose in POSSESSIVES for home in HOMES)
LAWFUL = frozenset(VictimClass(name) for name in ("police", "military", "security-forces"))
NEAR = 10  # nodes between the parts of one frame


def framed(nodes: list[Node], at: int) -> Event | None:
    """The event that a verb at ``at`` tells with what goes with it."""
    word = nodes[at].lower
    if word in KILLING:
        return _on_a_life(nodes, at)
    if word in SNATCHING:
        return _from_home(nodes, at)
    return _called(nodes, at) if word in CALLING else None


def _on_a_life(nodes: list[Node], at: int) -> Event | None:
    """ "tried to kill the archbishop", "plotted to kill General X": somebody of name or office, who was not killed."""
    if at < 2 or not f" {nodes[at - 1].lower}".endswith(" to"):
        return None
    if not any(node.has("mode-attempt", "mode-plan") for node in nodes[max(0, at - 4) : at]):
        return None
    bounds = clause(nodes, at)
    targets = tuple(i for i in objects(nodes, at, bounds) if _somebody(nodes[i]))
    return (
        Event("assassination", "on-a-life", at, phrases_left(nodes, at, bounds), targets, (), 0.7) if targets else None
    )


def _somebody(node: Node) -> bool:
    """Whether a phrase names one person or tells of one in office."""
    if node.kind == GROUP:
        return bool(node.value.name or node.value.role) and not node.value.many
    return node.kind == PERSON_NAME or (node.kind == ACTOR and node.value.type == ActorType.PERSON)


def _from_home(nodes: list[Node], at: int) -> Event | None:
    """ "took two men from their homes", "was dragged from her car by four men": an arrest if police do it."""
    bounds = clause(nodes, at)
    whence = next((i for i in range(at + 1, min(at + NEAR, bounds[1])) if _home(nodes, i)), None)
    if whence is None:
        return None
    if auxiliary(nodes, at) is not None or whence == at + 1:
        agents, targets = after(nodes, whence, ("by",), bounds, within=NEAR), phrases_left(nodes, at, bounds)
    else:
        agents, targets = phrases_left(nodes, at, bounds), objects(nodes, at, bounds)
    if not targets:
        return None
    lawful = any(_lawful(nodes[i]) for i in agents)
    return Event("arrest" if lawful else "kidnapping", "taken-from-home", at, agents, targets, (), 0.65)


def _home(nodes: list[Node], at: int) -> bool:
    """ "from his car", "out of | their | homes"."""
    word = nodes[at].lower
    if word in ("from", "out of") and at + 2 < len(nodes):
        return nodes[at + 1].lower in POSSESSIVES and nodes[at + 2].lower in HOMES
    return word.removeprefix("from ") in THEIR_HOMES


def _lawful(node: Node) -> bool:
    if node.kind == ACTOR:
        return node.value.type in (ActorType.POLICE, ActorType.MILITARY, ActorType.STATE)
    return (node.kind == GROUP and node.value.victim_class in LAWFUL) or (node.kind == PLAIN and node.has("force"))


def _called(nodes: list[Node], at: int) -> Event | None:
    """ "called the bombing a blatant violation of the Charter": a body or somebody of office, and a harsh name."""
    bounds = clause(nodes, at)
    agents = phrases_left(nodes, at, bounds)
    if not agents or any(nodes[i].kind == GROUP and not (nodes[i].value.role or nodes[i].value.name) for i in agents):
        return None
    harsh = next((i for i in range(at + 1, min(at + NEAR, bounds[1])) if nodes[i].lower in HARSH), None)
    opened = harsh is not None and any(
        node.lower in ("a", "an", "as") or (node.kind == COUNT and node.value.kind == "article")
        for node in nodes[at + 1 : harsh]
    )
    return (
        Event("condemnation", "called-harshly", at, agents, objects(nodes, at, bounds)[:1], (), 0.6) if opened else None
    )
