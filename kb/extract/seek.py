"""Finding the phrases that a rule asks for, on one side of its trigger."""

from __future__ import annotations

from kb.extract.appositions import RELATIVES, described_again, names_again, said_again, same_people, subject_end
from kb.extract.clauses import starts_clause, subject_next, told_apart
from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME, PLACE
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.rules import Seek
from kb.extract.voice import REFLEXIVE, chain_end, is_adverb, object_pronoun

QUOTES = frozenset({'"', "“", "”", "'", "‘", "’"})
LIST_WORDS = frozenset({",", "and", "or", "as well as", "&", "plus", "along with", "together with"})
COLLECTIVES = word_set("collectives")
THINGS = word_set("animals") | word_set("uncounted")
COUNTABLE = frozenset({"number", "none"})
ADDING = frozenset({"in addition to", "as well as", "along with", "together with", "besides"})
PREDICATES = ("be", "have", "harm-intransitive", "harm-verb", "event-verb", "perform")
TIME_CONJUNCTIONS = frozenset({"after", "before", "since", "until", "till", "as"})
PLACED = frozenset({"in", "at"})
PRONOUN = "pronoun"
PARTS = frozenset({"of them", "of whom", "of these"})
UNSURE = frozenset({"possibly", "perhaps", "maybe"})
DEGREES = word_set("degrees")
NAMING = word_set("naming") | {"nicknamed", "identified", "alias"}
POSTPOSED = frozenset({"among them", "included", "among these", "amongst them"})
GOING = (" to", " from", " into", " towards")  # how a verb ends that goes somewhere
DESCRIBED = 7  # nodes of what describes a subject
DESCRIBING = frozenset({"of", "from", "at", "in"})
PRONOUNS = frozenset({"he", "she", "him", "her", "they", "them"})
SUBJECTS = frozenset({"he", "she", "they", "it", "we", "i", "you"})


def is_phrase(node: Node, kinds: tuple[str, ...]) -> bool:
    """Whether the node is one of these kinds of phrase; of numbers only those that can count people."""
    if (
        PRONOUN in kinds
        and node.kind == PLAIN
        and (node.lower == "of them" or node.lower in PRONOUNS or node.lower in REFLEXIVE)
    ):
        return True
    if node.kind not in kinds:
        return False
    return node.kind != COUNT or node.value.kind in COUNTABLE


def oblique(nodes: list[Node], at: int) -> bool:
    """Whether a phrase depends on a preposition, and so is no subject; "in addition to X" counts as a list."""
    if at == 0:
        return False
    first = at
    if nodes[at].kind not in (GROUP, ACTOR) or _named(nodes[at]):
        while first > 1 and (
            nodes[first - 1].has("determiner", "modifiers") or nodes[first - 1].lower in ("a", "an", "'s", "’s")
        ):
            first -= 2 if nodes[first - 1].lower in ("'s", "’s") else 1
    before = nodes[max(first - 1, 0)]
    if before.lower == "of" and first > 1 and nodes[first - 2].lower in COLLECTIVES:
        return False
    if before.lower in TIME_CONJUNCTIONS and has_predicate(nodes, at):
        return False
    if before.lower in ADDING:
        return False
    going = before.has("deploy-subject") and before.lower.endswith(GOING)  # "travel to | Sudan"
    return going or before.has("preposition", "according", "adverbial", "quoted-by", "citing")


def _named(node: Node) -> bool:
    """A mere name: it may be one of a place or a thing, as "at Hasaka's Ghuwayran", "of a Beechcraft"."""
    return node.kind == GROUP and node.value.name is not None and node.value.role is None


def has_predicate(nodes: list[Node], at: int) -> bool:
    """Whether a verb stands right behind a phrase, so that the phrase is its subject ("after two men were killed")."""
    index = at + 1
    while index < len(nodes) and is_adverb(nodes[index]) and nodes[index].lower not in ("and", "or"):
        index += 1
    return index < len(nodes) and nodes[index].has(*PREDICATES)


def apposed(nodes: list[Node], at: int) -> bool:
    """Whether a phrase stands in an apposition to an actor ("the CSTO, the former Soviet alliance, sent …")."""
    index = at - 1
    while index >= 0 and (nodes[index].has("determiner", "modifiers") or nodes[index].lower in ("a", "an")):
        index -= 1
    return index > 0 and nodes[index].lower == "," and nodes[index - 1].kind in (ACTOR, GROUP, PERSON_NAME)


