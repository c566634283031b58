"""Where the files that ship with Factline lie, and the two addresses that everything is named by."""

from __future__ import annotations

from pathlib import Path

from kb.errors import FactlineError

DEFAULT_BASE = "http://127.0.0.1:8000/"
"""The base IRI of a store that was given none: the address that ``kb serve`` listens on by default."""

ONTOLOGY = "https://w3id.org/factline/ontology"
"""The IRI of the ontology itself, without the hash."""

NAMESPACE = ONTOLOGY + "#"
"""The namespace of the ontology's terms, prefix ``kb:``."""

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``ontology`` or ``queries``: packed into the package (wheel) or beside it (checkout).

    Raises FactlineError when the installation has neither.
    """
    candidates = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked = " and ".join(str(candidate) for candidate in candidates)
    raise FactlineError(f"the folder {name!r} of Factline is missing (looked at {looked}); install factline again")


def path(name: str, *parts: str) -> Path:
    """A file or folder under ``folder(name)``; raises FactlineError when it is not there."""
    found = folder(name).joinpath(*parts)
    if not found.exists():
        raise FactlineError(f"{found} of Factline is missing; install factline again")
    return found
