"""Violence that wounds where nothing worse is told: "stabbed five people" yields to a number of wounded told later."""

from __future__ import annotations

from collections.abc import Sequence

from kb.model import CasualtyClaim, Claim

ASSAULT = "assault-"


def without_assaults(claims: Sequence[Claim]) -> list[Claim]:
    """The claims less those of people beaten or stabbed that a number of wounded further on takes up."""
    wholes = {claim.subset_of for claim in claims if isinstance(claim, CasualtyClaim)}
    last = max((index for index, claim in enumerate(claims) if _counts_wounded(claim)), default=-1)
    return [
        claim
        for index, claim in enumerate(claims)
        if index > last or not claim.rule.startswith(ASSAULT) or claim.id in wholes
    ]


def _counts_wounded(claim: Claim) -> bool:
    return (
        isinstance(claim, CasualtyClaim)
        and claim.harm == "injured"
        and claim.count.maximum != 0
        and claim.subset_of is None
        and not claim.rule.startswith(ASSAULT)
    )
