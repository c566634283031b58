"""Blocks and sentences: how the text is laid out, as ranges of tokens.

A block is a paragraph, a list item, a headline or a caption; a sentence never runs across blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kb.extract.lexicon import lexicon, word_set
from kb.extract.tokens import MARK, WORD, Token

_BLANK = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_LINE = re.compile(r"\n\s*")
_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*•–—‣]\s|\d{1,2}[:.]\d{2}\b|\d{1,2}[.)]\s))")
LONG_LINE = 120  # characters: text with such lines is not hard-wrapped, so each line is a paragraph
LONGEST = 240  # tokens: what runs on without an end is cut, so that the work on a sentence has a bound
CLOSERS = frozenset("\"'”’»)]")
# After these a full stop does not end a sentence.
ABBREVIATIONS = word_set("abbreviations")


FINITE = frozenset(
    {
        "be",
        "have",
        "say",
        "modal",
        "modal-possible",
        "modal-future",
        "event-verb",
        "harm-verb",
        "occur",
        "perform",
        "deploy-object",
    }
)


class Sentence(NamedTuple):
    """A range of tokens ``[first, last)`` within a block; ``shape`` is "mixed" or "caps" (capitals tell nothing)."""

    first: int
    last: int
    block: int
    shape: str


def blocks(text: str) -> list[tuple[int, int]]:
    """The blocks of a text as character ranges, in order, without the white space between them."""
    wrapped = max((len(line) for line in text.split("\n")), default=0) <= LONG_LINE
    breaks = _BLANK if wrapped else _LINE
    ranges, start = [], 0
    for match in breaks.finditer(text):
        ranges.append((start, match.start()))
        start = match.end()
    ranges.append((start, len(text)))
    if wrapped:
        ranges = [piece for begin, end in ranges for piece in _items(text, begin, end)]
    return [(begin, end) for begin, end in ranges if text[begin:end].strip()]


def _items(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    cuts = [match.start() for match in _ITEM.finditer(text, begin, end)]
    edges = [begin, *cuts, end]
    return list(pairwise(edges))


def _shape(tokens: Sequence[Token]) -> str:
    """Capitals tell names apart only where most words are small."""
    words = [token.text for token in tokens if token.kind == "word" and len(token.text) > 3]
    small = sum(word[0].islower() for word in words)
    return "caps" if words and small * 4 < len(words) and len(words) > 3 else "mixed"


def _ends(tokens: Sequence[Token], index: int, last: int) -> bool:
    """Whether the token at index ends a sentence."""
    token = tokens[index]
    if token.kind == WORD:
        return False
    if token.lower in "!?":
        return True
    if token.text == "…":
        return index + 1 < last and tokens[index + 1].text[0].isupper()
    if token.text != ".":
        return False
    before, after = tokens[index - 1] if index else None, tokens[index + 1] if index + 1 < last else None
    if after is None:
        return True
    if after.start == token.end and after.text not in CLOSERS and not (after.text[0].isupper() and len(after.text) > 1):
        return False
    if before is not None and (before.lower in ABBREVIATIONS or (len(before.text) == 1 and before.text.isupper())):
        return after.text[0].isupper() and before.lower in ("no", "st") and after.kind == MARK
    return not after.text[0].islower()


def _runs_on(tokens: Sequence[Token], begin: int, at: int) -> bool:
    """Whether a sentence is so long that it is cut here: at a comma if one comes in time."""
    length = at - begin + 1
    return length >= LONGEST or (length >= LONGEST * 3 // 4 and tokens[at].lower in ",;:”")


def _verbless(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether what stands before the closing quotation mark has no finite verb: a broken-off part, not a sentence."""
    lexicon_match, at = lexicon().match, first
    while at < last and tokens[at].text not in "”»":
        match = lexicon_match(tokens, at)
        if match and any(tag.lex in FINITE and tag.form in ("", "past", "s") for tag in match[1]):
            return False
        if tokens[at].lower.endswith("ed") and tokens[at].kind == WORD:
            return False
        at = match[0] if match else at + 1
    return at < last


def _joined(found: list[Sentence], tokens: Sequence[Token]) -> list[Sentence]:
    """Put broken-off parts inside a quotation back to the sentence before them."""
    joined: list[Sentence] = []
    opened = False
    for sentence in found:
        before = joined[-1] if joined and joined[-1].block == sentence.block else None
        opened = opened and before is not None
        room = before is not None and sentence.last - before.first <= LONGEST
        if opened and before is not None and room and _verbless(tokens, sentence.first, sentence.last):
            joined[-1] = before._replace(last=sentence.last)
        else:
            joined.append(sentence)
        for token in tokens[sentence.first : sentence.last]:
            opened = token.text in "“«" or (opened and token.text not in "”»")
    return joined


def sentences(tokens: Sequence[Token], text: str) -> list[Sentence]:
    """Cut tokens into sentences, block by block."""
    found, index = [], 0
    for number, (_, end) in enumerate(blocks(text)):
        first = index
        while index < len(tokens) and tokens[index].start < end:
            index += 1
        shape = _shape(tokens[first:index])
        begin, at = first, first
        while at < index:
            if _ends(tokens, at, index) or _runs_on(tokens, begin, at):
                at += 1
                while at < index and tokens[at].text in CLOSERS and tokens[at].start == tokens[at - 1].end:
                    at += 1
                found.append(Sentence(begin, at, number, shape))
                begin = at
            else:
                at += 1
        if begin < index:
            found.append(Sentence(begin, index, number, shape))
    return _joined(found, tokens)
