"""Taking a decision: looked at against what the store holds and what others have decided, then appended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode

from kb.errors import ConflictError, UsageError
from kb.model import Claim
from kb.rdf import Graph, Node, terms
from kb.rdf.nodes import read as read_node
from kb.resources import NAMESPACE
from kb.review import graph
from kb.review.decisions import UNTOUCHED, Act, Decision, in_force, states
from kb.review.standing import amend, as_json, kind_of
from kb.store import Store

VIEWS = ("lowest", "low", "best", "high", "highest", "conservative")
_KINDS = {
    Act.ACCEPT: ("claim",),
    Act.REJECT: ("claim",),
    Act.AMEND: ("claim",),
    Act.MERGE: ("actor", "place", "event", "episode"),
    Act.SPLIT: ("actor", "place", "event", "episode"),
    Act.NAME: ("event", "episode"),
    Act.PIN: ("figure", "episode"),
    Act.NOTE: ("claim", "actor", "place", "event", "episode", "figure", "document"),
    Act.UNDO: ("decision",),
}
_LINKS = {"event": "event", "figure": "figure"}


class Desk:
    """What a reviewer works at: a store opened for writing, and the decisions in it.

    Every method takes the IRIs of what is decided on (or their paths under the base), the reviewer's name, the reason,
    and ``seen``, the state in which the reviewer saw each target (see ``state``). Raises ConflictError when someone has
    decided meanwhile (without ``seen``: when the target has been decided on otherwise already), UsageError for what
    cannot be decided so. What they return is recorded and on disk; the caller tracks and publishes.
    """

    def __init__(self, store: Store, now: datetime | None = None) -> None:
        self._store = store
        self._now = now
        self.decisions = graph.recorded(store)

    @property
    def base(self) -> str:
        """The base of the store's IRIs."""
        return self._store.base

    def state(self, target: str) -> str:
        """The state of a thing: the id of the last decision about it, ``UNTOUCHED`` if there is none."""
        return states(self.decisions, self._store.base).get(self._iri(target), UNTOUCHED)

    def accept(self, claims: Iterable[str], by: str, reason: str = "", seen: str | None = None) -> Decision:
        """The claims are right as they were read."""
        return self._take(Act.ACCEPT, claims, by, reason, seen)

    def reject(self, claims: Iterable[str], by: str, reason: str, seen: str | None = None) -> Decision:
        """The claims were misread; they stay, and count for nothing."""
        return self._take(Act.REJECT, claims, by, _needed(reason, "a rejection"), seen)

    def amend(
        self, claim: str, changes: Iterable[tuple[str, str]], by: str, reason: str = "", seen: str | None = None
    ) -> list[Decision]:
        """Fields of a claim have other values, one decision a field; what was read stays beside it."""
        iri = self._iri(claim)
        written = [(field, as_json(value)) for field, value in changes]
        earlier = [
            (each.field or "", each.value or "")
            for each in in_force(self.decisions, self._store.base)
            if each.act is Act.AMEND and iri in each.targets
        ]
        amend(self._claim(iri), [*earlier, *written])
        taken: list[Decision] = []
        for field, value in written:
            taken.append(self._take(Act.AMEND, [iri], by, reason, seen, {"field": field, "value": value}))
            seen = taken[-1].id
        return taken

    def merge(self, targets: Iterable[str], into: str, by: str, reason: str = "", seen: str | None = None) -> Decision:
        """Several actors, places, events or episodes are one: the one named ``into``."""
        iris, goal = [self._iri(target) for target in targets], self._iri(into)
        base = self._store.base
        kinds = {kind_of(iri, base) for iri in [*iris, goal]}
        if len(kinds) > 1:
            raise UsageError(f"only things of one kind can be merged, not {' and '.join(sorted(kinds))}")
        if goal in iris:
            raise UsageError(f"{goal} cannot be merged into itself")
        self._require(goal)
        more: dict[str, Any] = {"into": goal}
        if kinds == {"event"}:
            more["claims"] = [claim for iri in [*iris, goal] for claim in self._behind(iri)]
        elif kinds == {"episode"}:
            more = self._days([*iris, goal])
        return self._take(Act.MERGE, iris, by, reason, seen, more)

    def split(
        self,
        target: str,
        by: str,
        *,
        claims: Iterable[str] = (),
        into: str | None = None,
        day: str | None = None,
        reason: str = "",
        seen: str | None = None,
    ) -> Decision:
        """Some claims that name an actor or a place mean ``into``; some claims of an event tell of another; an episode
        begins anew on a ``day``.
        """
        iri, base = self._iri(target), self._store.base
        moved = [self._iri(claim) for claim in claims]
        for claim in moved:
            self._require(claim)
        kind = kind_of(iri, base)
        if kind == "episode":
            country = self._value(iri, "happensIn")
            if day is None or country is None:
                raise UsageError("an episode of a country is split on a day; give the first day of its second part")
            datetime.fromisoformat(day)
            return self._take(Act.SPLIT, [iri], by, reason, seen, {"into": country, "value": day})
        if not moved:
            raise UsageError("name the claims that are split off")
        if kind in ("actor", "place"):
            if into is None:
                raise UsageError(f"name the {kind} that these claims mean instead")
            return self._take(Act.SPLIT, [iri], by, reason, seen, {"into": self._iri(into), "claims": moved})
        return self._take(Act.SPLIT, [iri], by, reason, seen, {"claims": moved})

    def name(self, target: str, name: str, by: str, reason: str = "", seen: str | None = None) -> Decision:
        """An event or episode has a name."""
        iri = self._iri(target)
        more = {"value": _needed(name, "a name"), "claims": self._behind(iri)}
        return self._take(Act.NAME, [iri], by, reason, seen, more)

    def pin(self, target: str, by: str, view: str | None = None, reason: str = "", seen: str | None = None) -> Decision:
        """The view to be shown of a figure; for an episode: its days stay as they are, whatever comes."""
        iri = self._iri(target)
        if kind_of(iri, self._store.base) == "episode":
            return self._take(Act.PIN, [iri], by, reason, seen, self._days([iri]))
        if view not in VIEWS:
            raise UsageError(f"{view!r} is no view of a figure; choose one of {', '.join(VIEWS)}")
        return self._take(Act.PIN, [iri], by, reason, seen, {"value": view, "claims": self._behind(iri)})

    def note(self, target: str, by: str, text: str) -> Decision:
        """A remark that changes nothing."""
        return self._take(Act.NOTE, [target], by, _needed(text, "a note"), None)

    def undo(self, decision: str, by: str, reason: str = "", seen: str | None = None) -> Decision:
        """A decision counts for nothing any more; undo the undoing to have it back."""
        iri = self._iri(decision if "/" in decision else f"decision/{decision}")
        if all(each.iri(self._store.base) != iri for each in self.decisions):
            raise UsageError(f"there is no decision {decision}; kb review log lists them")
        return self._take(Act.UNDO, [iri], by, reason, seen)

    def _take(
        self,
        act: Act,
        targets: Iterable[str],
        by: str,
        reason: str,
        seen: str | None,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> Decision:
        iris = sorted({self._iri(target) for target in targets})
        if not iris:
            raise UsageError(f"name what to {act.value}")
        for iri in iris:
            kind = kind_of(iri, self._store.base)
            if kind not in _KINDS[act]:
                raise UsageError(f"{iri} cannot be decided on with {act.value}, only a {' or a '.join(_KINDS[act])}")
            if act is not Act.UNDO:
                self._require(iri)
        if act is not Act.NOTE:
            self._unchanged(act, iris, seen)
        decision = Decision(
            number=max((each.number for each in self.decisions), default=0) + 1,
            act=act,
            targets=tuple(iris),
            by=_needed(by, "a decision: who takes it").strip(),
            at=self._now or datetime.now(UTC).replace(microsecond=0),
            reason=reason.strip(),
            **{**more, "claims": tuple(sorted(set(more.get("claims", ()))))},
        )
        graph.append(self._store, [decision])
        self.decisions.append(decision)
        return decision

    def _unchanged(self, act: Act, iris: Iterable[str], seen: str | None) -> None:
        """Optimistic: a decision names the state that it saw; one that names none must not overrule another."""
        known = states(self.decisions, self._store.base)
        by_id = {each.id: each for each in self.decisions}
        for iri in iris:
            now = known.get(iri, UNTOUCHED)
            last = by_id.get(now)
            if last is None or now == seen:
                continue
            if seen is None and (last.act in (act, Act.NOTE, Act.UNDO) or act is Act.UNDO):
                continue
            told = f": {last.reason}" if last.reason else ""
            raise ConflictError(
                f"{iri} has been decided on meanwhile ({last.act.value} by {last.by}, "
                f"{last.at:%Y-%m-%d %H:%M}{told}); look at it again, and decide with its new state {now}"
            )

    def _iri(self, target: str) -> str:
        target = target.strip()
        if not target:
            raise UsageError("an empty name stands for nothing that could be decided on")
        full = target if target.startswith(("http://", "https://")) else self._store.iri(target.removeprefix("/"))
        if "/" not in target:
            full = self._store.iri(f"claim/{target}")
        try:
            return NamedNode(full).value
        except ValueError as error:
            raise UsageError(f"{target!r} is not an IRI: {error}") from error

    def _require(self, iri: str) -> None:
        node = NamedNode(iri)
        if next(self._store.quads(node), None) is None and next(self._store.quads(None, None, node), None) is None:
            raise UsageError(f"there is no {kind_of(iri, self._store.base)} {iri} in this store")

    def _value(self, iri: str, name: str) -> str | None:
        found = sorted(
            str(getattr(quad.object, "value", ""))
            for quad in self._store.quads(NamedNode(iri), NamedNode(NAMESPACE + name))
        )
        return found[0] if found else None

    def _days(self, episodes: Sequence[str]) -> dict[str, Any]:
        """The country of episodes, and the days from the first of any to the last of any."""
        told = [[self._value(iri, name) for name in ("happensIn", "firstDay", "lastDay")] for iri in episodes]
        countries = {country for country, _, _ in told}
        if len(countries) != 1 or None in {value for row in told for value in row}:
            raise UsageError("this takes episodes of one country whose days are known")
        first, last = min(str(row[1]) for row in told), max(str(row[2]) for row in told)
        return {"into": countries.pop(), "value": f"{first}/{last}"}

    def _behind(self, iri: str) -> list[str]:
        """The claims by which something derived is known."""
        kind = kind_of(iri, self._store.base)
        if kind == "episode":
            figures = [_value(quad.subject) for quad in self._store.quads(None, _predicate("episode"), NamedNode(iri))]
            return sorted({claim for figure in figures for claim in self._behind(figure)})
        link = _predicate(_LINKS[kind])
        return sorted({_value(quad.subject) for quad in self._store.quads(None, link, NamedNode(iri))})

    def _claim(self, iri: str) -> Claim:
        document = self._value(iri, "document")
        if document is None:
            raise UsageError(f"there is no claim {iri} in this store")
        return claim_of(self._store, iri, document)


def claim_of(store: Store, iri: str, document: str) -> Claim:
    """A claim as its document's graph holds it."""
    quads = store.quads(graph=NamedNode(f"{document}/graph"))
    wanted = terms.identifier(iri)
    return next(claim for claim in Graph(quads, lambda node: described(store, node)).claims if claim.id == wanted)


def described(store: Store, iri: str) -> Node | None:
    """What the store knows of a node, whichever graph says it."""
    values: dict[str, list[str]] = {}
    for quad in store.quads(NamedNode(iri)):
        if not quad.graph_name.value.startswith(store.iri("graph/inferred")):  # type: ignore[union-attr]  # named
            values.setdefault(quad.predicate.value, []).append(_value(quad.object))
    return read_node(values) if terms.RDFS_LABEL in values else None


def _predicate(name: str) -> NamedNode:
    return NamedNode(NAMESPACE + name)


def _value(node: object) -> str:
    return str(getattr(node, "value", ""))


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise UsageError(f"{what} needs words")
    return text
