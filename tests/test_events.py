"""Events read from single sentences: their type, who did it, to whom, and who is only blamed for it."""

from __future__ import annotations

import pytest

from kb.extract.pipeline import Extractor
from kb.model import Certainty, CrowdClaim, Document, EventClaim


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def happened(extractor: Extractor, text: str) -> list[EventClaim]:
    """The event claims of a text."""
    return [claim for claim in extractor.extract(Document(text=text)) if isinstance(claim, EventClaim)]


def named(claim: EventClaim) -> set[str]:
    """The names and wordings of a claim's agents."""
    return {name for agent in claim.agents for name in (agent.name, agent.text) if name}


TYPES = [
    ("Rebels attacked a police station in Herat.", "attack"),
    ("Rioters looted a warehouse in Jos.", "looting"),
    ("A shell hit a bakery in Donetsk.", "shelling"),
    ("Warplanes bombed a wedding party in Yemen.", "air-strike"),
    ("A grenade was thrown into the garden of the consulate.", "attack"),
    ("A car bomb exploded in Baghdad.", "bombing"),
    ("Gunmen seized 27 pupils from a school.", "kidnapping"),
    ("A mob seized the police station.", "seizure"),
    ("The mayor imposed a curfew.", "curfew"),
    ("Kenya condemned the killing of demonstrators.", "condemnation"),
    ("The authorities blocked social media.", "internet-shutdown"),
    ("Thousands of people protested in Minsk.", "protest"),
    ("Protesters set part of the building alight.", "arson"),
    ("The headquarters of the party is on fire.", "arson"),
    ("Students and pensioners marched in León against the reform.", "protest"),
    ("Crowds set dozens of lorries on fire.", "arson"),
    ("The suburbs of Jaffna were pounded by artillery.", "shelling"),
    ("Iran fired 15 missiles at the al-Asad base in Iraq.", "shelling"),
    ("Millions are expected to demonstrate in Cairo.", "protest"),
    ("The army is going from house to house; it goes from door to door.", "security-operation"),
    ("Four men dragged a journalist from his car in Grozny.", "kidnapping"),
    ("China called the bombing of the embassy a blatant violation of the charter.", "condemnation"),
    ("Russia and Georgia agreed on a truce after ten hours of talks in Moscow.", "negotiation"),
    ("A car drove into people in Charlottesville.", "attack"),
    ("Thousands of people gathered in the stadium to protest against the army.", "protest"),
    ("Guerrillas sabotaged a power line.", "attack"),
    ("Gunmen took a priest and twelve parishioners hostage in Marawi.", "kidnapping"),
    ("Two former ministers have been placed under arrest in Srinagar.", "arrest"),
    ("The general is in detention.", "arrest"),
    ("The Taliban have taken the presidential palace in Kabul.", "seizure"),
    ("Tikrit fell to insurgents on Wednesday.", "seizure"),
    ("The internet was cut across the valley from midnight.", "internet-shutdown"),
    ("Belarus switched off mobile internet for the third night.", "internet-shutdown"),
    ("American bombers struck three sites in Iran overnight.", "air-strike"),
    ("Iran fired 15 ballistic missiles at the base in Iraq.", "shelling"),
    ("Rioters in Umm al-Fahm blocked the road with burning tyres.", "riot"),
    ("Looters emptied the museum in Baghdad.", "looting"),
    ("The prime minister stepped down on Tuesday.", "resignation"),
    ("A man blew himself up at the gate.", "bombing"),
    ("Police raided two houses in Cizre.", "security-operation"),
    ("Mobs burned hundreds of their houses.", "arson"),
    ("Rebels laid down their arms in Kananga.", "ceasefire"),
    ("The EU froze the assets of 29 companies.", "sanction"),
    ("The president declared an emergency and asked the CSTO for help.", "request-for-help"),
]


