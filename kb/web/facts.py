"""The fields of a claim as a page lists them: name, what they link to, wording."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kb.model import Actor, CasualtyClaim, CrowdClaim, DeploymentClaim, EventClaim, Place
from kb.rdf.terms import kb, local, pascal
from kb.web.cards import Card, Ref
from kb.web.i18n import gettext as _
from kb.web.wording import bounds_words, time_words, words


class Fact(NamedTuple):
    """One line of a page: its name, the things it links to, and text."""

    name: str
    items: tuple[Ref, ...] = ()
    text: str = ""


def term(value: str) -> Ref:
    """A value of a vocabulary as a link to its page in the ontology."""
    return Ref(words(value), kb(pascal(value)))


def facts_of(card: Card) -> list[Fact]:
    """What a claim says, field by field; the fields that it leaves open are left out."""
    found = [*_own(card), *_shared(card), *_making(card)]
    return [fact for fact in found if fact.items or fact.text]


def _actors(card: Card, name: str, *actors: Actor | None) -> Fact:
    return Fact(name, tuple(card.actor(actor) for actor in actors if actor))


def _place(card: Card, name: str, place: Place | None) -> Fact:
    if place is None:
        return Fact(name)
    known = [f"{place.lat:.4g}, {place.lon:.4g}"] if place.lat is not None and place.lon is not None else []
    if place.precision:
        known.append(_("known to the %(precision)s") % {"precision": words(place.precision)})
    return Fact(name, (card.place(place),), f" ({'; '.join(known)})" if known else "")


def _own(card: Card) -> Iterator[Fact]:
    claim = card.claim
    if isinstance(claim, CasualtyClaim):
        yield Fact("Harm", (term(claim.harm),))
        yield _count(card)
        if claim.victims:
            said = claim.victims.text
            label = card.labels.get(claim.victims.iri or "") or claim.victims.name or said
            note = said if said.casefold() not in label.casefold() else None
            yield Fact("Victims", (Ref(label, claim.victims.iri, note),))
            yield Fact("Class of victims", (term(claim.victims.class_),))
        if claim.subset_of:
            whole = card.iri.rpartition("/")[0] + "/" + local(claim.subset_of)
            yield Fact("Part of", (Ref(_("the larger number that this is counted in"), whole),))
    elif isinstance(claim, DeploymentClaim):
        yield _actors(card, "Deployer", claim.deployer)
        yield _actors(card, "Contributors", *claim.contributors)
        yield Fact("Unit", text=claim.unit or "")
        yield _count(card)
        yield Fact("Equipment", text=claim.equipment or "")
        yield _place(card, "From", claim.origin)
        yield _place(card, "To", claim.destination)
        yield Fact("Phase", (term(claim.phase),) if claim.phase else ())
        yield Fact("Purpose", text=claim.purpose or "")
    elif isinstance(claim, CrowdClaim):
        yield _actors(card, "Group", claim.group)
        yield _count(card)
    else:
        yield from _event(card, claim)


def _event(card: Card, claim: EventClaim) -> Iterator[Fact]:
    yield _actors(card, "Targets", *claim.targets)
    yield Fact("Instruments", text=", ".join(claim.instruments))


def _said(text: str) -> str:
    return _("in the document “%(text)s”") % {"text": text}


def _count(card: Card) -> Fact:
    count = getattr(card.claim, "count", None)
    if count is None:
        return Fact("Number")
    return Fact("Number", (term(count.hedge),), f": {bounds_words(count)}; {_said(count.text)}")


def _shared(card: Card) -> Iterator[Fact]:
    claim = card.claim
    yield Fact("Type of event", (term(claim.event_type),) if claim.event_type else ())
    yield _actors(card, "Agents", *claim.agents)
    yield _place(card, "Place", claim.place)
    if claim.time:
        when = time_words(claim.time)
        yield Fact("Time", text=when if claim.time.text in when else f"{when}; {_said(claim.time.text)}")
    yield _actors(card, "Source", claim.source)
    yield _actors(card, "Relayed by", *claim.relays)
    yield Fact("Modality", (term(claim.modality),))
    yield Fact("Certainty", (term(claim.certainty),))


def _making(card: Card) -> Iterator[Fact]:
    claim = card.claim
    yield Fact("Read by", text=f"{claim.extractor}, rule {claim.rule}, confidence {claim.confidence:g}")
