"""The records that pass between layers: documents, claims and their parts (frozen pydantic models)."""

from kb.model.actor import Actor, ActorType, VictimClass, Victims
from kb.model.claim import (
    CLAIM,
    CasualtyClaim,
    Certainty,
    Claim,
    ClaimBase,
    CrowdClaim,
    DeploymentClaim,
    EventClaim,
    Harm,
    Modality,
    Phase,
)
from kb.model.count import Count, Hedge
from kb.model.document import Document, digest
from kb.model.place import Place, Precision
from kb.model.record import Record
from kb.model.time import TimeSpan

__all__ = [
    "CLAIM",
    "Actor",
    "ActorType",
    "CasualtyClaim",
    "Certainty",
    "Claim",
    "ClaimBase",
    "Count",
    "CrowdClaim",
    "DeploymentClaim",
    "Document",
    "EventClaim",
    "Harm",
    "Hedge",
    "Modality",
    "Phase",
    "Place",
    "Precision",
    "Record",
    "TimeSpan",
    "VictimClass",
    "Victims",
    "digest",
]
