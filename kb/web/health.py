"""``/healthz`` and ``/metrics``: for those who keep the server running."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kb import __version__
from kb.endpoint.pool import BUCKETS
from kb.store import Store
from kb.web.claims import select
from kb.web.site import site_of
from kb.web.threads import contained

router = APIRouter(tags=["Operation"])
_CLAIMS = "SELECT (COUNT(DISTINCT ?claim) AS ?number) WHERE { ?claim kb:quote ?quote }"
_DOCUMENTS = "SELECT (COUNT(DISTINCT ?document) AS ?number) WHERE { ?document a kb:Document }"
_FRESH = {"Cache-Control": "no-store"}


@router.get("/healthz/live", summary="Whether the server runs")
async def live() -> JSONResponse:
    """Answers without touching the store or the workers."""
    return JSONResponse({"status": "ok", "version": __version__}, headers=_FRESH)


@router.get("/healthz", summary="Whether the store can be read, and which revision is served")
@router.get("/healthz/ready", include_in_schema=False)
@contained
def ready(request: Request) -> JSONResponse:
    """Opens the newest revision; 503 with the reason if it cannot."""
    site = site_of(request)
    with site.live.lease() as store:
        answer = {"status": "ok", "revision": store.revision, "base": store.base, "version": __version__}
    return JSONResponse(answer, headers=_FRESH)


@router.get("/metrics", summary="Counters for Prometheus")
@contained
def metrics(request: Request) -> Response:
    """Queries by outcome and duration, those inside, workers, and the size of the store."""
    site = site_of(request)
    with site.live.lease() as store:
        size = list(_store(store))
    lines = [*_queries(request), *size]
    return Response("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4; charset=utf-8", headers=_FRESH)


def _queries(request: Request) -> Iterator[str]:
    pool = site_of(request).pool
    yield from _about("factline_queries_total", "counter", "SPARQL queries by how they ended.")
    for outcome, number in sorted(pool.outcomes.items()):
        yield f'factline_queries_total{{outcome="{outcome}"}} {number}'
    yield from _about("factline_query_seconds", "histogram", "Seconds of waiting and running.")
    total = 0
    for bound in BUCKETS:
        total += pool.durations[bound]
        yield f'factline_query_seconds_bucket{{le="{"+Inf" if bound == BUCKETS[-1] else format(bound, "g")}"}} {total}'
    yield f"factline_query_seconds_sum {pool.seconds:.6f}"
    yield f"factline_query_seconds_count {total}"
    yield from _gauge("factline_queries_inside", "SPARQL queries that run or wait.", pool.inside)
    yield from _gauge("factline_workers", "Processes that answer SPARQL.", len(pool.pids))
    yield from _gauge("factline_workers_sealed", "Those of them that have answered and have no network.", pool.sealed)


def _store(store: Store) -> Iterator[str]:
    files = store.folder.revision(store.revision).rglob("*")
    yield from _gauge("factline_store_revision", "The published revision that is served.", store.revision)
    size = sum(file.stat().st_size for file in files if file.is_file())
    yield from _gauge("factline_store_bytes", "Bytes of that revision on disk.", size)
    yield from _gauge("factline_claims", "Claims in it.", int(select(store, _CLAIMS)[0]["number"].value))
    yield from _gauge("factline_documents", "Documents in it.", int(select(store, _DOCUMENTS)[0]["number"].value))


def _gauge(name: str, words: str, value: int) -> Iterator[str]:
    yield from _about(name, "gauge", words)
    yield f"{name} {value}"


def _about(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
