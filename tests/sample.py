"""A small knowledge base by hand: three documents and their claims, without the extractor."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kb import ingest
from kb.model import (
    Actor,
    ActorType,
    CasualtyClaim,
    Claim,
    Count,
    CrowdClaim,
    DeploymentClaim,
    Document,
    EventClaim,
    Harm,
    Hedge,
    Modality,
    Phase,
    Place,
    Precision,
    TimeSpan,
    VictimClass,
    Victims,
    digest,
)
from kb.resources import DEFAULT_BASE
from kb.store import Store

BASE = DEFAULT_BASE

AFP = Document(
    text=(
        "The number of soldiers killed in Almaty was 13, including police. Dozens of attackers were killed, a police "
        "spokesman told Interfax-Kazakhstan. Officials said at least thirteen soldiers were killed on Tuesday. "
        "The CSTO said its council approved on 6 January a force of Russia, Belarus and Armenia, Interfax reported. "
        "More than 1,000 protesters besieged the headquarters. Riots broke out in Almaty on Tuesday. "
        "Police denied that rioters seized the town hall of Almaty on Wednesday."
    ),
    title="Troops for Kazakhstan",
    publisher="AFP",
    published=date(2022, 1, 6),
    url="https://example.org/afp",
    language="en",
)
KAZINFORM = Document(
    text=(
        "Sixteen police officers and soldiers died in Kazakhstan, the Interior Ministry said. Two children were killed "
        "in Almaty, TASS wrote, citing Sputnik, which quoted the Health Ministry. About 1,300 people were injured. "
        "Riots went on in Almaty on Tuesday and Wednesday."
    ),
    title="Toll grows",
    publisher="Kazinform",
    published=datetime(2022, 1, 7, 9, 30),
    url="not a link",
)
UNDATED = Document(text="Between 5 and 7 terrorists were killed in Aktobe.")


def iri(local: str) -> str:
    return BASE + local


KAZAKHSTAN = Place(text="Kazakhstan", name="Kazakhstan", iri=iri("place/kz"), country="KZ", precision=Precision.COUNTRY)
ALMATY = Place(
    text="Almaty",
    name="Almaty",
    iri=iri("place/kz/almaty"),
    country="KZ",
    lat=43.25,
    lon=76.95,
    precision=Precision.CITY,
    within=iri("place/kz"),
)
TOWN_HALL = Place(
    text="the town hall",
    name="Town hall (Almaty)",
    iri=iri("place/kz/almaty/town-hall"),
    country="KZ",
    precision=Precision.SITE,
    within=iri("place/kz/almaty"),
)
AKTOBE = Place(
    text="Aktobe",
    name="Aqtöbe",
    iri=iri("place/kz/aqtobe"),
    country="KZ",
    precision=Precision.CITY,
    within=iri("place/kz"),
)


def actor(text: str, local: str, kind: ActorType, name: str | None = None, **more: Any) -> Actor:
    return Actor(text=text, name=name, iri=iri(f"actor/{local}"), type=kind, **more)


CSTO = actor("The CSTO", "csto", ActorType.ALLIANCE, "Collective Security Treaty Organization (CSTO)")
INTERFAX = actor("Interfax", "interfax", ActorType.OUTLET, "Interfax")
INTERFAX_KZ = actor("Interfax-Kazakhstan", "interfax-kazakhstan", ActorType.OUTLET, "Interfax-Kazakhstan")
TASS = actor("TASS", "tass", ActorType.OUTLET, "TASS")
SPUTNIK = actor("Sputnik", "sputnik", ActorType.OUTLET, "Sputnik")
OFFICIALS = actor("Officials", "kz-officials", ActorType.GROUP, country="KZ")
SPOKESMAN = actor("a police spokesman", "kz-police-spokesman", ActorType.GROUP, role="police spokesman", country="KZ")
PROTESTERS = actor("protesters", "kz-protesters", ActorType.GROUP, country="KZ")
RIOTERS = actor("rioters", "kz-rioters", ActorType.GROUP, country="KZ")
INTERIOR = actor(
    "the Interior Ministry", "kz-interior-ministry", ActorType.MINISTRY, "Interior Ministry of Kazakhstan", country="KZ"
)
HEALTH = actor(
    "the Health Ministry", "kz-health-ministry", ActorType.MINISTRY, "Health Ministry of Kazakhstan", country="KZ"
)
STATES = tuple(actor(name, name.lower(), ActorType.STATE, name) for name in ("Russia", "Belarus", "Armenia"))

TUESDAY = TimeSpan(text="on Tuesday", earliest=date(2022, 1, 4), latest=date(2022, 1, 4))
WEDNESDAY = TimeSpan(text="on Wednesday", earliest=date(2022, 1, 5), latest=date(2022, 1, 5))
BOTH = TimeSpan(text="on Tuesday and Wednesday", earliest=date(2022, 1, 4), latest=date(2022, 1, 5))


def _shared(document: Document, quote: str) -> dict[str, Any]:
    start = document.text.index(quote)
    return {
        "id": digest(document.key, quote),
        "document": document.id,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "extractor": "hand/1",
        "rule": "hand",
        "confidence": 1.0,
    }


def count(minimum: int | None, maximum: int | None, hedge: Hedge, text: str) -> Count:
    return Count(minimum=minimum, maximum=maximum, hedge=hedge, text=text)


def victims(text: str, local: str, kind: VictimClass) -> Victims:
    return Victims(text=text, class_=kind, iri=iri(f"actor/kz-{local}"), country="KZ")


def casualty(document: Document, quote: str, number: Count, who: Victims, **more: Any) -> CasualtyClaim:
    return CasualtyClaim(**{"harm": Harm.KILLED, **_shared(document, quote), "count": number, "victims": who, **more})


EXACTLY_13 = casualty(
    AFP,
    "The number of soldiers killed in Almaty was 13, including police",
    count(13, 13, Hedge.EXACT, "13"),
    victims("soldiers", "soldiers", VictimClass.MILITARY),
    place=ALMATY,
)
DOZENS = casualty(
    AFP,
    "Dozens of attackers were killed, a police spokesman told Interfax-Kazakhstan",
    count(24, None, Hedge.VAGUE, "Dozens"),
    victims("attackers", "attackers", VictimClass.MILITANTS),
    place=ALMATY,
    source=SPOKESMAN,
    relays=(INTERFAX_KZ,),
)
AT_LEAST_13 = casualty(
    AFP,
    "Officials said at least thirteen soldiers were killed on Tuesday",
    count(13, None, Hedge.AT_LEAST, "at least thirteen"),
    victims("soldiers", "soldiers", VictimClass.MILITARY),
    place=ALMATY,
    time=TUESDAY,
    source=OFFICIALS,
)
SIXTEEN = casualty(
    KAZINFORM,
    "Sixteen police officers and soldiers died in Kazakhstan, the Interior Ministry said",
    count(16, 16, Hedge.EXACT, "Sixteen"),
    victims("police officers and soldiers", "security-forces", VictimClass.SECURITY_FORCES),
    place=KAZAKHSTAN,
    source=INTERIOR,
)
CHILDREN = casualty(
    KAZINFORM,
    "Two children were killed in Almaty, TASS wrote, citing Sputnik, which quoted the Health Ministry",
    count(2, 2, Hedge.EXACT, "Two"),
    victims("children", "children", VictimClass.CHILDREN),
    place=TOWN_HALL,
    source=HEALTH,
    relays=(SPUTNIK, TASS),  # the one nearest to the source first
)
INJURED = casualty(
    KAZINFORM,
    "About 1,300 people were injured",
    count(1300, 1300, Hedge.ABOUT, "About 1,300"),
    victims("people", "people", VictimClass.UNKNOWN),
    harm=Harm.INJURED,
)
TERRORISTS = casualty(
    UNDATED,
    "Between 5 and 7 terrorists were killed in Aktobe",
    count(5, 7, Hedge.RANGE, "Between 5 and 7"),
    victims("terrorists", "terrorists", VictimClass.MILITANTS),
    place=AKTOBE,
)
FORCE = DeploymentClaim(
    **_shared(
        AFP,
        "The CSTO said its council approved on 6 January a force of Russia, Belarus and Armenia, Interfax reported",
    ),
    deployer=CSTO,
    contributors=STATES,
    destination=KAZAKHSTAN,
    phase=Phase.APPROVED,
    time=TimeSpan(text="on 6 January", earliest=date(2022, 1, 6), latest=date(2022, 1, 6)),
    source=CSTO,
    relays=(INTERFAX,),
)
CROWD = CrowdClaim(
    **_shared(AFP, "More than 1,000 protesters besieged the headquarters"),
    group=PROTESTERS,
    count=count(1001, None, Hedge.MORE_THAN, "More than 1,000"),
    event_type="siege",
    place=ALMATY,
)
RIOTS = EventClaim(
    **_shared(AFP, "Riots broke out in Almaty on Tuesday"), event_type="riot", place=ALMATY, time=TUESDAY
)
RIOTS_AGAIN = EventClaim(
    **_shared(KAZINFORM, "Riots went on in Almaty on Tuesday and Wednesday"), event_type="riot", place=ALMATY, time=BOTH
)
SEIZURE = EventClaim(
    **_shared(AFP, "Police denied that rioters seized the town hall of Almaty on Wednesday"),
    event_type="seizure",
    agents=(RIOTERS,),
    place=TOWN_HALL,
    time=WEDNESDAY,
    modality=Modality.DENIED,
    source=SPOKESMAN,
)

CLAIMS: dict[Document, list[Claim]] = {
    AFP: [EXACTLY_13, DOZENS, AT_LEAST_13, FORCE, CROWD, RIOTS, SEIZURE],
    KAZINFORM: [SIXTEEN, CHILDREN, INJURED, RIOTS_AGAIN],
    UNDATED: [TERRORISTS],
}


def claim_iri(claim: Claim) -> str:
    return iri(f"claim/{claim.id}")


def record(store: Store) -> None:
    """Put the sample into a store that is open for writing, and publish it."""
    report = ingest.add(store, CLAIMS, CLAIMS.__getitem__)
    assert not report.errors, report.errors
