"""Finding the phrases that a rule asks for, on one side of its trigger."""

from __future__ import annotations

from kb.extract.appositions import (
    RELATIVES,
    all_apposed,
    described_again,
    names_again,
    national_again,
    one,
    said_again,
    same_people,
    subject_end,
)
from kb.extract.clauses import starts_clause, subject_next, told_apart
from kb.extract.entities import ACTOR, PERSON_NAME
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.rules import Seek
from kb.extract.seek import (
    ADDING,
    LIST_WORDS,
    PARTS,
    PREDICATES,
    QUOTES,
    aside,
    counts_things,
    has_verb,
    is_part,
    is_phrase,
    named,
    object_of_verb,
    oblique,
    shares_subject,
    subordinate,
    thin,
)
from kb.extract.voice import REFLEXIVE, chain_end, is_adverb, object_pronoun

UNSURE = frozenset({"possibly", "perhaps", "maybe"})
DEGREES = word_set("degrees")
NAMING = word_set("naming") | {"nicknamed", "identified", "alias"}
DESCRIBED = 7  # nodes of what describes a subject
DESCRIBING = frozenset({"of", "from", "at", "in"})
SUBJECTS = frozenset({"he", "she", "they", "it", "we", "i", "you"})


def seek(nodes: list[Node], at: int, rule: Seek, bounds: tuple[int, int]) -> list[int]:
    """The indexes of the phrases that a rule asks for around the trigger at ``at``; empty if there are none."""
    return _left(nodes, at, rule, bounds[0]) if rule.side == "left" else _right(nodes, at, rule, bounds[1])


def _left(nodes: list[Node], at: int, rule: Seek, first: int) -> list[int]:
    fallback, gap = None, rule.gap
    at = subject_end(nodes, at, first)
    shared = shares_subject(nodes, at)
    nearest = rule.nearest or _relative(nodes, at)
    for index in range(at - 1, max(first, at - rule.within) - 1, -1):
        node = nodes[index]
        if is_phrase(node, rule.phrase) and node.lower not in REFLEXIVE and node.lower not in PARTS:
            if (shared and object_of_verb(nodes, index)) or _no_subject(nodes, index, rule):
                continue
            if (node.lower == "her" and not object_pronoun(nodes, index)) or _in_relative(nodes, index, first):
                continue
            if not oblique(nodes, index) or (nearest and all(_passed(n) for n in nodes[index + 1 : at])):
                return _list_left(nodes, index, rule, first) if rule.coordinate else [index]
            fallback = index if fallback is None else fallback
        elif node.kind == PLAIN and (node.lower in SUBJECTS or _reports(nodes, index, at)):
            break
        elif rule.adjacent and not thin(node):
            gap -= 1
            if gap < 0 or node.tags or not node.lower.isalpha():
                break
    if fallback is None or rule.free:
        return []
    return _list_left(nodes, fallback, rule, first) if rule.coordinate else [fallback]


def _in_relative(nodes: list[Node], at: int, first: int) -> bool:
    """Whether a phrase is the object in a relative clause: "a commentator who had criticized politicians was …"."""
    for index in range(at - 1, max(first, at - 8), -1):
        node = nodes[index]
        if node.lower == "who":
            verbs = [n for n in nodes[index + 1 : at] if n.kind == PLAIN]
            told = any(
                n.has("have", "harm-verb", "event-verb") or (not n.tags and n.lower.endswith("ed")) for n in verbs
            )
            return told and nodes[index - 1].kind == GROUP
        if node.kind != PLAIN or node.lower in LIST_WORDS or node.has("be"):
            return False
    return False


def _reports(nodes: list[Node], at: int, verb: int) -> bool:
    """Whether "that" opens the clause of the verb: "residents found that the tyres had been slashed"."""
    return nodes[at].lower == "that" and at + 2 < verb and not nodes[at + 1].has("be", "have", "harm-verb")


def _relative(nodes: list[Node], at: int) -> bool:
    """Whether "who" stands before the verb: its subject is the phrase right before."""
    index = at - 1
    while index > 0 and (is_adverb(nodes[index]) or nodes[index].has("have")):
        index -= 1
    return index > 0 and nodes[index].lower in ("who", "whom")


