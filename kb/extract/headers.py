"""What stands before the first sentence of a block and is no part of it: datelines, dates, a live blog's clock times.

"KABUL, 3 Jan (Reuters) -", "SAN SALVADOR, 3 JAN 90 (AFP) -- [TEXT]", "date 2022-01-06", "14:32", "10/02/2015:".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kb.extract.context import Context
from kb.extract.entities import ACTOR, PLACE
from kb.extract.nodes import TIME, Node
from kb.extract.times import Form, resolve
from kb.model import Actor, ActorType, Place, TimeSpan

DASHES = frozenset({"-", "–", "—", "―"})
LONGEST = 24  # nodes of a dateline
STALE = timedelta(days=31)  # a dateline older than this is no anchor for "yesterday"
NO_PLACE = ("be", "have", "say", "harm-verb", "event-verb", "harm-noun", "toll", "modal", "modal-future")
STAMP_ENDS = frozenset({"-", "–", "—", ":", "|", ".", "gmt", "utc", "am", "pm", "local", "time", "est", "bst", "cet"})


class Header(NamedTuple):
    """A header: the first node behind it, and the place, day and outlet that it gives; ``stamp`` dates what follows."""

    end: int
    place: Place | None = None
    day: date | None = None
    outlet: Actor | None = None
    stamp: TimeSpan | None = None


NO_HEADER = Header(0)


def header(nodes: Sequence[Node], context: Context) -> Header:
    """The header that a block's first sentence begins with, if any."""
    if not nodes:
        return NO_HEADER
    return _stamp(nodes, context) or _dateline(nodes, context) or _bracket(nodes, 0, context) or NO_HEADER


def _stamp(nodes: Sequence[Node], context: Context) -> Header | None:
    """A clock time, a date with a colon, or "date" and a date."""
    first = 1 if nodes[0].lower in ("date", "updated", "published", "-", "*", "•") else 0
    if first >= len(nodes) or nodes[first].kind != TIME:
        return None
    match, after = nodes[first].value, nodes[first + 1].lower if first + 1 < len(nodes) else ""
    if match.form == Form.CLOCK and match.text[:1].isdigit() and (first == 0 or nodes[0].lower in "-*•"):
        span = TimeSpan(text=match.text, earliest=context.day, latest=context.day) if context.day else None
        return Header(_over(nodes, first + 1), stamp=span)
    span = resolve(match, context.day).span
    if span.earliest is None or not match.text[:1].isdigit():
        return None
    if nodes[0].lower in ("date", "updated", "published"):
        return Header(_over(nodes, first + 1), day=span.earliest if span.earliest == span.latest else None)
    return Header(first + 2, stamp=span) if after in (":", "|") and first == 0 else None


def _over(nodes: Sequence[Node], index: int) -> int:
    while index < len(nodes) and nodes[index].lower in STAMP_ENDS:
        index += 1
    return index


def _dateline(nodes: Sequence[Node], context: Context) -> Header | None:
    if nodes[0].kind != PLACE and not context.words(nodes[0].first, nodes[0].last).isupper():
        return None
    place = next((node.value for node in nodes[:3] if node.kind == PLACE), None)
    day: date | None = None
    for index in range(min(LONGEST, len(nodes))):
        node = nodes[index]
        if node.lower in "([/" and index:
            closing = next((i for i in range(index + 1, min(index + 10, len(nodes))) if nodes[i].lower in ")]/"), None)
            if closing is None or closing == index + 1:
                return None
            ended = _dashes(nodes, closing + 1)
            if ended == closing + 1:
                return None
            return Header(_brackets(nodes, ended), place, day, _outlet(nodes, index + 1, closing, context))
        if node.lower in DASHES and index and _parted(nodes, index, context):
            return Header(_brackets(nodes, _dashes(nodes, index)), place, day) if place is not None else None
        if node.kind == TIME:
            day = day or _day(node, context)
        elif node.has(*NO_PLACE) or (node.kind not in (PLACE, ACTOR) and index > 8):
            return None
    return None


def _parted(nodes: Sequence[Node], index: int, context: Context) -> bool:
    """Whether a dash stands between spaces, and so does not join two words."""
    tokens = context.tokens
    return tokens[nodes[index].first].start > tokens[nodes[index].first - 1].end


def _day(node: Node, context: Context) -> date | None:
    """The day of a dateline, if it is near the document's own."""
    span = resolve(node.value, context.day).span
    if span.earliest is None or span.earliest != span.latest:
        return None
    near = context.day is None or timedelta(0) <= context.day - span.earliest <= STALE
    return span.earliest if near else None


def _dashes(nodes: Sequence[Node], index: int) -> int:
    while index < len(nodes) and nodes[index].lower in DASHES:
        index += 1
    return index


def _brackets(nodes: Sequence[Node], index: int) -> int:
    """Over "[TEXT]", "[REPORT] [TEXT]"."""
    while index + 2 < len(nodes) and nodes[index].lower == "[":
        closing = next((i for i in range(index + 1, min(index + 8, len(nodes))) if nodes[i].lower == "]"), None)
        if closing is None:
            return index
        index = closing + 1
    return index


def _bracket(nodes: Sequence[Node], index: int, context: Context) -> Header | None:
    """ "[BBC]" in front of a text."""
    if nodes[index].lower != "[" or index + 2 >= len(nodes) or nodes[index + 2].lower != "]":
        return None
    actor = nodes[index + 1].value
    if nodes[index + 1].kind == ACTOR and actor.type == ActorType.OUTLET:
        return Header(_brackets(nodes, index), outlet=actor)
    return None


def _outlet(nodes: Sequence[Node], first: int, last: int, context: Context) -> Actor | None:
    """The agency named between brackets: a known outlet, else whatever stands there."""
    for node in nodes[first:last]:
        if node.kind == ACTOR and node.value.type == ActorType.OUTLET:
            return node.value  # type: ignore[no-any-return]  # an actor node holds an Actor
    inside = [node for node in nodes[first:last] if node.lower not in "/,"]
    if any(node.kind == TIME or node.has("say", "be") for node in inside) or not inside:
        return None
    text = context.words(nodes[first].first, nodes[last - 1].last)
    return context.directory.outlet(text) if text[:1].isupper() else None
