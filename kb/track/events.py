"""Which claims speak of one event: the rule, as a pure function of the claims.

Decided in docs/decisions/0004-events-first-version.md. The result depends on the set of mentions only, never on their
order. No two claims are compared: they are sorted within type and place, and looked up by counting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from kb.model import Modality
from kb.track.records import Ancestors, Event, Mention
from kb.track.segments import BACKGROUND, LONG
from kb.track.spans import Index, sweep


def events(mentions: Iterable[Mention], ancestors: Ancestors) -> list[Event]:
    """The events that these claims speak of, sorted.

    Asserted claims make events, and so do attempts, which stay apart from what succeeded. What is denied, planned,
    possible, demanded or conditional joins the one asserted event that it fits, else it makes an event of its own that
    carries the modality. A claim that only mentions an event in passing makes one only if it asserts it with place and
    day; else it joins one or none.
    """
    blocks: dict[str, dict[Modality, list[Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in set(mentions):
        blocks[mention.type][mention.modality].append(mention)
    found = [event for block in blocks.values() for event in _of_type(block, ancestors)]
    return sorted(found, key=_order)


def decided(found: Sequence[Event], together: Iterable[Sequence[str]], apart: Iterable[Sequence[str]]) -> list[Event]:
    """The events as people want them: claims torn out of an event make one of their own, sets of claims become one.

    An event that was made of several is where and when the one with the most claims is.
    """
    events_ = list(found)
    for claims in apart:
        torn = set(claims)
        for event in list(events_):
            own = torn.intersection(event.claims)
            if own and own != set(event.claims):
                events_.remove(event)
                rest = tuple(claim for claim in event.claims if claim not in own)
                events_ += [replace(event, claims=rest), replace(event, scope=min(own), claims=tuple(sorted(own)))]
    for claims in together:
        group = [event for event in events_ if not set(claims).isdisjoint(event.claims)]
        if len(group) > 1:
            main = min(group, key=lambda event: (-len(event.claims), _order(event)))
            events_ = [event for event in events_ if event not in group]
            events_.append(main.joined(claim for event in group for claim in event.claims))
    return sorted(events_, key=_order)


def _order(event: Event) -> tuple[str, ...]:
    day = event.first.isoformat() if event.first else ""
    return (event.type, event.place or "", day, event.modality.value, event.scope)


def _of_type(block: dict[Modality, list[Mention]], ancestors: Ancestors) -> list[Event]:
    asserted = _resolve(block.pop(Modality.ASSERTED, []), ancestors)
    found = _resolve(block.pop(Modality.ATTEMPTED, []), ancestors)
    fitting = _Fitting(asserted, ancestors)
    for mentions in block.values():
        rest = [mention for mention in sorted(mentions, key=_stable) if not fitting.take(mention) and mention.names]
        found.extend(_resolve(rest, ancestors))
    return found + fitting.events


def _stable(mention: Mention) -> tuple[str, str]:
    return (mention.document, mention.claim)


def _resolve(mentions: Iterable[Mention], ancestors: Ancestors) -> list[Event]:
    """The events of mentions of one type and modality."""
    placed: dict[str, list[Mention]] = defaultdict(list)
    loose: dict[str, list[Mention]] = defaultdict(list)
    documents: dict[str, str] = {}
    for mention in mentions:
        documents[mention.claim] = mention.document
        if mention.place is not None and mention.first is not None:
            placed[mention.place].append(mention)
        else:
            loose[mention.document].append(mention)
    found = _nested({place: _timeline(group) for place, group in placed.items()}, ancestors)
    return _with_loose(found, loose, documents, ancestors)


def _timeline(mentions: list[Mention]) -> list[Event]:
    """The events at one place: precise spans that overlap are one; a long span joins the only one that it overlaps."""
    found = sweep(mention for mention in mentions if mention.precise)
    index = Index(found)
    joined: dict[Event, list[str]] = defaultdict(list)
    long: list[Mention] = []
    for mention in mentions:
        if mention.precise or mention.first is None or mention.last is None:
            continue
        _, only = index.overlapping(mention.first, mention.last)
        if only is None or mention.last - mention.first > LONG:
            long.append(mention)
        else:
            joined[only].append(mention.claim)
    far = [mention for mention in long if mention.first and mention.last and mention.last - mention.first > LONG]
    near = [mention for mention in long if mention not in far]
    return [event.joined(joined.get(event, ())) for event in found] + sweep(near, "long") + sweep(far, BACKGROUND)


def _nested(timelines: dict[str, list[Event]], ancestors: Ancestors) -> list[Event]:
    """Events of places inside each other: a wider place's event is the narrower one's if it overlaps only that."""
    inside: dict[str, list[Event]] = defaultdict(list)
    found: list[Event] = []
    joined: dict[Event, list[str]] = defaultdict(list)
    for place in sorted(timelines, key=lambda place: (-len(ancestors.get(place, ())), place)):
        index = Index(inside[place])
        own: list[Event] = []
        for event in timelines[place]:
            _, only = index.overlapping(event.first or date.min, event.last or date.max)
            if only is None:
                own.append(event)
            else:
                joined[only].extend(event.claims)
        found.extend(own)
        for ancestor in ancestors.get(place, ()):
            inside[ancestor].extend(own)
    return [event.joined(joined.get(event, ())) for event in found]


def _with_loose(
    found: list[Event], loose: dict[str, list[Mention]], documents: dict[str, str], ancestors: Ancestors
) -> list[Event]:
    """Mentions without place or day join the only event of their document that they fit, else make one of its own."""
    of_document: dict[str, list[Event]] = defaultdict(list)
    for event in found if loose else ():
        for document in {documents[claim] for claim in event.claims}.intersection(loose):
            of_document[document].append(event)
    joined: dict[Event, list[str]] = defaultdict(list)
    alone: list[Event] = []
    for document, mentions in loose.items():
        rest: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            fits = [event for event in of_document[document] if _fits(mention, event, ancestors)]
            if len(fits) == 1:
                joined[fits[0]].append(mention.claim)
            elif mention.names:
                rest[mention.place or ""].append(mention)
        alone.extend(event for group in rest.values() for event in _own(group, document))
    return [event.joined(joined.get(event, ())) for event in found] + alone


def _own(mentions: list[Mention], document: str) -> list[Event]:
    """The events of one document at one place (or none) that nothing else in it tells more of."""
    dated = sweep((mention for mention in mentions if mention.first is not None), document)
    undated = [mention for mention in mentions if mention.first is None]
    if not undated:
        return dated
    if len(dated) == 1:
        return [dated[0].joined(mention.claim for mention in undated)]
    return [*dated, Event.of(undated[0], document).joined(mention.claim for mention in undated)]


def _fits(mention: Mention, event: Event, ancestors: Ancestors) -> bool:
    if mention.place is not None and event.place is not None and not _together(mention.place, event.place, ancestors):
        return False
    if mention.first is None or mention.last is None or event.first is None or event.last is None:
        return True
    return mention.first <= event.last and event.first <= mention.last


def _together(place: str, other: str, ancestors: Ancestors) -> bool:
    return place == other or other in ancestors.get(place, ()) or place in ancestors.get(other, ())


class _Fitting:
    """Asserted events that take in what is said of them otherwise: denials, plans, possibilities."""

    def __init__(self, events: list[Event], ancestors: Ancestors) -> None:
        self._events = events
        self._ancestors = ancestors
        self._joined: dict[Event, list[str]] = defaultdict(list)
        at: dict[str, list[Event]] = defaultdict(list)
        inside: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            if event.place is not None and event.first is not None:
                at[event.place].append(event)
                for ancestor in ancestors.get(event.place, ()):
                    inside[ancestor].append(event)
        self._at = {place: Index(group) for place, group in at.items()}
        self._inside = {place: Index(group) for place, group in inside.items()}

    def take(self, mention: Mention) -> bool:
        """Joins the mention to the one event of its place, else of the places around and inside it; whether it did."""
        if mention.place is None or mention.first is None or mention.last is None:
            return False
        around = [self._at.get(place) for place in self._ancestors.get(mention.place, ())]
        for indexes in ([self._at.get(mention.place)], [self._inside.get(mention.place), *around]):
            answers = [index.overlapping(mention.first, mention.last) for index in indexes if index is not None]
            count = sum(number for number, _ in answers)
            if count == 1:
                only = next(event for _, event in answers if event is not None)
                self._joined[only].append(mention.claim)
                return True
            if count:
                return False
        return False

    @property
    def events(self) -> list[Event]:
        """The events with what they took in."""
        return [event.joined(self._joined.get(event, ())) for event in self._events]
