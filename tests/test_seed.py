"""The article that the project began from: badly machine-translated, with fifteen readings that must come out right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kb.extract.pipeline import Extractor
from kb.model import Actor, CasualtyClaim, Claim, CrowdClaim, DeploymentClaim, EventClaim, Modality, Phase
from kb.read import read

Claims = list[Claim]


@pytest.fixture(scope="module")
def seed(shared: Path) -> tuple[str, Claims]:
    (document,) = read([str(shared / "seed" / "article.txt")])
    assert not isinstance(document, Exception)
    return document.text, Extractor().extract(document)


@pytest.fixture(scope="module")
def claims(seed: tuple[str, Claims]) -> Claims:
    return seed[1]


def names(*actors: Actor | None) -> list[str]:
    return [actor.name or actor.text for actor in actors if actor is not None]


def killed(claims: Claims) -> list[CasualtyClaim]:
    return [c for c in claims if isinstance(c, CasualtyClaim) and c.harm == "killed"]


def moved(claims: Claims, phase: Phase) -> list[DeploymentClaim]:
    return [c for c in claims if isinstance(c, DeploymentClaim) and c.phase == phase]


def happened(claims: Claims, kind: str, where: Callable[[EventClaim], bool] = lambda _: True) -> list[EventClaim]:
    return [c for c in claims if isinstance(c, EventClaim) and c.event_type == kind and where(c)]


def test_every_quote_stands_at_its_offsets(seed: tuple[str, Claims]) -> None:
    text, claims = seed
    assert claims
    assert all(text[claim.start : claim.end] == claim.quote for claim in claims)


def test_01_the_dateline_anchors_and_a_photo_credit_is_no_source(claims: Claims) -> None:
    assert {claim.time.earliest for claim in happened(claims, "request-for-help") if claim.time} == {date(2022, 1, 5)}
    speakers = [actor for claim in claims for actor in (claim.source, *claim.relays) if actor]
    assert speakers
    assert not any("AFP" in f"{actor.text} {actor.name}" or "France" in (actor.name or "") for actor in speakers)


def test_02_variants_of_names_are_one_actor(claims: Claims) -> None:
    found = {iri.rsplit("/", 1)[-1]: actor for claim in claims for actor in _actors(claim) if (iri := actor.iri)}
    for slug in ("csto", "interfax", "khabar-24", "kassym-jomart-tokayev"):
        assert slug in found


def _actors(claim: Claim) -> list[Actor]:
    more = [claim.deployer, *claim.contributors] if isinstance(claim, DeploymentClaim) else []
    targets = list(claim.targets) if isinstance(claim, EventClaim) else []
    return [actor for actor in (claim.source, *claim.relays, *claim.agents, *more, *targets) if actor]


def test_03_dozens_dead_of_whom_and_by_whom_is_not_said(claims: Claims) -> None:
    (claim,) = [c for c in killed(claims) if "Dozens are dead" in c.quote]
    assert (claim.count.minimum, claim.count.maximum, claim.count.hedge) == (24, None, "vague")
    assert claim.source is None
    assert claim.victims is not None
    assert claim.victims.class_ == "unknown"


def test_04_the_council_approved_a_force_for_kazakhstan(claims: Claims) -> None:
    (claim,) = moved(claims, Phase.APPROVED)
    assert claim.time is not None
    assert (claim.time.earliest, claim.time.latest) == (date(2022, 1, 6), date(2022, 1, 6))
    assert "CSTO" in names(claim.deployer)[0]
    assert "CSTO" in names(claim.source)[0]
    assert names(*claim.relays) == ["Interfax"]
    assert claim.destination is not None
    assert claim.destination.name == "Kazakhstan"
    assert claim.count is None or claim.count.minimum in (None, 1, 2)


def test_05_russian_airborne_troops_came_first(claims: Claims) -> None:
    (claim,) = moved(claims, Phase.ARRIVED)
    assert names(*claim.contributors) == ["Russia"]
    assert "Air Troops" in (claim.unit or "")
    assert "CSTO" in names(claim.source)[0]


def test_06_five_states_contribute(claims: Claims) -> None:
    contributing = [
        names(*c.contributors) for c in claims if isinstance(c, DeploymentClaim) and len(c.contributors) > 1
    ]
    assert contributing == [["Russia", "Belarus", "Armenia", "Kyrgyzstan", "Tajikistan"]]


def test_07_the_garbled_sentence_makes_no_dead_officials_and_no_twelve(claims: Claims) -> None:
    (doubtful,) = [claim for claim in claims if claim.needs_review]
    assert "officials were dead" in doubtful.quote
    assert doubtful.modality == Modality.POSSIBLE
    assert isinstance(doubtful, CasualtyClaim)
    assert (doubtful.count.minimum, doubtful.count.maximum, doubtful.victims) == (None, None, None)
    for claim in killed(claims):
        assert claim.victims is None or claim.victims.class_ != "officials"
        assert claim.count.minimum != 12


def test_08_the_same_dead_under_two_labels_stay_two_claims(claims: Claims) -> None:
    dozens = [c for c in killed(claims) if c.count.minimum == 24 and c.victims and c.victims.class_ != "unknown"]
    assert {c.victims.class_.value for c in dozens if c.victims} == {"protesters", "militants"}
    (attackers,) = [c for c in dozens if c.victims and c.victims.class_ == "militants"]
    assert attackers.source is not None
    assert "police" in f"{attackers.source.text} {attackers.source.role}".lower()
    assert names(*attackers.relays) == ["Interfax-Kazakhstan"]


def test_09_a_seizure_attempted_and_another_done_are_both_kept(claims: Claims) -> None:
    (attempt,) = happened(claims, "seizure", lambda c: c.modality == Modality.ATTEMPTED)
    assert attempt.time is not None
    assert (attempt.time.earliest, attempt.time.latest) == (date(2022, 1, 5), date(2022, 1, 6))
    assert any("administrative buildings" in target.text for target in attempt.targets)
    done = happened(claims, "seizure", lambda c: any("government buildings" in t.text for t in c.targets))
    assert [names(c.source) for c in done] == [["Kassym-Jomart Tokayev"]]


def test_10_exactly_thirteen_security_personnel(claims: Claims) -> None:
    (claim,) = [c for c in killed(claims) if (c.count.minimum, c.count.maximum) == (13, 13)]
    assert claim.victims is not None
    assert claim.victims.class_ in ("security-forces", "military")
    assert not [c for c in killed(claims) if c.subset_of == claim.id]


def test_11_at_least_thirteen_by_officials_is_not_twenty_six(claims: Claims) -> None:
    (claim,) = [c for c in killed(claims) if c.count.hedge == "at-least"]
    assert (claim.count.minimum, claim.count.maximum) == (13, None)
    assert "official" in names(claim.source)[0].lower()
    assert claim.time is not None
    assert (claim.time.earliest, claim.time.latest) == (date(2022, 1, 4), date(2022, 1, 4))
    assert not any(26 in (c.count.minimum, c.count.maximum) for c in killed(claims))


def test_12_crowds_and_besieged_buildings(claims: Claims) -> None:
    sizes = {c.count.minimum for c in claims if isinstance(c, CrowdClaim)}
    assert {1001, 200} <= sizes
    (siege,) = happened(claims, "siege", lambda c: any("hospitals" in t.text for t in c.targets))
    assert "Khabar 24" in names(siege.source, *siege.relays)


def test_13_cover_behind_women_is_no_casualty(claims: Claims) -> None:
    about = [c for c in claims if "including women" in c.quote]
    assert about
    assert not any(isinstance(c, CasualtyClaim) for c in about)
    assert {tuple(names(c.source, *c.relays)) for c in about} == {("Interior Ministry of Kazakhstan", "Khabar 24")}


def test_14_the_president_asked_for_help_on_wednesday(claims: Claims) -> None:
    (claim,) = happened(claims, "request-for-help")
    assert names(*claim.agents) == ["Kassym-Jomart Tokayev"]
    assert "CSTO" in names(*claim.targets)[0]


def test_15_protests_riots_and_the_town_hall(claims: Claims) -> None:
    protests = happened(claims, "protest", lambda c: bool(c.time and c.time.earliest == date(2022, 1, 2)))
    assert len(protests) == 1
    riots = [(c.time.earliest, c.time.latest) for c in happened(claims, "riot") if c.time]
    assert (date(2022, 1, 4), date(2022, 1, 5)) in riots
    (fire,) = happened(claims, "arson", lambda c: any("town hall" in t.text for t in c.targets))
    assert not fire.agents
