"""Around a verb of movement: how far it has got, who sends, which force, where from and where to."""

from __future__ import annotations

from kb.extract.appositions import RELATIVES
from kb.extract.arms import armour, bare_armour
from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PERSON_NAME, PLACE
from kb.extract.forces import PARTS, force_here, is_force, men
from kb.extract.lexicon import load, word_set
from kb.extract.nodes import COUNT, TIME, Node
from kb.extract.owners import is_state, listed
from kb.extract.phrases import GROUP
from kb.extract.seek import QUOTES, apposed, oblique
from kb.extract.voice import is_adverb
from kb.model import ActorType, Phase

_WORDS = load("deployments")
DECIDED = frozenset(_WORDS["decided"])
BEGUN = frozenset(_WORDS["begun"])
COMPLETED = frozenset(_WORDS["completed"])
ASKED = frozenset(_WORDS["asked"])
NO_DESTINATION = frozenset(_WORDS["no-destination"])
REACH = 18
HEADING = 12  # nodes behind "left" in which the words for where to are looked for
UNDER_WAY = frozenset(
    {
        "be on the way to",
        "are on the way to",
        "are on their way to",
        "were on their way to",
        "bound for",
        "headed for",
        "heading for",
        "en route to",
        "headed to",
        "heading to",
    }
)
WHITHER = (" to", " into", " in", " at", " for")  # how a verb ends that has its place right behind it
# Past forms of verbs of transport: with where to, the force is there.
CARRIED = frozenset(_WORDS["carried"])
LEFT_WHERE = frozenset(
    {"leave", "quit", "vacate", "depart", "begin to leave", "begin leaving", "start leaving", "start to leave"}
)
FILL = frozenset({"a", "an", "of", "-", "'s", "’s", "up", ".", "on", "led"})
NAMING, S = (DEMONYM, ACTOR, COUNT, PLACE), ("'s", "’s")
AT = frozenset({"in", "at", "near", "on", "across", "around", "inside", "along", "throughout"})
TOWARDS = ("to", "in", "into", "on", "for", "at", "inside", "near", "around", "across")
LATER = frozenset({"after", "when", "before", "amid", "following", "as", "since"})
JOINING = frozenset({",", "and", "or"})
GROUND = frozenset({"capital", "territory", "soil"})
DIRECTIONS = word_set("directions")
LEAVING = (Phase.WITHDRAWING, Phase.WITHDRAWN)


def reached(nodes: list[Node], at: int, phase: Phase, bounds: tuple[int, int], *, passive: bool) -> Phase:
    """What governs the verb sets its phase: asked to send, decided to send, will send, began to leave, has left."""
    start = max(bounds[0], at - 7)
    comma = next((i for i in range(at - 1, start - 1, -1) if nodes[i].lower == ","), start - 1)
    before = nodes[comma + 1 : at] if _complete(nodes[comma + 1 : at]) else nodes[start:at]
    forms = {tag.form for tag in nodes[at].tags if tag.lex.startswith("deploy-")}
    begun = any(node.lower in BEGUN for node in before) or nodes[at].lower.split()[0] in BEGUN
    ahead = any(
        node.has("modal-future", "mode-plan", "modal-possible") or node.lower in ("to", "to be") for node in before[-5:]
    )
    if phase in LEAVING:
        leaving = any(tag.lemma.startswith("be ") and tag.lemma.endswith("ing") for tag in nodes[at].tags)
        done = forms & {"past", "participle"} and not (begun or ahead or leaving or _being(before))
        return Phase.WITHDRAWN if done else Phase.WITHDRAWING
    stationed = phase == Phase.OPERATING and nodes[at].has("deploy-object")
    if phase not in (Phase.DEPARTED, Phase.ARRIVED) and not (stationed and ahead):
        return phase
    for node in before:
        if node.lower in ASKED or (node.has("mode-demand") and not node.has("modal", "modal-future")):
            return Phase.REQUESTED
        if node.lower in DECIDED or node.lower.split(" ")[0] in DECIDED:
            return Phase.APPROVED
    if ahead and not (begun or forms == {"ing"}):
        decided = any(node.lower in DECIDED for node in nodes[at + 1 : bounds[1]])
        return Phase.APPROVED if decided else Phase.ANNOUNCED
    if phase == Phase.DEPARTED and nodes[at].lower.split()[0] in CARRIED and not begun and _to_a_place(nodes, at):
        return Phase.ARRIVED
    behind = [node.lower for node in nodes[at + 1 : at + 3]]
    there = len(behind) > 1 and behind[0] in AT and behind[1] not in AT  # not "was flown in on Saturday"
    return Phase.OPERATING if passive and phase == Phase.DEPARTED and there else phase


