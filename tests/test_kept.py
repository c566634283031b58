"""Answers that are kept: the same bytes, not past the next revision, never for others, bounded; and the short way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from kb.resources import NAMESPACE
from kb.store import open_store
from kb.web.kept import Answers, Kept
from tests.web_client import BROWSER, HOST, Client, site

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
COUNT = "SELECT (COUNT(*) AS ?n) { ?claim a kb:CasualtyClaim }"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Client]:
    with site(tmp_path / "store") as client:
        yield client


def address(text: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": text, **more})


def answers(web: Client) -> Answers:
    kept = web.app.state.site.answers
    assert isinstance(kept, Answers)
    return kept


def test_the_second_answer_is_the_first(web: Client) -> None:
    one, two = web.get(address(COUNT)), web.get(address(COUNT))
    assert (one.content, one.headers) == (two.content, two.headers)
    assert answers(web).hits == 1


def test_each_format_and_parameter_is_its_own(web: Client) -> None:
    bodies = {web.get(address(COUNT, format=name)).content for name in ("json", "csv", "xml", "tsv")}
    assert len(bodies) == 4
    assert web.get("/queries/casualties.csv?harm=killed").content != web.get("/queries/casualties.csv").content
    assert answers(web).hits == 0


def test_what_the_client_has_is_not_sent_again(web: Client) -> None:
    tag = web.get(address(COUNT)).headers["etag"]
    again = web.send("GET", address(COUNT), headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert not again.content
    assert again.headers["etag"] == tag


def test_a_new_revision_is_answered_anew(web: Client, tmp_path: Path) -> None:
    before = web.get(address(COUNT)).text
    with open_store(tmp_path / "store", write=True) as store:
        graph = store.iri("document/new/graph")
        store.add_graph(
            graph, f"<{store.iri('claim/new')}> <{_TYPE}> <{NAMESPACE}CasualtyClaim> <{graph}> .\n".encode()
        )
        store.publish()
    assert web.get(address(COUNT)).text != before


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?t) {}", "SELECT (rand() AS ?r) {}", "SELECT (UUID() AS ?u) {}"])
def test_what_changes_with_each_call_is_not_kept(web: Client, text: str) -> None:
    assert web.get(address(text)).text != web.get(address(text)).text or "NOW" in text
    assert len(answers(web)) == 0


def test_errors_and_pages_are_not_kept(web: Client) -> None:
    web.get(address("SELECT nonsense"))
    web.send("GET", address(COUNT), headers={"Accept": BROWSER})
    web.send("GET", address(COUNT), headers={"Cache-Control": "no-cache"})
    web.send("GET", address(COUNT), headers={"Authorization": "Bearer none"})
    assert len(answers(web)) == 0


def test_posted_queries_are_kept_and_updates_not(web: Client) -> None:
    for _ in range(2):
        assert web.send("POST", "/sparql", data={"query": COUNT}).status_code == 200
    assert answers(web).hits == 1
    for _ in range(2):
        assert web.send("POST", "/sparql", data={"update": "CLEAR ALL"}).status_code >= 400
    assert len(answers(web)) == 1


def test_the_short_way_and_the_long_way_answer_alike(web: Client) -> None:
    for text in (COUNT, "SELECT nonsense", "ASK { ?a ?b ?c }", "INSERT DATA { <a> <b> <c> }", "DESCRIBE <x:y>"):
        long = web.send("GET", address(text), headers={"Cookie": "a=b", "Accept": "*/*"})
        short = web.send("GET", address(text), headers={"Accept": "*/*"})
        assert (short.status_code, short.content) == (long.status_code, long.content)


def test_the_oldest_go_first_and_large_ones_are_not_kept() -> None:
    kept = Answers(most=100_000)
    for number in range(20):
        kept.put((number,), Kept({}, bytes(8_000), None))
    assert kept.get((0,)) is None
    assert kept.get((19,)) is not None
    assert kept.bytes <= 100_000
    kept.put(("large",), Kept({}, bytes(50_000), None))
    assert kept.get(("large",)) is None


def test_quick_queries_pass_a_slow_one(web: Client) -> None:
    """A thousand quick answers while one query keeps its worker busy: the loop never waits for it."""
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=web.app), base_url=HOST) as client:
            running = asyncio.create_task(client.get(address(slow)))
            await asyncio.sleep(0.05)
            for _ in range(34):
                batch = [client.get(address(COUNT + "#" * number)) for number in range(30)]
                assert {response.status_code for response in await asyncio.gather(*batch)} == {200}
            assert not running.done()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(ask())
