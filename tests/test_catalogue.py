"""The files of ``queries/``: what their headers promise, and how parameters become part of them."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions

from kb import docs, resources
from kb.errors import FactlineError, ParameterError, UnknownQueryError, UsageError
from kb.queries import TYPES, NamedQuery, catalogue, find, parse_given, parse_query
from kb.queries.catalogue import read_catalogue
from kb.queries.values import _READERS

# What is promised in print, in this order; more columns may follow.
COLUMNS = {
    "casualties": "claim harm victims minimum maximum hedge place earliest latest source relay publisher published "
    "modality quote document",
    "deployments": "claim deployer contributor unit minimum maximum origin destination phase earliest latest source "
    "publisher published modality quote document",
    "actors": "actor label type claims_about claims_by first last",
    "actor-claims": "claim kind role quote published document",
    "events": "event type label place earliest latest claims sources",
    "evidence": "quote start end document title publisher published url",
    "framing": "group label source claims",
    "provenance": "step agent relation",
    "crowds": "claim group minimum maximum place earliest latest source quote document",
    "figures": "figure harm victims place low best high rule claims independent_sources disputed",
    "casualty-timeline": "published figure harm victims minimum maximum source publisher status claim",
    "contradictions": "figure claim_a count_a source_a claim_b count_b source_b reason",
    "changes": "when change figure claim summary",
}
PARAMETERS = {
    "casualties": "place country harm victims source since until as_of",
    "deployments": "deployer contributor destination since until as_of",
    "actors": "type place",
    "actor-claims": "actor",
    "events": "type place since until",
    "evidence": "claim",
    "framing": "actor place",
    "provenance": "claim",
    "crowds": "place since until",
    "figures": "episode place harm",
    "casualty-timeline": "place country harm victims source since until as_of",
    "contradictions": "place harm as_of",
    "changes": "since until",
}
REQUIRED = {("actor-claims", "actor"), ("evidence", "claim"), ("provenance", "claim"), ("changes", "since")}
PREFIXED = re.compile(r"\bPREFIX (\w+):")

each_query = pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)


def dummy(query: NamedQuery) -> dict[str, list[NamedNode | Literal]]:
    """A value for each parameter."""
    nodes = ("place", "country", "actor", "claim")
    return {
        name: [NamedNode("http://example.org/x"), NamedNode("http://example.org/y")]
        if each.type in nodes
        else [Literal("x")]
        for name, each in query.parameters.items()
    }


def test_every_promised_query_is_there() -> None:
    assert set(catalogue()) == set(COLUMNS)


@each_query
def test_columns_and_parameters_are_as_promised(query: NamedQuery) -> None:
    assert list(query.columns)[: len(COLUMNS[query.name].split())] == COLUMNS[query.name].split()
    assert list(query.parameters) == PARAMETERS[query.name].split()
    assert {(query.name, p.name) for p in query.parameters.values() if p.required} == {
        pair for pair in REQUIRED if pair[0] == query.name
    }


@each_query
def test_the_header_says_what_the_query_gives(query: NamedQuery) -> None:
    answer = pyoxigraph.Store().query(query.text)
    assert isinstance(answer, QuerySolutions)
    assert [variable.value for variable in answer.variables] == list(query.columns)
    assert query.summary[0].isupper() and not query.summary.endswith(".")
    assert len(query.description) > 40
    assert all(query.columns.values())
    assert set(query.example) <= set(query.parameters)


@each_query
def test_the_file_runs_as_it_stands_and_with_all_parameters_on_both_engines(query: NamedQuery) -> None:
    for text in (query.text, query.sparql, query.bind(dummy(query))):
        assert list(pyoxigraph.Store().query(text)) == []  # type: ignore[arg-type] # a SELECT
        assert list(rdflib.Graph().query(text)) == []


@each_query
def test_only_declared_and_used_prefixes(query: NamedQuery) -> None:
    body = query.sparql
    for prefix in PREFIXED.findall(body):
        assert len(re.findall(rf"\b{prefix}:", body)) > 1, prefix


@each_query
def test_files_are_short_enough_to_read(query: NamedQuery) -> None:
    assert len(query.sparql.splitlines()) <= 70
    assert max(map(len, query.text.splitlines())) <= 220


def test_every_type_has_a_reader_and_words() -> None:
    assert set(TYPES) == set(_READERS)


# -- binding


def test_a_parameter_that_is_not_given_leaves_the_file_alone() -> None:
    query = find("casualties")
    assert query.bind({}) == query.text


def test_values_stand_between_the_braces_as_terms() -> None:
    text = find("casualties").bind({"place": [NamedNode("http://a/b"), NamedNode("http://a/c")], "harm": []})
    assert "  VALUES ?in { <http://a/b> <http://a/c> } ?claim kb:place/(kb:within|" in text
    assert "  VALUES ?kind {  } ?claim kb:harm/skos:notation ?kind ." in text
    assert "  #? country: VALUES" in text


def test_lines_stay_where_they_are() -> None:
    query = find("casualties")
    bound = query.bind(dummy(query))
    assert len(bound.splitlines()) == len(query.text.splitlines())


@given(st.text())
def test_whatever_is_given_stays_one_literal(value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    query = parse_query("echo", ECHO)
    found = pyoxigraph.Store().query(query.bind({"word": [Literal(value)]}))
    assert isinstance(found, QuerySolutions)
    assert [row["word"].value for row in found] == [value]


ECHO = """#+ summary: Echo
#+ description: Gives back what is given
#+ parameters:
#+   word: {type: victims, description: any, example: any}
#+ columns:
#+   word: the word
SELECT ?word WHERE {
  #? word: VALUES ?word { "any" }
}
"""


@pytest.mark.parametrize(
    "value",
    [
        '"} } DROP ALL #',
        "' } UNION { ?s ?p ?o } #",
        "\\",
        '\\"',
        "\n#? word: ",
        "$word ?word {} <x>",
        r"\1 \g<name>",
        "}",
        "\u2028",
    ],
)
def test_hostile_values_stay_values(value: str) -> None:
    store = pyoxigraph.Store()
    store.add(pyoxigraph.Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("secret")))
    text = parse_query("echo", ECHO).bind({"word": [Literal(value)]})
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    assert [row["word"].value for row in found] == [value]
    assert [str(row[0]) for row in rdflib.Graph().query(text)] == [value]  # type: ignore[index] # rows of a SELECT


# -- what is refused


def test_an_unknown_query_names_those_that_are_near() -> None:
    with pytest.raises(
        UnknownQueryError, match=r"no named query 'casualty'; did you mean casualties or casualty-timeline\?"
    ):
        find("casualty")
    with pytest.raises(UnknownQueryError, match="no named query 'zzz'; choose one of actor-claims, actors, casualties"):
        find("zzz")


def test_an_unknown_parameter_names_those_that_there_are() -> None:
    with pytest.raises(
        ParameterError, match=r"has no parameter 'plcae'; it takes place, country, .*; did you mean place\?$"
    ):
        find("casualties").check(["plcae"])


def test_a_parameter_that_is_needed() -> None:
    with pytest.raises(ParameterError, match="evidence needs the parameter claim: the IRI of a claim, or its id"):
        find("evidence").check([])


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["Almaty"], "'Almaty' is not a parameter; write it as name=value"),
        (["=Almaty"], "is not a parameter"),
        (["place=a", "place=b"], "the parameter place is given twice"),
    ],
)
def test_what_is_no_parameter(pairs: list[str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        parse_given(pairs)


def test_a_value_may_hold_an_equals_sign() -> None:
    assert parse_given(["place=a=b", "harm="]) == {"place": "a=b", "harm": ""}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#+ summary: [", "the header of the query own is not as"),
        ("#+ summary: A\nSELECT * {}", "the header of the query own is not as"),
        (ECHO.replace("victims", "word"), "the parameter word has the unknown type 'word'"),
        (ECHO.replace("#? word", "#? other"), "each parameter needs lines '#\\? name: …'"),
        (ECHO.replace('VALUES ?word { "any" }', "?s ?p ?word ."), "and one of them VALUES"),
        (ECHO.replace("#+ columns", "#+ example: {other: a}\n#+ columns"), "has no parameter 'other'"),
    ],
)
def test_a_file_with_a_fault(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_query("own", text)


def test_a_file_without_a_header_takes_no_parameters() -> None:
    query = parse_query("own.rq", "SELECT * { ?s ?p ?o }")
    assert query.bind({}) == "SELECT * { ?s ?p ?o }"
    with pytest.raises(ParameterError, match=r"own\.rq has no parameter 'place'; it takes none"):
        query.check(["place"])


def test_a_folder_without_queries_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FactlineError, match="no queries in"):
        read_catalogue(tmp_path)


# -- the generated page


def test_the_page_of_queries_is_up_to_date() -> None:
    page = resources.folder("queries").parent / "docs" / "queries.md"
    assert page.read_text("utf-8") == docs.queries_page(), "run make docs"


def test_the_page_names_every_query_parameter_and_column() -> None:
    page = docs.queries_page()
    for query in catalogue().values():
        section = page.partition(f"## {query.name}\n")[2].partition("\n## ")[0]
        for name in (*query.parameters, *query.columns):
            assert re.search(rf"^\| \**{name}\** \|", section, re.MULTILINE), (query.name, name)