def _to_a_place(nodes: list[Node], at: int) -> bool:
    """ "to | Mogadishu" soon behind a verb."""
    for index in range(at + 1, min(at + HEADING, len(nodes) - 1)):
        if nodes[index].lower in ("to", "into"):
            return any(node.kind == PLACE for node in nodes[index + 1 : index + 4])
    return False


def _complete(before: list[Node]) -> bool:
    """Whether the words behind a comma hold the verb's auxiliary: what stands before it is another clause."""
    return any(node.has("have", "be", "modal-future") for node in before)


def _being(before: list[Node]) -> bool:
    """ "are being withdrawn"."""
    return any(node.lower == "being" for node in before[-2:])


def is_ahead(nodes: list[Node], bounds: tuple[int, int]) -> bool:
    """Whether the clause tells of the future."""
    return any(node.has("modal-future") for node in nodes[bounds[0] : bounds[1]])


def heads_off(nodes: list[Node], at: int) -> bool:
    """ "left X for Y"."""
    if any(node.lower in UNDER_WAY for node in nodes[at + 1 : at + HEADING]):
        return True
    places = [i for i in range(at + 1, min(at + 8, len(nodes))) if nodes[i].kind == PLACE]
    return any(nodes[i - 1].lower == "for" or nodes[i - 2].lower == "for" for i in places if i > at + 1)


def force_right(nodes: list[Node], at: int, last: int, *, sent: bool = False) -> int | None:
    """The object of a verb, a force; a date, a full stop inside a quotation or a country may stand between.

    ``sent`` says that the verb sends or promises it, so that "2,000 men" are troops too.
    """
    for index in range(at + 1, min(at + 10, last)):
        if (
            force_here(nodes, index)
            or armour(nodes, index)
            or (sent and (men(nodes[index]) or bare_armour(nodes, index)))
        ):
            return index
        node = nodes[index]
        thin = (
            (node.lower.split()[-1] in PARTS and index + 1 < last and nodes[index + 1].lower == "of")
            or node.has("determiner", "modifiers", "equipment")
            or (node.has("event-noun") and not node.has("deploy-noun"))
            or is_adverb(node)
            or node.kind in (COUNT, DEMONYM, ACTOR, NATIONAL, PLACE)
            or (node.has("force") and node.last == nodes[index + 1].first if index + 1 < last else False)
        )
        if node.lower == "of" and not _has_parts(nodes[index - 1]):
            return None  # "a purge of the forces"
        if not (thin or node.lower in QUOTES or node.lower in FILL or not node.tags):
            return None
    return None


def _has_parts(node: Node) -> bool:
    """A noun or number before "of" that forces can be part of: "elements of", "hundreds of", "a battalion of"."""
    return node.kind in (COUNT, GROUP, ACTOR) or node.lower.split()[-1] in PARTS or node.has("force", "equipment")


def force_left(nodes: list[Node], at: int, first: int, *, sent: bool = False) -> int | None:
    """The force to the left of a verb: its subject. People stand before the equipment that they have with them.

    ``sent`` says that somebody sends or approves it, so that "3,300 men" are troops too.
    """
    second: int | None = None
    for index in range(at - 1, max(first, at - REACH) - 1, -1):
        node = nodes[index]
        if force_here(nodes, index) and _subject(nodes, index) and not _done_to(nodes, index):
            return _first_joined(nodes, _whole(nodes, index), first)
        beside = force_here(nodes, index) and nodes[index - 1].lower == "with"
        if second is None and (beside or (armour(nodes, index) and not oblique(nodes, index))):
            second = index
        if node.has("say") and not node.has("modifiers"):
            break
        if second is None and sent and men(node) and not oblique(nodes, index):
            second = index
    return second


def _subject(nodes: list[Node], index: int) -> bool:
    """Whether a force is a subject or a part of one: "elements of the division", not "the bodies of soldiers"."""
    if not oblique(nodes, index):
        return True
    before = index - 1
    while before > 0 and (nodes[before].has("determiner", "modifiers") or nodes[before].kind == DEMONYM):
        before -= 1
    word = nodes[before]
    if word.lower != "of" or not before:
        return False
    whole = nodes[before - 1]
    return is_force(whole) or whole.kind == COUNT or whole.lower.split()[-1] in PARTS


def _done_to(nodes: list[Node], index: int) -> bool:
    """ "to train Filipino troops": the object of an infinitive is no subject of what follows."""
    return (
        index > 1 and nodes[index - 2].lower == "to" and nodes[index - 1].kind == "word" and not nodes[index - 1].tags
    )


