"""Phrases for people: "13 police officers", "a priest", "dozens of protesters", "police spokesman Saltanat Azirbek".

Each becomes one group node with its count, class and, for single people, name and role.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.extract.behind import behind
from kb.extract.context import Context
from kb.extract.entities import ACTOR, DEMONYM, NATIONAL, PERSON_NAME, PLACE, Country
from kb.extract.heads import AFTER_PEOPLE, head_end, is_head, may_modify, old
from kb.extract.lexicon import NO_TAGS, Tag, Tags, lexicon, word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node
from kb.model import Actor, Count, Hedge, Place, VictimClass

GROUP = "group"
DEFINITE = word_set("definite")
PAST = frozenset({"past", "participle"})
FREE_WORDS = 5  # unknown words allowed between a number or article and the noun
BARE_PLURAL = 2
SPECIFIC = ("children", "women", "journalists", "medical", "officials", "police", "military", "security-forces")

OWNING = frozenset({"his", "her", "their", "its", "the", "of"})
NEITHER = frozenset({"neither", "none"})
NOBODY = Count(minimum=0, maximum=0, hedge=Hedge.EXACT, text="none")
ONE = Count(minimum=1, maximum=1, hedge=Hedge.EXACT, text="a")
TWO = Count(minimum=2, maximum=2, hedge=Hedge.EXACT, text="both")
ORDINALS = word_set("ordinals")
RANKS = ORDINALS | {"first"}


class Group(NamedTuple):
    """People as a phrase names them.

    ``count`` is None where the phrase gives none ("the soldiers"); ``many`` tells one from several; ``text`` is the
    wording without the number; ``role`` an office or function; ``body`` the organisation that they belong to; ``place``
    where an office is ("the mayor of Huanta").
    """

    text: str
    noun: str
    victim_class: VictimClass
    count: Count | None  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    many: bool
    definite: bool
    name: str | None = None
    role: str | None = None
    body: Actor | None = None
    country: str | None = None
    additional: bool = False
    person: Actor | None = None
    place: Place | None = None

    @property
    def size(self) -> Count:
        """The count, or what the grammar alone tells: one, or two and more."""
        if self.count is not None:
            return self.count
        if self.many:
            return Count(minimum=BARE_PLURAL, maximum=None, hedge=Hedge.VAGUE, text=self.text)
        return Count(minimum=1, maximum=1, hedge=Hedge.EXACT, text=self.text)


def people(nodes: list[Node], context: Context) -> list[Node]:
    """Rewrite a sentence's nodes with its phrases for people."""
    found: list[Node] = []
    nodes = _fighters(nodes)
    at = 0
    while at < len(nodes):
        bare = _bare(found, nodes, at, context)
        if bare is not None:
            node, taken, at = bare
            del found[len(found) - taken :]
            found.append(node)
        elif is_head(nodes, at):
            end = head_end(nodes, at)
            node, taken, last = _group(found, nodes, at, end, context)
            if taken:
                del found[-taken:]
            found.append(node)
            at = last
        else:
            found.append(nodes[at])
            at += 1
    return found


def _fighters(nodes: list[Node]) -> list[Node]:
    """The nodes, counted members of a known group with the tags of their noun: "15 Houthi rebels"."""
    counted = [
        at for at, n in enumerate(nodes) if n.kind == ACTOR and not n.tags and at and nodes[at - 1].kind == COUNT
    ]
    if not counted:
        return nodes
    found = list(nodes)
    for at in counted:
        tags = lexicon().tags(nodes[at].lower.split()[-1])
        if "person" in tags.lexes and any(tag.form == "many" for tag in tags):
            found[at] = nodes[at]._replace(tags=tags)
    return found


