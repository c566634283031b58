"""The value of a number as written: digits, thousands marks, words, multipliers and unstated numbers."""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.number_lexicon import PADDING, NumberLexicon, number_lexicon
from kb.extract.tokens import NUMBER, WORD, Token

LARGEST = 10**9
"""A number above this is not a count."""
_DIGITS = 20  # longer runs of digits are never a number of anything
_SPACES = frozenset(" \u00a0\u2009\u202f")


class Scan:
    """A tokenized text under the reader's eye: tokens, their folded words (padded) and the text."""

    __slots__ = ("aged", "lexicon", "reached", "size", "text", "tokens", "words")

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.words = [token.lower for token in tokens]
        self.words.extend([""] * PADDING)
        self.size = len(tokens)
        self.reached = 0  # tokens before this one are taken
        self.aged = 0  # where the last age ended, for "aged 4, 11 and 15"
        self.lexicon: NumberLexicon = number_lexicon()

    def glued(self, index: int) -> bool:
        """Whether the token at ``index`` follows the one before it without a space."""
        return 0 < index < self.size and self.tokens[index - 1].end == self.tokens[index].start

    def is_number(self, index: int) -> bool:
        """Whether there is a token of digits at ``index``."""
        return 0 <= index < self.size and self.tokens[index].kind == NUMBER

    def is_word(self, index: int) -> bool:
        """Whether there is a word at ``index``."""
        return 0 <= index < self.size and self.tokens[index].kind == WORD

    def is_plural(self, index: int) -> bool:
        """Whether the word at ``index`` looks like a plural noun."""
        word = self.words[index] if index < self.size else ""
        return word in self.lexicon.sets["plurals"] or (
            len(word) > 3 and word[-1] == "s" and word[-2] not in "su'" and word not in self.lexicon.sets["not_plurals"]
        )


class Quantity(NamedTuple):
    """A number read up to token ``end``: its bounds, the multiplier it ends in, and how it is written."""

    end: int
    low: int | None
    high: int | None
    scale: int = 1
    form: str = "words"
    """digits, words, vague, article, none, or huge (too large for a count)"""
    whole: bool = True
    soft: bool = False
    """An approximation by wording: "a couple of hundred"."""


def quantity(scan: Scan, index: int) -> Quantity | None:
    """The longest number that starts at ``index``, without hedges."""
    if scan.is_number(index):
        return _digits(scan, index)
    lexicon, words = scan.lexicon, scan.words
    word = words[index]
    if word not in lexicon.starts:
        return None
    if (fixed := lexicon.fixed.at(words, index)) is not None:
        end, number = fixed
        times = lexicon.scales.get(words[end], 1) if number == 2 else 1
        return Quantity(end + (times > 1), number * times, number * times, times, soft=times > 1)
    found = _vague(scan, index) or _none(scan, index)
    if found is None and word in ("a", "an"):
        if words[index + 1] in lexicon.scales or words[index + 1] == "dozen":
            found = _spelled(scan, index + 1)
        return found or Quantity(index + 1, 1, 1, form="article")
    if found is None and word == "both" and _counts_both(scan, index):
        found = Quantity(index + 1, 2, 2)
    return found or _plural_scale(scan, index) or _spelled(scan, index)


def _counts_both(scan: Scan, index: int) -> bool:
    following = index + 2 if scan.words[index + 1] in ("the", "of") else index + 1
    word = scan.words[following]
    plural = scan.is_plural(following) or word in ("were", "are", "had", "have", "died", "them", "us", "whom")
    return plural and scan.words[following + 1] != "and"


