"""Whose forces they are and where they go, as actors and places: what a deployment's nodes stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.extract.context import Context
from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PLACE
from kb.extract.forces import CARRYING
from kb.extract.movement import is_mission
from kb.extract.moves import Deployment
from kb.extract.nodes import Node
from kb.extract.phrases import GROUP
from kb.extract.who import actor_of
from kb.model import Actor, ActorType, Phase, Place
from kb.reference import Reference

OF_A_STATE = frozenset({ActorType.MILITARY, ActorType.MINISTRY, ActorType.GOVERNMENT, ActorType.POLICE})
OWNERS = frozenset({ActorType.ALLIANCE, ActorType.STATE, ActorType.ARMED_GROUP, ActorType.ORGANISATION})


def owner(node: Node, context: Context) -> Actor | None:
    """Whose a force is: its body (an alliance, a state for its army), else the state of its people."""
    if node.kind == DEMONYM:
        return context.directory.state(node.value.code, context.words(node.first, node.last))
    if node.kind != GROUP:
        actor = actor_of(node, context)
        if (
            actor is not None
            and actor.type in OF_A_STATE
            and actor.country
            and not (is_mission(node) or _of_many(actor))
        ):
            return context.directory.state(actor.country, actor.text) or actor
        return actor
    body: Actor | None = node.value.body
    if body is not None and body.type in OWNERS:
        return body
    state = context.directory.state(node.value.country, node.value.text) if node.value.country else None
    return state or body or actor_of(node, context)


def _of_many(actor: Actor) -> bool:
    """Whether a force is an alliance's or the United Nations', and stands in the country that it is named by."""
    entries = Reference.load().entries
    entry = entries.get("actor/" + (actor.iri or "").rpartition("actor/")[2])
    above = (entries.get(local) for local in entry.part_of) if entry is not None else ()
    return any(whole is not None and whole.type in ("alliance", "organisation") for whole in above)


def owners(nodes: Sequence[Node], indexes: Iterable[int], context: Context) -> tuple[Actor, ...]:
    """Several, each once."""
    found: dict[str | None, Actor] = {}
    for index in indexes:
        actor = owner(nodes[index], context)
        if actor is not None:
            found.setdefault(actor.iri, actor)
    return tuple(found.values())


def place(nodes: Sequence[Node], index: int | None, context: Context) -> Place | None:
    """The place of a node: a place, the country of "the Haitian capital", that of "the Mission in Somalia"."""
    if index is None:
        return None
    node = nodes[index]
    if node.kind == PLACE:
        return node.value  # type: ignore[no-any-return]  # a place node holds a Place
    if node.kind == DEMONYM:
        return _country(node.value.code, context.words(node.first, nodes[index + 1].last), context)
    if node.kind in (GROUP, NATIONAL):
        code = node.value.country if node.kind == GROUP else node.value.code
        return context.gazetteer.country_place(code) if code else None
    if node.kind == ACTOR:
        text = context.words(node.first, node.last)
        name = text[text.lower().rfind(" in ") + 4 :].split("(")[0].strip()
        for entry in Reference.load().named(name):
            if entry.country and entry.local.startswith("place/"):
                return _country(entry.country, name, context)
        if node.value.type in OF_A_STATE | {ActorType.STATE} and node.value.country:
            return context.gazetteer.country_place(node.value.country)
    return None


def _country(code: str, text: str, context: Context) -> Place | None:
    found = context.gazetteer.country_place(code)
    return found.model_copy(update={"text": text}) if found is not None else None


def unit(nodes: Sequence[Node], finding: Deployment, context: Context) -> str | None:
    """The wording of the force, without its number where that counts people."""
    if finding.unit is None or finding.force is None:
        return None
    first, last = finding.unit
    head = nodes[first]
    if head.kind == GROUP and first == last:
        return _carried(str(head.value.text))
    if head.kind == GROUP:
        tail = context.words(nodes[first + 1].first, nodes[last].last)
        text = _carried(str(head.value.text))
        return f"{text}{tail}" if tail.startswith(",") else f"{text} {tail}"
    return context.words(head.first, nodes[last].last)


def _carried(text: str) -> str:
    """Those whom planes carry: "transports carrying paratroopers"."""
    return text.rsplit(f"{CARRYING} ", maxsplit=1)[-1]


def apart(nodes: Sequence[Node], moved: Iterable[Deployment]) -> frozenset[int]:
    """The places of a sentence that are only whose forces are, and where they go or come from: no scene for the next.

    Where forces have arrived or are may well be one.
    """
    found: set[int] = set()
    for finding in moved:
        found.update(index for index in (finding.deployer, *finding.contributors) if index is not None)
        if finding.phase not in (Phase.ARRIVED, Phase.OPERATING):
            found.update(i for i in range(finding.trigger, len(nodes)) if nodes[i].kind == PLACE)
    return frozenset(found)
