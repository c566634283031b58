"""Whom a trigger harms: the phrases that its rule asks for, less those that cannot be meant."""

from __future__ import annotations

from kb.extract.entities import ACTOR, PERSON_NAME
from kb.extract.finders import listed, seek
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.phrases import GROUP, Group
from kb.extract.rules import Rule
from kb.extract.seek import ADDING, LIST_WORDS, has_predicate, is_phrase, oblique
from kb.extract.signs import FOLD, FOUND, NOBODY, NUMBER_OF, NUMBER_WORDS, POSSESSIVE, PREDICATE, bare_plural
from kb.extract.voice import ACTIVE, JOINTS, PASSIVE, auxiliary, clause, inverted, shared_auxiliary
from kb.extract.wounds import STARTS
from kb.model import VictimClass

NO_VICTIMS = word_set("no-victims")
HABITUAL = word_set("habitual")
UNHURT = word_set("unhurt")
COMPANY = word_set("company-words")
RANKED = word_set("ordinals") | {"first", "latest", "last", "5th", "6th", "7th", "8th", "fifth"}
SURVIVING = frozenset({"survived", "survives", "survive", "lived", "lives"})
FLEEING = 20  # people at least of whom "fled to" tells that they left their homes
DID = frozenset({"did", "does", "do", "had", "has"})
POSSESSIVES = ("his ", "her ", "their ", "its ")


def victims(nodes: list[Node], at: int, rule: Rule, voice: str) -> list[int]:
    """The phrases harmed by the trigger at ``at``; the trigger itself where it tells of nobody or of one alone."""
    if rule.trigger.lex == "suicide" and any(node.lower in SURVIVING for node in nodes[at + 1 : at + 6]):
        return []
    if NOBODY in rule.trigger.voice or FOLD in rule.trigger.voice or rule.trigger.lex == "suicide":
        return [at]
    if FOUND in rule.trigger.voice:
        return [at - 2] if nodes[at - 1].lower in ("'s", "’s") and at > 1 else [at - 1]
    if rule.victims is None or (
        rule.trigger.lex == "harmed-of" and predicate_noun(nodes, at) is None and not _took_place(nodes, at)
    ):
        return []
    start = _start(nodes, at, rule, voice)
    found = _sought(nodes, at, start, rule, voice)
    if rule.victims.side == "left" and voice == PASSIVE and nodes[start].lower in ("was", "is"):
        found = _apposed(nodes, found)
    habit = voice == ACTIVE and _habit(nodes, at)
    return [
        index
        for index in found
        if _meant(nodes, index, at, rule)
        and not (bare_plural(nodes[index]) and (habit or _counted_before(nodes, index, found)))
    ]


def _start(nodes: list[Node], at: int, rule: Rule, voice: str) -> int:
    """Where to look from: the auxiliary of a passive, the verb that a noun hangs on, else the trigger."""
    sign = next((STARTS[wanted] for wanted in rule.trigger.voice if wanted in STARTS), None)
    if sign is not None:
        found = sign(nodes, at) or at
        return auxiliary(nodes, found) or shared_auxiliary(nodes, found) or found
    if voice == PASSIVE or PREDICATE in rule.trigger.voice:
        aux = auxiliary(nodes, at)
        if aux is None and voice == PASSIVE:
            aux = shared_auxiliary(nodes, at)
        return at if aux is None else aux
    return at


def _sought(nodes: list[Node], at: int, start: int, rule: Rule, voice: str) -> list[int]:
    if rule.victims is None:
        return []
    left = rule.victims.side == "left"
    if voice == PASSIVE and left and inverted(nodes, at):
        return _inverted(nodes, at)
    if voice == PASSIVE and left and (subject := _elided(nodes, start)) is not None:
        return [subject]
    found = seek(nodes, start if left else at, rule.victims, clause(nodes, at))
    if not found and (voice == PASSIVE or rule.trigger.lex == "harm-intransitive"):
        found = _inverted(nodes, at)
    if not found and rule.trigger.lex == "toll":
        return _raised_to(nodes, at)
    if not found and NUMBER_OF in rule.trigger.voice:
        return _number_before(nodes, at)
    if not found or not left or rule.trigger.lex not in ("harm-verb", "harm-intransitive"):
        return found
    return [*found, *(_added(nodes, at) or _accompanied(nodes, at))]


