"""What goes wrong, and what a user is told: the message, the exit code, and that nothing is left half-written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kb.store import open_store
from tests.command_line import CommandLine, Ran

TEXT = "Thirteen soldiers were killed in Almaty on Tuesday.\n"


@pytest.fixture
def kb(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, new_store: Path
) -> CommandLine:
    """The command line, in a folder of its own with an empty store."""
    shutil.copytree(new_store, tmp_path / "store")
    monkeypatch.setenv("KB_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys, monkeypatch)


def write(name: str, content: str | bytes) -> str:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def documents(kb: CommandLine) -> int:
    return int(json.loads(kb.ok("stats", "--format", "json"))["documents"])


def refused(ran: Ran, code: int, *messages: str) -> None:
    """The run ended with this code and said this, in plain words."""
    assert ran.code == code, ran
    for message in messages:
        assert message in ran.err, ran.err
    assert "Traceback" not in ran.err
    assert ran.err.count("kb: ") >= 1


# -- documents: said on standard error, the rest done, exit code 1

JSONL = "\n".join(
    '{"text": "Text 7." "date": 1}' if n == 7 else json.dumps({"text": f"{TEXT} {n}"}) for n in range(1, 10)
)
FAULTS = {
    "missing.txt": (None, "missing.txt: no such file; check the spelling"),
    "empty.txt": (b"", "empty.txt: the file is empty"),
    "junk.txt": (bytes(range(256)) * 9, "junk.txt: not text: it holds binary data"),
    "report.txt": (b"%PDF-1.7 \x00\x01", "report.txt: not text: it is a PDF file"),
    "latin.txt": (
        "Dreizehn Soldaten getötet".encode("latin-1"),
        "latin.txt: not UTF-8: byte 0xf6 at offset 21; convert it",
    ),
    "dated.md": (
        "---\ntitle: A\npublished: 2022-13-45\n---\nText.",
        "dated.md: line 3: published: '2022-13-45' is not a date",
    ),
    "feed.jsonl": (JSONL, "feed.jsonl:7: column 20: malformed JSON: Expecting ',' delimiter"),
    "notes.docx": (b"text", "notes.docx: unknown kind of file '.docx'"),
}


@pytest.mark.parametrize("command", ["add", "extract"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_document_with_a_fault_does_not_stop_the_rest(kb: CommandLine, command: str, name: str) -> None:
    content, message = FAULTS[name]
    if content is not None:
        write(name, content)
    ran = kb(command, name, write("good.txt", TEXT))
    refused(ran, 1, message)
    if command == "add":
        assert documents(kb) == (9 if name == "feed.jsonl" else 1)
        assert "1 input with a fault" in ran.out
    else:
        assert "Thirteen soldiers" in ran.out


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_alone_records_nothing(kb: CommandLine, name: str) -> None:
    content, message = FAULTS[name]
    if content is not None:
        write(name, content)
    refused(kb("add", name), 1, message)
    assert documents(kb) == (8 if name == "feed.jsonl" else 0)


def test_a_page_at_an_address_that_is_not_public(kb: CommandLine) -> None:
    refused(kb("add", "http://127.0.0.1:9/"), 1, "127.0.0.1 is at 127.0.0.1, which is not a public address")


# -- the store


def test_a_store_that_another_process_writes(kb: CommandLine, tmp_path: Path) -> None:
    write("good.txt", TEXT)
    with open_store(tmp_path / "store", write=True):
        refused(kb("add", "good.txt"), 1, "is being written by process", "or use another store (--store DIR)")
        assert kb("query", "casualties").code == 0, "readers go on"
    assert documents(kb) == 0
    assert kb("add", "good.txt").code == 0


@pytest.mark.parametrize(
    "arguments", [("query", "casualties"), ("stats",), ("export",), ("check",), ("track",), ("serve",), ("backup", "b")]
)
def test_a_store_that_is_not_there(kb: CommandLine, arguments: tuple[str, ...]) -> None:
    refused(
        kb(*arguments, "--store", "nowhere"),
        1,
        "there is no store at ",
        "nowhere; make one with kb add FILES… or kb init",
    )
    assert not Path("nowhere").exists()


def test_a_folder_that_is_something_else(kb: CommandLine) -> None:
    Path("other").mkdir()
    write("other/file", "x")
    refused(kb("add", write("good.txt", TEXT), "--store", "other"), 1, "other is not a store")
    assert [path.name for path in Path("other").iterdir()] == ["file"]


def test_a_dump_that_does_not_parse_loads_nothing(kb: CommandLine) -> None:
    refused(kb("load", write("bad.trig", "<a> <b")), 1, "bad.trig does not parse", "nothing was loaded")
    refused(kb("load", write("facts.txt", "")), 2, "the name facts.txt does not say the format")
    refused(kb("load", "missing.trig"), 1, "there is no file missing.trig")
    assert documents(kb) == 0


def test_a_backup_overwrites_nothing(kb: CommandLine) -> None:
    Path("b").mkdir()
    write("b/kept", "x")
    refused(kb("backup", "b"), 1, "b is there already and not empty")
    assert Path("b/kept").read_text() == "x"
    refused(kb("restore", "b", "--store", "new"), 1, "b is not a store")
    assert not Path("new").exists()


# -- wrong usage: exit code 2


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (("query", "casualtys"), ("no named query 'casualtys'; did you mean casualties", "kb queries lists them")),
        (("queries", "casualty"), ("no named query 'casualty'",)),
        (("query", "casualties", "-p", "palce=Almaty"), ("has no parameter 'palce'; it takes place, country, harm",)),
        (("query", "casualties", "-p", "Almaty"), ("'Almaty' is not a parameter; write it as name=value",)),
        (("query", "casualties", "-p", "harm=kiled"), ("parameter harm: 'kiled' is none of", "did you mean killed?")),
        (("query", "casualties", "-p", "since=tomorrow"), ("parameter since: 'tomorrow' is not a date",)),
        (("query", "evidence"), ("the query evidence needs the parameter claim",)),
        (
            ("query", "casualties", "--format", "xls"),
            ("unknown format 'xls'; choose one of table, json, csv, tsv, xml",),
        ),
        (("query", "casualties", "--format", "turtle"), ("which turtle cannot hold",)),
        (("query", "missing.rq"), ("missing.rq: the query cannot be read: No such file",)),
        (("extract", "x.txt", "--format", "xls"), ("unknown format 'xls'; choose one of jsonl, table, trig",)),
        (("extract", "x.txt", "--base", "facts"), ("the base 'facts' is not an IRI",)),
        (("stats", "--format", "csv"), ("unknown format 'csv'; choose one of table, json",)),
        (("init", "--store", "new", "--base", "http://a/b"), ("has to be an http address that ends in a slash",)),
        (("export", "graph/none"), ("the store has no graph http://127.0.0.1:8000/graph/none",)),
        (("export", "--format", "turtle"), ("'turtle' is no format for this; use one of trig, nquads",)),
        (("export", "-o", "facts.txt"), ("the name facts.txt does not say the format",)),
    ],
)
def test_wrong_usage(kb: CommandLine, arguments: tuple[str, ...], messages: tuple[str, ...]) -> None:
    refused(kb(*arguments), 2, *messages)
    assert not Path("facts.txt").exists()


@pytest.mark.parametrize(
    ("sparql", "messages"),
    [
        ("SELECT ?s WHERE {\n  ?s ?p\n}", ("does not parse at line 3, column", "\n}\n")),
        ("SELEC * {}", ("does not parse at line 1, column",)),
        ("SELECT * { ?s foo:bar ?o }", ("does not parse at line 1, column 22", "foo:bar")),
        ("", ("does not parse at line 1",)),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", ("INSERT is an update",)),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", ("SERVICE is refused",)),
        ("#+ summary: [\nSELECT * {}", ("the header of the query <stdin> is not as",)),
    ],
)
def test_malformed_sparql_shows_where(kb: CommandLine, sparql: str, messages: tuple[str, ...]) -> None:
    refused(kb("query", "-", stdin=sparql.encode()), 2, *messages)
    refused(kb("query", write("own.rq", sparql)), 2, *(message.replace("<stdin>", "own.rq") for message in messages))


def test_sparql_that_is_not_utf_8(kb: CommandLine) -> None:
    refused(kb("query", "-", stdin=b'SELECT * { ?s ?p "\xe9" }'), 2, "<stdin>: not UTF-8 at byte 18")


def test_a_fault_in_a_file_counts_its_own_lines(kb: CommandLine) -> None:
    header = "#+ summary: A\n#+ description: A\n#+ columns: {s: a}\n"
    refused(kb("query", write("own.rq", header + "SELECT ?s WHERE {\n  ?s ?p\n}")), 2, "at line 6, column")


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("query",), ("add",), ("serve", "--port", "many"), ("serve", "--port", "70000"), ("--no",)],
)
def test_what_the_command_line_does_not_have(kb: CommandLine, arguments: tuple[str, ...]) -> None:
    ran = kb(*arguments)
    assert ran.code == 2
    assert "Usage:" in ran.err
    assert "Traceback" not in ran.err


def test_an_output_that_cannot_be_written(kb: CommandLine) -> None:
    refused(kb("query", "casualties", "-o", "no/folder/x.csv"), 1, "no/folder/x.csv: cannot be written: No such file")
