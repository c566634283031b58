"""What happened: verbs and nouns of events, with who did it and to whom or what."""

from __future__ import annotations

from collections.abc import Iterator

from kb.extract.acts import acts, counted_objects
from kb.extract.blame import blames
from kb.extract.entities import ACTOR
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.participants import PEOPLE, Event, after, body_of, instruments, objects, phrases_left, weapon_left
from kb.extract.phrases import GROUP
from kb.extract.seek import oblique
from kb.extract.status import nominal
from kb.extract.subjects import pronouns
from kb.extract.voice import auxiliary, clause, is_adverb
from kb.extract.weapons import strikes
from kb.model import ActorType, VictimClass

# Verbs of these types tell little without someone who does them or something that they are done to.
INTRANSITIVE = word_set("intransitive")
# Nouns of these types are events wherever they are named; the others need a verb that says that they took place.
STRONG = word_set("strong")
# Words that are an event only with a verb that says that it took place.
WEAK_NOUNS = word_set("weak-nouns")
SUBJECTLESS = word_set("subjectless")
OFFICIAL = word_set("official")


ARMED_CLASSES = frozenset(VictimClass(name) for name in ("militants", "military", "security-forces", "police"))
ARMED_TYPES = frozenset({ActorType.ARMED_GROUP, ActorType.MILITARY, ActorType.POLICE})
AIRCRAFT = word_set("aircraft")
FALLEN = frozenset({"fall to", "fall into the hands of"})
SUFFERED = frozenset(
    {
        "be on fire",
        "be ablaze",
        "be in custody",
        "be in detention",
        "be under arrest",
        "be behind bars",
        "be under house arrest",
        "give himself up",
        "give herself up",
        "give themselves up",
        "turn himself in",
        "turn herself in",
    }
)
SEIZED = frozenset({"seize", "capture"})
GOVERNED = frozenset({"resignation", "negotiation", "sanction", "ceasefire", "decision"})
AMID = frozenset({"in", "during", "amid", "after", "of", "from"})
BESIDE = word_set("no-event-before")
ABSTRACT = word_set("no-event-on")
COMPLETE = word_set("complete-events")
ALIGHT = word_set("alight")
GATHERED = word_set("gathered")
ASKING = word_set("asking")
APART = ASKING | ALIGHT
HELP = word_set("help")
BY_ANYBODY = frozenset({"condemnation", "negotiation", "request-for-help"})
BY_MANY = frozenset({"protest", "riot", "clash", "decision"})
WITH = {"negotiation": ("with",), "resignation": ("of",)}
ENSUING = frozenset({"after", "following", "during", "amid", "despite", "in"})
TRIGGERS = frozenset({"event-verb", "event-noun"})


def events(nodes: list[Node]) -> list[Event]:
    """The findings of one sentence, left to right; one for each type, unless their triggers have their own parts."""
    found: list[Event] = [*blames(nodes), *strikes(nodes)]
    told = list(acts(nodes))
    firm = [event for event in told if event.rule != "by-its-doers"]
    found += [event for event in firm if not any(other.kind == event.kind for other in found)]
    for at, node in enumerate(nodes):
        if node.kind != PLAIN or (TRIGGERS.isdisjoint(node.tags.lexes) and node.lower not in APART):
            continue
        for event in _at(nodes, at):
            twin = next((i for i, other in enumerate(found) if other.kind == event.kind), None)
            if twin is None:
                found.append(event)
            elif _fuller(event, found[twin]):
                found[twin] = event
            elif event.agents and event.targets and event.rule == "event-verb":
                found.append(event)
    kinds = {event.kind for event in found}
    found += [event for event in told if event.rule == "by-its-doers" and event.kind not in kinds]
    return found


def _fuller(event: Event, other: Event) -> bool:
    return not (other.agents or other.targets) and bool(event.agents or event.targets or event.instruments)


def _at(nodes: list[Node], at: int) -> Iterator[Event]:
    node = nodes[at]
    apart = _asks_for_help(nodes, at) or _set_alight(nodes, at)
    if apart is not None:
        yield apart
        return
    verbs = {tag.value: tag for tag in node.tagged("event-verb")}
    forms = frozenset(tag.form for tag in node.tagged("event-verb"))
    for kind in verbs:
        event = _verb(nodes, at, kind, forms)
        if event is not None:
            yield event
            return
    for tag in node.tagged("event-noun"):
        if not (verbs and _subject_beside(nodes, at)):
            event = _noun(nodes, at, tag.value, tag.lemma)
            if event is not None:
                yield event
                return


