"""The extractor: a document in, its claims out. Pure and deterministic: the same document gives the same claims."""

from __future__ import annotations

from kb.extract.attribution import Attribution, Speakers
from kb.extract.casualties import casualties
from kb.extract.claims import Assembler
from kb.extract.crowds import crowds
from kb.extract.deployments import deployments
from kb.extract.events import Event, events
from kb.extract.quotations import attributions
from kb.extract.reading import Line, Reader
from kb.extract.restatements import without_restatements
from kb.extract.scene import Scene, remember, time_at
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
        assembler = Assembler(document, reading.context, self._base)
        scene, claims = Scene(), list[Claim]()
        for line in reading.lines:
            claims.extend(_sentence(line, assembler, scene, said[line.number]))
            remember(
                line.nodes,
                scene,
                line.number,
                time_at(line.nodes, 0, Scene(day=scene.day), reading.context, line.number),
            )
        return without_restatements(claims)


def _sentence(line: Line, assembler: Assembler, scene: Scene, said: list[Attribution]) -> list[Claim]:
    nodes = line.nodes
    harmed = casualties(nodes)
    happened = events(nodes)
    moved = deployments(nodes)
    gathered = crowds(nodes, frozenset(finding.phrase for finding in harmed))
    return [
        *assembler.casualties(line, harmed, scene, said, _event_of(happened)),
        *assembler.deployments(line, moved, scene, said),
        *assembler.crowds(line, gathered, scene, said),
        *assembler.events(line, happened, scene, said),
    ]


def _event_of(found: list[Event]) -> str | None:
    """The type of the event that people were harmed in: the surest named in the sentence."""
    return max(found, key=lambda event: event.confidence).kind if found else None