@pytest.mark.parametrize(("text", "kind"), TYPES)
def test_type(text: str, kind: str, extractor: Extractor) -> None:
    assert kind in [claim.event_type for claim in happened(extractor, text)]


# In the wording of wires: any of the types is right.
WIRES = [
    ("Thousands of people rallied in Tbilisi on Saturday against a foreign agents bill.", ["protest"]),
    ("Police fired tear gas and water cannon at demonstrators in Tbilisi.", ["attack", "security-operation"]),
    ("Anti-government protesters clashed with riot police in Belgrade.", ["clash"]),
    ("Russian missiles struck an apartment block in Dnipro.", ["shelling", "air-strike"]),
    ("Russia launched 40 drones at Kyiv overnight.", ["air-strike", "shelling", "attack"]),
    ("A Russian drone attack on Odesa killed three people.", ["air-strike"]),
    ("Israeli air strikes hit Beirut's southern suburbs.", ["air-strike"]),
    ("Rockets were fired from Lebanon at northern Israel.", ["shelling"]),
    ("The army shelled villages in Sagaing.", ["shelling"]),
    ("Gunmen attacked a village in Plateau state.", ["attack"]),
    ("Bandits abducted 30 schoolchildren in Zamfara.", ["kidnapping"]),
    ("Pirates hijacked a tanker off Somalia.", ["kidnapping", "seizure"]),
    ("A roadside bomb hit a military convoy in Gao.", ["bombing"]),
    ("A suicide bomber blew himself up outside a mosque in Peshawar.", ["bombing"]),
    ("The opposition leader was assassinated in Tunis.", ["assassination"]),
    ("An assassination attempt on the prime minister failed.", ["assassination"]),
    ("Supporters of the former president stormed Congress in Brasilia.", ["attack", "seizure"]),
    ("Rebels captured the town of Bunagana.", ["seizure"]),
    ("M23 rebels seized Goma airport.", ["seizure"]),
    ("Government forces recaptured Palmyra.", ["seizure"]),
    ("The RSF has besieged El Fasher for a year.", ["siege"]),
    ("Farmers blocked roads into Paris with tractors.", ["blockade"]),
    ("Azerbaijan has blockaded the Lachin corridor.", ["blockade"]),
    ("Shops were looted in Durban.", ["looting"]),
    ("Mobs looted warehouses and set vehicles on fire.", ["looting", "arson"]),
    ("The courthouse was set on fire by rioters.", ["arson"]),
    ("Police arrested 200 protesters in Minsk.", ["arrest"]),
    ("Former president Imran Khan was arrested in Islamabad.", ["arrest"]),
    ("Security forces launched an anti-terror operation in Nukus.", ["security-operation"]),
    ("Soldiers raided homes in Jenin.", ["security-operation", "attack"]),
    ("The warring sides agreed to a 72-hour ceasefire.", ["ceasefire"]),
    ("The truce collapsed within hours.", ["ceasefire"]),
    ("President Tokayev appealed to the CSTO for help.", ["request-for-help"]),
    ("Ukraine asked the West for more weapons.", ["request-for-help"]),
    ("Parliament voted to extend martial law.", ["state-of-emergency", "decision"]),
    ("The EU imposed sanctions on 12 officials.", ["sanction"]),
    ("The US sanctioned two Wagner commanders.", ["sanction"]),
    ("Talks between the two sides began in Jeddah.", ["negotiation"]),
    ("Delegations from Russia and Ukraine met in Istanbul for talks.", ["negotiation"]),
    ("North Korea threatened to retaliate.", ["threat"]),
    ("The UN condemned the attack.", ["condemnation"]),
    ("Turkey denounced the coup.", ["condemnation"]),
    ("The cabinet resigned on Wednesday.", ["resignation"]),
    ("The president accepted the resignation of the government.", ["resignation"]),
    ("Prime Minister Hasina resigned and fled the country.", ["resignation"]),
    ("A state of emergency was declared in Almaty.", ["state-of-emergency"]),
    ("Ecuador declared a state of emergency after a prison break.", ["state-of-emergency"]),
    ("A night-time curfew was imposed in Quito.", ["curfew"]),
    ("The curfew was extended until Friday.", ["curfew"]),
    ("Internet access was cut off in Karakalpakstan.", ["internet-shutdown"]),
    ("Mobile internet was shut down across the country.", ["internet-shutdown"]),
    ("Authorities restricted access to Telegram and WhatsApp.", ["internet-shutdown"]),
    ("Riots broke out in Marseille.", ["riot"]),
    ("Rioting spread to five suburbs.", ["riot"]),
    ("Inmates rioted at a prison in Guayaquil.", ["riot"]),
    ("Fighting raged in Khartoum.", ["clash"]),
    ("Heavy clashes erupted between the army and the RSF in Omdurman.", ["clash"]),
    ("A gun battle between police and gang members left five dead.", ["clash"]),
    ("Drone strikes hit the airport at Port Sudan.", ["air-strike"]),
    ("Warplanes bombed rebel positions in Idlib.", ["air-strike"]),
    ("Barrel bombs were dropped on Aleppo.", ["air-strike", "shelling", "bombing"]),
    ("A grenade was thrown at a police station.", ["attack"]),
    ("Attackers hurled petrol bombs at the consulate.", ["attack", "arson", "bombing"]),
    ("Unidentified men torched the offices of the electoral commission.", ["arson"]),
    ("A policeman was stabbed in Paris.", ["attack"]),
    ("A mob lynched two men in Bauchi.", ["assassination", "attack"]),
    ("Students boycotted classes and marched to parliament.", ["protest"]),
    ("Workers went on strike in Lagos.", ["protest"]),
    ("Opposition supporters staged a sit-in in front of parliament.", ["protest"]),
    ("Taliban fighters surrounded the police headquarters.", ["siege"]),
    ("The army took control of the presidential palace in Libreville.", ["seizure"]),
    ("The junta closed the borders.", ["decision", "blockade"]),
    ("The Security Council adopted a resolution on Haiti.", ["decision"]),
    ("The president dissolved parliament.", ["decision"]),
]


