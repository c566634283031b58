"""Every kind of input, good and bad, one behaviour a test."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.dates import InvalidDateError, dateline, parse_date
from kb.errors import DocumentError
from kb.model import Document
from kb.read import MAX_BYTES, clean, json_document, read

Write = Callable[[str, str | bytes], Path]

PAGE = """<html lang="en-GB"><head><title>Twelve officers killed in Almaty</title>
<meta property="og:site_name" content="Example Wire">
<meta property="article:published_time" content="2022-01-06T08:00:00+06:00">
<link rel="canonical" href="https://example.org/a"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Twelve officers killed in Almaty</h1>
<p>Twelve police officers were killed in Almaty, the commandant's office said on Thursday – “twelve”.</p>
<p>Another 353 were injured, the same office said in its statement.</p></article></body></html>"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into the test's own folder."""

    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


def one(path: Path | str) -> Document:
    (document,) = read([path])
    assert isinstance(document, Document), document
    return document


def fault(path: Path | str) -> str:
    (error,) = read([path])
    assert isinstance(error, DocumentError)
    assert error.exit_code == 1
    return str(error)


# -- text


def test_plain_text_stays_as_given(write: Write) -> None:
    assert one(write("a.txt", " Two\r\nlines \n")).text == " Two\r\nlines \n"


def test_a_byte_order_mark_is_no_part_of_the_text(write: Write) -> None:
    assert one(write("a.txt", b"\xef\xbb\xbfSoldiers")).text == "Soldiers"


def test_front_matter_gives_the_fields_and_the_text_follows_it_exactly(write: Write) -> None:
    document = one(
        write(
            "a.md",
            "---\ntitle: 'Tolls: a list'\npublisher: Kazinform\npublished: 2022-01-06\nurl: https://example.org/\n"
            "language: en\ntags: [a, b]\n---\n\nEight police officers died.\n",
        )
    )
    assert document == Document(
        text="\nEight police officers died.\n",
        title="Tolls: a list",
        publisher="Kazinform",
        published=date(2022, 1, 6),
        url="https://example.org/",
        language="en",
    )


def test_front_matter_with_windows_line_ends(write: Write) -> None:
    document = one(write("a.txt", "---\r\ntitle: A\r\n---\r\nText\r\n"))
    assert (document.title, document.text) == ("A", "Text\r\n")


def test_a_rule_of_dashes_is_not_front_matter(write: Write) -> None:
    assert one(write("a.md", "---\nText under a rule\n")).text == "---\nText under a rule\n"


def test_a_time_in_front_matter_keeps_its_offset(write: Write) -> None:
    published = one(write("a.md", "---\npublished: 2022-01-06T14:30:00+06:00\n---\nText")).published
    assert published == datetime(2022, 1, 6, 14, 30, tzinfo=timezone(timedelta(hours=6)))


def test_an_empty_field_is_no_field(write: Write) -> None:
    document = one(write("a.md", "---\ntitle:\npublished: ~\npublisher: ''\n---\nText"))
    assert (document.title, document.published, document.publisher) == (None, None, None)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (" date 2022-01-06 Police patrolled", date(2022, 1, 6)),
        ("date 2022-01-06\nPolice", date(2022, 1, 6)),
        ("Date: 6 January 2022\n\nPolice", date(2022, 1, 6)),
        ("DATE: January 6, 2022\nPolice", date(2022, 1, 6)),
        ("Date: Thu, 06 Jan 2022 10:00:00 +0600\nPolice", date(2022, 1, 6)),
        ("Date: unknown\nPolice", None),
        ("Date 12 people were killed on 2022-01-06", None),
        ("On the date 2022-01-06 police", None),
        ("Police patrolled on 2022-01-06", None),
    ],
)
def test_a_dateline_gives_the_date_and_stays_in_the_text(write: Write, head: str, expected: date | None) -> None:
    document = one(write("a.txt", head))
    assert (document.published, document.text) == (expected, head)


def test_front_matter_wins_over_a_dateline(write: Write) -> None:
    assert one(write("a.txt", "---\ndate: 2022-01-07\n---\ndate 2022-01-06 Text")).published == date(2022, 1, 7)


def test_the_seed_is_dated(shared: Path) -> None:
    assert one(shared / "seed" / "article.txt").published == date(2022, 1, 6)


# -- HTML


def test_a_page_gives_its_article_and_what_it_says_of_itself(write: Write) -> None:
    document = one(write("a.html", PAGE))
    assert document.title == "Twelve officers killed in Almaty"
    assert document.publisher == "Example Wire"
    assert document.published == date(2022, 1, 6)
    assert document.url == "https://example.org/a"
    assert document.language == "en"
    assert "said on Thursday – “twelve”.\n\nAnother 353" in document.text
    assert "Home" not in document.text