def subordinate(nodes: list[Node], at: int) -> bool:
    """Whether a phrase stands in an "including …" list behind another phrase, or before "among them"."""
    if _among(nodes, at):
        return True
    if aside(nodes, at) is not None:
        return False
    index = at - 1
    while index >= 0:
        node = nodes[index]
        if node.has("including"):
            return not (has_predicate(nodes, at) and has_verb(nodes, index))
        if not (
            node.kind in (GROUP, COUNT, PERSON_NAME, ACTOR, NATIONAL, PLACE)
            or node.lower in LIST_WORDS
            or node.has("determiner")
            or (node.has("locative") and nodes[index + 1].kind == PLACE)
        ):
            return False
        index -= 1
    return False


def _among(nodes: list[Node], at: int) -> bool:
    """ ", six Americans and two Afghans among them,": parts of the people before."""
    index = at + 1
    while index < len(nodes) and (
        nodes[index].lower in LIST_WORDS or nodes[index].kind in (GROUP, COUNT, PERSON_NAME, NATIONAL)
    ):
        index += 1
    behind = index > at and index < len(nodes) and nodes[index].lower in POSTPOSED
    return (
        behind
        and (index + 1 == len(nodes) or not nodes[index + 1].lower[0].isalnum())
        and nodes[index - 1].kind != PLAIN
    )


def aside(nodes: list[Node], at: int) -> int | None:
    """The sign of an aside before the last subject of a list: "two men, among them a boy, and a rebel were …"."""
    if at < 3 or nodes[at - 1].lower != "and" or nodes[at - 2].lower != "," or not has_predicate(nodes, at):
        return None
    phrases = 0
    for index in range(at - 3, max(0, at - 10), -1):
        node = nodes[index]
        if node.has("including"):
            if phrases == 1 and nodes[index - 1].kind == COUNT and nodes[index - 2].lower == ",":
                return index - 1
            return index if phrases == 1 and nodes[index - 1].lower == "," else None
        if node.lower in LIST_WORDS:
            return None
        phrases += node.kind in (GROUP, PERSON_NAME, ACTOR, NATIONAL)
    return None


def has_verb(nodes: list[Node], at: int) -> bool:
    """Whether the clause has its verb before ``at``: "148 people were killed, including …, and 79 were wounded"."""
    for index in range(at - 1, max(-1, at - 24), -1):
        node = nodes[index]
        if node.lower == ";":
            return False
        if node.kind == PLAIN and node.has("be", "harm-intransitive", "harm-verb"):
            return True
    return False


def seek(nodes: list[Node], at: int, rule: Seek, bounds: tuple[int, int]) -> list[int]:
    """The indexes of the phrases that a rule asks for around the trigger at ``at``; empty if there are none."""
    return _left(nodes, at, rule, bounds[0]) if rule.side == "left" else _right(nodes, at, rule, bounds[1])


def shares_subject(nodes: list[Node], at: int) -> bool:
    """Whether "and" joins the verb to one before it: "killed 38 people and wounded 155"."""
    index = at - 1
    while index > 0 and is_adverb(nodes[index]) and nodes[index].lower not in ("and", "or"):
        index -= 1
    return index > 0 and nodes[index].lower in ("and", "or", "before")


def object_of_verb(nodes: list[Node], at: int) -> bool:
    """Whether a phrase is the object of a verb of harm or attack right before it."""
    index = at - 1
    while index > 0 and (_thin(nodes[index]) or nodes[index].has("modifiers")) and not nodes[index].has("be"):
        index -= 1
    return index >= 0 and nodes[index].has("harm-verb", "event-verb") and nodes[index].kind == PLAIN


