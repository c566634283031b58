"""One triple a document, for tests of the store: how it is written, and what is read back."""

from __future__ import annotations

from pyoxigraph import NamedNode, QuerySolutions

from kb.store import Store

S, P, ABOUT = (NamedNode(f"http://example.org/{name}") for name in "spo")


def fact(store: Store, key: str, value: str = "x") -> bytes:
    return f'<http://example.org/s> <http://example.org/p> "{value}" <{store.base}document/{key}/graph> .\n'.encode()


def values(store: Store) -> list[str]:
    rows = store.query("SELECT ?o { <http://example.org/s> <http://example.org/p> ?o } ORDER BY ?o")
    assert isinstance(rows, QuerySolutions)
    return [row["o"].value for row in rows]
