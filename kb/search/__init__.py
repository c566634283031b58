"""The index beside the store: names, quotes, and what claims are filtered, counted and paged by."""

from kb.search.claims import ORDERS, Choice, Found, Wanted, find_claims
from kb.search.index import Index, open_index, update
from kb.search.names import Named, find_names
from kb.search.quotes import Quotes
from kb.search.words import corrected

__all__ = [
    "ORDERS",
    "Choice",
    "Found",
    "Index",
    "Named",
    "Quotes",
    "Wanted",
    "corrected",
    "find_claims",
    "find_names",
    "open_index",
    "update",
]
