"""``/queries``: the list of named queries, and each as a page with a form or as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode, QuerySolutions
from starlette.responses import JSONResponse, Response

from kb import queries, results
from kb.errors import ParameterError
from kb.model import ActorType, Harm
from kb.queries import NamedQuery, Parameter
from kb.store import Store
from kb.web import exports, feeds, problems
from kb.web.claims import construct
from kb.web.listing import said_of
from kb.web.negotiate import ATOM, GEOJSON, HTML, PAGE_JSON, RESULTS, TRIPLES, Format, choose, split_suffix
from kb.web.reading import Reading
from kb.web.site import site_of
from kb.web.tables import Row, Table, first_rows, readable
from kb.web.threads import contained
from kb.web.wording import words

router = APIRouter(tags=["Named queries"])
_SHOWN = 500
_NAMED = 5_000  # rows that are described as RDF or GeoJSON
_FORMATS = (HTML, *RESULTS, *TRIPLES, GEOJSON, ATOM)
_SUGGESTED = 400  # names offered while typing

# What the field of a parameter can suggest: the places and actors that claims name.
_PLACES = f"""SELECT DISTINCT ?label WHERE {{
  {{ SELECT DISTINCT ?node WHERE {{ ?claim kb:place|kb:destination ?at . ?at kb:within* ?node }} }}
  ?node rdfs:label ?label }} ORDER BY ?label LIMIT {_SUGGESTED}"""
_ACTORS = f"""SELECT DISTINCT ?label WHERE {{
  {{ SELECT DISTINCT ?node WHERE {{ ?claim kb:participation/kb:actor ?node }} }}
  ?node rdfs:label ?label }} ORDER BY ?label LIMIT {_SUGGESTED}"""
_EVENT_TYPES = "SELECT DISTINCT ?label WHERE { ?concept a kb:EventType ; skos:notation ?label } ORDER BY ?label"
_SUGGESTIONS = {"place": _PLACES, "country": _PLACES, "actor": _ACTORS}


@dataclass(frozen=True)
class Field:
    """One field of a form: its parameter, what stands in it, and what can be chosen or is suggested."""

    parameter: Parameter
    value: str
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def input(self) -> str:
        """The type of the HTML input."""
        return "date" if self.parameter.type == "date" else "text"


@router.get("/queries", summary="The named queries with their parameters and columns")
@router.get("/queries.json", include_in_schema=False)
def list_queries(request: Request) -> Response:
    """What can be asked by name; as a page or as JSON."""
    _, suffixed = split_suffix(request.url.path, (PAGE_JSON, HTML))
    chosen = suffixed or choose((HTML, PAGE_JSON), request.headers.get("accept"), request.query_params.get("format"))
    catalogue = list(queries.catalogue().values())
    if chosen is PAGE_JSON:
        return JSONResponse([described(query) for query in catalogue])
    base = site_of(request).live.base
    linked = {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "@id": f"{base}queries",
        "name": "Named queries",
        "dataset": [_linked(base, query) for query in catalogue],
    }
    context = {"queries": catalogue, "stem": "queries", "alternates": (PAGE_JSON,), "linked": linked}
    return site_of(request).page(request, "queries.html", context)


def _linked(base: str, query: NamedQuery) -> dict[str, Any]:
    address = f"{base}queries/{query.name}"
    return exports.dataset(address, query.name, query.summary, address)


def described(query: NamedQuery) -> dict[str, Any]:
    """A named query as JSON: what it needs and what it gives."""
    parameters = [
        {"name": each.name, "type": each.type, "required": each.required, "description": each.description}
        for each in query.parameters.values()
    ]
    return {
        "name": query.name,
        "summary": query.summary,
        "parameters": parameters,
        "columns": dict(query.columns),
        "example": dict(query.example),
    }


@router.get("/queries/{name}", summary="Run a named query; its parameters are the query string")
@contained
def run_query(request: Request, name: str) -> Response:
    """As a page, as SPARQL results in JSON, CSV, TSV or XML, or what the rows name as RDF, GeoJSON or Atom; by suffix,
    ``?format=`` or ``Accept``.
    """
    stem, suffixed = split_suffix(name, _FORMATS)
    query = queries.find(stem)
    asked = request.query_params.get("format") if "format" not in query.parameters else None
    chosen = suffixed or choose(_FORMATS, request.headers.get("accept"), asked)
    given = _given(request, query)
    with site_of(request).reading() as reading:
        store = reading.store
        if chosen is HTML:
            return _page(request, store, query, given)
        if chosen is ATOM:
            return _feed(request, reading, query, given)
        if chosen in TRIPLES or chosen is GEOJSON:
            return _named(reading, query, given, chosen)
        answer = queries.run(store, query.name, given)
        body = results.to_bytes(answer.results, chosen.name)
    return Response(body, media_type=chosen.content_type, headers=_headers(answer.notes, query, chosen))


def _named(reading: Reading, query: NamedQuery, given: Mapping[str, str], chosen: Format) -> Response:
    """What is said of the things that the rows are about: their claims, else the first thing of each row."""
    answer = queries.run(reading.store, query.name, given)
    rows, more = first_rows(answer.results, _NAMED) if isinstance(answer.results, QuerySolutions) else ([], False)
    named = [*dict.fromkeys(iri for row in rows if (iri := _about(row)))]
    notes = [*answer.notes, *([f"only what the first {_NAMED} rows name"] if more else [])]
    headers = _headers(notes, query, chosen)
    if chosen is GEOJSON:
        return Response(exports.geojson(reading.cards(named)), media_type=chosen.content_type, headers=headers)
    triples = construct(reading.store, said_of(named))
    return Response(results.graph_bytes(triples, chosen.name), media_type=chosen.content_type, headers=headers)


def _about(row: Row) -> str | None:
    claim = row.get("claim")
    if isinstance(claim, NamedNode):
        return claim.value
    return next((term.value for term in row.values() if isinstance(term, NamedNode)), None)


def _feed(request: Request, reading: Reading, query: NamedQuery, given: Mapping[str, str]) -> Response:
    found = queries.run(reading.store, query.name, given).results
    rows = first_rows(found, _SHOWN)[0] if isinstance(found, QuerySolutions) else []
    claims = [term.value for row in rows if isinstance(term := row.get("claim"), NamedNode)]
    entries = feeds.of_cards(reading.cards(claims)) if claims else feeds.of_rows(rows, reading.store.base)
    address = f"{reading.store.base}queries/{query.name}?{urlencode(given)}"
    return feeds.atom(request, address, f"Factline: {words(query.name)}", entries)


def _given(request: Request, query: NamedQuery) -> dict[str, str]:
    """The parameters of the address; a form sends the fields that were left empty too: they were not given."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if not value.strip() or (name == "format" and name not in query.parameters):
            continue
        if name in given:
            raise ParameterError(f"the parameter {name} is given twice")
        given[name] = value
    return given


