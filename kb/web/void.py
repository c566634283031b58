"""``/.well-known/void``: what the dataset is and holds, in the Vocabulary of Interlinked Datasets."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pyoxigraph import Literal, NamedNode, Triple
from starlette.responses import Response

from kb import results
from kb.resources import ONTOLOGY
from kb.store import PREFIXES, Store
from kb.web.claims import select
from kb.web.negotiate import HTML, TRIPLES, choose
from kb.web.site import site_of
from kb.web.tables import Table, cell
from kb.web.threads import contained

router = APIRouter(tags=["SPARQL"])
PATH = "/.well-known/void"
_VOID = "http://rdfs.org/ns/void#"
_SIZE = "SELECT (COUNT(*) AS ?number) WHERE { ?s ?p ?o }"
_CLASSES = "SELECT ?class (COUNT(?node) AS ?number) WHERE { ?node a ?class FILTER(isIRI(?class)) } GROUP BY ?class"


@router.get(PATH, summary="The description of the dataset (VoID)")
@contained
def void(request: Request) -> Response:
    """Size, classes with their numbers, vocabularies, and where the endpoint is; in Turtle and other forms of RDF."""
    chosen = choose((*TRIPLES, HTML), request.headers.get("accept"), request.query_params.get("format"))
    address = str(request.url.replace(query="")).removesuffix(PATH)
    with site_of(request).live.lease() as store:
        triples = describe(store, address)
    if chosen is HTML:
        rows = tuple((cell(each.subject), cell(each.predicate), cell(each.object)) for each in triples)
        return site_of(request).page(request, "void.html", {"table": Table(("subject", "predicate", "value"), rows)})
    return Response(results.graph_bytes(triples, chosen.name), media_type=chosen.content_type)


def describe(store: Store, address: str) -> list[Triple]:
    """The triples of the description; ``address`` is where the site is met, without a slash at its end."""
    dataset = NamedNode(f"{address}{PATH}#dataset")
    number = Literal(int(select(store, _SIZE)[0]["number"].value))
    found = [
        Triple(dataset, _kind(), NamedNode(_VOID + "Dataset")),
        Triple(dataset, _term("title"), Literal("Factline knowledge base", language="en")),
        Triple(dataset, _void("sparqlEndpoint"), NamedNode(f"{address}/sparql")),
        Triple(dataset, _void("uriSpace"), Literal(store.base)),
        Triple(dataset, _void("triples"), number),
        Triple(dataset, _void("vocabulary"), NamedNode(ONTOLOGY)),
        Triple(dataset, _void("vocabulary"), NamedNode(PREFIXES["skos"])),
        Triple(dataset, _void("vocabulary"), NamedNode(PREFIXES["dcterms"])),
    ]
    for at, row in enumerate(sorted(select(store, _CLASSES), key=lambda each: each["class"].value)):
        part = NamedNode(f"{dataset.value}-class-{at + 1}")
        found += [
            Triple(dataset, _void("classPartition"), part),
            Triple(part, _void("class"), row["class"]),
            Triple(part, _void("entities"), Literal(int(row["number"].value))),
        ]
    return found


def _void(name: str) -> NamedNode:
    return NamedNode(_VOID + name)


def _term(name: str) -> NamedNode:
    return NamedNode(PREFIXES["dcterms"] + name)


def _kind() -> NamedNode:
    return NamedNode(PREFIXES["rdf"] + "type")
