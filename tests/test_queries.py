"""Every named query on a small knowledge base made by hand, with the rows that are expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import QuerySolutions

from kb.model import ActorType
from kb.queries import NamedQuery, bound, catalogue, run
from kb.store import Store, open_store
from tests import sample
from tests.asking import NAMES, ask, claims, rows
from tests.sample import claim_iri, iri

CSTO = "Collective Security Treaty Organization (CSTO)"
AFP = "Agence France-Presse (AFP)"
DOCUMENTS = {document: iri(f"document/{document.key}") for document in sample.CLAIMS}
EXAMPLE_CLAIM = sample.DOZENS


@pytest.fixture(scope="module")
def store(sample_folder: Path) -> Iterator[Store]:
    with open_store(sample_folder) as opened:
        yield opened


# -- casualties


def test_every_casualty_claim_is_one_row_in_reading_order(store: Store) -> None:
    assert claims(ask(store, "casualties")) == [
        "TERRORISTS",
        "EXACTLY_13",
        "DOZENS",
        "AT_LEAST_13",
        "SIXTEEN",
        "CHILDREN",
        "INJURED",
    ]


def test_a_row_says_all_that_the_claim_says(store: Store) -> None:
    (row,) = [row for row in ask(store, "casualties") if row["claim"] == claim_iri(sample.DOZENS)]
    assert row == {
        "claim": claim_iri(sample.DOZENS),
        "harm": "killed",
        "victims": "attackers",
        "minimum": "24",
        "hedge": "vague",
        "place": "Almaty",
        "source": "police spokesman (Kazakhstan)",
        "relay": "Interfax-Kazakhstan",
        "publisher": AFP,
        "published": "2022-01-06",
        "modality": "asserted",
        "quote": sample.DOZENS.quote,
        "document": DOCUMENTS[sample.AFP],
        "count": "Dozens",
        "victim_class": "militants",
        "place_iri": iri("place/kz/almaty"),
        "source_iri": iri("actor/kz-police-spokesman"),
        "publisher_iri": iri("actor/afp"),
        "start": str(sample.DOZENS.start),
    }


def test_where_the_document_names_nobody_its_publisher_is_the_source(store: Store) -> None:
    found = {NAMES[row["claim"]]: row for row in ask(store, "casualties")}
    assert (found["EXACTLY_13"]["source"], found["EXACTLY_13"]["source_iri"]) == (AFP, iri("actor/afp"))
    assert not {"source", "publisher", "published"} & set(found["TERRORISTS"])


def test_relays_stand_in_the_order_of_the_chain(store: Store) -> None:
    (row,) = ask(store, "casualties", victims="children")
    assert row["relay"] == "Sputnik ← TASS"


def test_open_ends_and_times_are_left_unbound(store: Store) -> None:
    found = {NAMES[row["claim"]]: row for row in ask(store, "casualties")}
    assert (found["AT_LEAST_13"]["minimum"], "maximum" in found["AT_LEAST_13"]) == ("13", False)
    assert (found["TERRORISTS"]["minimum"], found["TERRORISTS"]["maximum"]) == ("5", "7")
    assert (found["AT_LEAST_13"]["earliest"], found["AT_LEAST_13"]["latest"]) == ("2022-01-04", "2022-01-04")
    assert "earliest" not in found["EXACTLY_13"]


ALMATY = ["EXACTLY_13", "DOZENS", "AT_LEAST_13", "CHILDREN"]
KAZAKHSTAN = ["TERRORISTS", "EXACTLY_13", "DOZENS", "AT_LEAST_13", "SIXTEEN", "CHILDREN"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"place": "Almaty"}, ALMATY),
        ({"place": "  aLMATY "}, ALMATY),
        ({"place": "place/kz/almaty"}, ALMATY),
        ({"place": iri("place/kz/almaty")}, ALMATY),
        ({"place": "Town hall (Almaty)"}, ["CHILDREN"]),
        ({"place": "aqtobe"}, ["TERRORISTS"]),
        ({"place": "Alma-Ata"}, ALMATY),
        ({"place": "alma ata"}, ALMATY),
        ({"place": "KZ"}, KAZAKHSTAN),
        ({"place": "Kazakhstan"}, KAZAKHSTAN),
        ({"place": "Republic of Kazakhstan"}, KAZAKHSTAN),
        ({"country": "Kazakhstan"}, KAZAKHSTAN),
        ({"country": "kz"}, KAZAKHSTAN),
        ({"country": "Russia"}, []),
        ({"place": "Russia"}, []),
        ({"harm": "injured"}, ["INJURED"]),
        ({"harm": "Killed", "place": "Almaty"}, ALMATY),
        ({"harm": "displaced"}, []),
        ({"victims": "soldiers"}, ["EXACTLY_13", "AT_LEAST_13", "SIXTEEN"]),
        ({"victims": "Soldier"}, ["EXACTLY_13", "AT_LEAST_13", "SIXTEEN"]),
        ({"victims": "security-forces"}, ["EXACTLY_13", "AT_LEAST_13", "SIXTEEN"]),
        ({"victims": "security forces"}, ["EXACTLY_13", "AT_LEAST_13", "SIXTEEN"]),
        ({"victims": "military"}, ["EXACTLY_13", "AT_LEAST_13"]),
        ({"victims": "militants"}, ["TERRORISTS", "DOZENS"]),
        ({"victims": "astronauts"}, []),
        ({"source": "officials"}, ["AT_LEAST_13"]),
        ({"source": "officials (Kazakhstan)"}, ["AT_LEAST_13"]),
        ({"source": "AFP"}, ["EXACTLY_13"]),
        ({"source": "agence france presse"}, ["EXACTLY_13"]),
        ({"source": "Kazinform"}, ["INJURED"]),
        ({"source": "Interfax"}, []),
        ({"since": "2022-01-05"}, ["EXACTLY_13", "DOZENS", "SIXTEEN", "CHILDREN", "INJURED"]),
        ({"since": "2022-01-07"}, ["SIXTEEN", "CHILDREN", "INJURED"]),
        ({"until": "2022-01-04"}, ["AT_LEAST_13"]),
        ({"until": "2022-01-06"}, ["EXACTLY_13", "DOZENS", "AT_LEAST_13"]),
        ({"since": "2022-01-04", "until": "4 January 2022"}, ["AT_LEAST_13"]),
        ({"as_of": "2022-01-06"}, ["EXACTLY_13", "DOZENS", "AT_LEAST_13"]),
        ({"as_of": "2022-01-07"}, ["EXACTLY_13", "DOZENS", "AT_LEAST_13", "SIXTEEN", "CHILDREN", "INJURED"]),
        ({"as_of": "2022-01-05"}, []),
        (
            {"place": "Almaty", "harm": "killed", "victims": "military", "source": "officials", "until": "2022-01-05"},
            ["AT_LEAST_13"],
        ),
    ],
)
def test_parameters_of_casualties(store: Store, given: dict[str, str], expected: list[str]) -> None:
    answer = run(store, "casualties", given)
    assert claims(rows(answer)) == expected
    assert answer.notes == ()


# -- deployments


def test_a_deployment_is_one_row_a_contributor(store: Store) -> None:
    found = ask(store, "deployments")
    assert [row["contributor"] for row in found] == ["Armenia", "Belarus", "Russia"]
    assert found[2] == {
        "claim": claim_iri(sample.FORCE),
        "deployer": CSTO,
        "contributor": "Russia",
        "destination": "Kazakhstan",
        "phase": "approved",
        "earliest": "2022-01-06",
        "latest": "2022-01-06",
        "source": CSTO,
        "publisher": AFP,
        "published": "2022-01-06",
        "modality": "asserted",
        "quote": sample.FORCE.quote,
        "document": DOCUMENTS[sample.AFP],
        "relay": "Interfax",
        "deployer_iri": iri("actor/csto"),
        "contributor_iri": iri("actor/russia"),
        "destination_iri": iri("place/kz"),
        "source_iri": iri("actor/csto"),
        "start": str(sample.FORCE.start),
    }


@pytest.mark.parametrize(
    ("given", "contributors"),
    [
        ({"deployer": "CSTO"}, ["Armenia", "Belarus", "Russia"]),
        ({"deployer": "OTSC"}, ["Armenia", "Belarus", "Russia"]),
        ({"deployer": "Russia"}, []),
        ({"contributor": "Russia"}, ["Russia"]),
        ({"contributor": "Russian Federation"}, ["Russia"]),
        ({"contributor": "CSTO"}, ["Armenia", "Belarus", "Russia"]),
        ({"contributor": "NATO"}, []),
        ({"destination": "Kazakhstan", "contributor": "Belarus"}, ["Belarus"]),
        ({"destination": "Almaty"}, []),
        ({"since": "2022-01-07"}, []),
        ({"until": "2022-01-05"}, []),
        ({"since": "2022-01-06", "until": "2022-01-06", "as_of": "2022-01-06"}, ["Armenia", "Belarus", "Russia"]),
        ({"as_of": "2022-01-05"}, []),
    ],
)
def test_parameters_of_deployments(store: Store, given: dict[str, str], contributors: list[str]) -> None:
    assert [row["contributor"] for row in ask(store, "deployments", **given)] == contributors


# -- actors


def test_actors_count_what_is_about_them_and_by_them(store: Store) -> None:
    found = {row["actor"].removeprefix(iri("actor/")): row for row in ask(store, "actors")}
    assert found["csto"] == {
        "actor": iri("actor/csto"),
        "label": CSTO,
        "type": "alliance",
        "claims_about": "1",
        "claims_by": "1",
        "first": "2022-01-06",
        "last": "2022-01-06",
    }
    assert (found["kz-soldiers"]["claims_about"], found["kz-soldiers"]["claims_by"]) == ("2", "0")
    assert (found["kz-police-spokesman"]["claims_about"], found["kz-police-spokesman"]["claims_by"]) == ("0", "2")
    assert found["kz-health-ministry"]["first"] == "2022-01-07"
    assert not {"first", "last"} & set(found["kz-terrorists"]), "its document has no date"
    assert "afp" not in found, "a publisher is no source of what it attributes to others"


@pytest.mark.parametrize(
    ("given", "actors"),
    [
        ({"type": "alliance"}, ["csto"]),
        ({"type": "outlet"}, ["interfax", "interfax-kazakhstan", "sputnik", "tass"]),
        ({"type": "ministry"}, ["kz-health-ministry", "kz-interior-ministry"]),
        ({"type": "armed group"}, []),
        ({"type": "outlet", "place": "Almaty"}, ["interfax-kazakhstan", "sputnik", "tass"]),
        ({"place": "Aqtobe"}, ["kz-terrorists"]),
    ],
)
def test_parameters_of_actors(store: Store, given: dict[str, str], actors: list[str]) -> None:
    assert [row["actor"].removeprefix(iri("actor/")) for row in ask(store, "actors", **given)] == actors


def test_every_type_of_actor_can_be_asked_for(store: Store) -> None:
    assert Counter(row["type"] for row in ask(store, "actors")) == {
        kind.value: len(found) for kind in ActorType if (found := ask(store, "actors", type=kind.value))
    }


def roles(found: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(NAMES[row["claim"]], row["kind"], row["role"], row["label"]) for row in found]


def test_claims_of_an_actor_with_its_members(store: Store) -> None:
    found = roles(ask(store, "actor-claims", actor="CSTO"))
    assert sorted(found) == [
        ("CHILDREN", "casualty", "source", "Health Ministry of Kazakhstan"),
        ("FORCE", "deployment", "contributor", "Armenia"),
        ("FORCE", "deployment", "contributor", "Belarus"),
        ("FORCE", "deployment", "contributor", "Russia"),
        ("FORCE", "deployment", "deployer", CSTO),
        ("FORCE", "deployment", "source", CSTO),
        ("SIXTEEN", "casualty", "source", "Interior Ministry of Kazakhstan"),
    ]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("Interfax", [("DOZENS", "relay"), ("FORCE", "relay")]),
        ("Interfax-Kazakhstan", [("DOZENS", "relay")]),
        ("protesters", [("CROWD", "group")]),
        ("rioters", [("SEIZURE", "agent")]),
        ("actor/kz-soldiers", [("EXACTLY_13", "victims"), ("AT_LEAST_13", "victims")]),
        ("NATO", []),
    ],
)
def test_roles_of_actors(store: Store, actor: str, expected: list[tuple[str, str]]) -> None:
    found = ask(store, "actor-claims", actor=actor)
    assert [(NAMES[row["claim"]], row["role"]) for row in found] == expected
    quoted = {claim_iri(claim): claim.quote for claims in sample.CLAIMS.values() for claim in claims}
    assert all(row["quote"] == quoted[row["claim"]] for row in found)


# -- events and crowds


def test_events(store: Store) -> None:
    found = ask(store, "events", type="riot")
    assert found == [
        {
            "event": found[0]["event"],
            "type": "riot",
            "label": "riot, Almaty, 4–5 January 2022",
            "place": "Almaty",
            "earliest": "2022-01-04",
            "latest": "2022-01-05",
            "claims": "2",
            "sources": "2",
            "modalities": "asserted",
            "place_iri": iri("place/kz/almaty"),
        }
    ]


@pytest.mark.parametrize(
    ("given", "types"),
    [
        ({}, ["riot", "seizure", "siege"]),
        ({"place": "Almaty"}, ["riot", "seizure", "siege"]),
        ({"place": "place/kz/almaty/town-hall"}, ["seizure"]),
        ({"type": "seizure"}, ["seizure"]),
        ({"since": "2022-01-05"}, ["riot", "seizure"]),
        ({"since": "2022-01-06"}, []),
        ({"until": "2022-01-04"}, ["riot"]),
        ({"type": "air-strike"}, []),
    ],
)
def test_parameters_of_events(store: Store, given: dict[str, str], types: list[str]) -> None:
    assert [row["type"] for row in ask(store, "events", **given)] == types


def test_crowds(store: Store) -> None:
    (row,) = ask(store, "crowds", place="Almaty", since="2022-01-06", until="2022-01-06")
    assert NAMES[row["claim"]] == "CROWD"
    assert (row["group"], row["minimum"], "maximum" in row, row["event_type"]) == (
        "protesters (Kazakhstan)",
        "1001",
        False,
        "siege",
    )
    assert (row["source"], row["place"], row["quote"]) == (AFP, "Almaty", sample.CROWD.quote)
    assert ask(store, "crowds", place="Aqtobe") == []
    assert ask(store, "crowds", since="2022-01-07") == []


# -- both engines, and the files as they stand


def example(query: NamedQuery) -> dict[str, str]:
    return {**query.example, **({"claim": EXAMPLE_CLAIM.id} if "claim" in query.example else {})}


@pytest.fixture(scope="module")
def graph(store: Store) -> rdflib.Graph:
    """The same data in rdflib's own memory."""
    made = rdflib.Graph()
    for quad in store.quads():
        made.add(tuple(rdflib.util.from_n3(str(term)) for term in quad.triple))  # type: ignore[arg-type]
    return made


