"""Measure the extractor on all that has answers: ``python -m tests.evaluate`` writes docs/evaluation.md."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

import kb
from kb.extract.parallel import Crew, cores
from kb.extract.pipeline import Extractor
from kb.model import CasualtyClaim, Claim, Document
from kb.rdf import document_quads
from kb.read import read
from kb.resources import DEFAULT_BASE
from tests import re3d
from tests.conftest import SHARED
from tests.fresh import right as right_in
from tests.fresh import sets
from tests.gold import ratio, run
from tests.gold_passages import HALVES, OWN
from tests.markdown import Row, missing, prose, shell, table
from tests.test_summaries import SUMMARIES, total

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evaluation.md"
MUC = SHARED / "corpora" / "muc"
SCORER = SHARED / "eval" / "score_muc.py"
DEMO = Path(kb.__file__).parent / "demo"
SEED = SHARED / "seed" / "article.txt"
AGAIN = 200
"""Documents that are extracted a second time in another process, to see that the bytes are the same."""

GOALS: Mapping[str, float] = {
    "recall": 0.70,
    "precision": 0.60,
    "recall_groups": 0.65,
    "places": 0.75,
    "perpetrators": 0.60,
}
RE3D_GOALS: Mapping[str, float] = {"Location": 0.80, "Organisation": 0.70, "Person": 0.75, "Temporal": 0.75}
MEASURES: Mapping[str, str] = {
    "recall": "casualties, recall",
    "precision": "casualties, precision",
    "f1": "casualties, F1",
    "recall_groups": "casualties of more than one person, recall",
    "places": "places of incidents",
    "perpetrators": "perpetrators",
    "texts": "texts with incidents",
}
PARTS: Mapping[str, str] = {"tune": "two thirds to tune on", "held": "third held out", "all": "all"}

Extracted = Sequence[tuple[Document, list[Claim]]]


def documents(*paths: Path) -> list[Document]:
    """The documents of these files; one that cannot be read ends the evaluation."""
    found = []
    for item in read(paths):
        if not isinstance(item, Document):
            raise item
        found.append(item)
    return found


def extracted(given: Sequence[Document]) -> list[tuple[Document, list[Claim]]]:
    """The documents with their claims."""
    with Crew(DEFAULT_BASE, max(2, cores())) as crew:
        return [(item, crew.extract(item)) for item in crew.ahead(given) if isinstance(item, Document)]


def jsonl(claims: Iterable[Claim]) -> str:
    """Claims as ``kb extract`` prints them."""
    return "".join(claim.model_dump_json(by_alias=True) + "\n" for claim in claims)


# --- the key of the message understanding conferences


def part(identifier: str) -> str:
    """In which part a text is, by a hash of its id."""
    return "held" if int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % 3 == 0 else "tune"


def muc_scores(found: Extracted) -> dict[str, dict[str, float]]:
    """What the scorer says of each part."""
    gold = (MUC / "dev.gold.jsonl").read_text("utf-8").splitlines(keepends=True)
    scores = {}
    with tempfile.TemporaryDirectory() as folder:
        claims = Path(folder, "claims.jsonl")
        claims.write_text(jsonl(claim for _, each in found for claim in each), "utf-8")
        for name in PARTS:
            chosen = Path(folder, f"{name}.jsonl")
            chosen.write_text("".join(line for line in gold if name in ("all", part(json.loads(line)["id"]))), "utf-8")
            printed = subprocess.run(
                [sys.executable, SCORER, chosen, claims], capture_output=True, text=True, check=True
            ).stdout
            scores[name] = json.loads(printed.splitlines()[-1])
    return scores


def muc(found: Extracted) -> Iterator[str]:
    """The section on the MUC texts."""
    yield from ("## News on political violence in Latin America, with the keys of 1992", "")
    yield from prose(
        """
        The development texts of the third and fourth Message Understanding Conferences: agency texts in
        capitals, with human keys for incidents. One text in three, chosen by a hash of its id, is only scored:
        its errors were never looked at. The best of seventeen systems of 1992 had a recall of .66 and a
        precision of .56 on numbers of victims, .61 on places and .48 on perpetrators, under a stricter
        alignment.
        """
    )
    yield from shell(
        "kb extract ../shared/corpora/muc/dev.docs.jsonl --output claims.jsonl",
        "python3 ../shared/eval/score_muc.py ../shared/corpora/muc/dev.gold.jsonl claims.jsonl",
    )
    if not found:
        yield from missing(MUC)
        return
    scores = muc_scores(found)
    rows = [
        [words, *(f"{scores[name][key]:.3g}" for name in PARTS), f"{GOALS[key]:.2f}" if key in GOALS else ""]
        for key, words in MEASURES.items()
    ]
    known = muc_scores([(document, [claim for claim in claims if not _nobody(claim)]) for document, claims in found])
    rows.append(
        ["… precision without “nobody was harmed”", *(f"{known[name]['precision']:.3g}" for name in PARTS), ""],
    )
    yield from table(["measure", *PARTS.values(), "goal"], rows)
    yield ""
    yield from prose(
        """
        The precision falls short of its goal. The key holds no one who was not harmed, so each “no casualties” counts
        against it (the last row). A random ninety of the other claims that it lacks, in the two thirds, were read:
        about eighty are true and outside the task of 1992 (fights between armies and guerrillas, incidents of earlier
        years, totals of years), the others were misreadings, most of them mended since. True claims are not dropped
        to please a key.
        """
    )


def _nobody(claim: Claim) -> bool:
    return isinstance(claim, CasualtyClaim) and claim.count.maximum == 0


# --- mentions, against re3d


def mentions() -> Iterator[str]:
    """The section on places, organisations, people and times named in re3d."""
    yield from ("## Places, organisations, people and times named in reports on Syria and Iraq", "")
    yield from prose(
        """
        The re3d corpus: every mention in its keys, exact (the same characters) and by overlap (some of them). One
        document in three, by a hash of its id, is only scored.
        """
    )
    yield from shell("python -m tests.re3d tune", "python -m tests.re3d held")
    if not re3d.FOLDER.is_dir():
        yield from missing(re3d.FOLDER)
        return
    totals = {half: re3d.run(re3d.FOLDER, half) for half in HALVES}
    rows: list[Row] = []
    for kind, goal in RE3D_GOALS.items():
        each = [totals[half][kind] for half in HALVES]
        for half, counts in zip((*HALVES, "all"), (*each, each[0].plus(each[1])), strict=True):
            exact = re3d.rates(counts.exact, counts.key, counts.found)[2]
            precision, recall, overlap = re3d.rates(counts.overlap, counts.key, counts.found)
            numbers = (f"{rate:.2f}" for rate in (exact, precision, recall, overlap))
            rows.append([kind, half, counts.key, *numbers, f"{goal:.2f}"])
    head = ["type", "part", "in the key", "exact F1", "overlap precision", "overlap recall", "overlap F1", "goal"]
    yield from table(head, rows, left=2)
    yield ""


# --- passages and readings of our own


def summaries() -> Iterator[str]:
    """The section on incident summaries."""
    yield from ("## Incident summaries", "")
    yield from prose(
        f"""
        {len(SUMMARIES)} summaries of one to three sentences in the manner of incident databases, written for this
        project, with the people killed and injured in all. Right means that the asserted claims that are no part of
        others add up to just that range. They are tests, so rules were tuned on them.
        """
    )
    yield from shell("python -m pytest tests/test_summaries.py")
    extractor = Extractor(DEFAULT_BASE)
    right: Counter[str] = Counter()
    for summary in SUMMARIES:
        claims = extractor.extract(Document(text=summary["text"]))
        fits = {harm: total(claims, harm) == summary[harm] for harm in ("killed", "injured")}
        right.update(["both"] if all(fits.values()) else [], **fits)
    shares = [ratio(right[each], len(SUMMARIES)) for each in ("killed", "injured", "both")]
    yield from table(["summaries", "killed", "injured", "both", "goal"], [[len(SUMMARIES), *shares, "0.97"]], left=0)
    yield ""
    yield from fresh_summaries(extractor)


def fresh_summaries(extractor: Extractor) -> Iterator[str]:
    """The sets that were measured before their errors were looked at."""
    yield from prose(
        """
        Sets that were measured before anybody looked at their errors, kept whole with what still fails. Right at first
        is the honest measure of what a stranger's summary may expect of the rules as they were then; right now is after
        the causes found in them were mended. Most sets were written to hold rare wordings.
        """
    )
    yield from shell("python -m pytest tests/test_fresh_summaries.py")
    rows: list[list[object]] = []
    for fresh in sets():
        fits = [right_in(extractor, summary) for summary in fresh.summaries]
        size = len(fits)
        numbers = [ratio(sum(fit[harm] for fit in fits), size) for harm in ("killed", "injured")]
        both = ratio(sum(all(fit.values()) for fit in fits), size)
        rows.append([fresh.name, fresh.about, size, ratio(fresh.fresh, size), *numbers, both, "0.97"])
    heads = [
        "set",
        "in the manner of",
        "summaries",
        "both, at first",
        "killed, now",
        "injured, now",
        "both, now",
        "goal",
    ]
    yield from table(heads, rows, left=2)
    yield ""


def gold() -> Iterator[str]:
    """The section on the project's own passages."""
    yield from ("## Passages of our own", "")
    yield from prose(
        """
        Short passages with the claims that must and must not come out ([format](../tests/gold/README.md)). The
        held half is only scored. A claim is found when its core is right (for people harmed the harm, the
        numbers and the modality), and right in all fields when everything that the passage says of it is.
        Precision is over the kinds of claims that a passage lists in full.
        """
    )
    yield from shell("python -m tests.gold tune", "python -m tests.gold held --quiet")
    rows = []
    for half in HALVES:
        outcomes = run(half)
        for kind in OWN:
            readings = [r for o in outcomes for r in o.readings if r.want.kind == kind]
            judged = sum(claim.kind == kind for o in outcomes for claim in o.judged)
            spurious = sum(claim.kind == kind for o in outcomes for claim in o.spurious)
            found, right = sum(r.found for r in readings), sum(r.right for r in readings)
            rows.append(
                [
                    half,
                    kind,
                    len(readings),
                    ratio(found, len(readings)),
                    ratio(right, len(readings)),
                    ratio(judged - spurious, judged),
                ]
            )
        refused = sum(len(o.refused) for o in outcomes)
        rows.append(
            [half, f"of {sum(len(o.passage.refused) for o in outcomes)} that must not come out", refused, "", "", ""]
        )
    yield from table(["half", "kind", "expected", "found", "right in all fields", "precision"], rows, left=2)
    yield ""


