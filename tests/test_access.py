"""Access tokens: made, listed, revoked, recognised; who may do what over HTTP."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends
from hypothesis import given
from hypothesis import strategies as st

from kb.access import ANONYMOUS, Caller, Role, Tokens
from kb.errors import StoreError, StoreMissingError, UsageError
from kb.web.callers import CallerOf, needs
from tests.command_line import CommandLine
from tests.web_client import Client


@pytest.fixture
def folder(new_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_store, tmp_path / "store"))


@pytest.fixture
def tokens(folder: Path) -> Tokens:
    return Tokens(folder)


@pytest.fixture
def web(folder: Path) -> Client:
    client = Client(folder)

    @client.app.get("/who")
    async def who(caller: CallerOf) -> str:
        return f"{caller.name} {caller.kind}"

    @client.app.post("/decide")
    async def decide(caller: Annotated[Caller, Depends(needs(Role.REVIEWER))]) -> str:
        return f"{caller.name}"

    # Before the route for every other path.
    routes = client.app.router.routes
    routes[:0] = [routes.pop(), routes.pop()]
    return client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_roles_nest() -> None:
    for at, role in enumerate(Role):
        assert [role.covers(other) for other in Role] == [place <= at for place in range(3)]
        assert Caller("x", role).may(Role.REVIEWER) == (at >= 1)
        assert not ANONYMOUS.may(role)


def test_a_token_is_recognised_until_it_is_revoked(tokens: Tokens, folder: Path) -> None:
    server = Tokens(folder)  # another process
    assert server.records() == ()
    token = tokens.add("ada", Role.ADMIN)
    other = tokens.add("bob", Role.READER)
    assert server.caller(token) == Caller("ada", Role.ADMIN)
    assert server.caller(other) == Caller("bob", Role.READER)
    assert tokens.revoke("ada").role is Role.ADMIN
    assert server.caller(token) is None
    assert server.caller(other) is not None
    assert [record.name for record in server.records()] == ["bob"]


def test_only_hashes_are_kept_and_only_for_the_owner(tokens: Tokens, folder: Path) -> None:
    token = tokens.add("ada", Role.REVIEWER)
    assert len(token) >= 50 and token != tokens.add("bob", Role.REVIEWER)
    for path in folder.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes()
    assert stat.S_IMODE((folder / "tokens.json").stat().st_mode) == 0o600


@given(st.text(max_size=80))
def test_nothing_else_is_a_token(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "guessing"
    if not folder.exists():
        folder.mkdir()
        (folder / "store.json").write_text("{}")
        Tokens(folder).add("ada", Role.ADMIN)
    tokens = Tokens(folder)
    assert tokens.caller(text) is None
    assert tokens.caller(tokens.records()[0].digest) is None


def test_bad_names_and_a_damaged_file_are_said(tokens: Tokens, folder: Path) -> None:
    tokens.add("ada", Role.READER)
    with pytest.raises(UsageError, match="already"):
        tokens.add("ada", Role.ADMIN)
    for name in ("", " x", "a\nb", "x" * 65, "<b>"):
        with pytest.raises(UsageError, match="cannot name"):
            tokens.add(name, Role.READER)
    with pytest.raises(UsageError, match="there is ada"):
        tokens.revoke("bob")
    for damage in ("", "{", "[1]", '[{"name": "x"}]', "3"):
        (folder / "tokens.json").write_text(damage)
        with pytest.raises(StoreError, match="damaged"):
            Tokens(folder).records()
    with pytest.raises(StoreMissingError):
        Tokens(folder / "elsewhere").add("ada", Role.READER)


def test_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kb = CommandLine(capsys, monkeypatch)
    monkeypatch.setenv("KB_STORE", str(folder))
    assert kb.ok("token", "list") == ""
    token = kb.ok("token", "add", "ada", "--role", "reviewer").strip()
    assert Tokens(folder).caller(token) == Caller("ada", Role.REVIEWER)
    assert re.fullmatch(r"reviewer +\d{4}-\d\d-\d\d  ada\n", kb.ok("token", "list"))
    (listed,) = json.loads(kb.ok("token", "list", "--format", "json"))
    assert (listed["name"], listed["role"]) == ("ada", "reviewer") and "digest" not in listed
    assert kb("token", "add", "x", "--role", "king").code == 2
    assert "ada (reviewer) is revoked" in kb.ok("token", "revoke", "ada")
    assert kb("token", "revoke", "ada").code == 2
    assert Tokens(folder).caller(token) is None


def test_who_calls(web: Client, tokens: Tokens) -> None:
    assert web.get("/who").json() == "None anonymous"
    token = tokens.add("ada", Role.READER)
    assert web.send("GET", "/who", headers=bearer(token)).json() == "ada reader"
    assert web.send("GET", "/who", headers={"authorization": f"bearer  {token} "}).json() == "ada reader"


@pytest.mark.parametrize("sent", ["Bearer nonsense", "Bearer ", "Bearer", "Basic YTpi", "", "Bearer é"])
def test_a_token_that_is_not_known_is_401(web: Client, sent: str) -> None:
    response = web.send("GET", "/who", headers={"authorization": sent.encode("latin-1")})
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer realm="Factline", error="invalid_')


def test_a_lesser_role_is_403(web: Client, tokens: Tokens) -> None:
    nobody = web.send("POST", "/decide", headers={"accept": "application/json"})
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, 'Bearer realm="Factline"')
    assert nobody.headers["content-type"] == "application/problem+json" and nobody.json()["status"] == 401
    reader = web.send("POST", "/decide", headers=bearer(tokens.add("ada", Role.READER)))
    assert reader.status_code == 403 and 'scope="reviewer"' in reader.headers["www-authenticate"]
    for role in (Role.REVIEWER, Role.ADMIN):
        assert web.send("POST", "/decide", headers=bearer(tokens.add(role, role))).json() == role
    assert web.app.openapi()["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"


def test_validators_are_of_one_caller(web: Client, tokens: Tokens) -> None:
    token = tokens.add("ada", Role.READER)
    tags = {web.send("GET", "/", headers=headers).headers["etag"] for headers in ({}, bearer(token))}
    assert len(tags) == 2
    assert "Authorization" in web.get("/").headers["vary"]
