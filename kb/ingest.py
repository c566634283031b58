"""Documents in: extract their claims, check them, record each document in one step, then track, infer and publish."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from pyoxigraph import NamedNode

from kb.errors import DocumentError, FactlineError, ValidationError
from kb.model import Claim, Document
from kb.rdf import document_quads, terms
from kb.reason import infer
from kb.reference import Reference
from kb.search import update
from kb.store import Store
from kb.track import track
from kb.validate import Fault, validate

PUBLISH_SECONDS = 5.0
"""How long readers wait at most, in a long batch, for what has been recorded (longer where publishing is slow)."""
_PROGRESS = "progress.json"
_TELL_SECONDS = 0.5
_SHARE = 10  # publishing may take at most one part in so many of the time

Extract = Callable[[Document], Sequence[Claim]]
Validate = Callable[[bytes], Sequence[Fault]]


@dataclass(frozen=True)
class Outcome:
    """What became of one input: ``claims`` counts those recorded, ``error`` says why it failed."""

    state: Literal["added", "unchanged", "failed"]
    document: Document | None = None
    claims: int = 0
    error: FactlineError | None = None


@dataclass
class Report:
    """What became of all inputs; ``review`` counts the recorded claims that wait for a person."""

    added: int = 0
    unchanged: int = 0
    claims: int = 0
    review: int = 0
    errors: list[FactlineError] = field(default_factory=list)
    revision: int = 0


def add(
    store: Store,
    documents: Iterable[Document | DocumentError],
    extract: Extract,
    progress: Callable[[Outcome], None] = lambda outcome: None,
    *,
    check: Validate = validate,
) -> Report:
    """Records documents with their claims in a store opened for writing, tracks events and publishes.

    A document that the store has (by ``Document.key``) is left as it is. A document that cannot be read, extracted or
    validated is an error of the report and does not stop the rest. ``progress`` hears of each input once it is dealt
    with. Each document is recorded whole or not at all, and only when ``check`` finds no fault in its graph; after a
    stop, the same call goes on where it was. When this returns, all that the report counts is safe on disk and visible
    to readers. Raises StoreError when the store itself fails (a full disk), where what was recorded before stays, and
    RuleError when extraction cannot work at all.
    """
    batch = _Batch(store, extract, check)
    try:
        for document in documents:
            outcome = batch.take(document)
            progress(outcome)
        batch.publish()
    finally:
        (store.path / _PROGRESS).unlink(missing_ok=True)
    return batch.report


def under_way(folder: Path) -> dict[str, int] | None:
    """How far a run of ``add`` on the store in this folder is, whichever process does it: documents done and claims.

    None while there is none.
    """
    try:
        found = json.loads((folder / _PROGRESS).read_text("utf-8"))
        return {"documents": int(found["documents"]), "claims": int(found["claims"])}
    except (FileNotFoundError, ValueError):
        return None


def refresh(store: Store) -> int:
    """Brings everything derived up to date with documents and decisions, and publishes; returns the revision."""
    track(store)
    infer(store)
    revision = store.publish()
    update(store)
    return revision


class _Batch:
    """One run of ``add``."""

    def __init__(self, store: Store, extract: Extract, check: Validate) -> None:
        self.report = Report(revision=store.revision)
        self._store = store
        self._extract = extract
        self._check = check
        self._due = time.monotonic() + PUBLISH_SECONDS
        self._told = time.monotonic() + _TELL_SECONDS

    def take(self, document: Document | DocumentError) -> Outcome:
        outcome = self._outcome(document)
        self.report.claims += outcome.claims
        if outcome.error is not None:
            self.report.errors.append(outcome.error)
        elif outcome.state == "added":
            self.report.added += 1
        else:
            self.report.unchanged += 1
        self._tell()
        if time.monotonic() >= self._due:
            self.publish()
        return outcome

    def _tell(self) -> None:
        """Leaves word of how far it is for pages that are open, at most twice a second."""
        if time.monotonic() < self._told:
            return
        self._told = time.monotonic() + _TELL_SECONDS
        done = {"documents": self.report.added + self.report.unchanged, "claims": self.report.claims}
        self._store.folder.leave(_PROGRESS, json.dumps(done))

    def publish(self) -> None:
        """Tracks, infers, publishes and indexes; after a stop also what an earlier run had recorded only."""
        begun = time.monotonic()
        self.report.revision = refresh(self._store)
        now = time.monotonic()
        self._due = now + max(PUBLISH_SECONDS, _SHARE * (now - begun))

    def _outcome(self, document: Document | DocumentError) -> Outcome:
        if isinstance(document, DocumentError):
            return Outcome("failed", error=document)
        if self._store.has_document(document.key):
            return Outcome("unchanged", document)
        try:
            return self._record(document)
        except (DocumentError, ValidationError) as error:
            return Outcome("failed", document, error=error)
        except ValueError as error:
            # A claim or IRI that the model or the engine refuses: a fault of extraction, which must not stop the rest.
            return Outcome("failed", document, error=DocumentError(f"{document.id}: cannot be recorded: {error}"))

    def _record(self, document: Document) -> Outcome:
        claims = self._extract(document)
        write = partial(
            document_quads,
            document,
            claims,
            self._store.base,
            datetime.now(UTC).replace(microsecond=0),
            publisher=_publisher(document, self._store.base),
            extractor=claims[0].extractor if claims else None,
        )
        # Checked with every node described, recorded without what the store knows already.
        faults = self._check(write())
        if faults:
            raise ValidationError(_told(document, faults))
        self._store.add_document(document.key, write(described=self._described))
        self.report.review += sum(claim.needs_review for claim in claims)
        return Outcome("added", document, len(claims))

    def _described(self, iri: str) -> bool:
        # One label a node in the whole dataset: the reference data's, else that of the first document to name it.
        return any(True for _ in self._store.quads(NamedNode(iri), NamedNode(terms.RDFS_LABEL)))


def _told(document: Document, faults: Sequence[Fault]) -> str:
    shown = "; ".join(map(str, faults[:3]))
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""
    return f"{document.id}: its claims break the shapes, so it was not recorded: {shown}{more}"


def _publisher(document: Document, base: str) -> str | None:
    """The outlet, or other actor, of the reference data that the document's publisher is."""
    if document.publisher is None:
        return None
    known = [entry for entry in Reference.load().named(document.publisher) if entry.local.startswith("actor/")]
    # Of several bearers of the name, an outlet is meant.
    known.sort(key=lambda entry: (entry.type != "outlet", entry.local))
    return base + known[0].local if known else None
