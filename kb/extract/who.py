"""Which actors the speakers of a document are: names, roles, unnamed bodies, pronouns and "the ministry"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.extract.context import Context
from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME, PLACE
from kb.extract.lexicon import load, many_of
from kb.extract.nodes import Node
from kb.extract.outlets import outlet_noun
from kb.extract.phrases import GROUP, Group
from kb.extract.speakers import BODIES, OBLIQUE, OUTLETS, PRONOUNS, STATEMENTS, Run
from kb.model import Actor, ActorType, Place

# Nouns that a type of actor is told by.
TYPE_OF = {
    "ministry": ActorType.MINISTRY,
    "army": ActorType.MILITARY,
    "military": ActorType.MILITARY,
    "navy": ActorType.MILITARY,
    "police": ActorType.POLICE,
    "government": ActorType.GOVERNMENT,
    "parliament": ActorType.GOVERNMENT,
    "party": ActorType.PARTY,
}
PEOPLE_WORDS = frozenset(
    {"caller", "callers", "source", "sources", "elder", "elders", "monitors", "observers", "experts", "analysts"}
)
ANAPHORS: dict[str, frozenset[str]] = {noun: frozenset(kinds) for noun, kinds in load("reporting")["anaphors"].items()}
PERSONAL = frozenset({"he", "she"})
PRESS = frozenset({"press service", "press office", "press center", "press centre"})
OURS = frozenset({"our", "we", "us"})
OWN_WORDS = (
    "our ",
    "this newspaper",
    "this paper",
    "this website",
    "this daily",
    "this magazine",
    "this correspondent",
)
LOOK_BACK = 30  # actors kept in mind
ARTICLES = ("the ", "a ", "an ")


class Attribution(NamedTuple):
    """Who says something, and who passed it on, nearest to the source first."""

    source: Actor | None
    relays: tuple[Actor, ...]


NOBODY = Attribution(None, ())


class Speakers:
    """Resolves the speakers of a document in reading order, keeping in mind who has spoken and who was named."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._spoken: list[Actor] = []
        self._named: list[Actor] = []
        self._before = NOBODY

    def attribution(self, nodes: Sequence[Node], chain: Iterable[Run]) -> Attribution:
        """The chain of one attribution as actors, each once."""
        actors: dict[object, Actor] = {}
        runs = tuple(chain)
        for run in runs:
            actor = self.actor(nodes, run)
            if actor is not None:
                actors.setdefault(actor.iri or actor.text, actor)
                _keep(self._named, actor)  # "in a call to the Echo, the station reported"
        if not actors:
            return NOBODY
        source, *relays = actors.values()
        before = self._before
        again = before.source is not None and before.source.iri == source.iri
        if not relays and again and all(nodes[run.head].lower in PRONOUNS for run in runs):
            return Attribution(source, before.relays)  # "X told Radio Y that … He warned that …": to the same
        return Attribution(source, tuple(relays))

    def heard(self, attribution: Attribution) -> None:
        """Keep in mind who has spoken."""
        if attribution.source is not None:
            self._before = attribution
        for actor in (*reversed(attribution.relays), attribution.source):
            if actor is not None:
                _keep(self._spoken, actor)

    def met(self, nodes: Sequence[Node]) -> None:
        """Keep in mind the bodies and named people of a sentence."""
        for node in reversed(nodes):
            if node.kind == ACTOR:
                _keep(self._named, node.value)
            elif node.kind == GROUP and (node.value.name or node.value.person):
                _keep(self._named, group_actor(node.value, self._words(node.first, node.last), self._context))

    def actor(self, nodes: Sequence[Node], run: Run) -> Actor | None:
        """The actor that a phrase stands for."""
        head = nodes[run.head]
        text = self._words(nodes[run.first].first, nodes[run.last - 1].last)
        if nodes[run.first].lower in OURS or text.lower().startswith(OWN_WORDS):
            return None  # "our researchers", "this newspaper": the publisher itself
        if head.lower in ("source", "sources") and "same" in text.lower().split():
            return next((actor.model_copy(update={"text": _bare(text)}) for actor in self._spoken), None)
        if head.lower in PRONOUNS or head.lower in OBLIQUE:
            return self._pronoun(OBLIQUE.get(head.lower, head.lower), text)
        if head.kind == GROUP and head.value.body is not None and _speaks_for(head.value):
            return head.value.body.model_copy(update={"text": _bare(text)})  # type: ignore[no-any-return]
        if outlet_noun(nodes, run):
            outlet = self._outlet(nodes, run, text)
            if outlet is not None:
                return outlet
        actor = self._alone(nodes, run, head, text)
        if actor is not None:
            return actor
        return self._unnamed(nodes, run, head, text)

    def _alone(self, nodes: Sequence[Node], run: Run, head: Node, text: str) -> Actor | None:
        actor = actor_of(head, self._context)
        if actor is None:
            return None
        if actor.type == ActorType.PERSON and actor.name and " " not in actor.name:
            actor = self._by_surname(actor)
        if head.kind == GROUP:
            actor = self._again(head.value, actor, text) or self._with_role(nodes, run, head, actor)
        if (run.last - run.first > 1 and actor.name is None) or head.kind == ACTOR:
            actor = actor.model_copy(update={"text": _bare(text)})
        return actor

    def _by_surname(self, actor: Actor) -> Actor:
        """ "Tokayev" is whoever of that surname has been named in full."""
        for known in (*self._spoken, *self._named):
            if known.type == ActorType.PERSON and known.name and known.name.endswith(f" {actor.name}"):
                return known.model_copy(update={"text": actor.text})
        return actor

    def _with_role(self, nodes: Sequence[Node], run: Run, head: Node, actor: Actor) -> Actor:
        """ "its secretary, Dr X": the name with the role that stands beside it."""
        if actor.role is not None or not head.value.name:
            return actor
        for node in nodes[run.first : run.last]:
            if node is not head and node.kind == GROUP and node.value.role:
                named = actor.model_copy(update={"role": node.value.role})
                return self._context.directory.remember(named)
        return actor

    def _again(self, group: Group, actor: Actor, text: str) -> Actor | None:
        """ "the spokesman": someone whose fuller role or whose name has been given before."""
        if group.name or group.person or group.many or group.noun == "people":
            return None
        role = (group.role or group.noun).lower()
        definite = text.lower().startswith(("the ", "this ", "that "))
        for known in (*self._spoken, *self._named):
            if known.type != ActorType.PERSON or not known.role or known.name is None:
                continue
            full = known.role.lower()
            if full == role or (definite and (full.endswith(" " + role) or role.endswith(" " + full))):
                return known.model_copy(update={"text": _bare(text)})
        return None

    def _outlet(self, nodes: Sequence[Node], run: Run, text: str) -> Actor | None:
        """An outlet by the name beside the noun, else the last one spoken of."""
        names = [i for i in range(run.first, run.last) if nodes[i].kind in (ACTOR, PERSON_NAME, GROUP)]
        for index in sorted(names, key=lambda i: (abs(i - run.head), -i)):
            node = nodes[index]
            if node.kind == ACTOR and node.value.type == ActorType.OUTLET:
                return node.value  # type: ignore[no-any-return]  # an actor node holds an Actor
            if node.kind == ACTOR and (node.has("organisation") or node.value.type != ActorType.ORGANISATION):
                continue
            if node.kind == GROUP and (node.value.role or not node.value.name):
                continue
            actor = self._context.directory.outlet(self._words(node.first, node.last))
            return actor.model_copy(update={"text": text if len(names) > 1 else actor.text})
        if names:
            return None
        if nodes[run.head].lower in OUTLETS and run.last - run.first <= 2:
            return self._anaphor(nodes[run.head].lower, text)
        return None

    def _unnamed(self, nodes: Sequence[Node], run: Run, head: Node, text: str) -> Actor | None:
        """ "the state emergency agency", "the report", "the Nation": a body by its wording, or one named before."""
        words = _bare(text)
        noun = head.lower
        definite = len(words) < len(text) and text.lower().startswith("the")
        short = len(words.split()) == 1
        if noun in STATEMENTS or noun in PRONOUNS:
            return self._last(lambda actor: actor.type != ActorType.PERSON) if short else self._issuer(nodes, run)
        based = len(words.split()) > 1 and "based" in words.lower().replace("-", " ").split()
        if definite and based and (known := self._anaphor(noun, text)) is not None:
            return known
        if short and (known := self._anaphor(noun, text)) is not None:
            return known
        if noun not in BODIES and noun not in OUTLETS:
            if definite and words[:1].isupper():
                return self._context.directory.outlet(words)
            return None
        if _proper(words):
            kind = TYPE_OF.get(noun, ActorType.ORGANISATION)
            return self._context.directory.organisation(words, words, kind)
        group = self._context.directory.group(words.lower(), words)
        kind = TYPE_OF.get(noun, ActorType.GROUP if noun in PEOPLE_WORDS else ActorType.ORGANISATION)
        if noun in OUTLETS and noun not in BODIES:
            kind = ActorType.OUTLET
        return group.model_copy(update={"type": kind, "text": words})

    def _issuer(self, nodes: Sequence[Node], run: Run) -> Actor | None:
        """ "an army communique": the body named beside it."""
        for node in reversed(nodes[run.first : run.head]):
            actor = actor_of(node, self._context) if node.kind in (ACTOR, GROUP) else None
            if actor is not None:
                return actor.model_copy(update={"text": self._words(node.first, nodes[run.last - 1].last)})
        words = [node.lower for node in nodes[run.first : run.head]]
        noun = next((word for word in reversed(words) if word in BODIES), None)
        known = self._anaphor(noun, noun) if noun else None
        return known or self._last(lambda actor: actor.type != ActorType.PERSON)

    def _anaphor(self, noun: str, text: str) -> Actor | None:
        """Who "the ministry" is: the last whose name has the noun, else the last of its kind."""
        for known in (*self._spoken, *self._named):
            if f" {noun} " in f" {(known.name or known.text).lower()} ":
                return known.model_copy(update={"text": _bare(text)})
        kinds = ANAPHORS.get(noun, frozenset())
        return self._last(lambda actor: actor.type in kinds, text) if kinds else None

    def _pronoun(self, pronoun: str, text: str) -> Actor | None:
        if pronoun in PERSONAL:
            return self._last(lambda actor: actor.type == ActorType.PERSON, text)
        if pronoun == "it":
            return self._last(lambda actor: actor.type not in (ActorType.PERSON, ActorType.GROUP), text)
        return self._last(lambda actor: actor.type != ActorType.PERSON, text)

    def _last(self, fits: object, text: str | None = None) -> Actor | None:
        for known in (*self._spoken, *self._named):
            if fits(known):  # type: ignore[operator]  # a predicate
                return known
        return None

    def _words(self, first: int, last: int) -> str:
        return self._context.words(first, last)


