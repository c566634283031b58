"""The dataset on disk: one writer, readers on published revisions."""

from kb.store.opening import bring_reference, check_base, default_folder, open_store, open_to_migrate
from kb.store.reader import PREFIXES, Results
from kb.store.sparql import Term
from kb.store.store import Store
from kb.store.transfer import DATASET_FORMATS, GRAPH_FORMATS, Loaded, backup, dump, load, restore

__all__ = [
    "DATASET_FORMATS",
    "GRAPH_FORMATS",
    "PREFIXES",
    "Loaded",
    "Results",
    "Store",
    "Term",
    "backup",
    "bring_reference",
    "check_base",
    "default_folder",
    "dump",
    "load",
    "open_store",
    "open_to_migrate",
    "restore",
]