def _first_joined(nodes: list[Node], index: int, first: int) -> int:
    """ "700 paratroopers and special forces": a counted force before "and" stands for both."""
    at = index
    while at - 2 >= first and nodes[at - 1].lower in ("and", ",") and force_here(nodes, at - 2):
        at -= 2
    counted = nodes[at].kind == GROUP and nodes[at].value.count is not None
    return at if counted and not oblique(nodes, at) else index


def _whole(nodes: list[Node], index: int) -> int:
    """ "units of the army", "soldiers from the 82nd Division": the force that another is part of stands first."""
    at = index - 1
    while at > 0 and index - at < 6 and (_thin(nodes[at]) or nodes[at].kind in NAMING or nodes[at].lower in S):
        at -= 1
    part = at > 0 and nodes[at].lower in ("of", "from") and is_force(nodes[at - 1])
    return at - 1 if part else index


def _thin(node: Node) -> bool:
    return node.has("determiner", "modifiers") or (node.lower.isalnum() and not node.tags)


def barred(nodes: list[Node], at: int) -> bool:
    """ "were sent to prison", "were flown to a hospital": where no force is deployed."""
    behind = nodes[at + 1 : at + 6]
    if not behind or behind[0].lower not in ("to", "into", "on", "for"):
        return False
    noun = next((n for n in behind[1:] if not (n.has("determiner", "modifiers") or n.lower in ("a", "an"))), None)
    return noun is not None and noun.lower in NO_DESTINATION


def subject_near(nodes: list[Node], at: int) -> bool:
    """Whether an actor stands right before a verb as its subject."""
    index = at - 1
    while index >= 0 and (is_adverb(nodes[index]) or nodes[index].has("have")):
        index -= 1
    return index >= 0 and nodes[index].kind in (ACTOR, PERSON_NAME) and not is_force(nodes[index])


def capital(nodes: list[Node], index: int, at: int) -> bool:
    """ "Moscow has moved …": a city right before the verb speaks for its state."""
    if nodes[index].kind != PLACE or nodes[index].value.precision != "city" or oblique(nodes, index):
        return False
    return all(
        is_adverb(node) or node.has("have", "be", "modal-future", "mode-plan") or node.lower in BEGUN
        for node in nodes[index + 1 : at]
    )


def senders(nodes: list[Node], at: int, first: int) -> tuple[int, ...]:
    """Who sends: the actors before the verb, several only if they are states in a list."""
    if first > 2 and nodes[first - 1].lower in RELATIVES and nodes[first - 2].lower == ",":
        closed = any(node.lower == "," for node in nodes[max(first, at - 3) : at])
        return senders(nodes, first - 2, 0) if closed else ()
    for index in range(at - 1, max(first, at - REACH) - 1, -1):
        node = nodes[index]
        state = node.kind in (ACTOR, NATIONAL) or (node.kind == PLACE and node.value.precision == "country")
        state = state or capital(nodes, index, at)
        outlet = node.kind == ACTOR and node.value.type == ActorType.OUTLET
        if state and not outlet:
            if (index == at - 1 and node.kind == ACTOR) or not (oblique(nodes, index) or apposed(nodes, index)):
                return _list_before(nodes, index, first)
        elif node.kind == GROUP and not oblique(nodes, index) and not is_force(node):
            return (index,)
    return ()


def _list_before(nodes: list[Node], index: int, first: int) -> tuple[int, ...]:
    start = index
    while start - 2 >= first and nodes[start - 1].lower in (",", "and") and is_state(nodes[start - 2]):
        start -= 2
    states = listed(nodes, start, index + 1)
    return states if len(states) > 1 else (index,)


def asked_of(nodes: list[Node], at: int, bounds: tuple[int, int]) -> int | None:
    """Who is asked to send: the actor between the verb of asking and the infinitive."""
    for index in range(at - 1, max(bounds[0], at - 10) - 1, -1):
        node = nodes[index]
        if node.lower in ASKED or node.has("mode-demand"):
            return None
        if _asked(nodes, index):
            first = index - 1 if nodes[index - 1].has("determiner") else index
            joined = first - 2 > bounds[0] and nodes[first - 1].lower in JOINING and _asked(nodes, first - 2)
            return first - 2 if joined else index
    return None


def _asked(nodes: list[Node], index: int) -> bool:
    """Whether a node is a state, its capital or a body that can be asked: "asked Washington to send"."""
    node = nodes[index]
    if node.kind != PLACE:
        return node.kind in (ACTOR, NATIONAL)
    return is_state(node) or (node.value.precision == "city" and nodes[index - 1].lower in ASKED)


