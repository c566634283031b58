"""What one document says, as tracking works on it: statements and mentions out of its graph, decisions honoured."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kb.model import Modality
from kb.rdf import Graph, claim_facts, terms
from kb.resources import NAMESPACE
from kb.review import Standing, amend
from kb.review.deciding import described
from kb.store import Store
from kb.track.recalling import recalled
from kb.track.records import Mention
from kb.track.statements import CROWD, TROOPS, Statement

Values = Mapping[str, list[str]]
"""Values of objects by predicate, of one subject."""
Fact = tuple[str, str, str]

_ASSERTED, _DENIED = "Asserted", "Denied"
DCTERMS_TITLE = f"{terms.DCTERMS}title"
_CORRECTING = re.compile(
    r"\bcorrect(?:ion|ions|ed|s|ing)\b"
    r"|\bwithdr(?:ew|awn|aws)\b[^.]{0,60}\b(?:figure|number|toll|count|claim|statement|report)"
    r"|\bretract(?:ed|s|ion|ing)\b|\bt(?:ook|ake|akes|aken) back\b|\bplease read\b"
    r"|\brevis(?:ed|es|ing) (?:down|its|the)\b"
    r"|\b(?:erroneous|mistaken|wrong|incorrect)(?:ly)? (?:figure|number|toll|count|reported|stated|given|announced)"
    r"|\bclerical error\b|\bcounted twice\b",
    re.IGNORECASE,
)
_ORDINALS = (
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth"
).split()
_FIRST_ORDINAL = 3  # "a second" is as often a moment, or another of two things
_OF_THE_DEAD = (
    r" (?:more )?of (?:the|those|these|its|all) (?:\w+ ){0,2}?"
    r"(?:dead|victims|killed|deceased|casualties|wounded|injured|bodies)\b"
)
_PLURAL = "2"  # a bare plural ("soldiers were killed") is no number to follow
_POSSIBLE = "Possible"
_STARTED = frozenset({"Planned", _POSSIBLE})  # of a deployment these are early phases, of harm they are no count
_NAMING = frozenset({terms.kb("EventClaim"), terms.kb("CrowdClaim")})
_CLAIMS = {terms.kb(f"{kind}Claim"): kind for kind in ("Casualty", "Deployment", "Event", "Crowd")}


class Gathered(NamedTuple):
    """One document: what it counts, what events it mentions, its text and day, and what decisions say of its claims.

    ``stated`` are the places that it names in the very words of its counts, but for background; ``places`` those of all
    its claims.
    """

    document: str
    text: str
    day: str
    statements: list[Statement]
    mentions: list[Mention]
    stated: frozenset[str]
    facts: list[Fact]
    places: frozenset[str] = frozenset()


def gather(store: Store, graph: str, standing: Standing) -> Gathered:
    """Reads the graph of a document. Claims that were rejected or amended are left out, their revisions taken in."""
    quads = list(store.quads(graph=NamedNode(graph)))
    subjects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            subjects[quad.subject.value][quad.predicate.value].append(quad.object.value)
    document = graph.removesuffix("/graph")
    facts: list[Fact] = []
    revisions: dict[str, str] = {}
    claims = {
        iri: values for iri, values in subjects.items() if not _CLAIMS.keys().isdisjoint(values.get(terms.RDF_TYPE, ()))
    }
    for iri in sorted(claims):
        if iri in standing.accepted:
            facts.append((iri, terms.kb("acceptedBy"), terms.node(standing.accepted[iri])))
        if iri in standing.rejected:
            facts.append((iri, terms.kb("setAside"), terms.node(standing.rejected[iri])))
            del claims[iri]
        elif iri in standing.amended:
            changes = standing.amended[iri]
            facts.append((iri, terms.kb("setAside"), terms.node(changes[-1].iri(store.base))))
            del claims[iri]
            known = Graph(quads, lambda node: described(store, node))
            claim = next(claim for claim in known.claims if claim.id == terms.identifier(iri))
            revised = amend(claim, [(each.field or "", each.value or "") for each in changes])
            subject = store.iri(f"claim/{terms.local(revised.id)}")
            written = claim_facts(revised, document, store.base, lambda node: described(store, node) is not None)
            facts += [*written, (subject, terms.kb("revisionOf"), terms.node(iri))]
            claims[subject] = _values(written, subject)
            revisions[iri] = subject
    about = subjects.get(document, {})
    told = f"{_first(about, DCTERMS_TITLE) or ''}\n{_first(about, terms.kb('text')) or ''}"
    correcting = _CORRECTING.search(told) is not None
    values = [_Claim(iri, claims[iri], document, about, standing, correcting) for iri in sorted(claims)]
    return Gathered(
        document,
        _first(about, terms.kb("text")) or "",
        (_first(about, f"{terms.DCTERMS}issued") or "")[:10],
        [
            statement._replace(whole=revisions.get(statement.whole or "", statement.whole))
            for each in values
            for statement in each.statements()
        ],
        [mention for each in values for mention in each.mentions()],
        frozenset(place for each in values if each.counts and (place := each.stated())),
        facts,
        frozenset(
            standing.node(place, iri)
            for iri, values_ in claims.items()
            for name in ("place", "destination")
            for place in values_.get(terms.kb(name), ())
        ),
    )


def _values(facts: list[Fact], subject: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    lines = "".join(f"<{s}> <{p}> {o} .\n" for s, p, o in facts)
    for triple in parse(lines, RdfFormat.N_TRIPLES):
        if getattr(triple.subject, "value", "") == subject:
            found[triple.predicate.value].append(str(getattr(triple.object, "value", "")))
    return found


def _first(values: Values, predicate: str) -> str | None:
    found = values.get(predicate)
    return min(found) if found else None


class _Claim:
    """One claim in the graph of its document."""

    def __init__(
        self, iri: str, values: Values, document: str, about: Values, standing: Standing, correcting: bool
    ) -> None:
        self.iri = iri
        self._values = values
        self._document = document
        self._about = about
        self._standing = standing
        self._correcting = correcting
        self.aside = self._get("background") is not None

        self._kind = next(_CLAIMS[kind] for kind in values[terms.RDF_TYPE] if kind in _CLAIMS)
        self.counts = self._kind != "Event" and not self.aside

    def _get(self, name: str) -> str | None:
        return _first(self._values, terms.kb(name))

    def _node(self, name: str) -> str | None:
        iri = self._get(name)
        return None if iri is None else self._standing.node(iri, self.iri)

    def _term(self, name: str) -> str | None:
        iri = self._get(name)
        return None if iri is None else iri.removeprefix(NAMESPACE)

    def stated(self) -> str | None:
        """The place, if the quote itself names it."""
        place = self._node("place")
        return place if place and (self._get("placeText") or "") in (self._get("quote") or "") else None

    def statements(self) -> Iterator[Statement]:
        """The statement of a claim that counts people."""
        if self._kind == "Event":
            return
        row = self._shared()
        row = row._replace(possible=row.phase == _POSSIBLE)
        if self._kind == "Deployment":
            yield from self._deployment(row)
        elif row.phase not in (None, _POSSIBLE):
            return
        elif self._kind == "Crowd":
            yield row._replace(measure=CROWD, group=self._node("group"), phase=None)
        else:
            yield row._replace(
                phase=None,
                measure=self._term("harm") or "",
                people=self._term("victimClass") or "Unknown",
                group=self._node("victims"),
                words=self._get("victimsText") or "",
                named=self._get("victimName") is not None,
                few=self._few(),
                low=self._rank() or row.low,
                high=self._rank() or row.high,
            )

    def _rank(self) -> int | None:
        """The number that an ordinal tells: "a tenth pupil has died" makes ten."""
        first = (self._get("victimsText") or "").casefold().split(" ")[0]
        one = self._get("minimum") == self._get("maximum") == "1"
        return _ORDINALS.index(first) + _FIRST_ORDINAL if one and first in _ORDINALS else None

    def _few(self) -> bool:
        """Whether its words make the number one of more: "five of the dead were children"."""
        count, quote = self._get("countText"), self._get("quote") or ""
        return bool(count) and re.search(rf"\b{re.escape(count or '')}{_OF_THE_DEAD}", quote, re.IGNORECASE) is not None

    def _deployment(self, row: Statement) -> Iterator[Statement]:
        """Troops are counted where they are sent; a force of one contributor is that one's, else the deployer's."""
        group = self._node("deployer")
        contributors = self._values.get(terms.kb("contributor"), ())
        if group is None and len(contributors) == 1:
            group = self._standing.node(contributors[0], self.iri)
        where = self._node("destination") or row.place
        phase = self._term("phase")
        if where is None or row.phase not in (None, *_STARTED):
            return
        if row.phase is not None:
            phase = "Announced"
        yield row._replace(measure=TROOPS, people="", group=group, place=where, stated=True, phase=phase)

    def _shared(self) -> Statement:
        """What every kind of claim has; ``phase`` holds a modality that is neither asserted nor denied."""
        modality = self._term("modality") or _ASSERTED
        place = self._node("place")
        low, high = self._get("minimum"), self._get("maximum")
        hedge = self._term("hedge") or "Exact"
        if (low, high, hedge) == (_PLURAL, None, "Vague"):
            low = None
        publisher = _first(self._about, f"{terms.DCTERMS}publisher")
        return Statement(
            claim=self.iri,
            document=self._document,
            measure="",
            people="",
            group=None,
            low=int(low) if low is not None else None,
            high=int(high) if high is not None else None,
            count_words=self._get("countText") or "",
            hedge=hedge,
            place=place,
            stated=self.stated() is not None,
            first=_day(self._get("earliest")),
            last=_day(self._get("latest")),
            source=self._node("source")
            or (self._standing.node(publisher, self.iri) if publisher else None)
            or self._document,
            passed=frozenset(self._standing.node(relay, self.iri) for relay in self._values.get(terms.kb("relay"), ())),
            published=_first(self._about, f"{terms.DCTERMS}issued") or "",
            denied=modality == _DENIED,
            whole=self._get("subsetOf"),
            event_type=self._term("eventType"),
            phase=None if modality in (_ASSERTED, _DENIED) else modality,
            start=int(self._get("start") or 0),
            aside=self.aside,
            publisher=(self._standing.node(publisher, self.iri) if publisher else None) or self._document,
            correcting=self._correcting,
            recalled=recalled(self._get("quote") or "", self._get("countText") or ""),
        )

    def mentions(self) -> Iterator[Mention]:
        """What the claim says of an event."""
        kind = self._get("eventType")
        if kind is not None:
            yield Mention(
                self.iri,
                self._document,
                kind,
                Modality(terms.kebab(self._term("modality") or _ASSERTED)),
                not _NAMING.isdisjoint(self._values[terms.RDF_TYPE]),
                self._node("place"),
                _day(self._get("earliest")),
                _day(self._get("latest")),
            )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
