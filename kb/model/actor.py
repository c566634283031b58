"""Who: an actor as a claim names it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from kb.model.record import Record


class ActorType(StrEnum):
    """What kind of actor it is."""

    STATE = "state"
    ALLIANCE = "alliance"
    GOVERNMENT = "government"
    MINISTRY = "ministry"
    MILITARY = "military"
    POLICE = "police"
    ARMED_GROUP = "armed-group"
    PARTY = "party"
    OUTLET = "outlet"
    ORGANISATION = "organisation"
    PERSON = "person"
    GROUP = "group"
    OBJECT = "object"
    """A building, vehicle or other thing that an event is done to."""


class VictimClass(StrEnum):
    """What kind of people the victims are."""

    SECURITY_FORCES = "security-forces"
    MILITARY = "military"
    POLICE = "police"
    MILITANTS = "militants"
    PROTESTERS = "protesters"
    CIVILIANS = "civilians"
    CHILDREN = "children"
    WOMEN = "women"
    OFFICIALS = "officials"
    JOURNALISTS = "journalists"
    MEDICAL = "medical"
    FOREIGNERS = "foreigners"
    UNKNOWN = "unknown"


class Actor(Record):
    """An actor in one role of one claim.

    ``text`` is the wording in the document; ``name`` the canonical name (None for an unnamed group such as
    "officials"); ``iri`` the node that stands for it (never None once recorded); ``type`` its kind; ``role`` the office
    or function in the words of the document ("city police spokesman"); ``country`` an ISO 3166-1 alpha-2 code.
    """

    text: str
    name: str | None = None
    iri: str | None = None
    type: ActorType | None = None
    role: str | None = None
    country: str | None = None


class Victims(Record):
    """The people harmed: wording, class, the name of a single named victim, and the node of the group or person."""

    text: str
    class_: VictimClass = Field(VictimClass.UNKNOWN, alias="class")
    name: str | None = None
    iri: str | None = None
    country: str | None = None
