"""Queries: parameters bound as terms, nothing reaches out or writes, faults say where they are."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from kb.errors import ParameterError, SparqlError, StoreError
from kb.store import Store, open_store
from kb.store.sparql import Term, prepare

EX = "http://example.org/"
DATA = {
    "a": [("s1", "p", '"one"'), ("s2", "p", '"two"'), ("s1", "within", f"<{EX}s2>")],
    "b": [("s3", "p", '"one"'), ("s3", "size", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>')],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("sparql") / "store"
    with open_store(folder, create=True) as writer:
        for key, facts in DATA.items():
            graph = writer.iri(f"document/{key}/graph")
            lines = [f"<{EX}{s}> <{EX}{p}> {o} <{graph}> .\n" for s, p, o in facts]
            writer.add_document(key, "".join(lines).encode())
        writer.publish()
    with open_store(folder) as reader:
        yield reader


def rows(store: Store, text: str, bindings: dict[str, Term | None] | None = None) -> list[tuple[str | None, ...]]:
    found = store.query(f"PREFIX ex: <{EX}> {text}", bindings)
    assert isinstance(found, QuerySolutions)
    shown = [tuple(None if term is None else str(getattr(term, "value", "")) for term in row) for row in found]
    return sorted((tuple(v if v is None else v.removeprefix(EX) for v in row) for row in shown), key=str)


def test_the_three_forms_of_answer(store: Store) -> None:
    assert rows(store, "SELECT ?s { ?s ex:p 'one' }") == [("s1",), ("s3",)]
    asked = store.query(f"ASK {{ ?s <{EX}p> 'one' }}")
    assert isinstance(asked, QueryBoolean) and bool(asked)
    made = store.query(f"CONSTRUCT {{ ?s a <{EX}T> }} WHERE {{ ?s <{EX}p> 'one' }}")
    assert isinstance(made, QueryTriples) and len(list(made)) == 2


# -- parameters

ONE, TWO, S1, S2 = Literal("one"), Literal("two"), NamedNode(f"{EX}s1"), NamedNode(f"{EX}s2")


@pytest.mark.parametrize(
    ("text", "bindings", "expected"),
    [
        ("SELECT ?s { ?s ex:p ?v }", {"v": ONE}, [("s1",), ("s3",)]),
        ("SELECT ?s ?v { ?s ex:p ?v }", {"v": ONE}, [("s1", "one"), ("s3", "one")]),
        ("SELECT ?s $v { ?s ex:p $v }", {"v": TWO}, [("s2", "two")]),
        ("SELECT ?s { ?s ex:p ?v FILTER(!BOUND(?w) || ?v = ?w) }", {"w": TWO}, [("s2",)]),
        ("SELECT ?s { ?s ex:p ?v FILTER(!bound ( ?w ) || ?v = ?w) }", {"w": None}, [("s1",), ("s2",), ("s3",)]),
        ("SELECT ?s { ?s ex:p ?v FILTER(!BOUND(?w) || ?v = ?w) }", {}, [("s1",), ("s2",), ("s3",)]),
        ("SELECT ?s { ?s ex:within* ?w }", {"w": S2}, [("s1",), ("s2",)]),
        ("SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s ex:p ?v } } }", {"v": ONE}, [("2",)]),
        ("SELECT ?v ?n { { SELECT ?v (COUNT(*) AS ?n) { ?s ex:p ?v } GROUP BY ?v } }", {"v": ONE}, [("one", "2")]),
        ("SELECT (COUNT(?s) AS ?n) ?v { ?s ex:p ?v } GROUP BY ?v ORDER BY ?v ?n", {"v": ONE}, [("2", "one")]),
        ("SELECT (COUNT(?s) AS ?n) { ?s ex:p ?v } GROUP BY ?v HAVING (?v = 'one') LIMIT 5", {"v": ONE}, [("2",)]),
        ("SELECT ?s { ?s ex:p ?v } ORDER BY DESC(?v) ?v", {"v": ONE}, [("s1",), ("s3",)]),
        ("SELECT ?s { ?s ex:p ?x BIND(?v AS ?y) FILTER(?x = ?y) }", {"v": TWO}, [("s2",)]),
        ("SELECT (STR(?v) AS ?x) ?s { ?s ex:p ?v }", {"v": TWO}, [("two", "s2")]),
        ("SELECT ?s { { ?s ex:p ?v } UNION { ?v ex:p ?s } }", {"v": S1}, [("one",)]),
        (
            "SELECT ?s { ?s ex:p ?x OPTIONAL { ?s ex:within ?v } FILTER(BOUND(?v)) }",
            {"v": S2},
            [("s1",), ("s2",), ("s3",)],
        ),
        ("SELECT ?s { ?s ex:p ?x FILTER EXISTS { ?s ex:within ?v } }", {"v": S2}, [("s1",)]),
        ("SELECT ?s { ?s ex:p 'a ?v in a string', ?v # and ?v in a comment\n }", {"v": ONE}, []),
        ("SELECT ?vv { ?vv ex:p ?v }", {"v": TWO}, [("s2",)]),
        (
            "SELECT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRENDS(STR(?g), ?end)) } GROUP BY ?g",
            {"end": Literal("b/graph")},
            1,
        ),
        (
            "SELECT ?o { GRAPH ?g { ?s ex:p ?o } }",
            {"g": NamedNode("http://127.0.0.1:8000/document/b/graph")},
            [("one",)],
        ),
        ("SELECT ?o { ?s ?p ?o }", {"p": NamedNode(f"{EX}size"), "s": NamedNode(f"{EX}s3")}, [("7",)]),
        (
            "SELECT ?s { ?s ex:size ?n FILTER(?n<?most&&?n>?least) }",
            {"most": Literal(8), "least": Literal(6)},
            [("s3",)],
        ),
    ],
)
def test_a_bound_parameter_is_the_same_term_everywhere(
    store: Store, text: str, bindings: dict[str, Term | None], expected: list[tuple[str, ...]] | int
) -> None:
    found = rows(store, text, bindings)
    assert len(found) == expected if isinstance(expected, int) else found == expected


@pytest.mark.parametrize("text", ["DESCRIBE ?v", "CONSTRUCT { ?v a ex:T } WHERE { ?v ex:p ?o }"])
def test_parameters_of_graph_answers(store: Store, text: str) -> None:
    found = store.query(f"PREFIX ex: <{EX}> {text}", {"v": S1})
    assert isinstance(found, QueryTriples)
    assert {triple.subject for triple in found} == {S1}


terms_of_any_kind = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(Literal),
    st.builds(lambda value: Literal(value, language="en"), st.text(st.characters(exclude_categories=["Cs"]))),
    st.integers().map(Literal),
    st.text(st.characters(categories=["L", "N"]), min_size=1).map(lambda value: NamedNode(EX + value)),
)


@given(terms_of_any_kind)
@example(Literal('" } SELECT * { ?s ?p ?o } #'))
@example(Literal("'''\"\"\"\\\n\r\u2028\0 ?v $v BOUND(?v) SERVICE <http://example.org/>"))
def test_a_parameter_comes_out_as_it_went_in(store: Store, term: Term) -> None:
    found = store.query("SELECT ?v (?v AS ?w) { BIND(?v AS ?x) FILTER(sameTerm(?x, ?v)) }", {"v": term})
    assert isinstance(found, QuerySolutions)
    (row,) = found
    assert (row["v"], row["w"]) == (term, term)


def test_what_cannot_be_bound_is_refused(store: Store) -> None:
    with pytest.raises(ParameterError, match="IRI or a literal"):
        store.query("SELECT ?s { ?s ?p ?v }", {"v": BlankNode("x")})  # type: ignore[dict-item]
    for text in ("SELECT ?v { BIND(1 AS ?v) }", "SELECT (1 AS ?v) {}", "SELECT ?v { VALUES ?v { 1 } }"):
        with pytest.raises(SparqlError, match=r"assigns \?v itself"):
            store.query(text, {"v": ONE})
    with pytest.raises(SparqlError, match=r"assigns \?v itself"):
        store.query("SELECT ?v { VALUES (?u ?v) { (1 2) } }", {"v": ONE})
    with pytest.raises(SparqlError, match="does not parse"):
        store.query("SELECT ?s { ?s ?v ?o }", {"v": ONE})


# -- nothing reaches out, nothing is written


@pytest.fixture
def listener() -> Iterator[str]:
    """An address on this machine that fails the test when anything connects."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.05)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT <URL> { ?s ?p ?o } }",
        "PREFIX ex: <URL> SELECT * { SERVICEex:a { ?s ?p ?o } }",
        "PREFIX : <URL> SELECT * { SERVICE:a { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE<URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE<URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'x'SERVICE<URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'x'@en.SERVICE<URL> { ?s ?p ?o } }",
        "SELECT * { FILTER(1<2)SERVICE<URL> { ?s ?p ?o } FILTER(2>1) }",
        "PREFIX ex: <URL> SELECT * { ?s ?p ex:it\\'s.x\\'y SERVICE <URL> { ?s ?p ?o } FILTER('' = '') }",
        "PREFIX ex: <URL> SELECT * { ?s ?p ex:a\\#b . SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p <URL\\u0061#>SERVICE<URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p <URL#'>. SERVICE <URL> { ?s ?p '' } }",
        "SELECT * { ?s ?p '''a'b''' SERVICE <URL> { ?s ?p '''''' } }",
        'SELECT * { ?s ?p """a\\"""" SERVICE <URL> { ?s ?p "" } }',
        "SELECT * { # comment\r SERVICE <URL> { ?s ?p ?o } }",
        "SELECT ?x { ?x ?p ?o . { SELECT ?x { SERVICE ?e { ?x ?p ?o } VALUES ?e { <URL> } } } }",
        "SELECT * { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
        "SELECT * { ?s ?p ?a FILTER(?a<'x>') SERVICE <URL> { ?s ?p '' } }",
        "SELECT * { ?s ?p ?a FILTER(?a<ex:a#'''>\n) SERVICE <URL> { ?s ?p ?o } # '''\n }",
        "SELECT * { ?s ?p <a?'>, ?a . SERVICE <URL> { ?s ?p '' } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    ],
)
def test_nothing_is_fetched_from_elsewhere(store: Store, listener: str, text: str) -> None:
    with pytest.raises(SparqlError, match="SERVICE is refused"):
        store.query(text.replace("URL", listener))


