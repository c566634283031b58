"""Named queries asked of the sample, and their rows as tests compare them."""

from __future__ import annotations

from typing import Any

from pyoxigraph import QuerySolutions

from kb.queries import Answer, run
from kb.store import Store
from tests import sample
from tests.sample import claim_iri

NAMES = {claim_iri(claim): name for name, claim in vars(sample).items() if hasattr(claim, "quote")}


def rows(answer: Answer) -> list[dict[str, Any]]:
    """Rows as people see them; what is not bound is left out."""
    assert isinstance(answer.results, QuerySolutions)
    columns = [variable.value for variable in answer.results.variables]
    assert columns == list(answer.query.columns)
    return [{name: row[name].value for name in columns if row[name] is not None} for row in answer.results]


def ask(store: Store, name: str, **given: str) -> list[dict[str, Any]]:
    return rows(run(store, name, given))


def claims(found: list[dict[str, Any]]) -> list[str]:
    """Which claims the rows are, by their names in the sample, in order."""
    return [NAMES[row["claim"]] for row in found]
