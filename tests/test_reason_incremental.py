"""What is inferred follows the documents and the tracked graph: one by one as all at once, and no more than is new."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from kb.reason import axioms, forget, infer, inference
from kb.reason.contradictions import breaches
from kb.reason.inference import TYPE
from kb.store import Store, open_store
from kb.track import track
from kb.validate import check
from tests import sample
from tests.bench.claims import CLAIMS_A_DOCUMENT, TRIPLES_A_CLAIM, Generator
from tests.planted import EVENTS, KB, PLANTED, graph, members, parsed, plant, record


@pytest.fixture
def store(writer: Store) -> Store:
    plant(writer)
    return writer


def test_nothing_new_is_nothing_to_do(store: Store) -> None:
    assert not infer(store).changed


def test_one_by_one_and_all_at_once_give_the_same(store: Store) -> None:
    record(store, "q", PLANTED.replace("<claim/", "<claim/q-").replace("document/p", "document/q"))
    found = infer(store)
    assert (found.anew, found.documents, found.events) == (False, 1, False)
    before = graph(store, "graph/inferred"), graph(store, "graph/inferred-tracked")
    forget(store)
    assert not graph(store, "graph/inferred")
    assert infer(store).documents == 2
    assert (graph(store, "graph/inferred"), graph(store, "graph/inferred-tracked")) == before


def test_a_run_that_was_stopped_goes_on(store: Store, tmp_path: Path) -> None:
    """The mark of a document comes last: without it, the document is looked at again."""
    before = graph(store, "graph/inferred")
    mark = min(axioms.shipped().above(ox.NamedNode(KB + "Document")), key=str)
    kept = before - {ox.Triple(ox.NamedNode(store.iri("document/p")), TYPE, mark)}
    assert len(kept) == len(before) - 1
    store.replace_graph(store.iri("graph/inferred"), kept)
    store.close()
    with open_store(tmp_path / "store", write=True) as again:
        assert infer(again).documents == 1
        assert graph(again, "graph/inferred") == before


# All of many at once

AMENDED = """
@prefix kb: <https://w3id.org/factline/ontology#> .
<claim/amended> a kb:CasualtyClaim ; kb:harm kb:Killed ; kb:minimum 12 ; kb:modality kb:Asserted ;
    kb:place <place/kz/market> ; kb:relay <actor/agency> ; kb:event <event/f> .
"""
ODD = """
@prefix kb: <https://w3id.org/factline/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<document/o> a kb:Document .
<thing/told> a foaf:Thing ; kb:quote "A thing of another vocabulary that has a quote is a claim." ; kb:place <place/o> .
<place/o> a kb:Place ; kb:within <place/kz> . <place/kz> a kb:Place .
<thing/other> a foaf:Thing ; foaf:name "of no concern" .
<actor/o> a kb:Actor ; kb:country <place/o> .
<claim/o> a kb:CasualtyClaim ; kb:document <document/o> ; kb:harm kb:Killed , kb:Injured ; kb:minimum 10 , 9 ;
    kb:modality kb:Asserted ; kb:victimClass kb:Medical , kb:Police ; kb:victims <actor/o> .
<claim/p> a kb:DeploymentClaim , kb:Claim ; kb:document <document/o> ; kb:deployer <actor/csto> ; kb:relay <actor/o> ;
    kb:destination <place/o> ; kb:modality kb:Denied .
