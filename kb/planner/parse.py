"""Reading a query into groups and patterns (SPARQL 1.1, section 19.8).

Whatever is not plainly understood raises NotUnderstoodError, and the query is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.planner.algebra import (
    NONE,
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Fresh,
    Graph,
    Group,
    Minus,
    Names,
    NotUnderstoodError,
    Optional,
    Select,
    Union,
    Values,
    is_variable,
    mentioned_in,
    scope_of,
)
from kb.planner.reader import Reader
from kb.planner.tokens import Token
from kb.planner.triples import Triples

_FORMS = frozenset({"SELECT", "CONSTRUCT", "ASK", "DESCRIBE"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_MODIFIERS = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})
# Not the same twice, so that the place where they are computed matters.
_CHANGING = frozenset({"RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True)
class Query:
    """A query: what stands before its pattern, the pattern, what stands behind; ``select`` is set for a SELECT."""

    prologue: str
    prefixes: dict[str, str]
    base: str
    head: str
    group: Group
    tail: str
    select: Select | None
    fresh: Fresh


def parse(text: str) -> Query:
    """The query; raises NotUnderstoodError for what is left to the engine alone."""
    return _Parser(text).query()


_Test = Callable[[], bool]


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.reader = Reader(text)
        if any(token.word in _CHANGING or token.word == "LATERAL" for token in self.reader.all):
            raise NotUnderstoodError("values that change with each call, or LATERAL")
        self.fresh = Fresh(text)
        self.triples = Triples(self.reader, self.fresh)

    def query(self) -> Query:
        prefixes, base = self._prologue()
        begin = self.reader.place
        prologue = self.reader.spaced(0, begin)
        form = self.reader.word()
        if form not in _FORMS:
            raise NotUnderstoodError("no query")
        select = None
        if form == "SELECT":
            select = self._select(None)
            head, group, tail = select.head, select.group, select.tail
        else:
            self._to_where(form)
            head = self.reader.spaced(begin, self.reader.place)
            if form == "DESCRIBE" and "*" in head:
                raise NotUnderstoodError("DESCRIBE *")
            group = self._group()
            tail = self._rest()
        if not self.reader.done:
            raise NotUnderstoodError(f"{self.reader.token.text} behind the query")
        return Query(prologue, prefixes, base, head, group, tail, select, self.fresh)

    def _prologue(self) -> tuple[dict[str, str], str]:
        prefixes, base, reader = {}, "", self.reader
        while True:
            if reader.take("PREFIX"):
                name = reader.next().text
                prefixes[name.rstrip(":")] = reader.next().text[1:-1]
            elif reader.take("BASE"):
                base = reader.next().text[1:-1]
            else:
                return prefixes, base

    def _to_where(self, form: str) -> None:
        """Past the template of a CONSTRUCT, the terms of a DESCRIBE, and FROM."""
        self.reader.next()
        if form == "CONSTRUCT":
            if not self.reader.sees("{"):
                raise NotUnderstoodError("CONSTRUCT WHERE")
            self._skip_braces()
        while not self.reader.sees("{"):
            self.reader.next()

    def _skip_braces(self) -> None:
        depth = 0
        while True:
            token = self.reader.next()
            depth += (token.kind == "mark") * ((token.text == "{") - (token.text == "}"))
            if depth == 0:
                return

    def _rest(self) -> str:
        begin = self.reader.place
        while not self.reader.done:
            self.reader.next()
        return self.reader.spaced(begin, self.reader.place)

    # SELECT

    def _select(self, closing: str | None) -> Select:
        reader = self.reader
        begin = reader.place
        reader.need("SELECT")
        distinct = reader.word() in {"DISTINCT", "REDUCED"}
        if distinct:
            reader.next()
        everything, plain, computed, aggregated = self._projection()
        clauses = reader.place
        while not reader.sees("{"):  # FROM, WHERE
            reader.next()
        head = reader.spaced(begin, clauses)
        rest = reader.spaced(clauses, reader.place)
        group = self._group()
        names = frozenset(plain) | frozenset(computed)
        if everything:
            names = frozenset(plain := sorted(scope_of(group.elements).possible - self.triples.invented))
            if not plain:
                raise NotUnderstoodError("SELECT * without variables")
            head = f"SELECT {'DISTINCT ' if 'DISTINCT' in head.upper() else ''}{' '.join(plain)} "
        modifiers = self._modifiers(closing)
        group_by = modifiers.group_by if modifiers.group_by is not None else (NONE if aggregated else None)
        return Select(
            head=head + rest,
            names=names,
            plain=frozenset(plain),
            group=group,
            tail=modifiers.text,
            group_by=group_by,
            sliced=modifiers.sliced,
            limit=modifiers.limit,
            offset=modifiers.offset,
            order=modifiers.order,
            distinct=distinct,
            values=modifiers.values,
        )

    def _projection(self) -> tuple[bool, list[str], list[str], bool]:
        reader, plain, computed, aggregated = self.reader, [], [], False
        if reader.take("*"):
            return True, [], [], False
        while True:
            if reader.done:
                raise NotUnderstoodError("no WHERE")
            if reader.token.kind == "variable":
                plain.append(_name(reader.next().text))
            elif reader.sees("("):
                begin = reader.place
                name, _ = self._as()
                computed.append(name)
                aggregated = aggregated or _aggregates(self.reader.all[begin : reader.place])
            else:
                return False, plain, computed, aggregated

    def _as(self) -> tuple[str, Expression]:
        """``( expression AS ?name )``."""
        self.reader.need("(")
        found = self._until(lambda: self.reader.word() == "AS")
        self.reader.need("AS")
        name = _name(self.reader.next().text)
        self.reader.need(")")
        return name, found

    def _modifiers(self, closing: str | None) -> _Modifiers:
        reader, found = self.reader, _Modifiers()
        begin = reader.place
        while not reader.done and not (closing and reader.sees(closing)):
            if reader.take("LIMIT"):
                found.sliced, found.limit = True, int(reader.next().text)
            elif reader.take("OFFSET"):
                found.sliced, found.offset = True, int(reader.next().text)
            elif reader.take("GROUP", "BY"):
                found.group_by = self._group_by()
            elif reader.take("ORDER", "BY"):
                found.order = self._order_by()
            elif reader.take("HAVING"):
                self._past_conditions()
            elif reader.word() == "VALUES":
                found.text = reader.spaced(begin, reader.place)
                begin, found.values = reader.place, self._values()
                found.text += found.values.text
                begin = reader.place
            else:
                raise NotUnderstoodError(f"{reader.token.text} among the modifiers")
        found.text += reader.spaced(begin, reader.place)
        return found

    def _group_by(self) -> Names:
        names = []
        while not self.reader.done and self.reader.word() not in _MODIFIERS and not self.reader.sees("}"):
            if self.reader.token.kind == "variable":
                names.append(_name(self.reader.next().text))
            else:
                self._condition()
        return frozenset(names)

    def _order_by(self) -> tuple[tuple[str, bool], ...] | None:
        """The plain variables with whether each descends; None if anything is computed."""
        found: list[tuple[str, bool]] | None = []
        while not self.reader.done and self.reader.word() not in _MODIFIERS and not self.reader.sees("}"):
            word = self.reader.word()
            if word in {"ASC", "DESC"}:
                self.reader.next()
            if self.reader.take("("):
                inside = self._until(lambda: self.reader.sees(")"))
                self.reader.need(")")
                key = str(inside.parts[0]).strip() if len(inside.parts) == 1 else ""
            elif self.reader.token.kind == "variable":
                key = _name(self.reader.next().text)
            else:
                self._condition()
                key = ""
            simple = is_variable(key) and key[1:].isidentifier()
            found = [*found, (key, word == "DESC")] if found is not None and simple else None
        return tuple(found) if found is not None else None

    def _past_conditions(self) -> None:
        while not self.reader.done and self.reader.word() not in _MODIFIERS and not self.reader.sees("}"):
            self._condition()

    # Groups

    def _group(self) -> Group:
        reader = self.reader
        reader.need("{")
        if reader.word() == "SELECT":
            found = self._select("}")
            reader.need("}")
            return Group((found,))
        elements: list[Element] = []
        while not reader.take("}"):
            if reader.take("."):
                continue
            elements.extend(self._elements())
        return Group(tuple(elements))

    def _elements(self) -> list[Element]:
        reader = self.reader
        word = reader.word()
        if reader.sees("{"):
            groups = [self._group()]
            while reader.take("UNION"):
                groups.append(self._group())
            return [Union(tuple(groups))]
        if word == "VALUES":
            return [self._values()]
        if word not in {"OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND"}:
            if word and word not in {"A", "TRUE", "FALSE"}:
                raise NotUnderstoodError(word)
            return list(self.triples.read())
        reader.next()
        if word == "OPTIONAL":
            return [Optional(self._group())]
        if word == "MINUS":
            return [Minus(self._group())]
        if word == "GRAPH":
            return [Graph(self.triples.term(), self._group())]
        if word == "FILTER":
            return [Filter(self._condition())]
        name, expression = self._as()
        return [Bind(expression, name)]

    def _values(self) -> Values:
        reader, begin = self.reader, self.reader.place
        reader.need("VALUES")
        names: list[str] = []
        tuples = reader.take("(")
        while reader.token.kind == "variable":
            names.append(_name(reader.next().text))
        if tuples:
            reader.need(")")
        reader.need("{")
        rows, undefined, terms = 0, False, reader.place
        while not reader.sees("}"):
            undefined = undefined or reader.word() == "UNDEF"
            if not tuples or reader.sees("("):
                rows += 1
            reader.next()
        # A literal with a type is several tokens; one row of one variable is whole.
        term = reader.spaced(terms, reader.place).strip() if rows == 1 and len(names) == 1 and not tuples else ""
        reader.need("}")
        text, certain = reader.spaced(begin, reader.place), NONE if undefined else frozenset(names)
        return Values(text, frozenset(names), certain, rows, term)

    # Expressions

    def _condition(self) -> Expression:
        """A constraint: brackets, a call, or EXISTS."""
        if self.reader.sees("("):
            self.reader.next()
            found = self._until(lambda: self.reader.sees(")"))
            self.reader.need(")")
            return Expression(("(", *found.parts, ")"), found.names)
        if self.reader.word() in {"EXISTS", "NOT"}:
            exists = self._exists()
            return Expression((exists,), mentioned_in(exists.group))
        name = self.reader.next().text
        self.reader.need("(")
        found = self._until(lambda: self.reader.sees(")"))
        self.reader.need(")")
        return Expression((f"{name}(", *found.parts, ")"), found.names)

    def _exists(self) -> Exists:
        negated = self.reader.take("NOT")
        self.reader.need("EXISTS")
        return Exists(negated, self._group())

    def _until(self, ends: _Test) -> Expression:
        """The expression up to where ``ends`` holds outside brackets."""
        reader = self.reader
        parts: list[str | Exists] = []
        names: set[str] = set()
        depth, begin = 0, reader.place
        while depth or not ends():
            word = reader.word()
            if word == "EXISTS" or (word == "NOT" and self._exists_follows()):
                parts.append(reader.spaced(begin, reader.place))
                exists = self._exists()
                parts.append(exists)
                names |= mentioned_in(exists.group)
                begin = reader.place
                continue
            token = reader.next()
            if token.kind == "variable":
                names.add(_name(token.text))
            if token.kind == "mark":
                depth += (token.text == "(") - (token.text == ")")
                if token.text in "{}" or depth < 0:
                    raise NotUnderstoodError("braces in an expression")
        parts.append(reader.spaced(begin, reader.place))
        return Expression(tuple(part for part in parts if part != ""), frozenset(names))

    def _exists_follows(self) -> bool:
        taken = self.reader.take("NOT", "EXISTS")
        if taken:
            self.reader.back(2)
        return taken


class _Modifiers:
    """What stands behind a SELECT's pattern."""

    def __init__(self) -> None:
        self.text = ""
        self.sliced = False
        self.limit: int | None = None
        self.offset = 0
        self.group_by: Names | None = None
        self.order: tuple[tuple[str, bool], ...] | None = ()
        self.values: Values | None = None


def _name(text: str) -> str:
    """A variable with a question mark, however it was written."""
    return "?" + text[1:]


def _aggregates(found: Sequence[Token]) -> bool:
    return any(token.word in _AGGREGATES for token in found)