def _bare(found: list[Node], nodes: list[Node], at: int, context: Context) -> tuple[Node, int, int] | None:
    """People without a noun: "a third was wounded", "the other three"; with nodes taken on the left, and the end."""
    node = nodes[at]
    if node.lower in ORDINALS and found and found[-1].lower == "a" and _verb_or_end(nodes, at + 1):
        one = Count(minimum=1, maximum=1, hedge=Hedge.EXACT, text=f"a {node.lower}")
        return _other(context, found[-1].first, node.last, one, definite=False), 1, at + 1
    if node.kind == COUNT and node.value.kind == "age" and found and found[-1].kind == COUNT and old(nodes, at):
        match = found[-1].value
        count = ONE if match.kind == "article" else match.count
        text = context.words(node.first, node.last)
        group = Group(text, "person", VictimClass.UNKNOWN, count, count.maximum != 1, False)
        lower = context.words(found[-1].first, node.last).lower()
        return Node(GROUP, found[-1].first, node.last, lower, NO_TAGS, group), 1, at + 1
    if node.lower in ("rest", "remainder") and found and found[-1].lower == "the" and _verb_or_end(nodes, at + 1):
        return _other(context, found[-1].first, node.last, None, definite=True), 1, at + 1
    if node.lower in RANKS and found and found[-1].lower == "the" and _acts(nodes, at + 1):
        one = Count(minimum=1, maximum=1, hedge=Hedge.EXACT, text=f"the {node.lower}")
        return _other(context, found[-1].first, node.last, one, definite=True), 1, at + 1
    if node.lower in ("other", "others", "remaining") and at + 1 < len(nodes) and nodes[at + 1].kind == COUNT:
        match = nodes[at + 1].value
        if found and found[-1].has("determiner") and match.kind == "number" and _verb_or_end(nodes, at + 2):
            last = nodes[at + 1].last
            return _other(context, found[-1].first, last, match.count, definite=True), 1, at + 2
    return None


def _acts(nodes: list[Node], at: int) -> bool:
    """Whether a verb of harm, or one that may lead to one, follows: "the first blew himself up"."""
    if at >= len(nodes) or not nodes[at].has("harm-verb"):
        return at < len(nodes) and nodes[at].has("be", "have", "harm-intransitive", "suicide-blast")
    return any(tag.form in ("past", "participle") for tag in nodes[at].tagged("harm-verb"))


def _verb_or_end(nodes: list[Node], at: int) -> bool:
    if at < len(nodes) and nodes[at].lower.endswith("ly"):
        at += 1  # "a third critically injured"
    return at >= len(nodes) or nodes[at].kind == TIME or nodes[at].has(*AFTER_PEOPLE) or not nodes[at].lower.isalpha()


def _other(context: Context, first: int, last: int, count: Count | None, *, definite: bool) -> Node:
    text = context.words(first, last)
    group = Group("others", "other", VictimClass.UNKNOWN, count, count is None or count.maximum != 1, definite)
    return Node(GROUP, first, last, text.lower(), NO_TAGS, group)


class _Left(NamedTuple):
    taken: int
    count: Count | None  # type: ignore[assignment]  # the model's name; tuple.count is of no use here
    definite: bool
    article: bool
    country: str | None
    body: Actor | None
    additional: bool
    wording: int  # nodes of the taken that are number or article, not wording


def _group(found: list[Node], nodes: list[Node], at: int, end: int, context: Context) -> tuple[Node, int, int]:
    head = nodes[end - 1] if nodes[end - 1].lower != "." else nodes[end - 2]
    left = _left(found, nodes[at], context)
    name, role_owner, last = behind(nodes, end, head)
    person_actor = nodes[last - 1].value if last > end and isinstance(nodes[last - 1].value, Actor) and name else None
    if nodes[at].kind == PERSON_NAME:
        name = nodes[at].value
    heads = [n for n in nodes[at:end] if n.kind in (PLAIN, ACTOR)]
    person = _tag(heads, "person")
    many = _many(head, person, name)
    country = left.country or (role_owner[0] if role_owner else None)
    if head.kind in (NATIONAL, DEMONYM):
        country = head.value.code
    if head.kind == ACTOR and isinstance(head.value, Actor):
        country = country or head.value.country  # "200 French paratroopers"
    body = left.body or (role_owner[1] if role_owner else None)
    if len(heads) > 1 and heads[0].kind == ACTOR and isinstance(heads[0].value, Actor) and heads[0].value.country:
        body, country = body or heads[0].value, country or heads[0].value.country  # "400 Kenyan police | officers"
    first = found[-left.taken].first if left.taken else nodes[at].first
    begin = found[-left.taken + left.wording].first if left.taken > left.wording else nodes[at].first
    final = nodes[last - 1].last
    role = _role(heads, found[-left.taken :] if left.taken else [], context)
    wording_end = nodes[end - 1].last if name is None or role is None else final
    text = context.words(begin, wording_end if nodes[at].kind != PERSON_NAME else nodes[at].last)
    group = Group(
        text=text,
        noun=person.lemma if person else (head.lower if head.kind == PLAIN else "people"),
        victim_class=_class(heads, found[-left.taken :] if left.taken else [], person),
        count=left.count,
        many=many and not left.article,
        definite=left.definite,
        name=name,
        role=role,
        body=body,
        country=country,
        additional=left.additional,
        person=person_actor,
        place=next((node.value for node in nodes[end:last] if node.kind == PLACE), None),
    )
    return Node(GROUP, first, final, context.words(first, final).lower(), _tags(heads), group), left.taken, last


