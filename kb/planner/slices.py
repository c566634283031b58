"""The first rows of an order, found before what is only shown with them is looked up.

``{ required OPTIONAL { … } } ORDER BY DESC(?n) … LIMIT k``: no OPTIONAL takes a row away, so the k rows have a ``?n``
of at least the k-th largest among those of the required part alone. Finding that needs one sort by one column; all
other rows can then be left out. A comparison that fails (of a number with a string, say) leaves the row in.
"""

from __future__ import annotations

from dataclasses import replace

from kb.planner.algebra import Bind, Element, Expression, Filter, Fresh, Group, Optional, Select, scope_of

_MOST = 10_000
"""The longest slice that is worth it."""


def shortened(select: Select, fresh: Fresh) -> Select:
    """The SELECT with the rows left out that cannot be among the first; as it is if there is nothing to gain."""
    if select.limit is None or not select.order or select.limit + select.offset > _MOST:
        return select
    if select.distinct or select.group_by is not None or select.values is not None:
        return select
    key, descending = select.order[0]
    required, rest = _required(select.group)
    if not rest and len(select.order) == 1:
        return select
    if key not in scope_of(required).certain or key in {step.name for step in rest if isinstance(step, Bind)}:
        return select
    bound = _bound(select, key, descending, required, fresh)
    least = next(iter(bound.names))
    kept = f"COALESCE({key} {'>=' if descending else '<='} {least}, true)"
    condition = Filter(Expression(("(", kept, ")"), frozenset([key, least])))
    return replace(select, group=Group((bound, *required, condition, *rest)))


def _required(group: Group) -> tuple[list[Element], list[Element]]:
    """What takes rows away, and what only adds columns; all filters count to the first."""
    place = len(group.elements)
    while place and isinstance(group.elements[place - 1], Optional | Bind | Filter):
        place -= 1
    required, rest = list(group.elements[:place]), list(group.elements[place:])
    certain = scope_of(required).certain
    for element in [element for element in rest if isinstance(element, Filter)]:
        if not element.expression.names <= certain:
            return list(group.elements), []
        rest.remove(element)
        required.append(element)
    return required, rest


def _bound(select: Select, key: str, descending: bool, required: list[Element], fresh: Fresh) -> Select:
    """The smallest (or largest) value of the key among the first rows."""
    least = fresh.name()
    order = f"DESC({key})" if descending else key
    inner = Select(
        head=f"SELECT {key} WHERE ",
        names=frozenset([key]),
        plain=frozenset([key]),
        group=Group(tuple(required)),
        tail=f"ORDER BY {order} LIMIT {(select.limit or 0) + select.offset}",
        group_by=None,
        sliced=True,
        limit=(select.limit or 0) + select.offset,
        offset=0,
        order=None,
        distinct=False,
    )
    return Select(
        head=f"SELECT ({'MIN' if descending else 'MAX'}({key}) AS {least}) WHERE ",
        names=frozenset([least]),
        plain=frozenset(),
        group=Group((inner,)),
        tail="",
        group_by=frozenset(),
        sliced=False,
        limit=None,
        offset=0,
        order=None,
        distinct=False,
    )
