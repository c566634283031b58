"""What claims are read against, looked up in the store as it is asked for: places in places, parts, members, names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import NamedNode

from kb.rdf import terms
from kb.resources import NAMESPACE
from kb.store import Store

_STATE = NamedNode(NAMESPACE + "State")
_TYPE = NamedNode(terms.RDF_TYPE)
_LATITUDE = NamedNode(NAMESPACE + "latitude")

_CODE = 2  # letters of a country's code, which is the name of its node


class Around(Mapping[str, frozenset[str]]):
    """Everything around a node, near or far, by a look-up of what is directly around; remembers what it was asked."""

    def __init__(self, step: Callable[[str], set[str]]) -> None:
        self._step = step
        self._known: dict[str, frozenset[str]] = {}

    def __getitem__(self, node: str) -> frozenset[str]:
        found = self._known.get(node)
        if found is None:
            seen: set[str] = set()
            pending = [node] if node else []
            while pending:
                for wider in self._step(pending.pop()):
                    if wider not in seen and wider != node:
                        seen.add(wider)
                        pending.append(wider)
            found = self._known[node] = frozenset(seen)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Labels(dict[str, str]):
    """The label of each node, the first in order where there are several; empty for a node without."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, iri: str) -> str:
        found = self._store.quads(NamedNode(iri), NamedNode(terms.RDFS_LABEL))
        label = min((str(getattr(quad.object, "value", "")) for quad in found), default="")
        self[iri] = label
        return label

    def get(self, iri: str, default: str | None = None) -> str | None:  # type: ignore[override]  # one signature
        """The label, ``default`` for a node without."""
        return self[iri] or default


class Knowledge:
    """The places around places, the organisations around organisations, the alliances of states, and labels.

    ``node`` gives the node that a node has been merged into.
    """

    def __init__(self, store: Store, node: Callable[[str], str]) -> None:
        self._store = store
        self._node = node
        self.within = Around(lambda place: self._ends(place, "within"))
        self.part_of = Around(lambda actor: {wider for wider in self._ends(actor, "partOf") if not self._state(wider)})
        self.members = Around(self._alliances)
        self.labels = Labels(store)
        self._located: dict[str, bool] = {}

    def located(self, place: str) -> bool:
        """Whether the reference data know the place: it has coordinates, or is a country or region of a country."""
        found = self._located.get(place) if place else False
        if found is None:
            local = place.removeprefix(self._store.iri("place/"))
            region = "/" not in local and (len(local) == _CODE or bool(self.within[place]))
            coordinates = self._store.quads(NamedNode(place), _LATITUDE)
            found = self._located[place] = region or any(True for _ in coordinates)
        return found

    def _ends(self, iri: str, name: str) -> set[str]:
        found = self._store.quads(NamedNode(iri), NamedNode(NAMESPACE + name))
        return {self._node(quad.object.value) for quad in found if isinstance(quad.object, NamedNode)}

    def _alliances(self, iri: str) -> set[str]:
        found = self._store.quads(None, NamedNode(NAMESPACE + "member"), NamedNode(iri))
        return {self._node(quad.subject.value) for quad in found if isinstance(quad.subject, NamedNode)}

    def _state(self, iri: str) -> bool:
        return any(True for _ in self._store.quads(NamedNode(iri), _TYPE, _STATE))
