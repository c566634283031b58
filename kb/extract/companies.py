"""People told together: "a family of five", "the couple", "Ahmed Khan, 27, and his wife"."""

from __future__ import annotations

from kb.extract.entities import PERSON_NAME
from kb.extract.lexicon import NO_TAGS, word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP, ORDINALS, Group
from kb.extract.shares import shares
from kb.model import Count, Hedge, VictimClass

COMPANIES, PAIRS = word_set("companies"), word_set("pairs")
SUFFERING_WITH = word_set("suffering-with")
HARMED = ("harm-verb", "harm-adjective", "harm-intransitive", "be")
DEGREES = word_set("degrees")
OLDEST = 110
AT_LEAST = frozenset({"or more", "at least", "and more"})
CLOSING = frozenset({",", ")", "and", ".", ";"})
OPENING = frozenset({",", "("})


def together(nodes: list[Node]) -> list[Node]:
    """The nodes, with the number of a company and the age of a person taken into the phrase."""
    nodes = shares(nodes)
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        node, last = nodes[at], at + 1
        if _one_more(nodes, at):
            one = Count(minimum=1, maximum=1, hedge=Hedge.EXACT, text=node.lower)
            group = Group("others", "other", VictimClass.UNKNOWN, one, False, False, additional=True)
            node = Node(
                GROUP, found.pop().first if node.kind == PLAIN else node.first, node.last, node.lower, NO_TAGS, group
            )
        elif node.kind == GROUP:
            if _owns(nodes, at):
                owned = nodes[at + 2]
                at += 2
                node = owned._replace(first=node.first, lower=f"{node.lower}'s {owned.lower}")
                nodes[at] = node
            node, last = _company(nodes, at)
            node, last = _hedged(node, nodes, last)
        if node.kind in (GROUP, PERSON_NAME) and _aged(nodes, last, node):
            last += 2 if nodes[last].lower == "," else 3
            node = node._replace(last=nodes[last - 1].last)
        found.append(node)
        at = last
    return found


def _owns(nodes: list[Node], at: int) -> bool:
    """ "the bride's father", "the mayor's two sons": people told by whose they are."""
    if at + 2 >= len(nodes) or nodes[at + 1].lower not in ("'s", "’s"):
        return False
    return nodes[at + 2].kind == GROUP and nodes[at + 2].value.name is None


def _hedged(node: Node, nodes: list[Node], at: int) -> tuple[Node, int]:
    """A hedge behind the noun: "ten people or more were wounded", "ten people at least"."""
    group: Group = node.value
    words = " ".join(n.lower for n in nodes[at : at + 2])
    hedged = group.count is not None and group.count.hedge == Hedge.EXACT and (group.count.minimum or 0) > 1
    if not hedged or words not in AT_LEAST or at + 2 >= len(nodes) or nodes[at + 2].kind == COUNT:
        return node, at
    text = f"{group.count.text} {words}" if group.count else words
    count = Count(minimum=group.count.minimum if group.count else None, maximum=None, hedge=Hedge.AT_LEAST, text=text)
    return node._replace(last=nodes[at + 1].last, value=group._replace(count=count)), at + 2


def _one_more(nodes: list[Node], at: int) -> bool:
    """ "another injured", "a third escaped": one person more, without a noun."""
    if at + 1 >= len(nodes):
        return False
    node, verb = nodes[at], nodes[at + 1]
    if verb.lower in DEGREES and at + 2 < len(nodes):
        verb = nodes[at + 2]
    if node.kind == PLAIN:
        return node.lower in ORDINALS and at > 0 and nodes[at - 1].lower == "a" and verb.lower in SUFFERING_WITH
    if node.kind != COUNT or node.lower != "another":
        return False
    ends = not verb.lower[0].isalnum() or verb.has("preposition")
    object_ = at > 0 and nodes[at - 1].has("harm-verb", "assault") and ends
    return object_ or (verb.kind == PLAIN and verb.has(*HARMED))


def _company(nodes: list[Node], at: int) -> tuple[Node, int]:
    """ "a family of five", "an elderly couple"; and the index behind it."""
    node, group = nodes[at], nodes[at].value
    if group.count is not None or group.name is not None:
        return node, at + 1
    if group.many and group.noun not in PAIRS and group.noun not in COMPANIES:
        return node, at + 1
    follows = at + 2 < len(nodes) and nodes[at + 1].lower == "of" and nodes[at + 2].kind == COUNT
    if group.noun in COMPANIES and follows and nodes[at + 2].value.kind == "number":
        match = nodes[at + 2].value
        if at + 3 < len(nodes) and nodes[at + 3].kind == GROUP:
            return node, at + 1
        whole = node._replace(last=nodes[at + 2].last, value=group._replace(count=match.count, many=True))
        return whole, at + 3
    if group.noun in PAIRS:
        two = Count(minimum=2, maximum=2, hedge=Hedge.EXACT, text=group.text)
        return node._replace(value=group._replace(count=two, many=True)), at + 1
    if group.noun == "family" and not group.many:
        return node._replace(value=group._replace(many=True)), at + 1
    return node, at + 1


def _aged(nodes: list[Node], at: int, person: Node) -> bool:
    """Whether an age stands behind one person between commas or in brackets: ", 27,"."""
    if at + 2 >= len(nodes) or nodes[at].lower not in OPENING or nodes[at + 1].kind != COUNT:
        return False
    if person.kind == GROUP and (person.value.many or person.value.size.maximum != 1):
        return False
    match = nodes[at + 1].value
    bare = match.kind == "age" or (match.kind == "number" and match.count.text.isdecimal())
    closed = nodes[at + 2].lower == ")" if nodes[at].lower == "(" else nodes[at + 2].lower in CLOSING
    return bare and closed and 0 < (match.count.maximum or 0) <= OLDEST
