"""Reading one knowledge base: named graphs on disk, answered in SPARQL."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
)

from kb.errors import StoreError
from kb.planner import Plan, Texts
from kb.resources import NAMESPACE
from kb.store import sparql
from kb.store.changes import CHANGED, Changes
from kb.store.faults import storage
from kb.store.folder import Folder, release
from kb.store.statistics import plans_of

if TYPE_CHECKING:
    import rdflib

Results = QuerySolutions | QueryBoolean | QueryTriples
"""What a query answers with: rows of SELECT, the truth of ASK, triples of CONSTRUCT and DESCRIBE."""

PREFIXES = {
    "kb": NAMESPACE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "geo": "http://www.opengis.net/ont/geosparql#",
}
"""Prefixes that every query may use without declaring them, and that dumps are written with."""


class StoreReader:
    """One opened store as it is read; ``Store`` adds writing.

    ``base`` is the IRI that all minted IRIs start with; ``revision`` the number of the published revision that is seen
    (for a writer: the last one published).
    """

    def __init__(self, folder: Folder, engine: pyoxigraph.Store, revision: int, held: int, writable: bool) -> None:
        self.path: Path = folder.path
        self.revision = revision
        self.writable = writable
        self._folder = folder
        self._settings = folder.settings()
        self.base: str = self._settings.base
        self._engine: pyoxigraph.Store | None = engine
        self._held = held
        self.texts: Texts | None = None
        self._seen: tuple[int, int] | None = None
        unknown = [name.removeprefix(CHANGED) for name in self._settings.notes if name.startswith(CHANGED)]
        self.changes = Changes([self.iri("graph/tracked")], unknown)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the files; what was written but not published stays in the store, unseen by readers."""
        engine, self._engine = self._engine, None
        if engine is None:
            return
        try:
            if self.writable:
                with storage(self.path, "write"):
                    engine.flush()
        finally:
            del engine
            if self.writable:
                release(self._held)
            else:
                os.close(self._held)

    @property
    def engine(self) -> pyoxigraph.Store:
        """The embedded engine, for reading; writing past this class would break the merged default graph."""
        if self._engine is None:
            raise StoreError(f"the store {self.path} has been closed")
        return self._engine

    def iri(self, local: str) -> str:
        """The IRI of ``local`` ("graph/tracked", "claim/ab12") in this store."""
        return self.base + local

    @property
    def folder(self) -> Folder:
        """The store's folder, for copying it whole."""
        return self._folder

    @property
    def outdated(self) -> bool:
        """Whether a newer revision than the one seen has been published (a look at one small file)."""
        token = self._folder.token()
        if token is None or token != self._seen:
            if self._folder.current() != self.revision:
                return True
            self._seen = token
        return False

    # Reading

    def query(
        self,
        text: str,
        bindings: Mapping[str, sparql.Term | None] | None = None,
        *,
        default_graph: Iterable[str] | None = None,
        named_graphs: Iterable[str] | None = None,
    ) -> Results:
        """Answers a SPARQL query (SELECT, ASK, CONSTRUCT, DESCRIBE) over this revision.

        ``bindings`` gives variables a term everywhere in the query, subqueries and projection included; None marks a
        parameter that was not given (``BOUND`` is false). ``default_graph`` and ``named_graphs`` are the dataset of the
        SPARQL protocol. Rows are computed while they are read. Raises SparqlError for text that does not parse, an
        update or SERVICE; StoreError when the engine cannot answer.
        """
        return self.run(sparql.ready(text, bindings), default_graph=default_graph, named_graphs=named_graphs)

    def run(
        self,
        query: sparql.Prepared,
        *,
        default_graph: Iterable[str] | None = None,
        named_graphs: Iterable[str] | None = None,
    ) -> Results:
        """Answers a query that was made ready; otherwise as ``query``."""
        try:
            with storage(self.path, "query"):
                return sparql.forgiving(
                    self.engine.query,
                    self._plan(query.text).text,
                    base_iri=self.base,
                    prefixes=PREFIXES,
                    default_graph=None if default_graph is None else [NamedNode(iri) for iri in default_graph],
                    named_graphs=None if named_graphs is None else [NamedNode(iri) for iri in named_graphs],
                )
        except SyntaxError as error:
            raise sparql.explained(query.given, error, self.base, PREFIXES) from error

    def explain(self, text: str) -> Plan:
        """How ``query`` would run it (see docs/planner.md); raises SparqlError for an update or SERVICE."""
        return self._plan(sparql.ready(text).text)

    def _plan(self, prepared: str) -> Plan:
        revision = None if self.writable else self.revision
        return plans_of(self.path).of(prepared, self.engine, PREFIXES, self.base, self.texts, revision=revision)

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        about: NamedNode | BlankNode | Literal | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """The quads of named graphs that fit a pattern (None fits all), in the engine's order."""
        with storage(self.path, "read"):
            for quad in self.engine.quads_for_pattern(subject, predicate, about, graph):
                if not isinstance(quad.graph_name, DefaultGraph):
                    yield quad

    def graphs(self) -> list[str]:
        """The IRIs of all named graphs, sorted."""
        with storage(self.path, "read"):
            return sorted(graph.value for graph in self.engine.named_graphs())

    def has_graph(self, iri: str) -> bool:
        """Whether there is a named graph of this IRI."""
        with storage(self.path, "read"):
            return self.engine.contains_named_graph(NamedNode(iri))

    def has_document(self, key: str) -> bool:
        """Whether the document version of this key has been recorded."""
        return self.has_graph(self.iri(f"document/{key}/graph"))

    def rdflib(self) -> rdflib.Dataset:
        """The current revision as an rdflib Dataset, read-only, whose default graph is the merge of all others.

        Keep this store open while the dataset is in use.
        """
        # Half a second of imports that nothing else here needs.
        from kb.store import interop  # noqa: PLC0415

        engine = self.engine
        if self.writable:
            with storage(self.path, "read"):
                engine = pyoxigraph.Store.read_only(str(self._folder.revision(self.revision)))
        return interop.dataset(engine, PREFIXES)
