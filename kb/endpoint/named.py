"""A named query on its way to a worker and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import QueryTriples

from kb import queries
from kb.endpoint.evaluate import Answer, Emit, Rows, answered
from kb.endpoint.settings import Limits
from kb.store import Store


@dataclass(frozen=True)
class Named(Rows):
    """The query ``name`` with the values of its parameters as people write them."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """For the way to a worker."""
        return {**super().to_json(), "given": dict(self.given)}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Named:
        """The inverse of ``to_json``."""
        return cls(**{**found, "limits": Limits(**found["limits"])})


def run(store: Store, job: Named, emit: Emit | None = None) -> Answer:
    """Answers a named query; ``notes`` and ``sparql`` of the answer are what is said of it (see ``kb.queries.Answer``).

    Raises UnknownQueryError, ParameterError, SizeLimitError, and StoreError where the engine cannot answer.
    """
    found = queries.run(store, job.name, job.given, rows=job.limits.rows + 1)
    if isinstance(found.results, QueryTriples):
        raise TypeError(f"the named query {job.name} gives no rows")

    def said(answer: Answer) -> Answer:
        return replace(answer, notes=found.notes, sparql=found.sparql)

    return said(answered(store, found.results, job, emit and (lambda piece: emit(said(piece)))))
