"""What makes two claims be about one number: the key of a figure."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model import digest
from kb.track.episodes import Episode

EVERYONE = "Unknown"
"""People of no class: the whole toll."""


@dataclass(frozen=True)
class Key:
    """What makes two claims be about the same number."""

    episode: Episode
    measure: str
    people: str
    place: str = ""
    scope: str = ""

    @property
    def order(self) -> tuple[str, ...]:
        """For sorting, whatever is unknown."""
        return (*self.episode.order, self.measure, self.people, self.place, self.scope)

    def identifier(self, base: str) -> str:
        """The hash that names the figure."""
        parts_ = (self.episode.identifier(base), self.measure, self.people, self.place, self.scope)
        return digest("figure", *(part.removeprefix(base) for part in parts_))