def _meant(nodes: list[Node], index: int, at: int, rule: Rule) -> bool:
    """Whether the phrase is one for people whom the trigger may harm."""
    node, lex = nodes[index], rule.trigger.lex
    if lex == "toll" and index + 1 < len(nodes) and nodes[index + 1].has("harm-verb"):
        return False
    if not _numbered(nodes, index, at, lex):
        return False
    thing = lex in ("harm-verb", "assault") and index < at and _thing_before(nodes, index, at)
    if thing or _owner(nodes, index, rule) or _told_elsewhere(nodes, index):
        return False
    if lex == "assault" and not _assaulted(nodes, index, at):
        return False
    if lex == "treating" and _unhurt(nodes, at):
        return False
    if lex == "treating" and not _hurt(node, nodes[at]):
        return False
    if rule.part and node.kind == GROUP and _unnumbered(node.value):
        return False
    return _can_be_victim(nodes, index)


def _numbered(nodes: list[Node], index: int, at: int, lex: str) -> bool:
    """Whether people are told by their number, where the trigger asks for it: "lost 12 men", "300 fled to town"."""
    if lex in ("losing", "loss-of"):
        return _men(nodes, index)
    if any(tag.lemma == "capture" for tag in nodes[at].tagged("harm-verb")):
        return nodes[index].kind != COUNT  # "captured three villages"
    return lex != "harm-intransitive" or _refugees(nodes, index, at)


def _men(nodes: list[Node], index: int) -> bool:
    """Whether men are lost by their number: "lost 12 men", "lost five of its own"."""
    node = nodes[index]
    if node.kind == COUNT:
        ends = index + 1 >= len(nodes) or not nodes[index + 1].lower[0].isalnum()
        if ends and any(n.kind == PLAIN and n.has("harm-verb") for n in nodes[:index]):
            return True  # "killed 1,200 guerrillas and lost 189"
        return [n.lower for n in nodes[index + 1 : index + 3]] in (["of", "its"], ["of", "their"], ["of", "our"])
    return node.kind == GROUP and node.value.count is not None


def _refugees(nodes: list[Node], index: int, at: int) -> bool:
    """Whether those who "fled to" a place are people in numbers, and no gunmen on the run; true of any other verb."""
    if not any(tag.lemma.startswith(("flee ", "cross ")) and len(tag.lemma.split()) == 2 for tag in nodes[at].tags):
        return True
    if nodes[index].kind != GROUP or nodes[index].value.count is None:
        return False
    group: Group = nodes[index].value
    fleeing = group.victim_class in (
        VictimClass.CIVILIANS,
        VictimClass.CHILDREN,
        VictimClass.WOMEN,
        VictimClass.UNKNOWN,
    )
    return fleeing and (group.count.minimum or 0) >= FLEEING if group.count else False


def _unhurt(nodes: list[Node], at: int) -> bool:
    """Whether people are only treated for shock or smoke."""
    for index in range(at + 1, min(at + 10, len(nodes) - 1)):
        if nodes[index].lower in ("for", "with"):
            return any(node.lower in UNHURT for node in nodes[index + 1 : index + 4])
    return False


def _thing_before(nodes: list[Node], index: int, at: int) -> bool:
    """Whether a thing is the subject of a passive verb and no people: "and his house was burned"."""
    aux = auxiliary(nodes, at)
    if aux is None or aux - 2 <= index or any(node.lower in ("who", "whom", "which") for node in nodes[index:aux]):
        return False
    thing, article = nodes[aux - 1], nodes[aux - 2]
    plain = (
        thing.kind == PLAIN and (not thing.tags or thing.has("site", "weapon", "equipment")) and thing.lower.isalpha()
    )
    articled = article.has("determiner") or article.kind == COUNT
    return plain and articled and not nodes[aux - 3].has("preposition")


