"""Reading a request of the SPARQL 1.1 Protocol (sections 2.1 and 2.2) into what to run.

A query comes as ``?query=`` (GET), as a form (POST, ``application/x-www-form-urlencoded``) or as the body itself (POST,
``application/sparql-query``); its dataset as ``default-graph-uri`` and ``named-graph-uri``. An update comes as a form
(``update=``) or as the body (``application/sparql-update``); its dataset as ``using-graph-uri`` and
``using-named-graph-uri``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kb.web.bodies import read_body

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
LIMIT = 1_000_000
"""The longest query in bytes."""

_FORM_LIMIT = 3 * LIMIT  # every byte may be escaped
_FORMATS = frozenset(
    {"json", "xml", "csv", "tsv", "turtle", "ttl", "ntriples", "nt", "rdf", "jsonld", "trig", "nquads"}
)

_Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Operation:
    """One query with its dataset (None: the store's own) and the format that was asked for by name."""

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    format: str | None = None
    explain: bool = False


@dataclass(frozen=True)
class Change:
    """One update with the clauses that give its dataset."""

    update: str
    using: tuple[str, ...] = ()


async def read(request: Request, longest_update: int = LIMIT) -> Operation | Change | None:
    """The query or the update of a request; None for a GET without one.

    Raises HTTPException (400, 413, 415) for what the protocol does not allow.
    """
    pairs = _pairs(request.scope.get("query_string", b""), "the address")
    if request.method == "GET":
        if _all(pairs, "update"):
            raise HTTPException(HTTPStatus.BAD_REQUEST, "An update is sent by POST, not in the address.")
        return _operation(pairs, None)
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind not in {FORM, QUERY, UPDATE}:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"POST a query as {QUERY} or as {FORM} with the field query, an update as {UPDATE} or with the field "
            f"update; {kind or 'no Content-Type'} came.",
            {"Accept-Post": f"{QUERY}, {UPDATE}, {FORM}"},
        )
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A query is sent in UTF-8, not in {charset}.")
    if kind == UPDATE:
        return _change(pairs, _text(await read_body(request, longest_update, "An update"), "the update"))
    body = await read_body(request, LIMIT if kind == QUERY else max(_FORM_LIMIT, longest_update), "A query")
    if kind == QUERY:
        return _operation(pairs, None, _text(body, "the query"))
    fields = _pairs(body, "the form")
    if _all(fields, "update"):
        return _change(fields + pairs)
    return _operation(fields + pairs, "query")


def _change(pairs: _Pairs, direct: str | None = None) -> Change:
    """An update: in the fields, or sent itself."""
    updates = _all(pairs, "update") + ([] if direct is None else [direct])
    if len(updates) != 1 or _all(pairs, "query"):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Send exactly one update, and no query beside it.")
    default, named = _graphs(pairs, "using-graph-uri"), _graphs(pairs, "using-named-graph-uri")
    return Change(
        updates[0], (*(f"USING <{graph}>" for graph in default), *(f"USING NAMED <{graph}>" for graph in named))
    )


def _all(pairs: _Pairs, name: str) -> list[str]:
    return [value for key, value in pairs if key == name]


def _operation(pairs: _Pairs, required: str | None, direct: str | None = None) -> Operation | None:
    if _all(pairs, "update"):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Send a query or an update, not both.")
    queries = _all(pairs, "query")
    if direct is not None:
        queries.append(direct)
    if not queries and not required:
        return None
    if len(queries) != 1:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"Send exactly one query; {len(queries)} came.")
    if len(queries[0].encode("utf-8", "surrogatepass")) > LIMIT:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A query has at most {LIMIT:,} bytes.")
    explain = (_last(pairs, "explain") or "").lower() in {"1", "true", "yes"}
    default, named = _graphs(pairs, "default-graph-uri"), _graphs(pairs, "named-graph-uri")
    if default or named:
        # A dataset that is given is given whole (SPARQL 1.1 Protocol, 2.1.4): what is not named is not in it.
        return Operation(queries[0], default, named, _format(pairs), explain)
    return Operation(queries[0], format=_format(pairs), explain=explain)


def _graphs(pairs: _Pairs, name: str) -> tuple[str, ...]:
    graphs = tuple(value for key, value in pairs if key == name and value)
    for graph in graphs:
        try:
            NamedNode(graph)
        except ValueError:
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"{name} {graph!r} is not an absolute IRI.") from None
    return graphs


def _format(pairs: _Pairs) -> str | None:
    """The format by name; some clients call it otherwise than we do, and mean by that name other things too."""
    others = (_last(pairs, name) for name in ("output", "out"))
    return _last(pairs, "format") or next((value for value in others if value in _FORMATS), None)


def _last(pairs: Sequence[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in reversed(pairs) if key == name and value), None)


def _pairs(data: bytes, where: str) -> _Pairs:
    try:
        return parse_qsl(_text(data, where), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"{where} cannot be read: {error}") from None


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"{where} is not UTF-8 at byte {error.start}.") from None
