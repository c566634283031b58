"""Who sends a request: what ``Authorization: Bearer`` says (RFC 6750), as dependencies of routes.

::

    @router.post("/review/{claim}")
    def decide(caller: Annotated[Caller, Depends(needs(Role.REVIEWER))]) -> Response: ...

    @router.get("/anything")
    def anything(caller: CallerOf) -> Response: ...   # anonymous, or with a token that is known
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from kb.access import ANONYMOUS, Caller, Role
from kb.web.site import site_of

_REALM = 'Bearer realm="Factline"'
_SCHEME = HTTPBearer(auto_error=False, description="A token of kb token add NAME --role ROLE")


def caller_of(request: Request) -> Caller:
    """The caller of a request. Raises HTTPException (401) for a token that is malformed, unknown or revoked."""
    header = request.headers.get("authorization")
    if header is None:
        return ANONYMOUS
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise _unauthorized(f"Authorization is read as Bearer TOKEN, not {scheme[:20]!r}.", "invalid_request")
    found = site_of(request).tokens.caller(token.strip())
    if found is None:
        raise _unauthorized("This token is not known here, or no longer.", "invalid_token")
    return found


async def _anybody(request: Request, _: Annotated[object, Security(_SCHEME)] = None) -> Caller:
    # Not in a thread: a look at the clock of one small file, and a few hashes to compare.
    caller = caller_of(request)
    site_of(request).rates.count(request, caller)
    return caller


CallerOf = Annotated[Caller, Depends(_anybody)]
"""A parameter of a route: who asks, be it nobody that is known."""


def needs(role: Role) -> Callable[[Request, Caller], Awaitable[Caller]]:
    """A dependency that gives the caller, and lets no other pass than who may do what ``role`` may.

    Raises HTTPException: 401 without a valid token, 403 with one of a lesser role.
    """

    async def allowed(request: Request, caller: CallerOf) -> Caller:
        require(caller, role)
        return caller

    return allowed


def require(caller: Caller, role: Role) -> None:
    """Raises HTTPException unless the caller may do what ``role`` may: 401 for nobody, 403 for a lesser role."""
    if caller.anonymous:
        raise _unauthorized(f"This needs a token of the role {role.value}: Authorization: Bearer TOKEN.", None)
    if not caller.may(role):
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            f"This needs the role {role.value}; {caller.name} is {caller.kind}.",
            {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{role.value}"'},
        )


def _unauthorized(detail: str, error: str | None) -> HTTPException:
    challenge = f'{_REALM}, error="{error}"' if error else _REALM
    return HTTPException(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": challenge})
