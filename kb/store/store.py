"""The dataset of one knowledge base: named graphs on disk, answered in SPARQL."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    RdfFormat,
    Triple,
)

from kb.errors import DocumentError, StoreError
from kb.planner import Plan, Texts
from kb.resources import NAMESPACE
from kb.store import sparql, updates
from kb.store.changes import Changes
from kb.store.faults import storage
from kb.store.folder import Folder, release
from kb.store.prologue import without_prologues
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


_CHANGED = "changed "  # begins the notes of graphs that were changed and not settled
_BULK = 5_000
"""From this many quads the engine's bulk loader is faster than a transaction."""


class Store:
    """One opened store; use it in a ``with`` block. Made by ``open_store``.

    A reader sees one published revision and nothing later. The writer sees its own writes at once; readers see them
    from the next ``publish()``. Every triple of a named graph is also in the default graph, once: the default graph of
    a query is the merge of all named graphs.

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
        unknown = [name.removeprefix(_CHANGED) for name in self._settings.notes if name.startswith(_CHANGED)]
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
        return plans_of(self.path).of(prepared, self.engine, PREFIXES, self.base, self.texts, writable=self.writable)

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

    # Writing

    def add_document(self, key: str, quads: bytes) -> bool:
        """Records the graph of one document version in one transaction; False when it is already there.

        ``quads`` is N-Quads, each line ending in the graph ``document/{key}/graph`` (see ``kb.rdf``). A process that is
        killed meanwhile leaves all of it or nothing.
        """
        if self.has_document(key):
            return False
        recorded = self.changes.documents
        self.add_graph(self.iri(f"document/{key}/graph"), quads)
        if recorded is not None:
            recorded.add(key)
            self.changes.documents = recorded
        return True

    def add_graph(self, graph: str, quads: bytes) -> None:
        """Adds N-Quads lines that all end in ``graph`` (and their merge into the default graph), in one transaction.

        Raises DocumentError for quads that do not parse, StoreError for quads of another graph.
        """
        self._require_writable()
        ending = f" <{graph}> .\n".encode()
        merged = quads.replace(ending, b" .\n")
        # A literal cannot hold a raw line break, so the ending stands only at the ends of lines.
        if len(quads) - len(merged) != quads.count(b"\n") * (len(ending) - 3):
            raise StoreError(f"quads outside the graph {graph} were to be recorded in it")
        with storage(self.path, "write"):
            self._mark(derived=graph.startswith(self.iri("graph/")))
            try:
                self.engine.load(quads + merged, RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise DocumentError(f"the quads of {graph} do not parse: {error}; none was recorded") from error

    def replace_graph(self, graph: str, triples: Iterable[Triple]) -> bool:
        """Makes ``graph`` hold exactly these triples, writing only the difference; whether there was any.

        For derived graphs: when it is interrupted, the graph has to be made again.
        """
        self._require_writable()
        name = NamedNode(graph)
        wanted = {Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples}
        with storage(self.path, "write"):
            present = set(self.engine.quads_for_pattern(None, None, None, name))
            added, removed = wanted - present, present - wanted
            if not added and not removed:
                return False
            self._mark(derived=True)
            self._touch(graph, (*added, *removed))
            self._remove(removed)
            if len(added) > _BULK:
                self.engine.bulk_extend(_with_merge(added))
            else:
                self.engine.extend(_with_merge(added))
            return True

    def change_graph(self, graph: str, added: bytes, removed: bytes) -> None:
        """Adds and removes lines of N-Triples of a derived graph; when interrupted, the same call completes it."""
        self._require_writable()
        with storage(self.path, "write"):
            self._mark(derived=True)
            gone = list(pyoxigraph.parse(removed, RdfFormat.N_TRIPLES))
            self._touch(graph, (*gone, *pyoxigraph.parse(added, RdfFormat.N_TRIPLES)))
            self._remove([Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in gone])
        if added:
            self.add_graph(graph, added.replace(b" .\n", f" <{graph}> .\n".encode()))

    def settle(self, graph: str) -> None:
        """Records that what follows from a derived graph is up to date: ``changes`` counts from here."""
        self.changes.settle(graph)
        self._write_notes({name: it for name, it in self._settings.notes.items() if name != _CHANGED + graph})

    def _touch(self, graph: str, quads: Iterable[Quad]) -> None:
        if self.changes.add(graph, quads):
            self._write_notes({**self._settings.notes, _CHANGED + graph: "not yet inferred from"})

    def _remove(self, quads: Collection[Quad]) -> None:
        """Takes quads of one graph out, and of the merge what no other graph says, in one transaction."""
        if not quads:
            return
        # What is to go is put into a graph of its own first: blank nodes have no name in an update.
        self.engine.extend(Quad(quad.subject, quad.predicate, quad.object, updates.REMOVED) for quad in quads)
        (graph,) = {quad.graph_name for quad in quads}
        self.engine.update(updates.remove(str(graph)))

    def update(self, text: str, rules: updates.Rules | None = None, using: Sequence[str] = ()) -> None:
        """Runs a SPARQL update, all of it or nothing; readers see it from the next ``publish()``.

        ``rules`` says which graphs it may write (default: those that are not Factline's own), ``using`` are USING
        clauses as of the protocol. What is written to the default graph is kept in the graph ``rules.default``. Raises
        SparqlError for text that does not parse, ForbiddenError for a graph that may not be written, LOAD and SERVICE,
        OperationError for an operation that fails (CREATE of a graph that is there), StoreError when the engine cannot
        write.
        """
        self._require_writable()
        found = sparql.prepare_update(text)
        plain, base = without_prologues(found, self.base, PREFIXES)
        sparql.require_syntax(text, found, plain, self.base, PREFIXES)
        ready = sparql.without_tags(updates.rewritten(plain, rules or updates.Rules(self.base), using))
        with storage(self.path, "write"):
            self._mark()
            try:
                sparql.forgiving(self.engine.update, ready, base_iri=base)  # for IRIs that are computed
            except RuntimeError as error:
                raise updates.explained(error) from error

    def put_graph(self, graph: str, triples: Collection[Triple], *, replace: bool = True) -> bool:
        """Makes a graph hold these triples (or these too) in one transaction; whether it was not there before."""
        fresh = not self.has_graph(graph)
        if fresh and triples:
            self._require_writable()
            name = NamedNode(graph)
            with storage(self.path, "write"):
                self._mark()
                self.engine.extend(
                    _with_merge(Quad(each.subject, each.predicate, each.object, name) for each in triples)
                )
        else:
            self._run(updates.put(graph, triples, replace=replace))
        return fresh

    def drop_graph(self, graph: str) -> bool:
        """Removes a graph in one transaction; whether there was one."""
        there = self.has_graph(graph)
        if there:
            self._run(updates.drop(graph))
        return there

    def _run(self, text: str) -> None:
        self._require_writable()
        with storage(self.path, "write"):
            self._mark()
            self.engine.update(text)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Adds many quads of named graphs (and their merge) without keeping them in memory; not for one document."""
        self._require_writable()
        with storage(self.path, "write"):
            self._mark()
            self.engine.bulk_extend(_with_merge(quads))

    def extend_graph(self, graph: str, triples: bytes) -> None:
        """Adds many lines of N-Triples to a derived graph (and the merge); interrupted, it has to be made again."""
        self._require_writable()
        with storage(self.path, "write"):
            self._mark(derived=True)
            for target in (NamedNode(graph), None):
                self.engine.bulk_load(triples, format=RdfFormat.N_TRIPLES, to_graph=target)

    def note(self, name: str) -> str | None:
        """From what the derived graph ``name`` was made (a hash), None when it has not been."""
        return self._settings.notes.get(name)

    def set_note(self, name: str, made_from: str) -> None:
        """Records durably from what the derived graph ``name`` has been made, after flushing it to disk."""
        self._require_writable()
        with storage(self.path, "write"):
            self.engine.flush()
            self._write_notes({**self._settings.notes, name: made_from})

    def forget_notes(self) -> None:
        """Forgets from what the derived graphs were made, so that each is made anew when it is next asked for."""
        self._require_writable()
        with storage(self.path, "write"):
            self._write_notes({})

    def _write_notes(self, notes: dict[str, str]) -> None:
        self._settings = self._settings.model_copy(update={"notes": notes})
        self._folder.write_settings(self._settings)

    def flush(self) -> None:
        """Makes all that was written survive a power cut; call it before telling anyone that it is recorded."""
        self._require_writable()
        with storage(self.path, "write"):
            self.engine.flush()

    def publish(self) -> int:
        """Flushes, and lets readers see what was written as a new revision; returns its number.

        When nothing was written since the last one, that stays the current.
        """
        self._require_writable()
        if self.revision and not self._folder.unpublished:
            return self.revision
        with storage(self.path, "publish"):
            self.engine.flush()
            number = self.revision + 1
            self._folder.revisions.mkdir(exist_ok=True)
            self.engine.backup(str(self._folder.revision(number)))
            self._folder.make_current(number)
            self.revision = number
            self._folder.prune()
        return number

    def _mark(self, *, derived: bool = False) -> None:
        """What is written has to be published; what is not ``derived`` may be a document that nobody counted."""
        if not derived:
            self.changes.documents = None
        if not self._folder.unpublished:
            self._folder.mark_unpublished()

    def _require_writable(self) -> None:
        if not self.writable:
            raise StoreError(f"the store {self.path} was opened for reading only")


def _with_merge(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object)
