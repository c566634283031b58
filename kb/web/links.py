"""Paths of IRIs: a page links to what the base mints by a relative path, so it works on any host, port or prefix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from kb.resources import NAMESPACE
from kb.table import shorten

_SAFE = "/%:@!$&'()*+,;=~-._"  # RFC 3986 pchar, the slash, and what is escaped already
_BEYOND_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def iri_path(raw_path: str) -> str:
    """The path of an IRI for a path as sent: only UTF-8 beyond ASCII is unescaped (RFC 3987, section 3.2)."""
    return _BEYOND_ASCII.sub(lambda match: _utf8(match.group()), raw_path)


def _utf8(escaped: str) -> str:
    try:
        return bytes.fromhex(escaped.replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return escaped


@dataclass(frozen=True)
class Links:
    """Links as seen from one page: ``base`` is the store's base IRI, ``root`` the way from the page to the site's root.

    ``root`` is "" on the home page, "../" on ``/claim/X``, "../../" on ``/place/kz/almaty``.
    """

    base: str
    root: str

    @classmethod
    def of(cls, base: str, raw_path: str) -> Links:
        """The links of the page at a path (percent-encoded as it came, so that an escaped slash is no level)."""
        return cls(base, "../" * max(raw_path.count("/") - 1, 0))

    def to(self, path: str) -> str:
        """The link to a path of the site, such as ``sparql`` or ``claim/x.ttl``."""
        return self.root + path or "./"

    def iri(self, iri: str | None) -> str | None:
        """The link to the page of an IRI: of the base or of the ontology; another http IRI links to itself.

        None for what has no page and is no web address.
        """
        if not iri:
            return None
        if iri.startswith(self.base):
            path, mark, fragment = iri[len(self.base) :].partition("#")
            return self.to(quote(path, safe=_SAFE)) + mark + fragment
        if iri.startswith(NAMESPACE) and len(iri) > len(NAMESPACE):
            return self.to("ontology/" + quote(iri[len(NAMESPACE) :], safe=""))
        return iri if iri.startswith(("http://", "https://")) else None

    def local(self, iri: str) -> str:
        """How an IRI reads in running text: without the base, else with a prefix."""
        return shorten(iri, self.base)
