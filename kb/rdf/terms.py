"""Terms as N-Quads write them, and back: the only place that knows how a Python value looks in RDF.

Exact wording is always a plain string: engines bring numbers and dates into a canonical form, strings stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from kb.resources import NAMESPACE

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
WKT = "http://www.opengis.net/ont/geosparql#"
XSD = "http://www.w3.org/2001/XMLSchema#"

# N-Quads, STRING_LITERAL_QUOTE: these four may not stand as they are; every other character may.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kb(name: str) -> str:
    """The IRI of an ontology term."""
    return NAMESPACE + name


@cache
def pascal(value: str) -> str:
    """The name of a vocabulary's term: "at-least" → "AtLeast"."""
    return "".join(part[:1].upper() + part[1:] for part in value.split("-"))


@cache
def kebab(name: str) -> str:
    """The value that a vocabulary's term stands for: "AtLeast" → "at-least"."""
    return _WORD.sub("-", name).lower()


def node(iri: str) -> str:
    """An IRI as a term."""
    return f"<{iri}>"


def text(value: str) -> str:
    """A plain string as a term."""
    return f'"{value.translate(_ESCAPES)}"'


def label(value: str) -> str:
    """A name to show, in English or as written in the document, as a term."""
    return f'"{value.translate(_ESCAPES)}"@en'


def typed(lexical: str, datatype: str) -> str:
    """A literal of an XML Schema datatype as a term; ``lexical`` holds no character that needs escaping."""
    return f'"{lexical}"^^<{XSD}{datatype}>'


def local(identifier: str) -> str:
    """An identifier as the last part of an IRI."""
    return quote(identifier, safe="-._~")


def identifier(iri: str) -> str:
    """The identifier in the last part of an IRI: the inverse of ``local``."""
    return unquote(iri.rpartition("/")[2])


class Codec(NamedTuple):
    """How a kind of value is written as a term, and read from the value of one."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _moment(value: date | datetime) -> str:
    return typed(value.isoformat(), "dateTime" if isinstance(value, datetime) else "date")


def _read_moment(value: str) -> date | datetime:
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


TEXT = Codec(text, str)
INTEGER = Codec(lambda value: typed(str(value), "integer"), int)
DOUBLE = Codec(lambda value: typed(repr(value), "double"), float)
BOOLEAN = Codec(lambda value: typed("true" if value else "false", "boolean"), lambda value: value == "true")
MOMENT = Codec(_moment, _read_moment)
CONCEPT = Codec(
    lambda value: f"<{NAMESPACE}{pascal(value)}>",
    lambda value: kebab(value.removeprefix(NAMESPACE)),
)


def vocabulary(values: type[StrEnum]) -> Codec:
    """The codec of an enumeration whose members are terms of the ontology."""
    written = {value: f"<{NAMESPACE}{pascal(value.value)}>" for value in values}
    read = {NAMESPACE + pascal(value.value): value for value in values}
    return Codec(written.__getitem__, read.__getitem__)