def _passed(node: Node) -> bool:
    return node.lower == "," or is_adverb(node) or node.has("have") or node.lower in RELATIVES


def _qualifies(nodes: list[Node], at: int) -> bool:
    """Whether a body only says what a thing is: "delivering WFP cereals"."""
    if nodes[at].kind != ACTOR or at + 1 >= len(nodes) or nodes[at].value.type == "person":
        return False
    behind = nodes[at + 1]
    return behind.kind == PLAIN and not behind.tags and behind.lower.isalpha()


def _no_subject(nodes: list[Node], at: int, rule: Seek) -> bool:
    if _qualifies(nodes, at):
        return True
    corrected = at > 0 and nodes[at - 1].lower == "not" and nodes[at].kind in (COUNT, GROUP)
    return (
        corrected
        or (subordinate(nodes, at) and not told_apart(nodes, at))
        or counts_things(nodes, at)
        or (is_part(nodes, at) and not rule.adjacent)
    )


def _right(nodes: list[Node], at: int, rule: Seek, last: int) -> list[int]:
    if rule.adjacent:
        at = chain_end(nodes, at)
    for index in range(at + 1, min(last, at + 1 + rule.within)):
        node = nodes[index]
        if (
            is_phrase(node, rule.phrase)
            and not counts_things(nodes, index)
            and not (named(node) and PERSON_NAME not in rule.phrase)
            and (node.lower not in ("her", "of them") or object_pronoun(nodes, index))
            and (not rule.after or _stands_after(nodes, at, index, rule))
        ):
            return said_again(nodes, _list_right(nodes, index, rule, last)) if rule.coordinate else [index]
        if rule.adjacent and not thin(node):
            break
    return []


def _stands_after(nodes: list[Node], at: int, index: int, rule: Seek) -> bool:
    before = index - 1
    while before > 0 and (nodes[before].lower in QUOTES or nodes[before].has("determiner") or is_adverb(nodes[before])):
        before -= 1
    return before >= 0 and ("" if before == at else nodes[before].lower) in rule.after


def listed(nodes: list[Node], index: int, last: int) -> list[int]:
    """A phrase and those that follow it in a list: "along with his two sons and a bodyguard"."""
    return _list_right(nodes, index, Seek(side="right"), last)


def _list_left(nodes: list[Node], index: int, rule: Seek, first: int) -> list[int]:
    found = [index]
    if index + 1 < len(nodes) and nodes[index].kind == COUNT and nodes[index + 1].lower in PARTS:
        return found  # "five worshippers, three of whom died"
    at_end = index + 1 < len(nodes) and (
        nodes[index + 1].lower in (",", "aged") or nodes[index + 1].lower in DESCRIBING
    )
    while True:
        joint = index - 1
        if (sign := aside(nodes, index)) is not None:
            joint = sign - 1
        while joint >= first and (nodes[joint].lower in LIST_WORDS or nodes[joint].lower in UNSURE):
            joint -= 1
        if joint < first or joint == index - 1:
            return found
        if nodes[joint].lower in PARTS and joint > first and nodes[joint + 1].lower == ",":
            joint -= 1  # "one of whom, a woman of 70, died"
        joint = _described(nodes, joint, first)
        if not _joins(nodes, joint, rule) or told_apart(nodes, index):
            return found
        beside = joint == index - 2 or nodes[joint + 1].lower in PARTS
        if len(found) == 1 and beside and at_end and same_people(nodes, joint, index):
            found, index = [joint], joint
            continue
        if names_again(nodes, joint, index):
            index = joint
            continue
        found.insert(0, joint)
        index = joint


