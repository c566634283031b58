"""Mentions: every place, organisation, person and time that a document speaks of, by its span.

What extraction takes claims from, useful by itself: who and what a document is about, before any claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PLACE
from kb.extract.lexicon import word_set
from kb.extract.names import english, fold
from kb.extract.nodes import PLAIN, TIME, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.reading import Reader, Reading
from kb.model import ActorType, Document, Precision
from kb.resources import DEFAULT_BASE

LOCATION, ORGANISATION, PERSON, TEMPORAL = "Location", "Organisation", "Person", "Temporal"
_COORDINATES = re.compile(
    r"\d{1,3}°\d{1,2}[′'](?:\d{1,2}(?:\.\d+)?[″\"])?[NS]\s?\d{1,3}°\d{1,2}[′'](?:\d{1,2}(?:\.\d+)?[″\"])?[EW]"
    r"|\d{1,3}\.\d{2,}°?\s?[NS][,;]?\s?\d{1,3}\.\d{2,}°?\s?[EW]|-?\d{1,2}\.\d{3,}\s?[;,]\s?-?\d{1,3}\.\d{3,}"
)


class Mention(NamedTuple):
    """A mention at characters [start, end); ``type`` is Location, Organisation, Person or Temporal.

    ``iri`` is what it stands for, minted under the base given, or None where nothing has a name (times, "we").
    """

    type: str
    start: int
    end: int
    text: str
    iri: str | None


@lru_cache(maxsize=4)
def _reader(base: str) -> Reader:
    return Reader(base)


def mentions(document: Document, base: str = DEFAULT_BASE) -> list[Mention]:
    """The mentions of a document in the order of its text, none overlapping."""
    reading = _reader(base).read(document)
    found = [mention for line in reading.lines for mention in _in_line(line.nodes, reading)]
    found.extend(
        Mention(LOCATION, match.start(), match.end(), match.group(), None)
        for match in _COORDINATES.finditer(document.text)
    )
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        if kept and _goes_on(kept[-1], mention, document.text):
            last = kept.pop()
            text = document.text[last.start : mention.end]
            kept.append(Mention(ORGANISATION, last.start, mention.end, text, last.iri or mention.iri))
        elif not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _goes_on(last: Mention, mention: Mention, text: str) -> bool:
    """ "Coalition | military forces", "ISIL | units": two bodies side by side are one."""
    return last.type == mention.type == ORGANISATION and text[last.end : mention.start] in (" ", "-", "\n")


COLLECTIVE = frozenset("we they".split())
SINGLE = frozenset("i he she him".split())
LOCATION_NOUNS = word_set("location-nouns")
DIRECTIONS = word_set("directions")
SITE_NOUNS = word_set("site-nouns")
SITE_ADJECTIVES = word_set("site-adjectives")
GENERIC_BODIES = word_set("generic-bodies")
GROUND = frozenset("in at near of from to across into inside outside throughout within on around through".split())
LARGER = (Precision.COUNTRY, Precision.REGION)


def _in_line(nodes: Sequence[Node], reading: Reading) -> Iterator[Mention]:
    at = 0
    while at < len(nodes):
        found = (
            _time(nodes, at) or _location(nodes, at) or _person(nodes, at, reading) or _organisation(nodes, at, reading)
        )
        if found is None:
            at += 1
            continue
        kind, first, last, iri = found
        yield from _spelled(kind, nodes[first].first, nodes[last - 1].last, iri, reading)
        at = last


def _spelled(kind: str, first: int, last: int, iri: str | None, reading: Reading) -> Iterator[Mention]:
    """The mention of tokens [first, last); an office and the name in apposition to it are two."""
    context = reading.context
    comma = next((at for at in range(first + 1, last - 1) if kind == PERSON and context.tokens[at].text == ","), None)
    for begin, stop in ((first, last),) if comma is None else ((first, comma), (comma + 1, last)):
        start, end = context.span(begin, stop)
        yield Mention(kind, start, end, context.text[start:end], iri)


_Found = tuple[str, int, int, str | None]


def _time(nodes: Sequence[Node], at: int) -> _Found | None:
    return (TEMPORAL, at, at + 1, None) if nodes[at].kind == TIME else None


def _location(nodes: Sequence[Node], at: int) -> _Found | None:
    """A named place with what leads up to it ("the eastern part of Aleppo, Syria"), or a common noun for one."""
    node = nodes[at]
    if node.kind == PLACE:
        if _acts(nodes, at):
            return (ORGANISATION, _opened(nodes, at), at + 1, node.value.iri)
        last = at + 1
        while last + 1 < len(nodes) and nodes[last].lower == "," and _contains(nodes[last + 1], nodes[last - 1]):
            last += 2
        return (LOCATION, _opened(nodes, at), last, node.value.iri)
    if node.lower in SITE_NOUNS and at and (nodes[at - 1].lower in SITE_ADJECTIVES or nodes[at - 1].kind == ACTOR):
        return (LOCATION, _opened(nodes, at - 1), at + 1, None)
    if (
        node.kind == DEMONYM
        and at + 1 < len(nodes)
        and nodes[at + 1].lower in ("territory", "soil", "side", "airspace")
    ):
        return (LOCATION, _opened(nodes, at), at + 2, None)
    if node.kind == PLAIN and node.lower in LOCATION_NOUNS and not node.has("say", "be"):
        if at + 1 < len(nodes) and (nodes[at + 1].lower in ("-", "security") or nodes[at + 1].kind in (GROUP, ACTOR)):
            return None
        return (LOCATION, _opened(nodes, at), at + 1, None)
    return None


def _contains(larger: Node, place: Node) -> bool:
    return (
        larger.kind == PLACE == place.kind
        and larger.value.precision in LARGER
        and place.value.precision != Precision.COUNTRY
        and larger.value.country == place.value.country
    )


def _acts(nodes: Sequence[Node], at: int) -> bool:
    """Whether a country is the state that acts or is dealt with, not the ground."""
    node = nodes[at]
    if node.value.precision != Precision.COUNTRY or node.lower.endswith(("country", "nation")):
        return False
    if _listed(nodes, at):
        return True
    before = _opened(nodes, at) - 1
    prior = nodes[before].lower if before >= 0 else ""
    if prior in GROUND:
        return False
    if prior in ("by", "with", "between", "ally"):
        return True
    after = nodes[at + 1] if at + 1 < len(nodes) else None
    if after is not None and after.lower == "-":
        return True
    if after is None or after.kind != PLAIN or not after.lower[0].isalpha():
        return False
    return after.lower not in ("and", "or") and not after.has("preposition")


def _listed(nodes: Sequence[Node], at: int) -> bool:
    """One of three or more countries in a row."""
    run, index = [at], at
    for step in (1, -1):
        index = at + step
        while 0 <= index < len(nodes) and (
            nodes[index].lower in (",", "and", "the")
            or (nodes[index].kind == PLACE and nodes[index].value.precision == Precision.COUNTRY)
        ):
            run.extend([index] if nodes[index].kind == PLACE else [])
            index += step
    return len(run) > 2 and not (index >= 0 and nodes[index].lower in GROUND)


def _opened(nodes: Sequence[Node], at: int) -> int:
    """Where the phrase begins: over directions, adjectives and the article."""
    first = at
    while first and nodes[first - 1].lower in DIRECTIONS:
        first -= 1
    return first - 1 if first and nodes[first - 1].lower in ("the", "a", "an", "this") else first


def _person(nodes: Sequence[Node], at: int, reading: Reading) -> _Found | None:
    node = nodes[at]
    if node.kind == ACTOR and node.value.type == ActorType.PERSON:
        return (PERSON, at, at + 1, node.value.iri)
    if node.kind == GROUP and not _attributive(nodes, at):
        group: Group = node.value
        if group.name is not None:
            named = group.role is not None or group.person is not None or _personal(group.name, nodes, at, reading)
            return (PERSON, at, at + 1, group.person.iri if group.person else None) if named else None
        if node.lower.rsplit(" ", 1)[-1] in GENERIC_BODIES or "famil" in group.noun:
            return None
        predicate = at > 0 and nodes[at - 1].has("be") and not group.definite
        if not group.many and not predicate and (group.count is not None or group.definite or _titled(node, reading)):
            return (PERSON, at, at + 1, None)
    if node.kind == PLAIN and node.lower in SINGLE and node.has("pronoun"):
        return (PERSON, at, at + 1, None)
    return None


def _titled(node: Node, reading: Reading) -> bool:
    """An office written like a name: "Foreign Secretary"."""
    return bool(node.value.role) and reading.context.tokens[node.first].text[0].isupper()


def _personal(name: str, nodes: Sequence[Node], at: int, reading: Reading) -> bool:
    """Whether an unknown name is likely a person's.

    One that is known as one, that speaks, or, of several words, that has words which are not English.
    """
    words = fold(name).replace("-", " ").split()
    beside = [*nodes[max(0, at - 1) : at], *nodes[at + 1 : at + 2]]
    if reading.context.gazetteer.is_person(" ".join(words)) or any(
        node.has("say", "have") or node.lower in ("'s", "’s") for node in beside
    ):
        return True
    return len(words) > 1 and any(word[0].isalpha() and not english(word) for word in words)


def _attributive(nodes: Sequence[Node], at: int) -> bool:
    """A noun for people that only qualifies the next one: "fighter aircraft", "human rights", "terrorist group"."""
    group: Group = nodes[at].value
    if at + 1 >= len(nodes) or nodes[at + 1].lower in GENERIC_BODIES:
        return at + 1 < len(nodes)
    after = nodes[at + 1]
    if group.many or group.name is not None:
        return after.lower == "-"
    return after.lower == "-" or (after.kind == PLAIN and after.lower[0].isalpha() and not after.tags)


def _organisation(nodes: Sequence[Node], at: int, reading: Reading) -> _Found | None:
    node = nodes[at]
    after = nodes[at + 1] if at + 1 < len(nodes) else None
    if node.kind in (GROUP, DEMONYM, ACTOR) and after is not None and after.lower in GENERIC_BODIES:
        return (ORGANISATION, _opened(nodes, at), at + 2, None)
    if node.kind == ACTOR and not (after is not None and after.lower == "-"):
        return (ORGANISATION, _opened(nodes, at), at + 1, node.value.iri)
    body = node.kind == GROUP and (node.lower.rsplit(" ", 1)[-1] in GENERIC_BODIES or "famil" in node.value.noun)
    if node.kind == NATIONAL or body or (node.kind == GROUP and node.value.many):
        last = at + 1
        if last + 1 < len(nodes) and nodes[last].lower == "of" and nodes[last + 1].kind == PLACE:
            last += 2
        return (ORGANISATION, _opened(nodes, at), last, None)
    if node.kind == PLAIN and (
        (node.lower in COLLECTIVE and node.has("pronoun")) or node.lower in GENERIC_BODIES or node.has("organisation")
    ):
        return (ORGANISATION, _opened(nodes, at), at + 1, None)
    return None
