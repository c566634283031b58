"""What the page of a term says beyond its own triples: all that lies above it, and a query that uses it."""

from __future__ import annotations

from pyoxigraph import NamedNode

from kb.reason import axioms
from kb.resources import NAMESPACE
from kb.store import PREFIXES, Store
from kb.web.cards import Ref
from kb.web.claims import node, select, value
from kb.web.facts import Fact

_RDFS = PREFIXES["rdfs"]
_LABELS = "SELECT ?term ?label WHERE { VALUES ?term { %s } ?term rdfs:label ?label } ORDER BY ?label"
_TRANSLATED = """SELECT ?label (LANG(?label) AS ?language) WHERE {
  VALUES ?term { %s } ?term skos:prefLabel ?label FILTER(LANG(?label) != "en")
} ORDER BY ?language"""
ABOVE = (_RDFS + "subClassOf", _RDFS + "subPropertyOf")
"""By what a term says which lie above it."""

_KNOWN = {
    **PREFIXES,
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "oa": "http://www.w3.org/ns/oa#",
    "qb": "http://purl.org/linked-data/cube#",
    "time": "http://www.w3.org/2006/time#",
    "wd": "http://www.wikidata.org/entity/",
}
_ELSEWHERE = """SELECT DISTINCT ?above WHERE {
  VALUES ?term { %s } ?term (rdfs:subClassOf|rdfs:subPropertyOf)+ ?above FILTER(isIRI(?above))
}"""
_DIRECT = """SELECT ?above WHERE {
  VALUES ?term { %s } ?term rdfs:subClassOf|rdfs:subPropertyOf ?above FILTER(isIRI(?above))
}"""
_LEADING = """SELECT ?property WHERE {
  VALUES ?term { %s } ?term a ?kind . ?property rdfs:range ?kind ; a owl:ObjectProperty
} ORDER BY ?property LIMIT 1"""


def above(store: Store, iri: str) -> list[Fact]:
    """All classes, or properties, that a term lies under: by what is said, by definitions and by the alignments."""
    told, term = axioms.shipped(), NamedNode(iri)
    wider = told.classes.get(term, frozenset()) | told.properties.get(term, frozenset())
    # Alignments whose terms are not inferred are told by the graph alone.
    wider |= {row["above"] for row in select(store, _ELSEWHERE % node(iri))}
    if not wider:
        return []
    rows = select(store, _LABELS % " ".join(map(str, wider)))
    labels = {row["term"].value: row["label"].value for row in rows}
    ours = [
        Ref(labels.get(it, _short(it)), it) for it in sorted(each.value for each in wider) if it.startswith(NAMESPACE)
    ]
    others = [Ref(_short(it), it) for it in sorted(each.value for each in wider) if not it.startswith(NAMESPACE)]
    direct = {row["above"].value for row in select(store, _DIRECT % node(iri))}
    if {it.iri for it in ours} <= direct:
        ours = []  # told already, by what the term itself says
    found = [("All that it is a kind of", ours), ("In the terms of others", others)]
    return [Fact(name, tuple(items)) for name, items in found if items]


def _short(iri: str) -> str:
    """An IRI with a prefix that people know."""
    for prefix, namespace in _KNOWN.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def prefixed(ref: Ref) -> Ref:
    """A link to a term of others by its name with a prefix, where there is no label for it."""
    return ref if ref.iri is None or ref.label != ref.iri else Ref(_short(ref.iri), ref.iri)


def translations(store: Store, iri: str) -> list[Fact]:
    """The preferred labels in other languages than English."""
    rows = select(store, _TRANSLATED % node(iri))
    items = tuple(Ref(f"{row['label'].value} ({row['language'].value})") for row in rows)
    return [Fact("In other languages", items)] if items else []


def example_query(store: Store, iri: str, kinds: set[str]) -> str:
    """A query that uses a term: the members of a class, the pairs of a property, what has a concept as value."""
    name = f"kb:{iri.removeprefix(NAMESPACE)}"
    head = f"PREFIX kb:   <{NAMESPACE}>\nPREFIX rdfs: <{_RDFS}>\n\n"
    if kinds & {PREFIXES["owl"] + it for it in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}:
        return head + f"SELECT ?thing ?value WHERE {{\n  ?thing {name} ?value .\n}} LIMIT 20"
    leading = next((value(row, "property") for row in select(store, _LEADING % node(iri))), None)
    if PREFIXES["owl"] + "Class" not in kinds and leading is not None:
        link = f"kb:{leading.removeprefix(NAMESPACE)}" if leading.startswith(NAMESPACE) else f"<{leading}>"
        return head + (
            f"SELECT ?thing ?quote WHERE {{\n  ?thing {link} {name} .\n"
            "  OPTIONAL { ?thing kb:quote ?quote }\n} LIMIT 20"
        )
    return head + (
        f"SELECT ?thing ?label WHERE {{\n  ?thing a {name} .\n  OPTIONAL {{ ?thing rdfs:label ?label }}\n}} LIMIT 20"
    )
