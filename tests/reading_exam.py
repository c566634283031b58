"""Scores deployments, attribution and events against sets written by somebody who has not seen the extractor.

``python -m tests.reading_exam FILE… [--wrong]`` with one passage a line, told apart by what its key is called::

    {"id", "text", "date", "claims": [{"deployer", "contributors", "unit", "minimum", "maximum", "origin",
     "destination", "phase", "equipment"}]}                             deployments; [] = none may come out
    {"id", "text", "date", "publisher", "checks": [{"quote_contains", "source", "relays", "modality"}]}
    {"id", "text", "date", "events": [{"event_type", "place", "earliest", "latest", "modality", "agents",
     "targets"}], "not": [types]}

A field that the key leaves out is not looked at (but a number that is not in the key is wrong); names match by
containment in canonical name, wording or role. A wanted claim is *found* if one of its kind (of its type, of its quote)
came out, and *right* if every field given agrees.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from kb.extract.pipeline import Extractor
from kb.model import Actor, Claim, CrowdClaim, DeploymentClaim, Document, Place
from kb.reference import Reference
from tests.gold_match import words

Key = dict[str, Any]
WIDER = {"attack": {"shelling", "air-strike", "bombing", "assassination", "arson", "kidnapping"}}
NAMED_OTHERWISE = {"condemnation": "statement-of-condemnation"}


class Outcome(NamedTuple):
    """One thing that a key asks for, the fields that differ (None: nothing came out), and the claim nearest to it."""

    want: Key
    wrong: tuple[str, ...] | None
    nearest: Claim | None


def holds(want: str, *texts: str | None) -> bool:
    """Whether the words of one are among those of the other."""
    asked = f" {words(want)} "
    return any(text and (asked in f" {words(text)} " or f" {words(text)} " in asked) for text in texts)


def is_actor(want: str, actor: Actor | None) -> bool:
    """Whether an actor is meant by a wording: by name, wording, role, or as the state of a people ("British")."""
    if actor is None:
        return False
    if holds(want, actor.name, actor.text, actor.role, f"{actor.role} {actor.name}"):
        return True
    return any(entry.country and entry.country == actor.country for entry in Reference.load().named(want))


def is_place(want: str, place: Place | None) -> bool:
    """Whether a place is meant by a wording."""
    return place is not None and holds(want, place.name, place.text)


def all_among(wanted: Iterable[str], actors: Iterable[Actor]) -> bool:
    """Whether each wording means one of the actors."""
    among = list(actors)
    return all(any(is_actor(want, actor) for actor in among) for want in wanted)


def deployment_faults(want: Key, claim: DeploymentClaim) -> Iterator[str]:
    """The fields in which a deployment differs from its key."""
    parties = [*claim.contributors, *([claim.deployer] if claim.deployer else [])]
    if "deployer" in want and not all_among([want["deployer"]], parties):
        yield "deployer"
    if not all_among(want.get("contributors", ()), parties):
        yield "contributors"
    if "unit" in want and not holds(want["unit"], claim.unit):
        yield "unit"
    if "equipment" in want and not holds(want["equipment"], claim.equipment, claim.unit):
        yield "equipment"
    if "origin" in want and not is_place(want["origin"], claim.origin):
        yield "origin"
    if "destination" in want and not is_place(want["destination"], claim.destination):
        yield "destination"
    if want.get("phase", claim.phase) != claim.phase:
        yield "phase"
    count = (claim.count.minimum, claim.count.maximum) if claim.count else (None, None)
    if count != (want.get("minimum"), want.get("maximum")):
        yield "count"


def check_faults(want: Key, claim: Claim, publisher: str | None) -> Iterator[str]:
    """The fields in which a claim's attribution differs from its key; the publisher is no relay."""
    if want.get("source") and not is_actor(want["source"], claim.source):
        yield "source"
    relays = [actor for actor in claim.relays if not (publisher and is_actor(publisher, actor))]
    if "relays" in want:
        same = len(relays) == len(want["relays"])
        if not same or not all(is_actor(name, actor) for name, actor in zip(want["relays"], relays, strict=True)):
            yield "relays"
    if want.get("modality", claim.modality) != claim.modality:
        yield "modality"