def _tags(heads: list[Node]) -> Tags:
    if len(heads) == 1:
        return heads[0].tags
    return Tags(tag for node in heads for tag in node.tags)


def _tag(heads: list[Node], lex: str) -> Tag | None:
    """The tag of the last noun of a compound: it decides."""
    return next((tag for node in reversed(heads) for tag in node.tagged(lex)), None)


def _many(head: Node, person: Tag | None, name: str | None) -> bool:
    if name is not None:
        return False
    if head.kind in (NATIONAL, DEMONYM, ACTOR):
        return True
    forms = {tag.form for tag in head.tags if tag.lex in ("person", "role")}
    return (bool(forms) and forms <= {"many"}) or (head.has("unnamed") and not forms and head.lower.endswith("s"))


def _class(heads: list[Node], modifiers: list[Node], person: Tag | None) -> VictimClass:
    """The class of the head noun; an unspecific head ("people", "members") takes that of a modifier."""
    if person is not None and person.value not in ("unknown", "foreigners"):
        return VictimClass(person.value)
    values = [tag.value for node in (*heads, *modifiers) for tag in node.tagged("person") if tag.value != "unknown"]
    for value in SPECIFIC:
        if value in values:
            return VictimClass(value)
    return VictimClass(values[0]) if values else VictimClass.UNKNOWN


def _role(heads: list[Node], modifiers: list[Node], context: Context) -> str | None:
    """The office or function in words: "police spokesman", "President"."""
    roles = [node for node in heads if node.has("role")]
    if not roles:
        return None
    before = [node for node in modifiers if node.has("person", "organisation", "role") or node.kind == ACTOR]
    compound = next((node for node in heads if not node.has("title")), roles[0])
    first = before[0] if before and before[-1].last == compound.first else compound
    return context.words(first.first, roles[-1].last)


def _left(found: list[Node], head: Node, context: Context) -> _Left:
    """What stands before the noun: modifiers back to a number or article, or known modifiers alone."""
    known, free, at = len(found), 0, len(found)
    if head.kind == PERSON_NAME:
        return _Left(0, None, True, False, None, None, False, 0)
    while at > 0:
        node = found[at - 1]
        if _opens(node, found, at):
            return _opened(found, at - 1, context)
        if node.kind == GROUP and _some_of(found, at):
            return _modified(
                found, at - 1, node.value.count, definite=False, article=False, additional=False, wording=0
            )
        if node.kind == PLAIN and node.has("event-verb", "deploy-subject") and _predicates(found, at - 1):
            break
        if node.kind in (DEMONYM, ACTOR, PLACE) or node.has("modifiers") or _compound(node, found, at):
            at -= 1
            if free == 0:
                known = at
            continue
        if free < FREE_WORDS and (may_modify(node) or _inside(found, at)):
            free += 1
            at -= 1
            continue
        break
    while known < len(found) and found[known].lower in ("-", "'s", "’s", "of"):
        known += 1
    return _modified(found, known, None, definite=False, article=False, additional=False, wording=0)


def _some_of(found: list[Node], at: int) -> bool:
    """Whether a number is of those that somebody has: "three of the police chief's | guards"."""
    owner: Group = found[at - 1].value
    owned = at < len(found) and found[at].lower in ("'s", "’s")
    return owned and not owner.many and owner.count is not None and " of " in found[at - 1].lower


