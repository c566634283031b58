"""People harmed: runs the casualty rules over a sentence's nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME, PLACE
from kb.extract.lexicon import Tag
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.rules import Rule, rules
from kb.extract.seek import is_phrase, seek
from kb.extract.voice import PASSIVE, auxiliary, clause, is_adverb, voice_of
from kb.model import Count, VictimClass

OF, COUNTED, POSSESSIVE, PREDICATE, NUMBER_OF = "of", "counted", "possessive", "predicate", "number-of"


class Casualty(NamedTuple):
    """One finding: nodes by index; ``whole`` is the index in the sentence's findings that this one is a subset of."""

    rule: Rule
    harm: str
    trigger: int
    phrase: int
    count: Count  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    victim_class: VictimClass
    text: str
    name: str | None
    country: str | None
    noun: str
    agents: tuple[int, ...]
    additional: bool
    definite: bool
    whole: int | None = None


def casualties(nodes: list[Node]) -> list[Casualty]:
    """The findings of one sentence, left to right; a phrase is harmed once by each harm."""
    found: list[Casualty] = []
    taken: set[tuple[int, str]] = set()
    for at in range(len(nodes)):
        for rule, tag, voice in _candidates(nodes, at):
            victims = _victims(nodes, at, rule, voice)
            fresh = [v for v in victims if (v, tag.value) not in taken]
            if not fresh:
                continue
            harm = rule.harm or tag.value
            agents = tuple(seek(nodes, at, rule.agents, clause(nodes, at))) if rule.agents else ()
            for phrase in fresh:
                taken.add((phrase, tag.value))
                found.append(_finding(nodes, at, phrase, rule, harm, agents, found))
                found.extend(_subsets(nodes, at, phrase, rule, harm, taken, len(found) - 1))
            break
    return found


def _candidates(nodes: list[Node], at: int) -> Iterator[tuple[Rule, Tag, str]]:
    node = nodes[at]
    if node.kind != PLAIN or not node.tags:
        return
    for rule in rules("casualties"):
        tags = [tag for tag in node.tags if tag.lex == rule.trigger.lex]
        if not tags:
            continue
        forms = frozenset(tag.form for tag in tags)
        if rule.trigger.form and not forms & set(rule.trigger.form):
            continue
        voice = _voice(nodes, at, rule.trigger.lex, forms)
        if not rule.trigger.voice or any(_fits(nodes, at, wanted, voice) for wanted in rule.trigger.voice):
            yield rule, tags[0], voice


def _voice(nodes: list[Node], at: int, lex: str, forms: frozenset[str]) -> str:
    return voice_of(nodes, at, forms) if lex == "harm-verb" else ""


def _fits(nodes: list[Node], at: int, wanted: str, voice: str) -> bool:
    if wanted == OF:
        return at + 1 < len(nodes) and nodes[at + 1].lower == "of"
    if wanted == COUNTED:
        return _counted(nodes, at)
    if wanted == POSSESSIVE:
        return at > 0 and nodes[at - 1].lower in ("'s", "’s", "'", "’")
    if wanted == PREDICATE:
        return auxiliary(nodes, at) is not None and not _presupposed(nodes, at)
    if wanted == NUMBER_OF:
        return voice == "reduced" and _number_of(nodes, at) is not None
    return voice == wanted


def _counted(nodes: list[Node], at: int) -> bool:
    """A number or phrase for people right before ("12 dead", "23 deaths", "left five people dead")."""
    index = at - 1
    while index >= 0 and (
        is_adverb(nodes[index]) or nodes[index].lower in ("new", "more", "confirmed", "reported", "people")
    ):
        index -= 1
    return index >= 0 and is_phrase(nodes[index], (GROUP, COUNT, PERSON_NAME))


def _presupposed(nodes: list[Node], at: int) -> bool:
    """In "when they were dead …" the clause tells a time and reports nothing."""
    return any(
        node.lower in ("when", "once", "until", "after", "before", "if") for node in nodes[clause(nodes, at)[0] : at]
    )


def _number_of(nodes: list[Node], at: int) -> int | None:
    """The phrase of "the number of X killed"."""
    for index in range(at - 1, max(-1, at - 6), -1):
        if nodes[index].kind in (GROUP, NATIONAL) and index > 1 and nodes[index - 1].lower == "of":
            return index if nodes[index - 2].lower in ("number", "toll", "total", "total number") else None
    return None


