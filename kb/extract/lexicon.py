"""Lexicons: word lists in YAML, inflected once, looked up by longest match over tokens.

A verb is written as its base form, or "base/past/participle[/ing]" where it is irregular; a phrasal verb inflects in
its first word. A noun gets its regular plural, or is written "singular/plural", or with "+" where it has one form only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kb.errors import RuleError
from kb.extract.tokens import Token, tokenize

FOLDER = Path(__file__).parent / "lexicon"
VOWELS = "aeiou"
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C, ten times as fast, where there is one
DOUBLING = frozenset(
    "admit commit patrol refer occur plot plan stab rob stop ban drop gun kidnap rig hit shut cut set run quit "
    "transfer defer deter expel compel propel rebel control permit submit equip confer".split()
)


class Tag(NamedTuple):
    """What a word or phrase is: its lexicon, grammatical form, the value that it stands for, and its base form."""

    lex: str
    form: str
    value: str
    lemma: str


class Tags(tuple[Tag, ...]):
    """The tags of a node, with the names of the lexicons that they come from made once for looking up."""

    lexes: frozenset[str]

    def __new__(cls, tags: Iterable[Tag] = ()) -> Tags:  # noqa: D102 (explained by its class)
        made = super().__new__(cls, tags)
        made.lexes = frozenset(tag.lex for tag in made)
        return made


NO_TAGS = Tags()


class Trie:
    """Phrases as paths of folded tokens, each with its tags."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, words: Sequence[str], tag: Tag) -> None:
        """File a tag under a phrase."""
        node = self._root
        for word in words:
            node = node.setdefault(word, {})
        tags = node.get("", NO_TAGS)
        if tag not in tags:
            node[""] = Tags((*tags, tag))

    def match(self, tokens: Sequence[Token], at: int) -> tuple[int, Tags] | None:
        """The longest phrase that starts at a token: the index after it and its tags."""
        node = self._root.get(tokens[at].lower)
        if node is None:
            return None
        best, index, end = None, at, len(tokens)
        while node is not None:
            index += 1
            tags = node.get("")
            if tags is not None:
                best = (index, tags)
            node = node.get(tokens[index].lower) if index < end else None
        return best

    def tags(self, word: str) -> Tags:
        """The tags of a single word."""
        node = self._root.get(word)
        return NO_TAGS if node is None else node.get("", NO_TAGS)

    def share(self, lexes: frozenset[str], prepositions: frozenset[str]) -> None:
        """Give phrases of a word and a preposition ("marched in") what the word alone tells, in these lexicons.

        A phrase that has a value of its own in them ("march through") takes over only the tags of that value.
        """
        for node in self._root.values():
            alone = [tag for tag in node.get("", NO_TAGS) if tag.lex in lexes]
            for word in prepositions & node.keys() if alone else ():
                told = node[word].get("", NO_TAGS)
                values = {tag.value for tag in told if tag.lex in lexes}
                if told and not any(tag.lex == "strike" for tag in told):  # not "slammed into"
                    more = (tag for tag in alone if tag not in told and (not values or tag.value in values))
                    node[word][""] = Tags((*told, *more))

    def starts(self, word: str) -> bool:
        """Whether any phrase begins with this word."""
        return word in self._root


def words_of(phrase: str) -> list[str]:
    """The folded tokens of a phrase as the tokenizer cuts them."""
    return [token.lower for token in tokenize(phrase.replace(" 's", "'s").replace(" '", "'"))]