def _vague(scan: Scan, index: int) -> Quantity | None:
    words, lexicon = scan.words, scan.lexicon
    match = lexicon.vague.at(words, index)
    if match is None:
        return None
    end, meaning = match
    if index and words[index - 1] in meaning.not_after:
        return None
    if meaning.plural and not (words[end] == "of" or scan.is_plural(end) or scan.is_plural(end + 1)):
        return None
    if meaning.minimum is None:
        return Quantity(end, None, None, form="vague")
    if words[end - 1] in ("dozen", "hundred", "thousand"):  # "few hundred", headline style
        end -= 1
    scale = 1
    if meaning.scalable:
        scale = lexicon.scales.get(words[end]) or lexicon.dozens.get(words[end], 1)
        end += scale > 1
        if scale > 1 and words[end] in lexicon.scales:  # several hundred thousand
            scale *= lexicon.scales[words[end]]
            end += 1
    if meaning.minimum * scale > LARGEST:
        return Quantity(end, None, None, form="huge")
    return Quantity(end, meaning.minimum * scale, None, scale, "vague")


def _none(scan: Scan, index: int) -> Quantity | None:
    words, lexicon = scan.words, scan.lexicon
    match = lexicon.none.at(words, index)
    stops = lexicon.sets["not_none"]
    if match is not None:
        end = match[0]
        if words[index] == "zero" and words[end] in stops:
            return None
        return Quantity(end, 0, 0, form="none")
    if words[index] == "no" and scan.is_word(index + 1) and words[index + 1] not in stops:
        return Quantity(index + 1, 0, 0, form="none")
    return None


def _plural_scale(scan: Scan, index: int) -> Quantity | None:
    words, table = scan.words, scan.lexicon.plural_scales
    base = table.get(words[index])
    if base is None or (words[index] == "tens" and words[index + 1] != "of"):
        return None
    end, scale = index + 1, base
    if words[end] == "of" and words[end + 1] in ("hundreds", "thousands", "millions"):
        scale *= table[words[end + 1]]
        end += 2
    for joint in (
        ("and",),
        ("upon",),
        ("or",),
        ("or", "even"),
        (",", "if", "not"),
        ("if", "not"),
        ("to",),
        (",", "or"),
    ):
        after = end + len(joint)
        if tuple(words[end:after]) == joint and words[after] in table and words[after] != "tens":
            end = after + 1
            break
    return Quantity(end, min(2 * scale, LARGEST), None, scale, "vague")


def _spelled(scan: Scan, index: int) -> Quantity | None:
    """Number words: twenty-one, a hundred and five thousand, two dozen, one and a half million."""
    words, lexicon = scan.words, scan.lexicon
    total, group, end, scale, lowest = 0, 0, index, 1, 10**15
    while True:
        word = words[end]
        if word in lexicon.small and _fits(group, lexicon.small[word]):
            group += lexicon.small[word]
            end += 1
        elif word in lexicon.tens and group % 100 == 0:
            group += lexicon.tens[word]
            end += 1
            end += words[end] == "-" and words[end + 1] in lexicon.small and scan.glued(end + 1)
        elif word in ("hundred", "hundreds") and 0 <= group < 100:
            group, scale = (group or 1) * 100, 100
            end += 1
        elif word in lexicon.scales and lexicon.scales[word] < lowest:
            scale = lowest = lexicon.scales[word]
            total, group = total + (group or 1) * scale, 0
            end += 1
        elif word in lexicon.dozens and not total and (group or word == "dozen"):
            return Quantity(end + 1, (group or 1) * lexicon.dozens[word], (group or 1) * lexicon.dozens[word], 12)
        elif end == index:
            return None
        elif (joined := _and(scan, end, scale)) is not None:
            end = joined
        elif words[end : end + 3] == ["and", "a", "half"] and words[end + 3] in lexicon.scales and not total:
            scale = lexicon.scales[words[end + 3]]
            value = group * scale + scale // 2
            return (
                Quantity(end + 4, value, value, scale)
                if value <= LARGEST
                else Quantity(end + 4, None, None, form="huge")
            )
        else:
            break
    value = total + group
    return Quantity(end, value, value, scale) if value <= LARGEST else Quantity(end, None, None, form="huge")


def _fits(group: int, number: int) -> bool:
    """Whether a number word may follow what was read: "twenty" + "one", "hundred" + "five"."""
    return group == 0 or group % 100 == 0 or (number < 10 and group % 10 == 0 and group % 100 >= 20)


