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
