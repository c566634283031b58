"""A document read: its sentences as rows of nodes with names, dates, numbers, people and speakers resolved."""

from __future__ import annotations

from dataclasses import dataclass

from kb.extract.actors import Directory
from kb.extract.attribution import cues
from kb.extract.companies import together
from kb.extract.context import Context
from kb.extract.entities import PLACE, resolve
from kb.extract.headers import NO_HEADER, Header, header
from kb.extract.lexicon import Trie, lexicon
from kb.extract.names import NameFinder
from kb.extract.nodes import PLAIN, TIME, Node, row
from kb.extract.phrases import people
from kb.extract.places import Gazetteer
from kb.extract.reach import Cue, manner
from kb.extract.sentences import Sentence, sentences
from kb.extract.sites import sites
from kb.extract.strangers import strangers
from kb.extract.times import annotate
from kb.extract.tokens import tokenize
from kb.model import Document


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence read: where it is, its nodes, who speaks in it, and the header before it.

    ``scenery`` is the nodes without the places and dates of headers and attributions ("… said in Paris on Monday").
    """

    number: int
    sentence: Sentence
    nodes: list[Node]
    cues: list[Cue]
    header: Header
    scenery: list[Node]

    @property
    def first(self) -> int:
        """The token that the sentence begins with, behind its header."""
        end = self.header.end if not self.header.stamp or self.header.stamp.earliest == self.header.stamp.latest else 0
        return self.nodes[end].first if end < len(self.nodes) else self.sentence.first


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read."""

    context: Context
    lines: list[Line]
    title: list[Node]
    """The document's title, which no claim is read from: it may name where all of it happened."""


def _scenery(nodes: list[Node], said: list[Cue], head: Header) -> list[Node]:
    """The nodes, with the places and dates of the header and of attributions made plain."""
    told = set(range(head.end))
    for cue in said:
        told.update(range(cue.first, manner(nodes, cue.last)))
    if not told:
        return nodes
    return [
        node._replace(kind=PLAIN) if index in told and node.kind in (PLACE, TIME) else node
        for index, node in enumerate(nodes)
    ]


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
        lines: list[Line] = []
        for number, sentence in enumerate(found):
            name_at = {name.first: name for name in names[sentence.first]}
            nodes = row(tokens, sentence, self._lexicon, count_at, time_at, name_at)
            nodes = together(strangers(people(sites(resolve(nodes, context), context), context), context))
            begins = not lines or lines[-1].sentence.block != sentence.block
            head = header(nodes, context) if begins else NO_HEADER
            said = cues(nodes, head.end)
            lines.append(Line(number, sentence, nodes, said, head, _scenery(nodes, said, head)))
        return Reading(context, lines, self._title(document.title or "", context))

    def _title(self, title: str, context: Context) -> list[Node]:
        tokens = tokenize(title)
        read = Context(title, tokens, context.gazetteer, context.directory, context.day)
        nodes: list[Node] = []
        for sentence in sentences(tokens, title):
            names = {name.first: name for name in self._finder.find(tokens, sentence, [False] * len(tokens))}
            nodes += sites(resolve(row(tokens, sentence, self._lexicon, {}, {}, names), read), read)
        return nodes
