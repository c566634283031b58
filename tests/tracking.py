"""The gold cases of tracking: small sets of documents as plain files, and what tracking makes of them.

A case is a YAML file of ``tests/gold/tracking``::

    documents:
      - publisher: outlet-a
        published: 2022-01-06
        text: the whole text (only where copies matter)
        claims:
          a: {count: 8, people: police, place: kz, source: interior-ministry}
    figures:
      - {a: new, b: updates}        # one line a figure: its claims with their findings
    contradictions: [[a, b]]
    parts: [[c, a]]                 # the figure of the first is part of the figure of the second

``count`` is n, "n+" (at least), "~n" (about), "n-m", or absent; ``measure`` killed by default, or troops with
``forces`` and ``phase``, or crowd. ``when`` is a day or a span of days; ``lent: true`` says that the place comes from
an earlier sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kb.resources import DEFAULT_BASE
from kb.track.copies import copies
from kb.track.figure_graph import Told, told
from kb.track.figures import figures
from kb.track.findings import Names
from kb.track.statements import CROWD, TROOPS, Statement, Surroundings

FOLDER = Path(__file__).parent / "gold" / "tracking"
CASES = sorted(FOLDER.glob("*.yaml"))
WITHIN = {
    "kz/almaty": ["kz"],
    "kz/almaty/market": ["kz/almaty", "kz"],
    "kz/almaty/school": ["kz/almaty", "kz"],
    "kz/aktobe": ["kz"],
}
MEMBERS = {"russia": ["csto"], "armenia": ["csto"], "belarus": ["csto"]}
PART_OF = {"csto-peacekeepers": ["csto"], "interior-press-service": ["interior-ministry"]}
_COUNT = re.compile(r"(?P<about>~?)(?P<low>\d+)(?P<open>\+?)(?:-(?P<high>\d+))?")


def place(name: str) -> str:
    return f"{DEFAULT_BASE}place/{name}"


def actor(name: str) -> str:
    return f"{DEFAULT_BASE}actor/{name}"


def _all(table: dict[str, list[str]], name: Any) -> dict[str, frozenset[str]]:
    return {name(key): frozenset(map(name, values)) for key, values in table.items()}


@dataclass(frozen=True)
class Case:
    """One file: the statements of its documents, their surroundings, and what is expected."""

    statements: list[Statement]
    around: Surroundings
    expected: dict[str, Any]


def read(path: Path) -> Case:
    """The case of one file."""
    case = yaml.safe_load(path.read_text("utf-8"))
    statements: list[Statement] = []
    texts: dict[str, str] = {}
    stated: dict[str, frozenset[str]] = {}
    for number, document in enumerate(case.pop("documents")):
        name = f"{DEFAULT_BASE}document/{number}"
        texts[name] = document.get("text", "")
        found = [
            _statement(claim, row, name, document, at) for at, (claim, row) in enumerate(document["claims"].items())
        ]
        stated[name] = frozenset(s.place for s in found if s.stated and s.place)
        statements.extend(found)
    around = Surroundings(_all(WITHIN, place), _all(PART_OF, actor), _all(MEMBERS, actor), copies(texts), stated)
    return Case(statements, around, case)


def _statement(claim: str, row: dict[str, Any], name: str, document: dict[str, Any], at: int) -> Statement:
    measure = {"troops": TROOPS, "crowd": CROWD}.get(row.get("measure", "killed"), row.get("measure", "killed").title())
    low, high, hedge = _number(row.get("count"))
    first, last = _days(row.get("when"))
    group = row.get("forces") or row.get("group")
    return Statement(
        claim=claim,
        document=name,
        measure=measure,
        people="" if measure in (TROOPS, CROWD) else _pascal(row.get("people", "unknown")),
        group=actor(group) if group else None,
        low=low,
        high=high,
        words=str(group or row.get("people", "people")),
        count_words=str(row.get("count", "")),
        hedge=hedge,
        place=place(row["place"]) if "place" in row else None,
        stated="place" in row and not row.get("lent", False),
        first=first,
        last=last,
        source=actor(row.get("source") or document["publisher"]),
        passed=frozenset(map(actor, row.get("relays", ()))),
        published=str(document.get("published", "")),
        publisher=actor(document["publisher"]),
        recalled=row.get("recalled", False),
        denied=row.get("denied", False),
        whole=row.get("of"),
        event=row.get("event"),
        event_type=_pascal(row["type"]) if "type" in row else None,
        phase=row["phase"].title() if "phase" in row else None,
        start=at,
    )


def _pascal(value: str) -> str:
    return "".join(part.title() for part in value.split("-"))


def _number(value: Any) -> tuple[int | None, int | None, str]:
    if value is None:
        return None, None, "Exact"
    if value == "dozens":
        return 24, None, "Vague"
    match = _COUNT.fullmatch(str(value))
    assert match, value
    low = int(match["low"])
    high = None if match["open"] else int(match["high"] or low)
    return low, high, "About" if match["about"] else "AtLeast" if match["open"] else "Exact"


def _days(value: Any) -> tuple[date | None, date | None]:
    if value is None:
        return None, None
    first, _, last = str(value).partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def track(case: Case, statements: list[Statement] | None = None) -> list[Told]:
    """What tracking makes of a case, of its statements in the order given."""
    return told(figures(case.statements if statements is None else statements, case.around), case.around, Names({}))


def found(case: Case, made: list[Told]) -> dict[str, Any]:
    """What was made, in the form of the files: figures, contradictions, parts and the views that the case asks for."""
    of_claim = {f.statement.claim: each.figure.key for each in made for f in each.reader.found}
    keys = {each.figure.key: each for each in made}
    answer: dict[str, Any] = {
        "figures": [{f.statement.claim: f.finding.value for f in each.reader.found} for each in made],
        "contradictions": sorted([c.earlier.claim, c.later.claim] for each in made for c in each.reader.contradictions),
        "parts": sorted(
            [claim, whole]
            for claim, whole in case.expected.get("parts", [])
            if of_claim[whole] in keys[of_claim[claim]].figure.wholes
        ),
    }
    for view, claims in case.expected.items():
        if view not in answer and view != "about":
            answer[view] = {claim: getattr(keys[of_claim[claim]].views, view) for claim in claims}
    return answer
