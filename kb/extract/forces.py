"""Forces as phrases: their wording, number, whose they are, and what they bring along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PLACE
from kb.extract.lexicon import load
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.seek import LIST_WORDS
from kb.extract.speakers import article
from kb.model import ActorType, Count

_DATA = load("deployments")
# Nouns that a number before them counts as people ("2,000 forces"); of the others it counts units ("two battalions").
PEOPLE = frozenset(_DATA["counted-as-people"])
# Nouns that tell of a deployment even without a number or an owner.
TELLING = frozenset(_DATA["telling"])
CARRYING = "carrying"
WHENCE = frozenset({"from", "for", "to", "into", "in"})
# "the army", "airborne troops": bodies named by what they are alone, so that the words do not say whose.
UNOWNED = frozenset(wording.lower() for wordings in load("organisations").values() for wording in wordings[2:])
OWN = frozenset({"its", "their", "his", "her"})
OWNERS = frozenset({ACTOR, NATIONAL, DEMONYM})


class Force(NamedTuple):
    """A force: its head node, the nodes ``[first, last)`` that name the unit, how many, whose (a node), and of whom."""

    head: int
    first: int
    last: int
    count: Count | None  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    owner: int | None
    members: tuple[int, ...]


def is_force(node: Node) -> bool:
    """Whether a phrase names troops or a unit."""
    if node.kind == ACTOR:
        named = node.value.type == ActorType.ALLIANCE and node.lower.split()[-1].rstrip("s") in TELLING
        police = node.value.type == ActorType.POLICE and node.lower.split()[-1] in ("force", "forces")
        return named or police or node.value.type == ActorType.MILITARY or bool(node.has("force"))
    return bool(node.has("force")) and node.kind in (GROUP, PLAIN)


def armour(nodes: Sequence[Node], index: int) -> bool:
    """Military equipment that moves as a force does: "army vehicles", "20 tanks"."""
    node = nodes[index]
    if node.kind != PLAIN or not node.has("equipment"):
        return False
    before = nodes[index - 1] if index else None
    if before is None:
        return False
    if before.lower in ("army", "military") or is_force(before):
        return True
    counted = before.kind == COUNT and before.value.kind == "number"
    return (counted or before.kind == DEMONYM) and node.lower.rstrip("s") in TELLING


def is_state(node: Node) -> bool:
    """Whether a node names a state, its people or its army."""
    if node.kind == PLACE:
        return bool(node.value.precision == "country")
    return node.kind in (NATIONAL, DEMONYM) or (
        node.kind == ACTOR and node.value.type in (ActorType.STATE, ActorType.MILITARY)
    )


def force_at(nodes: Sequence[Node], head: int, *, before_verb: bool) -> Force:
    """The force whose head is a node; before its verb "from X" tells whose it is, behind it where from."""
    node = nodes[head]
    first, count, owner = (head, node.value.count, None) if node.kind == GROUP else _left(nodes, head)
    if node.kind == GROUP and (node.value.body is not None or node.value.country):
        owner = head
    if node.kind == GROUP and not before_verb and head + 1 < len(nodes) and nodes[head + 1].lower in WHENCE:
        owner = head if node.value.body is not None else None  # "withdrew 50 troops from Syria": whence, not whose
    if node.kind == ACTOR and head and nodes[head - 1].kind == COUNT and nodes[head - 1].lower.endswith("strong"):
        count = nodes[head - 1].value.count
    known = node.kind == ACTOR and node.lower not in UNOWNED and node.value.country
    if known or (node.kind == ACTOR and node.value.type == ActorType.ALLIANCE):
        owner = head
    last = head + 1
    men = nodes[last + 1] if node.kind == PLAIN and last + 1 < len(nodes) and nodes[last].lower == "of" else None
    if men is not None and men.kind == GROUP and men.value.count is not None:
        count, last = men.value.count, last + 2
    last = _with_included(nodes, last)
    members = members_of(nodes, head, min(len(nodes), head + 16))
    if node.kind == GROUP and f" {CARRYING} " in node.lower:
        count = None  # of the planes, not of those in them
    if node.kind == GROUP and members and (node.value.body is None or node.value.body.type == ActorType.STATE):
        owner = None
    if owner is None and not members:
        owner = _behind(nodes, head + 1, before_verb=before_verb)
    own = any(other.lower.split(" ")[0] in OWN for other in nodes[max(0, first - 1) : min(len(nodes), last + 3)])
    if owner is None and own:
        owner = _antecedent(nodes, first - 1)
    return Force(head, first, last, count, owner, members)


def _left(nodes: Sequence[Node], head: int) -> tuple[int, Count | None, int | None]:
    """For a unit noun: where its wording begins, how many it counts, and an adjective or name that says whose."""
    first, count, owner, at = head, None, None, head - 1
    while at >= 0 and head - at < 6:
        node = nodes[at]
        if node.kind == COUNT and node.value.kind == "article":
            break
        if node.kind == COUNT:
            strong = node.lower.endswith("strong") or nodes[head].lower in PEOPLE
            count, first = (node.value.count if strong else None), (first if strong else at)
            at -= 1
            continue
        if node.kind == GROUP and at == head - 1 and node.value.body is not None:
            owner = at
            break
        if node.kind in OWNERS or (node.kind == PLACE and nodes[at + 1].lower in ("'s", "’s")):
            owner = at if owner is None else owner
        elif not (node.has("modifiers") or node.lower in ("'s", "’s", "-") or _plain_word(node)):
            break
        if node.kind == PLAIN and node.lower.isalpha():
            first = at
        at -= 1
    return first, count, owner


def _plain_word(node: Node) -> bool:
    return node.kind == PLAIN and node.lower.isalpha() and not node.tags


def _with_included(nodes: Sequence[Node], last: int) -> int:
    """Over ", including two infantry battalions"."""
    if last + 1 < len(nodes) and nodes[last].lower == "," and nodes[last + 1].has("including"):
        for index in range(last + 2, min(len(nodes), last + 8)):
            if is_force(nodes[index]):
                return index + 1
    return last


def members_of(nodes: Sequence[Node], at: int, last: int) -> tuple[int, ...]:
    """States listed behind "from" or "of": at least two."""
    for index in range(at, min(at + 10, last)):
        if nodes[index].lower in ("from", "of", "by"):
            states = listed(nodes, index + 1, last)
            if len(states) > 1:
                return states
        elif index > at and nodes[index].has("be", "have", "say"):
            return ()
    return ()


def listed(nodes: Sequence[Node], start: int, last: int) -> tuple[int, ...]:
    """The states of a list that begins at a node."""
    run: list[int] = []
    for index in range(start, last):
        node = nodes[index]
        if is_state(node) or node.kind == ACTOR:
            run.append(index)
        elif not (node.lower in LIST_WORDS or node.has("determiner")):
            break
    return tuple(index for index in run if is_state(nodes[index]))


def _behind(nodes: Sequence[Node], at: int, *, before_verb: bool) -> int | None:
    """Whose a force is by what follows: "forces | of the CSTO", "troops | from Russia"."""
    if at >= len(nodes) or not (nodes[at].lower == "of" or (before_verb and nodes[at].lower == "from")):
        return None
    for index in range(at + 1, min(at + 4, len(nodes))):
        if nodes[index].kind in (ACTOR, NATIONAL) or is_state(nodes[index]):
            return None if nodes[index - 1].lower in OWN else index
        if not (article(nodes[index]) or nodes[index].has("modifiers")):
            return None
    return None


def _antecedent(nodes: Sequence[Node], before: int) -> int | None:
    """Whom "its" means: the nearest state or body before it in the sentence."""
    for index in range(before, -1, -1):
        node = nodes[index]
        if node.kind == ACTOR and node.value.type not in (ActorType.OUTLET, ActorType.PERSON):
            return index
        if node.kind == PLACE and node.value.precision == "country":
            return index
    return None


def tells(nodes: Sequence[Node], force: Force) -> bool:
    """Whether a phrase is definite enough for a deployment: a number, an owner, or a noun that means troops abroad."""
    node = nodes[force.head]
    if force.count is not None or force.owner is not None or force.members:
        return True
    noun = node.value.noun if node.kind == GROUP else node.lower.split()[-1] if node.kind == ACTOR else node.lower
    return noun in TELLING or noun.rstrip("s") in TELLING


def equipment(nodes: Sequence[Node], at: int) -> tuple[int, int] | None:
    """Counted equipment in the sentence, from the first number to the last noun: "250 pieces of hardware"."""
    found: tuple[int, int] | None = None
    for index in range(max(0, at - 10), min(len(nodes), at + 18)):
        if not (nodes[index].has("equipment") and nodes[index].kind == PLAIN):
            continue
        start = index
        while start > 0 and index - start < 4 and _plain_word(nodes[start - 1]):
            start -= 1
        if start > 0 and nodes[start - 1].kind == COUNT and nodes[start - 1].value.kind == "number":
            if nodes[index + 1 : index + 2] and nodes[index + 1].lower in ("carrying", "with"):
                continue
            found = (found[0] if found else start - 1, index)
    return found


def purpose(nodes: Sequence[Node], at: int, last: int) -> tuple[int, int] | None:
    """ "to stabilise the situation": an infinitive behind the verb, to the end of the clause."""
    for index in range(at + 1, min(last - 2, at + 24)):
        following = nodes[index + 1]
        if (
            nodes[index].lower == "to"
            and (following.kind == PLAIN or following.has("deploy-subject"))
            and following.lower.isalpha()
            and not following.has("determiner", "be", "preposition", "deploy-object")
            and following.last - following.first == 1
            and nodes[index].last == following.first
        ):
            end = index + 1
            while end < last and nodes[end].lower not in (".", ",", "”", '"', ";"):
                end += 1
            return (index, end - 1) if end - index > 2 else None
    return None
