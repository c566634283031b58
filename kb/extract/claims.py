"""Findings become claims: each with its place, time, speaker, status and exact quote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from kb.extract import deployers
from kb.extract.context import Context
from kb.extract.contingents import Contingents
from kb.extract.crowds import Crowd
from kb.extract.entities import ACTOR, DEMONYM, PLACE
from kb.extract.events import OFFICIAL
from kb.extract.harmed import Casualty
from kb.extract.lexicon import many_of
from kb.extract.movement import LEAVING
from kb.extract.moves import Deployment
from kb.extract.nodes import TIME, Node
from kb.extract.participants import PERSONAL, Event, acts, body_of, unnamed_fighters
from kb.extract.parts import part_place
from kb.extract.phrases import GROUP
from kb.extract.quotations import relayed
from kb.extract.reading import Line
from kb.extract.scene import Scene, place_at, places_at, time_at
from kb.extract.status import ASSERTED, Status, doubted, status
from kb.extract.subjects import Subjects
from kb.extract.voice import clause
from kb.extract.who import Attribution, actor_of
from kb.model import (
    Actor,
    ActorType,
    CasualtyClaim,
    Certainty,
    Claim,
    Count,
    CrowdClaim,
    DeploymentClaim,
    Document,
    EventClaim,
    Harm,
    Hedge,
    Modality,
    Place,
    TimeSpan,
    Victims,
    digest,
)

EXTRACTOR = "rules/1"
RULED = frozenset({"curfew", "state-of-emergency", "internet-shutdown"})
DRAFT = "draft-"  # the ids of claims before they get their own
# What each draft was read from: the sentence, the node of its trigger, and the document's context.
Traces = dict[str, tuple[Line, int, Context]]
TOLD_BY_PHASE = (Modality.PLANNED, Modality.DEMANDED)
# Left out of a claim's identity: names that depend on the store's base, and how it was found rather than what it says.
NOT_IDENTITY = {
    "id",
    "document",
    "extractor",
    "rule",
    "confidence",
    "needs_review",
    "review_reason",
    "subset_of",
    "background",
}
EVENT_OF_HARM = {Harm.DETAINED: "arrest", Harm.ABDUCTED: "kidnapping"}


def _bare(value: Any) -> Any:
    """A field without IRIs, for the hash."""
    kind = type(value)  # what a model dumps is of these types themselves
    if kind is dict:
        return {key: _bare(value[key]) for key in sorted(value) if key not in ("iri", "within")}
    return [_bare(item) for item in value] if kind is list or kind is tuple else value


def identified(claims: list[Claim], document: Document) -> list[Claim]:
    """The claims with their ids: each a hash of the document's content, the span and the fields, whatever found it.

    Repetitions, which would have the same id, are left out; ``subset_of`` is put from draft ids to the final ones.
    """
    key, final = document.key, dict[str, str]()
    for claim in claims:
        fields = claim.model_dump(mode="json", by_alias=True, exclude=NOT_IDENTITY)
        parts = [f"{name}={_bare(value)}" for name, value in sorted(fields.items())]
        final[claim.id] = digest("claim", key, *parts)
    found: dict[str, Claim] = {}
    for claim in claims:
        update: dict[str, str | None] = {"id": final[claim.id]}
        if isinstance(claim, CasualtyClaim) and claim.subset_of is not None:
            update["subset_of"] = final[claim.subset_of] if final[claim.subset_of] != update["id"] else None
        found.setdefault(final[claim.id], claim.model_copy(update=update))
    return list(found.values())


def _nearest(happened: list[Event], at: int) -> str | None:
    """The type of the event named nearest to a trigger, the earlier of two."""
    return min(happened, key=lambda event: (abs(event.trigger - at), event.trigger)).kind if happened else None


class Assembler:
    """Makes the claims of one document, sentence by sentence."""

    def __init__(self, document: Document, context: Context, base: str, armed: Actor | None = None) -> None:
        self._document, self._context, self._base = document, context, base
        self._publisher = context.directory.outlet(document.publisher) if document.publisher else None
        self._armed = armed
        self.subjects = Subjects()
        self._drafts = count()
        self.traces: Traces | None = None
        self._agency: Actor | None = None
        self._contingents = Contingents()

    def _shared(
        self, line: Line, at: int, scene: Scene, said: Sequence[Attribution], put: Status, rule: str, confidence: float
    ) -> dict[str, Any]:
        start, end = self._context.span(line.first, line.sentence.last)
        attribution = self._passed_on(said[at])
        source = attribution.source or self._publisher
        bounds = clause(line.nodes, at)
        draft = f"{DRAFT}{next(self._drafts)}"
        if self.traces is not None:
            self.traces[draft] = (line, at, self._context)
        return {
            "id": draft,
            "document": self._document.id,
            "place": self._where(line, at, scene, bounds),
            "time": time_at(line.scenery, at, scene, self._context, line.sentence.block, bounds),
            "source": source,
            "relays": attribution.relays,
            "modality": put.modality,
            "certainty": put.certainty,
            "quote": self._context.text[start:end],
            "start": start,
            "end": end,
            "extractor": EXTRACTOR,
            "rule": rule,
            "confidence": confidence,
        }

    def opens(self, line: Line) -> None:
        """Take notice of a dateline's agency: it relays what follows, up to the next one."""
        self._agency = line.header.outlet or self._agency

    def _passed_on(self, attribution: Attribution) -> Attribution:
        """The attribution with the dateline's agency as the last relay, unless it is the publisher itself."""
        agency, publisher = self._agency, self._publisher
        if agency is None or (publisher is not None and publisher.iri == agency.iri):
            return attribution
        return relayed(attribution, agency)

    def _put(self, line: Line, at: int) -> Status:
        """How a trigger is put; what a withdrawn report says is denied."""
        covering = [cue for cue in line.cues if cue.covers(at)]
        past = any(tag.form == "past" for cue in covering for tag in line.nodes[cue.verb].tags)
        put = status(line.nodes, at, clause(line.nodes, at), told_in_past=past)
        withdrawn = any(doubted(line.nodes[run.first : run.last]) for cue in covering for run in cue.chain)
        return put._replace(modality=Modality.DENIED) if withdrawn else put

    def _where(self, line: Line, at: int, scene: Scene, bounds: tuple[int, int]) -> Place | None:
        """The place of what happens; where speakers are is taken only if nothing better is known."""
        place = place_at(line.scenery, at, scene, bounds)
        return place if place is not None or line.header.end else place_at(line.nodes, at, scene, bounds)

    def _actors(self, nodes: list[Node], indexes: Iterable[int]) -> tuple[Actor, ...]:
        found: dict[str | None, Actor] = {}
        for index in indexes:
            pronoun = nodes[index].lower in PERSONAL
            for node in self.subjects.meant(nodes, index) if pronoun else (nodes[index],):
                for actor in (self._doer(node), self._body(node)):
                    if actor is not None:
                        found.setdefault(actor.iri, actor)
        return tuple(found.values())

    def _doer(self, node: Node) -> Actor | None:
        """Who does something: as any phrase for people, or a crowd or body by its common noun."""
        if node.kind == DEMONYM:  # "Kyrgyz and Tajik border guards"
            return self._context.directory.state(node.value.code, self._words(node))
        actor = actor_of(node, self._context)
        if actor is None and acts(node):
            return self._context.directory.group(node.lower, self._words(node))
        return actor

    def _body(self, node: Node) -> Actor | None:
        """Whose people a phrase tells of; guerrillas of no name are those of the only armed group in the document."""
        return self._armed if self._armed is not None and unnamed_fighters(node) else body_of(node)

    def casualties(
        self, line: Line, found: list[Casualty], scene: Scene, said: Sequence[Attribution], happened: list[Event]
    ) -> list[Claim]:
        """The claims of people harmed; a subset names the claim that it is part of."""
        claims: list[Claim] = []
        for finding in found:
            put = self._put(line, finding.trigger)
            if put.modality == Modality.DENIED and finding.count.maximum == 0:
                put = ASSERTED
            shared = self._shared(line, finding.trigger, scene, said, put, finding.rule.name, finding.rule.confidence)
            if part_place(line.nodes, finding) is not None:
                shared["place"] = place_at(line.nodes, finding.phrase, scene)
            if finding.background and not any(node.kind == TIME for node in line.scenery):
                shared["time"] = None  # not the day of the incident that it is told beside
            harm = Harm(finding.harm)
            claim = CasualtyClaim(
                **shared,
                harm=harm,
                count=finding.count,
                victims=self._victims(finding),
                agents=self._actors(line.nodes, finding.agents),
                event_type=EVENT_OF_HARM.get(harm) or _nearest(happened, finding.trigger),
                subset_of=claims[finding.whole].id
                if finding.whole is not None and finding.whole < len(claims)
                else None,
                background=finding.background,
            )
            claims.append(claim)
        return claims

    def unclear(self, line: Line, at: int, harm: str, scene: Scene, said: Sequence[Attribution]) -> Claim:
        """A claim that only says: here someone may have come to harm, and a person must read how many and who."""
        put = Status(Modality.POSSIBLE, Certainty.POSSIBLE)
        words = self._words(line.nodes[at])
        shared = self._shared(line, at, scene, said, put, "harm-unclear", 0.2)
        shared |= {"needs_review": True, "review_reason": f"“{words}” stands in a clause of time: who, and how many?"}
        return CasualtyClaim(
            **shared, harm=Harm(harm), count=Count(minimum=None, maximum=None, hedge=Hedge.VAGUE, text=words)
        )

    def _victims(self, finding: Casualty) -> Victims:
        directory = self._context.directory
        actor = (
            directory.person(finding.name, None, finding.text)
            if finding.name
            else directory.group(many_of(finding.noun), finding.text, finding.country)
        )
        return Victims(
            text=finding.text,
            class_=finding.victim_class,
            name=actor.name if finding.name else None,
            iri=actor.iri,
            country=actor.country if finding.name is None else finding.country,
        )

    def events(self, line: Line, found: list[Event], scene: Scene, said: Sequence[Attribution]) -> list[Claim]:
        """The claims of events."""
        claims: list[Claim] = []
        for finding in found:
            put = self._put(line, finding.trigger)
            if finding.probable and put.certainty == Certainty.CERTAIN:
                put = put._replace(certainty=Certainty.PROBABLE)
            shared = self._shared(line, finding.trigger, scene, said, put, finding.rule, finding.confidence)
            if finding.kind in OFFICIAL:
                shared["place"] = self._seat()
            ruled = self._ruled(line.nodes, finding.agents) if finding.kind in RULED else None
            shared["place"] = ruled or shared["place"]
            if finding.rule == "blame":
                shared["time"] = self._time_of_act(line, finding.trigger, scene)
            claim = EventClaim(
                **shared,
                event_type=finding.kind,
                agents=self._actors(line.nodes, finding.agents),
                targets=self._targets(line, finding.targets),
                instruments=tuple(self._words(line.nodes[i]) for i in finding.instruments),
            )
            claims.append(claim)
            if ruled is None:
                claims.extend(self._elsewhere(claim, line, finding.trigger, scene))
        return claims

    def _time_of_act(self, line: Line, at: int, scene: Scene) -> TimeSpan | None:
        """When a thing that is claimed was done: not the day right behind the words of claiming it."""
        nodes = list(line.scenery)
        for index in range(at - 1, 0, -1):
            if nodes[index].has("blame-claim"):
                nodes[index + 1 : at] = [
                    n if n.kind != TIME else n._replace(kind="word") for n in nodes[index + 1 : at]
                ]
                break
        return time_at(nodes, at, scene, self._context, line.sentence.block, clause(line.nodes, at))

    def _elsewhere(self, claim: EventClaim, line: Line, at: int, scene: Scene) -> list[Claim]:
        """The same kind of event in each other place of a list: "attacks in Guazapa, Chalatenango, and Ilobasco"."""
        if claim.event_type in OFFICIAL:
            return []
        places = places_at(line.scenery, at, scene, clause(line.nodes, at))
        others = [place for place in places if claim.place is None or place.iri != claim.place.iri]
        return [claim.model_copy(update={"id": f"{DRAFT}{next(self._drafts)}", "place": place}) for place in others]

    def _ruled(self, nodes: list[Node], agents: Iterable[int]) -> Place | None:
        """Where a curfew or cut holds by who orders it: the country that does, or the place of a mayor or governor."""
        for index in agents:
            node = nodes[index]
            if node.kind == PLACE and node.value.precision == "country":
                return node.value  # type: ignore[no-any-return]  # a place node holds a Place
            if node.kind == GROUP and node.value.place is not None:
                return node.value.place  # type: ignore[no-any-return]  # a group holds a Place
        return None

    def _seat(self) -> Place | None:
        """Where official acts are placed: the country that the document is about."""
        gazetteer = self._context.gazetteer
        return gazetteer.country_place(gazetteer.country) if gazetteer.country else None

    def _words(self, node: Node) -> str:
        return self._context.words(node.first, node.last)

    def _targets(self, line: Line, indexes: Iterable[int]) -> tuple[Actor, ...]:
        """People and bodies as actors; buildings and grounds by their wording."""
        found: list[Actor] = []
        for index in indexes:
            node = line.nodes[index]
            actor = None if node.kind == PLACE else actor_of(node, self._context)
            if actor is None:
                text = self._thing(line.nodes, index)
                actor = Actor(text=text, type=ActorType.OBJECT, country=self._context.directory.country)
            found.append(actor)
        return tuple(found)

    def _thing(self, nodes: list[Node], index: int) -> str:
        """A building with the number and adjectives before it: "three administrative buildings"."""
        first = index
        while first > 0 and (
            nodes[first - 1].kind in ("count", "demonym", PLACE, ACTOR)
            or nodes[first - 1].has("modifiers")
            or not nodes[first - 1].tags
        ):
            if nodes[first - 1].kind == "word" and not nodes[first - 1].lower[0].isalpha():
                break
            if nodes[first - 1].has("event-verb", "harm-verb"):
                break  # "detained"
            first -= 1
            if nodes[first].kind == "count" or index - first > 3:
                break
        return self._context.words(nodes[first].first, nodes[index].last)

    def crowds(self, line: Line, found: list[Crowd], scene: Scene, said: Sequence[Attribution]) -> list[Claim]:
        """The claims of gatherings."""
        claims: list[Claim] = []
        for finding in found:
            put = self._put(line, finding.trigger)
            shared = self._shared(line, finding.trigger, scene, said, put, "crowd", 0.75)
            group = actor_of(line.nodes[finding.phrase], self._context)
            if group is not None:
                group = group.model_copy(update={"text": line.nodes[finding.phrase].value.text})
            claim = CrowdClaim(**shared, group=group, count=finding.count, event_type=finding.kind)
            claims.append(claim)
        return claims

    def deployments(
        self, line: Line, found: list[Deployment], scene: Scene, said: Sequence[Attribution]
    ) -> list[Claim]:
        """The claims of forces on the move."""
        return [
            self._deployment(line, finding, scene, said)
            for finding in found
            if self._contingents.taken_up(finding, line.number)
        ]

    def _deployment(self, line: Line, finding: Deployment, scene: Scene, said: Sequence[Attribution]) -> Claim:
        nodes, context = line.nodes, self._context
        put = self._put(line, finding.trigger)
        # The phase itself says that it was asked for, decided or announced, or that the first have come.
        leaving = finding.phase in LEAVING
        if finding.rule == "first-to-come" or (put.modality in TOLD_BY_PHASE and not leaving):
            put = Status(Modality.ASSERTED, put.certainty)
        if finding.count is not None and finding.count.maximum == 0:
            put = Status(Modality.DENIED, put.certainty)
        shared = self._shared(line, finding.trigger, scene, said, put, finding.rule, 0.75)
        destination = deployers.place(nodes, finding.destination, context)
        origin = deployers.place(nodes, finding.origin, context)
        known = scene.moved or scene.place
        if finding.there:
            destination, origin = (None, known) if leaving else (known, origin)
        shared["place"] = destination or origin or known
        scene.moved = destination or origin or scene.moved
        deployer = deployers.owner(nodes[finding.deployer], context) if finding.deployer is not None else None
        unit = deployers.unit(nodes, finding, context)
        deployer, unit = self._contingents.meant(finding, deployer, unit, line.number)
        claim = DeploymentClaim(
            **shared,
            event_type="withdrawal" if leaving else "deployment",
            deployer=deployer,
            contributors=deployers.owners(nodes, finding.contributors, context),
            unit=unit,
            count=finding.count,
            equipment=self._range(nodes, finding.equipment),
            origin=origin,
            destination=destination,
            phase=finding.phase,
            purpose=self._range(nodes, finding.purpose),
        )
        self._contingents.told(deployer, unit, line.number)
        return claim

    def _range(self, nodes: list[Node], bounds: tuple[int, int] | None) -> str | None:
        return self._context.words(nodes[bounds[0]].first, nodes[bounds[1]].last) if bounds else None
