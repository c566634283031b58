"""Which word is the noun of a phrase for people, and where a compound of such nouns ends."""

from __future__ import annotations

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PERSON_NAME, qualifies
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.model import ActorType

FIGHTING = frozenset({ActorType.ARMED_GROUP, ActorType.ORGANISATION, ActorType.PARTY, ActorType.MILITARY})
HEADS = frozenset({"person", "role", "title", "unnamed"})  # lexicons of nouns for people
AFTER_PEOPLE = ("be", "have", "harm-verb", "harm-intransitive", "preposition", "conjunction", "including")
NO_MODIFIERS = word_set("no-modifiers")  # lexicons


def is_head(nodes: list[Node], at: int) -> bool:
    """Whether a word or name is a noun for people, rather than a verb or part of another word."""
    node = nodes[at]
    if node.kind in (PERSON_NAME, NATIONAL):
        return True
    if node.kind == DEMONYM:
        return _counted(nodes, at) and _nobody_behind(nodes, at + 1)
    if node.kind == ACTOR:
        if node.has("person"):
            return not node.has("role") and node.value.name is not None and _counted(nodes, at)
        return not node.tags and _several(nodes, at) and node.value.type in FIGHTING and _nobody_behind(nodes, at + 1)
    if (
        node.kind != PLAIN
        or HEADS.isdisjoint(node.tags.lexes)
        or qualifies(nodes, at)
        or _no_noun_for_people(nodes, at)
    ):
        return False
    if node.lower == "other" and at + 1 < len(nodes) and _modified_by_other(nodes[at + 1]):
        return nodes[at + 1].has("harm-verb") and nodes[at - 1].lower == "the" and not _noun_follows(nodes, at + 2)
    if node.has("title") and not node.has("person", "role", "unnamed"):
        return at + 1 < len(nodes) and nodes[at + 1].kind in (PERSON_NAME, PLAIN) and _name_follows(nodes, at)
    return not (node.has("say", "harm-verb", "harm-adjective", "event-verb") and not _noun_here(nodes, at))


def _nobody_behind(nodes: list[Node], at: int) -> bool:
    """Whether a demonym ends its phrase: "12 Nepalese were killed", "a Filipino and two Indians"."""
    if at >= len(nodes) or nodes[at].kind == TIME:
        return True
    node = nodes[at]
    if node.lower in (",", "and", "or"):
        behind = nodes[at + 1] if at + 1 < len(nodes) else None
        leads = ("be", "have", "harm-verb", "conjunction", "determiner")
        return behind is None or behind.kind == COUNT or behind.has(*leads)
    if not node.lower[0].isalnum():
        return node.lower not in ("-", "'s", "’s", "'", "’")
    past = (
        node.kind == PLAIN and (not node.tags or node.has("event-verb")) and node.lower.endswith("ed")
    )  # "a Palestinian rammed his truck"
    return past or (node.kind == PLAIN and node.has(*AFTER_PEOPLE, "harm-adjective", "assault"))


def old(nodes: list[Node], at: int) -> bool:
    """Whether an age stands for a person: "a 19-year-old was killed"."""
    return "old" in nodes[at].lower and _nobody_behind(nodes, at + 1)


def _no_noun_for_people(nodes: list[Node], at: int) -> bool:
    """ "shot in the head", "took three soldiers prisoner", "were held hostage", "minor injuries"."""
    node, before = nodes[at], nodes[at - 1] if at else None
    if at + 1 < len(nodes) and nodes[at + 1].has("wound"):
        return True
    if node.lower == "head" and at > 1 and before is not None and before.has("determiner"):
        return nodes[at - 2].lower in ("in", "to", "on", "through")
    return node.has("captive") and before is not None and before.has("person", "be", "harm-verb")


def _modified_by_other(node: Node) -> bool:
    """Whether "other" belongs to what stands behind it: "other three", "other Afghans", "other wounded"."""
    return node.kind in (COUNT, NATIONAL, DEMONYM) or may_modify(node)


def _noun_follows(nodes: list[Node], at: int) -> bool:
    return at < len(nodes) and (nodes[at].kind != PLAIN or nodes[at].has("person", "role"))


def _name_follows(nodes: list[Node], at: int) -> bool:
    following = at + 1
    while following < len(nodes) and (nodes[following].lower == "." or nodes[following].has("title")):
        following += 1
    return following < len(nodes) and nodes[following].kind == PERSON_NAME


def _several(nodes: list[Node], at: int) -> bool:
    """Whether a number of more than one stands before the name of a group: "two Mai Mai"."""
    before = nodes[at - 1] if at else None
    return before is not None and before.kind == COUNT and before.value.kind == "number" and before.lower != "one"


def _counted(nodes: list[Node], at: int) -> bool:
    """Whether a number or an organisation stands before the word: "five rebels", "FMLN guerrillas"."""
    if at > 0 and nodes[at - 1].kind == ACTOR:
        return not nodes[at - 1].has("person")
    if at > 2 and nodes[at - 1].lower in ("the", "these", "those", "its", "their") and nodes[at - 2].lower == "of":
        return nodes[at - 3].kind == COUNT and bool(nodes[at - 3].value.kind == "number")  # "six of the insurgents"
    return at > 0 and nodes[at - 1].kind == COUNT and nodes[at - 1].value.kind in ("number", "none", "article", "group")


def _noun_here(nodes: list[Node], at: int) -> bool:
    """Whether a word that may be verb or noun ("guard") is a noun here: a number or article stands before it."""
    return at > 0 and (
        nodes[at - 1].kind == COUNT or nodes[at - 1].has("determiner") or nodes[at - 1].lower in ("a", "an")
    )


def head_end(nodes: list[Node], at: int) -> int:
    """The index after the last noun of a compound ("police | officers", "army | General | X")."""
    end = at + 1
    while end < len(nodes) and nodes[at].kind != PERSON_NAME:
        node = nodes[end]
        if node.has("captive"):
            break
        if (node.kind == PLAIN and node.has("person", "role", "title") and not node.has("be", "say")) or (
            node.lower == "." and nodes[end - 1].has("title") and end + 1 < len(nodes)
        ):
            end += 1
        else:
            break
    return end


def may_modify(node: Node) -> bool:
    """Whether an unknown word may stand between the number or article and the noun."""
    if node.kind in (TIME, COUNT, "group"):
        return False
    return node.kind == PLAIN and node.lower[0].isalpha() and not node.has(*NO_MODIFIERS)
