"""Proper names in a sentence: known ones from the gazetteer, unknown ones by their capitals or, in text that is all
capitals, by not being English words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from kb.extract.lexicon import FOLDER, lexicon, word_set
from kb.extract.sentences import Sentence
from kb.extract.tokens import MARK, NUMBER, WORD, Token, tokenize
from kb.gazetteer import City, Region, cities, regions
from kb.reference import Entry, Reference

LONGEST = 9  # tokens in a known name
PARTICLES = word_set("particles")
TITLE_STARTS = word_set("title-starts")

NAME_BREAKERS = word_set("name-breakers")  # lexicons


class Sense(NamedTuple):
    """One thing that a name may stand for. ``kind``: actor, place, city, region, demonym or national (a people)."""

    kind: str
    entry: Entry | City | Region


class Name(NamedTuple):
    """A name at tokens [first, last); ``senses`` is empty for a name that the gazetteer does not know."""

    first: int
    last: int
    senses: tuple[Sense, ...]


def fold(text: str) -> str:
    """Small letters without accents."""
    lowered = text.lower().replace("’", "'")
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def key_of(name: str) -> str:
    """The key of a name in the index: its folded tokens, joined."""
    return " ".join(fold(token.text) for token in tokenize(name))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """English words that, in text without capitals to tell, are not names."""
    words = (FOLDER / "words.txt").read_text(encoding="utf-8").split()
    return frozenset(words)


class Index:
    """Known names by key, with the number of tokens of the longest name that starts with a word."""

    def __init__(self) -> None:
        self.senses: dict[str, list[Sense]] = {}
        self.longest: dict[str, int] = {}

    def add(self, name: str, sense: Sense) -> None:
        """File a sense under a name."""
        key = key_of(name)
        found = self.senses.setdefault(key, [])
        if sense not in found:
            found.append(sense)
            first, length = key.split(" ", 1)[0], key.count(" ") + 1
            if self.longest.get(first, 0) < length:
                self.longest[first] = length

    def add_many(self, names: Iterable[str], sense: Sense) -> None:
        """File a sense under several names."""
        for name in names:
            self.add(name, sense)


def _simple_key(name: str) -> str:
    """As key_of for names of letters and spaces, without running the tokenizer (tens of thousands of cities)."""
    return fold(name) if name.isascii() and name.replace(" ", "").isalpha() else key_of(name)


@lru_cache(maxsize=1)
def index() -> Index:
    """Every name of the reference data and the gazetteer."""
    found = Index()
    reference = Reference.load()
    for entry in reference.entries.values():
        if entry.type in ("office",):
            continue
        kind = "place" if entry.local.startswith("place/") else "actor"
        if entry.type != "state":
            found.add_many(entry.names, Sense(kind, entry))
    for entry in reference.states.values():
        found.add_many(entry.adjectives, Sense("demonym", entry))
        found.add_many(entry.nationals, Sense("national", entry))
    for region in regions():
        found.add_many((region.name, *region.aliases), Sense("region", region))
    for city in cities():
        sense = Sense("city", city)
        for name in (city.name, *city.aliases):
            key = _simple_key(name)
            found.senses.setdefault(key, []).append(sense)
            first, length = key.split(" ", 1)[0], key.count(" ") + 1
            if found.longest.get(first, 0) < length:
                found.longest[first] = length
    return found


def _capital(token: Token) -> bool:
    return token.kind == WORD and token.text[0].isupper()


class NameFinder:
    """Finds names sentence by sentence; holds only the index."""

    def __init__(self) -> None:
        self._index = index()
        self._words = common_words()
        self._lexicon = lexicon()

    def find(self, tokens: Sequence[Token], sentence: Sentence, busy: Sequence[bool]) -> list[Name]:
        """The names of a sentence, left to right, none overlapping; ``busy`` marks tokens of dates and counts."""
        names, at = [], sentence.first
        while at < sentence.last:
            name = None if busy[at] else self._at(tokens, at, sentence, busy)
            if name is None:
                at += 1
            else:
                names.append(name)
                at = name.last
        return names

    def _at(self, tokens: Sequence[Token], at: int, sentence: Sentence, busy: Sequence[bool]) -> Name | None:
        token = tokens[at]
        if token.kind == MARK or (token.kind == NUMBER and fold(token.text) not in self._index.longest):
            return None
        capital = _capital(token)
        if not capital and token.kind == WORD:
            return None
        known = self._known(tokens, at, sentence)
        if sentence.shape == "caps":
            return known or self._caps_run(tokens, at, sentence, busy)
        run = self._run(tokens, at, sentence, busy) if capital else None
        if run is None:
            return known
        if known is None or (run.last > known.last and not self._splits(tokens, known, run)):
            return run
        return known

    def _splits(self, tokens: Sequence[Token], known: Name, run: Name) -> bool:
        """Whether the run is a known name and then something else: a role, a body, a second known name."""
        match = self._lexicon.match(tokens, known.last)
        if match and any(tag.lex in ("role", "title", "organisation", "site", "person", "force") for tag in match[1]):
            return True
        if any(sense.kind in ("demonym", "national") for sense in known.senses):
            return True
        if known.last - known.first > 1 or any(sense.kind == "actor" for sense in known.senses):
            return True
        return tokens[known.last].lower in self._words and tokens[known.last].lower not in PARTICLES

    def _known(self, tokens: Sequence[Token], at: int, sentence: Sentence) -> Name | None:
        longest = min(self._index.longest.get(fold(tokens[at].text), 0), LONGEST, sentence.last - at)
        for length in range(longest, 0, -1):
            piece = tokens[at : at + length]
            senses = self._index.senses.get(" ".join(fold(token.text) for token in piece))
            if senses:
                allowed = tuple(s for s in senses if self._allowed(tokens, at, length, s, sentence))
                if allowed:
                    return Name(at, at + length, allowed)
        return None

    def _allowed(self, tokens: Sequence[Token], at: int, length: int, sense: Sense, sentence: Sentence) -> bool:
        """Whether words that are also ordinary words may be read as this name here."""
        token = tokens[at]
        if sense.kind == "city" and isinstance(sense.entry, City) and length == 1:
            if len(token.text) < 4 and sense.entry.population < 1_000_000:
                return False
            if token.lower in self._words or self._lexicon.match(tokens, at) or fold(token.text) in self._words:
                return False
        if length == 1 and token.lower in self._words:
            if len(token.text) <= 4 and not token.text.isupper():
                return sense.kind not in ("actor", "place") or token.lower not in ("us", "who", "it", "un", "is", "ap")
            if sentence.shape == "caps":
                return token.lower not in ("us", "who", "it", "is", "am", "as", "an", "no", "un", "ap")
            if sense.kind == "actor" and at == sentence.first and token.text.istitle():
                return False
        return not (length == 1 and token.text.isupper() is False and len(token.text) <= 3 and sense.kind == "actor")

    def _run(self, tokens: Sequence[Token], at: int, sentence: Sentence, busy: Sequence[bool]) -> Name | None:
        """A run of capitalised words with the particles that names hold."""
        last = at
        while last < sentence.last and not busy[last]:
            token = tokens[last]
            if (
                (_capital(token) and not (last > at and self._breaks(tokens, last)))
                or (token.lower in PARTICLES and last > at and self._goes_on(tokens, last, sentence))
                or (token.text in "-.'’" and last > at and self._joins(tokens, last, sentence))
            ):
                last += 1
            else:
                break
        if last == at or self._breaks(tokens, at) or (last == at + 1 and self._ordinary(tokens, at)):
            return None
        return Name(at, last, ())

    def _goes_on(self, tokens: Sequence[Token], at: int, sentence: Sentence) -> bool:
        following = at + 1
        while following < sentence.last and tokens[following].lower in PARTICLES:
            following += 1
        return following < sentence.last and _capital(tokens[following])

    def _joins(self, tokens: Sequence[Token], at: int, sentence: Sentence) -> bool:
        """A hyphen or an initial's full stop inside a name."""
        if at + 1 >= sentence.last or tokens[at].start != tokens[at - 1].end:
            return False
        after = tokens[at + 1]
        if tokens[at].text == ".":
            return len(tokens[at - 1].text) == 1 and _capital(after)
        return after.start == tokens[at].end and (_capital(after) or (after.kind == WORD and len(after.text) < 5))

    def _breaks(self, tokens: Sequence[Token], at: int) -> bool:
        """Words that end a name even with a capital: function words, roles, kinds of people, and bodies."""
        match = self._lexicon.match(tokens, at)
        if not match:
            return False
        return any(tag.lex in NAME_BREAKERS for tag in match[1])

    def _ordinary(self, tokens: Sequence[Token], at: int) -> bool:
        """One capitalised word that is an ordinary English word, or a letter."""
        return tokens[at].lower in self._words or len(tokens[at].text) == 1

    def _caps_run(self, tokens: Sequence[Token], at: int, sentence: Sentence, busy: Sequence[bool]) -> Name | None:
        """A run of words that are neither English nor in a lexicon."""
        last = at
        while last < sentence.last and not busy[last]:
            token = tokens[last]
            if (
                self._foreign(tokens, last)
                or (token.lower in TITLE_STARTS and self._starts_name(tokens, last, sentence))
                or (
                    last > at
                    and (
                        (token.lower in PARTICLES and last + 1 < sentence.last and self._foreign(tokens, last + 1))
                        or (
                            token.text in "-."
                            and self._joins(tokens, last, sentence)
                            and self._foreign(tokens, last + 1)
                        )
                    )
                )
            ):
                last += 1
            else:
                break
        return Name(at, last, ()) if last > at and any(len(t.text) > 1 for t in tokens[at:last]) else None

    def _starts_name(self, tokens: Sequence[Token], at: int, sentence: Sentence) -> bool:
        return at + 1 < sentence.last and tokens[at + 1].kind == WORD and self._foreign(tokens, at + 1)

    def _foreign(self, tokens: Sequence[Token], at: int) -> bool:
        token = tokens[at]
        return (
            token.kind == WORD
            and token.lower not in self._words
            and not self._lexicon.starts(token.lower)
            and "'" not in token.lower
            and len(token.text) > 1
        )
