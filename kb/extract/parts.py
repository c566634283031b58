"""Parts of people harmed that are told by their place: "164 killed, 103 of them in Almaty"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.extract.entities import PLACE
from kb.extract.harmed import Casualty
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.reading import Line
from kb.extract.seek import PARTS


def place_of(nodes: list[Node], phrase: int) -> int | None:
    """The place right behind a number of people: "103 of them in Almaty", "12 in Homs"."""
    at = phrase + 1
    if at < len(nodes) and nodes[at].lower in PARTS:
        at += 1
    placed = at + 1 < len(nodes) and nodes[at].has("locative") and nodes[at + 1].kind == PLACE
    return at + 1 if placed else None


def part_place(nodes: list[Node], finding: Casualty) -> int | None:
    """The place of a finding that is a part of another's people and has a place of its own."""
    if finding.whole is None or nodes[finding.phrase].kind != COUNT:
        return None
    return place_of(nodes, finding.phrase)


def without_places_of_parts(line: Line, found: Sequence[Casualty]) -> Line:
    """The line, its scenery without the places that only parts of the people harmed have."""
    apart = {place for finding in found if (place := part_place(line.nodes, finding)) is not None}
    if not apart:
        return line
    scenery = [node._replace(kind=PLAIN) if index in apart else node for index, node in enumerate(line.scenery)]
    return replace(line, scenery=scenery)
