"""Reading a request of the SPARQL 1.1 Protocol (query operation, section 2.1) into what to run.

A query comes as ``?query=`` (GET), as a form (POST, ``application/x-www-form-urlencoded``) or as the body itself (POST,
``application/sparql-query``). The dataset comes as ``default-graph-uri`` and ``named-graph-uri``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kb.endpoint.guard import RefusedError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
LIMIT = 1_000_000
"""The longest body in bytes."""

_Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Operation:
    """One query with its dataset (None: the store's own) and the format that was asked for by name."""

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    format: str | None = None
    explain: bool = False


async def read(request: Request) -> Operation | None:
    """The query of a request; None for a GET without one.

    Raises HTTPException (400, 413, 415) for what the protocol does not allow and RefusedError for an update.
    """
    pairs = _pairs(request.scope.get("query_string", b""), "the address")
    if request.method == "GET":
        return _operation(pairs, None)
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind == UPDATE:
        raise RefusedError("This endpoint answers queries only; updates are not accepted over HTTP.")
    if kind not in {FORM, QUERY}:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"POST a query as {QUERY} or as {FORM} with the field query; {kind or 'no Content-Type'} came.",
            {"Accept-Post": f"{QUERY}, {FORM}"},
        )
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A query is sent in UTF-8, not in {charset}.")
    body = await _body(request)
    if kind == FORM:
        return _operation(_pairs(body, "the form") + pairs, "query")
    return _operation(pairs, None, _text(body, "the query"))


async def _body(request: Request) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LIMIT:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A query has at most {LIMIT:,} bytes.")
    return bytes(data)


def _operation(pairs: _Pairs, required: str | None, direct: str | None = None) -> Operation | None:
    if any(name == "update" for name, _ in pairs):
        raise RefusedError("This endpoint answers queries only; updates are not accepted over HTTP.")
    queries = [value for name, value in pairs if name == "query"]
    if direct is not None:
        queries.append(direct)
    if not queries and not required:
        return None
    if len(queries) != 1:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"Send exactly one query; {len(queries)} came.")
    explain = (_last(pairs, "explain") or "").lower() in {"1", "true", "yes"}
    default, named = _graphs(pairs, "default-graph-uri"), _graphs(pairs, "named-graph-uri")
    if default or named:
        # A dataset that is given is given whole (SPARQL 1.1 Protocol, 2.1.4): what is not named is not in it.
        return Operation(queries[0], default, named, _last(pairs, "format"), explain)
    return Operation(queries[0], format=_last(pairs, "format"), explain=explain)


def _graphs(pairs: _Pairs, name: str) -> tuple[str, ...]:
    graphs = tuple(value for key, value in pairs if key == name and value)
    for graph in graphs:
        try:
            NamedNode(graph)
        except ValueError:
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"{name} {graph!r} is not an absolute IRI.") from None
    return graphs


def _last(pairs: Sequence[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in reversed(pairs) if key == name and value), None)


def _pairs(data: bytes, where: str) -> _Pairs:
    try:
        return parse_qsl(_text(data, where), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"{where} cannot be read: {error}") from None


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"{where} is not UTF-8 at byte {error.start}.") from None