def _described(nodes: list[Node], joint: int, first: int) -> int:
    """The phrase that opens the clause, where ``joint`` ends what describes it: "the head of a party and a guard"."""
    if joint > first + 1 and nodes[joint].kind == GROUP and nodes[joint - 1].lower == "of" and one(nodes[joint - 2]):
        return joint - 2  # "the wife of an attache and two people"
    if nodes[joint].kind not in (PLAIN, "place", ACTOR) or nodes[joint].has(*PREDICATES):
        return joint
    for index in range(joint - 1, max(first, joint - DESCRIBED) - 1, -1):
        node = nodes[index]
        if node.kind == GROUP:
            opens = index == first or nodes[index - 1].lower in (",", ":", "that")
            return index if opens and nodes[index + 1].lower in DESCRIBING else joint
        if node.kind not in (PLAIN, COUNT, "place", ACTOR) or node.has(*PREDICATES) or node.lower in LIST_WORDS:
            return joint
    return joint


def _joins(nodes: list[Node], joint: int, rule: Seek) -> bool:
    node = nodes[joint]
    return (
        is_phrase(node, rule.phrase)
        and node.kind != ACTOR
        and not oblique(nodes, joint)
        and not counts_things(nodes, joint)
        and not (joint and nodes[joint - 1].has("harm-intransitive"))
        and not is_part(nodes, joint)
        and not subordinate(nodes, joint)
        and not (joint and nodes[joint - 1].has("losing"))
        and not (joint > 1 and nodes[joint - 1].has("be") and nodes[joint - 2].lower == "as")
        and not (joint and nodes[joint - 1].lower in ADDING and has_verb(nodes, joint))
    )


def _list_right(nodes: list[Node], index: int, rule: Seek, last: int) -> list[int]:
    found = [index]
    while True:
        joint = _behind_brackets(nodes, index + 1, last)
        if joint < last and (nodes[joint].lower in DESCRIBING or nodes[joint].lower in NAMING):
            joint = _behind_place(nodes, joint, last)
        while joint < last and (nodes[joint].lower in LIST_WORDS or nodes[joint].lower in QUOTES):
            joint += 1
        if (
            joint >= last
            or nodes[joint - 1].lower not in (*LIST_WORDS, *QUOTES)
            or not is_phrase(nodes[joint], rule.phrase)
            or nodes[joint].kind == ACTOR
            or counts_things(nodes, joint)
            or (nodes[joint].kind == COUNT and joint + 1 < len(nodes) and _of_them(nodes[joint + 1]))
            or told_apart(nodes, joint)
        ):
            return found
        if described_again(nodes, index, joint):
            index = joint
            continue
        if all_apposed(nodes, index, joint):
            return found
        if names_again(nodes, index, joint) or national_again(nodes, index, joint):
            index = joint
            continue
        if (
            joint + 1 < last
            and nodes[joint].lower not in REFLEXIVE
            and (starts_clause(nodes, joint) or subject_next(nodes, index, joint))
        ):
            return found
        found.append(joint)
        index = joint


def _behind_brackets(nodes: list[Node], at: int, last: int) -> int:
    """Where a list goes on behind what is told in brackets: "13 men (five of them soldiers), three women and …"."""
    if at >= last or nodes[at].lower != "(":
        return at
    closing = next((i for i in range(at + 1, last - 2) if nodes[i].lower == ")"), None)
    on = closing is not None and nodes[closing + 1].lower in LIST_WORDS
    return closing + 1 if closing is not None and on else at


def _behind_place(nodes: list[Node], at: int, last: int) -> int:
    """Where a list goes on behind "of Takhar province": at a comma or "and" with people by number or article behind."""
    for index in range(at + 1, min(last - 1, at + DESCRIBED)):
        node = nodes[index]
        if node.lower in LIST_WORDS:
            on = index + 1 if nodes[index + 1].lower not in LIST_WORDS else min(index + 2, last - 1)
            people = nodes[on].kind == GROUP and (
                nodes[on].value.count is not None or nodes[on].lower.startswith(("a ", "an ", "his ", "her ", "their "))
            )
            return index if people else at
        if not (node.kind in (PLAIN, "place", ACTOR, "demonym") or named(node)) or node.has(*PREDICATES):
            return at
    return at


def _of_them(node: Node) -> bool:
    """What makes a number one of a part: "two of them", "two critically"."""
    return node.lower in PARTS or node.lower in DEGREES
