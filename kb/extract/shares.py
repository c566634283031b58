"""Numbers told by other numbers: "all but one of the six crewmen", "one of a group of five", "as many robbers"."""

from __future__ import annotations

from kb.extract.lexicon import NO_TAGS, lexicon, word_set
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import GROUP, Group
from kb.model import Count, Hedge, VictimClass

COLLECTIVES = word_set("collectives") | word_set("companies")
EQUAL = ("an equal number", "a similar number", "the same number", "as many", "a like number", "as many again")
HARMED = frozenset({"killed", "wounded", "injured", "hurt", "dead", "missing"})
EQUAL_WORDS = frozenset({"equal", "similar", "same", "many", "like"})


def shares(nodes: list[Node]) -> list[Node]:
    """The nodes, with each such share of people as one phrase with its own number."""
    words = {word for node in nodes if node.kind != PLAIN or node.tags for word in node.lower.split()}
    words.update(node.lower for node in nodes)
    every, equal = {"all", "but"} <= words, not EQUAL_WORDS.isdisjoint(words)
    one = "of" in words and any(node.kind == COUNT for node in nodes) and not COLLECTIVES.isdisjoint(words)
    half = "half" in words
    if not (every or equal or one or half):
        return nodes
    found: list[Node] = []
    at = 0
    while at < len(nodes):
        told = (
            (every and _all_but(nodes, at))
            or (one and _one_of(nodes, at))
            or (half and _half(nodes, at))
            or (equal and (_as_many(found, nodes, at) or _equal_toll(found, nodes, at) or _equal(found, nodes, at)))
        )
        *parted, node, last = told or (nodes[at], at + 1)
        found.extend((*parted, node))
        at = last
    return found


def _number(node: Node) -> int | None:
    """The exact number that a count or phrase gives."""
    value = node.value.count if node.kind == COUNT and node.value.kind == "number" else None
    if node.kind == GROUP:
        value = node.value.count
    exact = value is not None and value.minimum == value.maximum
    return value.minimum if exact and value is not None else None


def _all_but(nodes: list[Node], at: int) -> tuple[Node, int] | None:
    """ "all but one of the six crewmen" are five."""
    words = [node.lower for node in nodes[at : at + 4]]
    if len(words) < 4 or words[:2] != ["all", "but"] or words[3] != "of":
        return None
    index = at + 4 if at + 4 < len(nodes) and nodes[at + 4].kind == GROUP else at + 5
    if index >= len(nodes) or nodes[index].kind not in (GROUP, COUNT):
        return None
    few, whole = _number(nodes[at + 2]), _number(nodes[index])
    if few is None or whole is None or few >= whole:
        return None
    return _phrase(nodes, at, index, _exactly(whole - few, nodes, at, index)), index + 1


def _one_of(nodes: list[Node], at: int) -> tuple[Node, int] | None:
    """ "One of a group of five shepherds" is one."""
    if nodes[at].kind != COUNT or _number(nodes[at]) is None or at + 4 >= len(nodes) or nodes[at + 1].lower != "of":
        return None
    index = at + 2
    while index < len(nodes) and (nodes[index].lower in ("a", "the", "an") or nodes[index].has("modifiers")):
        index += 1
    named = index + 1 < len(nodes) and nodes[index].lower.split()[-1] in COLLECTIVES and nodes[index + 1].lower == "of"
    if not named or index + 2 >= len(nodes) or nodes[index + 2].kind != GROUP:
        return None
    return _phrase(nodes, at, index + 2, nodes[at].value.count), index + 3


