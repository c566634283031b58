"""Pieces of a planned pattern: their text, what they bind, what they are thought to give and to cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kb.planner.algebra import NONE, Names, Scope
from kb.planner.cost import CERTAIN, HASH, RISK


@dataclass(frozen=True)
class Part:
    """A pattern as the body of a group.

    ``top`` are filters that have to stand at the end of the group that holds it, because they look at variables from
    outside; ``filtered`` is whether a FILTER stands in the text outside braces, which would reach what comes after it;
    ``single`` whether it is one triple; ``apart`` whether it is subqueries side by side, which the engine joins by hash
    tables (it looks each row up in patterns only).
    """

    text: str = ""
    scope: Scope = field(default_factory=Scope)
    rows: float = 1.0
    cost: float = 0.0
    filtered: bool = False
    top: tuple[str, ...] = ()
    single: bool = False
    apart: bool = False

    @property
    def whole(self) -> str:
        """The text with the filters of its top."""
        return " ".join([self.text, *self.top])

    @property
    def closed(self) -> str:
        """The text, in braces if something that follows would change its meaning."""
        return f"{{ {self.text} }}" if self.filtered else self.text

    def then(self, text: str) -> Part:
        """With something behind it that changes neither what it binds nor how many rows there are."""
        return replace(self, text=f"{self.closed} {text}".strip(), filtered=False, single=False, apart=False)

    def selected(self) -> str:
        """As a subquery, which the engine answers on its own and does not take apart."""
        return f"{{ SELECT {' '.join(sorted(self.scope.possible))} WHERE {{ {self.text} }} }}"

    def filter(self, text: str, share: float, cost: float = 0.0) -> Part:
        """The rows that a condition keeps."""
        return replace(
            self,
            text=f"{self.text} {text}".strip(),
            rows=self.rows * share,
            cost=self.cost + self.rows * cost,
            filtered=True,
            single=False,
            apart=False,
        )


@dataclass(frozen=True)
class Context:
    """What surrounds a group.

    ``bound`` has a value in each row that the group is looked up for; ``external`` may have one, so that a filter that
    looks at it stays at the top; ``loops`` is whether only searches for each row make sense.
    """

    bound: Names = NONE
    external: Names = NONE
    loops: bool = False


def loop(left: Part, right: Part) -> Part:
    """For each row of ``left``, those of ``right`` (whose rows and costs are those for one)."""
    if not left.text:
        return right
    return Part(
        text=f"{left.closed} LATERAL {{ {right.text} }}",
        scope=left.scope | right.scope,
        rows=left.rows * right.rows,
        cost=left.cost + left.rows * right.cost * (RISK if left.rows > CERTAIN else 1),
        top=left.top,
    )


def hashed(left: Part, right: Part, rows: float) -> Part:
    """Both answered on their own, then joined by what they share."""
    return Part(
        text=f"{left.text if left.apart else left.selected()} {right.selected()}",
        scope=left.scope | right.scope,
        rows=rows,
        cost=left.cost + right.cost + (left.rows + right.rows + rows) * HASH,
        top=left.top,
        apart=True,
    )


def beside(left: Part, right: Part) -> Part:
    """Joined as the engine sees fit."""
    if not left.text:
        return right
    return Part(
        text=f"{{ {left.text} }} {{ {right.text} }}",
        scope=left.scope | right.scope,
        rows=left.rows * right.rows,
        cost=left.cost + right.cost + left.rows * right.rows * HASH,
        top=left.top,
    )


def components(names: Sequence[Names]) -> list[list[int]]:
    """The places of those that hang together by variables, in the order of their first."""
    found: list[tuple[set[int], set[str]]] = []
    for place, each in enumerate(names):
        places, reach = {place}, set(each)
        rest = []
        for other, reached in found:
            if reached & reach:
                places |= other
                reach |= reached
            else:
                rest.append((other, reached))
        found = [*rest, (places, reach)]
    return sorted(sorted(places) for places, _ in found)
