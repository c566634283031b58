"""People by nouns that no lexicon holds: "the notables were killed", "a zampolit was shot dead"."""

from __future__ import annotations

from kb.extract.context import Context
from kb.extract.entities import ACTOR, DEMONYM
from kb.extract.lexicon import NO_TAGS, word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.voice import is_adverb
from kb.model import VictimClass

THINGS = word_set("animals") | word_set("lifeless")
ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its"})
MOST_WORDS = 3
HARM = frozenset({"harm-verb", "harm-intransitive", "harm-adjective", "assault", "wound"})
ENDINGS = ("tion", "sion", "ment", "ness", "ity", "ism", "ship", "age", "ing", "ance", "ence", "acy")


def strangers(nodes: list[Node], context: Context) -> list[Node]:
    """The nodes, with names and unknown nouns that a number or a harm makes people as phrases for people."""
    nodes = _peoples(nodes, context)
    if all(HARM.isdisjoint(node.tags.lexes) for node in nodes):
        return nodes
    return _harmed(_listed(nodes, context), context)


def _peoples(nodes: list[Node], context: Context) -> list[Node]:
    """A number and a name in the plural: "six Ahmadis", "two Shabaks"."""
    found: list[Node] = []
    for node in nodes:
        if found and _people_by_name(found[-1], node):
            count = found.pop()
            group = Group(node.value.text, node.lower, VictimClass.UNKNOWN, count.value.count, True, False)
            whole = context.words(count.first, node.last).lower()
            found.append(Node(GROUP, count.first, node.last, whole, NO_TAGS, group))
        else:
            found.append(node)
    return found


def _people_by_name(count: Node, node: Node) -> bool:
    named = node.kind == GROUP and node.value.name is not None and node.value.role is None
    if not named or count.kind != COUNT or count.value.kind != "number" or node.last - node.first > 1:
        return False
    most = count.value.count.maximum
    return (most is None or most > 1) and node.lower.endswith(("s", "i"))


def _listed(nodes: list[Node], context: Context) -> list[Node]:
    """An unknown noun in a list with people, or counted and harmed: "one mahout and one tourist", "9 gnarls dead"."""
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        node = nodes[at]
        opens = node.lower in ("a", "an") or (node.kind == COUNT and node.value.kind in ("number", "article"))
        last = at + 1
        while opens and last < len(nodes) - 1 and last - at <= MOST_WORDS and _between(nodes[last], nodes[last + 1]):
            last += 1
        if opens and last < len(nodes) and _unknown(nodes[last]) and _among_people(found, nodes, last):
            found.append(_counted(nodes, at, last, context))
            at = last + 1
        else:
            found.append(node)
            at += 1
    return found


def _between(node: Node, following: Node) -> bool:
    return (_modifies(node) or node.kind in (ACTOR, DEMONYM)) and _unknown(following)


def _among_people(found: list[Node], nodes: list[Node], at: int) -> bool:
    """Whether people stand beside the noun in a list; or a plural is right before a word of harm."""
    behind = nodes[at + 1] if at + 1 < len(nodes) else None
    if behind is not None and behind.has("harm-adjective") and not behind.has("harm-verb"):
        return nodes[at].lower.endswith("s") and not nodes[at].lower.endswith("ss")
    ends = (
        behind is None or not behind.lower[0].isalpha() or behind.has("be", "harm-verb", "conjunction", "preposition")
    )
    listed = len(found) > 1 and found[-1].lower in ("and", "or") and _people_node(found[-2])
    if listed and ends:
        return True
    last = nodes[at + 2] if at + 2 < len(nodes) else None
    return behind is not None and behind.lower == "and" and last is not None and _people_node(last)


def _people_node(node: Node) -> bool:
    return node.kind == GROUP and (node.value.name is None or node.value.role is not None)


def _counted(nodes: list[Node], first: int, last: int, context: Context) -> Node:
    head, noun = nodes[first], nodes[last].lower
    count = head.value.count if head.kind == COUNT and head.value.kind == "number" else None
    text = context.words(nodes[first + 1].first, nodes[last].last)
    many = count is not None and count.maximum != 1
    group = Group(text, noun.rstrip("s") if many else noun, VictimClass.UNKNOWN, count, many, False)
    whole = context.words(head.first, nodes[last].last).lower()
    return Node(GROUP, head.first, nodes[last].last, whole, NO_TAGS, group)


def _harmed(nodes: list[Node], context: Context) -> list[Node]:
    """An unknown noun that a passive verb harms."""
    for verb in range(2, len(nodes)):
        if not (nodes[verb].has("harm-verb") and _participle(nodes[verb])):
            continue
        last = _auxiliary(nodes, verb)
        if last is None or not _unknown(nodes[last - 1]):
            continue
        first = last - 1
        while first > 0 and last - first < MOST_WORDS and _modifies(nodes[first - 1]):
            first -= 1
        led = first > 1 and nodes[first - 2].has("preposition")
        if first > 0 and nodes[first - 1].lower in ARTICLES and not led:
            node = _people(nodes, first, last, context)
            return _harmed([*nodes[: first - 1], node, *nodes[last:]], context)
    return nodes


def _participle(node: Node) -> bool:
    return any(tag.form == "participle" and tag.value in ("killed", "injured") for tag in node.tagged("harm-verb"))


def _auxiliary(nodes: list[Node], verb: int) -> int | None:
    """The first word of "was", "had been", "were later" before the verb; there must be a form of "be"."""
    index, found = verb, False
    while index > 1 and (nodes[index - 1].has("be", "have") or is_adverb(nodes[index - 1])):
        index -= 1
        found = found or nodes[index].has("be")
    return index if found else None


def _unknown(node: Node) -> bool:
    """A word that may name people for all that is known: no thing, no animal, no deed."""
    word = node.lower
    plain = node.kind == PLAIN and not node.tags and word.isalpha() and len(word) > 2
    return plain and word not in THINGS and not word.endswith(ENDINGS)


def _modifies(node: Node) -> bool:
    return (
        node.kind == PLAIN and (not node.tags or node.has("modifiers")) and node.lower.isalpha() and node.kind != TIME
    )


def _people(nodes: list[Node], first: int, last: int, context: Context) -> Node:
    noun, article = nodes[last - 1].lower, nodes[first - 1]
    many = noun.endswith("s") and not noun.endswith("ss") and article.lower not in ("a", "an")
    text = context.words(nodes[first].first, nodes[last - 1].last)
    lemma = noun.rstrip("s") if many else noun
    group = Group(text, lemma, VictimClass.UNKNOWN, None, many, article.lower not in ("a", "an"))
    whole = context.words(article.first, nodes[last - 1].last).lower()
    return Node(GROUP, article.first, nodes[last - 1].last, whole, NO_TAGS, group)
