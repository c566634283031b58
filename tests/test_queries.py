"""Every named query on a small knowledge base made by hand, with the rows that are expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions

from kb import ingest
from kb.errors import ParameterError
from kb.model import ActorType, Claim, Document, Harm, VictimClass
from kb.queries import Answer, NamedQuery, catalogue, run
from kb.queries.names import ACTORS, COUNTRIES, PLACES, fold, names
from kb.store import Store, open_store
from tests import sample
from tests.sample import claim_iri, iri

CSTO = "Collective Security Treaty Organization (CSTO)"
AFP = "Agence France-Presse (AFP)"
DOCUMENTS = {document: iri(f"document/{document.key}") for document in sample.CLAIMS}
NAMES = {claim_iri(claim): name for name, claim in vars(sample).items() if hasattr(claim, "quote")}
EXAMPLE_CLAIM = sample.DOZENS


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("queries") / "store"
    with open_store(folder, create=True) as made:
        sample.record(made)
    with open_store(folder) as opened:
        yield opened


def rows(answer: Answer) -> list[dict[str, Any]]:
    """Rows as people see them; what is not bound is left out."""
    assert isinstance(answer.results, QuerySolutions)
    columns = [variable.value for variable in answer.results.variables]
    assert columns == list(answer.query.columns)
    return [{name: row[name].value for name in columns if row[name] is not None} for row in answer.results]


def ask(store: Store, name: str, **given: str) -> list[dict[str, Any]]:
    return rows(run(store, name, given))


def claims(found: list[dict[str, Any]]) -> list[str]:
    """Which claims the rows are, by their names in the sample, in order."""
    return [NAMES[row["claim"]] for row in found]


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
        ({}, ["siege", "riot", "seizure"]),
        ({"place": "Almaty"}, ["siege", "riot", "seizure"]),
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


# -- evidence, framing, provenance


@pytest.mark.parametrize(
    "claim", [claim for each in sample.CLAIMS.values() for claim in each], ids=lambda claim: claim.id
)
def test_evidence_of_every_claim_is_its_exact_quote(store: Store, claim: Claim) -> None:
    (row,) = ask(store, "evidence", claim=claim.id)
    document = next(document for document in DOCUMENTS if DOCUMENTS[document] == row["document"])
    assert document.text[int(row["start"]) : int(row["end"])] == row["quote"] == claim.quote
    assert row.get("title") == document.title
    assert row.get("url") == document.url


@pytest.mark.parametrize("given", [EXAMPLE_CLAIM.id, f"claim/{EXAMPLE_CLAIM.id}", claim_iri(EXAMPLE_CLAIM)])
def test_a_claim_is_named_by_id_path_or_iri(store: Store, given: str) -> None:
    answer = run(store, "evidence", {"claim": given})
    assert [row["quote"] for row in rows(answer)] == [EXAMPLE_CLAIM.quote]
    assert answer.notes == ()


def test_framing_shows_who_uses_which_word(store: Store) -> None:
    found = ask(store, "framing", place="Kazakhstan")
    assert sorted((row["label"], row.get("source", "–"), row["claims"], row["place"]) for row in found) == [
        ("attackers", "police spokesman (Kazakhstan)", "1", "Almaty"),
        ("children", "Health Ministry of Kazakhstan", "1", "Town hall (Almaty)"),
        ("police officers and soldiers", "Interior Ministry of Kazakhstan", "1", "Kazakhstan"),
        ("protesters", AFP, "1", "Almaty"),
        ("rioters", "police spokesman (Kazakhstan)", "1", "Town hall (Almaty)"),
        ("soldiers", AFP, "1", "Almaty"),
        ("soldiers", "officials (Kazakhstan)", "1", "Almaty"),
        ("terrorists", "–", "1", "Aqtöbe"),
    ]
    assert [row["label"] for row in ask(store, "framing", actor="protesters")] == ["protesters"]


@pytest.mark.parametrize(
    ("claim", "chain"),
    [
        (
            sample.CHILDREN,
            [
                ("1", "Kazinform", "published"),
                ("2", "TASS", "relayed"),
                ("3", "Sputnik", "relayed"),
                ("4", "Health Ministry of Kazakhstan", "said"),
            ],
        ),
        (sample.AT_LEAST_13, [("1", AFP, "published"), ("2", "officials (Kazakhstan)", "said")]),
        (sample.EXACTLY_13, [("1", AFP, "published")]),
    ],
)
def test_provenance_leads_back_to_who_said_it_first(store: Store, claim: Claim, chain: list[tuple[str, ...]]) -> None:
    found = ask(store, "provenance", claim=claim.id)
    assert [(row["step"], row["agent"], row["relation"]) for row in found] == chain


def test_provenance_gives_the_words_of_the_document(store: Store) -> None:
    said = ask(store, "provenance", claim=sample.DOZENS.id)[-1]
    assert (said["words"], said["role"]) == ("a police spokesman", "police spokesman")


def test_without_a_publisher_the_chain_begins_with_the_document(store: Store) -> None:
    (row,) = ask(store, "provenance", claim=sample.TERRORISTS.id)
    assert (row["agent_iri"], row["relation"]) == (DOCUMENTS[sample.UNDATED], "published")


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


# -- names


def test_names_are_folded() -> None:
    assert fold(" Aqtöbe ") == fold("AQTOBE")
    assert fold("Interfax-Kazakhstan") == fold("interfax kazakhstan")
    assert fold("People’s  Republic") == fold("people's republic") == fold("Peoples Republic")
    assert fold("Nur‑Sultan") == fold("nur-sultan")


def test_several_bearers_of_a_name_are_all_meant(store: Store) -> None:
    # Georgia and others have a state and a territory of one name; here two kinds of node are kept apart.
    assert [node.value for node in names(store, ACTORS).find("Kazakhstan")] == [iri("actor/kazakhstan")]
    assert [node.value for node in names(store, PLACES).find("Kazakhstan")] == [iri("place/kz")]
    assert [node.value for node in names(store, COUNTRIES).find("Almaty")] == []


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample with another Almaty and its soldiers in the document without a date."""
    who = sample.victims("terrorists", "soldiers", VictimClass.MILITANTS)
    twin = sample.ALMATY.model_copy(update={"iri": iri("place/us/almaty"), "country": "US", "within": iri("place/us")})
    here = sample.casualty(sample.UNDATED, "7 terrorists were killed", sample.DOZENS.count, who, place=twin)
    given: dict[Document, list[Claim]] = {**sample.CLAIMS, sample.UNDATED: [here]}
    with open_store(tmp_path_factory.mktemp("other") / "store", create=True) as made:
        ingest.add(made, given, given.__getitem__)
        yield made


