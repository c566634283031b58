"""Events: which claims are one, whatever the order in which they came."""

from __future__ import annotations

import io
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kb.model import Claim, Count, CrowdClaim, Document, EventClaim, Hedge, Modality, Place, TimeSpan
from kb.rdf import document_quads
from kb.store import Store, dump, open_store
from kb.track import Event, Mention, events, forget, track
from kb.track.wording import days, label
from tests.strategies import BASE, NOW, recorded
from tests.toll import add_toll

KB = "https://w3id.org/factline/ontology#"
RIOT, FIRE = KB + "Riot", KB + "Arson"
KZ, RU, ALMATY, HALL, AKTAU = (
    f"{BASE}place/{name}" for name in ("kz", "ru", "kz/almaty", "kz/almaty/hall", "kz/aktau")
)
WITHIN = {ALMATY: frozenset({KZ}), AKTAU: frozenset({KZ}), HALL: frozenset({ALMATY, KZ})}


def mention(
    claim: str,
    place: str | None = ALMATY,
    first: int | None = 5,
    last: int | None = None,
    *,
    kind: str = RIOT,
    modality: Modality = Modality.ASSERTED,
    names: bool = True,
    document: str = "",
) -> Mention:
    """A mention; days are of January 2022."""
    earliest = date(2022, 1, first) if first else None
    latest = date(2022, 1, last) if last else earliest
    return Mention(claim, document or f"document of {claim}", kind, modality, names, place, earliest, latest)


def together(*mentions: Mention) -> set[str]:
    """Which claims came together: "a b" for each event with two, its modality in front unless asserted."""
    found = events(mentions, WITHIN)
    return {" ".join(([] if e.modality is Modality.ASSERTED else [e.modality.value]) + list(e.claims)) for e in found}


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        # type, place and days
        ([mention("a"), mention("b")], {"a b"}),
        ([mention("a"), mention("b", kind=FIRE)], {"a", "b"}),
        ([mention("a"), mention("b", AKTAU)], {"a", "b"}),
        ([mention("a"), mention("b", first=6)], {"a", "b"}),
        ([mention("a", first=4, last=5), mention("b", first=5, last=6)], {"a b"}),
        ([mention("a", first=4, last=5), mention("b", first=5, last=6), mention("c", first=7)], {"a b", "c"}),
        # a long span joins only what is unmistakable
        ([mention("a", first=1, last=31), mention("b")], {"a b"}),
        ([mention("a", first=1, last=31), mention("b"), mention("c", first=9)], {"a", "b", "c"}),
        ([mention("a", first=1, last=20), mention("b", first=15, last=31)], {"a b"}),
        # nested places: one inside is the same event, several are not
        ([mention("a", KZ), mention("b")], {"a b"}),
        ([mention("a", KZ), mention("b"), mention("c", AKTAU)], {"a", "b", "c"}),
        ([mention("a", KZ), mention("b"), mention("c", AKTAU, 9)], {"a b", "c"}),
        ([mention("a", KZ), mention("b", ALMATY), mention("c", HALL)], {"a b c"}),
        ([mention("a", KZ), mention("b", RU)], {"a", "b"}),
        # what is not asserted
        ([mention("a"), mention("b", modality=Modality.DENIED)], {"a b"}),
        ([mention("a", first=9), mention("b", modality=Modality.DENIED)], {"a", "denied b"}),
        ([mention("a", modality=Modality.PLANNED), mention("b", modality=Modality.DENIED)], {"planned a", "denied b"}),
        ([mention("a"), mention("b", KZ, modality=Modality.POSSIBLE)], {"a b"}),
        ([mention("a", KZ), mention("b", HALL, modality=Modality.DEMANDED)], {"a b"}),
        ([mention("a"), mention("b", AKTAU), mention("c", KZ, modality=Modality.DENIED)], {"a", "b", "denied c"}),
        ([mention("a"), mention("b", modality=Modality.ATTEMPTED)], {"a", "attempted b"}),
        ([mention("a", modality=Modality.ATTEMPTED), mention("b", modality=Modality.ATTEMPTED)], {"attempted a b"}),
        # mentioned in passing
        ([mention("a", names=False)], {"a"}),
        ([mention("a", names=False), mention("b")], {"a b"}),
        ([mention("a", names=False, modality=Modality.DENIED)], set()),
        ([mention("a", names=False, modality=Modality.DENIED), mention("b")], {"a b"}),
        ([mention("a", names=False, first=None)], set()),
        # without place or day: only within the document
        ([mention("a", first=None, document="d"), mention("b", document="d")], {"a b"}),
        ([mention("a", first=None, document="d"), mention("b", document="e")], {"a", "b"}),
        ([mention("a", None, document="d"), mention("b", document="d")], {"a b"}),
        ([mention("a", None, 9, document="d"), mention("b", document="d")], {"a", "b"}),
        ([mention(c, p, document="d") for c, p in [("a", None), ("b", ALMATY), ("c", AKTAU)]], {"a", "b", "c"}),
        ([mention("a", first=None, document="d"), mention("b", first=None, document="d")], {"a b"}),
        ([mention("a", None, None, document="d"), mention("b", None, 5, document="d")], {"a b"}),
    ],
)
def test_which_claims_are_one_event(mentions: list[Mention], expected: set[str]) -> None:
    assert together(*mentions) == expected
    assert together(*reversed(mentions)) == expected


