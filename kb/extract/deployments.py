"""Forces sent, moved or withdrawn: who sends whom where, how many, and how far it has got."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PLACE
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.seek import LIST_WORDS, QUOTES, apposed, oblique
from kb.extract.voice import auxiliary, clause, is_adverb
from kb.model import ActorType, Phase

DECIDED = ("decide", "decided", "agreed", "approved", "authorized", "authorised", "ordered", "decision")
REACH = 12
# What starts a finding: lexicons, and words.
TRIGGERS = ("deploy-object", "deploy-subject", "deploy-noun")
FORMED = frozenset("formed comprises comprised includes included consists made composed including".split())
FILL = frozenset({"a", "an", "of", "-", "'s", "’s", "up", "to", ".", "on"})


class Deployment(NamedTuple):
    """One finding, as node indexes: the force, who sends it, who contributes, where from and to, equipment."""

    rule: str
    trigger: int
    phase: Phase
    force: int | None
    deployer: int | None
    contributors: tuple[int, ...]
    origin: int | None
    destination: int | None
    equipment: tuple[int, int] | None
    purpose: tuple[int, int] | None


def is_force(node: Node) -> bool:
    """Whether a phrase names troops or a unit."""
    if node.kind == ACTOR:
        return node.value.type == ActorType.MILITARY or bool(node.has("force"))
    return bool(node.has("force")) and node.kind in (GROUP, PLAIN)


def deployments(nodes: list[Node]) -> list[Deployment]:
    """The findings of one sentence, left to right; a force is moved once by each trigger."""
    found: list[Deployment] = []
    taken: set[int] = set()
    for at, node in enumerate(nodes):
        if node.kind != PLAIN or not (node.has(*TRIGGERS) or node.lower in FORMED):
            continue
        finding = (
            _first_to_come(nodes, at)
            or _object_verb(nodes, at)
            or _subject_verb(nodes, at)
            or _noun(nodes, at)
            or _formed(nodes, at)
        )
        if finding is not None and not (finding.force is not None and finding.force in taken):
            found.append(finding)
            if finding.force is not None:
                taken.add(finding.force)
    return found


def _make(
    nodes: list[Node], rule: str, at: int, phase: Phase, force: int | None, deployer: int | None
) -> Deployment | None:
    bounds = clause(nodes, at)
    destination = _place(nodes, at, ("to", "in", "into", "on", "for", "at", "inside", "near", "around"), bounds)
    origin = _place(nodes, at, ("from",), bounds)
    if phase in (Phase.WITHDRAWING, Phase.WITHDRAWN):
        origin = origin if origin is not None else destination
        destination = None if destination == origin else destination
    contributors = _contributors(nodes, force, deployer, at)
    if force is None and destination is None:
        return None
    return Deployment(
        rule,
        at,
        phase,
        force,
        deployer,
        contributors,
        origin,
        destination,
        _equipment(nodes, at),
        _purpose(nodes, at, bounds),
    )


def _object_verb(nodes: list[Node], at: int) -> Deployment | None:
    tag = next(nodes[at].tagged("deploy-object"), None)
    if tag is None:
        return None
    forms = {t.form for t in nodes[at].tagged("deploy-object")}
    bounds = clause(nodes, at)
    phase = Phase(tag.value)
    passive = auxiliary(nodes, at) is not None and "participle" in forms
    if passive:
        force = _force_left(nodes, at, bounds[0])
        deployer = _by(nodes, at, bounds[1])
    else:
        force = _force_right(nodes, at, bounds[1])
        deployer = _actor_left(nodes, at, bounds[0])
        if force is None and "participle" in forms:
            force, deployer = _force_left(nodes, at, max(bounds[0], at - 2)), None
    if force is None:
        return None
    return _make(nodes, "force-moved", at, _advanced(nodes, at, phase, bounds), force, deployer)


def _advanced(nodes: list[Node], at: int, phase: Phase, bounds: tuple[int, int]) -> Phase:
    """What governs the verb sets its phase back: asked to send, decided to send, will send."""
    if phase != Phase.DEPARTED:
        return phase
    for node in nodes[max(bounds[0], at - 5) : at]:
        if node.has("mode-demand") and not node.has("modal"):
            return Phase.REQUESTED
        if node.lower in DECIDED:
            return Phase.APPROVED
        if node.has("modal-future", "mode-plan", "modal-possible"):
            return Phase.ANNOUNCED
    return phase


def _subject_verb(nodes: list[Node], at: int) -> Deployment | None:
    tag = next(nodes[at].tagged("deploy-subject"), None)
    if tag is None or (at and nodes[at - 1].has("determiner")):
        return None
    bounds = clause(nodes, at)
    force = _force_left(nodes, at, max(bounds[0], at - 8))
    if force is None or (at and nodes[at - 1].lower == "to"):
        return None
    place = any(node.kind == PLACE for node in nodes[at : min(at + 8, bounds[1])])
    if not place and tag.value in ("operating", "withdrawn", "arrived", "departed") and nodes[force].kind != GROUP:
        return None
    if tag.value in ("operating", "withdrawn") and not place:
        return None
    return _make(nodes, "force-moves", at, Phase(tag.value), force, _owner(nodes, force))


def _noun(nodes: list[Node], at: int) -> Deployment | None:
    """ "the deployment of 2,500 troops to Kazakhstan", "withdrawal of CSTO forces"."""
    tag = next(nodes[at].tagged("deploy-noun"), None)
    if tag is None or at + 1 >= len(nodes):
        return None
    bounds = clause(nodes, at)
    if nodes[at + 1].lower != "of":
        return None
    force = _force_right(nodes, at + 1, bounds[1])
    if force is None:
        return None
    deployer = _owner(nodes, force)
    phase = Phase(tag.value)
    if phase == Phase.ANNOUNCED and any(
        node.lower in ("approved", "authorized", "authorised") for node in nodes[bounds[0] : bounds[1]]
    ):
        phase = Phase.APPROVED
    if (
        any(node.lower in ("completed", "complete", "finished") for node in nodes[bounds[0] : bounds[1]])
        and phase == Phase.WITHDRAWING
    ):
        phase = Phase.WITHDRAWN
    return _make(nodes, "deployment-of", at, phase, force, deployer)


def _formed(nodes: list[Node], at: int) -> Deployment | None:
    """ "a force has been formed with troops from A, B and C"; "the contingent includes units of A and B"."""
    if nodes[at].lower not in FORMED:
        return None
    bounds = clause(nodes, at)
    force = _force_left(nodes, at, bounds[0])
    if force is None:
        return None
    members = _members(nodes, at, bounds[1])
    if len(members) < 2:
        return None
    return Deployment("force-formed", at, Phase.ANNOUNCED, force, _owner(nodes, force), members, None, None, None, None)


def _members(nodes: list[Node], at: int, last: int) -> tuple[int, ...]:
    """Countries listed behind "from" or "of"."""
    for index in range(at, min(at + 10, last)):
        if nodes[index].lower in ("from", "of"):
            found = [i for i in range(index + 1, last) if nodes[i].kind in (PLACE, ACTOR, NATIONAL)]
            run: list[int] = []
            for i in found:
                between = nodes[run[-1] + 1 : i] if run else []
                if run and not all(n.lower in LIST_WORDS or n.has("determiner") for n in between):
                    break
                run.append(i)
            states = tuple(i for i in run if _is_state(nodes[i]))
            if len(states) > 1:
                return states
    return ()


def _is_state(node: Node) -> bool:
    if node.kind == PLACE:
        return bool(node.value.precision == "country")
    return node.kind == NATIONAL or (node.kind == ACTOR and node.value.type in (ActorType.STATE, ActorType.MILITARY))


def _force_right(nodes: list[Node], at: int, last: int) -> int | None:
    """The object of a verb, a force; a date, a full stop inside a quotation or a country may stand between."""
    for index in range(at + 1, min(at + 9, last)):
        if is_force(nodes[index]):
            return index
        node = nodes[index]
        thin = (
            node.has("determiner", "modifiers")
            or is_adverb(node)
            or node.kind in (COUNT, DEMONYM, ACTOR, NATIONAL, PLACE)
        )
        if not (thin or node.lower in QUOTES or node.lower in FILL or not node.tags):
            return None
    return None


def _first_to_come(nodes: list[Node], at: int) -> Deployment | None:
    """ "The first to arrive in X were the Russians": what follows the verb "be" is the force."""
    tag = next(nodes[at].tagged("deploy-subject"), None)
    if tag is None or tag.value != Phase.ARRIVED or at < 2 or nodes[at - 1].lower != "to":
        return None
    if not any(node.lower == "first" or "first" in node.lower.split() for node in nodes[max(0, at - 5) : at]):
        return None
    be = next((i for i in range(at + 1, min(at + 6, len(nodes))) if nodes[i].has("be")), None)
    if be is None:
        return None
    found = [
        i
        for i in range(be + 1, min(be + 8, len(nodes)))
        if nodes[i].kind in (GROUP, ACTOR, NATIONAL, PLACE) or is_force(nodes[i])
    ]
    if not found:
        return None
    force = next((i for i in found if is_force(nodes[i])), found[0])
    owner = next((i for i in found if nodes[i].kind in (NATIONAL, PLACE) or _owner(nodes, i) is not None), found[0])
    destination = next((i for i in range(at + 1, be) if nodes[i].kind == PLACE), None)
    return Deployment("first-to-come", at, Phase.ARRIVED, force, None, (owner,), None, destination, None, None)


def _force_left(nodes: list[Node], at: int, first: int) -> int | None:
    for index in range(at - 1, max(first, at - REACH) - 1, -1):
        if is_force(nodes[index]) and not (oblique(nodes, index) and nodes[index - 1].lower not in ("of", "with")):
            return index
    return None


def _actor_left(nodes: list[Node], at: int, first: int) -> int | None:
    for index in range(at - 1, max(first, at - REACH) - 1, -1):
        node = nodes[index]
        if node.kind in (ACTOR, NATIONAL) or (node.kind == PLACE and node.value.precision == "country"):
            beside = index == at - 1 and node.kind == ACTOR
            if beside or (not oblique(nodes, index) and not apposed(nodes, index)):
                return index
        elif node.kind == GROUP and not oblique(nodes, index):
            return index
    return None


def _by(nodes: list[Node], at: int, last: int) -> int | None:
    for index in range(at + 1, min(at + 6, last)):
        if nodes[index].lower == "by" and index + 1 < last:
            return next(
                (i for i in range(index + 1, min(index + 3, last)) if nodes[i].kind in (ACTOR, PLACE, NATIONAL)), None
            )
    return None


def _owner(nodes: list[Node], force: int) -> int | None:
    """Whose force it is, where the phrase itself says so ("CSTO forces", "Russian troops")."""
    node = nodes[force]
    if node.kind == ACTOR:
        return force if node.value.country else None
    return force if node.kind == GROUP and (node.value.body or node.value.country) else None


def _contributors(nodes: list[Node], force: int | None, deployer: int | None, at: int) -> tuple[int, ...]:
    if force is None:
        return ()
    return _members(nodes, force, min(len(nodes), force + 16)) or (
        (force,) if deployer != force and _owner(nodes, force) is not None else ()
    )


def _place(nodes: list[Node], at: int, words: tuple[str, ...], bounds: tuple[int, int]) -> int | None:
    for index in range(at + 1, bounds[1]):
        if nodes[index].kind == PLACE:
            before = [n.lower for n in nodes[max(at, index - 3) : index]]
            if any(word in before for word in words):
                return index
    if "to" in words:
        right = [i for i in range(at + 1, min(at + 6, bounds[1])) if nodes[i].kind == PLACE]
        return right[0] if right and not oblique(nodes, right[0]) else None
    return None


def _equipment(nodes: list[Node], at: int) -> tuple[int, int] | None:
    """Counted equipment in the sentence: "250 pieces of hardware"."""
    for index in range(max(0, at - 8), min(len(nodes), at + 16)):
        if nodes[index].has("equipment") and nodes[index].kind == PLAIN:
            start = index
            while start > 0 and index - start < 4 and nodes[start - 1].kind != COUNT:
                start -= 1
            if start > 0 and nodes[start - 1].kind == COUNT and nodes[start - 1].value.kind == "number":
                return start - 1, index
    return None


def _purpose(nodes: list[Node], at: int, bounds: tuple[int, int]) -> tuple[int, int] | None:
    """ "to stabilise the situation": an infinitive behind the verb, to the end of the clause."""
    for index in range(at + 1, min(bounds[1] - 2, at + 20)):
        following = nodes[index + 1]
        if (
            nodes[index].lower == "to"
            and following.kind == PLAIN
            and following.lower.isalpha()
            and not following.has("determiner")
            and following.last - following.first == 1
        ):
            if nodes[index].last != following.first:
                continue
            end = index + 1
            while end < bounds[1] and nodes[end].lower not in (".", ",", "”", '"'):
                end += 1
            return (index, end - 1) if end - index > 2 else None
    return None
