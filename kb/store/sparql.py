"""SPARQL text before the engine sees it: refuse what reaches out, bind parameters as terms, say where a fault is.

Works on tokens, never on bare text, so that a word inside a string is not a keyword. The engine's own parser is
scannerless and reads ``SERVICEex:a`` as ``SERVICE ex:a``; so the word is refused wherever it stands outside strings,
IRIs, variables and local names, and comments are blanked out before the engine sees them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from kb.errors import ParameterError, SparqlError
from kb.planner.tokens import Token, tokens
from kb.store.limiting import limit
from kb.store.updates import ForbiddenError

Term = NamedNode | Literal
"""What a parameter can be bound to."""

R = TypeVar("R")

_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
_FORMS = frozenset(["SELECT", "CONSTRUCT", "DESCRIBE", "ASK"])
_AFTER_LIST = frozenset(["HAVING", "ORDER", "GROUP", "LIMIT", "OFFSET", "VALUES"])
_UNKNOWN = re.compile(r"custom function <([^>]*)> is not supported")
_MOST_UNKNOWN = 20
_SHORT = 10_000  # characters of a query that is remembered as it was made ready
_POSITION = re.compile(r"error at (\d+):(\d+): ")


@dataclass(frozen=True)
class Prepared:
    """A query to hand to the engine; ``given`` is how it came, ``short`` whether it ends by itself before a limit."""

    text: str
    given: str
    short: bool = False


def ready(text: str, bindings: Mapping[str, Term | None] | None = None, rows: int | None = None) -> Prepared:
    """A query made ready as ``prepare`` does; a SELECT ends after ``rows`` rows. Raises what ``prepare`` does."""
    if bindings or len(text) > _SHORT:
        return _ready(text, bindings, rows)
    return _remembered(text, rows)


@lru_cache(maxsize=500)
def _remembered(text: str, rows: int | None) -> Prepared:
    return _ready(text, None, rows)


def _ready(text: str, bindings: Mapping[str, Term | None] | None, rows: int | None) -> Prepared:
    found = _prepared(text, bindings)
    short = rows is not None and limit(found, rows)
    return Prepared(without_tags("".join(token.text for token in found)), text, short)


def prepare(text: str, bindings: Mapping[str, Term | None] | None = None) -> str:
    """The query to hand to the engine: guarded, without comments, with ``bindings`` in place of their variables.

    A name bound to None is a parameter that was not given: ``BOUND(?name)`` is false and the variable stays free.
    Raises SparqlError for an update or a SERVICE clause and for a query that assigns a bound variable itself,
    ParameterError for a binding that is neither an IRI nor a literal.
    """
    return "".join(token.text for token in _prepared(text, bindings))


def _prepared(text: str, bindings: Mapping[str, Term | None] | None) -> list[Token]:
    found = tokens(text)
    _refuse_updates(found)
    _make_plain(found)
    if bindings:
        _bind([token for token in found if token.kind not in {"space", "comment"}], bindings)
    return found


def prepare_update(text: str) -> list[Token]:
    """The tokens of an update, without comments; raises ForbiddenError for a SERVICE clause and for LOAD."""
    found = tokens(text)
    depth = 0
    for token in found:
        depth += (token.text == "{") - (token.text == "}")
        if token.kind in {"word", "name", "tag"} and _reaches_out(token.text):
            raise ForbiddenError("SERVICE is refused: nothing is fetched here")
        # The engine takes LOADex:a for LOAD ex:a, so it is enough that a word begins so where operations stand.
        if depth == 0 and token.kind in {"word", "name"} and token.text.lower().startswith("load"):
            raise ForbiddenError("LOAD is refused: nothing is fetched here; send the data itself, or to /graphs")
    _make_plain(found)
    return found


def _make_plain(found: list[Token]) -> None:
    for token in found:
        if token.kind in {"word", "name", "tag"} and _reaches_out(token.text):
            raise SparqlError("SERVICE is refused: this endpoint does not fetch from other endpoints")
        if token.kind == "comment":
            token.kind, token.text = "space", " " * len(token.text)
        elif token.word in {"TRUE", "FALSE"}:
            token.text = token.text.lower()  # the engine knows them in small letters only


def without_tags(text: str) -> str:
    """A prepared query whose GROUP_CONCAT gives plain strings, as SPARQL has it (18.5.1.7).

    The engine's keeps a language tag that all values share. Columns of the text are no longer those of the original.
    """
    if "GROUP_CONCAT" not in text.upper():
        return text
    found = tokens(text)
    open_calls: list[int] = []
    depth = 0
    pending = False
    for token in found:
        if token.word == "GROUP_CONCAT":
            token.text, pending = f"STR({token.text}", True
        elif token.text == "(":
            depth += 1
            if pending:
                open_calls.append(depth)
            pending = False
        elif token.text == ")":
            if open_calls and open_calls[-1] == depth:
                token.text = "))"
                open_calls.pop()
            depth -= 1
    return "".join(token.text for token in found)


def forgiving(ask: Callable[..., R], text: str, **options: Any) -> R:
    """Asks the engine; a call of a function that nobody knows is an error of its expression, as SPARQL has it (17.6).

    The engine would refuse the whole query.
    """
    unknown: dict[NamedNode, Callable[..., None]] = {}
    while True:
        try:
            return ask(text, custom_functions=unknown, **options)
        except RuntimeError as error:
            found = _UNKNOWN.search(str(error))
            if not found or NamedNode(found[1]) in unknown or len(unknown) >= _MOST_UNKNOWN:
                raise
            unknown[NamedNode(found[1])] = lambda *_: None


def syntax_error(text: str, error: SyntaxError) -> SparqlError:
    """The engine's complaint about ``text`` as one that names the line and column and shows them."""
    match = _POSITION.match(str(error))
    if not match:
        return SparqlError(f"the query does not parse: {error}")
    line, column = int(match[1]), int(match[2])
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    # What the engine lists as expected next is whole character classes and only some of the keywords: left out.
    return SparqlError(f"the query does not parse at line {line}, column {column}:\n{shown}\n{' ' * (column - 1)}^")


