"""Contradictions between claims: pairs that cannot both hold, spread over all who gave the same numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.track.comparing import order
from kb.track.statements import CROWD, TROOPS, Number, Statement, Surroundings

_MOST = 20  # claims of one number that are set against another one each; more repeat what the first ones say


class Contradiction(NamedTuple):
    """Two claims that cannot both hold, the earlier one first."""

    earlier: Statement
    later: Statement
    reason: str


def spread(
    found: Iterable[Contradiction], told: Sequence[Statement], void: set[str], around: Surroundings
) -> list[Contradiction]:
    """Each contradiction for all claims of its two numbers, over ``told`` (what is no background, by publication).

    What its own source took back (``void``, claims) contradicts nothing. A larger number that is repeated after a
    smaller one has been given by others is no new contradiction: tolls grow.
    """
    alike: dict[tuple[Number, bool, str | None], list[Statement]] = defaultdict(list)
    for statement in told:
        alike[_kind(statement)].append(statement)
    pairs: dict[tuple[str, str], Contradiction] = {}
    for each in found:
        if each.earlier.denied or each.later.denied:
            pairs.setdefault((each.earlier.claim, each.later.claim), each)
            continue
        grows = each.later.measure not in (TROOPS, CROWD) and not each.earlier.none
        for one in [each.earlier, *alike[_kind(each.earlier)][:_MOST]]:
            for other in [each.later, *alike[_kind(each.later)][:_MOST]]:
                first, last = sorted((one, other), key=order)
                swapped = first is not one and grows
                related = around.related(one.source, other.source)
                if swapped or related or void & {one.claim, other.claim}:
                    continue
                pairs.setdefault((first.claim, last.claim), Contradiction(first, last, each.reason))
    return list(pairs.values())


def _kind(statement: Statement) -> tuple[Number, bool, str | None]:
    return statement.number, statement.denied, statement.phase if statement.measure == TROOPS else None
