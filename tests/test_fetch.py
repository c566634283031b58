"""Pages from the web, against a server of our own."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kb import fetch as module
from kb.errors import DocumentError
from kb.fetch import fetch, is_url
from kb.read import MAX_BYTES
from tests.test_read import PAGE

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, HTML, PAGE.encode()),
    "/old": (200, {"Content-Type": "text/html; charset=windows-1252"}, PAGE.encode("windows-1252")),
    "/packed": (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())),
    "/bomb": (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(b" " * (4 * MAX_BYTES))),
    "/broken": (200, {**HTML, "Content-Encoding": "gzip"}, b"no gzip"),
    "/text": (200, {"Content-Type": "text/plain"}, b"date 2022-01-06 Thirteen soldiers were killed."),
    "/image": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/large": (200, {"Content-Type": "text/plain"}, b"x" * (MAX_BYTES + 1)),
    "/moved": (301, {"Location": "/page"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/ftp": (302, {"Location": "ftp://example.org/"}, b""),
    "/inside": (302, {"Location": "http://localhost:1/"}, b""),
    "/gone": (410, HTML, b""),
    "/empty": (200, HTML, b""),
}


class Pages(BaseHTTPRequestHandler):
    """Answers with the pages above."""

    def do_GET(self) -> None:
        status, headers, body = PAGES.get(self.path, (404, HTML, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/page", "/packed", "/old", "/moved"])
def test_a_page_becomes_a_document(site: str, path: str) -> None:
    document = fetch(site + path, public_only=False)
    assert document.title == "Twelve officers killed in Almaty"
    assert document.published == date(2022, 1, 6)
    assert "said on Thursday – “twelve”.\n\nAnother 353" in document.text
    assert document.url == site + ("/page" if path == "/moved" else path)


def test_plain_text_becomes_a_document(site: str) -> None:
    document = fetch(site + "/text", public_only=False)
    assert (document.text, document.published) == (PAGES["/text"][2].decode(), date(2022, 1, 6))
    assert document.url == site + "/text"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", "the server answers 404"),
        ("/gone", "the server answers 410"),
        ("/image", "it is image/png; Factline reads pages and plain text"),
        ("/large", "larger than 16 MB"),
        ("/bomb", "larger than 16 MB"),
        ("/broken", "cannot be fetched"),
        ("/loop", "the server answers 302"),
        ("/file", "the server answers 302"),
        ("/ftp", "unknown url type: ftp"),
        ("/empty", "the file is empty"),
    ],
)
def test_what_is_no_article(site: str, path: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        fetch(site + path, public_only=False)


def test_addresses_inside_are_refused(site: str) -> None:
    with pytest.raises(DocumentError, match=r"127\.0\.0\.1, which is not a public address"):
        fetch(site + "/page")


def test_a_redirect_inside_is_refused(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(site.rpartition(":")[2])
    checked: list[int] = []

    def connect(host: str, at: int, public_only: bool) -> object:
        checked.append(at)
        return real(host, at, public_only and at != port)

    real = module._connect
    monkeypatch.setattr(module, "_connect", connect)
    with pytest.raises(DocumentError, match="which is not a public address"):
        fetch(site + "/inside")
    assert checked == [port, 1]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert module._is_public(address) is public


def test_a_slow_sender_meets_the_deadline(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE", -1.0)
    with pytest.raises(DocumentError, match="not finished after"):
        fetch(site + "/page", public_only=False)


@pytest.mark.parametrize("url", ["http://", "http:///path", "https://[::1", "http://127.0.0.1:notaport/"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(DocumentError):
        fetch(url)


def test_what_counts_as_an_address() -> None:
    assert [is_url(text) for text in ("https://a.org/", "http://a.org", "a.txt", "ftp://a.org/")] == [
        True,
        True,
        False,
        False,
    ]