def _equal(found: list[Node], nodes: list[Node], at: int) -> tuple[Node, int] | None:
    """ "four constables and as many robbers", "nine killed and an equal number wounded"."""
    for length in (3, 2):
        if " ".join(node.lower for node in nodes[at : at + length]) in EQUAL:
            break
    else:
        return None
    model = next((node for node in reversed(found) if _counts(node)), None)
    if model is None:
        return None
    last = at + length
    if last < len(nodes) and nodes[last].lower == "of":
        last += 1
    count = model.value.count
    if last < len(nodes) and nodes[last].kind == GROUP and nodes[last].value.count is None:
        return _phrase(nodes, at, last, count), last + 1
    if (
        nodes[last - 1].lower == "many"
        and not found[-1].has("harm-verb")
        and not (last < len(nodes) and nodes[last].has("harm-adjective", "harm-verb"))
    ):
        return None
    group = Group("people", "other", VictimClass.UNKNOWN, count, True, False)
    text = " ".join(node.lower for node in nodes[at:last])
    return Node(GROUP, nodes[at].first, nodes[last - 1].last, text, NO_TAGS, group), last


def _half(nodes: list[Node], at: int) -> tuple[Node, int] | None:
    """ "half of the 40 passengers", "half the 40" are twenty."""
    if nodes[at].lower != "half" or at + 1 >= len(nodes):
        return None
    index = at + 2 if nodes[at + 1].lower == "of" else at + 1
    if index + 1 < len(nodes) and nodes[index].lower in ("the", "its", "their") and nodes[index + 1].kind == COUNT:
        index += 1
    whole = _number(nodes[index]) if index < len(nodes) else None
    if (
        whole is None
        or whole % 2
        or (index == at + 1 and not nodes[index].lower.startswith(("the ", "its ", "their ")))
    ):
        return None
    return _phrase(nodes, at, index, _exactly(whole // 2, nodes, at, index)), index + 1


def _as_many(found: list[Node], nodes: list[Node], at: int) -> tuple[Node, int] | None:
    """ "four constables and as many robbers", where "many" is read with its noun."""
    if nodes[at].lower != "as" or at + 1 >= len(nodes) or nodes[at + 1].kind != GROUP:
        return None
    if not nodes[at + 1].lower.startswith("many ") or (at + 2 < len(nodes) and nodes[at + 2].lower == "as"):
        return None
    model = next((node for node in reversed(found) if _counts(node)), None)
    return (_phrase(nodes, at, at + 1, model.value.count), at + 2) if model is not None else None


def _equal_toll(found: list[Node], nodes: list[Node], at: int) -> tuple[Node, Node, int] | None:
    """ "nine were killed and an equal number wounded", where "number wounded" is one word of the lexicon."""
    words = [node.lower for node in nodes[at : at + 3]]
    if len(words) < 3 or words[1] not in EQUAL_WORDS or not words[2].startswith("number "):
        return None
    harmed = words[2].split()[-1]
    model = next((node for node in reversed(found) if _counts(node)), None)
    if model is None or harmed not in HARMED:
        return None
    toll = nodes[at + 2]
    group = Group("people", "other", VictimClass.UNKNOWN, model.value.count, True, False)
    people = Node(GROUP, nodes[at].first, toll.last - 1, " ".join(words[:2]) + " number", NO_TAGS, group)
    return people, Node(PLAIN, toll.last - 1, toll.last, harmed, lexicon().tags(harmed)), at + 3


def _counts(node: Node) -> bool:
    if node.kind == COUNT:
        return bool(node.value.kind == "number")
    return node.kind == GROUP and node.value.count is not None


def _exactly(number: int, nodes: list[Node], at: int, last: int) -> Count:
    text = " ".join(node.lower for node in nodes[at : last + 1])
    return Count(minimum=number, maximum=number, hedge=Hedge.EXACT, text=text)


def _phrase(nodes: list[Node], at: int, index: int, count: Count) -> Node:
    """The phrase at ``index``, from ``at`` on, with another number."""
    node = nodes[index]
    group: Group = (
        node.value if node.kind == GROUP else Group("people", "people", VictimClass.UNKNOWN, None, True, False)
    )
    lower = " ".join(n.lower for n in nodes[at : index + 1])
    many = count.maximum != 1
    tags = node.tags if node.kind != PLAIN else NO_TAGS
    return Node(GROUP, nodes[at].first, node.last, lower, tags, group._replace(count=count, many=many, definite=False))
