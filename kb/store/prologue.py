"""The prologues of an update taken away: every IRI written whole, so that each operation stands for itself.

SPARQL lets a prologue stand before each operation of a request (19.8, rules 29 to 31); the engine (0.5.13) knows only
the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pyoxigraph import NamedNode

from kb.errors import SparqlError
from kb.planner.tokens import Token
from kb.store.templates import parse_trig

_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\\]*>")


def without_prologues(found: list[Token], base: str, prefixes: Mapping[str, str]) -> tuple[list[Token], str]:
    """The tokens with absolute IRIs in place of names and relative IRIs, and the base that is declared last.

    Raises SparqlError for an unknown prefix.
    """
    names = _Names(base, dict(prefixes))
    plain: list[Token] = []
    at = depth = 0
    while at < len(found):
        token = found[at]
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and token.word in {"PREFIX", "BASE"}:
            at = names.declare(found, at)
            plain.append(Token("space", " "))
            continue
        plain.append(replace(token, kind="iri", text=names.absolute(token)) if names.applies(token) else token)
        at += 1
    return plain, names.base


class _Names:
    """What names and relative IRIs mean at one place of a request."""

    def __init__(self, base: str, prefixes: dict[str, str]) -> None:
        self.base = base
        self._prefixes = prefixes
        self._known: dict[str, str] = {}

    @staticmethod
    def applies(token: Token) -> bool:
        """Whether the token is an IRI that is not written whole."""
        if token.kind == "iri":
            return not _ABSOLUTE.fullmatch(token.text)
        return token.kind == "name" and not token.text.startswith("_:")

    def declare(self, found: list[Token], at: int) -> int:
        """Takes in PREFIX or BASE at a place; the place behind it."""
        parts = [place for place in range(at, len(found)) if found[place].kind != "space"]
        prefixed = found[at].word == "PREFIX"
        if len(parts) < 2 + prefixed or found[parts[1 + prefixed]].kind != "iri":
            raise SparqlError("the update cannot be read: PREFIX NAME: <IRI> or BASE <IRI> is not whole")
        iri = self.absolute(found[parts[1 + prefixed]])[1:-1]
        if prefixed:
            self._prefixes[found[parts[1]].text.removesuffix(":")] = iri
        else:
            self.base = iri
        self._known.clear()
        return parts[1 + prefixed] + 1

    def absolute(self, token: Token) -> str:
        """The IRI in angle brackets."""
        if token.text not in self._known:
            self._known[token.text] = self._resolved(token)
        return self._known[token.text]

    def _resolved(self, token: Token) -> str:
        head = ""
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if prefix not in self._prefixes:
                raise SparqlError(f"the prefix {prefix}: of {token.text} is not declared")
            head = f"PREFIX {prefix}: <{self._prefixes[prefix]}> "
        (quad,) = parse_trig(f"{head}<urn:x> <urn:x> {token.text} .", self.base)
        if not isinstance(quad.object, NamedNode):
            raise SparqlError(f"{token.text} stands where an IRI is needed")
        return str(quad.object)
