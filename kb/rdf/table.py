"""Which field of a claim is which property: the one table that drives writing, reading and the test of the ontology."""

from __future__ import annotations

from typing import NamedTuple

from kb.model import Certainty, Harm, Hedge, Modality, Phase, VictimClass
from kb.rdf.terms import BOOLEAN, CONCEPT, DOUBLE, INTEGER, MOMENT, TEXT, Codec, vocabulary


class Row(NamedTuple):
    """A field (a path of attributes, for the field of a nested record) and the property that holds its value."""

    path: tuple[str, ...]
    name: str
    codec: Codec
    many: bool = False


class Role(NamedTuple):
    """A field that holds actors: the property that links them and the name of the role in a participation."""

    field: str
    name: str
    role: str
    many: bool


class Where(NamedTuple):
    """A field that holds a place: the property that links it and the one for its wording."""

    field: str
    name: str
    text: str


class Kind(NamedTuple):
    """A kind of claim: its class and what it has."""

    name: str
    rows: tuple[Row, ...]
    roles: tuple[Role, ...]
    places: tuple[Where, ...]


_SHARED = (
    Row(("quote",), "quote", TEXT),
    Row(("start",), "start", INTEGER),
    Row(("end",), "end", INTEGER),
    Row(("event_type",), "eventType", CONCEPT),
    Row(("time", "text"), "timeText", TEXT),
    Row(("time", "earliest"), "earliest", MOMENT),
    Row(("time", "latest"), "latest", MOMENT),
    Row(("modality",), "modality", vocabulary(Modality)),
    Row(("certainty",), "certainty", vocabulary(Certainty)),
    Row(("needs_review",), "needsReview", BOOLEAN),
    Row(("review_reason",), "reviewReason", TEXT),
    Row(("extractor",), "extractor", TEXT),
    Row(("rule",), "rule", TEXT),
    Row(("confidence",), "confidence", DOUBLE),
)
_COUNT = (
    Row(("count", "text"), "countText", TEXT),
    Row(("count", "minimum"), "minimum", INTEGER),
    Row(("count", "maximum"), "maximum", INTEGER),
    Row(("count", "hedge"), "hedge", vocabulary(Hedge)),
)
_VICTIMS = (
    Row(("victims", "text"), "victimsText", TEXT),
    Row(("victims", "class_"), "victimClass", vocabulary(VictimClass)),
    Row(("victims", "name"), "victimName", TEXT),
)
_ACTORS = (
    Role("source", "source", "Source", many=False),
    Role("relays", "relay", "Relay", many=True),
    Role("agents", "agent", "Agent", many=True),
)
_PLACE = (Where("place", "place", "placeText"),)

KINDS = {
    "casualty": Kind(
        "CasualtyClaim", (*_SHARED, Row(("harm",), "harm", vocabulary(Harm)), *_COUNT, *_VICTIMS), _ACTORS, _PLACE
    ),
    "deployment": Kind(
        "DeploymentClaim",
        (
            *_SHARED,
            *_COUNT,
            Row(("unit",), "unit", TEXT),
            Row(("equipment",), "equipment", TEXT),
            Row(("phase",), "phase", vocabulary(Phase)),
            Row(("purpose",), "purpose", TEXT),
        ),
        (
            *_ACTORS,
            Role("deployer", "deployer", "Deployer", many=False),
            Role("contributors", "contributor", "Contributor", many=True),
        ),
        (
            *_PLACE,
            Where("origin", "origin", "originText"),
            Where("destination", "destination", "destinationText"),
        ),
    ),
    "event": Kind(
        "EventClaim",
        (*_SHARED, Row(("instruments",), "instrument", TEXT, many=True)),
        (*_ACTORS, Role("targets", "target", "Target", many=True)),
        _PLACE,
    ),
    "crowd": Kind("CrowdClaim", (*_SHARED, *_COUNT), (*_ACTORS, Role("group", "group", "Crowd", many=False)), _PLACE),
}
"""Kinds of claim by their name in JSON."""

NODE_NAMES = (
    "document",
    "subsetOf",
    "background",
    "victims",
    "participation",
    "role",
    "order",
    "actor",
    "actorText",
    "actorName",
    "actorRole",
    "country",
    "countryCode",
    "within",
    "latitude",
    "longitude",
)
"""Ontology properties that are written beside those of the rows."""

DOCUMENT_NAMES = ("text", "publisherText", "recorded", "extractorVersion")
"""Ontology properties of a document."""
