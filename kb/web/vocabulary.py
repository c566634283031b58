"""How the ontology calls its own terms in the reader's language: event types, harms, classes of victims, phases."""

from __future__ import annotations

from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kb.rdf.terms import kebab
from kb.resources import NAMESPACE, folder
from kb.store import PREFIXES

_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")


@cache
def labels(language: str) -> dict[str, str]:
    """The labels by the words that the terms are written with ("security forces"); empty for a language without."""
    file = folder("ontology") / "labels" / f"{language}.ttl"
    if not file.exists():
        return {}
    return {
        kebab(name.removeprefix(NAMESPACE)).replace("-", " "): quad.object.value
        for quad in parse(path=file, format=RdfFormat.TURTLE)
        if quad.predicate == _LABEL
        and isinstance(quad.object, Literal)
        and isinstance(quad.subject, NamedNode)
        and (name := quad.subject.value).startswith(NAMESPACE)
    }
