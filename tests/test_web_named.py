"""Named queries have workers and limits of their own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from kb.access import Role, Tokens
from kb.cli.servers import _by_class
from kb.endpoint import NAMED, Limits, Settings
from kb.store import open_store
from kb.web.app import create_app
from tests import sample
from tests.serving import listening

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("named") / "store"
    with open_store(made, create=True) as store:
        sample.record(store)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    limits = {"anonymous": Limits(seconds=60), NAMED: Limits(20, 2, 10 * MIB, 512 * MIB)}
    with listening(create_app(folder, Settings(limits, workers=1, queue=0))) as found:
        yield found


def test_they_go_on_while_others_wait(address: str, folder: Path) -> None:
    admin = {"authorization": f"Bearer {Tokens(folder).add('admin', Role.ADMIN)}"}
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(httpx.get, f"{address}sparql", params={"query": ENDLESS}, timeout=90)
        until = time.monotonic() + 10
        while not (running := httpx.get(f"{address}admin/queries", headers=admin).json()) and time.monotonic() < until:
            time.sleep(0.02)
        assert httpx.get(f"{address}sparql", params={"query": "ASK {}"}, timeout=30).status_code == 503
        for suffix in ("csv", "html", "atom"):
            assert httpx.get(f"{address}queries/casualties.{suffix}", timeout=30).status_code == 200
        assert not asked.done()
        httpx.delete(f"{address}admin/queries/{running[0]['id']}", headers=admin)
        assert asked.result().status_code == 503


def test_they_have_limits_that_are_said(address: str) -> None:
    response = httpx.get(f"{address}queries/casualties.json", timeout=30)
    assert len(response.json()["results"]["bindings"]) == 2
    assert response.headers["factline-truncated"] == "rows=2"
    assert response.headers["factline-limits"].startswith("seconds=20, rows=2,")
    assert response.headers["content-disposition"] == 'inline; filename="casualties.json"'


def test_one_that_takes_too_long_is_stopped(folder: Path) -> None:
    quick = Settings({"anonymous": Limits(), NAMED: Limits(seconds=0.001)}, workers=1)
    with listening(create_app(folder, quick)) as found:
        response = httpx.get(f"{found}queries/casualty-timeline.json", timeout=30)
        assert (response.status_code, response.headers["factline-limit"]) == (504, "seconds=0.001")
        page = httpx.get(f"{found}queries/casualty-timeline", headers={"accept": "text/html"}, timeout=30)
        assert page.status_code == 504 and "was stopped after" in page.text
        assert 'factline_named_queries_total{outcome="time"} 2.0' in httpx.get(f"{found}metrics").text


def test_wrong_parameters_are_said(address: str) -> None:
    for path, words in (("casualties.json?harm=sunburn", "sunburn"), ("casualties.csv?colour=red", "colour")):
        response = httpx.get(f"{address}queries/{path}", timeout=30)
        assert response.status_code == 400 and words in response.text
    assert httpx.get(f"{address}queries/nothing.json", timeout=30).status_code == 404


def test_their_limits_are_set_like_those_of_callers() -> None:
    found = _by_class(Limits(), ["named:seconds=5"])
    assert found[NAMED].seconds == 5 and found[NAMED].rows == 1_000_000
