"""The named queries over figures, on a small store with a growing toll, a contradiction and a retraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
import rdflib
from pyoxigraph import QuerySolutions

from kb import ingest
from kb.model import CasualtyClaim, Document, Hedge, Modality, VictimClass
from kb.queries import catalogue, run
from kb.store import Store, open_store
from tests import sample

NAMES = ("figures", "casualty-timeline", "contradictions", "changes")
OFFICERS = sample.victims("officers", "officers", VictimClass.POLICE)
PEOPLE = sample.victims("people", "people", VictimClass.UNKNOWN)


def document(day: int, publisher: str, text: str) -> Document:
    return Document(text=text, publisher=publisher, published=date(2022, 1, day))


EIGHT = document(6, "AFP", "Eight officers were killed in Kazakhstan, the Interior Ministry said.")
EIGHTEEN = document(7, "Reuters", "Eighteen officers were killed in Kazakhstan, the Interior Ministry said.")
SIXTEEN = document(9, "TASS", "Sixteen officers were killed in Kazakhstan, officials said. The toll was 164 people.")
DENIED = document(10, "Kazinform", "The Health Ministry denied that 164 people had died.")


def claim(of: Document, quote: str, number: int, text: str, **more: object) -> CasualtyClaim:
    who = more.pop("who", OFFICERS)
    assert isinstance(who, type(OFFICERS))
    count = sample.count(number, number, Hedge.EXACT, text)
    return sample.casualty(of, quote, count, who, **{"place": sample.KAZAKHSTAN, "source": sample.INTERIOR, **more})


CLAIMS = {
    EIGHT: [claim(EIGHT, "Eight officers were killed in Kazakhstan", 8, "Eight")],
    EIGHTEEN: [claim(EIGHTEEN, "Eighteen officers were killed in Kazakhstan", 18, "Eighteen")],
    SIXTEEN: [
        claim(SIXTEEN, "Sixteen officers were killed in Kazakhstan", 16, "Sixteen", source=sample.OFFICIALS),
        claim(SIXTEEN, "The toll was 164 people", 164, "164", source=sample.HEALTH, who=PEOPLE),
    ],
    DENIED: [
        claim(
            DENIED,
            "denied that 164 people had died",
            164,
            "164",
            source=sample.HEALTH,
            who=PEOPLE,
            modality=Modality.DENIED,
        )
    ],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("figures") / "store"
    with open_store(folder, create=True) as made:
        report = ingest.add(made, CLAIMS, CLAIMS.__getitem__)
        assert not report.errors, report.errors
    with open_store(folder) as opened:
        yield opened


def ask(store: Store, name: str, **given: str) -> list[dict[str, str]]:
    answer = run(store, name, given).results
    assert isinstance(answer, QuerySolutions)
    columns = [variable.value for variable in answer.variables]
    return [{column: row[column].value for column in columns if row[column] is not None} for row in answer]


def told(rows: list[dict[str, str]], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


TIMELINE = [
    ("2022-01-06", "8", "new"),
    ("2022-01-07", "18", "updates"),
    ("2022-01-09", "164", "new"),
    ("2022-01-09", "16", "contradicts"),
    ("2022-01-10", "164", "contradicts"),
]


def test_the_timeline_tells_the_story_in_order(store: Store) -> None:
    rows = ask(store, "casualty-timeline", country="Kazakhstan")
    assert told(rows, "published", "minimum", "status") == TIMELINE
    assert rows[1]["reason"] == "Interior Ministry of Kazakhstan raises 8 to 18"
    assert rows[1]["compared_with"] == rows[0]["claim"]
    assert rows[1]["source"] == "Interior Ministry of Kazakhstan"
    assert len({row["figure"] for row in rows}) == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"as_of": "2022-01-07"}, TIMELINE[:2]),
        ({"harm": "injured"}, []),
        ({"victims": "security-forces"}, [TIMELINE[0], TIMELINE[1], TIMELINE[3]]),
        ({"source": "officials"}, [TIMELINE[3]]),
        ({"since": "2022-01-08", "until": "2022-01-09"}, TIMELINE[2:4]),
        ({"place": "Almaty"}, []),
        ({"place": "Kazakhstan", "harm": "killed"}, TIMELINE),
    ],
)
def test_parameters_of_the_timeline(store: Store, given: dict[str, str], expected: list[tuple[str, ...]]) -> None:
    assert told(ask(store, "casualty-timeline", **given), "published", "minimum", "status") == expected


def test_figures_have_views_with_a_rule_and_parts(store: Store) -> None:
    officers, people = sorted(ask(store, "figures"), key=lambda row: row["victims"] == "people")
    assert (officers["victims"], officers["harm"], officers["place"]) == ("police", "killed", "Kazakhstan")
    assert told([officers], "low", "best", "high", "lowest", "conservative") == [("16", "18", "18", "8", "16")]
    assert officers["rule"].startswith("After UCDP: the newest number")
    assert told([officers], "claims", "independent_sources", "disputed") == [("3", "2", "true")]
    assert officers["part_of"] == people["label"] == "people killed, Kazakhstan, 6–10 January 2022"
    assert "best" not in people, "its only source has taken it back"
    assert [len(ask(store, "figures", harm=harm)) for harm in ("killed", "troops")] == [2, 0]
    assert [len(ask(store, "figures", episode=place)) for place in ("Kazakhstan", "kz", "Russia")] == [2, 2, 0]


def test_contradictions_are_pairs_of_which_both_were_known(store: Store) -> None:
    rows = ask(store, "contradictions", place="Kazakhstan")
    assert told(rows, "count_a", "count_b", "reason") == [
        ("164", "164", "Health Ministry of Kazakhstan takes back 164"),
        ("Eighteen", "Sixteen", "16 is below 18, which Interior Ministry of Kazakhstan had given on 2022-01-07"),
    ]
    assert rows[1]["source_b"] == "officials (Kazakhstan)"
    assert told(ask(store, "contradictions", as_of="2022-01-09"), "count_b") == [("Sixteen",)]
    assert ask(store, "contradictions", as_of="2022-01-08") == []
    assert ask(store, "contradictions", harm="injured") == []


def test_changes_since_a_day(store: Store) -> None:
    assert told(ask(store, "changes", since="2022-01-07"), "when", "change", "count") == [
        ("2022-01-07", "updated", "Eighteen"),
        ("2022-01-09", "added", "164"),
        ("2022-01-09", "contradicted", "Sixteen"),
        ("2022-01-10", "retracted", "164"),
    ]
    assert len(ask(store, "changes", since="2022-01-07", until="2022-01-07")) == 1


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_answers_the_same(store: Store, name: str) -> None:
    made = rdflib.Graph()
    for quad in store.quads():
        made.add(tuple(rdflib.util.from_n3(str(term)) for term in quad.triple))  # type: ignore[arg-type]
    text = catalogue()[name].text
    answer = store.query(text)
    assert isinstance(answer, QuerySolutions)
    expected = Counter(tuple(None if term is None else term.value for term in row) for row in answer)
    found = Counter(tuple(None if term is None else str(term) for term in row) for row in made.query(text))  # type: ignore[union-attr]
    assert expected
    assert found == expected
