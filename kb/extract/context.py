"""What the steps of the cascade share about one document: text, tokens, and how its names resolve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb.extract.actors import Directory
from kb.extract.places import Gazetteer
from kb.extract.tokens import Token


@dataclass(frozen=True, slots=True)
class Context:
    """Immutable but for what the directory learns as it reads on."""

    text: str
    tokens: Sequence[Token]
    gazetteer: Gazetteer
    directory: Directory
    day: date | None

    def words(self, first: int, last: int) -> str:
        """The text of tokens [first, last) as given, over line breaks."""
        words = self.text[self.tokens[first].start : self.tokens[last - 1].end] if last > first else ""
        return " ".join(words.split()) if "\n" in words else words

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Character offsets of tokens [first, last)."""
        return self.tokens[first].start, self.tokens[last - 1].end
