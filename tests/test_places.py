"""Places: which place a name stands for, in several words and lists, and where things happen."""

from __future__ import annotations

import pytest

from kb.extract.pipeline import Extractor
from kb.extract.reading import Reader
from kb.model import Document, Place

# text | the places of its sentences in order, as name/country (precision: c country, r region, t city or town, s site)
TABLE = """
Protests began in Almaty, Kazakhstan. | Almaty/KZ t; Kazakhstan/KZ c
Two died in Granada, Spain. | Granada/ES t; Spain/ES c
Rebels took the town of Marrat in Syria. | Marrat/SY t; Syria/SY c
A bomb went off near Almaty airport in Kazakhstan. | Almaty airport/KZ s; Kazakhstan/KZ c
Fighting hit Diyala Province in Iraq. | Diyala Governorate/IQ r; Iraq/IQ c
The troops then quietly took Mount Sinjar in Iraq. | Mount Sinjar/IQ s; Iraq/IQ c
They shelled the Hamrin mountains in Iraq. | Hamrin/IQ s; Iraq/IQ c
Two were hurt in the Ugandan capital, police said. | Kampala/UG t
Uganda was calm. Shops in the capital closed. | Uganda/UG c; Kampala/UG t
The capital of Syria was calm. | Syria/SY c
SALVADORAN TROOPS FOUGHT IN GUAZAPA, CHALATENANGO, AND ILOBASCO. | Guazapa/SV t; Chalatenango/SV r; Ilobasco/SV t
SALVADORAN TROOPS FOUGHT IN THE ESCALON AND SAN BENITO NEIGHBORHOODS. | Escalon/SV t; San Benito/SV s
COLOMBIAN GUERRILLAS ATTACKED THE "LA EMINENCIA" FARM THIS MORNING. | La Eminencia/CO s
COLOMBIAN TROOPS DIED AT THE PLACE CALLED LA MOTOSA THIS MORNING. | La Motosa/CO t
COLOMBIAN REBELS BLEW UP A PIPELINE IN THE CATATUMBO OIL BASIN TODAY. | Catatumbo Oil Basin/CO s
COLOMBIAN POLICE WENT TO THE JOSE MARIA CORDOBA AIRPORT TODAY. | Jose Maria Cordoba Airport/CO s
SALVADORAN SOLDIERS FOUGHT IN CITIES SUCH AS MEXICANILLOS AND APOPA TODAY. | Mexicanillos/SV t; Apopa/SV t
COLOMBIAN LAWYER JUAN PEREZ WAS SHOT. PEREZ DIED LATER IN BOGOTA. | Bogotá/CO t
Jeff Davis spoke. Then Davis left for Syria. | Syria/SY c
Troops fought in Dabiq in Syria. Dabiq fell on Monday. | Dabiq/SY t; Syria/SY c; Dabiq/SY t
Trouble in the Middle East spread to Iraq. | Middle East/ r; Iraq/IQ c
"""
KINDS = {"country": "c", "region": "r", "city": "t", "site": "s"}


def _shown(place: Place) -> str:
    return f"{place.name}/{place.country or ''} {KINDS[place.precision or 'city']}"


def _rows() -> list[tuple[str, list[str]]]:
    rows = (line.rpartition("|") for line in TABLE.strip().splitlines())
    return [(text.strip(), [part.strip() for part in wanted.split(";")]) for text, _, wanted in rows]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader("http://example.org/")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor("http://example.org/")


@pytest.mark.parametrize(("text", "wanted"), _rows())
def test_places_of_a_text(reader: Reader, text: str, wanted: list[str]) -> None:
    reading = reader.read(Document(text=text))
    assert [_shown(n.value) for line in reading.lines for n in line.nodes if n.kind == "place"] == wanted


# text | where its claims take place
SCENES = """
Two soldiers were killed in Almaty, Kazakhstan. | Almaty
Two soldiers were killed in Villa Rara, Antioquia, Colombia. | Villa Rara
ALMATY, Jan 6 (Reuters) - Two soldiers were killed by rebels in Shymkent. | Shymkent
BOGOTA, 6 JAN 90 (EFE) -- [TEXT] TWO COLOMBIAN SOLDIERS WERE KILLED BY THE GUERRILLAS TODAY. | Colombia
BOGOTA, 6 JAN 90 (EFE) -- [TEXT] TWO COLOMBIAN SOLDIERS WERE KILLED BY A BOMB DOWNTOWN TODAY. | Bogotá
The mayor of Huanta, Peru, was murdered by gunmen. | Huanta
Rebels in Sudan besieged El Fasher and blocked the road to Nyala. | El Fasher
Police said protests hit Aktobe. Two policemen were killed later. | Aktobe
In Kazakhstan, the United States said, two soldiers were killed. | Kazakhstan
Twin bombings in the Ugandan capital killed 76 people. | Kampala
"""


@pytest.mark.parametrize("row", SCENES.strip().splitlines())
def test_where_claims_take_place(extractor: Extractor, row: str) -> None:
    text, _, wanted = (part.strip() for part in row.rpartition("|"))
    claims = extractor.extract(Document(text=text))
    assert wanted in {claim.place.name for claim in claims if claim.place}, [
        (c.kind, c.place and c.place.name) for c in claims
    ]


def test_an_event_in_each_place_of_a_list(extractor: Extractor) -> None:
    text = "In El Salvador, attacks took place in Guazapa, Chalatenango and Ilobasco on Monday."
    claims = extractor.extract(Document(text=text))
    places = [c.place.name or "" for c in claims if c.kind == "event" and c.event_type == "attack" and c.place]
    assert sorted(places) == ["Chalatenango", "Guazapa", "Ilobasco"]
    assert len({claim.id for claim in claims}) == len(claims)


CALM = "The weather was fine. " * 5


@pytest.mark.parametrize(
    ("title", "text", "place"),
    [
        (None, f"Two men were killed in Aktobe and one in Atyrau. {CALM}Two women were injured.", "Kazakhstan"),
        (None, f"Two men were killed in Aktobe. {CALM}Two women were injured by gunmen.", "Aktobe"),
        ("Gunmen attack police in Aktobe", "Two women were injured by gunmen.", "Aktobe"),
        ("Kazakhstan mourns", "Two women were injured by gunmen.", "Kazakhstan"),
    ],
)
def test_what_names_no_place_is_of_the_only_town_told_of(
    extractor: Extractor, title: str | None, text: str, place: str
) -> None:
    document = Document(text=f"Kazakh police spoke. {text}", title=title)
    last = [claim for claim in extractor.extract(document) if claim.kind == "casualty"][-1]
    assert last.place is not None
    assert last.place.name == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A bomb went off in Quetta. Staff at Civil Hospital said that 19 people had died.", "Quetta"),
        ("A bomb went off in Quetta. A second blast outside Civil Hospital killed 19 people.", "Civil Hospital"),
    ],
)
def test_a_hospital_is_where_the_harmed_are_counted(extractor: Extractor, text: str, place: str) -> None:
    last = [claim for claim in extractor.extract(Document(text=text)) if claim.kind == "casualty"][-1]
    assert last.place is not None
    assert last.place.name == place
