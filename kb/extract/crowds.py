"""Gatherings and their size: counted people who protest, riot, gather or besiege."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, Node
from kb.extract.phrases import GROUP
from kb.extract.voice import is_adverb
from kb.model import Count, VictimClass

GATHERING = word_set("gathering")
GATHER_VERBS = word_set("gather-verbs")
ESTIMATED = word_set("crowd-nouns")
MARCHING = frozenset({"marched", "demonstrated", "rallied", "protested", "attended"})
SMALLEST = 10  # people: fewer are no crowd


class Crowd(NamedTuple):
    """One finding: the node of the people, their count, and the verb that makes them a crowd."""

    phrase: int
    trigger: int
    count: Count  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    kind: str


def crowds(nodes: list[Node], harmed: frozenset[int]) -> list[Crowd]:
    """The crowds of one sentence; people already harmed by a casualty finding are none."""
    found = list(_estimates(nodes))
    for at, node in enumerate(nodes):
        if node.kind == COUNT and at + 1 < len(nodes) and (marching := _marching(nodes, at)) is not None:
            found.append(marching)
        if node.kind != GROUP or at in harmed or node.value.count is None:
            continue
        count: Count = node.value.count
        if max(count.minimum or 0, count.maximum or 0) < SMALLEST:
            continue
        verb = _verb(nodes, at)
        if verb is not None:
            tags = [tag.value for tag in nodes[verb].tagged("event-verb") if tag.value in GATHERING]
            found.append(Crowd(at, verb, count, tags[0] if tags else "protest"))
    return found


def _estimates(nodes: list[Node]) -> Iterator[Crowd]:
    """ "put the crowd at more than 60,000", "a turnout of 3,000"."""
    for at, node in enumerate(nodes):
        if node.kind != COUNT or node.value.kind != "number" or at < 2 or nodes[at - 1].lower not in ("at", "of"):
            continue
        size = max(node.value.count.minimum or 0, node.value.count.maximum or 0)
        noun = _over_where(nodes, at - 2)
        counted = nodes[noun].lower.removeprefix("the ").removeprefix("a ") in ESTIMATED
        if counted and size >= SMALLEST and (at + 1 >= len(nodes) or nodes[at + 1].kind != GROUP):
            yield Crowd(noun, at, node.value.count, "protest")


def _over_where(nodes: list[Node], index: int) -> int:
    """ "the crowd | in the square | at 100,000": over where it was."""
    for at in range(index, max(0, index - 5), -1):
        if nodes[at].lower in ESTIMATED or nodes[at].lower.removeprefix("the ") in ESTIMATED:
            return at
        if not (nodes[at].has("locative", "determiner", "site") or nodes[at].kind == "place" or not nodes[at].tags):
            break
    return index


def _marching(nodes: list[Node], at: int) -> Crowd | None:
    """ "30,000 marched", "about 5,000 attended": a number without a noun, and what only people do together."""
    node, behind = nodes[at], at + 1
    while behind < len(nodes) - 1 and nodes[behind].has("have"):
        behind += 1
    if node.value.kind != "number" or behind >= len(nodes) or (at and nodes[at - 1].has("preposition")):
        return None
    size = max(node.value.count.minimum or 0, node.value.count.maximum or 0)
    told = nodes[behind].lower.split()[0] in MARCHING and nodes[behind].kind == "word"
    return Crowd(at, behind, node.value.count, "protest") if told and size >= SMALLEST else None


def _verb(nodes: list[Node], at: int) -> int | None:
    """The verb that says what the people did, right behind them; protesters need none."""
    protesters = nodes[at].value.victim_class == VictimClass.PROTESTERS
    for index in range(at + 1, min(at + 7, len(nodes))):
        node = nodes[index]
        if any(tag.value in GATHERING for tag in node.tagged("event-verb")) or node.lower in GATHER_VERBS:
            return index if protesters or _peaceful(node) else None
        if node.has("harm-verb", "harm-intransitive", "harm-adjective", "be"):
            return None
        if not (
            is_adverb(node)
            or node.lower in (",", "who", "that", "have", "had", "to", "from", "of", "the")
            or not node.tags
            or node.kind in ("place", "time")
        ):
            break
    return at if protesters else None


def _peaceful(node: Node) -> bool:
    return node.lower in GATHER_VERBS or any(
        tag.value in ("protest", "riot", "siege", "blockade") for tag in node.tagged("event-verb")
    )
