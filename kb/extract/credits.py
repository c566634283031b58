"""Sentences that only say where the figure before them comes from: "The number was given by the ministry"."""

from __future__ import annotations

from collections.abc import Sequence

from kb.extract.lexicon import load
from kb.extract.nodes import TIME, Node
from kb.extract.outlets import outlet_noun
from kb.extract.speakers import Run, article, left, right

_WORDS = load("reporting")["credits"]
FIGURES = frozenset(_WORDS["figures"])
GIVEN = frozenset(_WORDS["given"])
GIVING = frozenset(_WORDS["giving"])
LINKS = frozenset({"from", "by", "of", "to"})
SAME = frozenset({"it", "this", "so", "that"})
NEAR = 4  # nodes between the parts of such a sentence


def credited(nodes: Sequence[Node]) -> tuple[Run, ...]:
    """Who is named as the source of the sentence before, if that is what a sentence does; then who passed it on."""
    run = _source(nodes)
    if run is None:
        return ()
    outlets = (right(nodes, at) for at in range(run.last, len(nodes)) if nodes[at].lower == "to")
    relay = next((heard for heard in outlets if heard is not None and outlet_noun(nodes, heard)), None)
    return (run, relay) if relay is not None else (run,)


def _source(nodes: Sequence[Node]) -> Run | None:
    if len(nodes) < NEAR:
        return None
    for at in range(1, len(nodes) - 1):
        if nodes[at + 1].lower in SAME and nodes[at].has("say") and (at + 2 >= len(nodes) or _closed(nodes[at + 2])):
            return left(nodes, at)  # "X announced it to reporters"
    if nodes[0].lower in ("so", "thus") and nodes[1].has("say"):
        return right(nodes, 1)
    for at in range(1, len(nodes)):
        if nodes[at].lower in GIVING and _figure(nodes, at + 1):
            return left(nodes, at)
    figure = next((i for i in range(min(NEAR, len(nodes))) if _figure(nodes, i)), None)
    pointing = nodes[0].lower in ("that", "this", "these", "those", "it")
    if figure is None and not pointing:
        return None
    start = figure if figure is not None else 0
    given = next((i for i in range(start, min(start + NEAR, len(nodes))) if nodes[i].lower in GIVEN), None)
    if given is None:
        return _count_of(nodes) if pointing else None
    link = next((i for i in range(given, min(given + NEAR, len(nodes))) if nodes[i].lower.split()[-1] in LINKS), None)
    return right(nodes, link) if link is not None else None


def _closed(node: Node) -> bool:
    return node.has("preposition") or node.kind == TIME or node.lower in (".", ",", ";")


def _figure(nodes: Sequence[Node], at: int) -> bool:
    """ "the figure", "that toll"."""
    if at + 1 >= len(nodes) or not (article(nodes[at]) or nodes[at].lower in ("that", "this", "these", "those")):
        return False
    return nodes[at + 1].lower in FIGURES or nodes[at + 1].has("toll")


def _count_of(nodes: Sequence[Node]) -> Run | None:
    """ "That is the count of the health ministry"."""
    for at in range(1, min(len(nodes) - 1, 2 * NEAR)):
        if nodes[at].lower in FIGURES and nodes[at + 1].lower in ("of", "by", "from", "given by", "from"):
            return right(nodes, at + 1)
    return None
