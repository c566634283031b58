"""Whether the default graph is what the named graphs say together, no more and no less (decision 0006)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import QuerySolutions

from kb.store import Store
from kb.validate.fault import Fault

_MOST = 20
"""Triples that are shown: one is as bad as many, and all are put right in the same way."""
_MISSING = f"""SELECT ?g ?s ?p ?o WHERE {{
  GRAPH ?g {{ ?s ?p ?o }} FILTER NOT EXISTS {{ ?s ?p ?o }} }} LIMIT {_MOST}"""
_BEYOND = f"""SELECT ?s ?p ?o WHERE {{
  ?s ?p ?o FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }} LIMIT {_MOST}"""
_WAY_OUT = "make the store anew: kb export --format nquads, kb init, kb load"


def unmerged(store: Store) -> Iterator[Fault]:
    """The triples that readers miss, and those that no graph says; one look-up a triple."""
    yield from _faults(store, _MISSING, f"a triple of a graph is missing from the merge of all; {_WAY_OUT}")
    yield from _faults(store, _BEYOND, f"the merge of all has a triple that no graph says; {_WAY_OUT}")


def _faults(store: Store, query: str, message: str) -> Iterator[Fault]:
    found = store.query(query)
    if not isinstance(found, QuerySolutions):
        raise TypeError("a SELECT has solutions")
    names = [variable.value for variable in found.variables]
    for row in found:
        terms = {name: str(row[name]) for name in names}
        graph = f" in {terms['g']}" if "g" in terms else ""
        yield Fault("merge", terms["s"], f"{terms['p']} {terms['o']}{graph}", message)
