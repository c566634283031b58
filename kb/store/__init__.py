"""The dataset on disk: one writer, readers on published revisions."""

from kb.store.opening import check_base, default_folder, open_store
from kb.store.sparql import Term
from kb.store.store import PREFIXES, Results, Store

__all__ = ["PREFIXES", "Results", "Store", "Term", "check_base", "default_folder", "open_store"]
