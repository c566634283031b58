"""The dataset of one knowledge base: named graphs on disk, answered in SPARQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from kb.errors import DocumentError, StoreError
from kb.store import sparql, updates
from kb.store.changes import CHANGED
from kb.store.faults import storage
from kb.store.prologue import without_prologues
from kb.store.reader import PREFIXES, StoreReader

_BULK = 5_000
"""From this many quads the engine's bulk loader is faster than a transaction."""


class Store(StoreReader):
    """One opened store; use it in a ``with`` block. Made by ``open_store``.

    A reader sees one published revision and nothing later. The writer sees its own writes at once; readers see them
    from the next ``publish()``. Every triple of a named graph is also in the default graph, once: the default graph of
    a query is the merge of all named graphs.
    """

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
        self._write_notes({name: it for name, it in self._settings.notes.items() if name != CHANGED + graph})

    def _touch(self, graph: str, quads: Iterable[Quad]) -> None:
        if self.changes.add(graph, quads):
            self._write_notes({**self._settings.notes, CHANGED + graph: "not yet inferred from"})

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
