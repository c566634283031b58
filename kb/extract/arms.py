"""What a force has with it, moves in or moves for: equipment, armour on the road, and the purpose of a movement."""

from __future__ import annotations

from collections.abc import Sequence

from kb.extract.entities import DEMONYM
from kb.extract.forces import TELLING, is_force, plain_word
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.seek import LIST_WORDS

WITH = frozenset({"in", "with", "aboard", "on", "by", "using", "on board"})
DIRECTIONS = word_set("directions")


def armour(nodes: Sequence[Node], index: int) -> bool:
    """Military equipment that moves as a force does: "army vehicles", "20 tanks"."""
    node = nodes[index]
    if node.kind != PLAIN or not node.has("equipment"):
        return False
    first = index
    while first and index - first < 4 and (plain_word(nodes[first - 1]) or nodes[first - 1].has("equipment")):
        first -= 1
    before = nodes[first - 1] if first else None
    if any(word.lower in ("army", "military") or is_force(word) for word in nodes[max(0, index - 1) : index]):
        return True
    told = {node.lower, node.lower.rstrip("s"), node.lower.split()[-1], node.lower.split()[-1].rstrip("s")}
    if not told & TELLING and not any(letter.isdigit() for letter in node.lower):
        return False
    return before is not None and (before.kind == DEMONYM or (before.kind == COUNT and before.value.kind != "group"))


def bare_armour(nodes: Sequence[Node], index: int) -> bool:
    """ "armoured vehicles", "warplanes": arms that a state sends, though neither counted nor said to be whose."""
    node = nodes[index]
    return node.kind == PLAIN and node.has("equipment") and (node.lower in TELLING or node.lower.rstrip("s") in TELLING)


def equipment(nodes: Sequence[Node], at: int) -> tuple[int, int] | None:
    """Counted equipment in the sentence, from the first number to the last noun: "250 pieces of hardware"."""
    found: tuple[int, int] | None = None
    for index in range(max(0, at - 10), min(len(nodes), at + 18)):
        if not (nodes[index].has("equipment") and nodes[index].kind == PLAIN):
            continue
        if index + 1 < len(nodes) and nodes[index + 1].has("equipment"):
            continue  # "missile | batteries"
        start = index
        while start > 0 and index - start < 4 and _describes(nodes[start - 1]):
            start -= 1
        if start > 0 and nodes[start - 1].kind == COUNT and nodes[start - 1].value.kind == "number":
            if nodes[index + 1 : index + 2] and nodes[index + 1].lower in ("carrying", "with"):
                continue
            found = (found[0] if found else start - 1, index)
    return found or _aboard(nodes, at)


def _describes(node: Node) -> bool:
    """A word between a number and its arms: "150 | Saudi | armoured vehicles"."""
    return plain_word(node) or node.has("equipment") or node.kind == DEMONYM


def _aboard(nodes: Sequence[Node], at: int) -> tuple[int, int] | None:
    """Equipment of no number that a force has with it: "troops in trucks, tanks and helicopters"."""
    for index in range(max(1, at - 10), min(len(nodes), at + 18)):
        if nodes[index - 1].lower not in WITH or not _arms(nodes[index]):
            continue
        last = index
        while last + 2 < len(nodes) and nodes[last + 1].lower in LIST_WORDS and _arms(nodes[last + 2]):
            last += 2
        return index, last
    return None


def _arms(node: Node) -> bool:
    return node.kind == PLAIN and node.has("equipment") and not node.has("site")


def purpose(nodes: Sequence[Node], at: int, last: int) -> tuple[int, int] | None:
    """ "to stabilise the situation": an infinitive behind the verb, to the end of the clause."""
    for index in range(at + 1, min(last - 2, at + 24)):
        following = nodes[index + 1]
        if (
            nodes[index].lower == "to"
            and (following.kind == PLAIN or following.has("deploy-subject"))
            and following.lower.isalpha()
            and not following.has("determiner", "be", "preposition", "deploy-object", "modifiers", "site", "force")
            and following.lower not in DIRECTIONS
            and following.last - following.first == 1
            and nodes[index].last == following.first
        ):
            end = index + 1
            while end < last and nodes[end].lower not in (".", ",", "”", '"', ";"):
                end += 1
            return (index, end - 1) if end - index > 2 else None
    return None
