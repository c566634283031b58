"""How far each attribution of a sentence reaches, and who says what stands at a node.

A cue behind a comma governs what stands before it ("…, police said"), one in front what follows ("police said that …"),
one between commas both. Where cues are nested, the innermost is the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.extract.entities import PLACE
from kb.extract.nodes import COUNT, TIME, Node
from kb.extract.outlets import outlet_noun
from kb.extract.phrases import GROUP
from kb.extract.seek import QUOTES
from kb.extract.speakers import Run, article
from kb.extract.voice import is_adverb

COORDINATORS = frozenset({"and", "but", "while", "whereas", "although", "though", ";"})
CUTS = frozenset({",", ";", ":", "-", "–", "—", "”", "»", '"', "''", "’"})
ENDS = frozenset({".", "!", "?", ")", "]", "…"})
# How a saying is said: "in a statement", "on Facebook", "by telephone", "to reporters".
MANNERS = frozenset({"in", "on", "by", "to", "at", "during", "via", "through", "from", "without"})


class Cue(NamedTuple):
    """One attribution: who passes it on, source first; its nodes ``[first, last)``; what it governs on each side."""

    chain: tuple[Run, ...]
    first: int
    last: int
    verb: int
    before: tuple[int, int]
    after: tuple[int, int]

    def covers(self, at: int) -> bool:
        """Whether what stands at a node is said by the cue's speakers."""
        return self.before[0] <= at < self.before[1] or self.after[0] <= at < self.after[1]

    @property
    def reach(self) -> int:
        """How many nodes it governs."""
        return self.before[1] - self.before[0] + self.after[1] - self.after[0]


NONE = (0, 0)
SAID_OBJECTS = frozenset({"this", "so", "it"})


def scoped(nodes: Sequence[Node], found: list[Cue], start: int) -> list[Cue]:
    """The cues with what they govern."""
    placed: list[Cue] = []
    for number, cue in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        rest = _rest(nodes, cue.last)
        content = rest < len(nodes) and not (following is not None and following.first <= rest)
        if following is not None and following.first <= rest and following.first == rest:
            content = not _closes(nodes, cue, following)  # "X said that Y said …": the outer reaches over the inner
        lead = _lead(nodes, cue.first, start)
        cut = cue.first > 0 and nodes[cue.first - 1].lower in CUTS
        comma = cue.last < len(nodes) and _comma_follows(nodes, cue.last)
        loose = nodes[cue.verb].has("according") and cue.verb == cue.first
        back = lead and ((cut and (comma or loose or not content)) or loose or not content)
        forth = content and not (back and _turns(nodes, rest, following))
        before = (_floor(nodes, placed, cue, start), cue.first) if back else NONE
        after = (cue.last, _ceiling(nodes, found, number)) if forth else NONE
        if back and placed:
            placed = _yield_to(placed, before[0], cue.first)
        placed.append(cue._replace(before=before, after=after))
    return placed


def _closes(nodes: Sequence[Node], cue: Cue, following: Cue) -> bool:
    """ "…, their leader said by telephone, the station reported.": nothing but a comma and an attribution follows."""
    comma = any(node.lower == "," for node in nodes[cue.last : following.first])
    return comma and _rest(nodes, following.last) == len(nodes)


def _rest(nodes: Sequence[Node], index: int) -> int:
    """Where content begins behind a cue: over dates, places and the manner of saying; the length if none follows."""
    at = index
    while at < len(nodes):
        node = nodes[at]
        if node.lower == ";" or (node.lower in ENDS and all(n.lower in ENDS | QUOTES | {"("} for n in nodes[at:])):
            return len(nodes)  # behind ";" someone else may speak
        if node.lower == "without":  # "said without giving details"
            at = next((i for i in range(at, len(nodes)) if nodes[i].lower == ","), len(nodes))
        elif node.kind == TIME or is_adverb(node) or node.lower in (",", ".") or node.lower in QUOTES:
            at += 1
        elif node.lower in MANNERS and at + 1 < len(nodes):
            at = _over_manner(nodes, at)
            if at < 0:
                return index
        else:
            return at
    return at


