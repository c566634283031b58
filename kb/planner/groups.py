"""Planning a group: its parts brought into order, and each joined in the cheaper of two ways.

The engine can search for each row (some 4 µs a row) or answer a part on its own and join by a hash table (some 0.3 µs
a row of either side). It chooses by the form of a pattern and knows nothing of the data; this knows how many triples
there are of each predicate, and says what it wants with LATERAL (SEP-0006) for the first and a subquery for the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.planner import joins
from kb.planner.algebra import (
    NONE,
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Names,
    Optional,
    Scope,
    Select,
    Triple,
    Union,
    Values,
    is_variable,
    mentioned,
    mentioned_in,
    scope,
    scope_of,
)
from kb.planner.correlate import correlated
from kb.planner.cost import HASH, LOOKUP, SELECTIVITY, Counts
from kb.planner.parts import Context, Part, loop
from kb.planner.write import element_text, expression_text

Joinable = Triple | Values | Union | Graph | Select
Step = list[Joinable] | Optional | Bind | Minus


class Planner:
    """Plans the groups of one query."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.constants: dict[str, str] = {}
        self._planned: dict[tuple[Joinable, Context], Part] = {}

    def group(self, group: Group, context: Context) -> Part:
        """A group as it is to be run."""
        elements = list(_spliced(group.elements))
        for each in elements:
            if isinstance(each, Values) and each.term:
                self.constants[next(iter(each.names))] = each.term
        pending = [each.expression for each in elements if isinstance(each, Filter)]
        steps = _steps([each for each in elements if not isinstance(each, Filter)])
        part = Part()
        for place, step in enumerate(steps):
            later = _possible(steps[place + 1 :])
            if isinstance(step, list):
                part = joins.join(self, part, step, pending, later, context)
            elif isinstance(step, Optional):
                part = self._optional(part, step.group, context)
            elif isinstance(step, Bind):
                text = f"BIND({expression_text(step.expression, self._inside(part, context))} AS {step.name})"
                part = replace(part.then(text), scope=part.scope | scope(step))
            else:
                inner = self.group(step.group, Context(loops=context.loops))
                part = part.then(f"MINUS {{ {inner.whole} }}")
            part = self.filtered(part, pending, later, context)
        return replace(part, top=tuple(self._filter(part, each, context) for each in pending))

    # Filters

    def filtered(self, part: Part, pending: list[Expression], later: Names, context: Context) -> Part:
        """The part with each pending filter that nothing to come can change; they are taken off the list."""
        for each in [each for each in pending if settled(each, part.scope, later, context)]:
            pending.remove(each)
            part = self._apply(part, each, context)
        return part

    def _apply(self, part: Part, condition: Expression, context: Context) -> Part:
        exists = _only_exists(condition)
        if exists is None:
            return part.filter(self._filter(part, condition, context), share(condition))
        each = self.group(exists.group, _within(part, context))
        found = part.filter(self._filter(part, condition, context), 0.5, LOOKUP + each.cost)
        if context.loops or not _joinable(exists.group, part.scope):
            return found
        inner = self.group(exists.group, Context())
        keys = " ".join(sorted(inner.scope.certain & part.scope.certain))
        cost = part.cost + inner.cost + (part.rows + inner.rows) * HASH
        if inner.top or cost >= found.cost:
            return found
        if exists.negated:
            joined = part.then(f"MINUS {{ SELECT {keys} WHERE {{ {inner.text} }} }}")
        else:
            text = f"{part.selected()} {{ SELECT DISTINCT {keys} WHERE {{ {inner.text} }} }}"
            joined = replace(part, text=text, filtered=False, single=False, apart=True)
        return replace(joined, rows=part.rows * 0.5, cost=cost)

    def _filter(self, part: Part, condition: Expression, context: Context) -> str:
        text = expression_text(condition, self._inside(part, context))
        return f"FILTER {text}"

    def _inside(self, part: Part, context: Context) -> joins.Inner:
        return lambda group: self.group(group, _within(part, context)).whole

    # OPTIONAL

    def _optional(self, part: Part, group: Group, context: Context) -> Part:
        outer = part.scope.possible | context.external
        inner = scope_of(group.elements)
        found = part.scope | Scope(NONE, inner.possible)
        once = self.group(group, Context(external=outer, loops=context.loops))
        plain = Part(
            text=f"{part.closed} OPTIONAL {{ {once.whole} }}",
            scope=found,
            rows=max(part.rows, 1),
            cost=part.cost + part.rows * LOOKUP,
            top=part.top,
        )
        if not part.text and not context.bound:
            return plain
        choices = []
        if correlated(group, outer, condition=True):
            each = self.group(group, Context(part.scope.certain | context.bound, outer, loops=True))
            rows = part.rows * max(1.0, each.rows)
            text = f"OPTIONAL {{ {each.whole} }}"
            text = text if each.single and not each.top else f"LATERAL {{ {text} }}"
            cost = loop(part, each).cost if part.text else each.cost
            choices.append(Part(f"{part.closed} {text}", found, rows, cost, top=part.top))
        shared = inner.possible & outer
        if not context.loops and shared and shared <= inner.certain and shared <= part.scope.certain and once.text:
            text = " ".join([once.selected(), *once.top])
            cost = part.cost + once.cost + (part.rows + once.rows) * HASH
            choices.append(Part(f"{part.closed} OPTIONAL {{ {text} }}", found, part.rows, cost, top=part.top))
        if not choices:
            return plain
        return min(choices, key=lambda each: each.cost)

    # What is joined as a whole

    def element(self, element: Joinable, context: Context) -> Part:
        """A part that is no triple, for one row of its context."""
        names = mentioned(element)
        seen = Context(context.bound & names, context.external & names, context.loops)
        if (element, seen) not in self._planned:
            self._planned[element, seen] = self._element(element, seen)
        return self._planned[element, seen]

    def _element(self, element: Joinable, context: Context) -> Part:
        found = scope(element)
        match element:
            case Values(text=text, rows=rows):
                return Part(text, found, float(max(rows, 1)), rows * HASH)
            case Union(groups=groups):
                parts = [self.group(group, context) for group in groups]
                text = " UNION ".join(f"{{ {part.whole} }}" for part in parts)
                return Part(text, found, sum(p.rows for p in parts), sum(p.cost for p in parts))
            case Select() as select:
                inside = Context(context.bound & select.names, context.external & select.names, context.loops)
                part = self.group(select.group, inside)
                fewer = part.rows if select.group_by is None else part.rows / 2
                fewer = fewer if select.limit is None else min(fewer, select.limit)
                return Part(select_text(select, part), found, max(1.0, fewer), part.cost + part.rows * HASH)
            case Graph(term=term, group=group) if not is_variable(term):
                part = self.group(group, context)
                return Part(f"GRAPH {term} {{ {part.whole} }}", found, part.rows, part.cost)
        return Part(element_text(element), found, 1000.0, 1000.0)


