"""``/add``: documents from a browser; pasted, as files, or by address. The claims found are shown to be looked at."""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kb import ingest
from kb.access import Role
from kb.errors import DocumentError, FactlineError
from kb.extract.pipeline import Extractor
from kb.fetch import fetch, is_url
from kb.model import Document
from kb.read import json_document, read
from kb.search import lists
from kb.web.links import Links
from kb.web.negotiate import HTML, PAGE_JSON, choose, split_suffix
from kb.web.session import NO_STORE, require_person
from kb.web.site import Site, raw_path, site_of
from kb.web.views import claim_json, document_json

router = APIRouter(tags=["Adding documents"])
MOST_BYTES = 32 * 1024 * 1024
"""Of one form, all files together."""

MOST_FILES = 50
_KEPT = 50  # runs that are remembered
_ADDRESS = "address"
_SHOWN = 500  # claims


@dataclass
class Run:
    """One form that was sent: what it brought, and what has become of it. ``error`` ends it."""

    id: str
    total: int
    done: int = 0
    claims: int = 0
    documents: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    state: str = "waiting"
    error: str | None = None

    def take(self, outcome: ingest.Outcome) -> None:
        """Notes what became of one document."""
        self.state = "running"
        self.done += 1
        self.claims += outcome.claims
        if outcome.error is not None:
            self.failed.append(str(outcome.error))
        elif outcome.document is not None:
            self.documents.append((outcome.document.key, outcome.state))


class Runs:
    """The runs of one server, one at a time: there is one writer."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._turn = threading.Lock()

    def get(self, name: str) -> Run | None:
        """A run by its id, as long as it is remembered."""
        return self._runs.get(name)

    def begin(self, site: Site, given: Sequence[Given]) -> Run:
        """Has documents added, in a thread."""
        run = Run(secrets.token_urlsafe(12), len(given))
        self._runs[run.id] = run
        for old in list(self._runs)[:-_KEPT]:
            del self._runs[old]
        threading.Thread(target=self._work, args=(site, run, given), daemon=True).start()
        return run

    def _work(self, site: Site, run: Run, given: Sequence[Given]) -> None:
        try:
            with self._turn:
                self._add(site, run, given)
            run.state = "done"
        except FactlineError as error:
            run.error, run.state = str(error), "done"

    def _add(self, site: Site, run: Run, given: Sequence[Given]) -> None:
        documents = list(_documents(given))  # addresses are asked before the store is held
        run.total = len(documents)
        with site.writing() as store:
            ingest.add(store, documents, _extractor(store.base).extract, run.take)


@dataclass(frozen=True)
class Given:
    """One thing that was given: a file, pasted text as the fields of a document, or an address."""

    name: str
    data: bytes


RUNS = Runs()


@cache
def _extractor(base: str) -> Extractor:
    return Extractor(base)


@router.get("/add", summary="Add documents", include_in_schema=False)
def form(request: Request) -> Response:
    """The form; for tokens of the role reviewer."""
    caller = require_person(request, Role.REVIEWER)
    return site_of(request).page(request, "add.html", {"caller": caller, "problem": None}, headers=NO_STORE)


@router.post("/add", summary="Add documents: text, files or an address")
async def add(request: Request) -> Response:
    """A form (multipart) with ``text`` and its ``title``, ``publisher``, ``published``, ``url``; ``files``; or
    ``address``. Answers 303 to the page of the run, which has the claims when it is done.
    """
    caller = require_person(request, Role.REVIEWER)
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A form has at most {MOST_BYTES >> 20} MB in all.")
    site = site_of(request)
    async with request.form(max_files=MOST_FILES, max_fields=10, max_part_size=MOST_BYTES) as sent:
        try:
            given = await _given(sent)
        except DocumentError as error:
            if "html" not in request.headers.get("accept", ""):
                raise
            context = {"caller": caller, "problem": str(error)}
            return site.page(request, "add.html", context, status_code=HTTPStatus.BAD_REQUEST, headers=NO_STORE)
    run = RUNS.begin(site, given)
    return RedirectResponse(Links.of("", raw_path(request)).to(f"added/{run.id}"), HTTPStatus.SEE_OTHER, NO_STORE)


async def _given(sent: FormData) -> list[Given]:
    found: list[Given] = []
    for part in sent.getlist("files"):
        if isinstance(part, UploadFile) and part.filename:
            found.append(Given(PurePosixPath(part.filename.replace("\\", "/")).name, await part.read()))
    if text := _field(sent, "text"):
        fields = {"text": text, "date": _field(sent, "published"), "title": _field(sent, "title")}
        fields |= {"publisher": _field(sent, "publisher"), "url": _field(sent, "url")}
        line = to_json({name: value for name, value in fields.items() if value})
        json_document("the text", line)  # complains now, while the form is there
        found.append(Given("", line))
    if address := _field(sent, "address"):
        if not is_url(address):
            raise DocumentError(f"{address}: not an address; it begins with http:// or https://")
        found.append(Given(_ADDRESS, address.encode()))
    if not found:
        raise DocumentError("nothing was given: paste a text, choose files, or give an address")
    return found


def _field(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value.strip() if isinstance(value, str) else ""


def _documents(given: Sequence[Given]) -> Iterator[Document | DocumentError]:
    with tempfile.TemporaryDirectory(prefix="factline-") as folder:
        for number, each in enumerate(given):
            try:
                if each.name == _ADDRESS:
                    yield fetch(each.data.decode(), public_only=True)
                elif not each.name:
                    yield json_document("the text", each.data)
                else:
                    inner = Path(folder) / str(number)
                    inner.mkdir()
                    (inner / each.name).write_bytes(each.data)
                    for found in read([inner / each.name]):
                        yield _told(found, str(inner) + "/")
            except (DocumentError, ValidationError) as error:
                yield DocumentError(str(error))


def _told(found: Document | DocumentError, folder: str) -> Document | DocumentError:
    """A fault names the file as it was sent, not where it lay here."""
    return DocumentError(str(found).replace(folder, "")) if isinstance(found, DocumentError) else found


@router.get("/added/{name}", summary="What has become of documents that were sent, and the claims in them")
def added(request: Request, name: str) -> Response:
    """As a page or as JSON."""
    require_person(request, Role.REVIEWER)
    stem, suffixed = split_suffix(name, (PAGE_JSON,))
    chosen = suffixed or choose((HTML, PAGE_JSON), request.headers.get("accept"), request.query_params.get("format"))
    run = RUNS.get(stem)
    if run is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, "This run is not known here any more; its documents are in the store."
        )
    site = site_of(request)
    with site.reading() as reading:
        keys = [reading.store.iri(f"document/{key}") for key, _ in run.documents] if run.state == "done" else []
        cards = reading.cards(lists.in_documents(reading.index, keys, _SHOWN))
    if chosen is PAGE_JSON:
        documents = [{**document_json(card.document), "claim": claim_json(card)} for card in cards]
        answer: dict[str, Any] = {**vars(run), "found": documents}
        return Response(to_json(answer, indent=2), media_type=chosen.content_type, headers=NO_STORE)
    return site.page(request, "added.html", {"run": run, "cards": cards}, headers=NO_STORE)
