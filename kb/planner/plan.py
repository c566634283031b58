"""From the text of a query to the text that the engine is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from kb.planner.algebra import NotUnderstoodError
from kb.planner.cost import Counts, Predicate
from kb.planner.groups import Planner
from kb.planner.parse import Query, parse
from kb.planner.parts import Context
from kb.planner.slices import shortened
from kb.planner.texts import Finder, Texts
from kb.planner.tokens import Token, tokens
from kb.planner.write import laid_out
from kb.resources import NAMESPACE

QUOTE = f"{NAMESPACE}quote"
MATCHES = f"{NAMESPACE}matches"
_NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Plan:
    """``text`` is what is run. ``reason`` says why it is the query as it came, and is empty if it is not.

    ``rows`` and ``cost`` (µs) are what the planner expected. A plan that is not ``lasting`` holds what an index
    found, and is good for one revision of the data.
    """

    text: str
    reason: str = ""
    rows: float = 0.0
    cost: float = 0.0
    lasting: bool = True

    @property
    def explained(self) -> str:
        """For people: what was expected, and the query that is run, line by line."""
        said = self.reason or f"expected: {self.rows:,.0f} rows of the pattern in {self.cost / 1000:,.1f} ms"
        return f"# {said}\n{laid_out(self.text)}"


def plan(
    text: str,
    counts: Counts,
    prefixes: Mapping[str, str] = _NONE,
    base: str = "",
    texts: Texts | None = None,
) -> Plan:
    """The query as it is to be run; never raises: what is not understood stays as it is.

    ``counts`` is asked about terms written in full; ``prefixes`` and ``base`` are what the query need not declare;
    ``texts`` is the index of the quotes. The query has to be well-formed: of one that is not, a well-formed one may be
    made.
    """
    try:
        query = parse(text)
    except NotUnderstoodError as error:
        return Plan(text, f"left as it is: {error}")
    known = _Resolved(counts, {**prefixes, **query.prefixes}, urljoin(base, query.base))
    finder = Finder(texts, QUOTE, MATCHES, known.full, query.fresh)
    group = finder.group(query.group)
    if len(group.elements) < 2 and group == query.group:
        return Plan(text, "left as it is: a single pattern")
    if query.select is not None:
        group = shortened(replace(query.select, group=group), query.fresh).group
    part = Planner(known).group(group, Context())
    return Plan(_joined(query, part.whole), "", part.rows, part.cost, lasting=not finder.asked)


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
        return self._counts.predicate(self.full(term))

    def about(self, predicate: str, term: str) -> int:
        """The number of triples of this predicate and object."""
        return self._counts.about(self.full(predicate), self.full(term))

    def full(self, term: str) -> str:
        """A term or a path with its names in full."""
        return "".join(self._written(token) for token in tokens(term))

    def _written(self, token: Token) -> str:
        if token.kind == "iri":
            return f"<{urljoin(self._base, token.text[1:-1])}>"
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._prefixes:
            return token.text
        return f"<{self._prefixes[prefix]}{local}>"