def select_text(select: Select, part: Part) -> str:
    """A subquery with its pattern planned."""
    return f"{{ {select.head}{{ {part.whole} }} {select.tail} }}"


def settled(condition: Expression, scope: Scope, later: Names, context: Context) -> bool:
    """Whether no variable of the condition can still get a value from elsewhere."""
    return condition.names - scope.certain <= frozenset(condition.names - later - context.external)


def share(condition: Expression) -> float:
    """The share of rows that a filter is thought to keep."""
    text = "".join(part for part in condition.parts if isinstance(part, str)).upper()
    if "COALESCE" in text and "TRUE" in text:  # the first rows of an order, see slices.py
        return 0.02
    if any(word in text for word in ("CONTAINS", "REGEX", "STRSTARTS", "STRENDS")):
        return 0.05
    return 0.1 if "=" in text and not any(mark in text for mark in ("!=", "<=", ">=", "||")) else SELECTIVITY


def _within(part: Part, context: Context) -> Context:
    """What surrounds the group of an EXISTS."""
    return Context(
        part.scope.certain | context.bound, part.scope.possible | context.external | context.bound, loops=True
    )


def _only_exists(condition: Expression) -> Exists | None:
    parts = [part for part in condition.parts if not (isinstance(part, str) and part.strip() in {"", "(", ")"})]
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Exists) else None


def _joinable(group: Group, outer: Scope) -> bool:
    """Whether EXISTS of the group is a join by variables that are always bound on both sides."""
    inner = scope_of(group.elements)
    shared = mentioned_in(group) & outer.possible
    return bool(shared) and shared <= inner.certain & outer.certain and correlated(group, outer.possible)


# The order of the parts of a group


def _spliced(elements: Sequence[Element]) -> Iterator[Element]:
    """Groups in braces that mean the same without them, taken apart."""
    for element in elements:
        if isinstance(element, Union) and len(element.groups) == 1:
            inner = list(_spliced(element.groups[0].elements))
            certain = scope_of(inner).certain
            if all(
                isinstance(each, Triple | Values | Union | Select | Graph)
                or (isinstance(each, Filter) and each.expression.names <= certain)
                for each in inner
            ):
                yield from inner
                continue
        yield element


def _steps(elements: Sequence[Element]) -> list[Step]:
    """What is joined moved in front of each OPTIONAL, BIND and MINUS that it has nothing to do with."""
    steps: list[Step] = []
    for element in elements:
        if isinstance(element, Optional | Bind | Minus):
            steps.append(element)
        elif not isinstance(element, Filter):
            place = len(steps)
            while place and _passes(element, steps, place - 1):
                place -= 1
            target = steps[place - 1] if place else None
            if isinstance(target, list):
                target.append(element)
            elif place < len(steps) and isinstance(found := steps[place], list):
                found.append(element)
            else:
                steps.insert(place, [element])
    return steps


def _passes(element: Joinable, steps: Sequence[Step], place: int) -> bool:
    """Whether the element may be joined before the step at ``place``."""
    step = steps[place]
    if isinstance(step, list):
        # Only worth it to come to an OPTIONAL before these, if that can be passed too.
        return place > 0 and _passes(element, steps, place - 1)
    names = mentioned(element)
    before = _scope(steps[:place]).certain
    if isinstance(step, Bind):
        return step.name not in names and step.expression.names & names <= before
    return mentioned(step) & names <= before


def _scope(steps: Sequence[Step]) -> Scope:
    return scope_of([element for step in steps for element in (step if isinstance(step, list) else [step])])


def _possible(steps: Sequence[Step]) -> Names:
    return _scope(steps).possible
