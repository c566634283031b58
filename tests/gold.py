"""Score the extractor on the gold passages: ``python -m tests.gold [tune|held] [--tag TAG] [--passage ID]``."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kb.extract.pipeline import Extractor
from kb.model import Claim
from tests.gold_match import Outcome, Reading, evaluate
from tests.gold_passages import HALVES, OWN, Expected, load


def run(half: str, tag: str | None = None, passage: str | None = None) -> list[Outcome]:
    """The outcome of every passage of a half, or of those with a tag or an id."""
    extractor = Extractor()
    chosen = [p for p in load(half) if tag in (None, *p.tags) and passage in (None, p.id)]
    return [evaluate(p, extractor.extract(p.document())) for p in chosen]


def table(half: str, outcomes: Sequence[Outcome]) -> Table:
    """Per kind: how many claims were to come out, how many did, and how many came out that should not."""
    view = Table(title=f"{half}: {len(outcomes)} passages", title_justify="left")
    for column in ("kind", "expected", "found", "right", "recall", "judged", "spurious", "precision", "refused"):
        view.add_column(column, justify="left" if column == "kind" else "right")
    for kind in OWN:
        readings = [r for o in outcomes for r in o.readings if r.want.kind == kind]
        found, right = sum(r.found for r in readings), sum(r.right for r in readings)
        judged = sum(c.kind == kind for o in outcomes for c in o.judged)
        spurious = sum(c.kind == kind for o in outcomes for c in o.spurious)
        refused = sum(ban.kind == kind for o in outcomes for ban, _ in o.refused)
        counts = (len(readings), found, right, ratio(found, len(readings)))
        view.add_row(kind, *map(str, (*counts, judged, spurious, ratio(judged - spurious, judged), refused)))
    return view


def fields(outcomes: Iterable[Outcome]) -> Table:
    """Per field: of the claims that were found, in how many the field is right."""
    asked: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for reading in (r for o in outcomes for r in o.readings if r.found):
        asked.update(f"{reading.want.kind} {field}" for field in reading.want.asked())
        wrong.update(f"{reading.want.kind} {field}" for field in reading.wrong)
    view = Table(title="fields of the claims found", title_justify="left")
    for column in ("field", "asked", "right", "share"):
        view.add_column(column, justify="left" if column == "field" else "right")
    for field in sorted(asked):
        right = asked[field] - wrong[field]
        view.add_row(field, str(asked[field]), str(right), ratio(right, asked[field]))
    return view


def ratio(part: int, whole: int) -> str:
    """A share to two digits, or a dash where there is nothing to share."""
    return f"{part / whole:.2f}" if whole else "–"


def expected(want: Expected) -> str:
    """An expected claim on one line, as the file has it."""
    return escape(want.model_dump_json(by_alias=True, exclude_unset=True))


def brief(claim: Claim | None) -> str:
    """A claim on one line: what it says and where it says so."""
    if claim is None:
        return "nothing"
    count = getattr(claim, "count", None)
    said = {
        "harm": getattr(claim, "harm", None) or claim.event_type,
        "count": count and f"{count.minimum}..{count.maximum} {count.hedge}",
        "victims": (v := getattr(claim, "victims", None)) and f"{v.text} ({v.class_})",
        "part": getattr(claim, "subset_of", None) and "yes",
        "deployer": _name(getattr(claim, "deployer", None)),
        "contributors": ", ".join(map(_name, getattr(claim, "contributors", ()))),
        "from": _name(getattr(claim, "origin", None)),
        "to": _name(getattr(claim, "destination", None)),
        "phase": getattr(claim, "phase", None),
        "agents": ", ".join(map(_name, claim.agents)),
        "at": _name(claim.place),
        "on": claim.time and f"{claim.time.earliest}..{claim.time.latest}",
        "source": _name(claim.source),
        "relays": " ← ".join(map(_name, claim.relays)),
        "modality": claim.modality,
        "rule": claim.rule,
    }
    return escape(f"{claim.kind} " + " ".join(f"{k}={v}" for k, v in said.items() if v) + f" “{claim.quote}”")


def _name(named: object) -> str:
    return getattr(named, "name", None) or getattr(named, "text", None) or ""


def misses(outcome: Outcome, everything: bool = False) -> list[str]:
    """The lines that say what went wrong in a passage."""
    lines = [_missed(reading) for reading in outcome.readings if not reading.right]
    lines += [f"  [yellow]spurious[/] {brief(claim)}" for claim in outcome.spurious]
    lines += [f"  [red]refused[/]  {expected(ban)}\n           {brief(claim)}" for ban, claim in outcome.refused]
    if everything:
        lines += [f"  claim    {brief(claim)}" for claim in outcome.claims]
    return [f"[bold]{outcome.passage.id}[/] {escape(' '.join(outcome.passage.tags))}", *lines] if lines else []


def _missed(reading: Reading) -> str:
    word = f"wrong {', '.join(sorted(reading.wrong))}" if reading.found else "missed"
    return f"  [red]{word}[/] {expected(reading.want)}\n           {brief(reading.claim)}"


def main() -> None:
    """Print the tables and what was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.gold", description=__doc__)
    parser.add_argument("half", nargs="?", choices=HALVES, help="one half only")
    parser.add_argument("--tag", help="only the passages with this tag")
    parser.add_argument("--passage", metavar="ID", help="only this passage, with every claim that came out")
    parser.add_argument("--quiet", action="store_true", help="the tables only")
    asked = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True, width=max(Console().width, 100))
    for half in [asked.half] if asked.half else HALVES:
        outcomes = run(half, asked.tag, asked.passage)
        if not outcomes:
            continue
        console.print(table(half, outcomes), fields(outcomes), sep="\n")
        for outcome in () if asked.quiet else outcomes:
            for line in misses(outcome, everything=asked.passage is not None):
                console.print(line)


if __name__ == "__main__":
    main()
