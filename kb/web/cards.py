"""One claim as a page shows it: what it says in a line, its badges, and the chain from source to publisher."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from kb.model import (
    Actor,
    CasualtyClaim,
    Certainty,
    Claim,
    CrowdClaim,
    DeploymentClaim,
    EventClaim,
    Hedge,
    Modality,
    Place,
)
from kb.web.i18n import gettext as _
from kb.web.wording import bounds_words, count_words, day_words, time_words, words


@dataclass(frozen=True)
class Ref:
    """Something with a page: its IRI (None if it has none) and how it reads; ``note`` adds the wording or office."""

    label: str
    iri: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Badge:
    """A short label with the CSS class that colours it; ``title`` says what it tells."""

    text: str
    style: str
    title: str


@dataclass(frozen=True)
class DocumentCard:
    """A document without its text: as lists and claims refer to it."""

    iri: str
    title: str | None
    publisher: Ref | None
    published: date | datetime | None
    url: str | None
    language: str | None
    identifier: str | None = None
    claims: int = 0

    @property
    def day(self) -> str:
        """The day of publication in words, unless the label says it already."""
        day = day_words(self.published)
        return "" if day and self.label.endswith(day) else day

    @property
    def label(self) -> str:
        """The title, else the identifier that it was given, else its day."""
        if self.title:
            return self.title
        if self.identifier and not self.iri.endswith(f"/{self.identifier}"):
            return self.identifier
        return f"Untitled, {day_words(self.published)}" if self.published else "Untitled and undated"


@dataclass(frozen=True)
class Card:
    """A claim with its document and the labels of the nodes that it names; ``decided`` is what a person made of it
    ("rejected", "amended"), None where it stands as it was read.
    """

    iri: str
    claim: Claim
    document: DocumentCard
    labels: dict[str, str] = field(default_factory=dict)
    decided: str | None = None

    @property
    def start(self) -> int:
        """Where the quote starts in the document's text."""
        return self.claim.start

    @property
    def end(self) -> int:
        """Where the quote ends."""
        return self.claim.end

    @property
    def anchor(self) -> str:
        """The id of the claim's highlight on the document's page."""
        return "claim-" + self.iri.rsplit("/", 1)[-1]

    @property
    def headline(self) -> str:
        """What the claim says, in a line."""
        line = self._headline()
        return line[:1].upper() + line[1:]

    def _headline(self) -> str:
        claim = self.claim
        if isinstance(claim, CasualtyClaim):
            who = _plain(claim.victims.name or claim.victims.text) if claim.victims else ""
            # "Soldiers were killed": the wording of the number is that of the victims, once is enough.
            alone = _plain(claim.count.text).casefold() == who.casefold()
            number = bounds_words(claim.count) if alone else count_words(claim.count)
            return f"{number} {words(claim.harm)}" + (f": {who}" if who else "")
        if isinstance(claim, DeploymentClaim):
            return self._deployment(claim)
        if isinstance(claim, CrowdClaim):
            return f"{count_words(claim.count)}: {claim.group.text if claim.group else words('crowd')}"
        return self._event(claim)

    def _deployment(self, claim: DeploymentClaim) -> str:
        who = self.names([claim.deployer] if claim.deployer else list(claim.contributors))
        what = " ".join(part for part in (count_words(claim.count), claim.unit) if part)
        head = ", ".join(part for part in (who, what) if part) or words("forces")
        where = claim.destination or claim.place
        return f"{head} → {self.place(where).label}" if where else head

    def _event(self, claim: EventClaim) -> str:
        who, whom = self.names(list(claim.agents)), self.names(list(claim.targets))
        return words(claim.event_type or "event") + (f": {who}" if who else "") + (f" → {whom}" if whom else "")

    def names(self, actors: list[Actor]) -> str:
        """The actors by their names, with commas."""
        return ", ".join(self.actor(actor).label for actor in actors)

    def actor(self, actor: Actor) -> Ref:
        """An actor as it is known, with the document's wording as a note where that differs."""
        label = self.labels.get(actor.iri or "") or actor.name or actor.text
        said = [_new(actor.role, label), None if _same(label, actor.text) else _new(actor.text, label)]
        return Ref(label, actor.iri, "; ".join(dict.fromkeys(part for part in said if part)) or None)

    def place(self, place: Place) -> Ref:
        """A place as it is known, with the document's wording as a note where that differs."""
        label = self.labels.get(place.iri or "") or place.name or place.text
        return Ref(label, place.iri, _new(place.text, label))

    @property
    def where(self) -> Ref | None:
        """The place of the claim."""
        return self.place(self.claim.place) if self.claim.place else None

    @property
    def when(self) -> str:
        """The days of the claim in words."""
        return time_words(self.claim.time)

    @property
    def chain(self) -> list[Ref]:
        """Source, relays in order, publisher; without repeating the publisher that is its own source."""
        steps = [self.actor(actor) for actor in (self.claim.source, *self.claim.relays) if actor]
        publisher = self.document.publisher
        if publisher and not any(step.iri == publisher.iri and step.iri for step in steps[-1:]):
            steps.append(publisher)
        return steps

    @property
    def badges(self) -> list[Badge]:
        """Kind or harm, hedge, modality, certainty, precision, review: the ordinary values are left out."""
        claim = self.claim
        result = [self._kind_badge()]
        count = getattr(claim, "count", None)
        if count and count.hedge is not Hedge.EXACT:
            result.append(Badge(words(count.hedge), "hedge", _("how the number was hedged")))
        if isinstance(claim, DeploymentClaim) and claim.phase:
            result.append(Badge(words(claim.phase), "phase", _("how far the deployment has got")))
        if claim.modality is not Modality.ASSERTED:
            result.append(Badge(words(claim.modality), claim.modality, _("how the document puts it")))
        if claim.certainty is not Certainty.CERTAIN:
            result.append(Badge(words(claim.certainty), "certainty", _("how sure the source sounds")))
        if claim.place and claim.place.precision:
            result.append(
                Badge(words(f"{claim.place.precision} level"), "precision", _("how exactly the place is known"))
            )
        if self.decided:
            result.append(
                Badge(words(self.decided), self.decided, _("what a person decided; the claim's page has why"))
            )
        elif claim.needs_review:
            result.append(Badge(_("needs review"), "review", claim.review_reason or ""))
        return result

    def _kind_badge(self) -> Badge:
        if isinstance(self.claim, CasualtyClaim):
            return Badge(words(self.claim.harm), self.claim.harm, _("what happened to the victims"))
        return Badge(words(self.claim.kind), self.claim.kind, _("the kind of claim"))


def _plain(text: str) -> str:
    """The wording on one line."""
    return " ".join(text.split())


def _new(text: str | None, label: str) -> str | None:
    """The wording if it tells more than the label does."""
    plain = _plain(text or "")
    bare = plain.casefold().removeprefix("the ")
    return plain if bare and bare not in label.casefold() else None


def _same(label: str, text: str) -> bool:
    """Whether the wording is the label with something before it ("Prosecutor General Berik Assylov")."""
    return _plain(text).casefold().endswith(label.casefold())