def event_faults(want: Key, claim: Claim) -> Iterator[str]:
    """The fields in which an event differs from its key; who is harmed counts among the targets."""
    if "place" in want and not is_place(want["place"], claim.place):
        yield "place"
    for edge in ("earliest", "latest"):
        day = getattr(claim.time, edge) if claim.time else None
        if edge in want and (day and day.isoformat()) != want[edge]:
            yield edge
    if want.get("modality", claim.modality) != claim.modality:
        yield "modality"
    if not all_among(want.get("agents", ()), claim.agents):
        yield "agents"
    victims = getattr(claim, "victims", None)
    targets = list(getattr(claim, "targets", ()))
    hit = all_among(want.get("targets", ()), targets)
    if not hit and not (victims and all(holds(name, victims.text, victims.name) for name in want["targets"])):
        yield "targets"


def kind_of(claim: Claim) -> str | None:
    """The type of event that a claim tells, by the sets' own name for it."""
    return NAMED_OTHERWISE.get(claim.event_type or "", claim.event_type)


def best(want: Key, faults: Iterable[tuple[tuple[str, ...], Claim]]) -> Outcome:
    """The claim nearest to a key."""
    nearest = min(faults, key=lambda fault: len(fault[0]), default=None)
    return Outcome(want, nearest[0], nearest[1]) if nearest else Outcome(want, None, None)


def deployments(line: Key, claims: list[Claim]) -> Iterator[Outcome]:
    """A claim answers to one key only."""
    left = [claim for claim in claims if isinstance(claim, DeploymentClaim)]
    for want in line["claims"]:
        outcome = best(want, ((tuple(deployment_faults(want, claim)), claim) for claim in left))
        left = [claim for claim in left if claim is not outcome.nearest]
        yield outcome


def attributions(line: Key, claims: list[Claim]) -> Iterator[Outcome]:
    """Any claim whose quote has the words answers."""
    for want in line["checks"]:
        said = [claim for claim in claims if want["quote_contains"].casefold() in claim.quote.casefold()]
        yield best(want, ((tuple(check_faults(want, claim, line.get("publisher"))), claim) for claim in said))


def events(line: Key, claims: list[Claim]) -> Iterator[Outcome]:
    """A claim of the type, or of a narrower one, answers; a crowd's tells no event."""
    told = [claim for claim in claims if not isinstance(claim, CrowdClaim)]
    for want in line["events"]:
        kinds = {want["event_type"], *WIDER.get(want["event_type"], ())}
        yield best(want, ((tuple(event_faults(want, c)), c) for c in told if kind_of(c) in kinds))


SCORERS = {"claims": deployments, "checks": attributions, "events": events}


def score(path: Path, extractor: Extractor) -> Iterator[tuple[Key, list[Outcome], list[str]]]:
    """Each passage of a set with its outcomes and with what came out that must not."""
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line: Key = json.loads(row) if row.strip() else {}
        scorer = next((SCORERS[name] for name in SCORERS if name in line), None)
        if scorer is None:
            if line:
                raise SystemExit(f"{path}:{number}: no claims, checks or events to score by")
            continue
        document = Document(
            text=line["text"], given_id=line["id"], published=line.get("date"), publisher=line.get("publisher")
        )
        claims = extractor.extract(document)
        banned = [kind for kind in line.get("not", ()) if kind in map(kind_of, claims)]
        if line.get("claims") == []:
            banned += [c.quote for c in claims if isinstance(c, DeploymentClaim) and c.modality != "denied"]
        yield line, list(scorer(line, claims)), banned


def main() -> None:
    """Print, for each set, how much was found and right, and with --wrong what was not."""
    parser = argparse.ArgumentParser(prog="python -m tests.reading_exam", description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--wrong", action="store_true", help="each thing that was not right, with its text")
    asked = parser.parse_args()
    extractor, out = Extractor(), Console(highlight=False, markup=False, soft_wrap=True).print
    for path in asked.sets:
        wrong: Counter[str] = Counter()
        outcomes, refused = list[Outcome](), 0
        for line, found, banned in score(path, extractor):
            outcomes += found
            refused += len(banned)
            wrong.update(name for outcome in found for name in outcome.wrong or ())
            faults = [outcome for outcome in found if outcome.wrong != ()]
            if asked.wrong and (faults or banned):
                out(line["id"], line["text"])
                for outcome in faults:
                    out("  ", "missed" if outcome.wrong is None else f"wrong {', '.join(outcome.wrong)}", outcome.want)
                for kind in banned:
                    out("   must not come out:", kind)
        hits, right = sum(o.wrong is not None for o in outcomes), sum(o.wrong == () for o in outcomes)
        out(f"{path.name}: {hits} found, {right} right of {len(outcomes)}; {refused} must not; wrong {dict(wrong)}")


if __name__ == "__main__":
    main()