def plural(noun: str) -> str:
    """The regular English plural."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def _doubles(verb: str) -> bool:
    """Whether the last letter doubles before "-ed": in verbs of one syllable with one vowel and one consonant last."""
    if verb in DOUBLING:
        return True
    vowels = sum(letter in VOWELS or letter == "y" for letter in verb)
    ends = len(verb) > 2 and verb[-1] not in VOWELS + "wxy" and verb[-2] in VOWELS and verb[-3] not in VOWELS
    return ends and vowels == 1


def inflect(entry: str) -> Iterator[tuple[str, str]]:
    """The forms of a verb as (form, wording): base, s, past, participle, ing."""
    parts = entry.split("/")
    head, _, rest = parts[0].partition(" ")
    tail = f" {rest}" if rest else ""
    stem = head + head[-1] if _doubles(head) else head
    if head.endswith("e") and not head.endswith(("ee", "oe", "ye")):
        past, ing = head + "d", (head[:-2] + "ying" if head.endswith("ie") else head[:-1] + "ing")
    elif head.endswith("y") and head[-2:-1] not in VOWELS:
        past, ing = head[:-1] + "ied", head + "ing"
    else:
        past, ing = (head + "d" if head.endswith("e") else stem + "ed"), stem + "ing"
    yield "base", parts[0]
    yield "s", ("is" if head == "be" else f"{head}es" if head in ("go", "do") else plural(head)) + tail
    if head == "be":
        for form in ("are", "was", "were", "been"):
            yield "past", form + tail
    elif len(parts) == 1:
        yield "past", past + tail
        yield "participle", past + tail
    else:
        yield "past", parts[1]
        yield "participle", parts[2] if len(parts) > 2 else parts[1]
    yield "ing", parts[3] if len(parts) > 3 else ing + tail


def number_forms(entry: str) -> Iterator[tuple[str, str]]:
    """The forms of a noun as (form, wording): one or many."""
    if entry.endswith("+"):
        yield "many", entry[:-1]
        return
    singular, *rest = entry.split("/")
    yield "one", singular
    if rest:
        yield from (("many", form) for form in rest)
        return
    head, of, tail = singular.partition(" of ")
    yield "many", plural(head) + of + tail


def load(name: str) -> dict[str, Any]:
    """One lexicon file as plain data."""
    path = FOLDER / f"{name}.yaml"
    try:
        # BaseLoader keeps every scalar a string: "no" and "on" are words here.
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (builds only strings)
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise RuleError(f"{path.name}: expected a mapping of word lists")
    return data


@lru_cache(maxsize=1)
def _people() -> dict[str, str]:
    """Nouns for people, one to many, as the lexicon has them ("policeman" to "policemen")."""
    forms = (dict(number_forms(entry)) for nouns in load("people").values() for entry in reversed(nouns))
    return {form["one"]: form["many"] for form in forms if "one" in form}


def many_of(noun: str) -> str:
    """A noun for people in its plural; a plural stays."""
    return _people().get(noun) or (noun if noun.endswith("s") or noun == "people" else plural(noun))


@lru_cache
def _sets() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in load("sets").items()}


def word_set(name: str) -> frozenset[str]:
    """A small closed set of words by its name in ``sets.yaml``."""
    return _sets()[name]


def _file(trie: Trie, lex: str, value: str, forms: Iterable[tuple[str, str]], lemma: str) -> None:
    for form, wording in forms:
        trie.add(words_of(wording), Tag(lex, form, value, lemma))


def _plain(trie: Trie, lex: str, value: str, entries: Iterable[str]) -> None:
    for entry in entries:
        _file(trie, lex, value, (("", entry),), entry)


def _verbs(trie: Trie, lex: str, value: str, entries: Iterable[str]) -> None:
    for entry in entries:
        _file(trie, lex, value, inflect(entry), entry.split("/")[0])


def _nouns(trie: Trie, lex: str, value: str, entries: Iterable[str]) -> None:
    for entry in entries:
        _file(trie, lex, value, number_forms(entry), entry.split("/")[0].rstrip("+"))


def _harm(trie: Trie) -> None:
    for harm, lists in load("harm").items():
        _verbs(trie, "harm-verb", harm, lists["verbs"])
        _verbs(trie, "harm-intransitive", harm, lists["intransitive"])
        _plain(trie, "harm-adjective", harm, lists["adjectives"])
        _nouns(trie, "harm-noun", harm, lists["nouns"])
        _plain(trie, "toll", harm, lists["tolls"])
        _nouns(trie, "body", harm, lists.get("bodies", ()))
        _nouns(trie, "loss", harm, lists.get("losses", ()))
        _plain(trie, "harmed-among", harm, lists.get("among", ()))
        _plain(trie, "harmed-of", harm, lists.get("of", ()))
        _plain(trie, "shot", harm, lists.get("shot", ()))
        _verbs(trie, "suicide-blast", harm, lists.get("blasts", ()))
        _verbs(trie, "assault", harm, lists.get("assaults", ()))
        _plain(trie, "the-harmed", harm, lists.get("harmed", ()))
        _plain(trie, "captive", harm, lists.get("captives", ()))
        _plain(trie, "condition", harm, lists.get("conditions", ()))
        _nouns(trie, "loss-of", harm, lists.get("losses-of", ()))
        for lex in ("suicides", "losing", "treating"):
            _verbs(trie, lex.removesuffix("s"), harm, lists.get(lex, ()))
        for lex in ("wounds", "limbs", "hospitals", "vitals"):
            _nouns(trie, lex[:-1], harm, lists.get(lex, ()))


def _deployments(trie: Trie) -> None:
    data = load("deployments")
    for voice in ("object-verbs", "subject-verbs"):
        for phase, verbs in data[voice].items():
            _verbs(trie, f"deploy-{voice.split('-')[0]}", phase, verbs)
    for phase, nouns in data["nouns"].items():
        _nouns(trie, "deploy-noun", phase, nouns)
    _nouns(trie, "force", "", data["forces"])
    _nouns(trie, "equipment", "", data["equipment"])


def _scenes(trie: Trie) -> None:
    data = load("scenes")
    _verbs(trie, "occur", "", data["occur"])
    _verbs(trie, "perform", "", data["perform"])
    for slot in ("claim", "object"):
        _verbs(trie, f"blame-{slot}", "", data["blame"][slot])
    for slot in ("agent", "predicate"):
        _plain(trie, f"blame-{slot}", "", data["blame"][slot])
    _verbs(trie, "strike", "", data["strike"])
    _verbs(trie, "throw", "", data["throw"])
    _nouns(trie, "site", "", data["sites"])
    _nouns(trie, "weapon", "", data["weapons"])


@lru_cache(maxsize=1)
def lexicon() -> Trie:
    """All lexicons in one trie."""
    trie = Trie()
    _harm(trie)
    for victim_class, nouns in load("people").items():
        _nouns(trie, "person", victim_class, nouns)
    for name, words in load("function").items():
        _plain(trie, name, "", words)
    for name, words in load("adjectives").items():
        _plain(trie, name, "", words)
    for name, words in load("modality").items():
        _plain(trie, f"mode-{name}", "", words)
    reporting = load("reporting")
    _verbs(trie, "say", "", reporting["verbs"])
    _verbs(trie, "say-deny", "", reporting["denial-verbs"])
    _verbs(trie, "quote-verb", "", reporting["quotes"])
    for name in ("quoted-by", "citing", "according", "adverbial", "statement-nouns", "unnamed"):
        _plain(trie, name, "", reporting[name])
    for kind, roles in load("roles").items():
        _nouns(trie, "role", kind, roles) if kind != "title" else _plain(trie, "title", "", roles)
        if kind == "rank":
            _plain(trie, "title", "", roles)
    for key, (kind, name, *wordings) in load("organisations").items():
        for wording in wordings:
            trie.add(words_of(wording), Tag("organisation", kind, key, name))
    _deployments(trie)
    for event_type, lists in load("events").items():
        _nouns(trie, "event-noun", event_type, lists["nouns"])
        _verbs(trie, "event-verb", event_type, lists["verbs"])
    _scenes(trie)
    trie.share(frozenset({"event-noun", "event-verb"}), word_set("verb-prepositions"))
    return trie
