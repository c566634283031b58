"""Views over a figure: one number out of many claims, each by a rule that the ontology writes down beside its name.

The rules are the definitions of ``kb:lowest``, ``kb:highest``, ``kb:low``, ``kb:best``, ``kb:high`` and
``kb:conservative`` in ontology/core/figure.ttl. A view is never the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.track.comparing import order
from kb.track.copies import Union
from kb.track.found import Finding, Found
from kb.track.statements import Statement, Surroundings

# How ACLED reads words for numbers.
_ACLED = (("hundreds", 100), ("dozens", 12), ("tens", 10), ("several", 3))


@dataclass(frozen=True)
class Views:
    """The views of one figure; None where no claim gives such a number."""

    lowest: int | None
    highest: int | None
    low: int | None
    best: int | None
    high: int | None
    conservative: int | None
    disputed: bool
    independent: int
    latest: tuple[Statement, ...]


def views(found: Sequence[Found], disputed: bool, around: Surroundings) -> Views:
    """The views of a figure whose claims have been read in order."""
    taken_back = {f.corrects.claim for f in found if f.corrects is not None}
    standing = [
        f for f in found if not f.statement.denied and f.statement.counted and f.statement.claim not in taken_back
    ]
    told = [f.statement for f in standing if not f.background]
    roots = _roots(told, around)
    latest = _latest(told, roots)
    sizes = [size for s in latest for size in (s.low, s.high) if size is not None]
    every = [size for f in standing for size in (f.statement.low, f.statement.high) if size is not None]
    contested = {f.statement.claim for f in found if f.finding is Finding.CONTRADICTS}
    fit = [s for s in latest if s.claim not in contested] or latest
    newest = max(fit, key=lambda s: (order(s)[:2], s.size, s.claim), default=None)
    return Views(
        lowest=min(every, default=None),
        highest=max(every, default=None),
        low=min(sizes, default=None),
        best=newest.size if newest else None,
        high=max(sizes, default=None),
        conservative=min((_acled(s) for s in latest if s.low is not None), default=None),
        disputed=disputed,
        independent=len({roots.find(s.claim) for s in told}),
        latest=tuple(latest),
    )


def _roots(statements: Iterable[Statement], around: Surroundings) -> Union:
    """Claims whose sources are one: by name, by a relay of one number, by copying."""
    roots = Union()
    for s in statements:
        roots.join(s.claim, f"\uffff{s.source}")
        for passed in s.chain:
            roots.join(s.claim, f"\uffff{s.number} {passed}")
        if s.document in around.copies:
            roots.join(s.claim, f"\uffff{s.number} {around.copies[s.document]}")
    return roots


def _latest(statements: Sequence[Statement], roots: Union) -> list[Statement]:
    """The newest claim of each source, in the order of publication."""
    newest: dict[str, Statement] = {}
    for statement in sorted(statements, key=order):
        newest[roots.find(statement.claim)] = statement
    return sorted(newest.values(), key=order)


def _acled(statement: Statement) -> int:
    if statement.high is None:
        wording = statement.count_words.casefold()
        for word, number in _ACLED:
            if word in wording:
                return number
    return statement.low or 0