class _Results:
    """What became of each test of a run."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest for each phase of each test."""
        if report.when == "call" or report.skipped:
            self.outcomes[report.nodeid.split("::")[-1]] = report.outcome


def seed() -> Iterator[str]:
    """The section on the readings of the seed article."""
    yield from ("## The article that the project began from", "")
    yield from prose(
        """
        Badly machine-translated; fifteen readings of it are tests.
        """
    )
    yield from shell("python -m pytest tests/test_seed.py")
    if not SEED.exists():
        yield from missing(SEED)
        return
    results = _Results()
    quiet = ["-o", "addopts=", "-p", "no:terminal", "-p", "no:cacheprovider"]
    pytest.main([*quiet, str(ROOT / "tests" / "test_seed.py")], plugins=[results])
    passed = sum(outcome == "passed" for outcome in results.outcomes.values())
    yield f"{passed} of {len(results.outcomes)} tests pass."
    yield ""
    failed = [name for name, outcome in results.outcomes.items() if outcome != "passed"]
    yield from (f"- not: {name.removeprefix('test_').replace('_', ' ')}" for name in failed)
    if failed:
        yield ""


# --- the bundled dispatches, and what holds for every text


def demo(found: Extracted) -> Iterator[str]:
    """The section on what comes out of the bundled dispatches."""
    yield from ("## What a document becomes", "")
    yield from prose(
        """
        The bundled dispatches of `kb demo`, each of 50 to 160 words.
        """
    )
    yield from shell("kb extract kb/demo --format table", "kb extract kb/demo --format trig")
    recorded = datetime(2022, 1, 17, tzinfo=UTC)
    triples = [document_quads(each, claims, DEFAULT_BASE, recorded).count(b" .\n") for each, claims in found]
    bare = [document_quads(each, [], DEFAULT_BASE, recorded).count(b" .\n") for each, _ in found]
    claims = [claim for _, each in found for claim in each]
    kinds = Counter(claim.kind for claim in claims)
    rows: list[Row] = [
        ["documents", len(found)],
        ["claims", len(claims)],
        *([f"of kind {kind}", number] for kind, number in sorted(kinds.items())),
        ["claims a document", f"{len(claims) / len(found):.1f}"],
        ["triples a document, with all its claims", f"{sum(triples) / len(found):.0f}"],
        [
            "triples a claim, with the places and actors that it names",
            f"{(sum(triples) - sum(bare)) / len(claims):.1f}",
        ],
        ["claims with a source", ratio(sum(claim.source is not None for claim in claims), len(claims))],
        ["claims with a place", ratio(sum(claim.place is not None for claim in claims), len(claims))],
        ["claims with a date", ratio(sum(bool(c.time and c.time.earliest) for c in claims), len(claims))],
        ["claims that wait for review", sum(claim.needs_review for claim in claims)],
    ]
    yield from table(["", ""], rows)
    yield ""


