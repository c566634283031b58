"""Several processes: the same claims in the same order, bounded reading ahead, clear ends."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kb.errors import DocumentError, FactlineError
from kb.extract import parallel
from kb.extract.parallel import AUTO, Crew, Item
from kb.extract.pipeline import Extractor
from kb.model import CasualtyClaim, Claim, Document

BASE = "https://example.org/kb/"
TOWNS = ("Almaty", "Kabul", "Aleppo", "Osh", "San Salvador")


def documents(number: int) -> list[Document]:
    return [
        Document(
            text=f"{count + 2} soldiers were killed in {TOWNS[count % len(TOWNS)]} on Monday, the police said.",
            published=date(2022, 1, 6),
        )
        for count in range(number)
    ]


def lines(claims: list[Claim]) -> list[str]:
    return [claim.model_dump_json(by_alias=True) for claim in claims]


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_PORTION_DOCUMENTS", 3)


@pytest.mark.usefixtures("small_portions")
def test_two_processes_give_what_one_gives_in_the_order_of_the_documents() -> None:
    given = documents(25)
    fault = DocumentError("a file that cannot be read")
    mixed: list[Item] = [*given[:4], fault, *given[4:]]
    with Crew(BASE, 2) as crew:
        came = [(item, lines(crew.extract(item)) if isinstance(item, Document) else []) for item in crew.ahead(mixed)]
        assert crew._own is None, "nothing was left to this process"
    extractor = Extractor(BASE)
    assert [item for item, _ in came] == mixed
    assert [found for item, found in came if item is not fault] == [lines(extractor.extract(each)) for each in given]
    assert all(found for item, found in came if item is not fault)


@pytest.mark.usefixtures("small_portions")
def test_what_is_known_is_not_extracted_and_reading_ahead_is_bounded() -> None:
    given, read = documents(60), 0

    def reading() -> Iterator[Document]:
        nonlocal read
        for read, document in enumerate(given, 1):  # noqa: B007 (read is looked at outside)
            yield document

    with Crew(BASE, 2) as crew:
        ahead = crew.ahead(reading(), known=lambda document: document is not given[0])
        assert next(ahead) is given[0]
        assert read <= 3 * (2 * parallel._AHEAD + 1)
        (claim,) = crew.extract(given[0])
        assert isinstance(claim, CasualtyClaim) and claim.count.minimum == 2
        assert crew._own is None
        assert next(ahead) is given[1]
        crew.extract(given[1])
        assert crew._own is not None, "what was known has to be extracted here, if it is asked for after all"


@pytest.mark.usefixtures("small_portions")
def test_a_process_that_is_killed_is_told_with_the_way_out() -> None:
    with Crew(BASE, 2) as crew:
        ahead = crew.ahead(iter(documents(200)))
        next(ahead)
        for child in multiprocessing.active_children():
            child.kill()
        with pytest.raises(FactlineError, match="--jobs 1"):
            list(ahead)
    assert multiprocessing.active_children() == []


def test_little_text_starts_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "cores", lambda: 4)
    with Crew(BASE, AUTO) as crew:
        assert list(crew.ahead(documents(5))) == documents(5)
        assert crew._pool is None


def test_much_text_starts_as_many_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    monkeypatch.setattr(parallel, "ENOUGH", 500)
    given = documents(20)
    with Crew(BASE) as crew:
        came = [(item, lines(crew.extract(item))) for item in crew.ahead(given) if isinstance(item, Document)]
        assert crew._pool is not None
    extractor = Extractor(BASE)
    assert came == [(each, lines(extractor.extract(each))) for each in given]


def test_one_process_is_this_one() -> None:
    given = documents(3)
    with Crew(BASE, 1) as crew:
        assert [lines(crew.extract(item)) for item in crew.ahead(given) if isinstance(item, Document)]
        assert crew._pool is None


def test_a_claim_that_the_model_refuses_is_a_fault_of_its_document_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(self: Extractor, document: Document) -> list[Claim]:
        raise ValueError("count maximum 1 is below its minimum 2")

    monkeypatch.setattr(Extractor, "extract", refuses)
    (document,) = documents(1)
    (result,) = parallel._work(BASE, [document])
    crew = Crew(BASE, 2)
    crew._now = (document, result)
    with pytest.raises(ValueError, match="below its minimum"):
        crew.extract(document)


def test_a_number_of_processes_below_none_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        Crew(BASE, -1)


def command(*arguments: object, folder: Path) -> subprocess.Popen[str]:
    """``kb`` as a process of its own, at the head of a group as it is on a terminal."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("kb"), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        start_new_session=True,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A file of documents that takes two processes some seconds."""
    lines = [
        json.dumps({"text": each.text * 20, "date": "2022-01-06", "id": f"d{n}"})
        for n, each in enumerate(documents(600))
    ]
    (tmp_path / "archive.jsonl").write_text("\n".join(lines))
    return tmp_path / "archive.jsonl"


def test_an_interrupt_ends_all_without_a_word_and_without_half_a_file(archive: Path, tmp_path: Path) -> None:
    with command("extract", archive, "--jobs", 2, "--output", "claims.jsonl", folder=tmp_path) as process:
        while not any(half.stat().st_size for half in tmp_path.glob(".claims.jsonl.*")):
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert said.strip() in ("", "Aborted!", "Aborted.")
    assert list(tmp_path.iterdir()) == [archive]


def test_the_command_writes_the_same_bytes_with_any_number_of_processes(archive: Path, tmp_path: Path) -> None:
    lines = archive.read_text().splitlines(keepends=True)[:40]
    archive.write_text("".join([*lines[:20], "no document\n", *lines[20:]]))
    written = []
    for jobs in (1, 2):
        with command("extract", archive, "--jobs", jobs, folder=tmp_path) as process:
            written.append(process.communicate())
        assert process.returncode == 1
    assert written[0] == written[1]
    assert written[0][0].count("\n") >= 40
    assert "archive.jsonl:21" in written[0][1]


def test_added_documents_are_the_same_with_any_number_of_processes(archive: Path, tmp_path: Path) -> None:
    archive.write_text("".join(archive.read_text().splitlines(keepends=True)[:10]))
    exported = []
    for jobs in (1, 2):
        for arguments in (["add", archive, "--jobs", jobs], ["query", "casualties", "--format", "csv"]):
            with command(*arguments, "--store", f"store{jobs}", folder=tmp_path) as process:
                out, said = process.communicate()
            assert process.returncode == 0, said
        exported.append(out)
    assert exported[0] == exported[1]
    assert exported[0].count("\n") > 10
