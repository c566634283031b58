"""Compare the claims that came out of a gold passage with those that should have (rules in tests/gold/README.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.model import Actor, Claim, Modality, Place, VictimClass, Victims
from tests.gold_passages import Expected, Name, Names, Passage, options

# The fields by which an expected claim is recognised; the others say how well it was read.
CORE: Mapping[str, frozenset[str]] = {
    "casualty": frozenset({"harm", "minimum", "maximum", "modality"}),
    "deployment": frozenset({"deployer", "origin", "destination", "minimum", "maximum", "equipment"}),
    "event": frozenset({"event_type", "modality"}),
    "crowd": frozenset({"minimum", "maximum"}),
}

# --- comparing words

ADMINISTRATIVE = re.compile(
    r"^(?:town|city|village|province|district|state|region) of |"
    r" (?:town|city|village|province|district|state|region|department|governorate|oblast|county|prefecture)$"
)


def words(text: str) -> str:
    """Lower case without accents, punctuation, possessive endings and a leading article."""
    plain = unicodedata.normalize("NFKD", re.sub("[’‘ʼ]", "'", text)).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"'s\b|['.]", "", plain)
    return re.sub(r"^the ", "", " ".join(re.findall(r"[a-z0-9]+", plain)))


def stands_in(wanted: str, texts: Iterable[str | None]) -> bool:
    """Whether the wanted words stand as whole words in one of the texts."""
    return any(f" {words(wanted)} " in f" {words(text)} " for text in texts if text)


def names(actor: Actor | Victims | None) -> tuple[str | None, ...]:
    """Every wording under which an actor may be recognised."""
    if actor is None:
        return ()
    return (actor.name, actor.text, actor.role if isinstance(actor, Actor) else None)


def is_actor(wanted: Name | None, actor: Actor | Victims | None) -> bool:
    """Whether one of the wanted names is in a name, the wording or the role of the actor."""
    return any(stands_in(option, names(actor)) for option in options(wanted))


def is_place(wanted: Name | None, place: Place | None) -> bool:
    """Whether a wanted name is the place's canonical name or its wording."""
    if place is None:
        return wanted is None
    known = {words(text) for text in (place.name, place.text) if text}
    bare = known | {ADMINISTRATIVE.sub("", text) for text in known}
    return any(words(option) in bare for option in options(wanted))


def all_among(wanted: Names, actors: Sequence[Actor]) -> bool:
    """Whether every wanted name is one of the actors."""
    return all(any(is_actor(name, actor) for actor in actors) for name in wanted)


# --- comparing claims


@dataclass(frozen=True)
class Context:
    """What a comparison needs beside the two claims: the document's publisher and its other claims."""

    publisher: str | None
    claims: Mapping[str, Claim]

    def is_publisher(self, actor: Actor) -> bool:
        """Whether the actor is the document's own publisher."""
        return self.publisher is not None and is_actor(self.publisher, actor)


def _source(want: Expected, claim: Any, context: Context) -> bool:
    if want.source is None:
        return claim.source is None or context.is_publisher(claim.source)
    return is_actor(want.source, claim.source)


def _relays(want: Expected, claim: Any, context: Context) -> bool:
    chain = [actor for actor in claim.relays if not context.is_publisher(actor)]
    same = all(map(is_actor, want.relays, chain)) or all(map(is_actor, want.relays, reversed(chain)))
    return len(chain) == len(want.relays) and same


def _subset(want: Expected, claim: Any, context: Context) -> bool:
    if isinstance(want.subset_of, bool):
        return want.subset_of == (claim.subset_of is not None)
    whole = context.claims.get(claim.subset_of or "")
    count = getattr(whole, "count", None)
    return count is not None and all(getattr(count, end) == value for end, value in (want.subset_of or {}).items())


def _texts(field: str) -> Callable[[Expected, Any, Context], bool]:
    return lambda want, claim, _: any(stands_in(o, [getattr(claim, field)]) for o in options(getattr(want, field)))


def _actor(field: str) -> Callable[[Expected, Any, Context], bool]:
    return lambda want, claim, _: is_actor(getattr(want, field), getattr(claim, field))


def _actors(field: str) -> Callable[[Expected, Any, Context], bool]:
    return lambda want, claim, _: all_among(getattr(want, field), getattr(claim, field))


def _place(field: str) -> Callable[[Expected, Any, Context], bool]:
    return lambda want, claim, _: is_place(getattr(want, field), getattr(claim, field))


def _part(field: str, owner: str, attribute: str) -> Callable[[Expected, Any, Context], bool]:
    def same(want: Expected, claim: Any, _: Context) -> bool:
        wanted = getattr(want, field)
        found = getattr(getattr(claim, owner), attribute, None)
        return found is None if wanted is None else found in options(wanted)

    return same