# The sample contradicts itself nowhere: tests/test_figures.py asks about a store that does.
_ANSWERED = [query for query in catalogue().values() if query.name != "contradictions"]


@pytest.mark.parametrize("query", _ANSWERED, ids=lambda query: query.name)
@pytest.mark.parametrize("with_example", [True, False])
def test_rdflib_answers_the_same(store: Store, graph: rdflib.Graph, query: NamedQuery, with_example: bool) -> None:
    text = run(store, query.name, example(query)).sparql if with_example else query.text
    answer = store.query(text)
    assert isinstance(answer, QuerySolutions)
    expected = Counter(tuple(None if term is None else term.value for term in row) for row in answer)
    found = Counter(tuple(None if term is None else str(term) for term in row) for row in graph.query(text))  # type: ignore[union-attr]
    assert expected, "an example has to find something"
    assert found == expected


MOST = 20_000
"""µs that the planner expects of a named query over the sample; a join that went wrong is a thousand times that."""


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)
@pytest.mark.parametrize("with_example", [False, True])
def test_no_plan_of_a_named_query_is_a_large_one(store: Store, query: NamedQuery, with_example: bool) -> None:
    given = example(query) if with_example or any(each.required for each in query.parameters.values()) else {}
    planned = store.explain(bound(store, query, given))
    assert not planned.reason
    assert planned.cost < MOST, planned.explained
