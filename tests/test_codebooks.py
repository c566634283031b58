"""Every type of ACLED, PLOVER and CAMEO has a place among our event types, or a reason why not."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import Literal

from kb import codebooks, docs, resources
from kb.errors import FactlineError
from kb.reason import axioms

# The sub-event types of the ACLED codebook (2023 and 2024 editions), by their event type.
ACLED = {
    "Battles": ["Government regains territory", "Non-state actor overtakes territory", "Armed clash"],
    "Protests": ["Excessive force against protesters", "Protest with intervention", "Peaceful protest"],
    "Riots": ["Violent demonstration", "Mob violence"],
    "Explosions/Remote violence": [
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ],
    "Violence against civilians": ["Sexual violence", "Attack", "Abduction/forced disappearance"],
    "Strategic developments": [
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ],
}
PLOVER = """AGREE CONSULT SUPPORT COOPERATE AID CONCEDE RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE
COERCE ASSAULT""".split()
ROOTS = [f"{number:02}" for number in range(1, 21)]


def test_acled_is_whole() -> None:
    found = codebooks.entries("acled")
    assert [entry.code for entry in found if entry.broader is None] == list(ACLED)
    under = [(entry.broader, entry.code) for entry in found if entry.broader is not None]
    assert under == [(kind, name) for kind, names in ACLED.items() for name in names]
    assert len(under) == 25


def test_plover_and_the_roots_of_cameo_are_whole() -> None:
    assert [entry.code for entry in codebooks.entries("plover")] == PLOVER
    assert sorted(entry.code for entry in codebooks.entries("cameo") if entry.broader is None) == ROOTS


@pytest.mark.parametrize("codebook", codebooks.CODEBOOKS)
def test_every_type_has_a_place_or_a_reason(codebook: str) -> None:
    found = codebooks.entries(codebook)
    parents = {entry.broader for entry in found if entry.ours}
    for entry in found:
        assert entry.ours or entry.note or entry.code in parents, entry.code
        # Where nothing of ours is it or within it, the reader is told more.
        if all(it.match == "relatedMatch" for it in entry.ours) and entry.broader is None and codebook != "acled":
            assert entry.note or entry.code in parents, entry.code
    # One way that two stand to each other.
    pairs = Counter((entry.code, it.name) for entry in found for it in entry.ours)
    assert set(pairs.values()) == {1}


@pytest.mark.parametrize("codebook", codebooks.CODEBOOKS)
def test_a_code_lies_under_its_parent(codebook: str) -> None:
    found = codebooks.entries(codebook)
    codes = {entry.code for entry in found}
    assert len(codes) == len(found)
    assert {entry.broader for entry in found if entry.broader} <= codes


def test_every_event_type_of_ours_is_matched_or_says_why_not() -> None:
    matched = {it.name for name in codebooks.CODEBOOKS for entry in codebooks.entries(name) for it in entry.ours}
    said: dict[str, dict[str, str]] = {}
    for quad in axioms.triples([resources.path("ontology", "vocabularies", "event-types.ttl")]):
        if isinstance(quad.object, Literal):
            said.setdefault(str(quad.subject), {})[quad.predicate.value.rpartition("#")[2]] = quad.object.value
    types = {facts["notation"]: facts for facts in said.values() if "notation" in facts}
    assert len(types) > 30
    for name in types.keys() - matched:
        assert "codebook" in types[name].get("scopeNote", ""), name


def test_the_page_is_up_to_date_and_has_every_type() -> None:
    page = docs.event_types_page()
    assert (docs.FOLDER / "event-types.md").read_text("utf-8") == page
    for names in (*ACLED.values(), PLOVER):
        assert all(f" {name}" in page or f"**{name}" in page for name in names)


def test_another_codebook_is_refused() -> None:
    with pytest.raises(FactlineError, match="only to acled, plover, cameo"):
        codebooks.entries("wikidata")
