"""Injuries told by what one has or where one is taken: "sustained burns", "shot in the leg", "sent to hospital".

Each sign gives the node that the people stand before, or None where the words tell of no injury.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.extract.entities import NATIONAL, PERSON_NAME
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.voice import SEIZED, auxiliary, is_adverb, shared_auxiliary

SUFFERED, HAVING, STRUCK, CARRIED, DEADLY, SEIZING = "suffered", "having", "struck", "carried", "deadly", "seized"
SUFFERING, SUFFERING_WITH = word_set("suffering"), word_set("suffering-with")
CARING, STRIKING, DEADLY_VERBS = word_set("caring"), word_set("striking"), word_set("deadly")
WITH = frozenset({"with", "from", "for"})
INTO, IN = frozenset({"to", "in", "at", "into"}), frozenset({"in", "on"})
PEOPLE = frozenset({GROUP, COUNT, PERSON_NAME, NATIONAL})
PRONOUNS = frozenset({"he", "she", "him", "her", "they", "them"})
OWNING = frozenset({"got", "gets", "get", "had", "have", "has", "having", "took", "bore"})
SHOT = frozenset({"shot", "shoot", "shooting"})
ALIVE, MAIMED = word_set("alive"), word_set("maimed")
AIMED = frozenset({"at", "in", "through", "and", "down"})
BOUND = (
    (("to death",), DEADLY_VERBS),
    (("alive",), word_set("alive-verbs")),
    (("to flee", "to leave their", "to abandon their"), word_set("driving") | word_set("compelling")),
    (("from their", "out of their", "off their"), word_set("driving")),
)
LYING, LYING_AT = 7, frozenset({"in", "at", "to", "into"})
REACH, LONG_REACH = 8, 12
ENDED = frozenset({"body", "bodies", "corpse", "corpses", "remains", "morgue", "mortuary"})


def _mild(node: Node) -> bool:
    """What may stand before the noun: "minor", "serious gunshot", "cuts and"; no number, preposition or negation."""
    if node.kind != PLAIN:
        return False
    return not node.has("preposition", "be", "have", "mode-negation") and node.lower not in (";", "no", ":")


def suffered(nodes: list[Node], at: int) -> int | None:
    """The verb of "sustained minor injuries", "survived with burns", "were treated for cuts and bruises"."""
    for index in range(at - 1, max(-1, at - 1 - REACH), -1):
        word = nodes[index].lower
        if word in SUFFERING:
            return index if word not in OWNING or _had(nodes, at, index) else None
        if word in WITH and index:
            return index - 1 if nodes[index - 1].lower in SUFFERING_WITH else _lying(nodes, index)
        if not (
            _mild(nodes[index]) or nodes[index].lower in ("a", "an", "several", "multiple", "numerous", "two", "three")
        ):
            return None
    return None


def _had(nodes: list[Node], at: int, verb: int) -> bool:
    """Whether wounds are had as a noun: "had burns", "has a broken leg"; "had cut the road" tells of none."""
    many = any(tag.form == "many" for tag in nodes[at].tagged("wound"))
    return many or (at - verb > 1 and nodes[at].lower not in ("cut", "burn", "wound", "bruise", "scratch", "graze"))


def _lying(nodes: list[Node], with_: int) -> int | None:
    """The verb of "remain in hospitals with wounds", "were taken to Kenyatta with burns"."""
    for index in range(with_ - 1, max(0, with_ - LYING), -1):
        if nodes[index].lower in SUFFERING_WITH and nodes[index].kind == PLAIN:
            return index  # "survived the attack with a wound"
        if nodes[index].lower in LYING_AT:
            verb = nodes[index - 1].lower
            return index - 1 if verb in SUFFERING_WITH or verb in CARING else None
        if nodes[index].kind == COUNT or (nodes[index].kind == GROUP and not nodes[index].has("title")):
            return None
    return None


def having(nodes: list[Node], at: int) -> int | None:
    """The "with" of "left 145 with injuries", right behind the people."""
    for index in range(at - 1, max(0, at - 1 - REACH), -1):
        if nodes[index].lower == "with":
            people = nodes[index - 1].kind in PEOPLE and not _body(nodes, index)
            return index if people else None
        if not (_mild(nodes[index]) or nodes[index].lower in ("a", "an", "multiple")):
            return None
    return None


def struck(nodes: list[Node], at: int) -> int | None:
    """The verb of "was shot in the leg" and "had a leg blown off", or the "in" of "shot him in the leg"."""
    if at + 1 < len(nodes) and nodes[at + 1].lower.split()[0] in MAIMED:
        had = [i for i in range(max(0, at - 4), at) if nodes[i].has("have")]
        return had[-1] if had else None
    index = at - 1
    while index > 0 and (
        nodes[index].has("determiner", "modifiers")
        or nodes[index].lower in ("left", "right", "lower", "upper", "a", "an")
    ):
        index -= 1
    if index < 1 or nodes[index].lower not in IN:
        return None
    return _acted(nodes, index, STRIKING)


def shot_in(nodes: list[Node], at: int) -> int | None:
    """As ``struck``, where people are shot in the head and no more is told."""
    index = struck(nodes, at)
    if index is None or not any(node.lower in SHOT for node in nodes[max(0, index - LONG_REACH) : index + 1]):
        return None
    alive = any(node.lower in ALIVE for node in nodes)
    return None if alive else index


def carried(nodes: list[Node], at: int) -> int | None:
    """The verb of "were taken to hospital", or the "to" of "sent 22 people to hospital"."""
    for index in range(at - 1, max(0, at - 1 - REACH), -1):
        if nodes[index].lower in INTO:
            return None if _body(nodes, index) else _acted(nodes, index, CARING)
        verb, _, into = nodes[index].lower.rpartition(" ")
        if into in INTO and verb in CARING and auxiliary(nodes, index) is not None:
            return None if _body(nodes, index) else index  # "were rushed to": one word of the lexicon
        if nodes[index].kind == GROUP or (nodes[index].kind == COUNT and nodes[index].value.kind != "article"):
            return None
    return None


def _acted(nodes: list[Node], preposition: int, verbs: frozenset[str]) -> int | None:
    """The verb right before the preposition, passive; or the preposition itself behind the object of such a verb."""
    index = preposition - 1
    while index > 0 and nodes[index].kind == PLAIN and is_adverb(nodes[index]):
        index -= 1
    if nodes[index].lower in verbs and not nodes[index].lower.endswith("ing"):
        return (
            index
            if auxiliary(nodes, index) is not None or nodes[index - 1].kind in PEOPLE or nodes[index - 1].lower == "and"
            else None
        )
    if nodes[index].kind not in PEOPLE and nodes[index].lower not in PRONOUNS:
        return None
    before = nodes[max(0, index - LONG_REACH) : index]
    return preposition if any(node.lower in verbs for node in before) else None


def _body(nodes: list[Node], at: int) -> bool:
    return any(node.has("body") or node.lower in ENDED for node in nodes[max(0, at - LONG_REACH) : at + REACH])


def bound(nodes: list[Node], at: int) -> bool:
    """Whether the verb stands before that a word of harm needs: "hacked 36 villagers to death", and no sentence;
    "drove 5,000 people from their homes", "took three soldiers prisoner".
    """
    word = nodes[at].lower
    needed = next((verbs for ends, verbs in BOUND if word.startswith(ends)), None)
    return needed is None or any(node.lower in needed for node in nodes[max(0, at - LONG_REACH) : at])


def seized(nodes: list[Node], at: int) -> int | None:
    """The "were" of "were lined up and shot": those seized and then shot, of whom nothing better is told."""
    if (at + 1 < len(nodes) and nodes[at + 1].lower in AIMED) or auxiliary(nodes, at) == at - 1:
        return None
    index = auxiliary(nodes, at) or shared_auxiliary(nodes, at)
    if index is None or nodes[at - 1].lower not in ("and", "then", "and then", ","):
        return None
    verbs = (node.lower.split()[0] for node in nodes[index + 1 : at])
    return index if any(word in SEIZED for word in verbs) else None


# The node that the people stand before, by the sign that a rule asks for.
STARTS: Mapping[str, Callable[[list[Node], int], int | None]] = {
    SUFFERED: suffered,
    HAVING: having,
    STRUCK: struck,
    CARRIED: carried,
    SEIZING: seized,
    "shot-in": shot_in,
}
