"""Claims as the rows of a table, for ``kb extract --format table``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kb.model import Actor, CasualtyClaim, Claim, CrowdClaim, DeploymentClaim, EventClaim
from kb.table import UNBOUND, Column, plain


def claim_columns(claims: Sequence[Claim]) -> list[Column]:
    """One row a claim: what, how many, who, where, when, according to whom, in which words."""
    return [Column(name, tuple(plain(cell(claim)) or UNBOUND for claim in claims)) for name, cell in _CELLS.items()]


def headline(claim: Claim) -> str:
    """A claim in a few words: kind, what, how many, who."""
    words = (claim.kind, _what(claim), _count(claim), _who(claim))
    return plain(" ".join(filter(None, words)))


def _what(claim: Claim) -> str:
    own = (
        claim.harm if isinstance(claim, CasualtyClaim) else claim.phase if isinstance(claim, DeploymentClaim) else None
    )
    return own or claim.event_type or ""


def _count(claim: Claim) -> str:
    """The range as people write it: 13, 13–20, ≥ 13, ≤ 20, with the hedge that it was read from."""
    count = None if isinstance(claim, EventClaim) else claim.count
    if count is None:
        return ""
    low, high = count.minimum, count.maximum
    if low == high:
        text = str(low)
    elif high is None:
        text = f"≥ {low}"
    else:
        text = f"≤ {high}" if low is None else f"{low}–{high}"
    return text if count.hedge in ("exact", "at-least", "up-to", "range") else f"{text} ({count.hedge})"


def _who(claim: Claim) -> str:
    if isinstance(claim, CasualtyClaim):
        return claim.victims.text if claim.victims else ""
    if isinstance(claim, CrowdClaim):
        return _name(claim.group)
    if isinstance(claim, DeploymentClaim):
        parts = [_name(claim.deployer), *map(_name, claim.contributors), claim.unit or ""]
        return ", ".join(dict.fromkeys(filter(None, parts)))
    return ", ".join(map(_name, claim.agents))


def _name(actor: Actor | None) -> str:
    return (actor.name or actor.text) if actor else ""


def _where(claim: Claim) -> str:
    place = claim.destination or claim.place if isinstance(claim, DeploymentClaim) else claim.place
    return (place.name or place.text) if place else ""


def _when(claim: Claim) -> str:
    time = claim.time
    if time is None:
        return ""
    days = [day.isoformat() for day in dict.fromkeys((time.earliest, time.latest)) if day]
    return " – ".join(days) or time.text


_CELLS: dict[str, Callable[[Claim], str]] = {
    "kind": lambda claim: claim.kind,
    "what": _what,
    "count": _count,
    "who": _who,
    "where": _where,
    "when": _when,
    "source": lambda claim: _name(claim.source),
    "relays": lambda claim: " ← ".join(map(_name, claim.relays)),
    "modality": lambda claim: claim.modality,
    "review": lambda claim: claim.review_reason or "",
    "quote": lambda claim: claim.quote,
    "document": lambda claim: claim.document,
}
