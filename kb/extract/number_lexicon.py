"""The wording of numbers, loaded once from ``lexicon/numbers.yaml`` into tables for look-up by token."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import yaml

from kb.extract.tokens import tokenize
from kb.model import Hedge

SOURCE = Path(__file__).with_name("lexicon") / "numbers.yaml"
PADDING = 12
"""Empty words after the last one, so that look-ahead needs no bounds check; longer than any phrase."""

T = TypeVar("T")


class Phrases(Generic[T]):
    """Phrases of whole tokens with what they mean; the longest that starts at a token is found by its first word."""

    def __init__(self) -> None:
        self.by_first: dict[str, list[tuple[list[str], T]]] = {}

    def add(self, phrase: str, meaning: T) -> None:
        """Add one phrase; of two equal phrases the first stays."""
        words = [token.lower for token in tokenize(phrase)]
        options = self.by_first.setdefault(words[0], [])
        if all(words != known for known, _ in options):
            options.append((words, meaning))
            options.sort(key=lambda option: -len(option[0]))

    def at(self, words: list[str], index: int) -> tuple[int, T] | None:
        """The end of the longest phrase that starts at ``index`` and its meaning."""
        options = self.by_first.get(words[index])
        if options is None:
            return None
        following = words[index + 1]
        for phrase, meaning in options:
            end = index + len(phrase)
            if end == index + 1 or (phrase[1] == following and words[index:end] == phrase):
                return end, meaning
        return None


class HedgePhrase(NamedTuple):
    """What a hedge does; a weak one is a preposition too."""

    hedge: Hedge
    weak: bool


class VaguePhrase(NamedTuple):
    """An unstated number: the least it can mean, whether "hundred" may follow, and where it does not count."""

    minimum: int | None
    scalable: bool
    plural: bool
    not_after: frozenset[str]


@dataclass(frozen=True, slots=True)
class NumberLexicon:
    """The tables of numbers.yaml."""

    small: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, int]
    dozens: dict[str, int]
    suffixes: dict[str, int]
    plural_scales: dict[str, int]
    vague: Phrases[VaguePhrase]
    fixed: Phrases[int]
    none: Phrases[None]
    hedges_before: Phrases[HedgePhrase]
    hedges_after: Phrases[Hedge]
    range_openers: Phrases[Phrases[None]]
    range_connectors: Phrases[None]
    range_bounds: Phrases[None]
    additional_before: Phrases[None]
    not_counts: Phrases[None]
    units: Phrases[str]
    unit_fillers: Phrases[None]
    clock_after: Phrases[None]
    sets: dict[str, frozenset[str]]
    starts: frozenset[str]


def _phrases(items: list[str]) -> Phrases[None]:
    found: Phrases[None] = Phrases()
    for item in items:
        found.add(item, None)
    return found


def _hedges(data: dict[str, Any]) -> tuple[Phrases[HedgePhrase], Phrases[Hedge]]:
    before: Phrases[HedgePhrase] = Phrases()
    after: Phrases[Hedge] = Phrases()
    for entry in data["hedges_before"]:
        meaning = HedgePhrase(Hedge(entry["hedge"]), bool(entry.get("weak")))
        for phrase in entry["phrases"]:
            before.add(phrase, meaning)
            for modifier in data["hedge_modifiers"]:
                before.add(f"{modifier} {phrase}", meaning._replace(weak=False))
    for entry in data["hedges_after"]:
        for phrase in entry["phrases"]:
            after.add(phrase, Hedge(entry["hedge"]))
    return before, after


def _vague(data: dict[str, Any]) -> Phrases[VaguePhrase]:
    found: Phrases[VaguePhrase] = Phrases()
    for entry in data["vague"]:
        meaning = VaguePhrase(
            entry["minimum"],
            bool(entry.get("scalable")),
            bool(entry.get("plural")),
            frozenset(entry.get("not_after", ())),
        )
        for phrase in entry["phrases"]:
            found.add(phrase, meaning)
    return found


def _fixed(data: dict[str, Any]) -> Phrases[int]:
    found: Phrases[int] = Phrases()
    for entry in data["fixed"]:
        for phrase in entry["phrases"]:
            found.add(phrase, int(entry["number"]))
    return found


def _keyed(table: dict[str, list[str]]) -> Phrases[str]:
    found: Phrases[str] = Phrases()
    for key, phrases in table.items():
        for phrase in phrases:
            found.add(phrase, key)
    return found


_SETS = (
    "change_words", "additional_after", "not_none", "money_before", "identifier_before", "who_number", "outlet_after",
    "hyphen_prefixes", "one_not_after", "age_before", "age_nouns", "age_groups", "after_people", "year_before",
    "ordinal_suffixes", "ordinals", "fractions", "plurals", "not_plurals",
)  # fmt: skip


@cache
def number_lexicon() -> NumberLexicon:
    """The lexicon of numbers (read on first use)."""
    data = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    before, after = _hedges(data)
    openers: Phrases[Phrases[None]] = Phrases()
    for opener, connectors in data["range_openers"].items():
        openers.add(opener, _phrases(connectors))
    vague, fixed, none = _vague(data), _fixed(data), _phrases(data["none"])
    additional = _phrases(data["additional_before"])
    lists: tuple[Phrases[Any], ...] = (vague, fixed, none, before, openers, additional, _phrases(data["not_counts"]))
    words = ("small", "tens", "scales", "dozens", "plural_scales")
    starts = {"a", "an", "both", "no"}.union(*(data[name] for name in words), *(each.by_first for each in lists))
    return NumberLexicon(
        **{name: data[name] for name in (*words, "suffixes")},
        vague=vague,
        fixed=fixed,
        none=none,
        hedges_before=before,
        hedges_after=after,
        range_openers=openers,
        range_connectors=_phrases(data["range_connectors"]),
        range_bounds=_phrases(data["range_bounds"]),
        additional_before=additional,
        not_counts=_phrases(data["not_counts"]),
        units=_keyed(data["units"]),
        unit_fillers=_phrases(data["unit_fillers"]),
        clock_after=_phrases(data["clock_after"]),
        sets={name: frozenset(data[name]) for name in _SETS},
        starts=frozenset(starts),
    )
