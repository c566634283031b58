"""The tracked graph of one segment: events, figures and what was found in them, as lines of N-Triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kb.model import Modality, digest
from kb.rdf import terms
from kb.resources import NAMESPACE
from kb.review import Standing
from kb.store import Store
from kb.track.aliases import aliases
from kb.track.events import decided, events
from kb.track.figure_graph import facts as figure_facts
from kb.track.figure_graph import given_name, told
from kb.track.figures import figures
from kb.track.findings import Names
from kb.track.index import Index
from kb.track.knowledge import Knowledge
from kb.track.records import Event
from kb.track.segments import Part
from kb.track.statements import Surroundings
from kb.track.wording import label

Fact = tuple[str, str, str]


def lines(parts: Sequence[Part], around: tuple[Knowledge, Standing, Index], store: Store) -> set[str]:
    """What the parts of a segment give: the same lines whatever the order in which they came."""
    knowledge, standing, index = around
    names = Names(knowledge.labels)
    found: set[str] = set()
    of_claim: dict[str, str] = {}
    named = {s.place for part in parts for s in part.statements} | {m.place for part in parts for m in part.mentions}
    same = aliases((place for place in named if place), knowledge.within, knowledge.located)
    mentions = (m._replace(place=same.get(m.place or "", m.place)) for part in parts for m in part.mentions)
    made_events = events(mentions, knowledge.within)
    for event in decided(made_events, standing.together, standing.apart):
        facts = list(_facts(event, store, names, standing))
        of_claim.update(dict.fromkeys(event.claims, facts[0][0]))
        found.update(written(facts))
    statements = [
        s._replace(event=of_claim.get(s.claim), place=same.get(s.place or "", s.place))
        for part in parts
        for s in part.statements
    ]
    copies = {part.document: first for part in parts if (first := index.copy_of(part.document))}
    stated = {part.document: frozenset(same.get(place, place) for place in part.stated) for part in parts}
    surroundings = Surroundings(
        knowledge.within, knowledge.part_of, knowledge.members, copies, stated, standing, knowledge.located
    )
    made = told(figures(statements, surroundings), surroundings, names)
    found.update(written(figure_facts(made, store, names, standing)))
    found.update(written(fact for spelling, place in same.items() for fact in _spelt(spelling, place, parts, names)))
    return found


def _spelt(spelling: str, place: str, parts: Sequence[Part], names: Names) -> Iterator[Fact]:
    """That one place is another in a different spelling, said once a segment, which its first document names."""
    subject = f"{parts[0].document}#{digest('resolution', spelling, place, str(parts[0].first))}"
    reason = f"the same name in another spelling: {names.of(spelling)}, {names.of(place)}"
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("Resolution"))
    yield subject, terms.kb("resolves"), terms.node(spelling)
    yield subject, terms.kb("resolvedInto"), terms.node(place)
    yield subject, terms.kb("resolutionReason"), terms.text(reason)


def written(facts: Iterable[Fact]) -> set[str]:
    """Facts as lines of N-Triples."""
    return {f"<{subject}> <{predicate}> {about} .\n" for subject, predicate, about in facts}


def _facts(event: Event, store: Store, names: Names, standing: Standing) -> Iterator[Fact]:
    subject = store.iri(f"event/{event.identifier(store.base)}")
    kind = names.labels.get(event.type) or terms.kebab(event.type.removeprefix(NAMESPACE)).replace("-", " ")
    place = names.labels.get(event.place) if event.place else None
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("Event"))
    yield subject, terms.kb("eventType"), terms.node(event.type)
    named = given_name(standing, "event", event.claims)
    yield subject, terms.RDFS_LABEL, terms.label(named or label(event, kind, place))
    if event.place:
        yield subject, terms.kb("place"), terms.node(event.place)
    if event.first:
        yield subject, terms.kb("earliest"), terms.MOMENT.write(event.first)
    if event.last:
        yield subject, terms.kb("latest"), terms.MOMENT.write(event.last)
    if event.modality is not Modality.ASSERTED:
        yield subject, terms.kb("modality"), terms.node(terms.kb(terms.pascal(event.modality.value)))
    for claim in event.claims:
        yield claim, terms.kb("event"), terms.node(subject)
