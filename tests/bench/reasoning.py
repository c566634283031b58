"""What reasoning costs: the ontology through HermiT, instances by rules at growing sizes, one document that arrives.

``python -m tests.bench.reasoning 1000 10000`` measures these sizes (numbers of claims) and writes the section of
docs/benchmarks.md anew; without sizes it is 1,000, 10,000 and 100,000.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kb import resources
from kb.reason import axioms, forget, hermit, infer
from kb.reason.contradictions import breaches
from kb.store import Store, open_store
from kb.validate import validate
from tests.bench import clock
from tests.bench.claims import CLAIMS_A_DOCUMENT, TRIPLES_A_CLAIM, Generator
from tests.evaluate import ROOT
from tests.markdown import prose, table
from tests.shacl_reference import verdict

PAGE = ROOT / "docs" / "benchmarks.md"
SIZES = (1_000, 10_000, 100_000)
SMALL = (6, 30, 60)  # claims for HermiT
KB = resources.NAMESPACE


def page(sizes: Sequence[int] = SIZES) -> Iterator[str]:
    """The section of this module."""
    yield from ("## Reasoning", "")
    yield from prose(
        """
        The ontology goes through HermiT; instances are classified by its axioms compiled to SPARQL and its rules (of
        single documents triple by triple), which tests show equal to each other, and to HermiT on a small set. Claims
        are made by a rule, with events and figures as tracking writes them. Processor time in seconds, one run each,
        on a machine that others used too. "All anew" includes the reference data; "one more" is a document of six
        claims that arrives, "its event" one of its claims joining an event; "check" looks for contradictions in the
        whole store; "emptied" is all that was inferred taken out again, as a new version of the ontology asks for.
        """
    )
    yield from _terms()
    yield from table(
        [
            "claims",
            "all anew",
            "ms a claim",
            "triples inferred",
            "nothing new",
            "one more document",
            "its event",
            "check",
            "emptied",
        ],
        [_size(size) for size in sizes],
    )
    yield ""
    if hermit.available():
        yield from prose(
            "HermiT with instances, for comparison; more than half is Java starting and the ontology itself."
        )
        yield from table(["claims", "HermiT's wall time, s"], [[f"{size}", f"{_hermit(size):.1f}"] for size in SMALL])
        yield ""


def _terms() -> Iterator[str]:
    graph, shapes = rdflib.Graph(), rdflib.Graph()
    for file in axioms.files(()):
        graph.parse(file, publicID=resources.DEFAULT_BASE)
    for file in sorted(resources.path("ontology", "shapes").glob("*.ttl")):
        shapes.parse(file)
    examples = list(resources.path("ontology", "examples").rglob("*.ttl"))
    named = {node for node in graph.subjects(rdflib.RDFS.isDefinedBy) if str(node).startswith(KB)}
    rows = [
        ["terms of our own", f"{len(named):,}"],
        ["triples of the ontology, labels and vocabularies included", f"{len(graph):,}"],
        ["class expressions, disjointness, chains, keys", f"{_axioms(graph):,}"],
        ["shapes", f"{len(set(shapes.subjects(rdflib.RDF.type, rdflib.SH.PropertyShape))):,} of properties, "
         f"{len(set(shapes.subjects(rdflib.RDF.type, rdflib.SH.NodeShape))):,} of nodes"],
        ["examples, valid and invalid", f"{len(examples):,}"],
    ]  # fmt: skip
    if hermit.available():
        facts = list(axioms.triples(axioms.files(())))
        rows.append(["HermiT on the ontology, classified, wall s", f"{clock.wall(lambda: hermit.classify(facts)):.1f}"])
    rows += _validation()
    yield from table(["", ""], rows)
    yield ""


def _validation() -> list[list[str]]:
    """What it costs to hold the graph of a document of six claims against the shapes."""
    given = [data for key, data in Generator(resources.DEFAULT_BASE, 1).graphs() if key]
    facts = [list(ox.parse(data, format=ox.RdfFormat.N_QUADS)) for data in given[:5]]
    ours = min(clock.seconds(lambda: [validate(data) for data in given]) for _ in range(3)) / len(given)
    verdict(facts[0])
    theirs = clock.seconds(lambda: [verdict(each) for each in facts]) / len(facts)
    return [
        [f"a document of {CLAIMS_A_DOCUMENT} claims against the shapes, ms", f"{1000 * ours:.1f}"],
        ["the same by pySHACL, ms", f"{1000 * theirs:.1f}"],
    ]


def _axioms(graph: rdflib.Graph) -> int:
    owl = rdflib.OWL
    found = [*graph.subject_objects(rdflib.RDFS.subClassOf), *graph.subject_objects(rdflib.RDFS.subPropertyOf)]
    for predicate in (owl.equivalentClass, owl.disjointWith, owl.propertyChainAxiom, owl.hasKey):
        found += graph.subject_objects(predicate)
    for kind in (owl.AllDisjointClasses, owl.AllDifferent, owl.FunctionalProperty, owl.TransitiveProperty):
        found += [(node, kind) for node in graph.subjects(rdflib.RDF.type, kind)]
    return len(found)


def _size(claims: int) -> list[str]:
    sys.stderr.write(f"reasoning over {claims:,} claims\n")
    generator = Generator(resources.DEFAULT_BASE, claims * TRIPLES_A_CLAIM)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "store", create=True) as store:
        store.extend(_quads(generator))
        store.set_note("tracked", "made")
        anew = clock.seconds(lambda: infer(store))
        inferred = sum(1 for name in ("graph/inferred", "graph/inferred-tracked") for _ in _graph(store, name))
        nothing = clock.seconds(lambda: infer(store))
        joining = _one_more(store)
        arrived = clock.seconds(lambda: infer(store))
        joining()
        joined = clock.seconds(lambda: infer(store))
        checked = clock.seconds(lambda: list(breaches(store)))
        emptied = clock.seconds(lambda: forget(store))
    figures = [f"{it:.2f}" for it in (nothing, arrived, joined, checked, emptied)]
    return [f"{generator.claims:,}", f"{anew:.1f}", f"{1000 * anew / generator.claims:.1f}", f"{inferred:,}", *figures]


def _quads(generator: Generator) -> Iterator[ox.Quad]:
    for _, data in generator.graphs():
        yield from (quad for quad in ox.parse(data, format=ox.RdfFormat.N_QUADS) if isinstance(quad, ox.Quad))


def _graph(store: Store, name: str) -> Iterator[ox.Quad]:
    return store.quads(graph=ox.NamedNode(store.iri(name)))


def _one_more(store: Store) -> partial[None]:
    """Records one document of six claims; what is returned makes one of them tell of an event that is there."""
    key, data = Generator(store.base, 1)._document(10_000_000)
    store.add_document(key, data)
    event = next(store.quads(None, ox.NamedNode(KB + "event"))).object
    claim = next(
        quad.subject for quad in ox.parse(data, format=ox.RdfFormat.N_QUADS) if quad.predicate.value == KB + "document"
    )
    line = f"{claim} <{KB}event> {event} .\n".encode()
    return partial(store.change_graph, store.iri("graph/tracked"), line, b"")


def _hermit(claims: int) -> float:
    generator = Generator(resources.DEFAULT_BASE, 1)
    quads: list[ox.Quad] = []
    for number, (_, data) in enumerate(generator.graphs()):
        if number * 6 >= claims:
            break
        quads += [quad for quad in ox.parse(data, format=ox.RdfFormat.N_QUADS) if isinstance(quad, ox.Quad)]
    facts = [*axioms.triples(axioms.files()), *quads]
    return clock.wall(lambda: hermit.classify(facts, instances=True))


def write(lines: Sequence[str]) -> None:
    """Puts the section into the page, in the place of the one that is there."""
    section = "\n" + "\n".join(lines).rstrip() + "\n"
    text = re.sub(r"\n## Reasoning\n.*?(?=\n## |\Z)", lambda _: section, PAGE.read_text("utf-8"), flags=re.DOTALL)
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    write(list(page(tuple(map(int, sys.argv[1:])) or SIZES)))
