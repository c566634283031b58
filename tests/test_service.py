"""What the data say of themselves: queries of editors find prefixes, examples, classes and their properties."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from kb.queries import catalogue
from kb.store import PREFIXES, Store, open_store

# As the editors of sib-swiss (sparql-editor, sparql-examples) ask.
PREFIX_QUERY = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
EXAMPLES_QUERY = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?sq ?comment ?query WHERE {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query . }"""
VOID_QUERY = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype WHERE {
  ?cp void:class ?subjectClass ; void:propertyPartition ?pp . ?pp void:property ?prop .
  OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
    UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } } }"""


@pytest.fixture(scope="module")
def store(new_store: Path) -> Store:
    return open_store(new_store)


def rows(store: Store, query: str) -> list[dict[str, str]]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in found]


def test_prefixes_are_declared_in_the_data(store: Store) -> None:
    found = rows(store, PREFIX_QUERY)
    assert PREFIXES.items() <= {row["prefix"]: row["namespace"] for row in found}.items()
    assert store.query("ASK { <https://w3id.org/factline/ontology> <http://www.w3.org/ns/shacl#declare> ?prefix }")


def test_named_queries_are_examples_that_run(store: Store) -> None:
    found = {row["sq"]: row for row in rows(store, EXAMPLES_QUERY)}
    assert set(found) == {store.iri(f"queries/{name}") for name in catalogue()}
    for name, query in catalogue().items():
        row = found[store.iri(f"queries/{name}")]
        assert row["comment"] == query.summary and "#+" not in row["query"]
        store.query(row["query"])


def test_classes_and_properties_are_told(store: Store) -> None:
    found = rows(store, VOID_QUERY)
    kb = PREFIXES["kb"]
    casualty = {row["prop"] for row in found if row["subjectClass"] == kb + "CasualtyClaim"}
    assert {kb + "quote", kb + "harm", kb + "place"} <= casualty
    assert len({row["subjectClass"] for row in found}) > 10
    assert any("objectDatatype" in row for row in found) and any("objectClass" in row for row in found)