def test_two_places_of_one_name_answer_together(other: Store) -> None:
    assert {row["place_iri"] for row in ask(other, "casualties", place="Almaty")} == {
        iri("place/us/almaty"),
        iri("place/kz/almaty"),
        iri("place/kz/almaty/town-hall"),
    }


def test_a_document_without_a_date_takes_no_dates_from_others(other: Store) -> None:
    (row,) = [row for row in ask(other, "actors") if row["actor"] == iri("actor/kz-soldiers")]
    assert (row["claims_about"], row["first"], row["last"]) == ("3", "2022-01-06", "2022-01-06")


@pytest.mark.parametrize(
    ("name", "given", "note"),
    [
        ("casualties", {"place": "Almatty"}, "place: no place is called 'Almatty' in this store; did you mean Almaty?"),
        ("casualties", {"place": "Zzyzx"}, "place: no place is called 'Zzyzx' in this store"),
        ("casualties", {"country": "Almaty"}, "country: no country is called 'Almaty' in this store"),
        (
            "casualties",
            {"source": "Agence Prance-Fresse"},
            "source: no actor is called 'Agence Prance-Fresse' in this store; "
            "did you mean Agence France-Presse or Agence France-Presse (AFP)?",
        ),
        ("casualties", {"place": iri("place/kz/nowhere")}, f"place: nothing is known of <{iri('place/kz/nowhere')}>"),
        ("evidence", {"claim": "0" * 20}, f"claim: there is no claim <{iri('claim/' + '0' * 20)}> in this store"),
    ],
)
def test_an_unknown_name_finds_nothing_and_says_so(store: Store, name: str, given: dict[str, str], note: str) -> None:
    answer = run(store, name, given)
    assert rows(answer) == []
    assert answer.notes == (note,)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("casualties", {"harm": "kiled"}, "parameter harm: 'kiled' is none of abducted, .*; did you mean killed"),
        (
            "casualties",
            {"since": "2022-13-01"},
            "parameter since: '2022-13-01' is not a date.*; write it as 2022-01-06",
        ),
        ("casualties", {"until": "06/01/2022"}, "parameter until: '06/01/2022' is not a date"),
        ("casualties", {"place": "  "}, "parameter place is empty; leave it out, or give Almaty"),
        ("casualties", {"place": "http://a/>b"}, "parameter place: 'http://a/>b' is not an IRI"),
        ("evidence", {"claim": "a b"}, "parameter claim: 'a b' is neither the IRI nor the id of a claim"),
        ("events", {"type": "riots"}, "parameter type: 'riots' is none of .*; did you mean riot"),
        ("actors", {"type": "alien"}, "parameter type: 'alien' is none of alliance, armed-group"),
        ("actor-claims", {}, "actor-claims needs the parameter actor"),
        ("casualties", {"palce": "Almaty"}, r"has no parameter 'palce'; it takes .*; did you mean place\?"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(store: Store, name: str, given: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        run(store, name, given)


def test_every_harm_can_be_asked_for(store: Store) -> None:
    found = {harm.value: len(ask(store, "casualties", harm=harm.value)) for harm in Harm}
    assert {harm: count for harm, count in found.items() if count} == {"killed": 6, "injured": 1}


INJECTIONS = [
    '"} } UNION { ?claim kb:quote ?quote } #',
    'Almaty" } DROP ALL #',
    "<http://x> } ?s ?p ?o {",
    "\\",
    "\\u0022",
    "\n#? harm: ",
    "$1 \\1 \\g<0>",
    "place/kz> } UNION { ?claim a kb:CasualtyClaim } #",
]


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.parametrize("parameter", ["place", "country", "victims", "source"])
def test_hostile_values_find_nothing(store: Store, parameter: str, value: str) -> None:
    assert ask(store, "casualties", **{parameter: value}) == []


@given(
    value=st.text(min_size=1).filter(lambda text: text.strip()),
    parameter=st.sampled_from(["place", "victims", "source"]),
)
def test_no_value_breaks_a_query(store: Store, value: str, parameter: str) -> None:
    assert len(ask(store, "casualties", **{parameter: value})) <= 7
