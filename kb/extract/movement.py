"""Around a verb of movement: how far it has got, who sends, which force, where from and where to."""

from __future__ import annotations

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PERSON_NAME, PLACE
from kb.extract.forces import armour, is_force, is_state, listed
from kb.extract.lexicon import load
from kb.extract.nodes import COUNT, TIME, Node
from kb.extract.phrases import GROUP
from kb.extract.seek import QUOTES, apposed, oblique
from kb.extract.voice import is_adverb
from kb.model import ActorType, Phase

_WORDS = load("deployments")
DECIDED = frozenset(_WORDS["decided"])
BEGUN = frozenset(_WORDS["begun"])
COMPLETED = frozenset(_WORDS["completed"])
ASKED = frozenset(_WORDS["asked"])
REACH = 18
FILL = frozenset({"a", "an", "of", "-", "'s", "’s", "up", "to", ".", "on"})
AT = frozenset({"in", "at", "near", "on", "across", "around", "inside", "along", "throughout"})
TOWARDS = ("to", "in", "into", "on", "for", "at", "inside", "near", "around", "across")
LATER = frozenset({"after", "when", "before", "amid", "following", "as", "since"})
GROUND = frozenset({"capital", "territory", "soil"})
LEAVING = (Phase.WITHDRAWING, Phase.WITHDRAWN)


def reached(nodes: list[Node], at: int, phase: Phase, bounds: tuple[int, int], *, passive: bool) -> Phase:
    """What governs the verb sets its phase: asked to send, decided to send, will send, began to leave, has left."""
    before = nodes[max(bounds[0], at - 7) : at]
    forms = {tag.form for tag in nodes[at].tags if tag.lex.startswith("deploy-")}
    begun = any(node.lower in BEGUN for node in before) or nodes[at].lower.split()[0] in BEGUN
    ahead = any(node.has("modal-future", "mode-plan", "modal-possible") or node.lower == "to" for node in before[-5:])
    if phase in LEAVING:
        done = forms & {"past", "participle"} and not begun and not ahead and not _being(before)
        return Phase.WITHDRAWN if done else Phase.WITHDRAWING
    if phase not in (Phase.DEPARTED, Phase.ARRIVED):
        return phase
    for node in before:
        if node.lower in ASKED or (node.has("mode-demand") and not node.has("modal", "modal-future")):
            return Phase.REQUESTED
        if node.lower in DECIDED:
            return Phase.APPROVED
    if ahead and not (begun or forms == {"ing"}):
        decided = any(node.lower in DECIDED for node in nodes[at + 1 : bounds[1]])
        return Phase.APPROVED if decided else Phase.ANNOUNCED
    following = nodes[at + 1].lower if at + 1 < len(nodes) else ""
    return Phase.OPERATING if passive and phase == Phase.DEPARTED and following in AT else phase


def _being(before: list[Node]) -> bool:
    """ "are being withdrawn"."""
    return any(node.lower == "being" for node in before[-2:])


def is_ahead(nodes: list[Node], bounds: tuple[int, int]) -> bool:
    """Whether the clause tells of the future."""
    return any(node.has("modal-future") for node in nodes[bounds[0] : bounds[1]])


def heads_off(nodes: list[Node], at: int) -> bool:
    """ "left X for Y"."""
    places = [i for i in range(at + 1, min(at + 8, len(nodes))) if nodes[i].kind == PLACE]
    return any(nodes[i - 1].lower == "for" or nodes[i - 2].lower == "for" for i in places if i > at + 1)


def force_right(nodes: list[Node], at: int, last: int) -> int | None:
    """The object of a verb, a force; a date, a full stop inside a quotation or a country may stand between."""
    for index in range(at + 1, min(at + 9, last)):
        if is_force(nodes[index]) or armour(nodes, index):
            return index
        node = nodes[index]
        thin = (
            node.has("determiner", "modifiers", "equipment")
            or is_adverb(node)
            or node.kind in (COUNT, DEMONYM, ACTOR, NATIONAL, PLACE)
        )
        if not (thin or node.lower in QUOTES or node.lower in FILL or not node.tags):
            return None
    return None


def force_left(nodes: list[Node], at: int, first: int) -> int | None:
    """The force to the left of a verb: its subject."""
    for index in range(at - 1, max(first, at - REACH) - 1, -1):
        if is_force(nodes[index]) and not (oblique(nodes, index) and nodes[index - 1].lower not in ("of", "with")):
            return _whole(nodes, index)
        counted = index - 1 if index and nodes[index - 1].kind == COUNT else index
        if armour(nodes, index) and not oblique(nodes, counted):
            return index
        if nodes[index].has("say") and not nodes[index].has("modifiers"):
            return None
    return None


