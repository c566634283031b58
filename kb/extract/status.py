"""How a statement is put: asserted, denied, attempted, planned, possible, demanded, conditional; and how surely."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.entities import ACTOR, PERSON_NAME
from kb.extract.lexicon import word_set
from kb.extract.nodes import Node
from kb.extract.phrases import GROUP
from kb.extract.voice import auxiliary, is_adverb
from kb.model import Certainty, Modality

NEAR = 5  # nodes before the trigger in which an auxiliary or a governing verb is looked for
REPORTED = word_set("reported")
FEARED = word_set("feared")


class Status(NamedTuple):
    """Modality and certainty of a trigger."""

    modality: Modality
    certainty: Certainty


ASSERTED = Status(Modality.ASSERTED, Certainty.CERTAIN)


def status(nodes: list[Node], at: int, bounds: tuple[int, int]) -> Status:
    """The status of the trigger at ``at`` within its clause."""
    first = max(bounds[0], at - NEAR)
    aux = auxiliary(nodes, at)
    if aux is not None:
        first = max(bounds[0], min(first, aux - 4))
    before = nodes[first:at]
    modality = _verbal(nodes, at, before, bounds) or _clausal(nodes, at, bounds) or Modality.ASSERTED
    certainty = Certainty.CERTAIN
    words = {node.lower for node in nodes[max(bounds[0], at - 10) : min(bounds[1], at + 4)]}
    if words & REPORTED:
        certainty = Certainty.PROBABLE
    if modality == Modality.POSSIBLE:
        certainty = Certainty.POSSIBLE
    return Status(modality, certainty)


def _verbal(nodes: list[Node], at: int, before: list[Node], bounds: tuple[int, int]) -> Modality | None:
    """What the words of the verb group say: modals, negation, an infinitive and the verb that governs it."""
    for offset in range(len(before) - 1, -1, -1):
        node = before[offset]
        if node.kind in (GROUP, ACTOR, PERSON_NAME):
            break
        if node.has("modal-possible") or node.lower in FEARED:
            return Modality.POSSIBLE
        if node.lower in ("would", "should"):
            return Modality.CONDITIONAL if node.lower == "would" else Modality.DEMANDED
        if node.has("modal-future"):
            return Modality.PLANNED
        if node.lower == "must":
            return Modality.DEMANDED
        if node.has("mode-negation") and not (offset + 1 < len(before) and before[offset + 1].lower == "only"):
            return Modality.DENIED
        if node.lower == "to" and _infinitive(nodes, at):
            return _governor(nodes, at - len(before) + offset, bounds)
        if node.has("mode-attempt") and not node.has("say"):
            return Modality.ATTEMPTED
        if not (
            is_adverb(node)
            or node.has("be", "have", "modal", "preposition", "harm-verb", "event-verb", "mode-plan", "conjunction")
            or node.lower in ("-", ",", '"', "“", "”")
        ):
            break
    return None


def _infinitive(nodes: list[Node], at: int) -> bool:
    forms = {tag.form for tag in nodes[at].tags}
    return "base" in forms or auxiliary(nodes, at) is not None


def _governor(nodes: list[Node], to: int, bounds: tuple[int, int]) -> Modality | None:
    """The verb before an infinitive tells whether it was tried, planned, demanded or done."""
    for index in range(to - 1, max(bounds[0], to - 6) - 1, -1):
        node = nodes[index]
        if node.has("mode-attempt"):
            return Modality.ATTEMPTED
        if node.has("mode-demand"):
            return Modality.DEMANDED
        if node.has("mode-plan", "mode-threat"):
            return Modality.PLANNED
        if node.lower in (
            "able",
            "managed",
            "began",
            "started",
            "continued",
            "used",
            "succeeded",
            "proceeded",
            "going",
        ):
            return Modality.PLANNED if node.lower == "going" else None
        if node.has("be", "have"):
            return Modality.PLANNED
    return Modality.PLANNED


def _clausal(nodes: list[Node], at: int, bounds: tuple[int, int]) -> Modality | None:
    """What governs the whole clause: "if …", "X denied that …", "… was prevented"."""
    for node in nodes[bounds[0] : at]:
        if node.has("say-deny") or node.lower in ("denied", "denies", "denying"):
            return Modality.DENIED
        if node.lower in ("if", "unless", "whether", "in case"):
            return Modality.CONDITIONAL
    if bounds[0] > 0 and nodes[bounds[0] - 1].lower in ("if", "unless", "whether"):
        return Modality.CONDITIONAL
    return None