def test_a_page_is_read_in_the_encoding_that_it_declares(write: Write) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1252">').encode("windows-1252")
    assert "– “twelve”" in one(write("a.html", page)).text


def test_a_page_without_a_date_gets_none(write: Write) -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2022-01-06T08:00:00+06:00">', "")
    assert one(write("a.html", page)).published is None


def test_a_page_without_an_article(write: Write) -> None:
    assert "no article text" in fault(write("a.html", "<html><body><script>1</script></body></html>"))


def test_a_page_that_declares_an_unknown_encoding(write: Write) -> None:
    message = fault(write("a.html", b"<html><meta charset=klingon><p>caf\xe9</p>"))
    assert "klingon, the encoding that the page declares" in message


# -- JSONL


def test_one_document_a_line_with_all_fields(write: Write) -> None:
    lines = [
        {"id": 7, "text": "One.", "date": "2022-01-06", "title": "", "publisher": "AFP", "url": "u", "language": "en"},
        {"text": "Two.", "published": "2022-01-07T10:00:00", "date": "2022-01-01", "other": [1]},
    ]
    path = write("a.jsonl", "\ufeff" + "\n\n".join(json.dumps(line) for line in lines))
    assert list(read([path])) == [
        Document(text="One.", given_id="7", published=date(2022, 1, 6), publisher="AFP", url="u", language="en"),
        Document(text="Two.", published=datetime(2022, 1, 7, 10)),
    ]


def test_malformed_jsonl_on_line_7_names_the_line_and_column_and_the_rest_goes_on(write: Write) -> None:
    lines = [json.dumps({"text": f"Text {number}."}) for number in range(1, 10)]
    lines[6] = '{"text": "Text 7." "date": 1}'
    path = write("feed.jsonl", "\n".join(lines))
    results = list(read([path]))
    assert [item.text for item in results if isinstance(item, Document)] == [
        f"Text {n}." for n in (1, 2, 3, 4, 5, 6, 8, 9)
    ]
    error = results[6]
    assert isinstance(error, DocumentError)
    assert str(error) == f"{path}:7: column 20: malformed JSON: Expecting ',' delimiter"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "not a JSON object"),
        ("{}", 'no "text"'),
        ('{"text": null}', 'no "text"'),
        ('{"text": " "}', "no text"),
        ('{"text": "a", "title": ["b"]}', '"title" must be a string'),
        ('{"text": "a", "date": "2022-02-30"}', "date: '2022-02-30' is not a date"),
        ("[" * 100_000, "malformed JSON"),
        ('{"text": ' + "9" * 5000 + "}", "malformed JSON"),
        ('{"text": "a" ', "malformed JSON"),
    ],
)
def test_what_a_line_may_not_be(write: Write, line: str, message: str) -> None:
    path = write("a.jsonl", line)
    assert fault(path).startswith(f"{path}:1: ")
    assert message in fault(path)


def test_a_line_that_is_not_utf_8_names_its_byte(write: Write) -> None:
    path = write("a.jsonl", b'{"text": "ok"}\n{"text": "caf\xe9"}\n{"text": "ok"}')
    _, error, _ = read([path])
    assert "a.jsonl:2: not UTF-8: byte 0xe9 at offset 13" in str(error)


def test_an_endless_line_is_refused_and_the_next_is_read(write: Write) -> None:
    path = write("a.jsonl", b'{"text": "' + b"x" * (3 * MAX_BYTES) + b'"}\n{"text": "ok"}')
    error, document = read([path])
    assert "a.jsonl:1: the line is longer than 16 MB" in str(error)
    assert isinstance(document, Document)


def test_lone_surrogates_and_nul_are_replaced_one_for_one() -> None:
    assert json_document("x", rb'{"text": "a\ud800b\u0000c \ud83d\ude00"}').text == "a\ufffdb\ufffdc \U0001f600"


