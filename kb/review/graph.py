"""Decisions in the curation graph: PROV activities, written once, read back as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from pyoxigraph import Literal, NamedNode

from kb.rdf import terms
from kb.review.decisions import Act, Decision, in_order
from kb.slugs import slug
from kb.store import Store

GRAPH = "graph/curation"
_PROV = "http://www.w3.org/ns/prov#"
_KINDS = {act: terms.kb(terms.pascal(act.value)) for act in Act}
_ACTS = {iri: act for act, iri in _KINDS.items()}


def recorded(store: Store) -> list[Decision]:
    """All decisions of a store, in order."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in store.quads(graph=NamedNode(store.iri(GRAPH))):
        subject, about = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(about, NamedNode | Literal):
            values[subject.value][quad.predicate.value].append(about.value)
    decision = terms.kb("ReviewDecision")
    return in_order(_read(found) for found in values.values() if decision in found.get(terms.RDF_TYPE, ()))


def _read(found: dict[str, list[str]]) -> Decision:
    def first(name: str) -> str | None:
        return found[name][0] if name in found else None

    return Decision(
        number=int(first(terms.kb("number")) or 0),
        act=_ACTS[first(terms.kb("act")) or ""],
        targets=tuple(sorted(found[terms.kb("decides")])),
        by=first(terms.kb("decidedBy")) or "",
        at=datetime.fromisoformat(first(f"{_PROV}endedAtTime") or ""),
        reason=first(terms.kb("decisionReason")) or "",
        field=first(terms.kb("decidedField")),
        value=first(terms.kb("decidedValue")),
        into=first(terms.kb("decidedInto")),
        claims=tuple(sorted(found.get(terms.kb("decidedClaim"), ()))),
    )


def append(store: Store, decisions: Iterable[Decision]) -> None:
    """Adds decisions to the curation graph, all or none."""
    graph = store.iri(GRAPH)
    lines = [
        f"<{subject}> <{predicate}> {about} <{graph}> .\n"
        for decision in decisions
        for subject, predicate, about in facts(decision, store.base)
    ]
    store.add_graph(graph, "".join(lines).encode())
    store.flush()


def facts(decision: Decision, base: str) -> Iterator[tuple[str, str, str]]:
    """The triples of a decision and of who took it."""
    subject = decision.iri(base)
    agent = f"{base}reviewer/{slug(decision.by)}"
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("ReviewDecision"))
    yield subject, terms.RDF_TYPE, terms.node(f"{_PROV}Activity")
    yield subject, terms.kb("number"), terms.INTEGER.write(decision.number)
    yield subject, terms.kb("act"), terms.node(_KINDS[decision.act])
    yield subject, f"{_PROV}wasAssociatedWith", terms.node(agent)
    yield subject, terms.kb("decidedBy"), terms.text(decision.by)
    yield subject, f"{_PROV}endedAtTime", terms.MOMENT.write(decision.at)
    if decision.reason:
        yield subject, terms.kb("decisionReason"), terms.text(decision.reason)
    for target in decision.targets:
        yield subject, terms.kb("decides"), terms.node(target)
    if decision.field is not None:
        yield subject, terms.kb("decidedField"), terms.text(decision.field)
    if decision.value is not None:
        yield subject, terms.kb("decidedValue"), terms.text(decision.value)
    if decision.into is not None:
        yield subject, terms.kb("decidedInto"), terms.node(decision.into)
    for claim in decision.claims:
        yield subject, terms.kb("decidedClaim"), terms.node(claim)
    yield agent, terms.RDF_TYPE, terms.node(f"{_PROV}Agent")
    yield agent, terms.RDFS_LABEL, terms.label(slug(decision.by).replace("-", " "))


def changed(store: Store) -> int:
    """How many triples the curation graph holds: append-only, so that another number means other decisions."""
    return sum(1 for _ in store.quads(graph=NamedNode(store.iri(GRAPH))))