"""


def test_asked_of_the_engine_and_triple_by_triple_the_same_follows(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(store, "q", PLANTED.replace("<claim/", "<claim/q-").replace("document/p", "document/q"))
    record(store, "o", ODD)
    store.put_graph(store.iri("graphs/own"), parsed(PLANTED.replace("<claim/", "<claim/r-").replace("ent/p", "ent/r")))
    more = EVENTS.replace("<event/", "<event/q-").replace("<claim/", "<claim/q-")
    store.replace_graph(store.iri("graph/tracked"), [*parsed(EVENTS), *parsed(AMENDED), *parsed(more)])
    store.set_note("tracked", "more")
    assert infer(store).documents == 3
    before = graph(store, "graph/inferred"), graph(store, "graph/inferred-tracked")
    forget(store)
    monkeypatch.setattr("kb.reason.graph._MANY", 0)
    monkeypatch.setattr("kb.reason.graph._BULK", 10)
    asked: list[str] = []
    real = Store.extend_graph

    def extending(self: Store, name: str, triples: bytes) -> None:
        asked.append(name)
        real(self, name, triples)

    monkeypatch.setattr(Store, "extend_graph", extending)
    assert infer(store).documents == 4
    assert len(asked) == 4
    after = graph(store, "graph/inferred"), graph(store, "graph/inferred-tracked")
    for one, other in zip(before, after, strict=True):
        assert one == other, sorted(map(str, one ^ other))
    assert {"claim/o", "thing/told"} <= members(store, "Claim")
    assert members(store, "AttackOnMedicalCare") == {"claim/medics", "claim/q-medics", "claim/r-medics", "claim/o"}
    assert not infer(store).changed


def test_what_was_stopped_among_many_begins_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = graph(store, "graph/inferred")
    forget(store)
    monkeypatch.setattr("kb.reason.graph._MANY", 0)
    with monkeypatch.context() as stopping:
        stopping.setattr("kb.reason.bulk.Bulk._chains", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            infer(store)
    assert infer(store).anew
    assert graph(store, "graph/inferred") == before


def test_only_what_was_recorded_since_is_looked_for(store: Store) -> None:
    """Documents are not gone through to see which is new, unless graphs were written in other ways."""
    said = parsed(f"@prefix kb: <{KB}> . <document/r> a kb:Document .")
    assert store.changes.documents == set()
    record(store, "q", f"@prefix kb: <{KB}> . <document/q> a kb:Document .")
    assert store.changes.documents == {"q"}
    assert infer(store).documents == 1
    assert store.changes.documents == set()
    for write in (
        lambda: store.put_graph(store.iri("graphs/own"), said),
        lambda: store.update("INSERT DATA { GRAPH <graphs/other> { <document/s> a kb:Document } }"),
        lambda: store.extend(
            ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(store.iri("document/t/graph")))
            for triple in parsed(f"@prefix kb: <{KB}> . <document/t> a kb:Document .")
        ),
    ):
        write()
        assert store.changes.documents is None
        assert infer(store).documents == 1
    # What is derived holds no documents.
    store.replace_graph(store.iri("graph/tracked"), parsed(AMENDED))
    store.add_graph(store.iri("graph/curation"), b"")
    assert store.changes.documents == set()


def test_events_are_looked_at_again_when_tracking_has_changed_them(store: Store) -> None:
    store.replace_graph(
        store.iri("graph/tracked"), parsed(EVENTS.replace("<claim/many> kb:event", "<claim/home> kb:event"))
    )
    store.set_note("tracked", "other")
    assert infer(store).events
    assert members(store, "MassCasualtyEvent") == set()
    assert members(store, "FatalEvent") == {"event/f"}


def test_what_rests_on_a_change_is_all_that_is_looked_at_and_enough(store: Store) -> None:
    """Parts of the tracked graph go and come in every order; each time all is as if it had been made from nothing."""
    every = [*parsed(EVENTS), *parsed(AMENDED)]
    chosen = random.Random(7)  # noqa: S311
    name = store.iri("graph/tracked")
    looked: list[bool] = []
    for round_ in range(25):
        kept = chosen.sample(every, chosen.randrange(len(every) - 6, len(every) + 1))
        store.replace_graph(name, kept)
        store.set_note("tracked", f"round {round_}")
        looked.append(infer(store).events)
        found = graph(store, "graph/inferred-tracked")
        store.replace_graph(store.iri("graph/inferred-tracked"), ())
        notes = {name: store.note(name) or "" for name in ("reference", "inferred", "tracked")}
        store.forget_notes()
        for note, made_from in notes.items():
            store.set_note(note, made_from)
        assert infer(store).events
        assert graph(store, "graph/inferred-tracked") == found, kept
    assert any(looked)


def test_a_change_costs_what_it_touches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = inference.inferred

    def counting(facts: list[ox.Quad], *rest: object) -> set[ox.Triple]:
        seen.append(len(facts))
        return real(facts, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("kb.reason.graph.inferred", counting)
    line = b"<claim/medics> <https://w3id.org/factline/ontology#event> <event/g> .\n".replace(
        b"<claim", f"<{store.base}claim".encode()
    ).replace(b"<event", f"<{store.base}event".encode())
    store.change_graph(store.iri("graph/tracked"), line, b"")
    store.set_note("tracked", "one more")
    assert infer(store).events
    whole = len(graph(store, "graph/tracked"))
    assert 0 < sum(seen) < whole / 2
    store.change_graph(store.iri("graph/tracked"), b"", line)
    store.set_note("tracked", "one less")
    assert infer(store).events
    assert not infer(store).events


def test_what_a_stopped_process_changed_is_looked_at_whole(store: Store, tmp_path: Path) -> None:
    """It changed events and ended before anything was inferred from them, and before it said so."""
    store.replace_graph(
        store.iri("graph/tracked"), parsed(EVENTS.replace("<claim/many> kb:event", "<claim/home> kb:event"))
    )
    store.close()
    with open_store(tmp_path / "store", write=True) as again:
        assert again.changes.of(again.iri("graph/tracked")) is None
        assert infer(again).events
        assert members(again, "MassCasualtyEvent") == set()
        assert again.changes.of(again.iri("graph/tracked")) == set()
    with open_store(tmp_path / "store", write=True) as again:
        assert not infer(again).changed


def test_a_recorded_store_is_inferred_from(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        sample.record(store)
        track(store)
        infer(store)
        assert len(members(store, "Claim")) == 12
        assert members(store, "FatalityClaim") < members(store, "CasualtyClaim")
        assert members(store, "ForeignDeployment")


def test_what_the_benchmarks_are_made_of_is_sound(writer: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faulty data would measure something else."""
    monkeypatch.setattr("kb.reason.graph._MANY", 10)
    monkeypatch.setattr("kb.reason.graph._BULK", 100)
    generator = Generator(writer.base, 30 * TRIPLES_A_CLAIM * CLAIMS_A_DOCUMENT)
    for _, data in generator.graphs():
        writer.extend(quad for quad in ox.parse(data, format=ox.RdfFormat.N_QUADS) if isinstance(quad, ox.Quad))
    writer.set_note("tracked", "generated")
    assert infer(writer).documents == generator.documents == 30
    report = check(writer)
    assert (report.documents, report.faults) == (generator.documents, ())
    assert list(breaches(writer)) == []
    assert len(members(writer, "FatalEvent")) > 10
