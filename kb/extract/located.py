"""Forces whose verb no list knows: those that are told to go from a place to another, and those that are at a place."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract.entities import PLACE
from kb.extract.forces import Force, apposed_count, force_at, force_here
from kb.extract.movement import AT, force_left, senders
from kb.extract.moves import Deployment, make
from kb.extract.nodes import PLAIN, Node
from kb.extract.owners import is_state
from kb.extract.phrases import GROUP
from kb.extract.voice import clause
from kb.model import Phase

NEAR = 5  # nodes between a force or "from" and the place that it governs
# What befalls people: where these stand, a number of soldiers at a place are victims, captives or fighters.
BEFALLS = ("harm-verb", "harm-noun", "harm-adjective", "harm-intransitive", "toll", "body", "event-verb", "event-noun")
NAMED = frozenset({"force", "person"})
RELATIVE = frozenset({"who", "that", "which", "stationed", "based", "deployed", "serving"})
STATIONED = frozenset({"stationed", "based", "deployed", "serving", "posted", "now", "still"})
LOSING = frozenset({"lost", "lose", "loses", "dead", "killed", "wounded", "fell", "bodies"})


def travelling(nodes: list[Node], spoken: set[int]) -> Iterator[Deployment]:
    """ "1,500 special forces were hauled from Chongjin to Vladivostok": from a place to a place."""
    for at, node in enumerate(nodes):
        if node.lower != "from" or not 2 <= at < len(nodes) - 2:
            continue
        origin = _place(nodes, at)
        to = next((i for i in range(at + 2, min(at + 2 * NEAR, len(nodes))) if nodes[i].lower in ("to", "into")), None)
        destination = _place(nodes, to) if to is not None else None
        bounds = clause(nodes, at)
        head = force_left(nodes, at, bounds[0])
        if origin is None or destination is None or head is None or head in spoken or head + 1 == at:
            continue
        if _befallen(nodes, *bounds):
            continue
        force = force_at(nodes, head, before_verb=True)
        if force.count is None and force.owner is None:
            continue
        spoken.add(head)
        ahead = any(n.has("modal-future", "mode-plan") or n.lower == "to be" for n in nodes[bounds[0] : at])
        phase = Phase.ANNOUNCED if ahead else Phase.DEPARTED
        sent = senders(nodes, head, bounds[0])
        deployer = sent[0] if len(sent) == 1 and is_state(nodes[sent[0]]) else None
        found = make(nodes, "force-travels", at, phase, force, deployer)
        if found is not None:
            yield found._replace(origin=origin, destination=destination)


def present(nodes: list[Node], spoken: set[int]) -> Iterator[Deployment]:
    """ "Chad's 2,250 troops in the north of Mali": a counted force of somebody's, and where it is."""
    for head, node in enumerate(nodes):
        tags = node.tags
        if not tags or tags.lexes.isdisjoint(NAMED) or node.kind not in (GROUP, PLAIN):
            continue
        if head in spoken or not force_here(nodes, head):
            continue
        bounds = clause(nodes, head)
        force = force_at(nodes, head, before_verb=False)
        place = _where(nodes, force)
        if place is not None and force.count is None:  # "the battalions in Sierra Leone, about 3,200 soldiers"
            force = force._replace(count=apposed_count(nodes, place + 1))
        if place is None or force.count is None or force.owner is None or _befallen(nodes, *bounds):
            continue
        spoken.add(head)
        found = make(nodes, "force-at-place", head, Phase.OPERATING, force, None)
        if found is not None:
            yield found._replace(origin=None, destination=place, purpose=None)


def _where(nodes: list[Node], force: Force) -> int | None:
    last = force.last
    if last < len(nodes) and nodes[last].lower in RELATIVE:
        last += 1
        while last < len(nodes) and (nodes[last].has("be", "adverbs") or nodes[last].lower in STATIONED):
            last += 1  # "the 5,200 soldiers | who are still stationed | in Iraq"
    return _place(nodes, last) if last < len(nodes) and nodes[last].lower in AT else None


def _place(nodes: list[Node], at: int) -> int | None:
    """The place that a preposition governs: "in | the north of | Mali"."""
    for index in range(at + 1, min(at + NEAR, len(nodes))):
        if nodes[index].kind == PLACE:
            return index
        node = nodes[index]
        if not (node.has("determiner", "modifiers", "locative") or (node.lower.isalpha() and not node.tags)):
            return None
    return None


def _befallen(nodes: list[Node], first: int, last: int) -> bool:
    return any(node.has(*BEFALLS) or node.lower in LOSING for node in nodes[first:last] if not node.has("deploy-noun"))
