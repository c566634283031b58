"""Who says each part of a document: by sentence, over quotations and lists, and where an outlet's name stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kb.extract.credits import credited
from kb.extract.entities import ACTOR
from kb.extract.reach import NONE, governing
from kb.extract.reading import Line
from kb.extract.who import NOBODY, Attribution, Speakers
from kb.model import Actor, ActorType

BRIEF = 6  # nodes of a sentence, with its full stop, that goes on in the voice of the one before
OPEN, CLOSE, STRAIGHT = "“«„", "”»", '"'
BULLETS = frozenset({"-", "*", "•", "–", "—", "·", "▪"})


def _quoted(lines: Sequence[Line]) -> list[bool]:
    """For each sentence, whether it begins inside a quotation or with one."""
    flags, inside, block = [], False, -1
    for line in lines:
        if line.sentence.block != block:
            block, inside = line.sentence.block, False
        first = line.nodes[0].lower if line.nodes else ""
        flags.append(inside or bool(first and first in OPEN + STRAIGHT))
        for node in line.nodes:
            if node.lower and node.lower in OPEN:
                inside = True
            elif node.lower and node.lower in CLOSE:
                inside = False
            elif node.lower == STRAIGHT:
                inside = not inside
    return flags


def attributions(lines: Sequence[Line], speakers: Speakers) -> list[list[Attribution]]:
    """For each sentence, the attribution that holds at each of its nodes."""
    own, credits = [], dict[int, Attribution]()
    for line in lines:
        own.append(_own(line, speakers))
        runs = credited(line.nodes) if line.number else ()
        if runs:
            credits[len(own) - 2] = speakers.attribution(line.nodes, runs)
            speakers.heard(credits[len(own) - 2])
    quoted = _quoted(lines)
    found: list[list[Attribution]] = []
    for index, line in enumerate(lines):
        at_each = own[index]
        if not any(at_each):
            lender = _lender(lines, own, quoted, index) if quoted[index] else _heading(lines, found, index)
            lender = lender or credits.get(index) or _goes_on(lines, own, quoted, index)
            at_each = [lender] * len(line.nodes) if lender else at_each
        found.append([attribution or NOBODY for attribution in at_each])
    return _relayed(lines, found)


def _own(line: Line, speakers: Speakers) -> list[Attribution | None]:
    """The attribution at each node that the sentence itself gives; resolved in reading order."""
    at_each: list[Attribution | None] = [None] * len(line.nodes)
    known: dict[object, Attribution] = {}
    for cue in line.cues:  # in reading order: "she" is who spoke before
        if cue.chain not in known:
            known[cue.chain] = speakers.attribution(line.nodes, cue.chain)
            speakers.heard(known[cue.chain])
    edges = sorted({0, *(edge for cue in line.cues for edge in (*cue.before, *cue.after)), len(line.nodes)})
    for first, last in pairwise(edges) if line.cues else ():
        chain = governing(line.cues, first)
        if chain:
            if chain not in known:
                known[chain] = speakers.attribution(line.nodes, chain)
            at_each[first:last] = [known[chain]] * (last - first)
    speakers.met(line.nodes)
    if line.cues and known and not any(at_each):
        at_each = [next(iter(known.values()))] * len(at_each)
    return at_each


def _first(attributions: Sequence[Attribution | None]) -> Attribution | None:
    return next((found for found in attributions if found is not None and found.source is not None), None)


def _lender(
    lines: Sequence[Line], own: Sequence[Sequence[Attribution | None]], quoted: Sequence[bool], index: int
) -> Attribution | None:
    """The speaker of a quotation: named in its later sentences or right behind it, else right before it."""
    block, behind = lines[index].sentence.block, None
    for after in range(index + 1, min(len(lines), index + 12)):
        if lines[after].sentence.block != block:
            break
        lent = _first(own[after])
        if not quoted[after]:
            behind = lent  # only if nobody has spoken before
            break
        if lent is not None:
            return lent
    for before in range(index - 1, max(-1, index - 8), -1):
        if lines[before].sentence.block < block and behind is not None:
            return behind
        if lines[before].sentence.block < block - 1:
            break
        lent = _first(list(reversed(own[before])))
        if lent is not None:
            return lent
        if not quoted[before]:
            break
    return behind


def _goes_on(
    lines: Sequence[Line], own: Sequence[Sequence[Attribution | None]], quoted: Sequence[bool], index: int
) -> Attribution | None:
    """ "…, the administration reported. No one was hurt.": a brief sentence right behind goes on in the same voice."""
    line = lines[index]
    if (
        not index
        or quoted[index - 1]
        or len(line.nodes) > BRIEF
        or lines[index - 1].sentence.block != line.sentence.block
    ):
        return None
    cues = lines[index - 1].cues
    closes = bool(cues) and cues[-1].before != NONE and cues[-1].after == NONE
    return _first(list(reversed(own[index - 1]))) if closes else None


def _heading(lines: Sequence[Line], found: Sequence[Sequence[Attribution]], index: int) -> Attribution | None:
    """ "According to the ministry:" speaks for the list items below it."""
    if index == 0 or not lines[index].nodes or lines[index].nodes[0].lower not in BULLETS:
        return None
    before = lines[index - 1]
    if not before.nodes or not found[index - 1]:
        return None
    if before.nodes[-1].lower == ":" or before.nodes[0].lower in BULLETS:
        listed = before.nodes[-1].lower == ":" or not before.cues
        return (_first(found[index - 1]) or None) if listed else None
    return None


def _relayed(lines: Sequence[Line], found: list[list[Attribution]]) -> list[list[Attribution]]:
    """ "…, the CSTO said. Interfax.": a sentence that is an outlet's name relays what stands before it in its block."""
    for index, line in enumerate(lines):
        outlet = _lone_outlet(line)
        if outlet is None:
            continue
        for before in range(index - 1, -1, -1):
            if lines[before].sentence.block != line.sentence.block:
                break
            found[before] = [relayed(attribution, outlet) for attribution in found[before]]
    return found


def _lone_outlet(line: Line) -> Actor | None:
    words = [node for node in line.nodes if node.kind != "word" or node.lower[0].isalnum()]
    if len(words) == 1 and words[0].kind == ACTOR and words[0].value.type == ActorType.OUTLET and line.number:
        return words[0].value  # type: ignore[no-any-return]  # an actor node holds an Actor
    return None


def relayed(attribution: Attribution, outlet: Actor) -> Attribution:
    """The attribution, passed on by an outlet as well."""
    if attribution.source is None:
        return Attribution(outlet, ())
    if outlet.iri in {actor.iri for actor in (attribution.source, *attribution.relays)}:
        return attribution
    return Attribution(attribution.source, (*attribution.relays, outlet))
