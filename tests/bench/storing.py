"""How fast claims become triples and answers: N-Quads, recording, named queries at two sizes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions

from kb import ingest
from kb.extract.pipeline import Extractor
from kb.model import Claim, Document
from kb.queries import catalogue, run
from kb.rdf import document_quads
from kb.resources import DEFAULT_BASE
from kb.store import Store, open_store
from tests.bench import clock, texts
from tests.markdown import prose, table

LARGE = 1000
RECORDED = datetime(2022, 1, 17, tzinfo=UTC)

Extracted = dict[str, list[Claim]]


def _quads(given: Sequence[Document], claims: Extracted) -> None:
    for document in given:
        document_quads(document, claims[document.key], DEFAULT_BASE, RECORDED)


def writing(given: Sequence[Document], claims: Extracted) -> Iterator[str]:
    """Claims to N-Quads."""
    yield from ("## Claims to N-Quads", "")
    number = sum(len(claims[document.key]) for document in given)
    triples = sum(document_quads(each, claims[each.key], DEFAULT_BASE, RECORDED).count(b" .\n") for each in given)
    took = clock.middle([clock.seconds(lambda: _quads(given, claims)) for _ in range(clock.ROUNDS)])
    yield from table(["", ""], [["claims/s", f"{number / took:,.0f}"], ["triples/s", f"{triples / took:,.0f}"]])
    yield ""


def recording(small: Sequence[Document], large: Sequence[Document], claims: Extracted, folder: Path) -> Iterator[str]:
    """Documents into a store, their claims at hand; leaves the stores ``small`` and ``large`` in the folder."""
    yield from ("## Recording", "")
    yield from prose(
        """
        Documents with their claims at hand into a new store on disk: each checked against the shapes, written and
        flushed on its own; then events tracked and a revision published. Beside it the same without the check.
        """
    )
    rows = []
    for name, given in (("small", small), ("unchecked", small), ("large", large)):
        checked = name == "small"
        with open_store(folder / name, create=True) as store:
            took = clock.wall(partial(_record, store, given, claims, checked=checked))
        rows.append([f"{len(given):,}", "yes" if checked else "no", f"{len(given) / took:,.0f}"])
    yield from table(["documents", "checked against the shapes", "documents/s"], rows)
    yield ""


def _record(store: Store, given: Sequence[Document], claims: Extracted, *, checked: bool) -> None:
    if checked:
        ingest.add(store, given, lambda document: claims[document.key])
    else:
        ingest.add(store, given, lambda document: claims[document.key], check=lambda graph: [])


def asking(folder: Path) -> Iterator[str]:
    """The named queries at both sizes."""
    yield from ("## Named queries", "")
    yield from prose(
        f"""
        Milliseconds until the last row has come, medians of {clock.ROUNDS}, with the parameters of each query's own
        example and with none.
        """
    )
    times: dict[tuple[str, str], list[tuple[float, int]]] = {}
    counts = []
    for name in ("small", "large"):
        with open_store(folder / name) as store:
            claims = _rows(store, "SELECT ?claim { ?claim kb:quote ?quote } ORDER BY ?claim")
            counts.append((_number(store, "document"), len(claims)))
            for query, given in _questions(claims[0]):
                answer = partial(_answer, store, query, given)
                times.setdefault((query, _shown(given)), []).append((clock.milliseconds(answer), answer()))
    head = ["query", "parameters"]
    for documents, claims_there in counts:
        head += [f"{documents:,} documents, {claims_there:,} claims: ms", "rows"]
    rows = [
        [*key, *(f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" for pair in pairs for cell in pair)]
        for key, pairs in times.items()
    ]
    yield from table(head, rows, left=2)
    yield ""


def _questions(claim: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each query without parameters if it can be asked so, and with those of its example."""
    for name, query in catalogue().items():
        if not any(parameter.required for parameter in query.parameters.values()):
            yield name, {}
        example = {key: claim if key == "claim" else value for key, value in query.example.items()}
        if example:
            yield name, example


def _shown(given: dict[str, str]) -> str:
    return ", ".join("claim" if key == "claim" else f"{key}={value}" for key, value in given.items())


def _answer(store: Store, query: str, given: dict[str, str]) -> int:
    results = run(store, query, given).results
    if not isinstance(results, QuerySolutions):
        raise TypeError(f"{query} is no SELECT")
    return sum(1 for _ in results)


def _rows(store: Store, sparql: str) -> list[str]:
    results = store.query(sparql)
    if not isinstance(results, QuerySolutions):
        raise TypeError("no SELECT")
    return [row[0].value for row in results if isinstance(row[0], NamedNode)]


def _number(store: Store, kind: str) -> int:
    return len(_rows(store, f"SELECT ?each {{ ?each a kb:{kind.capitalize()} }}"))


def page() -> Iterator[str]:
    """The sections of this module."""
    small = texts.dispatches()
    large = texts.varied(small, LARGE)
    extractor = Extractor()
    claims = {document.key: extractor.extract(document) for document in large}
    yield from writing(large, claims)
    with tempfile.TemporaryDirectory() as folder:
        yield from recording(small, large, claims, Path(folder))
        yield from asking(Path(folder))
