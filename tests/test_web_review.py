"""Correcting the machine from a browser: what waits, deciding, undoing, and what a merge leaves at the old address."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from kb.access import Role, Tokens
from kb.store import open_store
from tests import sample
from tests.web_client import BROWSER, Client, Page, opened

DOZENS = sample.iri(f"claim/{sample.DOZENS.id}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("review") / "store"
    with open_store(folder, create=True) as store:
        sample.record(store)
    with opened(folder) as found:
        yield found


@pytest.fixture(scope="module")
def token(client: Client) -> str:
    return Tokens(client.app.state.site.live.folder).add("Ada", Role.REVIEWER)


def decide(client: Client, token: str, **form: str) -> httpx.Response:
    return client.send("POST", "/reviewing", headers={"authorization": f"Bearer {token}"}, data=form)


def page(client: Client, token: str, path: str) -> Page:
    answer = client.send("GET", path, headers={"authorization": f"Bearer {token}", "accept": BROWSER})
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def test_only_reviewers_decide(client: Client) -> None:
    assert client.send("POST", "/reviewing", data={"act": "accept", "target": DOZENS}).status_code == 401
    away = client.send("GET", "/reviewing/claim/x", headers={"accept": BROWSER})
    assert (away.status_code, away.headers["location"]) == (303, "../../session?back=reviewing/claim/x")


def test_reject_then_undo(client: Client, token: str) -> None:
    assert "needs" in decide(client, token, act="reject", target=DOZENS).text, "a rejection says why"
    answer = decide(client, token, act="reject", target=DOZENS, reason="They were attackers of a film")
    assert answer.status_code == 303, answer.text
    decision = client.get(f"/claim/{sample.DOZENS.id}.json").json()["decisions"][-1]["id"]
    claim = client.page(f"/claim/{sample.DOZENS.id}")
    assert "reject" in claim.text and "Ada" in claim.text and "They were attackers of a film" in claim.text
    assert sample.DOZENS.quote in claim.text, "what was read stays"
    assert "They were attackers" in page(client, token, "/reviewing").text
    listed = client.page("/search?q=dozens").text
    assert "rejected" in listed and sample.DOZENS.quote in listed, "a list says so too"
    found = client.get("/search.json?q=dozens").json()["claims"]
    assert [claim["decided"] for claim in found if claim["iri"] == DOZENS] == ["rejected"]
    stale = decide(client, token, act="accept", target=DOZENS)
    assert stale.status_code == 409 and "meanwhile" in stale.text
    assert decide(client, token, act="undo", target=f"decision/{decision}").status_code == 303
    assert decide(client, token, act="accept", target=DOZENS, seen="").status_code == 303


def test_amend_a_field(client: Client, token: str) -> None:
    target = sample.iri(f"claim/{sample.INJURED.id}")
    shown = page(client, token, f"/reviewing/claim/{sample.INJURED.id}")
    assert "count.minimum: 1300" in shown.text
    answer = decide(client, token, act="amend", target=target, field="count.minimum", value="1200", reason="read again")
    assert answer.status_code == 303, answer.text
    assert "count.minimum = 1200" in client.page(f"/claim/{sample.INJURED.id}").text
    wrong = decide(client, token, act="amend", target=target, field="quote", value="x")
    assert wrong.status_code == 400 and "quote" in wrong.text


def test_a_merged_actor_moves_for_good(client: Client, token: str) -> None:
    old, new = sample.iri("actor/interfax-kazakhstan"), sample.iri("actor/interfax")
    answer = decide(client, token, act="merge", target=old, into="actor/interfax", reason="one agency")
    assert answer.status_code == 303, answer.text
    for path, where in (
        ("/actor/interfax-kazakhstan", "../actor/interfax"),
        ("/actor/interfax-kazakhstan.ttl", "../actor/interfax.ttl"),
    ):
        moved = client.get(path, BROWSER)
        assert (moved.status_code, moved.headers["location"]) == (301, where)
    claims = client.page("/actor/interfax").links
    assert f"../claim/{sample.DOZENS.id}" in claims, "claims that name the one are claims of the other"
    assert new in client.get("/actor/interfax.json").json()["iri"]
    for asked in ("actor=actor/interfax", "actor=actor/interfax-kazakhstan"):
        found = client.get(f"/search.json?{asked}").json()["claims"]
        assert DOZENS in [claim["iri"] for claim in found], "a search for the one finds what names the other"


def test_what_cannot_be_decided_is_said(client: Client, token: str) -> None:
    for form in (
        {"act": "merge", "target": "actor/csto", "into": "place/kz"},
        {"act": "accept", "target": "claim/none"},
        {"act": "undo", "target": "decision/none"},
        {"act": "dance", "target": DOZENS},
    ):
        assert decide(client, token, **form).status_code == 400, form
    missing = client.send(
        "GET", "/reviewing/figure/none", headers={"authorization": f"Bearer {token}", "accept": BROWSER}
    )
    assert missing.status_code == 404


def test_what_is_merged_is_chosen_from_what_has_the_name(client: Client, token: str) -> None:
    shown = page(client, token, "/reviewing/actor/afp?find=reut")
    picks = {tag[1].get("value") for tag in shown.tags if tag[0] == "input" and tag[1].get("name") == "into"}
    assert sample.iri("actor/reuters") in picks
    assert sample.iri("actor/afp") not in picks, "nothing is the same as itself"
    at = page(client, token, "/reviewing/actor/afp?find=actor/csto")
    assert sample.iri("actor/csto") in {tag[1].get("value") for tag in at.tags}, "an address is a name too"


def test_claims_that_mean_another_are_ticked(client: Client, token: str) -> None:
    shown = page(client, token, "/reviewing/place/kz/almaty?other=kazakhstan&words=dozens")
    ticks = [tag[1].get("value") for tag in shown.tags if tag[0] == "input" and tag[1].get("name") == "claims"]
    assert DOZENS in ticks and len(ticks) < len(
        [1 for tag in page(client, token, "/reviewing/place/kz/almaty").tags if tag[1].get("name") == "claims"]
    )
    form = {"act": "split", "target": "place/kz/almaty", "claims": [DOZENS], "into": "place/kz", "reason": "read again"}
    answer = client.send("POST", "/reviewing", headers={"authorization": f"Bearer {token}"}, data=form)
    assert answer.status_code == 303, answer.text
    assert "split" in page(client, token, "/reviewing/place/kz/almaty").text
