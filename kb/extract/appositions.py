"""What only describes people again: appositions, and asides between a subject and its verb."""

from __future__ import annotations

from kb.extract.entities import PERSON_NAME
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.voice import is_adverb

ASIDES = word_set("asides")
QUANTIFIERS = frozenset({"all", "most", "many", "some", "both", "several", "half"})
RELATIVES = frozenset({"who", "which", "whom", "whose"})
ENCLOSED = 40  # nodes of a clause between commas


def subject_end(nodes: list[Node], at: int, first: int) -> int:
    """Where the subject of a verb ends: before a clause in commas ("two men, who had helped the police, were shot")."""
    start = at
    while start > first and is_adverb(nodes[start - 1]) and nodes[start - 1].lower not in ("and", "or"):
        start -= 1
    if start - 1 <= first or nodes[start - 1].lower != ",":
        return at
    for index in range(start - 2, max(first, start - ENCLOSED), -1):
        if nodes[index - 1].lower == "," and _begins_aside(nodes, index):
            return index - 1
    return at


def _begins_aside(nodes: list[Node], at: int) -> bool:
    """ ", who had …,", ", all of them farmers,", ", including soldiers,", ", missing since Monday,"."""
    node = nodes[at]
    if node.lower in RELATIVES or node.has("including"):
        return True
    if node.lower in QUANTIFIERS:
        behind = nodes[at + 1]
        return behind.lower in ("of", "of them") or (
            node.lower in ("all", "both") and behind.kind in (GROUP, PERSON_NAME)
        )
    return node.kind == PLAIN and node.lower in ASIDES


def described_again(nodes: list[Node], index: int, joint: int) -> bool:
    """Whether a comma only parts one person from what he is: "killing John Smith, a teacher, and two pupils"."""
    if joint != index + 2 or nodes[index + 1].lower != "," or not (one(nodes[index]) and nodes[joint].kind == GROUP):
        return False
    named = nodes[index].kind == PERSON_NAME or nodes[index].value.name is not None
    return named and one(nodes[joint]) and nodes[joint].value.name is None and nodes[joint].value.count is None


def all_apposed(nodes: list[Node], index: int, joint: int) -> bool:
    """Whether a comma only parts people from what they are: "the bodies of three men, all employees of a base"."""
    if joint != index + 2 or nodes[index + 1].lower != "," or nodes[joint].kind != GROUP:
        return False
    return nodes[joint].value.count is None and nodes[joint].lower.startswith(("all ", "both ", "each "))


def same_people(nodes: list[Node], joint: int, index: int) -> bool:
    """Whether an apposition says what those before it are: "the survivor, a girl, …", "17 herders, natives of …"."""
    first, other = nodes[joint], nodes[index]
    if one(first) and one(other):
        return True
    if other.kind == GROUP == first.kind and other.lower.startswith(("both ", "all ")):
        return bool(other.value.size.minimum == first.value.size.minimum)
    bare = other.kind == GROUP and other.value.many and other.value.count is None and not other.value.definite
    return bare and first.kind == GROUP and first.value.many


def one(node: Node) -> bool:
    """Whether a node stands for one person."""
    if node.kind == PERSON_NAME:
        return True
    if node.kind == COUNT:
        return bool(node.value.count.maximum == 1)
    return node.kind == GROUP and node.value.size.maximum == 1


def names_again(nodes: list[Node], joint: int, index: int) -> bool:
    """Whether a name behind a mere comma is that of the person before: "the priest, Anselmo Rubio, and his driver"."""
    if joint != index - 2 or nodes[joint + 1].lower != ",":
        return False
    named = nodes[index].kind == PERSON_NAME or (nodes[index].kind == GROUP and nodes[index].value.name is not None)
    return named and nodes[joint].kind == GROUP and one(nodes[joint]) and nodes[joint].value.name is None


def national_again(nodes: list[Node], index: int, joint: int) -> bool:
    """Whether a nationality between commas is that of the person before: "the pilot, a New Zealander, and a worker"."""
    if joint != index + 2 or nodes[index + 1].lower != "," or not (one(nodes[index]) and one(nodes[joint])):
        return False
    closed = joint + 1 < len(nodes) and nodes[joint + 1].lower == ","
    group = nodes[joint].value
    return closed and nodes[joint].kind == GROUP and group.noun == "people" and group.country is not None


def said_again(nodes: list[Node], found: list[int]) -> list[int]:
    """A list less an apposition that is all of its rest: "wounding its driver, an employee of the railways"."""
    if len(found) != 2 or found[1] != found[0] + 2 or nodes[found[0] + 1].lower != ",":
        return found
    same = all(nodes[i].kind == GROUP and one(nodes[i]) for i in found) and nodes[found[1]].lower.startswith(
        ("a ", "an ")
    )
    return found[:1] if same else found
