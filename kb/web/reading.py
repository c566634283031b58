"""What a page reads: one revision of the store, and the index of what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.review import Standing
from kb.search import Index, lists
from kb.store import Store
from kb.web import i18n
from kb.web.cards import Card, Ref
from kb.web.claims import cards


@dataclass(frozen=True)
class Reading:
    """A revision, its index (at least as new), and what people have decided."""

    store: Store
    index: Index
    standing: Standing

    def iri(self, text: str) -> str:
        """The IRI for one that was typed whole, or as the path under the base."""
        return text if text.startswith(("http://", "https://")) else self.store.iri(text.lstrip("/"))

    def labels(self, iris: Iterable[str | None]) -> dict[str, str]:
        """The labels of nodes in the reader's language, where the data have them in it."""
        return lists.labels(self.index, iris, i18n.language())

    def refs(self, iris: Iterable[str | None]) -> dict[str, Ref]:
        """Links to nodes."""
        return {iri: Ref(label, iri) for iri, label in self.labels(iris).items()}

    def cards(self, iris: Sequence[str]) -> list[Card]:
        """The claims among ``iris``, in their order, with what was decided on them and the names of what they name in
        the reader's language.
        """
        standing = self.standing
        found = [
            replace(card, decided="rejected" if card.iri in standing.rejected else "amended")
            if card.iri in standing.rejected or card.iri in standing.amended
            else card
            for card in cards(self.store, iris)
        ]
        if i18n.language() == "en":
            return found
        labels = self.labels({iri for card in found for iri in card.labels})
        return [
            replace(card, labels=card.labels | {iri: labels.get(iri, was) for iri, was in card.labels.items()})
            for card in found
        ]

    def one(self, iri: str) -> list[str]:
        """A node and those that people have merged into it."""
        return [iri, *sorted(other for other, became in self.standing.merged.items() if became == iri)]