def _owner(nodes: list[Node], index: int, rule: Rule) -> bool:
    """Whether people only own what is meant: "seized the army chief's residence"."""
    if POSSESSIVE in rule.trigger.voice or index + 2 >= len(nodes) or nodes[index].kind != GROUP:
        return False
    return nodes[index + 1].lower in ("'s", "’s", "'", "’") and nodes[index + 2].kind == PLAIN and index > 0


def _told_elsewhere(nodes: list[Node], index: int) -> bool:
    """ "the fifth reporter to be killed this year" is told of already; "and possibly others" are none for sure."""
    node, before = nodes[index], nodes[index - 1] if index else None
    if node.kind != GROUP:
        return False
    if node.value.noun == "other" and node.value.count is None:
        return before is not None and before.has("mode-possible")
    ranked = any(word in RANKED for word in node.lower.split()[1:2]) or (before and before.lower in RANKED)
    behind = nodes[index + 1] if index + 1 < len(nodes) else None
    if not ranked or behind is None:
        return False
    passive = behind.has("harm-verb") and node.lower.startswith("the ")  # "the fourth journalist killed this year"
    return passive or behind.lower == "to be" or [n.lower for n in nodes[index + 1 : index + 3]] == ["to", "be"]


def _assaulted(nodes: list[Node], index: int, at: int) -> bool:
    """Whether people are hit by an act of violence, and no rivals beaten; what follows it has no object of its own."""
    node, following = nodes[index], nodes[at + 1] if at + 1 < len(nodes) else None
    if node.kind == COUNT and not (index + 1 == at or nodes[index + 1].has("be", "have")):
        return False
    if index > at:
        return node.kind != GROUP or node.value.count is not None or not (node.value.many and node.value.definite)
    if following is None or following.kind == TIME or not following.lower[0].isalnum():
        return True
    return following.has("preposition", "conjunction", "adverbs", "be", "have", "clause-break")


def _habit(nodes: list[Node], at: int) -> bool:
    """ "to murder peasants", "stop killing civilians": with bare plurals what someone does, and no event."""
    forms = {tag.form for tag in nodes[at].tagged("harm-verb")}
    before = nodes[at - 1].lower if at else ""
    return forms <= {"base"} or before in HABITUAL or (before in JOINTS and at > 1 and "base" in forms)


def _elided(nodes: list[Node], aux: int) -> int | None:
    """The subject of the clause before "before being killed": its first phrase."""
    if nodes[aux].lower != "being" or aux < 1 or nodes[aux - 1].lower not in ("before", "after", "while"):
        return None
    before = range(clause(nodes, aux)[0], aux)
    return next((i for i in before if nodes[i].kind in (GROUP, PERSON_NAME) and not oblique(nodes, i)), None)


def _hurt(node: Node, trigger: Node) -> bool:
    """Whether people are treated, or told to be hurt where they are only brought: "received 23 injured people"."""
    treated = any(tag.lemma == "treat" for tag in trigger.tagged("treating"))
    return treated or any(word in node.lower.split() for word in ("injured", "wounded"))


def _unnumbered(group: Group) -> bool:
    """ "the victims": people told of before."""
    return group.many and group.count is None and group.definite


def _apposed(nodes: list[Node], found: list[int]) -> list[int]:
    """The first of phrases that mean one person: "Colonel Quintero, chief of police, was shot"."""
    if any(nodes[i].kind != GROUP or nodes[i].value.many or nodes[i].value.count is not None for i in found):
        return found
    return found[:1]


def _counted_before(nodes: list[Node], at: int, found: list[int]) -> bool:
    """Whether a number in front covers both nouns: "five judges and magistrates"."""
    return any(
        index in (at - 2, at - 3) and nodes[index].kind == GROUP and nodes[index].value.count is not None
        for index in found
        if all(nodes[i].lower in LIST_WORDS for i in range(index + 1, at))
    )


