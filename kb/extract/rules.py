"""Rules as data: what triggers a claim and where its parts stand. Files in ``rules/``; each rule carries examples.

A rule names a trigger (a lexicon, and for verbs a voice) and, for each part of the claim, on which side of the trigger
to seek which phrases. The examples are run by the tests: a rule whose examples fail is refused there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from kb.errors import RuleError
from kb.model import Record

FOLDER = Path(__file__).parent / "rules"


Phrase = Literal["group", "person-name", "count", "actor", "national", "pronoun"]
Voice = Literal[
    "passive", "active", "reduced",
    "of", "to", "counted", "possessive", "predicate", "number-of", "nobody", "taken", "part",
    "suffered", "having", "struck", "carried", "labelled", "seized", "put", "fold", "shot-in", "found", "only",
]  # fmt: skip
Lex = Literal[
    "harm-verb", "harm-intransitive", "harm-adjective", "harm-noun",
    "toll", "body", "lives", "loss", "harmed-among", "harmed-of",
    "wound", "limb", "hospital", "suicide", "losing", "treating", "condition", "shot", "assault",
    "the-harmed", "captive", "loss-of", "vital", "suicide-blast", "wounded-people",
]  # fmt: skip


class Seek(Record):
    """Where to look for a part: on one side of the trigger, within so many nodes, for these kinds of phrase."""

    side: Literal["left", "right"]
    phrase: tuple[Phrase, ...] = ("group", "person-name")
    after: tuple[str, ...] = ()
    """The word that must stand before the phrase ("of", "by"), "" for the trigger itself; else it is refused."""
    within: int = Field(10, ge=1, le=40)
    adjacent: bool = False
    """Only adverbs, articles and quotation marks may stand between the trigger and the phrase."""
    gap: int = Field(0, ge=0, le=4)
    """With ``adjacent``, so many unknown words may stand between all the same ("214 political deaths")."""
    nearest: bool = False
    """Take the phrase right beside the trigger even where it hangs on a preposition ("among 25 people killed")."""
    free: bool = False
    """Refuse phrases that hang on a preposition."""
    coordinate: bool = True
    """Take the whole list ("two soldiers and three civilians")."""


class Trigger(Record):
    """The word that a rule starts from: of which lexicon, and by which of these signs or forms."""

    lex: Lex
    voice: tuple[Voice, ...] = ()
    form: tuple[Literal["base", "s", "past", "participle", "ing", "one", "many"], ...] = ()


class Example(Record):
    """A text and the claims, by some of their fields, that the rule must give; none if it must stay silent."""

    text: str
    gives: tuple[Mapping[str, Any], ...]


class Rule(Record):
    """One rule."""

    name: str
    emits: Literal["casualty", "event", "deployment", "crowd"]
    trigger: Trigger
    victims: Seek | None = None
    agents: Seek | None = None
    harm: str | None = None
    part: bool = False
    """Whether the people are among those that an earlier sentence told of, unless it speaks of others."""
    confidence: float = Field(0.8, ge=0, le=1)
    examples: tuple[Example, ...] = Field(min_length=2)


@lru_cache
def rules(kind: str) -> tuple[Rule, ...]:
    """The rules of one file, in order; raises RuleError naming the rule and the field."""
    path = FOLDER / f"{kind}.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(f"{path.name}: {error}") from error
    if not isinstance(data, list) or not data:
        raise RuleError(f"{path.name}: expected a list of rules")
    found = tuple(_rule(path.name, number, entry) for number, entry in enumerate(data, 1))
    names = [rule.name for rule in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise RuleError(f"{path.name}: rule {twice}: the name is given twice")
    return found


@lru_cache(maxsize=4096)
def starting(kind: str, lexes: frozenset[str]) -> tuple[Rule, ...]:
    """The rules of one file that a word of these lexicons may start, in their order."""
    return tuple(rule for rule in rules(kind) if rule.trigger.lex in lexes)


@lru_cache
def triggers(kind: str) -> frozenset[str]:
    """The lexicons that the rules of one file start from."""
    return frozenset(rule.trigger.lex for rule in rules(kind))


def _rule(file: str, number: int, entry: Any) -> Rule:
    try:
        return Rule.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        name = entry.get("name", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        raise RuleError(f"{file}: rule {name}: {where}: {first['msg']}") from error
