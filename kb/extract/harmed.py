"""A finding of people harmed, and what becomes of the wounded who die."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.nodes import COUNT, Node
from kb.extract.rules import Rule
from kb.extract.seek import PARTS
from kb.model import Count, Hedge, VictimClass

OF_WOUNDED = frozenset({"of the injured", "of the wounded", "of those injured", "of those wounded", "of the victims"})
LATER = frozenset({"later", "subsequently", "afterwards"})
WOUNDED = ("the wounded", "the injured", "an injured", "a wounded")


class Casualty(NamedTuple):
    """One finding: nodes by index; ``whole`` is the index in the sentence's findings that this one is a subset of."""

    rule: Rule
    harm: str
    trigger: int
    phrase: int
    count: Count  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    victim_class: VictimClass
    text: str
    name: str | None
    country: str | None
    noun: str
    agents: tuple[int, ...]
    additional: bool
    definite: bool
    part: bool = False  # of people harmed whom an earlier sentence tells of
    wounded: bool = False  # killed, and of those told of as wounded before
    whole: int | None = None
    background: bool = False  # of another incident, or over a longer time: no part of the incident's own number


REST = frozenset({"the rest", "the remainder"})


def rest(found: list[Casualty], nodes: list[Node]) -> list[Casualty]:
    """The findings, "the rest" with its number where the sentence gives that of all: "of 36 passengers 15 perished"."""
    if not any(nodes[f.phrase].lower in REST for f in found):
        return found
    harmed = {f.phrase for f in found}
    numbers = [
        n.value.count
        for i, n in enumerate(nodes)
        if i not in harmed and (n.kind == "group" or (n.kind == COUNT and n.value.kind == "number"))
    ]
    wholes = [c.minimum for c in numbers if c is not None and c.minimum is not None and c.minimum == c.maximum]
    told = sum(f.count.maximum or 0 for f in found if nodes[f.phrase].lower not in REST and f.whole is None)
    left = max(wholes, default=0) - told
    if left <= 0:
        return found
    count = Count(minimum=left, maximum=left, hedge=Hedge.EXACT, text="the rest")
    return [f._replace(count=count) if nodes[f.phrase].lower in REST else f for f in found]


def survived(nodes: list[Node], found: list[Casualty]) -> list[Casualty]:
    """The findings less the wounds of those who died of them: "was wounded and later died"."""
    deaths = [f for f in found if f.harm == "killed" and f.count.maximum != 0]
    wholes = {f.whole for f in found}
    dead = {
        index
        for index, f in enumerate(found)
        if f.harm == "injured"
        and f.whole is None
        and index not in wholes
        and any(_died(nodes, f, death) for death in deaths)
    }
    if not dead:
        return found
    moved = {old: new for new, old in enumerate(index for index in range(len(found)) if index not in dead)}
    return [f._replace(whole=None if f.whole is None else moved[f.whole]) for i, f in enumerate(found) if i not in dead]


def _died(nodes: list[Node], wounded: Casualty, death: Casualty) -> bool:
    if wounded.rule.trigger.lex == "assault" and death.phrase == wounded.phrase:
        return True
    if death.rule.trigger.lex == "harm-verb":
        return False
    if death.trigger < wounded.trigger:
        return death.phrase == wounded.phrase and wounded.rule.trigger.lex in ("wound", "limb", "hospital")
    pronoun = nodes[death.phrase].lower in ("he", "she") and wounded.count.maximum == 1
    return death.phrase == wounded.phrase or pronoun


def within_toll(nodes: list[Node], found: list[Casualty]) -> list[Casualty]:
    """ "The toll rose to 81 after three of the wounded died": the three are a part of the 81."""
    toll = next((i for i, f in enumerate(found) if f.rule.trigger.lex == "toll" and f.whole is None), None)
    if toll is None:
        return found
    return [
        f._replace(whole=toll) if i > toll and f.harm == found[toll].harm and _since(nodes, found[toll], f) else f
        for i, f in enumerate(found)
    ]


def _since(nodes: list[Node], toll: Casualty, part: Casualty) -> bool:
    between = nodes[max(toll.phrase, toll.trigger) : min(part.phrase, part.trigger)]
    return part.whole is None and any(node.lower in ("after", "when", "as", "with", "following") for node in between)


def of_wounded(nodes: list[Node], phrase: int, at: int) -> bool:
    """Whether those who died are some of the wounded told of before: "one of them died", "two of the injured"."""
    if not nodes[at].has("harm-intransitive"):
        return False
    if nodes[phrase].lower.startswith(WOUNDED):
        return True
    following = nodes[phrase + 1] if phrase + 1 < len(nodes) else None
    if following is None:
        return False
    if nodes[phrase].kind == COUNT and following.lower in LATER:
        return True
    if following.lower == "," and phrase + 3 < len(nodes) and nodes[phrase + 3].lower in PARTS:
        return nodes[phrase + 2].lower == "one"  # "a woman of 68, one of them, died"
    return following.lower in PARTS or any(tag.lemma in OF_WOUNDED for tag in following.tagged("harmed-of"))