def _predicates(found: list[Node], at: int) -> bool:
    """ "soldiers | detained | Mali's president", "a car | drove into | people": a verb with its subject before it."""
    if " " in found[at].lower:
        return True
    return at > 0 and found[at - 1].kind == GROUP and {tag.form for tag in found[at].tagged("event-verb")} >= PAST


def _inside(found: list[Node], at: int) -> bool:
    """A quotation mark or a name between number and noun: "two “attackers”", "two Mormon missionaries"."""
    hyphened = at > 3 and found[at - 2].lower == "-" and len(found[at - 3].lower) < 4  # "12 al - Qaida militants"
    if at < 2 or not (hyphened or found[at - 2].kind in (COUNT, DEMONYM, PLACE)):
        return False
    named = found[at - 1].kind == GROUP and found[at - 1].value.name is not None and found[at - 1].value.role is None
    return named or found[at - 1].lower in ('"', "“", "”")


def _compound(node: Node, found: list[Node], at: int) -> bool:
    """ "27-year-old", "anti-government", "city's": parts of a modifier."""
    if node.kind == COUNT:
        return bool(node.value.kind == "age")
    if node.lower in ("-", "'s", "’s"):
        return at > 1
    return node.kind == PLAIN and node.has("person", "organisation", "role", "force") and not node.has("say", "be")


def _opens(node: Node, found: list[Node], at: int) -> bool:
    """A number, article or determiner that begins the phrase, or "of" after a number ("dozens of protesters")."""
    if node.kind == COUNT:
        return node.value.kind in ("number", "none", "article", "group")
    if node.lower in ("a", "an"):
        return True
    if node.has("determiner"):
        return node.lower != "that"
    return node.lower == "of" and at > 1 and found[at - 2].kind == COUNT and found[at - 2].value.kind == "number"


def _opened(found: list[Node], at: int, context: Context) -> _Left:
    node = found[at]
    if node.lower == "of":
        node, at = found[at - 1], at - 1
        return _counted_left(found, at, 2, node)
    if node.kind == COUNT:
        return _counted_left(found, at, 1, node)
    article = node.lower in ("a", "an")
    if node.lower in DEFINITE and at > 1 and found[at - 1].lower == "of" and found[at - 2].lower in NEITHER:
        return _modified(found, at - 2, NOBODY, definite=False, article=False, additional=False, wording=3)
    if node.lower in DEFINITE and at > 1 and found[at - 1].lower == "of" and found[at - 2].kind == COUNT:
        return _counted_left(found, at - 2, 3, found[at - 2])
    if node.lower in DEFINITE and at > 0 and found[at - 1].kind == COUNT and found[at - 1].value.kind == "number":
        return _counted_left(found, at - 1, 2, found[at - 1])
    if node.lower in OWNING and at > 0 and found[at - 1].lower == "both":
        return _modified(found, at - 1, TWO, definite=True, article=False, additional=False, wording=2)
    count = TWO if node.lower == "both" else None
    return _modified(found, at, count, definite=node.lower in DEFINITE, article=article, additional=False, wording=1)


def _nobody(node: Node) -> bool:
    return node.lower in NEITHER or (node.kind == COUNT and bool(node.value.kind == "none"))


def _counted_left(found: list[Node], at: int, wording: int, node: Node) -> _Left:
    match = node.value
    article = match.kind == "article"
    back = at - (2 if at > 1 and found[at - 1].lower in DEFINITE else 1)
    if back > 0 and found[back].lower == "of" and _nobody(found[back - 1]):
        return _Left(len(found) - back + 1, NOBODY, False, False, None, None, False, len(found) - back + 1)
    extra = 1 if at > 0 and found[at - 1].lower in DEFINITE else 0
    count = None if article else match.count
    return _modified(
        found,
        at - extra,
        count,
        definite=bool(extra),
        article=article,
        additional=match.additional,
        wording=wording + extra,
    )


def _modified(
    found: list[Node], at: int, count: Count | None, *, definite: bool, article: bool, additional: bool, wording: int
) -> _Left:
    country, body = None, None
    for node in found[at:]:
        if isinstance(node.value, Country):
            country = node.value.code
        elif isinstance(node.value, Place):
            country = node.value.country
        elif isinstance(node.value, Actor):
            body, country = node.value, country or node.value.country
    return _Left(len(found) - at, count, definite, article, country, body, additional, wording)
