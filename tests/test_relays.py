"""Sources and relays in the many ways that wires word them; each sentence tells of twelve dead."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from kb.extract.pipeline import Extractor
from kb.model import CasualtyClaim, Document
from tests.gold_match import is_actor


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    return Extractor()


def told(text: str) -> list[CasualtyClaim]:
    document = Document(text=text, published=date(2022, 1, 10), publisher="The Gazette")
    return [claim for claim in extractor().extract(document) if isinstance(claim, CasualtyClaim)]


@pytest.mark.parametrize(
    ("text", "source", "relays"),
    [
        (
            "Twelve people were killed in Kherson, the regional governor told state television.",
            "regional governor",
            ["state television"],
        ),
        (
            "Twelve people were killed in Kherson, Governor Oleksandr Prokudin wrote on Telegram.",
            "Oleksandr Prokudin",
            ["Telegram"],
        ),
        ('"Twelve people were killed," Russia\'s RIA news agency quoted the ministry as saying.', "ministry", ["RIA"]),
        ("The ministry was quoted by RIA as saying that 12 people were killed.", "ministry", ["RIA"]),
        (
            "TASS, citing the emergencies ministry, reported that 12 people were killed.",
            "emergencies ministry",
            ["TASS"],
        ),
        (
            "TASS reported 12 people were killed, citing a source in the emergency services.",
            "source in the emergency services",
            ["TASS"],
        ),
        (
            "According to the Anadolu agency, the governor's office said 12 people were killed.",
            "governor's office",
            ["Anadolu"],
        ),
        (
            "Twelve people were killed, the state news agency SANA reported, citing a military source.",
            "military source",
            ["SANA"],
        ),
        ("Twelve people were killed, a doctor at the hospital told Reuters by telephone.", "doctor", ["Reuters"]),
        (
            "Twelve people were killed, according to Al Mayadeen, which quoted local officials.",
            "local officials",
            ["Al Mayadeen"],
        ),
        ("Local officials, quoted by Al Mayadeen, said 12 people were killed.", "Local officials", ["Al Mayadeen"]),
        ("Twelve people were killed, the army said in a statement carried by state TV.", "army", ["state TV"]),
        ("In a statement published by the SANA agency, the army said 12 people were killed.", "army", ["SANA"]),
        (
            "In remarks broadcast on Radio Bamako, the prime minister said 12 soldiers were killed.",
            "prime minister",
            ["Radio Bamako"],
        ),
        ("Twelve people were killed, AFP quoted a police officer as saying.", "police officer", ["AFP"]),
        ("Twelve people were killed, a police officer told AFP.", "police officer", ["AFP"]),
        ("Twelve people were killed, Kyodo News reported, quoting police.", "police", ["Kyodo"]),
        ("Twelve people were killed, Xinhua said, citing local authorities.", "local authorities", ["Xinhua"]),
        ("Twelve people were killed, local media reported, citing police.", "police", ["local media"]),
        (
            "Twelve people were killed, the Kommersant newspaper reported with reference to sources in the FSB.",
            "sources in the FSB",
            ["Kommersant"],
        ),
        (
            "Police spokesman Bright Otieno told the Daily Nation that 12 people were killed.",
            "Bright Otieno",
            ["Daily Nation"],
        ),
        ('"Twelve people were killed," the minister said in an interview with the BBC.', "minister", ["BBC"]),
        ("Speaking to Al Jazeera, the minister said 12 people were killed.", "minister", ["Al Jazeera"]),
        ("Speaking on state television, the minister said 12 people were killed.", "minister", ["state television"]),
        (
            "In an interview with Le Monde, General Diallo said that 12 soldiers were killed.",
            "General Diallo",
            ["Le Monde"],
        ),
        ("A resident who asked not to be named told Reuters that 12 people were killed.", "resident", ["Reuters"]),
        (
            "Sources close to the presidency told RFI that 12 people were killed.",
            "Sources close to the presidency",
            ["RFI"],
        ),
        (
            "The Taliban spokesman, Zabihullah Mujahid, said on Twitter that 12 soldiers were killed.",
            "Zabihullah Mujahid",
            ["Twitter"],
        ),
        (
            "Interfax quoted the Kremlin spokesman, Dmitry Peskov, as saying 12 people were killed.",
            "Dmitry Peskov",
            ["Interfax"],
        ),
        ("RIA cited the FSB as saying that 12 people were killed.", "FSB", ["RIA"]),
        (
            "The Interfax agency, quoting a law-enforcement source, says 12 people were killed.",
            "law-enforcement source",
            ["Interfax"],
        ),
        ("As reported by Interfax, the ministry announced that 12 people were killed.", "ministry", ["Interfax"]),
        (
            "The newspaper El Tiempo, citing military intelligence, reported that 12 rebels were killed.",
            "military intelligence",
            ["El Tiempo"],
        ),
        ("Twelve rebels were killed, an army communique read on national radio said.", "army", ["national radio"]),
        (
            "A communique from the armed forces read over Radio Mogadishu said 12 rebels were killed.",
            "armed forces",
            ["Radio Mogadishu"],
        ),
        (
            "Twelve people were killed, the hospital's director, Dr Amina Yusuf, told the Associated Press.",
            "Amina Yusuf",
            ["Associated Press"],
        ),
        (
            "Twelve people were killed, IRNA reported on Friday, citing the governor of Sistan.",
            "governor of Sistan",
            ["IRNA"],
        ),
        (
            "Rebel commander Khalil Bashir told Radio Dabanga by satellite phone that 12 people were killed.",
            "Khalil Bashir",
            ["Radio Dabanga"],
        ),
        ("Haaretz, quoting an Israeli officer, reported that 12 people were killed.", "Israeli officer", ["Haaretz"]),
        ("Twelve people were killed, says a UN report seen by Reuters.", "UN report", ["Reuters"]),
        ("The Observatory, which relies on a network of activists, said 12 people were killed.", "Observatory", []),
        ("Twelve people were killed, said the Observatory, which is based in Britain.", "Observatory", []),
        ("The police and the health ministry said 12 people were killed.", "police", []),
        ("Officials and witnesses said 12 people were killed.", "Officials", []),
        ("Twelve people were killed, according to police and hospital officials.", "police", []),
        ("Residents reached by phone said 12 people were killed.", "Residents", []),
        ("A senior official, speaking on condition of anonymity, said 12 people were killed.", "senior official", []),
        ("Twelve people were killed, an official who declined to be identified said.", "official", []),
        ("Reuters could not independently verify the claim. The group said 12 people were killed.", "group", []),
        ("The spokesman said 12 people were killed.", "spokesman", []),
        ("Médecins Sans Frontières said 12 people were killed.", "Médecins Sans Frontières", []),
        ("MSF teams say they treated 40 wounded people.", "MSF", []),
        ("The UN human rights office said it had verified the deaths of 12 people.", "UN human rights office", []),
        (
            "UN spokesperson Stephane Dujarric told reporters in New York that 12 people were killed.",
            "Stephane Dujarric",
            [],
        ),
        ("Twelve people were killed, Ukraine's General Staff said in its evening update.", "General Staff", []),
        (
            "Ukrainian officials say 12 people were killed; Moscow denies targeting civilians.",
            "Ukrainian officials",
            [],
        ),
        ("Twelve people were killed, an AFP correspondent at the scene reported.", "AFP correspondent", []),
        ("An AFP journalist counted 12 bodies in the morgue.", "AFP journalist", []),
        ("Twelve people were killed, state media reported.", "state media", []),
        ("Twelve people were killed, reports said.", "reports", []),
        ("The president told the nation in a televised address that 12 soldiers were killed.", "president", []),
        ("The ICRC, in a press release, said 12 people were killed.", "ICRC", []),
        ("Two soldiers died, Major Keita told Radio Kledu.", "Keita", ["Radio Kledu"]),
        ("The union told viewers of Channel 4 that nine miners died.", "union", ["Channel 4"]),
        ("Through his spokesman, the governor said 84 children had died.", "governor", ["spokesman"]),
        ("An anonymous caller to a New York newspaper claimed that 12 had died.", "caller", ["New York newspaper"]),
        ("According to an oil worker reached by Novaya Gazeta, 70 were killed.", "oil worker", ["Novaya Gazeta"]),
        ("A statement, read out on IRIB by the minister of health, said 73 people died.", "minister", ["IRIB"]),
        ("Nine people died, Israel's Channel 10 said without naming its source.", "Channel 10", []),
        ("Medics for the protest camp say 70 people were shot dead.", "Medics for the protest camp", []),
        ("Nine people died, city officials said.", "city officials", []),
        ("Nine people died, the Datafolha institute estimated.", "Datafolha institute", []),
        ("I'm told by a nun that the LRA killed 45 people.", "nun", []),
    ],
)
def test_source_and_relays(text: str, source: str, relays: list[str]) -> None:
    (claim,) = told(text)[:1]
    assert is_actor(source, claim.source)
    assert [actor.name or actor.text for actor in claim.relays] == [
        actor.name or actor.text for name, actor in zip(relays, claim.relays, strict=True) if is_actor(name, actor)
    ]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "More than 320 people died in the school. The figure comes from the prosecutor, Oleg Fridman.",
            "Oleg Fridman",
        ),
        (
            "Twenty-four people were killed outside the church. That is the count of the health ministry.",
            "health ministry",
        ),
        (
            "The shelling left 35 people dead. Ashraf al-Najjar of the health ministry gave the number.",
            "Ashraf al-Najjar",
        ),
        ("Five soldiers were killed on the road. So wrote General Diallo in a message.", "Diallo"),
        (
            "A drone hit the plant and killed three workers, the regional administration reported. No one was hurt.",
            "administration",
        ),
    ],
)
def test_a_sentence_that_names_the_source_of_the_one_before(text: str, source: str) -> None:
    assert all(is_actor(source, claim.source) for claim in told(text))


def test_who_says_nothing_is_no_source() -> None:
    (claim,) = told("The army has not commented on the deaths of 12 people who were killed on Friday.")[:1]
    assert not is_actor("army", claim.source)


def test_what_is_behind_a_semicolon_has_its_own_speaker() -> None:
    first, second = told("No civilian was killed, President Karimov said; the Observatory said 12 people were killed.")
    assert is_actor("Karimov", first.source)
    assert is_actor("Observatory", second.source)
    assert not second.relays


def test_a_quotation_that_goes_on_is_its_speakers_and_not_of_who_speaks_behind_it() -> None:
    first, second, third = told(
        "“At least 12 people were killed,” Governor Prokudin said. “Another 20 were killed in the rubble.” "
        "Residents said two children were killed."
    )
    assert is_actor("Prokudin", first.source)
    assert is_actor("Prokudin", second.source)
    assert is_actor("Residents", third.source)


def test_who_denies_one_thing_and_says_another_is_not_read_as_denying_both() -> None:
    (claim,) = told("The rebels denied this and said that the army had killed 20 civilians in Goma.")
    assert claim.modality == "asserted"


def test_what_is_told_further_by_a_pronoun_is_told_to_the_same_outlet() -> None:
    first, second = told("Major Keita told Radio Kledu that two soldiers had died. He added that nine were wounded.")
    assert is_actor("Keita", second.source)
    assert second.relays == first.relays != ()


def test_a_body_speaks_by_its_own_count() -> None:
    _, second = told("The union condemned the raid and said two miners had died. By its own count nine were wounded.")
    assert is_actor("union", second.source)