def test_an_event_spans_the_days_of_what_tells_them_exactly() -> None:
    (event,) = events(
        [mention("a", first=4, last=5), mention("b", first=5, last=6), mention("c", first=1, last=31)], WITHIN
    )
    assert (event.first, event.last, event.place) == (date(2022, 1, 4), date(2022, 1, 6), ALMATY)


def test_the_narrower_place_is_the_place_of_the_event() -> None:
    (event,) = events([mention("a", KZ, 4, 6), mention("b", ALMATY, 5)], WITHIN)
    assert (event.place, event.first, event.last) == (ALMATY, date(2022, 1, 5), date(2022, 1, 5))


def test_half_known_days_count_as_the_day_that_is_known() -> None:
    since = mention("a")._replace(latest=None)
    until = mention("b")._replace(earliest=None)
    assert together(since, until) == {"a b"}


modalities = st.sampled_from(Modality)
mentions_of_all_kinds = st.lists(
    st.builds(
        mention,
        st.uuids().map(str),
        st.sampled_from([None, KZ, ALMATY, HALL, AKTAU, RU]),
        st.none() | st.integers(1, 15),
        st.none() | st.integers(16, 31),
        kind=st.sampled_from([RIOT, FIRE]),
        modality=modalities,
        names=st.booleans(),
        document=st.sampled_from(["d", "e", "f"]),
    ),
    max_size=25,
)


@given(mentions_of_all_kinds, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(mentions: list[Mention], random: object) -> None:
    shuffled = list(mentions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = events(mentions, WITHIN), events(shuffled, WITHIN)
    assert [(event, event.claims) for event in first] == [(event, event.claims) for event in second]


@given(mentions_of_all_kinds)
def test_each_claim_is_in_one_event_and_each_event_has_a_name_of_its_own(mentions: list[Mention]) -> None:
    found = events(mentions, WITHIN)
    claims = [claim for event in found for claim in event.claims]
    assert len(claims) == len(set(claims))
    assert set(claims) >= {m.claim for m in mentions if m.names}
    assert all(event.claims for event in found)
    assert len({event.identifier(BASE) for event in found}) == len(found)
    kinds = {m.claim: (m.type, m.modality) for m in mentions}
    for event in found:
        assert {kinds[claim][0] for claim in event.claims} == {event.type}
        assert event.modality in {kinds[claim][1] for claim in event.claims}


def test_many_claims_take_no_more_than_their_number() -> None:
    """Ten times the claims, well under a hundred times the time (in one block, the worst case)."""

    def seconds(number: int) -> float:
        made = [mention(f"{n:06}", (ALMATY, KZ, HALL)[n % 3], 1 + n % 31, names=n % 2 == 0) for n in range(number)]
        begun = time.perf_counter()
        events(made, WITHIN)
        return time.perf_counter() - begun

    few, many = (min(seconds(number) for _ in range(3)) for number in (2_000, 20_000))
    assert many < 40 * few


# -- words


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2022-01-05", "2022-01-05", "5 January 2022"),
        ("2022-01-04", "2022-01-05", "4–5 January 2022"),
        ("2022-01-28", "2022-02-02", "28 January – 2 February 2022"),
        ("2021-12-30", "2022-01-02", "30 December 2021 – 2 January 2022"),
    ],
)
def test_days_in_words(first: str, last: str, expected: str) -> None:
    assert days(date.fromisoformat(first), date.fromisoformat(last)) == expected


def test_labels_leave_out_what_is_not_known() -> None:
    day = date(2022, 1, 5)
    assert label(Event(RIOT, Modality.ASSERTED, ALMATY, day, day), "riot", "Almaty") == "riot, Almaty, 5 January 2022"
    assert label(Event(RIOT, Modality.PLANNED, None, None, None), "riot", None) == "planned riot"
    assert (
        label(Event(RIOT, Modality.ATTEMPTED, ALMATY, None, None), "seizure", "Almaty") == "attempted seizure, Almaty"
    )


# -- the graph


def claim(number: int, document: Document, day: int, place: str | None, kind: str = "riot") -> Claim:
    fields = {
        "id": f"{number:020}",
        "document": document.id,
        "event_type": kind,
        "quote": document.text,
        "start": 0,
        "end": len(document.text),
        "time": TimeSpan(text="then", earliest=date(2022, 1, day), latest=date(2022, 1, day)),
        "place": place
        and Place(text=place, iri=f"{BASE}place/{place}", name=place, country="KZ", within=f"{BASE}place/kz"),
        "extractor": "rules/1",
        "rule": "r",
        "confidence": 0.5,
    }
    if number % 2:
        return CrowdClaim.model_validate(
            {**fields, "count": Count(minimum=1, maximum=1, hedge=Hedge.EXACT, text="one")}
        )
    return EventClaim.model_validate(fields)