@pytest.mark.parametrize(("text", "kinds"), WIRES)
def test_wires(text: str, kinds: list[str], extractor: Extractor) -> None:
    document = Document(text=text)
    assert {claim.event_type for claim in extractor.extract(document)} & set(kinds)


NONE = [
    "The attack helicopter was on show.",
    "The protest leader spoke on television.",
    "The board approved.",
    "He fought illness for years.",
    "The minister launched an attack on inflation in a speech.",
    "He died of a heart attack.",
    "Sappers made safe an unexploded wartime bomb under a school.",
]


@pytest.mark.parametrize("text", NONE)
def test_no_event(text: str, extractor: Extractor) -> None:
    assert [(c.event_type, c.rule) for c in happened(extractor, text)] == []


BLAME = [
    ("The FARC claimed responsibility for the bombing.", "bombing", "FARC", Certainty.CERTAIN),
    ("The attack was claimed by the Taliban.", "attack", "Taliban", Certainty.PROBABLE),
    ("The minister blamed the FARC for the murder of a judge.", "assassination", "FARC", Certainty.PROBABLE),
    ("The minister blamed the attack on the FARC.", "attack", "FARC", Certainty.PROBABLE),
    ("Police accused the Taliban of bombing the market.", "bombing", "Taliban", Certainty.PROBABLE),
    ("The kidnapping was attributed to the FARC.", "kidnapping", "FARC", Certainty.PROBABLE),
    ("The FARC is responsible for the massacre.", "assassination", "FARC", Certainty.PROBABLE),
]


