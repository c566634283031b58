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


# A sentence, the kind of claim, the type of event if it is one, and how it is put.
KINDS = [
    ("Police denied firing on the crowd.", "event", "attack", "denied"),
    ("The army denied that it had shelled the market in Idlib.", "event", "shelling", "denied"),
    ("The rebels did not attack the base, their spokesman said.", "event", "attack", "denied"),
    ("No clashes were reported in Goma.", "event", "clash", "denied"),
    ("Gunmen tried to kidnap the mayor of Tulua.", "event", "kidnapping", "attempted"),
    ("Gunmen attempted to storm the parliament in Tbilisi.", "event", "attack", "attempted"),
    ("Security forces foiled a bomb attack in Kabul.", "event", "bombing", "attempted"),
    ("Police prevented the protesters from storming the palace in Minsk.", "event", "attack", "attempted"),
    ("The opposition plans to hold a rally in Minsk on Sunday.", "event", "protest", "planned"),
    ("The miners will strike on Monday in Nairobi.", "event", "protest", "planned"),
    ("A protest is planned for Friday in Tunis.", "event", "protest", "planned"),
    ("The opposition demanded the resignation of the president.", "event", "resignation", "demanded"),
    ("The UN called for a ceasefire in Gaza.", "event", "ceasefire", "demanded"),
    ("The ministers urged both sides to stop fighting.", "event", "ceasefire", "demanded"),
    ("The government may impose a curfew in Paris.", "event", "curfew", "possible"),
    ("A new attack on Kharkiv is possible, the mayor warned.", "event", "attack", "possible"),
    ("If the talks fail, the rebels will attack Goma.", "event", "attack", "conditional"),
    ("The army would attack Goma if the rebels refused to leave.", "event", "attack", "conditional"),
    ("Unless the demands are met, workers will strike in Lagos.", "event", "protest", "conditional"),
    ("Reports of an attack on the barracks were false.", "event", "attack", "denied"),
    ("The ministry dismissed reports of clashes at the border.", "event", "clash", "denied"),
    ("The rumour that rebels had seized Bukavu turned out to be untrue.", "event", "seizure", "denied"),
    ("There was no looting in Almaty, the mayor said.", "event", "looting", "denied"),
    ("Israel ruled out a ceasefire.", "event", "ceasefire", "denied"),
    ("The president refused to resign.", "event", "resignation", "denied"),
    ("The governor cancelled the curfew in Osh.", "event", "curfew", "asserted"),
    ("Russia threatened to bomb Kyiv.", "event", "bombing", "planned"),
    ("The plot to bomb the embassy in Nairobi was uncovered.", "event", "bombing", "planned"),
    ("Rebels are preparing to attack Goma.", "event", "attack", "planned"),
    ("Rebels allegedly attacked a convoy near Djibo.", "event", "attack", "asserted"),
    ("It is not true that soldiers attacked the hospital.", "event", "attack", "denied"),
    ("He rejected claims that his men had looted the market.", "event", "looting", "denied"),
    ("Russia denied sending troops to Mali.", "deployment", "", "denied"),
    ("Moscow denied that it had deployed mercenaries in Mali.", "deployment", "", "denied"),
    ("France has not sent troops to Niger.", "deployment", "", "denied"),
    ("No Russian soldiers are in Mali, the junta said.", "deployment", "", "denied"),
    ("Reports that Egypt had sent troops to Libya were false.", "deployment", "", "denied"),
    ("NATO ruled out sending troops to Ukraine.", "deployment", "", "denied"),
    ("Poland refused to send troops to Mali.", "deployment", "", "denied"),
    ("Germany may send 500 soldiers to Lithuania.", "deployment", "", "possible"),
    ("If asked, France would send 500 soldiers to Benin.", "deployment", "", "conditional"),
    ("Kenya reportedly sent 200 police to Haiti.", "deployment", "", "asserted"),
    ("The police denied that 10,000 people had protested in Minsk.", "crowd", "", "denied"),
    ("Organisers expect 10,000 people to protest in Minsk on Sunday.", "crowd", "", "planned"),
]


@pytest.mark.parametrize(("text", "kind", "event_type", "modality"), KINDS)
def test_every_kind_of_claim(text: str, kind: str, event_type: str, modality: str) -> None:
    found = [claim for claim in claims(text, kind) if not event_type or claim.event_type == event_type]
    assert [claim.modality for claim in found][:1] == [modality]
