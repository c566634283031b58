"""Forces by how many they are, by whom they stand beside, and by the bases that they give up."""

from __future__ import annotations

from kb.extract.entities import ACTOR, DEMONYM, PLACE
from kb.extract.forces import Force, force_at, force_here
from kb.extract.lexicon import load
from kb.extract.movement import AT, LEAVING, force_left, force_right, places_behind, reached, senders
from kb.extract.moves import Deployment, make
from kb.extract.nodes import COUNT, Node
from kb.extract.owners import antecedent, is_state
from kb.extract.phrases import GROUP
from kb.extract.voice import clause, is_adverb
from kb.model import Phase

_WORDS = load("deployments")
NUMBERS = frozenset(_WORDS["numbers"])
RAISES = frozenset(_WORDS["raises"])
STRENGTH = frozenset(_WORDS["strength"])
BESIDE = frozenset(_WORDS["beside"])
HANDS = frozenset(_WORDS["hands-over"])
BASES = frozenset(_WORDS["bases"])
ABOARD = frozenset({"aboard", "on board"})
WORDS = NUMBERS | RAISES | BESIDE | HANDS | ABOARD
PULLING = frozenset({"withdraw", "pull out", "pull back", "retreat", "begin to withdraw", "start withdrawing"})
NEAR = 9  # nodes between a word and the number, force or base that it governs


def numbered(nodes: list[Node], at: int) -> Deployment | None:
    """ "The contingent numbers 2,030 troops and 250 pieces of hardware"."""
    if nodes[at].lower not in NUMBERS:
        return None
    head = force_left(nodes, at, max(0, at - NEAR))
    many = next((i for i in range(at + 1, min(at + 4, len(nodes))) if _counts_people(nodes, i)), None)
    if head is None or many is None:
        return None
    force = force_at(nodes, head, before_verb=True)._replace(count=nodes[many].value.count)
    return make(nodes, "force-numbers", at, Phase.OPERATING, force, None)


def raised(nodes: list[Node], at: int) -> Deployment | None:
    """ "bringing British strength in the country to 650", "taking the force to 8,000"."""
    if nodes[at].lower not in RAISES:
        return None
    last = min(at + NEAR, len(nodes) - 1)
    to = next((i for i in range(at + 2, last) if nodes[i].lower == "to" and _counts_people(nodes, i + 1)), None)
    if to is None:
        return None
    head = next((i for i in range(at + 1, to) if force_here(nodes, i) or nodes[i].lower in STRENGTH), None)
    if head is None:
        return None
    owner = next((i for i in range(at + 1, to) if nodes[i].kind in (ACTOR, DEMONYM) or _possesses(nodes, i)), None)
    force = Force(head, head, head + 1, nodes[to + 1].value.count, owner, ())
    found = make(nodes, "force-raised", at, Phase.OPERATING, force, None)
    return found._replace(origin=None) if found is not None else None


def _possesses(nodes: list[Node], index: int) -> bool:
    return nodes[index].kind == PLACE and nodes[index + 1].lower in ("'s", "’s")


def _counts_people(nodes: list[Node], index: int) -> bool:
    """A number of people: "2,030 troops", "650" at the end of its phrase."""
    node = nodes[index]
    if node.kind == GROUP:
        return node.value.count is not None
    if node.kind != COUNT or node.value.kind != "number":
        return False
    return (
        index + 1 >= len(nodes)
        or nodes[index + 1].lower in (".", ",", "and", ";", "by")
        or force_here(nodes, index + 1)
    )


def beside(nodes: list[Node], at: int) -> Deployment | None:
    """ "backed by 3,000 Rwandan soldiers": a counted force of a state that helps another."""
    if nodes[at].lower in ABOARD:
        return _on_ships(nodes, at)
    if nodes[at].lower not in BESIDE:
        return None
    by = at + 1
    while by < len(nodes) and (is_adverb(nodes[by]) or nodes[by].lower == ","):
        by += 1
    if by >= len(nodes) or not (nodes[by].lower == "by" or (at == by - 1 == at and nodes[at].lower == "alongside")):
        return None
    head = force_right(nodes, by, min(len(nodes), by + NEAR))
    if head is None:
        return None
    force = force_at(nodes, head, before_verb=False)
    if force.count is None or force.owner is None:
        return None
    return make(nodes, "force-beside", at, Phase.OPERATING, force, None)


