"""Forces sent, moved or withdrawn: who sends whom where, how many, and how far it has got."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract import located, presence, strength
from kb.extract.again import again
from kb.extract.arms import armour
from kb.extract.entities import ACTOR, DEMONYM, PLACE
from kb.extract.forces import OWN, Force, force_at, is_force, is_telling, men, tells
from kb.extract.lexicon import word_set
from kb.extract.movement import (
    ASKED,
    BEGUN,
    COMPLETED,
    DECIDED,
    LEAVING,
    REACH,
    TOWARDS,
    asked_of,
    asker,
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
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.owners import antecedent, is_state
from kb.extract.phrases import GROUP
from kb.extract.voice import auxiliary, clause, is_adverb
from kb.model import Phase

# Rules by which "operating" holds only of a place.
PLACED_RULES = frozenset({"force-moved", "force-moves", "deployment-of", "force-present"})
WILLING = frozenset({"to", "willing", "ready", "prepared", "able", "agreed", "agreed to", "decided", "offered"})
GERUND = frozenset({"for", "of", "by", "without", "before", "accused of"})
PUTTING = frozenset({"put", "throw", "push", "launch", "pour", "drive"})
ALERT = frozenset({"alert", "standby", "notice", "readiness"})
GIVING = frozenset({"provide", "supply"})
GAP = frozenset({",", "and", "while", ";", "with", "the"})
EXPELLING = frozenset({"expel", "evict", "throw out", "kick out", "order out", "drive out"})
COMPLETE = word_set("complete-moves")
THERE = word_set("places-meant")
HOME = frozenset({"home"})
WORDS = presence.FORMED | strength.WORDS
TRIGGERS = frozenset({"deploy-object", "deploy-subject", "deploy-noun", "be", "have", "mode-demand", "say"})


def deployments(nodes: list[Node], reporting: frozenset[int] = frozenset()) -> list[Deployment]:
    """The findings of one sentence, left to right; a force is moved once by each trigger.

    ``reporting`` are the verbs that only say who says it ("…, the staff announced").
    """
    found: list[Deployment] = []
    taken: set[int] = set()
    for at, node in enumerate(nodes):
        if node.kind != PLAIN or at in reporting or (TRIGGERS.isdisjoint(node.tags.lexes) and node.lower not in WORDS):
            continue
        finding = (
            again(nodes, at)
            or presence.first_to_come(nodes, at)
            or strength.raised(nodes, at)
            or _object_verb(nodes, at)
            or _subject_verb(nodes, at)
            or _noun(nodes, at)
            or presence.formed(nodes, at)
            or presence.present(nodes, at)
            or presence.there_are(nodes, at)
            or _asked_for(nodes, at)
            or presence.held(nodes, at)
            or strength.numbered(nodes, at)
            or strength.pulled_out(nodes, at)
            or strength.beside(nodes, at)
            or strength.handed_over(nodes, at)
        )
        if finding is not None and finding.force not in taken and _enough(nodes, finding):
            found.append(finding)
            taken.update({finding.force} if finding.force is not None else ())
            for more in _gapped(nodes, finding):
                found.append(more)
                taken.add(more.force if more.force is not None else -1)
    spoken = {finding.force for finding in found if finding.force is not None}
    return sorted(
        [*found, *located.travelling(nodes, spoken), *located.present(nodes, spoken)], key=lambda f: f.trigger
    )


def _enough(nodes: list[Node], found: Deployment) -> bool:
    """Whether a finding tells two things of number, owner, place and arms, or one of a noun that means a deployment.

    Where forces are needs a place, or is told by their tasks, their number or their ships.
    """
    placed = found.origin is not None or found.destination is not None or found.there
    owned = found.deployer is not None or bool(found.contributors)
    if found.phase == Phase.OPERATING and found.rule in PLACED_RULES and not placed:
        return _task(nodes, found.trigger) and (owned or found.count is not None)
    both = found.origin is not None and found.destination is not None
    points = sum((placed, both, owned, found.count is not None, found.equipment is not None))
    if found.force is None or points > 1 or found.again:
        return points > 0
    return points > 0 and (is_telling(nodes[found.force]) or armour(nodes, found.force))


# --- rules


def _meant(nodes: list[Node], at: int) -> int | None:
    """ "Moscow denied that | it had deployed": whom the pronoun right before the verb means."""
    index = at - 1
    while index > 0 and (is_adverb(nodes[index]) or nodes[index].has("have", "be", "modal-future", "mode-plan")):
        index -= 1
    return antecedent(nodes, index - 1) if index > 0 and nodes[index].lower in ("it", "they") else None


def _sends(nodes: list[Node], at: int) -> bool:
    """Whether a state is right before a verb of sending or promising, so that its "men" are troops."""
    index = at - 1
    while index >= 0 and (
        is_adverb(nodes[index])
        or nodes[index].has("have", "be", "modal-future", "mode-plan")
        or nodes[index].lower in WILLING
    ):
        index -= 1
    return index >= 0 and (
        is_state(nodes[index]) or nodes[index].kind == ACTOR or nodes[index].lower in ("it", "they", "and")
    )


def _moved_force(
    nodes: list[Node], at: int, bounds: tuple[int, int], forms: set[str]
) -> tuple[int | None, int | None, bool]:
    """The force that a verb moves, who is said to move it behind "by", and whether the force stands before the verb."""
    if auxiliary(nodes, at) is not None and "participle" in forms:
        deployer = sent_by(nodes, at, bounds[1])
        head = force_left(nodes, at, bounds[0], sent=deployer is not None)
        if head is None and nodes[at - 2].lower in (
            "it",
            "there",
        ):  # "it is sent peacekeepers from X", badly translated
            return force_right(nodes, at, bounds[1]), deployer, False
        return head, deployer, True
    head = force_right(nodes, at, bounds[1], sent=_sends(nodes, at))
    if head is None and "participle" in forms and at and _reduced(nodes, at):
        return force_left(nodes, at, max(bounds[0], at - 3)), sent_by(nodes, at, bounds[1]), True
    return head, None, False


def _moves(nodes: list[Node], at: int, verb: str, head: int, last: int, *, left: bool) -> bool:
    """Whether the verb moves the force: not "provided the forces with information", "announced that … would go"."""
    if verb in PUTTING:
        return _put_where(nodes, at, last)
    if left:
        return True
    if verb in GIVING and any(node.lower == "with" for node in nodes[head + 1 : head + 3]):
        return False
    return not (nodes[at].has("say") and _has_predicate(nodes, at, head))


def _put_where(nodes: list[Node], at: int, last: int) -> bool:
    """ "put 200 airmen in Dakar", "put 2,000 soldiers on alert": not "put soldiers through their paces"."""
    return any(node.lower in ALERT or node.kind == PLACE for node in nodes[at:last])


def _has_predicate(nodes: list[Node], at: int, head: int) -> bool:
    """ "announced that 400 soldiers would go": what is announced is said of the force by a verb of its own."""
    behind = nodes[head + 1] if head + 1 < len(nodes) else None
    verb = behind is not None and behind.has("modal-future", "modal-possible", "have", "be", "deploy-subject")
    return verb or any(node.lower == "that" for node in nodes[at + 1 : head])


def _reduced(nodes: list[Node], at: int) -> bool:
    """Whether a participle qualifies the force before it ("units deployed in X"): it has no subject and no object."""
    behind = nodes[at + 1] if at + 1 < len(nodes) else None
    free = behind is None or behind.kind == TIME or is_adverb(behind) or behind.has("preposition")
    return free and not subject_near(nodes, at) and (behind is None or behind.lower != "and")


def _object_verb(nodes: list[Node], at: int) -> Deployment | None:
    """ "X sent troops to Y", "troops were sent to Y by X", "X asked Y to send troops"."""
    tag = next(nodes[at].tagged("deploy-object"), None)
    if tag is None or _after_article(nodes, at) or barred(nodes, at):
        return None
    forms = {t.form for t in nodes[at].tagged("deploy-object")}
    bounds = clause(nodes, at)
    head, deployer, left = _moved_force(nodes, at, bounds, forms)
    if head is None or not _moves(nodes, at, tag.lemma, head, bounds[1], left=left):
        return None
    force = force_at(nodes, head, before_verb=left)
    phase = reached(nodes, at, Phase(tag.value), bounds, passive=left)
    if tag.lemma in PUTTING and any(node.lower in ALERT for node in nodes[head : min(len(nodes), head + 6)]):
        phase = Phase.ANNOUNCED
    subjects = () if left else senders(nodes, at, bounds[0])
    if phase == Phase.REQUESTED:
        deployer = asked_of(nodes, at, bounds) if tag.value != "requested" else None
    elif not left:
        deployer = subjects[-1] if subjects else _meant(nodes, at)
        approves = deployer is not None and phase == Phase.APPROVED and not is_state(nodes[deployer])
        if approves and force.owner is not None:
            deployer = force.owner
    if phase in LEAVING and tag.lemma in EXPELLING and force.owner is not None:
        deployer = force.owner  # "voted to expel the American soldiers"
    if len(subjects) > 1 and phase != Phase.REQUESTED:
        force, deployer = force._replace(members=subjects), receiver(nodes, at, bounds[1])
    found = make(nodes, "force-moved", at, phase, force, deployer)
    if found is not None and phase == Phase.REQUESTED and found.destination is None and found.origin is None:
        found = found._replace(destination=asker(nodes, at, bounds[0]))
    return found


def _subject_verb(nodes: list[Node], at: int) -> Deployment | None:
    """ "troops arrived in X", "planes carrying soldiers left X for Y", "forces have begun to withdraw from X"."""
    tag = next(nodes[at].tagged("deploy-subject"), None)
    if tag is None or _after_article(nodes, at) or (tag.form == "ing" and nodes[at - 1].lower in GERUND):
        return None
    bounds = clause(nodes, at)
    head = force_left(nodes, at, max(bounds[0], at - REACH))
    if head is None:
        return None
    if nodes[at].lower.startswith("join") and not _joins_force(nodes, at, bounds[1]):
        return None
    force = force_at(nodes, head, before_verb=True)
    phase = reached(nodes, at, Phase(tag.value), bounds, passive=False)
    due = tag.lemma.startswith("be ")  # "are expected in"
    if tag.value == Phase.ANNOUNCED and not (due or is_ahead(nodes, (max(bounds[0], at - 5), at + 1))):
        return None
    placed = any(index < at + 9 for index in places_behind(nodes, at, bounds))
    homeward = any(node.lower in HOME or "home" in node.lower.split() for node in nodes[at : at + 3])
    there = _there(nodes, at)
    telling = (force.count is not None or force.owner is not None) and tag.lemma in COMPLETE
    elsewhere = at + 1 < len(nodes) and nodes[at + 1].lower == "from" and not placed  # "withdraw from the talks"
    body = nodes[head].kind == ACTOR and placed and tag.lemma in COMPLETE  # "the army redeployed to Hama"
    begun = phase == Phase.WITHDRAWING and tag.value == "withdrawing" and not elsewhere
    if not (placed or homeward or there or telling or begun or _task(nodes, at)):
        return None
    if not (tells(nodes, force) or body):
        return None
    force = force._replace(owner=head) if body and force.owner is None else force
    if phase in LEAVING and heads_off(nodes, at) and not homeward:
        phase = Phase.DEPARTED
    found = make(nodes, "force-moves", at, phase, force, None)
    return found._replace(there=True) if found is not None and there and not placed else found


def _joins_force(nodes: list[Node], at: int, last: int) -> bool:
    """ "will join the Australian-led force", "join Task Force Takuba"."""
    named = any(node.lower.startswith(("task force", "operation", "mission")) for node in nodes[at + 1 : at + 3])
    return named or force_right(nodes, at, last) is not None


def _there(nodes: list[Node], at: int) -> bool:
    """ "entered the town", "left the country": a place named before."""
    behind = nodes[at + 1 : at + 4]
    return len(behind) > 1 and behind[0].lower in ("the", "that") and any(n.lower in THERE for n in behind[1:])


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
    elif phase == Phase.ANNOUNCED and any(node.lower in BEGUN for node in nodes[max(bounds[0], at - 4) : at]):
        phase = Phase.DEPARTED
    elif asked and phase in (Phase.ANNOUNCED, *LEAVING):
        phase = Phase.REQUESTED
    elif phase == Phase.WITHDRAWING and words & COMPLETED and not is_ahead(nodes, bounds):
        phase = Phase.WITHDRAWN
    return make(nodes, "deployment-of", at, phase, force, _orderer(nodes, at, bounds, phase, force))


def _own_movement(nodes: list[Node], at: int, phase: Phase) -> Deployment | None:
    """ "Soviet forces have completed their pullout from Hungary", "Russia has begun its withdrawal from Kherson"."""
    verb = next((i for i in range(at - 1, max(0, at - 6), -1) if nodes[i].lower in COMPLETED | BEGUN), None)
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
        while at < len(nodes) and (nodes[at].lower in GAP or _of_arms(nodes, at)):
            at += 1
        if at + 1 >= len(nodes) or not is_state(nodes[at]) or nodes[at].kind == DEMONYM:
            return
        many = nodes[at + 1]
        counted = many.kind == COUNT and many.value.kind == "number"
        if not (counted or men(many) or (many.kind == GROUP and many.value.count is not None and is_force(many))):
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


def _of_arms(nodes: list[Node], at: int) -> bool:
    """ "16 | armoured vehicles": what a force has with it, before the next state of a list."""
    return nodes[at].has("equipment") or (
        nodes[at].kind == COUNT
        and at + 1 < len(nodes)
        and nodes[at + 1].kind == PLAIN
        and nodes[at + 1].has("equipment")
    )
