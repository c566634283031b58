"""SPARQL updates on the store: what the engine alone would do, with the merge kept and Factline's graphs untouched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from kb.errors import SparqlError
from kb.store import Store, open_store
from kb.store.updates import ForbiddenError, OperationError, Rules

BASE = "http://127.0.0.1:8000/"
DEFAULT = BASE + "graphs/default"
EVERYTHING = Rules(BASE, everything=True)


@pytest.fixture(scope="module")
def store(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = Path(shutil.copytree(new_store, tmp_path_factory.mktemp("updates") / "store"))
    with open_store(folder, write=True) as opened:
        make_small(opened)
        yield opened


def make_small(store: Store) -> None:
    """Leaves one triple in each graph, so that all of them can be compared after each update."""
    graphs = store.graphs()
    store.engine.clear()
    for graph in graphs:
        store.replace_graph(graph, [Triple(NamedNode("x:kept"), NamedNode("x:p"), NamedNode(graph))])


@pytest.fixture(autouse=True)
def emptied(store: Store) -> None:
    for graph in store.graphs():
        if Rules(BASE).allow(graph):
            store.update(f"DROP GRAPH <{graph}>")
    assert_merged(store)


def assert_merged(store: Store) -> None:
    """The default graph is the union of the named ones, and nothing of the transaction's own is left."""
    merge = {quad.triple for quad in store.engine.quads_for_pattern(None, None, None, DefaultGraph())}
    assert merge == {quad.triple for quad in store.quads()}
    assert not [graph for graph in store.graphs() if graph.startswith("urn:factline:")]


def graph(store: Store, iri: str) -> set[str]:
    return {str(quad.triple) for quad in store.quads(graph=NamedNode(iri))}


def test_the_default_graph_is_written_as_a_graph_of_its_own(store: Store) -> None:
    store.update("INSERT DATA { <x:s> <x:p> 1 . GRAPH <x:g> { <x:s> <x:p> 1, 2 } <x:s> <x:p> 3 }")
    assert graph(store, DEFAULT) == {
        str(Triple(NamedNode("x:s"), NamedNode("x:p"), one)) for one in (pyoxigraph.Literal(1), pyoxigraph.Literal(3))
    }
    store.update("DELETE DATA { <x:s> <x:p> 1 }")
    assert store.query("ASK { <x:s> <x:p> 1 }"), "the other graph says it still"
    store.update("DELETE WHERE { GRAPH <x:g> { ?s ?p 1 } }")
    assert not store.query("ASK { <x:s> <x:p> 1 }")
    assert_merged(store)


CASES = {
    "anonymous nodes": "INSERT DATA { <x:s> <x:p> [ <x:q> (1 2) ] . GRAPH <x:g> { [] <x:p> _:b . _:b <x:p> [] } }",
    "a node made by each solution": "INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1, 2 } } ;"
    "INSERT { GRAPH <x:h> { _:n <x:of> ?o } GRAPH <x:i> { _:n a <x:C> } } WHERE { GRAPH <x:g> { ?s ?p ?o } }",
    "with": "INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1 } } ;"
    "WITH <x:g> DELETE { ?s ?p ?o } INSERT { ?s ?p 2 . GRAPH <x:h> { ?s ?p ?o } } WHERE { ?s ?p ?o }",
    "with and using": "INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1 } GRAPH <x:h> { <x:s> <x:p> 2 } } ;"
    "WITH <x:g> DELETE { ?s ?p ?o } USING <x:h> USING NAMED <x:g> WHERE { ?s ?p 2 . GRAPH ?g { ?s ?p ?o } }",
    "a graph from the data": "INSERT DATA { GRAPH <x:g> { <x:h> <x:p> 1 . <x:i> <x:p> 2 } } ;"
    "INSERT { GRAPH ?s { ?s ?p ?o } } WHERE { GRAPH <x:g> { ?s ?p ?o } } ;"
    "DELETE { GRAPH ?s { ?s ?p 2 } } WHERE { GRAPH <x:g> { ?s ?p ?o } }",
    "copy, move, add": "INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1 } GRAPH <x:h> { <x:s> <x:p> 2 } <x:s> <x:p> 3 } ;"
    "COPY <x:g> TO <x:h> ; ADD DEFAULT TO <x:g> ; MOVE GRAPH <x:g> TO DEFAULT ; COPY SILENT <x:none> TO <x:i>",
    "clear, drop, create": "INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1 } GRAPH <x:h> { <x:s> <x:p> 1 } <x:s> <x:p> 3 } ;"
    "CLEAR GRAPH <x:g> ; DROP SILENT GRAPH <x:none> ; DROP DEFAULT ; CREATE GRAPH <x:i>",
    "text that looks like syntax": "INSERT DATA { <x:s> <x:p> '} ; DROP ALL ; {', "
    "\"\"\"GRAPH <x:g> { # \"\"\"@en # } \n }",
    "comments everywhere": "# one\nINSERT # two\n DATA# three\n{ # }\n GRAPH#\n<x:g> # {\n { <x:s> <x:p># .\n1 } } "
    "# ;\n; # x\n"
    "DELETE # two\n WHERE# three\n{ # }\n GRAPH#\n<x:g> # {\n { ?s ?p# .\n 2 } } #",
    "paths and values": "INSERT DATA { GRAPH <x:g> { <x:a> <x:p> <x:b> . <x:b> <x:p> <x:c> } } ;"
    "INSERT { GRAPH <x:h> { ?a <x:far> ?v } } WHERE { GRAPH <x:g> { ?a <x:p>+ <x:c> } VALUES ?v { true 1.50 'x'@en } }",
}  # fmt: skip