def _asks_for_help(nodes: list[Node], at: int) -> Event | None:
    """ "X asked Y for help": a verb of asking, and a word for help in the same clause."""
    if nodes[at].lower not in ASKING:
        return None
    bounds = clause(nodes, at)
    for index in range(at + 1, min(at + 16, bounds[1])):
        if nodes[index].lower in HELP and any(n.lower in ("for", "to") for n in nodes[at + 1 : index]):
            if auxiliary(nodes, at) is not None:  # "had not been asked to intervene"
                return Event("request-for-help", "ask-for-help", at, (), phrases_left(nodes, at, bounds), (), 0.65)
            agents = phrases_left(nodes, at, bounds)
            asked = objects(nodes, at, bounds)
            return Event("request-for-help", "ask-for-help", at, agents, asked, (), 0.75) if agents else None
    return None


def _verb(nodes: list[Node], at: int, kind: str, forms: frozenset[str]) -> Event | None:
    if at and (nodes[at - 1].lower in ("a", "an", "of") or (nodes[at - 1].has("determiner") and not forms & {"ing"})):
        return None
    bounds = clause(nodes, at)
    if nodes[at].has("event-noun") and forms <= {"s", "base"} and not _subject_beside(nodes, at):
        return None
    if kind == "clash" and forms == {"ing"} and at and nodes[at - 1].lower in AMID:
        return None  # "killed in fighting"
    reduced = at + 1 < len(nodes) and nodes[at + 1].lower == "by"  # "talks | mediated | by Qatar"
    passive = "participle" in forms and (reduced or auxiliary(nodes, at) is not None)
    verb = next(nodes[at].tagged("event-verb")).lemma
    gathered = _gathered(nodes, at, bounds) if kind == "protest" and at and nodes[at - 1].lower == "to" else None
    if gathered is not None:
        agents = phrases_left(nodes, gathered, bounds)
        return Event(kind, "event-verb", gathered, agents, objects(nodes, at, bounds), (), 0.75) if agents else None
    agents, targets = _sides(nodes, at, verb, bounds, passive=passive)
    complete = passive or verb in SUBJECTLESS or (kind == "bombing" and _from_the_air(nodes, at))
    if not (agents or targets or complete) and "participle" in forms:
        return None
    if kind == "bombing" and _from_the_air(nodes, at):
        kind = "air-strike"
    if not _theirs(nodes, kind, verb, agents, targets):
        return None
    if not _enough(nodes, kind, verb, agents, targets, passive=passive):
        return None
    if kind == "seizure" and verb in SEIZED and targets and all(_taken(nodes[i]) for i in targets):
        kind = "kidnapping"  # "seized 27 pupils"
    if verb == "raid" and any(_polices(nodes[i]) for i in agents):
        kind = "security-operation"
    means = instruments(nodes, at, bounds) or (weapon_left(nodes, at) if verb in SUBJECTLESS else ())
    return Event(kind, "event-verb", at, agents, targets, means, 0.75)


def _theirs(nodes: list[Node], kind: str, verb: str, agents: tuple[int, ...], targets: tuple[int, ...]) -> bool:
    """Whether such people do such things: bodies decide, many fight and protest, and soldiers who march do not."""
    if kind in OFFICIAL and not (agents and all(_speaks_officially(nodes[i], kind) for i in agents)):
        return False
    if pronouns(nodes, agents) and not targets and kind in BY_MANY:
        return False  # "he fought for three years"
    return not (kind == "protest" and verb.startswith("march") and any(_armed(nodes[i]) for i in agents))