def record(store: Store, document: Document, claims: list[Claim]) -> None:
    described = {f"{BASE}place/kz"}
    store.add_document(document.key, document_quads(document, claims, BASE, NOW, described=described.__contains__))


def tracked(store: Store) -> bytes:
    """The tracked graph as it is stored, as sorted lines."""
    stored = store.quads(graph=NamedNode(store.iri("graph/tracked")))
    return "".join(sorted(f"{quad.triple} .\n" for quad in stored)).encode()


def lines(store: Store) -> list[str]:
    output = io.BytesIO()
    dump(store, output, "nquads", store.iri("graph/tracked"))
    return sorted(output.getvalue().decode().replace(KB, "kb:").replace(BASE, "").splitlines())


def test_the_tracked_graph(writer: Store) -> None:
    document = Document(text="riots", publisher="AFP")
    record(
        writer,
        document,
        [claim(1, document, 4, "kz/almaty"), claim(2, document, 4, "kz/almaty"), claim(3, document, 9, None)],
    )
    assert track(writer)
    text = "\n".join(lines(writer))
    assert text.count("<kb:Event>") == 2
    assert '"riot, kz/almaty, 4 January 2022"@en' in text and '"riot, 9 January 2022"@en' in text
    (event,) = {line.split()[2] for line in lines(writer) if line.startswith(f"<claim/{1:020}> <kb:event>")}
    assert f"<claim/{2:020}> <kb:event> {event}" in text
    assert f"{event} <kb:place> <place/kz/almaty>" in text
    assert f"{event} <kb:eventType> <kb:Riot>" in text
    assert f'{event} <kb:latest> "2022-01-04"^^<http://www.w3.org/2001/XMLSchema#date>' in text
    assert "kb:modality" not in text


def test_tracking_again_does_nothing_until_something_comes(writer: Store) -> None:
    first, second = Document(text="riots"), Document(text="more riots")
    record(writer, first, [claim(1, first, 4, "kz/almaty")])
    assert track(writer)
    before = tracked(writer)
    writer.publish()
    assert not track(writer)
    record(writer, second, [claim(2, second, 4, "kz/almaty"), claim(4, second, 8, "kz/almaty")])
    assert track(writer)
    assert not track(writer)
    assert tracked(writer) != before


@settings(max_examples=6, deadline=None)
@given(st.lists(recorded(most=3), min_size=2, max_size=4, unique_by=lambda made: made[0].key), st.data())
def test_incremental_and_rebuilt_tracking_give_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    new_store: Path,
    made: list[tuple[Document, list[Claim]]],
    data: st.DataObject,
) -> None:
    """Documents one by one in one order, all at once in another: the same tracked graph, byte for byte."""
    graphs: list[bytes] = []
    for order, one_by_one in ((made, True), (data.draw(st.permutations(made)), False)):
        folder = shutil.copytree(new_store, tmp_path_factory.mktemp("order") / "s")
        with open_store(folder, write=True) as store:
            for document, claims in order:
                record(store, document, claims)
                if one_by_one:
                    track(store)
            track(store)
            graphs.append(tracked(store))
            forget(store)
            assert tracked(store) == b""
            track(store)
            assert tracked(store) == graphs[-1]
    assert graphs[0] == graphs[1]


def test_what_tracking_has_made_is_not_taken_for_claims(writer: Store, tmp_path: Path) -> None:
    document = Document(text="riots")
    record(writer, document, [claim(1, document, 4, "kz/almaty")])
    track(writer)
    once = tracked(writer)
    assert not track(writer)
    forget(writer)
    assert track(writer)
    assert tracked(writer) == once
    assert len(list(writer.quads(graph=NamedNode(writer.iri("graph/tracked"))))) == once.count(b"\n")


def test_a_place_without_a_country_is_the_only_one_of_its_name(writer: Store) -> None:
    add_toll(writer, 8, day=5, place="almaty")
    track(writer)
    assert "resolvedAs" not in tracked(writer).decode()
    add_toll(writer, 12, day=6, place="kz/almaty")
    track(writer)
    assert "grown from 8" in tracked(writer).decode() or "raises 8 to 12" in tracked(writer).decode()
    assert f"<{BASE}place/almaty> <{KB}resolvedAs> <{BASE}place/kz/almaty>" in tracked(writer).decode()
    add_toll(writer, 14, day=7, place="ru/almaty")  # now there are two, and nobody can tell
    track(writer)
    both = tracked(writer)
    assert b"resolvedAs" not in both and b"raises 8 to 12" not in both
    forget(writer)
    track(writer)
    assert tracked(writer) == both
