"""The order in which parts are joined, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from kb.planner.algebra import (
    NONE,
    Expression,
    Graph,
    Group,
    Names,
    Select,
    Triple,
    Union,
    Values,
    is_variable,
    mentioned,
    scope,
)
from kb.planner.correlate import correlated
from kb.planner.cost import LOOKUP, Counts, lookup, matches, most
from kb.planner.parts import Context, Part, beside, components, hashed, loop

Inner = Callable[[Group], str]
Joinable = Triple | Values | Union | Graph | Select

_STARTS = 4
_FEW = 10


class Plans(Protocol):
    """What is needed of the planner."""

    counts: Counts
    constants: dict[str, str]

    def element(self, element: Joinable, context: Context) -> Part:
        """A part that is no triple."""
        ...

    def filtered(self, part: Part, pending: list[Expression], later: Names, context: Context) -> Part:
        """The part with the filters that are settled."""
        ...


def join(
    plans: Plans, part: Part, items: Sequence[Joinable], pending: list[Expression], later: Names, context: Context
) -> Part:
    """``part`` joined with all the items; filters are taken off ``pending`` as soon as nothing can change them."""
    names = [scope(item).possible for item in items]
    reach = part.scope.possible | context.bound
    apart = components(names)
    near = [place for places in apart if any(names[each] & reach for each in places) for place in places]
    groups = [near] * bool(near) + [places for places in apart if not set(places) & set(near)]
    for number, places in enumerate(groups):
        rest = frozenset().union(later, *(names[place] for other in groups[number + 1 :] for place in other))
        chosen = [items[place] for place in places]
        part = _component(_Joining(plans, pending, rest, context), part, chosen)
    return part


class _Joining:
    """One order of a component is tried after the other; filters are put in place in each."""

    def __init__(self, plans: Plans, pending: list[Expression], later: Names, context: Context) -> None:
        self.plans = plans
        self.pending = pending
        self.later = later
        self.context = context

    def from_start(self, part: Part, items: Sequence[Joinable]) -> tuple[Part, list[Expression]]:
        """All items joined to the part, the cheapest next one first; and the filters that are still pending."""
        pending, left = list(self.pending), list(items)
        while True:
            later = frozenset().union(self.later, *(scope(item).possible for item in left))
            part = self.plans.filtered(part, pending, later, self.context) if part.text else part
            if not left:
                return part, pending
            best, chosen = None, 0
            for place, item in enumerate(left):
                if left.index(item) != place:
                    continue
                found = self.joined(part, item, left)
                if found is not None and (best is None or _weight(found) < _weight(best)):
                    best, chosen = found, place
            part = best if best is not None else self.across(part, left[chosen])
            del left[chosen]

    def joined(self, part: Part, item: Joinable, left: Sequence[Joinable]) -> Part | None:
        """The cheapest way to join an item that shares variables; None if it shares none while others do."""
        reach = part.scope.possible | self.context.bound
        names = scope(item).possible
        if names and not names & reach and (part.text or self.context.bound):
            return None if any(scope(each).possible & reach for each in left) else self.across(part, item)
        if not part.text:
            return self._alone(item)
        choices = [found for found in (self._looped(part, item), self._hashed(part, item)) if found is not None]
        return min(choices, key=lambda each: each.cost) if choices else beside(part, self._alone(item))

    def _alone(self, item: Joinable) -> Part:
        if isinstance(item, Triple):
            return self._triple(item, self.context.bound)
        return self.plans.element(item, self.context)

    def _triple(self, item: Triple, bound: Names) -> Part:
        counts, constants = self.plans.counts, self.plans.constants
        # What VALUES binds to one term is counted as if the term stood there.
        known = replace(item, object=constants[item.object]) if item.object in bound & set(constants) else item
        return Part(item.text, scope(item), matches(known, bound, counts), lookup(known, bound, counts), single=True)

    def _looped(self, part: Part, item: Joinable) -> Part | None:
        bound = part.scope.certain | self.context.bound
        if isinstance(item, Triple):
            return self._capped(part, item, loop(part, self._triple(item, bound)))
        outer = part.scope.possible | self.context.external
        if isinstance(item, Values) or not correlated(Group((item,)), outer):
            return None
        return loop(part, self.plans.element(item, Context(bound, outer & mentioned(item), loops=True)))

    def _hashed(self, part: Part, item: Joinable) -> Part | None:
        found = scope(item)
        shared = found.possible & part.scope.possible
        if self.context.loops or not shared or not shared <= found.certain & part.scope.certain:
            return None
        if isinstance(item, Triple):
            right = self._from_end(item) if item.path else self._triple(item, frozenset())
            bound = part.scope.certain | (frozenset([item.object]) if item.path else NONE)
            rows = part.rows * matches(item, bound, self.plans.counts)
            return self._capped(part, item, hashed(part, right, rows)) if right.text else None
        right = self.plans.element(item, Context())
        return hashed(part, right, max(part.rows, right.rows) if not isinstance(item, Values) else part.rows)

    def _from_end(self, item: Triple) -> Part:
        """A path from its one end to all that leads there; nothing if its end is not one term."""
        term = self.plans.constants.get(item.object, item.object)
        if is_variable(term):
            return Part()
        known = replace(item, object=term)
        rows, cost = matches(known, NONE, self.plans.counts), lookup(known, NONE, self.plans.counts)
        found = Part(item.text, scope(item), rows, cost)
        if term == item.object:
            return found
        return replace(found, text=f"VALUES {item.object} {{ {term} }} LATERAL {{ {item.text} }}")

    def _capped(self, part: Part, item: Triple, found: Part) -> Part:
        known = item.subject in part.scope.certain
        return replace(found, rows=min(found.rows, most(item, self.plans.counts))) if known else found

    def across(self, part: Part, item: Joinable) -> Part:
        alone = self._alone(item)
        if isinstance(item, Triple) and (part.rows <= _FEW or self.context.loops):
            return loop(part, alone)
        return beside(part, alone)


def _weight(part: Part) -> float:
    """Its cost, and a search to come for each of its rows."""
    return part.cost + part.rows * LOOKUP


def _component(joining: _Joining, part: Part, items: list[Joinable]) -> Part:
    names = frozenset().union(*(scope(item).possible for item in items))
    if names & (part.scope.possible | joining.context.bound) or not names:
        part, joining.pending[:] = joining.from_start(part, items)
        return part
    lead = part if part.rows <= _FEW or joining.context.loops else Part()
    if lead is not part:
        joining.later |= part.scope.possible
    tried = []
    for start in _starts(joining, items):
        rest = list(items)
        del rest[start]
        tried.append(joining.from_start(joining.across(lead, items[start]), rest))
    best, joining.pending[:] = min(tried, key=lambda each: each[0].cost)
    return best if lead is part else beside(part, best)


def _starts(joining: _Joining, items: Sequence[Joinable]) -> list[int]:
    """The places of the items with the fewest rows of their own."""
    rows = {place: (joining.joined(Part(), item, []) or Part()).rows for place, item in enumerate(items)}
    return sorted(rows, key=lambda place: rows[place])[:_STARTS]
