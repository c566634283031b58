"""Mentions of places, organisations, people and times, and the scorer that holds them against re3d."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.extract.mentions import mentions
from kb.extract.reading import Reader
from kb.model import Document
from tests.re3d import Span, corpus, overlaps, pairs, part, rates, run, score, trimmed

# text | its mentions: L location, O organisation, P person, T temporal
TABLE = """
Protests began in Almaty on Sunday. | L Almaty; T Sunday
Fighting spread across northern Syria. | L northern Syria
The strike hit Palmyra, Syria. | L Palmyra, Syria
The United States condemned the attack in Paris. | O The United States; L Paris
Strikes were carried out by Australia, Belgium, Canada and Jordan. | O Australia; O Belgium; O Canada; O Jordan
It broadcasts across Iraq, Lebanon, Jordan and Syria. | L Iraq; L Lebanon; L Jordan; L Syria
Foreign Minister Ivan Petrov spoke in Moscow. | P Foreign Minister Ivan Petrov; L Moscow
The Foreign Secretary, Boris Johnson, spoke. | P The Foreign Secretary; P Boris Johnson
He said the soldiers left. | P He; O the soldiers
We support the people of Mosul in Iraq. | O We; O the people of Mosul; L Iraq
Iraqi security forces took the airfield. | O Iraqi security forces; L the airfield
The Interior Ministry of Kazakhstan spoke. | O The Interior Ministry of Kazakhstan
They destroyed two bridges near Mosul on 6 January 2022. | O They; L bridges; L Mosul; T 6 January 2022
The village lies at 33°47′N 44°30′E in Iraq. | L The village; L 33°47′N 44°30′E; L Iraq
Troops crossed into Iraqi territory. | O Troops; L Iraqi territory
He was a commander in the navy. | P He; O the navy
Nothing of note. |
"""
LETTERS = {"Location": "L", "Organisation": "O", "Person": "P", "Temporal": "T"}


def _rows() -> list[tuple[str, list[str]]]:
    rows = (line.rpartition("|") for line in TABLE.strip().splitlines())
    return [(text.strip(), [part.strip() for part in wanted.split(";") if part.strip()]) for text, _, wanted in rows]


@pytest.mark.parametrize(("text", "wanted"), _rows())
def test_mentions_of_a_text(text: str, wanted: list[str]) -> None:
    assert [f"{LETTERS[m.type]} {m.text}" for m in mentions(Document(text=text))] == wanted


def test_mentions_name_what_they_stand_for() -> None:
    found = {m.text: m.iri for m in mentions(Document(text="The CSTO sent troops to Almaty."), "http://example.org/")}
    assert found["The CSTO"] == "http://example.org/actor/csto"
    assert found["Almaty"] == "http://example.org/place/kz/almaty"


PEOPLE = """
President Kasym-Zhomart Tokaev spoke to Kazakh lawmakers. Later Tokaev left the hall. | 2022-01-06
The Kazakh president, Kassym-Jomart Tokayev, spoke. Tokayev then left the hall. | 2022-01-06
"""


@pytest.mark.parametrize("row", PEOPLE.strip().splitlines())
def test_an_officeholder_is_known_by_family_name_in_the_spelling_of_the_text(row: str) -> None:
    text, _, day = (part.strip() for part in row.rpartition("|"))
    reading = Reader("").read(Document(text=text, published=date.fromisoformat(day)))
    group = next(n.value for n in reading.lines[-1].nodes if n.kind == "group" and n.value.name)
    first = next(n.value for n in reading.lines[0].nodes if n.kind == "group" and n.value.name)
    directory = reading.context.directory
    president = directory.person(first.name, first.role, first.text, "KZ")
    again = directory.person(group.name, group.role, group.text)
    assert president.iri == again.iri == "actor/kassym-jomart-tokayev"


ACRONYMS = """
FIGHTERS OF THE POPULAR LIBERATION ARMY [EPL] CAME. THE EPL CLAIMED THE ATTACK. | EPL
Rebels of the Patriotic Dawn Movement (PDM) came. The PDM did not comment on it. | PDM
"""


@pytest.mark.parametrize("row", ACRONYMS.strip().splitlines())
def test_an_acronym_that_the_text_defines(row: str) -> None:
    text, _, acronym = (part.strip() for part in row.rpartition("|"))
    reading = Reader("").read(Document(text=text))
    found = [n.value for n in reading.lines[-1].nodes if n.kind == "actor"]
    assert found[0].text == acronym
    assert (found[0].name or "").lower() not in ("", acronym.lower())


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_mentions_are_spans_in_order_that_do_not_overlap(text: str) -> None:
    if not text.strip():
        return
    document = Document(text=text)
    found = mentions(document)
    assert all(document.text[m.start : m.end] == m.text for m in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_pairs_are_one_to_one() -> None:
    key = [Span("Person", 0, 5), Span("Person", 6, 10), Span("Location", 12, 20)]
    assert len(pairs(key, [Span("Person", 0, 10)], overlaps)) == 1
    assert len(pairs(key, [Span("Person", 3, 5), Span("Person", 9, 12), Span("Person", 12, 20)], overlaps)) == 2
    assert pairs([], [Span("Person", 0, 10)], overlaps) == []


def test_articles_do_not_count_for_exact_spans() -> None:
    text = "the city of Mosul and Mosul"
    assert trimmed(Span("Location", 0, 17), text) == Span("Location", 4, 17)
    scores = score([Span("Location", 0, 17)], [Span("Location", 4, 17)], text)
    assert scores["Location"] == (1, 1, 1, 1)
    assert rates(1, 2, 1) == pytest.approx((1.0, 0.5, 2 / 3))
    assert rates(0, 0, 0) == (0.0, 0.0, 0.0)


def test_the_corpus_and_its_parts(shared: Path) -> None:
    documents = list(corpus(shared / "corpora" / "re3d"))
    assert len(documents) == 88
    held = [identity for identity, _, _ in documents if part(identity) == "held"]
    assert 20 < len(held) < 40
    for _, text, key in documents:
        assert all(0 <= span.start < span.end <= len(text) + 1 for span in key)


def test_scores_on_the_part_to_tune_on(shared: Path) -> None:
    total = run(shared / "corpora" / "re3d", "tune")
    least = {"Location": 0.80, "Organisation": 0.70, "Person": 0.75, "Temporal": 0.75}
    assert {kind: rates(s.overlap, s.key, s.found)[2] >= least[kind] for kind, s in total.items()} == dict.fromkeys(
        least, True
    )
