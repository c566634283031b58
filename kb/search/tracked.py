"""What the index holds of the tracked graph: events, episodes, figures, contradictions, and what claims are to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.resources import NAMESPACE
from kb.search.gather import Facts, NodeRow, node_rows
from kb.store import PREFIXES, Store

_LABEL = PREFIXES["rdfs"] + "label"
_VIEWS = ("low", "best", "high", "lowest", "highest", "conservative")

Row = tuple[str | int | None, ...]


class Tracked:
    """The rows of each derived table; ``days`` gives the day of publication of each claim."""

    def __init__(self, store: Store, days: Mapping[str, str]) -> None:
        self._facts = Facts(store, store.iri("graph/tracked"))
        self._base = store.base
        self._days = days
        self._of: dict[str, list[str]] = {name: [] for name in ("Figure", "Contradiction", "Episode", "Event")}
        for subject in self._facts:
            for name in self._of:
                if NAMESPACE + name in self._facts.types(subject):
                    self._of[name].append(subject)
        self._claims = [
            (subject, self._facts.kb(subject, "event"), self._facts.kb(subject, "figure"))
            for subject in self._facts
            if subject in days
        ]
        self._last: dict[str, str] = {}
        self._count: dict[str, int] = {}
        for claim, *groups in self._claims:
            for group in filter(None, groups):
                self._count[group] = self._count.get(group, 0) + 1
                self._last[group] = max(self._last.get(group, ""), days[claim])

    def nodes(self) -> Iterator[NodeRow]:
        """Events, episodes and figures with their labels."""
        return node_rows(self._facts, self._base, ("event", "episode", "figure"))

    def rows(self) -> dict[str, list[Row]]:
        """The rows by table."""
        return {
            "tracked": [*self._tracked()],
            "figure": [*self._figures()],
            "contradiction": [*self._contradictions()],
            "episode": [*self._episodes()],
            "event": [*self._events()],
        }

    def _tracked(self) -> Iterator[Row]:
        facts = self._facts
        for claim, event, figure in self._claims:
            found = facts.term(claim, "finding"), facts.number(claim, "rank"), facts.kb(claim, "findingReason")
            episode = facts.kb(figure, "episode") if figure else None
            yield claim, event, figure, *found, facts.kb(claim, "comparedWith"), episode, self._days[claim]

    def _figures(self) -> Iterator[Row]:
        facts = self._facts
        for iri in self._of["Figure"]:
            yield (
                iri,
                facts.one(iri, _LABEL) or "",
                facts.kb(iri, "episode"),
                facts.term(iri, "measure"),
                facts.kb(iri, "peopleText"),
                facts.kb(iri, "countedAt"),
                facts.kb(iri, "countsEvent"),
                *(facts.number(iri, name) for name in _VIEWS),
                facts.number(iri, "independentSources") or 0,
                int(facts.kb(iri, "disputed") == "true"),
                self._count.get(iri, 0),
                self._last.get(iri, ""),
            )

    def _contradictions(self) -> Iterator[Row]:
        facts = self._facts
        for iri in self._of["Contradiction"]:
            figure, earlier, later = (facts.kb(iri, name) for name in ("inFigure", "earlierClaim", "laterClaim"))
            if figure and earlier and later:
                reason = facts.kb(iri, "contradictionReason") or ""
                yield iri, figure, earlier, later, reason, self._days.get(later, "")

    def _episodes(self) -> Iterator[Row]:
        facts = self._facts
        figures: dict[str, list[str]] = {}
        for figure in self._of["Figure"]:
            if episode := facts.kb(figure, "episode"):
                figures.setdefault(episode, []).append(figure)
        for iri in self._of["Episode"]:
            claims = sum(self._count.get(figure, 0) for figure in figures.get(iri, ()))
            days = facts.kb(iri, "firstDay") or "", facts.kb(iri, "lastDay") or ""
            label, place = facts.one(iri, _LABEL) or "", facts.kb(iri, "happensIn")
            yield iri, label, place, *days, len(figures.get(iri, ())), claims

    def _events(self) -> Iterator[Row]:
        facts = self._facts
        for iri in self._of["Event"]:
            days = facts.kb(iri, "earliest") or "", facts.kb(iri, "latest") or ""
            label, kind = facts.one(iri, _LABEL) or "", facts.term(iri, "eventType")
            yield iri, label, kind, facts.kb(iri, "place"), *days, self._count.get(iri, 0)