def plain_copy(text: str, start: list[Quad] | None = None) -> dict[str, pyoxigraph.Dataset]:
    """What the engine alone makes of an update, by graph."""
    alone = pyoxigraph.Store()
    alone.extend(start or [])
    alone.update(text)
    return _by_graph(alone)


def _by_graph(quads: Iterator[Quad] | pyoxigraph.Store) -> dict[str, pyoxigraph.Dataset]:
    found: dict[str, pyoxigraph.Dataset] = {}
    for quad in quads:
        name = DEFAULT if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
        found.setdefault(name, pyoxigraph.Dataset()).add(Quad(quad.subject, quad.predicate, quad.object))
    for dataset in found.values():
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return found


def ours(store: Store) -> dict[str, pyoxigraph.Dataset]:
    return _by_graph(quad for quad in store.quads() if Rules(BASE).allow(str(quad.graph_name.value)))  # type: ignore[union-attr] # quads of named graphs


@pytest.mark.parametrize("name", CASES)
def test_updates_do_what_the_engine_alone_would_do(store: Store, name: str) -> None:
    store.update(CASES[name])
    assert ours(store) == plain_copy(CASES[name])
    assert_merged(store)


TERMS = st.sampled_from(["<x:a>", "<x:b>", "1"])
NODES = st.sampled_from(["<x:a>", "<x:b>"])
GRAPHS = st.sampled_from(["<x:g>", "<x:h>"])
TRIPLES = st.builds("{} <x:p> {}".format, NODES, TERMS)
PATTERNS = st.builds("{} <x:p> {}".format, st.sampled_from(["?s", "<x:a>"]), st.sampled_from(["?o", "1", "<x:b>"]))
BLOCKS = st.builds("GRAPH {} {{ {} }}".format, GRAPHS, TRIPLES) | TRIPLES.map(lambda triple: triple + " .")
TEMPLATES = st.lists(
    st.builds("GRAPH {} {{ {} }}".format, GRAPHS | st.just("?g"), PATTERNS) | PATTERNS.map(lambda each: each + " ."),
    max_size=3,
).map(" ".join)
WHERES = st.builds("GRAPH {} {{ ?s <x:p> ?o }}".format, GRAPHS)
REFERENCES = GRAPHS.map("GRAPH {}".format) | st.just("DEFAULT")
DATA = st.lists(BLOCKS, max_size=4).map(" ".join)
CHANGES = (TEMPLATES, TEMPLATES, WHERES | st.just("GRAPH ?g { ?s <x:p> ?o }"))
SOME = "VALUES ?g { <x:g> <x:i> }"
OPERATIONS = st.one_of(
    st.builds("{} DATA {{ {} }}".format, st.sampled_from(["INSERT", "DELETE"]), DATA),
    st.builds("DELETE {{ {} }} INSERT {{ {} }} WHERE {{ {} {} }}".format, *CHANGES, st.just(SOME)),
    st.builds("WITH {} DELETE {{ {} }} INSERT {{ {} }} WHERE {{ ?s <x:p> ?o }}".format, GRAPHS, TEMPLATES, TEMPLATES),
    st.builds("DELETE WHERE {{ {} }}".format, WHERES),
    st.builds("{} SILENT {}".format, st.sampled_from(["CLEAR", "DROP", "CREATE"]), GRAPHS.map("GRAPH {}".format)),
    st.builds("{} SILENT {} TO {}".format, st.sampled_from(["COPY", "MOVE", "ADD"]), REFERENCES, REFERENCES),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(OPERATIONS, min_size=1, max_size=4).map(" ;\n".join))
def test_generated_updates_do_what_the_engine_alone_would_do(store: Store, text: str) -> None:
    for name in ours(store):
        store.update(f"DROP GRAPH <{name}>")
    store.update(text)
    assert ours(store) == plain_copy(text)
    assert_merged(store)


def test_relative_iris_that_are_computed_have_the_base_of_the_request(store: Store) -> None:
    store.update("BASE <x:/b/> INSERT { GRAPH <x:g> { <x:s> <x:p> ?o } } WHERE { BIND(IRI('c') AS ?o) }")
    assert graph(store, "x:g") == {"<x:s> <x:p> <x:/b/c>"}


