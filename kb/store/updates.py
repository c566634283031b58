"""A SPARQL update as one that also keeps the merge: the default graph holds each triple of a named graph, once.

What a request writes to the default graph goes into a named graph that stands for it (``graphs/default``), since the
default graph itself is the merge of all (decision 0006). Each operation is followed by others that bring the merge up
to date, in the same transaction: what it inserts is added there, what it deletes is taken out unless another graph says
it too. Where the graph of a template is a variable, the transaction fails if it was one that must not be written.

The engine has checked the text before: here only well-formed updates are taken apart.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from kb.errors import SparqlError, UsageError
from kb.planner.tokens import Token
from kb.store.templates import Pattern, patterns, written

REMOVED = NamedNode("urn:factline:removed")
"""Holds what is about to be removed from a derived graph; left behind only by a killed writer."""

_ALL = "?s ?p ?o"
_CHECKED = "<urn:factline:written>"


class ForbiddenError(Exception):
    """What an update may not do: write a graph of Factline's own, or fetch; the message says which."""


class OperationError(UsageError):
    """An operation that fails as SPARQL has it: CREATE of a graph that is there, DROP of one that is not."""


@dataclass(frozen=True)
class Rules:
    """Which graphs updates may write.

    ``default`` is the IRI of the graph that stands for the default graph. Graphs whose IRI begins with ``base`` are
    Factline's own: of these only those below ``own`` may be written, unless ``everything`` may.
    """

    base: str
    everything: bool = False

    @property
    def own(self) -> str:
        """What the IRIs begin with that people may write under the base."""
        return self.base + "graphs/"

    @property
    def default(self) -> str:
        """The graph that stands for the default graph when something is written."""
        return self.own + "default"

    def allow(self, graph: str) -> bool:
        """Whether a graph may be written."""
        return self.everything or not graph.startswith(self.base) or graph.startswith(self.own)

    def require(self, graph: str) -> None:
        """Raises ForbiddenError unless the graph may be written."""
        if not self.allow(graph):
            raise ForbiddenError(
                f"{graph} is written by Factline alone; graphs below {self.own} and graphs of other bases are free"
            )

    @property
    def refused(self) -> str:
        """A condition on ``?o`` that holds for the IRIs of graphs that may not be written."""
        base, own = Literal(self.base), Literal(self.own)
        return f"isIRI(?o) && STRSTARTS(STR(?o), {base}) && !STRSTARTS(STR(?o), {own})"


@dataclass
class _Scratch:
    """Graphs that exist within the transaction only; nobody can know their names before."""

    mark: str = field(default_factory=lambda: secrets.token_hex(12))

    def __getattr__(self, name: str) -> str:
        return f"<urn:factline:{name}:{self.mark}>"


def rewritten(found: list[Token], rules: Rules, using: Sequence[str] = ()) -> str:
    """The text for the engine, of tokens without prologues.

    ``using`` are USING clauses for operations with a pattern, as of the protocol.
    Raises ForbiddenError for a graph that may not be written and for LOAD, SparqlError for USING or WITH beside
    ``using``.
    """
    return ";\n".join(_Request(found, rules, using).operations()) or "# nothing"


