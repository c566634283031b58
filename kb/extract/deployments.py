"""Forces sent, moved or withdrawn: who sends whom where, how many, and how far it has got."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PLACE
from kb.extract.forces import (
    Force,
    armour,
    country_of,
    equipment,
    force_at,
    is_force,
    is_state,
    members_of,
    purpose,
    tells,
)
from kb.extract.lexicon import load
from kb.extract.movement import (
    ASKED,
    AT,
    COMPLETED,
    DECIDED,
    LEAVING,
    REACH,
    TOWARDS,
    asked_of,
    barred,
    come_from,
    force_left,
    force_right,
    heads_off,
    is_ahead,
    places_behind,
    reached,
    receiver,
    senders,
    sent_by,
    subject_near,
    towards,
)
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.voice import auxiliary, clause, is_adverb
from kb.model import Count, Phase

NEAR = 3  # nodes before a force where its owner stands
GAP = frozenset({",", "and", "while", ";", "with", "the"})
FORMED = frozenset(load("deployments")["formed"])
HOME = frozenset({"home"})
TRIGGERS = ("deploy-object", "deploy-subject", "deploy-noun", "be", "have", "mode-demand", "say")
BASED = frozenset({"based", "stationed", "present"})


class Deployment(NamedTuple):
    """One finding, as node indexes: the force, who sends it, who contributes, where from and to, equipment.

    ``unit``, ``equipment`` and ``purpose`` are ranges of nodes, both ends included. ``again`` says that the force is
    one spoken of before ("1,000 of them").
    """

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
    count: Count | None = None  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    unit: tuple[int, int] | None = None
    again: bool = False


def deployments(nodes: list[Node], reporting: frozenset[int] = frozenset()) -> list[Deployment]:
    """The findings of one sentence, left to right; a force is moved once by each trigger.

    ``reporting`` are the verbs that only say who says it ("…, the staff announced").
    """
    found: list[Deployment] = []
    taken: set[int] = set()
    for at, node in enumerate(nodes):
        if node.kind != PLAIN or at in reporting or not (node.has(*TRIGGERS) or node.lower in FORMED):
            continue
        finding = (
            _first_to_come(nodes, at)
            or _object_verb(nodes, at)
            or _subject_verb(nodes, at)
            or _noun(nodes, at)
            or _formed(nodes, at)
            or _present(nodes, at)
            or _there_are(nodes, at)
            or _asked_for(nodes, at)
            or _held(nodes, at)
        )
        if finding is not None and not (finding.force is not None and finding.force in taken):
            found.append(finding)
            taken.update({finding.force} if finding.force is not None else ())
            for more in _gapped(nodes, finding):
                found.append(more)
                taken.add(more.force if more.force is not None else -1)
    return found


def _make(nodes: list[Node], rule: str, at: int, phase: Phase, force: Force, deployer: int | None) -> Deployment | None:
    bounds = clause(nodes, at)
    places = places_behind(nodes, at, bounds)
    destination, origin = towards(nodes, at, places), come_from(nodes, at, places)
    if origin is not None and origin in (force.owner, *force.members):
        origin = None
    if phase in LEAVING and origin is None and not heads_off(nodes, at):
        origin, destination = destination, None
    if destination == origin:
        destination = None
    contributors = force.members
    if deployer is None and force.owner is not None:
        deployer = force.owner
    elif deployer is not None and force.owner is not None and not contributors and force.owner != deployer:
        near = is_state(nodes[force.owner]) or nodes[force.owner].kind == GROUP
        contributors = (force.owner,) if near and force.owner >= force.first - NEAR else ()
        contributors = contributors if country_of(nodes[deployer]) != country_of(nodes[force.owner]) else ()
    return Deployment(
        rule,
        at,
        phase,
        force.head,
        deployer,
        tuple(index for index in contributors if index != deployer),
        origin,
        destination,
        equipment(nodes, at),
        purpose(nodes, at, bounds[1]) if phase not in LEAVING else None,
        force.count,
        (force.first, force.last - 1),
    )


# --- rules


def _object_verb(nodes: list[Node], at: int) -> Deployment | None:
    """ "X sent troops to Y", "troops were sent to Y by X", "X asked Y to send troops"."""
    tag = next(nodes[at].tagged("deploy-object"), None)
    if tag is None or _after_article(nodes, at) or barred(nodes, at):
        return None
    forms = {t.form for t in nodes[at].tagged("deploy-object")}
    bounds = clause(nodes, at)
    passive = auxiliary(nodes, at) is not None and "participle" in forms
    head = force_left(nodes, at, bounds[0]) if passive else force_right(nodes, at, bounds[1])
    deployer = sent_by(nodes, at, bounds[1]) if passive else None
    reduced = False
    if head is None and not passive and "participle" in forms and at and not subject_near(nodes, at):
        head, deployer, reduced = force_left(nodes, at, max(bounds[0], at - 3)), sent_by(nodes, at, bounds[1]), True
    if head is None:
        return None
    left = passive or reduced
    force = force_at(nodes, head, before_verb=left)
    phase = reached(nodes, at, Phase(tag.value), bounds, passive=left)
    subjects = () if left else senders(nodes, at, bounds[0])
    if phase == Phase.REQUESTED:
        deployer = asked_of(nodes, at, bounds) if tag.value != "requested" else None
    elif not left:
        deployer = subjects[-1] if subjects else None
        if deployer is not None and phase == Phase.APPROVED and force.owner is not None:
            deployer = force.owner
    if len(subjects) > 1 and phase != Phase.REQUESTED:
        force, deployer = force._replace(members=subjects), receiver(nodes, at, bounds[1])
    return _make(nodes, "force-moved", at, phase, force, deployer)


def _subject_verb(nodes: list[Node], at: int) -> Deployment | None:
    """ "troops arrived in X", "planes carrying soldiers left X for Y", "forces have begun to withdraw from X"."""
    tag = next(nodes[at].tagged("deploy-subject"), None)
    if tag is None or _after_article(nodes, at):
        return None
    bounds = clause(nodes, at)
    head = force_left(nodes, at, max(bounds[0], at - REACH))
    if head is None:
        return None
    if nodes[at].lower.startswith("join") and force_right(nodes, at, bounds[1]) is None:
        return None
    force = force_at(nodes, head, before_verb=True)
    phase = reached(nodes, at, Phase(tag.value), bounds, passive=False)
    placed = any(index < at + 9 for index in places_behind(nodes, at, bounds))
    homeward = any(node.lower in HOME or "home" in node.lower.split() for node in nodes[at : at + 3])
    if not (placed or homeward or _task(nodes, at) or (phase == Phase.WITHDRAWING and tag.value == "withdrawing")):
        return None
    if not tells(nodes, force):
        return None
    if phase in LEAVING and heads_off(nodes, at) and not homeward:
        phase = Phase.DEPARTED
    return _make(nodes, "force-moves", at, phase, force, None)


def _after_article(nodes: list[Node], at: int) -> bool:
    """Whether an article makes a noun of the word; "each" and "all" do not."""
    if not at or nodes[at - 1].lower in ("each", "all", "both"):
        return False
    return nodes[at - 1].has("determiner") or nodes[at - 1].lower in ("a", "an")


def _asked_for(nodes: list[Node], at: int) -> Deployment | None:
    """ "X asked Y for 1,000 soldiers"."""
    if nodes[at].lower not in ASKED:
        return None
    bounds = clause(nodes, at)
    for index in range(at + 1, min(at + 6, bounds[1] - 1)):
        if nodes[index].lower == "for" and is_force(nodes[index + 1]) and nodes[index + 1].kind == GROUP:
            force = force_at(nodes, index + 1, before_verb=False)
            asked = next((i for i in range(at + 1, index) if is_state(nodes[i]) or nodes[i].kind == ACTOR), None)
            return _make(nodes, "force-asked-for", index + 1, Phase.REQUESTED, force, asked)
    return None


def _held(nodes: list[Node], at: int) -> Deployment | None:
    """ "Georgia, which has 870 soldiers in Afghanistan"."""
    if not nodes[at].has("have") or at + 3 >= len(nodes) or nodes[at + 1].kind != GROUP or not is_force(nodes[at + 1]):
        return None
    force, bounds = force_at(nodes, at + 1, before_verb=False), clause(nodes, at)
    place = next(
        (i for i in places_behind(nodes, at, bounds) if nodes[i - 1].lower in AT or nodes[i - 2].lower in AT), None
    )
    if force.count is None or place is None:
        return None
    first = 0 if at and nodes[at - 1].lower in ("which", "that") else bounds[0]
    subjects = [i for i in range(at - 1, max(first, at - 6) - 1, -1) if is_state(nodes[i])]
    found = _make(nodes, "force-held", at, Phase.OPERATING, force, subjects[0] if subjects else None)
    return found._replace(destination=place, origin=None) if found is not None and subjects else None


def _task(nodes: list[Node], at: int) -> bool:
    """ "have begun their tasks"."""
    return any(node.lower in ("task", "tasks", "mission", "duties") for node in nodes[at : at + 4]) or "task" in (
        nodes[at].lower
    )


def _noun(nodes: list[Node], at: int) -> Deployment | None:
    """ "the deployment of 2,500 troops to Kazakhstan", "withdrawal of CSTO forces", "the arrival of troops from X"."""
    tag = next(nodes[at].tagged("deploy-noun"), None)
    of = next((i for i in range(at + 1, min(at + 6, len(nodes))) if nodes[i].lower == "of"), None)
    if (
        tag is None
        or of is None
        or not (of == at + 1 or nodes[at + 1].lower in TOWARDS or nodes[at + 1].lower == "from")
    ):
        return None
    bounds = clause(nodes, at)
    head = force_right(nodes, of, bounds[1])
    if head is None:
        return None
    force = force_at(nodes, head, before_verb=tag.value == "arrived")
    phase, words = Phase(tag.value), {node.lower for node in nodes[bounds[0] : bounds[1]]}
    asked = any(node.lower in ASKED for node in nodes[max(bounds[0], at - 6) : at])
    if phase == Phase.ANNOUNCED and words & DECIDED:
        phase = Phase.APPROVED
    elif asked and phase in (Phase.ANNOUNCED, *LEAVING):
        phase = Phase.REQUESTED
    elif phase == Phase.WITHDRAWING and words & COMPLETED and not is_ahead(nodes, bounds):
        phase = Phase.WITHDRAWN
    return _make(nodes, "deployment-of", at, phase, force, _orderer(nodes, at, bounds, phase, force))


def _orderer(nodes: list[Node], at: int, bounds: tuple[int, int], phase: Phase, force: Force) -> int | None:
    """Who approved, ordered or completed it, if the force itself does not say whose it is."""
    if at > 1 and nodes[at - 1].lower in ("'s", "’s") and (is_state(nodes[at - 2]) or nodes[at - 2].kind == ACTOR):
        return at - 2
    if phase == Phase.REQUESTED or force.owner is not None or force.members:
        return None
    for index in range(at - 1, max(bounds[0], at - 6) - 1, -1):
        if nodes[index].lower in DECIDED | COMPLETED or nodes[index].has("deploy-object", "perform"):
            subjects = senders(nodes, index, bounds[0])
            return subjects[0] if len(subjects) == 1 else None
    return None


def _formed(nodes: list[Node], at: int) -> Deployment | None:
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


def _present(nodes: list[Node], at: int) -> Deployment | None:
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
        return None
    based = behind > at + 1 and nodes[behind - 1].kind == PLAIN
    if based and at > 1 and nodes[at - 1].lower in ("of them", "of these") and nodes[at - 2].kind == COUNT:
        count = nodes[at - 2].value.count
        return Deployment(
            "force-present", at, Phase.OPERATING, at - 2, None, (), None, place, None, None, count, None, again=True
        )
    head = force_left(nodes, at, max(0, at - 3))
    if head is None or nodes[head].kind != GROUP or nodes[head].value.count is None:
        return None
    force = force_at(nodes, head, before_verb=True)
    sent = next((i for i in range(place, min(place + 5, len(nodes))) if nodes[i].lower in ("sent", "deployed")), None)
    deployer = sent_by(nodes, sent, len(nodes)) if sent is not None else None
    found = _make(nodes, "force-present", at, Phase.OPERATING, force, deployer)
    return found._replace(destination=place) if found is not None else None


def _there_are(nodes: list[Node], at: int) -> Deployment | None:
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
    found = _make(nodes, "force-present", at, Phase.OPERATING, force, None)
    return found._replace(destination=place, origin=None) if found is not None else None


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


def _gapped(nodes: list[Node], first: Deployment) -> Iterator[Deployment]:
    """ "Kyrgyzstan sent 150 men, Armenia 100 and Tajikistan about 200": a finding each."""
    if first.force is None or first.force < first.trigger or first.rule != "force-moved":
        return
    at = first.force + 1
    while at + 2 < len(nodes):
        while at < len(nodes) and nodes[at].lower in GAP:
            at += 1
        if at + 1 >= len(nodes) or not is_state(nodes[at]) or nodes[at].kind == DEMONYM:
            return
        many = nodes[at + 1]
        counted = many.kind == COUNT and many.value.kind == "number"
        if not (counted or (many.kind == GROUP and many.value.count is not None and is_force(many))):
            return
        unit = (at + 1, at + 1) if many.kind == GROUP else first.unit
        yield first._replace(
            rule="force-moved-gapped",
            force=at + 1,
            deployer=at,
            contributors=(),
            count=many.value.count,
            unit=unit,
            equipment=None,
        )
        at += 2
