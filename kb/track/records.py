"""What tracking works on: mentions of events in claims, and the events that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from kb.model import Modality, digest

PRECISE = timedelta(days=7)
"""The longest span of days that still tells one event from the next; a longer one only joins what is known anyway."""

Ancestors = Mapping[str, frozenset[str]]
"""Every place that a place lies in, near or far."""


class Mention(NamedTuple):
    """What one claim says of an event. Places are IRIs; days are the earliest and the latest that the words allow.

    ``names`` is whether the claim is about the event itself (an event or a crowd) and does not only mention it in
    passing (the riot in which people were killed).
    """

    claim: str
    document: str
    type: str
    modality: Modality
    names: bool
    place: str | None
    earliest: date | None
    latest: date | None

    @property
    def first(self) -> date | None:
        """The first day, or the only one known."""
        return self.earliest or self.latest

    @property
    def last(self) -> date | None:
        """The last day, or the only one known."""
        return self.latest or self.earliest

    @property
    def precise(self) -> bool:
        """Whether the days tell one event from the next."""
        return self.first is not None and self.last is not None and self.last - self.first <= PRECISE


@dataclass(frozen=True)
class Event:
    """One event with its claims, sorted. ``scope`` keeps apart events that place and first day do not."""

    type: str
    modality: Modality
    place: str | None
    first: date | None
    last: date | None
    scope: str = ""
    claims: tuple[str, ...] = field(default=(), compare=False)

    @staticmethod
    def of(mention: Mention, scope: str = "") -> Event:
        """The event of one mention."""
        return Event(
            mention.type, mention.modality, mention.place, mention.first, mention.last, scope, (mention.claim,)
        )

    def joined(self, claims: Iterable[str]) -> Event:
        """The event with more claims."""
        return replace(self, claims=tuple(sorted({*self.claims, *claims})))

    def identifier(self, base: str) -> str:
        """The hash that names the event: type, modality, place, first day and scope."""
        place = (self.place or "").removeprefix(base)
        day = self.first.isoformat() if self.first else ""
        return digest("event", self.type, self.modality.value, place, day, self.scope.removeprefix(base))
