"""Who speaks where a sentence itself does not say: quotations over several sentences, and an outlet's name alone."""

from __future__ import annotations

from kb.extract.attribution import NOBODY, Attribution, Speakers
from kb.extract.entities import ACTOR
from kb.extract.reading import Line
from kb.model import Actor, ActorType

OPEN, CLOSE, STRAIGHT = "“«„", "”»", '"'


def _quoted(lines: list[Line]) -> list[bool]:
    """For each sentence, whether it begins inside a quotation or with one."""
    flags, inside, block = [], False, -1
    for line in lines:
        if line.sentence.block != block:
            block, inside = line.sentence.block, False
        first = line.nodes[0].lower if line.nodes else ""
        flags.append(inside or first in OPEN + STRAIGHT)
        for node in line.nodes:
            if node.lower and node.lower in OPEN:
                inside = True
            elif node.lower and node.lower in CLOSE:
                inside = False
            elif node.lower == STRAIGHT:
                inside = not inside
    return flags


def attributions(lines: list[Line], speakers: Speakers) -> list[list[Attribution]]:
    """For each sentence, the attribution that holds at each of its nodes."""
    own = [
        [speakers.attribution(line.nodes, line.voices, at) for at in range(len(line.nodes))] if line.voices else []
        for line in lines
    ]
    quoted = _quoted(lines)
    found: list[list[Attribution]] = []
    for index, line in enumerate(lines):
        if own[index]:
            found.append(own[index])
            continue
        lender = _lender(lines, own, quoted, index) if quoted[index] else None
        found.append([lender or NOBODY] * len(line.nodes))
    return _relayed(lines, found)


def _lender(lines: list[Line], own: list[list[Attribution]], quoted: list[bool], index: int) -> Attribution | None:
    """The speaker of a quotation: named in its later sentences or right behind it, else right before it."""
    block = lines[index].sentence.block
    for after in range(index + 1, len(lines)):
        if lines[after].sentence.block != block:
            break
        if own[after]:
            return own[after][0]
        if not quoted[after]:
            break
    for before in range(index - 1, max(-1, index - 4), -1):
        if lines[before].sentence.block < block - 1:
            break
        if own[before]:
            return own[before][-1]
        if not quoted[before]:
            break
    return None


def _relayed(lines: list[Line], found: list[list[Attribution]]) -> list[list[Attribution]]:
    """ "…, the CSTO said. Interfax.": a sentence that is an outlet's name relays what stands before it in its block."""
    for index, line in enumerate(lines):
        outlet = _lone_outlet(line)
        if outlet is None:
            continue
        for before in range(index - 1, -1, -1):
            if lines[before].sentence.block != line.sentence.block:
                break
            found[before] = [_relay(attribution, outlet) for attribution in found[before]]
    return found


def _lone_outlet(line: Line) -> Actor | None:
    words = [node for node in line.nodes if node.kind != "word" or node.lower[0].isalnum()]
    if len(words) == 1 and words[0].kind == ACTOR and words[0].value.type == ActorType.OUTLET and line.number:
        return words[0].value  # type: ignore[no-any-return]  # an actor node holds an Actor
    return None


def _relay(attribution: Attribution, outlet: Actor) -> Attribution:
    if attribution.source is None:
        return Attribution(outlet, ())
    if outlet.iri in {actor.iri for actor in (attribution.source, *attribution.relays)}:
        return attribution
    return Attribution(attribution.source, (*attribution.relays, outlet))