def test_the_guard_stops_what_the_engine_would_follow(listener: str) -> None:
    """Each spelling above that the engine reads as SERVICE is worth its row; here one is shown to be."""
    with pytest.raises(SparqlError):
        prepare(f"PREFIX ex: <{listener}> SELECT * {{ SERVICEex:a {{ ?s ?p ?o }} }}")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://example.org/>' }",
        "SELECT * { ?s ?p <http://example.org/service> } # SERVICE",
        "SELECT ?service { ?service ?p ?o }",
        "PREFIX ex: <http://example.org/> SELECT * { ?s ex:service ?o }",
    ],
)
def test_the_word_may_stand_where_it_does_nothing(store: Store, text: str) -> None:
    assert isinstance(store.query(text), QuerySolutions)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "PREFIX ex: <http://example.org/> DELETE WHERE { ?s ?p ?o }",
        "# LOAD\nLOAD <http://example.org/>",
        "load <http://example.org/> INTO GRAPH <a:b>",
        "DROP ALL",
        "CLEAR DEFAULT",
        "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "BASE <http://example.org/> CREATE GRAPH <a>",
    ],
)
def test_updates_are_refused(store: Store, text: str) -> None:
    with pytest.raises(SparqlError, match="is an update"):
        store.query(text)


# -- faults and datasets


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT ?s WHERE { ?s ?p }", 1, 26),
        ("SELECT ?s\nWHERE {\n  ?s ?p ?o .\n  ?s ?p\n}", 5, None),
        ("SELECT ?s # ? ? ?\n{ ?s ?p }", 2, 10),
        ("SELECT", 1, None),
    ],
)
def test_a_fault_is_shown_where_it_is(store: Store, text: str, line: int, column: int | None) -> None:
    for bindings in (None, {"p": S1, "s": S2}):
        with pytest.raises(SparqlError, match=f"line {line}, column {column or ''}") as caught:
            store.query(text, bindings)
        shown = str(caught.value).split("\n")
        assert shown[1] == text.split("\n")[line - 1] and shown[2].endswith("^")


