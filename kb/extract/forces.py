"""Forces as phrases: their wording, number, whose they are, and what they bring along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PLACE
from kb.extract.lexicon import load
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.extract.owners import antecedent, is_state, members_of
from kb.extract.phrases import GROUP
from kb.extract.seek import LIST_WORDS
from kb.extract.speakers import article
from kb.model import ActorType, Count, VictimClass

_DATA = load("deployments")
# Nouns that a number before them counts as people ("2,000 forces"); of the others it counts units ("two battalions").
PEOPLE = frozenset(_DATA["counted-as-people"])
# Nouns that tell of a deployment even without a number or an owner.
TELLING = frozenset(_DATA["telling"])
# Nouns of which a force is a part ("elements of the division"), and places that no force is deployed to.
PARTS = frozenset(_DATA["parts"])
NO_FORCE = frozenset(_DATA["no-force-before"])
# The last words of the names of units that no list knows ("Fiftieth Division").
UNITS = frozenset(_DATA["units"])
NAMED_UNITS = (ActorType.ORGANISATION, ActorType.ARMED_GROUP, ActorType.MILITARY)
CARRYING = "carrying"
MORE = frozenset({"additional", "extra", "more", "riot", "federal", "special", "military", "reinforcement"})
MEN = frozenset({"man", "person", "individual"})
FIRST_LAST = frozenset({"last", "first", "every", "each", "single"})
SINGLE = tuple(_DATA["persons"])
FEW_MEN = 20  # fewer men than these are no contingent
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
WHENCE = frozenset({"from", "for", "to", "into", "in"})
# "the army", "airborne troops": bodies named by what they are alone, so that the words do not say whose.
UNOWNED = frozenset(wording.lower() for wordings in load("organisations").values() for wording in wordings[2:])
MEMBERED = ("strong", "member", "man", "person", "soldier", "men")  # "a 250-member contingent"
# Actors that name a body's own troops ("UN peacekeepers").
MANDATES = tuple(f"{name} " for name in _DATA["mandates"])
FIRMS = frozenset({"company", "companies"})
OWN = frozenset({"its", "their", "his", "her", "whose"})
OWNERS = frozenset({ACTOR, NATIONAL, DEMONYM})
BODIES = (ActorType.ALLIANCE, ActorType.ARMED_GROUP)
APPOSING = frozenset({",", "(", "-", "–", "—", ":"})
CLOSING = frozenset({",", ")", "-", "–", "—", ".", ";"})
ORDINALS = frozenset({"st", "nd", "rd", "th"})
UNIT_LINKS = frozenset({"th", "st", "nd", "rd", "'s", "’s", "-", "of"})
PARENT = 9  # nodes of the name of a parent unit
MAKERS = 6  # nodes of a list of peoples before their noun


class Force(NamedTuple):
    """A force: its head node, the nodes ``[first, last)`` that name the unit, how many, whose (a node), and of whom."""

    head: int
    first: int
    last: int
    count: Count | None  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    owner: int | None
    members: tuple[int, ...]


def is_force(node: Node) -> bool:
    """Whether a phrase names troops or a unit."""
    if node.kind == ACTOR:
        last = node.lower.split()[-1]
        named = node.value.type in BODIES and (last.rstrip("s") in TELLING or last in PEOPLE)
        police = node.value.type == ActorType.POLICE and last in ("force", "forces")
        unit = last in UNITS and " " in node.lower and node.value.type in NAMED_UNITS
        return named or police or unit or node.value.type == ActorType.MILITARY or bool(node.has("force"))
    if node.kind == GROUP and node.value.victim_class == VictimClass.POLICE:
        told = node.value.count is not None or node.value.country is not None
        return told or bool(node.has("force")) or not MORE.isdisjoint(node.lower.split())
    if node.kind == GROUP and node.value.count is not None and node.value.body is not None:
        return bool(node.has("force")) or node.value.body.type in (ActorType.MILITARY, ActorType.POLICE)
    return "force" in node.tags.lexes and node.kind in (GROUP, PLAIN)


def men(node: Node) -> bool:
    """ "2,000 men": people who are troops where a state sends or promises them."""
    if node.kind != GROUP or node.value.count is None or node.value.noun not in MEN:
        return False
    return (node.value.count.minimum or node.value.count.maximum or 0) >= FEW_MEN


def _men_of_state(nodes: Sequence[Node], index: int) -> bool:
    """ "Kyrgyzstan's 150 men", "its 1,266 men", "56 men of the army's emergency unit"."""
    if not men(nodes[index]):
        return False
    if index + 1 < len(nodes) and nodes[index + 1].lower == "of":
        return any(is_force(node) for node in nodes[index + 2 : index + 7])
    if not index:
        return False
    owned = nodes[index - 1].lower in POSSESSIVE and index > 1 and is_state(nodes[index - 2])
    return owned or nodes[index - 1].lower in OWN


def force_here(nodes: Sequence[Node], index: int) -> bool:
    """Whether a phrase names troops where it stands: not in "by force", "its work force", "the soldiers' families"."""
    node = nodes[index]
    if node.kind == ACTOR and node.value.type == ActorType.POLICE and index and nodes[index - 1].lower in MORE:
        return True
    if node.kind == GROUP and node.value.noun in MEN and _men_of_state(nodes, index):
        return True
    if not is_force(node) or (index and nodes[index - 1].lower in NO_FORCE):
        return False
    behind = nodes[index + 1] if index + 1 < len(nodes) else None
    if node.kind == GROUP and node.value.count is None and _single(node):
        return False
    if behind is not None and node.lower.endswith("military") and behind.kind == PLAIN and _qualified(behind):
        return False
    if behind is not None and (behind.lower in POSSESSIVE or _compound(node, behind)):
        return False
    firm = node.kind == PLAIN and node.lower in FIRMS
    return not firm or (behind is not None and behind.lower == "of")


def _single(node: Node) -> bool:
    """ "the engineer": one man is no force, but the last or the first of them is."""
    return node.lower.endswith(SINGLE) and FIRST_LAST.isdisjoint(node.lower.split())


def _qualified(behind: Node) -> bool:
    """ "military intervention", "military posts": an adjective there."""
    return behind.has("event-noun", "site") or (behind.lower.isalpha() and not behind.tags)


def _compound(node: Node, behind: Node) -> bool:
    """Whether the head of the phrase is yet to come: "infantry | battalions", "the army | brigade"."""
    joined = node.kind in (PLAIN, ACTOR) and behind.kind == PLAIN and node.last == behind.first
    return joined and behind.has("force") and not behind.has("deploy-object", "deploy-subject")


def force_at(nodes: Sequence[Node], head: int, *, before_verb: bool) -> Force:
    """The force whose head is a node; before its verb "from X" tells whose it is, behind it where from."""
    node = nodes[head]
    whole = node.kind == GROUP and node.value.count is not None
    first, count, owner, peoples = (head, node.value.count, None, ()) if whole else _left(nodes, head)
    if node.kind == GROUP and (node.value.body is not None or node.value.country):
        owner = head
    if not before_verb and _told_by_whence(nodes, head):
        owner = None
    if node.kind == ACTOR and head and nodes[head - 1].kind == COUNT and nodes[head - 1].lower.endswith(MEMBERED):
        count = nodes[head - 1].value.count
    if owner is None and whole and head > 1 and nodes[head - 1].lower in ("'s", "’s") and is_state(nodes[head - 2]):
        owner = head - 2
    mandated = node.kind == ACTOR and node.lower.startswith(MANDATES)
    known = node.kind == ACTOR and node.lower not in UNOWNED and (node.value.country or mandated)
    if known or (node.kind == ACTOR and node.value.type == ActorType.ALLIANCE):
        owner = head
    last = head + 1
    men = nodes[last + 1] if node.kind == PLAIN and last + 1 < len(nodes) and nodes[last].lower == "of" else None
    if men is not None and men.kind == GROUP and (men.value.count is not None or is_force(men)):
        count, last = men.value.count or count, last + 2
        owner = head + 2 if owner is None and (men.value.body is not None or men.value.country) else owner
    elif men is not None and owner is None:
        owner = _owner_of_arms(nodes, last + 1)
    last = _with_included(nodes, _with_parent(nodes, last))
    if count is None:
        count = apposed_count(nodes, last)
    members = peoples or members_of(nodes, head, min(len(nodes), head + 16))
    if node.kind == GROUP and f" {CARRYING} " in node.lower:
        count = None  # of the planes, not of those in them
    if node.kind == GROUP and members and (node.value.body is None or node.value.body.type == ActorType.STATE):
        owner = None
    if owner is None and not members:
        owner = _behind(nodes, head + 1, before_verb=before_verb)
    count = _people_beside(nodes, head, last) if _arms(nodes, head) else count
    own = any(other.lower.split(" ")[0] in OWN for other in nodes[max(0, first - 1) : min(len(nodes), last + 3)])
    own = own or not OWN.isdisjoint(node.lower.split())  # "400 of its soldiers"
    if owner is None and own:
        owner = antecedent(nodes, first - 1)
    return Force(head, first, last, count, owner, members)


def _arms(nodes: Sequence[Node], head: int) -> bool:
    """ "a warship", "six F-16 | fighters": arms, whose number counts no people."""
    made = head and nodes[head - 1].has("equipment") and nodes[head - 1].last == nodes[head].first
    return bool(made) or (nodes[head].kind == PLAIN and nodes[head].has("equipment"))


def _people_beside(nodes: Sequence[Node], head: int, last: int) -> Count | None:
    """ "a warship | and 200 airmen": those who go with the arms."""
    for index in range(last, min(last + 4, len(nodes) - 1)):
        joined = nodes[index].lower in ("and", "with") and nodes[index + 1].kind == GROUP
        if joined and is_force(nodes[index + 1]):
            return nodes[index + 1].value.count  # type: ignore[no-any-return]  # a group holds a Count
    return None


def _told_by_whence(nodes: Sequence[Node], head: int) -> bool:
    """ "withdrew 50 troops | from Syria": what stands behind an object is whence, not whose."""
    if nodes[head].kind != GROUP or head + 1 >= len(nodes) or nodes[head + 1].lower not in WHENCE:
        return False
    places = {node.value.country for node in nodes[head + 2 : head + 5] if node.kind == PLACE}
    return nodes[head].value.body is None and nodes[head].value.country in places


def apposed_count(nodes: Sequence[Node], at: int) -> Count | None:
    """How many, behind the unit: "a field hospital (95 persons)", "a brigade, 4,200 men,", "a platoon, 36 strong,"."""
    while at + 2 < len(nodes) and nodes[at].lower == "," and plain_word(nodes[at + 1]) and nodes[at + 2].lower == ",":
        at += 2  # "the Fiftieth Division, elite, 3,500 strong"
    if at + 2 < len(nodes) and nodes[at].lower == "," and nodes[at + 1].lower == "of":
        at += 1  # "the battalion, of 320 Bolivians"
    if at + 1 >= len(nodes) or not (nodes[at].lower in APPOSING or nodes[at].lower == "of"):
        return None
    alone = nodes[at + 1].kind == COUNT and (at + 2 >= len(nodes) or _phrase_ends(nodes[at + 2]))
    if nodes[at].lower == "of" and alone and nodes[at + 1].value.kind == "number":
        return nodes[at + 1].value.count  # type: ignore[no-any-return]  # "an engineering company of about 150"
    many, behind = nodes[at + 1], nodes[at + 2].lower if at + 2 < len(nodes) else "."
    if many.kind == GROUP and many.value.count is not None and (is_force(many) or men(many)):
        return many.value.count if behind in CLOSING else None
    if many.kind != COUNT or many.value.kind != "number":
        return None
    strong = many.lower.endswith(MEMBERED) or behind in ("strong", "of them")
    return many.value.count if strong else None


def _phrase_ends(node: Node) -> bool:
    return node.has("preposition") or node.kind == TIME or not node.lower[0].isalnum()


def _owner_of_arms(nodes: Sequence[Node], at: int) -> int | None:
    """Whose the arms of a column are: "a convoy of at least 30 | Turkish | tanks"."""
    for index in range(at, min(at + MAKERS, len(nodes))):
        if nodes[index].kind in OWNERS:
            return index
        if nodes[index].kind != COUNT and not nodes[index].has("modifiers", "equipment"):
            return None
    return None


def _left(nodes: Sequence[Node], head: int) -> tuple[int, Count | None, int | None, tuple[int, ...]]:
    """Before a noun: where its wording begins, how many it counts, whose it is, and the peoples of a list."""
    first, count, owner, at = head, None, None, head - 1
    peoples = _peoples(nodes, head)
    at = peoples[0] - 1 if peoples else at
    people = nodes[head].kind == GROUP or nodes[head].lower.split()[-1] in PEOPLE
    while at >= 0 and head - at < MAKERS:
        node = nodes[at]
        if node.kind == COUNT and node.value.kind == "article":
            break
        if node.kind == COUNT and (people or nodes[at + 1].lower not in ("nd", "rd", "st", "th")):
            strong = node.lower.endswith(MEMBERED) or people
            count, first = (node.value.count if strong else None), (first if strong else at)
            break
        if node.kind == GROUP and at == head - 1 and (node.value.body is not None or node.value.count is not None):
            count = node.value.count if people else None
            owner, first = (at if node.value.body is not None or node.value.country else None), at
            break
        possessive = node.kind == PLACE and nodes[at + 1].lower in ("'s", "’s")
        if node.kind in OWNERS or possessive or (node.kind == PLACE and is_state(node)):
            owner = at if owner is None else owner
        elif not (
            node.has("modifiers", "event-noun")
            or node.lower in ("'s", "’s", "-")
            or _named_word(node)
            or node.has("force")
        ):
            counted = at and nodes[at - 1].kind == COUNT and nodes[at - 1].value.kind == "number"
            if people and node.lower == "of" and counted:
                count = nodes[at - 1].value.count
            elif not (people and node.has("determiner") and nodes[at - 1].lower == "of"):
                break
        named = node.kind == GROUP or (node.kind == PLAIN and node.lower.isalnum())
        if named and node.lower != "of" and not node.has("determiner"):
            first = at
        at -= 1
    return first, count, owner, peoples


def _peoples(nodes: Sequence[Node], head: int) -> tuple[int, ...]:
    """ "Ugandan and Burundian soldiers": the peoples of a list that ends in a force."""
    if nodes[head].kind not in (GROUP, ACTOR, PLAIN):
        return ()
    owned = nodes[head].kind == ACTOR or (nodes[head].kind == GROUP and nodes[head].value.country)
    found = [head] if owned else []
    at = head - 1
    while at >= 0 and head - at < MAKERS and (nodes[at].lower in LIST_WORDS or is_state(nodes[at])):
        found += [at] if is_state(nodes[at]) else []
        at -= 1
    joined = any(nodes[i].lower == "and" for i in range(at + 1, head))
    placed = at >= 0 and nodes[at].lower in ("in", "near", "from", "at", "between")
    return tuple(reversed(found)) if len(found) > 1 and joined and not placed else ()


def _named_word(node: Node) -> bool:
    """A word of a unit's name: "82", "nd", "elite", "Cheonghae"."""
    if node.kind == GROUP:
        return bool(node.value.name) and node.value.role is None and node.value.person is None
    return plain_word(node) or (node.kind == PLAIN and node.lower.isdigit())


