"""Events told by words that stand apart: "took 20 pupils hostage", "Tikrit fell to the rebels", "jets struck the port".

Here too: what is told by who does it ("Rioters blocked the road"), and cuts of the internet.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract.entities import ACTOR, DEMONYM, PLACE
from kb.extract.frames import TRIGGERS as FRAMES
from kb.extract.frames import framed
from kb.extract.lexicon import load, word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.participants import PEOPLE, Event, after, joined, objects, phrases_left
from kb.extract.phrases import GROUP
from kb.extract.seek import oblique
from kb.extract.voice import auxiliary, clause, is_adverb
from kb.model import ActorType, VictimClass

_WORDS = load("scenes")["acts"]
TAKING = frozenset(_WORDS["taking"])
PUTTING = frozenset(_WORDS["putting"])
CAPTIVE = {word: kind for kind, words in _WORDS["captive"].items() for word in words}
SEIZING = frozenset(_WORDS["seizing"])
NETWORKS = frozenset(_WORDS["networks"])
CUTTING = frozenset(_WORDS["cutting"])
STRIKING = frozenset(_WORDS["striking"])
DOERS = {noun: kind for kind, nouns in _WORDS["doers"].items() for noun in nouns}
MEETING = frozenset(_WORDS["meeting"])
TALKS = frozenset({"talks", "peace talks", "negotiations", "consultations", "crisis talks", "ceasefire talks"})
STRIKERS = frozenset(_WORDS["strikers"])
AIRCRAFT = word_set("aircraft")
FIGHTING = frozenset(VictimClass(name) for name in ("militants", "military", "security-forces", "police"))
ARMED = frozenset({ActorType.ARMED_GROUP, ActorType.MILITARY, ActorType.STATE})
TRIGGERS = FRAMES | frozenset({*CAPTIVE, *SEIZING, *CUTTING, *STRIKING, *MEETING, "strike", "strikes", "struck"})
NEAR = 9  # nodes between the parts of one act


def acts(nodes: list[Node]) -> Iterator[Event]:
    """The events of one sentence that their parts tell together, left to right."""
    for at, node in enumerate(nodes):
        if node.kind == PLAIN:
            if node.lower not in TRIGGERS and node.lower.partition(" ")[0] not in CUTTING:
                continue
        elif node.kind != GROUP:
            continue
        event = (
            _captive(nodes, at)
            or _taken(nodes, at)
            or _cut_off(nodes, at)
            or _from_the_air(nodes, at)
            or _on_strike(nodes, at)
            or _met_for_talks(nodes, at)
            or _by_its_doers(nodes, at)
            or framed(nodes, at)
        )
        if event is not None:
            yield event


def _captive(nodes: list[Node], at: int) -> Event | None:
    """ "took a priest and twelve others hostage", "placed two ministers under arrest"."""
    word = nodes[at].lower if nodes[at].kind == PLAIN else nodes[at].lower.split()[-1]
    kind = CAPTIVE.get(word)
    if kind is None or (nodes[at].kind == GROUP and not nodes[at].lower.count(" ")):
        return None
    bounds = clause(nodes, at)
    wanted = PUTTING if nodes[at].lower.startswith("under ") or nodes[at].lower in PUTTING else TAKING | PUTTING
    verb = next((i for i in range(at - 1, max(bounds[0], at - NEAR) - 1, -1) if nodes[i].lower in wanted), None)
    if verb is None:
        return None
    if auxiliary(nodes, verb) is not None:
        return Event(
            kind, "taken-captive", verb, after(nodes, at, ("by",), bounds), phrases_left(nodes, verb, bounds), (), 0.75
        )
    targets = tuple(i for i in range(verb + 1, at + 1) if nodes[i].kind in PEOPLE)
    return Event(kind, "taken-captive", verb, phrases_left(nodes, verb, bounds), targets, (), 0.75) if targets else None


def _taken(nodes: list[Node], at: int) -> Event | None:
    """ "the rebels took the palace", "the army holds the airport": armed people and a place or a building."""
    if nodes[at].lower not in SEIZING or (at and nodes[at - 1].has("determiner", "be")):
        return None
    bounds = clause(nodes, at)
    targets = objects(nodes, at, bounds)
    agents = phrases_left(nodes, at, bounds)
    fought_for = bool(targets) and (nodes[targets[0]].kind == PLACE or nodes[targets[0]].has("site"))
    if not (fought_for and agents and all(_armed(nodes[i]) for i in agents)):
        return None
    return Event("seizure", "taken-place", at, agents, targets, (), 0.7)


def _armed(node: Node) -> bool:
    if node.kind == GROUP:
        body = node.value.body
        return node.value.victim_class in FIGHTING or (body is not None and body.type in ARMED)
    return node.kind == ACTOR and node.value.type in ARMED


def _cut_off(nodes: list[Node], at: int) -> Event | None:
    """ "the internet was cut", "Belarus switched off mobile internet", "Iraq closes off YouTube"."""
    if nodes[at].lower not in CUTTING and nodes[at].lower.partition(" ")[0] not in CUTTING:
        return None
    bounds = clause(nodes, at)
    left = any(_network(nodes[i]) for i in range(max(bounds[0], at - 6), at))
    if auxiliary(nodes, at) is not None and left:
        return Event("internet-shutdown", "network-cut", at, after(nodes, at, ("by",), bounds), (), (), 0.75)
    if any(_network(nodes[i]) for i in range(at + 1, min(bounds[1], at + 5))):
        return Event("internet-shutdown", "network-cut", at, phrases_left(nodes, at, bounds), (), (), 0.75)
    return None


def _network(node: Node) -> bool:
    return node.lower in NETWORKS or node.lower.split()[-1] in NETWORKS


def _from_the_air(nodes: list[Node], at: int) -> Event | None:
    """ "Israeli jets bombed the airport", "American bombers struck three sites": aircraft that strike."""
    if nodes[at].lower not in STRIKING or not at:
        return None
    bounds = clause(nodes, at)
    index = at - 1
    while index > bounds[0] and (is_adverb(nodes[index]) or nodes[index].has("have")):
        index -= 1
    if not (nodes[index].lower in AIRCRAFT or nodes[index].lower.split()[-1] in AIRCRAFT):
        return None
    owner = next((i for i in range(index, max(bounds[0], index - 3) - 1, -1) if _owns(nodes[i])), None)
    targets = objects(nodes, at, bounds)
    return Event(
        "air-strike", "struck-from-the-air", at, (owner,) if owner is not None else (), targets, (index,), 0.75
    )


def _owns(node: Node) -> bool:
    return node.kind in (DEMONYM, ACTOR, GROUP) or (node.kind == PLACE and node.value.precision == "country")


def _on_strike(nodes: list[Node], at: int) -> Event | None:
    """ "The miners will strike on Monday": people who work, and a verb without an object."""
    if nodes[at].lower not in ("strike", "strikes", "struck"):
        return None
    behind = nodes[at + 1] if at + 1 < len(nodes) else None
    if behind is not None and not (behind.has("preposition") or behind.kind == TIME or not behind.lower.isalnum()):
        return None
    agents = phrases_left(nodes, at, clause(nodes, at))
    working = agents and all(nodes[i].lower.split()[-1].rstrip("s") in STRIKERS for i in agents)
    return Event("protest", "on-strike", at, agents, (), (), 0.7) if working else None


def _met_for_talks(nodes: list[Node], at: int) -> Event | None:
    """ "Delegations from Russia and Ukraine met in Istanbul for talks"."""
    if nodes[at].lower not in MEETING:
        return None
    bounds = clause(nodes, at)
    talks = next((i for i in range(at + 1, min(bounds[1], at + NEAR)) if nodes[i].lower in TALKS), None)
    if talks is None or not any(node.lower == "for" for node in nodes[at + 1 : talks]):
        return None
    agents = phrases_left(nodes, at, bounds)
    return Event("negotiation", "met-for-talks", at, agents, (), (), 0.7) if agents else None


def _by_its_doers(nodes: list[Node], at: int) -> Event | None:
    """ "Rioters blocked the road", "Looters emptied the museum": who they are says what they do."""
    node = nodes[at]
    kind = DOERS.get(node.value.noun) if node.kind == GROUP else None
    if kind is None or node.value.name or node.value.role or oblique(nodes, at) or at + 1 >= len(nodes):
        return None
    verb = at + 1
    while verb < len(nodes) - 1 and (
        is_adverb(nodes[verb])
        or nodes[verb].has("have")
        or nodes[verb].kind == PLACE
        or nodes[verb].lower in ("in", "at", "from", "near")
    ):
        verb += 1
    did = nodes[verb].kind == PLAIN and nodes[verb].lower.endswith(("ed", "ew", "ought", "ook", "ent", "oke", "urnt"))
    if not did or nodes[verb].has("harm-verb", "harm-intransitive", "say", "be"):
        return None
    return Event(kind, "by-its-doers", at, joined(nodes, at, 1, at + 1, things=False), (), (), 0.55)


def counted_objects(nodes: list[Node], at: int, limit: int) -> tuple[int, ...]:
    """ "burned | hundreds of their | houses": what a number counts behind a verb."""
    for index in range(at + 1, min(at + 6, limit)):
        if nodes[index].has("site"):
            return (index,)
        if not (
            nodes[index].kind in (COUNT, DEMONYM)
            or nodes[index].has("determiner", "modifiers")
            or nodes[index].lower == "of"
        ):
            return ()
    return ()
