"""What a person can choose among when two things are one, or one thing is two: things of the kind, and claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.search import Named, Wanted, find_claims, find_names, lists
from kb.web.cards import Card
from kb.web.reading import Reading

_NAMES = 12
_CLAIMS = 60


@dataclass(frozen=True)
class Choices:
    """For a thing that is merged or split: ``names`` are those that were looked for with ``find`` (its own label, if
    nothing was), ``others`` with ``other``; ``cards`` the claims that name it with ``words`` in their quotes.
    """

    find: str
    other: str
    words: str
    names: list[Named]
    others: list[Named]
    cards: list[Card]
    more: bool


def choices(reading: Reading, target: str, label: str, given: Mapping[str, str]) -> Choices:
    """What there is to choose for the parameters ``find``, ``other`` and ``words`` of an address."""
    find, other, words = (given.get(name, "").strip() for name in ("find", "other", "words"))
    claims = _claims(reading, target, words)
    return Choices(
        find=find,
        other=other,
        words=words,
        names=_names(reading, target, find, label),
        others=_names(reading, target, other, label),
        cards=reading.cards(claims[:_CLAIMS]),
        more=len(claims) > _CLAIMS,
    )


def _kind(reading: Reading, target: str) -> str:
    return target.removeprefix(reading.store.base).partition("/")[0]


def _names(reading: Reading, target: str, text: str, label: str) -> list[Named]:
    """The nodes of its kind that a text may mean, by name or by address; not itself, nor what has become another."""
    kind = _kind(reading, target)
    found = [*_at(reading, kind, text), *find_names(reading.index, text or label, _NAMES + 1, (kind,))]
    if kind == "episode" and not text:
        own = lists.episode(reading.index, target)
        found = [
            Named(it.iri, kind, it.label, it.label, it.claims)
            for it in lists.episodes(reading.index, _NAMES + 1, place=own.place if own else None)
        ]
    return [it for it in found if it.iri != target and it.iri not in reading.standing.merged][:_NAMES]


def _at(reading: Reading, kind: str, text: str) -> list[Named]:
    iri = reading.iri(text)
    if _kind(reading, iri) != kind:
        return []
    return [Named(iri, kind, label, label, 0) for iri, label in reading.labels([iri]).items()]


def _claims(reading: Reading, target: str, words: str) -> list[str]:
    """One more of its claims than are shown, if there are that many."""
    kind = _kind(reading, target)
    if kind == "event":
        return lists.of_event(reading.index, target, _CLAIMS + 1)[0]
    if kind not in ("actor", "place"):
        return []
    wanted = Wanted(words, {kind: target}, exact=True)
    return find_claims(reading.index, wanted, _CLAIMS + 1, facets=()).claims
