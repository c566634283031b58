"""Giving every actor and place of a claim its node, so that what is recorded never lacks one.

Extraction names most nodes itself; this fills in the rest by the same rules: a named actor is ``actor/{slug}``, an
unnamed one ``actor/{cc}-{slug}`` (``actor/{slug}`` without a country), a place ``place/{cc}/{slug}``.
"""

from __future__ import annotations

from typing import Any

from kb.model import Actor, CasualtyClaim, Claim, EventClaim, Place, Victims
from kb.rdf.table import KINDS
from kb.slugs import slug


def settle(claim: Claim, base: str) -> Claim:
    """The claim with an IRI for each actor and place, a name for each place, and its instruments as a sorted set."""
    kind = KINDS[claim.kind]
    changes: dict[str, Any] = {}
    for role in kind.roles:
        value = getattr(claim, role.field)
        if role.many:
            changes[role.field] = tuple(settle_actor(actor, base) for actor in value)
        elif value is not None:
            changes[role.field] = settle_actor(value, base)
    for where in kind.places:
        place = getattr(claim, where.field)
        if place is not None:
            changes[where.field] = settle_place(place, base)
    if isinstance(claim, CasualtyClaim) and claim.victims is not None:
        changes["victims"] = settle_victims(claim.victims, base)
    if isinstance(claim, EventClaim):
        changes["instruments"] = tuple(sorted(set(claim.instruments)))
    changes = {field: value for field, value in changes.items() if value != getattr(claim, field)}
    return claim.model_copy(update=changes) if changes else claim


def settle_actor(actor: Actor, base: str) -> Actor:
    """The actor with an IRI."""
    if actor.iri is not None:
        return actor
    return actor.model_copy(update={"iri": actor_iri(base, actor.name, actor.text, actor.country)})


def settle_victims(victims: Victims, base: str) -> Victims:
    """The victims with an IRI of their group or, for a single named victim, of the person."""
    if victims.iri is not None:
        return victims
    return victims.model_copy(update={"iri": actor_iri(base, victims.name, victims.text, victims.country)})


def settle_place(place: Place, base: str) -> Place:
    """The place with an IRI and a name."""
    name = place.name or place.text
    if place.name is not None and place.iri is not None:
        return place
    country = f"{place.country.lower()}/" if place.country else ""
    return place.model_copy(update={"name": name, "iri": place.iri or f"{base}place/{country}{slug(name)}"})


def actor_iri(base: str, name: str | None, text: str, country: str | None) -> str:
    """The IRI of an actor that has none yet."""
    if name is not None:
        return f"{base}actor/{slug(name)}"
    return f"{base}actor/{country.lower() + '-' if country else ''}{slug(text)}"
