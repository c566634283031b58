"""What the routes share: the store as it is now, and the templates."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb import __version__, ingest
from kb.access import Tokens
from kb.endpoint import Pool, Settings, writer_pool
from kb.errors import StoreLockedError, StoreMissingError
from kb.review import Standing, recorded, standing
from kb.search import Quotes, open_index, update
from kb.store import Store, open_store
from kb.web import assets, i18n, maps, snippets, wording
from kb.web.kept import Answers
from kb.web.links import Links
from kb.web.rates import Rates
from kb.web.reading import Reading
from kb.web.remembered import Remembered

_PATIENCE = 60.0  # seconds that a writer waits for another


class _Opened:
    """A revision of the store and how many requests are reading it."""

    def __init__(self, store: Store, token: str) -> None:
        self.store = store
        self.token = token
        self.readers = 0
        self.retired = False


class Live:
    """The newest published revision of a store: reopened when the writer publishes, closed when nobody reads it."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        # Found out once: relative paths would break if the process changed its folder.
        self._current = folder.absolute() / "current"
        self._folder = folder.absolute()
        self._opened = self._open()

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self._folder

    def newest(self) -> int:
        """The number of the newest revision that has been published. Raises StoreMissingError without one."""
        self.token()
        return int(self._current.read_text("ascii"))

    def token(self) -> str:
        """Changes whenever a revision is published (one stat): the file is replaced, so its inode and time are new."""
        try:
            found = self._current.stat()
        except FileNotFoundError:
            raise StoreMissingError(f"the store {self._folder} is gone or is still being made") from None
        return f"{found.st_ino}-{found.st_mtime_ns}"

    @contextmanager
    def lease(self) -> Iterator[Store]:
        """The newest revision, which stays open for the length of the block."""
        token = self.token()
        with self._lock:
            if token != self._opened.token:
                self._retire(self._opened)
                self._opened = self._open()
            opened = self._opened
            opened.readers += 1
        try:
            yield opened.store
        finally:
            with self._lock:
                opened.readers -= 1
                _close_if_unread(opened)

    @property
    def base(self) -> str:
        """The base IRI of the store."""
        return self._opened.store.base

    @property
    def revision(self) -> int:
        """The number of the revision that was opened last."""
        return self._opened.store.revision

    def close(self) -> None:
        """Closes the store as soon as the last reader is done."""
        with self._lock:
            self._retire(self._opened)

    def _open(self) -> _Opened:
        token = self.token() if self._current.exists() else ""
        store = open_store(self._folder)
        store.texts = Quotes(store)
        return _Opened(store, token)

    def _retire(self, opened: _Opened) -> None:
        opened.retired = True
        _close_if_unread(opened)


def _close_if_unread(opened: _Opened) -> None:
    if opened.retired and not opened.readers:
        opened.store.close()


class Site:
    """The store, the workers, the tokens and the templates of one application."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.live = Live(folder)
        self.answers = Answers()
        self.rows: Remembered[Any] = Remembered()
        self.listeners = 0
        self._standing = -1, Standing()
        self.stopping = threading.Event()
        self.pool = Pool(folder, settings or Settings())
        self.named = Pool(folder, replace(self.pool.settings, workers=self.pool.settings.named))
        self.tokens = Tokens(folder)
        self.rates = Rates(self.pool.settings.rates)
        self.writer = writer_pool(folder, self.pool.settings)
        self.templates = jinja2.Environment(
            loader=jinja2.PackageLoader("kb.web"),
            autoescape=True,
            extensions=["jinja2.ext.i18n"],
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters |= {
            "words": wording.words,
            "day": wording.day_words,
            "count": wording.count_words,
            "when": wording.time_words,
            "num": wording.number,
            "snippets": snippets.snippets,
            "pointdata": maps.data,
        }
        self.templates.globals |= {"plural": wording.plural, "asset": assets.address, "today": date.today}
        self.templates.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The newest revision, its index and the decisions in force, for the length of the block."""
        with self.live.lease() as store, open_index(store) as index:
            yield Reading(store, index, self._standing_of(store))

    def _standing_of(self, store: Store) -> Standing:
        revision, found = self._standing
        if revision != store.revision:
            found = standing(recorded(store), store.base)
            self._standing = store.revision, found
        return found

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """The store opened for writing, once any other writer has finished. Raises StoreLockedError if it does not."""
        ends = time.monotonic() + _PATIENCE
        while True:
            try:
                opened = open_store(self.live.folder, write=True)
                break
            except StoreLockedError:
                if time.monotonic() > ends or self.stopping.wait(0.2):
                    raise
        with opened:
            yield opened

    def index(self) -> None:
        """Brings the index up to date with the newest revision, so that text filters can use it."""
        with self.live.lease() as store:
            update(store)

    def links(self, request: Request) -> Links:
        """The links as seen from the page that is asked for."""
        return Links.of(self.live.base, raw_path(request))

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A page from a template; everything in ``context`` is escaped when it is written."""
        shared = {
            "links": self.links(request),
            "version": __version__,
            "revision": self.live.revision,
            "path": raw_path(request).lstrip("/"),
            "query_string": request.url.query,
            "nonce": request.scope.get("state", {}).get("nonce", ""),
            "language": i18n.language(),
            "languages": i18n.LANGUAGES,
            "root_url": str(request.base_url),
            "under_way": ingest.under_way(self.live.folder),
        }
        body = self.templates.get_template(template).render({**shared, **context})
        return HTMLResponse(body, status_code, headers)


def raw_path(request: Request) -> str:
    """The path as it was sent, still percent-encoded, without the prefix that a proxy mounts the site under."""
    raw = request.scope.get("raw_path")
    path = raw.decode("ascii", "replace").partition("?")[0] if raw else request.scope["path"]
    prefix = request.scope.get("root_path", "")
    return str(path[len(prefix) :]) if prefix and path.startswith(prefix + "/") else str(path)


def site_of(request: Request) -> Site:
    """The site that a request is for."""
    site = request.app.state.site
    if not isinstance(site, Site):  # set by create_app
        raise TypeError("the application has no site")
    return site
