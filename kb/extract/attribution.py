"""Who says it: the source and the chain of relays, by sentence and across quotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.extract.context import Context
from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME, PLACE
from kb.extract.lexicon import plural, word_set
from kb.extract.nodes import COUNT, TIME, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.seek import QUOTES
from kb.extract.voice import is_adverb
from kb.model import Actor, ActorType

SPEAKERS = (ACTOR, GROUP, PERSON_NAME)
REACH = 9  # nodes between a speaker and the verb of saying
REPEATERS = word_set("repeaters")
OUTLET_NOUNS = frozenset({"channel", "agency", "newspaper", "outlet", "broadcaster", "station", "news agency", "daily"})


class Voice(NamedTuple):
    """One attribution in a sentence: node index of the speaker and of the word that attributes; is it a relay."""

    speaker: int
    verb: int
    relay: bool


class Attribution(NamedTuple):
    """Who says something, and who passed it on, nearest to the source first."""

    source: Actor | None
    relays: tuple[Actor, ...]


NOBODY = Attribution(None, ())


def voices(nodes: list[Node]) -> list[Voice]:
    """The attributions in a sentence, left to right."""
    found: list[Voice] = []
    for at, node in enumerate(nodes):
        for voice in _voices_at(nodes, at, node):
            if all(voice.speaker != other.speaker for other in found):
                found.append(voice)
    return found


def _voices_at(nodes: list[Node], at: int, node: Node) -> list[Voice]:
    if node.has("according", "adverbial"):
        return _speaker(nodes, _after(nodes, at), at, relay=False)
    if node.has("quoted-by") and not _passive_telling(nodes, at):
        return [
            *_speaker(nodes, _after(nodes, at), at, relay=True),
            *_speaker(nodes, _subject(nodes, at), at, relay=False),
        ]
    if node.has("citing"):
        return _speaker(nodes, _after(nodes, at), at, relay=False)
    if node.has("quote-verb") and node.kind == "word":
        return _quoting(nodes, at)
    if node.has("say") and not _noun(nodes, at):
        return _saying(nodes, at)
    return []


def _speaker(nodes: list[Node], index: int | None, verb: int, *, relay: bool) -> list[Voice]:
    return [] if index is None else [Voice(index, verb, relay)]


def _after(nodes: list[Node], at: int) -> int | None:
    """The first speaker right behind a phrase of attribution."""
    for index in range(at + 1, min(at + 6, len(nodes))):
        node = nodes[index]
        if _speaks(nodes, index):
            return index
        if not (
            node.has("determiner", "statement-nouns")
            or node.lower in ("a", "an", ",", "of", "from", "by", "in", "local", "an")
            or node.kind in (PLACE, TIME, "demonym", COUNT)
            or node.lower in QUOTES
        ):
            return None
    return None


def _speaks(nodes: list[Node], index: int) -> bool:
    node = nodes[index]
    if node.kind == GROUP:
        group: Group = node.value
        return (
            group.count is None
            or group.count.minimum == 1
            or group.noun in ("official", "witness", "source", "doctor", "resident")
        )
    return node.kind in SPEAKERS or node.has("unnamed") or node.lower in OUTLET_NOUNS


def _passive_telling(nodes: list[Node], at: int) -> bool:
    return nodes[at].lower == "told"


def _noun(nodes: list[Node], at: int) -> bool:
    """ "the report", "a statement": the same form as a verb of saying, after an article or "of"."""
    before = nodes[at - 1] if at else None
    return before is not None and (before.has("determiner") or before.lower in ("a", "an", "of", "this", "no", "in"))


def _quoting(nodes: list[Node], at: int) -> list[Voice]:
    """ "Y quoted X as saying": Y relays, X says; "X was quoted by Y" is left to "quoted by"."""
    if at and nodes[at - 1].has("be"):
        subject = _subject(nodes, at - 1)
        return _speaker(nodes, subject, at, relay=False)
    speaker = _after(nodes, at)
    outlet = _subject(nodes, at)
    return [*_speaker(nodes, outlet, at, relay=True), *_speaker(nodes, speaker, at, relay=False)]


def _saying(nodes: list[Node], at: int) -> list[Voice]:
    node = nodes[at]
    lemma = next(node.tagged("say")).lemma
    passive = at > 0 and nodes[at - 1].has("be")
    if passive:
        return []
    subject = _inverted(nodes, at)
    if subject is None:
        subject = _subject(nodes, at)
    if subject is None:
        return []
    relay = lemma in REPEATERS and _is_outlet(nodes[subject])
    found = [Voice(subject, at, relay)]
    if lemma == "tell":
        listener = _after(nodes, at)
        if listener is not None and listener != subject and _is_outlet(nodes[listener]):
            found.append(Voice(listener, at, True))
    return found


def _inverted(nodes: list[Node], at: int) -> int | None:
    """ "…", said X."""
    if at == 0 or not (nodes[at - 1].lower in QUOTES or nodes[at - 1].lower == ","):
        return None
    index = at + 1
    while index < len(nodes) and (nodes[index].has("determiner") or nodes[index].lower in ("a", "an")):
        index += 1
    return index if index < len(nodes) and _speaks(nodes, index) else None


def _subject(nodes: list[Node], at: int) -> int | None:
    """The speaker to the left of a verb, over adverbs, dates, places and what commas enclose."""
    index, commas = at - 1, 0
    while index >= 0 and at - index <= REACH:
        node = nodes[index]
        enclosed = commas % 2 and index and nodes[index - 1].lower in (",", "of", "in") and not _is_outlet(node)
        if _speaks(nodes, index) and not enclosed:
            if node.kind == GROUP and index and nodes[index - 1].has("preposition"):
                index -= 1
                continue
            return index
        if node.lower == ",":
            commas += 1
        elif not commas and not (
            is_adverb(node)
            or node.kind in (TIME, PLACE, COUNT, "demonym")
            or node.has("have", "determiner", "preposition", "statement-nouns", "modal", "harm-adjective")
            or node.lower in QUOTES
            or node.lower in ("who", "which", "-", ")", "(", "a")
        ):
            return None
        index -= 1
    return None


def _is_outlet(node: Node) -> bool:
    return (node.kind == ACTOR and node.value.type == ActorType.OUTLET) or node.lower in OUTLET_NOUNS


class Speakers:
    """Resolves the speakers of a document, remembering the last outlet for "the channel"."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._outlet: Actor | None = None

    def actor(self, node: Node) -> Actor | None:
        """The node of a speaker as an actor."""
        actor = actor_of(node, self._context)
        if actor is None and node.lower in OUTLET_NOUNS:
            return self._outlet
        if actor is not None and actor.type == ActorType.OUTLET:
            self._outlet = actor
        return actor

    def attribution(self, nodes: list[Node], found: Sequence[Voice], at: int) -> Attribution:
        """Who says what stands at ``at``: the nearest source, with the relays around it."""
        sources = [voice for voice in found if not voice.relay]
        anchor = min((v.speaker for v in sources), key=lambda s: abs(s - at)) if sources else at
        relaying = sorted((v for v in found if v.relay), key=lambda v: abs(v.speaker - anchor))
        relays = [actor for voice in relaying if (actor := self.actor(nodes[voice.speaker]))]
        if not sources:
            return Attribution(relays[-1], tuple(relays[:-1])) if relays else NOBODY
        nearest = min(sources, key=lambda voice: (abs(voice.verb - at), voice.speaker))
        source = self.actor(nodes[nearest.speaker])
        others = [self.actor(nodes[v.speaker]) for v in sources if v is not nearest and _is_outlet(nodes[v.speaker])]
        chain = [*(actor for actor in others if actor), *relays]
        return Attribution(source, tuple(actor for actor in chain if source is None or actor.iri != source.iri))


def actor_of(node: Node, context: Context) -> Actor | None:
    """A node as the actor that it stands for: a body, a state for a country's name, a person, an unnamed group."""
    text = context.words(node.first, node.last)
    if node.kind == ACTOR:
        return node.value  # type: ignore[no-any-return]  # an actor node holds an Actor
    if node.kind == PLACE:
        return context.directory.state_of(node.value)
    if node.kind == NATIONAL:
        return context.directory.state(node.value.code, text)
    if node.kind == PERSON_NAME:
        return context.directory.person(node.value, None, text)
    if node.kind == GROUP:
        return group_actor(node.value, text, context)
    if node.has("unnamed"):
        return context.directory.group(node.lower, text)
    return None


def group_actor(group: Group, text: str, context: Context) -> Actor:
    """People as an actor: a named or official person, or the group by its noun."""
    if group.person is not None:
        return context.directory.remember(group.person.model_copy(update={"text": text, "role": group.role}))
    if group.name or (group.role and not group.many):
        return context.directory.person(group.name, group.role, text, group.country)
    return context.directory.group(_plural(group), text, group.country)


def _plural(group: Group) -> str:
    return plural(group.noun) if not group.noun.endswith("s") else group.noun
