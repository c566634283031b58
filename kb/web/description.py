"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads")
_INPUTS = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML")
_KIND = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def describe_service(endpoint: str, *, updates: bool) -> list[Triple]:
    """What the service at the address ``endpoint`` can do; ``updates`` is whether it takes any."""
    service = NamedNode(endpoint)
    dataset, default = NamedNode(endpoint + "#dataset"), NamedNode(endpoint + "#default-graph")
    languages = ("SPARQL10Query", "SPARQL11Query", *(("SPARQL11Update",) if updates else ()))
    about: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (service, _KIND, _sd("Service")),
        (service, _sd("endpoint"), service),
        *((service, _sd("supportedLanguage"), _sd(name)) for name in languages),
        *((service, _sd("feature"), _sd(name)) for name in ("UnionDefaultGraph", "EmptyGraphs")),
        *((service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in (*_RESULTS, *_GRAPHS)),
        *((service, _sd("inputFormat"), NamedNode(_FORMATS + name)) for name in (_INPUTS if updates else ())),
        (service, _sd("defaultDataset"), dataset),
        (dataset, _KIND, _sd("Dataset")),
        (dataset, _sd("defaultGraph"), default),
        (default, _KIND, _sd("Graph")),
        (default, NamedNode("http://purl.org/dc/terms/description"), Literal("The merge of all named graphs.")),
    ]
    return [Triple(*each) for each in about]


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
