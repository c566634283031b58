"""One query from its text to the bytes of its answer, within limits. Runs in a worker; needs nothing of the web."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import Any

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryTriples

from kb import results
from kb.endpoint import guard
from kb.endpoint.cutting import cut, limited, marked
from kb.endpoint.errors import SizeLimitError
from kb.endpoint.settings import DEFAULT, Limits
from kb.errors import FactlineError, SparqlError
from kb.store import PREFIXES, Results, Store
from kb.store.faults import storage
from kb.store.sparql import syntax_error


@dataclass(frozen=True)
class Job:
    """A query, its dataset (None: the store's own) and the formats for rows and for graphs (None: not acceptable).

    ``explain`` asks for the plan of the query and not for its answer.
    """

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    rows_format: str | None = "json"
    graph_format: str | None = "turtle"
    limits: Limits = DEFAULT
    explain: bool = False

    @property
    def body(self) -> bytes:
        """Nothing goes beside it."""
        return b""

    @property
    def repeatable(self) -> bool:
        """It changes nothing."""
        return True

    def to_json(self) -> dict[str, Any]:
        """For the way to a worker."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Job:
        """The inverse of ``to_json``."""
        graphs = {key: None if found[key] is None else tuple(found[key]) for key in ("default_graphs", "named_graphs")}
        return cls(**{**found, **graphs, "limits": Limits(**found["limits"])})


EXPLANATION = "explanation"
"""The format of a plan."""


@dataclass(frozen=True)
class Answer:
    """The bytes in the format ``format``; ``graph`` is whether they are one; ``truncated`` whether there was more."""

    body: bytes
    format: str
    graph: bool = False
    truncated: bool = False


class FormError(FactlineError):
    """The client accepts no format for what the query answers with; ``graph`` is whether that is a graph."""

    def __init__(self, graph: bool) -> None:
        super().__init__("no acceptable format for this form of query")
        self.graph = graph


class _Bounded(io.BytesIO):
    """Refuses to hold more than a number of bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.most:
            raise SizeLimitError(
                f"The answer is larger than {self.most:,} bytes; add LIMIT, or ask for fewer columns.",
                {"Factline-Limit": f"bytes={self.most}"},
            )
        return super().write(data)


def evaluate(store: Store, job: Job) -> Answer:
    """Answers a query that came from outside.

    Raises SparqlError (with line and column) if it is malformed, RefusedError for an update or SERVICE, FormError,
    SizeLimitError, and StoreError where the engine cannot answer.
    """
    guard.refuse_updates(job.query)
    guard.refuse_service(job.query, lambda variant: _parse(variant, job.query, store.base))
    if job.explain:
        return Answer(store.explain(job.query).explained.encode(), EXPLANATION)
    found = _ask(store, job)
    # Rows are computed while they are written, so that is when the engine can fail.
    with storage(store.path, "query"):
        return _graph(found, job) if isinstance(found, QueryTriples) else _rows(found, job)


def _ask(store: Store, job: Job) -> Results:
    ask = partial(store.query, default_graph=job.default_graphs, named_graphs=job.named_graphs)
    try:
        return ask(limited(job.query, job.limits.rows + 1))
    except SparqlError:
        return ask(job.query)  # says where in the text as it was sent


def _rows(found: Results, job: Job) -> Answer:
    if job.rows_format is None:
        raise FormError(graph=False)
    output = _Bounded(job.limits.result_bytes)
    results.write(found, job.rows_format, output)
    body = output.getvalue()
    shorter = None if isinstance(found, QueryBoolean) else cut(body, job.rows_format, job.limits.rows)
    return Answer(body if shorter is None else shorter, job.rows_format, truncated=shorter is not None)


def _graph(found: QueryTriples, job: Job) -> Answer:
    if job.graph_format is None:
        raise FormError(graph=True)
    output = _Bounded(job.limits.result_bytes)
    triples = list(islice(found, job.limits.rows + 1))
    truncated = len(triples) > job.limits.rows
    results.write_graph(triples[: job.limits.rows], job.graph_format, output)
    body = output.getvalue()
    if truncated:
        body = marked(body, job.graph_format, job.limits.rows)
    return Answer(body, job.graph_format, graph=True, truncated=truncated)


def _parse(variant: str, text: str, base: str) -> None:
    # An empty store answers nothing: only the parser matters. Positions are those of the text, which is as long.
    try:
        pyoxigraph.Store().query(variant, base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        raise syntax_error(text, error) from None
