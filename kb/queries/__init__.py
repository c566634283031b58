"""The named queries: what there is, and running one with parameters that people give as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.errors import ParameterError
from kb.queries.catalogue import TYPES, NamedQuery, Parameter, catalogue, find
from kb.queries.values import terms
from kb.store import Results, Store, Term

__all__ = ["TYPES", "Answer", "NamedQuery", "Parameter", "bound", "catalogue", "find", "run"]


@dataclass(frozen=True)
class Answer:
    """What a named query answers: the results, the SPARQL that was run, and notes for the reader.

    A note says, for example, that no place of the name that was given is known, so that nothing could be found.
    """

    query: NamedQuery
    results: Results
    sparql: str
    notes: tuple[str, ...]


def bound(store: Store, name: str, given: Mapping[str, str]) -> tuple[NamedQuery, str, tuple[str, ...]]:
    """The query of that name, its SPARQL with the parameters bound, and notes.

    :raises UnknownQueryError: no query of that name
    :raises ParameterError: a parameter that it does not have, or needs, or a value of the wrong type
    """
    query = find(name)
    query.check(given)
    found = {key: terms(store, query.parameters[key], value) for key, value in given.items()}
    values: dict[str, list[Term]] = {key: meant for key, (meant, _) in found.items()}
    return query, query.bind(values), tuple(note for _, note in found.values() if note)


def run(store: Store, name: str, given: Mapping[str, str]) -> Answer:
    """Run the query of that name; the values of ``given`` are text as people write it.

    :raises UnknownQueryError: no query of that name
    :raises ParameterError: a parameter that it does not have, or needs, or a value of the wrong type
    """
    query, sparql, notes = bound(store, name, given)
    return Answer(query, store.query(sparql), sparql, notes)


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
