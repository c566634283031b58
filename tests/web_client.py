"""The site in process, over the sample store: a client without a socket, and a reader of its pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from kb.endpoint import Settings
from kb.store import open_store
from kb.web.app import create_app
from tests import sample

HOST = "http://site.test"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
_VOID = {"meta", "link", "input", "br", "hr", "img", "option"}
# What a paragraph cannot hold: a browser closes the paragraph and the page falls apart.
_BLOCKS = {"p", "div", "ul", "ol", "dl", "table", "section", "form", "h1", "h2", "h3", "blockquote", "details", "pre"}


class Client:
    """Requests to the application over one store."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.app = create_app(folder, settings)

    def send(self, method: str, path: str, *, host: str = "127.0.0.1", **more: Any) -> httpx.Response:
        """One request from the address ``host``; ``path`` may hold a query string."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=(host, 123))
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def get(self, path: str, accept: str | None = None, **more: Any) -> httpx.Response:
        """A GET."""
        return self.send("GET", path, headers={"accept": accept or "*/*"}, **more)

    def page(self, path: str, status: int = 200) -> Page:
        """A page as a browser asks for it, checked for its status and its mark-up."""
        response = self.get(path, BROWSER)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        return Page(response.text)


def without_nonces(page: str) -> str:
    """A page but for what is new in every answer."""
    return re.sub(r'nonce="[^"]+"', 'nonce=""', page)


class Page(HTMLParser):
    """A page read strictly: every element is closed where it was opened, no block stands in a paragraph."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.html = text
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], f"not closed: {self._open}"
        assert len(self.ids) == len(set(self.ids)), "an id stands twice"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag in _BLOCKS:
            assert "p" not in self._open, f"<{tag}> inside a paragraph at {self.getpos()}"
        # The canonical address is the IRI, whatever the site is served as.
        if "href" in found and found.get("rel") != "canonical":
            self.links.append(found["href"] or "")
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open and self._open[-1] == tag, f"</{tag}> closes {self._open[-1:]} at {self.getpos()}"
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """The words of the page, runs of white space as one space."""
        return " ".join("".join(self.words).split())


@contextmanager
def site(folder: Path) -> Iterator[Client]:
    """The site over a new store with the sample in it."""
    with open_store(folder, create=True) as store:
        sample.record(store)
    with opened(folder) as client:
        yield client


@contextmanager
def opened(folder: Path) -> Iterator[Client]:
    """The site over a store that is there."""
    client = Client(folder)
    try:
        yield client
    finally:
        client.app.state.site.live.close()
