"""The cookbook: every query of docs/cookbook.md on the bundled reports, on two engines; and its programs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, RdfFormat, serialize

from kb import ingest
from kb.cli.demos import DISPATCHES
from kb.extract.pipeline import Extractor
from kb.read import read
from kb.resources import DEFAULT_BASE
from kb.store import Store, open_store
from tests.serving import listening

# rdflib uses inside what it calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning:rdflib")

PAGE = Path(__file__).parent.parent / "docs" / "cookbook.md"
TEXT = PAGE.read_text("utf-8")
ENDPOINT = f"{DEFAULT_BASE}sparql"
QUESTION = "PREFIX kb: <https://w3id.org/factline/ontology#> SELECT ?n { ?c kb:harm kb:Killed ; kb:minimum ?n }"


class Recipe(NamedTuple):
    """A numbered section of the page."""

    number: int
    title: str
    body: str

    def queries(self) -> list[str]:
        return blocks("sparql", self.body)


def blocks(language: str, text: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def recipes() -> list[Recipe]:
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    headed = [(re.match(r"(\d+)\. ([^\n]+)\n", section), section) for section in sections]
    return [Recipe(int(head[1]), head[2], section) for head, section in headed if head]


RECIPES = recipes()
QUERIES = {f"{r.number}{letter}": q for r in RECIPES for letter, q in zip(" bc", r.queries(), strict=False)}
QUERIES = {name.strip(): query for name, query in QUERIES.items()}

INTERIOR = "Interior Ministry of Kazakhstan"
PROSECUTORS = "General Prosecutor's Office of Kazakhstan"

# What the answers have to hold, because the reports say so in as many words. Not all that they hold.
EXPECTED: dict[str, list[dict[str, str]]] = {
    "1": [
        {
            "value": "In the January protests in Kazakhstan 238 people were killed, the country's General Prosecutor's "
            "Office\nreported."
        },
        {"value": "https://w3id.org/factline/ontology#CasualtyClaim"},
    ],
    "2": [
        {"published": "2022-01-15", "outlet": "Associated Press"},
        {"published": "2022-01-15", "outlet": "Indian Economic Observer"},
        {
            "published": "2022-01-16",
            "outlet": "The Independent",
            "title": "Violent unrest in Kazakhstan left 225 people dead",
            "quote": "Kazakhstan has revised the death toll of this month's unrest to 225, the General Prosecutor's "
            "Office said.",
        },
        {"published": "2022-03-14", "outlet": "Sputnik"},
    ],
    "3": [
        {"outlet": "Novinite", "class": "security-forces", "victims": "members of the security forces", "count": "748"},
        {"outlet": "EuropeDiplomatic", "class": "security-forces", "count": "353"},
    ],
    "4": [
        {"asked": "Almaty", "place": "Almaty", "count": "At least 30", "victims": "protesters"},
        {"asked": "Kazakhstan", "place": "Almaty", "count": "At least 30", "victims": "protesters"},
        {"asked": "Kazakhstan", "place": "Kazakhstan", "count": "Eighteen"},
    ],
    "5": [
        {"published": "2022-01-06", "outlet": "generico.ru", "wording": "At least 13", "from": "13", "to": "any"},
        {"published": "2022-01-15", "outlet": "Associated Press", "wording": "Nineteen", "from": "19", "to": "19"},
    ],
    "6": [
        {"published": "2022-01-06", "outlet": "Pledge Times", "source": INTERIOR, "relays": "Tengrinews"},
        {
            "published": "2022-01-09",
            "outlet": "Associated Press",
            "source": "Health Ministry of Kazakhstan",
            "relays": "Khabar 24",
            "count": "164",
        },
    ],
    "9": [
        {
            "day": "2022-01-09",
            "outlet": "Associated Press",
            "source": "Health Ministry of Kazakhstan",
            "count": "164",
            "modality": "asserted",
        },
        {"day": "2022-01-09", "outlet": "Info24", "count": "164", "modality": "denied"},
    ],
    "10": [{"day": "2022-01-02", "type": "protest", "place": "Zhanaozen"}],
    "11": [{"outlet": "News Front", "wording": "more than 1,000", "minimum": "1001", "did": "siege"}],
    "12": [{"state": state} for state in ("Armenia", "Belarus", "Kyrgyzstan", "Russia", "Tajikistan")],
    "12b": [
        {
            "published": "2022-01-06",
            "outlet": "Sputnik",
            "phase": "approved",
            "minimum": "2500",
            "unit": "peacekeepers",
        },
        {"published": "2022-01-15", "outlet": "Associated Press", "minimum": "2001", "unit": "soldiers"},
    ],
    "13": [
        {"actor": "Collective Security Treaty Organization (CSTO)", "role": "sends"},
        {"actor": "Armenia", "role": "takes part"},
        {"actor": INTERIOR, "role": "says"},
    ],
    "14": [{"name": INTERIOR}, {"name": "Khabar 24"}],
    "15": [
        {"words": "assailants", "source": "Saltanat Azirbek"},
        {"words": "armed criminals", "source": INTERIOR},
        {"words": "protesters", "source": "Independent Coordination Headquarters"},
    ],
    "17": [{"source": INTERIOR, "harm": "killed", "minimum": "18", "maximum": "18", "one": "Novinite"}],
    "18": [
        {
            "place": "Kazakhstan",
            "lower": "225",
            "lower_outlet": "The Independent",
            "higher": "238",
            "higher_outlet": "Babel",
            "higher_day": "2022-08-16",
        }
    ],
    "19": [{"acled": "Riots"}, {"acled": "Protests"}],
    "19b": [{"item": f"http://www.wikidata.org/entity/{item}"} for item in ("Q318693", "Q232", "Q399")],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the bundled reports."""
    made = tmp_path_factory.mktemp("cookbook") / "store"
    with open_store(made, create=True) as store:
        report = ingest.add(store, read([DISPATCHES]), Extractor(store.base).extract)
    assert (report.added, report.errors) == (28, [])
    return made


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with open_store(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def exported(store: Store) -> bytes:
    """All named graphs as N-Quads."""
    return serialize(store.quads(), format=RdfFormat.N_QUADS) or b""


@pytest.fixture(scope="module")
def dataset(exported: bytes) -> rdflib.Dataset:
    """The same data in rdflib's own memory."""
    made = rdflib.Dataset(default_union=True)
    made.parse(data=exported, format="nquads")
    return made


def row(terms: Iterator[Any] | Any, names: list[str]) -> dict[str, str]:
    """What is bound, as text."""
    return {name: str(term) for name, term in zip(names, terms, strict=True) if term is not None}


def embedded(store: Store, query: str) -> list[dict[str, str]]:
    """The rows, triples or truth of a query, from the embedded engine."""
    answer = store.query(query)
    if isinstance(answer, QueryBoolean):
        return [{"ask": str(bool(answer)).lower()}]
    if isinstance(answer, QuerySolutions):
        names = [variable.value for variable in answer.variables]
        return [row((plain(term) for term in found), names) for found in answer]
    return [row(map(plain, triple), ["subject", "predicate", "object"]) for triple in answer]


def plain(term: Any) -> str | None:
    assert term is None or isinstance(term, NamedNode | Literal), f"{term} is a blank node"
    return None if term is None else term.value


def other(dataset: rdflib.Dataset, query: str) -> list[dict[str, str]]:
    """The same from rdflib."""
    answer = dataset.query(query)
    if answer.type == "ASK":
        return [{"ask": str(answer.askAnswer).lower()}]
    names = [str(name) for name in answer.vars] if answer.vars else ["subject", "predicate", "object"]
    return [row(found, names) for found in answer]


# -- the page


def test_there_are_twenty_recipes_in_order() -> None:
    assert [recipe.number for recipe in RECIPES] == list(range(1, 21))
    assert len(QUERIES) == len(blocks("sparql", TEXT)) >= 20


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_asks_answers_and_goes_on(recipe: Recipe) -> None:
    question, *parts = re.split(r"^```sparql\n.*?^```$", recipe.body, flags=re.MULTILINE | re.DOTALL)
    assert parts, "no query"
    assert len(question.splitlines()) > 2, "no question"
    assert "**The answer**" in recipe.body
    assert "\n**Vary it**: " in parts[-1]


def test_the_contents_lead_to_every_recipe() -> None:
    listed = re.findall(r"\[(\d+\. [^\]]+)\]\(#([^)]+)\)", TEXT)
    assert sorted(title for title, _ in listed) == sorted(f"{r.number}. {r.title}" for r in RECIPES)
    assert all(anchor == re.sub(r"[^\w-]", "", title.lower().replace(" ", "-")) for title, anchor in listed)


# -- the queries


@pytest.mark.parametrize("name", QUERIES)
def test_both_engines_give_the_same_rows(store: Store, dataset: rdflib.Dataset, name: str) -> None:
    found = embedded(store, QUERIES[name])
    assert found, "the query finds nothing"
    again = other(dataset, QUERIES[name])
    assert Counter(tuple(sorted(each.items())) for each in again) == Counter(
        tuple(sorted(each.items())) for each in found
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_the_answer_holds_what_the_reports_say(store: Store, name: str) -> None:
    found = embedded(store, QUERIES[name])
    missing = [row for row in EXPECTED[name] if not any(row.items() <= each.items() for each in found)]
    assert missing == [], f"not among {len(found)} rows"


def test_ranges_leave_out_what_excludes_nineteen(store: Store) -> None:
    found = embedded(store, QUERIES["5"])
    assert {each["wording"] for each in found}.isdisjoint({"Eighteen", "Twelve", "Thirteen"})
    assert all(int(each["from"]) <= 19 for each in found)
    assert all(each["to"] == "any" or int(each["to"]) >= 19 for each in found)


def test_every_quote_is_in_its_place(store: Store) -> None:
    found = embedded(store, QUERIES["7"])
    assert len(found) > 100
    assert {each["exact"] for each in found} == {"true"}


def test_somebody_denies_and_the_alliance_is_described(store: Store) -> None:
    assert embedded(store, QUERIES["8"]) == [{"ask": "true"}]
    described = embedded(store, QUERIES["8b"])
    assert {each["subject"] for each in described} == {store.iri("actor/csto")}
    assert store.iri("actor/armenia") in {each["object"] for each in described}


def test_nothing_later_is_known_on_a_day(store: Store) -> None:
    days = [each["day"] for each in embedded(store, QUERIES["9"])]
    assert days == sorted(days, reverse=True)
    assert days[0] == "2022-01-09"


def test_graphs_are_those_of_documents(store: Store) -> None:
    found = embedded(store, QUERIES["16"])
    assert {"Qazaq TV", "TVP World"} <= {publisher(store, each["graph"]) for each in found}
    assert all(each["graph"].startswith(store.iri("document/")) for each in found)


def publisher(store: Store, graph: str) -> str:
    answer = store.query(
        "SELECT ?who { GRAPH ?graph { ?document kb:publisherText ?who } }", {"graph": NamedNode(graph)}
    )
    assert isinstance(answer, QuerySolutions)
    return str(next(iter(answer))["who"].value)


def test_circles_have_several_outlets_and_one_source(store: Store) -> None:
    assert all(int(each["outlets"]) > 1 and each["one"] != each["another"] for each in embedded(store, QUERIES["17"]))


def test_figures_that_exclude_each_other_have_a_gap(store: Store) -> None:
    pairs = embedded(store, QUERIES["18"])
    assert not any(each["lower"] == each["higher"] for each in pairs)
    assert not any("at least" in each["lower"].lower() for each in pairs), "an open range excludes nothing above it"


def test_constructed_graphs_speak_the_terms_of_others(store: Store) -> None:
    for name, class_ in (
        ("20", "http://semanticweb.cs.vu.nl/2009/11/sem/Event"),
        ("20b", "https://schema.org/Claim"),
    ):
        found = embedded(store, QUERIES[name])
        types = [each for each in found if each["predicate"].endswith("#type") and each["object"] == class_]
        assert len(types) >= 10
        assert not any("factline" in each["predicate"] for each in found)


# -- the programs


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with listening(folder) as found:
        yield f"{found}sparql"


@pytest.mark.parametrize("number", range(4))
def test_python_programs_run(
    number: int, address: str, exported: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = blocks("python", TEXT)
    assert len(programs) == 4
    (tmp_path / "all.nq").write_bytes(exported)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(programs[number].replace(ENDPOINT, address), names)  # noqa: S102 - our own page
    if "numbers" in names:
        assert 225 in names["numbers"]
    elif "notes" in names:
        assert {note for note, _ in names["notes"]} == {"five members sent troops"}
        assert any("about 2,500 peacekeepers" in quote for _, quote in names["notes"])
    else:
        assert any("has risen to 225" in quote for quote in names["quotes"])


@pytest.mark.parametrize(("language", "program"), [("shell", "curl"), ("r", "Rscript")])
def test_commands_write_a_table(language: str, program: str, address: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    (script,) = [block for block in blocks(language, TEXT) if "/sparql" in block and ENDPOINT in block]
    (tmp_path / "question.rq").write_text(QUESTION)
    (tmp_path / "script").write_text(script.replace(ENDPOINT, address))
    subprocess.run(["sh" if language == "shell" else program, "script"], cwd=tmp_path, check=True, timeout=60)
    header, *numbers = (tmp_path / "answer.csv").read_text().split()
    assert header == "n"
    assert "225" in numbers
