"""``kb extract`` and ``kb add``: documents in."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import pyoxigraph
import typer

from kb import ingest, results
from kb.cli.claims import claim_columns
from kb.cli.explaining import explanation_lines
from kb.cli.terminal import OutputOption, StoreOption, complain, counted, note, output, progress, stdout, text_output
from kb.errors import DocumentError, UsageError
from kb.extract.explain import Explanation
from kb.extract.languages import ENGLISH, language, language_name
from kb.extract.parallel import AUTO, Crew
from kb.fetch import fetch, is_url
from kb.model import Claim, Document
from kb.rdf import document_quads
from kb.read import read
from kb.resources import DEFAULT_BASE
from kb.store import Store, check_base, open_store
from kb.table import print_columns

FORMATS = ("jsonl", "table", "trig")

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="FILES…", help="Text, Markdown, HTML or JSONL files, folders of them, or - for stdin."),
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        help="Extract in N processes; the claims and their order stay the same.",
        show_default="one for little text and for stdin, else one a core, at most 8",
    ),
]


def _jobs(inputs: list[str], jobs: int | None) -> int:
    """What comes by a pipe may come slowly: one process takes each document as it comes."""
    return jobs or (1 if "-" in inputs else AUTO)


def documents(inputs: Iterable[str]) -> Iterator[Document | DocumentError]:
    """The documents of files, folders, standard input and addresses, each fault in its place."""
    for item in inputs:
        if is_url(item):
            yield _fetched(item)
        else:
            yield from read([item])


def _fetched(url: str) -> Document | DocumentError:
    try:
        return fetch(url)
    except DocumentError as error:
        return error


def extract(
    files: Inputs,
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="jsonl (one claim a line), table or trig.")
    ] = "jsonl",
    file: OutputOption = None,
    base: Annotated[
        str, typer.Option(metavar="IRI", help="What the IRIs of actors and places begin with.")
    ] = DEFAULT_BASE,
    jobs: JobsOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print for each claim why it was read so, in words, instead.")
    ] = False,
) -> None:
    """Read documents and print their claims; nothing is stored.

    Examples:

      kb extract article.txt --format table

      kb extract article.txt --explain

      curl -s https://example.org/feed.jsonl | kb extract - > claims.jsonl

      kb extract archive.jsonl --jobs 4 --output claims.jsonl
    """
    if format_name not in FORMATS:
        raise UsageError(f"unknown format {format_name!r}; choose one of {', '.join(FORMATS)}")
    check_base(base)
    faults: list[DocumentError] = []
    shown = file is not None or not sys.stdout.isatty()
    with Crew(base, 1 if explain else _jobs(files, jobs)) as crew, progress("reading", shown=shown) as done:
        found = crew.ahead(documents(files))
        if explain:
            _explanations(_read(found, crew.explain, faults, done), file)
        else:
            _WRITERS[format_name](_read(found, crew.extract, faults, done), base, file)
    if faults:
        raise typer.Exit(DocumentError.exit_code)


Read = Iterable[tuple[Document, list[Claim]]]
Found = TypeVar("Found")


def _read(
    found: Iterable[Document | DocumentError],
    reading: Callable[[Document], list[Found]],
    faults: list[DocumentError],
    done: Callable[[int], None],
) -> Iterator[tuple[Document, list[Found]]]:
    """The documents with what is read out of them; faults are said as they come and put on the list."""
    for number, item in enumerate(found, 1):
        try:
            if isinstance(item, DocumentError):
                raise item
            yield item, _one(reading, item)
        except DocumentError as error:
            faults.append(error)
            complain(error)
        done(number)


def _one(reading: Callable[[Document], list[Found]], document: Document) -> list[Found]:
    try:
        claims = reading(document)
    except ValueError as error:
        # A claim that the model refuses: a fault of extraction, which must not stop the rest.
        raise DocumentError(f"{document.id}: its claims cannot be written: {error}") from error
    if not claims:
        _foreign(document)
    return claims


def _foreign(document: Document) -> None:
    """Say of a document without claims that it is not in English, if it is not."""
    code = language(document.text)
    if code != ENGLISH:
        note(f"{document.id}: in {language_name(code)}; Factline reads English, so there are no claims")


def _explanations(found: Iterable[tuple[Document, list[tuple[Claim, Explanation]]]], file: Path | None) -> None:
    with text_output(file) as console:
        for document, explained in found:
            for line in explanation_lines(document, explained):
                console.print(line, soft_wrap=True)


def _jsonl(found: Read, _: str, file: Path | None) -> None:
    with output(file) as stream:
        for _document, claims in found:
            for claim in claims:
                stream.write(claim.model_dump_json(by_alias=True).encode() + b"\n")
            stream.flush()


def _trig(found: Read, base: str, file: Path | None) -> None:
    recorded = datetime.now(UTC).replace(microsecond=0)
    with output(file) as stream:
        for document, claims in found:
            lines = document_quads(document, claims, base, recorded)
            results.write_graph(pyoxigraph.parse(lines, pyoxigraph.RdfFormat.N_QUADS), "trig", stream)


def _table(found: Read, _: str, file: Path | None) -> None:
    claims = [claim for _document, claims in found for claim in claims]
    with text_output(file) as console:
        print_columns(claim_columns(claims), console)


_WRITERS: dict[str, Callable[[Read, str, Path | None], None]] = {"jsonl": _jsonl, "table": _table, "trig": _trig}


def add(files: Inputs, jobs: JobsOption = None, store: StoreOption = None) -> None:
    """Read documents and record their claims in the store, which is made if there is none. Addresses are fetched.

    The same document twice changes nothing, so after a stop the same command goes on where it was.

    Examples:

      kb add article.txt

      kb add reports/ feed.jsonl https://example.org/news/article.html
    """
    with open_store(store, create=True) as opened:
        report = record(opened, documents(files), _jobs(files, jobs))
        base = opened.base
    out = stdout()
    out.print(summary(report), markup=False)
    if report.added:
        note(f"Ask: kb query casualties. Look: kb serve, then {base}")
    if report.errors:
        raise typer.Exit(DocumentError.exit_code)


def record(store: Store, found: Iterable[Document | DocumentError], jobs: int = AUTO) -> ingest.Report:
    """Record documents with a progress bar; each fault is said on standard error as it comes."""
    with Crew(store.base, jobs) as crew, progress("adding") as done:
        numbers = itertools.count(1)

        def tell(outcome: ingest.Outcome) -> None:
            if outcome.error is not None:
                complain(outcome.error)
            elif outcome.state == "added" and outcome.document is not None and not outcome.claims:
                _foreign(outcome.document)
            done(next(numbers))

        ahead = crew.ahead(found, known=lambda document: store.has_document(document.key))
        return ingest.add(store, ahead, crew.extract, tell)


def summary(report: ingest.Report) -> str:
    """What became of the inputs, in one line."""
    parts = [f"{counted(report.added, 'document')} added with {counted(report.claims, 'claim')}"]
    if report.review:
        parts.append(f"{report.review} to review")
    if report.unchanged:
        parts.append(f"{counted(report.unchanged, 'document')} known already")
    if report.errors:
        parts.append(f"{counted(len(report.errors), 'input')} with a fault")
    return ", ".join(parts)
