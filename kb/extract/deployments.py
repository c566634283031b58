"""Forces sent, moved or withdrawn: who sends whom where, how many, and how far it has got."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract import presence
from kb.extract.entities import ACTOR, DEMONYM
from kb.extract.forces import (
    OWN,
    Force,
    force_at,
    is_force,
    is_state,
    tells,
)
from kb.extract.movement import (
    ASKED,
    BEGUN,
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
)
from kb.extract.moves import Deployment, make
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.voice import auxiliary, clause
from kb.model import Phase

GAP = frozenset({",", "and", "while", ";", "with", "the"})
HOME = frozenset({"home"})
TRIGGERS = ("deploy-object", "deploy-subject", "deploy-noun", "be", "have", "mode-demand", "say")


def deployments(nodes: list[Node], reporting: frozenset[int] = frozenset()) -> list[Deployment]:
    """The findings of one sentence, left to right; a force is moved once by each trigger.

    ``reporting`` are the verbs that only say who says it ("…, the staff announced").
    """
    found: list[Deployment] = []
    taken: set[int] = set()
    for at, node in enumerate(nodes):
        if node.kind != PLAIN or at in reporting or not (node.has(*TRIGGERS) or node.lower in presence.FORMED):
            continue
        finding = (
            presence.first_to_come(nodes, at)
            or _object_verb(nodes, at)
            or _subject_verb(nodes, at)
            or _noun(nodes, at)
            or presence.formed(nodes, at)
            or presence.present(nodes, at)
            or presence.there_are(nodes, at)
            or _asked_for(nodes, at)
            or presence.held(nodes, at)
        )
        if finding is not None and not (finding.force is not None and finding.force in taken):
            found.append(finding)
            taken.update({finding.force} if finding.force is not None else ())
            for more in _gapped(nodes, finding):
                found.append(more)
                taken.add(more.force if more.force is not None else -1)
    return found


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
        approves = deployer is not None and phase == Phase.APPROVED and not is_state(nodes[deployer])
        if approves and force.owner is not None:
            deployer = force.owner
    if len(subjects) > 1 and phase != Phase.REQUESTED:
        force, deployer = force._replace(members=subjects), receiver(nodes, at, bounds[1])
    return make(nodes, "force-moved", at, phase, force, deployer)


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
    return make(nodes, "force-moves", at, phase, force, None)


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
            return make(nodes, "force-asked-for", index + 1, Phase.REQUESTED, force, asked)
    return None


def _task(nodes: list[Node], at: int) -> bool:
    """ "have begun their tasks"."""
    return any(node.lower in ("task", "tasks", "mission", "duties") for node in nodes[at : at + 4]) or "task" in (
        nodes[at].lower
    )


def _noun(nodes: list[Node], at: int) -> Deployment | None:
    """ "the deployment of 2,500 troops to Kazakhstan", "withdrawal of CSTO forces", "the arrival of troops from X"."""
    tag = next(nodes[at].tagged("deploy-noun"), None)
    if tag is not None and (own := _own_movement(nodes, at, Phase(tag.value))) is not None:
        return own
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
    return make(nodes, "deployment-of", at, phase, force, _orderer(nodes, at, bounds, phase, force))


def _own_movement(nodes: list[Node], at: int, phase: Phase) -> Deployment | None:
    """ "Soviet forces have completed their pullout from Hungary", "Russia has begun its withdrawal from Kherson"."""
    verb = next((i for i in range(at - 1, max(0, at - 4), -1) if nodes[i].lower in COMPLETED | BEGUN), None)
    if verb is None or not any(node.lower in OWN for node in nodes[verb + 1 : at]):
        return None
    bounds = clause(nodes, at)
    head = force_left(nodes, verb, 0)
    if phase in LEAVING:
        phase = Phase.WITHDRAWN if nodes[verb].lower in COMPLETED and not is_ahead(nodes, bounds) else Phase.WITHDRAWING
    if head is not None:
        return make(nodes, "own-movement", at, phase, force_at(nodes, head, before_verb=True), None)
    subjects, places = senders(nodes, verb, bounds[0]), places_behind(nodes, at, bounds)
    origin = come_from(nodes, at, places)
    if not subjects or origin is None or phase not in LEAVING:
        return None
    return Deployment("own-movement", at, phase, None, subjects[-1], (), origin, None, None, None)


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
