"""What a document says twice in the same words of the model is one claim: the first, or the fuller, stays."""

from __future__ import annotations

from kb.model import Claim, DeploymentClaim, EventClaim


def without_restatements(claims: list[Claim]) -> list[Claim]:
    """Leave out exact repetitions, and events that an earlier or fuller claim of the same event already tells."""
    kept: list[Claim] = []
    seen: set[object] = set()
    for claim in claims:
        key = _key(claim)
        if key in seen:
            continue
        seen.add(key)
        kept.append(claim)
    return [claim for claim in kept if not _told(claim, kept)]


def with_units_known(claims: list[Claim]) -> list[Claim]:
    """A force named again ("a peacekeeping contingent") keeps whose it is and where it goes from its first mention."""
    known: dict[str, DeploymentClaim] = {}
    found: list[Claim] = []
    for claim in claims:
        found.append(_with_unit(claim, known) if isinstance(claim, DeploymentClaim) and claim.unit else claim)
    return found


def _with_unit(claim: DeploymentClaim, known: dict[str, DeploymentClaim]) -> DeploymentClaim:
    unit = (claim.unit or "").lower().removeprefix("a ").removeprefix("the ")
    earlier = known.get(unit)
    if earlier is None:
        if claim.deployer is not None and " " in unit:
            known[unit] = claim
        return claim
    if claim.deployer or claim.destination or claim.origin:
        return claim
    place = earlier.destination or claim.place
    return claim.model_copy(update={"deployer": earlier.deployer, "destination": earlier.destination, "place": place})


def _iri(thing: object) -> object:
    return getattr(thing, "iri", None) or getattr(thing, "text", None)


def _key(claim: Claim) -> object:
    shared = (
        claim.kind,
        claim.event_type,
        _iri(claim.place),
        claim.time and (claim.time.earliest, claim.time.latest),
        claim.modality,
    )
    if isinstance(claim, EventClaim):
        return (*shared, tuple(map(_iri, claim.agents)), tuple(map(_iri, claim.targets)))
    return claim.id


def _told(claim: Claim, kept: list[Claim]) -> bool:
    """Whether an event claim without participants says no more than another of the same type, place and time."""
    if not isinstance(claim, EventClaim) or claim.agents or claim.targets:
        return False
    return any(
        isinstance(other, EventClaim)
        and other is not claim
        and (other.agents or other.targets)
        and (other.event_type, _iri(other.place), other.time, other.modality)
        == (claim.event_type, _iri(claim.place), claim.time, claim.modality)
        for other in kept
    )
