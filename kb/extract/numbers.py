"""Numbers as news words them: hedges, ranges, dozens and nobody, read as counts with what they count."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kb.extract.number_kinds import Kind, by_unit, classify
from kb.extract.numerals import LARGEST, Quantity, Scan, quantity
from kb.extract.tokens import NUMBER, Token
from kb.model import Count, Hedge

__all__ = ["CountMatch", "Kind", "find_counts"]

_MOST_HEDGES = 4
_STRONG = (Hedge.AT_LEAST, Hedge.MORE_THAN, Hedge.UP_TO, Hedge.FEWER_THAN)


class CountMatch(NamedTuple):
    """A number expression: tokens ``first`` up to ``last``, characters ``start`` up to ``end`` (both exclusive).

    ``count.text`` is the wording. ``kind`` says what it is; a number that is no count of people or things (a year, an
    age, money…) has a kind of its own, and its count then holds the bare number. ``additional`` marks "another five".
    ``core`` is the token where the digits or number words themselves start, after the hedges.
    """

    first: int
    last: int
    start: int
    end: int
    count: Count  # type: ignore[assignment]  # the contract's name; tuple.count is of no use here
    kind: Kind
    additional: bool = False
    core: int = 0


class _Core(NamedTuple):
    """One number or range: where its digits or words start, and what was read."""

    start: int
    found: Quantity
    ranged: bool = False


def find_counts(tokens: list[Token], text: str) -> list[CountMatch]:
    """All number expressions of a text, left to right, the longest at each place, none overlapping."""
    return counts_in(Scan(tokens, text))


def counts_in(scan: Scan) -> list[CountMatch]:
    """As ``find_counts``, over a text that is already under scan."""
    starts = scan.lexicon.starts
    places = [index for index, token in enumerate(scan.tokens) if token[4] == NUMBER or token[1] in starts]
    matches: list[CountMatch] = []
    scan.reached = 0
    for index in places:
        if index < scan.reached:
            continue
        if (skipped := scan.lexicon.not_counts.at(scan.words, index)) is not None:
            scan.reached = skipped[0]
        elif (match := _read(scan, index)) is not None:
            if isinstance(match, int):
                scan.reached = match
            else:
                matches.append(match)
                scan.reached = match.last
                scan.aged = match.last if match.kind is Kind.AGE else scan.aged
    return matches


def _read(scan: Scan, index: int) -> CountMatch | int | None:
    """The expression that starts at ``index``; the token to go on from if it is no number at all (an ordinal)."""
    at, hedges, weak, additional = _prefix(scan, index)
    if at > index:
        core = _core(scan, at)
        if core is not None and _may_hedge(core.found, hedges, weak):
            return _finish(scan, index, core, hedges, additional)
        if additional and not hedges and scan.words[at - 1] == "another":
            return _make(scan, index, at, (1, 1, Hedge.EXACT), Kind.ARTICLE, additional=True)
    core = _core(scan, index)
    if core is None or (
        scan.words[index] == "one" and index and scan.words[index - 1] in scan.lexicon.sets["one_not_after"]
    ):
        return None
    return _finish(scan, index, core, [], False)


def _prefix(scan: Scan, index: int) -> tuple[int, list[Hedge], bool, bool]:
    """Hedges and "another" before a number: where they end, the hedges, whether all are weak, whether additional."""
    lexicon, words = scan.lexicon, scan.words
    hedges: list[Hedge] = []
    weak, additional, at = True, False, index
    for _ in range(_MOST_HEDGES):
        if (hedge := lexicon.hedges_before.at(words, at)) is not None:
            at = hedge[0]
            hedges.append(hedge[1].hedge)
            weak = weak and hedge[1].weak
        elif (more := lexicon.additional_before.at(words, at)) is not None:
            at, additional = more[0], True
        else:
            break
    return at, hedges, weak, additional


def _may_hedge(found: Quantity, hedges: list[Hedge], weak: bool) -> bool:
    """Whether these hedges fit: nothing hedges "no", and only a strong one hedges "a" and "one"."""
    if found.form in ("none", "huge"):
        return found.form == "huge"
    if found.form == "article":
        return not weak and bool(hedges) and hedges[0] in _STRONG
    return not (weak and hedges and found.form == "words" and found.high == 1)


def _core(scan: Scan, index: int) -> _Core | None:
    """A number or range without its hedges."""
    opener = scan.lexicon.range_openers.at(scan.words, index)
    if opener is not None:
        start, connectors = opener
        low = quantity(scan, start)
        if low is None or not _plain(low) or (scan.words[index] == "from" and _is_change(scan, index)):
            return None
        joint = connectors.at(scan.words, low.end)
        high = quantity(scan, joint[0]) if joint else None
        return _Core(start, span, True) if high and (span := _range(low, high)) else None
    found = quantity(scan, index)
    if found is None or not _plain(found):
        return None if found is None else _Core(index, found)
    joint = scan.lexicon.range_connectors.at(scan.words, found.end)
    if joint is None or (scan.words[index - 1] == "from" and _is_change(scan, index - 1)):
        return _Core(index, found)
    if scan.words[found.end] in "-–—−" and _is_chain(scan, found.end, joint[0]):
        return _Core(index, found)
    high = quantity(scan, joint[0])
    span = _range(found, high) if high is not None else None
    return _Core(index, span, True) if span is not None else _Core(index, found)


def _plain(found: Quantity) -> bool:
    return found.form in ("digits", "words") and found.low is not None and found.low == found.high


def _range(low: Quantity, high: Quantity) -> Quantity | None:
    """Both ends as one; "two to three hundred" shares its multiplier."""
    if not _plain(high) or low.low is None or high.high is None:
        return None
    bottom = low.low
    if low.scale == 1 < high.scale and bottom < high.high // high.scale:
        bottom *= high.scale
    if bottom >= high.high or bottom == 0:
        return None
    return Quantity(high.end, bottom, high.high, high.scale, high.form)


def _is_change(scan: Scan, index: int) -> bool:
    """Whether "from" follows a verb of change: the toll rose from 10 to 15."""
    changes = scan.lexicon.sets["change_words"]
    for word in reversed(scan.words[max(0, index - 6) : max(0, index)]):
        if word in (".", ";", "!", "?"):
            return False
        if word in changes:
            return True
    return False


def _is_chain(scan: Scan, dash: int, following: int) -> bool:
    """Whether a dash joins codes rather than the ends of a range: 2022-01-06, 555-1234, 8 - 9 - 10."""
    if not scan.is_number(following):
        return not scan.glued(dash) and scan.words[dash] == "-"
    text, before = scan.tokens[following].text, scan.tokens[dash - 1].text
    if text[0] == "0" or before[0] == "0" or (len(before) == 3 and len(text) == 4 and text.isdecimal()):
        return True
    return scan.words[following + 1] in ("-", "/", "–") and scan.is_number(following + 2)


def _finish(scan: Scan, index: int, core: _Core, hedges: list[Hedge], additional: bool) -> CountMatch | int | None:
    """Read what follows the number, say what it counts and build the match."""
    found = core.found
    if found.form == "huge":
        return found.end
    reading = classify(scan, index, core.start, found, bool(hedges) or core.ranged)
    if reading.kind is Kind.ORDINAL:
        return reading.last
    if reading.kind not in (Kind.NUMBER, Kind.ARTICLE):
        bounds = _bounds(found, hedges, core.ranged)
        return _make(scan, reading.first, reading.last, bounds, reading.kind, additional, core.start)
    end, words = found.end, scan.words
    counted = reading.kind is Kind.NUMBER
    if counted and words[end] in scan.lexicon.sets["additional_after"] and words[end + 1] != "than":
        end, additional = end + 1, True
    if counted and not core.ranged and (upper := _upper(scan, end, found)) is not None:
        bounds = (found.low, upper.high, Hedge.RANGE)
        return _make(scan, index, upper.end, bounds, Kind.NUMBER, additional, core.start)
    end, after = _suffix(scan, end)
    bounds = _bounds(found, hedges + after, core.ranged)
    unit = by_unit(scan, index, core.start, found._replace(end=end)) if after else None  # 20-plus months
    last, kind = (unit.last, unit.kind) if unit else (end, reading.kind)
    return _make(scan, index, last, bounds, kind, additional, core.start)


def _upper(scan: Scan, end: int, found: Quantity) -> Quantity | None:
    """The upper bound of "at least 10 and possibly as many as 20"."""
    at = end + 1 if scan.words[end] == "," else end
    joint = scan.lexicon.range_bounds.at(scan.words, at)
    high = quantity(scan, joint[0]) if joint is not None else None
    if high is None or not _plain(high) or found.low is None or high.high is None or high.high <= found.low:
        return None
    return high


def _suffix(scan: Scan, end: int) -> tuple[int, list[Hedge]]:
    """Hedges after a number: "or more", "and possibly more", "or so", "50+"."""
    words = scan.words
    comma = words[end] == "," and words[end + 1] in ("and", "or", "possibly", "perhaps", "if")
    match = scan.lexicon.hedges_after.at(words, end + comma)
    if match is None:
        return end, []
    after, hedge = match
    if words[end] in "+-" and not scan.glued(end):
        return end, []
    if scan.is_number(after) or (
        words[after] in scan.lexicon.starts and words[after] not in ("a", "an", "over", "about", "some")
    ):
        return end, []
    return after, [hedge]


def _bounds(found: Quantity, hedges: list[Hedge], ranged: bool) -> tuple[int | None, int | None, Hedge]:
    """What number and hedges mean together; the first strong hedge decides, else the first."""
    hedge = next((each for each in hedges if each in _STRONG), hedges[0] if hedges else Hedge.EXACT)
    low, high = found.low, found.high
    if found.form == "vague" or low is None or high is None:
        return _vague_bounds(low, hedge)
    if ranged and hedge not in _STRONG:
        return low, high, Hedge.RANGE
    bounds: dict[Hedge, tuple[int | None, int | None]] = {
        Hedge.AT_LEAST: (low, None),
        Hedge.MORE_THAN: (low + 1, None),
        Hedge.UP_TO: (None, high),
        Hedge.FEWER_THAN: (None, max(high - 1, 0)),
    }
    minimum, maximum = bounds.get(hedge, (low, high))
    return minimum, maximum, Hedge.ABOUT if found.soft and hedge is Hedge.EXACT else hedge


def _vague_bounds(low: int | None, hedge: Hedge) -> tuple[int | None, int | None, Hedge]:
    """Up to dozens bounds nothing; any other hedge leaves dozens what they are."""
    if hedge in (Hedge.UP_TO, Hedge.FEWER_THAN):
        return None, None, hedge
    return low, None, Hedge.VAGUE


@lru_cache(maxsize=4096)
def _count(minimum: int | None, maximum: int | None, hedge: Hedge, text: str) -> Count:
    return Count(minimum=minimum, maximum=maximum, hedge=hedge, text=text)


def _make(
    scan: Scan,
    first: int,
    last: int,
    bounds: tuple[int | None, int | None, Hedge],
    kind: Kind,
    additional: bool = False,
    core: int | None = None,
) -> CountMatch:
    start, end = scan.tokens[first].start, scan.tokens[last - 1].end
    minimum, maximum, hedge = bounds
    if minimum is not None and minimum > LARGEST:
        minimum = LARGEST
    count = _count(minimum, maximum, hedge, scan.text[start:end])
    return CountMatch(first, last, start, end, count, kind, additional, first if core is None else core)