class _Request:
    """A request that is read from its first token to its last."""

    def __init__(self, found: list[Token], rules: Rules, using: Sequence[str]) -> None:
        self._tokens = found
        self._at = 0
        self._rules = rules
        self._using = using
        self._scratch = _Scratch()

    def operations(self) -> Iterator[str]:
        """The operations in order, each with what keeps the merge."""
        while (word := self._next()) is not None:
            yield from self._operation(word)
            self._took(";")

    # Tokens

    def _skip(self) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "space":
            self._at += 1

    def _next(self) -> str | None:
        """What comes next: a keyword in capitals, or the text; None at the end."""
        self._skip()
        if self._at == len(self._tokens):
            return None
        token = self._tokens[self._at]
        return token.word or token.text

    def _take(self) -> Token:
        self._skip()
        if self._at == len(self._tokens):
            raise SparqlError("the update ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _took(self, *words: str) -> bool:
        """Takes the next token if it is one of the keywords."""
        if self._next() in words:
            self._take()
            return True
        return False

    def _iri(self) -> str:
        token = self._take()
        if token.kind != "iri":
            raise SparqlError(f"{token.text} stands where an IRI is needed")
        return token.text[1:-1]

    def _block(self) -> list[Token]:
        """The tokens between the next braces."""
        if self._take().text != "{":
            raise SparqlError("the update cannot be read: a group in braces is missing")
        begin, depth = self._at, 1
        while depth:
            text = self._take().text
            depth += (text == "{") - (text == "}")
        return self._tokens[begin : self._at - 1]

    # Operations

    def _operation(self, word: str) -> Iterator[str]:
        if word == "LOAD":
            raise ForbiddenError("LOAD is refused: nothing is fetched here")
        if word in {"CLEAR", "DROP"}:
            yield from self._emptied(self._take().word, self._silent())
        elif word == "CREATE":
            self._take()
            silent, graph = self._silent(), self._graph()
            yield f"CREATE {silent} GRAPH <{graph}>"
        elif word in {"ADD", "MOVE", "COPY"}:
            yield from self._copied(self._take().word, self._silent())
        else:
            yield from self._changed()

    def _silent(self) -> str:
        return "SILENT" if self._took("SILENT") else ""

    def _graph(self, *, written: bool = True) -> str:
        """The graph that is named next; DEFAULT is the graph that stands for it."""
        if self._took("DEFAULT"):
            return self._rules.default
        self._took("GRAPH")
        graph = self._iri()
        if written:
            self._rules.require(graph)
        return graph

    def _emptied(self, word: str, silent: str) -> Iterator[str]:
        if self._next() in {"ALL", "NAMED"}:
            if not self._rules.everything:
                raise ForbiddenError(
                    f"{word} {self._next()} would empty graphs that Factline alone writes; name a graph"
                )
            if self._took("ALL"):
                yield f"{word} {silent} ALL"
                return
            self._take()
            kept = f"GRAPH <{self._rules.default}> {{ {_ALL} }}"
            yield f"DELETE {{ {_ALL} }} WHERE {{ {_ALL} FILTER NOT EXISTS {{ {kept} }} }}"
            yield f"{word} {silent} NAMED"
            yield f"INSERT {{ {kept} }} WHERE {{ {_ALL} }}"
            return
        graph = self._graph()
        silent = "SILENT" if graph == self._rules.default else silent
        yield _unmerged(graph)
        yield f"{word} {silent} GRAPH <{graph}>"

    def _copied(self, word: str, silent: str) -> Iterator[str]:
        source = self._graph(written=word == "MOVE")
        self._took("TO")
        target = self._graph()
        if source == target:
            return
        if word != "ADD":
            yield _unmerged(target)
            yield f"CLEAR SILENT GRAPH <{target}>"
        yield f"INSERT {{ GRAPH <{target}> {{ {_ALL} }} {_ALL} }} WHERE {{ GRAPH <{source}> {{ {_ALL} }} }}"
        if word == "MOVE":
            silent = "SILENT" if source == self._rules.default else silent
            yield f"DROP {silent} GRAPH <{source}>"

    def _changed(self) -> Iterator[str]:
        """INSERT DATA, DELETE DATA, DELETE WHERE, and DELETE … INSERT … WHERE."""
        default, head = self._rules.default, ""
        if self._took("WITH"):
            default = self._iri()
            head = f"WITH <{default}> "
        deleted: list[Pattern] = []
        inserted: list[Pattern] = []
        if self._took("DELETE"):
            if self._took("DATA"):
                yield from self._deleted_data(self._patterns(self._block(), default))
                return
            if self._took("WHERE"):
                block = self._block()
                deleted = self._patterns(block, default)
                yield from self._modified(head, self._dataset(), _text(block), deleted, [])
                return
            deleted = self._patterns(self._block(), default)
        if self._took("INSERT"):
            if self._took("DATA"):
                data = self._patterns(self._block(), default)
                merged = " . ".join(each.triple for each in data)
                yield f"INSERT DATA {{ {written(data, merged)} }}"
                return
            inserted = self._patterns(self._block(), default)
        using = self._dataset(with_clause=bool(head))
        self._took("WHERE")
        yield from self._modified(head, using, _text(self._block()), deleted, inserted)

    def _patterns(self, block: list[Token], default: str) -> list[Pattern]:
        found = patterns(block, default)
        for graph in {each.graph for each in found if not each.open}:
            self._rules.require(graph[1:-1])
        return found

    def _dataset(self, *, with_clause: bool = False) -> str:
        begin = self._at
        while self._took("USING"):
            self._took("NAMED")
            self._take()
        found = _text(self._tokens[begin : self._at])
        if not self._using:
            return found
        if found.strip() or with_clause:
            raise SparqlError("the dataset is given twice: by USING or WITH, and by the parameters of the request")
        return " ".join(self._using)

    def _deleted_data(self, data: Collection[Pattern]) -> Iterator[str]:
        yield f"DELETE DATA {{ {written(data)} }}"
        rows = " ".join(f"({each.triple})" for each in data)
        elsewhere = f"FILTER NOT EXISTS {{ GRAPH ?g {{ {_ALL} }} }}"
        yield f"DELETE {{ {_ALL} }} WHERE {{ VALUES (?s ?p ?o) {{ {rows} }} {elsewhere} }}"

    def _modified(
        self, head: str, using: str, where: str, deleted: Sequence[Pattern], inserted: Sequence[Pattern]
    ) -> Iterator[str]:
        scratch = self._scratch
        opened = {each.graph for each in (*deleted, *inserted) if each.open}
        more = [_copy(scratch.inserted, inserted), _copy(scratch.deleted, deleted)]
        more += [f"GRAPH {scratch.graphs} {{ {_CHECKED} {_CHECKED} {graph} }}" for graph in sorted(opened)]
        delete = f"DELETE {{ {written(deleted)} }}\n" if deleted else ""
        yield f"{head}{delete}INSERT {{ {written(inserted, *more)} }}\n{using}\nWHERE {{{where}}}"
        if opened and not self._rules.everything:
            yield from self._checked()
        yield f"DROP SILENT GRAPH {scratch.graphs}"
        yield f"INSERT {{ {_ALL} }} WHERE {{ GRAPH {scratch.inserted} {{ {_ALL} }} }}"
        yield f"DROP SILENT GRAPH {scratch.inserted}"
        yield _unmerged(scratch.deleted[1:-1])
        yield f"DROP SILENT GRAPH {scratch.deleted}"

    def _checked(self) -> Iterator[str]:
        """Fails the transaction if a graph was written that may not be: CREATE fails where there is one already."""
        wrong, graphs = self._scratch.refused, self._scratch.graphs
        where = f"GRAPH {graphs} {{ {_ALL} }} FILTER({self._rules.refused})"
        yield f"INSERT {{ GRAPH {wrong} {{ {_ALL} }} }} WHERE {{ {where} }}"
        yield f"CREATE GRAPH {wrong}"
        yield f"DROP GRAPH {wrong}"


def put(graph: str, triples: Iterable[Triple], *, replace: bool) -> str:
    """An update that makes ``graph`` hold these triples, or these too; there will be such a graph even without any."""
    data = " . ".join(str(triple) for triple in triples)
    emptied = [_unmerged(graph), f"CLEAR SILENT GRAPH <{graph}>"] if replace else []
    return ";\n".join(
        [*emptied, f"CREATE SILENT GRAPH <{graph}>", f"INSERT DATA {{ GRAPH <{graph}> {{ {data} }} {data} }}"]
    )


def remove(graph: str) -> str:
    """An update that takes what the graph ``REMOVED`` holds out of ``graph`` (in angle brackets), and drops it."""
    taken = f"DELETE {{ GRAPH {graph} {{ {_ALL} }} }} WHERE {{ GRAPH {REMOVED} {{ {_ALL} }} }}"
    return f"{taken};\n{_unmerged(REMOVED.value)};\nDROP GRAPH {REMOVED}"


def drop(graph: str) -> str:
    """An update that removes a graph that is there."""
    return f"{_unmerged(graph)};\nDROP GRAPH <{graph}>"


def _unmerged(graph: str) -> str:
    """Takes out of the merge what no other graph says."""
    elsewhere = f"GRAPH ?g {{ {_ALL} }} FILTER(?g != <{graph}>)"
    return f"DELETE {{ {_ALL} }} WHERE {{ GRAPH <{graph}> {{ {_ALL} }} FILTER NOT EXISTS {{ {elsewhere} }} }}"


def explained(error: RuntimeError) -> Exception:
    """What the engine complained about while it ran an update, as an error of ours where the request is at fault."""
    text = str(error)
    if "urn:factline:refused:" in text:
        return ForbiddenError("the update would write a graph that Factline alone writes; nothing was written")
    if text.startswith("The graph <"):  # "… does not exist", "… already exists"
        return OperationError(f"{text[0].lower()}{text[1:]}; nothing was written")
    return error


def _copy(graph: str, patterns: Collection[Pattern]) -> str:
    return f"GRAPH {graph} {{ {' . '.join(each.triple for each in patterns)} }}" if patterns else ""


def _text(found: Sequence[Token]) -> str:
    return "".join(token.text for token in found)
