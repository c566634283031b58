"""People by nouns that no lexicon holds: "the notables were killed", "a zampolit was shot dead"."""

from __future__ import annotations

from kb.extract.context import Context
from kb.extract.lexicon import NO_TAGS, word_set
from kb.extract.nodes import PLAIN, TIME, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.voice import is_adverb
from kb.model import VictimClass

THINGS = word_set("animals") | word_set("lifeless")
ARTICLES = frozenset({"a", "an", "the", "two", "his", "her", "their", "its"})
MOST_WORDS = 3
ENDINGS = ("tion", "sion", "ment", "ness", "ity", "ism", "ship", "age", "ing", "ance", "ence", "acy")


def strangers(nodes: list[Node], context: Context) -> list[Node]:
    """The nodes, with an unknown noun that a passive verb harms as a phrase for people."""
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
            return strangers([*nodes[: first - 1], node, *nodes[last:]], context)
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
