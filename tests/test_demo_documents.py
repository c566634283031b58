"""The bundled dispatches are complete documents with exactly the fields that the demo shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import kb
from kb.model import Document
from kb.read import read

FOLDER = Path(kb.__file__).parent / "demo"
DISPATCHES = [document for document in read([FOLDER]) if isinstance(document, Document)]


def test_every_file_is_a_document() -> None:
    assert len(DISPATCHES) == len(list(FOLDER.glob("*.md"))) > 20


def test_every_dispatch_says_where_it_comes_from() -> None:
    for document in DISPATCHES:
        assert document.title
        assert document.publisher
        assert document.url
        assert document.url.startswith("http")
        assert document.language == "en"
        assert document.day
        assert document.day >= date(2022, 1, 6)
        assert 50 <= len(document.text.split()) <= 160, document.title


def test_no_two_are_the_same_article() -> None:
    assert len({document.url for document in DISPATCHES}) == len(DISPATCHES)
    assert len({document.key for document in DISPATCHES}) == len(DISPATCHES)
