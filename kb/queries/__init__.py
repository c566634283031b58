"""The named queries: what there is, and running one with parameters that people give as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.errors import ParameterError
from kb.queries.catalogue import TYPES, NamedQuery, Parameter, catalogue, find, parse_query, without_header
from kb.queries.values import terms
from kb.store import Results, Store, Term
from kb.store.sparql import ready

__all__ = [
    "TYPES",
    "Answer",
    "NamedQuery",
    "Parameter",
    "bound",
    "catalogue",
    "find",
    "parse_given",
    "parse_query",
    "run",
    "run_query",
]


@dataclass(frozen=True)
class Answer:
    """What a named query answers: the results, the SPARQL that was run, and notes for the reader.

    A note says, for example, that no place of the name that was given is known, so that nothing could be found.
    """

    query: NamedQuery
    results: Results
    sparql: str
    notes: tuple[str, ...]


def run(store: Store, name: str, given: Mapping[str, str], rows: int | None = None) -> Answer:
    """Run the query of that name; the values of ``given`` are text as people write it. It ends after ``rows`` rows.

    :raises UnknownQueryError: no query of that name
    :raises ParameterError: a parameter that it does not have, or needs, or a value of the wrong type
    """
    return run_query(store, find(name), given, rows)


def run_query(store: Store, query: NamedQuery, given: Mapping[str, str], rows: int | None = None) -> Answer:
    """Run a query that is at hand, such as one from a file.

    :raises ParameterError: a parameter that it does not have, or needs, or a value of the wrong type
    :raises SparqlError: SPARQL that does not parse
    """
    text, found = _bound(store, query, given)
    notes = tuple(note for _, note in found.values() if note)
    return Answer(query, store.run(ready(text, rows=rows)), without_header(text), notes)


def bound(store: Store, query: NamedQuery, given: Mapping[str, str]) -> str:
    """The SPARQL that a query is with these parameters, as people copy it.

    :raises ParameterError: as ``run_query``
    """
    return without_header(_bound(store, query, given)[0])


def _bound(
    store: Store, query: NamedQuery, given: Mapping[str, str]
) -> tuple[str, dict[str, tuple[list[Term], str | None]]]:
    query.check(given)
    found = {key: terms(store, query.parameters[key], value) for key, value in given.items()}
    return query.bind({key: meant for key, (meant, _) in found.items()}), found


def parse_given(pairs: list[str]) -> dict[str, str]:
    """The parameters of a command line: each ``name=value``.

    :raises ParameterError: one without an equals sign, or given twice
    """
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ParameterError(f"{pair!r} is not a parameter; write it as name=value, such as place=Almaty")
        if name.strip() in given:
            raise ParameterError(f"the parameter {name.strip()} is given twice")
        given[name.strip()] = value
    return given
