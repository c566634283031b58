"""Errors as answers: one shape (RFC 9457 problem details) as JSON, plain text or a page, whichever was asked for."""

from __future__ import annotations

import re
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kb.endpoint import BusyError, EndedError, LimitError, MemoryLimitError, RateError, SizeLimitError, TimeLimitError
from kb.endpoint.guard import RefusedError
from kb.errors import (
    ConflictError,
    DocumentError,
    FactlineError,
    ParameterError,
    SparqlError,
    StoreError,
    StoreLockedError,
    UnknownQueryError,
    UsageError,
)
from kb.store.updates import OperationError
from kb.web.negotiate import HTML, PROBLEM, TEXT, NotAcceptableError, by_accept
from kb.web.site import site_of

_POSITION = re.compile(r"\bline (\d+), column (\d+)")
_STATUS: dict[type[Exception], HTTPStatus] = {
    RefusedError: HTTPStatus.FORBIDDEN,
    UnknownQueryError: HTTPStatus.NOT_FOUND,
    ParameterError: HTTPStatus.BAD_REQUEST,
    SparqlError: HTTPStatus.BAD_REQUEST,
    OperationError: HTTPStatus.CONFLICT,
    DocumentError: HTTPStatus.BAD_REQUEST,
    ConflictError: HTTPStatus.CONFLICT,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    EndedError: HTTPStatus.SERVICE_UNAVAILABLE,
    RateError: HTTPStatus.TOO_MANY_REQUESTS,
    TimeLimitError: HTTPStatus.GATEWAY_TIMEOUT,
    MemoryLimitError: HTTPStatus.INSUFFICIENT_STORAGE,
    SizeLimitError: HTTPStatus.INSUFFICIENT_STORAGE,
    UsageError: HTTPStatus.BAD_REQUEST,
    FactlineError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class Problem(BaseModel):
    """What went wrong: HTTP status, its name, what to do; for a query, where in its text (both from 1)."""

    status: int
    title: str
    detail: str
    line: int | None = None
    column: int | None = None


def of_error(error: Exception) -> Problem:
    """The problem that an error of ours is told as."""
    if isinstance(error, NotAcceptableError):
        offered = ", ".join(f"{each.media[0]} ({each.name})" for each in error.offered)
        return _problem(HTTPStatus.NOT_ACCEPTABLE, f"{error.asked!r} is not among what can be had here: {offered}")
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    found = _POSITION.search(str(error)) if isinstance(error, SparqlError) else None
    problem = _problem(status, str(error))
    return problem.model_copy(update={"line": int(found[1]), "column": int(found[2])}) if found else problem


def _problem(status: int, detail: str) -> Problem:
    return Problem(status=status, title=HTTPStatus(status).phrase, detail=detail)


def respond(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem as a page for browsers, JSON for who asks for JSON, else plain text."""
    try:
        kind = by_accept(request.headers.get("accept"), (TEXT, PROBLEM, HTML))
    except NotAcceptableError:
        # A client that asks for SPARQL results in JSON can read JSON; all others read text.
        kind = PROBLEM if "json" in request.headers.get("accept", "") else TEXT
    if kind is HTML:
        return site_of(request).page(
            request, "problem.html", {"problem": problem}, status_code=problem.status, headers=headers
        )
    if kind is PROBLEM:
        body = problem.model_dump_json(exclude_none=True)
    else:
        body = f"{problem.status} {problem.title}\n\n{problem.detail}\n"
    return Response(body, problem.status, headers, media_type=kind.content_type)


def install(app: FastAPI) -> None:
    """Makes every error of the application answer in this way."""

    async def ours(request: Request, error: Exception) -> Response:
        headers = error.headers if isinstance(error, LimitError) else None
        if isinstance(error, StoreLockedError):
            headers = {"Retry-After": "5"}
        return respond(request, of_error(error), headers)

    async def http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        detail = str(error.detail)
        if error.status_code == HTTPStatus.NOT_FOUND and detail == HTTPStatus.NOT_FOUND.phrase:
            detail = f"There is nothing at {request.url.path}."
        return respond(request, _problem(error.status_code, detail), dict(error.headers or {}))

    async def invalid(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()
        )
        return respond(request, _problem(HTTPStatus.BAD_REQUEST, faults))

    for kind in (FactlineError, RefusedError, NotAcceptableError):
        app.add_exception_handler(kind, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