def test_a_prologue_may_stand_before_each_operation(store: Store) -> None:
    store.update(
        "PREFIX e: <x:> INSERT DATA { GRAPH e:g { e:s a 1 } } ; PREFIX e: <y:> BASE <z:/a/>"
        "INSERT { GRAPH <x:h> { ?s e:p <b> } } WHERE { GRAPH ?g { ?s a 1 } FILTER(?g = <x:g> && <b> = <z:/a/b>) } ;"
    )
    assert graph(store, "x:h") == {"<x:s> <y:p> <z:/a/b>"}
    store.update("INSERT DATA { <mine> rdfs:label 'x' }")  # the usual prefixes and the base need no declaration
    assert store.query(f"ASK {{ <{BASE}mine> <http://www.w3.org/2000/01/rdf-schema#label> 'x' }}")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { GRAPH <graph/reference> { <x:s> <x:p> 1 } }",
        "INSERT DATA { GRAPH <document/0/graph> { <x:s> <x:p> 1 } }",
        "DELETE WHERE { GRAPH <graph/reference> { ?s ?p ?o } }",
        "PREFIX g: <graph/> WITH g:tracked INSERT { <x:s> <x:p> 1 } WHERE {}",
        "INSERT { GRAPH ?g { <x:s> <x:p> 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { GRAPH ?g { <x:s> <x:p> 1 } } WHERE { BIND(IRI(CONCAT('graph', '/reference')) AS ?g) }",
        "INSERT DATA { <x:s> <x:p> 1 } ; DROP GRAPH <graph/reference>",
        "CLEAR ALL",
        "DROP SILENT NAMED",
        "COPY DEFAULT TO <graph/curation>",
        "MOVE SILENT GRAPH <graph/reference> TO <x:g>",
        "CREATE GRAPH <graph/new>",
        "INSERT DATA { GRAPH\\u0020<gr\\u0061ph/reference> { <x:s> <x:p> 1 } }",
        "INSERT DATA { GRAPH <gr\\u0061ph/reference> { <x:s> <x:p> 1 } }",
        "INSERT DATA { GRAPH <graphs/../graph/reference> { <x:s> <x:p> 1 } }",
    ],
)
def test_what_factline_writes_is_not_written_by_others(store: Store, text: str) -> None:
    before = set(store.quads())
    with pytest.raises((ForbiddenError, SparqlError)):
        store.update(text)
    assert set(store.quads()) == before
    assert_merged(store)


def test_an_operator_may_open_all_graphs(writer: Store) -> None:
    make_small(writer)
    writer.update(
        "INSERT DATA { GRAPH <graph/curation> { <x:s> <x:p> 1 } <x:t> <x:p> 1 } ; CREATE GRAPH <x:g>", EVERYTHING
    )
    assert_merged(writer)
    writer.update(
        "INSERT { GRAPH ?g { <x:s> <x:p> 2 } } WHERE { BIND(<graph/tracked> AS ?g) } ; DROP NAMED", EVERYTHING
    )
    assert writer.graphs() == [DEFAULT]
    assert_merged(writer)
    writer.update("CLEAR ALL", EVERYTHING)
    assert set(writer.quads()) == set()
    assert_merged(writer)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LOAD <http://127.0.0.1:1/>", "LOAD is refused"),
        ("INSERT DATA {} ; LoAd SILENT <http://127.0.0.1:1/> INTO GRAPH <x:g>", "LOAD is refused"),
        ("PREFIX e: <http://127.0.0.1:1/> LOADe:x", "LOAD is refused"),
        ("LOADSILENT<http://127.0.0.1:1/>", "LOAD is refused"),
        ("INSERT { <x:s> <x:p> ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("INSERT DATA {", "does not parse at line 1, column 14"),
        ("INSERT DATA { <x:s> <x:p> ?o }", "does not parse"),
        ("SELECT * {}", "does not parse"),
        ("INSERT DATA { no:s <x:p> 1 }", "prefix no: of no:s is not declared"),
        ("DROP GRAPH <x:none>", "does not exist"),
        ("CREATE GRAPH <x:g> ; CREATE GRAPH <x:g>", "already exists"),
    ],
)
def test_faults_are_said_and_nothing_is_written(store: Store, text: str, words: str) -> None:
    before = set(store.quads())
    with pytest.raises((SparqlError, OperationError, ForbiddenError), match=words):
        store.update(text)
    assert set(store.quads()) == before and "x:g" not in store.graphs()


def test_the_dataset_of_the_request(store: Store) -> None:
    store.update("INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1 } GRAPH <x:h> { <x:s> <x:p> 2 } }")
    text = "INSERT { GRAPH <x:i> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    store.update(text, using=("USING <x:h>",))
    assert graph(store, "x:i") == graph(store, "x:h")
    store.update("DELETE WHERE { ?s ?p ?o }", using=("USING <x:h>",))
    for again in ("WITH <x:g> " + text, text.replace("WHERE", "USING <x:g> WHERE")):
        with pytest.raises(SparqlError, match="given twice"):
            store.update(again, using=("USING <x:h>",))


def test_a_call_of_an_unknown_function_is_an_error_of_its_expression(store: Store) -> None:
    store.update("INSERT { GRAPH <x:g> { <x:s> <x:p> ?o } } WHERE { VALUES ?o { 1 } OPTIONAL { FILTER(<x:f>(?o)) } }")
    assert len(graph(store, "x:g")) == 1