def _and(scan: Scan, end: int, scale: int) -> int | None:
    """Past the "and" of "a hundred and five"; None where it joins something else."""
    if scan.words[end] != "and" or scale < 100 or scan.words[end - 1] not in scan.lexicon.scales:
        return None
    following = scan.words[end + 1]
    return end + 1 if following in scan.lexicon.small or following in scan.lexicon.tens else None


def _digits(scan: Scan, index: int) -> Quantity | None:
    """Digits with their thousands groups and multiplier."""
    words, lexicon, tokens = scan.words, scan.lexicon, scan.tokens
    text = tokens[index].text
    if len(text) > _DIGITS:
        return Quantity(index + 1, None, None, form="huge")
    number = float(text.replace(",", ""))
    end = index + 1
    if (grouped := _groups(scan, index)) is not None:
        end, number = grouped
    elif _decimal_comma(scan, end):
        number = float(f"{text}.{words[end + 1]}")
        end += 2
    scale = lexicon.scales.get(words[end], 1)
    if scale == 1 and scan.glued(end):
        scale = lexicon.suffixes.get(words[end], 1)
        if words[end] == "m" and not scan.is_plural(end + 1) and words[index - 1] not in lexicon.sets["money_before"]:
            scale = 1  # metres
    elif scale == 1:
        scale = lexicon.dozens.get(words[end], 1) if words[end] != "score" else 1
    if scale > 1:
        end += 1
        if words[end] in lexicon.scales and lexicon.scales[words[end]] > scale:  # 2 hundred thousand
            scale *= lexicon.scales[words[end]]
            end += 1
        if scale == 1000 and scan.is_number(end) and words[end].isdecimal() and len(words[end]) == 3 and number < 1000:
            number += int(words[end]) / 1000  # 5 thousand 300
            end += 1
    value = round(number * scale, 3)
    if value > LARGEST:
        return Quantity(end, None, None, form="huge")
    low = int(value)
    return Quantity(end, low, low if value == low else low + 1, scale, "digits", value == low)


def _decimal_comma(scan: Scan, end: int) -> bool:
    """Whether a comma is a decimal mark, told from a list by the multiplier after it: 2,5 million."""
    fraction = scan.words[end + 1]
    glued = scan.words[end] == "," and scan.glued(end) and scan.glued(end + 1)
    return glued and fraction.isdecimal() and len(fraction) <= 2 and scan.words[end + 2] in scan.lexicon.scales


def _groups(scan: Scan, index: int) -> tuple[int, float] | None:
    """Thousands set apart by spaces (2 500 000) or, when there are two, by dots (1.500.000)."""
    tokens, text = scan.tokens, scan.text
    first = tokens[index].text
    if first[0] == "0":
        return None
    if len(first) in (5, 6, 7) and first[-4] == ".":
        dotted = index + 2
        if scan.is_number(dotted) and tokens[index + 1].text == "." and scan.glued(index + 1) and scan.glued(dotted):
            last = tokens[dotted].text
            return (dotted + 1, float(first.replace(".", "") + last)) if len(last) == 3 and last.isdecimal() else None
        return None
    if len(first) > 3 or not first.isdecimal():
        return None
    end, digits = index + 1, first
    while scan.is_number(end) and len(digits) < _DIGITS:
        piece, gap = tokens[end].text, text[tokens[end - 1].end : tokens[end].start]
        if (
            len(piece) != 3
            or not piece.isdecimal()
            or len(gap) != 1
            or gap not in _SPACES
            or (scan.glued(end + 1) and _tied(scan, end + 1))
        ):
            break
        digits += piece
        end += 1
    return (end, float(digits)) if end > index + 1 else None


def _tied(scan: Scan, index: int) -> bool:
    """Whether a token glued to digits makes them part of something longer (3-4, 500.5, 500th)."""
    return scan.tokens[index].text not in ".,;:!?)]}'\"”’»"