def _proper(words: str) -> bool:
    """ "Sudanese Doctors' Committee": a wording that is a name by its capitals, in the noun too."""
    capitals = [word for word in words.split() if word[:1].isupper()]
    return len(capitals) > 1 and words.rsplit(maxsplit=1)[-1][:1].isupper() and not words.isupper()


def _speaks_for(group: Group) -> bool:
    """Whether the phrase is only the voice of its body: "the press service of the ministry", "the X broadcaster"."""
    voice = group.role is not None and group.role.lower() in PRESS
    outlet = group.body is not None and group.body.type == ActorType.OUTLET and group.name is None
    return voice or (outlet and group.noun in OUTLETS)


def _keep(actors: list[Actor], actor: Actor) -> None:
    """Put an actor in front of those kept in mind."""
    actors[:] = [actor, *(other for other in actors if other.iri != actor.iri)][:LOOK_BACK]


def _bare(text: str) -> str:
    """A wording without its article."""
    lower = text.lower()
    return next((text[len(a) :] for a in ARTICLES if lower.startswith(a)), text)


def actor_of(node: Node, context: Context) -> Actor | None:
    """A node as the actor that it stands for: a body, a state for a country's name, a person, an unnamed group."""
    text = context.words(node.first, node.last)
    if node.kind == ACTOR:
        return node.value  # type: ignore[no-any-return]  # an actor node holds an Actor
    if node.kind == PLACE:
        return _state(node.value, text, context)
    if node.kind == NATIONAL:
        return context.directory.state(node.value.code, text)
    if node.kind == PERSON_NAME:
        return context.directory.person(node.value, None, text)
    if node.kind == GROUP:
        return group_actor(node.value, text, context)
    if node.has("unnamed"):
        return context.directory.group(node.lower, text)
    return None


def _state(place: Place, text: str, context: Context) -> Actor | None:
    """The state that a country's name, or its capital's, stands for where it speaks."""
    capital = context.gazetteer.capital(place.country) if place.precision == "city" and place.country else None
    if capital is not None and capital.iri == place.iri:
        return context.directory.state(place.country, text)
    return context.directory.state_of(place)


def group_actor(group: Group, text: str, context: Context) -> Actor:
    """People as an actor: a named or official person, or the group by its noun."""
    if group.person is not None:
        return context.directory.remember(group.person.model_copy(update={"text": text, "role": group.role}))
    if group.name or (group.role and not group.many):
        return context.directory.person(group.name, group.role, text, group.country)
    return context.directory.group(many_of(group.noun), text, group.country)