@pytest.mark.parametrize(("text", "kind", "name", "certainty"), BLAME)
def test_blame(text: str, kind: str, name: str, certainty: Certainty, extractor: Extractor) -> None:
    claims = [claim for claim in happened(extractor, text) if claim.rule == "blame"]
    assert [(claim.event_type, claim.certainty) for claim in claims] == [(kind, certainty)]
    assert any(name in agent for agent in named(claims[0]))


UNCLAIMED = [
    "No group claimed responsibility for the attack.",
    "Nobody has claimed responsibility for the bombing.",
    "The opposition accused the government of lying.",
]


@pytest.mark.parametrize("text", UNCLAIMED)
def test_nobody_is_blamed(text: str, extractor: Extractor) -> None:
    assert [claim for claim in happened(extractor, text) if claim.rule == "blame"] == []


AGENTS = [
    ("Guerrillas of the FARC attacked a town.", "Revolutionary Armed Forces of Colombia"),
    ("The FARC said it had time. On Monday the guerrillas attacked a farm.", "Revolutionary Armed Forces of Colombia"),
]


@pytest.mark.parametrize(("text", "name"), AGENTS)
def test_fighters_belong_to_somebody(text: str, name: str, extractor: Extractor) -> None:
    attack = next(claim for claim in happened(extractor, text) if claim.event_type == "attack")
    assert any(name in agent for agent in named(attack))


def test_several_groups_leave_the_guerrillas_unnamed(extractor: Extractor) -> None:
    text = "The FARC and the ELN met. On Monday the guerrillas attacked a farm."
    attack = next(claim for claim in happened(extractor, text) if claim.event_type == "attack")
    assert not any("FARC" in agent or "Revolutionary" in agent for agent in named(attack))


def test_an_outlet_in_the_dateline_does_nothing(extractor: Extractor) -> None:
    (bombing,) = happened(extractor, "BAGHDAD (Reuters) - A car bomb exploded in a market on Sunday.")
    assert (bombing.agents, bombing.instruments) == ((), ("car bomb",))


CROWDS = [
    ("More than 1,000 protesters besieged government headquarters in Almaty.", 1001, None),
    ("Around 25,000 people gathered on Independence Square.", 25000, 25000),
    ("Organisers put the crowd at more than 60,000.", 60001, None),
]


@pytest.mark.parametrize(("text", "least", "most"), CROWDS)
def test_crowds(text: str, least: int, most: int | None, extractor: Extractor) -> None:
    claims = [claim for claim in extractor.extract(Document(text=text)) if isinstance(claim, CrowdClaim)]
    assert [(claim.count.minimum, claim.count.maximum) for claim in claims] == [(least, most)]


@pytest.mark.parametrize("text", ["Five protesters were hurt.", "Nine people gathered."])
def test_no_crowd(text: str, extractor: Extractor) -> None:
    assert not [claim for claim in extractor.extract(Document(text=text)) if isinstance(claim, CrowdClaim)]


PRONOUNS = [
    ("The president has told the speaker that he will resign on Wednesday.", "resignation", "president"),
    ("Farmers marched through Lima. They blocked the highway.", "blockade", "Farmers"),
    ("The European Union condemned the raid. It imposed sanctions on two generals.", "sanction", "European Union (EU)"),
    ("Rebels and deserters came at dawn. They attacked the barracks of Herat.", "attack", "deserters"),
]


@pytest.mark.parametrize(("text", "kind", "name"), PRONOUNS)
def test_pronouns_that_act_stand_for_the_subject_before(extractor: Extractor, text: str, kind: str, name: str) -> None:
    told = next(claim for claim in happened(extractor, text) if claim.event_type == kind)
    assert name in {text.removeprefix("The ").removeprefix("the ") for text in named(told)}


def test_an_attempt_on_a_life_is_an_assassination_that_failed(extractor: Extractor) -> None:
    (told,) = happened(extractor, "Gunmen tried to kill the archbishop of Kananga on Sunday.")
    assert (told.event_type, told.modality) == ("assassination", "attempted")
    assert {target.text for target in told.targets} == {"the archbishop of Kananga"}


