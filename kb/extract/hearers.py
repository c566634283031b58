"""Who hears a saying and passes it on: the outlet that is told, the channel it is said through, a speaker's voice."""

from __future__ import annotations

from collections.abc import Sequence

from kb.extract.entities import ACTOR
from kb.extract.lexicon import load
from kb.extract.nodes import TIME, Node
from kb.extract.outlets import outlet_noun
from kb.extract.phrases import GROUP
from kb.extract.reach import ENDS
from kb.extract.speakers import STATEMENTS, Run, article, right
from kb.model import ActorType
from kb.reference import Reference

AUDIENCE = frozenset(load("reporting")["audience"])
CALLERS = frozenset({"caller", "callers"})
NEAR = 8  # nodes between a saying and what carries it


def over_audience(nodes: Sequence[Node], at: int) -> int:
    """ "told | listeners of | Radio Tarana": over who heard it for an outlet."""
    heard = at + 2 < len(nodes) and nodes[at + 1].lower.split()[-1] in AUDIENCE
    return at + 2 if heard and nodes[at + 2].lower in ("of", "from", "for", "with", "at") else at


def through(nodes: Sequence[Node], at: int, run: Run) -> Run | None:
    """ "Through his lawyer the general contends", "X has, | through a spokesman, | made known": who speaks for them."""
    for index in range(max(0, run.first - NEAR), at):
        if nodes[index].lower == "through" and (index < run.first or index >= run.last):
            voice = right(nodes, index)
            told = voice is not None and nodes[voice.head].kind == GROUP and not nodes[voice.head].value.many
            return voice if told and (index == 0 or nodes[index - 1].lower == ",") else None
    return None


def caller(nodes: Sequence[Node], at: int) -> tuple[Run, Run] | None:
    """ "An anonymous caller to a New York newspaper | said": who rang up, and the outlet that was rung."""
    for index in range(at - 2, max(0, at - NEAR) - 1, -1):
        if nodes[index].lower.split()[-1] in CALLERS and nodes[index + 1].lower == "to":
            outlet, first = right(nodes, index + 1), index
            while first > 0 and (
                article(nodes[first - 1]) or nodes[first - 1].has("modifiers") or not nodes[first - 1].tags
            ):
                first -= 1
            if outlet is not None and outlet.last <= at and outlet_noun(nodes, outlet):
                return Run(first, index + 1, index), outlet
    return None


def channel(nodes: Sequence[Node], at: int) -> Run | None:
    """What it was said through: "said | on state television", "wrote on Facebook", "on its Telegram channel"."""
    while at < len(nodes) and (nodes[at].kind == TIME or nodes[at].lower in ("in a statement", "late", "early")):
        at += 1
    if at + 1 >= len(nodes) or nodes[at].lower not in ("on", "via", "through", "over"):
        return None
    run = right(nodes, at)
    if run is None or not outlet_noun(nodes, run):
        return None
    named = any(nodes[i].kind == ACTOR for i in range(run.first, run.last))
    told = any(nodes[i].has("modifiers") or not nodes[i].tags for i in range(run.first, run.head))
    return run if named or told else None


def bare_outlet(nodes: Sequence[Node], at: int) -> bool:
    """ "told the Nation": a name that no list knows, with an article and nothing behind it."""
    if at + 2 >= len(nodes) or not article(nodes[at + 1]) or not ends(nodes, at + 3):
        return False
    heard = nodes[at + 2]
    return not (heard.has("statement-nouns") or heard.lower in STATEMENTS)


def unknown_outlet(nodes: Sequence[Node], at: int, listener: Run) -> bool:
    """ "told the Nation": a bare name behind "the" is an outlet's, not a person's."""
    head = nodes[listener.head]
    if head.kind == ACTOR and head.value.type == ActorType.ORGANISATION and _acronym(head):
        return True  # "told HCH": letters that no list knows are a station's
    named = head.kind == GROUP and head.value.name and not head.value.role
    return bool(named) and (nodes[at + 1].lower == "the" or _definite(nodes, listener))


def _acronym(node: Node) -> bool:
    text = node.value.text
    return text.isupper() and " " not in text and not Reference.load().named(text)


def _definite(nodes: Sequence[Node], run: Run) -> bool:
    """Whether the phrase begins with "the" inside its first node."""
    return nodes[run.first].lower.startswith("the ")


def ends(nodes: Sequence[Node], index: int) -> bool:
    """Whether a phrase is over at a node: at the end, a comma, a preposition or a date."""
    return (
        index >= len(nodes)
        or nodes[index].lower in ENDS
        or nodes[index].lower in (",", ";", "that")
        or (nodes[index].has("preposition", "quoted-by") or nodes[index].kind == TIME)
    )
