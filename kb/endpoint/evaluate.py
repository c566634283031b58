"""One query from its text to the bytes of its answer, within limits. Runs in a worker; needs nothing of the web."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from kb import results
from kb.endpoint import guard
from kb.endpoint.cutting import SAYS_IT_INSIDE, counting, cut, marked
from kb.endpoint.output import Output
from kb.endpoint.settings import DEFAULT, Limits
from kb.errors import FactlineError
from kb.store import PREFIXES, Store
from kb.store.faults import storage
from kb.store.sparql import ready, syntax_error


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What is asked for rows: their format (None: not acceptable) and limits, and how they are to come.

    ``packing`` ("gzip") is how the client takes them packed; ``whole`` whether they are to come in one piece,
    however long.
    """

    rows_format: str | None = "json"
    limits: Limits = DEFAULT
    packing: str = ""
    whole: bool = False

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
        return {**vars(self), "limits": vars(self.limits)}


@dataclass(frozen=True)
class Job(Rows):
    """A query, its dataset (None: the store's own) and the format for graphs (None: not acceptable), beside rows.

    ``explain`` asks for the plan of the query and not for its answer.
    """

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    graph_format: str | None = "turtle"
    explain: bool = False

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Job:
        """The inverse of ``to_json``."""
        graphs = {key: found[key] and tuple(found[key]) for key in ("default_graphs", "named_graphs")}
        return cls(**{**found, **graphs, "limits": Limits(**found["limits"])})


EXPLANATION = "explanation"
"""The format of a plan."""


@dataclass(frozen=True)
class Answer:
    """The bytes in the format ``format``; ``graph`` is whether they are one; ``truncated`` whether there was more.

    ``packing`` is how they are packed, if they are. ``notes`` and ``sparql`` are what is said of a named query.
    """

    body: bytes
    format: str
    graph: bool = False
    truncated: bool = False
    packing: str = ""
    notes: tuple[str, ...] = ()
    sparql: str = ""


class FormError(FactlineError):
    """The client accepts no format for what the query answers with; ``graph`` is whether that is a graph."""

    def __init__(self, graph: bool) -> None:
        super().__init__("no acceptable format for this form of query")
        self.graph = graph


Emit = Callable[[Answer], None]
"""Is given a piece of an answer that is not the last."""


def evaluate(store: Store, job: Job, emit: Emit | None = None) -> Answer:
    """Answers a query that came from outside: whole, or what is left of it when ``emit`` has had the rest.

    Raises SparqlError (with line and column) if it is malformed, RefusedError for an update or SERVICE, FormError,
    SizeLimitError, and StoreError where the engine cannot answer.
    """
    guard.refuse_updates(job.query)
    guard.refuse_service(job.query, lambda variant: _parse(variant, job.query, store.base))
    if job.explain:
        return Answer(store.explain(job.query).explained.encode(), EXPLANATION)
    query = ready(job.query, rows=job.limits.rows + 1)
    found = store.run(query, default_graph=job.default_graphs, named_graphs=job.named_graphs)
    if isinstance(found, QueryTriples):
        with storage(store.path, "query"):
            return _graph(found, job, emit)
    return answered(store, found, job, emit, short=query.short)


def answered(
    store: Store, found: QuerySolutions | QueryBoolean, job: Rows, emit: Emit | None, *, short: bool = False
) -> Answer:
    """Rows as bytes; the engine was told to stop one later than allowed, unless they are ``short`` by themselves.

    Raises FormError, SizeLimitError, and StoreError where the engine cannot answer.
    """
    # Rows are computed while they are written, so that is when the engine can fail.
    with storage(store.path, "query"):
        return _rows(found, job, emit, short=short or isinstance(found, QueryBoolean))


def _rows(found: QuerySolutions | QueryBoolean, job: Rows, emit: Emit | None, *, short: bool) -> Answer:
    name, rows = job.rows_format, job.limits.rows
    if name is None:
        raise FormError(graph=False)
    output = _output(job, name, emit, graph=False, hold=None if short else counting(name, rows))
    results.write(found, name, output)
    truncated = False

    def shorter(body: bytes) -> bytes:
        nonlocal truncated
        found = cut(body, name, rows, begun=output.streamed)
        truncated = found is not None
        return body if found is None else found

    body, packing = output.rest(None if short else shorter)
    return Answer(body, name, truncated=truncated, packing=packing)


def _graph(found: QueryTriples, job: Job, emit: Emit | None) -> Answer:
    name, rows = job.graph_format, job.limits.rows
    if name is None:
        raise FormError(graph=True)
    output = _output(job, name, emit, graph=True, hold=None)
    results.write_graph(islice(found, rows), name, output)
    truncated = next(found, None) is not None
    body, packing = output.rest((lambda whole: marked(whole, name, rows)) if truncated else None)
    return Answer(body, name, graph=True, truncated=truncated, packing=packing)


def _output(job: Rows, name: str, emit: Emit | None, *, graph: bool, hold: Callable[[bytes], bool] | None) -> Output:
    """That there was more is said before the answer, where its format has no room for it: then it is sent whole."""
    piecemeal = emit if (hold is None and not graph) or name in SAYS_IT_INSIDE else None

    def send(piece: bytes) -> None:
        if piecemeal:
            piecemeal(Answer(piece, name, graph, packing=job.packing))

    return Output(job.limits.result_bytes, job.packing, send if piecemeal else None, hold)


def _parse(variant: str, text: str, base: str) -> None:
    # An empty store answers nothing: only the parser matters. Positions are those of the text, which is as long.
    try:
        pyoxigraph.Store().query(variant, base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        raise syntax_error(text, error) from None