def test_soldiers_who_march_into_a_town_are_no_protest(extractor: Extractor) -> None:
    assert "protest" not in {claim.event_type for claim in happened(extractor, "Soldiers marched into Goma.")}


def test_where_a_curfew_holds_is_told_by_who_orders_it(extractor: Extractor) -> None:
    told = happened(extractor, "Bangladesh extends curfew; the army patrols Chittagong.")
    assert [claim.place.name for claim in told if claim.event_type == "curfew" and claim.place] == ["Bangladesh"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Police estimated the crowd in the square at 100,000.", 100_000),
        ("Organisers said that 30,000 marched on Sunday.", 30_000),
    ],
)
def test_crowds_without_a_noun_of_their_own(extractor: Extractor, text: str, size: int) -> None:
    (claim,) = (c for c in extractor.extract(Document(text=text)) if isinstance(c, CrowdClaim))
    assert claim.count.minimum == size


GATHERED = [
    ("The march drew 430,000 people, the organisers said.", 430_000),
    ("Hundreds of thousands filled Tahrir Square in Cairo on Friday.", 200_000),
    ("Some 65,000 took to the streets of Lima on Monday.", 65_000),
    ("Thousands of Sudanese camped outside the barracks.", 2_000),
    ("The mayor estimated the number of marchers at three million.", 3_000_000),
    ("Attendance at the funeral of the commander reached 40,000.", 40_000),
    ("The protest in Bristol was attended by 10,000 people.", 10_000),
    ("The prefecture put attendance at 20,000.", 20_000),
    ("Some 400,000 were on the streets of Barcelona.", 400_000),
]


@pytest.mark.parametrize(("text", "size"), GATHERED)
def test_crowds_by_what_they_did_by_what_drew_them_and_by_estimates(extractor: Extractor, text: str, size: int) -> None:
    (claim,) = (c for c in extractor.extract(Document(text=text)) if isinstance(c, CrowdClaim))
    assert claim.count.minimum == size


def test_rival_figures_of_one_crowd(extractor: Extractor) -> None:
    text = (
        "The march drew 43,000 people, organisers said, while police gave a figure of 8,000. The union counted 50,000."
    )
    sizes = [c.count.minimum for c in extractor.extract(Document(text=text)) if isinstance(c, CrowdClaim)]
    assert sizes == [43_000, 8_000, 50_000]


@pytest.mark.parametrize(
    "text",
    [
        "The concert drew 20,000 fans and the match another 40,000; the museum had 3,000 visitors.",
        "Police gave a figure of 8,000 stolen cars.",
        "The army sent 5,000 soldiers, who gathered at the border.",
        "A price of 12,000 was agreed, and 400 tonnes came by ship.",
    ],
)
def test_what_is_no_crowd(extractor: Extractor, text: str) -> None:
    assert [c for c in extractor.extract(Document(text=text)) if isinstance(c, CrowdClaim)] == []


MORE = [
    ("Slobodan Milosevik gave himself up on Sunday.", "arrest"),
    ("The opposition started its strike on Monday.", "protest"),
    ("Clerics are trying to arrange a truce.", "negotiation"),
    ("Protesters lay siege to the seat of the government in Kiev.", "siege"),
    ("The governor has proclaimed an emergency.", "state-of-emergency"),
    ("A day after police fired on pupils, Nepal's prime minister stepped down.", "resignation"),
]


@pytest.mark.parametrize(("text", "kind"), MORE)
def test_more_types_of_event(extractor: Extractor, text: str, kind: str) -> None:
    assert kind in {claim.event_type for claim in happened(extractor, text)}


def test_states_in_a_list_act_together(extractor: Extractor) -> None:
    (told,) = happened(extractor, "Britain and Canada imposed travel bans on eight officials.")
    assert named(told) >= {"United Kingdom", "Canada"}
