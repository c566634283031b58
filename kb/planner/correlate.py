"""When a pattern may be looked up for each row instead of being answered on its own and joined.

SPARQL answers patterns from the inside out: a filter or a BIND in an inner group does not see the variables around it.
Looked up for each row it would. The two are the same where every variable that both sides share is bound by the plain
patterns of the inner group before anything looks at it; for OPTIONAL these are the well-designed patterns (Pérez,
Arenas and Gutierrez, Semantics and Complexity of SPARQL, 2009, section 4).
"""

from __future__ import annotations

from kb.planner.algebra import (
    NONE,
    Bind,
    Element,
    Filter,
    Graph,
    Group,
    Names,
    Optional,
    Scope,
    Select,
    Triple,
    Union,
    Values,
    mentioned_in,
    scope,
    scope_of,
)


def correlated(group: Group, outer: Names, *, condition: bool = False) -> bool:
    """Whether the group means the same for each row that binds some of ``outer``.

    ``condition`` is whether filters at its top see the outer variables anyway, as those of an OPTIONAL do.
    """
    found = Scope()
    # A path of no steps holds for any term, also for one that no triple has: its ends have to be in a triple.
    walked = [each for each in group.elements if isinstance(each, Triple)]
    placed: Names = frozenset().union(*(each.names for each in walked if not each.reflexive))
    if any(each.reflexive and not each.names & outer <= placed for each in walked):
        return False
    for element in group.elements:
        if not _fits(element, outer, found):
            return False
        found |= scope(element)
    if condition:
        return True
    looked_at: Names = NONE
    for element in group.elements:
        if isinstance(element, Filter):
            looked_at |= element.expression.names
    return looked_at & outer <= found.certain


def _fits(element: Element, outer: Names, before: Scope) -> bool:
    match element:
        case Triple() | Filter():
            return True
        case Values(names=names):  # SEP-0006 lets nothing be assigned again
            return not names & outer
        case Bind(expression=expression, name=name):
            return name not in outer and expression.names & outer <= before.certain
        case Optional(group=group):
            return mentioned_in(group) & outer <= before.certain and correlated(group, outer, condition=True)
        case Union(groups=groups):
            return all(correlated(group, outer) for group in groups)
        case Select() as each:
            return _select(each, outer)
        case Graph(term=term, group=group):
            return not (mentioned_in(group) | {term}) & outer
    return False  # MINUS: what it takes away depends on which variables there are


def _select(select: Select, outer: Names) -> bool:
    shared = select.names & outer
    if select.sliced or select.values is not None or not shared <= select.plain:
        return False
    if (mentioned_in(select.group) - shared) & outer:
        return False  # a hidden variable of the same name, which the engine would not keep apart
    if select.group_by is not None and not (shared and shared <= select.group_by):
        return False
    return shared <= scope_of(select.group.elements).certain and correlated(select.group, shared)
