"""What people give for a parameter, as RDF terms: checked by the parameter's type, names looked up in the store."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import datetime

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kb.dates import InvalidDateError, parse_date
from kb.errors import ParameterError
from kb.model import ActorType, Harm
from kb.queries.catalogue import Parameter, did_you_mean
from kb.queries.names import ACTORS, COUNTRIES, PLACES, fold, names
from kb.store import PREFIXES, Store, Term

Found = tuple[list[Term], str | None]
"""The terms that a value means, and a note for the reader when there is none."""

_DATE = NamedNode(PREFIXES["xsd"] + "date")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:[^\s]*", re.IGNORECASE)

EVENT_TYPES = "SELECT DISTINCT ?type WHERE { ?concept a kb:EventType ; skos:notation ?type }"


def terms(store: Store, parameter: Parameter, value: str) -> Found:
    """The terms that ``value`` means for this parameter in this store.

    :raises ParameterError: the value is empty, or not one of the parameter's type
    """
    value = value.strip()
    if not value:
        raise ParameterError(f"parameter {parameter.name} is empty; leave it out, or give {parameter.example}")
    return _READERS[parameter.type](store, parameter, value)


def _node(store: Store, parameter: Parameter, value: str, query: str) -> Found:
    """Nodes by name, by path under the base, or by IRI."""
    known = names(store, query)
    found: list[Term] = [*known.find(value)]
    if found:
        return found, None
    iri = _iri(store, parameter, value)
    if iri is not None and (iri.value in known.iris or _is_absolute(value)):
        return [iri], None if iri.value in known.iris else f"{parameter.name}: nothing is known of <{iri.value}>"
    near = did_you_mean(known.near(value))
    return [], f"{parameter.name}: no {parameter.type} is called {value!r} in this store{near}"


def _iri(store: Store, parameter: Parameter, value: str) -> NamedNode | None:
    """The value as an IRI, absolute or below the store's base; None if it cannot be one."""
    try:
        return NamedNode(value if _is_absolute(value) else store.base + value.removeprefix("/"))
    except ValueError as error:
        if _is_absolute(value):
            raise ParameterError(f"parameter {parameter.name}: {value!r} is not an IRI: {error}") from error
        return None


def _is_absolute(value: str) -> bool:
    return value.startswith(("http://", "https://", "urn:"))


def _place(store: Store, parameter: Parameter, value: str) -> Found:
    found, note = _node(store, parameter, value, PLACES)
    aliases: list[Term] = [] if found else [*names(store, PLACES).find_city(value)]
    return (aliases, None) if aliases else (found, note)


def _country(store: Store, parameter: Parameter, value: str) -> Found:
    return _node(store, parameter, value, COUNTRIES)


def _actor(store: Store, parameter: Parameter, value: str) -> Found:
    return _node(store, parameter, value, ACTORS)


def _claim(store: Store, parameter: Parameter, value: str) -> Found:
    path = value if "/" in value else f"claim/{value}"
    iri = _iri(store, parameter, path)
    if iri is None:
        raise ParameterError(f"parameter {parameter.name}: {value!r} is neither the IRI nor the id of a claim")
    known = store.query("ASK { ?claim a/rdfs:subClassOf* kb:Claim }", {"claim": iri})
    return [iri], None if known else f"{parameter.name}: there is no claim <{iri.value}> in this store"


def _date(_: Store, parameter: Parameter, value: str) -> Found:
    try:
        found = parse_date(value)
    except InvalidDateError as error:
        raise ParameterError(f"parameter {parameter.name}: {error}; write it as 2022-01-06") from error
    day = found.date() if isinstance(found, datetime) else found
    return [Literal(day.isoformat(), datatype=_DATE)], None


def _choice(parameter: Parameter, value: str, choices: Iterable[str]) -> Found:
    """One of a closed list, as a plain literal."""
    choices = sorted(choices)
    wanted = fold(value).replace(" ", "-")
    if wanted not in choices:
        near = did_you_mean(difflib.get_close_matches(wanted, choices, 1))
        raise ParameterError(f"parameter {parameter.name}: {value!r} is none of {', '.join(choices)}{near}")
    return [Literal(wanted)], None


def _harm(_: Store, parameter: Parameter, value: str) -> Found:
    return _choice(parameter, value, Harm)


def _measure(_: Store, parameter: Parameter, value: str) -> Found:
    return _choice(parameter, value, (*Harm, "troops", "crowd"))


def _actor_type(_: Store, parameter: Parameter, value: str) -> Found:
    return _choice(parameter, value, ActorType)


def _event_type(store: Store, parameter: Parameter, value: str) -> Found:
    results = store.query(EVENT_TYPES)
    assert isinstance(results, QuerySolutions)  # noqa: S101 - a SELECT
    return _choice(parameter, value, {row["type"].value for row in results})


def _victims(_: Store, __: Parameter, value: str) -> Found:
    """A class is written with hyphens, words of a document are not: both are looked for, in lower case."""
    wording = " ".join(value.lower().split())
    return [Literal(form) for form in dict.fromkeys((wording, wording.replace(" ", "-")))], None


_READERS: dict[str, Callable[[Store, Parameter, str], Found]] = {
    "place": _place,
    "country": _country,
    "actor": _actor,
    "claim": _claim,
    "date": _date,
    "harm": _harm,
    "measure": _measure,
    "victims": _victims,
    "event-type": _event_type,
    "actor-type": _actor_type,
}
