"""Signing in with a token: a browser keeps it in a cookie that no script and no other site can use."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kb.access import ANONYMOUS, Caller, Role
from kb.web.callers import caller_of
from kb.web.links import Links
from kb.web.site import raw_path, site_of

router = APIRouter(tags=["Session"])
COOKIE = "token"
NO_STORE = {"Cache-Control": "no-store"}


@router.get("/session", summary="Who is signed in, and the form to do so", include_in_schema=False)
def session(request: Request, back: str = "") -> Response:
    """A page."""
    context = {"caller": person(request), "back": back, "wrong": False}
    return site_of(request).page(request, "session.html", context, headers=NO_STORE)


@router.post("/session", include_in_schema=False)
def sign_in(request: Request, token: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "") -> Response:
    """Keeps the token, or forgets it if none is given."""
    from_this_site(request)
    site = site_of(request)
    caller = site.tokens.caller(token.strip()) if token.strip() else None
    if token.strip() and caller is None:
        context = {"caller": ANONYMOUS, "back": back, "wrong": True}
        return site.page(request, "session.html", context, status_code=HTTPStatus.FORBIDDEN, headers=NO_STORE)
    answer = RedirectResponse(within(back) or "session", HTTPStatus.SEE_OTHER, NO_STORE)
    if caller is None:
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    else:
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token.strip(), httponly=True, samesite="strict", secure=secure)
    return answer


def within(back: str) -> str:
    """A path of this site, relative to its root, from what an address says; "" if it leads elsewhere."""
    parts = urlsplit(back)
    path = "" if parts.scheme or parts.netloc else parts.path.lstrip("/\\")
    return path + (f"?{parts.query}" if path and parts.query else "")


def person(request: Request) -> Caller:
    """Who asks: by ``Authorization``, else by the cookie. Raises HTTPException (401) for a header that is not known."""
    if request.headers.get("authorization"):
        return caller_of(request)
    kept = request.cookies.get(COOKIE)
    return (site_of(request).tokens.caller(kept) if kept else None) or ANONYMOUS


def require_person(request: Request, role: Role) -> Caller:
    """Lets pass who may do what ``role`` may; sends a browser to sign in. Raises HTTPException (401, 403)."""
    if request.method != "GET":
        from_this_site(request)
    caller = person(request)
    if caller.may(role):
        return caller
    if caller.anonymous and request.method == "GET" and "html" in request.headers.get("accept", ""):
        path = raw_path(request).lstrip("/")
        where = Links.of("", raw_path(request)).to(f"session?back={path}")
        raise HTTPException(HTTPStatus.SEE_OTHER, "Sign in first.", {"Location": where, **NO_STORE})
    status = HTTPStatus.UNAUTHORIZED if caller.anonymous else HTTPStatus.FORBIDDEN
    raise HTTPException(status, f"This needs a token of the role {role.value} (kb token add NAME --role {role.value}).")


def from_this_site(request: Request) -> None:
    """Refuses a form that another site sent. Raises HTTPException (403).

    The cookie is not sent from elsewhere (SameSite=Strict); this holds for browsers that know no such thing.
    """
    if request.headers.get("authorization"):
        return  # no browser adds that by itself
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    # Where no referrer is sent, as here, browsers say "null" as the origin of a form; those tell the site as well.
    near = (
        site in {"same-origin", "none"}
        if site
        else not origin or urlsplit(origin).netloc == request.headers.get("host")
    )
    if not near:
        raise HTTPException(HTTPStatus.FORBIDDEN, "This form was sent from another site.")
