"""What contradicts the ontology in a store is found, with the axiom that it breaks."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kb import resources
from kb.reason import axioms, hermit, infer
from kb.reason.contradictions import breaches
from kb.store import Store
from tests.planted import KB, parsed, plant, record


@pytest.fixture
def store(writer: Store) -> Store:
    plant(writer)
    return writer


def test_what_is_sound_contradicts_nothing(store: Store) -> None:
    assert list(breaches(store)) == []


@pytest.mark.parametrize(
    ("turtle", "node", "said"),
    [
        (
            "<claim/x> a kb:CasualtyClaim , kb:CrowdClaim .",
            "claim/x",
            "Nothing is both kb:CasualtyClaim and kb:CrowdClaim: it is a kb:CasualtyClaim; it is a kb:CrowdClaim. "
            "[axioms/claim.ttl]",
        ),
        (
            "<place/x> a kb:City ; kb:harm kb:Killed .",
            "place/x",
            "Nothing is both kb:Claim and kb:Place: it has kb:harm, whose domain makes it a kb:Claim; "
            "it is a kb:City, so a kb:Place. [axioms/claim.ttl]",
        ),
        (
            "<claim/x> kb:document <document/p> ; kb:source <place/x> . <place/x> a kb:City .",
            "place/x",
            f"Nothing is both kb:Actor and kb:Place: it is a kb:source of {resources.DEFAULT_BASE}claim/x, "
            "whose range makes it a kb:Actor; it is a kb:City, so a kb:Place. [axioms/claim.ttl]",
        ),
        (
            "<claim/x> kb:harm kb:Killed , kb:Injured .",
            "claim/x",
            "kb:harm has one value at most (owl:FunctionalProperty), and these differ. "
            f"(here: {KB}Injured and {KB}Killed) [core/claim.ttl]",
        ),
        (
            "<claim/x> kb:minimum 3 , 4 .",
            "claim/x",
            "kb:minimum has one value at most (owl:FunctionalProperty), and these differ. "
            "(here: 3 and 4) [core/count.ttl]",
        ),
    ],
)
def test_a_contradiction_names_the_axiom_that_it_breaks(store: Store, turtle: str, node: str, said: str) -> None:
    record(store, "x", f"@prefix kb: <{KB}> . <document/x> a kb:Document . {turtle}")
    infer(store)
    told = [str(fault) for fault in breaches(store)]
    assert f"{resources.DEFAULT_BASE}{node}: {said}" in told
    # And HermiT agrees.
    if hermit.available():
        facts: list[ox.Triple | ox.Quad] = [*axioms.triples(axioms.files())]
        facts += parsed(f"@prefix kb: <{KB}> . {turtle}")
        assert not hermit.consistent(facts)


def test_two_names_of_one_node_are_no_contradiction(store: Store) -> None:
    """OWL concludes that the two victims are one: nothing says that they differ."""
    record(
        store, "x", f"@prefix kb: <{KB}> . <document/x> a kb:Document . <claim/x> kb:victims <actor/a> , <actor/b> ."
    )
    infer(store)
    assert list(breaches(store)) == []
