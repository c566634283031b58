"""What a trigger may ask of the words around it: "killing of", "12 dead", "no casualties", "claimed the lives of"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.seek import PARTS, counts_things, has_predicate, is_phrase
from kb.extract.voice import auxiliary, clause, is_adverb
from kb.extract.wounds import bound

OF, TO, COUNTED, POSSESSIVE, PREDICATE, NUMBER_OF = "of", "to", "counted", "possessive", "predicate", "number-of"
NUMBER_WORDS = frozenset({"number", "toll", "total", "total number"})
NOBODY, TAKEN, PART, LABELLED, PUT, FOLD = "nobody", "taken", "part", "labelled", "put", "fold"
ONLY_ONE, ONLY = "only", frozenset({"only", "sole", "lone", "single"})
LABEL_STARTS = frozenset({";", ":", ",", ".", "(", "-", "*", "•"})
FOUND, FINDING = "found", word_set("finding")
PUTTING = word_set("putting")
FOLDS = {"double": 2, "triple": 3, "quadruple": 4, "quintuple": 5, "twin": 2}
COUNTED_ONLY, LABEL_MARKS = word_set("counted-only"), word_set("label-marks")
SUFFERING = word_set("suffering")
LIFE_TAKERS = word_set("life-takers")
TOLD_AS_TIME = frozenset({"when", "once", "until", "after", "before", "if"})
BESIDE_COUNTS = frozenset({"left", "new", "more", "confirmed", "reported", "people"})


def _of(nodes: list[Node], at: int) -> bool:
    return at + 1 < len(nodes) and nodes[at + 1].lower == "of" and not _activity(nodes, at)


def _to(nodes: list[Node], at: int) -> bool:
    return at + 1 < len(nodes) and nodes[at + 1].lower == "to" and not _nobody(nodes, at)


def _possessive(nodes: list[Node], at: int) -> bool:
    return at > 0 and nodes[at - 1].lower in ("'s", "’s", "'", "’")


def _predicate(nodes: list[Node], at: int) -> bool:
    return (
        auxiliary(nodes, at) is not None
        and bound(nodes, at)
        and not _presupposed(nodes, at)
        and nodes[at].lower not in COUNTED_ONLY
    )


def _counted(nodes: list[Node], at: int) -> bool:
    """A number or phrase for people right before ("12 dead", "23 deaths", "left five people dead")."""
    if not bound(nodes, at):
        return False
    index = at - 1
    while index >= 0 and (
        is_adverb(nodes[index]) or nodes[index].lower in BESIDE_COUNTS or nodes[index].lower in PARTS
    ):
        index -= 1
    if (
        index > 0
        and nodes[index].kind == PLAIN
        and nodes[at].has("harm-noun")
        and not (nodes[at].has("harm-verb") or nodes[index].tags)
        and nodes[index].lower.isalpha()
    ):
        index -= 1  # "214 political deaths"
    if index > 0 and nodes[index].lower in ("him", "her", "them"):
        return nodes[index - 1].has("event-verb", "occur")
    return index >= 0 and is_phrase(nodes[index], (GROUP, COUNT, PERSON_NAME)) and not counts_things(nodes, index)


def _labelled(nodes: list[Node], at: int) -> bool:
    """The label of a table in words: "Killed: 4. Wounded, nine in all", "Dead 33, wounded 70", "KIA 3"."""
    if at + 1 < len(nodes) and _number(nodes, at + 1) and (nodes[at].lower in ("kia", "wia") or _row(nodes, at)):
        return True
    if at + 2 >= len(nodes) or nodes[at + 1].lower not in LABEL_MARKS:
        return False
    opens = at == 0 or nodes[at - 1].lower in LABEL_STARTS
    counted = nodes[at + 2].kind == COUNT or (nodes[at + 2].kind == GROUP and nodes[at + 2].value.count is not None)
    apart = at == 0 or nodes[at + 1].lower != "," or nodes[at - 1].lower in (";", ":")
    return opens and counted and apart and not has_predicate(nodes, at + 2)


def _put(nodes: list[Node], at: int) -> bool:
    """ "gave the dead as 19", "the wounded number 30": a number of those harmed, without a verb of harm."""
    behind = at + 1
    while behind < len(nodes) and is_adverb(nodes[behind]):
        behind += 1
    following = nodes[behind].lower if behind < len(nodes) else ""
    if following in ("number", "numbered", "total", "totalled", "totaled"):
        return True
    if following == "," and behind + 3 < len(nodes) and _number(nodes, behind + 1):
        return nodes[behind + 2].lower in ("in", "altogether")  # "the injured, eight in all,"
    if following in ("are", "were", "is", "was"):
        return at + 2 < len(nodes) and nodes[at + 2].kind == COUNT
    if at + 1 < len(nodes) and _number(nodes, at + 1):
        return any(node.has("the-harmed") for node in nodes[max(0, at - 6) : at])  # "… and the wounded 56"
    if following == "at" and any(node.has("toll") for node in nodes[:at]):
        return True  # "the toll stood at 186, the wounded at 700"
    told = following in ("as", "at") or any(node.lower in ("as", "at") for node in nodes[at + 1 : at + 9])
    return told and any(n.lower in PUTTING for n in nodes[max(0, at - 12) : at])


def _found(nodes: list[Node], at: int) -> bool:
    """ "his body was found", "their bodies were dumped"."""
    owned = at > 0 and (nodes[at - 1].lower in ("his", "her", "their") or nodes[at - 1].lower in ("'s", "’s"))
    return owned and any(node.lower.split()[0] in FINDING for node in nodes[max(0, at - 3) : at + 5])


def _only(nodes: list[Node], at: int) -> bool:
    """ "was the only fatality", "the only fatality was": one person told of as all who were harmed."""
    return at > 1 and nodes[at - 1].lower in ONLY and _only_be(nodes, at) is not None


def _only_be(nodes: list[Node], at: int) -> int | None:
    """The "be" beside "the only fatality"."""
    if nodes[at - 2].has("determiner") and at > 2 and nodes[at - 3].has("be"):
        return at - 3
    return at + 1 if at + 1 < len(nodes) and nodes[at + 1].has("be") else None


def _fold(nodes: list[Node], at: int) -> bool:
    """ "a triple murder": as many people as the adjective says."""
    return at > 0 and nodes[at - 1].lower in FOLDS


def _number(nodes: list[Node], at: int) -> bool:
    return nodes[at].kind == COUNT and nodes[at].value.kind == "number" and not counts_things(nodes, at)


def _row(nodes: list[Node], at: int) -> bool:
    """Whether a label without a mark stands in a row of such: "dead 33, wounded 70"."""
    opens = at == 0 or not nodes[at - 1].lower[0].isalnum() or nodes[at - 1].lower == "and"
    beside = [index for index in (*range(at - 4, at - 1), *range(at + 3, at + 5)) if 0 <= index < len(nodes) - 1]
    return (
        opens
        and not has_predicate(nodes, at + 1)
        and any(nodes[i].has("harm-adjective", "harm-verb") and _number(nodes, i + 1) for i in beside)
    )


def _suffered(nodes: list[Node], at: int) -> bool:
    """ "suffered two injuries": what one person has, no number of people."""
    wounds = any(tag.value == "injured" for tag in nodes[at].tagged("harm-noun"))
    return wounds and any(node.lower in SUFFERING for node in nodes[max(0, at - 4) : at])


def _nobody(nodes: list[Node], at: int) -> bool:
    """ "no reported casualties", "without victims", "did not cause any casualties"."""
    for index in range(at - 1, max(-1, at - 6), -1):
        node = nodes[index]
        if node.has("mode-negation") or (node.kind == COUNT and node.value.kind == "none"):
            return True
        if node.kind != PLAIN:
            return False
    return False


def _lives_taken(nodes: list[Node], at: int) -> bool:
    """Whether lives are lost, and not saved or told ("claimed the lives of", "30 lives were lost")."""
    return any(node.lower in LIFE_TAKERS for node in nodes[max(0, at - 5) : at + 4])


def _activity(nodes: list[Node], at: int) -> bool:
    """ "murders of politicians": what someone does as a habit, without number or article; no event with victims."""
    if at + 2 >= len(nodes) or not any(tag.form == "many" for tag in nodes[at].tagged("harm-noun")):
        return False
    node = nodes[at + 2]
    return bare_plural(node) and not (at and nodes[at - 1].has("determiner"))


def _presupposed(nodes: list[Node], at: int) -> bool:
    """In "when they were dead …" the clause tells a time and reports nothing."""
    return any(node.lower in TOLD_AS_TIME for node in nodes[clause(nodes, at)[0] : at])


def unclear(nodes: list[Node]) -> tuple[int, str] | None:
    """Where a clause of time speaks of the dead ("when they were dead …"), and the harm: a person must read it."""
    for at, node in enumerate(nodes):
        tag = next(node.tagged("harm-adjective"), None) if node.tags else None
        if tag is not None and auxiliary(nodes, at) is not None:
            first = clause(nodes, at)[0]
            if any(node.lower == "when" for node in nodes[max(0, first - 1) : at]):
                return at, tag.value
    return None


def number_of(nodes: list[Node], at: int) -> int | None:
    """The phrase of "the number of X killed"."""
    for index in range(at - 1, max(-1, at - 6), -1):
        if nodes[index].kind in (GROUP, NATIONAL, ACTOR) and index > 1 and nodes[index - 1].lower == "of":
            return index if nodes[index - 2].lower in NUMBER_WORDS else None
    return None


def bare_plural(node: Node) -> bool:
    """People without number or article: "peasants"."""
    return node.kind == GROUP and node.value.count is None and node.value.many and not node.value.definite


# The signs that a rule's trigger may ask for beside the voices of verbs.
TESTS: Mapping[str, Callable[[list[Node], int], bool]] = {
    OF: _of,
    TO: _to,
    COUNTED: lambda nodes, at: _counted(nodes, at) and not _suffered(nodes, at),
    POSSESSIVE: _possessive,
    PREDICATE: _predicate,
    NOBODY: _nobody,
    TAKEN: _lives_taken,
    PART: lambda nodes, at: auxiliary(nodes, at) is None,
    LABELLED: _labelled,
    PUT: _put,
    FOLD: _fold,
    FOUND: _found,
    ONLY_ONE: _only,
}
