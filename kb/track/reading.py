"""The claims of a store as the statements that figures are made of, and what they are read against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from pyoxigraph import NamedNode

from kb.rdf import terms
from kb.resources import NAMESPACE
from kb.store import Store
from kb.track.copies import copies
from kb.track.records import Ancestors
from kb.track.statements import CROWD, TROOPS, Statement, Surroundings

_ASSERTED, _DENIED = "Asserted", "Denied"
_PLURAL = "2"  # a bare plural ("soldiers were killed") is no number to follow
_STARTED = frozenset({"Planned", "Possible"})  # of a deployment these are early phases, of harm they are no count


class Claims:
    """The values of claims by property, read once: a scan of each property instead of a join over all."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one: dict[str, dict[str, str]] = {}

    def of(self, name: str) -> dict[str, str]:
        """One value of a property (a term of the ontology, or an IRI) by subject."""
        if name not in self._one:
            predicate = NamedNode(name if ":" in name else NAMESPACE + name)
            found: dict[str, str] = {}
            for quad in self._store.quads(predicate=predicate):
                subject, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
                if subject not in found or value < found[subject]:
                    found[subject] = value
            self._one[name] = found
        return self._one[name]

    def many(self, name: str) -> dict[str, set[str]]:
        """All values of a property by subject."""
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self._store.quads(predicate=NamedNode(NAMESPACE + name)):
            found[getattr(quad.subject, "value", "")].add(getattr(quad.object, "value", ""))
        return found

    def kinds(self, name: str) -> list[str]:
        """The claims of a class, sorted."""
        kind = NamedNode(NAMESPACE + name)
        found = {
            getattr(quad.subject, "value", "") for quad in self._store.quads(None, NamedNode(terms.RDF_TYPE), kind)
        }
        return sorted(found & self.of("document").keys())


def statements(store: Store, events: Mapping[str, str]) -> list[Statement]:
    """Every claim of the store that counts people; ``events`` gives the event of a claim."""
    claims = Claims(store)
    relays, contributors = claims.many("relay"), claims.many("contributor")
    found: list[Statement] = []
    for claim in claims.kinds("CasualtyClaim"):
        people = _name(claims.of("victimClass").get(claim)) or "Unknown"
        row = _shared(claims, claim, relays, events)
        if row.phase is None:
            harm = _name(claims.of("harm")[claim]) or ""
            named = claim in claims.of("victimName")
            words, group = claims.of("victimsText").get(claim, ""), claims.of("victims").get(claim)
            found.append(row._replace(measure=harm, people=people, group=group, words=words, named=named))
    for claim in claims.kinds("CrowdClaim"):
        row = _shared(claims, claim, relays, events)
        if row.phase is None:
            found.append(row._replace(measure=CROWD, group=claims.of("group").get(claim)))
    for claim in claims.kinds("DeploymentClaim"):
        found.extend(_deployment(claims, claim, _shared(claims, claim, relays, events), contributors.get(claim, set())))
    return found


def _deployment(claims: Claims, claim: str, row: Statement, contributors: set[str]) -> Iterator[Statement]:
    """Troops are counted where they are sent; a force of one contributor is that contributor's, else the deployer's."""
    group = claims.of("deployer").get(claim)
    if group is None and len(contributors) == 1:
        group = next(iter(contributors))
    where = claims.of("destination").get(claim) or row.place
    phase = _name(claims.of("phase").get(claim))
    if where is None or row.phase not in (None, *_STARTED):
        return
    if row.phase is not None:
        phase = "Announced"
    yield row._replace(measure=TROOPS, people="", group=group, place=where, stated=True, phase=phase)


def _shared(claims: Claims, claim: str, relays: Mapping[str, set[str]], events: Mapping[str, str]) -> Statement:
    """What every kind of claim has; ``phase`` holds a modality that is neither asserted nor denied."""
    document = claims.of("document")[claim]
    modality = _name(claims.of("modality").get(claim)) or _ASSERTED
    place = claims.of("place").get(claim)
    low, high = claims.of("minimum").get(claim), claims.of("maximum").get(claim)
    hedge = _name(claims.of("hedge").get(claim)) or "Exact"
    if (low, high, hedge) == (_PLURAL, None, "Vague"):
        low = None
    return Statement(
        claim=claim,
        document=document,
        measure="",
        people="",
        group=None,
        low=int(low) if low is not None else None,
        high=int(high) if high is not None else None,
        count_words=claims.of("countText").get(claim, ""),
        hedge=hedge,
        place=place,
        stated=place is not None and claims.of("placeText").get(claim, "") in claims.of("quote").get(claim, ""),
        first=_day(claims.of("earliest").get(claim)),
        last=_day(claims.of("latest").get(claim)),
        source=claims.of("source").get(claim) or claims.of(f"{terms.DCTERMS}publisher").get(document) or document,
        passed=frozenset(relays.get(claim, ())),
        published=claims.of(f"{terms.DCTERMS}issued").get(document, ""),
        denied=modality == _DENIED,
        whole=claims.of("subsetOf").get(claim),
        event=events.get(claim),
        event_type=_name(claims.of("eventType").get(claim)),
        phase=None if modality in (_ASSERTED, _DENIED) else modality,
        start=int(claims.of("start").get(claim, "0")),
    )


def surroundings(
    store: Store, within: Ancestors, part_of: Ancestors, members: Ancestors, found: list[Statement]
) -> Surroundings:
    """What the statements of a store are read against."""
    claims = Claims(store)
    stated: dict[str, set[str]] = defaultdict(set)
    for claim, place in claims.of("place").items():
        document = claims.of("document").get(claim)
        if document is not None and claims.of("placeText").get(claim, "") in claims.of("quote").get(claim, ""):
            stated[document].add(place)
    documents = {statement.document for statement in found}
    texts = {document: text for document, text in claims.of("text").items() if document in documents}
    named = {document: frozenset(places) for document, places in stated.items()}
    return Surroundings(within, part_of, members, copies(texts), named)


def _name(iri: str | None) -> str | None:
    return None if iri is None else iri.removeprefix(NAMESPACE)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
