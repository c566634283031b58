"""Named queries that lead from a claim to its words and to who said them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.model import Claim
from kb.queries import run
from kb.store import Store, open_store
from tests import sample
from tests.asking import ask, rows
from tests.sample import claim_iri, iri

CSTO = "Collective Security Treaty Organization (CSTO)"
AFP = "Agence France-Presse (AFP)"
DOCUMENTS = {document: iri(f"document/{document.key}") for document in sample.CLAIMS}
EXAMPLE_CLAIM = sample.DOZENS


@pytest.fixture(scope="module")
def store(sample_folder: Path) -> Iterator[Store]:
    with open_store(sample_folder) as opened:
        yield opened


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
