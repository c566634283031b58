"""People harmed who are told of as background: other incidents, earlier ones, and totals of longer times.

"Fourteen others died in similar attacks in June", "more than 1,200 have died this year", "in retaliation for the
killing of a shepherd", "the 2013 Westgate attack, in which 67 people died". Such claims keep their numbers, and say
that these are no part of the incident's own.
"""

from __future__ import annotations

import re

from kb.extract.harmed import Casualty
from kb.extract.lexicon import word_set
from kb.extract.nodes import COUNT, PLAIN, TIME, Node

YEAR = re.compile(r"(?:in |of |since )?(?:19|20)\d\d")
LONG = re.compile(r"\b(?:years?|decades?)\b(?! ago)|\b(?:past|last|previous) (?:\w+ )?(?:weeks|months)\b")
SINCE = re.compile(
    r"since (?:[a-z ]*\d{4}|january|february|march|april|may|june|july|august|september|october|november|december)"
)
BEFORE = re.compile(
    r"\bago\b|\bearlier\b|\bbefore\b|\bpreviously\b|\b(?:last|previous|preceding) (?:week|month|year)\b"
)
OTHER = frozenset({"earlier", "previous", "similar", "past", "recent", "other", "such"})
BEGINNINGS = frozenset(
    {"start", "beginning", "outbreak", "onset", "fall", "collapse", "invasion", "war", "conflict", "coup"}
)
RANKS = word_set("ordinals") | {"latest"}
UNITS = frozenset({"days", "week", "weeks", "month", "months", "year", "years"})
CAUSES = word_set("causes")
RELATIVES = frozenset({"which", "when", "that", "where", "who"})
MARKS = frozenset({",", ";", ":", "(", ")", "–", "—", "--"})
REACH, RELATIVE_REACH, OPENING = 14, 10, 2


def marked(nodes: list[Node], found: list[Casualty], *, told: bool) -> list[Casualty]:
    """The findings of a sentence, those of other incidents and of longer times marked as background.

    ``told`` says that an event or people harmed were told of before in the document.
    """
    for index, finding in enumerate(found):
        before = found[:index]
        known = told or any(not f.background for f in before)
        whole = found[finding.whole] if finding.whole is not None else None
        if whole.background if whole is not None else _background(nodes, finding, before, known=known):
            found[index] = finding._replace(background=True)
    return found


def _background(nodes: list[Node], finding: Casualty, before: list[Casualty], *, known: bool) -> bool:
    at = finding.trigger
    floor = max((max(f.trigger, f.phrase) + 1 for f in before if f.trigger < at), default=0)
    if finding.phrase < at and floor > finding.phrase:
        floor = finding.phrase
    if _cause(nodes, at, floor):
        return True
    if not known:
        return False
    if any(_one_of_many(nodes, index) for index in range(floor, at)):
        return True
    segment = _segment(nodes, finding, floor)
    joined = bool(before) and segment[-1:] != [] and min(finding.phrase, at) > 0 and _joined(nodes, segment, floor)
    if joined:
        return before[-1].background  # "300 people were killed and 1,000 injured in the riots of 1988"
    if any(_long(nodes, index) or _other(nodes, index) for index in segment):
        return True
    if any(_after(nodes, index) for index in range(max(1, floor), at)):
        return True
    others = {f.trigger + 1 for f in before}  # "three of seven men seized last week were found dead"
    return any(nodes[i].kind == TIME and i not in others and BEFORE.search(nodes[i].lower) for i in segment)


def _joined(nodes: list[Node], segment: list[int], floor: int) -> bool:
    """Whether nothing parts a finding from the one before it."""
    return min(segment) == floor and floor > 0 and not any(n.lower in RELATIVES for n in nodes[floor : segment[-1]])


def _segment(nodes: list[Node], finding: Casualty, floor: int) -> list[int]:
    """The nodes whose times and attributes hold for a finding: its own clause between marks, what opens the sentence,
    and what a relative clause hangs on.
    """
    low, high = min(finding.trigger, finding.phrase), max(finding.trigger, finding.phrase)
    start = low
    while start > floor and nodes[start - 1].lower not in MARKS:
        start -= 1
    end = high + 1
    while end < len(nodes) and nodes[end].lower not in MARKS and nodes[end].lower not in ("and", "while", "after"):
        end += 1
    opening = range(floor, min(OPENING, start)) if floor == 0 else range(0)
    hung: range = range(0)
    if any(node.lower in RELATIVES for node in nodes[start:low]) and start > floor:
        hung = range(max(floor, start - RELATIVE_REACH), start)
    return [*opening, *hung, *range(start, end)]


def _long(nodes: list[Node], at: int) -> bool:
    """ "this year", "since 2010", "in 2013", "since the start of the war"."""
    node = nodes[at]
    if node.kind == TIME:
        if at and nodes[at - 1].lower in ("born", "in") and any(n.lower == "born" for n in nodes[max(0, at - 2) : at]):
            return False
        return bool(YEAR.fullmatch(node.lower) or LONG.search(node.lower) or SINCE.match(node.lower))
    return node.lower == "since" and any(n.lower in BEGINNINGS for n in nodes[at + 1 : at + 4])


def _other(nodes: list[Node], at: int) -> bool:
    """ "the earlier attack", "in similar marches"."""
    node = nodes[at]
    if node.lower == "the first" and any(n.lower in RANKS for n in nodes[:at]):
        return True  # "the second attack in a week; the first killed five people"
    if node.kind != PLAIN or node.lower not in OTHER:
        return False
    return any((n.kind == PLAIN and n.has("event-noun")) or n.lower in BEGINNINGS for n in nodes[at + 1 : at + 3])


def _after(nodes: list[Node], at: int) -> bool:
    """ "weeks after 119 were killed there": what was before the incident by more than hours."""
    return nodes[at].lower == "after" and nodes[at - 1].lower.split()[-1] in UNITS


def _one_of_many(nodes: list[Node], at: int) -> bool:
    """ "one of five attacks on the day, in which 73 people died"."""
    if at + 3 >= len(nodes) or nodes[at].lower != "one" or nodes[at + 1].lower != "of" or nodes[at + 2].kind != COUNT:
        return False
    return any(node.has("event-noun") for node in nodes[at + 3 : at + 6])


def _cause(nodes: list[Node], at: int, floor: int) -> bool:
    """ "in retaliation for the killing of a shepherd": what was done before, for which something is done now."""
    for index in range(at - 1, max(floor, at - REACH) - 1, -1):
        node = nodes[index]
        if node.lower in MARKS:
            return False
        if node.kind == PLAIN and node.lower in CAUSES:
            return True
    return False
