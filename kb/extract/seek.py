"""Finding the phrases that a rule asks for, on one side of its trigger."""

from __future__ import annotations

from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.rules import Seek
from kb.extract.voice import is_adverb

QUOTES = frozenset({'"', "“", "”", "'", "‘", "’"})
LIST_WORDS = frozenset({",", "and", "or", "as well as", "&", "plus", "along with", "together with"})
COLLECTIVES = word_set("collectives")
COUNTABLE = frozenset({"number", "none"})


def is_phrase(node: Node, kinds: tuple[str, ...]) -> bool:
    """Whether the node is one of these kinds of phrase; of numbers only those that can count people."""
    if node.kind not in kinds:
        return False
    return node.kind != COUNT or node.value.kind in COUNTABLE


def oblique(nodes: list[Node], at: int) -> bool:
    """Whether a phrase depends on a preposition, and so is no subject; "in addition to X" counts as a list."""
    if at == 0:
        return False
    before = nodes[at - 1]
    if before.lower == "of" and at > 1 and nodes[at - 2].lower in COLLECTIVES:
        return False
    return before.lower != "in addition to" and before.has(
        "preposition", "according", "adverbial", "quoted-by", "citing"
    )


def apposed(nodes: list[Node], at: int) -> bool:
    """Whether a phrase stands in an apposition to an actor ("the CSTO, the former Soviet alliance, sent …")."""
    index = at - 1
    while index >= 0 and (nodes[index].has("determiner", "modifiers") or nodes[index].lower in ("a", "an")):
        index -= 1
    return index > 0 and nodes[index].lower == "," and nodes[index - 1].kind in (ACTOR, GROUP, PERSON_NAME)


def subordinate(nodes: list[Node], at: int) -> bool:
    """Whether a phrase stands in an "including …" list behind another phrase."""
    index = at - 1
    while index >= 0:
        node = nodes[index]
        if node.has("including"):
            return True
        if not (
            node.kind in (GROUP, COUNT, PERSON_NAME, ACTOR, NATIONAL)
            or node.lower in LIST_WORDS
            or node.has("determiner")
        ):
            return False
        index -= 1
    return False


def seek(nodes: list[Node], at: int, rule: Seek, bounds: tuple[int, int]) -> list[int]:
    """The indexes of the phrases that a rule asks for around the trigger at ``at``; empty if there are none."""
    return _left(nodes, at, rule, bounds[0]) if rule.side == "left" else _right(nodes, at, rule, bounds[1])


def _left(nodes: list[Node], at: int, rule: Seek, first: int) -> list[int]:
    fallback = None
    for index in range(at - 1, max(first, at - rule.within) - 1, -1):
        node = nodes[index]
        if is_phrase(node, rule.phrase):
            if subordinate(nodes, index):
                continue
            if not oblique(nodes, index):
                return _list_left(nodes, index, rule, first) if rule.coordinate else [index]
            fallback = index if fallback is None else fallback
        elif rule.adjacent and not _thin(node):
            break
    if fallback is None:
        return []
    return _list_left(nodes, fallback, rule, first) if rule.coordinate else [fallback]


def _thin(node: Node) -> bool:
    return (
        is_adverb(node)
        or node.lower in QUOTES
        or node.has("determiner", "be", "have")
        or node.lower in ("a", "an", "some")
    )


def _right(nodes: list[Node], at: int, rule: Seek, last: int) -> list[int]:
    for index in range(at + 1, min(last, at + 1 + rule.within)):
        node = nodes[index]
        if is_phrase(node, rule.phrase) and (not rule.after or _stands_after(nodes, index, rule)):
            return _list_right(nodes, index, rule, last) if rule.coordinate else [index]
        if rule.adjacent and not _thin(node):
            break
    return []


def _stands_after(nodes: list[Node], index: int, rule: Seek) -> bool:
    before = index - 1
    while before > 0 and (nodes[before].lower in QUOTES or nodes[before].has("determiner") or is_adverb(nodes[before])):
        before -= 1
    return before >= 0 and nodes[before].lower in rule.after


def _list_left(nodes: list[Node], index: int, rule: Seek, first: int) -> list[int]:
    found = [index]
    while True:
        joint = index - 1
        while joint >= first and nodes[joint].lower in LIST_WORDS:
            joint -= 1
        if joint < first or joint == index - 1 or not _joins(nodes, joint, rule):
            return found
        found.insert(0, joint)
        index = joint


def _joins(nodes: list[Node], joint: int, rule: Seek) -> bool:
    node = nodes[joint]
    return is_phrase(node, rule.phrase) and node.kind != ACTOR and not oblique(nodes, joint)


def _list_right(nodes: list[Node], index: int, rule: Seek, last: int) -> list[int]:
    found = [index]
    while True:
        joint = index + 1
        while joint < last and (nodes[joint].lower in LIST_WORDS or nodes[joint].lower in QUOTES):
            joint += 1
        if (
            joint >= last
            or joint == index + 1
            or not is_phrase(nodes[joint], rule.phrase)
            or nodes[joint].kind == ACTOR
        ):
            return found
        if joint + 1 < last and _starts_clause(nodes, joint):
            return found
        found.append(joint)
        index = joint


def _starts_clause(nodes: list[Node], at: int) -> bool:
    """Whether the phrase is the subject of a verb behind it ("killing two people, police said")."""
    index = at + 1
    while index < len(nodes) and is_adverb(nodes[index]):
        index += 1
    if index >= len(nodes):
        return False
    node = nodes[index]
    if node.has("harm-verb") and not node.has("say"):
        return True
    return node.has("be", "have", "say", "modal-possible", "modal-future") and node.kind == PLAIN