def _left(nodes: list[Node], at: int, rule: Seek, first: int) -> list[int]:
    fallback, gap = None, rule.gap
    at = subject_end(nodes, at, first)
    shared = shares_subject(nodes, at)
    nearest = rule.nearest or _relative(nodes, at)
    for index in range(at - 1, max(first, at - rule.within) - 1, -1):
        node = nodes[index]
        if is_phrase(node, rule.phrase) and node.lower not in REFLEXIVE and node.lower not in PARTS:
            if (shared and object_of_verb(nodes, index)) or _no_subject(nodes, index, rule):
                continue
            if not oblique(nodes, index) or (nearest and all(_passed(n) for n in nodes[index + 1 : at])):
                return _list_left(nodes, index, rule, first) if rule.coordinate else [index]
            fallback = index if fallback is None else fallback
        elif node.kind == PLAIN and (node.lower in SUBJECTS or _reports(nodes, index, at)):
            break
        elif rule.adjacent and not _thin(node):
            gap -= 1
            if gap < 0 or node.tags or not node.lower.isalpha():
                break
    if fallback is None or rule.free:
        return []
    return _list_left(nodes, fallback, rule, first) if rule.coordinate else [fallback]


def _reports(nodes: list[Node], at: int, verb: int) -> bool:
    """Whether "that" opens the clause of the verb: "residents found that the tyres had been slashed"."""
    return nodes[at].lower == "that" and at + 2 < verb and not nodes[at + 1].has("be", "have", "harm-verb")


def _relative(nodes: list[Node], at: int) -> bool:
    """Whether "who" stands before the verb: its subject is the phrase right before."""
    index = at - 1
    while index > 0 and (is_adverb(nodes[index]) or nodes[index].has("have")):
        index -= 1
    return index > 0 and nodes[index].lower in ("who", "whom")


def _passed(node: Node) -> bool:
    return is_adverb(node) or node.has("have") or node.lower in RELATIVES


def _no_subject(nodes: list[Node], at: int, rule: Seek) -> bool:
    corrected = at > 0 and nodes[at - 1].lower == "not" and nodes[at].kind in (COUNT, GROUP)
    return corrected or subordinate(nodes, at) or counts_things(nodes, at) or (is_part(nodes, at) and not rule.adjacent)


def counts_things(nodes: list[Node], at: int) -> bool:
    """Whether a number counts things, and no people: "19 bullets", "several homes"."""
    if nodes[at].kind != COUNT:
        return False
    index = at + 1
    while index < len(nodes) and nodes[index].has("modifiers"):
        index += 1
    if index >= len(nodes) or nodes[index].kind != PLAIN:
        return False
    return nodes[index].has("site", "weapon", "equipment") or nodes[index].lower in THINGS


def is_part(nodes: list[Node], at: int) -> bool:
    """Whether a number is a part of a list's people and no subject: "19 of them children", "five of them badly"."""
    follows = at + 1 < len(nodes) and nodes[at].kind == COUNT and nodes[at + 1].lower in PARTS
    return follows and not has_predicate(nodes, at + 1)


def _thin(node: Node) -> bool:
    return (
        is_adverb(node)
        or node.lower in QUOTES
        or node.lower in PARTS
        or node.has("determiner", "be", "have")
        or node.lower in ("a", "an", "some")
    )


def _right(nodes: list[Node], at: int, rule: Seek, last: int) -> list[int]:
    if rule.adjacent:
        at = chain_end(nodes, at)
    for index in range(at + 1, min(last, at + 1 + rule.within)):
        node = nodes[index]
        if (
            is_phrase(node, rule.phrase)
            and not counts_things(nodes, index)
            and (node.lower not in ("her", "of them") or object_pronoun(nodes, index))
            and (not rule.after or _stands_after(nodes, at, index, rule))
        ):
            return said_again(nodes, _list_right(nodes, index, rule, last)) if rule.coordinate else [index]
        if rule.adjacent and not _thin(node):
            break
    return []


def _stands_after(nodes: list[Node], at: int, index: int, rule: Seek) -> bool:
    before = index - 1
    while before > 0 and (nodes[before].lower in QUOTES or nodes[before].has("determiner") or is_adverb(nodes[before])):
        before -= 1
    return before >= 0 and ("" if before == at else nodes[before].lower) in rule.after


def listed(nodes: list[Node], index: int, last: int) -> list[int]:
    """A phrase and those that follow it in a list: "along with his two sons and a bodyguard"."""
    return _list_right(nodes, index, Seek(side="right"), last)


