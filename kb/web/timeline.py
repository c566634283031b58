"""A figure over time as a drawing: one bar a claim from its least to its most, at the day when it was published.

A bar whose range is open ends in an arrow instead of a line. The drawing is made on the server, in SVG, so that it is
there without scripts; the table beneath it holds the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from kb.model import Count
from kb.web.cards import Card
from kb.web.wording import count_words, day_words, number

WIDTH, HEIGHT = 920, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 26, 44
_SLOT = 9  # pixels between bars of one day
_COLOURS = 8


@dataclass(frozen=True)
class Said:
    """A claim as the drawing needs it: ``finding`` is what it is to the claims before it."""

    card: Card
    finding: str
    contradicted: bool


@dataclass(frozen=True)
class Bar:
    """One claim: where its bar stands (pixels from the left and the top), whether it is open, and what it says.

    ``colour`` numbers its source.
    """

    x: float
    top: float
    bottom: float
    open_above: bool
    open_below: bool
    colour: int
    iri: str
    words: str
    contradicts: bool
    denied: bool

    @property
    def exact(self) -> bool:
        """Whether it is one number, drawn as a dot."""
        return not (self.open_above or self.open_below) and self.bottom - self.top < 4


@dataclass(frozen=True)
class Tick:
    """A mark of an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Source:
    """One source in the key of the drawing."""

    label: str
    iri: str | None
    colour: int
    claims: int


@dataclass(frozen=True)
class Drawing:
    """Everything that the template draws."""

    bars: list[Bar]
    rows: list[Tick]
    days: list[Tick]
    sources: list[Source]
    alternative: str
    logarithmic: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    floor: int = HEIGHT - _BOTTOM
    ceiling: int = _TOP


def draw(said: Sequence[Said], title: str) -> Drawing | None:
    """The drawing of claims that have a number and a day of publication; None if there are none."""
    shown = [it for it in said if it.card.document.published and _bounds(it.card) != (None, None)]
    if not shown:
        return None
    days = [_day(it.card) for it in shown]
    numbers = [bound for it in shown for bound in _bounds(it.card) if bound is not None]
    scale = _Scale(numbers)
    across = _Days(days)
    colours = _sources(shown)
    placed: dict[date, int] = {}
    bars = []
    for it in shown:
        day = _day(it.card)
        slot = placed.get(day, 0)
        placed[day] = slot + 1
        together = sum(1 for other in days if other == day)
        offset = (slot - (together - 1) / 2) * min(_SLOT, across.room / max(together, 1))
        bars.append(_bar(it, across.at(day) + offset, scale, colours))
    told = "; ".join(
        f"{day_words(_day(it.card))}, {_who(it.card)}: {count_words(_count(it.card))}" for it in shown[:40]
    )
    firsts = {_who(it.card): it.card for it in reversed(shown)}
    sources = [
        Source(name, _iri(firsts[name]), colour, sum(1 for it in shown if _who(it.card) == name))
        for name, colour in colours.items()
    ]
    return Drawing(bars, scale.ticks(), across.ticks(), sources, f"{title}. {told}.", scale.logarithmic)


def _bar(it: Said, x: float, scale: _Scale, colours: dict[str, int]) -> Bar:
    low, high = _bounds(it.card)
    top = scale.at(high) if high is not None else _TOP
    bottom = scale.at(low) if low is not None else HEIGHT - _BOTTOM
    words = f"{count_words(_count(it.card))}: {_who(it.card)}, {day_words(it.card.document.published)}"
    return Bar(
        x=round(x, 1),
        top=round(max(min(top, bottom - 3) if high is not None else bottom - 40, _TOP - 12), 1),
        bottom=round(bottom, 1),
        open_above=high is None,
        open_below=low is None,
        colour=colours[_who(it.card)],
        iri=it.card.iri,
        words=words,
        contradicts=it.finding == "contradicts" or it.contradicted,
        denied=it.card.claim.modality == "denied",
    )


class _Scale:
    """Numbers to pixels; by powers of ten where the largest is more than a hundred times the smallest."""

    def __init__(self, numbers: Sequence[int]) -> None:
        positive = [number for number in numbers if number > 0] or [1]
        self._most = max(positive)
        self.logarithmic = self._most > 100 * min(positive) and min(numbers) > 0
        self._least = 10 ** math.floor(math.log10(min(positive))) if self.logarithmic else 0
        self._step = _step(self._most)
        self._top = self._most if self.logarithmic else math.ceil(self._most / self._step) * self._step

    def at(self, value: int) -> float:
        height = HEIGHT - _TOP - _BOTTOM
        if self.logarithmic:
            whole = math.log10(self._top / self._least)
            part = math.log10(max(value, self._least) / self._least) / whole if whole else 0
        else:
            part = value / self._top
        return HEIGHT - _BOTTOM - height * part

    def ticks(self) -> list[Tick]:
        if self.logarithmic:
            powers = range(round(math.log10(self._least)), math.floor(math.log10(self._top)) + 1)
            return [Tick(round(self.at(10**power), 1), number(10**power)) for power in powers]
        steps = range(0, round(self._top) + 1, self._step)
        return [Tick(round(self.at(step), 1), number(step)) for step in steps]


def _step(most: int) -> int:
    rough = max(most / 5, 1)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough))


class _Days:
    """Days to pixels."""

    def __init__(self, days: Iterable[date]) -> None:
        self._first, self._last = min(all_ := sorted(days)), max(all_)
        self._length = max((self._last - self._first).days, 1)
        gaps = sorted((later - earlier).days for earlier, later in pairwise(all_) if later > earlier)
        # Bars of one day may not reach into the next day that has some.
        self.room = (WIDTH - _LEFT - _RIGHT - 40) / self._length * (gaps[0] if gaps else self._length) * 0.9
        self.single = self._first == self._last

    def at(self, day: date) -> float:
        inner = WIDTH - _LEFT - _RIGHT - 60
        return _LEFT + 30 + (inner / 2 if self.single else inner * (day - self._first).days / self._length)

    def ticks(self) -> list[Tick]:
        wanted = min(6, self._length + 1)
        if self.single:
            return [Tick(self.at(self._first), day_words(self._first))]
        steps = sorted({round(self._length * part / (wanted - 1)) for part in range(wanted)})
        found = [self._first + timedelta(step) for step in steps]
        return [Tick(round(self.at(day), 1), day.isoformat()) for day in found]


def _sources(shown: Sequence[Said]) -> dict[str, int]:
    """A colour for each source, those with most claims first; from the eighth on they share one."""
    counted: dict[str, int] = {}
    for it in shown:
        counted[_who(it.card)] = counted.get(_who(it.card), 0) + 1
    ordered = sorted(counted, key=lambda name: (-counted[name], name))
    return {name: min(position, _COLOURS - 1) for position, name in enumerate(ordered)}


def _who(card: Card) -> str:
    """The source of a claim, else the document's publisher."""
    return card.chain[0].label if card.chain else card.document.label


def _iri(card: Card) -> str | None:
    return card.chain[0].iri if card.chain else card.document.iri


def _count(card: Card) -> Count | None:
    return getattr(card.claim, "count", None)


def _bounds(card: Card) -> tuple[int | None, int | None]:
    count = _count(card)
    return (count.minimum, count.maximum) if count else (None, None)


def _day(card: Card) -> date:
    published = card.document.published
    assert published is not None  # noqa: S101 - the caller leaves out those without
    return date(published.year, published.month, published.day)
