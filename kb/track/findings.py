"""How each claim of a figure relates to what had been published before it, and which claims contradict each other.

Only earlier publications are looked at, so that what was known on a day is what is left when later ones are taken away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.track.comparing import above, at_once, days_between, inside, order, outgrown, stage, words
from kb.track.conflicts import Contradiction, spread
from kb.track.found import Finding, Found
from kb.track.statements import CROWD, TROOPS, Number, Statement, Surroundings

_HELD = 14  # days that a source is taken to hold to a number that others tell from it, beside a larger one
_LEAP = 2  # a source that more than doubles its number within a day without a time of day has been read in two ways


@dataclass(frozen=True)
class Names:
    """Names of nodes, for reasons that a person reads."""

    labels: Mapping[str, str]

    def of(self, iri: str) -> str:
        """The label, else the end of the IRI."""
        return self.labels.get(iri) or iri.rpartition("/")[2].replace("-", " ")


class Reader:
    """Goes through the claims of one figure in the order of publication."""

    def __init__(self, around: Surroundings, names: Names) -> None:
        self.found: list[Found] = []
        self.subsets: frozenset[str] = frozenset()
        self.contradictions: list[Contradiction] = []
        self._around = around
        self.names = names
        self._numbers: dict[Number, list[Statement]] = {}
        self._denied: dict[Number, Statement] = {}
        self._against_number: dict[Number, list[Statement]] = {}
        self._latest: dict[str, Statement] = {}
        self._front: Statement | None = None
        self._biggest: dict[str, int] = defaultdict(int)
        self._nobody: list[Statement] = []
        self._by_outlet: dict[str, Statement] = {}
        self._of_document: dict[str, list[Statement]] = defaultdict(list)
        self._void: set[str] = set()

    def read(self, statements: Iterable[Statement], subsets: frozenset[str] = frozenset()) -> Reader:
        """Takes in all claims of a figure; ``subsets`` are those that are parts of others."""
        self.subsets = subsets
        ordered = sorted(statements, key=order)
        for statement in ordered:
            if not statement.denied:
                self._biggest[statement.document] = max(self._biggest[statement.document], statement.size)
                self._of_document[statement.document].append(statement)
        for statement in ordered:
            found = self._find(statement)
            if found.finding is Finding.NEW and statement.claim in subsets:
                found = found._replace(finding=Finding.PART_OF, reason="a part of what another figure counts")
            self.found.append(found)
            self._remember(statement, found)
        self.contradictions = spread(
            self.contradictions, [f.statement for f in self.found if not f.background], self._void, self._around
        )
        return self

    def _remember(self, statement: Statement, found: Found) -> None:
        if statement.denied:
            self._denied.setdefault(statement.number, statement)
            return
        if statement.none:
            self._nobody.append(statement)
            return
        self._numbers.setdefault(statement.number, []).append(statement)
        if not statement.counted or found.background:
            return
        self._latest[statement.source] = statement
        self._by_outlet[statement.publisher] = statement
        if found.corrects is not None:
            # What was taken back contradicts nothing any more, whoever had repeated it.
            self._void.update(other.claim for other in self._numbers.get(found.corrects.number, ()))
        if self._front is None or statement.size > self._front.size or found.corrects is not None:
            self._front = statement

    def _find(self, s: Statement) -> Found:
        if s.denied:
            return self._denial(s)
        if not s.counted:
            return self._uncounted(s)
        if s.none:
            return self._no_one(s)
        found = self._number(s)
        if not found.background:
            self._insists(s)
        against = [other for other in self._nobody if not self._around.related(s.source, other.source)]
        for other in against:
            self.contradictions.append(Contradiction(other, s, self._denied_by(s, other)))
        if against and found.finding is Finding.NEW:
            found = Found(s, Finding.CONTRADICTS, self._denied_by(s, against[-1]), against[-1])
        return found

    def _number(self, s: Statement) -> Found:
        """What a number of at least one is within its figure."""
        rival = self._rival(s)
        background = rival is None and self._biggest[s.document] > s.size and s.measure not in (TROOPS, CROWD)
        said = self._numbers.get(s.number)
        if s.measure == TROOPS:
            said = [other for other in said or () if stage(other) == stage(s)]
        if said:
            found = self._again(s, said, background)
            if rival is not None and rival.size < s.size:
                self.contradictions.append(Contradiction(rival, s, self._beside(s, rival)))
            return found
        if rival is not None and rival.size < s.size:
            return self._against(s, rival, self._beside(s, rival))
        if background and not self._denied.get(s.number):
            front = self._front
            if front is None or (s.high or s.size) >= (front.low or 0):
                return self._grown(s)
            return Found(s, Finding.REPEATS, "told as an earlier number of the toll", front, background=True)
        denial = self._denied.get(s.number)
        if denial is not None:
            return self._against(
                s, denial, f"asserts what {self._who(denial)} denied on {denial.day or 'no known day'}"
            )
        return self._grown(s)

    def _rival(self, s: Statement) -> Statement | None:
        """What the same document has another source say of the same people, that cannot hold together with this.

        A smaller number that was told before is only the earlier one where the outlet tells it itself, with words of
        growth, or more than two weeks after; else its source, named beside the other, holds to it.
        """
        if s.measure == TROOPS:
            return None
        for other in self._of_document[s.document]:
            named = s.publisher not in (s.source, other.source) or s.possible != other.possible
            apart = other.counted and not other.none and (above(s, other) or above(other, s))
            lower = min(s, other, key=lambda each: each.size)
            before = lower.recalled or any(
                told.document != s.document and (lower.source == s.publisher or days_between(told, s) > _HELD)
                for told in self._numbers.get(lower.number, ())
            )
            if apart and named and not before and not self._around.related(s.source, other.source):
                return other
        return None

    def _beside(self, s: Statement, other: Statement) -> str:
        return f"{words(s)}, where {self._who(other)} gives {words(other)} in the same report"

    def _denied_by(self, s: Statement, other: Statement) -> str:
        return (
            f"{words(s)}, where {self._who(other)} said{' on ' + other.day if other.day else ''} that there was nobody"
        )

    def _no_one(self, s: Statement) -> Found:
        """Against all who had counted somebody; a source that had, takes that back."""
        counted = [other for said in self._numbers.values() for other in said if other.counted]
        own = [other for other in counted if self._around.related(s.source, other.source)]
        others = sorted((other for other in counted if other not in own), key=order)
        for other in others:
            self.contradictions.append(Contradiction(other, s, f"nobody, where {self._who(other)} gave {words(other)}"))
        if own:
            last = max(own, key=order)
            return Found(s, Finding.UPDATES, f"{self.names.of(s.source)} takes back {words(last)}", last, last)
        if others:
            last = others[-1]
            return Found(s, Finding.CONTRADICTS, f"nobody, where {self._who(last)} gave {words(last)}", last)
        if not self._nobody:
            return Found(s, Finding.NEW, "the first claim of this figure")
        same = next((other for other in reversed(self._nobody) if self.same_source(s, other)), None)
        if same is not None:
            return Found(s, Finding.REPEATS, "told again that there was nobody", same)
        last = self._nobody[-1]
        return Found(s, Finding.CORROBORATES, f"nobody, as {self._who(last)} said", last)

    # One number

    def _again(self, s: Statement, said: Sequence[Statement], background: bool) -> Found:
        same = next((other for other in reversed(said) if self.same_source(s, other)), None)
        denial = self._denied.get(s.number)
        after = f", after {self._who(denial)} had denied it" if denial is not None else ""
        if denial is not None:
            self.contradictions.append(Contradiction(denial, s, f"{words(s)} asserted, after it was denied"))
        if background:
            return Found(s, Finding.REPEATS, "told as the earlier number" + after, same or said[-1], background=True)
        if same is not None:
            shared = "the same document" if same.document == s.document else self._shared(s, same)
            return Found(s, Finding.REPEATS, f"the same number from {shared}{after}", same)
        for other in self._against_number.get(s.number, ()):
            self.contradictions.append(Contradiction(other, s, self._lower(s, other)))
        return Found(s, Finding.CORROBORATES, f"the same number as {self._who(said[-1])} gave{after}", said[-1])

    def _insists(self, s: Statement) -> None:
        """A source that gives its number again after others have given a larger one does not follow them."""
        own = self._latest.get(s.source)
        if s.measure in (TROOPS, CROWD) or s.source == s.publisher or own is None or own.low != s.low:
            return
        for said in self._numbers.values():
            first = next((other for other in said if other.claim not in self._void), None)
            if first is None or not above(first, s) or self._around.related(first.source, s.source):
                continue
            if own.day < first.day < s.day:
                self.contradictions.append(Contradiction(first, s, self._lower(s, first)))

    def same_source(self, s: Statement, other: Statement) -> bool:
        """Whether two claims of one number go back to one source: by name, through a relay that both had it from, or
        because one article is a copy of the other.
        """
        if s.document == other.document or self._around.related(s.source, other.source):
            return True
        copied = self._around.copies.get(s.document)
        if copied is not None and copied == self._around.copies.get(other.document):
            return True
        return not s.chain.isdisjoint(other.chain)

    def _shared(self, s: Statement, other: Statement) -> str:
        both = sorted(s.chain & other.chain)
        if both:
            return self.names.of(both[0])
        if self._around.related(s.source, other.source):
            return self.names.of(other.source)
        return "a copy of the same article"

    # Another number

    def _grown(self, s: Statement) -> Found:
        if s.measure == TROOPS:
            return self._force(s)
        own, front = self._latest.get(s.source), self._front
        if own is None:
            own = next(
                (other for source, other in self._latest.items() if self._around.related(source, s.source)), None
            )
        if own is None and (s.correcting or s.source == s.publisher):
            # An outlet that gives a number of its own takes back what it had reported; in a correction, in any case.
            said = self._by_outlet.get(s.publisher)
            own = said if said is not None and above(said, s) else None
        if front is None:
            return self._first(s)
        if own is not None and own.number != s.number:
            found = self._by_source(s, own)
            if found is not None:
                return found
        return self._by_others(s, front)

    def _first(self, s: Statement) -> Found:
        uncounted = self._numbers.get((None, None))
        if uncounted:
            return Found(s, Finding.NEW, "the first number for what was told without one", uncounted[-1])
        return Found(s, Finding.NEW, "the first claim of this figure")

    def _by_source(self, s: Statement, own: Statement) -> Found | None:
        """Against what the same source had said before."""
        who = self.names.of(s.source)
        cumulative = s.measure != CROWD
        if cumulative and outgrown(s, own):
            return Found(s, Finding.UPDATES, f"{who} raises {words(own)} to {words(s)}", own)
        if inside(s, own):
            return Found(s, Finding.REFINES, f"{who} narrows {words(own)} to {words(s)}", own)
        if inside(own, s):
            return Found(s, Finding.CORROBORATES, f"allows {words(own)}, as {who} had said", own)
        if not cumulative:
            return self._other_crowd(s, own)
        if above(s, own):
            if self._leap(s, own):
                return self._against(s, own, f"two readings of {who} on one day: {words(own)} and {words(s)}")
            return Found(s, Finding.UPDATES, f"{who} raises {words(own)} to {words(s)}", own)
        later = own.published < s.published or (s.correcting and own.day <= s.day)
        if above(own, s) and own.document != s.document and later:
            return Found(s, Finding.UPDATES, f"{who} lowers {words(own)} to {words(s)}", own, own)
        return None

    def _other_crowd(self, s: Statement, own: Statement) -> Found | None:
        if own.document == s.document or not (above(s, own) or above(own, s)):
            return None
        return Found(s, Finding.UPDATES, f"{self.names.of(s.source)} changes {words(own)} to {words(s)}", own, own)

    def _leap(self, s: Statement, own: Statement) -> bool:
        one_day = s.day == own.day and s.document != own.document and s.published == own.published
        return one_day and (own.high or own.size) * _LEAP < s.size

    def _by_others(self, s: Statement, front: Statement) -> Found:
        who = self._who(front)
        if s.measure != CROWD and outgrown(s, front) and s.day > front.day:
            return Found(s, Finding.UPDATES, f"grown from {words(front)}, which {who} gave, to {words(s)}", front)
        if inside(s, front) or inside(front, s):
            return Found(s, Finding.CORROBORATES, f"fits {words(front)}, which {who} gave", front)
        if above(s, front) and s.measure != CROWD and at_once(s, front):
            return self._against(s, front, f"{words(s)} and {words(front)}, which {who} gave, were told at one time")
        if above(s, front) and s.measure != CROWD:
            return Found(s, Finding.UPDATES, f"grown from {words(front)}, which {who} gave, to {words(s)}", front)
        if above(front, s) or above(s, front):
            return self._disjoint(s)
        return Found(s, Finding.CORROBORATES, f"overlaps {words(front)}, which {who} gave", front)

    def _disjoint(self, s: Statement) -> Found:
        """Lower than others had said before: growth explains a larger number later, never a smaller one."""
        against: list[Statement] = []
        for said in self._numbers.values():
            standing = (other for other in said if other.claim not in self._void)
            first = next((other for other in standing if s.measure != TROOPS or stage(other) == stage(s)), None)
            if first and (above(first, s) or (s.measure in (TROOPS, CROWD) and above(s, first))):
                against.append(first)
        against.sort(key=order)
        if not against:
            return Found(s, Finding.NEW, "the first number after an earlier one was taken back")
        self._against_number[s.number] = against
        for other in against:
            self.contradictions.append(Contradiction(other, s, self._lower(s, other)))
        other = max(against, key=lambda found: (found.size, order(found)[1], found.claim))
        return Found(s, Finding.CONTRADICTS, self._lower(s, other), other)

    def _lower(self, s: Statement, other: Statement) -> str:
        told = f"{words(other)}, which {self._who(other)} had given{' on ' + other.day if other.day else ''}"
        return f"{words(s)} does not fit {told}" if s.measure in (TROOPS, CROWD) else f"{words(s)} is below {told}"

    def _force(self, s: Statement) -> Found:
        """Troops are compared within one stage: fewer may arrive than were decided on, and all leave in the end."""
        told = [other for said in self._numbers.values() for other in said]
        if not told:
            return Found(s, Finding.NEW, "the first claim of this figure")
        at = [other for other in told if stage(other) == stage(s)]
        counted = sorted((other for other in at if other.counted), key=order)
        told_stage = (s.phase or "deployed").lower()
        if not at:
            last = max(told, key=lambda other: (stage(other), other.claim))
            if stage(s) > stage(last):
                return Found(s, Finding.UPDATES, f"{told_stage}, after {(last.phase or 'deployed').lower()}", last)
            return Found(s, Finding.CORROBORATES, f"tells of an earlier stage: {told_stage}", last)
        if not s.counted:
            same = next((other for other in reversed(at) if self.same_source(s, other)), None)
            if same is not None:
                return Found(s, Finding.REPEATS, f"{told_stage}, told again without a number", same)
            return Found(s, Finding.CORROBORATES, f"{told_stage}, as {self._who(at[-1])} said", at[-1])
        if not counted:
            return Found(s, Finding.UPDATES, f"{told_stage}: the first number for what was told without one", at[-1])
        return self._strength(s, counted)

    def _strength(self, s: Statement, counted: Sequence[Statement]) -> Found:
        """The number of a force against those given for the same stage, in order."""
        last, who = counted[-1], self.names.of(s.source)
        fit = next((other for other in reversed(counted) if inside(s, other) or inside(other, s)), None)
        if fit is not None and self.same_source(s, fit) and inside(s, fit):
            return Found(s, Finding.REFINES, f"{who} narrows {words(fit)} to {words(s)}", fit)
        if fit is not None:
            return Found(s, Finding.CORROBORATES, f"fits {words(fit)}, which {self._who(fit)} gave", fit)
        if self._around.related(s.source, last.source) and s.published > last.published:
            return Found(s, Finding.UPDATES, f"{who} changes {words(last)} to {words(s)}", last, last)
        if above(s, last) or above(last, s):
            return self._disjoint(s)
        return Found(s, Finding.CORROBORATES, f"overlaps {words(last)}, which {self._who(last)} gave", last)

    def _uncounted(self, s: Statement) -> Found:
        if s.measure == TROOPS:
            return self._force(s)
        said = self._numbers.get((None, None)) or ([self._front] if self._front else None)
        if not said:
            return Found(s, Finding.NEW, "the first claim of this figure")
        last = said[-1]
        same = next((other for other in reversed(said) if self.same_source(s, other)), None)
        if same is not None:
            return Found(s, Finding.REPEATS, "told again without a number", same)
        return Found(s, Finding.CORROBORATES, f"told without a number, as {self._who(last)} did", last)

    # Denials

    def _denial(self, s: Statement) -> Found:
        said = self._numbers.get(s.number) or ([self._front] if self._front is not None and not s.counted else None)
        if not said:
            earlier = self._denied.get(s.number)
            if earlier is not None:
                return Found(s, Finding.REPEATS, f"{words(s)} denied again", earlier)
            return Found(s, Finding.NEW, f"a denial of {words(s)}, which no earlier claim gives")
        own = next((other for other in said if self._own(s, other)), None)
        other = own or said[0]
        if own is not None:
            return self._against(s, own, f"{self.names.of(s.source)} takes back {words(own)}")._replace(corrects=own)
        return self._against(s, other, f"denies {words(other)}, which {self._who(other)} gave")

    def _own(self, s: Statement, other: Statement) -> bool:
        return self._around.related(s.source, other.source)

    def _against(self, s: Statement, other: Statement, reason: str) -> Found:
        self.contradictions.append(Contradiction(other, s, reason))
        return Found(s, Finding.CONTRADICTS, reason, other)

    def _who(self, statement: Statement) -> str:
        return self.names.of(statement.source)
