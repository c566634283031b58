"""What waits for a person, the most important first.

A claim waits that the extractor marked, or that contradicts another, until someone accepts, rejects or amends it. What
matters more: a contradiction before a doubt, a figure with many claims before one with few, a large number before a
small one.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log10

from pyoxigraph import NamedNode, QuerySolution, QuerySolutions

from kb.model.record import Record
from kb.review import graph
from kb.review.decisions import UNTOUCHED, states
from kb.review.standing import standing
from kb.store import Store

_DOUBTS = """
SELECT ?claim ?why ?quote ?document ?minimum ?maximum ?figure ?label (COUNT(?other) AS ?claims) WHERE {
  ?claim kb:needsReview true ; kb:reviewReason ?why ; kb:quote ?quote ; kb:document ?document .
  OPTIONAL { ?claim kb:minimum ?minimum }
  OPTIONAL { ?claim kb:maximum ?maximum }
  OPTIONAL { ?claim kb:figure ?figure . ?figure rdfs:label ?label . ?other kb:figure ?figure }
} GROUP BY ?claim ?why ?quote ?document ?minimum ?maximum ?figure ?label"""
_CONTRADICTIONS = """
SELECT ?claim ?why ?quote ?document ?minimum ?maximum ?figure ?label (COUNT(?other) AS ?claims) WHERE {
  ?pair a kb:Contradiction ; kb:inFigure ?figure ; kb:laterClaim ?claim ; kb:contradictionReason ?why .
  ?claim kb:quote ?quote ; kb:document ?document .
  OPTIONAL { ?claim kb:minimum ?minimum }
  OPTIONAL { ?claim kb:maximum ?maximum }
  ?figure rdfs:label ?label . ?other kb:figure ?figure
} GROUP BY ?claim ?why ?quote ?document ?minimum ?maximum ?figure ?label"""
_CANDIDATES = """
SELECT ?claim ?why ?figure ?label ?document WHERE {
  ?pair a kb:ResolutionCandidate ; kb:resolves ?claim ; kb:resolvedInto ?figure ; kb:resolutionReason ?why .
  OPTIONAL { ?figure rdfs:label ?label }
  BIND(?figure AS ?document)
}"""
_WEIGHT = {"contradiction": 2.0, "doubt": 1.0, "resolution": 0.5}


class Waiting(Record):
    """One thing that waits: a claim (for a resolution: a node), why, its words, its figure, how much it matters.

    ``state`` is what a decision on it has to name.
    """

    target: str
    kind: str
    why: str
    quote: str | None = None
    document: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    figure: str | None = None
    label: str | None = None
    weight: float = 0.0
    state: str = UNTOUCHED


def queue(store: Store) -> list[Waiting]:
    """Everything that waits, the most important first."""
    decisions = graph.recorded(store)
    known, settled = states(decisions, store.base), standing(decisions, store.base)
    found: dict[str, Waiting] = {}
    for kind, query in (("doubt", _DOUBTS), ("contradiction", _CONTRADICTIONS), ("resolution", _CANDIDATES)):
        for row in _rows(store, query):
            waiting = _waiting(kind, row, known.get(row["claim"].value, UNTOUCHED))
            before = found.get(waiting.target)
            done = settled.settled(waiting.target) or waiting.target in settled.merged
            if not done and (before is None or before.weight < waiting.weight):
                found[waiting.target] = waiting
    return sorted(found.values(), key=lambda each: (-each.weight, each.target))


def _waiting(kind: str, row: QuerySolution, state: str) -> Waiting:
    def value(name: str) -> str | None:
        try:
            term = row[name]
        except KeyError:
            return None
        return None if term is None else str(term.value)

    low, high = value("minimum"), value("maximum")
    size = int(low or high or 0)
    return Waiting(
        target=row["claim"].value,
        kind=kind,
        why=value("why") or "",
        quote=value("quote"),
        document=value("document") if kind != "resolution" else None,
        minimum=int(low) if low else None,
        maximum=int(high) if high else None,
        figure=value("figure"),
        label=value("label"),
        weight=round(_WEIGHT[kind] * (1 + log10(1 + int(value("claims") or 0)) + log10(1 + size)), 3),
        state=state,
    )


def _rows(store: Store, query: str) -> Iterator[QuerySolution]:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - the queries above are SELECTs
    return iter(answer)


def history(store: Store, target: str | None = None) -> list[dict[str, str]]:
    """The decisions of a store (or about one thing, with those that undid them), in order, as plain values: id, act,
    by, at, reason, targets.
    """
    decisions = graph.recorded(store)
    if target:
        about = {NamedNode(target).value}
        kept = []
        for each in decisions:
            if about.intersection((*each.targets, *each.claims, each.into)):
                kept.append(each)
                about.add(each.iri(store.base))
        decisions = kept
    return [
        {
            "id": each.id,
            "act": each.act.value,
            "by": each.by,
            "at": each.at.isoformat(),
            "targets": " ".join(each.targets),
            "field": each.field or "",
            "value": each.value or "",
            "into": each.into or "",
            "reason": each.reason,
        }
        for each in decisions
    ]
