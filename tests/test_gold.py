"""The gold passages are well-formed and true to their texts, the scorer scores, and every quote stands in its text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from kb.extract.pipeline import Extractor
from kb.model import Actor, CasualtyClaim, Count, Harm, Hedge, Modality, Place, TimeSpan, Victims
from tests.gold import fields, misses, table
from tests.gold_match import evaluate, is_actor, is_place, words
from tests.gold_passages import HALVES, Expected, Passage, load, options, tags

PASSAGES = [passage for half in HALVES for passage in load(half)]
each_passage = pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage.id)


def test_there_are_enough_passages() -> None:
    halves = [load(half) for half in HALVES]
    assert sum(map(len, halves)) >= 80
    assert len(halves[0]) >= len(halves[1])
    assert sum("long" in passage.tags for passage in PASSAGES) >= 15
    assert len({passage.id for passage in PASSAGES}) == len(PASSAGES)


def test_every_tag_is_covered_and_none_is_unknown() -> None:
    used = {tag for passage in PASSAGES for tag in passage.tags}
    known = tags()
    assert known - used == set(), "no passage covers these"
    assert used - known == set(), "misspelt, or to be added to tags.yaml"


def test_movements_of_forces_are_read() -> None:
    extractor = Extractor()
    passages = [p for p in load("tune") if p.id.startswith(("move-", "still-"))]
    outcomes = [evaluate(p, extractor.extract(p.document())) for p in passages]
    readings = [reading for outcome in outcomes for reading in outcome.readings]
    assert sum(reading.right for reading in readings) >= 0.95 * len(readings) > 0
    assert [outcome.passage.id for outcome in outcomes if outcome.refused] == []


def test_event_types_are_those_listed() -> None:
    listed = {tag.removeprefix("event-") for tag in tags() if tag.startswith("event-")} | {"deployment"}
    claims = [want for passage in PASSAGES for want in (*passage.claims, *passage.refused)]
    assert {name for want in claims for name in options(want.event_type)} <= listed


def wordings(passage: Passage) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every name that an expected claim asks for, with its alternatives."""
    for want in passage.claims:
        for field in (
            "victims",
            "source",
            "place",
            "origin",
            "destination",
            "deployer",
            "unit",
            "equipment",
            "purpose",
            "group",
        ):
            if names := options(getattr(want, field)):
                yield field, names
        for field in ("agents", "targets", "contributors", "relays", "instruments"):
            yield from ((field, options(name)) for name in getattr(want, field))


@each_passage
def test_the_gold_uses_words_of_its_text(passage: Passage) -> None:
    text = words(passage.text)
    for field, names in wordings(passage):
        assert any(words(name) in text for name in names), f"{field} {names} is not in the text"


@each_passage
def test_the_gold_does_not_refuse_what_it_requires(passage: Passage) -> None:
    for ban in passage.refused:
        for want in passage.claims:
            shared = [f for f in ban.asked() if f in want.required().asked() | {"kind"}]
            same = all(set(options(getattr(ban, f))) & set(options(getattr(want.required(), f))) for f in shared)
            assert not (want.kind == ban.kind and len(shared) == len(ban.asked()) and same), f"{ban} forbids {want}"


@each_passage
def test_quotes_stand_in_the_text(passage: Passage) -> None:
    for claim in Extractor().extract(passage.document()):
        assert passage.text[claim.start : claim.end] == claim.quote
        assert claim.document == passage.id


# --- the scorer itself

TEXT = "Thirteen people, including two children, died when a shell hit Donetsk on Thursday, the mayor told Interfax."


def casualty(quote: str, number: int, **changes: Any) -> CasualtyClaim:
    """A claim of so many dead, as a reader of the text would put it."""
    start = TEXT.index(quote)
    given: dict[str, Any] = {
        "id": quote,
        "document": "test",
        "harm": Harm.KILLED,
        "count": Count(minimum=number, maximum=number, hedge=Hedge.EXACT, text=quote),
        "place": Place(text="Donetsk", name="Donetsk", country="UA"),
        "time": TimeSpan(text="Thursday", earliest=date(2015, 1, 22), latest=date(2015, 1, 22)),
        "source": Actor(text="the mayor"),
        "relays": (Actor(text="Interfax"),),
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "extractor": "test",
        "rule": "test",
        "confidence": 1.0,
    }
    return CasualtyClaim(**given | changes)