def manner(nodes: Sequence[Node], index: int) -> int:
    """Where the day, place and manner of saying end behind an attribution ("said | in Paris on Monday").

    A verb that has its object ("said this") is done: a day right before people is then that of what befell them.
    """
    end = at = index
    while at < len(nodes):
        node = nodes[at]
        if (
            node.kind == TIME
            and nodes[at - 1].lower in SAID_OBJECTS
            and at + 1 < len(nodes)
            and nodes[at + 1].kind in (GROUP, COUNT)
        ):
            return end
        if node.kind in (TIME, PLACE):
            if at + 1 < len(nodes) and nodes[at + 1].lower in ("'s", "’s"):
                return end
            end = at + 1
        elif not (is_adverb(node) or node.lower in MANNERS or article(node) or node.lower in ("late", "early")):
            return end
        at += 1
    return end


def _over_manner(nodes: Sequence[Node], at: int) -> int:
    """The node behind "in a statement", "on state television", "in Paris"; -1 if it is no such phrase."""
    index = at + 1
    while index < len(nodes) and index < at + 6:
        node = nodes[index]
        if node.lower in (",", ".", ":", ";", "that") or node.lower in QUOTES:
            return index
        if node.kind in (GROUP, COUNT) and not article(node) and index > at + 2:
            return -1
        if node.has("be", "have", "harm-verb", "say"):
            return index
        index += 1
    return index if index >= len(nodes) else -1


def _lead(nodes: Sequence[Node], first: int, start: int) -> bool:
    """Whether anything but connectives and dates stands before a cue."""
    return any(
        not (
            node.kind == TIME
            or is_adverb(node)
            or node.has("conjunction", "preposition")
            or node.lower in ("meanwhile", "however", ",", "-", "•", "*", "–", "—", "...", ".", "“", '"')
            or node.kind == PLACE
        )
        for node in nodes[start:first]
    )


def _comma_follows(nodes: Sequence[Node], at: int) -> bool:
    index = at
    while index < len(nodes) and index < at + 5:
        if nodes[index].lower == ",":
            return True
        if not (nodes[index].kind in (TIME, PLACE) or nodes[index].lower in MANNERS or is_adverb(nodes[index])):
            return False
        index += 1
    return False


def _turns(nodes: Sequence[Node], rest: int, following: Cue | None) -> bool:
    """Whether what follows an attribution between commas is no longer its speaker's."""
    if nodes[rest].lower in ("but", "while", "whereas", "although", "though", "who", "whose"):
        return True
    return following is not None and bool(following.chain) and nodes[rest].lower in COORDINATORS


def _floor(nodes: Sequence[Node], placed: list[Cue], cue: Cue, start: int) -> int:
    """Where the words begin that a cue behind them governs: behind the last that has its own."""
    for other in reversed(placed):
        if other.after == NONE or other.before != NONE:
            return other.last
        joint = _joint(nodes, other.last, cue.first)
        if joint is not None and not any(outlet_noun(nodes, run) for run in cue.chain):
            return joint
    return start


def _joint(nodes: Sequence[Node], first: int, last: int) -> int | None:
    """Where ", and" or ", while" parts two clauses."""
    for index in range(last - 1, first, -1):
        if nodes[index].lower in COORDINATORS and (nodes[index - 1].lower == "," or nodes[index].lower != "and"):
            return index
    return None


def _yield_to(placed: list[Cue], floor: int, first: int) -> list[Cue]:
    """Earlier cues end where a later one's own words begin, and never run into the later one."""
    found = []
    for other in placed:
        start, end = other.after
        end = floor if start < floor < end else min(end, first)
        found.append(other if other.after == NONE else other._replace(after=(start, end)))
    return found


def _ceiling(nodes: Sequence[Node], found: list[Cue], number: int) -> int:
    """Where the words end that a cue in front governs: at the next cue that begins its own clause."""
    for other in found[number + 1 :]:
        cut = [i for i in range(found[number].last, other.first) if nodes[i].lower == ";"]
        if cut and other.chain != found[number].chain:
            return cut[-1]
        before = nodes[other.first - 1].lower if other.first else ""
        if before in COORDINATORS and other.chain != found[number].chain:
            return other.first
        if other.chain == found[number].chain:
            return other.first
    return len(nodes)


def governing(found: Sequence[Cue], at: int) -> tuple[Run, ...]:
    """Who says what stands at a node, from the source to the last who passed it on."""
    covering = sorted((cue for cue in found if cue.covers(at)), key=lambda cue: (-len(cue.chain), cue.reach))
    whole = covering[0].chain if covering else ()
    if all(run in whole for cue in covering for run in cue.chain):
        return whole
    covering.sort(key=lambda cue: cue.reach)
    chain: list[Run] = []
    for cue in covering:
        chain.extend(run for run in cue.chain if run not in chain)
    return tuple(chain)
