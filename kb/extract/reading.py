"""A document read: its sentences as rows of nodes with names, dates, numbers, people and speakers resolved."""

from __future__ import annotations

from dataclasses import dataclass

from kb.extract.actors import Directory
from kb.extract.attribution import cues
from kb.extract.context import Context
from kb.extract.entities import resolve
from kb.extract.lexicon import Trie, lexicon
from kb.extract.names import NameFinder
from kb.extract.nodes import Node, row
from kb.extract.phrases import people
from kb.extract.places import Gazetteer
from kb.extract.reach import Cue
from kb.extract.sentences import Sentence, sentences
from kb.extract.sites import sites
from kb.extract.times import annotate
from kb.extract.tokens import tokenize
from kb.model import Document


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence read: where it is, its nodes, and who speaks in it."""

    number: int
    sentence: Sentence
    nodes: list[Node]
    cues: list[Cue]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read."""

    context: Context
    lines: list[Line]


class Reader:
    """Reads documents; holds the lexicons only, so one serves for all."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._lexicon: Trie = lexicon()
        self._finder = NameFinder()

    def read(self, document: Document) -> Reading:
        """Tokens, sentences, numbers, dates, names, people, speakers: in this order, each from those before."""
        text = document.text
        tokens = tokenize(text)
        counts, times = annotate(tokens, text)
        busy = [False] * len(tokens)
        for first, last in [*((m.first, m.last) for m in counts), *((m.first, m.last) for m in times)]:
            busy[first:last] = [True] * (last - first)
        found = sentences(tokens, text)
        names = {s.first: self._finder.find(tokens, s, busy) for s in found}
        mixed = any(s.shape == "mixed" for s in found)
        gazetteer = Gazetteer(self._base, (name for group in names.values() for name in group), mixed=mixed)
        context = Context(text, tokens, gazetteer, Directory(self._base, gazetteer.country, document.day), document.day)
        count_at = {match.first: match for match in counts}
        time_at = {match.first: match for match in times}
        lines = []
        for number, sentence in enumerate(found):
            name_at = {name.first: name for name in names[sentence.first]}
            nodes = row(tokens, sentence, self._lexicon, count_at, time_at, name_at)
            nodes = people(sites(resolve(nodes, context), context), context)
            lines.append(Line(number, sentence, nodes, cues(nodes)))
        return Reading(context, lines)
