"""Totals told beside their parts: "Six militants and three soldiers were killed. 9 fatalities."

A total that says no more than its parts in sum is told already. Where it says more, or less, what was told before hangs
on it as its parts: whoever adds up what is no part of anything finds the total, once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.extract.harmed import Casualty
from kb.extract.nodes import COUNT, Node
from kb.extract.phrases import GROUP
from kb.model import CasualtyClaim, Claim, Modality, VictimClass

IN_ALL = re.compile(r"\b(?:in total|in all|altogether|all told|overall|a total of|totall?ing)\b", re.IGNORECASE)
REVISED = re.compile(r"\b(?:correct|revis|lower|reduc)(?:ed|es|s|ing)\b", re.IGNORECASE)
RAISED = re.compile(r"\blater (?:put|rose|raised|revised|gave|said)\b|\bfinal toll\b", re.IGNORECASE)
FIRST_TOLD = re.compile(
    r"\b(?:first|initially|earlier|originally|previously) "
    r"(?:spoke|spoken|said|reported|put|given|gave|announced|told|counted)\b"
    r"|\bat first\b.{0,40}\b(?:spoke|said|reported|put|gave|counted)\b|\b(?:early|first|initial|earlier) reports?\b",
    re.IGNORECASE,
)
CONFIRMING = re.compile(r"\b(?:also (?:said|stated|reported|confirmed|put|gave)|confirm(?:ed|s))\b", re.IGNORECASE)
REVISING = frozenset({"toll", "number-harmed"})
TOLD_BY = ("harm-noun", "toll", "harm-adjective", "harm-verb", "loss")
BARE = 8  # nodes of a sentence that is nothing but a total: "At least 9 reported fatalities in total."
OTHER_WORDS = ("be", "preposition", "adverbs", "determiner", "modifiers", "including", "have")


def bare_total(nodes: Sequence[Node], finding: Casualty) -> bool:
    """Whether a sentence is nothing but the number of those harmed: "9 fatalities.", "Fatalities: 9."."""
    if len(nodes) > BARE or finding.victim_class != VictimClass.UNKNOWN or finding.name is not None:
        return False
    if finding.count.maximum == 0 or not nodes[finding.trigger].has(*TOLD_BY):
        return False
    counted = nodes[finding.phrase].kind in (COUNT, GROUP)
    return counted and all(
        index in (finding.trigger, finding.phrase)
        or not node.lower[0].isalpha()
        or node.kind == COUNT
        or node.has(*TOLD_BY, *OTHER_WORDS)
        or node.lower in ("total", "reported", "count", "confirmed")
        for index, node in enumerate(nodes)
    )


def with_totals(claims: Sequence[Claim], bare: set[str]) -> list[Claim]:
    """The claims, those before a total as its parts; a total left out that is the mere sum of what is told."""
    found = list(claims)
    order = {claim.id: index for index, claim in enumerate(claims)}
    for total in [
        c for c in claims if isinstance(c, CasualtyClaim) and (c.id in bare or _in_all(c) or _revised(c) or _raised(c))
    ]:
        alike = [c for c in found if isinstance(c, CasualtyClaim) and c.id != total.id and _beside(c, total)]
        before = [c for c in alike if order[c.id] < order[total.id]]
        if _revised(total) and _sum(before) > (total.count.minimum or 0):
            taken = {c.id for c in before}
            found = [c.model_copy(update={"modality": Modality.DENIED}) if c.id in taken else c for c in found]
            continue
        parts = before or (alike if _sum(alike) == total.count.minimum == total.count.maximum else [])
        if not parts or (total.id not in bare and _sum(parts) > (total.count.minimum or 0)):
            continue
        exact = _sum(parts) == total.count.minimum and all(c.count.minimum is not None for c in parts)
        whole = any(isinstance(c, CasualtyClaim) and c.subset_of == total.id for c in found)
        if parts is before and exact and not whole:
            found = [c for c in found if c.id != total.id]
            continue
        ids = {c.id for c in parts}
        found = [c.model_copy(update={"subset_of": total.id}) if c.id in ids else c for c in found]
    return _superseded(found)


def _superseded(claims: list[Claim]) -> list[Claim]:
    """The claims, first reports as parts of higher numbers beside them: "at first the police spoke of nine"."""
    found = list(claims)
    for index, claim in enumerate(found):
        if isinstance(claim, CasualtyClaim) and (first := _confirmed(claim, found[:index])) is not None:
            found[index] = claim.model_copy(update={"subset_of": first.id})
            continue
        if not isinstance(claim, CasualtyClaim) or claim.subset_of is not None or not FIRST_TOLD.search(claim.quote):
            continue
        others = [c for c in found if isinstance(c, CasualtyClaim) and c.start != claim.start and _beside(c, claim)]
        higher = [c for c in others if (c.count.minimum or 0) > (claim.count.minimum or 0)]
        if higher and not claim.background:
            found[index] = claim.model_copy(update={"subset_of": higher[0].id})
    return found


def _confirmed(claim: CasualtyClaim, before: Sequence[Claim]) -> CasualtyClaim | None:
    """The claim whose number another source confirms: "the ministry also stated that it had killed two"."""
    if claim.subset_of is not None or claim.source is None or not CONFIRMING.search(claim.quote):
        return None
    for other in before:
        if not isinstance(other, CasualtyClaim) or other.start == claim.start or not _beside(other, claim):
            continue
        one, two = claim.victims, other.victims
        alike = one is not None and two is not None and one.class_ == two.class_
        same = claim.count.minimum == other.count.minimum and claim.count.maximum == other.count.maximum
        if alike and same and (claim.count.minimum or 0) > 1:
            return other
    return None


def _in_all(claim: CasualtyClaim) -> bool:
    """Whether a sentence speaks of a total of people whom nothing tells apart."""
    unknown = claim.victims is not None and claim.victims.class_ == VictimClass.UNKNOWN
    return unknown and claim.subset_of is None and not claim.background and IN_ALL.search(claim.quote) is not None


def _revised(claim: CasualtyClaim) -> bool:
    """Whether a sentence takes another number back: "before correcting the number of injured to 14"."""
    return claim.rule in REVISING and REVISED.search(claim.quote) is not None


def _raised(claim: CasualtyClaim) -> bool:
    """Whether a sentence raises a number told before: "the number was later put at 14", "gave the final toll as 21"."""
    return claim.rule == "toll" and claim.subset_of is None and RAISED.search(claim.quote) is not None


def _beside(claim: CasualtyClaim, total: CasualtyClaim) -> bool:
    """Whether a claim tells of the same harm, as no part of another and not as background."""
    return (
        claim.harm == total.harm
        and claim.subset_of is None
        and not claim.background
        and claim.modality == total.modality == Modality.ASSERTED
        and claim.count.maximum != 0
    )


def _sum(claims: Sequence[CasualtyClaim]) -> int:
    return sum(claim.count.minimum or 0 for claim in claims)
