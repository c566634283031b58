"""Casualties read from single sentences: who was harmed, how many, by whom, and what is no casualty."""

from __future__ import annotations

import pytest

from kb.extract.pipeline import Extractor
from kb.model import CasualtyClaim, Document


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def harmed(extractor: Extractor, text: str) -> list[CasualtyClaim]:
    """The casualty claims of a text."""
    return [claim for claim in extractor.extract(Document(text=text)) if isinstance(claim, CasualtyClaim)]


def figures(extractor: Extractor, text: str) -> list[tuple[str, int | None, int | None, str]]:
    """Harm, interval and class of the casualty claims of a text, in its order."""
    return [
        (c.harm.value, c.count.minimum, c.count.maximum, c.victims.class_.value if c.victims else "")
        for c in harmed(extractor, text)
    ]


DEAD, HURT, TAKEN, LOST = "killed", "injured", "abducted", "missing"

COUNTED = [
    # verbs and their voices
    ("Two soldiers and three civilians were killed.", [(DEAD, 2, 2, "security-forces"), (DEAD, 3, 3, "civilians")]),
    ("Gunmen shot dead two policemen and wounded a third.", [(DEAD, 2, 2, "police"), (HURT, 1, 1, "police")]),
    ("Assailants kidnapped and beheaded a shepherd.", [(TAKEN, 1, 1, "civilians"), (DEAD, 1, 1, "civilians")]),
    ("Five people killed in blast", [(DEAD, 5, 5, "unknown")]),
    ("In the disorders were killed nine policemen.", [(DEAD, 9, 9, "police")]),
    ("Gunmen seized 27 pupils from a school.", [(TAKEN, 27, 27, "civilians")]),
    ("Four villagers, who had helped the police, were shot dead.", [(DEAD, 4, 4, "civilians")]),
    ("Two men died at the scene and a third died in hospital.", [(DEAD, 2, 2, "unknown"), (DEAD, 1, 1, "unknown")]),
    ("Five judges and magistrates have been killed.", [(DEAD, 5, 5, "officials")]),
    ("Two Mormon missionaries were shot to death.", [(DEAD, 2, 2, "civilians")]),
    ("Two “attackers” had lost their lives.", [(DEAD, 2, 2, "militants")]),
    ("The other two people were killed.", [(DEAD, 2, 2, "unknown")]),
    ("Colonel Jaime Reyes, chief of police, was assassinated.", [(DEAD, 1, 1, "military")]),
    (
        "A reporter, who was sent to the north by a network to cover the war of the army against drug traffickers "
        "in the hills and the towns of the border, was injured.",
        [(HURT, 1, 1, "journalists")],
    ),
    # nouns
    ("The murder of a priest shocked the town.", [(DEAD, 1, 1, "civilians")]),
    (
        "The raid resulted in the deaths of 19 and injuries to 33 others.",
        [(DEAD, 19, 19, "unknown"), (HURT, 33, 33, "unknown")],
    ),
    ("The shelling claimed the lives of six nurses.", [(DEAD, 6, 6, "medical")]),
    ("The toll rose from 18 to 26.", [(DEAD, 26, 26, "unknown")]),
    ("Doctors put the number killed in Khartoum since Saturday at 14.", [(DEAD, 14, 14, "unknown")]),
    ("The number of those who died has passed 60.", [(DEAD, 61, None, "unknown")]),
    ("The dead are 22 and the wounded 56.", [(DEAD, 22, 22, "unknown"), (HURT, 56, 56, "unknown")]),
    (
        "Dead 33, wounded 70, missing 4.",
        [(DEAD, 33, 33, "unknown"), (HURT, 70, 70, "unknown"), (LOST, 4, 4, "unknown")],
    ),
    # other harms, with the verb apart from what it needs
    ("The rebels took 67 policemen prisoner.", [(TAKEN, 67, 67, "police")]),
    ("The fighting has driven 5,500 villagers from their homes.", [("displaced", 5500, 5500, "civilians")]),
    ("Some 900 people sought refuge in churches.", [("displaced", 900, 900, "unknown")]),
    ("Twelve sailors have not been found.", [(LOST, 12, 12, "military")]),
    ("Eleven suspects are in custody.", [("detained", 11, 11, "militants")]),
    # parts by their place
    (
        "The unrest claimed 164 lives, including 103 in Almaty.",
        [(DEAD, 164, 164, "unknown"), (DEAD, 103, 103, "unknown")],
    ),
    # numbers of things
    ("He broke his arm in two places and was taken to hospital.", [(HURT, 1, 1, "unknown")]),
    ("The blast left six people injured and millions in losses.", [(HURT, 6, 6, "unknown")]),
    # ellipsis
    ("Twelve miners were killed and 30 injured.", [(DEAD, 12, 12, "civilians"), (HURT, 30, 30, "civilians")]),
    (
        "Killing two of its five passengers, they wounded the other three.",
        [(DEAD, 2, 2, "civilians"), (HURT, 3, 3, "civilians")],
    ),
    ("Police killed the gunman before a mob killed him.", [(DEAD, 1, 1, "militants")]),
    # pronouns, verbs left out, company, those wounded who died, unknown nouns, beasts
    ("Rebels abducted three herders and killed them.", [(TAKEN, 3, 3, "civilians"), (DEAD, 3, 3, "civilians")]),
    ("Two policemen were ambushed. Both died in hospital.", [(DEAD, 2, 2, "police")]),
    ("Nine nurses were held. They were freed unhurt.", []),
    ("They executed him together with his two sons.", [(DEAD, 1, 1, "unknown"), (DEAD, 2, 2, "children")]),
    ("Five nuns were killed in Homs and three in Idlib.", [(DEAD, 5, 5, "civilians"), (DEAD, 3, 3, "civilians")]),
    ("The rebels lost 12 men, the army one.", [(DEAD, 12, 12, "unknown"), (DEAD, 1, 1, "unknown")]),
    ("Six nuns were wounded, two of whom later died.", [(HURT, 4, 4, "civilians"), (DEAD, 2, 2, "civilians")]),
    ("Six nuns were hurt, one fatally.", [(HURT, 5, 5, "civilians"), (DEAD, 1, 1, "civilians")]),
    ("Ten nuns or more were wounded.", [(HURT, 10, None, "civilians")]),
    ("The zampolits were killed.", [(DEAD, 2, None, "unknown")]),
    ("Five cows were killed and two nuns injured.", [(HURT, 2, 2, "civilians")]),
    ("Gunmen killed John Smith, a teacher, and two nuns.", [(DEAD, 1, 1, "unknown"), (DEAD, 2, 2, "civilians")]),
    ("The blast wounded six, no deaths.", [(HURT, 6, 6, "unknown"), (DEAD, 0, 0, "unknown")]),
    # nobody
    ("There were no reported casualties.", [(DEAD, 0, 0, "unknown"), (HURT, 0, 0, "unknown")]),
    ("No one was hurt.", [(HURT, 0, 0, "unknown")]),
    ("Neither of the two guards was hurt.", [(HURT, 0, 0, "security-forces")]),
    ("The bomb did not cause any casualties.", [(DEAD, 0, 0, "unknown"), (HURT, 0, 0, "unknown")]),
]


