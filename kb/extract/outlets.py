"""Phrases that name an outlet, or say that they are one."""

from __future__ import annotations

from collections.abc import Sequence

from kb.extract.entities import ACTOR
from kb.extract.nodes import Node
from kb.extract.speakers import OUTLETS, Run, names_outlet
from kb.model import ActorType


def outlet_noun(nodes: Sequence[Node], run: Run) -> bool:
    """Whether the phrase says that it is an outlet ("the Tengrinews portal"), or names one that is known."""
    head = nodes[run.head]
    if head.kind == ACTOR and (head.value.type == ActorType.OUTLET or _named_as_outlet(head.lower)):
        return True
    near = nodes[max(run.first, run.head - 2) : min(run.last, run.head + 3)]
    return any(names_outlet(node) for node in near)


def _named_as_outlet(name: str) -> bool:
    """ "Radio Kledu", "Horn Cable Television": a name that says so itself."""
    words = name.split()
    return len(words) > 1 and (words[0] in OUTLETS or words[-1] in OUTLETS)
