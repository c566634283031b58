"""What a check finds."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """What is wrong with one node: the shape that it breaks (its name in the ontology, "ClaimShape-quote"), the
    IRI of the node, the value at fault if there is one, and the shape's message.
    """

    shape: str
    node: str
    value: str | None
    message: str

    def __str__(self) -> str:
        value = f" (here: {self.value})" if self.value is not None else ""
        return f"{self.node}: {self.message}{value} [{self.shape}]"

    @property
    def order(self) -> tuple[str, str, str]:
        """By node, then shape, then value."""
        return self.node, self.shape, self.value or ""
