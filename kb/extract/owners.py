"""States and bodies whose forces they are: what names one, lists of them, and whom "its" means."""

from __future__ import annotations

from collections.abc import Sequence

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PLACE
from kb.extract.nodes import Node
from kb.extract.phrases import GROUP
from kb.extract.seek import LIST_WORDS
from kb.model import ActorType


def is_state(node: Node) -> bool:
    """Whether a node names a state, its people or its army."""
    if node.kind == PLACE:
        return bool(node.value.precision == "country")
    return node.kind in (NATIONAL, DEMONYM) or (
        node.kind == ACTOR and node.value.type in (ActorType.STATE, ActorType.MILITARY)
    )


def country_of(node: Node) -> str | None:
    """The state that a phrase names or belongs to, as its ISO code."""
    if node.kind in (DEMONYM, NATIONAL):
        return str(node.value.code)
    return node.value.country if node.kind in (PLACE, ACTOR, GROUP) else None


def members_of(nodes: Sequence[Node], at: int, last: int) -> tuple[int, ...]:
    """States listed behind "from" or "of": at least two."""
    for index in range(at, min(at + 10, last)):
        if nodes[index].lower in ("from", "of", "by"):
            states = listed(nodes, index + 1, last)
            if len(states) > 1:
                return states
        elif index > at and nodes[index].has("be", "have", "say"):
            return ()
    return ()


def listed(nodes: Sequence[Node], start: int, last: int) -> tuple[int, ...]:
    """The states of a list that begins at a node."""
    run: list[int] = []
    for index in range(start, last):
        node = nodes[index]
        if is_state(node) or node.kind == ACTOR:
            run.append(index)
        elif not (node.lower in LIST_WORDS or node.has("determiner")):
            break
    return tuple(index for index in run if is_state(nodes[index]))


def antecedent(nodes: Sequence[Node], before: int) -> int | None:
    """Whom "its" means: the nearest state or body before it in the sentence."""
    for index in range(before, -1, -1):
        node = nodes[index]
        if index == 0 and node.kind == PLACE and node.value.precision == "city":
            return index  # "Washington is weighing …": a city that opens a sentence speaks for its state
        if node.kind == ACTOR and node.value.type not in (ActorType.OUTLET, ActorType.PERSON):
            return index
        if node.kind == PLACE and node.value.precision == "country":
            return index
    return None
