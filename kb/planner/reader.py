"""A place in the tokens of a query, and reading on from there."""

from __future__ import annotations

from kb.planner.algebra import NotUnderstoodError
from kb.planner.tokens import Token, tokens

_SKIPPED = frozenset({"space", "comment"})


class Reader:
    """Goes through the tokens that mean something; ``spaced`` gives text with what stood between them."""

    def __init__(self, text: str) -> None:
        self.all = tokens(text)
        self._places = [at for at, token in enumerate(self.all) if token.kind not in _SKIPPED]
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether there is no more."""
        return self._at >= len(self._places)

    @property
    def token(self) -> Token:
        """The next token, unread."""
        if self.done:
            raise NotUnderstoodError("the query ends too early")
        return self.all[self._places[self._at]]

    @property
    def place(self) -> int:
        """Where the next token stands among all tokens."""
        return len(self.all) if self.done else self._places[self._at]

    def word(self) -> str:
        """The next token as a keyword in capitals, else an empty string."""
        return "" if self.done else self.token.word

    def sees(self, mark: str) -> bool:
        """Whether the next token is this mark."""
        return not self.done and self.token.kind == "mark" and self.token.text == mark

    def next(self) -> Token:
        """Reads one token."""
        found = self.token
        self._at += 1
        return found

    def back(self, number: int) -> None:
        """Unreads so many tokens."""
        self._at -= number

    def take(self, *wanted: str) -> bool:
        """Reads these marks or words if they come next."""
        begun = self._at
        for each in wanted:
            if self.done or (self.token.word or self.token.text) != each or self.token.kind == "string":
                self._at = begun
                return False
            self._at += 1
        return True

    def need(self, wanted: str) -> None:
        """Reads this mark or word."""
        if not self.take(wanted):
            raise NotUnderstoodError(f"{wanted} was expected before {'the end' if self.done else self.token.text}")

    def spaced(self, begin: int, end: int) -> str:
        """The text between two places, comments blanked."""
        return "".join(" " if token.kind == "comment" else token.text for token in self.all[begin:end])
