"""Results in every format, each read back by another reader than the one that wrote it."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, QueryTriples, Store
from rich.console import Console

from kb import results
from kb.errors import UsageError
from kb.store import Results
from kb.table import MARGIN, PIPE_WIDTH, Column, arrange, cell, columns, print_results, shorten

BASE = "http://127.0.0.1:8000/"
ROWS = """SELECT ?name ?number ?node ?none WHERE { VALUES (?name ?number ?node ?none) {
  ("ça \\"va\\", oui\\nnon"@fr 13 <http://127.0.0.1:8000/claim/a1> UNDEF)
  ("b" 1000 <https://w3id.org/factline/ontology#Killed> UNDEF) } }"""
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
NONE = "SELECT ?a WHERE { VALUES ?a { } }"


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store()
    subject = NamedNode("http://example.org/s")
    made.add(Quad(subject, NamedNode("http://example.org/p"), Literal('ö " \\ \n \t', language="de")))
    made.add(Quad(subject, NamedNode("http://example.org/q"), NamedNode("http://example.org/o")))
    return made


def answer(store: Store, query: str) -> Results:
    return store.query(query)


def rows(store: Store, query: str) -> QuerySolutions:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return found


# -- W3C formats of rows


def test_json_is_sparql_1_1_results(store: Store) -> None:
    found = json.loads(results.to_bytes(answer(store, ROWS), "json"))
    assert found["head"] == {"vars": ["name", "number", "node", "none"]}
    first, second = found["results"]["bindings"]
    assert first == {
        "name": {"type": "literal", "value": 'ça "va", oui\nnon', "xml:lang": "fr"},
        "number": {"type": "literal", "value": "13", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
        "node": {"type": "uri", "value": "http://127.0.0.1:8000/claim/a1"},
    }
    assert second["node"]["value"] == "https://w3id.org/factline/ontology#Killed"


def test_csv_keeps_quotes_commas_and_line_breaks(store: Store) -> None:
    text = results.to_bytes(answer(store, ROWS), "csv").decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["name", "number", "node", "none"],
        ['ça "va", oui\nnon', "13", "http://127.0.0.1:8000/claim/a1", ""],
        ["b", "1000", "https://w3id.org/factline/ontology#Killed", ""],
    ]


def test_tsv_writes_terms(store: Store) -> None:
    head, first, _ = results.to_bytes(answer(store, ROWS), "tsv").decode().splitlines()
    assert head == "?name\t?number\t?node\t?none"
    assert first == '"ça \\"va\\", oui\\nnon"@fr\t13\t<http://127.0.0.1:8000/claim/a1>\t'


@pytest.mark.parametrize("name", ["json", "xml", "tsv", "csv"])
def test_rdflib_reads_every_row_format(store: Store, name: str) -> None:
    read = rdflib.query.Result.parse(io.BytesIO(results.to_bytes(answer(store, ROWS), name)), format=name)
    assert [str(variable) for variable in read.vars or ()] == ["name", "number", "node", "none"]
    assert [str(row[rdflib.Variable("number")]) for row in read.bindings] == ["13", "1000"]


@pytest.mark.parametrize(("query", "truth"), [("ASK {}", "true"), ("ASK { FILTER(false) }", "false")])
def test_yes_or_no(store: Store, query: str, truth: str) -> None:
    assert json.loads(results.to_bytes(answer(store, query), "json"))["boolean"] is (truth == "true")
    document = ElementTree.fromstring(results.to_bytes(answer(store, query), "xml"))  # noqa: S314 - our own
    assert document.findtext("{*}boolean") == truth


# -- graphs


@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")  # rdflib warns of itself
@pytest.mark.parametrize(
    ("name", "parser"),
    [
        ("turtle", "turtle"),
        ("trig", "trig"),
        ("ntriples", "nt"),
        ("nquads", "nquads"),
        ("jsonld", "json-ld"),
        ("rdfxml", "xml"),
    ],
)
def test_rdflib_reads_every_graph_format(store: Store, name: str, parser: str) -> None:
    read = rdflib.Dataset(default_union=True)
    read.parse(data=results.to_bytes(answer(store, GRAPH), name).decode(), format=parser)
    assert {triple[:3] for triple in read.triples((None, None, None))} == {
        (
            rdflib.URIRef("http://example.org/s"),
            rdflib.URIRef("http://example.org/p"),
            rdflib.Literal('ö " \\ \n \t', lang="de"),
        ),
        (
            rdflib.URIRef("http://example.org/s"),
            rdflib.URIRef("http://example.org/q"),
            rdflib.URIRef("http://example.org/o"),
        ),
    }


def test_short_names_of_formats(store: Store) -> None:
    assert results.to_bytes(answer(store, GRAPH), "ttl") == results.to_bytes(answer(store, GRAPH), "turtle")


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        (
            ROWS,
            "turtle",
            r"this query answers with rows \(SELECT\), which turtle cannot hold; choose one of table, json",
        ),
        (GRAPH, "csv", r"answers with a graph \(CONSTRUCT, DESCRIBE\), which csv cannot hold; choose one of turtle"),
        (GRAPH, "table", "which table cannot hold"),
        ("ASK {}", "turtle", "answers with yes or no, which turtle cannot hold"),
        (ROWS, "excel", "unknown format 'excel'; choose one of table, json, csv, tsv, xml"),
        (GRAPH, "excel", "unknown format 'excel'; choose one of turtle, trig, ntriples, nquads, jsonld, rdfxml"),
    ],
)
def test_a_format_that_does_not_fit(store: Store, query: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        results.to_bytes(answer(store, query), name)


# -- the table


def printed(store: Store, query: str, width: int | None = None) -> str:
    """What a pipe gets, or a screen of that width."""
    console = Console(
        file=io.StringIO(), width=width, force_terminal=width is not None, no_color=True, color_system=None
    )
    found = store.query(query)
    assert not isinstance(found, QueryTriples)
    print_results(found, console, BASE)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_table_that_fits(store: Store) -> None:
    assert printed(store, ROWS).splitlines() == [
        "name              number  node       none",
        "─────────────────────────────────────────",
        'ça "va", oui non      13  claim/a1   –',
        "b                   1000  kb:Killed  –",
        "2 rows",
    ]


def test_a_table_without_rows(store: Store) -> None:
    assert printed(store, NONE) == "no rows\n"


@pytest.mark.parametrize(("query", "word"), [("ASK {}", "yes\n"), ("ASK { FILTER(false) }", "no\n")])
def test_a_table_of_yes_or_no(store: Store, query: str, word: str) -> None:
    assert printed(store, query) == word


WIDE = 'SELECT ?first ?quote ?second WHERE { VALUES (?first ?quote ?second) { ("1st" "%send" "2nd") } }' % (
    "word " * 60
)


def test_long_text_goes_beneath_its_row_and_is_never_cut(store: Store) -> None:
    head, _, row, quote, _ = printed(store, WIDE).splitlines()
    assert head.split() == ["first", "second"]
    assert row.split() == ["1st", "2nd"]
    assert quote == f"{MARGIN}quote  {'word ' * 60}end"


@pytest.mark.parametrize("width", [30, 80, 120])
def test_on_a_screen_nothing_is_wider_than_it_or_lost(store: Store, width: int) -> None:
    lines = printed(store, WIDE, width).splitlines()
    assert max(map(len, lines)) <= max(width, 55)
    assert " ".join(" ".join(lines).split()).count("word") == 60


def test_what_goes_beneath_first() -> None:
    found = [
        Column("claim", ("claim/0123456789",), iri=True),
        Column("harm", ("killed",)),
        Column("relay", ("–",)),
        Column("quote", ("x" * 60,)),
        Column("last", ("y" * 20,)),
    ]
    beside, beneath, empty = arrange(found, 30)
    assert [[column.name for column in part] for part in (beside, beneath, empty)] == [
        ["harm", "last"],
        ["claim", "quote"],
        ["relay"],
    ]
    assert arrange(found, PIPE_WIDTH) == (found, [], [])


def test_an_iri_beside_its_name_is_left_out(store: Store) -> None:
    found = columns(
        rows(store, 'SELECT ?place ?place_iri ?odd_iri { VALUES (?place ?place_iri ?odd_iri) { ("A" <a:b> <c:d>) } }'),
        BASE,
    )
    assert [column.name for column in found] == ["place", "odd_iri"]


def test_nothing_in_a_cell_commands_the_terminal() -> None:
    assert cell(Literal("red \x1b[31m alert\x07 \r\n\u2028 \x9b end"), BASE) == "red  [31m alert      end"
    assert "\x1b" not in cell(NamedNode("http://example.org/%1B"), BASE)


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (BASE + "claim/a1", "claim/a1"),
        (BASE, BASE),
        ("https://w3id.org/factline/ontology#Killed", "kb:Killed"),
        ("https://w3id.org/factline/ontology#", "https://w3id.org/factline/ontology#"),
        ("http://purl.org/dc/terms/a/b", "http://purl.org/dc/terms/a/b"),
        ("http://example.org/", "http://example.org/"),
    ],
)
def test_iris_are_short_where_that_can_be_undone(iri: str, short: str) -> None:
    assert shorten(iri, BASE) == short