def _refuse_updates(found: list[Token]) -> None:
    words = [token.word for token in found if token.word]
    for word in words:
        if word in _FORMS:
            break
        if word in _UPDATES:
            raise SparqlError(f"{word} is an update; this only answers queries (SELECT, CONSTRUCT, DESCRIBE, ASK)")


def _reaches_out(text: str) -> bool:
    # "name" tokens: the prefix part, and what may follow a dot that ends a triple.
    prefix, _, local = text.lower().partition(":")
    return "service" in prefix or ".service" in local


def _bind(found: list[Token], bindings: Mapping[str, Term | None]) -> None:
    for place in _places(found):
        token = found[place.index]
        name = token.text[1:]
        if token.kind != "variable" or name not in bindings:
            continue
        term = bindings[name]
        if _is_bound_call(found, place.index):
            _collapse(found, place.index, "false" if term is None else "true")
        elif term is not None:
            _refuse_assignment(found, place, name)
            token.text = _replacement(place, token.text, _written(name, term))


@dataclass(frozen=True)
class _Place:
    """Where a token stands: in a SELECT list, a GROUP BY or ORDER BY list, a VALUES head, or a pattern.

    ``nested`` is whether a SELECT list is that of a subquery.
    """

    index: int
    clause: str
    nested: bool


def _places(found: list[Token]) -> Iterator[_Place]:
    clause, depth, braces = "", 0, 0
    for index, token in enumerate(found):
        if token.word == "SELECT":
            clause, depth = "select", 0
        elif token.word == "BY":
            clause, depth = "list", 0
        elif token.word == "VALUES":
            clause, depth = "values", 0
        elif token.text in "{}" or (depth == 0 and (token.word in _AFTER_LIST or token.word in {"WHERE", "FROM"})):
            clause = ""
        elif token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
        braces += (token.text == "{") - (token.text == "}")
        yield _Place(index, clause if depth == 0 or clause == "values" else "", braces > 0)


def _is_bound_call(found: list[Token], index: int) -> bool:
    around = found[max(index - 2, 0) : index] + found[index + 1 : index + 2]
    return [token.word or token.text for token in around] == ["BOUND", "(", ")"]


def _collapse(found: list[Token], index: int, value: str) -> None:
    found[index].text = value
    for other in (index - 2, index - 1, index + 1):
        found[other].text = " "


def _refuse_assignment(found: list[Token], place: _Place, name: str) -> None:
    if place.clause == "values" or (place.index and found[place.index - 1].word == "AS"):
        raise SparqlError(f"the query assigns ?{name} itself, so it cannot be a parameter; rename one of the two")


def _replacement(place: _Place, variable: str, term: str) -> str:
    if place.clause == "select":
        # A subquery must project something, but not under a name that the query around it assigns too.
        return f"({term} AS {variable}{f'__{place.index}' if place.nested else ''})"
    return f"({term})" if place.clause == "list" else f" {term} "


def _written(name: str, term: Term) -> str:
    if not isinstance(term, NamedNode | Literal):
        raise ParameterError(f"{name} can be bound to an IRI or a literal, not to {term!r}")
    return str(term)  # N-Triples syntax, escaped by the engine's own serialiser


def explained(text: str, error: SyntaxError, base: str, prefixes: dict[str, str]) -> Exception:
    """What the engine said of a query that was prepared, with the places of the text as given."""
    try:
        pyoxigraph.Store().query(prepare(text), base_iri=base, prefixes=prefixes)  # an empty store parses only
    except SyntaxError as plain:
        return syntax_error(text, plain)
    return syntax_error(prepare(text), error) if str(error) else error


def require_syntax(text: str, found: list[Token], plain: list[Token], base: str, prefixes: dict[str, str]) -> None:
    """Raises SparqlError unless the engine can parse the update; a store without data does nothing with it."""
    fault: SyntaxError | None = None
    for given in (found, plain):  # the first gives places in the text; only the second may have several prologues
        try:
            pyoxigraph.Store().update("".join(token.text for token in given), base_iri=base, prefixes=prefixes)
        except SyntaxError as error:
            fault = fault or error
        except (RuntimeError, OSError):
            return  # it parses; that there is no graph to drop is known when there are graphs
        else:
            return
    if fault:
        raise syntax_error(text, fault)
