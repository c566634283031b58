"""What stands behind a noun for people: whose they are, and a name beside it."""

from __future__ import annotations

from kb.extract.entities import ACTOR, PERSON_NAME, PLACE
from kb.extract.nodes import Node
from kb.model import Actor, ActorType


def behind(nodes: list[Node], end: int, head: Node) -> tuple[str | None, tuple[str | None, Actor | None] | None, int]:
    """What stands behind the noun: "of Kazakhstan", a name in apposition."""
    owner, last = None, end
    if last + 1 < len(nodes) and nodes[last].lower in ("of", "for", "from") and head.has("role", "person"):
        target = last + 2 if nodes[last + 1].lower == "the" and last + 2 < len(nodes) else last + 1
        value = nodes[target].value
        if nodes[target].kind in (ACTOR, PLACE) and not head.has("unnamed"):
            owner = (value.country, value if isinstance(value, Actor) else None)
            if head.has("role") or nodes[target].kind == ACTOR:
                last = target + 1
    name, last = _apposed(nodes, last, head)
    return name, owner, last


def _apposed(nodes: list[Node], last: int, head: Node) -> tuple[str | None, int]:
    """The name beside the noun, with or without a comma: "spokesman X", "President of Kazakhstan, X"."""
    name = _person_name(nodes, last)
    if name is not None:
        return name, last + 1
    if (
        last + 1 < len(nodes)
        and nodes[last].lower == ","
        and head.has("role", "person")
        and not head.lower.endswith("s")
    ):
        name = _person_name(nodes, last + 1)
        if name is not None:
            return name, last + 2
    return None, last


def _person_name(nodes: list[Node], at: int) -> str | None:
    if at >= len(nodes):
        return None
    if nodes[at].kind == PERSON_NAME:
        return str(nodes[at].value)
    if nodes[at].kind == ACTOR and nodes[at].value.type == ActorType.PERSON:
        return nodes[at].value.name  # type: ignore[no-any-return]  # an actor node holds an Actor
    return None