def invariants(found: Extracted) -> Iterator[str]:
    """The section on what must hold for every claim of every text."""
    yield from ("## What holds for every text", "")
    claims = sum(len(each) for _, each in found)
    wrong = sum(document.text[c.start : c.end] != c.quote for document, each in found for c in each)
    again = found[-AGAIN:]
    extractor = Extractor(DEFAULT_BASE)
    same = sum(jsonl(each) == jsonl(extractor.extract(document)) for document, each in again)
    rows = [
        ["documents", len(found)],
        ["claims", claims],
        ["claims whose quote is not the text at their offsets", wrong],
        ["documents extracted a second time, in another process", len(again)],
        ["of them with the same bytes", same],
    ]
    yield from table(["", ""], rows)
    yield ""


def page() -> Iterator[str]:
    """The whole page, line by line."""
    yield from ("# Evaluation", "", "<!-- Generated by make evaluate; edit tests/evaluate.py. -->", "")
    yield from prose(
        """
        How well Factline reads, measured on texts with answers. `make evaluate` measures anew and writes this
        page; it takes a minute or two. The corpora of `../shared` lie beside the repository, not in it. Speed
        has [a page of its own](benchmarks.md).
        """
    )
    texts = extracted(documents(MUC / "dev.docs.jsonl")) if MUC.is_dir() else []
    dispatches = extracted(documents(DEMO))
    yield from muc(texts)
    yield from mentions()
    yield from gold()
    yield from summaries()
    yield from seed()
    yield from demo(dispatches)
    yield from invariants([*dispatches, *texts])


def main() -> None:
    """Write the page and print it."""
    text = "\n".join(page()).rstrip() + "\n"
    PAGE.write_text(text, "utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
