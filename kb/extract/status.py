"""How a statement is put: asserted, denied, attempted, planned, possible, demanded, conditional; and how surely.

Read from the words of the verb group, from the verb or noun that governs it, and from what the clause says of the whole
("reports of … were false", "denied that …", "if …").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, PERSON_NAME, PLACE
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.phrases import GROUP
from kb.extract.speakers import article
from kb.extract.voice import auxiliary, is_adverb
from kb.model import Certainty, Modality

NEAR = 5  # nodes before the trigger in which an auxiliary or a governing verb is looked for
REPORTED = word_set("reported")
FEARED = word_set("feared")
FALSE = word_set("false-words")
REPORT = word_set("report-words")
INVOLVEMENT = word_set("involvement")
FOILED = word_set("foiled")
PROOF = word_set("proof")
DONE = word_set("done-infinitives")
DOUBT = word_set("doubt")
CONDITIONS = frozenset({"if", "unless", "in case", "in the event", "provided that"})
DENYING = word_set("denying")
DISMISSING = frozenset({"dismissed", "dismisses", "rejected", "rejects", "rejecting", "dismissing"})
POSSIBLE = frozenset({"possible", "potential", "feared", "imminent"})
# What a verb before an infinitive makes of it, in the order in which they are asked.
GOVERNORS = (
    ("mode-attempt", Modality.ATTEMPTED),
    ("mode-demand", Modality.DEMANDED),
    *((lex, Modality.PLANNED) for lex in ("mode-plan", "mode-threat", "be", "have")),
)
STANDING = frozenset({"curfew", "state-of-emergency", "siege", "blockade", "sanction"})  # were in force till cancelled
KEPT = frozenset(
    {"prevented", "prevent", "prevents", "stopped", "stop", "kept", "blocked", "barred", "deterred", "preventing"}
)
REFUSED = frozenset({"refused", "refuses", "refuse", "refusing", "declined", "declines", "unwilling", "refusal"})
CANCELLED = frozenset(
    {"called off", "cancelled", "canceled", "scrapped", "abandoned", "postponed", "forbade", "banned"}
)
SOUGHT = frozenset({"mediate", "negotiate", "discuss", "arrange", "mediating", "negotiating", "discussing"})
WRONGLY = frozenset({"wrongly", "falsely", "mistakenly", "erroneously", "incorrectly"})
PROVED = frozenset({"to be", "proved", "proven", "prove"})
PREDICATES = {
    **dict.fromkeys(("planned", "scheduled", "expected", "due", "set", "being planned"), Modality.PLANNED),
    **dict.fromkeys(("possible", "likely", "feared", "imminent", "probable", "suspected"), Modality.POSSIBLE),
    **dict.fromkeys(
        ("cancelled", "canceled", "called off", "scrapped", "postponed", "banned", "forbidden"), Modality.DENIED
    ),
}
BASIS = frozenset({"foundation", "basis", "merit", "substance"})
BEGINNING = frozenset({"begin", "start", "resume", "continue", "keep"})
NOUNS = frozenset({"event-noun", "harm-noun", "deploy-noun", "toll"})
JOINTS = frozenset({"-", ",", '"', "“", "”", "'", "‘", "’"})


class Status(NamedTuple):
    """Modality and certainty of a trigger."""

    modality: Modality
    certainty: Certainty


ASSERTED = Status(Modality.ASSERTED, Certainty.CERTAIN)


def status(nodes: Sequence[Node], at: int, bounds: tuple[int, int], *, told_in_past: bool = False) -> Status:
    """The status of the trigger at ``at`` within its clause.

    ``told_in_past`` says that a past verb of saying governs it, so that "would" is the future of then.
    """
    modality = (
        _clausal(nodes, at, bounds)
        or _verbal(nodes, at, bounds, told_in_past=told_in_past)
        or (nominal(nodes, at, bounds) if _noun(nodes[at]) else None)
        or Modality.ASSERTED
    )
    words = {node.lower for node in nodes[max(bounds[0], at - 10) : min(bounds[1], at + 4)]}
    certainty = Certainty.PROBABLE if words & REPORTED else Certainty.CERTAIN
    return Status(modality, Certainty.POSSIBLE if modality == Modality.POSSIBLE else certainty)


def doubted(nodes: Sequence[Node]) -> bool:
    """Whether the words for a source say that it no longer holds ("the withdrawn report")."""
    return any(node.lower in FALSE for node in nodes)


def _noun(node: Node) -> bool:
    return any(tag.lex in NOUNS for tag in node.tags)


# --- the verb group


def _verbal(nodes: Sequence[Node], at: int, bounds: tuple[int, int], *, told_in_past: bool) -> Modality | None:
    """What the words of the verb group say: modals, negation, an infinitive and the verb that governs it."""
    if at and nodes[at - 1].lower == "from" and _kept_from(nodes, at, bounds):
        return Modality.ATTEMPTED
    before = {node.lower for node in nodes[bounds[0] : at]}
    if {"neither", "nor"} <= before:
        return Modality.DENIED
    first = max(bounds[0], at - NEAR)
    aux = auxiliary(list(nodes), at)
    if aux is not None:
        first = max(bounds[0], min(first, aux - 4))
    for index in range(at - 1, first - 1, -1):
        node = nodes[index]
        if node.kind in (GROUP, ACTOR, PERSON_NAME):
            break
        modality = _word(nodes, index, at, told_in_past=told_in_past)
        if modality is not None:
            return modality
        if node.lower == "to" and _infinitive(nodes, at):
            return _governor(nodes, index, bounds, perfect=_perfect(nodes, index, at))
        if not (
            is_adverb(node)
            or node.has("be", "have", "modal", "preposition", "harm-verb", "event-verb", "mode-plan", "conjunction")
            or node.lower in BEGINNING
            or node.lower in JOINTS
        ):
            break
    return None


def _word(nodes: Sequence[Node], index: int, at: int, *, told_in_past: bool) -> Modality | None:
    """What one word before the trigger says."""
    node = nodes[index]
    if node.has("mode-negation") and not (index + 1 < len(nodes) and nodes[index + 1].lower == "only"):
        return Modality.DENIED
    if node.has("modal-possible") or node.lower in FEARED:
        negated = any(n.has("mode-negation") for n in nodes[index + 1 : at])
        return Modality.DENIED if negated else Modality.POSSIBLE
    if node.lower == "would":
        hypothetical = any(n.lower in CONDITIONS or n.lower == "should" for n in nodes)
        return Modality.PLANNED if told_in_past and not hypothetical else Modality.CONDITIONAL
    if node.lower in ("should", "must"):
        return Modality.DEMANDED
    if node.has("modal-future"):
        return Modality.PLANNED
    if node.has("mode-attempt") and not node.has("say") and node.lower not in ("seeking", "sought"):
        return Modality.ATTEMPTED
    return None


def _kept_from(nodes: Sequence[Node], at: int, bounds: tuple[int, int]) -> bool:
    """ "prevented the protesters from | storming the palace"."""
    return any(node.lower in KEPT for node in nodes[max(bounds[0], at - 9) : at - 1])


def _perfect(nodes: Sequence[Node], to: int, at: int) -> bool:
    """ "to have killed": what is said to be done already."""
    return any(node.has("have") for node in nodes[to + 1 : at])


def _infinitive(nodes: Sequence[Node], at: int) -> bool:
    forms = {tag.form for tag in nodes[at].tags}
    return "base" in forms or auxiliary(list(nodes), at) is not None or nodes[at - 1].has("have")


def _governor(nodes: Sequence[Node], to: int, bounds: tuple[int, int], *, perfect: bool) -> Modality | None:
    """The verb before an infinitive tells whether it was tried, planned, demanded or done."""
    for index in range(to - 1, max(bounds[0], to - 6) - 1, -1):
        node = nodes[index]
        if node.lower in FEARED or (node.lower in REPORTED and node.lower not in ("reported", "reportedly")):
            return Modality.POSSIBLE
        if node.lower in REFUSED:
            return Modality.DENIED
        if perfect or node.lower in DONE:
            return None
        for lex, modality in GOVERNORS:
            if node.has(lex):
                return modality
    return Modality.PLANNED


# --- the noun phrase


def nominal(nodes: Sequence[Node], at: int, bounds: tuple[int, int]) -> Modality | None:
    """What governs a noun: "demanded a ceasefire", "an assassination attempt", "foiled an attack", "no attack"."""
    after = nodes[at + 1].lower if at + 1 < len(nodes) else ""
    if after in ("attempt", "attempts", "bid") or _passive_after(nodes, at, bounds, FOILED):
        return Modality.ATTEMPTED
    if after in ("plot", "plots", "plan", "plans"):
        return Modality.PLANNED
    predicate = _predicate(nodes, at, bounds)
    if predicate is not None:
        return predicate
    standing = any(tag.value in STANDING for tag in nodes[at].tagged("event-noun"))
    for index in range(at - 1, max(bounds[0], at - 7) - 1, -1):
        if standing and nodes[index].lower in CANCELLED:
            return None
        modality = _governing_noun(nodes[index])
        if modality is None and nodes[index].has("perform") and nodes[index].kind == PLAIN:
            return _verbal(nodes, index, bounds, told_in_past=False)  # "may impose | a curfew"
        if modality is not None or not _within(nodes[index]):
            return modality
    return None


def _predicate(nodes: Sequence[Node], at: int, bounds: tuple[int, int]) -> Modality | None:
    """What the verb "be" says of a noun: "is planned", "is possible", "was called off"."""
    be = next((i for i in range(at + 1, min(bounds[1], at + 8)) if nodes[i].has("be")), None)
    if be is None or any(node.has("say", "harm-verb") or node.lower == "," for node in nodes[at + 1 : be]):
        return None
    for node in nodes[be + 1 : min(bounds[1], be + 4)]:
        if node.lower in PREDICATES:
            return PREDICATES[node.lower]
        if not (is_adverb(node) or node.has("be")):
            return None
    return None


def _governing_noun(node: Node) -> Modality | None:
    if node.has("mode-negation") and node.lower in ("no", "without", "not", "never"):
        return Modality.DENIED
    if node.lower in CANCELLED:
        return Modality.DENIED
    if node.lower in SOUGHT:
        return Modality.PLANNED
    if node.lower in FOILED or (node.has("mode-attempt") and not node.has("say")):
        return Modality.ATTEMPTED
    if node.has("mode-demand") and not node.has("modal", "modal-future"):
        return Modality.DEMANDED
    if node.has("mode-plan") and node.lower not in ("plans", "plan"):
        return Modality.PLANNED
    return Modality.POSSIBLE if node.lower in POSSIBLE or node.has("mode-threat") else None


def _within(node: Node) -> bool:
    """Whether a node may stand between a noun and what governs it."""
    return (
        article(node)
        or node.kind in (DEMONYM, COUNT, PLACE, TIME)
        or is_adverb(node)
        or node.has("modifiers")
        or node.lower in ("of", "for", "-", "against", "immediate", "'s", "’s", "any", "all")
        or (node.kind == PLAIN and not node.tags)
    )


def _passive_after(nodes: Sequence[Node], at: int, bounds: tuple[int, int], words: frozenset[str]) -> bool:
    """ "the attack … was foiled"."""
    for index in range(at + 1, min(bounds[1], at + 9)):
        if nodes[index].lower in words and nodes[index - 1].has("be", "adverbs"):
            return True
        if nodes[index].has("say", "harm-verb"):
            return False
    return False


# --- the clause


def _clausal(nodes: Sequence[Node], at: int, bounds: tuple[int, int]) -> Modality | None:
    """What governs the whole clause: "if …", "X denied that …", "reports of … were false", "no evidence that …"."""
    for index in range(at - 1, max(-1, at - 24), -1):
        node = nodes[index]
        if node.lower in (";",) or (index < bounds[0] and node.lower in ("but", "while", "although")):
            break
        if _denies(nodes, index, at):
            return Modality.DENIED
        if node.lower in PROOF and index and nodes[index - 1].lower in ("no", "any", "without"):
            between = nodes[index + 1 : min(index + 4, at)]
            if any(word.lower in ("that", "of", "from", "as") for word in between):
                return Modality.DENIED
        if _untrue(nodes, index):
            return Modality.DENIED
        if index >= bounds[0] and node.lower in CONDITIONS:
            return Modality.CONDITIONAL
        if index >= bounds[0] and node.has("mode-demand") and _subjunctive(nodes, index, at):
            return Modality.DEMANDED
        if index >= bounds[0] and node.lower == "whether":
            return Modality.POSSIBLE
    if nodes[bounds[0]].lower == "should" or (bounds[0] and nodes[bounds[0] - 1].lower in CONDITIONS):
        return Modality.CONDITIONAL
    return Modality.DENIED if _called_false(nodes, at, bounds) else None


def _untrue(nodes: Sequence[Node], index: int) -> bool:
    """ "it is not true that …", "it was wrongly reported that …"."""
    node, behind = nodes[index], nodes[index + 1] if index + 1 < len(nodes) else None
    if behind is None:
        return False
    if node.lower in WRONGLY:
        return behind.has("say")
    negated = any(word.has("mode-negation") for word in nodes[max(0, index - 2) : index])
    return behind.lower == "that" and (node.lower == "untrue" or (node.lower in ("true", "case") and negated))


def _subjunctive(nodes: Sequence[Node], demand: int, at: int) -> bool:
    """ "demanded that the soldiers be put to death": a bare verb in the clause that is demanded."""
    that = any(node.lower == "that" for node in nodes[demand + 1 : min(demand + 5, at)])
    aux = auxiliary(list(nodes), at)
    return that and ((aux is not None and nodes[aux].lower == "be") or {t.form for t in nodes[at].tags} == {"base"})


def _denies(nodes: Sequence[Node], index: int, at: int) -> bool:
    """Whether a verb of denial governs the trigger, rather than someone's part in it."""
    word = nodes[index].lower
    if word not in DENYING and not (
        word in DISMISSING and any(n.lower in REPORT for n in nodes[index + 1 : index + 10])
    ):
        return False
    between = nodes[index + 1 : at]
    if any(node.lower in INVOLVEMENT for node in between[:5]):
        return False
    if any(node.lower in ("and", "but") and after.has("say") for node, after in pairwise(between)):
        return False  # "denied this and said that …"
    if any(node.lower in ("but", "and") and i and between[i - 1].lower == "," for i, node in enumerate(between)):
        return False
    return not any(tag.form == "ing" for node in between[1:] for tag in node.tagged("say"))


def _called_false(nodes: Sequence[Node], at: int, bounds: tuple[int, int]) -> bool:
    """ "reports of 25 dead were false", "false reports that …", "a toll of 164 had been retracted"."""
    reports = [i for i in range(max(0, at - 10), min(at + 1, len(nodes))) if _reports(nodes[i])]
    if not reports:
        return False
    if any(nodes[i - 1].lower in FALSE for i in reports if i):
        return True
    last = min(bounds[1], at + 16)
    for index in range(at + 1, last):
        if nodes[index].lower == "without" and any(n.lower in BASIS for n in nodes[index + 1 : index + 4]):
            return True
        if nodes[index].lower in FALSE:
            back = nodes[max(at, index - 4) : index]
            return any(node.has("be") or node.lower in PROVED for node in back) and not any(
                n.has("mode-negation") for n in back
            )
    return False


def _reports(node: Node) -> bool:
    return (
        node.lower in REPORT
        or (node.kind == GROUP and node.value.noun in REPORT)
        or (node.has("toll") and node.kind == PLAIN)
    )
