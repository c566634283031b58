"""Claims made by a rule, in the ontology's own terms, as many as are wanted: what the endpoint is measured on.

Documents of six claims about towns of ten countries, from sources and relays of very different frequency, a third with
open counts, some denied; events of about eight claims and figures of about twelve, with findings and contradictions, as
tracking would write them (tracking itself is measured elsewhere).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from kb.model import Actor, CasualtyClaim, Claim, Count, DeploymentClaim, Document, EventClaim, Place, TimeSpan, Victims
from kb.model.actor import ActorType, VictimClass
from kb.model.claim import Harm, Modality, Phase
from kb.model.count import Hedge
from kb.rdf import document_quads, graph_iri, terms

COUNTRIES = ("KZ", "UA", "SY", "IQ", "AF", "NG", "ML", "YE", "SO", "CO")
TYPES = ("riot", "protest", "clash", "bombing", "attack", "arrest")
RECORDED = datetime(2022, 2, 1, tzinfo=UTC)
FIRST_DAY = date(2022, 1, 1)
CLAIMS_A_DOCUMENT = 6
TRIPLES_A_CLAIM = 35
"""About: how many triples of the merged graph there are for each claim, its share of document and figure included."""

_WORDS = (
    "crowd square mayor building fire night morning police army clashes shots hospital officials ministry witness road "
    "airport station curfew internet checkpoint convoy troops border village bridge market school journalist union"
).split()
_VICTIMS = (
    ("soldiers", VictimClass.SECURITY_FORCES),
    ("police officers", VictimClass.POLICE),
    ("protesters", VictimClass.PROTESTERS),
    ("civilians", VictimClass.CIVILIANS),
    ("people", VictimClass.UNKNOWN),
)
_PHASES = tuple(Phase)
_HARMS = (Harm.KILLED, Harm.KILLED, Harm.INJURED, Harm.DETAINED)


@dataclass
class Made:
    """What the tracked facts are made from: claims by event, casualty claims by figure."""

    events: dict[tuple[str, str, date], list[str]] = field(default_factory=lambda: defaultdict(list))
    figures: dict[tuple[str, str], list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))


class Generator:
    """Documents with their claims; the same numbers give the same bytes."""

    def __init__(self, base: str, triples: int) -> None:
        self.base = base
        self.documents = max(20, triples // (TRIPLES_A_CLAIM * CLAIMS_A_DOCUMENT))
        self.claims = self.documents * CLAIMS_A_DOCUMENT
        self._chosen = random.Random(20220105)  # noqa: S311 (nothing secret)
        self._made = Made()
        self._cities = max(20, self.claims // 120)
        self._sources = max(20, self.claims // 60)

    def graphs(self) -> Iterator[tuple[str, bytes]]:
        """Each document's key and N-Quads, then ``("", …)`` with the tracked graph's, a part at a time."""
        for number in range(self.documents):
            yield self._document(number)
        yield from (("", part) for part in self._tracked())

    def _document(self, number: int) -> tuple[str, bytes]:
        chosen = self._chosen
        day = FIRST_DAY + timedelta(days=chosen.randrange(360))
        quotes = [self._quote() for _ in range(CLAIMS_A_DOCUMENT)]
        document = Document(
            text="\n".join(quotes) + f"\nReport {number}.",
            given_id=f"generated-{number}",
            title=f"Report {number} on {chosen.choice(_WORDS)} and {chosen.choice(_WORDS)}",
            publisher=f"Outlet {int(chosen.paretovariate(0.7)) % 40}",
            published=day,
            language="en",
            url=f"https://reports.example/{number}",
        )
        claims, start = [], 0
        for place, quote in enumerate(quotes):
            claims.append(self._claim(f"{number:x}-{place}", document.key, quote, start, day))
            start += len(quote) + 1
        return document.key, document_quads(document, claims, self.base, RECORDED, extractor="rules/1")

    def _quote(self) -> str:
        words = " ".join(self._chosen.choices(_WORDS, k=self._chosen.randrange(9, 22)))
        rare = self._chosen.randrange(100_000)
        return f"{words.capitalize()} near block {rare // 20} with {rare % 20} others."

    def _claim(self, name: str, key: str, quote: str, start: int, day: date) -> Claim:
        chosen = self._chosen
        place = self._place()
        happened = day - timedelta(days=chosen.randrange(4))
        kind = chosen.random()
        event_type = TYPES[hash_of(place.iri or "", happened) % len(TYPES)]
        modality = Modality.DENIED if chosen.random() < 0.05 else Modality.ASSERTED
        shared = {
            "id": name,
            "document": key,
            "event_type": event_type,
            "place": place,
            "time": TimeSpan(text="that day", earliest=happened, latest=happened if chosen.random() < 0.7 else None),
            "source": self._actor("Source", self._sources) if chosen.random() < 0.8 else None,
            "relays": (self._actor("Agency", 30),) if chosen.random() < 0.3 else (),
            "modality": modality,
            "quote": quote,
            "start": start,
            "end": start + len(quote),
            "extractor": "rules/1",
            "rule": "generated",
            "confidence": 0.8,
        }
        self._made.events[(event_type, place.iri or "", happened)].append(name)
        if kind < 0.55:
            words, class_ = chosen.choice(_VICTIMS)
            harm, count = chosen.choice(_HARMS), self._count(90)
            victims = Victims(text=words, country=place.country, **{"class": class_})
            self._made.figures[(harm.value, place.iri or "")].append((name, count.minimum or 0))
            return CasualtyClaim(**shared, harm=harm, count=count, victims=victims)
        if kind < 0.75:
            return DeploymentClaim(
                **shared,
                deployer=self._actor("Alliance", 12),
                contributors=(self._actor("State", 60),),
                count=self._count(5000) if chosen.random() < 0.7 else None,
                destination=Place(text="the country", name="Country", iri=self._country(place), country=place.country),
                phase=chosen.choice(_PHASES),
            )
        return EventClaim(**shared, agents=(self._actor("Group", 200),))

    def _place(self) -> Place:
        city = min(int(self._chosen.paretovariate(0.6)), self._cities) - 1
        country = COUNTRIES[city % len(COUNTRIES)]
        name = f"City {city}"
        lower = country.lower()
        return Place(
            text=name,
            name=name,
            iri=f"{self.base}place/{lower}/city-{city}",
            country=country,
            within=f"{self.base}place/{lower}",
        )

    def _country(self, place: Place) -> str:
        return f"{self.base}place/{(place.country or '').lower()}"

    def _actor(self, kind: str, number: int) -> Actor:
        name = f"{kind} {min(int(self._chosen.paretovariate(0.5)), number)}"
        return Actor(text=name, name=name, type=ActorType.ORGANISATION)

    def _count(self, most: int) -> Count:
        low, hedge = self._chosen.randint(1, most), self._chosen.random()
        if hedge < 0.6:
            return Count(minimum=low, maximum=low, hedge=Hedge.EXACT, text=str(low))
        if hedge < 0.9:
            return Count(minimum=low, maximum=None, hedge=Hedge.AT_LEAST, text=f"at least {low}")
        return Count(minimum=None, maximum=low, hedge=Hedge.UP_TO, text=f"up to {low}")

    def _tracked(self) -> Iterator[bytes]:
        graph = f" <{self.base}graph/tracked> .\n"
        for facts in (self._events(), self._figures()):
            lines = [f"<{subject}> <{predicate}> {about}{graph}" for subject, predicate, about in facts]
            for start in range(0, len(lines), 100_000):
                yield "".join(lines[start : start + 100_000]).encode()

    def _events(self) -> Iterator[tuple[str, str, str]]:
        for number, ((kind, place, day), claims) in enumerate(self._made.events.items()):
            event = f"{self.base}event/e{number}"
            yield event, terms.RDF_TYPE, terms.node(terms.kb("Event"))
            yield event, terms.kb("eventType"), terms.node(terms.kb(terms.pascal(kind)))
            yield event, terms.RDFS_LABEL, terms.label(f"{kind} {number}")
            yield event, terms.kb("place"), terms.node(place)
            yield event, terms.kb("earliest"), terms.MOMENT.write(day)
            for claim in claims:
                yield f"{self.base}claim/{claim}", terms.kb("event"), terms.node(event)

    def _figures(self) -> Iterator[tuple[str, str, str]]:
        number = 0
        for (harm, place), claims in self._made.figures.items():
            for start in range(0, len(claims), 12):
                yield from self._figure(f"{self.base}figure/f{number}", harm, place, claims[start : start + 12])
                number += 1

    def _figure(
        self, figure: str, harm: str, place: str, claims: list[tuple[str, int]]
    ) -> Iterator[tuple[str, str, str]]:
        yield figure, terms.RDF_TYPE, terms.node(terms.kb("Figure"))
        yield figure, terms.RDFS_LABEL, terms.label(f"{harm} {figure.rpartition('/')[2]}")
        yield figure, terms.kb("measure"), terms.node(terms.kb(terms.pascal(harm)))
        yield figure, terms.kb("countedAt"), terms.node(place)
        yield figure, terms.kb("independentSources"), terms.INTEGER.write(len(claims))
        for rank, (claim, low) in enumerate(claims, 1):
            subject = f"{self.base}claim/{claim}"
            yield subject, terms.kb("figure"), terms.node(figure)
            yield subject, terms.kb("rank"), terms.INTEGER.write(rank)
            yield subject, terms.kb("finding"), terms.node(terms.kb("New" if rank == 1 else "Updates"))
            yield subject, terms.kb("findingReason"), terms.text(f"{low} after {rank - 1} others")


def hash_of(place: str, day: date) -> int:
    """A number that is the same in every process."""
    return sum(place.encode()) + day.toordinal() // 3


def merged(key: str, quads: bytes, base: str) -> bytes:
    """The same triples outside any graph."""
    graph = graph_iri(base, key) if key else f"{base}graph/tracked"
    return quads.replace(f" <{graph}> .\n".encode(), b" .\n")
