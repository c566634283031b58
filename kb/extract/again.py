"""Forces told of again without a noun: "another 600 are expected", "they landed in Kabul", "1,000 more go to Qatar"."""

from __future__ import annotations

from kb.extract.forces import Force, force_here
from kb.extract.movement import barred, places_behind, reached
from kb.extract.moves import Deployment, make
from kb.extract.nodes import COUNT, TIME, Node
from kb.extract.voice import auxiliary, clause, is_adverb
from kb.model import Phase

FURTHER = frozenset({"another", "further", "more", "additional", "extra", "others", "other"})
TAKING_UP = frozenset({"they", "these"})
THERE = frozenset({"there", "here"})
MOST = 100_000  # a larger number without a noun is of something else
FEWEST = 10
VERBS = frozenset({"deploy-object", "deploy-subject"})


def again(nodes: list[Node], at: int) -> Deployment | None:
    """A finding whose force was told before; it holds only where one was."""
    if not at or VERBS.isdisjoint(nodes[at].tags.lexes) or nodes[at].has("say") or barred(nodes, at):
        return None
    subject = _subject(nodes, at)
    if subject is None or any(force_here(nodes, i) for i in range(at + 1, min(at + 4, len(nodes)))):
        return None
    passive = auxiliary(nodes, at) is not None
    tag = next(
        nodes[at].tagged("deploy-object" if passive and nodes[at].has("deploy-object") else "deploy-subject"), None
    )
    if tag is None or (passive and tag.lex == "deploy-subject" and not tag.lemma.startswith("be ")):
        return None
    bounds = clause(nodes, at)
    counted = nodes[subject].kind == COUNT
    there = any(node.lower in THERE for node in nodes[at + 1 : at + 4])
    places = places_behind(nodes, at, bounds)
    near = bool(places) and places[0] <= at + 6
    if not (near or there or (counted and (tag.lemma.startswith("be ") or passive))):
        return None
    count = nodes[subject].value.count if counted else None
    force = Force(subject, subject, subject + 1, count, None, ())
    phase = reached(nodes, at, Phase(tag.value), bounds, passive=passive)
    found = make(nodes, "force-again", at, phase, force, None)
    return found._replace(again=True, unit=None, there=there and not near) if found is not None else None


def _subject(nodes: list[Node], at: int) -> int | None:
    """ "they" or a number of no noun right before the verb, over its auxiliaries."""
    index = at - 1
    while index >= 0 and (
        is_adverb(nodes[index]) or nodes[index].has("be", "have", "modal-future", "modal-possible", "mode-plan")
    ):
        index -= 1
    if index < 0 or nodes[index].kind == TIME:
        return None
    if nodes[index].lower in TAKING_UP:
        return index
    if nodes[index].lower in FURTHER and index:
        index -= 1  # "1,000 | more | will go"
        return index if _counts(nodes[index]) else None
    more = _counts(nodes[index]) and not FURTHER.isdisjoint(nodes[index].lower.split())
    return index if more else None


def _counts(node: Node) -> bool:
    if node.kind != COUNT or node.value.kind != "number":
        return False
    size = max(node.value.count.minimum or 0, node.value.count.maximum or 0)
    return FEWEST <= size <= MOST
