"""Documents in: text, Markdown, HTML and JSONL files, folders of them, or standard input.

Whatever cannot be read becomes a ``DocumentError`` in its place in the stream, and the rest goes on.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from kb.dates import InvalidDateError, dateline, parse_date
from kb.errors import DocumentError
from kb.model import Document

MAX_BYTES = 16 * 1024 * 1024
"""The longest document, in bytes; far beyond any article, and small enough to hold in memory many times over."""

TEXT, HTML, JSONL = "text", "html", "jsonl"
SUFFIXES = {
    ".txt": TEXT,
    ".text": TEXT,
    ".md": TEXT,
    ".markdown": TEXT,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
}
FIELDS = ("title", "publisher", "url", "language")

_FRONT = re.compile(r"---[ \t]*\r?\n(?=[^\n]*:)")
_FRONT_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HTML_START = re.compile(rb"\s*<(?:!doctype html|html|\?xml)", re.IGNORECASE)
_LANG = re.compile(r"<html[^>]*?\slang\s*=\s*[\"']?([A-Za-z]{2,3})", re.IGNORECASE)
# The control characters that no text file holds: C0 without tab, line feed, form feed, return and escape.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_BINARY_SHARE = 0.02
_UNENCODABLE = re.compile("[\ud800-\udfff\0]")
_MAGIC = {
    b"%PDF-": "a PDF file; save its text first, for example with: pdftotext {name} article.txt",
    b"PK\x03\x04": "a ZIP archive or an Office file; save it as plain text first",
    b"\x1f\x8b": "compressed with gzip; unpack it first with: gunzip {name}",
    b"\x89PNG": "a PNG image; Factline reads text",
    b"\xff\xd8\xff": "a JPEG image; Factline reads text",
    b"\xd0\xcf\x11\xe0": "an old Office file; save it as plain text first",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(paths: Iterable[str | Path], *, stdin: BinaryIO | None = None) -> Iterator[Document | DocumentError]:
    """Read every document of the files and folders, in order; ``-`` is standard input.

    A folder gives its files of known kinds, in the order of their names, and those of its subfolders. Offsets of claims
    count in ``Document.text``: what follows the front matter of a text file, the article that is found in a page.
    """
    for path in paths:
        if str(path) == "-":
            yield from _guarded(_stream("<stdin>", stdin or sys.stdin.buffer))
        elif Path(path).is_dir():
            yield from _folder(Path(path))
        else:
            yield from _guarded(_file(Path(path)))


def _guarded(documents: Iterator[Document | DocumentError]) -> Iterator[Document | DocumentError]:
    """The same stream, its last error as a value."""
    try:
        yield from documents
    except DocumentError as error:
        yield error


def _folder(folder: Path) -> Iterator[Document | DocumentError]:
    try:
        found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    except OSError as error:
        yield DocumentError(f"{folder}: cannot be listed: {error.strerror}")
        return
    files = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    if not files:
        yield DocumentError(f"{folder}: no documents in this folder (looked for {', '.join(SUFFIXES)})")
    for path in files:
        yield from _guarded(_file(path))


def _file(path: Path) -> Iterator[Document | DocumentError]:
    """The documents of one file; what makes the whole file unreadable is raised."""
    name = str(path)
    kind = SUFFIXES.get(path.suffix.lower())
    try:
        regular = path.is_file()
        if regular and kind is None:
            raise DocumentError(
                f"{name}: unknown kind of file {path.suffix or '(no suffix)'!r}; "
                f"rename it to one of {', '.join(SUFFIXES)}, or pass it on standard input with: kb extract - < {name}"
            )
        with path.open("rb") as file:
            yield from _documents(name, file, kind) if regular else _stream(name, file)
    except FileNotFoundError as error:
        raise DocumentError(f"{name}: no such file; check the spelling and the folder you are in") from error
    except OSError as error:
        raise DocumentError(f"{name}: cannot be read: {error.strerror}") from error


def _stream(name: str, file: BinaryIO) -> Iterator[Document | DocumentError]:
    """A stream without a suffix: JSONL if it begins with an object, HTML if with its tag, else text."""
    head = file.readline(4096)
    whole = _Rest(head, file)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
        kind = JSONL
    else:
        kind = HTML if _HTML_START.match(head.removeprefix(codecs.BOM_UTF8)) else TEXT
    yield from _documents(name, whole, kind)


class _Rest:
    """A stream with its first bytes, already taken, put back before it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, all of them unless the stream ends."""
        head, self._head = self._head[:size], self._head[size:]
        return head + self._rest.read(size - len(head))

    def readline(self, size: int) -> bytes:
        """One line, of at most ``size`` bytes."""
        head, self._head = self._head[:size], self._head[size:]
        if not head or head.endswith(b"\n"):
            return head or self._rest.readline(size)
        return head + self._rest.readline(size - len(head))


def _documents(name: str, file: BinaryIO | _Rest, kind: str | None) -> Iterator[Document | DocumentError]:
    if kind == JSONL:
        yield from _jsonl(name, file)
        return
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{name}: larger than {MAX_BYTES >> 20} MB; split it into single articles")
    yield page_document(name, data) if kind == HTML else text_document(name, data)


# -- text ---------------------------------------------------------------------------------------------------------


def text_document(name: str, data: bytes) -> Document:
    """The document of a text or Markdown file, with its front matter or dateline.

    :raises DocumentError: empty, not text, not UTF-8, or a date that no calendar has
    """
    text = clean(_decode(name, data))
    fields: dict[str, Any] = {}
    opening = _FRONT.match(text)
    if opening:
        end = _FRONT_END.search(text, opening.end())
        if end is None:
            raise DocumentError(f"{name}: line 1: the front matter is not closed; end it with a line of ---")
        fields = _front_matter(name, text[opening.end() : end.start()])
        text = text[end.end() :]
    return _document(name, text, fields)


def _front_matter(name: str, block: str) -> dict[str, Any]:
    """Our fields of a YAML block that begins on line 2 of the file; others are left alone."""
    try:
        node = yaml.compose(block, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        raise DocumentError(f"{name}: line {line}: the front matter is not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise DocumentError(f"{name}: line 2: the front matter is not YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise DocumentError(f"{name}: line 2: the front matter is not a list of fields such as title: …")
    fields: dict[str, Any] = {}
    for key, value in node.value:
        if key.value not in (*FIELDS, "id", "date", "published"):
            continue
        where = f"{name}: line {value.start_mark.line + 2}"
        if not isinstance(value, yaml.ScalarNode):
            raise DocumentError(f"{where}: {key.value} must be one value, not a list")
        given = "" if value.tag == "tag:yaml.org,2002:null" else value.value.strip()
        fields[key.value] = _date(where, key.value, given) if key.value in ("date", "published") else given
    return fields


def _date(where: str, field: str, value: str) -> date | None:
    if not value:
        return None
    try:
        return parse_date(value)
    except InvalidDateError as error:
        raise DocumentError(
            f"{where}: {field}: {error}; write it as 2022-01-06 or 2022-01-06T14:30:00+06:00"
        ) from error


def _document(name: str, text: str, fields: dict[str, Any]) -> Document:
    if not text.strip():
        raise DocumentError(f"{name}: no text; a document needs at least one sentence")
    published: date | datetime | None = fields.get("published") or fields.get("date")
    if published is None:
        try:
            published = dateline(text)
        except InvalidDateError as error:
            raise DocumentError(f"{name}: first line: {error}; write it as: date 2022-01-06") from error
    return Document(
        text=text,
        given_id=fields.get("id") or None,
        published=published,
        **{field: fields.get(field) or None for field in FIELDS},
    )


# -- HTML ---------------------------------------------------------------------------------------------------------


def page_document(name: str, data: bytes, *, url: str | None = None, charset: str | None = None) -> Document:
    """The article of an HTML page, with title, date, site and language where the page gives them.

    ``url`` and ``charset`` are those of the response, for a page that was fetched.

    :raises DocumentError: empty, not text, or no article in it
    """
    # Three quarters of a second of imports that only pages need.
    import trafilatura  # noqa: PLC0415

    declared = _CHARSET.search(data[:4096])
    html = clean(_decode(name, data, charset or (declared[1].decode("ascii") if declared else None)))
    found = trafilatura.bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        # Only dates that the page states: a guessed date would move every "yesterday".
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or isinstance(found, dict) or not (text := found.text or "").strip():
        raise DocumentError(f"{name}: no article text in this page; save the article as text or open its print view")
    language = _LANG.search(html)
    fields = {
        "title": found.title,
        "publisher": found.sitename,
        "url": url or found.url,
        "language": language[1].lower() if language else None,
        "published": date.fromisoformat(found.date) if found.date else None,
    }
    # One paragraph a line; a blank line between them, so that no paragraph is taken for a wrapped line of the last.
    return _document(name, re.sub(r"\n+", "\n\n", text), fields)


# -- JSONL --------------------------------------------------------------------------------------------------------


def _jsonl(name: str, file: BinaryIO | _Rest) -> Iterator[Document | DocumentError]:
    """One document a line; an error a faulty line."""
    number, seen = 0, False
    while line := file.readline(MAX_BYTES + 1):
        number += 1
        where = f"{name}:{number}"
        if len(line) > MAX_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield DocumentError(f"{where}: the line is longer than {MAX_BYTES >> 20} MB; split it into single articles")
        elif line.removeprefix(codecs.BOM_UTF8).strip():
            try:
                yield json_document(where, line)
            except DocumentError as error:
                yield error
        else:
            continue
        seen = True
    if not seen:
        raise DocumentError(f"{name}: the file is empty; one JSON object a line is expected")


def json_document(where: str, line: bytes) -> Document:
    """The document of one JSON object.

    :raises DocumentError: malformed JSON (with its column), no text, or a field of the wrong type
    """
    try:
        record = json.loads(_decode(where, line))
    except json.JSONDecodeError as error:
        raise DocumentError(f"{where}: column {error.colno}: malformed JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{where}: malformed JSON: {error}") from error
    if not isinstance(record, dict):
        raise DocumentError(f'{where}: not a JSON object; a line looks like {{"text": "…", "date": "2022-01-06"}}')
    if not isinstance(record.get("text"), str):
        raise DocumentError(f'{where}: no "text"; every line needs the text of its document as a string')
    fields = {field: _string(where, field, record.get(field)) for field in (*FIELDS, "id", "date", "published")}
    dates = {field: _date(where, field, fields[field]) for field in ("date", "published")}
    return _document(where, clean(record["text"]), {**fields, **dates})


def _string(where: str, field: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise DocumentError(f'{where}: "{field}" must be a string, not {json.dumps(value)[:40]}')
    return clean(str(value)).strip()


# -- characters ---------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """The text with NUL and lone surrogates, which no store can hold, each replaced by U+FFFD: offsets stay."""
    return _UNENCODABLE.sub("\ufffd", text)


def _decode(name: str, data: bytes, declared: str | None = None) -> str:
    """The text of the bytes: UTF-8, or the encoding that a page declares."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise DocumentError(f"{name}: the file is empty")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_other(name, data, declared, error)
    _refuse_binary(name, data)
    return text


