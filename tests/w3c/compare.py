"""Whether two answers are the same: rows as a bag up to the names of blank nodes, graphs up to isomorphism."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph
import rdflib
from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat
from rdflib import RDF, Namespace

from tests.w3c.manifest import BASE, Suites

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
ROWS = {"srx": QueryResultsFormat.XML, "srj": QueryResultsFormat.JSON, "tsv": QueryResultsFormat.TSV}
GRAPHS = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "nt": RdfFormat.N_TRIPLES, "n3": RdfFormat.N3}
Row = dict[str, object]


@dataclass(frozen=True)
class Table:
    """Rows of variables and terms; ``ordered`` if their order is part of the answer; for ASK ``boolean``."""

    rows: Sequence[Row] = ()
    boolean: bool | None = None
    ordered: bool = False


def expected(suites: Suites, iri: str) -> Table | Dataset | str:
    """What the file of a result says: rows, a graph, or for CSV its text."""
    ending = iri.rpartition(".")[2]
    if ending == "csv":
        return suites.text(iri)
    if ending in ROWS:
        return table(suites.path(iri).read_bytes(), ROWS[ending])
    graph = rdflib.Graph().parse(suites.path(iri), publicID=iri, format="turtle" if ending == "ttl" else "xml")
    sets = list(graph.subjects(RDF.type, RS.ResultSet))
    return _described(graph, sets[0]) if sets else dataset(suites, (iri,))


def table(data: bytes, kind: QueryResultsFormat) -> Table:
    """Rows, or yes or no, in one of the formats of the W3C."""
    found = pyoxigraph.parse_query_results(data, kind)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Table(boolean=bool(found))
    names = [variable.value for variable in found.variables]
    return Table([{name: row[name] for name in names if row[name] is not None} for row in found])


def _described(graph: rdflib.Graph, node: rdflib.term.Node) -> Table:
    said = graph.value(node, RS.boolean)
    if said is not None:
        return Table(boolean=str(said) == "true")
    rows: list[tuple[int, Row]] = []
    for solution in graph.objects(node, RS.solution):
        index = graph.value(solution, RS["index"])
        row: Row = {}
        for binding in graph.objects(solution, RS.binding):
            row[str(graph.value(binding, RS.variable))] = _term(graph.value(binding, RS.value))
        rows.append((-1 if index is None else int(str(index)), row))
    rows.sort(key=lambda each: each[0])
    return Table([row for _, row in rows], ordered=bool(rows) and rows[0][0] >= 0)


def _term(value: rdflib.term.Node | None) -> object:
    if isinstance(value, rdflib.BNode):
        return BlankNode("b" + str(value).encode().hex())
    if isinstance(value, rdflib.Literal):
        if value.language:
            return Literal(str(value), language=value.language)
        return Literal(str(value), datatype=NamedNode(str(value.datatype)) if value.datatype else None)
    return NamedNode(str(value))


def dataset(suites: Suites, files: Iterable[str]) -> Dataset:
    """The triples of some files, as one graph."""
    quads: list[Quad] = []
    for iri in files:
        kind = GRAPHS[iri.rpartition(".")[2]]
        quads += pyoxigraph.parse(suites.path(iri).read_bytes(), kind, base_iri=iri, rename_blank_nodes=True)
    return Dataset(quads)


def as_kept(found: Table | Dataset) -> Table | Dataset:
    """The same answer with each literal as the engine writes it (``4.50`` as ``4.5``, xsd:int as xsd:integer)."""
    if isinstance(found, Dataset):
        return Dataset(_kept(found))
    rows: list[Row] = [{name: _kept_term(term) for name, term in row.items()} for row in found.rows]
    return Table(rows, found.boolean, found.ordered)


def _kept(quads: Iterable[Quad]) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.extend(quads)
    return store


def _kept_term(term: object) -> object:
    if not isinstance(term, Literal):
        return term
    node = NamedNode(BASE)
    return next(iter(_kept([Quad(node, node, term)]))).object


def same_graph(one: Dataset, other: Dataset) -> bool:
    """Whether two graphs are isomorphic."""
    for each in (one, other):
        each.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return set(one) == set(other)


def same_table(one: Table, other: Table, *, lax: bool = False) -> bool:
    """Whether two tables say the same; ``lax`` lets duplicates be left out (REDUCED)."""
    if one.boolean is not None or other.boolean is not None:
        return one.boolean == other.boolean
    left, right = list(one.rows), list(other.rows)
    if lax:
        left, right = _distinct(left), _distinct(right)
    return len(left) == len(right) and _match(left, right, {}, ordered=one.ordered or other.ordered)


def _distinct(rows: list[Row]) -> list[Row]:
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def _match(left: list[Row], right: list[Row], names: dict[object, object], *, ordered: bool) -> bool:
    """Pairs the rows off, with one blank node for one; goes back where a choice was wrong."""
    if not left:
        return True
    for at, candidate in enumerate(right[:1] if ordered else right):
        extended = _unify(left[0], candidate, names)
        if extended is not None and _match(left[1:], right[:at] + right[at + 1 :], extended, ordered=ordered):
            return True
        if extended is not None and extended == names:
            return False  # the same row without a choice: another copy would do no better
    return False


def _unify(one: Row, other: Row, names: dict[object, object]) -> dict[object, object] | None:
    if one.keys() != other.keys():
        return None
    found = dict(names)
    for key, term in one.items():
        match = other[key]
        if isinstance(term, BlankNode) and isinstance(match, BlankNode):
            if found.setdefault(term, match) != match or list(found.values()).count(match) > 1:
                return None
        elif term != match:
            return None
    return found


def same_csv(one: str, other: str) -> bool:
    """Whether two texts of CSV hold the same rows, whatever blank nodes are called."""
    return _records(one) == _records(other)


def _records(text: str) -> list[list[tuple[str, str]]]:
    # The order of columns says nothing after SELECT *.
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return sorted(
        [(name, "_:" if cell.startswith("_:") else cell) for name, cell in sorted(row.items())] for row in rows
    )
