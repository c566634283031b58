"""Bringing the tracked graph up to date: new documents and decisions in, the segments that they touch made anew."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from pyoxigraph import NamedNode

from kb.rdf import terms
from kb.resources import NAMESPACE
from kb.review import Standing, recorded, standing
from kb.review.decisions import Act, Decision, in_force
from kb.review.standing import kind_of
from kb.store import Store
from kb.track.aliases import name_key
from kb.track.copies import ALIKE, LEAST, bands, days_near, shingled, similarity
from kb.track.gathering import Gathered, gather
from kb.track.graph import lines, written
from kb.track.index import NAME, Index
from kb.track.knowledge import Knowledge
from kb.track.placing import NEAR, Placing, day_of
from kb.track.segments import cut

VERSION = "7"
"""Changes when the rule does, so that a store that was tracked by an older one is tracked again."""
GRAPH = "graph/tracked"
_BATCH = 200  # segments or documents whose lines are held at a time


def track(store: Store) -> bool:
    """Brings the tracked graph up to date; whether anything had to be done. The caller publishes.

    Only what new documents and new decisions touch is computed. A run that is stopped goes on where it was.
    """
    kind = f"{VERSION} {store.base} {store.note('reference')}"
    with Index(store.path, kind) as index:
        return _Run(store, index).run()


def forget(store: Store) -> None:
    """Empties the tracked graph, so that the next ``track`` makes it from nothing."""
    for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
        (store.path / name).unlink(missing_ok=True)
    store.replace_graph(store.iri(GRAPH), ())
    store.set_note("tracked", "")


class _Run:
    """One run."""

    def __init__(self, store: Store, index: Index) -> None:
        self._store = store
        self._index = index
        self._standing = standing(recorded(store), store.base)
        self._knowledge = Knowledge(store, self._standing.node)
        self._placing = Placing(self._knowledge.located, self._knowledge.within, self._knowledge.labels)
        self._told: set[str] = set()
        self._changed = False

    def run(self) -> bool:
        if self._index.fresh:
            self._store.replace_graph(self._store.iri(GRAPH), ())
        affected = self._decided()
        graphs = self._store.graphs()
        prefix = self._store.iri("document/")
        present = {graph.removesuffix("/graph") for graph in graphs if graph.startswith(prefix)}
        known = self._index.documents()
        for gone in known - present:
            self._write({f"document {gone}": set()})
            day = self._index.offered_on(gone)
            self._tell(self._index.offer(gone, day, set()), day)
            self._index.ask(gone, day, ())
            self._index.remove(gone)
        pending = sorted((present - known) | (affected & present))
        pending = sorted({*pending, *(self._bare_places(pending) & present)})
        for start in range(0, len(pending), _BATCH):
            self._take(pending[start : start + _BATCH])
        # What others have offered since they asked; what these offer themselves is what it was.
        asking = sorted(self._told & present)
        for start in range(0, len(asking), _BATCH):
            self._take(asking[start : start + _BATCH])
        dirty = self._index.dirty()
        for start in range(0, len(dirty), _BATCH):
            names = dirty[start : start + _BATCH]
            self._write({name: lines(self._index.parts(name), self._around(), self._store) for name in names})
            self._index.clean(names)
        if self._changed or self._index.fresh:
            self._store.set_note("tracked", f"{VERSION} {time.time_ns()}")
        return self._changed

    def _around(self) -> tuple[Knowledge, Standing, Index]:
        return self._knowledge, self._standing, self._index

    def _take(self, documents: Sequence[str]) -> None:
        """Reads documents, and writes what decisions say of their claims."""
        blocks: dict[str, set[str]] = {}
        for document in documents:
            found = self._placed(gather(self._store, f"{document}/graph", self._standing))
            self._told.discard(document)
            parts = cut(document, found.day, found.statements, found.mentions, self._country)
            self._index.add(document, found.day, (replace(part, stated=found.stated) for part in parts))
            self._copies(found)
            blocks[f"document {document}"] = written(found.facts)
        self._write(blocks)

    def _bare_places(self, documents: Sequence[str]) -> set[str]:
        """Places that documents name without their country are those of the one country that others name them in.

        Returns the documents that name a place of which this is known now, or no longer.
        """
        fresh: set[str] = set()
        named: set[str] = set()
        affected: set[str] = set()
        for document in documents:
            keys = {place: name_key(place) for place in self._places(document)}
            named.update(keys.values())
            fresh.update(key for place, key in keys.items() if self._index.name(place, key))
        for key in sorted(named):
            places = [place for place in self._index.named(key) if place not in self._standing.merged_by]
            for bare in [place for place in places if self._bare(place)]:
                if key in fresh:
                    affected.update(self._naming(bare))
                into = self._meant(bare, places)
                if into is not None:
                    self._standing.merged[bare] = into
                self._write({f"place {bare}": written(_one_place(bare, into)) if into else set()})
        return affected

    def _places(self, document: str) -> set[str]:
        graph = NamedNode(f"{document}/graph")
        return {
            str(getattr(quad.object, "value", ""))
            for name in ("place", "destination")
            for quad in self._store.quads(None, NamedNode(NAMESPACE + name), None, graph)
        }

    def _placed(self, found: Gathered) -> Gathered:
        """A document with its claims where other reports of these days know them to be."""
        day = day_of(found)
        if not day:
            return found
        before = self._index.offered_on(found.document)
        if before and before != day:
            self._tell(self._index.offer(found.document, before, set()), before)
        self._tell(self._index.offer(found.document, day, self._placing.offers(found)), day)
        asks = self._placing.asks(found)
        self._index.ask(found.document, day, asks)
        if not asks:
            return found
        first, last = _window(day)
        return self._placing.placed(found, cache(lambda key: self._index.offered(key, first, last, found.document)))

    def _tell(self, keys: Iterable[str], day: str) -> None:
        """Those who had asked by these keys are to be read again."""
        if day:
            first, last = _window(day)
            self._told.update(document for key in keys for document in self._index.asking(key, first, last))

    def _bare(self, place: str) -> bool:
        """Whether nothing is known of where a place is."""
        return not self._knowledge.located(place) and not self._knowledge.within[place]

    def _meant(self, bare: str, places: Sequence[str]) -> str | None:
        """Which of the places of like names a place is that a report names without its country; None if that is open.

        Those of the very name go before those that are only spelt alike; where none has a country, the shortest of the
        bare names stands for all.
        """
        slug = bare.rpartition("/")[2]
        placed = [place for place in places if not self._bare(place)]
        for alike in ([p for p in placed if p.rpartition("/")[2] == slug], placed):
            if len({self._country(place) for place in alike}) == 1:
                return min(alike, key=lambda place: (not self._knowledge.located(place), place.count("/"), place))
            if alike:
                return None
        first = min((place for place in places if self._bare(place)), key=lambda place: (len(place), place))
        return first if first != bare else None

    def _country(self, place: str) -> str:
        within = self._knowledge.within
        return min(within[place], key=lambda other: (len(within[other]), other), default=place)

    def _copies(self, found: Gathered) -> None:
        """Looks once for what the text of a document is a copy of."""
        if self._index.sketched(found.document):
            return
        shingles = shingled(found.text)
        if len(shingles) < LEAST:
            return
        sketch = bands(shingles)
        others = self._index.alike(sketch, *days_near(found.day))
        self._index.sketch(found.document, found.day, sketch)
        for other in sorted(others):
            text = next(self._store.quads(NamedNode(other), NamedNode(NAMESPACE + "text")), None)
            if text is not None and similarity(shingles, shingled(str(getattr(text.object, "value", "")))) >= ALIKE:
                self._index.join_copies(found.document, other)

    # Decisions

    def _decided(self) -> set[str]:
        """The documents that decisions touch which have come, or have been undone, since the last run."""
        now = {each.id: each for each in recorded(self._store)}
        force = {each.id for each in in_force(list(now.values()), self._store.base)}
        before = set(json.loads(self._index.setting("decisions") or "[]"))
        if force == before:
            return set()
        self._index.put("decisions", json.dumps(sorted(force)))
        found: set[str] = set()
        for number in sorted(force ^ before):
            if number in now:
                found.update(self._touched(now[number]))
                self._episodes(now[number], number in force)
        self._resolutions()
        return found

    def _touched(self, decision: Decision) -> Iterator[str]:
        for iri in (*decision.targets, *decision.claims, *([decision.into] if decision.into else [])):
            kind = kind_of(iri, self._store.base)
            if kind == "claim":
                yield from self._documents_of(iri)
            elif kind in ("actor", "place"):
                yield from self._naming(iri)

    def _episodes(self, decision: Decision, stands: bool) -> None:
        """Decisions on the days of episodes touch all of a country; a merge keeps the days between together."""
        if kind_of(decision.targets[0], self._store.base) != "episode" or decision.into is None:
            return
        if decision.act is Act.MERGE:
            first, _, last = (decision.value or "").partition("/")
            days = (date.fromisoformat(first), date.fromisoformat(last)) if stands else None
            self._index.bridge(decision.iri(self._store.base), decision.into, days)
        self._index.touch_country(decision.into)

    def _documents_of(self, claim: str) -> Iterator[str]:
        for quad in self._store.quads(NamedNode(claim), NamedNode(NAMESPACE + "document")):
            yield str(getattr(quad.object, "value", ""))

    def _naming(self, node: str) -> Iterator[str]:
        prefix = self._store.iri("document/")
        for quad in self._store.quads(None, None, NamedNode(node)):
            graph = str(getattr(quad.graph_name, "value", ""))
            if graph.startswith(prefix):
                yield graph.removesuffix("/graph")
            if quad.predicate.value == NAMESPACE + "within":
                yield from self._naming(str(getattr(quad.subject, "value", "")))

    def _resolutions(self) -> None:
        """What became of the nodes that people merged."""
        blocks: dict[str, set[str]] = {name: set() for name in self._index.blocks("node ")}
        for node, decision in self._standing.merged_by.items():
            into = self._standing.merged[node]
            reason = decision.reason or "a reviewer found them to be one"
            subject = f"{node}#resolution"
            facts = [
                (node, terms.kb("resolvedAs"), terms.node(into)),
                (subject, terms.RDF_TYPE, terms.node(terms.kb("Resolution"))),
                (subject, terms.kb("resolves"), terms.node(node)),
                (subject, terms.kb("resolvedInto"), terms.node(into)),
                (subject, terms.kb("resolutionReason"), terms.text(reason)),
                (subject, terms.kb("resolvedBy"), terms.node(decision.iri(self._store.base))),
            ]
            blocks[f"node {node}"] = written(facts)
        self._write(blocks)

    # Writing

    def _write(self, blocks: dict[str, set[str]]) -> None:
        """Brings the lines of some blocks from what they were to what they are."""
        before = {name: self._index.lines(name) for name in blocks}
        old: set[str] = set().union(*before.values())
        new: set[str] = set().union(*blocks.values())
        added, removed = new - old, old - new
        if added or removed:
            # Kept as both until it is done: whatever stops it, the next run knows of every line that may be there.
            for name, found in blocks.items():
                self._index.write(name, before[name] | found)
            self._index.keep()
            self._store.change_graph(self._store.iri(GRAPH), _joined(added), _joined(removed))
            self._changed = True
        for name, found in blocks.items():
            if found != before[name] or added or removed:
                self._index.write(name, found)


def _one_place(bare: str, into: str) -> Iterator[tuple[str, str, str]]:
    subject = f"{bare}#resolution"
    yield bare, terms.kb("resolvedAs"), terms.node(into)
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("Resolution"))
    yield subject, terms.kb("resolves"), terms.node(bare)
    yield subject, terms.kb("resolvedInto"), terms.node(into)
    yield (
        subject,
        terms.kb("resolutionReason"),
        terms.text("the place of this name in the only country that a report tells"),
    )


def _window(day: str) -> tuple[str, str]:
    """The days of the reports that one of this day may learn its places from."""
    published = date.fromisoformat(day)
    return (published - NEAR).isoformat(), (published + NEAR).isoformat()


def _joined(found: Iterable[str]) -> bytes:
    return "".join(sorted(found)).encode()
