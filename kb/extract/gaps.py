"""Counts whose verb is left out: "five were killed in Homs and three in Idlib", "they lost 12 men, the army one"."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract.entities import ACTOR, NATIONAL
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.phrases import GROUP
from kb.extract.seek import PARTS, PREDICATES, counts_things
from kb.extract.voice import clause

VERBS = tuple(lex for lex in PREDICATES if lex != "event-verb")
GAP_WORDS = word_set("gap-words")
JOINTS = frozenset({",", "and", ";", "while", "plus"})
OWN_WORDS = ("harm-noun", "harm-adjective", "loss", "body", "wound", "lives", "harmed-of", "including")


def gapped(nodes: list[Node], at: int, phrase: int) -> Iterator[int]:
    """The further numbers that the verb at ``at`` holds for; none unless the parts stand side by side alike."""
    if nodes[at].has("losing"):
        yield from _lost(nodes, phrase)
        return
    first = max(at, phrase) + 1
    alike = next((i for i in range(first, min(first + 3, len(nodes))) if _sets(nodes[i])), None)
    if alike is None:
        return
    last = clause(nodes, at)[1]
    for index in range(alike + 1, min(last, len(nodes) - 1)):
        breakdown = nodes[index].lower in ("-", "–", "—", ":", "(", "--")
        if breakdown or (nodes[index].has(*VERBS, "including") and nodes[index].kind == PLAIN):
            return
        listed = nodes[index - 1].lower in JOINTS and _counted(nodes, index)
        beside = _same(nodes[alike], nodes[index + 1]) or _more(nodes[index])
        if listed and beside and not _own_verb(nodes, index, last):
            yield index


def _more(node: Node) -> bool:
    """ "ten more", "another five": on top of those told of, wherever they are."""
    return node.kind == COUNT and bool(node.value.additional)


def _lost(nodes: list[Node], phrase: int) -> Iterator[int]:
    """ "lost 12 men, the army one"."""
    index = phrase + 1
    while index < len(nodes) and nodes[index].lower in ("and", ",", "the"):
        index += 1
    owner = index < len(nodes) and nodes[index].kind in (ACTOR, GROUP, NATIONAL)
    if owner and _counted(nodes, index + 1) and (index + 2 == len(nodes) or not nodes[index + 2].lower[0].isalpha()):
        yield index + 1


def _sets(node: Node) -> bool:
    return node.kind == TIME or node.lower in GAP_WORDS


def _same(one: Node, other: Node) -> bool:
    """Whether both parts are told by place or both by time."""
    return other.kind == TIME if one.kind == TIME else other.lower in GAP_WORDS


def _counted(nodes: list[Node], at: int) -> bool:
    if at >= len(nodes) or counts_things(nodes, at):
        return False
    node = nodes[at]
    if node.kind == COUNT:
        follower = nodes[at + 1] if at + 1 < len(nodes) else None
        told_apart = follower is not None and (follower.lower in PARTS or follower.has(*OWN_WORDS))
        return node.value.kind == "number" and not told_apart
    return node.kind == GROUP and node.value.count is not None


def _own_verb(nodes: list[Node], index: int, last: int) -> bool:
    """Whether a verb of its own follows before the next joint."""
    for node in nodes[index + 1 : last]:
        if node.lower in JOINTS:
            return False
        if node.kind == PLAIN and (node.has(*VERBS, *OWN_WORDS) and not node.has("preposition")):
            return True
    return False
