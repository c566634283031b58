"""The extractor: a document in, its claims out. Pure and deterministic: the same document gives the same claims."""

from __future__ import annotations

from kb.extract.casualties import casualties
from kb.extract.claims import Assembler, identified
from kb.extract.crowds import crowds
from kb.extract.deployments import deployments
from kb.extract.events import events
from kb.extract.participants import only_armed_group
from kb.extract.quotations import attributions
from kb.extract.reach import NONE
from kb.extract.reading import Line, Reader
from kb.extract.restatements import Mentions, with_units_known, without_restatements
from kb.extract.scene import Scene, remember, time_at
from kb.extract.who import Attribution, Speakers
from kb.model import Claim, Document
from kb.resources import DEFAULT_BASE


class Extractor:
    """Extracts claims from documents. Loads the lexicons and the gazetteer once; safe to reuse, not shared by threads.

    ``base`` is the IRI that the names of actors and places are minted under.
    """

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        self._base = base
        self._reader = Reader(base)

    def extract(self, document: Document) -> list[Claim]:
        """The claims of a document in the order of its text. ``document.text[c.start:c.end] == c.quote`` for each."""
        reading = self._reader.read(document)
        said = attributions(reading.lines, Speakers(reading.context))
        assembler = Assembler(
            document, reading.context, self._base, only_armed_group(line.nodes for line in reading.lines)
        )
        scene, mentions, claims = Scene(home=reading.context.gazetteer.home), Mentions(), list[Claim]()
        for line in reading.lines:
            _open(line, scene)
            claims.extend(_sentence(line, assembler, scene, said[line.number], mentions))
            block, plain = line.sentence.block, Scene(day=scene.day, anchor=scene.anchor)
            remember(line.scenery, scene, block, time_at(line.scenery, 0, plain, reading.context, block))
        return identified(with_units_known(without_restatements(mentions.fresh(claims))), document)


def _open(line: Line, scene: Scene) -> None:
    """What a header sets: the day that a dateline tells from; a time stamp dates what follows."""
    head = line.header
    scene.anchor = head.day or scene.anchor
    if head.stamp is not None:
        scene.span, scene.day, scene.block = head.stamp, head.stamp.earliest, line.sentence.block


def _sentence(
    line: Line, assembler: Assembler, scene: Scene, said: list[Attribution], mentions: Mentions
) -> list[Claim]:
    nodes = line.nodes
    harmed = mentions.resolved(nodes, casualties(nodes))
    happened = events(nodes)
    moved = deployments(nodes, frozenset(cue.verb for cue in line.cues if cue.after == NONE))
    gathered = crowds(nodes, frozenset(finding.phrase for finding in harmed))
    told = assembler.casualties(line, harmed, scene, said, happened)
    mentions.note(nodes, harmed, told)
    told = mentions.placed(harmed, told)
    return [
        *told,
        *assembler.deployments(line, moved, scene, said),
        *assembler.crowds(line, gathered, scene, said),
        *assembler.events(line, happened, scene, said),
    ]
