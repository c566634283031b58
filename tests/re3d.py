"""Scores mentions against the re3d keys: `python -m tests.re3d [tune|held] [--misses]`.

re3d (Dstl, Aleph Insights, Committed Software) marks places, organisations, people and times in texts on Syria and
Iraq. A key's confidence is the probability, by its annotators' answers, that the mark is right: keys of at least one
half count, the others are no entities. Nested keys of one type (fewer than one in fifty) are kept: each wants a
mention.

Exact: same type, first and last character (the article and white space at the ends left aside). Overlap: same type and
some common character; one mention answers one key. Documents are parted by a hash of their id into two thirds to tune
on and one third held back.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kb.extract.mentions import mentions
from kb.model import Document

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "re3d"
TYPES = ("Location", "Organisation", "Person", "Temporal")
LEAST = 0.5
_EDGES = re.compile(r"^(?:\s|the\b|a\b|an\b)*|\s*$", re.IGNORECASE)


class Span(NamedTuple):
    """A key or mention: its type and characters [start, end)."""

    type: str
    start: int
    end: int


class Score(NamedTuple):
    """Counts of one type: in the key, found, and those that agree exactly and by overlap."""

    key: int
    found: int
    exact: int
    overlap: int

    def plus(self, other: Score) -> Score:
        """Both together."""
        return Score(*(a + b for a, b in zip(self, other, strict=True)))


def rates(right: int, key: int, found: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where nothing is found or wanted."""
    precision, recall = right / found if found else 0.0, right / key if key else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def part(identity: str) -> str:
    """Which part of the corpus a document is in: "tune" or "held"."""
    return "held" if int(hashlib.sha256(identity.encode()).hexdigest(), 16) % 3 == 0 else "tune"


def corpus(folder: Path) -> Iterator[tuple[str, str, list[Span]]]:
    """The documents with their keys: (id, text, spans in order)."""
    for source in sorted(path for path in folder.iterdir() if path.is_dir()):
        keys: dict[str, set[Span]] = {}
        for entity in _lines(source / "entities.json"):
            if entity["confidence"] >= LEAST and entity["type"] in TYPES:
                span = Span(entity["type"], entity["begin"], entity["end"])
                keys.setdefault(entity["documentId"], set()).add(span)
        for document in _lines(source / "documents.json"):
            wanted = sorted(keys.get(document["_id"], ()), key=lambda s: (s.start, s.end, s.type))
            yield document["_id"], document["text"], wanted


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as lines:
        yield from (json.loads(line) for line in lines)


def trimmed(span: Span, text: str) -> Span:
    """Without the article and white space at its ends."""
    words = text[span.start : span.end]
    ends = [match.span() for match in _EDGES.finditer(words)]
    start, end = ends[0][1], ends[-1][0] if len(ends) > 1 else len(words)
    return span if start >= end else Span(span.type, span.start + start, span.start + end)


def pairs(key: Sequence[Span], found: Sequence[Span], agree: Callable[[Span, Span], bool]) -> list[tuple[Span, Span]]:
    """Keys and mentions that agree, one to one, in the order of the text."""
    left, matched = list(found), []
    for wanted in sorted(key, key=lambda s: (s.end, s.start)):
        hit = next((span for span in left if agree(wanted, span)), None)
        if hit is not None:
            left.remove(hit)
            matched.append((wanted, hit))
    return matched


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans of one type share a character."""
    return one.type == other.type and one.start < other.end and other.start < one.end


def score(key: Sequence[Span], found: Sequence[Span], text: str) -> dict[str, Score]:
    """The scores of one document by type."""
    scores = {}
    for kind in TYPES:
        mine = sorted((s for s in found if s.type == kind), key=lambda s: (s.end, s.start))
        wanted = [s for s in key if s.type == kind]
        exact = pairs([trimmed(s, text) for s in wanted], [trimmed(s, text) for s in mine], Span.__eq__)
        scores[kind] = Score(len(wanted), len(mine), len(exact), len(pairs(wanted, mine, overlaps)))
    return scores


def found_in(identity: str, text: str) -> list[Span]:
    """The mentions that extraction finds in a text."""
    return [Span(m.type, m.start, m.end) for m in mentions(Document(text=text, given_id=identity))]


def run(folder: Path, which: str, *, misses: bool = False) -> dict[str, Score]:
    """The scores of one part of the corpus; with ``misses``, what is missed and what is wrong is printed."""
    total = {kind: Score(0, 0, 0, 0) for kind in TYPES}
    for identity, text, key in corpus(folder):
        if part(identity) != which:
            continue
        found = found_in(identity, text)
        for kind, counts in score(key, found, text).items():
            total[kind] = total[kind].plus(counts)
        if misses:
            _print_misses(key, found, text)
    return total


def _print_misses(key: Sequence[Span], found: Sequence[Span], text: str) -> None:
    matched = pairs(key, found, overlaps)
    wanted, hit = {pair[0] for pair in matched}, {pair[1] for pair in matched}
    for label, spans in (("missed", set(key) - wanted), ("wrong", set(found) - hit)):
        for span in sorted(spans, key=lambda s: (s.start, s.end, s.type)):
            around = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 30]
            shown = f"{around[0]}[[{text[span.start : span.end]}]]{around[1]}".replace("\n", " ")
            sys.stdout.write(f"{label} {span.type}: {shown}\n")


def table(total: dict[str, Score]) -> str:
    """The scores as lines of text."""
    lines = [f"{'':14}{'key':>6}{'found':>7}   exact  P     R     F1     overlap  P     R     F1"]
    for kind, counts in total.items():
        exact = "  ".join(f"{rate:.2f}" for rate in rates(counts.exact, counts.key, counts.found))
        overlap = "  ".join(f"{rate:.2f}" for rate in rates(counts.overlap, counts.key, counts.found))
        lines.append(f"{kind:14}{counts.key:6}{counts.found:7}          {exact}            {overlap}")
    return "\n".join(lines)


def main() -> None:
    """Print the scores of the tune part, or of the part named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=("tune", "held"), default="tune")
    parser.add_argument("--misses", action="store_true", help="print what is missed and what is wrong")
    options = parser.parse_args()
    sys.stdout.write(table(run(FOLDER, options.part, misses=options.misses)) + "\n")


if __name__ == "__main__":
    main()
