"""The application: which routes there are, and what all of them share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from kb import __version__
from kb.endpoint import Settings
from kb.errors import FactlineError
from kb.web import (
    adding,
    admin,
    assets,
    casualties,
    changes,
    graph_store,
    health,
    home,
    news,
    ontology,
    pages,
    problems,
    queries,
    review,
    reviewing,
    search,
    session,
    sparql,
    void,
)
from kb.web.kept import Keeping
from kb.web.lane import Lane
from kb.web.middleware import Common
from kb.web.site import Site

_INDEXED = 2.0  # seconds between two looks for a revision that is not in the index
_QUIET = 10.0  # seconds that a revision has stood before pages are prepared
_DESCRIPTION = """A knowledge base of claims in conflict and unrest news: SPARQL, named queries, and a page and RDF for
every IRI. Every page answers in HTML, JSON, Turtle, JSON-LD, N-Triples and RDF/XML, by suffix or by `Accept`."""


def create_app(store_dir: Path | str, settings: Settings | None = None) -> FastAPI:
    """The site and endpoint over the store in ``store_dir``; ``settings`` limits what a query may take.

    Opens the newest published revision at once and each later one when it has been published. Raises StoreMissingError
    or StoreError if there is no store to open.
    """
    site = Site(Path(store_dir), settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        site.pool.start()
        site.named.start()
        indexing = asyncio.create_task(_index(site))
        yield
        indexing.cancel()
        await asyncio.gather(indexing, return_exceptions=True)
        for pool in (site.writer, site.named, site.pool):
            pool.close()
        site.live.close()

    app = FastAPI(
        title="Factline",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # the interactive pages load their scripts from other hosts
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.site = site
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=1)
    app.add_middleware(Common, revision=site.live.token, methods=lambda scope: _methods(app, scope))
    app.add_middleware(Lane, application=app, revision=site.live.token)
    app.add_middleware(Keeping, revision=site.live.token, answers=site.answers, rates=site.rates)  # comes first
    problems.install(app)
    app.add_api_route("/static/{name:path}", static, include_in_schema=False)
    for module in (
        sparql,
        graph_store,
        admin,
        health,
        queries,
        void,
        ontology,
        home,
        search,
        casualties,
        changes,
        news,
        session,
        adding,
        review,
        reviewing,
        pages,
    ):
        app.include_router(module.router)
    return app


async def _index(site: Site) -> None:
    """Keeps the index up to date while the server runs; what cannot be indexed now is tried again.

    Once a revision has stood for a while, what pages show of the named queries is prepared.
    """
    done, prepared, since = "", "", time.monotonic()
    while True:
        with suppress(FactlineError):
            if (token := site.live.token()) != done:
                await asyncio.to_thread(site.index)
                done, since = token, time.monotonic()
            elif prepared != done and time.monotonic() > since + _QUIET:
                prepared = done
                await queries.prepare(site)
        await asyncio.sleep(_INDEXED)


def _methods(app: FastAPI, scope: Scope) -> set[str]:
    """The methods that the routes of a path take."""
    candidates = ("POST", "PUT", "DELETE")
    routes = app.router.routes
    return {
        method
        for method in candidates
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    }


def static(request: Request, name: str) -> Response:
    """A file of the site; with its fingerprint in the address it never changes."""
    path = assets.files().get(name)
    if path is None:
        return problems.respond(request, problems.Problem(status=404, title="Not Found", detail=f"There is no {name}."))
    caching = "public, max-age=31536000, immutable" if "v" in request.query_params else "no-cache"
    return FileResponse(path, media_type=assets.TYPES[path.suffix], headers={"Cache-Control": caching})
