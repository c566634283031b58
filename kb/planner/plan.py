"""From the text of a query to the text that the engine is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from kb.planner.algebra import NotUnderstoodError
from kb.planner.cost import Counts, Predicate
from kb.planner.groups import Planner
from kb.planner.parse import Query, parse
from kb.planner.parts import Context
from kb.planner.slices import shortened
from kb.planner.tokens import Token, tokens
from kb.planner.write import laid_out

_NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Plan:
    """``text`` is what is run. ``reason`` says why it is the query as it came, and is empty if it is not.

    ``rows`` and ``cost`` (µs) are what the planner expected.
    """

    text: str
    reason: str = ""
    rows: float = 0.0
    cost: float = 0.0

    @property
    def explained(self) -> str:
        """For people: what was expected, and the query that is run, line by line."""
        said = self.reason or f"expected: {self.rows:,.0f} rows of the pattern in {self.cost / 1000:,.1f} ms"
        return f"# {said}\n{laid_out(self.text)}"


def plan(text: str, counts: Counts, prefixes: Mapping[str, str] = _NONE, base: str = "") -> Plan:
    """The query as it is to be run; never raises: what is not understood stays as it is.

    ``counts`` is asked about terms written in full; ``prefixes`` and ``base`` are what the query need not declare.
    The query has to be well-formed: of one that is not, a well-formed one may be made.
    """
    try:
        query = parse(text)
    except NotUnderstoodError as error:
        return Plan(text, f"left as it is: {error}")
    if len(query.group.elements) < 2:
        return Plan(text, "left as it is: a single pattern")
    planner = Planner(_Resolved(counts, {**prefixes, **query.prefixes}, urljoin(base, query.base)))
    group = query.group if query.select is None else shortened(query.select, query.fresh).group
    part = planner.group(group, Context())
    return Plan(_joined(query, part.whole), "", part.rows, part.cost)


def _joined(query: Query, body: str) -> str:
    return f"{query.prologue}{query.head}{{ {body} }} {query.tail}"


class _Resolved:
    """Counts of terms as the query writes them."""

    def __init__(self, counts: Counts, prefixes: Mapping[str, str], base: str) -> None:
        self._counts = counts
        self._prefixes = prefixes
        self._base = base

    def predicate(self, term: str) -> Predicate:
        """Of one predicate."""
        return self._counts.predicate(self._full(term))

    def about(self, predicate: str, term: str) -> int:
        """The number of triples of this predicate and object."""
        return self._counts.about(self._full(predicate), self._full(term))

    def _full(self, term: str) -> str:
        """A term or a path with its names in full."""
        return "".join(self._written(token) for token in tokens(term))

    def _written(self, token: Token) -> str:
        if token.kind == "iri":
            return f"<{urljoin(self._base, token.text[1:-1])}>"
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._prefixes:
            return token.text
        return f"<{self._prefixes[prefix]}{local}>"
