"""Which representation a request asks for: by suffix, by ``?format=``, else by ``Accept`` with its q-values.

``Accept`` is read as in RFC 9110, section 12.5.1; where two types weigh the same, the first in our own order wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import mimeparse


@dataclass(frozen=True)
class Format:
    """One representation: its name (of ``kb.results`` too), its media types (the first is sent), suffix and label."""

    name: str
    media: tuple[str, ...]
    suffix: str
    label: str
    text: bool = False

    @property
    def content_type(self) -> str:
        """The ``Content-Type`` that is sent."""
        return f"{self.media[0]}; charset=utf-8" if self.text else self.media[0]


class NotAcceptableError(Exception):
    """None of the types of ``Accept`` (or the format of ``?format=``) can be made here; ``offered`` can."""

    def __init__(self, asked: str, offered: Sequence[Format]) -> None:
        super().__init__(asked)
        self.asked = asked
        self.offered = tuple(offered)


HTML = Format("html", ("text/html",), "html", "HTML", text=True)
PAGE_JSON = Format("json", ("application/json",), "json", "JSON")
TEXT = Format("text", ("text/plain",), "txt", "plain text", text=True)
PROBLEM = Format("problem", ("application/problem+json", "application/json"), "json", "JSON")

JSON = Format("json", ("application/sparql-results+json", "application/json"), "json", "JSON")
XML = Format("xml", ("application/sparql-results+xml", "application/xml", "text/xml"), "xml", "XML")
CSV = Format("csv", ("text/csv", "text/plain"), "csv", "CSV", text=True)
TSV = Format("tsv", ("text/tab-separated-values",), "tsv", "TSV", text=True)

GEOJSON = Format("geojson", ("application/geo+json", "application/vnd.geo+json"), "geojson", "GeoJSON")
ATOM = Format("atom", ("application/atom+xml",), "atom", "Atom feed", text=True)

TURTLE = Format(
    "turtle",
    ("text/turtle", "application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3"),
    "ttl",
    "Turtle",
    text=True,
)
JSONLD = Format("jsonld", ("application/ld+json", "application/json", "application/x-json+ld"), "jsonld", "JSON-LD")
NTRIPLES = Format("ntriples", ("application/n-triples", "text/plain"), "nt", "N-Triples")
RDFXML = Format("rdfxml", ("application/rdf+xml", "application/xml", "text/xml"), "rdf", "RDF/XML")
TRIG = Format("trig", ("application/trig", "application/x-trig"), "trig", "TriG")
NQUADS = Format("nquads", ("application/n-quads",), "nq", "N-Quads")

RESULTS = (JSON, XML, CSV, TSV)
GRAPHS = (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS)
TRIPLES = (TURTLE, JSONLD, NTRIPLES, RDFXML)

_SYNONYMS = {
    "srj": "json",
    "srx": "xml",
    "ttl": "turtle",
    "n3": "turtle",  # which holds Turtle
    "nt": "ntriples",
    "n-triples": "ntriples",
    "rdf": "rdfxml",
    "rdf/xml": "rdfxml",
    "json-ld": "jsonld",
    "nq": "nquads",
    "n-quads": "nquads",
    "txt": "text",
}


@lru_cache(maxsize=256)
def _by_accept(header: str, offered: tuple[Format, ...]) -> Format:
    # mimeparse prefers the last of equals: hand it our order reversed.
    # A range ("text/*") means what is sent; the other names of a format count where they are named.
    asked = header.lower()
    types = [
        (media, each)
        for each in reversed(offered)
        for media in reversed(each.media)
        if media == each.media[0] or media in asked
    ]
    try:
        best = mimeparse.best_match([media for media, _ in types], asked)
    except mimeparse.MimeTypeParseException:
        return offered[0]
    if not best:
        raise NotAcceptableError(header, offered)
    return next(each for each in offered if best in each.media)


def by_accept(header: str | None, offered: Sequence[Format]) -> Format:
    """The best of ``offered`` (in our order of preference) for an ``Accept`` header; no header means the first.

    Raises NotAcceptableError if the header rules out all of them. A header that is no list of media ranges counts as
    none.
    """
    if not header or not header.strip():
        return offered[0]
    return _by_accept(header, tuple(offered))


def by_name(name: str, offered: Sequence[Format]) -> Format:
    """The format called ``name`` (a name, a suffix or a media type) among ``offered``; NotAcceptableError if none."""
    wanted = name.strip().lower()
    # A "+" in a query string that was not escaped arrives as a space.
    names = {wanted, _SYNONYMS.get(wanted, wanted)}
    names |= set(wanted.replace(" ", "+").split(","))  # some clients send a list of media types
    for each in offered:
        if names & {each.name, each.suffix, *each.media}:
            return each
    # "xml" and "json" mean those of the kind of result at hand.
    for each in offered:
        if (wanted == "xml" and each is RDFXML) or (wanted == "json" and each is JSONLD):
            return each
    raise NotAcceptableError(name, offered)


def choose(offered: Sequence[Format], accept: str | None, name: str | None = None) -> Format:
    """The format by name if one was asked for, else by ``Accept``."""
    return by_name(name, offered) if name else by_accept(accept, offered)


def split_suffix(path: str, offered: Sequence[Format]) -> tuple[str, Format | None]:
    """A path without the suffix of one of ``offered``, and that format; the path as it is if it has none."""
    stem, dot, suffix = path.rpartition(".")
    if dot and stem and not stem.endswith("/") and "/" not in suffix:
        for each in offered:
            if each.suffix == suffix:
                return stem, each
    return path, None
