"""The quads of an update's templates: read by the engine's TriG parser, with variables as IRIs that nobody else uses.

QuadData and QuadPattern of SPARQL (19.8, rules 49 to 53) are TriG but for variables and for where dots may be left out.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad, RdfFormat

from kb.errors import SparqlError
from kb.planner.tokens import Token


@dataclass(frozen=True)
class Pattern:
    """One quad of a template, its parts as SPARQL writes them; ``graph`` may be a variable."""

    triple: str
    graph: str

    @property
    def open(self) -> bool:
        """Whether the graph is only known when the update runs."""
        return self.graph.startswith("?")


def patterns(block: Iterable[Token], default: str) -> list[Pattern]:
    """The quads between the braces of a template whose IRIs are absolute; those outside GRAPH are of ``default``.

    Raises SparqlError for what is no template.
    """
    mark = f"urn:variable:{secrets.token_hex(8)}:"

    def plain(term: object) -> str:
        return re.sub(rf"<{mark}(\w+)>", r"?\1", str(term))

    found = []
    for quad in parse_trig(_as_trig(block, mark)):
        graph = f"<{default}>" if isinstance(quad.graph_name, DefaultGraph) else plain(quad.graph_name)
        triple = " ".join(plain(part) for part in (quad.subject, quad.predicate, quad.object))
        found.append(Pattern(triple, graph))
    return found


def parse_trig(text: str, base: str | None = None) -> list[Quad]:
    """The quads of a TriG text; raises SparqlError."""
    try:
        return list(pyoxigraph.parse(text.encode(), RdfFormat.TRIG, base_iri=base))
    except SyntaxError as error:
        raise SparqlError(f"the update cannot be read: {error}") from error


def _as_trig(block: Iterable[Token], mark: str) -> str:
    parts: list[str] = []
    depth, last, closed = 0, "", False  # closed: behind the brace that ends a GRAPH block
    graph = False
    for token in block:
        if token.kind == "space":
            parts.append(token.text)
            continue
        if depth == 0 and token.word == "GRAPH":
            if last not in {"", "."} and not closed:
                parts.append(" . ")
            graph = True
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and closed and token.text == ".":
            continue
        parts.append(f"<{mark}{token.text[1:]}>" if token.kind == "variable" else token.text)
        closed = graph and depth == 0 and token.text == "}"
        graph = graph and not closed
        last = token.text
    if last not in {"", "."} and not closed:
        parts.append(" .")
    return "".join(parts)


def written(patterns: Iterable[Pattern], *more: str) -> str:
    """The inside of a template: each quad in its graph, and what else is to stand there."""
    grouped: dict[str, list[str]] = {}
    for each in patterns:
        grouped.setdefault(each.graph, []).append(each.triple)
    blocks = [f"GRAPH {graph} {{ {' . '.join(triples)} }}" for graph, triples in grouped.items()]
    return " ".join([*blocks, *more])
