"""Who says what within a sentence: its attributions, in what order their speakers pass it on, and how far each reaches.

A cue is one attribution: "police said", "according to the ministry", "A reported, citing B". Its chain runs from the
source outwards.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.extract.entities import PLACE
from kb.extract.hearers import (
    bare_outlet,
    caller,
    channel,
    ends,
    over_audience,
    through,
    unknown_outlet,
)
from kb.extract.lexicon import load
from kb.extract.nodes import COUNT, TIME, Node
from kb.extract.outlets import outlet_noun
from kb.extract.phrases import GROUP
from kb.extract.reach import CUTS, MANNERS, NONE, Cue, scoped
from kb.extract.seek import QUOTES
from kb.extract.speakers import OBLIQUE, STATEMENTS, Run, article, ending, left, right, speaks
from kb.extract.voice import is_adverb

NEAR = 8  # nodes between a saying and what carries it
OPENING = 2  # nodes before "according to" that opens a sentence
WITH_THAT = frozenset({"demand", "fear", "think", "object", "urge"})
TOLD = frozenset({"tell", "inform"})
LISTENING = ("speaking", "reached", "contacted", "interviewed", "posted", "published on")
NOUNLIKE = frozenset(load("reporting")["nounlike"])
NOUNS = frozenset(load("reporting")["saying-nouns"])
HOLDING = frozenset(load("reporting")["holding"])
TALLY = HOLDING | frozenset(load("reporting")["tally"])
CUES = frozenset({"according", "adverbial", "quoted-by", "citing", "quote-verb", "say"})


def cues(nodes: Sequence[Node], start: int = 0) -> list[Cue]:
    """The attributions of a sentence, left to right; ``start`` is the first node behind a dateline."""
    found: list[Cue] = []
    for at in range(start, len(nodes)):
        node = nodes[at]
        if (node.tags or node.lower in TALLY or node.lower in NOUNS) and (not found or at >= found[-1].last):
            _take(nodes, at, found)
    if start < len(nodes) and not found:
        _labelled(nodes, start, found)
    return scoped(nodes, found, start)


def _cue(chain: tuple[Run, ...], verb: int, *more: int) -> Cue:
    edges = [verb, *(run.first for run in chain), *more]
    ends = [verb + 1, *(run.last for run in chain), *more]
    return Cue(chain, min(edges), max(ends), verb, NONE, NONE)


def _take(nodes: Sequence[Node], at: int, found: list[Cue]) -> None:
    """Read the attribution at a node, if it makes one: add it, or add its speaker to the one before."""
    node = nodes[at]
    if CUES.isdisjoint(node.tags.lexes) and node.lower not in NOUNS and node.lower not in TALLY:
        return
    if node.has("according", "adverbial"):
        run = right(nodes, at) if node.lower not in OBLIQUE else Run(at, at + 1, at)  # "by his own account"
        if run is None and at + 1 < len(nodes) and nodes[at + 1].lower in OBLIQUE:
            run = Run(at + 1, at + 2, at + 1)  # "according to him"
        if run is not None:
            found.append(_cue((run,), at))
    elif node.has("quoted-by") and node.lower != "told":
        _quoted_by(nodes, at, found)
    elif node.has("citing", "quote-verb"):
        _quoting(nodes, at, found)
    elif node.has("say") and not _noun(nodes, at) and _with_clause(nodes, at):
        _saying(nodes, at, found)
    elif node.lower in NOUNS:
        _claimed(nodes, at, found)
    elif node.lower in TALLY:
        _counting(nodes, at, found)


def _noun(nodes: Sequence[Node], at: int) -> bool:
    """ "the report", "a statement", "state of emergency": the form of a verb of saying, used as a noun."""
    forms = {tag.form for tag in nodes[at].tagged("say")}
    before = nodes[at - 1] if at else None
    if before is None:
        return bool(forms & {"base"})
    if forms == {"s"} and before.kind == GROUP and before.value.many:
        return True  # "30 police posts"
    after = nodes[at + 1] if at + 1 < len(nodes) else None
    if after is not None and after.lower == "of" and forms <= {"base", "s"}:
        return True
    if article(before) or before.lower in ("of", "no", "in", "'s", "’s"):
        return True
    if not any(tag.lemma in NOUNLIKE for tag in nodes[at].tagged("say")):
        return False
    return "base" in forms and not (
        before.lower in ("to", "they", "we", "i", "-") or speaks(before) or is_adverb(before)
    )


def _adjacent(nodes: Sequence[Node], found: list[Cue], at: int) -> bool:
    """Whether only dates, commas and the like part the last cue from a node."""
    return bool(found) and all(_thin(nodes, i) for i in range(found[-1].last, at))


def _thin(nodes: Sequence[Node], index: int) -> bool:
    node = nodes[index]
    return (
        node.kind in (TIME, PLACE)
        or is_adverb(node)
        or node.lower in (",", "that", "which", "and", "who", "(", ")", "-", "as", "saying")
        or node.lower in QUOTES
        or node.lower in MANNERS
        or article(node)
    )


def _extend(found: list[Cue], chain: tuple[Run, ...], last: int) -> None:
    found[-1] = found[-1]._replace(chain=chain, last=max(found[-1].last, last))


def _quoted_by(nodes: Sequence[Node], at: int, found: list[Cue]) -> None:
    """ "X was quoted by A as saying", "…, X said, quoted by A", "in comments carried by A"."""
    relay = right(nodes, at)
    if relay is None or ("told" in nodes[at].lower and not outlet_noun(nodes, relay)):
        return
    listening = nodes[at].lower.startswith(LISTENING) or nodes[at].lower.endswith((" to", " with"))
    if listening and not outlet_noun(nodes, relay):
        return
    said = right(nodes, relay.last) if relay.last < len(nodes) - 1 and nodes[relay.last].lower == "by" else None
    if said is not None and not found:  # "read out on state radio | by the head of the service"
        found.append(_cue((said, relay), at, said.last)._replace(first=at))
        return
    last = _over_saying(nodes, relay.last)
    if (_adjacent(nodes, found, at) or _in_remarks(nodes, found, at)) and relay not in found[-1].chain:
        _extend(found, (*found[-1].chain, relay), last)
        return
    source = left(nodes, at) or (ending(nodes, at - 2) if at > 1 and nodes[at - 1].lower == "," else None)
    if (
        source is None
        and at
        and not found
        and (listening or nodes[at - 1].has("statement-nouns") or nodes[at - 1].lower in STATEMENTS)
    ):
        opener = right(nodes, -1)  # "The group claimed the attack in a statement quoted by A"
        if opener is not None and opener.first <= 1 and opener.last < at:
            found.append(_cue((opener, relay), at, last)._replace(first=at))
            return
    found.append(_cue((source, relay) if source is not None else (relay,), at, last))


def _in_remarks(nodes: Sequence[Node], found: list[Cue], at: int) -> bool:
    """ "told a news conference that was | broadcast on A": what carries a saying stands behind the word for it."""
    between = nodes[found[-1].last : at] if found else []
    words = {node.lower for node in between}
    remarks = any(node.has("statement-nouns") or node.lower in STATEMENTS for node in between)
    return remarks and len(between) < NEAR and not words & {";", "but", "and"}


def _over_saying(nodes: Sequence[Node], index: int) -> int:
    """ "… as saying on Friday": over the end of the phrase."""
    while index < len(nodes) and (
        nodes[index].lower in ("as", "television", "tv", "radio", "agency", "news", "channel")
    ):
        index += 1
    if index < len(nodes) and nodes[index].has("say") and {tag.form for tag in nodes[index].tagged("say")} & {"ing"}:
        index += 1
    return index


def _quoting(nodes: Sequence[Node], at: int, found: list[Cue]) -> None:
    """ "A reported, citing B", "A quoted B as saying", "a report by A that quoted B"."""
    passive = at > 0 and nodes[at - 1].has("be")
    if passive:
        source = left(nodes, at - 1)
        if source is not None:
            found.append(_cue((source,), at, _over_saying(nodes, at + 1)))
        return
    source = right(nodes, at)
    if source is None:
        return
    last = _over_saying(nodes, source.last)
    if _adjacent(nodes, found, at):
        _extend(found, (source, *found[-1].chain), last)
        return
    outlet = left(nodes, at) or (ending(nodes, at - 2) if at > 1 and nodes[at - 1].lower == "," else None)
    reports = len(found) == 1 and len(found[0].chain) == 1 and nodes[found[0].verb].has("say")
    if outlet is None and nodes[at].has("citing") and reports:  # "A reported that …, | citing B"
        found.append(_cue((source, *found[0].chain), at, last)._replace(first=at))
        return
    found.append(_cue((source, outlet) if outlet is not None else (source,), at, last))


def _saying(nodes: Sequence[Node], at: int, found: list[Cue]) -> None:
    tags = list(nodes[at].tagged("say"))
    forms, lemma = {tag.form for tag in tags}, tags[0].lemma
    if at and (nodes[at - 1].has("be") or nodes[at - 1].lower in ("i'm", "i’m")) and "participle" in forms:
        by = right(nodes, at + 1) if at + 2 < len(nodes) and nodes[at + 1].lower == "by" else None
        if by is not None:  # "are said by A to have been killed", "I am told by A that"
            found.append(_cue((by,), at))
        return
    if found and _continues(nodes, at, forms, found[-1]):
        found.append(Cue(found[-1].chain, at, at + 1, at, NONE, NONE))
        return
    if found and (_closes_citing(nodes, at, found[-1]) or _closes_carried(nodes, at, found[-1])):
        _extend(found, found[-1].chain, at + 1)
        return
    run = _inverted(nodes, at) if forms & {"past", "s", "base"} and lemma not in TOLD else None
    if run is None and (called := caller(nodes, at)) is not None:
        found.append(_cue(called, at))
        return
    run = run or left(nodes, at)
    if run is None and not found and forms & {"ing"} and at > 2:
        run = _opener(nodes, at)
    if run is None or (found and run.first < found[-1].last) or _denial_behind(nodes, at, run):
        return
    if _silent(nodes, at):
        return
    if found and _adjacent(nodes, found, run.first) and (_carried(nodes, found[-1]) or _opened(nodes, found)):
        _extend(found, (run, *found[-1].chain), max(at + 1, run.last))
        return
    if found and run.first >= found[-1].last and _passed_on(nodes, found[-1], run):
        _extend(found, (*found[-1].chain, run), max(at + 1, run.last))
        return
    found.append(_said_to(nodes, at, run, told=lemma in TOLD))


def _with_clause(nodes: Sequence[Node], at: int) -> bool:
    """Whether a verb that says something only with a clause has it: "demanded | on Saturday | that …"."""
    if all(tag.lemma not in WITH_THAT for tag in nodes[at].tagged("say")):
        return True
    index = at + 1
    while index < len(nodes) and (
        nodes[index].kind == TIME or nodes[index].has("preposition") or is_adverb(nodes[index])
    ):
        index += 1
    return index < len(nodes) and nodes[index].lower == "that"


def _said_to(nodes: Sequence[Node], at: int, run: Run, *, told: bool) -> Cue:
    """The attribution of a verb with its subject: to whom it is told and what it is said through pass it on."""
    chain: tuple[Run, ...] = (run,)
    listener = right(nodes, over_audience(nodes, at)) if told else None
    if listener is not None and (outlet_noun(nodes, listener) or unknown_outlet(nodes, at, listener)):
        chain = (run, listener)
    elif told and listener is None and bare_outlet(nodes, at):
        chain = (run, Run(at + 1, at + 3, at + 2))
    heard = listener.last if listener is not None and ends(nodes, listener.last) else at + 1
    voice = through(nodes, at, run)
    chain = (run, voice, *chain[1:]) if voice is not None else chain
    aired = channel(nodes, max(heard, run.last))
    if aired is not None and aired not in chain:
        chain, heard = (*chain, aired), aired.last
    return _cue(chain, at, heard)


def _opener(nodes: Sequence[Node], at: int) -> Run | None:
    """ "The group claimed the attack, saying …": the subject that the sentence opens with."""
    if nodes[at - 1].lower != ",":
        return None
    run = right(nodes, -1)
    return run if run is not None and run.first <= 1 and run.last < at - 1 else None


def _opened(nodes: Sequence[Node], found: list[Cue]) -> bool:
    """ "According to A, B said": who opens the sentence passes it on."""
    return len(found) == 1 and nodes[found[0].verb].has("according") and found[0].verb <= OPENING


def _silent(nodes: Sequence[Node], at: int) -> bool:
    """ "has not commented on": who says nothing is no source."""
    index = at - 1
    while index > 0 and (is_adverb(nodes[index]) or nodes[index].has("have", "be", "modal")):
        if nodes[index].has("mode-negation"):
            return True
        index -= 1
    return False


def _carried(nodes: Sequence[Node], cue: Cue) -> bool:
    """ "In a statement carried by A, B said": a relay that is named before the source."""
    return nodes[cue.verb].has("quoted-by") and len(cue.chain) == 1


def _denial_behind(nodes: Sequence[Node], at: int, run: Run) -> bool:
    """ "…, a claim the army denied": nobody says what is denied there."""
    closed = ends(nodes, at + 1) and not (at + 1 < len(nodes) and nodes[at + 1].lower == "that")
    return nodes[at].has("say-deny") and run.first > 2 and closed


def _continues(nodes: Sequence[Node], at: int, forms: set[str], last: Cue) -> bool:
    """ "…, adding that", "X said … and added": the same speaker goes on."""
    before = nodes[at - 1].lower if at else ""
    if "ing" in forms:
        return before in (",", "and", "but", "before", "while", "as") or nodes[at - 1].kind == TIME
    return bool(forms & {"past", "s"}) and before in ("and", "but") and at - last.last < 40


def _closes_citing(nodes: Sequence[Node], at: int, last: Cue) -> bool:
    """ "A, citing B, said": the verb behind what the commas enclose."""
    return nodes[last.verb].has("citing") and len(last.chain) > 1 and _adjacent(nodes, [last], at)


def _closes_carried(nodes: Sequence[Node], at: int, last: Cue) -> bool:
    """ "A communique read on B | said": the verb behind what passed it on."""
    return nodes[last.verb].has("quoted-by") and len(last.chain) > 1 and _adjacent(nodes, [last], at)


def _passed_on(nodes: Sequence[Node], last: Cue, run: Run) -> bool:
    """ "…, X said, A reported": two attributions with nothing but commas and dates between them."""
    between = range(last.last, run.first)
    commas = any(nodes[i].lower == "," for i in between)
    return commas and all(_thin(nodes, i) and nodes[i].lower not in ("and", "that") for i in between)


def _inverted(nodes: Sequence[Node], at: int) -> Run | None:
    """ "…”, said X"; "…, transmits A": the speaker behind the verb."""
    before = nodes[at - 1].lower if at else ","
    if not (before in QUOTES or before in CUTS):
        return None
    run = right(nodes, at) if at + 1 < len(nodes) and nodes[at + 1].lower != "that" else None
    if run is None or (before == "," and left(nodes, at) is not None and not ends(nodes, run.last)):
        return None
    return run


def _claimed(nodes: Sequence[Node], at: int, found: list[Cue]) -> None:
    """ "the army's announcement that …", "the claim by activists that …": a noun of saying with its clause."""
    that = next((i for i in range(at + 1, min(at + NEAR, len(nodes))) if nodes[i].lower == "that"), None)
    if that is None or (found and (nodes[found[-1].verb].has("say-deny") or found[-1].last > at)):
        return
    if nodes[at + 1].lower in ("by", "from", "of"):
        run = right(nodes, at + 1)
    elif that == at + 1 and at > 1 and nodes[at - 1].lower in ("'s", "’s", "'", "’"):
        run = ending(nodes, at - 2, oblique=True)
    else:
        return
    if run is not None and run.last <= that + 1:
        found.append(_cue((run,), at)._replace(last=that + 1))


def _counting(nodes: Sequence[Node], at: int, found: list[Cue]) -> None:
    """ "The commission recorded 22 abductions", "organisers put the crowd at 60,000"."""
    if at == 0 or nodes[at - 1].has("be") or (found and at < found[-1].last):
        return
    if nodes[at].lower in HOLDING and " " not in nodes[at].lower and nodes[min(at + 1, len(nodes) - 1)].lower != "to":
        return
    numbers = [i for i in range(at + 1, min(at + 12, len(nodes))) if nodes[i].kind in (COUNT, GROUP)]
    if nodes[at].lower in ("put", "puts"):
        numbers = [i for i in numbers if any(n.lower == "at" for n in nodes[at + 1 : i])]
    run = left(nodes, at) if numbers else None
    if run is None or (nodes[run.head].kind == GROUP and nodes[run.head].value.count is not None):
        return
    if found and run.first < found[-1].last:
        return
    if nodes[run.head].lower in ("it", "they", "he", "she") and found:
        return
    found.append(_cue((run,), at))


def _labelled(nodes: Sequence[Node], start: int, found: list[Cue]) -> None:
    """ "State television: …", "Police: 12 killed"; and a headline's "12 killed in Almaty – police"."""
    run = right(nodes, start - 1)
    if run is not None and run.first == start and run.last + 1 < len(nodes) and nodes[run.last].lower == ":":
        if nodes[run.head].kind != GROUP or nodes[run.head].value.count is None:
            found.append(_cue((run,), run.last))
        return
    last = len(nodes) - 1
    for index in range(last, max(start, last - 4), -1):
        if nodes[index].lower in ("-", "–", "—") and index < last:
            run = right(nodes, index)
            if run is not None and run.last == len(nodes) and nodes[run.head].first > nodes[index].last - 1:
                found.append(_cue((run,), index))
            return
