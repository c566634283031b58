"""Suicide bombers, who die of what they set off: "a suicide bomber detonated his vest", "… when he blew up his car"."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract.lexicon import word_set
from kb.extract.nodes import PLAIN, Node
from kb.extract.phrases import GROUP

SETTING_OFF, WORN = word_set("setting-off"), word_set("worn")
OWNED = frozenset({"his", "her", "their"})
REACH = 4  # nodes from "his" to the thing: "his explosives - laden vehicle"


def bombers(nodes: list[Node]) -> Iterator[tuple[int, int]]:
    """Each verb by which bombers set off what is on or under them, and the bombers before it."""
    suicides = [i for i, n in enumerate(nodes) if n.kind == GROUP and ("suicide" in n.lower or "bomber" in n.lower)]
    if not suicides:
        return
    for at in range(suicides[0] + 1, len(nodes) - 2):
        if nodes[at].lower in SETTING_OFF and nodes[at + 1].lower in OWNED and _thing(nodes, at + 2):
            yield at, max(i for i in suicides if i < at)


def _thing(nodes: list[Node], at: int) -> bool:
    for node in nodes[at : at + REACH]:
        if node.has("weapon", "equipment") or node.lower in WORN:
            return True
        if node.kind != PLAIN or node.has("preposition", "conjunction", "be"):
            return False
    return False
