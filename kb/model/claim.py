"""What a document says once, typed, with evidence: the four kinds of claim."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from kb.model.actor import Actor, Victims
from kb.model.count import Count
from kb.model.place import Place
from kb.model.record import Record
from kb.model.time import TimeSpan


class Harm(StrEnum):
    """What happened to the victims."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    DETAINED = "detained"
    ABDUCTED = "abducted"
    DISPLACED = "displaced"


class Modality(StrEnum):
    """How the document puts it."""

    ASSERTED = "asserted"
    DENIED = "denied"
    ATTEMPTED = "attempted"
    PLANNED = "planned"
    POSSIBLE = "possible"
    DEMANDED = "demanded"
    CONDITIONAL = "conditional"


class Certainty(StrEnum):
    """How sure the source sounds."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Phase(StrEnum):
    """How far a deployment has got."""

    REQUESTED = "requested"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    OPERATING = "operating"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


class ClaimBase(Record):
    """What all kinds share; ``start`` and ``end`` index the document's text so that ``text[start:end] == quote``."""

    id: str
    document: str
    kind: str
    agents: tuple[Actor, ...] = ()
    event_type: str | None = None
    place: Place | None = None
    time: TimeSpan | None = None
    source: Actor | None = None
    relays: tuple[Actor, ...] = ()
    modality: Modality = Modality.ASSERTED
    certainty: Certainty = Certainty.CERTAIN
    needs_review: bool = False
    review_reason: str | None = None
    quote: str
    start: int = Field(ge=0)
    end: int
    extractor: str
    rule: str
    confidence: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _evidence(self) -> ClaimBase:
        if self.end - self.start != len(self.quote) or not self.quote:
            raise ValueError(f"offsets {self.start}-{self.end} do not fit a quote of {len(self.quote)} characters")
        if self.needs_review != (self.review_reason is not None):
            raise ValueError("a claim needs review exactly when it gives a reason")
        return self


class CasualtyClaim(ClaimBase):
    """People harmed.

    ``background`` says that the document tells of them beside its incident: of another one, an earlier one, or of all
    in a longer time ("1,200 this year").
    """

    kind: Literal["casualty"] = "casualty"
    harm: Harm
    count: Count
    victims: Victims | None = None
    subset_of: str | None = None
    background: bool = False


class DeploymentClaim(ClaimBase):
    """Forces sent, moved or withdrawn."""

    kind: Literal["deployment"] = "deployment"
    deployer: Actor | None = None
    contributors: tuple[Actor, ...] = ()
    unit: str | None = None
    count: Count | None = None
    equipment: str | None = None
    origin: Place | None = None
    destination: Place | None = None
    phase: Phase | None = None
    purpose: str | None = None


class EventClaim(ClaimBase):
    """Something that happened (or was attempted, planned, denied…)."""

    kind: Literal["event"] = "event"
    targets: tuple[Actor, ...] = ()
    instruments: tuple[str, ...] = ()


class CrowdClaim(ClaimBase):
    """A gathering and its size."""

    kind: Literal["crowd"] = "crowd"
    group: Actor | None = None
    count: Count


Claim = Annotated[CasualtyClaim | DeploymentClaim | EventClaim | CrowdClaim, Field(discriminator="kind")]
CLAIM: TypeAdapter[Claim] = TypeAdapter(Claim)