@pytest.mark.parametrize(("text", "wanted"), COUNTED, ids=[text[:40] for text, _ in COUNTED])
def test_counted(text: str, wanted: list[tuple[str, int, int, str]], extractor: Extractor) -> None:
    assert figures(extractor, text) == wanted


NOTHING = [
    "Animals were killed in the surrounding villages, where several homes burnt.",
    "Murders of politicians must end.",
    "He fired 13 shots killing time.",
    "He asked the rebels to stop killing civilians.",
    "The army must protect the lives of civilians.",
    "A terrorist was nearly lynched in the square.",
    "Medics were called to help the wounded.",
    "The murder victims have yet to be named.",
    "Activists seized the building at the weekend.",
    "The law condemns the killing of the Salvadoran people.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_no_casualty(text: str, extractor: Extractor) -> None:
    assert figures(extractor, text) == []


PARTS = [
    ("Thirteen people were killed, including two children.", (13, 2)),
    ("Fifteen people, ten of them policemen, were killed.", (15, 10)),
    ("Seven of the 11 people killed in the raid were women.", (11, 7)),
    ("We recorded 214 political deaths: 151 civilians and 63 police officers.", (214, 151, 63)),
    ("At least 40 people were killed. Among the dead were two soldiers.", (40, 2)),
    ("Nineteen people died. Three of the dead were policemen.", (19, 3)),
    ("In all 164 people were killed, 103 of them in Almaty.", (164, 103)),
]


@pytest.mark.parametrize(("text", "numbers"), PARTS)
def test_parts(text: str, numbers: tuple[int, ...], extractor: Extractor) -> None:
    whole, *parts = harmed(extractor, text)
    assert [claim.count.minimum for claim in (whole, *parts)] == list(numbers)
    assert whole.subset_of is None
    assert {claim.subset_of for claim in parts} == {whole.id}


def test_a_new_clause_is_no_part(extractor: Extractor) -> None:
    claims = harmed(extractor, "A total of 148 people were killed, including four assailants, and 79 were wounded.")
    assert [(c.harm.value, c.count.minimum, c.subset_of is None) for c in claims] == [
        (DEAD, 148, True), (DEAD, 4, False), (HURT, 79, True),
    ]  # fmt: skip


def test_people_spoken_of_as_known_keep_their_number(extractor: Extractor) -> None:
    text = "Two suicide bombers attacked a mosque. The assailants and three civilians were killed."
    assert figures(extractor, text) == [(DEAD, 2, 2, "militants"), (DEAD, 3, 3, "civilians")]


def test_a_restatement_is_told_once(extractor: Extractor) -> None:
    text = "Six priests were murdered on Monday. The priests were murdered at night."
    assert figures(extractor, text) == [(DEAD, 6, 6, "civilians")]


AGENTS = [
    ("Two soldiers were wounded by rebels of the FARC.", "FARC"),
    ("FMLN guerrillas killed a mayor.", "FMLN"),
    ("Four workers were killed when NATO missiles struck the plant.", "NATO"),
    ("Members of the Taliban shot dead two policemen.", "Taliban"),
]


@pytest.mark.parametrize(("text", "name"), AGENTS)
def test_agents(text: str, name: str, extractor: Extractor) -> None:
    claim = harmed(extractor, text)[0]
    assert any(name in (agent.name or agent.text) for agent in claim.agents), claim.agents


def test_who_was_killed_did_not_do_it(extractor: Extractor) -> None:
    claims = harmed(extractor, "The blast killed 38 people and wounded 155.")
    assert [claim.agents for claim in claims] == [(), ()]


def test_a_part_told_by_its_place_lends_the_whole_no_place(extractor: Extractor) -> None:
    whole, *parts = harmed(
        extractor, "In Kazakhstan, 164 people, including 103 in Almaty, 21 in Kyzylorda and 15 in Taraz, were killed."
    )
    assert whole.place is not None
    assert (whole.count.minimum, whole.place.name, whole.subset_of) == (164, "Kazakhstan", None)
    found = [(part.count.minimum, part.place and part.place.name, part.subset_of) for part in parts]
    assert found == [(103, "Almaty", whole.id), (21, "Kyzylorda", whole.id), (15, "Taraz", whole.id)]


def test_neither_of_two_is_denied_of_both(extractor: Extractor) -> None:
    claims = harmed(extractor, "Neither the driver nor the passengers were hurt.")
    assert {claim.modality.value for claim in claims} == {"denied"}


def test_two_among_the_dead_are_no_parts_of_each_other(extractor: Extractor) -> None:
    claims = harmed(extractor, "Among the dead were two nurses and a doctor.")
    assert [(claim.count.minimum, claim.subset_of) for claim in claims] == [(2, None), (1, None)]


def test_who_only_tells_of_the_dead_is_none_of_them(extractor: Extractor) -> None:
    whole, part = harmed(extractor, "Forty people died. Three minors were among the dead, according to the ombudsman.")
    assert (part.count.minimum, part.subset_of) == (3, whole.id)


def test_some_of_them_are_of_the_dead_where_nobody_was_wounded(extractor: Extractor) -> None:
    whole, part = harmed(extractor, "In the protests 238 people were killed. Six of them died through excessive force.")
    assert (part.count.minimum, part.subset_of) == (6, whole.id)
    assert figures(extractor, "Thirty people were wounded. Two of them died.") == [
        (HURT, 28, 28, "unknown"),
        (DEAD, 2, 2, "unknown"),
    ]


@pytest.mark.parametrize(
    ("text", "told", "aside"),
    [
        (
            "Eleven men were shot dead in Orangi on Friday. More than 1,200 people have died in the city this year.",
            11,
            1201,
        ),
        (
            "A bomb went off in a market. The toll: 24 dead. It is the deadliest attack here since 2010, when 42 died.",
            24,
            42,
        ),
        ("Five people were shot dead in Reynosa. Fourteen others died in similar attacks there in June.", 5, 14),
        ("In retaliation for the killing of six herders, militiamen killed nine villagers.", 9, 6),
        ("Police killed three men. They were wanted over the 2013 Westgate attack, in which 67 people died.", 3, 67),
        ("A riot left 68 inmates dead on Saturday, weeks after 119 were killed there.", 68, 119),
        ("A driver was shot and killed. This brings to five the number of aid workers killed this year.", 1, 5),
    ],
)
def test_background_is_told_apart(text: str, told: int, aside: int, extractor: Extractor) -> None:
    found = [(claim.count.minimum, claim.background) for claim in harmed(extractor, text) if claim.subset_of is None]
    assert sorted(found) == sorted([(told, False), (aside, True)])


@pytest.mark.parametrize(
    "text",
    [
        "Last week gunmen killed five people in Kano.",
        "In 2013 a bomb killed 40 people in Baghdad.",
        "About 300 people were killed and 1,000 injured in the riots of 1988.",
        "A woman born in 1958 died and six people were hurt in an attack on Murom.",
        "A bomb killed 13 people in Quetta on Monday. Three days later two of the wounded died.",
    ],
)
def test_the_incident_itself_is_no_background(text: str, extractor: Extractor) -> None:
    assert not any(claim.background for claim in harmed(extractor, text))


def test_background_without_a_day_of_its_own_does_not_take_that_of_the_incident(extractor: Extractor) -> None:
    text = "Eighteen people were killed in Moscow on 6 January 2022. The earlier attack had claimed 41 lives."
    claims = harmed(extractor, text)
    assert [(c.count.minimum, c.time is None) for c in claims] == [(18, False), (41, True)]


def test_killed_or_wounded_leaves_open_how_many_of_each(extractor: Extractor) -> None:
    assert [c[:3] for c in figures(extractor, "The mine killed or wounded 23 soldiers.")] == [
        ("killed", None, 23),
        ("injured", None, 23),
    ]


@pytest.mark.parametrize(
    ("text", "free", "parts"),
    [
        ("Six militants and three soldiers were killed. 9 fatalities.", {6, 3}, set()),
        ("Six militants and several soldiers were killed. 12 fatalities.", {12}, {6, 3}),
        ("Initially eleven deaths were reported, but the number was later put at 14.", {14}, {11}),
        ("Four men died in Homs. Two died in Hama. In total, seven people lost their lives.", {7}, {4, 2}),
    ],
)
def test_a_total_is_told_once(text: str, free: set[int], parts: set[int], extractor: Extractor) -> None:
    claims = [claim for claim in harmed(extractor, text) if claim.harm == "killed"]
    assert {claim.count.minimum for claim in claims if claim.subset_of is None} == free
    assert {claim.count.minimum for claim in claims if claim.subset_of is not None} == parts


def test_a_corrected_number_is_denied(extractor: Extractor) -> None:
    text = "A bomb injured 17 people, the army said, before correcting the number of injured to 14."
    assert [(c.count.minimum, str(c.modality)) for c in harmed(extractor, text)] == [(17, "denied"), (14, "asserted")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The group admits to the loss of two men.", ("killed", 2, 2)),
        ("The rebels captured six soldiers and three villages.", ("detained", 6, 6)),
        ("The group said it had taken five prisoners.", ("abducted", 5, 5)),
        ("The clashes forced about 6,000 people to flee.", ("displaced", 6000, 6000)),
        ("Hundreds of residents fled to villages nearby.", ("displaced", 200, None)),
        ("Police detained 214 people. Viasna put the figure at 389.", ("detained", 389, 389)),
        ("Police detained 214 people. Among those held were five journalists.", ("detained", 5, 5)),
        ("The attack killed 46 people. Among them were twelve soldiers.", ("killed", 12, 12)),
        ("Forty-one people were hurt, of whom 12 are police officers.", ("injured", 12, 12)),
        ("Fourteen people were killed. Nine of the deaths occurred in Puno.", ("killed", 9, 9)),
        ("The army killed 1,200 guerrillas and lost 189.", ("killed", 189, 189)),
    ],
)
def test_told_in_articles(text: str, wanted: tuple[str, int, int | None], extractor: Extractor) -> None:
    assert wanted in [(c.harm, c.count.minimum, c.count.maximum) for c in harmed(extractor, text)]


def test_gunmen_who_flee_are_not_displaced(extractor: Extractor) -> None:
    assert not harmed(extractor, "Two gunmen fled to the forest. The attackers fled into the bush.")