def _on_ships(nodes: list[Node], at: int) -> Deployment | None:
    """ "three American warships lie offshore with 2,300 Marines aboard"."""
    if at < 2 or nodes[at - 2].lower != "with" or not force_here(nodes, at - 1):
        return None
    force = force_at(nodes, at - 1, before_verb=False)
    owner = next((i for i in range(at - 3, max(-1, at - NEAR), -1) if is_state(nodes[i])), None)
    if force.count is None:
        return None
    force = force if force.owner is not None else force._replace(owner=owner)
    return make(nodes, "force-aboard", at, Phase.OPERATING, force, None)


def handed_over(nodes: list[Node], at: int) -> Deployment | None:
    """ "French forces handed over the base at Gossi to the Malian army": who leaves a base leaves its place."""
    if nodes[at].lower not in HANDS:
        return None
    bounds = clause(nodes, at)
    base = next((i for i in range(at + 1, min(at + NEAR, bounds[1])) if nodes[i].lower in BASES), None)
    named = next((i for i in range(at + 1, min(at + NEAR, bounds[1])) if _names_base(nodes[i])), None)
    if base is None and named is None:
        return None
    places = places_behind(nodes, at, bounds)
    origin = named if named is not None else next((i for i in places if {n.lower for n in nodes[i - 2 : i]} & AT), None)
    head, subjects = force_left(nodes, at, bounds[0]), senders(nodes, at, bounds[0])
    owner = force_at(nodes, head, before_verb=True).owner if head is not None else None
    deployer = (
        owner
        if owner is not None
        else next((i for i in subjects if is_state(nodes[i]) or nodes[i].kind == ACTOR), None)
    )
    if deployer is None or origin is None:
        return None
    ahead = any(
        node.has("modal-future", "mode-plan") or node.lower in ("to", "to be") for node in nodes[bounds[0] : at]
    )
    phase = Phase.WITHDRAWING if ahead else Phase.WITHDRAWN
    unit = (head, head) if head is not None else None
    return Deployment("base-handed-over", at, phase, head, deployer, (), origin, None, None, None, None, unit)


def pulled_out(nodes: list[Node], at: int) -> Deployment | None:
    """ "France would withdraw from three bases, Kidal, …": who withdraws, though no force is named."""
    tag = next(nodes[at].tagged("deploy-subject"), None)
    if tag is None or tag.value not in LEAVING or tag.lemma not in PULLING:
        return None
    bounds = clause(nodes, at)
    places = places_behind(nodes, at, bounds)
    if at + 1 >= len(nodes) or nodes[at + 1].lower != "from" or not places or places[0] > at + NEAR:
        return None
    if not all(_before_base(node) for node in nodes[at + 2 : places[0]]):
        return None  # "withdrew from the treaty on forces in Europe"
    subjects = senders(nodes, at, bounds[0])
    pronoun = next((i for i in range(at - 1, max(0, at - 4), -1) if nodes[i].lower in ("it", "they")), None)
    deployer = antecedent(nodes, pronoun - 1) if pronoun else next(iter(subjects), None)
    if deployer is None or not (is_state(nodes[deployer]) or nodes[deployer].kind == ACTOR):
        return None
    phase = reached(nodes, at, Phase(tag.value), bounds, passive=False)
    return Deployment("pulled-out", at, phase, None, deployer, (), places[0], None, None, None)


def _before_base(node: Node) -> bool:
    """What may stand between "from" and the place that is left: "three bases, | Kidal"."""
    thin = node.has("determiner", "modifiers", "locative") or node.kind in (COUNT, DEMONYM, PLACE)
    return (
        thin
        or node.lower in BASES
        or node.lower in (",", ":", "'s", "’s", "northern", "southern", "eastern", "western")
    )


def _names_base(node: Node) -> bool:
    return node.kind == PLACE and any(word in BASES for word in node.lower.split())
