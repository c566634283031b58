"""The parts of a query as far as the planner tells them apart: groups of patterns, with everything else as text.

Terms are their text (``?x``, ``kb:place``, ``"five"@en``). An expression is text too, but for the groups of its EXISTS.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Names = frozenset[str]
"""Variables, each with its question mark."""

NONE: Names = frozenset()


class NotUnderstoodError(Exception):
    """Something that the planner does not know: the query stays as it is."""


def is_variable(term: str) -> bool:
    """Whether a term is a variable."""
    return term.startswith("?")


@dataclass(frozen=True)
class Triple:
    """A pattern; ``path`` is whether the predicate is a property path, ``reflexive`` whether that may have no step."""

    subject: str
    predicate: str
    object: str
    path: bool = False
    reflexive: bool = False

    @property
    def text(self) -> str:
        """As SPARQL."""
        return f"{self.subject} {self.predicate} {self.object} ."

    @property
    def names(self) -> Names:
        """Its variables."""
        ends = (self.subject, self.object) if self.path else (self.subject, self.predicate, self.object)
        return frozenset(filter(is_variable, ends))


@dataclass(frozen=True)
class Exists:
    """EXISTS or NOT EXISTS inside an expression."""

    negated: bool
    group: Group


@dataclass(frozen=True)
class Expression:
    """Text with groups in it; ``names`` are all variables that stand anywhere in it."""

    parts: tuple[str | Exists, ...]
    names: Names


@dataclass(frozen=True)
class Filter:
    """FILTER."""

    expression: Expression


@dataclass(frozen=True)
class Bind:
    """BIND (… AS ?name)."""

    expression: Expression
    name: str


@dataclass(frozen=True)
class Values:
    """VALUES, with the variables that have a value in every row, the number of rows, and the first term of all."""

    text: str
    names: Names
    certain: Names
    rows: int
    term: str = ""


@dataclass(frozen=True)
class Optional:
    """OPTIONAL."""

    group: Group


@dataclass(frozen=True)
class Minus:
    """MINUS."""

    group: Group


@dataclass(frozen=True)
class Union:
    """Groups of which any may hold; a group inside a group is a union of one."""

    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Graph:
    """GRAPH with a term."""

    term: str
    group: Group


@dataclass(frozen=True)
class Select:
    """A SELECT, of a subquery or of the query itself.

    ``head`` is the text from SELECT to WHERE (``*`` written out), ``names`` what it projects, ``plain`` those of them
    that are not computed, ``group_by`` the plain variables of GROUP BY (None where there are no groups), ``tail`` the
    modifiers as text.
    """

    head: str
    names: Names
    plain: Names
    group: Group
    tail: str
    group_by: Names | None
    sliced: bool
    limit: int | None
    offset: int
    order: tuple[tuple[str, bool], ...] | None
    distinct: bool
    values: Values | None = None


Element = Triple | Filter | Bind | Values | Optional | Minus | Union | Graph | Select


@dataclass(frozen=True)
class Group:
    """What stands between braces, in its order."""

    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Scope:
    """The variables that a pattern binds: always, and at most."""

    certain: Names = NONE
    possible: Names = NONE

    def __or__(self, other: Scope) -> Scope:
        return Scope(self.certain | other.certain, self.possible | other.possible)


def scope(element: Element) -> Scope:
    """What an element binds in a join with what stands before it."""
    match element:
        case Triple() as each:
            return Scope(each.names, each.names)
        case Values(names=names, certain=certain):
            return Scope(certain, names)
        case Bind(name=name):
            return Scope(NONE, frozenset([name]))
        case Optional(group=group):
            return Scope(NONE, scope_of(group.elements).possible)
        case Union(groups=groups):
            scopes = [scope_of(group.elements) for group in groups]
            return Scope(frozenset.intersection(*(s.certain for s in scopes)), _all(s.possible for s in scopes))
        case Graph(term=term, group=group):
            inner = scope_of(group.elements)
            named = frozenset([term]) if is_variable(term) else NONE
            return Scope(inner.certain | named, inner.possible | named)
        case Select() as each:
            inner = scope_of(each.group.elements)
            keys = each.plain if each.group_by is None else each.plain & each.group_by
            return Scope(inner.certain & keys, each.names)
    return Scope()


def scope_of(elements: Sequence[Element]) -> Scope:
    """What a sequence of elements binds."""
    found = Scope()
    for element in elements:
        found |= scope(element)
        if isinstance(element, Bind) and "".join(map(str, element.expression.parts)).strip() in found.certain:
            found |= Scope(frozenset([element.name]))  # another name for what is bound
    return found


def mentioned(element: Element) -> Names:
    """Every variable that stands in an element, bound or only looked at, hidden ones too."""
    match element:
        case Filter(expression=expression):
            return expression.names
        case Bind(expression=expression, name=name):
            return expression.names | {name}
        case Optional(group=group) | Minus(group=group):
            return mentioned_in(group)
        case Union(groups=groups):
            return _all(mentioned_in(group) for group in groups)
        case Graph(term=term, group=group):
            return mentioned_in(group) | ({term} if is_variable(term) else NONE)
        case Select() as each:
            return mentioned_in(each.group) | each.names
    return scope(element).possible


def mentioned_in(group: Group) -> Names:
    """Every variable that stands in a group."""
    return _all(mentioned(element) for element in group.elements)


def _all(sets: Iterator[Names]) -> Names:
    return frozenset().union(*sets)


@dataclass
class Fresh:
    """Makes variables that the query does not have."""

    text: str
    made: int = 0
    nodes: dict[str, str] = field(default_factory=dict)

    def name(self) -> str:
        """A new variable."""
        while True:
            self.made += 1
            found = f"?_{self.made}"
            if found not in self.text:
                return found

    def node(self, label: str) -> str:
        """The variable that stands for a blank node of this label."""
        if label not in self.nodes:
            self.nodes[label] = self.name()
        return self.nodes[label]
