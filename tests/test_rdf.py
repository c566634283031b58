"""Claims to quads and back: nothing lost, whatever the characters; every property declared by the ontology."""

from __future__ import annotations

import re
from enum import StrEnum

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat

from kb import resources
from kb.errors import StoreError
from kb.model import CLAIM, Actor, Claim, Count, Document, EventClaim, Harm, Hedge, Modality, Phase, Place, Victims
from kb.rdf import Graph, Node, document_quads, graph_iri, settle, table, terms
from tests.strategies import BASE, NOW, documents, recorded, texts


def stored(quads: bytes) -> list[Quad]:
    """The quads after a way through the engine, which brings literals into their canonical form."""
    engine = pyoxigraph.Store()
    engine.load(quads, RdfFormat.N_QUADS)
    return list(engine)


@given(recorded())
def test_claims_survive_the_way_through_the_store(made: tuple[Document, list[Claim]]) -> None:
    document, claims = made
    graph = Graph(stored(document_quads(document, claims, BASE, NOW)))
    assert graph.claims == sorted(claims, key=lambda claim: (claim.start, claim.end, claim.id))
    assert graph.document == document
    assert graph.document.key == document.key


@given(recorded(most=2))
def test_every_quad_is_in_the_graph_of_the_document(made: tuple[Document, list[Claim]]) -> None:
    document, claims = made
    quads = document_quads(document, claims, BASE, NOW)
    parsed = stored(quads)
    assert {quad.graph_name for quad in parsed} == {NamedNode(graph_iri(BASE, document.key))}
    assert quads == document_quads(document, claims, BASE, NOW)
    lines = quads.splitlines()
    assert len(set(lines)) >= len(parsed) > 3


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("".join(map(chr, range(0x0, 0x100))))
@example('"\\"\n\r\t\0\x7f\x85\u2028\ufeff\ufffe\uffff\U0010ffff \\u0041 <a> . ')
def test_a_string_of_any_characters_survives(value: str) -> None:
    (quad,) = stored(f"<a:b> <a:b> {terms.text(value)} .\n".encode())
    assert quad.object == pyoxigraph.Literal(value)


def test_every_character_of_unicode_survives_as_text() -> None:
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    document = Document(text=everything)
    graph = Graph(stored(document_quads(document, [], BASE, NOW)))
    assert graph.document.text == everything


def test_lone_surrogates_are_an_error_and_not_lost() -> None:
    with pytest.raises(UnicodeEncodeError):
        document_quads(Document(text="a\ud800b"), [], BASE, NOW)


@given(st.floats(0, 1))
def test_numbers_survive_exactly(value: float) -> None:
    (quad,) = stored(f"<a:b> <a:b> {terms.DOUBLE.write(value)} .\n".encode())
    assert terms.DOUBLE.read(quad.object.value) == value  # type: ignore[union-attr]


@pytest.mark.parametrize("values", [Harm, Hedge, Modality, Phase])
def test_names_of_vocabulary_terms_turn_back_into_values(values: type[StrEnum]) -> None:
    assert [terms.kebab(terms.pascal(value)) for value in values] == list(values)


def event(**fields: object) -> EventClaim:
    given_fields = {
        "id": "c1",
        "document": "d",
        "event_type": "riot",
        "quote": "riots",
        "start": 0,
        "end": 5,
        "extractor": "rules/1",
        "rule": "r",
        "confidence": 0.5,
    }
    return EventClaim.model_validate({**given_fields, **fields})


def test_settling_names_every_node_and_changes_nothing_else() -> None:
    bare = event(
        source=Actor(text="officials", country="KZ"),
        relays=(Actor(text="Interfox", name="Interfax-Kazakhstan"),),
        agents=(Actor(text="the mob"),),
        place=Place(text="Almaty", country="KZ"),
        instruments=("stones", "fire", "stones"),
    )
    claim = settle(bare, BASE)
    assert claim.source is not None and claim.source.iri == f"{BASE}actor/kz-officials"
    assert claim.relays[0].iri == f"{BASE}actor/interfax-kazakhstan"
    assert claim.agents[0].iri == f"{BASE}actor/the-mob"
    assert claim.place is not None and (claim.place.iri, claim.place.name) == (f"{BASE}place/kz/almaty", "Almaty")
    assert claim.instruments == ("fire", "stones")  # type: ignore[union-attr]
    assert settle(claim, BASE) is claim


def facts(document: Document, claims: list[Claim], **options: object) -> set[str]:
    quads = document_quads(document, claims, BASE, NOW, **options)  # type: ignore[arg-type]
    shortened = quads.decode().replace(resources.NAMESPACE, "kb:").replace(BASE, "")
    return {line.rpartition(" <document/")[0] for line in shortened.splitlines()}


def test_the_shape_of_a_claim() -> None:
    document = Document(text="riots", publisher="AFP", url="https://example.org/1")
    claim = event(
        source=Actor(text="officials", iri=f"{BASE}actor/kz-officials", country="KZ", role="city officials"),
        relays=(Actor(text="Interfox", name="Interfax", iri=f"{BASE}actor/interfax"),),
        place=Place(text="Almaty", name="Almaty", iri=f"{BASE}place/kz/almaty", country="KZ", lat=43.25, lon=76.95),
    )
    found = facts(document, [claim])
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert {
        "<claim/c1> <kb:source> <actor/kz-officials>",
        "<claim/c1> <kb:relay> <actor/interfax>",
        "<claim/c1> <kb:eventType> <kb:Riot>",
        "<claim/c1> <kb:participation> <claim/c1#relay-1>",
        "<claim/c1#relay-1> <kb:role> <kb:Relay>",
        '<claim/c1#relay-1> <kb:actorText> "Interfox"',
        '<claim/c1#source> <kb:actorRole> "city officials"',
        f'<actor/kz-officials> {label} "officials (Kazakhstan)"@en',
        "<actor/kz-officials> <kb:country> <place/kz>",
        f'<place/kz/almaty> {label} "Almaty"@en',
        '<place/kz/almaty> <http://www.opengis.net/ont/geosparql#asWKT> "POINT(76.95 43.25)"'
        "^^<http://www.opengis.net/ont/geosparql#wktLiteral>",
        f'<actor/afp> {label} "AFP"@en',
        f"<document/{document.key}> <http://purl.org/dc/terms/publisher> <actor/afp>",
        f"<document/{document.key}> <http://purl.org/dc/terms/source> <https://example.org/1>",
    } <= found


