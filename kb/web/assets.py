"""The files that pages load: our own, and the parts of others under ``static/vendor`` (see its README)."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
"""What may be asked for, and as what it is sent."""


@cache
def files() -> dict[str, Path]:
    """Every file that may be asked for, by its path under ``/static``."""
    found = (path for path in STATIC.rglob("*") if path.suffix in TYPES and path.is_file())
    return {path.relative_to(STATIC).as_posix(): path for path in found}


@cache
def address(name: str) -> str:
    """The path of a file on the site, with its fingerprint, so that it may be kept for ever.

    Raises KeyError if there is none.
    """
    return f"static/{name}?v={blake2b(files()[name].read_bytes(), digest_size=6).hexdigest()}"
