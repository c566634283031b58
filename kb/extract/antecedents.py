"""Whom "they", "them", "both" and "the three" stand for: the people counted last before, by grammar alone."""

from __future__ import annotations

from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.seek import oblique
from kb.model import VictimClass

PLURAL = word_set("plural-pronouns")
SINGULAR = frozenset({"he", "she", "him", "her", "his"})
FEMININE, FEMALE = frozenset({"she", "her"}), word_set("female-nouns")
EVERYONE = frozenset({"both", "the", "all", "all the", "these", "those"})


class Antecedents:
    """The people that a document has told of, so far as a later pronoun may mean them."""

    def __init__(self) -> None:
        self._latest: Group | None = None
        self._singles: list[tuple[Group, bool]] = []

    def of(self, nodes: list[Node], at: int, busy: frozenset[int]) -> Group | None:
        """The people whom a pronoun or a bare number with "both" or "the" at ``at`` means, other than the busy ones."""
        node = nodes[at]
        if node.kind == PLAIN and node.lower == "themselves":
            return next(
                (nodes[i].value for i in range(at) if _several(nodes[i]) and not oblique(nodes, i)), self._latest
            )
        if node.kind == PLAIN and node.lower in PLURAL:
            return self._before(nodes, at, busy)
        if node.kind == PLAIN and node.lower in SINGULAR:
            return self._one_before(nodes, at, busy)
        if node.kind == COUNT and (node.lower == "both" or (at and nodes[at - 1].lower in EVERYONE)):
            found = self._before(nodes, at, busy)
            return found if found and found.size.maximum == node.value.count.maximum else None
        return None

    def _before(self, nodes: list[Node], at: int, busy: frozenset[int]) -> Group | None:
        left = [i for i in range(at) if _several(nodes[i]) and i not in busy]
        counted = [i for i in left if nodes[i].value.count is not None]
        best = (counted or left)[-1:]
        return nodes[best[0]].value if best else self._latest

    def _one_before(self, nodes: list[Node], at: int, busy: frozenset[int]) -> Group | None:
        """The subject before in the sentence or the one before it; a woman for "she", where one is told of."""
        here = [(nodes[i].value, not oblique(nodes, i)) for i in range(at) if _single(nodes[i]) and i not in busy]
        told = here if any(_single(nodes[i]) for i in range(at)) else self._singles
        fitting = [(group, subject) for group, subject in told if female(group) == (nodes[at].lower in FEMININE)]
        subjects = [group for group, subject in told if subject]
        return next((group for group, subject in fitting if subject or female(group)), (subjects or [None])[0])

    def remember(self, nodes: list[Node]) -> None:
        """Take in a sentence: its counted people first, and those that hang on no preposition."""
        several = [i for i, node in enumerate(nodes) if _several(node)]
        if several:
            best = max(several, key=lambda i: (nodes[i].value.count is not None, not oblique(nodes, i), i))
            self._latest = nodes[best].value
        self._singles = [(node.value, not oblique(nodes, i)) for i, node in enumerate(nodes) if _single(node)]


def female(group: Group) -> bool:
    """Whether the noun tells that a woman or girl is meant."""
    return group.victim_class == VictimClass.WOMEN or group.noun in FEMALE


def _single(node: Node) -> bool:
    return node.kind == GROUP and node.value.size.maximum == 1 and not node.value.many


def _several(node: Node) -> bool:
    if node.kind != GROUP or node.value.name is not None:
        return False
    count = node.value.count
    return bool(node.value.many) if count is None else (count.maximum is None or count.maximum > 1)