def _whole(nodes: list[Node], index: int) -> int:
    """ "units of the army", "advance units of the contingent": the force that another is part of stands first."""
    at = index - 1
    while at > 0 and (nodes[at].has("determiner", "modifiers") or nodes[at].kind in (DEMONYM, ACTOR)):
        at -= 1
    return at - 1 if at > 0 and nodes[at].lower == "of" and is_force(nodes[at - 1]) else index


def subject_near(nodes: list[Node], at: int) -> bool:
    """Whether an actor stands right before a verb as its subject."""
    index = at - 1
    while index >= 0 and (is_adverb(nodes[index]) or nodes[index].has("have")):
        index -= 1
    return index >= 0 and nodes[index].kind in (ACTOR, PERSON_NAME) and not is_force(nodes[index])


def senders(nodes: list[Node], at: int, first: int) -> tuple[int, ...]:
    """Who sends: the actors before the verb, several only if they are states in a list."""
    for index in range(at - 1, max(first, at - REACH) - 1, -1):
        node = nodes[index]
        state = node.kind in (ACTOR, NATIONAL) or (node.kind == PLACE and node.value.precision == "country")
        outlet = node.kind == ACTOR and node.value.type == ActorType.OUTLET
        if state and not outlet:
            if (index == at - 1 and node.kind == ACTOR) or not (oblique(nodes, index) or apposed(nodes, index)):
                return _list_before(nodes, index, first)
        elif node.kind == GROUP and not oblique(nodes, index) and not is_force(node):
            return (index,)
    return ()


def _list_before(nodes: list[Node], index: int, first: int) -> tuple[int, ...]:
    start = index
    while start - 2 >= first and nodes[start - 1].lower in (",", "and") and is_state(nodes[start - 2]):
        start -= 2
    states = listed(nodes, start, index + 1)
    return states if len(states) > 1 else (index,)


def asked_of(nodes: list[Node], at: int, bounds: tuple[int, int]) -> int | None:
    """Who is asked to send: the actor between the verb of asking and the infinitive."""
    for index in range(at - 1, max(bounds[0], at - 10) - 1, -1):
        node = nodes[index]
        if node.lower in ASKED or node.has("mode-demand"):
            return None
        if node.kind in (ACTOR, NATIONAL) or (node.kind == PLACE and node.value.precision == "country"):
            return index
    return None


def receiver(nodes: list[Node], at: int, last: int) -> int | None:
    """ "will contribute troops to the mission": the body that leads it."""
    for index in range(at + 1, min(at + 10, last)):
        if nodes[index].kind == ACTOR and nodes[index].value.type in (ActorType.ALLIANCE, ActorType.ORGANISATION):
            return index
    return None


def sent_by(nodes: list[Node], at: int, last: int) -> int | None:
    """Who stands behind "by"."""
    for index in range(at + 1, min(at + 9, last)):
        if nodes[index].lower == "by" and index + 1 < last:
            found = (i for i in range(index + 1, min(index + 3, last)) if nodes[i].kind in (ACTOR, PLACE, NATIONAL))
            return next(found, None)
    return None


def places_behind(nodes: list[Node], at: int, bounds: tuple[int, int]) -> list[int]:
    """Places behind the trigger; "the Haitian capital" counts as one."""
    last = next((i for i in range(at + 1, bounds[1]) if nodes[i].lower in LATER), bounds[1])
    return [
        index
        for index in range(at + 1, last)
        if nodes[index].kind == PLACE
        or (nodes[index].kind == DEMONYM and nodes[index + 1 : index + 2] and nodes[index + 1].lower in GROUND)
    ]


def _mission(node: Node) -> bool:
    """ "the Mission in Somalia": a body that is named by where it is."""
    return node.kind == ACTOR and (" mission in " in node.lower or " force in " in node.lower)


def towards(nodes: list[Node], at: int, places: list[int]) -> int | None:
    """Where a force goes or is."""
    mission = next((i for i in range(at + 1, len(nodes)) if _mission(nodes[i])), None)
    for index in places:
        if mission is not None and mission < index:
            return mission
        before = [n.lower for n in nodes[max(at, index - 3) : index]]
        cut = max((i for i, word in enumerate(before) if word in (",", "and") or word == "from"), default=-1)
        if any(word in before[cut + 1 :] for word in TOWARDS) or ("border" in before and "with" in before):
            return index
    if mission is not None:
        return mission
    beside = next(iter(places), None)
    if beside is None or not all(nodes[i].has("determiner") or is_adverb(nodes[i]) for i in range(at + 1, beside)):
        return None
    return beside if beside == at + 1 or nodes[beside - 1].kind != TIME else None


def come_from(nodes: list[Node], at: int, places: list[int]) -> int | None:
    """Where a force comes from."""
    for index in places:
        before = [n.lower for n in nodes[max(at + 1, index - 3) : index]]
        if "from" in before or "out of" in before:
            return index
        if index == at + 1 and heads_off(nodes, at):
            return index
    return None
