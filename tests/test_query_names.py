"""What people type as parameters of named queries: names, dates, harms; and what does not belong there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import ingest
from kb.errors import ParameterError
from kb.model import Claim, Document, Harm, VictimClass
from kb.queries import run
from kb.queries.names import ACTORS, COUNTRIES, PLACES, fold, names
from kb.store import Store, open_store
from tests import sample
from tests.asking import ask, rows
from tests.sample import iri

AFP = "Agence France-Presse (AFP)"


@pytest.fixture(scope="module")
def store(sample_folder: Path) -> Iterator[Store]:
    with open_store(sample_folder) as opened:
        yield opened


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
