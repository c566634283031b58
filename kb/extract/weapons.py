"""Events told by their weapon: "a shell hit a bakery", "a grenade was thrown at the house"."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract.entities import ACTOR, DEMONYM, PLACE
from kb.extract.lexicon import load
from kb.extract.nodes import COUNT, Node
from kb.extract.participants import Event, after, objects, phrases_left
from kb.extract.phrases import GROUP
from kb.extract.seek import oblique
from kb.extract.voice import auxiliary, clause, is_adverb

KIND_OF: dict[str, str] = {word: kind for kind, words in load("scenes")["weapon-events"].items() for word in words}
NEAR = 6  # nodes between a weapon and its verb


def strikes(nodes: list[Node]) -> Iterator[Event]:
    """The events of one sentence whose subject is a weapon, left to right."""
    for at, node in enumerate(nodes):
        tag = next(node.tagged("weapon"), None) if node.tags else None
        kind = KIND_OF.get(tag.lemma) if tag is not None else None
        if kind is None:
            continue
        suffered = _suffered(nodes, at)
        if suffered is not None:
            bounds = clause(nodes, suffered)
            targets = phrases_left(nodes, suffered, bounds, things=True)
            yield Event(kind, "struck-by-weapon", suffered, _owner(nodes, at), targets, (at,), 0.7)
            continue
        if oblique(nodes, at) and not _clause_opens(nodes, at):
            continue
        fired = _fired(nodes, at)
        if fired is not None:
            bounds = clause(nodes, fired)
            targets = after(nodes, at, ("at", "into", "on", "towards", "against"), bounds, within=4, things=True)
            targets = targets or _place_behind(nodes, at, bounds[1])
            if targets:
                yield Event(kind, "weapon-fired", fired, phrases_left(nodes, fired, bounds), targets, (at,), 0.7)
                continue
        verb = _verb(nodes, at)
        if verb is not None:
            bounds = clause(nodes, verb)
            struck = objects(nodes, verb, bounds) if nodes[verb].has("strike") else ()
            thrown = after(nodes, verb, ("at", "into", "on", "against", "outside"), bounds, within=4, things=True)
            yield Event(kind, "weapon", verb, _owner(nodes, at), struck or thrown, (at,), 0.7)


def _fired(nodes: list[Node], at: int) -> int | None:
    """The verb that fires the weapon, before its number and make: "fired | 15 ballistic | missiles"."""
    for index in range(at - 1, max(-1, at - NEAR), -1):
        node = nodes[index]
        if node.has("throw"):
            return index if auxiliary(nodes, index) is None else None
        if not (
            node.kind in (COUNT, DEMONYM)
            or node.has("modifiers", "determiner")
            or not node.tags
            or node.lower in ("of", "-")
        ):
            return None
    return None


def _place_behind(nodes: list[Node], at: int, last: int) -> tuple[int, ...]:
    """ "rockets at | Haifa"."""
    for index in range(at + 1, min(at + 6, last)):
        if nodes[index].kind == PLACE:
            back = index - 1
            while back > at + 1 and (nodes[back].has("determiner") or not nodes[back].tags):
                back -= 1  # "at | the al - | Asad base"
            return (index,) if nodes[back].lower in ("at", "into", "on", "towards") else ()
    return ()


def _suffered(nodes: list[Node], at: int) -> int | None:
    """ "was pounded with | tank | shells", "were hit by | artillery": the verb in the passive before the weapon."""
    index = at - 1
    while index > 0 and at - index < NEAR and (nodes[index].kind in (COUNT, DEMONYM, ACTOR) or not nodes[index].tags):
        index -= 1
    while index > 0 and nodes[index].has("modifiers", "determiner", "weapon", "equipment") and at - index < NEAR:
        index -= 1
    if index < 1 or nodes[index].lower not in ("by", "with") or not nodes[index - 1].has("strike"):
        return None
    return index - 1 if auxiliary(nodes, index - 1) is not None else None


def _clause_opens(nodes: list[Node], at: int) -> bool:
    return nodes[at - 1].lower in ("after", "before", "since", "until")


def _verb(nodes: list[Node], at: int) -> int | None:
    """The verb that the weapon is subject of: "hit", or "was thrown"."""
    for index in range(at + 1, min(at + 1 + NEAR, len(nodes))):
        node = nodes[index]
        if node.has("strike") or (node.has("throw") and auxiliary(nodes, index) is not None):
            return index
        if not (node.has("be", "have") or is_adverb(node)):
            return None
    return None


def _owner(nodes: list[Node], at: int) -> tuple[int, ...]:
    """Whose weapons: "NATO missiles", "Russian shells"."""
    before = nodes[at - 1] if at else None
    owned = before is not None and (before.kind in (ACTOR, GROUP, DEMONYM) or before.kind == PLACE)
    return (at - 1,) if owned else ()