@given(st.text(st.characters(codec=None)))
def test_cleaning_keeps_every_offset(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert all(new in (old, "\ufffd") for new, old in zip(cleaned, text, strict=True))
    cleaned.encode()


# -- files that are not documents


def test_a_missing_file() -> None:
    assert fault("no/such.txt") == "no/such.txt: no such file; check the spelling and the folder you are in"


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff"])
@pytest.mark.parametrize("suffix", ["txt", "md", "html", "jsonl"])
def test_an_empty_file(write: Write, content: str, suffix: str) -> None:
    assert "the file is empty" in fault(write(f"a.{suffix}", content))


def test_front_matter_without_a_text(write: Write) -> None:
    assert "no text" in fault(write("a.md", "---\ntitle: A\n---\n\n"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes(range(256)) * 8, "binary data"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "binary data"),
        (b"%PDF-1.7\n...", "a PDF file"),
        (b"PK\x03\x04" + bytes(30), "a ZIP archive"),
        (b"\x1f\x8b\x08\x00junk", "gzip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "a PNG image"),
    ],
)
def test_binary_junk(write: Write, content: bytes, message: str) -> None:
    path = write("a.txt", content)
    assert fault(path).startswith(f"{path}: not text: ")
    assert message in fault(path)


def test_one_nul_is_not_binary(write: Write) -> None:
    assert one(write("a.txt", b"Twelve\0 officers")).text == "Twelve\ufffd officers"


def test_a_wrong_encoding_names_the_byte_and_the_way_out(write: Write) -> None:
    path = write("a.txt", "Twelve dead – café".encode("windows-1252"))
    assert fault(path) == (
        f"{path}: not UTF-8: byte 0x96 at offset 12; "
        f"convert it, for example with: iconv -f WINDOWS-1252 -t UTF-8 {path} > utf8.txt"
    )


def test_utf_16_is_named(write: Write) -> None:
    assert "iconv -f UTF-16 -t UTF-8" in fault(write("a.txt", "Twelve".encode("utf-16")))


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("title: A\npublished: 2022-13-45\n", "line 3: published: '2022-13-45' is not a date: month must be in 1..12"),
        ("published: yesterday\n", "line 2: published: 'yesterday' is not a date"),
        ("date: 06/01/2022\n", "line 2: date: '06/01/2022' is not a date"),
        ("title: A\n\nurl: [a, b]\n", "line 4: url must be one value, not a list"),
        ("title: 'A\n", "the front matter is not YAML"),
        ("title: a: b\n", "line 2: the front matter is not YAML"),
        ("- a: 1\n", "not a list of fields"),
    ],
)
def test_bad_front_matter_names_the_line(write: Write, front: str, message: str) -> None:
    path = write("a.md", f"---\n{front}---\nText")
    assert fault(path).startswith(f"{path}: ")
    assert message in fault(path)


def test_front_matter_that_is_not_closed(write: Write) -> None:
    assert "line 1: the front matter is not closed" in fault(write("a.md", "---\ntitle: A\n\nText\n"))


def test_a_dateline_that_no_calendar_has(write: Write) -> None:
    assert "first line: '2022-02-30' is not a date" in fault(write("a.txt", "date 2022-02-30 Text"))


def test_an_unknown_kind_of_file(write: Write) -> None:
    assert "unknown kind of file '.docx'" in fault(write("a.docx", "text"))
    assert "unknown kind of file '(no suffix)'" in fault(write("a", "text"))


def test_a_text_that_is_too_long(write: Write) -> None:
    assert "larger than 16 MB" in fault(write("a.txt", b"x" * (MAX_BYTES + 1)))


def test_a_fault_does_not_stop_the_rest(write: Write) -> None:
    paths = [write("a.txt", ""), write("b.txt", "B"), Path("missing.txt"), write("c.txt", "C")]
    assert [type(item) for item in read(paths)] == [DocumentError, Document, DocumentError, Document]


# -- folders and standard input


def test_a_folder_gives_its_documents_in_order(write: Write, tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", ".hidden/d.txt", "notes.docx"):
        write(name, name)
    assert [item.text for item in read([tmp_path]) if isinstance(item, Document)] == ["a.md", "b.txt", "sub/c.txt"]


def test_a_folder_without_documents(tmp_path: Path) -> None:
    assert "no documents in this folder" in fault(tmp_path)


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"date 2022-01-06 Text\nmore\n", ["date 2022-01-06 Text\nmore\n"]),
        (b'\xef\xbb\xbf{"text": "One."}\n{"text": "Two."}\n', ["One.", "Two."]),
        (b"x" * 5000 + b"\nmore", ["x" * 5000 + "\nmore"]),
    ],
)
def test_standard_input(data: bytes, texts: list[str]) -> None:
    assert [item.text for item in read(["-"], stdin=io.BytesIO(data)) if isinstance(item, Document)] == texts


def test_a_page_on_standard_input() -> None:
    (document,) = read(["-"], stdin=io.BytesIO(PAGE.encode()))
    assert isinstance(document, Document)
    assert document.title == "Twelve officers killed in Almaty"


def test_nothing_on_standard_input() -> None:
    (error,) = read(["-"], stdin=io.BytesIO())
    assert str(error) == "<stdin>: the file is empty"


# -- dates


@pytest.mark.parametrize("text", ["06/01/2022", "6", "2022-13-45", "31 February 2022", "soon", "", "2022-01-06 or so"])
def test_what_is_not_a_date(text: str) -> None:
    with pytest.raises(InvalidDateError):
        parse_date(text)


@given(st.dates())
def test_iso_dates_are_read_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert dateline(f"date {day.isoformat()} Text") == day
