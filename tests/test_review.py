"""Decisions of people: recorded with who, when and why, honoured by tracking, undone, never lost."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QuerySolutions

from kb import validate
from kb.access import Role, Tokens
from kb.desk import at_desk
from kb.errors import ConflictError, UsageError
from kb.ingest import refresh
from kb.model import Document
from kb.rdf import Graph
from kb.review import UNTOUCHED, Act, Decision, Desk, recorded
from kb.review.deciding import described
from kb.review.graph import append
from kb.review.queue import history, queue
from kb.store import Store, open_store
from kb.track import forget, track
from tests.strategies import BASE
from tests.toll import add_toll, claim_iri
from tests.web_client import Client

KB = "https://w3id.org/factline/ontology#"


def tracked(store: Store) -> str:
    graph = NamedNode(store.iri("graph/tracked"))
    return "\n".join(sorted(f"{quad.triple} ." for quad in store.quads(graph=graph)))


def values(store: Store, subject: str, name: str) -> list[str]:
    """The values of a property of a node."""
    return [str(getattr(q.object, "value", "")) for q in store.quads(NamedNode(subject), NamedNode(KB + name))]


def numbers(store: Store) -> list[tuple[str, int]]:
    """What tracking says of each claim with a figure: its finding and least number."""
    answer = store.query(
        "SELECT ?finding ?low { ?claim kb:finding/<http://www.w3.org/2004/02/skos/core#notation> ?finding ; "
        "kb:minimum ?low ; kb:figure ?figure ; kb:rank ?rank } ORDER BY ?figure ?rank"
    )
    assert isinstance(answer, QuerySolutions)
    return [(row["finding"].value, int(row["low"].value)) for row in answer]


@pytest.fixture
def store(writer: Store) -> Store:
    """Three outlets on the dead of one city: 8, then 31, then 12."""
    for day, number, publisher in ((5, 8, "AFP"), (6, 31, "Reuters"), (7, 12, "Interfax")):
        add_toll(writer, number, day=day, publisher=publisher)
    track(writer)
    return writer


def test_the_case_itself(store: Store) -> None:
    assert numbers(store) == [("new", 8), ("updates", 31), ("contradicts", 12)]
    assert {each.kind for each in queue(store)} == {"contradiction"}


def test_a_rejected_claim_is_out_of_the_figures_and_still_there(store: Store) -> None:
    claim = claim_iri(31, 6)
    decision = Desk(store).reject([claim], "Aigerim", "a misprint")
    assert track(store)
    assert numbers(store) == [("new", 8), ("updates", 12)]
    assert f"<{claim}> <{KB}setAside> <{decision.iri(BASE)}>" in tracked(store)
    assert next(store.quads(NamedNode(claim), NamedNode(KB + "quote")), None) is not None
    assert not queue(store)


def test_an_undone_decision_leaves_everything_as_it_was(store: Store) -> None:
    before = tracked(store)
    desk = Desk(store)
    decision = desk.reject([claim_iri(31, 6)], "Aigerim", "a misprint")
    track(store)
    undone = desk.undo(decision.id, "Bolat", "it was no misprint")
    track(store)
    assert tracked(store) == before
    desk.undo(undone.id, "Aigerim")
    track(store)
    assert numbers(store) == [("new", 8), ("updates", 12)]
    assert [row["act"] for row in history(store)] == ["reject", "undo", "undo"]


def test_an_amended_claim_counts_as_amended_and_the_original_is_kept(store: Store) -> None:
    claim = claim_iri(31, 6)
    Desk(store).amend(claim, [("count.minimum", "13"), ("count.maximum", "13")], "Aigerim", "digits turned round")
    track(store)
    assert numbers(store) == [("new", 8), ("updates", 13), ("contradicts", 12)]
    revision = next(store.quads(None, NamedNode(KB + "revisionOf"), NamedNode(claim))).subject
    assert isinstance(revision, NamedNode)
    assert values(store, revision.value, "minimum") == ["13"]
    assert values(store, claim, "minimum") == ["31"]
    assert values(store, revision.value, "quote") == ["31 people were killed"]
    assert validate.check(store).faults == ()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("count.minimum", "-3", "negative"),
        ("count.minimum", "many", "valid integer"),
        ("count.minimum", "99", "below its minimum"),
        ("quote", "other words", "where the claim comes from"),
        ("colour", "red", "it has .*count.minimum"),
        ("harm", "amused", "killed"),
    ],
)
def test_a_bad_amendment_is_refused_and_nothing_is_recorded(store: Store, field: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Desk(store).amend(claim_iri(31, 6), [(field, value)], "Aigerim")
    assert recorded(store) == []


def test_merged_actors_are_one_and_their_addresses_stay(store: Store) -> None:
    add_toll(store, 14, day=8, publisher="Interfax Agency")
    track(store)
    old, new = f"{BASE}actor/interfax-agency", f"{BASE}actor/interfax"
    assert ("contradicts", 14) in numbers(store)
    decision = Desk(store).merge([old], new, "Aigerim", "one agency")
    track(store)
    assert ("updates", 14) in numbers(store)  # its own number grows: 12, then 14
    assert f"<{old}> <{KB}resolvedAs> <{new}>" in tracked(store)
    assert described(store, old) is not None
    Desk(store).undo(decision.id, "Aigerim")
    track(store)
    assert ("contradicts", 14) in numbers(store) and "resolvedAs" not in tracked(store)


def test_some_claims_may_mean_another_actor(store: Store) -> None:
    add_toll(store, 14, day=8, publisher="Interfax")
    track(store)
    assert ("updates", 14) in numbers(store)
    Desk(store).split(
        f"{BASE}actor/interfax", "Aigerim", claims=[claim_iri(14, 8)], into="actor/afp", reason="their wire"
    )
    track(store)
    assert ("contradicts", 14) not in numbers(store) or ("updates", 14) not in numbers(store)
    assert "Interfax raises" not in tracked(store)


def test_episodes_are_split_named_pinned_and_merged(store: Store) -> None:
    add_toll(store, 40, day=28, month=3, publisher="AFP")
    track(store)

    def episodes() -> list[str]:
        found = store.query("SELECT ?label { ?e a kb:Episode ; rdfs:label ?label } ORDER BY ?label")
        assert isinstance(found, QuerySolutions)
        return [row["label"].value for row in found]

    def iris() -> list[str]:
        found = store.query("SELECT ?e { ?e a kb:Episode ; kb:firstDay ?day } ORDER BY ?day")
        assert isinstance(found, QuerySolutions)
        return [row["e"].value for row in found]

    assert episodes() == ["Kazakhstan, 28 March 2022", "Kazakhstan, 5–7 January 2022"]
    desk = Desk(store)
    named = desk.name(iris()[0], "January events", "Aigerim")
    track(store)
    assert "January events" in episodes()
    desk.undo(named.id, "Aigerim")
    cut = desk.split(iris()[0], "Aigerim", day="2022-01-07", reason="another city")
    track(store)
    assert episodes() == ["Kazakhstan, 28 March 2022", "Kazakhstan, 5–6 January 2022", "Kazakhstan, 7 January 2022"]
    desk.undo(cut.id, "Aigerim")
    track(store)
    joined = desk.merge(iris()[1:], iris()[0], "Aigerim", "the same unrest")
    track(store)
    assert episodes() == ["Kazakhstan, 5 January – 28 March 2022"]
    desk.undo(joined.id, "Aigerim")
    track(store)
    desk.pin(iris()[0], "Aigerim")
    add_toll(store, 9, day=20, publisher="TASS")
    track(store)
    assert episodes() == ["Kazakhstan, 20 January 2022", "Kazakhstan, 28 March 2022", "Kazakhstan, 5–7 January 2022"]


def test_a_view_is_pinned(store: Store) -> None:
    (figure,) = values(store, claim_iri(8, 5), "figure")
    desk = Desk(store)
    with pytest.raises(UsageError, match="choose one of lowest, low, best"):
        desk.pin(figure, "Aigerim", "median")
    desk.pin(figure, "Aigerim", "conservative")
    track(store)
    assert f'<{figure}> <{KB}pinnedView> "conservative"' in tracked(store)


# -- two at once


def test_who_decides_on_what_has_changed_is_told(store: Store) -> None:
    claim = claim_iri(31, 6)
    one, other = Desk(store), Desk(store)
    seen = other.state(claim)
    assert seen == UNTOUCHED
    first = one.reject([claim], "Aigerim", "a misprint", seen)
    late = Desk(store)
    with pytest.raises(ConflictError, match=rf"reject by Aigerim.*a misprint.*{first.id}"):
        late.accept([claim], "Bolat", "", seen)
    with pytest.raises(ConflictError):
        late.accept([claim], "Bolat")
    second = late.accept([claim], "Bolat", "", first.id)
    assert [each.id for each in recorded(store)] == [first.id, second.id]
    assert late.state(claim) == second.id


def test_two_reviewers_at_once_lose_nothing(new_store: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(new_store, tmp_path / "s")
    with open_store(folder, write=True) as store:
        for day in range(1, 4):
            add_toll(store, 10 + day, day=day)
        track(store)
        store.publish()
    refused: list[str] = []

    def work(name: str) -> None:
        for day in range(1, 4):
            with at_desk(folder) as desk:
                try:
                    desk.note(claim_iri(10 + day, day), name, "seen")
                    desk.reject([claim_iri(10 + day, day)], name, "mine", UNTOUCHED)
                except ConflictError:
                    refused.append(f"{name} {day}")

    threads = [threading.Thread(target=work, args=(name,)) for name in ("Aigerim", "Bolat")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(folder) as store:
        made = recorded(store)
    assert len([each for each in made if each.act is Act.NOTE]) == 6
    assert sorted(each.number for each in made) == list(range(1, len(made) + 1))


# -- the record


@given(
    st.builds(
        Decision,
        number=st.integers(1, 10**6),
        act=st.sampled_from(Act),
        targets=st.just((f"{BASE}claim/a", f"{BASE}claim/b")),
        by=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
        at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
        reason=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        field=st.none() | st.just("count.minimum"),
        value=st.none() | st.integers().map(json.dumps),
        into=st.none() | st.just(f"{BASE}claim/c"),
        claims=st.just((f"{BASE}claim/d",)),
    )
)
@settings(max_examples=20, deadline=None)
def test_a_decision_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, new_store: Path, decision: Decision
) -> None:
    folder = shutil.copytree(new_store, tmp_path_factory.mktemp("decisions") / "s")
    with open_store(folder, write=True) as store:
        append(store, [decision])
        assert recorded(store) == [decision]
        assert validate.validate(store.quads(graph=NamedNode(store.iri("graph/curation")))) == []


# -- a pure function of documents and decisions


def _but_publisher(toll: tuple[int, int, int, str, str]) -> tuple[int, int, int, str]:
    number, day, month, _, place = toll
    return number, day, month, place


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(st.data())
def test_any_order_of_documents_batches_and_decisions_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, new_store: Path, data: st.DataObject
) -> None:
    """Documents in random order and batches, decisions on those that are there in between, against a rebuild."""
    folder = shutil.copytree(new_store, tmp_path_factory.mktemp("order") / "s")
    tolls = data.draw(
        st.lists(
            st.tuples(
                st.integers(1, 30),
                st.integers(1, 28),
                st.sampled_from([1, 2, 4]),
                st.sampled_from(["AFP", "TASS", "Interfax"]),
                st.sampled_from(["kz/almaty", "kz", "ru", "almaty", "ru/almaty"]),
            ),
            min_size=1,
            max_size=8,
            unique_by=_but_publisher,
        )
    )
    with open_store(folder, write=True) as store:
        desk = Desk(store, datetime(2022, 5, 1, tzinfo=UTC))
        there: list[str] = []
        for number, day, month, publisher, place in tolls:
            there.append(add_toll(store, number, day=day, month=month, publisher=publisher, place=place))
            if data.draw(st.booleans()):
                track(store)
            if data.draw(st.booleans()):
                claim, act = data.draw(st.sampled_from(there)), data.draw(st.sampled_from("aram"))
                seen = desk.state(claim)
                if act == "r":
                    desk.reject([claim], "A", "wrong", seen)
                elif act == "a":
                    desk.accept([claim], "A", "", seen)
                else:
                    desk.amend(claim, [("count.minimum", "1")], "A", "", seen)
            if desk.decisions and data.draw(st.integers(0, 4)) == 0:
                one = data.draw(st.sampled_from(desk.decisions))
                desk.undo(one.id, "A", "", desk.state(one.iri(BASE)))
        track(store)
        incremental = tracked(store)
        assert validate.check(store).faults == ()
        forget(store)
        track(store)
        assert tracked(store) == incremental


def test_the_graph_of_a_document_is_never_changed(store: Store) -> None:
    document = Document(text="31 people were killed", publisher="Reuters", published=datetime(2022, 1, 6).date())
    graph = NamedNode(store.iri(f"document/{document.key}/graph"))
    before = set(store.quads(graph=graph))
    assert Graph(before, lambda iri: described(store, iri)).claims
    desk = Desk(store)
    desk.amend(claim_iri(31, 6), [("count.minimum", "3")], "Aigerim")
    desk.reject([claim_iri(8, 5)], "Aigerim", "no")
    track(store)
    assert set(store.quads(graph=graph)) == before


# -- over HTTP


def test_decisions_over_http(new_store: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(new_store, tmp_path / "s")
    with open_store(folder, write=True) as store:
        add_toll(store, 8, day=5)
        add_toll(store, 31, day=6, publisher="Reuters")
        add_toll(store, 12, day=7, publisher="Interfax")
        refresh(store)
    tokens = Tokens(folder)
    reviewer = {"authorization": f"Bearer {tokens.add('Aigerim', Role.REVIEWER)}"}
    reader = {"authorization": f"Bearer {tokens.add('Bolat', Role.READER)}"}
    web = Client(folder)
    claim = claim_iri(31, 6)
    asked = {"act": "reject", "targets": [claim], "reason": "a misprint", "seen": UNTOUCHED}
    assert web.send("POST", "/review/decisions", json=asked).status_code == 401
    assert web.send("POST", "/review/decisions", json=asked, headers=reader).status_code == 403
    (waits,) = web.send("GET", "/review", headers=reviewer).json()
    assert (waits["target"], waits["state"]) == (claim_iri(12, 7), UNTOUCHED)
    taken = web.send("POST", "/review/decisions", json=asked, headers=reviewer)
    assert taken.status_code == 201, taken.text
    assert (taken.json()[0]["by"], taken.headers["etag"]) == ("Aigerim", f'"{taken.json()[0]["id"]}"')
    assert web.send("GET", "/review", headers=reviewer).json() == []  # 12 follows 8 now
    late = web.send("POST", "/review/decisions", json={**asked, "act": "accept"}, headers=reviewer)
    assert (late.status_code, "decided on meanwhile" in late.text) == (409, True)
    wrong = web.send("POST", "/review/decisions", json={"act": "reject", "targets": [claim]}, headers=reviewer)
    assert (wrong.status_code, "needs words" in wrong.text) == (400, True)
    (row,) = web.send("GET", f"/review/decisions?about={claim}", headers=reviewer).json()
    assert (row["act"], row["by"], row["reason"]) == ("reject", "Aigerim", "a misprint")
    undone = {"act": "undo", "targets": [f"decision/{row['id']}"], "reason": "it stands"}
    assert web.send("POST", "/review/decisions", json=undone, headers=reviewer).status_code == 201
    assert len(web.send("GET", "/review", headers=reviewer).json()) == 1
