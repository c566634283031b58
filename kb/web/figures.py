"""A figure: one number over time, as each source gave it; and figures in lists, with the range of each as a bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from kb.search import lists
from kb.search.lists import FigureRow, Pair, Tracking
from kb.web.cards import Card, Ref
from kb.web.claims import node, select
from kb.web.i18n import gettext as _
from kb.web.reading import Reading
from kb.web.timeline import Drawing, Said, draw
from kb.web.views import Page, View, claim_json, triples
from kb.web.wording import number

SHOWN = 100
"""Claims of a page."""

_SPARQL = """CONSTRUCT { ?subject ?predicate ?value } WHERE {
  { BIND(%(figure)s AS ?subject) ?subject ?predicate ?value }
  UNION { ?subject kb:figure %(figure)s . VALUES ?predicate {
    rdf:type kb:figure kb:rank kb:finding kb:findingReason kb:comparedWith kb:minimum kb:maximum kb:hedge kb:countText
    kb:quote kb:source kb:document
  } ?subject ?predicate ?value }
  UNION { ?subject kb:inFigure %(figure)s ; ?predicate ?value }
}"""


@dataclass(frozen=True)
class FigureLine:
    """A figure in a list: its views, and its bar (if it has a number) in hundredths of the largest beside it."""

    row: FigureRow
    place: Ref | None
    start: float
    length: float | None
    best: float | None

    @property
    def range(self) -> str:
        """All that is claimed, in words."""
        row = self.row
        if row.lowest is None and row.highest is None:
            return _("number not given")
        if row.lowest == row.highest:
            return number(row.lowest or 0)
        low = number(row.lowest) if row.lowest is not None else "…"
        return f"{low} – {number(row.highest) if row.highest is not None else '…'}"


def lines(reading: Reading, rows: Sequence[FigureRow]) -> list[FigureLine]:
    """Figures with their bars, each drawn against the largest of its own harm."""
    places = reading.refs(row.place for row in rows)
    most: dict[str, int] = {}
    for row in rows:
        most[row.measure] = max(most.get(row.measure, 1), row.highest or 0, row.lowest or 0, row.best or 0)
    return [_line(row, places.get(row.place or ""), most[row.measure]) for row in rows]


def _line(row: FigureRow, place: Ref | None, most: int) -> FigureLine:
    if row.lowest is None and row.highest is None:
        return FigureLine(row, place, 0, None, None)
    low = row.lowest if row.lowest is not None else 0
    high = row.highest if row.highest is not None else most
    start, end = 100 * low / most, 100 * max(high, low) / most
    best = None if row.best is None else round(100 * row.best / most, 1)
    return FigureLine(row, place, round(start, 1), round(max(end - start, 0.8), 1), best)


@dataclass(frozen=True)
class Told:
    """One claim of a figure: what it is to the claims before it, why, and to which of them."""

    card: Card
    finding: str
    reason: str
    compared: str | None
    contradicted: bool


@dataclass(frozen=True, kw_only=True)
class FigurePage(Page):
    """A figure."""

    row: FigureRow
    episode: Ref | None
    place: Ref | None
    wholes: list[Ref]
    told: list[Told]
    pairs: list[tuple[Pair, Card | None, Card | None]]
    after: str | None
    as_of: str | None

    @property
    def heading(self) -> str:
        """The figure in words."""
        return self.row.label

    @property
    def shown(self) -> Sequence[Card]:
        """Its claims."""
        return [it.card for it in self.told]

    @cached_property
    def drawing(self) -> Drawing | None:
        """Its claims over time."""
        return draw([Said(it.card, it.finding, it.contradicted) for it in self.told], self.row.label)

    @property
    def linked(self) -> dict[str, Any]:
        """A schema:Dataset with one variable."""
        variable = {"@type": "PropertyValue", "name": self.row.label}
        bounds = {"minValue": self.row.lowest, "maxValue": self.row.highest}
        return {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": self.iri,
            "name": self.row.label,
            "description": f"{self.row.label}: what each source said, claim by claim, with the exact quotes.",
            "variableMeasured": variable | {name: value for name, value in bounds.items() if value is not None},
        }

    def as_json(self) -> dict[str, Any]:
        """Its views and its claims in the order of publication."""
        return {
            **asdict(self.row),
            "part_of": [whole.iri for whole in self.wholes],
            "as_of": self.as_of,
            "claims": [
                {"finding": it.finding, "reason": it.reason, "compared_with": it.compared, **claim_json(it.card)}
                for it in self.told
            ],
            "contradictions": [
                {"claim_a": pair.earlier, "claim_b": pair.later, "reason": pair.reason} for pair, _, _ in self.pairs
            ],
            "next": self.after,
        }


def _load(reading: Reading, iri: str, asked: Mapping[str, str]) -> FigurePage | None:
    row = lists.figure(reading.index, iri)
    if row is None:
        return None
    rank = asked.get("after") or "0"
    if not rank.isdigit():
        raise ValueError(rank)
    as_of = asked.get("as_of") or None
    found = lists.of_figure(reading.index, iri, SHOWN + 1, int(rank), as_of)
    pairs = lists.contradictions(reading.index, 50, figure=iri)
    told = tell(reading, found[:SHOWN], pairs)
    known = {it.card.iri: it.card for it in told}
    missing = [claim for pair in pairs for claim in (pair.earlier, pair.later) if claim not in known]
    known |= {card.iri: card for card in reading.cards(missing)}
    refs = reading.refs([row.episode, row.place])
    wholes = select(reading.store, f"SELECT ?whole WHERE {{ {node(iri)} kb:partOfFigure ?whole }} ORDER BY ?whole")
    return FigurePage(
        iri=iri,
        sparql=_SPARQL % {"figure": node(iri)},
        triples=triples(reading.store, iri),
        row=row,
        episode=refs.get(row.episode or ""),
        place=refs.get(row.place or ""),
        wholes=[*reading.refs([each["whole"].value for each in wholes]).values()],
        told=told,
        pairs=[(pair, known.get(pair.earlier), known.get(pair.later)) for pair in pairs],
        after=str(found[SHOWN - 1].rank) if len(found) > SHOWN else None,
        as_of=as_of,
    )


def tell(reading: Reading, found: Sequence[Tracking], pairs: Sequence[Pair]) -> list[Told]:
    """Claims with what was found of each."""
    known = {card.iri: card for card in reading.cards([it.claim for it in found])}
    against = {claim for pair in pairs for claim in (pair.earlier, pair.later)}
    return [
        Told(known[it.claim], it.finding or "", it.reason or "", it.compared, it.claim in against)
        for it in found
        if it.claim in known
    ]


FIGURE = View("figure.html", lambda iri: _SPARQL % {"figure": node(iri)}, _load)