def _class(want: Expected, claim: Any, _: Context) -> bool:
    """Security forces are the wider class of the military, so they are never wrong for soldiers."""
    found = claim.victims.class_ if claim.victims else VictimClass.UNKNOWN
    wanted = options(want.class_)
    return found in wanted or (found == VictimClass.SECURITY_FORCES and VictimClass.MILITARY in wanted)


def _own(field: str) -> Callable[[Expected, Any, Context], bool]:
    return lambda want, claim, _: getattr(claim, field) in options(getattr(want, field))


def _number(end: str) -> Callable[[Expected, Any, Context], bool]:
    return lambda want, claim, _: claim.count is not None and getattr(claim.count, end) == getattr(want, end)


SAME: Mapping[str, Callable[[Expected, Any, Context], bool]] = {
    **{field: _own(field) for field in ("harm", "modality", "event_type", "phase")},
    **{field: _actor(field) for field in ("victims", "deployer", "group")},
    **{field: _actors(field) for field in ("agents", "targets", "contributors")},
    **{field: _place(field) for field in ("place", "origin", "destination")},
    **{field: _texts(field) for field in ("unit", "equipment", "purpose")},
    **{end: _number(end) for end in ("minimum", "maximum")},
    "hedge": _part("hedge", "count", "hedge"),
    "class_": _class,
    "country": _part("country", "place", "country"),
    "earliest": _part("earliest", "time", "earliest"),
    "latest": _part("latest", "time", "latest"),
    "source": _source,
    "relays": _relays,
    "subset_of": _subset,
    "instruments": lambda want, claim, _: all(
        any(stands_in(o, claim.instruments) for o in options(n)) for n in want.instruments
    ),
}


def differences(want: Expected, claim: Claim, context: Context) -> frozenset[str]:
    """The fields asked for in which the claim is not as wanted."""
    return frozenset(field for field in want.asked() if not SAME[field](want, claim, context))


# --- scoring a passage


@dataclass(frozen=True)
class Reading:
    """An expected claim with the claim that answers it best, and the fields in which that one differs."""

    want: Expected
    claim: Claim | None
    wrong: frozenset[str]

    @property
    def found(self) -> bool:
        """Whether the fields agree by which the claim is recognised."""
        return self.claim is not None and not self.wrong & CORE[self.want.kind]

    @property
    def right(self) -> bool:
        """Whether every field agrees."""
        return self.claim is not None and not self.wrong


@dataclass(frozen=True)
class Outcome:
    """What came out of one passage."""

    passage: Passage
    claims: tuple[Claim, ...]
    readings: tuple[Reading, ...]
    judged: tuple[Claim, ...]
    spurious: tuple[Claim, ...]
    refused: tuple[tuple[Expected, Claim], ...]


def evaluate(passage: Passage, claims: Sequence[Claim]) -> Outcome:
    """Pair each expected claim with the claim that fits it best, each claim used once, and judge the rest."""
    context = Context(passage.publisher, {claim.id: claim for claim in claims})
    wanted = [want.required() for want in passage.claims]
    wrong = {
        (i, j): differences(want, claim, context)
        for i, want in enumerate(wanted)
        for j, claim in enumerate(claims)
        if claim.kind == want.kind
    }
    judged = [j for j, c in enumerate(claims) if c.kind in passage.complete and c.modality == Modality.ASSERTED]
    known = {j for (i, j), fields in wrong.items() if not fields & CORE[wanted[i].kind]}
    return Outcome(
        passage,
        tuple(claims),
        _pair(wanted, claims, wrong),
        tuple(claims[j] for j in judged),
        tuple(claims[j] for j in judged if j not in known),
        tuple(
            (ban, claim)
            for ban in passage.refused
            for claim in claims
            if claim.kind == ban.kind and not differences(ban, claim, context)
        ),
    )


def _pair(
    wanted: Sequence[Expected], claims: Sequence[Claim], wrong: Mapping[tuple[int, int], frozenset[str]]
) -> tuple[Reading, ...]:
    """Best pairs first: found, then fewest differences; a near miss names the claim without using it up."""
    order = sorted(wrong, key=lambda pair: (bool(wrong[pair] & CORE[wanted[pair[0]].kind]), len(wrong[pair]), pair))
    readings: dict[int, Reading] = {}
    used: set[int] = set()
    for i, j in order:
        if i in readings or j in used:
            continue
        readings[i] = Reading(wanted[i], claims[j], wrong[i, j])
        if readings[i].found:
            used.add(j)
    return tuple(readings.get(i, Reading(want, None, want.asked())) for i, want in enumerate(wanted))
