"""Why a claim was read as it was: its rule, the words that triggered it, and where place, time and source come from."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.context import Context
from kb.extract.entities import PLACE
from kb.extract.movement import ASKED, BEGUN, COMPLETED, DECIDED
from kb.extract.nodes import TIME
from kb.extract.phrases import GROUP
from kb.extract.reading import Line
from kb.extract.speakers import OBLIQUE, PRONOUNS, Run
from kb.extract.status import FALSE, FEARED
from kb.extract.voice import clause
from kb.model import Actor, CasualtyClaim, Claim, CrowdClaim, DeploymentClaim, EventClaim, Modality

TAKEN_UP = frozenset({"agents", "deployer", "contributors", "unit"})  # fields that may be told of before
GOVERN = DECIDED | ASKED | BEGUN | COMPLETED  # words that set the phase of a movement
REACH = 7  # nodes before a verb in which they are looked for


class Explanation(NamedTuple):
    """The reading of one claim in words.

    ``trigger`` is the wording that the rule starts from and ``lexicons`` the word lists that it stands in; ``phrases``
    pairs a field with the wording that it was read from; the others say why the field is what it is.
    """

    rule: str
    trigger: str
    lexicons: tuple[str, ...]
    phrases: tuple[tuple[str, str], ...]
    place: str
    time: str
    source: str
    modality: str
    before: frozenset[str] = frozenset()
    """The fields whose wording the sentence does not hold: a pronoun or a force told again takes it up from before."""


def explanation(claim: Claim, line: Line, at: int, context: Context) -> Explanation:
    """Explain a claim that the trigger at node ``at`` of a sentence gave."""
    node = line.nodes[at]
    return Explanation(
        rule=claim.rule,
        trigger=context.words(node.first, node.last),
        lexicons=tuple(sorted({f"{tag.lex} ({tag.value})" if tag.value else tag.lex for tag in node.tags})),
        phrases=tuple(
            (name, " ".join(text.split()))
            for name, text in (*_phrases(claim), ("phase", _phase(claim, line, at, context)))
            if text
        ),
        place=_place(claim, line, context),
        time=_time(claim, line, context),
        source=_source(claim, line, at, context),
        modality=_modality(claim, line, at, context),
        before=frozenset(name for name, text in _phrases(claim) if name in TAKEN_UP and text and not _in(text, claim)),
    )


def _in(text: str, claim: Claim) -> bool:
    """Whether all wordings of a field stand in the claim's quote."""
    return all(part in claim.quote for part in text.split("; "))


def _texts(actors: tuple[Actor, ...]) -> str:
    return "; ".join(actor.text for actor in actors)


def _phrases(claim: Claim) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = [("agents", _texts(claim.agents))]
    if isinstance(claim, CasualtyClaim):
        found += [("count", claim.count.text), ("victims", claim.victims.text if claim.victims else None)]
    elif isinstance(claim, CrowdClaim):
        found += [("count", claim.count.text), ("group", claim.group.text if claim.group else None)]
    elif isinstance(claim, EventClaim):
        found += [("targets", _texts(claim.targets)), ("instruments", "; ".join(claim.instruments))]
    elif isinstance(claim, DeploymentClaim):
        found += [
            ("count", claim.count.text if claim.count else None),
            ("unit", claim.unit),
            ("deployer", claim.deployer.text if claim.deployer else None),
            ("contributors", _texts(claim.contributors)),
            ("equipment", claim.equipment),
            ("origin", claim.origin.text if claim.origin else None),
            ("destination", claim.destination.text if claim.destination else None),
            ("purpose", claim.purpose),
        ]
    return found


def _phase(claim: Claim, line: Line, at: int, context: Context) -> str | None:
    """The words that say how far a movement has got: its verb, and those that govern it."""
    if not isinstance(claim, DeploymentClaim):
        return None
    first = clause(line.nodes, at)[0]
    governing = (
        node
        for node in line.nodes[max(first, at - REACH) : at]
        if node.has("modal-future", "mode-plan", "mode-demand") or node.lower in GOVERN
    )
    return " … ".join(context.words(node.first, node.last) for node in (*governing, line.nodes[at]))


def _place(claim: Claim, line: Line, context: Context) -> str:
    if claim.place is None:
        return "no place is named"
    named = any(node.kind == PLACE and node.value.iri == claim.place.iri for node in line.scenery)
    if named:
        return f"named in the sentence: “{claim.place.text}”"
    if any(node.kind == PLACE and node.value.iri == claim.place.iri for node in line.nodes):
        return f"named with the speaker or in the dateline: “{claim.place.text}”"
    people = (node for node in line.nodes if node.kind == GROUP and node.value.place is not None)
    if (told := next((node for node in people if node.value.place.iri == claim.place.iri), None)) is not None:
        return f"named with the people: “{context.words(told.first, told.last)}”"
    return "carried over from an earlier sentence, or the country that the document is about"


def _time(claim: Claim, line: Line, context: Context) -> str:
    if claim.time is None:
        days = any(node.kind == TIME for node in line.nodes)
        return "only the day of saying is named" if days else "no time is named"
    told = f", told from {context.day}" if context.day else ", and the document has no date to tell it from"
    if line.header.stamp is not None and claim.time.text == line.header.stamp.text:
        return f"the time stamp “{claim.time.text}”"
    if any(node.kind == TIME and node.value.text == claim.time.text for node in line.scenery):
        return f"named in the sentence: “{claim.time.text}”{told}"
    return f"carried over from an earlier sentence: “{claim.time.text}”"


def _source(claim: Claim, line: Line, at: int, context: Context) -> str:
    covering = sorted((cue for cue in line.cues if cue.covers(at)), key=lambda cue: cue.reach)
    if covering:
        words = (context.words(line.nodes[cue.first].first, line.nodes[cue.last - 1].last) for cue in covering)
        told = " ← ".join(f"“{' '.join(text.split())}”" for text in words)
        source = claim.source
        if source is not None and source.name and any(_pronoun(line, run) for cue in covering for run in cue.chain):
            told += f", who is {source.name}"
        return f"attributed: {told}"
    if claim.source is None:
        return "nobody is named, and the document has no publisher"
    agency = line.header.outlet
    if agency is not None and agency.iri == claim.source.iri:
        return f"the agency of the dateline: “{agency.text}”"
    return (
        "the sentence names nobody; from the quotation that it belongs to, from a sentence beside it that names the "
        f"source, or the publisher: “{claim.source.text}”"
    )


def _pronoun(line: Line, run: Run) -> bool:
    return line.nodes[run.head].lower in PRONOUNS or line.nodes[run.head].lower in OBLIQUE


def _modality(claim: Claim, line: Line, at: int, context: Context) -> str:
    if claim.modality == Modality.ASSERTED:
        return "asserted"
    bounds = clause(line.nodes, at)
    words = [
        context.words(node.first, node.last)
        for node in line.nodes[max(0, bounds[0] - 1) : bounds[1]]
        if any(tag.lex.startswith(("mode-", "modal")) for tag in node.tags) or node.lower in FALSE | FEARED
    ]
    return f"{claim.modality}: " + (", ".join(f"“{word}”" for word in words) or "by the clause that governs it")