def _inverted(nodes: list[Node], at: int) -> list[int]:
    """The subject behind its verb: "in the disorders were killed nine policemen", "killed were two officers"."""
    if inverted(nodes, at):
        return listed(nodes, at + 2, clause(nodes, at)[1])
    follows = at + 1 < len(nodes) and nodes[at + 1].kind == GROUP and nodes[at + 1].value.count is not None
    return [at + 1] if follows else []


def _number_before(nodes: list[Node], at: int) -> list[int]:
    """ "bringing to 18 the number of officers killed": the number stands first."""
    for index in range(at - 1, max(0, at - 8), -1):
        if nodes[index].lower in NUMBER_WORDS:
            before = index - 1 if not nodes[index - 1].has("determiner") else index - 2
            return [before] if before >= 0 and is_phrase(nodes[before], (COUNT,)) else []
    return []


def _raised_to(nodes: list[Node], at: int) -> list[int]:
    """ "raising to 50 the number of people killed": the number stands before the toll, behind "to"."""
    before = at - 2 if at and nodes[at - 1].has("determiner") else at - 1
    raised = before > 1 and is_phrase(nodes[before], (COUNT,)) and nodes[before - 1].lower == "to"
    return [before] if raised else []


def _added(nodes: list[Node], at: int) -> list[int]:
    """ "40 people were killed, along with both bombers": victims added behind the verb."""
    last = clause(nodes, at)[1]
    for index in range(at + 1, last - 1):
        if index + 2 >= len(nodes):
            return []
        verb = nodes[index].has("harm-verb", "harm-intransitive", "have") or (
            nodes[index].has("event-verb") and not nodes[index - 1].has("determiner", "preposition")
        )
        if verb and nodes[index].kind == PLAIN:
            return []
        too = nodes[index].lower == "as" and (nodes[index + 1].has("be") or nodes[index + 1].lower in DID)
        if too and nodes[index + 2].kind == GROUP:
            return listed(nodes, index + 2, last)  # "was killed, as were two gunmen", "died, as did the bomber"
        if nodes[index].lower in ADDING and is_phrase(nodes[index + 1], (GROUP, COUNT)):
            own = has_predicate(nodes, index + 1) or has_predicate(nodes, min(index + 2, last - 1))
            return [] if own else listed(nodes, index + 1, last)
    return []


def _accompanied(nodes: list[Node], at: int) -> list[int]:
    """ "died with four others", "was killed alongside his driver": people who share the fate of the subject."""
    if at + 2 >= len(nodes) or nodes[at + 1].lower not in COMPANY or nodes[at + 2].kind != GROUP:
        return []
    group: Group = nodes[at + 2].value
    meant = group.noun == "other" or group.count is not None or nodes[at + 2].lower.startswith((*POSSESSIVES, "the "))
    return listed(nodes, at + 2, clause(nodes, at)[1]) if meant and not has_predicate(nodes, at + 2) else []


def _can_be_victim(nodes: list[Node], at: int) -> bool:
    node = nodes[at]
    if node.kind == ACTOR:
        return node.value.type == "person" or node.has("person")
    if node.kind != GROUP:
        return True
    group: Group = node.value
    everyone = group.definite and group.count is None and group.noun == "person" and group.country is not None
    if group.noun in NO_VICTIMS and group.count is None:
        return False
    return not everyone or nodes[at].lower.endswith("persons")


def _took_place(nodes: list[Node], at: int) -> bool:
    """ "Nine of the deaths occurred in Puno": parts told by their place."""
    return at + 2 < len(nodes) and nodes[at + 1].has("occur", "be") and nodes[at + 2].has("locative")


def predicate_noun(nodes: list[Node], at: int) -> Group | None:
    """What the people are said to be: "… were women"."""
    for index in range(at + 1, min(at + 10, len(nodes) - 1)):
        if nodes[index].has("be"):
            return nodes[index + 1].value if nodes[index + 1].kind == GROUP else None
    return None
