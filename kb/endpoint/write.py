"""One write from a request to a new revision. Runs in the writer's process; needs nothing of the web."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import RdfFormat, Triple

from kb.endpoint.guard import RefusedError
from kb.endpoint.pool import Pool
from kb.endpoint.seal import free_memory, limit_memory
from kb.endpoint.settings import DEFAULT, Limits, Settings
from kb.errors import SparqlError
from kb.store import Store, open_store
from kb.store.updates import ForbiddenError, Rules

UPDATE, PUT, POST, DELETE = "update", "put", "post", "delete"

MEDIA = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
"""The media types in which a graph is taken."""


@dataclass(frozen=True)
class Write:
    """An update (its text), or what is to become of a graph (its IRI; None: the default graph).

    A graph comes as ``body``: RDF documents behind each other, of which ``parts`` give media type and length.
    ``using`` are USING clauses, ``everything`` opens Factline's own graphs, ``wait`` is how long to wait for another
    writer, in seconds; ``base`` is what relative IRIs of the body are read against.
    """

    kind: str
    text: str | None
    using: tuple[str, ...] = ()
    everything: bool = False
    parts: tuple[tuple[str, int], ...] = ()
    base: str | None = None
    wait: float = 5.0
    limits: Limits = DEFAULT
    body: bytes = b""

    @property
    def repeatable(self) -> bool:
        """What has been written must not be written again."""
        return False

    def to_json(self) -> dict[str, Any]:
        """For the way to the writer; the body goes beside it."""
        return {name: value for name, value in vars(self).items() if name != "body"} | {"limits": vars(self.limits)}

    @classmethod
    def from_json(cls, found: dict[str, Any], body: bytes) -> Write:
        """The inverse of ``to_json``."""
        parts = tuple((media, size) for media, size in found["parts"])
        limits = Limits(**found["limits"])
        return cls(**{**found, "using": tuple(found["using"]), "parts": parts, "limits": limits, "body": body})


def writer_pool(folder: Path, settings: Settings) -> Pool:
    """One process that writes, one thing after another; it starts with the first write."""
    return Pool(folder, replace(settings, workers=1), "kb.endpoint.writer")


def perform(folder: Path, write: Write) -> bytes:
    """Writes and publishes; what came of it as JSON: the new ``revision``, and for a graph ``created`` or ``missing``.

    When this returns, all is safe on disk and the next query sees it; when it raises, nothing was written. Raises
    SparqlError for text or data that do not parse, RefusedError for a graph that may not be written, StoreLockedError
    while another process writes, StoreError when the store cannot be written.
    """
    with open_store(folder, write=True, wait=write.wait) as store:
        limit_memory(write.limits.memory_bytes)
        try:
            found = _apply(store, write)
        except ForbiddenError as error:
            raise RefusedError(str(error)) from None
        finally:
            free_memory()  # what is written is to be published, whatever that takes
        return json.dumps({**found, "revision": store.publish()}).encode()


def _apply(store: Store, write: Write) -> dict[str, bool]:
    rules = Rules(store.base, write.everything)
    if write.kind == UPDATE:
        store.update(write.text or "", rules, write.using)
        return {}
    graph = rules.default if write.text is None else write.text
    rules.require(graph)
    if write.kind == DELETE:
        return {"missing": not store.drop_graph(graph) and write.text is not None}
    return {"created": store.put_graph(graph, list(_triples(write, graph)), replace=write.kind == PUT)}


def _triples(write: Write, graph: str) -> Iterator[Triple]:
    begin = 0
    for media, size in write.parts:
        body = write.body[begin : begin + size]
        begin += size
        try:
            yield from (quad.triple for quad in pyoxigraph.parse(body, MEDIA[media], base_iri=write.base or graph))
        except SyntaxError as error:
            raise SparqlError(f"the {media} that came does not parse: {error}; nothing was written") from None
