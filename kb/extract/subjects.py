"""Whom "they", "he", "she" and "it" stand for where they do something: the subject told before, in reading order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME, PLACE
from kb.extract.nodes import Node
from kb.extract.participants import PERSONAL, acts, joined
from kb.extract.phrases import GROUP
from kb.extract.seek import oblique
from kb.model import ActorType

KEPT = 3  # sentences kept in mind
HUMAN = frozenset({"he", "she"})
BODIES = frozenset(ActorType) - {ActorType.PERSON, ActorType.OUTLET, ActorType.GROUP}
SEVERAL = BODIES - {ActorType.STATE}


class Subjects:
    """The last sentences of a document, to look for the subject that a pronoun takes up."""

    def __init__(self) -> None:
        self._rows: deque[list[Node]] = deque(maxlen=KEPT)

    def told(self, nodes: list[Node]) -> None:
        """Keep a sentence in mind."""
        self._rows.appendleft(nodes)

    def meant(self, nodes: list[Node], at: int) -> list[Node]:
        """The phrases that the pronoun at a node stands for, by its number; none if nothing fits.

        The subject of the sentence is meant before what stands nearer, and a nearer sentence before one farther off.
        """
        pronoun = nodes[at].lower
        for row, last in ((nodes, at), *((row, len(row)) for row in self._rows)):
            found = next(_fitting(row, last, pronoun), None)
            if found is not None:
                several = joined(row, found, 1, last, things=False) if pronoun == "they" else (found,)
                return [row[index] for index in several]
        return []


def pronouns(nodes: Sequence[Node], indexes: Sequence[int]) -> bool:
    """Whether all of these phrases are "he" or "she"."""
    return bool(indexes) and all(nodes[index].lower in HUMAN for index in indexes)


def _fitting(nodes: list[Node], last: int, pronoun: str) -> Iterator[int]:
    """Phrases that a pronoun can stand for: subjects first, from the left."""
    fits = [index for index in range(last) if _fits(nodes[index], pronoun)]
    yield from (index for index in fits if not oblique(nodes, index))
    yield from fits


def _fits(node: Node, pronoun: str) -> bool:
    if node.kind == GROUP:
        group = node.value
        if pronoun in HUMAN:
            return not group.many and (group.count is None or group.count.maximum == 1)
        return pronoun == "they" and (group.many or (group.count is not None and group.count.maximum != 1))
    if node.kind == PERSON_NAME:
        return pronoun in HUMAN
    if node.kind == NATIONAL:
        return pronoun == "they"
    if node.kind == ACTOR:
        if node.value.type == ActorType.PERSON:
            return pronoun in HUMAN
        return node.value.type in (SEVERAL if pronoun == "they" else BODIES if pronoun == "it" else ())
    if node.kind == PLACE:
        return pronoun == "it" and node.value.precision == "country"
    return pronoun == "they" and node.lower not in PERSONAL and acts(node)
