"""Figures, episodes, findings and contradictions as triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.model import digest
from kb.rdf import terms
from kb.review import Standing
from kb.store import Store
from kb.track.comparing import order, words
from kb.track.conflicts import Contradiction
from kb.track.episodes import Episode
from kb.track.figures import Figure
from kb.track.findings import Names, Reader
from kb.track.found import Finding
from kb.track.keys import EVERYONE, Key
from kb.track.statements import CROWD, TROOPS, Statement, Surroundings
from kb.track.views import Views, views
from kb.track.wording import days

Fact = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """A figure with what was found in it."""

    figure: Figure
    reader: Reader
    views: Views


def told(figures: Sequence[Figure], around: Surroundings, names: Names) -> list[Told]:
    """Every figure read in the order of publication, and parts held against their wholes."""
    readers = {f.key: Reader(around, names).read(f.statements, _subsets(f)) for f in figures}
    for figure in figures:
        for whole in figure.wholes:
            if (
                whole.people == figure.key.people
                and whole.place != figure.key.place
                and whole.scope == figure.key.scope
            ):
                readers[figure.key].contradictions.extend(_exceeding(readers[figure.key], readers[whole], names))
    disputed = {figure.key for figure in figures if readers[figure.key].contradictions}
    return [Told(f, readers[f.key], views(readers[f.key].found, f.key in disputed, around)) for f in figures]


def _subsets(figure: Figure) -> frozenset[str]:
    if not figure.wholes:
        return frozenset()
    by_words = figure.key.measure != TROOPS and "/" in figure.key.people
    return frozenset(s.claim for s in figure.statements if by_words or s.whole is not None)


def _exceeding(part: Reader, whole: Reader, names: Names) -> Iterator[Contradiction]:
    """A part larger than what its whole is said to be then or later: growth explains the opposite only."""
    fronts = [f.statement for f in whole.found if f.finding in (Finding.NEW, Finding.UPDATES) and f.statement.counted]
    most = 0
    for found in part.found:
        s = found.statement
        if s.denied or s.low is None or s.low <= most:
            continue
        most = s.low
        # The whole as its newest number on each day has it, from the day of the part on.
        newest = [one for one, later in pairwise([*fronts, None]) if one and (later is None or later.day != one.day)]
        for front in newest:
            if front.day >= s.day and front.high is not None and front.high < s.low and front.document != s.document:
                first, last = sorted((s, front), key=order)
                said = (
                    f"{words(s)} {_at(s, names)} is more than {words(front)} {_at(front, names)}, of which it is a part"
                )
                yield Contradiction(first, last, said)
                break


def _at(statement: Statement, names: Names) -> str:
    return f"in {names.of(statement.place)}" if statement.place else ""


def given_name(standing: Standing, kind: str, claims: Iterable[str]) -> str | None:
    """What people called the event or episode of these claims, the newest name if there are several."""
    given = [found for claim in claims if (found := standing.names.get((kind, claim)))]
    return max(given, key=lambda decision: decision.number).value if given else None


def facts(found: Sequence[Told], store: Store, names: Names, standing: Standing) -> Iterator[Fact]:
    """The triples of figures, their episodes and the findings of their claims."""
    claims: dict[Episode, list[str]] = defaultdict(list)
    for each in found:
        claims[each.figure.key.episode].extend(s.claim for s in each.figure.statements)
    for episode in sorted(claims, key=lambda each: each.order):
        named = given_name(standing, "episode", claims[episode])
        yield from _episode(episode, store, named or _episode_label(episode, names))
    for each in found:
        subject = store.iri(f"figure/{each.figure.key.identifier(store.base)}")
        yield from _figure(subject, each, store, names)
        yield from _pinned(subject, each, standing)
        for rank, finding in enumerate(each.reader.found, 1):
            claim = finding.statement.claim
            yield claim, terms.kb("rank"), terms.INTEGER.write(rank)
            yield claim, terms.kb("figure"), terms.node(subject)
            yield claim, terms.kb("finding"), terms.node(terms.kb(terms.pascal(finding.finding.value)))
            yield claim, terms.kb("findingReason"), terms.text(finding.reason)
            if finding.other is not None:
                yield claim, terms.kb("comparedWith"), terms.node(finding.other.claim)
            if finding.corrects is not None:
                yield claim, terms.kb("corrects"), terms.node(finding.corrects.claim)
        for contradiction in each.reader.contradictions:
            yield from _contradiction(subject, contradiction)


def _contradiction(figure: str, found: Contradiction) -> Iterator[Fact]:
    subject = f"{figure}#{digest(found.earlier.claim, found.later.claim)}"
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("Contradiction"))
    yield subject, terms.kb("inFigure"), terms.node(figure)
    yield subject, terms.kb("earlierClaim"), terms.node(found.earlier.claim)
    yield subject, terms.kb("laterClaim"), terms.node(found.later.claim)
    yield subject, terms.kb("contradictionReason"), terms.text(found.reason)


def _pinned(subject: str, each: Told, standing: Standing) -> Iterator[Fact]:
    given = [found for s in each.figure.statements if (found := standing.views.get(s.claim))]
    if given:
        newest = max(given, key=lambda decision: decision.number)
        yield subject, terms.kb("pinnedView"), terms.text(newest.value or "")


def _episode(episode: Episode, store: Store, label_: str) -> Iterator[Fact]:
    subject = store.iri(f"episode/{episode.identifier(store.base)}")
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("Episode"))
    yield subject, terms.RDFS_LABEL, terms.label(label_)
    if episode.country:
        yield subject, terms.kb("happensIn"), terms.node(episode.country)
    if episode.first and episode.last:
        yield subject, terms.kb("firstDay"), terms.MOMENT.write(episode.first)
        yield subject, terms.kb("lastDay"), terms.MOMENT.write(episode.last)


def _episode_label(episode: Episode, names: Names) -> str:
    when = days(episode.first, episode.last) if episode.first and episode.last else None
    where = names.of(episode.country) if episode.country else "one document, no place"
    return ", ".join(part for part in (where, when) if part)


def _figure(subject: str, each: Told, store: Store, names: Names) -> Iterator[Fact]:
    key, seen = each.figure.key, each.views
    yield subject, terms.RDF_TYPE, terms.node(terms.kb("Figure"))
    yield subject, terms.RDFS_LABEL, terms.label(label(each.figure, names))
    yield subject, terms.kb("episode"), terms.node(store.iri(f"episode/{key.episode.identifier(store.base)}"))
    yield subject, terms.kb("measure"), terms.node(terms.kb(key.measure))
    yield subject, terms.kb("peopleText"), terms.text(people(each.figure, names))
    for kind in sorted({s.people for s in each.figure.statements if s.people}):
        yield subject, terms.kb("people"), terms.node(terms.kb(kind))
    if key.measure == TROOPS:
        yield subject, terms.kb("forces"), terms.node(key.people)
    if key.place:
        yield subject, terms.kb("countedAt"), terms.node(key.place)
    if key.scope.startswith("http"):
        yield subject, terms.kb("countsEvent"), terms.node(key.scope)
    for whole in each.figure.wholes:
        yield subject, terms.kb("partOfFigure"), terms.node(store.iri(f"figure/{whole.identifier(store.base)}"))
    for name in ("lowest", "highest", "low", "best", "high", "conservative"):
        number = getattr(seen, name)
        if number is not None:
            yield subject, terms.kb(name), terms.INTEGER.write(number)
    yield subject, terms.kb("disputed"), terms.BOOLEAN.write(seen.disputed)
    yield subject, terms.kb("independentSources"), terms.INTEGER.write(seen.independent)
    for statement in seen.latest:
        yield subject, terms.kb("latestClaim"), terms.node(statement.claim)


def people(figure: Figure, names: Names) -> str:
    """Whom the figure counts, in words."""
    key = figure.key
    if key.measure == TROOPS:
        return names.of(key.people)
    if key.measure == CROWD:
        groups = sorted({s.group for s in figure.statements if s.group})
        return names.of(groups[0]) if groups else "people"
    if "/" in key.people:
        return f"{min(s.words for s in figure.statements) or 'people'}, a part"
    kinds = sorted({s.people for s in figure.statements})
    if key.people == "SecurityForces" and len(kinds) > 1:
        kinds = ["SecurityForces"]
    spoken = ["people" if kind == EVERYONE else terms.kebab(kind).replace("-", " ") for kind in kinds]
    return " or ".join(spoken)


def label(figure: Figure, names: Names) -> str:
    """The label of a figure: "security forces killed, Kazakhstan, 2–16 January 2022"."""
    key = figure.key
    what = {TROOPS: "troops of %s", CROWD: "crowd of %s"}.get(key.measure, f"%s {terms.kebab(key.measure)}")
    where = names.of(key.place) if key.place else None
    when = _when(key)
    return ", ".join(part for part in (what % people(figure, names), where, when) if part)


def _when(key: Key) -> str | None:
    if len(key.scope) == 10:
        return f"from {key.scope}"
    episode = key.episode
    return days(episode.first, episode.last) if episode.first and episode.last else None
