"""Running what touches the store in a thread of its own without taking anything of the engine out of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from starlette.exceptions import HTTPException

from kb.endpoint.guard import RefusedError
from kb.errors import FactlineError
from kb.web.negotiate import NotAcceptableError

P = ParamSpec("P")
T = TypeVar("T")

EXPECTED = (FactlineError, RefusedError, NotAcceptableError, HTTPException)
"""The errors that are answers."""


def bare(error: Exception) -> Exception:
    """The error without its traceback and what it came from.

    The frames there hold results of the engine, which may not be dropped in another thread than the one that made them.
    """
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def contained(run: Callable[P, T]) -> Callable[P, T]:
    """Makes a function that is called in a thread let only bare errors out."""

    @wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return run(*args, **kwargs)
        except EXPECTED as error:
            raise bare(error) from None

    return wrapped