def _list_left(nodes: list[Node], index: int, rule: Seek, first: int) -> list[int]:
    found = [index]
    if index + 1 < len(nodes) and nodes[index].kind == COUNT and nodes[index + 1].lower in PARTS:
        return found  # "five worshippers, three of whom died"
    at_end = index + 1 < len(nodes) and (nodes[index + 1].lower == "," or nodes[index + 1].lower in DESCRIBING)
    while True:
        joint = index - 1
        if (sign := aside(nodes, index)) is not None:
            joint = sign - 1
        while joint >= first and (nodes[joint].lower in LIST_WORDS or nodes[joint].lower in UNSURE):
            joint -= 1
        if joint < first or joint == index - 1:
            return found
        joint = _described(nodes, joint, first)
        if not _joins(nodes, joint, rule) or told_apart(nodes, index):
            return found
        if len(found) == 1 and joint == index - 2 and at_end and same_people(nodes, joint, index):
            return [joint]
        if names_again(nodes, joint, index):
            index = joint
            continue
        found.insert(0, joint)
        index = joint


def _described(nodes: list[Node], joint: int, first: int) -> int:
    """The phrase that opens the clause, where ``joint`` ends what describes it: "the head of a party and a guard"."""
    if nodes[joint].kind not in (PLAIN, "place", ACTOR):
        return joint
    for index in range(joint - 1, max(first, joint - DESCRIBED) - 1, -1):
        node = nodes[index]
        if node.kind == GROUP:
            opens = index == first or nodes[index - 1].lower in (",", ":", "that")
            return index if opens and nodes[index + 1].lower in DESCRIBING else joint
        if node.kind not in (PLAIN, COUNT, "place", ACTOR) or node.has(*PREDICATES) or node.lower in LIST_WORDS:
            return joint
    return joint


def _joins(nodes: list[Node], joint: int, rule: Seek) -> bool:
    node = nodes[joint]
    return (
        is_phrase(node, rule.phrase)
        and node.kind != ACTOR
        and not oblique(nodes, joint)
        and not counts_things(nodes, joint)
        and not (joint and nodes[joint - 1].has("harm-intransitive"))
        and not is_part(nodes, joint)
        and not subordinate(nodes, joint)
        and not (joint and nodes[joint - 1].has("losing"))
        and not (joint and nodes[joint - 1].lower in ADDING and has_verb(nodes, joint))
    )


def _list_right(nodes: list[Node], index: int, rule: Seek, last: int) -> list[int]:
    found = [index]
    while True:
        joint = index + 1
        if joint < last and (nodes[joint].lower in DESCRIBING or nodes[joint].lower in NAMING):
            joint = _behind_place(nodes, joint, last)
        while joint < last and (nodes[joint].lower in LIST_WORDS or nodes[joint].lower in QUOTES):
            joint += 1
        if (
            joint >= last
            or joint == index + 1
            or not is_phrase(nodes[joint], rule.phrase)
            or nodes[joint].kind == ACTOR
            or counts_things(nodes, joint)
            or (nodes[joint].kind == COUNT and joint + 1 < len(nodes) and _of_them(nodes[joint + 1]))
            or told_apart(nodes, joint)
        ):
            return found
        if described_again(nodes, index, joint):
            index = joint
            continue
        if (
            joint + 1 < last
            and nodes[joint].lower not in REFLEXIVE
            and (starts_clause(nodes, joint) or subject_next(nodes, index, joint))
        ):
            return found
        found.append(joint)
        index = joint


def _behind_place(nodes: list[Node], at: int, last: int) -> int:
    """Where a list goes on behind "of Takhar province": at a comma or "and" with people by number or article behind."""
    for index in range(at + 1, min(last - 1, at + DESCRIBED)):
        node = nodes[index]
        if node.lower in LIST_WORDS:
            on = index + 1 if nodes[index + 1].lower not in LIST_WORDS else min(index + 2, last - 1)
            people = nodes[on].kind == GROUP and (
                nodes[on].value.count is not None or nodes[on].lower.startswith(("a ", "an "))
            )
            return index if people else at
        if not (node.kind in (PLAIN, "place", ACTOR, "demonym") or _named(node)) or node.has(*PREDICATES):
            return at
    return at


def _of_them(node: Node) -> bool:
    """What makes a number one of a part: "two of them", "two critically"."""
    return node.lower in PARTS or node.lower in DEGREES
