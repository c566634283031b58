"""How statements are put: denied, attempted, planned, possible, demanded, conditional."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from kb.extract.pipeline import Extractor
from kb.model import Claim, Document


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    return Extractor()


def claims(text: str, kind: str) -> list[Claim]:
    found = extractor().extract(Document(text=text, published=date(2022, 1, 6)))
    return [claim for claim in found if claim.kind == kind]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Twelve people were killed in Almaty.", "asserted"),
        ("Twelve people may have been killed in Almaty.", "possible"),
        ("Twelve people are feared dead in Almaty.", "possible"),
        ("Twelve people are believed to have been killed in Almaty.", "possible"),
        ("The army denied that twelve people had been killed in Almaty.", "denied"),
        ("The army denied it had killed twelve people in Almaty.", "denied"),
        ("The army denied involvement in the attack that killed twelve people in Almaty.", "asserted"),
        ("There is no evidence that twelve people were killed in Almaty.", "denied"),
        ("Reports that twelve people were killed in Almaty are false, police said.", "denied"),
        ("According to the withdrawn report, twelve people were killed in Almaty.", "denied"),
        ("Twelve people would be killed in Almaty if the truce failed.", "conditional"),
        ("The rebels threatened to kill twelve people in Almaty.", "planned"),
        ("The rebels tried to kill twelve people in Almaty.", "attempted"),
        ("The rebels claimed to have killed twelve people in Almaty.", "asserted"),
        ("Police said they had not only killed twelve people in Almaty but arrested forty.", "asserted"),
    ],
)
def test_people_harmed(text: str, modality: str) -> None:
    found = [claim for claim in claims(text, "casualty") if claim.count.minimum == 12]  # type: ignore[union-attr]
    assert [claim.modality for claim in found] == [modality]


@pytest.mark.parametrize(
    ("text", "kind", "modality"),
    [
        ("Militants attacked the airport in Almaty.", "attack", "asserted"),
        ("Militants attempted to seize the airport in Almaty.", "seizure", "attempted"),
        ("Police foiled an attack on the airport in Almaty.", "attack", "attempted"),
        ("The governor survived an assassination attempt in Almaty.", "assassination", "attempted"),
        ("The council demanded an immediate ceasefire in Almaty.", "ceasefire", "demanded"),
        ("Militants did not attack the airport in Almaty.", "attack", "denied"),
        ("Militants plan to attack the airport in Almaty.", "attack", "planned"),
        ("Militants could attack the airport in Almaty.", "attack", "possible"),
    ],
)
def test_events(text: str, kind: str, modality: str) -> None:
    found = [claim.modality for claim in claims(text, "event") if claim.event_type == kind]
    assert found == [modality]


def test_what_lies_in_the_past_keeps_its_own_time() -> None:
    (claim,) = claims("In 1981 soldiers killed twelve villagers in Almaty.", "casualty")
    assert claim.time is not None
    assert claim.time.earliest == date(1981, 1, 1)
