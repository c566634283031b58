"""Nodes: a sentence as a row of words, dates, counts, names and, later, phrases, none overlapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kb.extract.lexicon import NO_TAGS, Tag, Tags, Trie
from kb.extract.names import Name
from kb.extract.numbers import CountMatch
from kb.extract.sentences import Sentence
from kb.extract.times import TimeMatch
from kb.extract.tokens import Token

COUNT, TIME, NAME, PLAIN = "count", "time", "name", "word"


class Node(NamedTuple):
    """A stretch of tokens [first, last) read as one thing.

    ``kind`` is count, time, name or word here; phrases add group, actor and place. ``tags`` are those of the lexicon,
    ``value`` the match or phrase behind the node.
    """

    kind: str
    first: int
    last: int
    lower: str
    tags: Tags = NO_TAGS
    value: Any = None

    def has(self, *lexes: str) -> bool:
        """Whether the node is in any of these lexicons."""
        tags = self.tags
        return bool(tags) and not tags.lexes.isdisjoint(lexes)

    def tagged(self, lex: str) -> Iterator[Tag]:
        """Its tags in one lexicon."""
        tags = self.tags
        return iter([tag for tag in tags if tag.lex == lex] if tags and lex in tags.lexes else ())


def row(
    tokens: Sequence[Token],
    sentence: Sentence,
    lexicon: Trie,
    counts: dict[int, CountMatch],
    times: dict[int, TimeMatch],
    names: dict[int, Name],
) -> list[Node]:
    """The nodes of a sentence: at each place the longest of date, name, count and lexicon entry."""
    nodes, at = [], sentence.first
    while at < sentence.last:
        if at in counts or at in times or at in names:
            node = _best(tokens, at, sentence.last, lexicon, counts.get(at), times.get(at), names.get(at))
        else:
            node = _plain(tokens, at, sentence.last, lexicon)
        nodes.append(node)
        at = node.last
    return nodes


def _plain(tokens: Sequence[Token], at: int, limit: int, lexicon: Trie) -> Node:
    match = lexicon.match(tokens, at)
    if match is None or match[0] > limit:
        return Node(PLAIN, at, at + 1, tokens[at].lower)
    last, tags = match
    return Node(PLAIN, at, last, _words(tokens, at, last), tags)


def _words(tokens: Sequence[Token], at: int, last: int) -> str:
    return tokens[at].lower if last == at + 1 else " ".join([token.lower for token in tokens[at:last]])


def _best(
    tokens: Sequence[Token],
    at: int,
    limit: int,
    lexicon: Trie,
    count: CountMatch | None,
    time: TimeMatch | None,
    name: Name | None,
) -> Node:
    match = lexicon.match(tokens, at)
    end, tags = match if match and match[0] <= limit else (at + 1, NO_TAGS)
    kind, last, value = PLAIN, end, None
    for candidate, found in ((COUNT, count), (NAME, name), (TIME, time)):
        if found is not None and last <= found.last <= limit:
            kind, last, value = candidate, found.last, found
    return Node(kind, at, last, _words(tokens, at, last), tags if last == end else NO_TAGS, value)
