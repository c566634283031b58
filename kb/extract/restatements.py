"""What a document says twice in the same words of the model is one claim: the first, or the fuller, stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.extract.antecedents import SINGULAR, Antecedents
from kb.extract.harmed import Casualty
from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.phrases import BARE_PLURAL, GROUP, Group
from kb.extract.totals import bare_total, with_totals
from kb.model import CasualtyClaim, Claim, Count, DeploymentClaim, EventClaim, Hedge, VictimClass

FIGURE = ("put the ", "puts the ", "gave ", "gives ")
AMONG_THEM = "among them "
POINTING = ("the ", "these ", "those ", "all ")
ANYONE = frozenset({"victim", "victims", "person", "persons", "man", "men", "other", "others", "people"})


class Mentions:
    """The people counted so far in a document, and which claims speak of people as already known.

    "Two bombers attacked …. The bombers were killed": the count of the first mention is that of the second.
    """

    def __init__(self) -> None:
        self._counts: dict[str, Count] = {}
        self._known: set[str] = set()
        self._people = Antecedents()
        self._pronouns: set[str] = set()
        self._died: dict[str, int] = {}
        self._wholes: dict[str, CasualtyClaim] = {}
        self._every: set[str] = set()
        self._hurt: Group | None = None
        self._nouns: set[str] = set()
        self._harms: list[str] = []
        self._since = 0
        self._bare: set[str] = set()
        self.told = False

    def resolved(self, nodes: list[Node], findings: list[Casualty]) -> list[Casualty]:
        """The findings of a sentence, those that point back with the count of what they point to."""
        findings = [f for finding in findings for f in self._of_known_harm(nodes, finding)]
        found = [self._meant(nodes, self._resolved(nodes, finding), findings) for finding in findings]
        if found:
            self._harms, self._since = [f.harm for f in found if f.count.maximum != 0], 0
        else:
            self._since += 1
        self._people.remember(nodes)
        hurt = [nodes[f.phrase].value for f in found if f.harm == "injured" and nodes[f.phrase].kind == GROUP]
        self._hurt = hurt[0] if len(hurt) == 1 else None
        self._nouns = {group.noun for group in hurt if group.many}
        for node in nodes:
            if node.kind == GROUP and node.value.count is not None and (node.value.count.minimum or 0) > 1:
                for key in _keys(node.value):
                    self._counts[key] = node.value.count
        return found

    def _of_known_harm(self, nodes: list[Node], finding: Casualty) -> Iterator[Casualty]:
        """The finding, one whose words name no harm ("put the figure at 389") with that told of just before, if any."""
        words = nodes[finding.trigger].lower
        figure, among = words.startswith(FIGURE) and finding.rule.trigger.lex == "toll", words.startswith(AMONG_THEM)
        if not (figure or among):
            yield finding
        elif self._harms and self._since <= (1 if figure else 0):
            yield finding._replace(harm=self._harms[-1], part=among)

    def _meant(self, nodes: list[Node], finding: Casualty, findings: list[Casualty]) -> Casualty:
        """The finding of "they" or "both" as one of the people who are meant."""
        busy = {f.phrase for f in findings if f.harm == finding.harm and f.phrase != finding.phrase}
        group = self._people.of(nodes, finding.phrase, frozenset(busy.union(finding.agents)))
        died = finding.rule.trigger.lex == "harm-intransitive" and finding.harm == "killed"
        if died and self._hurt is not None and not self._hurt.many and _again(nodes[finding.phrase], self._hurt):
            group = self._hurt
        if nodes[finding.phrase].lower == "of them" and (group is None or group.count is None):
            group = self._people.of(nodes, finding.phrase, frozenset(busy)) or group
        if died and _some_of(nodes[finding.phrase], self._nouns):
            return finding._replace(wounded=True)
        if group is None:
            return finding
        return finding._replace(
            wounded=finding.wounded or (died and group is self._hurt),
            count=group.size,
            text=group.text,
            noun=group.noun,
            victim_class=group.victim_class,
            country=group.country,
            name=group.name,
            definite=True,
        )

    def _resolved(self, nodes: list[Node], finding: Casualty) -> Casualty:
        node = nodes[finding.phrase]
        if not (_points_back(node) and node.value.many and node.value.count is None):
            return finding
        count = next((self._counts[key] for key in _keys(node.value) if key in self._counts), None)
        return finding if count is None else finding._replace(count=count)

    def note(self, nodes: list[Node], findings: Iterable[Casualty], claims: Iterable[Claim]) -> None:
        """Remember the claims whose victims are spoken of as known: "the soldiers", "he"."""
        for finding, claim in zip(findings, claims, strict=True):
            node = nodes[finding.phrase]
            if bare_total(nodes, finding):
                self._bare.add(claim.id)
            if finding.rule.trigger.lex == "suicide" or (node.kind == GROUP and node.value.noun == "other"):
                continue
            if finding.name is None and (_points_back(node) or (finding.definite and node.kind != GROUP)):
                self._known.add(claim.id)
            if node.kind == PLAIN:
                self._pronouns.add(claim.id)
            if finding.name is None and _everyone(nodes, finding.phrase):
                self._every.add(claim.id)

    def placed(self, findings: Iterable[Casualty], claims: Iterable[Claim]) -> list[Claim]:
        """The claims of a sentence, those of people among others harmed before as parts of what told of those."""
        found: list[Claim] = []
        for finding, claim in zip(findings, claims, strict=True):
            if finding.background:
                found.append(claim)
                continue
            self.told = True
            whole = self._wholes.get(finding.harm)
            self._outlived(finding, claim)
            # "Six of them died": of the wounded told of before, or else of the dead
            part = finding.part or (finding.wounded and "injured" not in self._wholes)
            if part and whole is not None and isinstance(claim, CasualtyClaim) and not _rivals(claim, whole):
                most = whole.count.maximum
                if not finding.rule.part or most is None or most >= (finding.count.minimum or 0):
                    found.append(claim.model_copy(update={"subset_of": whole.id}))
                    continue
            first = finding.whole is None and not finding.part and finding.count.maximum != 0
            if first and isinstance(claim, CasualtyClaim):
                self._wholes[finding.harm] = claim
            found.append(claim)
        return found

    def _outlived(self, finding: Casualty, claim: Claim) -> None:
        """Take note of the dead among those told of as wounded before: they count as killed alone."""
        wounded = self._wholes.get("injured")
        if finding.wounded and wounded is not None and claim.modality == wounded.modality and finding.count.maximum:
            self._died[wounded.id] = self._died.get(wounded.id, 0) + finding.count.maximum

    def _less_the_dead(self, claim: Claim) -> Claim:
        """The claim of people wounded, less those of them who died."""
        dead = self._died.get(claim.id, 0)
        if not dead or not isinstance(claim, CasualtyClaim):
            return claim
        least, most = claim.count.minimum, claim.count.maximum
        if most is None and (least or 0) <= dead:
            return claim
        count = claim.count.model_copy(
            update={"minimum": least and max(0, least - dead), "maximum": most and max(0, most - dead)}
        )
        return claim.model_copy(update={"count": count})

    def fresh(self, claims: list[Claim]) -> list[Claim]:
        """The claims less those that tell again, of people spoken of as known, what another claim tells."""
        harmed = [claim for claim in claims if isinstance(claim, CasualtyClaim)]
        wholes = {claim.subset_of for claim in harmed}
        again = {
            claim.id
            for claim in harmed
            if claim.id not in wholes
            and (
                _vaguer(claim, harmed)
                or ((claim.id in self._every or claim.rule == "toll") and _summed(claim, harmed))
                or (claim.id in self._known - self._pronouns and _told_again(claim, harmed, self._known))
                or (claim.id in self._pronouns and _told_again(claim, harmed[: harmed.index(claim)], self._pronouns))
            )
        }
        kept = [self._less_the_dead(claim) for claim in claims if claim.id not in again and not self._all_died(claim)]
        return with_totals(kept, self._bare)

    def _all_died(self, claim: Claim) -> bool:
        """Whether all who are told of as wounded died later: they count as killed alone."""
        dead = self._died.get(claim.id, 0)
        return bool(dead) and isinstance(claim, CasualtyClaim) and claim.count.maximum == dead


def _again(node: Node, one: Group) -> bool:
    """Whether a node means the one person told of before: "he", "the victim", "the officer"."""
    if node.kind != GROUP:
        return node.lower in SINGULAR
    officer = node.value.noun == "officer" and one.victim_class in (VictimClass.POLICE, VictimClass.MILITARY)
    alike = officer or node.value.victim_class in (one.victim_class, VictimClass.UNKNOWN)
    return node.lower.startswith("the ") and alike and not node.value.many and node.value.name is None


def _some_of(node: Node, nouns: set[str]) -> bool:
    """ "one of the passers-by": of those whom the sentence before told of as wounded."""
    return node.kind == GROUP and " of the " in node.lower and node.value.noun in nouns


def _rivals(claim: CasualtyClaim, whole: CasualtyClaim) -> bool:
    """Whether another source than that of the whole tells of people in its own words: "17 dead soldiers"."""
    if claim.source is None or whole.source is None or claim.rule != "wounded-people":
        return False
    return _iri(claim.source) != _iri(whole.source)


def _points_back(node: Node) -> bool:
    return node.kind == GROUP and node.value.definite and node.value.name is None and node.lower.startswith(POINTING)


def _everyone(nodes: list[Node], at: int) -> bool:
    """ "all five", "the three": everyone told of before, by their number."""
    node = nodes[at]
    if node.lower.startswith(("all ", "the ")) and node.kind == GROUP:
        return node.value.count is not None
    return node.kind == COUNT and at > 0 and nodes[at - 1].lower in ("all", "the", "all the")


def _summed(claim: CasualtyClaim, harmed: list[CasualtyClaim]) -> bool:
    """Whether the claims before tell the same harm of as many people in all."""
    before = [c.count for c in harmed[: harmed.index(claim)] if c.harm == claim.harm and c.subset_of is None]
    return bool(before) and sum(count.minimum or 0 for count in before) == claim.count.minimum


def _keys(group: Group) -> tuple[str, ...]:
    attackers = group.victim_class == VictimClass.MILITANTS
    return (group.noun, VictimClass.MILITANTS.value) if attackers else (group.noun,)


def _vaguer(claim: CasualtyClaim, harmed: list[CasualtyClaim]) -> bool:
    """ "Many people were hurt" beside "20 people were hurt" of the same place and modality."""
    count, victims = claim.count, claim.victims
    if (
        victims is None
        or (
            victims.class_ != VictimClass.UNKNOWN and not any(c.rule == "toll" and c.harm == claim.harm for c in harmed)
        )
        or count.hedge != Hedge.VAGUE
        or count.maximum is not None
    ):
        return False
    return any(
        other is not claim
        and (other.harm, other.modality, other.subset_of) == (claim.harm, claim.modality, None)
        and other.count.hedge != Hedge.VAGUE
        and (count.minimum or 0) <= (other.count.minimum or 0)
        and (claim.place is None or other.place is None or _iri(claim.place) == _iri(other.place))
        for other in harmed
    )


def _told_again(claim: CasualtyClaim, harmed: list[CasualtyClaim], known: set[str]) -> bool:
    """Whether another claim tells the same harm of the same people, with the same number or a closer one."""
    return any(
        other.harm == claim.harm
        and other.modality == claim.modality
        and other.id not in known
        and (claim.source is None or other.source is None or _iri(claim.source) == _iri(other.source))
        and _same_people(claim, other)
        for other in harmed
    )


def _same_people(claim: CasualtyClaim, other: CasualtyClaim) -> bool:
    if claim.victims is None or other.victims is None:
        return False
    single = claim.count.maximum == 1
    if single != (other.count.maximum == 1) or other.count.maximum == 0:
        return False
    noun = (claim.victims.iri or "").rsplit("/", 1)[-1].rsplit("-", 1)[-1]
    anyone = noun in ANYONE and claim.victims.country in (None, other.victims.country)
    alike = anyone or _iri(claim.victims) == _iri(other.victims)
    same_class = claim.victims.class_ == other.victims.class_ != VictimClass.UNKNOWN
    if single:
        return alike
    bare = claim.count.maximum is None and claim.count.minimum == BARE_PLURAL
    return (alike or same_class) and (
        bare or (claim.count.minimum, claim.count.maximum) == (other.count.minimum, other.count.maximum)
    )


def without_restatements(claims: list[Claim]) -> list[Claim]:
    """Leave out exact repetitions, and events that an earlier or fuller claim of the same event already tells."""
    kept: list[Claim] = []
    seen: set[object] = set()
    for claim in claims:
        key = _key(claim)
        if key in seen:
            continue
        seen.add(key)
        kept.append(claim)
    full = {_setting(claim) for claim in kept if isinstance(claim, EventClaim) and (claim.agents or claim.targets)}
    return [claim for claim in kept if not _told(claim, full)]


def with_units_known(claims: list[Claim]) -> list[Claim]:
    """A force named again ("the peacekeepers") keeps whose it is and where it goes from its first mention.

    Only if all mentions by that noun that say whose it is agree; an owner or place of its own stays.
    """
    known: dict[str, list[DeploymentClaim]] = {}
    found: list[Claim] = []
    for claim in claims:
        if not isinstance(claim, DeploymentClaim) or not claim.unit:
            found.append(claim)
            continue
        noun = claim.unit.lower().split()[-1].rstrip("s")
        if claim.deployer is not None:
            known.setdefault(noun, []).append(claim)
        elif noun in known and len({_iri(earlier.deployer) for earlier in known[noun]}) == 1:
            found.append(_known_from(claim, known[noun][0]))
            continue
        found.append(claim)
    return found


def _known_from(claim: DeploymentClaim, earlier: DeploymentClaim) -> DeploymentClaim:
    if claim.destination or claim.origin or claim.phase in ("withdrawing", "withdrawn"):
        return claim.model_copy(update={"deployer": earlier.deployer})
    place = earlier.destination or claim.place
    return claim.model_copy(update={"deployer": earlier.deployer, "destination": earlier.destination, "place": place})


def _iri(thing: object) -> object:
    return getattr(thing, "iri", None) or getattr(thing, "text", None)


def _key(claim: Claim) -> object:
    shared = (
        claim.kind,
        claim.event_type,
        _iri(claim.place),
        claim.time and (claim.time.earliest, claim.time.latest),
        claim.modality,
        _iri(claim.source),
        tuple(map(_iri, claim.relays)),
    )
    if isinstance(claim, EventClaim):
        return (*shared, tuple(map(_iri, claim.agents)), tuple(map(_iri, claim.targets)))
    return claim.id


def _setting(claim: EventClaim) -> object:
    """What makes an event claim without participants superfluous beside one with some."""
    return claim.event_type, _iri(claim.place), claim.time, claim.modality, _iri(claim.source)


def _told(claim: Claim, full: set[object]) -> bool:
    """Whether an event claim without participants says no more than another of the same type, place, time, source."""
    return isinstance(claim, EventClaim) and not (claim.agents or claim.targets) and _setting(claim) in full