def asker(nodes: list[Node], at: int, first: int) -> int | None:
    """Who asks, before a verb of asking at or before ``at``: a state or an office of one."""
    ask = next((i for i in range(at, max(first, at - 10) - 1, -1) if nodes[i].lower in ASKED), None)
    if ask is None:
        return None
    for index in range(ask - 1, max(first, ask - 8) - 1, -1):
        if is_state(nodes[index]) or (nodes[index].kind == GROUP and nodes[index].value.country):
            return index
    return None


def receiver(nodes: list[Node], at: int, last: int) -> int | None:
    """ "will contribute troops to the mission": the body that leads it."""
    for index in range(at + 1, min(at + 10, last)):
        if nodes[index].kind == ACTOR and nodes[index].value.type in (ActorType.ALLIANCE, ActorType.ORGANISATION):
            return index
    return None


def sent_by(nodes: list[Node], at: int, last: int) -> int | None:
    """Who stands behind "by"."""
    for index in range(at + 1, min(at + 9, last)):
        if nodes[index].lower == "by" and index + 1 < last:
            found = (i for i in range(index + 1, min(index + 3, last)) if nodes[i].kind in (ACTOR, PLACE, NATIONAL))
            return next(found, None)
    return None


def places_behind(nodes: list[Node], at: int, bounds: tuple[int, int]) -> list[int]:
    """Places behind the trigger; "the Haitian capital" counts as one."""
    last = next((i for i in range(at + 1, bounds[1]) if nodes[i].lower in LATER), bounds[1])
    return [
        index
        for index in range(at + 1, last)
        if (nodes[index].kind == PLACE and not _possessor(nodes, index))
        or (nodes[index].kind == DEMONYM and nodes[index + 1 : index + 2] and nodes[index + 1].lower in GROUND)
    ]


def _possessor(nodes: list[Node], index: int) -> bool:
    """ "Syria" in "Syria's Idlib province"."""
    behind = nodes[index + 1 : index + 3]
    return len(behind) > 1 and behind[0].lower in ("'s", "’s") and behind[1].kind == PLACE


def is_mission(node: Node) -> bool:
    """ "the Mission in Somalia": a body that is named by where it is."""
    return node.kind == ACTOR and (" mission in " in node.lower or " force in " in node.lower)


def towards(nodes: list[Node], at: int, places: list[int]) -> int | None:
    """Where a force goes or is."""
    if places and nodes[at].lower.endswith(WHITHER) and all(_between(nodes[i]) for i in range(at + 1, places[0])):
        return places[0]  # "crossed into | The Gambia", "go to | Bamako to protect the capital"
    mission = next((i for i in range(at + 1, len(nodes)) if is_mission(nodes[i])), None)
    straight = next((index for index in places if _straight(nodes, at, index)), None)
    if straight is not None and mission is None:
        return straight
    for index in places:
        if mission is not None and mission < index:
            return mission
        before = [n.lower for n in nodes[max(at, index - 6) : index]]
        cut = max((i for i, word in enumerate(before) if word in (",", "and") or word == "from"), default=-1)
        if any(word in before[cut + 1 :] for word in TOWARDS) or ("border" in before and "with" in before):
            return index
    if mission is not None:
        return mission
    beside = next(iter(places), None)
    if beside is None or not all(_between(nodes[i]) for i in range(at + 1, beside)):
        return None
    return beside if beside == at + 1 or nodes[beside - 1].kind != TIME else None


def _straight(nodes: list[Node], at: int, index: int) -> bool:
    """ "to | Romania": a place right behind a word for where to, whatever other places are named."""
    before = index - 1
    while before > at and (_between(nodes[before]) or nodes[before].kind == DEMONYM) and nodes[before].kind != PLACE:
        before -= 1
    return before > at and nodes[before].lower in ("to", "into", "for", "towards", "toward")


def _between(node: Node) -> bool:
    """What may stand between a verb and its place: "entered the south of", "left eastern Congo"."""
    return (
        node.has("determiner")
        or is_adverb(node)
        or node.lower in DIRECTIONS
        or node.lower in ("'s", "’s", "of")
        or (node.kind == PLACE)
    )


def come_from(nodes: list[Node], at: int, places: list[int]) -> int | None:
    """Where a force comes from."""
    for index in places:
        before = [n.lower for n in nodes[max(at + 1, index - 3) : index]]
        if "from" in before or "out of" in before:
            return index
        whence = nodes[at].lower.endswith((" from", " out of"))  # "flew from | Darwin"
        if whence and index <= at + 2:
            return index
        if index <= at + 2 and leaves_where(nodes, at) and (index == at + 1 or nodes[at + 1].has("determiner")):
            return index
    return None


def leaves_where(nodes: list[Node], at: int) -> bool:
    """Whether a verb has the place that is left as its object: "left X"."""
    return any(tag.lemma in LEFT_WHERE for tag in nodes[at].tagged("deploy-subject"))
