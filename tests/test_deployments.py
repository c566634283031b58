"""Forces sent, moved and withdrawn."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import pytest

from kb.extract.pipeline import Extractor
from kb.model import DeploymentClaim, Document


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    return Extractor()


def moved(text: str) -> list[DeploymentClaim]:
    found = extractor().extract(Document(text=text, published=date(2022, 1, 13)))
    return [claim for claim in found if isinstance(claim, DeploymentClaim)]


def fields(claim: DeploymentClaim) -> dict[str, Any]:
    """A claim as plain values."""
    return {
        "phase": claim.phase,
        "deployer": claim.deployer and claim.deployer.name,
        "contributors": [actor.name for actor in claim.contributors],
        "unit": claim.unit,
        "count": claim.count and claim.count.minimum,
        "equipment": claim.equipment,
        "origin": claim.origin and claim.origin.name,
        "destination": claim.destination and claim.destination.name,
        "purpose": claim.purpose,
        "modality": claim.modality,
    }


CSTO = "Collective Security Treaty Organization (CSTO)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Russia sent 2,030 troops and 250 pieces of hardware to Kazakhstan to guard strategic sites.",
            {
                "phase": "departed",
                "deployer": "Russia",
                "count": 2030,
                "equipment": "250 pieces of hardware",
                "destination": "Kazakhstan",
                "purpose": "to guard strategic sites",
            },
        ),
        (
            "Russia has decided to send 500 troops to Kazakhstan.",
            {"phase": "approved", "deployer": "Russia", "count": 500},
        ),
        (
            "Russia will send 500 troops to Kazakhstan.",
            {"phase": "announced", "deployer": "Russia", "modality": "asserted"},
        ),
        (
            "Kazakhstan asked Russia to send 500 troops to Almaty.",
            {"phase": "requested", "deployer": "Russia", "destination": "Almaty"},
        ),
        (
            "About 400 Russian soldiers landed in Almaty.",
            {"phase": "arrived", "deployer": "Russia", "destination": "Almaty"},
        ),
        ("500 Russian troops were deployed in Almaty.", {"phase": "operating", "deployer": "Russia", "count": 500}),
        ("500 Russian troops are in Kazakhstan.", {"phase": "operating", "deployer": "Russia", "count": 500}),
        (
            "The forces of the CSTO have begun to withdraw from Kazakhstan.",
            {"phase": "withdrawing", "deployer": CSTO, "origin": "Kazakhstan", "destination": None},
        ),
        ("Russian troops have left Kazakhstan.", {"phase": "withdrawn", "deployer": "Russia", "origin": "Kazakhstan"}),
        (
            "Ten planes carrying Belarusian peacekeepers left Almaty for Minsk.",
            {"phase": "departed", "deployer": "Belarus", "origin": "Almaty", "destination": "Minsk", "count": None},
        ),
        (
            "The Russian troops will leave Kazakhstan on Friday.",
            {"phase": "withdrawing", "modality": "planned", "origin": "Kazakhstan"},
        ),
        (
            "A peacekeeping force has been formed with troops from Russia, Belarus and Armenia.",
            {"contributors": ["Russia", "Belarus", "Armenia"], "unit": "peacekeeping force"},
        ),
        (
            "About 2,000 troops from Russia, Belarus and Armenia were deployed in Kazakhstan.",
            {"contributors": ["Russia", "Belarus", "Armenia"], "count": 2000, "deployer": None},
        ),
        ("Ghana sent a battalion of 600 men to Liberia.", {"unit": "battalion of 600 men", "count": 600}),
        ("Ghana sent two infantry battalions to Liberia.", {"unit": "two infantry battalions", "count": None}),
        (
            "The Russian Defence Ministry said that its troops had returned home.",
            {"phase": "withdrawn", "deployer": "Russia"},
        ),
    ],
)
def test_one_movement(text: str, expected: dict[str, Any]) -> None:
    (claim,) = moved(text)
    found = fields(claim)
    assert {name: found[name] for name in expected} == expected


def test_contingents_by_state_are_claims_of_their_own() -> None:
    found = moved("Kyrgyzstan sent about 150 special forces, Armenia 100 soldiers and Tajikistan about 200.")
    assert [(fields(c)["deployer"], fields(c)["count"]) for c in found] == [
        ("Kyrgyzstan", 150),
        ("Armenia", 100),
        ("Tajikistan", 200),
    ]


def test_a_force_named_again_keeps_its_owner() -> None:
    first, second = moved(
        "The CSTO sent peacekeepers to Kazakhstan. The peacekeepers have begun their tasks in Almaty."
    )
    assert second.phase == "operating"
    assert second.deployer == first.deployer


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers entered a house and arrested three men.",
        "The last troops crossed the river, the general staff announced in Paris.",
        "The president has a force of will that few can match.",
    ],
)
def test_no_movement(text: str) -> None:
    assert [claim for claim in moved(text) if claim.destination is not None] == []


AGAIN = [
    (
        "Kenya sent 400 policemen to Haiti on Tuesday. Another 600 are expected in the coming weeks.",
        {"phase": "announced", "deployer": "Kenya", "count": 600, "unit": "policemen"},
    ),
    (
        "French troops left Gao. They arrived in Niamey on Friday.",
        {"phase": "arrived", "deployer": "France", "destination": "Niamey"},
    ),
    (
        "A battalion of Gurkhas is in Pristina. 200 soldiers left Skopje for Pristina.",
        {"phase": "departed", "count": 200, "destination": "Pristina"},
    ),
    (
        "Troops entered Mali. The 3,200 soldiers of the African Union are in the country.",
        {"phase": "operating", "count": 3200, "destination": "Mali"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), AGAIN)
def test_forces_told_of_again(text: str, expected: dict[str, Any]) -> None:
    found = fields(moved(text)[-1])
    assert {name: found[name] for name in expected} == expected


def test_a_number_without_a_force_before_it_is_no_force() -> None:
    assert moved("Delegates have met. Another 600 are expected in Geneva.") == []


WHOSE = [
    ("India has offered two battalions with 16 armoured vehicles, and Jordan a further 900 men.", [None, 900]),
    ("The army withdrew its 1,266 men from Haiti.", [1266]),
    ("Norway will send an engineering company of about 150 to Darfur.", [150]),
    ("A column of 32 tanks, 16 howitzers and 30 trucks carrying fighters crossed from Russia into Ukraine.", [None]),
]


@pytest.mark.parametrize(("text", "counts"), WHOSE)
def test_how_many_counts_people_only(text: str, counts: list[int | None]) -> None:
    assert [fields(claim)["count"] for claim in moved(text)] == counts


def test_who_expels_soldiers_does_not_own_them() -> None:
    (claim,) = moved("Iraq has voted to expel the 5,200 American soldiers stationed in Baghdad.")
    assert fields(claim)["deployer"] == "United States"
