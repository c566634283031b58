"""The named queries: files of SPARQL with a header that says what they need and what they give.

A file ``queries/NAME.rq`` begins with comment lines ``#+`` that together are YAML::

    #+ summary: one line
    #+ description: what it answers and what it leaves out
    #+ parameters:
    #+   place: {type: place, description: at this place or inside it, example: Almaty}
    #+ columns:
    #+   claim: the claim
    #+ example: {place: Almaty}

The query beneath is SPARQL 1.1 that runs as it stands, without any restriction. A line ``#? place: VALUES ?in { … } …``
is part of the query only when the parameter ``place`` is given; then the values stand between its braces, written as
RDF terms by the engine's own serialiser. See docs/decisions/0005-query-parameters.md.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from kb import resources
from kb.errors import FactlineError, ParameterError, UnknownQueryError, UsageError
from kb.store import Term

TYPES = {
    "place": "the name of a place (any alias, any case), its IRI, or its path such as place/kz/almaty",
    "country": "the name of a country, its two-letter code, or its IRI",
    "actor": "the name of an actor (any alias, any case), its IRI, or its path such as actor/csto",
    "claim": "the IRI of a claim, or its id",
    "date": "a day such as 2022-01-06",
    "harm": "a kind of harm such as killed",
    "measure": "a kind of harm such as killed, or troops, or crowd",
    "victims": "a class of victims such as security-forces, or words of the document such as soldiers",
    "event-type": "a type of event such as riot",
    "actor-type": "a type of actor such as outlet",
}
"""What each type of parameter takes, in words."""

_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_OPTIONAL = re.compile(r"^(?P<indent>[ \t]*)#\? (?P<name>\w+): *(?P<pattern>.*)$", re.MULTILINE)
_VALUES = re.compile(r"(VALUES [?$]\w+ \{)[^{}]*(\})")


@dataclass(frozen=True)
class Parameter:
    """One parameter: ``type`` is a key of ``TYPES``."""

    name: str
    type: str
    description: str
    example: str
    required: bool = False


@dataclass(frozen=True)
class NamedQuery:
    """One file of ``queries/``: its header, and its text as it stands."""

    name: str
    summary: str
    description: str
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, str]
    example: Mapping[str, str]
    text: str = field(repr=False)

    @property
    def sparql(self) -> str:
        """The query without its header."""
        return without_header(self.text)

    def check(self, given: Iterable[str]) -> None:
        """Raise ParameterError for a parameter that the query does not have, or for one that it needs and lacks."""
        names = set(given)
        for name in sorted(names - set(self.parameters)):
            near = difflib.get_close_matches(name, self.parameters, 1)
            has = f"it takes {', '.join(self.parameters)}" if self.parameters else "it takes none"
            raise ParameterError(f"the query {self.name} has no parameter {name!r}; {has}{did_you_mean(near)}")
        for parameter in self.parameters.values():
            if parameter.required and parameter.name not in names:
                raise ParameterError(
                    f"the query {self.name} needs the parameter {parameter.name}: {TYPES[parameter.type]}; "
                    f"for example {parameter.name}={parameter.example}"
                )

    def bind(self, values: Mapping[str, Sequence[Term]]) -> str:
        """The text with the lines of the given parameters in force and their values between the braces.

        Lines and columns stay where they are in the file, up to the values, so that the engine's complaints fit.
        """
        self.check(values)

        def line(match: re.Match[str]) -> str:
            if match["name"] not in values:
                return match[0]
            terms = " ".join(str(term) for term in values[match["name"]])
            return match["indent"] + _VALUES.sub(lambda found: f"{found[1]} {terms} {found[2]}", match["pattern"])

        return _OPTIONAL.sub(line, self.text)


def without_header(text: str) -> str:
    """The text of a query as people copy it."""
    return _HEADER.sub("", text).strip() + "\n"


@cache
def catalogue() -> Mapping[str, NamedQuery]:
    """All named queries by name, in the order of their names.

    :raises FactlineError: a file with a fault in its header
    """
    return read_catalogue(resources.folder("queries"))


def read_catalogue(folder: Path) -> Mapping[str, NamedQuery]:
    """The queries of one folder; the same checks for all of them."""
    files = sorted(folder.glob("*.rq"))
    if not files:
        raise FactlineError(f"no queries in {folder}; install factline again")
    return MappingProxyType({path.stem: parse_query(path.stem, path.read_text("utf-8")) for path in files})


def find(name: str) -> NamedQuery:
    """The query of that name.

    :raises UnknownQueryError: none; the message names those that are near
    """
    queries = catalogue()
    if name not in queries:
        hint = did_you_mean(difflib.get_close_matches(name, queries, 2, 0.5)) or f"; choose one of {', '.join(queries)}"
        raise UnknownQueryError(f"no named query {name!r}{hint} (kb queries lists them)")
    return queries[name]


def did_you_mean(near: Sequence[str]) -> str:
    """The end of a message that offers what is spelt nearly alike; empty if nothing is."""
    if not near:
        return ""
    *most, last = near
    before = ", ".join(most) + " or " if most else ""
    return f"; did you mean {before}{last}?"


def parse_query(name: str, text: str) -> NamedQuery:
    """The query of one file; one without a header takes no parameters.

    :raises UsageError: a header that is not as described above, or optional lines that do not fit it
    """
    if not _HEADER.search(text):
        return NamedQuery(name, "", "", {}, {}, {}, text)
    try:
        header: dict[str, Any] = yaml.safe_load("\n".join(_HEADER.findall(text)))
        query = NamedQuery(
            name=name,
            summary=header["summary"],
            description=header["description"].strip(),
            parameters={key: Parameter(name=key, **value) for key, value in header.get("parameters", {}).items()},
            columns=header["columns"],
            example={key: str(value) for key, value in header.get("example", {}).items()},
            text=text,
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"the header of the query {name} is not as docs/queries.md describes it: {error!r}") from error
    _check_header(query)
    return query


def _check_header(query: NamedQuery) -> None:
    used = [match["name"] for match in _OPTIONAL.finditer(query.text)]
    with_values = {match["name"] for match in _OPTIONAL.finditer(query.text) if _VALUES.search(match["pattern"])}
    if set(used) != set(query.parameters) or with_values != set(query.parameters):
        raise UsageError(
            f"the query {query.name}: each parameter needs lines '#? name: …', and one of them VALUES ?x {{ … }}"
        )
    for parameter in query.parameters.values():
        if parameter.type not in TYPES:
            raise UsageError(
                f"the query {query.name}: the parameter {parameter.name} has the unknown type {parameter.type!r}; "
                f"choose one of {', '.join(TYPES)}"
            )
    query.check(query.example)
