"""Who may take how much: limits, rates and places by class of caller; seeing and ending what runs."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from kb.access import Role, Tokens
from kb.cli.servers import _by_class
from kb.endpoint import Limits, Settings, Updates
from kb.errors import UsageError
from kb.web.app import create_app
from tests.command_line import CommandLine
from tests.serving import listening
from tests.web_client import Client

MIB = 1024 * 1024
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MANY = "SELECT ?s { ?s ?p ?o }"
CALLERS = {
    "anonymous": Limits(20, 10, 100_000, 512 * MIB),
    "reader": Limits(20, 20, 100_000, 512 * MIB),
    "admin": Limits(20, 40, 100_000, 512 * MIB),
}


@pytest.fixture(scope="module")
def folder(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(new_store, tmp_path_factory.mktemp("admission") / "store"))


@pytest.fixture(scope="module")
def headers(folder: Path) -> dict[str, dict[str, str]]:
    made = {role.value: Tokens(folder).add(role, role) for role in Role}
    return {"anonymous": {}} | {role: {"authorization": f"Bearer {token}"} for role, token in made.items()}


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    settings = Settings(CALLERS, workers=2, queue=0, reserve=1, wait=20, updates=Updates.OWN)
    with listening(create_app(folder, settings)) as found:
        httpx.get(f"{found}sparql", params={"query": "ASK {}"}, timeout=30)
        yield found


def soon(true: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not true():
        time.sleep(0.02)
    return true()


@pytest.mark.parametrize(("kind", "rows"), [("anonymous", 10), ("reader", 20), ("reviewer", 20), ("admin", 40)])
def test_each_class_has_its_limits(address: str, headers: dict[str, dict[str, str]], kind: str, rows: int) -> None:
    response = httpx.get(f"{address}sparql", params={"query": MANY}, headers=headers[kind], timeout=30)
    assert len(response.json()["results"]["bindings"]) == rows
    assert response.headers["factline-truncated"] == f"rows={rows}"
    assert f"rows={rows}," in response.headers["factline-limits"]


def test_an_administrator_sees_and_ends_what_runs(address: str, headers: dict[str, dict[str, str]]) -> None:
    admin = headers["admin"]

    def running() -> list[dict[str, object]]:
        found = httpx.get(f"{address}admin/queries", headers=admin).json()
        return [each for each in found if each["state"] == "running"]

    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(
            httpx.get, f"{address}sparql", params={"query": ENDLESS}, headers=headers["reader"], timeout=30
        )
        assert soon(lambda: len(running()) == 1)
        (found,) = running()
        assert (found["kind"], found["caller"], found["text"]) == ("query", "reader", ENDLESS)
        assert isinstance(found["pid"], int) and isinstance(found["seconds"], float)
        begun = time.monotonic()
        assert httpx.delete(f"{address}admin/queries/{found['id']}", headers=admin).status_code == 204
        response = asked.result()
        assert time.monotonic() - begun < 5
    assert response.status_code == 503 and "ended by an administrator (admin)" in response.text
    assert running() == []
    assert httpx.delete(f"{address}admin/queries/{found['id']}", headers=admin).status_code == 404


def test_what_runs_is_no_business_of_others(address: str, headers: dict[str, dict[str, str]]) -> None:
    for kind, status in (("anonymous", 401), ("reader", 403), ("reviewer", 403)):
        assert httpx.get(f"{address}admin/queries", headers=headers[kind]).status_code == status
        assert httpx.delete(f"{address}admin/queries/x", headers=headers[kind]).status_code == status


def test_a_place_is_kept_for_who_has_a_token(address: str, headers: dict[str, dict[str, str]]) -> None:
    admin = headers["admin"]
    with ThreadPoolExecutor(3) as threads:
        for _ in range(2):
            threads.submit(httpx.get, f"{address}sparql", params={"query": ENDLESS}, timeout=30)
        assert soon(lambda: len(httpx.get(f"{address}admin/queries", headers=admin).json()) == 2)
        refused = httpx.get(f"{address}sparql", params={"query": "ASK { ?new ?to ?all }"}, timeout=30)
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        waiting = threads.submit(
            httpx.get, f"{address}sparql", params={"query": "ASK {}"}, headers=headers["reader"], timeout=30
        )
        assert soon(lambda: len(httpx.get(f"{address}admin/queries", headers=admin).json()) == 3)
        for each in httpx.get(f"{address}admin/queries", headers=admin).json():
            if each["state"] == "running":
                httpx.delete(f"{address}admin/queries/{each['id']}", headers=admin)
        assert waiting.result().status_code == 200


def asked(client: Client, host: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return client.send("GET", "/sparql?query=ASK%20%7B%7D", headers=headers, host=host)


def test_who_asks_too_often_is_told_to_wait(folder: Path, headers: dict[str, dict[str, str]]) -> None:
    client = Client(folder, Settings(rates={"anonymous": "2/minute", "reader": "3/minute"}))
    try:
        for _ in range(2):
            assert asked(client, "192.0.2.1").status_code == 200
        refused = asked(client, "192.0.2.1")
        assert refused.status_code == 429 and 1 <= int(refused.headers["retry-after"]) <= 60
        assert asked(client, "192.0.2.2").status_code == 200, "another address"
        assert {asked(client, f"2001:db8::{at}").status_code for at in range(5)} == {200, 429}, "one network"
        assert asked(client, "127.0.0.1").status_code == 200, "this machine"
        found = [asked(client, "192.0.2.1", headers["reader"]).status_code for _ in range(4)]
        assert found == [200, 200, 200, 429]
        assert asked(client, "192.0.2.1", headers["admin"]).status_code == 200
    finally:
        client.app.state.site.pool.close()
        client.app.state.site.live.close()


def test_what_is_asked_and_tokens_are_not_logged(
    folder: Path,
    headers: dict[str, dict[str, str]],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with listening(create_app(folder, Settings(updates=Updates.OWN))) as found:
        for query in ("ASK { <x:secret> ?p ?o }", "ASK { <x:secret>", "SELECT * { SERVICE <x:secret> {} }"):
            for kind in ("admin", "reader"):
                httpx.get(f"{found}sparql", params={"query": query}, headers=headers[kind], timeout=30)
        for update in ("INSERT DATA { <x:secret> <x:p> 1 }", "INSERT DATA { <x:secret>"):
            httpx.post(f"{found}sparql", data={"update": update}, headers=headers["admin"], timeout=30)
        httpx.get(f"{found}sparql", params={"query": "x:secret"}, headers={"authorization": "Bearer secret-token"})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    said = "\n".join([*ours, *capfd.readouterr()])
    assert "secret" not in said
    assert not any(each.get("authorization", "-")[7:] in said for each in headers.values() if each)


def test_limits_are_read_as_they_are_written() -> None:
    limits = Limits(2.5, 10, 1000, 2000)
    assert Limits.read(str(limits), Limits()) == limits
    assert Limits.read("rows=7", limits) == Limits(2.5, 7, 1000, 2000)
    for text in ("rows", "rows=", "rows=x", "rows=-1", "rows=0", "cows=1", "rows=1;bytes=2"):
        with pytest.raises(UsageError, match="is no limit"):
            Limits.read(text, limits)
    found = _by_class(Limits(90, 1, 1, 1), ["reviewer:seconds=5"])
    assert found["reader"].seconds == 90 and found["reviewer"].seconds == 5
    with pytest.raises(UsageError, match="no class of callers"):
        _by_class(Limits(), ["king:seconds=5"])


def test_bad_settings_are_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kb = CommandLine(capsys, monkeypatch)
    for arguments, words in (
        (("--rate", "600/minute"), "anonymous:600/minute"),
        (("--rate", "anonymous:often"), "is no rate"),
        (("--limits", "admin:much"), "is no limit"),
    ):
        done = kb("serve", "--port", "0", "--store", folder, *arguments)
        assert done.code == 2 and words in done.err
