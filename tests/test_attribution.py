"""Who says what, through whom: chains of attribution in one sentence and over several."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from kb.extract.pipeline import Extractor
from kb.model import Actor, Claim, Document

DAY = date(2022, 1, 6)


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    return Extractor()


def claims(text: str, publisher: str | None = None) -> list[Claim]:
    """The claims of people harmed in a text."""
    found = extractor().extract(Document(text=text, published=DAY, publisher=publisher))
    return [claim for claim in found if claim.kind == "casualty"]


def named(actor: Actor | None) -> str | None:
    return (actor.name or actor.text) if actor else None


def chain(claim: Claim) -> list[str | None]:
    """The source and the relays, from the source outwards."""
    return [named(claim.source), *(named(relay) for relay in claim.relays)]


HEALTH = "Health Ministry of Kazakhstan"
INTERIOR = "Interior Ministry of Kazakhstan"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Twelve people were killed in Almaty, the Interior Ministry said.", [INTERIOR]),
        ("The Interior Ministry of Kazakhstan said that twelve people were killed in Almaty.", [INTERIOR]),
        ("According to the Interior Ministry, twelve people were killed in Almaty.", [INTERIOR]),
        ("Twelve people were killed in Almaty according to the Interior Ministry of Kazakhstan.", [INTERIOR]),
        (
            "Twelve people were killed in Almaty, Interfax reported, citing the Interior Ministry.",
            [INTERIOR, "Interfax"],
        ),
        ("Interfax, citing the Interior Ministry, said twelve people were killed in Almaty.", [INTERIOR, "Interfax"]),
        (
            "Interfax quoted the Interior Ministry as saying that twelve people were killed in Almaty.",
            [INTERIOR, "Interfax"],
        ),
        ("The Interior Ministry told Interfax that twelve people were killed in Almaty.", [INTERIOR, "Interfax"]),
        (
            "Twelve people were killed in Almaty, the Interior Ministry told Interfax on Thursday.",
            [INTERIOR, "Interfax"],
        ),
        (
            "“Twelve people were killed in Almaty,” the Interior Ministry was quoted by Interfax as saying.",
            [INTERIOR, "Interfax"],
        ),
        (
            "The Interior Ministry said that twelve people were killed in Almaty, Interfax reported.",
            [INTERIOR, "Interfax"],
        ),
        (
            "Twelve people were killed in Almaty, TASS reported, citing a report by Interfax that "
            "quoted the Interior Ministry.",
            [INTERIOR, "Interfax", "TASS"],
        ),
        ("Twelve people were killed in Almaty, police spokeswoman Aliya Omarova said on Thursday.", ["Aliya Omarova"]),
        ("“Twelve people were killed in Almaty,” said Aliya Omarova, a police spokeswoman.", ["Aliya Omarova"]),
        ("The city's mayor, Aliya Omarova, said twelve people were killed in Almaty.", ["Aliya Omarova"]),
        ("Twelve people were killed in Almaty, the state emergency agency said.", ["state emergency agency"]),
        ("Twelve people were killed, the health directorate in Almaty said.", ["health directorate in Almaty"]),
        ("Twelve people were killed in Almaty, a police source said.", ["police source"]),
        ("Police: twelve people killed in Almaty", ["police of Kazakhstan"]),
        ("Twelve people were killed in Almaty, the Belgrade daily Politika reported.", ["Politika"]),
    ],
)
def test_chain_in_one_sentence(text: str, expected: list[str]) -> None:
    found = claims(text)
    assert found
    assert chain(found[0]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Police said twelve people were killed in Almaty, but the army said three soldiers died.",
            [("police", 12), ("army", 3)],
        ),
        (
            "Twelve people were killed in Almaty, police said, and 20 were wounded, according to doctors.",
            [("police", 12), ("doctors", 20)],
        ),
        ("The army said twelve people were killed in Almaty. Three more died in hospital.", [("army", 12), (None, 3)]),
    ],
)
def test_each_clause_has_its_own_source(text: str, expected: list[tuple[str | None, int]]) -> None:
    found = [(named(claim.source), claim.count.minimum) for claim in claims(text)]  # type: ignore[union-attr]
    assert [number for _, number in found] == [number for _, number in expected]
    for (source, _), (word, _) in zip(found, expected, strict=True):
        assert (word is None) == (source is None)
        assert word is None or word in (source or "").lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Police spokesman Nurlan Abenov said twelve people were killed in Almaty. He said that 40 were wounded.",
            ["Nurlan Abenov", "Nurlan Abenov"],
        ),
        (
            "Twelve people were killed in Almaty, police spokesman Nurlan Abenov said. "
            "The spokesman said 40 were wounded.",
            ["Nurlan Abenov", "Nurlan Abenov"],
        ),
        (
            "The Health Ministry said twelve people were killed in Almaty. It said that 40 were wounded.",
            [HEALTH, HEALTH],
        ),
        (
            "Twelve people were killed in Almaty, the Health Ministry said. "
            "Another 40 were wounded, the ministry said.",
            [HEALTH, HEALTH],
        ),
        (
            "“A shell hit the square,” said Aliya Omarova. “Twelve people were killed there. We counted the bodies.”",
            ["Aliya Omarova"],
        ),
    ],
)
def test_speakers_are_taken_up_again(text: str, expected: list[str]) -> None:
    assert [named(claim.source) for claim in claims(text)] == expected


def test_without_attribution_the_publisher_is_the_source() -> None:
    (claim,) = claims("Twelve people were killed in Almaty.", "Reuters")
    assert named(claim.source) == "Reuters"


def test_the_agency_of_a_dateline_is_source_or_relay() -> None:
    (told,) = claims("ALMATY (Reuters) - Twelve people were killed in the city, police said.")
    assert chain(told) == ["police of Kazakhstan", "Reuters"]
    (plain,) = claims("ALMATY, 6 Jan (Reuters) - Twelve people were killed in the city.")
    assert chain(plain) == ["Reuters"]
    (own,) = claims("ALMATY (Reuters) - Twelve people were killed in the city, police said.", "Reuters")
    assert chain(own) == ["police of Kazakhstan"]


def test_photo_credits_are_no_sources() -> None:
    text = "Soldiers in Almaty on Thursday. (Oleg Marchenko / AFP)\n\nTwelve people were killed in Almaty."
    assert [chain(claim) for claim in claims(text)] == [[None]]


def test_the_day_of_saying_is_not_the_day_of_dying() -> None:
    (claim,) = claims("Twelve people were killed in Almaty, police said on Thursday.")
    assert claim.time is None
    (claim,) = claims("Twelve people were killed in Almaty on Tuesday, police said on Thursday.")
    assert claim.time is not None
    assert claim.time.earliest == claim.time.latest == date(2022, 1, 4)


def test_yesterday_is_told_from_the_dateline() -> None:
    (claim,) = claims("ALMATY, 4 JAN 22 (Interfax) -- Twelve people were killed in Almaty yesterday.")
    assert claim.time is not None
    assert claim.time.earliest == claim.time.latest == date(2022, 1, 3)
