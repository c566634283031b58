"""``/healthz`` and ``/metrics``: for those who keep the server running."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from fastapi import APIRouter, Request
from prometheus_client import Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.responses import JSONResponse, Response

from kb import __version__
from kb.endpoint import Pool
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
    """Queries and writes by outcome and duration, those inside, workers, and the size of the store."""
    site = site_of(request)
    with site.live.lease() as store:
        size = _size(store)
    families = [
        *_pool("factline_query", "queries", "SPARQL queries", site.pool),
        *_pool("factline_named", "named_queries", "Named queries", site.named),
        *_pool("factline_write", "writes", "Updates and graphs written over HTTP", site.writer),
        GaugeMetricFamily(
            "factline_workers", "Processes that answer SPARQL.", len(site.pool.pids) + len(site.named.pids)
        ),
        GaugeMetricFamily(
            "factline_workers_sealed",
            "Those that have answered and have no network.",
            site.pool.sealed + site.named.sealed,
        ),
        GaugeMetricFamily("factline_store_revision", "The published revision that is served.", size.revision),
        GaugeMetricFamily("factline_store_bytes", "Bytes of that revision on disk.", size.data),
        GaugeMetricFamily("factline_claims", "Claims in it.", size.claims),
        GaugeMetricFamily("factline_documents", "Documents in it.", size.documents),
    ]
    return Response(generate_latest(_Families(families)), media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=_FRESH)


class _Families(Collector):
    """What has been counted, to be written."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _pool(name: str, many: str, words: str, pool: Pool) -> Iterator[Metric]:
    ended = CounterMetricFamily(f"factline_{many}", f"{words} by how they ended.", labels=["outcome"])
    for outcome, number in sorted(dict(pool.outcomes).items()):
        ended.add_metric([outcome], number)
    yield ended
    numbers = accumulate(pool.durations[bound] for bound in BUCKETS)
    bounds = [*(format(bound, "g") for bound in BUCKETS[:-1]), "+Inf"]
    buckets = [(bound, float(number)) for bound, number in zip(bounds, numbers, strict=True)]
    yield HistogramMetricFamily(
        f"{name}_seconds", f"{words}: seconds of waiting and running.", buckets=buckets, sum_value=pool.seconds
    )
    yield GaugeMetricFamily(f"factline_{many}_inside", f"{words} that run or wait.", pool.inside)


@dataclass(frozen=True)
class _Size:
    """How much one revision holds."""

    revision: int
    data: int
    claims: int
    documents: int


_sizes: dict[tuple[Path, int], _Size] = {}


def _size(store: Store) -> _Size:
    """Counted once a revision: counting goes through all of it."""
    key = (store.path, store.revision)
    if key not in _sizes:
        files = [file for file in store.folder.revision(store.revision).rglob("*") if file.is_file()]
        found = [int(select(store, query)[0]["number"].value) for query in (_CLAIMS, _DOCUMENTS)]
        _sizes.clear()
        _sizes[key] = _Size(store.revision, sum(file.stat().st_size for file in files), *found)
    return _sizes[key]
