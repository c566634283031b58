"""The pages of terms: what lies above them, their labels, their matches, and a query that answers; the diagram."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import cast

import owlready2
import pytest
import rdflib
from pyoxigraph import QuerySolutions, QueryTriples, RdfFormat, parse, serialize

from kb import diagram, docs
from kb.reason import axioms
from kb.resources import NAMESPACE, ONTOLOGY
from kb.review.standing import Standing
from kb.search.index import Index
from kb.store import PREFIXES, Store, open_store
from kb.web import ontology, terms
from kb.web.reading import Reading
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


def test_what_lies_above_in_vocabularies_whose_terms_are_not_inferred(store: Store) -> None:
    (others,) = terms.above(store, KB + "latitude")
    assert [it.label for it in others.items] == ["schema:latitude"]
    (others,) = terms.above(store, KB + "Country")  # that it is a place stands on it
    assert {"geo:SpatialObject", "schema:Country", "sem:Place"} <= {it.label for it in others.items}


def shown(store: Store, name: str) -> ontology.TermPage:
    # The pages of terms ask the store alone.
    page = ontology._term(Reading(store, cast(Index, None), Standing()), KB + name, {})
    assert page is not None
    return page


def test_a_term_is_told_whole(store: Store) -> None:
    """Every class and property of ours has its place, its words and a query; a defined one its definition."""
    page = shown(store, "FatalEvent")
    assert page.axioms == (
        (
            "EquivalentTo",
            "kb:Event and (inverse kb:event some (kb:FatalityClaim and (kb:modality value kb:Asserted) "
            "and (kb:minimum some kb:OneOrMore)))",
        ),
    )
    page = shown(store, "source")
    assert page.axioms == (("Characteristics", "Functional"),)
    facts = {fact.name: [it.label for it in fact.items] for fact in page.facts}
    assert facts["Is said of"] == ["claim"]
    assert set(facts["Its values are"]) == {"actor", "prov:Agent"}
    assert facts["Type"] == ["qb:DimensionProperty"]
    assert "Kind of" not in facts
    assert {"sem:accordingTo", "prov:wasAttributedTo", "schema:author"} == set(facts["In the terms of others"])
    assert page.uses > 0
    assert "kb:source" in page.query
    assert {"See also"} <= {fact.name for fact in shown(store, "earliest").facts}


def test_every_term_has_a_page(store: Store) -> None:
    rows = store.query(f"SELECT ?term {{ ?term rdfs:isDefinedBy <{ONTOLOGY}> }}")
    assert isinstance(rows, QuerySolutions)
    found = {row["term"].value for row in rows}
    assert len(found) > 300
    for iri in sorted(found)[::9]:  # a page takes some milliseconds
        page = shown(store, iri.removeprefix(KB))
        assert page.definition, iri
        assert page.facts, iri


# The whole


def test_the_index_says_what_its_header_says(store: Store) -> None:
    page = ontology._index(Reading(store, cast(Index, None), Standing()), ONTOLOGY, {})
    assert page is not None
    facts = {fact.name: fact.items[0] for fact in page.facts}
    assert list(facts) == ["Version", "Last changed", "Licence", "To cite"]
    assert facts["Licence"].iri == facts["Licence"].label == "https://creativecommons.org/licenses/by/4.0/"
    assert facts["Version"].label in facts["To cite"].label


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # rdflib's own, when it reads JSON-LD
@pytest.mark.parametrize("format_", [RdfFormat.TURTLE, RdfFormat.JSON_LD, RdfFormat.RDF_XML, RdfFormat.N_TRIPLES])
def test_the_published_ontology_loads_wherever_it_is_read(store: Store, format_: RdfFormat) -> None:
    found = store.query(ontology._index_sparql(ONTOLOGY))
    assert isinstance(found, QueryTriples)
    data = serialize(found, format=format_)
    assert isinstance(data, bytes)
    graph = rdflib.Graph().parse(data=data, format=format_.media_type)
    assert len(graph) == len(set(parse(data, format=format_)))
    # One ontology, whole in itself: nothing to fetch.
    assert list(graph.subjects(rdflib.RDF.type, rdflib.OWL.Ontology)) == [rdflib.URIRef(ONTOLOGY)]
    assert (None, rdflib.OWL.imports, None) not in graph
    if format_ == RdfFormat.RDF_XML:
        world = owlready2.World()
        world.get_ontology(ONTOLOGY).load(fileobj=io.BytesIO(data))
        assert {"Claim", "FatalEvent"} <= {kind.name for kind in world.classes()}
        assert len(list(world.properties())) > 100


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
