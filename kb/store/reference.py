"""The data that ships with Factline, as the store holds it: ontology, known actors and places, and the shapes.

With them goes what the data say of themselves (``kb.store.service``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse

from kb import resources
from kb.errors import StoreError
from kb.store import service
from kb.store.reader import PREFIXES

# What is in the folder but no part of the data: examples for tests, migrations for old stores.
_LEFT_OUT = frozenset({"examples", "migrations"})
_SHAPES = "shapes"


def _files() -> list[Path]:
    root = resources.folder("ontology")
    return sorted(path for path in root.rglob("*.ttl") if not _LEFT_OUT.intersection(path.relative_to(root).parts))


@cache
def fingerprint() -> str:
    """A hash of all that ships: it changes when a release changes the reference data."""
    root = resources.folder("ontology")
    state = hashlib.sha256()
    for path in _files():
        content = path.read_bytes()
        state.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        state.update(content)
    state.update(service.fingerprint().encode())
    return state.hexdigest()[:20]


def graphs(base: str) -> dict[str, set[Triple]]:
    """The reference and the shapes graph of a store with this base, by graph IRI.

    Relative IRIs of the files (``<actor/csto>``) are resolved against ``base``. Blank nodes get names that depend on
    the file's content only, so that the same release always gives the same graph. Raises StoreError for a file that
    does not parse.
    """
    root = resources.folder("ontology")
    found: dict[str, set[Triple]] = {f"{base}graph/reference": set(), f"{base}graph/shapes": set()}
    for path in _files():
        relative = path.relative_to(root)
        kind = "shapes" if _SHAPES in relative.parts else "reference"
        found[f"{base}graph/{kind}"].update(_parsed(path, relative.as_posix(), base))
    known = set().union(*found.values())
    found[f"{base}graph/reference"].update(service.described(base, PREFIXES, known))
    return found


def _parsed(path: Path, name: str, base: str) -> Iterator[Triple]:
    try:
        quads = parse(path=path, format=RdfFormat.TURTLE, base_iri=base, rename_blank_nodes=True)
        dataset = Dataset(quad for quad in quads if isinstance(quad, Quad))
    except SyntaxError as error:
        raise StoreError(f"the reference file {path} does not parse: {error}") from error
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    mark = "b" + hashlib.sha256(name.encode()).hexdigest()[:8]
    for quad in dataset:
        subject, about = quad.subject, quad.object
        yield Triple(
            BlankNode(mark + subject.value) if isinstance(subject, BlankNode) else subject,
            quad.predicate,
            BlankNode(mark + about.value) if isinstance(about, BlankNode) else about,
        )
