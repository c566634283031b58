"""The extractor: a document in, its claims out. Pure and deterministic: the same document gives the same claims."""

from __future__ import annotations

from kb.extract.assaults import without_assaults, without_told_bombers
from kb.extract.background import marked
from kb.extract.casualties import casualties
from kb.extract.claims import DRAFT, Assembler, Traces, identified
from kb.extract.context import Context
from kb.extract.crowds import crowds
from kb.extract.deployers import apart
from kb.extract.deployments import deployments
from kb.extract.events import events
from kb.extract.explain import Explanation, explanation
from kb.extract.harmed import Casualty
from kb.extract.languages import ENGLISH, language
from kb.extract.markup import Clean, cleaned
from kb.extract.nodes import Node
from kb.extract.participants import act_agents, only_armed_group
from kb.extract.parts import without_places_of_parts
from kb.extract.quotations import attributions
from kb.extract.reach import NONE, manner
from kb.extract.reading import Line, Reader
from kb.extract.restatements import Mentions, with_units_known, without_restatements
from kb.extract.scene import Scene, places_in, remember, time_at
from kb.extract.signs import unclear
from kb.extract.who import Attribution, Speakers
from kb.model import CasualtyClaim, Claim, Document
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
        return identified(self._drafts(document, None), document)

    def explain(self, document: Document) -> list[tuple[Claim, Explanation]]:
        """The same claims, each with why it was read so."""
        traces: Traces = {}
        drafts = self._drafts(document, traces)
        known: dict[str, Explanation] = {}
        for draft in drafts:
            line, at, context = _trace(draft, traces)
            known.setdefault(_final(draft, document), explanation(draft, line, at, context))
        return [(claim, known[claim.id]) for claim in identified(drafts, document)]

    def language(self, document: Document) -> str:
        """The ISO 639-1 code of the language that a document is in; only "en" is read, others give no claims.

        Short texts are taken as English unless they surely are not.
        """
        return language(document.text)

    def _drafts(self, document: Document, traces: Traces | None) -> list[Claim]:
        """The claims before they get their ids; what each was read from goes into ``traces`` if that is asked for."""
        if self.language(document) != ENGLISH:
            return []
        clean = cleaned(document.text)
        if clean is None:
            return self._read(document, traces)
        drafts = self._read(document.model_copy(update={"text": clean.text, "given_id": document.id}), traces)
        return [_restored(claim, clean, document.text) for claim in drafts]

    def _read(self, document: Document, traces: Traces | None) -> list[Claim]:
        """The drafts of a text without markup, with offsets into it."""
        reading = self._reader.read(document)
        said = attributions(reading.lines, Speakers(reading.context))
        assembler = Assembler(
            document, reading.context, self._base, only_armed_group(line.nodes for line in reading.lines)
        )
        assembler.traces = traces
        scene, mentions, claims = Scene(home=reading.context.gazetteer.home), Mentions(), list[Claim]()
        for index in places_in(reading.title):
            scene.told(reading.title[index])
        for given in reading.lines:
            _open(given, scene)
            assembler.opens(given)
            harmed = mentions.resolved(given.nodes, casualties(given.nodes))
            if harmed:
                harmed = marked(given.nodes, harmed, told=mentions.told)
            line = without_places_of_parts(given, harmed)
            claims.extend(_sentence(line, harmed, assembler, scene, said[line.number], mentions))
            block, plain = line.sentence.block, Scene(day=scene.day, anchor=scene.anchor)
            remember(line.scenery, scene, block, time_at(line.scenery, 0, plain, reading.context, block))
        return with_units_known(without_restatements(without_told_bombers(without_assaults(mentions.fresh(claims)))))


def _trace(draft: Claim, traces: Traces) -> tuple[Line, int, Context]:
    """What a draft was read from; one made from another keeps the trace of the last before it."""
    number = int(draft.id.removeprefix(DRAFT))
    while f"{DRAFT}{number}" not in traces:
        number -= 1
    return traces[f"{DRAFT}{number}"]


def _final(draft: Claim, document: Document) -> str:
    """The id that a draft gets."""
    alone = draft.model_copy(update={"subset_of": None}) if isinstance(draft, CasualtyClaim) else draft
    return identified([alone], document)[0].id


def _restored(claim: Claim, clean: Clean, text: str) -> Claim:
    """The claim with its evidence in the text as given, markup and all."""
    start, end = clean.origin(claim.start, claim.end)
    return claim.model_copy(update={"start": start, "end": end, "quote": text[start:end]})


def _open(line: Line, scene: Scene) -> None:
    """What a header sets: the city and day that a dateline tells from; a time stamp dates what follows."""
    head = line.header
    scene.dateline = head.place or scene.dateline
    scene.anchor = head.day or scene.anchor
    if head.stamp is not None:
        scene.span, scene.day, scene.block = head.stamp, head.stamp.earliest, line.sentence.block


def _movable(line: Line) -> tuple[list[Node], frozenset[int]]:
    """The nodes for movements, without the places where something is only said, and the verbs that only say it."""
    after = [cue for cue in line.cues if cue.after == NONE]
    if not after:
        return line.nodes, frozenset()
    nodes = list(line.nodes)
    for cue in after:
        end = manner(nodes, cue.last)
        nodes[cue.last : end] = line.scenery[cue.last : end]
    return nodes, frozenset(cue.verb for cue in after)


def _sentence(
    line: Line,
    harmed: list[Casualty],
    assembler: Assembler,
    scene: Scene,
    said: list[Attribution],
    mentions: Mentions,
) -> list[Claim]:
    nodes = line.nodes
    happened = events(nodes)
    harmed = [
        finding if finding.agents else finding._replace(agents=act_agents(nodes, finding.phrase, happened))
        for finding in harmed
    ]
    moved = deployments(*_movable(line))
    scene.apart = apart(line.scenery, moved)
    heard = line.number - scene.crowd <= 1
    gathered = crowds(nodes, frozenset(finding.phrase for finding in harmed), told=heard)
    scene.crowd = line.number if gathered else scene.crowd
    told = assembler.casualties(line, harmed, scene, said, happened)
    mentions.note(nodes, harmed, told)
    mentions.told = mentions.told or bool(happened)
    told = mentions.placed(harmed, told)
    doubt = None if harmed else unclear(nodes)
    claims = [
        *told,
        *([assembler.unclear(line, *doubt, scene, said)] if doubt else []),
        *assembler.deployments(line, moved, scene, said),
        *assembler.crowds(line, gathered, scene, said),
        *assembler.events(line, happened, scene, said),
    ]
    assembler.subjects.told(nodes)
    return claims
