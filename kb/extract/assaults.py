"""Violence that wounds where nothing worse is told: "stabbed five people" yields to a number of wounded told later."""

from __future__ import annotations

from collections.abc import Sequence

from kb.extract.lexicon import word_set
from kb.model import CasualtyClaim, Claim

ASSAULT, BLAST = "assault-", "blown-up"
ATTACKERS = word_set("attackers")


def without_assaults(claims: Sequence[Claim]) -> list[Claim]:
    """The claims less those of people beaten or stabbed that a number of wounded further on takes up."""
    wholes = {claim.subset_of for claim in claims if isinstance(claim, CasualtyClaim)}
    last = max((index for index, claim in enumerate(claims) if _counts_wounded(claim)), default=-1)
    return [
        claim
        for index, claim in enumerate(claims)
        if index > last or not claim.rule.startswith(ASSAULT) or claim.id in wholes
    ]


def without_told_bombers(claims: Sequence[Claim]) -> list[Claim]:
    """The claims less bombers who blew themselves up where their death is told in other words or within a total."""
    told = [
        claim
        for claim in claims
        if isinstance(claim, CasualtyClaim) and claim.harm == "killed" and claim.rule not in (BLAST, "suicide")
    ]
    attackers = any(_of_attackers(claim) for claim in told)
    people = {(claim.victims.text, claim.count.minimum) for claim in told if claim.victims is not None}
    return [
        claim
        for claim in claims
        if not (claim.rule in (BLAST, "suicide") and (_named(claim, people) or (attackers and not _one_more(claim))))
    ]


def _named(claim: Claim, people: set[tuple[str, int | None]]) -> bool:
    """Whether the same people are told of as killed in other words: "besides themselves"."""
    return (
        isinstance(claim, CasualtyClaim)
        and claim.victims is not None
        and ((claim.victims.text, claim.count.minimum) in people)
    )


def _one_more(claim: Claim) -> bool:
    """ "and a third blew himself up": beside the attackers told of."""
    return isinstance(claim, CasualtyClaim) and claim.victims is not None and claim.victims.text == "others"


def _of_attackers(claim: CasualtyClaim) -> bool:
    words = claim.victims.text.lower().split() if claim.victims else []
    return claim.count.maximum != 0 and any(word in ATTACKERS for word in words)


def _counts_wounded(claim: Claim) -> bool:
    return (
        isinstance(claim, CasualtyClaim)
        and claim.harm == "injured"
        and claim.count.maximum != 0
        and claim.subset_of is None
        and not claim.rule.startswith(ASSAULT)
    )
