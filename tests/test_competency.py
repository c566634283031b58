"""Every named query answers as expected, on the ontology's examples and on the seed article, on two engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib

from kb.queries import catalogue
from kb.store import Store
from tests import expected
from tests.expected import FOLDER, Question, ask, ask_rdflib, differences, in_rdflib, opened, questions
from tests.expected.__main__ import main

QUESTIONS = questions()
EXAMPLES = [question for question in QUESTIONS if question.data == "examples"]
SEED = [question for question in QUESTIONS if question.data == "seed"]


def name(question: Question) -> str:
    return question.answer


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened("examples", tmp_path_factory.mktemp("competency")) as store:
        yield store


@pytest.fixture(scope="module")
def examples_in_rdflib(examples: Store) -> rdflib.Graph:
    return in_rdflib(examples)


@pytest.fixture(scope="module")
def seed(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    assert shared / "seed" / "article.txt" == expected.SEED
    with opened("seed", tmp_path_factory.mktemp("competency")) as store:
        yield store


@pytest.fixture(scope="module")
def seed_in_rdflib(seed: Store) -> rdflib.Graph:
    return in_rdflib(seed)


def test_every_parameter_of_the_examples_is_asked_once() -> None:
    asked = {(question.query, given) for question in EXAMPLES for given in question.given}
    assert asked == {(query.name, parameter) for query in catalogue().values() for parameter in query.parameters}


def test_every_answer_belongs_to_a_question() -> None:
    assert sorted(FOLDER.rglob("*/*.csv")) == sorted(question.file for question in QUESTIONS)


def test_every_query_has_an_expected_answer_on_both() -> None:
    for asked in (EXAMPLES, SEED):
        missing = set(catalogue()) - {question.query for question in asked}
        assert missing == set(), "add a question and its answer (see tests/expected/__init__.py)"
        assert {question.query for question in asked} <= set(catalogue()), "no longer a query"


def test_every_query_finds_something() -> None:
    assert {question.query for question in EXAMPLES if question.expected()[1]} == set(catalogue())
    assert all(question.whole or question.expected()[1] for question in SEED), "no row at all is always found"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_an_answer_is_a_table(question: Question) -> None:
    header, rows = question.expected()
    assert header
    assert len(set(header)) == len(header)
    assert {len(row) for row in rows} <= {len(header)}


HINT = "python -m tests.expected shows the differences of all questions"


@pytest.mark.parametrize("question", EXAMPLES, ids=name)
def test_the_examples_answer(examples: Store, question: Question) -> None:
    assert differences(question, *ask(examples, question)) == [], HINT


@pytest.mark.parametrize("question", EXAMPLES, ids=name)
def test_the_examples_answer_in_rdflib(examples_in_rdflib: rdflib.Graph, examples: Store, question: Question) -> None:
    assert differences(question, *ask_rdflib(examples_in_rdflib, examples, question)) == [], HINT


@pytest.mark.parametrize("question", SEED, ids=name)
def test_the_seed_answers(seed: Store, question: Question) -> None:
    assert differences(question, *ask(seed, question)) == [], HINT


@pytest.mark.parametrize("question", SEED, ids=name)
def test_the_seed_answers_in_rdflib(seed_in_rdflib: rdflib.Graph, seed: Store, question: Question) -> None:
    columns, rows = ask_rdflib(seed_in_rdflib, seed, question)
    assert differences(question, columns, rows) == [], HINT
    assert sorted(rows) == sorted(ask(seed, question)[1]), "all rows, those that are not expected too"


# -- the comparison itself


def question_of(whole: bool) -> Question:
    return next(q for q in QUESTIONS if q.whole is whole and q.query == "actors" and len(q.expected()[1]) > 1)


@pytest.mark.parametrize("whole", [True, False])
def test_a_row_that_is_missing_is_told(whole: bool) -> None:
    question = question_of(whole)
    header, rows = question.expected()
    assert differences(question, header, rows) == []
    assert [line[0] for line in differences(question, header, rows[1:])] == ["-"]
    assert [line[0] for line in differences(question, header, [*rows[1:], rows[1]])] == (["-", "+"] if whole else ["-"])


@pytest.mark.parametrize(("whole", "signs"), [(True, ["+"]), (False, [])])
def test_a_row_too_many_is_told_of_a_whole_answer(whole: bool, signs: list[str]) -> None:
    header, rows = question_of(whole).expected()
    assert [line[0] for line in differences(question_of(whole), header, [*rows, rows[0]])] == signs


def test_the_order_and_the_columns_are_told() -> None:
    header, rows = question_of(whole=True).expected()
    assert differences(question_of(whole=True), header, rows[::-1]) == ["the rows are in another order"]
    (line,) = differences(question_of(whole=True), header[1:], [row[1:] for row in rows])
    assert line.endswith(f"without {header[0]}")


def test_the_answers_on_the_examples_are_whole() -> None:
    assert all(question.whole for question in EXAMPLES)


def test_the_command_shows_the_present_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["examples/evidence"]) == 0
    (file,) = [question.file for question in EXAMPLES if question.answer == "evidence"]
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(file.read_text("utf-8").splitlines())
    assert main(["examples/unheard-of"]) == 2
    assert "no question examples/unheard-of" in capsys.readouterr().err
