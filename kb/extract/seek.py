"""How a phrase stands in its clause: as a subject, behind a preposition, in a list, as a part of others."""

from __future__ import annotations

from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME, PLACE
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP
from kb.extract.voice import REFLEXIVE, SEIZED, is_adverb

PARTICLES = frozenset({"up", "out", "down", "away", "off", "over"})
QUOTES = frozenset({'"', "“", "”", "'", "‘", "’"})
ADDING = word_set("adding-words")
LIST_WORDS = ADDING | {",", "and", "or", "&", "plus"}
COLLECTIVES = word_set("collectives")
THINGS = word_set("animals") | word_set("uncounted")
LIFELESS = word_set("lifeless") | word_set("animals")
COUNTABLE = frozenset({"number", "none"})
PREDICATES = ("be", "have", "harm-intransitive", "harm-verb", "event-verb", "perform")
TIME_CONJUNCTIONS = frozenset({"after", "before", "since", "until", "till", "as"})
PRONOUN = "pronoun"
PARTS = frozenset({"of them", "of whom", "of these"})
POSTPOSED = frozenset({"among them", "included", "among these", "amongst them"})
GOING = (" to", " from", " into", " towards")  # how a verb ends that goes somewhere
PRONOUNS = frozenset({"he", "she", "him", "her", "they", "them"})


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
    if nodes[at].kind not in (GROUP, ACTOR) or named(nodes[at]):
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


def named(node: Node) -> bool:
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
            if index and nodes[index - 1].has("loss", "toll"):
                return False  # "casualties included nine soldiers killed"
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


def shares_subject(nodes: list[Node], at: int) -> bool:
    """Whether "and" joins the verb to one before it: "killed 38 people and wounded 155"."""
    index = at - 1
    while index > 0 and is_adverb(nodes[index]) and nodes[index].lower not in ("and", "or"):
        index -= 1
    return index > 0 and nodes[index].lower in ("and", "or", "before")


def object_of_verb(nodes: list[Node], at: int) -> bool:
    """Whether a phrase is the object of a verb of harm or attack right before it."""
    index = at - 1
    while index > 0 and (thin(nodes[index]) or nodes[index].has("modifiers")) and not nodes[index].has("be"):
        index -= 1
    if index > 0 and nodes[index].lower in PARTICLES:
        index -= 1  # "lined up 28 men and executed them"
    if index < 0 or nodes[index].kind != PLAIN:
        return False
    word = nodes[index].lower
    return (
        nodes[index].has("harm-verb", "event-verb", "assault")
        or word in SEIZED
        or (not nodes[index].tags and word[-2:] == "ed")
    )


def counts_things(nodes: list[Node], at: int) -> bool:
    """Whether a number counts things, and no people: "19 bullets", "several homes"."""
    if nodes[at].kind != COUNT:
        return False
    index = at + 1
    while index < len(nodes) and nodes[index].has("modifiers"):
        index += 1
    if index >= len(nodes) or nodes[index].kind != PLAIN:
        return False
    if nodes[index].has("site", "weapon", "equipment") or nodes[index].lower in THINGS:
        return True
    behind = nodes[index + 1] if index + 1 < len(nodes) else None
    return behind is not None and not nodes[index].tags and behind.kind == PLAIN and behind.lower in LIFELESS


def is_part(nodes: list[Node], at: int) -> bool:
    """Whether a number is a part of a list's people and no subject: "19 of them children", "five of them badly"."""
    follows = at + 1 < len(nodes) and nodes[at].kind == COUNT and nodes[at + 1].lower in PARTS
    if not follows or has_predicate(nodes, at + 1):
        return False
    if at + 2 < len(nodes) and nodes[at + 2].lower == ",":  # "one of whom, a woman of 70, died"
        closing = next((i for i in range(at + 3, min(at + 10, len(nodes))) if nodes[i].lower == ","), None)
        return closing is None or not has_predicate(nodes, closing)
    return True


def thin(node: Node) -> bool:
    """What may stand between a verb and its object: adverbs, articles, quotation marks."""
    return (
        is_adverb(node)
        or node.lower in QUOTES
        or node.lower in PARTS
        or node.has("determiner", "be", "have")
        or node.lower in ("a", "an", "some")
    )