def _victims(nodes: list[Node], at: int, rule: Rule, voice: str) -> list[int]:
    if rule.victims is None:
        return []
    start = at
    if voice == PASSIVE or PREDICATE in rule.trigger.voice:
        aux = auxiliary(nodes, at)
        start = aux if aux is not None else at
    found = seek(nodes, start if rule.victims.side == "left" else at, rule.victims, clause(nodes, at))
    return [index for index in found if _can_be_victim(nodes[index])]


def _can_be_victim(node: Node) -> bool:
    if node.kind == ACTOR:
        return node.value.type == "person" or node.has("person")
    return not (node.kind == GROUP and node.value.noun in ("official candidate",))


def _finding(
    nodes: list[Node], at: int, phrase: int, rule: Rule, harm: str, agents: tuple[int, ...], earlier: list[Casualty]
) -> Casualty:
    node = nodes[phrase]
    people = _people(nodes, at, phrase, rule, earlier)
    count = node.value.count if node.kind == COUNT else people.size
    if rule.trigger.lex == "harm-verb" and NUMBER_OF in rule.trigger.voice:
        target = _number_of(nodes, at)
        people = nodes[target].value if target is not None and nodes[target].kind == GROUP else people
    return Casualty(
        rule=rule,
        harm=harm,
        trigger=at,
        phrase=phrase,
        count=count,
        victim_class=people.victim_class,
        text=people.text,
        name=people.name,
        country=people.country,
        noun=people.noun,
        agents=tuple(a for a in agents if a != phrase),
        additional=people.additional or (node.kind == COUNT and node.value.additional),
        definite=people.definite,
    )


def _people(nodes: list[Node], at: int, phrase: int, rule: Rule, earlier: list[Casualty]) -> Group:
    """Who the phrase names; a bare number or "others" takes the noun of the finding before it."""
    node = nodes[phrase]
    if node.kind == GROUP and node.value.noun != "other":
        return node.value  # type: ignore[no-any-return]  # a group node holds a Group
    count = node.value.count if node.kind in (COUNT, GROUP) else None
    if node.kind in (PERSON_NAME, ACTOR):
        name = node.value if node.kind == PERSON_NAME else node.value.name
        return Group(
            node.value if node.kind == PERSON_NAME else node.value.text,
            "people",
            VictimClass.UNKNOWN,
            None,
            False,
            True,
            name,
        )
    if node.kind == NATIONAL:
        return Group(node.lower, "people", VictimClass.UNKNOWN, None, True, False, country=node.value.code)
    follower = nodes[phrase + 1] if phrase + 1 < len(nodes) else None
    last = earlier[-1] if earlier and not (follower and follower.kind == GROUP) else None
    additional = node.kind == GROUP and node.value.additional
    text = node.value.text if node.kind == GROUP else (last.text if last and last.name is None else "people")
    if last is not None and last.name is None and rule.trigger.lex != "toll":
        return Group(
            text, last.noun, last.victim_class, count, True, False, country=last.country, additional=additional
        )
    return Group(text, "people", VictimClass.UNKNOWN, count, True, False, additional=additional)


def _subsets(
    nodes: list[Node], at: int, phrase: int, rule: Rule, harm: str, taken: set[tuple[int, str]], whole: int
) -> Iterator[Casualty]:
    """ "13, including two children", "13 people, two of them children": parts that are never added."""
    index = phrase + 1
    limit = min(len(nodes), phrase + 14)
    while index < limit and not nodes[index].has("including"):
        if nodes[index].lower in (";", ".") or (nodes[index].kind == GROUP and nodes[index].value.count is not None):
            return
        index += 1
    if index >= limit:
        return
    before = nodes[index - 1]
    if before.kind == COUNT and before.value.kind == "number":
        follower = next((i for i in range(index + 1, min(index + 4, len(nodes))) if nodes[i].kind == GROUP), None)
        if follower is not None and (follower, harm) not in taken:
            taken |= {(follower, harm), (index - 1, harm)}
            part = _finding(nodes, at, follower, rule, harm, (), [])
            yield part._replace(count=before.value.count, whole=whole)
        return
    index += 1
    while index < len(nodes):
        node = nodes[index]
        if node.kind in (GROUP, PERSON_NAME):
            counted = node.kind == PERSON_NAME or node.value.count is not None or not node.value.many
            if counted and (index, harm) not in taken:
                taken.add((index, harm))
                yield _finding(nodes, at, index, rule, harm, (), [])._replace(whole=whole)
        elif not (
            node.lower in (",", "and", "or", "at least")
            or node.kind in (PLACE, COUNT)
            or node.has("determiner")
            or is_adverb(node)
        ):
            return
        index += 1
