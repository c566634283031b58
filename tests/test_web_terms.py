"""The pages of terms: what lies above them, their labels, their matches, and a query that answers; the diagram."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from pyoxigraph import QuerySolutions

from kb import diagram, docs
from kb.reason import axioms
from kb.resources import NAMESPACE
from kb.store import PREFIXES, Store, open_store
from kb.web import terms
from tests import sample

KB = NAMESPACE
OWL = PREFIXES["owl"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("terms") / "store", create=True) as opened:
        sample.record(opened)
        yield opened


def test_what_lies_above_a_defined_class(store: Store) -> None:
    ours, others = terms.above(store, KB + "FatalityClaim")
    assert [it.label for it in ours.items] == ["casualty claim", "claim"]
    assert {it.label for it in others.items} == {"prov:Entity", "sem:View"}
    assert terms.above(store, KB + "Killed") == []


def test_labels_in_other_languages(store: Store) -> None:
    (fact,) = terms.translations(store, KB + "Riot")
    assert [it.label[-3:-1] for it in fact.items] == ["ar", "es", "fr", "ru", "uk"]
    assert "disturbios (es)" in {it.label for it in fact.items}


@pytest.mark.parametrize(
    ("name", "kinds", "said"),
    [
        ("CasualtyClaim", {"Class"}, "a kb:CasualtyClaim"),
        ("source", {"ObjectProperty"}, "kb:source ?value"),
        ("minimum", {"DatatypeProperty"}, "kb:minimum ?value"),
        ("Killed", {"NamedIndividual"}, "kb:harm kb:Killed"),
        ("Asserted", {"NamedIndividual"}, "kb:modality kb:Asserted"),
    ],
)
def test_the_query_of_a_term_uses_it_and_answers(store: Store, name: str, kinds: set[str], said: str) -> None:
    query = terms.example_query(store, KB + name, {OWL + kind for kind in kinds})
    assert said in query
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) > 0


# The diagram


def test_the_diagram_draws_what_the_ontology_says() -> None:
    told = axioms.shipped()
    for source, name, target in diagram._LINKS:
        (prop,) = [it for it in told.ranges if it.value == KB + name]
        ends = {it.value for it in told.ranges[prop]}
        assert KB + target in ends, name
        domains = {it.value for it in told.domains.get(prop, ())}
        assert not domains or KB + source in domains, name


def test_the_diagram_is_a_picture_on_its_own() -> None:
    svg = diagram.svg()
    root = ET.fromstring(svg)  # noqa: S314 (our own)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    shown = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"claim", "document", "event", "figure", "actor", "place"} <= shown
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", svg) == []
    assert " style=" not in svg  # the pages' policy refuses it
    assert (docs.FOLDER / "ontology.svg").read_text("utf-8") == svg
