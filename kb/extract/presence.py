"""Forces that are somewhere, are made up of contingents, or are the first to come."""

from __future__ import annotations

from kb.extract.arms import armour
from kb.extract.entities import ACTOR, NATIONAL, PLACE
from kb.extract.forces import force_at, is_force
from kb.extract.lexicon import load, word_set
from kb.extract.movement import (
    AT,
    force_left,
    force_right,
    places_behind,
    sent_by,
)
from kb.extract.moves import Deployment, make
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.owners import is_state, members_of
from kb.extract.phrases import GROUP
from kb.extract.voice import clause, is_adverb
from kb.model import Count, Phase

FORMED = frozenset(load("deployments")["formed"])
FAR = 8  # nodes between a force and the verb "be"
THERE = word_set("places-meant")
BASED = frozenset({"based", "stationed", "present", "still", "on", "ground", "active", "also"})
HELD = frozenset({"pinned", "stationed", "based", "deployed", "stranded", "trapped", "serving"})


def held(nodes: list[Node], at: int) -> Deployment | None:
    """ "Georgia, which has 870 soldiers in Afghanistan"."""
    if not nodes[at].has("have") or at + 3 >= len(nodes) or nodes[at + 1].kind != GROUP or not is_force(nodes[at + 1]):
        return None
    force, bounds = force_at(nodes, at + 1, before_verb=False), clause(nodes, at)
    place = next(
        (i for i in places_behind(nodes, at, bounds) if nodes[i - 1].lower in AT or nodes[i - 2].lower in AT), None
    )
    place = place if place is not None else _border(nodes, at, bounds[1])
    held_there = any(node.lower in HELD for node in nodes[at + 2 : at + 5])
    if force.count is None or (place is None and not held_there):
        return None
    first = 0 if at and nodes[at - 1].lower in ("which", "that") else bounds[0]
    subjects = [i for i in range(at - 1, max(first, at - 6) - 1, -1) if is_state(nodes[i])]
    found = make(nodes, "force-held", at, Phase.OPERATING, force, subjects[0] if subjects else None)
    return found._replace(destination=place, origin=None) if found is not None and subjects else None


def _border(nodes: list[Node], at: int, last: int) -> int | None:
    """ "on its border with | Belarus"."""
    border = next((i for i in range(at + 2, min(at + 8, last - 2)) if nodes[i].lower in ("border", "frontier")), None)
    if border is None or nodes[border + 1].lower != "with":
        return None
    return next((i for i in range(border + 2, min(border + 4, last)) if nodes[i].kind == PLACE), None)


def formed(nodes: list[Node], at: int) -> Deployment | None:
    """ "a force has been formed with troops from A, B and C"; "the contingent includes units of A and B"."""
    if nodes[at].lower not in FORMED:
        return None
    bounds = clause(nodes, at)
    head = force_left(nodes, at, bounds[0])
    if head is None:
        return None
    members = members_of(nodes, at, bounds[1])
    if len(members) < 2:
        return None
    force = force_at(nodes, head, before_verb=True)
    unit = (force.first, force.last - 1)
    return Deployment(
        "force-formed", at, Phase.ANNOUNCED, head, force.owner, members, None, None, None, None, force.count, unit
    )


def present(nodes: list[Node], at: int) -> Deployment | None:
    """ "2,500 foreign troops are in Kazakhstan", "1,000 of them are based in Niger"."""
    if not nodes[at].has("be") or at + 2 >= len(nodes):
        return None
    behind = at + 1
    while behind < len(nodes) and (is_adverb(nodes[behind]) or nodes[behind].lower in BASED):
        behind += 1
    if behind + 1 >= len(nodes) or nodes[behind].lower not in AT:
        return None
    place = next((i for i in range(behind + 1, min(behind + 4, len(nodes))) if nodes[i].kind == PLACE), None)
    if place is None:
        return _there(nodes, at, behind)
    based = behind > at + 1 and nodes[behind - 1].kind == PLAIN
    if based and at > 1 and nodes[at - 1].lower in ("of them", "of these") and nodes[at - 2].kind == COUNT:
        count = nodes[at - 2].value.count
        return Deployment(
            "force-present", at, Phase.OPERATING, at - 2, None, (), None, place, None, None, count, None, again=True
        )
    head = force_left(nodes, at, max(0, at - 3))
    if head is None:
        return None
    force = force_at(nodes, head, before_verb=True)
    if force.count is None and force.owner is None:
        return None
    sent = next((i for i in range(place, min(place + 5, len(nodes))) if nodes[i].lower in ("sent", "deployed")), None)
    deployer = sent_by(nodes, sent, len(nodes)) if sent is not None else None
    found = make(nodes, "force-present", at, Phase.OPERATING, force, deployer)
    return found._replace(destination=place) if found is not None else None


def _there(nodes: list[Node], at: int, behind: int) -> Deployment | None:
    """ "2,030 soldiers of the CSTO are in | the country": at a place told of before."""
    if not (nodes[behind + 1].lower == "the" and behind + 2 < len(nodes) and nodes[behind + 2].lower in THERE):
        return None
    head = force_left(nodes, at, max(0, at - FAR))
    force = force_at(nodes, head, before_verb=True) if head is not None else None
    if force is None or force.count is None:
        return None
    if force.owner is None and not force.members:
        force = force._replace(owner=next((i for i in range(force.last, at) if nodes[i].kind == ACTOR), None))
    found = make(nodes, "force-present", at, Phase.OPERATING, force, None)
    return found._replace(there=True) if found is not None else None


def there_are(nodes: list[Node], at: int) -> Deployment | None:
    """ "There are 3,200 Australian troops in Afghanistan"."""
    if not nodes[at].has("be") or not at or nodes[at - 1].lower != "there":
        return None
    bounds = clause(nodes, at)
    head = force_right(nodes, at, bounds[1])
    if head is None or armour(nodes, head):
        return None
    force = force_at(nodes, head, before_verb=False)
    places = places_behind(nodes, head, (head, min(bounds[1], head + 8)))
    place = next((i for i in places if {n.lower for n in nodes[max(head, i - 2) : i]} & AT), None)
    if place is None or force.count is None:
        return None
    found = make(nodes, "force-present", at, Phase.OPERATING, force, None)
    return found._replace(destination=place, origin=None) if found is not None else None


def first_to_come(nodes: list[Node], at: int) -> Deployment | None:
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
    head = next((i for i in found if is_force(nodes[i])), found[0])
    owner = next((i for i in found if nodes[i].kind in (NATIONAL, PLACE) or _owned(nodes[i])), found[0])
    place = next((i for i in range(at + 1, be) if nodes[i].kind == PLACE), None)
    unit = (head, head)
    return Deployment(
        "first-to-come", at, Phase.ARRIVED, head, None, (owner,), None, place, None, None, _count(nodes[head]), unit
    )


def _owned(node: Node) -> bool:
    return bool(node.kind == GROUP and (node.value.body or node.value.country)) or (
        node.kind == ACTOR and bool(node.value.country)
    )


def _count(node: Node) -> Count | None:
    return node.value.count if node.kind in (GROUP, COUNT) else None
