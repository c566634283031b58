"""Whom "they", "them", "both" and "the three" stand for: the people counted last before, by grammar alone."""

from __future__ import annotations

from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.seek import oblique

PLURAL = word_set("plural-pronouns")
SINGULAR = frozenset({"he", "she", "him", "her", "his"})
EVERYONE = frozenset({"both", "the", "all", "all the", "these", "those"})


class Antecedents:
    """The people that a document has told of, so far as a later pronoun may mean them."""

    def __init__(self) -> None:
        self._latest: Group | None = None
        self._one: Group | None = None

    def of(self, nodes: list[Node], at: int, busy: frozenset[int]) -> Group | None:
        """The people whom a pronoun or a bare number with "both" or "the" at ``at`` means, other than the busy ones."""
        node = nodes[at]
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
        """The subject before in the sentence, else that of the sentence before."""
        if any(_single(nodes[i]) for i in range(at)):
            return next((nodes[i].value for i in range(at) if _subject(nodes, i) and i not in busy), None)
        return self._one

    def remember(self, nodes: list[Node]) -> None:
        """Take in a sentence: its counted people first, and those that hang on no preposition."""
        several = [i for i, node in enumerate(nodes) if _several(node)]
        if several:
            best = max(several, key=lambda i: (nodes[i].value.count is not None, not oblique(nodes, i), i))
            self._latest = nodes[best].value
        self._one = next((node.value for i, node in enumerate(nodes) if _subject(nodes, i)), None)


def _single(node: Node) -> bool:
    return node.kind == GROUP and node.value.size.maximum == 1 and not node.value.many


def _subject(nodes: list[Node], at: int) -> bool:
    return _single(nodes[at]) and not oblique(nodes, at)


def _several(node: Node) -> bool:
    if node.kind != GROUP or node.value.name is not None:
        return False
    count = node.value.count
    return bool(node.value.many) if count is None else (count.maximum is None or count.maximum > 1)
