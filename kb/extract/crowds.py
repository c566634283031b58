"""How many people gathered: by what they did, what drew them, estimates, and rival figures for the same crowd."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.entities import DEMONYM
from kb.extract.lexicon import load, word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.phrases import GROUP
from kb.extract.voice import is_adverb
from kb.model import Count, VictimClass

GATHERING = word_set("gathering")
GATHER_VERBS = word_set("gather-verbs")
ESTIMATED = word_set("crowd-nouns")
_WORDS = load("scenes")["crowds"]
SURELY = frozenset(_WORDS["gathered-surely"])
DREW = frozenset(_WORDS["drew"])
OCCASIONS = frozenset(_WORDS["occasions"])
STREETS = frozenset(_WORDS["streets"])
PRESENT = frozenset(_WORDS["present"])
FIGURES = frozenset(_WORDS["figures"])
PUT = frozenset(_WORDS["put"])
MARCHERS = frozenset(_WORDS["marchers"])
ARMED = frozenset(VictimClass(name) for name in ("military", "police", "security-forces", "militants"))
LINKING = frozenset(
    {"at", "of", "to", ":", "was", "were", "is", "reached", "exceeded", "topped", "numbered", "as", "from"}
)
SMALLEST = 10  # people: fewer are no crowd
REACH = 9  # nodes between a size and what makes it one of a crowd


class Crowd(NamedTuple):
    """One finding: the node of the people, their count, and the verb that makes them a crowd."""

    phrase: int
    trigger: int
    count: Count  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    kind: str


def crowds(nodes: list[Node], harmed: frozenset[int], *, told: bool = False) -> list[Crowd]:
    """The crowds of one sentence; people already harmed by a casualty finding are none.

    ``told`` says that a crowd was told of right before, so that "police gave a figure of 8,000" is one of it.
    """
    found: list[Crowd] = []
    for at, node in enumerate(nodes):
        count = _size(node)
        if count is None or at in harmed:
            continue
        near = told or bool(found) or any(_estimate_noun(nodes, index) for index in range(at))
        crowd = _crowd(nodes, at, count, near=near)
        if crowd is not None:
            found.append(crowd)
    return found


def _size(node: Node) -> Count | None:
    if node.kind == GROUP:
        count = node.value.count
    else:
        count = node.value.count if node.kind == COUNT and node.value.kind == "number" else None
    large = count is not None and max(count.minimum or 0, count.maximum or 0) >= SMALLEST
    return count if large else None


def _crowd(nodes: list[Node], at: int, count: Count, *, near: bool) -> Crowd | None:
    node = nodes[at]
    if node.kind == GROUP and node.value.victim_class in ARMED:
        return None
    verb = _gathered(nodes, at) if node.kind == GROUP else _gathered_alone(nodes, at, near=near)
    if verb is not None:
        tags = [tag.value for tag in nodes[verb].tagged("event-verb") if tag.value in GATHERING]
        return Crowd(at, verb, count, tags[0] if tags else "protest")
    noun = _estimated(nodes, at)
    if noun is not None:
        return Crowd(noun, at, count, "protest")
    if _drawn(nodes, at, near=near) or (near and _again(nodes, at)):
        return Crowd(at, at, count, "protest")
    return None


# --- by what they did


def _gathered(nodes: list[Node], at: int) -> int | None:
    """The verb that says what the people did, behind them; protesters need none."""
    protesters = nodes[at].value.victim_class == VictimClass.PROTESTERS
    for index in range(at + 1, min(at + REACH, len(nodes))):
        node = nodes[index]
        if node.has("be", "have") and _there(nodes, index):
            return index
        if any(tag.value in GATHERING for tag in node.tagged("event-verb")) or _gathers(nodes, index):
            return index if protesters or _peaceful(nodes, index) else None
        if node.has("harm-verb", "harm-intransitive", "harm-adjective"):
            return None
        if not _passed(node):
            break
    return at if protesters else None


def _passed(node: Node) -> bool:
    """What may stand between people and what they did."""
    if node.kind == GROUP:
        return node.value.count is None
    return (
        is_adverb(node)
        or node.lower in (",", "who", "that", "to", "from", "of", "in", "and", "the")
        or node.has("have")
        or not node.tags
        or node.kind in ("place", "demonym", "actor", TIME)
    )


def _gathers(nodes: list[Node], at: int) -> bool:
    """ "gathered", "packed", "took part": a verb of gathering; "took" alone is none."""
    word = nodes[at].lower
    if word in ("took", "take", "taking", "taken"):
        return any(node.lower in ("part", "streets", "to the streets") for node in nodes[at + 1 : at + 4])
    return word in GATHER_VERBS or word in SURELY


def _peaceful(nodes: list[Node], at: int) -> bool:
    return _gathers(nodes, at) or any(
        tag.value in ("protest", "riot", "siege", "blockade") for tag in nodes[at].tagged("event-verb")
    )


def _there(nodes: list[Node], at: int) -> bool:
    """ "were | on the streets of", "were at the unsanctioned rally"."""
    place = next((i for i in range(at + 1, min(at + 4, len(nodes))) if nodes[i].lower in ("on", "in", "at")), None)
    if place is None:
        return False
    return any(node.lower in STREETS or _occasion(node) for node in nodes[place + 1 : place + 5])


def _gathered_alone(nodes: list[Node], at: int, *, near: bool) -> int | None:
    """ "30,000 marched", "some 65,000 took to the streets": a number without a noun before a verb of gathering."""
    index = at + 1
    if index + 1 < len(nodes) and nodes[index].lower == "of" and nodes[index + 1].kind == DEMONYM:
        index += 1  # "thousands | of Sudanese | camped"
    while index < len(nodes) and (nodes[index].has("have") or is_adverb(nodes[index]) or nodes[index].kind == DEMONYM):
        index += 1
    if index >= len(nodes) or nodes[index].kind != PLAIN:
        return None
    if nodes[index].has("be") and _there(nodes, index):
        return index
    word = nodes[index].lower
    if word in SURELY or _protests(nodes[index]) or (word in ("took", "take") and _gathers(nodes, index)):
        return index
    joined = word in GATHER_VERBS and any(_occasion(node) for node in nodes[index + 1 : index + 6])
    return index if joined or (near and word in PRESENT) else None


def _protests(node: Node) -> bool:
    return any(tag.value == "protest" for tag in node.tagged("event-verb"))


def _occasion(node: Node) -> bool:
    """What people gather for: "the rally", "the funeral"."""
    return node.lower in OCCASIONS or any(tag.value in ("protest", "riot") for tag in node.tagged("event-noun"))


# --- by estimates and by what drew them


def _estimated(nodes: list[Node], at: int) -> int | None:
    """ "put the crowd at more than 60,000", "a turnout of 3,000", "the number of marchers at three million"."""
    link = at - 1
    while link > 0 and (is_adverb(nodes[link]) or nodes[link].has("determiner")):
        link -= 1
    if link < 1 or not (nodes[link].lower in LINKING or nodes[link].has("be")):
        return None
    for index in range(link - 1, max(-1, link - REACH), -1):
        node = nodes[index]
        if _estimate_noun(nodes, index):
            return index
        thin = (
            node.has("locative", "determiner", "site", "preposition", "event-noun", "modifiers", "harm-adjective")
            or not node.tags
        )
        if not (thin or node.kind in ("place", GROUP, TIME)):
            return None
    return None


def _estimate_noun(nodes: list[Node], index: int) -> bool:
    word = nodes[index].lower.removeprefix("the ").removeprefix("a ")
    if word in ESTIMATED:
        return True
    people = nodes[index].kind == GROUP and nodes[index].value.count is None
    marching = word in MARCHERS or (people and nodes[index].value.victim_class == VictimClass.PROTESTERS)
    return marching and index > 1 and nodes[index - 1].lower == "of" and nodes[index - 2].lower in FIGURES


def _drawn(nodes: list[Node], at: int, *, near: bool) -> bool:
    """ "The march drew 430,000 people", "the protest was attended by 10,000 people"."""
    for index in range(at - 1, max(-1, at - 5), -1):
        node = nodes[index]
        if node.lower in DREW or node.lower.split()[0] in DREW:
            return near or any(_occasion(other) for other in nodes[max(0, index - REACH) : index])
        if not (node.lower in ("by", "out", "as", "many") or is_adverb(node) or node.has("determiner")):
            return False
    return False


# --- by rival figures


def _again(nodes: list[Node], at: int) -> bool:
    """ "police gave a figure of 8,000", "put it at 8,000", "5,000 by the count of police", "10,000 of them in X"."""
    node, before = nodes[at], [n.lower for n in nodes[max(0, at - 4) : at]]
    if node.kind == GROUP and not (node.value.noun in ("people", "person") or node.value.noun in MARCHERS):
        return False
    behind = [n.lower for n in nodes[at + 1 : at + 5]]
    if behind[:1] in (["of them"], ["of these"]) and len(behind) > 1 and behind[1] in ("in", "at", "on"):
        return True
    ends = (
        not behind or not behind[0][0].isalnum() or behind[0] in ("by", "according to", "in", "on", "people", "while")
    )
    if not ends:
        return False
    if "by" in behind[:1] and any(word in FIGURES for word in behind):
        return True
    if before[-1:] == ["of"] and len(before) > 1 and before[-2] in FIGURES:
        return True
    counted = before[-1:] and (before[-1] in PUT or nodes[at - 1].lower.split()[0] in PUT)
    return bool(counted) or (before[-1:] == ["at"] and any(word in PUT for word in before[:-1]))
