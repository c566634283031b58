"""Documents from a browser: signing in, what is taken, what is refused, and the claims that are shown."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from kb.access import Role, Tokens
from kb.store import open_store
from tests import sample
from tests.web_client import BROWSER, HOST, Client, Page, opened

TEXT = "At least 13 soldiers were killed in Almaty on Tuesday, the Interior Ministry of Kazakhstan said."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("adding") / "store"
    with open_store(folder, create=True) as store:
        sample.record(store)
    with opened(folder) as found:
        yield found


@pytest.fixture(scope="module")
def tokens(client: Client) -> dict[Role, str]:
    kept = Tokens(client.app.state.site.live.folder)
    return {role: kept.add(role.value, role) for role in (Role.READER, Role.REVIEWER)}


def send(client: Client, token: str | None, **form: object) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    files = {"text": (None, "")} | {
        name: value if isinstance(value, tuple) else (None, value) for name, value in form.items()
    }
    return client.send("POST", "/add", headers=headers, files=files)


def finished(client: Client, token: str, answer: httpx.Response) -> dict[str, object]:
    assert answer.status_code == 303, answer.text
    for _ in range(600):
        found = client.send(
            "GET", "/" + answer.headers["location"] + ".json", headers={"authorization": f"Bearer {token}"}
        )
        if (run := found.json())["state"] == "done":
            return dict(run)
        time.sleep(0.05)
    raise AssertionError("it does not end")


def test_only_reviewers_add(client: Client, tokens: dict[Role, str]) -> None:
    assert send(client, None, text=TEXT).status_code == 401
    assert send(client, tokens[Role.READER], text=TEXT).status_code == 403
    assert send(client, "factline_nobodys", text=TEXT).status_code == 401
    away = client.send("GET", "/add", headers={"accept": BROWSER})
    assert (away.status_code, away.headers["location"]) == (303, "session?back=add")


def test_a_browser_signs_in_and_no_other_site_acts_for_it(client: Client, tokens: dict[Role, str]) -> None:
    wrong = client.send("POST", "/session", data={"token": "factline_nobodys"}, headers={"accept": BROWSER})
    assert wrong.status_code == 403 and "not known" in Page(wrong.text).text
    right = client.send("POST", "/session", data={"token": tokens[Role.REVIEWER], "back": "add"})
    assert (right.status_code, right.headers["location"]) == (303, "add")
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    kept = {"cookie": cookie.partition(";")[0], "accept": BROWSER}
    page = client.send("GET", "/add", headers=kept)
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    for foreign in ({"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}):
        answer = client.send("POST", "/add", headers=kept | foreign, files={"text": (None, TEXT)})
        assert answer.status_code == 403
    browsers = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.send("POST", "/session", data={"token": "x"}, headers=kept | browsers).status_code == 403
    assert "not known" in client.send("POST", "/session", data={"token": "x"}, headers=kept | browsers).text
    near = client.send("POST", "/session", data={"token": ""}, headers=kept | {"origin": HOST})
    assert near.status_code == 303 and 'token=""' in near.headers["set-cookie"]


def test_a_text_and_a_file_become_documents_with_claims(client: Client, tokens: dict[Role, str]) -> None:
    token = tokens[Role.REVIEWER]
    head = b"---\ntitle: Second\npublisher: TASS\npublished: 2022-01-07\n---\n"
    file = head + b"Two policemen were killed in Shymkent on Thursday.\n"
    answer = send(client, token, text=TEXT, published="2022-01-06", publisher="AFP", files=("../../second.md", file))
    run = finished(client, token, answer)
    assert (run["failed"], run["error"]) == ([], None)
    found = [each["claim"] for each in run["found"]]  # type: ignore[attr-defined]
    quotes = " ".join(claim["quote"] for claim in found)
    assert "13 soldiers" in quotes and "Two policemen" in quotes
    page = client.send(
        "GET", "/" + answer.headers["location"], headers={"authorization": f"Bearer {token}", "accept": BROWSER}
    )
    assert "13 soldiers" in Page(page.text).text
    again = finished(client, token, send(client, token, text=TEXT, published="2022-01-06", publisher="AFP"))
    assert [state for _, state in again["documents"]] == ["unchanged"]  # type: ignore[attr-defined]


def test_private_addresses_are_refused(client: Client, tokens: dict[Role, str]) -> None:
    for address in (
        "http://127.0.0.1:9/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/x",
    ):
        run = finished(client, tokens[Role.REVIEWER], send(client, tokens[Role.REVIEWER], address=address))
        assert "not a public address" in run["failed"][0], run  # type: ignore[index]


def test_what_cannot_be_read_is_said_by_its_own_name(client: Client, tokens: dict[Role, str]) -> None:
    token = tokens[Role.REVIEWER]
    run = finished(client, token, send(client, token, files=("photo.txt", b"\x00\x01\x02\xff" * 100)))
    fault = str(run["failed"])
    assert fault.count("photo.txt") == 1 and "/factline-" not in fault
    assert send(client, token).status_code == 400
    assert "not an address" in send(client, token, address="file:///etc/passwd").text
    assert send(client, token, text=TEXT, published="soon").status_code == 400
    huge = client.send(
        "POST", "/add", headers={"authorization": f"Bearer {token}", "content-length": str(10**9)}, content=b""
    )
    assert huge.status_code == 413