def _decode_other(name: str, data: bytes, declared: str | None, error: UnicodeDecodeError) -> str:
    if data.startswith(_UTF16):
        raise DocumentError(f"{name}: {_wrong_encoding(name, error, 'UTF-16')}") from error
    _refuse_binary(name, data)
    if declared:
        try:
            return data.decode(declared)
        except (LookupError, UnicodeDecodeError) as other:
            message = f"{name}: not readable as {declared}, the encoding that the page declares: {other}"
            raise DocumentError(message) from other
    raise DocumentError(f"{name}: {_wrong_encoding(name, error, 'WINDOWS-1252')}") from error


def _wrong_encoding(name: str, error: UnicodeDecodeError, guess: str) -> str:
    return (
        f"not UTF-8: byte {error.object[error.start]:#04x} at offset {error.start}; "
        f"convert it, for example with: iconv -f {guess} -t UTF-8 {name} > utf8.txt"
    )


def _refuse_binary(name: str, data: bytes) -> None:
    for magic, advice in _MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(f"{name}: not text: it is {advice.format(name=name)}")
    head = data[:8192]
    if len(head) - len(head.translate(None, _CONTROL)) > max(1, _BINARY_SHARE * len(head)):
        raise DocumentError(f"{name}: not text: it holds binary data; Factline reads text, Markdown, HTML and JSONL")
