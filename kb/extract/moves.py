"""What is found of a movement of forces, and how it is put together from a verb, its phase and its force."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.arms import equipment, purpose
from kb.extract.forces import Force
from kb.extract.movement import (
    LEAVING,
    come_from,
    heads_off,
    places_behind,
    towards,
)
from kb.extract.nodes import Node
from kb.extract.owners import country_of, is_state
from kb.extract.phrases import GROUP
from kb.extract.voice import clause
from kb.model import Count, Phase

NEAR = 2  # nodes before a force where its owner stands


class Deployment(NamedTuple):
    """One finding, as node indexes: the force, who sends it, who contributes, where from and to, equipment.

    ``unit``, ``equipment`` and ``purpose`` are ranges of nodes, both ends included. ``again`` says that the force is
    one spoken of before ("1,000 of them"); ``there`` that the place is the one spoken of before ("entered the town").
    """

    rule: str
    trigger: int
    phase: Phase
    force: int | None
    deployer: int | None
    contributors: tuple[int, ...]
    origin: int | None
    destination: int | None
    equipment: tuple[int, int] | None
    purpose: tuple[int, int] | None
    count: Count | None = None  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    unit: tuple[int, int] | None = None
    again: bool = False
    there: bool = False


def make(nodes: list[Node], rule: str, at: int, phase: Phase, force: Force, deployer: int | None) -> Deployment | None:
    """A finding from its verb, phase and force, with the places, arms and purpose that its clause tells."""
    bounds = clause(nodes, at)
    places = places_behind(nodes, at, bounds)
    destination, origin = towards(nodes, at, places), come_from(nodes, at, places)
    if origin is not None and origin in (force.owner, *force.members):
        origin = None
    if phase in LEAVING and origin is None and not heads_off(nodes, at):
        origin, destination = destination, None
    if destination == origin:
        destination = None
    contributors = force.members
    if deployer is None and force.owner is not None:
        deployer = force.owner
    elif deployer is not None and force.owner is not None and not contributors and force.owner != deployer:
        near = is_state(nodes[force.owner]) or nodes[force.owner].kind == GROUP
        contributors = (force.owner,) if near and force.owner >= force.first - NEAR else ()
        contributors = contributors if country_of(nodes[deployer]) != country_of(nodes[force.owner]) else ()
    return Deployment(
        rule,
        at,
        phase,
        force.head,
        deployer,
        tuple(index for index in contributors if index != deployer),
        origin,
        destination,
        equipment(nodes, at),
        purpose(nodes, at, bounds[1]) if phase not in LEAVING else None,
        force.count,
        (force.first, force.last - 1),
    )
