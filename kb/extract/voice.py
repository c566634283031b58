"""How a verb stands in its clause: passive, active, or as a participle behind its noun; and where the clause ends."""

from __future__ import annotations

from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.phrases import GROUP

PASSIVE, ACTIVE, REDUCED, NONE = "passive", "active", "reduced", "none"
PEOPLE = frozenset({GROUP, PERSON_NAME, COUNT, ACTOR, NATIONAL})
REFLEXIVE = frozenset({"himself", "herself", "themselves"})
OBJECTS = frozenset({"him", "them"})
LOOK_BACK = 6
TOLD = frozenset({"reported", "said", "believed", "known", "thought", "feared", "confirmed", "presumed"})
SHARED = 24  # nodes between two passives of one subject
SEIZED = word_set("seized")
PASSED_OVER = word_set("passed-over")
NOUN_SIGNS = frozenset({"a", "an", "of", "'s", "’s"})
AFTER_HER = ("preposition", "conjunction", "be", "have", "adverbs", "harm-adjective", "adding")
JOINTS = frozenset({"and", "or", ",", "and then", "then"})


def is_adverb(node: Node) -> bool:
    """Words that stand between a verb and its auxiliary, or between a subject and its verb."""
    return node.kind == TIME or (
        node.kind == PLAIN
        and (node.has("adverbs", "mode-negation") or (node.lower.endswith("ly") and len(node.lower) > 4))
    )


def auxiliary(nodes: list[Node], at: int) -> int | None:
    """The index of the form of "be" that makes the verb passive, looking back over adverbs and earlier participles."""
    index = at - 1
    while index >= 0 and at - index <= LOOK_BACK:
        node = nodes[index]
        if node.has("be"):
            return index
        if node.lower in ("was reported", "were reported"):
            return index
        if node.lower == "to be" and index and nodes[index - 1].lower.split()[-1] in TOLD:
            return index - 1  # "was reported to be dead"
        participle = node.has("harm-verb", "event-verb", "assault") and any(
            tag.form == "participle" for tag in node.tags
        )
        if not (is_adverb(node) or participle or node.lower in PASSED_OVER):
            return None
        index -= 1
    return None


def shared_auxiliary(nodes: list[Node], at: int) -> int | None:
    """The "be" of an earlier passive that "and" joins this one to: "were taken from their car in Homs and shot"."""
    joint = at - 1
    while joint > 0 and is_adverb(nodes[joint]) and nodes[joint].lower not in JOINTS:
        joint -= 1
    if joint < 2 or nodes[joint].lower not in JOINTS or nodes[joint].lower == ",":
        return None
    for index in range(joint - 1, max(clause(nodes, at)[0], joint - SHARED) - 1, -1):
        node = nodes[index]
        if node.has("be"):
            verb = next((n for n in nodes[index + 1 : joint] if not is_adverb(n)), None)
            return index if verb is not None and _passive_form(verb) else None
        if node.kind in PEOPLE and node.kind != ACTOR and nodes[index - 1].has("be", "conjunction"):
            return None
    return None


def inverted(nodes: list[Node], at: int) -> bool:
    """ "Killed were two officers", "also wounded was a driver": the participle before its auxiliary and subject."""
    opens = at == 0 or nodes[at - 1].lower == "also" or not nodes[at - 1].lower[0].isalnum()
    return opens and at + 2 < len(nodes) and nodes[at + 1].has("be") and nodes[at + 2].kind in PEOPLE


def _passive_form(node: Node) -> bool:
    word = node.lower.split()[0]
    return node.kind == PLAIN and (
        word.endswith("ed") or word in SEIZED or any(tag.form == "participle" for tag in node.tags)
    )


def voice_of(nodes: list[Node], at: int, forms: frozenset[str]) -> str:
    """The voice of a verb with these possible forms."""
    aux = auxiliary(nodes, at)
    if "participle" in forms and (aux is not None or inverted(nodes, at)):
        return PASSIVE
    if "participle" in forms and not _object_follows(nodes, at) and shared_auxiliary(nodes, at) is not None:
        return PASSIVE
    if forms <= {"base", "s"} and _is_noun(nodes, at):
        return NONE
    follows = _object_follows(nodes, chain_end(nodes, at))
    if "participle" not in forms:
        return ACTIVE if follows else NONE
    if not follows and at > 0 and nodes[at - 1].has("determiner"):
        return NONE  # "the wounded"
    if (at > 0 and nodes[at - 1].has("have")) or forms == {"past"}:
        return ACTIVE
    if not follows and _thing_follows(nodes, at):
        return NONE  # "activists seized the building"
    return ACTIVE if follows else REDUCED


def _is_noun(nodes: list[Node], at: int) -> bool:
    """Whether a word that may be noun or verb ("murder") is a noun here: an article or possessive stands before it."""
    before = nodes[at - 1] if at else None
    return before is not None and (before.has("determiner") or before.lower in NOUN_SIGNS)


def chain_end(nodes: list[Node], at: int) -> int:
    """The last verb of a row that shares one object: "kidnapped, tortured and killed two men"."""
    index = at + 1
    last = at
    while index < len(nodes) and index - last <= 3:
        node = nodes[index]
        if node.has("harm-verb", "event-verb", "assault") and nodes[index - 1].lower in JOINTS:
            last = index
        elif node.lower in REFLEXIVE or not (node.lower in JOINTS or (is_adverb(node) and node.kind == PLAIN)):
            break
        index += 1
    return last


def _thing_follows(nodes: list[Node], at: int) -> bool:
    """Whether the verb has an object that is no people."""
    node = nodes[at + 1] if at + 1 < len(nodes) else None
    return node is not None and (node.lower in ("the", "its", "their", "a", "an") or node.has("site"))


def _object_follows(nodes: list[Node], at: int) -> bool:
    """Whether people stand right behind the verb as its object."""
    for index in range(at + 1, min(at + 4, len(nodes))):
        node = nodes[index]
        if object_pronoun(nodes, index):
            return True
        if node.kind in PEOPLE:
            if node.kind == COUNT:
                return node.value.kind in ("number", "none", "article")
            return True
        if not (
            node.has("determiner")
            or node.lower in ('"', "“", "”", "‘", "’", "'", "a", "an")
            or (is_adverb(node) and node.kind == PLAIN and node.lower not in JOINTS)
        ):
            return False
    return False


def object_pronoun(nodes: list[Node], at: int) -> bool:
    """Whether a pronoun stands for people as an object; "her" may belong to a noun behind it."""
    word = nodes[at].lower
    if word == "of them":
        return at > 0 and nodes[at - 1].lower in ("all", "both", "each")
    if word != "her":
        return word in OBJECTS or word in REFLEXIVE
    following = nodes[at + 1] if at + 1 < len(nodes) else None
    return following is None or following.kind == TIME or not following.lower[0].isalpha() or following.has(*AFTER_HER)


def clause(nodes: list[Node], at: int) -> tuple[int, int]:
    """The range of nodes around ``at`` that no clause break interrupts."""
    first, last, end = at, at + 1, len(nodes)
    while first > 0:
        before = nodes[first - 1]
        if _breaks(before) if before.tags else before.lower == ";":
            break
        first -= 1
    while last < end:
        behind = nodes[last]
        if _breaks(behind) if behind.tags else behind.lower == ";":
            break
        last += 1
    return first, last


def _breaks(node: Node) -> bool:
    breaking = "clause-break" in node.tags.lexes and node.kind == PLAIN
    return breaking and node.lower not in ("because", "when")