def _sides(
    nodes: list[Node], at: int, verb: str, bounds: tuple[int, int], *, passive: bool
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Who does it and to whom or what, by the voice of the verb; some verbs tell it the other way round."""
    if passive:
        shot_at = objects(nodes, at, bounds) if verb.endswith((" at", " on", " into")) else ()
        return after(nodes, at, ("by",), bounds), shot_at or phrases_left(nodes, at, bounds, things=True)
    if verb in SUFFERED:
        return (), phrases_left(nodes, at, bounds, things=True)
    targets = objects(nodes, at, bounds) or counted_objects(nodes, at, bounds[1])
    if verb in FALLEN:
        return targets, phrases_left(nodes, at, bounds, things=True)
    return phrases_left(nodes, at, bounds), targets


def _taken(node: Node) -> bool:
    """People, and no unknown name of something that is seized."""
    return node.kind == GROUP and (node.value.noun != "people" or node.value.count is not None)


def _polices(node: Node) -> bool:
    """Whose raids are operations of a state: police and soldiers."""
    if node.kind == GROUP:
        return node.value.victim_class in ARMED_CLASSES and node.value.victim_class != VictimClass.MILITANTS
    return node.kind == ACTOR and node.value.type in (ActorType.POLICE, ActorType.MILITARY)


def _gathered(nodes: list[Node], at: int, bounds: tuple[int, int]) -> int | None:
    """The verb of "gathered … to protest": what they gathered for is what they did."""
    return next((i for i in range(at - 2, max(bounds[0], at - 14) - 1, -1) if nodes[i].lower in GATHERED), None)


def _set_alight(nodes: list[Node], at: int) -> Event | None:
    """ "set part of the building alight": the verb and what goes with it stand apart."""
    fire = nodes[at].lower == "fire" and at > 1 and nodes[at - 1].lower == "on"  # "set | dozens of lorries | on | fire"
    if nodes[at].lower not in ALIGHT and not fire:
        return None
    verb = next((i for i in range(at - 1, max(-1, at - 9), -1) if nodes[i].lower in ("set", "sets", "setting")), None)
    if verb is None:
        return None
    bounds = clause(nodes, at)
    passive = auxiliary(nodes, verb) is not None
    things = tuple(
        i for i in range(verb + 1, at) if nodes[i].has("site", "equipment") or nodes[i].kind in ("place", GROUP)
    )
    targets = phrases_left(nodes, verb, bounds, things=True) if passive else things[:1]
    agents = after(nodes, at, ("by",), bounds) if passive else phrases_left(nodes, verb, bounds)
    return Event("arson", "set-alight", verb, agents, targets, (), 0.75)


def _from_the_air(nodes: list[Node], at: int) -> bool:
    return any(node.lower in AIRCRAFT for node in nodes[max(0, at - 3) : at])


def _speaks_officially(node: Node, kind: str) -> bool:
    """Whether a phrase can decide, threaten or condemn: a body or somebody of name or office; anybody can condemn."""
    if node.kind != GROUP or kind in BY_ANYBODY:
        return True
    return bool(node.value.name or node.value.role) or node.value.victim_class == VictimClass.OFFICIALS


def _subject_beside(nodes: list[Node], at: int) -> bool:
    """Whether a word that may be noun or verb ("protests") has its subject right before it, or "to" or a modal."""
    index = at - 1
    while index >= 0 and is_adverb(nodes[index]):
        index -= 1
    return index >= 0 and (
        nodes[index].kind in PEOPLE
        or nodes[index].lower == "to"
        or nodes[index].has("modal-future", "modal-possible", "modal")
    )


def _enough(
    nodes: list[Node], kind: str, verb: str, agents: tuple[int, ...], targets: tuple[int, ...], *, passive: bool
) -> bool:
    if verb in SUBJECTLESS or kind in COMPLETE or (verb in SUFFERED and targets):
        return True
    if kind in INTRANSITIVE or kind in OFFICIAL:
        return bool(agents)
    if not targets:
        aimed = bool(agents) and verb.endswith((" to", " into", " at"))  # "lay siege to the seat of government"
        return kind in STRONG and (aimed or any(_armed(nodes[i]) for i in agents))
    return bool(agents) or passive or kind in STRONG


def _armed(node: Node) -> bool:
    """Who attacks with weapons, whatever is attacked: militants, forces, or a body of them."""
    if node.kind == GROUP and node.value.victim_class in ARMED_CLASSES:
        return True
    body = body_of(node) if node.kind == GROUP else (node.value if node.kind == ACTOR else None)
    return body is not None and body.type in ARMED_TYPES


def _noun(nodes: list[Node], at: int, kind: str, lemma: str) -> Event | None:
    bounds = clause(nodes, at)
    if (
        at + 1 < len(nodes)
        and nodes[at + 1].kind == GROUP
        and nodes[at + 1].first == nodes[at].last
        and not (oblique(nodes, at) or nodes[at].lower.endswith((" with", " against")))
    ):
        return None
    if any(node.lower in BESIDE for node in nodes[max(0, at - 2) : at]) or _on_a_thing(nodes, at):
        return None
    happened = _happened(nodes, at, bounds) or _governed(nodes, at, kind, bounds)
    if not happened and (kind not in STRONG or lemma in WEAK_NOUNS or _attributive(nodes, at)):
        return None
    agents = (
        after(nodes, at, ("by", "between"), bounds, within=14)
        or _owner(nodes, at)
        or _performer(nodes, at, bounds, kind)
    )
    targets = after(nodes, at, WITH.get(kind, ("on", "against", "of", "at")), bounds, within=3, things=True)
    if nodes[at].lower.endswith((" with", " against")):
        targets = objects(nodes, at, bounds)
    return Event(kind, "event-noun", at, agents, targets, (), 0.7 if happened else 0.55)


def _on_a_thing(nodes: list[Node], at: int) -> bool:
    """ "an attack on inflation", "the siege of cholesterol": where no people and no place are meant."""
    behind = [
        node for node in nodes[at + 1 : at + 5] if not (node.has("determiner", "modifiers") or node.kind == COUNT)
    ]
    return len(behind) > 1 and behind[0].lower in ("on", "of", "against") and behind[1].lower in ABSTRACT


def _attributive(nodes: list[Node], at: int) -> bool:
    """The noun only qualifies another noun ("attack helicopter", "protest leader")."""
    return (
        at + 1 < len(nodes)
        and nodes[at + 1].kind == PLAIN
        and nodes[at + 1].has("person", "force", "equipment", "weapon", "role")
        and not nodes[at + 1].has("be", "say", "harm-verb")
    )


def _happened(nodes: list[Node], at: int, bounds: tuple[int, int]) -> bool:
    """A verb beside the noun that says that it took place, or that someone carried it out."""
    for index in range(at + 1, min(at + 8, bounds[1])):
        if nodes[index].has("occur"):
            return True
        if nodes[index].kind in (GROUP, ACTOR) and not oblique(nodes, index):
            break
    return any(_performs(nodes, index) for index in range(max(bounds[0], at - 5), at))


def _governed(nodes: list[Node], at: int, kind: str, bounds: tuple[int, int]) -> bool:
    """ "demanding his resignation", "no talks with the kidnappers": told though it has not taken place."""
    return kind in GOVERNED and (nominal(nodes, at, bounds) is not None or _ensuing(nodes, at, bounds[0]))


def _ensuing(nodes: list[Node], at: int, first: int) -> bool:
    """ "after ten hours of talks", "during the negotiations", "amid a truce": told as the time of another thing."""
    for index in range(at - 1, max(first, at - 5) - 1, -1):
        node = nodes[index]
        if node.lower in ENSUING:
            return True
        thin = node.has("determiner", "modifiers") or node.kind in (COUNT, TIME) or not node.tags or node.lower == "of"
        if not thin:
            return False
    return False


def _performs(nodes: list[Node], at: int) -> bool:
    return nodes[at].has("perform") and not (at and nodes[at - 1].lower in ("a", "an", "the"))


def _performer(nodes: list[Node], at: int, bounds: tuple[int, int], kind: str) -> tuple[int, ...]:
    """Who carries it out, or demands to negotiate."""
    for index in range(at - 1, max(bounds[0], at - 6) - 1, -1):
        if _performs(nodes, index) or (kind == "negotiation" and nodes[index].has("mode-demand")):
            return phrases_left(nodes, index, bounds)
    return ()


def _owner(nodes: list[Node], at: int) -> tuple[int, ...]:
    """ "the rebels' attack", "guerrilla attack", "Taliban attack": who stands right before the noun."""
    index = at - 1
    while index >= 0 and (
        nodes[index].lower in ("'s", "’s", "'", "’")
        or (nodes[index].has("modifiers") and nodes[index].kind == PLAIN and not nodes[index].has("person"))
    ):
        index -= 1
    if index >= 0 and nodes[index].kind in (ACTOR, GROUP) and nodes[index].last >= nodes[at].first - 3:
        return _both(nodes, index)
    return ()


def _both(nodes: list[Node], index: int) -> tuple[int, ...]:
    """ "Israel and | Hezbollah | 's truce": of two owners the first may be a state by its name."""
    if index < 2 or nodes[index - 1].lower != "and" or oblique(nodes, index - 2):
        return (index,)
    state = nodes[index - 2].kind == "place" and nodes[index - 2].value.precision == "country"
    return (index - 2, index) if state or nodes[index - 2].kind == ACTOR else (index,)