@pytest.mark.parametrize(
    "text", ["", "   ", "# nothing", "\x00", "SELECT * { ?s ex:p ?o }", "SELECT ?x { } GROUP BY ?y", "é" * 9]
)
def test_other_nonsense_is_an_error_of_usage(store: Store, text: str) -> None:
    with pytest.raises(SparqlError, match="does not parse"):
        store.query(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_guard(text: str) -> None:
    try:
        prepared = prepare(text, {"v": ONE})
    except SparqlError:
        return
    assert len(prepared) >= len(text) or "v" in text


def test_usual_prefixes_need_no_declaration(store: Store) -> None:
    assert rows(store, "SELECT ?l { <actor/csto> kb:acronym ?l }") == [("CSTO",)]


def test_a_query_may_choose_its_graphs(store: Store) -> None:
    graph = store.iri("document/a/graph")
    assert rows(store, "SELECT ?s FROM <document/a/graph> { ?s ex:p 'one' }") == [("s1",)]
    assert rows(store, "SELECT ?s FROM NAMED <document/a/graph> { GRAPH ?g { ?s ex:p 'one' } }") == [("s1",)]
    found = store.query(f"SELECT ?s {{ ?s <{EX}p> 'one' }}", default_graph=[graph])
    assert isinstance(found, QuerySolutions) and len(list(found)) == 1
    found = store.query("SELECT ?s { GRAPH ?g { ?s ?p 'one' } }", named_graphs=[graph])
    assert isinstance(found, QuerySolutions) and len(list(found)) == 1


def test_there_is_one_list_of_prefixes(store: Store, tmp_path: Path) -> None:
    namespaces = dict(store.rdflib().namespaces())
    assert str(namespaces["kb"]).endswith("ontology#") and str(namespaces["geo"]).startswith("http://www.opengis.net/")


def test_a_function_that_nobody_knows_is_an_error_of_its_expression(store: Store) -> None:
    call = "<http://example.org/f>(?s)"
    assert rows(store, f"SELECT ?s {{ ?s ex:p 'one' FILTER({call}) }}") == []
    assert rows(store, f"SELECT ?s ?x {{ ?s ex:p 'two' BIND({call} AS ?x) }}") == [("s2", None)]
    calls = " && ".join(f"<http://example.org/f{at}>()" for at in range(25))
    with pytest.raises(StoreError, match="not supported"):
        rows(store, f"SELECT ?s {{ ?s ex:p 'one' FILTER({calls}) }}")


def test_an_iri_that_looks_like_a_variable(store: Store) -> None:
    assert rows(store, "SELECT ?x { BIND(<?z> AS ?x) }") == [("http://127.0.0.1:8000/?z",)]


def test_group_concat_gives_plain_strings(store: Store) -> None:
    joined = "(GROUP_CONCAT(STRLANG(?o, 'en') ; separator=')(') AS ?x)"
    found = store.query(f"SELECT {joined} (COUNT(*) AS ?n) {{ ?s <{EX}p> ?o }}")
    assert isinstance(found, QuerySolutions)
    assert [row["x"].language for row in found] == [None]
    assert rows(store, "SELECT (TRUE AS ?x) {}") == [("true",)]
    with pytest.raises(SparqlError, match="line 1, column 64"):
        store.query("SELECT (GROUP_CONCAT(?o) AS ?x) (COUNT(*) AS ?n) { ?s ?p ?o @ }")