def passage(*claims: dict[str, Any], **rest: Any) -> Passage:
    """A passage of the text with these expected claims."""
    return Passage.model_validate(
        {
            "id": "test",
            "text": TEXT,
            "date": "2015-01-23",
            "tags": ["killed"],
            "complete": ["casualty"],
            "claims": claims,
            **rest,
        }
    )


WHOLE = {"kind": "casualty", "harm": "killed", "minimum": 13, "maximum": 13, "source": "mayor", "relays": ["Interfax"]}
PART = {
    "kind": "casualty",
    "harm": "killed",
    "minimum": 2,
    "maximum": 2,
    "class": "children",
    "subset_of": {"minimum": 13},
}
THIRTEEN = casualty("Thirteen people", 13)
TWO = casualty(
    "two children", 2, victims=Victims(text="children", **{"class": "children"}), subset_of="Thirteen people"
)


def test_a_perfect_answer() -> None:
    outcome = evaluate(passage(WHOLE, PART), [TWO, THIRTEEN])
    assert [reading.right for reading in outcome.readings] == [True, True]
    assert [reading.claim for reading in outcome.readings] == [THIRTEEN, TWO]
    assert (outcome.spurious, outcome.refused) == ((), ())
    assert misses(outcome) == []


def test_a_wrong_field_is_found_but_not_right() -> None:
    outcome = evaluate(passage(WHOLE), [THIRTEEN.model_copy(update={"relays": ()})])
    (reading,) = outcome.readings
    assert reading.found
    assert not reading.right
    assert reading.wrong == {"relays"}


def test_a_wrong_count_is_missed_and_spurious() -> None:
    wrong = casualty("Thirteen people", 15)
    outcome = evaluate(passage(WHOLE), [wrong])
    assert not outcome.readings[0].found
    assert outcome.readings[0].claim == wrong
    assert outcome.spurious == (wrong,)
    assert len(misses(outcome)) == 3


def test_a_restatement_is_not_spurious_but_answers_once() -> None:
    again = casualty("Thirteen", 13)
    assert evaluate(passage(WHOLE), [THIRTEEN, again]).spurious == ()
    assert [r.found for r in evaluate(passage(WHOLE, WHOLE), [THIRTEEN]).readings] == [True, False]


def test_a_forbidden_claim_is_refused() -> None:
    ban = {"kind": "casualty", "minimum": 13, "country": "UA"}
    outcome = evaluate(passage(**{"not": [ban]}), [THIRTEEN])
    assert [claim for _, claim in outcome.refused] == [THIRTEEN]
    assert evaluate(passage(**{"not": [ban | {"country": "RU"}]}), [THIRTEEN]).refused == ()


def test_modality_defaults_to_asserted_where_required() -> None:
    denied = THIRTEEN.model_copy(update={"modality": Modality.DENIED})
    assert not evaluate(passage(WHOLE), [denied]).readings[0].found
    assert evaluate(passage(WHOLE | {"modality": "denied"}), [denied]).readings[0].right
    assert evaluate(passage(WHOLE), [denied]).spurious == (), "only asserted claims are judged"


def test_the_publisher_is_neither_source_nor_relay() -> None:
    from_itself = THIRTEEN.model_copy(update={"source": Actor(text="Interfax"), "relays": (Actor(text="Interfax"),)})
    wanted = WHOLE | {"source": None, "relays": []}
    assert evaluate(passage(wanted, publisher="Interfax"), [from_itself]).readings[0].right
    assert not evaluate(passage(wanted), [from_itself]).readings[0].right


def test_names_and_places() -> None:
    ministry = Actor(text="the country’s Interior Ministry", name="Ministry of Internal Affairs")
    assert is_actor("Interior Ministry", ministry)
    assert is_actor(("Home Office", "Ministry of Internal Affairs"), ministry)
    assert not is_actor("Prior Ministry", ministry)
    assert is_place("Plateau", Place(text="Plateau State"))
    assert not is_place("Almaty region", Place(text="Almaty", name="Almaty"))
    assert is_place("Medellin", Place(text="MEDELLÍN"))
    assert is_place(None, None)


def test_a_field_of_another_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="a crowd claim has no harm"):
        Expected.model_validate({"kind": "crowd", "harm": "killed"})


def test_tables_count_what_was_found() -> None:
    outcome = evaluate(passage(WHOLE, PART), [THIRTEEN])
    cells = list(zip(*(column.cells for column in table("tune", [outcome]).columns), strict=True))
    assert cells[0] == ("casualty", "2", "1", "1", "0.50", "1", "0", "1.00", "0")
    assert "casualty harm" in list(fields([outcome]).columns[0].cells)
