"""Query results as bytes, in one place for all callers: W3C formats for rows and yes or no, RDF formats for graphs.

The table that people read is in ``kb.table``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from kb.errors import UsageError
from kb.store import PREFIXES, Results


@dataclass(frozen=True)
class RowFormat:
    """One way to write rows, or yes or no: its name on the command line, its media type, the engine's own."""

    name: str
    media_type: str
    engine: QueryResultsFormat


@dataclass(frozen=True)
class GraphFormat:
    """One way to write a graph: its name on the command line, its media type, the engine's own."""

    name: str
    media_type: str
    engine: RdfFormat


ROWS = {
    format.name: format
    for format in (
        RowFormat("json", "application/sparql-results+json", QueryResultsFormat.JSON),
        RowFormat("csv", "text/csv; charset=utf-8", QueryResultsFormat.CSV),
        RowFormat("tsv", "text/tab-separated-values; charset=utf-8", QueryResultsFormat.TSV),
        RowFormat("xml", "application/sparql-results+xml", QueryResultsFormat.XML),
    )
}
"""The formats of SELECT and ASK (SPARQL 1.1 Query Results JSON, CSV and TSV, XML)."""

GRAPHS = {
    format.name: format
    for format in (
        GraphFormat("turtle", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        GraphFormat("trig", "application/trig; charset=utf-8", RdfFormat.TRIG),
        GraphFormat("ntriples", "application/n-triples", RdfFormat.N_TRIPLES),
        GraphFormat("nquads", "application/n-quads", RdfFormat.N_QUADS),
        GraphFormat("jsonld", "application/ld+json", RdfFormat.JSON_LD),
        GraphFormat("rdfxml", "application/rdf+xml", RdfFormat.RDF_XML),
    )
}
"""The formats of CONSTRUCT, DESCRIBE and whole graphs."""

ALIASES = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "json-ld": "jsonld", "rdf": "rdfxml", "srj": "json"}

_GROUPED = frozenset({"turtle", "trig", "jsonld"})  # the formats that group what one subject has


def find_format(results: Results, name: str) -> str:
    """The full name of that format, if it is one for these results.

    :raises UsageError: no such format, or not one for this form of query
    """
    name = ALIASES.get(name, name)
    graph = isinstance(results, QueryTriples)
    formats = tuple(GRAPHS) if graph else tuple(ROWS)
    if name in formats:
        return name
    choices = ", ".join(formats if graph else ("table", *formats))
    if name in GRAPHS or name in ROWS or name == "table":
        form = "a graph (CONSTRUCT, DESCRIBE)" if graph else "rows (SELECT)" if not is_boolean(results) else "yes or no"
        raise UsageError(f"this query answers with {form}, which {name} cannot hold; choose one of {choices}")
    raise UsageError(f"unknown format {name!r}; choose one of {choices}")


def write(results: Results, format_name: str, output: BinaryIO) -> None:
    """Write the results in a W3C format.

    :raises UsageError: see ``find_format``
    """
    name = find_format(results, format_name)
    if isinstance(results, QueryTriples):
        write_graph(results, name, output)
    else:
        results.serialize(output, format=ROWS[name].engine)


def to_bytes(results: Results, format_name: str) -> bytes:
    """The results in a W3C format, as bytes.

    :raises UsageError: see ``find_format``
    """
    buffer = io.BytesIO()
    write(results, format_name, buffer)
    return buffer.getvalue()


def write_graph(statements: Iterable[Triple | Quad], format_name: str, output: BinaryIO) -> None:
    """Write triples, or quads in a format that has graphs, under one of the names of ``GRAPHS``."""
    chosen = GRAPHS[ALIASES.get(format_name, format_name)]
    if chosen.name in _GROUPED:
        statements = sorted(statements, key=str)
    serialize(statements, output, chosen.engine, prefixes=PREFIXES)  # type: ignore[arg-type] # one kind at a time


def graph_bytes(statements: Iterable[Triple | Quad], format_name: str) -> bytes:
    """The same as ``write_graph``, as bytes."""
    buffer = io.BytesIO()
    write_graph(statements, format_name, buffer)
    return buffer.getvalue()


def is_boolean(results: Results) -> bool:
    """Whether the results are those of an ASK."""
    return isinstance(results, QueryBoolean)
