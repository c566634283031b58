"""Proper names in a sentence: known ones from the gazetteer, unknown ones by their capitals or, in text that is all
capitals, by not being English words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from kb.extract.lexicon import FOLDER, lexicon, load, word_set
from kb.extract.place_index import Names, Sense, fold, key_of, names_of, places_starting
from kb.extract.sentences import Sentence
from kb.extract.tokens import MARK, NUMBER, WORD, Token
from kb.gazetteer import City
from kb.reference import Entry, Reference
from kb.slugs import slug

__all__ = ["Name", "NameFinder", "Sense", "fold", "key_of"]

LONGEST = 9  # tokens in a known name
FIRM = 150_000  # inhabitants: a city of this size is meant by its bare name before a person of that name
CAPITAL_LETTERS = 4  # shorter names of cities are believed only where the context asks for a place
PARTICLES = word_set("particles")
BODIES = word_set("organisation-words")
ABOUT = frozenset({"on", "for"})  # in the name of a body what it deals with follows: "Commission on Human Rights"
ARTICLES = frozenset({"al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "ur", "ed", "es", "ez"})
TITLE_STARTS = word_set("title-starts")
LOCATIVE = word_set("locative")
PLACE_NOUNS = word_set("region-words") | word_set("city-words")
OPENERS = word_set("sentence-openers")
NAME_BREAKERS = word_set("name-breakers")  # lexicons
# In capitals these are ordinary words, whatever acronym they are otherwise.
NEVER = frozenset("us who it is am as an no un ap".split())
PREFIXES = ("anti", "counter", "de", "dis", "inter", "mis", "multi", "non", "out", "over", "pre", "re", "self", "un")
ENDINGS = ("ations", "ation", "ities", "izing", "ising", "ized", "ically", "fully", "ness", "ments", "ably", "ibly")


class Name(NamedTuple):
    """A name at tokens [first, last); ``senses`` is empty for a name that the gazetteer does not know.

    ``key`` holds its folded tokens, joined by spaces; ``before`` and ``after`` are the folded tokens beside it, empty
    at the ends of the sentence.
    """

    first: int
    last: int
    senses: tuple[Sense, ...]
    key: str
    before: str = ""
    after: str = ""


@cache
def common_words() -> frozenset[str]:
    """English words that, in text without capitals to tell, are not names."""
    words = (FOLDER / "words.txt").read_text(encoding="utf-8").split()
    return frozenset(words)


@cache
def _people() -> dict[str, list[str]]:
    names: dict[str, list[str]] = load("names")
    return names


@cache
def given_names() -> frozenset[str]:
    """First names of people, folded."""
    return frozenset(_people()["given"])


@cache
def family_names() -> frozenset[str]:
    """Family names that are also names of towns, folded."""
    return frozenset(_people()["family"])


@lru_cache(maxsize=20_000)
def english(word: str) -> bool:
    """Whether a folded word is English: in the list, or made of a word of the list by a prefix or an ending."""
    words = common_words()
    if word in words or (len(word) > 7 and word.endswith(ENDINGS)):
        return True
    bases = [word[: -len(end)] + put for end, put in (("s", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""),
             ("ing", "e"), ("ly", ""), ("es", "")) if word.endswith(end)]  # fmt: skip
    if any(len(base) > 3 and base in words for base in bases):
        return True
    if any(word[:at] in words and word[at:] in words for at in range(4, len(word) - 3)):
        return True  # "gunpoint", "motorcade" is in the list
    rest = next((word[len(prefix) :] for prefix in PREFIXES if word.startswith(prefix)), "")
    return len(rest) > 4 and rest in words


@cache
def reference_names() -> dict[str, Names]:
    """The names of the reference data by their first folded token."""
    found: dict[str, dict[str, list[Sense]]] = {}

    def add(names: Iterable[str], sense: Sense) -> None:
        for key in map(key_of, names):
            senses = found.setdefault(key.split(" ", 1)[0], {}).setdefault(key, [])
            if sense not in senses:
                senses.append(sense)

    reference = Reference.load()
    for entry in reference.entries.values():
        if entry.type not in ("office", "state"):
            add(entry.names, Sense("place" if entry.local.startswith("place/") else "actor", entry))
    for label in _people()["areas"]:
        area = Entry(local=f"place/{slug(label)}", label=label, type="region")
        add((label,), Sense("place", area))
    for entry in reference.states.values():
        add(entry.adjectives, Sense("demonym", entry))
        add(entry.nationals, Sense("national", entry))
    return {first: names_of(senses) for first, senses in found.items()}


@lru_cache(maxsize=20_000)
def names_starting(word: str) -> Names:
    """Every known name whose first folded token is ``word``."""
    places, other = places_starting(word), reference_names().get(word)
    if other is None:
        return places
    merged = dict(other.senses)
    for key, senses in places.senses.items():
        merged[key] = (*merged.get(key, ()), *senses)
    return names_of(merged)


def _arabic_article(tokens: Sequence[Token], at: int, sentence: Sentence) -> bool:
    """ "al-" in "Ashraf al-Najjar": an article that a hyphen joins to a name."""
    if at + 2 >= sentence.last or tokens[at].text not in ARTICLES or tokens[at + 1].text != "-":
        return False
    joined = tokens[at].end == tokens[at + 1].start and tokens[at + 1].end == tokens[at + 2].start
    return joined and _capital(tokens[at + 2])


def _capital(token: Token) -> bool:
    return token.kind == WORD and token.text[0].isupper()


class NameFinder:
    """Finds names sentence by sentence; holds only the word lists."""

    def __init__(self) -> None:
        self._words = common_words()
        self._given = given_names()
        self._family = family_names()
        self._lexicon = lexicon()
        reference_names()
        places_starting("")  # opens the compiled names

    def find(self, tokens: Sequence[Token], sentence: Sentence, busy: Sequence[bool]) -> list[Name]:
        """The names of a sentence, left to right, none overlapping; ``busy`` marks tokens of dates and counts."""
        names, at = [], sentence.first
        while at < sentence.last:
            name = None if busy[at] else self._at(tokens, at, sentence, busy)
            if name is None:
                at += 1
            else:
                stop = name.first > sentence.first + 1 and tokens[name.first - 1].text == "."  # "Gen. X"
                before = tokens[name.first - 1 - stop].lower if name.first > sentence.first else ""
                after = tokens[name.last].lower if name.last < sentence.last else ""
                names.append(name._replace(before=before, after=after))
                at = name.last
        return names

    def _at(self, tokens: Sequence[Token], at: int, sentence: Sentence, busy: Sequence[bool]) -> Name | None:
        token = tokens[at]
        if token.kind == MARK or (token.kind == NUMBER and not names_starting(token.text).lengths):
            return None
        capital = _capital(token)
        if not capital and token.kind == WORD:
            return None
        known = self._known(tokens, at, sentence)
        if sentence.shape == "caps":
            run = self._caps_run(tokens, at, sentence, busy)
            return run if known is None or (run and self._goes_beyond(tokens, known, run)) else known
        run = self._run(tokens, at, sentence, busy) if capital else None
        if run is None:
            return known
        if known is None or (run.last > known.last and not self._splits(tokens, known, run)):
            return run
        return known

    def _goes_beyond(self, tokens: Sequence[Token], known: Name, run: Name) -> bool:
        """In capitals: whether a known name is only the beginning of another: "SAN JUAN | DE PATA"."""
        if run.last <= known.last:
            return False
        if tokens[known.last].lower in PARTICLES or tokens[known.first].lower in TITLE_STARTS:
            return True
        if known.last - known.first > 1 or self._firm(known):
            return False
        rest = names_starting(fold(tokens[known.last].text)).senses
        second = rest.get(" ".join(fold(token.text) for token in tokens[known.last : run.last]), ())
        if any(sense.kind in ("place", "region") for sense in second):
            return False
        return known.key in self._given or known.key in self._family or not second

    def _firm(self, known: Name) -> bool:
        """Whether a name is a place before it is a person's."""
        if known.key in self._given or known.key in self._family:
            return False
        return any(
            sense.kind not in ("city",)
            or (isinstance(sense.entry, City) and sense.own and sense.entry.population > FIRM)
            for sense in known.senses
        )

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
        names = names_starting(fold(tokens[at].text))
        words: list[str] = []
        for length in names.lengths:
            if length > LONGEST or at + length > sentence.last:
                continue
            words = words[:length] or [fold(token.text) for token in tokens[at : at + length]]
            key = " ".join(words)
            senses = names.senses.get(key) or (names.senses.get(key.replace(" - ", " ")) if "-" in words else None)
            if senses:
                allowed = tuple(s for s in senses if self._allowed(tokens, at, length, s, sentence))
                if allowed:
                    return Name(at, at + length, allowed, key)
        return None

    def _allowed(self, tokens: Sequence[Token], at: int, length: int, sense: Sense, sentence: Sentence) -> bool:
        """Whether words that are also ordinary words may be read as this name here."""
        if length > 1:
            return self._no_phrase(tokens[at : at + length], sense)
        token = tokens[at]
        if sense.kind in ("city", "region"):
            return self._may_be_place(tokens, at, sense, sentence)
        if token.lower in self._words:
            if len(token.text) <= 4 and not token.text.isupper():
                return sense.kind not in ("actor", "place") or token.lower not in NEVER
            if sentence.shape == "caps":
                return token.lower not in NEVER
            if sense.kind == "actor" and at == sentence.first and token.text.istitle():
                return False
        return not (token.text.isupper() is False and len(token.text) <= 3 and sense.kind == "actor")

    def _no_phrase(self, words: Sequence[Token], sense: Sense) -> bool:
        """Whether several words are not just a phrase that happens to be a byname of a city: "port city"."""
        if sense.own or (isinstance(sense.entry, City) and sense.entry.population > 1_000_000):
            return True
        return any(token.kind == WORD and token.lower not in self._words for token in words)

    def _may_be_place(self, tokens: Sequence[Token], at: int, sense: Sense, sentence: Sentence) -> bool:
        """Whether one word is the name of a city or region here: ordinary words and first names need more."""
        token = tokens[at]
        named = at + 1 < sentence.last and tokens[at + 1].lower in PLACE_NOUNS
        asked = at > sentence.first and tokens[at - 1].lower in LOCATIVE
        large = isinstance(sense.entry, City) and sense.own and sense.entry.population > FIRM
        key = fold(token.text)
        if token.lower in self._words or key in self._words or self._lexicon.match(tokens, at):
            return (named or (asked and large)) and sentence.shape == "mixed" and token.text[1:].islower()
        if named:
            return True
        if len(token.text) < CAPITAL_LETTERS:
            return asked or (isinstance(sense.entry, City) and sense.entry.population > 1_000_000)
        return asked or sense.own or key not in self._given

    def _run(self, tokens: Sequence[Token], at: int, sentence: Sentence, busy: Sequence[bool]) -> Name | None:
        """A run of capitalised words with the particles that names hold."""
        last = at
        while last < sentence.last and not busy[last]:
            token = tokens[last]
            if (
                (_capital(token) and not (last > at and self._breaks(tokens, last)))
                or (token.lower in PARTICLES and last > at and self._goes_on(tokens, last, sentence))
                or (last > at and _arabic_article(tokens, last, sentence))
                or (token.text in "-.'’" and last > at and self._joins(tokens, last, sentence))
            ):
                last += 1
            elif token.lower in ABOUT and last > at and _deals(tokens, last, sentence):
                last += 3
            else:
                break
        opener = at == sentence.first and tokens[at].lower in OPENERS  # "Later Tokayev …"
        if last == at or opener or self._breaks(tokens, at) or (last == at + 1 and self._ordinary(tokens, at)):
            return None
        return self._unknown(tokens, at, last)

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
        if not match or (tokens[at].lower == "national" and at + 1 < len(tokens) and _capital(tokens[at + 1])):
            return False  # "the Kenya National Commission": no national of Kenya
        return any(tag.lex in NAME_BREAKERS for tag in match[1])

    def _ordinary(self, tokens: Sequence[Token], at: int) -> bool:
        """One capitalised word that is an ordinary English word ("We've" too), or a letter."""
        word = tokens[at].lower.split("'", 1)[0]
        return word in self._words or len(tokens[at].text) == 1 or self._lexicon.starts(word)

    def _caps_run(self, tokens: Sequence[Token], at: int, sentence: Sentence, busy: Sequence[bool]) -> Name | None:
        """A run of words that are neither English nor in a lexicon, but for first names before such a word."""
        last = at
        while last < sentence.last and not busy[last]:
            if not (self._foreign(tokens, last) or self._opens_name(tokens, last, sentence)) and not (
                last > at and self._links(tokens, last, sentence)
            ):
                break
            last += 1
        if last == at or all(len(t.text) == 1 or t.lower in PARTICLES | TITLE_STARTS for t in tokens[at:last]):
            return None
        return self._unknown(tokens, at, last)

    def _unknown(self, tokens: Sequence[Token], first: int, last: int) -> Name:
        return Name(first, last, (), " ".join(fold(token.text) for token in tokens[first:last]))

    def _opens_name(self, tokens: Sequence[Token], at: int, sentence: Sentence) -> bool:
        """An English word that may begin a name, before a word that is not English: "SAN", "VICTOR"."""
        opener = tokens[at].lower in TITLE_STARTS or tokens[at].lower in self._given
        return opener and at + 1 < sentence.last and tokens[at + 1].kind == WORD and self._foreign(tokens, at + 1)

    def _links(self, tokens: Sequence[Token], at: int, sentence: Sentence) -> bool:
        """A particle, hyphen or initial between two parts of a name."""
        if at + 1 >= sentence.last or not self._foreign(tokens, at + 1):
            return False
        return tokens[at].lower in PARTICLES or (tokens[at].text in "-." and self._joins(tokens, at, sentence))

    def _foreign(self, tokens: Sequence[Token], at: int) -> bool:
        token = tokens[at]
        return (
            token.kind == WORD
            and len(token.text) > 1
            and "'" not in token.lower
            and not english(token.lower)
            and not self._lexicon.starts(token.lower)
        )


def _deals(tokens: Sequence[Token], at: int, sentence: Sentence) -> bool:
    """Whether "on" or "for" stands between a body and two capitalised words for what it deals with."""
    ahead = range(at + 1, at + 3)
    return (
        tokens[at - 1].lower in BODIES and ahead[-1] < sentence.last and all(_capital(tokens[index]) for index in ahead)
    )
