"""Decisions of people: what a reviewer did, to what, when and why. Append-only; an undo is a decision too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import field_validator

from kb.model import digest
from kb.model.record import Record


class Act(StrEnum):
    """What a decision does."""

    ACCEPT = "accept"
    REJECT = "reject"
    AMEND = "amend"
    MERGE = "merge"
    SPLIT = "split"
    NAME = "name"
    PIN = "pin"
    NOTE = "note"
    UNDO = "undo"


SETTLING = frozenset({Act.ACCEPT, Act.REJECT, Act.AMEND})
"""Acts after which a claim waits no longer."""


class Decision(Record):
    """One decision.

    ``targets`` are IRIs: claims (accept, reject, amend), the things merged or named, a figure or an episode pinned, the
    decision undone. ``into`` is the node that the targets become (merge) or that claims speak of instead (split).
    ``claims`` stand for what is derived and has no lasting IRI: the claims by which an event, episode or figure was
    known when it was decided on, or those that a split moves. ``field`` and ``value`` are the field that an amendment
    changes (its path in JSON, "count.minimum") and the new value as JSON; of a pin, the view; of a name, the name; of a
    split of an episode, the first day of its second part. ``at`` has a time zone.
    """

    number: int
    act: Act
    targets: tuple[str, ...]
    by: str
    at: datetime
    reason: str = ""
    field: str | None = None
    value: str | None = None
    into: str | None = None
    claims: tuple[str, ...] = ()

    @field_validator("at")
    @classmethod
    def _zoned(cls, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("the time of a decision needs a time zone")
        return at

    @property
    def id(self) -> str:
        """The last part of its IRI: a hash of all that it says."""
        return digest(
            "decision",
            str(self.number),
            self.act.value,
            "\n".join(self.targets),
            self.by,
            self.at.isoformat(),
            self.reason,
            self.field or "",
            self.value or "",
            self.into or "",
            "\n".join(self.claims),
        )

    def iri(self, base: str) -> str:
        """The IRI of the decision in a store."""
        return f"{base}decision/{self.id}"


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions as they were taken; those of two stores that were joined by their time."""
    return sorted(decisions, key=lambda each: (each.number, each.at, each.id))


def in_force(decisions: Sequence[Decision], base: str) -> list[Decision]:
    """The decisions that nobody undid, in order; an undo that is itself undone counts for nothing."""
    undone: set[str] = set()
    standing: list[Decision] = []
    for decision in reversed(in_order(decisions)):
        if decision.iri(base) in undone:
            continue
        if decision.act is Act.UNDO:
            undone.update(decision.targets)
        else:
            standing.append(decision)
    return standing[::-1]


def states(decisions: Iterable[Decision], base: str) -> Mapping[str, str]:
    """The state of everything decided on: the id of the last decision that speaks of it.

    Whoever decides names the state that they saw, so that nobody decides on what has changed meanwhile without knowing.
    """
    found: dict[str, str] = {}
    targets: dict[str, tuple[str, ...]] = {}
    for decision in in_order(decisions):
        touched = [*decision.targets, *([decision.into] if decision.into else []), *decision.claims]
        touched += [old for target in decision.targets for old in targets.get(target, ())]  # what an undo undoes
        targets[decision.iri(base)] = tuple(dict.fromkeys(touched))
        found.update(dict.fromkeys(touched, decision.id))
    return found


UNTOUCHED = "none"
"""The state of what nobody has decided on."""