def plain_word(node: Node) -> bool:
    """A word that no lexicon knows."""
    return node.kind == PLAIN and node.lower.isalpha() and not node.tags


def _with_parent(nodes: Sequence[Node], last: int) -> int:
    """Over the unit that it is part of: "of the 103rd Vitebsk brigade", "from the 1st Battalion of the Regiment"."""
    if last >= len(nodes) or nodes[last].lower not in ("of", "from"):
        return last
    named = False
    for index in range(last + 1, min(len(nodes), last + PARENT)):
        node = nodes[index]
        unit = node.has("force") if node.kind == PLAIN else node.kind == ACTOR and is_force(node)
        if unit and (named or node.kind == ACTOR) and not _compound_next(nodes, index):
            return _with_parent(nodes, index + 1)
        named = named or _named_word(node) or node.kind in (ACTOR, GROUP, PLACE)
        counted = node.kind == GROUP and node.value.count is not None
        named_by = node.kind in (ACTOR, GROUP, DEMONYM, PLACE, COUNT) and not counted
        linked = article(node) or _named_word(node) or node.has("modifiers") or node.lower in UNIT_LINKS
        if not (linked or named_by):
            return last
    return last


def _compound_next(nodes: Sequence[Node], index: int) -> bool:
    return index + 1 < len(nodes) and _compound(nodes[index], nodes[index + 1])