def test_nodes_described_elsewhere_are_linked_and_not_described_again() -> None:
    document = Document(text="riots", publisher="AFP")
    claim = event(source=Actor(text="officials", iri=f"{BASE}actor/kz-officials", country="KZ"))
    agency = f"{BASE}actor/agence-france-presse"
    found = facts(document, [claim], publisher=agency, described=lambda iri: iri == agency)
    assert f"<document/{document.key}> <http://purl.org/dc/terms/publisher> <actor/agence-france-presse>" in found
    assert not any(fact.startswith("<actor/agence-france-presse>") for fact in found)
    assert any(fact.startswith("<actor/kz-officials>") for fact in found)

    quads = stored(document_quads(document, [claim], BASE, NOW, described=lambda iri: True))
    with pytest.raises(StoreError, match="kz-officials"):
        _ = Graph(quads).claims
    known = Graph(quads, lambda iri: Node("Actor", "officials (Kazakhstan)", "KZ"))
    assert known.claims == [claim.model_copy(update={"document": document.id})]


def test_the_places_around_a_place_are_described_up_to_the_country() -> None:
    def within(country: str, city: str) -> set[str]:
        site = Place(
            text="airport",
            name="airport",
            iri=f"{BASE}place/{country}/{city}/airport",
            country=country.upper(),
            within=f"{BASE}place/{country}/{city}",
        )
        return facts(Document(text="riots"), [event(place=site)])

    label, kind = "<http://www.w3.org/2000/01/rdf-schema#label>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    known = within("sv", "santa-ana")
    assert {f"<place/sv/santa-ana> {kind} <kb:City>", f'<place/sv/santa-ana> {label} "Santa Ana"@en'} <= known
    assert any(fact.startswith("<place/sv/santa-ana> <kb:within> <place/sv") for fact in known)
    assert any(fact.startswith("<place/sv/santa-ana> <kb:latitude>") for fact in known)
    assert not any(fact.startswith("<place/sv> ") for fact in known)
    unknown = within("sv", "la-nada")
    assert {f'<place/sv/la-nada> {label} "La Nada"@en', "<place/sv/la-nada> <kb:within> <place/sv>"} <= unknown


def test_what_is_said_of_an_actor_goes_before_a_guess_from_the_victims() -> None:
    iri = f"{BASE}actor/kz-soldiers"
    fields = event().model_dump(exclude={"kind", "targets", "instruments"})
    killed = {
        **fields,
        "id": "c2",
        "kind": "casualty",
        "harm": "killed",
        "count": Count(minimum=1, maximum=1, hedge=Hedge.EXACT, text="a"),
        "victims": Victims(text="soldiers", iri=iri, country="KZ"),
    }
    said = event(agents=(Actor(text="soldiers", iri=iri, type="military", country="KZ"),))
    found = facts(Document(text="riots"), [CLAIM.validate_python(killed), said])
    kinds = [fact for fact in found if fact.startswith("<actor/kz-soldiers>") and "22-rdf-syntax-ns#type" in fact]
    assert kinds == ["<actor/kz-soldiers> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <kb:Military>"]


@given(documents(), texts)
@settings(max_examples=20)
def test_an_iri_that_is_none_is_refused(document: Document, bad: str) -> None:
    claim = event(source=Actor(text="x", iri=f"{BASE}actor/{bad} \n<"))
    with pytest.raises(ValueError, match="IRI"):
        document_quads(document, [claim], BASE, NOW)


def declared() -> set[str]:
    """The local names of all terms that the ontology declares, in whatever module."""
    found: set[str] = set()
    for path in resources.folder("ontology").rglob("*.ttl"):
        if {"examples", "shapes", "reference", "migrations"}.intersection(path.parts):
            continue
        for quad in pyoxigraph.parse(path=path, format=RdfFormat.TURTLE, base_iri=BASE):
            if quad.predicate.value == terms.RDF_TYPE and isinstance(quad.subject, NamedNode):
                found.add(quad.subject.value.removeprefix(resources.NAMESPACE))
    return found


def test_every_property_and_class_that_is_written_is_declared() -> None:
    written = {*table.NODE_NAMES, *table.DOCUMENT_NAMES, "Document", "Participation"}
    for kind in table.KINDS.values():
        written.add(kind.name)
        written.update(row.name for row in kind.rows)
        written.update(name for role in kind.roles for name in (role.name, role.role))
        written.update(name for where in kind.places for name in (where.name, where.text))
    assert len(written) > 50
    assert written - declared() == set()


def test_the_table_names_all_that_is_written() -> None:
    source = "".join(path.read_text() for path in (resources.folder("ontology").parent / "kb" / "rdf").glob("*.py"))
    named = set(re.findall(r'terms\.kb\("(\w+)"\)', source))
    assert len(named) > 20
    assert named <= {*table.NODE_NAMES, *table.DOCUMENT_NAMES, "Document", "Participation"}
