"""Scores tracking from texts: which claims of several documents are about one number, and which contradict each other.

``python -m tests.tracking_exam FOLDER…`` with files ``CASE.jsonl`` (documents) and ``CASE.key.json``::

    {"claims": [{"doc", "quote_contains", "harm", "minimum", "maximum", "figure"}], "contradicts": [[i, j]]}

The whole way is gone: extraction, recording, tracking, and the named queries. A pair counts as found when both claims
were extracted and tracking put them into one figure (or named them as a contradiction); precision looks at pairs of
claims of the key only.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions

from kb import ingest
from kb.extract.pipeline import Extractor
from kb.read import read
from kb.store import Store, open_store

Pair = tuple[int, int]

_CLAIMS = """
SELECT ?claim ?given ?start ?end ?minimum ?maximum ?figure ?measure ?label ?finding ?reason WHERE {
  ?claim kb:document ?document ; kb:start ?start ; kb:end ?end ; a ?kind .
  VALUES ?kind { kb:CasualtyClaim kb:CrowdClaim kb:DeploymentClaim }
  ?document dcterms:identifier ?given .
  OPTIONAL { ?claim kb:minimum ?minimum } OPTIONAL { ?claim kb:maximum ?maximum }
  OPTIONAL { ?claim kb:harm ?harm }
  BIND(COALESCE(?harm, IF(?kind = kb:CrowdClaim, kb:Gathered, kb:Troops)) AS ?measure)
  OPTIONAL { ?claim kb:figure ?figure ; kb:findingReason ?reason . ?claim kb:finding ?finding .
             ?figure rdfs:label ?label }
}"""
_CONTRADICTIONS = "SELECT ?a ?b WHERE { ?pair a kb:Contradiction ; kb:earlierClaim ?a ; kb:laterClaim ?b }"
_MEASURES = {"troops": "Troops", "crowd": "Gathered"}


@dataclass
class Score:
    """Pairs found, expected and both, and the pairs that differ, in words."""

    found: int = 0
    expected: int = 0
    both: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, found: set[Pair], expected: set[Pair], told: Any) -> None:
        """Counts the pairs of one case."""
        self.found += len(found)
        self.expected += len(expected)
        self.both += len(found & expected)
        self.wrong += [
            f"{'missed' if pair in expected else 'extra '} {told(pair)}" for pair in sorted(found ^ expected)
        ]

    @property
    def precision(self) -> float:
        """Of what was found."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of what was expected."""
        return self.both / self.expected if self.expected else 1.0

    def __str__(self) -> str:
        counted = f"{self.both}/{self.found}, {self.both}/{self.expected}"
        return f"precision {self.precision:.3f} recall {self.recall:.3f} ({counted})"


def rows(store: Store, query: str) -> Iterator[dict[str, str]]:
    """The rows of a SELECT as plain values."""
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    for row in answer:
        yield {name: row[name].value for name in names if row[name] is not None}


def case(path: Path, same: Score, contradicts: Score, missing: list[str]) -> None:
    """One case: its documents through the whole pipeline, its pairs into the scores."""
    key = json.loads(path.with_name(path.name.removesuffix(".jsonl") + ".key.json").read_text("utf-8"))
    texts = {row["id"]: row["text"] for row in map(json.loads, path.read_text("utf-8").splitlines()) if row}
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "store", create=True) as store:
        report = ingest.add(store, read([path]), Extractor().extract, check=lambda _: [])
        assert not report.errors, report.errors
        claims = list(rows(store, _CLAIMS))
        pairs = {frozenset((row["a"], row["b"])) for row in rows(store, _CONTRADICTIONS)}
    taken: set[str] = set()
    chosen: list[dict[str, str] | None] = []
    for wanted in key["claims"]:
        best = _match(wanted, texts, claims, taken)
        chosen.append(best)
        if best is None:
            missing.append(f"{path.stem}: {wanted}")
        else:
            taken.add(best["claim"])

    def told(pair: Pair) -> str:
        return f"{path.stem}: " + " | ".join(
            f"{key['claims'][at]['doc'][-1]} {key['claims'][at]['figure']} {key['claims'][at]['quote_contains']!r}"
            f" → {(chosen[at] or {}).get('label', 'no figure' if chosen[at] else 'not extracted')}"
            f" ({(chosen[at] or {}).get('reason', '')})"
            for at in pair
        )

    numbers = range(len(chosen))
    expected = {(a, b) for a, b in combinations(numbers, 2) if key["claims"][a]["figure"] == key["claims"][b]["figure"]}
    found = {(a, b) for a, b in combinations(numbers, 2) if _together(chosen[a], chosen[b])}
    same.add(found, expected, told)
    claimed = {
        (a, b)
        for a, b in combinations(numbers, 2)
        if (one := chosen[a]) and (other := chosen[b]) and frozenset((one["claim"], other["claim"])) in pairs
    }
    contradicts.add(claimed, {(min(a, b), max(a, b)) for a, b in key.get("contradicts", [])}, told)


def _together(one: dict[str, str] | None, other: dict[str, str] | None) -> bool:
    return bool(one and other and one.get("figure") and one.get("figure") == other.get("figure"))


def _match(
    wanted: dict[str, Any], texts: dict[str, str], claims: list[dict[str, str]], taken: set[str]
) -> dict[str, str] | None:
    """The extracted claim that is meant: of the harm, at the words, first the one with the number."""
    start = texts[wanted["doc"]].find(wanted["quote_contains"])
    if start < 0:
        return None
    end = start + len(wanted["quote_contains"])
    measure = _MEASURES.get(wanted["harm"], wanted["harm"].title())
    fits = [
        row
        for row in claims
        if row["given"] == wanted["doc"]
        and row["measure"].rpartition("#")[2] == measure
        and int(row["start"]) < end
        and start < int(row["end"])
        and row["claim"] not in taken
    ]
    number = (wanted.get("minimum"), wanted.get("maximum"))

    def fit(row: dict[str, str]) -> tuple[int, int, str]:
        read_ = tuple(int(row[end]) if end in row else None for end in ("minimum", "maximum"))
        return (-(read_ == number), -(read_[0] == number[0]), row["claim"])

    return min(fits, key=fit, default=None)


def exam(folder: Path) -> tuple[Score, Score, list[str]]:
    """All cases of a folder: same figure, contradicts, and the claims of the key that nothing was extracted for."""
    same, contradicts = Score(), Score()
    missing: list[str] = []
    paths = sorted(path for path in folder.glob("*.jsonl"))
    assert paths, folder
    for path in paths:
        case(path, same, contradicts, missing)
    return same, contradicts, missing


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--wrong", action="store_true", help="show the pairs that differ")
    options = parser.parse_args()
    for each in options.folders:
        one, other, gone = exam(each)
        sys.stdout.write(f"{each.name}: same figure {one}; contradicts {other}; claims not extracted: {len(gone)}\n")
        for line in [*one.wrong, "--", *other.wrong, "--", *gone] if options.wrong else ():
            sys.stdout.write(f"  {line}\n")
