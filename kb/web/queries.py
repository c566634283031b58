"""``/queries``: the list of named queries, and each as a page with a form or as data."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from kb import queries, results
from kb.access import ANONYMOUS
from kb.endpoint import NAMED, Answer, LimitError, Named
from kb.errors import FactlineError, ParameterError
from kb.model import ActorType, Harm
from kb.queries import NamedQuery, Parameter
from kb.search.names import list_names
from kb.store import Store
from kb.web import exports, feeds, problems
from kb.web.claims import construct
from kb.web.listing import said_of
from kb.web.negotiate import ATOM, GEOJSON, HTML, PAGE_JSON, RESULTS, TRIPLES, Format, choose, split_suffix
from kb.web.reading import Reading
from kb.web.running import answered, finished, submitted
from kb.web.site import Site, site_of
from kb.web.tables import Row, first_rows, readable
from kb.web.threads import contained
from kb.web.wording import words

router = APIRouter(tags=["Named queries"])
_SHOWN = 200  # rows of a page
_PREPARING = 60.0  # seconds that a query may take while nobody waits for it
_NAMED = 5_000  # rows that are described as RDF or GeoJSON
_FORMATS = (HTML, *RESULTS, *TRIPLES, GEOJSON, ATOM)
_SUGGESTED = 400  # names offered while typing

# Of what kind the names are that the field of a parameter suggests.
_SUGGESTED_KINDS = {"place": "place", "country": "place", "actor": "actor"}
_EVENT_TYPES = "SELECT DISTINCT ?label WHERE { ?concept a kb:EventType ; skos:notation ?label } ORDER BY ?label"


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
async def run_query(request: Request, name: str) -> Response:
    """As a page, as SPARQL results in JSON, CSV, TSV or XML, or what the rows name as RDF, GeoJSON or Atom; by suffix,
    ``?format=`` or ``Accept``.
    """
    stem, suffixed = split_suffix(name, _FORMATS)
    query = queries.find(stem)
    asked = request.query_params.get("format") if "format" not in query.parameters else None
    chosen = suffixed or choose(_FORMATS, request.headers.get("accept"), asked)
    job = Named(query.name, _given(request, query), limits=site_of(request).pool.settings.limits(NAMED))
    if chosen is HTML:
        return await _page(request, query, job)
    if chosen is ATOM:
        found = await _first(request, job, _SHOWN)
        return await run_in_threadpool(_feed, request, query, job.given, found)
    if chosen in TRIPLES or chosen is GEOJSON:
        found = await _first(request, job, _NAMED)
        return await run_in_threadpool(_named, request, query, chosen, found)
    return await answered(
        request,
        replace(job, rows_format=chosen.name),
        ANONYMOUS,
        job.limits,
        more=lambda answer: _headers(answer.notes, query, chosen),
    )


@dataclass(frozen=True)
class Found:
    """An answer, the names of its columns, and its first rows."""

    answer: Answer
    columns: list[str]
    rows: list[Row]


async def _first(request: Request, job: Named, rows: int) -> Found:
    limits = replace(job.limits, rows=rows)
    answer = await finished(request, submitted(request, replace(job, limits=limits, whole=True), ANONYMOUS))
    return _parsed(answer, rows)


async def _shown(request: Request, job: Named) -> Found:
    """The rows that a page shows, found once for each revision."""
    site = site_of(request)
    revision, key = site.live.token(), (job.name, *sorted(job.given.items()))
    known: Found | None = site.rows.get(revision, key)
    if known is not None:
        return known
    found = await _first(request, job, _SHOWN)
    site.rows.keep(revision, key, found)
    return found


async def prepare(site: Site) -> None:
    """Finds what the pages of the queries show without parameters, one after the other, so that nobody waits for it."""
    limits = replace(site.named.settings.limits(NAMED), rows=_SHOWN, seconds=_PREPARING)
    revision = site.live.token()
    for query in queries.catalogue().values():
        if any(each.required for each in query.parameters.values()) or site.rows.get(revision, (query.name,)):
            continue
        while site.named.inside:  # people come first
            await asyncio.sleep(1)
        with suppress(FactlineError):  # what takes too long here is told to whoever asks for it
            answer = await site.named.submit(Named(query.name, limits=limits, whole=True)).future
            if site.live.token() != revision:
                return
            site.rows.keep(revision, (query.name,), _parsed(answer, _SHOWN))


def _parsed(answer: Answer, rows: int) -> Found:
    found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return Found(answer, [], [])
    return Found(answer, [variable.value for variable in found.variables], first_rows(found, rows)[0])


@contained
def _named(request: Request, query: NamedQuery, chosen: Format, found: Found) -> Response:
    """What is said of the things that the rows are about: their claims, else the first thing of each row."""
    named = [*dict.fromkeys(iri for row in found.rows if (iri := _about(row)))]
    more = [f"only what the first {_NAMED} rows name"] if found.answer.truncated else []
    headers = _headers([*found.answer.notes, *more], query, chosen)
    with site_of(request).reading() as reading:
        if chosen is GEOJSON:
            return Response(exports.geojson(reading.cards(named)), media_type=chosen.content_type, headers=headers)
        triples = construct(reading.store, said_of(named))
        return Response(results.graph_bytes(triples, chosen.name), media_type=chosen.content_type, headers=headers)


def _about(row: Row) -> str | None:
    claim = row.get("claim")
    if isinstance(claim, NamedNode):
        return claim.value
    return next((term.value for term in row.values() if isinstance(term, NamedNode)), None)


@contained
def _feed(request: Request, query: NamedQuery, given: Mapping[str, str], found: Found) -> Response:
    with site_of(request).reading() as reading:
        base = reading.store.base
        claims = [term.value for row in found.rows if isinstance(term := row.get("claim"), NamedNode)]
        entries = feeds.of_cards(reading.cards(claims)) if claims else feeds.of_rows(found.rows, base)
    address = f"{base}queries/{query.name}?{urlencode(given)}"
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


async def _page(request: Request, query: NamedQuery, job: Named) -> Response:
    shown: dict[str, Any] = {"problem": None, "table": None, "sparql": query.sparql, "notes": ()}
    status = 200
    if job.given or not any(each.required for each in query.parameters.values()):
        try:
            found = await _shown(request, job)
            answer = found.answer
            table = readable(found.columns, found.rows, answer.truncated)
            shown |= {"table": table, "sparql": answer.sparql, "notes": answer.notes}
        except (ParameterError, LimitError) as error:
            shown["problem"] = problems.of_error(error)
            status = shown["problem"].status
    return await run_in_threadpool(_drawn, request, query, job.given, shown, status)


@contained
def _drawn(
    request: Request, query: NamedQuery, given: Mapping[str, str], shown: Mapping[str, Any], status: int
) -> Response:
    with site_of(request).reading() as reading:
        fields = [_field(reading, each, given.get(each.name, "")) for each in query.parameters.values()]
        base = reading.store.base
    context = {
        "query": query,
        "linked": _linked(base, query),
        "fields": fields,
        "formats": (*RESULTS, *TRIPLES, GEOJSON),
        "filters": urlencode(given),
        "feed": f"queries/{query.name}.atom?{urlencode(given)}",
        **shown,
    }
    return site_of(request).page(request, "query.html", context, status_code=status)


def _field(reading: Reading, parameter: Parameter, value: str) -> Field:
    if parameter.type == "harm":
        return Field(parameter, value, choices=tuple(Harm))
    if parameter.type == "actor-type":
        return Field(parameter, value, choices=tuple(ActorType))
    if parameter.type == "event-type":
        return Field(parameter, value, choices=_labels(reading.store, _EVENT_TYPES))
    kind = _SUGGESTED_KINDS.get(parameter.type)
    names = list_names(reading.index, kind, "", None, _SUGGESTED)[0] if kind else []
    return Field(parameter, value, suggestions=tuple(sorted({name.label for name in names})))


def _labels(store: Store, sparql: str) -> tuple[str, ...]:
    found = store.query(sparql)
    if not isinstance(found, QuerySolutions):
        return ()
    return tuple(dict.fromkeys(row["label"].value for row in found))
