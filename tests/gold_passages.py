"""Gold passages: short texts with the claims that must and must not come out of them (see tests/gold/README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, TypeAdapter, model_validator

from kb.model import Document, Harm, Hedge, Modality, Phase, Record, VictimClass

FOLDER = Path(__file__).parent / "gold"
HALVES = ("tune", "held")

Kind = Literal["casualty", "deployment", "event", "crowd"]
Name = str | tuple[str, ...]
Names = tuple[Name, ...]

SHARED = frozenset(
    {"kind", "agents", "event_type", "place", "country", "earliest", "latest", "source", "relays", "modality"}
)
OWN: Mapping[str, frozenset[str]] = {
    "casualty": frozenset({"harm", "minimum", "maximum", "hedge", "class_", "victims", "subset_of"}),
    "deployment": frozenset(
        {
            "deployer",
            "contributors",
            "unit",
            "minimum",
            "maximum",
            "hedge",
            "equipment",
            "origin",
            "destination",
            "phase",
            "purpose",
        }
    ),
    "event": frozenset({"targets", "instruments"}),
    "crowd": frozenset({"group", "minimum", "maximum", "hedge"}),
}


class Expected(Record):
    """A partial claim; only the fields that were given are looked at."""

    kind: Kind
    modality: Modality | tuple[Modality, ...] | None = None
    event_type: Name | None = None
    agents: Names = ()
    place: Name | None = None
    country: Name | None = None
    earliest: date | None = None
    latest: date | None = None
    source: Name | None = None
    relays: Names = ()
    harm: Harm | tuple[Harm, ...] | None = None
    minimum: int | None = None
    maximum: int | None = None
    hedge: Hedge | tuple[Hedge, ...] | None = None
    class_: VictimClass | tuple[VictimClass, ...] | None = Field(None, alias="class")
    victims: Name | None = None
    subset_of: bool | Mapping[str, int | None] | None = None
    deployer: Name | None = None
    contributors: Names = ()
    unit: Name | None = None
    equipment: Name | None = None
    origin: Name | None = None
    destination: Name | None = None
    phase: Phase | tuple[Phase, ...] | None = None
    purpose: Name | None = None
    group: Name | None = None
    targets: Names = ()
    instruments: Names = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Expected:
        foreign = self.model_fields_set - SHARED - OWN[self.kind]
        if foreign:
            raise ValueError(f"a {self.kind} claim has no {', '.join(sorted(foreign))}")
        return self

    def asked(self) -> frozenset[str]:
        """The fields to look at."""
        return frozenset(self.model_fields_set - {"kind"})

    def required(self) -> Expected:
        """The same, asserted unless it says otherwise."""
        return self if "modality" in self.model_fields_set else self.model_copy(update={"modality": Modality.ASSERTED})


class Passage(Record):
    """A text with the claims that must and must not come out of it."""

    id: str
    text: str = Field(min_length=1)
    date: date
    publisher: str | None = None
    tags: tuple[str, ...] = Field(min_length=1)
    complete: tuple[Kind, ...] = ()
    claims: tuple[Expected, ...]
    refused: tuple[Expected, ...] = Field((), alias="not")

    def document(self) -> Document:
        """The passage as the extractor gets it."""
        return Document(text=self.text, given_id=self.id, publisher=self.publisher, published=self.date)


PASSAGES = TypeAdapter(tuple[Passage, ...])


def load(half: str) -> tuple[Passage, ...]:
    """The passages of ``tune`` or ``held``, in the order of files and lines."""
    files = sorted((FOLDER / "extraction" / half).glob("*.yaml"))
    return tuple(p for file in files for p in PASSAGES.validate_python(yaml.safe_load(file.read_text("utf-8"))))


def tags() -> frozenset[str]:
    """What the passages are to cover."""
    lists = TypeAdapter(dict[str, list[str]]).validate_python(yaml.safe_load((FOLDER / "tags.yaml").read_text("utf-8")))
    return frozenset(tag for group in lists.values() for tag in group)


def options(value: Any) -> tuple[Any, ...]:
    """What a field allows: nothing, the one value or any of several."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