def _headers(notes: Sequence[str], query: NamedQuery, chosen: Format) -> dict[str, str]:
    headers = {"Content-Disposition": f'inline; filename="{query.name}.{chosen.suffix}"'}
    if notes:
        headers["Factline-Note"] = "; ".join(notes).encode("ascii", "backslashreplace").decode("ascii")
    return headers


def _page(request: Request, store: Store, query: NamedQuery, given: Mapping[str, str]) -> Response:
    context: dict[str, Any] = {
        "query": query,
        "linked": _linked(store.base, query),
        "fields": [_field(store, each, given.get(each.name, "")) for each in query.parameters.values()],
        "problem": None,
        "table": None,
        "sparql": query.sparql,
        "notes": (),
        "formats": (*RESULTS, *TRIPLES, GEOJSON),
        "filters": urlencode(given),
        "feed": f"queries/{query.name}.atom?{urlencode(given)}",
    }
    status = 200
    if given or not any(each.required for each in query.parameters.values()):
        try:
            context |= _answered(store, query, given)
        except ParameterError as error:
            context["problem"] = problems.of_error(error)
            status = context["problem"].status
    return site_of(request).page(request, "query.html", context, status_code=status)


def _answered(store: Store, query: NamedQuery, given: Mapping[str, str]) -> dict[str, Any]:
    answer = queries.run(store, query.name, given)
    table = Table()
    if isinstance(answer.results, QuerySolutions):
        columns = [variable.value for variable in answer.results.variables]
        rows, more = first_rows(answer.results, _SHOWN)
        table = readable(columns, rows, more)
    return {"table": table, "sparql": answer.sparql, "notes": answer.notes}


def _field(store: Store, parameter: Parameter, value: str) -> Field:
    if parameter.type == "harm":
        return Field(parameter, value, choices=tuple(Harm))
    if parameter.type == "actor-type":
        return Field(parameter, value, choices=tuple(ActorType))
    if parameter.type == "event-type":
        return Field(parameter, value, choices=_labels(store, _EVENT_TYPES))
    suggested = _SUGGESTIONS.get(parameter.type)
    return Field(parameter, value, suggestions=_labels(store, suggested) if suggested else ())


def _labels(store: Store, sparql: str) -> tuple[str, ...]:
    found = store.query(sparql)
    if not isinstance(found, QuerySolutions):
        return ()
    return tuple(dict.fromkeys(row["label"].value for row in found))
