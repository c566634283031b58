"""The rules of ``ontology/shapes/rules.ttl``: members of classes that OWL cannot define."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.validate.constraints import SH, Graph, one, reject
from kb.validate.facts import TYPE

_WHERE = re.compile(r"\bWHERE\s*\{")
_BATCH = 1_000  # nodes named in one query


class Rule(NamedTuple):
    """A CONSTRUCT about ``$this``, for the members of some classes."""

    classes: frozenset[ox.NamedNode]
    construct: str

    def about(self, which: str) -> str:
        """The query of those nodes ``?this`` that a pattern of SPARQL finds."""
        return _WHERE.sub(lambda _: f"WHERE {{ {which} ", self.construct, count=1)

    def apply(self, engine: ox.Store, nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
        """What follows for these nodes."""
        given = sorted(node.value for node in nodes)
        for start in range(0, len(given), _BATCH):
            named = " ".join(f"<{iri}>" for iri in given[start : start + _BATCH])
            results = engine.query(self.about(f"VALUES ?this {{ {named} }}"))
            if not isinstance(results, ox.QueryTriples):
                raise FactlineError("a rule of the ontology is no CONSTRUCT")
            yield from results


@cache
def shipped() -> tuple[Rule, ...]:
    """The rules that ship with Factline."""
    return read(resources.path("ontology", "shapes", "rules.ttl").read_bytes())


def read(turtle: bytes) -> tuple[Rule, ...]:
    """The rules of a file; raises FactlineError for what is not understood."""
    graph = Graph(ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=resources.DEFAULT_BASE))
    found = []
    for shape in graph.subjects(TYPE, SH + "NodeShape"):
        name = str(shape)
        said = graph.shacl(shape)
        for parameter in said.keys() - {"targetClass", "rule"}:
            reject(name, f"sh:{parameter}")
        classes = frozenset(it for it in said.get("targetClass", ()) if isinstance(it, ox.NamedNode))
        for given in said.get("rule", ()):
            rule = graph.shacl(given)
            for parameter in rule.keys() - {"construct", "prefixes"}:
                reject(name, f"sh:{parameter} of a rule")
            text = one(name, rule, "construct")
            prefixes = (pair for source in rule.get("prefixes", ()) for pair in graph.declared(source))
            lines = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes)
            if not isinstance(text, ox.Literal) or not _WHERE.search(text.value) or not classes:
                reject(name, "a rule without sh:targetClass or WHERE")
            found.append(Rule(classes, lines + text.value))
    if not found:
        raise FactlineError("the rules that ship with Factline are missing; install factline again")
    return tuple(found)
