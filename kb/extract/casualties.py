"""People harmed: runs the casualty rules over a sentence's nodes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kb.extract.bombers import bombers
from kb.extract.entities import ACTOR, NATIONAL, PERSON_NAME, PLACE
from kb.extract.finders import seek
from kb.extract.gaps import gapped
from kb.extract.harmed import Casualty, of_wounded, rest, survived, within_toll
from kb.extract.lexicon import Tag, load, word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.parts import place_of
from kb.extract.phrases import GROUP, Group
from kb.extract.rules import Rule, rules, starting, triggers
from kb.extract.seek import LIST_WORDS, PARTS, aside, has_predicate, has_verb
from kb.extract.signs import FOLD, FOLDS, LABELLED, NOBODY, NUMBER_OF, PART, TESTS, number_of
from kb.extract.victims import predicate_noun, victims
from kb.extract.voice import REDUCED, clause, voice_of
from kb.extract.wounds import STARTS
from kb.model import Count, Hedge, VictimClass

HARM_OF = {"injured": "injured", "wounded": "injured", "dead": "killed", "slain": "killed"}
AT_LEAST = frozenset({"or more", "at least", "and more"})
FATALLY = word_set("fatally")
LIST_ENDS = tuple(load("sets")["list-ends"])
AMONG = frozenset({"among them", "among whom", "among the dead", "among the victims", "included"})
TAKING = frozenset({"took", "taken", "taking", "takes", "seized"})
NOT_QUITE = frozenset({"nearly", "almost", "narrowly"})


def casualties(nodes: list[Node]) -> list[Casualty]:
    """The findings of one sentence, left to right; a phrase is harmed once by each harm."""
    found: list[Casualty] = []
    taken: set[tuple[int, str]] = set()
    wanted = triggers("casualties")
    for at, node in enumerate(nodes):
        if wanted.isdisjoint(node.tags.lexes):
            continue
        done: set[str] = set()
        for rule, tag, voice in _candidates(nodes, at):
            harm = rule.harm or tag.value
            if harm in done:
                continue
            harmed = victims(nodes, at, rule, voice)
            fresh = [v for v in harmed if (v, harm) not in taken]
            if not fresh:
                continue
            done.add(harm)
            agents = tuple(seek(nodes, at, rule.agents, clause(nodes, at))) if rule.agents else ()
            for phrase in fresh:
                taken.add((phrase, harm))
                found.append(_finding(nodes, at, phrase, rule, harm, agents, found))
                found.extend(subsets(nodes, at, phrase, rule, harm, taken, len(found) - 1))
            for phrase in gapped(nodes, at, fresh[0]) if rule.victims and len(fresh) == 1 else ():
                if (phrase, harm) not in taken:
                    taken.add((phrase, harm))
                    found.append(_finding(nodes, at, phrase, rule, harm, (), found)._replace(trigger=phrase))
    found.extend(_wounded_people(nodes, found))
    found.extend(_captives(nodes, found))
    found.extend(_finding(nodes, at, phrase, _rule("blown-up"), "killed", (), []) for at, phrase in bombers(nodes))
    found = rest([_among(nodes, found, index) for index in range(len(found))], nodes)
    return survived(nodes, within_toll(nodes, found))


def _among(nodes: list[Node], found: list[Casualty], index: int) -> Casualty:
    """ "nine people, the driver among them": the one told of last is a part of those before."""
    finding, before = found[index], found[index - 1]
    at = finding.phrase + 1
    while at < len(nodes) and nodes[at].kind in (PLAIN, PLACE) and nodes[at].has("determiner", "site", "locative"):
        at += 1  # "the driver of the vehicle among them"
    follows = at < len(nodes) and nodes[at].lower in AMONG and not _people_behind(nodes, at + 1)
    if index and follows and finding.whole is None and (before.harm, before.trigger) == (finding.harm, finding.trigger):
        return finding._replace(whole=index - 1 if before.whole is None else before.whole)
    return finding


def _people_behind(nodes: list[Node], at: int) -> bool:
    """Whether "among them" leads on to more people: "nine people, among them a driver"."""
    return any(node.kind in (GROUP, PERSON_NAME) for node in nodes[at : at + 1])


def _wounded_people(nodes: list[Node], found: list[Casualty]) -> Iterator[Casualty]:
    """ "about thirty injured people": told by the phrase itself, where nothing else tells of their harm."""
    rule = _rule("wounded-people")
    told = {f.phrase for f in found}
    for at, node in enumerate(nodes):
        if node.kind == GROUP and at not in told and node.value.count is not None and node.value.count.maximum != 0:
            words = node.lower.split()[:-1]
            harm = next((HARM_OF[word] for word in words if word in HARM_OF), None)
            if harm is not None:
                yield _finding(nodes, at, at, rule, harm, (), [])


@lru_cache
def _rule(name: str) -> Rule:
    return next(rule for rule in rules("casualties") if rule.name == name)


def _captives(nodes: list[Node], found: list[Casualty]) -> Iterator[Casualty]:
    """ "it had taken five prisoners": told by the noun, where nothing else tells of their harm."""
    told = {f.phrase for f in found}
    for at, node in enumerate(nodes):
        if node.kind == GROUP and at and at not in told and node.has("captive") and node.value.count is not None:
            before = [n.lower for n in nodes[max(0, at - 2) : at]]
            if node.value.count.maximum != 0 and any(word in TAKING for word in before):
                yield _finding(nodes, at, at, _rule("captive"), "abducted", (), [])


def _candidates(nodes: list[Node], at: int) -> Iterator[tuple[Rule, Tag, str]]:
    node = nodes[at]
    if not (node.kind == PLAIN or node.has("harm-adjective")):
        return
    if at and nodes[at - 1].lower in NOT_QUITE:
        return
    label = at + 1 < len(nodes) and not nodes[at + 1].lower[0].isalnum() and TESTS[LABELLED](nodes, at)
    for rule in starting("casualties", node.tags.lexes):
        if label and LABELLED not in rule.trigger.voice:
            continue
        tags = [tag for tag in node.tags if tag.lex == rule.trigger.lex]
        forms = frozenset(tag.form for tag in tags)
        if rule.trigger.form and not forms & set(rule.trigger.form):
            continue
        voice = _voice(nodes, at, rule.trigger.lex, forms)
        if not rule.trigger.voice or any(_fits(nodes, at, wanted, voice) for wanted in rule.trigger.voice):
            yield from ((rule, tag, voice) for tag in {tag.value: tag for tag in tags}.values())


def _voice(nodes: list[Node], at: int, lex: str, forms: frozenset[str]) -> str:
    return voice_of(nodes, at, forms) if lex in ("harm-verb", "treating", "losing", "assault") else ""


def _fits(nodes: list[Node], at: int, wanted: str, voice: str) -> bool:
    if wanted in STARTS:
        return STARTS[wanted](nodes, at) is not None
    test = TESTS.get(wanted)
    if test is not None:
        return test(nodes, at)
    return number_of(nodes, at) is not None if wanted == NUMBER_OF and voice == REDUCED else voice == wanted


def _finding(
    nodes: list[Node], at: int, phrase: int, rule: Rule, harm: str, agents: tuple[int, ...], earlier: list[Casualty]
) -> Casualty:
    node = nodes[phrase]
    people = _people(nodes, phrase, rule, earlier)
    count = node.value.count if node.kind == COUNT else people.size
    if NOBODY in rule.trigger.voice:
        count = Count(minimum=0, maximum=0, hedge=Hedge.EXACT, text="no")
    if FOLD in rule.trigger.voice:
        folds = FOLDS[nodes[at - 1].lower]
        count = Count(minimum=folds, maximum=folds, hedge=Hedge.EXACT, text=nodes[at - 1].lower)
    if count.hedge == Hedge.VAGUE and at and nodes[at - 1].lower in FOLDS and people.count is None:
        folds = FOLDS[nodes[at - 1].lower]  # "the triple assassination of the activists"
        count = Count(minimum=folds, maximum=folds, hedge=Hedge.EXACT, text=nodes[at - 1].lower)
    if rule.trigger.lex == "body":
        count = _bodies(nodes, at, phrase) or count
    if rule.trigger.lex == "harm-verb" and NUMBER_OF in rule.trigger.voice:
        target = number_of(nodes, at)
        people = nodes[target].value if target is not None and nodes[target].kind == GROUP else people
    count = _either(nodes, at, _hedged(nodes, at, count, rule))
    additional = people.additional or people.noun == "other" or (node.kind == COUNT and node.value.additional)
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
        additional=additional,
        definite=people.definite,
        part=PART in rule.trigger.voice or (rule.part and not additional),
        wounded=harm == "killed" and of_wounded(nodes, phrase, at),
    )


def _hedged(nodes: list[Node], at: int, count: Count, rule: Rule) -> Count:
    """ "eight dead or more": at least eight."""
    behind = " ".join(node.lower for node in nodes[at + 1 : at + 3])
    if behind not in AT_LEAST or count.hedge != Hedge.EXACT or not {"counted", "reduced"} & set(rule.trigger.voice):
        return count
    return Count(minimum=count.minimum, maximum=None, hedge=Hedge.AT_LEAST, text=f"{count.text} {behind}")


def _either(nodes: list[Node], at: int, count: Count) -> Count:
    """ "23 people were killed or wounded": how many of each is not told."""
    beside = {at - 2: at - 1, at + 2: at + 1}
    either = any(
        0 <= other < len(nodes)
        and nodes[joint].lower == "or"
        and nodes[other].has("harm-verb", "harm-adjective")
        and _harms(nodes[other]) | _harms(nodes[at]) >= {"killed", "injured"}
        for other, joint in beside.items()
    )
    if not either or count.maximum == 0:
        return count
    most = count.maximum
    hedge = Hedge.VAGUE if most is None else Hedge.UP_TO
    return Count(minimum=None, maximum=most, hedge=hedge, text=count.text)


def _harms(node: Node) -> set[str]:
    return {tag.value for tag in node.tags if tag.lex in ("harm-verb", "harm-adjective")}


def _bodies(nodes: list[Node], at: int, phrase: int) -> Count | None:
    """The number of "28 bodies of people": that of the bodies, where the people have none."""
    before = nodes[at - 1] if at else None
    counted = before is not None and before.kind == COUNT and before.value.kind == "number" and phrase > at
    bare = nodes[phrase].kind == GROUP and nodes[phrase].value.count is None and nodes[phrase].value.many
    return before.value.count if before is not None and counted and bare else None


def _people(nodes: list[Node], phrase: int, rule: Rule, earlier: list[Casualty]) -> Group:
    """Who the phrase names; a bare number or "others" takes the noun of the finding before it."""
    node = nodes[phrase]
    bodies = nodes[phrase + 1 : phrase + 4] if rule.trigger.lex == "body" and node.kind == COUNT else []
    if len(bodies) == 3 and bodies[1].lower == "of":  # "eight bodies of insurgents"
        if bodies[2].kind == GROUP and bodies[2].value.count is None:
            return bodies[2].value._replace(definite=False)  # type: ignore[no-any-return]  # a group node holds a Group
        if bodies[2].kind == ACTOR and bodies[2].has("person"):
            return _named(bodies[2])
    if node.kind == GROUP and node.value.noun != "other":
        return node.value  # type: ignore[no-any-return]  # a group node holds a Group
    if node.kind in (PERSON_NAME, ACTOR):
        return _named(node)
    if node.kind == NATIONAL:
        return Group(node.lower, "people", VictimClass.UNKNOWN, None, True, False, country=node.value.code)
    if node.kind == PLAIN:
        many = node.lower == "their"
        return Group("people" if node.has("loss") else node.lower, "person", VictimClass.UNKNOWN, None, many, True)
    parts = _partitive(nodes, phrase) if node.kind == COUNT else None
    if parts is None and PART in rule.trigger.voice:
        parts = predicate_noun(nodes, phrase + 1)
    if parts is not None:
        return parts._replace(count=node.value.count, definite=False)
    return _elliptic(nodes, phrase, rule, earlier)


def _named(node: Node) -> Group:
    """A name, or a body whose people are meant ("police officers were wounded")."""
    if node.kind == PERSON_NAME:
        return Group(node.value, "people", VictimClass.UNKNOWN, None, False, True, node.value)
    person = next(node.tagged("person"), None)
    if person is not None and person.form == "many":
        text, country = node.value.text, node.value.country
        return Group(text, person.lemma, VictimClass(person.value), None, True, False, country=country)
    return Group(node.value.text, "people", VictimClass.UNKNOWN, None, False, True, node.value.name)


def _partitive(nodes: list[Node], phrase: int) -> Group | None:
    """Whose number it is in "two of its five passengers"."""
    if phrase + 2 < len(nodes) and nodes[phrase + 1].lower == "of" and nodes[phrase + 2].kind == GROUP:
        return nodes[phrase + 2].value  # type: ignore[no-any-return]  # a group node holds a Group
    return None


def _elliptic(nodes: list[Node], phrase: int, rule: Rule, earlier: list[Casualty]) -> Group:
    """ "12 were wounded", "five others": the noun is that of the finding before, unless "12 people" follows."""
    node = nodes[phrase]
    follower = nodes[phrase + 1] if phrase + 1 < len(nodes) else None
    wholes = [finding for finding in earlier if finding.whole is None]
    last = wholes[-1] if wholes and not (follower and follower.kind == GROUP) else None
    if last is not None and (last.name is not None or rule.trigger.lex in ("toll", "losing")):
        last = None
    group: Group | None = node.value if node.kind == GROUP else None
    text = group.text if group else (last.text if last else "people")
    many = group.many if group and group.count is None else True
    return Group(
        text,
        last.noun if last else "people",
        last.victim_class if last else VictimClass.UNKNOWN,
        node.value.count,
        many,
        bool(group and group.definite),
        country=last.country if last else None,
        additional=bool(group and group.additional),
    )


def subsets(
    nodes: list[Node], at: int, phrase: int, rule: Rule, harm: str, taken: set[tuple[int, str]], whole: int
) -> Iterator[Casualty]:
    """ "13, including two children", "13 people, two of them children": parts that are never added."""
    if phrase > 1 and nodes[phrase - 1].lower == "of" and nodes[phrase].kind == GROUP and phrase < at:
        yield from _ratio(nodes, at, phrase, rule, harm, whole)
    if harm == "injured":
        yield from _fatal(nodes, at, phrase, rule, taken)
    index = _part_sign(nodes, phrase) or _colon(nodes, at)
    if index is None or (index == phrase + 1 and nodes[phrase].kind == COUNT):
        return
    if (counted := _being(nodes, index)) is not None:
        taken.add((index + 1, harm))
        part = _finding(nodes, at, counted, rule, harm, (), [])
        yield part._replace(count=nodes[index + 1].value.count, phrase=index + 1, whole=whole)
        return
    before = nodes[index - 1]
    if before.kind == COUNT and before.value.kind == "number":
        follower = next((i for i in range(index + 1, min(index + 4, len(nodes))) if nodes[i].kind == GROUP), None)
        if not has_predicate(nodes, index):
            taken.add((index - 1, harm))
        if follower is not None and (follower, harm) not in taken and not has_predicate(nodes, follower):
            taken.add((follower, harm))
            part = _finding(nodes, at, follower, rule, harm, (), [])
            yield part._replace(count=before.value.count, whole=whole)
        elif follower is None and nodes[index].lower in PARTS and _placed(nodes, index + 1):
            part = _finding(nodes, at, phrase, rule, harm, (), [])
            yield part._replace(count=before.value.count, phrase=index - 1, trigger=index - 1, whole=whole)
        return
    for member in _members(nodes, index):
        if (member, harm) not in taken:
            taken.add((member, harm))
            yield _finding(nodes, at, member, rule, harm, (), [])._replace(whole=whole)


def _being(nodes: list[Node], sign: int) -> int | None:
    """The people of "41 were injured, of whom 12 are police officers"."""
    if nodes[sign].lower not in PARTS or sign + 3 >= len(nodes) or nodes[sign + 1].kind != COUNT:
        return None
    return sign + 3 if nodes[sign + 2].has("be") and nodes[sign + 3].kind == GROUP else None


def _fatal(nodes: list[Node], at: int, phrase: int, rule: Rule, taken: set[tuple[int, str]]) -> Iterator[Casualty]:
    """ "Five were wounded, two of them fatally": the dead among those wounded."""
    for index in range(max(phrase, at) + 1, min(len(nodes) - 1, max(phrase, at) + 8)):
        behind = index + 2 if nodes[index + 1].lower in PARTS else index + 1
        counted = nodes[index].kind == COUNT and nodes[index].value.kind == "number"
        if counted and behind < len(nodes) and nodes[behind].lower in FATALLY:
            taken.add((index, "injured"))
            dead = _finding(nodes, at, phrase, rule, "killed", (), [])
            yield dead._replace(count=nodes[index].value.count, phrase=index, wounded=True)
            return


def _placed(nodes: list[Node], at: int) -> bool:
    """Whether a part is told by where or how badly: "103 of them in Almaty", "two of them seriously"."""
    if at >= len(nodes) or nodes[at].lower in FATALLY or has_predicate(nodes, at - 1):
        return False
    return nodes[at].has("locative", "adverbs")


def _ratio(nodes: list[Node], at: int, phrase: int, rule: Rule, harm: str, whole: int) -> Iterator[Casualty]:
    """ "Seven of the 11 people killed were women": the first number is a part of the second."""
    count = nodes[phrase - 2]
    if count.kind != COUNT or count.value.kind != "number":
        return
    part = _finding(nodes, at, phrase, rule, harm, (), [])._replace(count=count.value.count, whole=whole)
    noun = predicate_noun(nodes, at)
    yield part._replace(noun=noun.noun, victim_class=noun.victim_class, text=noun.text) if noun else part


def _colon(nodes: list[Node], at: int) -> int | None:
    """The colon of "214 deaths: 151 civilians and 23 policemen"."""
    if not nodes[at].has("harm-noun", "toll"):
        return None
    return next((i for i in range(at + 1, min(at + 14, len(nodes))) if nodes[i].lower == ":"), None)


def _part_sign(nodes: list[Node], phrase: int) -> int | None:
    """The "including" or "of them" behind a phrase, before any other count."""
    for index in range(phrase + 1, min(len(nodes), phrase + 14)):
        node = nodes[index]
        if node.has("including"):
            return index
        if node.lower in (";", ".") or (node.kind == GROUP and node.value.count is not None):
            return None
        if node.kind == COUNT and nodes[index + 1 : index + 2] and nodes[index + 1].has("harm-verb", "harm-adjective"):
            return None  # "10 were killed and 12 wounded, including …"
    return None


def _members(nodes: list[Node], sign: int) -> Iterator[int]:
    """The people listed behind "including" or a colon, until the next clause."""
    listed, index = True, sign
    while (index := index + 1) < len(nodes):
        node = nodes[index]
        if node.kind in (GROUP, PERSON_NAME):
            if (has_predicate(nodes, index) and has_verb(nodes, sign)) or aside(nodes, index) == sign:
                return
            if listed and (node.kind == PERSON_NAME or node.value.count is not None or not node.value.many):
                yield index
            listed = False
        elif listed and node.kind == COUNT and node.value.kind == "number" and (place := place_of(nodes, index)):
            yield index
            listed, index = False, place
        elif node.lower in LIST_WORDS:
            listed = True
        elif _ends_list(node):
            return


def _ends_list(node: Node) -> bool:
    """Verbs, prepositions other than those that a noun takes along, and what begins a clause."""
    if node.kind != PLAIN or node.lower in ("of", "from", "at least"):
        return False
    return node.has(*LIST_ENDS) or not (node.lower[0].isalpha() or node.lower in ("-", '"', "“", "”"))