def _with_included(nodes: Sequence[Node], last: int) -> int:
    """Over ", including two infantry battalions"."""
    if last + 1 < len(nodes) and nodes[last].lower == "," and nodes[last + 1].has("including"):
        for index in range(last + 2, min(len(nodes), last + 8)):
            if is_force(nodes[index]) and not _compound_next(nodes, index):
                return index + 1
    return last


def _behind(nodes: Sequence[Node], at: int, *, before_verb: bool) -> int | None:
    """Whose a force is by what follows: "forces | of the CSTO", "troops | from Russia"."""
    if at >= len(nodes) or not (nodes[at].lower == "of" or (before_verb and nodes[at].lower == "from")):
        return None
    for index in range(at + 1, min(at + 5, len(nodes))):
        if nodes[index].kind == GROUP and nodes[index].value.count is None and plain_word(nodes[index + 1]):
            continue  # "of the | West African | bloc ECOWAS"
        if nodes[index].kind in (ACTOR, NATIONAL) or is_state(nodes[index]):
            if nodes[index - 1].lower in POSSESSIVE and is_state(nodes[index - 2]):
                return index - 2  # "of | Britain | 's 16th Air Assault Brigade"
            return None if nodes[index - 1].lower in OWN else index
        if not (article(nodes[index]) or nodes[index].has("modifiers") or _named_word(nodes[index])):
            return None
    return None


def tells(nodes: Sequence[Node], force: Force) -> bool:
    """Whether a phrase is definite enough for a deployment: a number, an owner, or a noun that means troops abroad."""
    node = nodes[force.head]
    if force.count is not None or force.owner is not None or force.members:
        return True
    if node.kind == GROUP and f" {CARRYING} " in node.lower:
        return True  # "30 trucks carrying fighters"
    words = nodes[force.first : force.last]
    if any(word.lower in ORDINALS for word in words) or any(_named_word(word) for word in words if word.kind == GROUP):
        return True  # "the 54th Division", "Akhmat fighters"
    behind = nodes[force.head + 1 : force.head + 8]
    part = bool(behind) and behind[0].lower in ("of", "from") and any(map(is_force, behind))
    return part or is_telling(node)


def is_telling(node: Node) -> bool:
    """Whether a noun means forces on the move even without a number or an owner."""
    noun = node.value.noun if node.kind == GROUP else node.lower.split()[-1] if node.kind == ACTOR else node.lower
    return noun in TELLING or noun.rstrip("s") in TELLING
