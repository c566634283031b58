"""How fast claims are found: documents and megabytes a second on one core, loading, memory, length, processes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from kb.extract.parallel import Crew, cores
from kb.extract.pipeline import Extractor
from kb.model import Document
from kb.resources import DEFAULT_BASE
from tests.bench import clock, texts
from tests.bench.spacy_side import Tokenizer, tokenizer
from tests.markdown import prose, table

LENGTHS = (10_000, 50_000, 200_000, 500_000, 2_000_000)


def speed(extractor: Extractor) -> Iterator[str]:
    """Extraction beside the tokenizer, round by round in turns."""
    source, articles = texts.articles()
    sets = {
        f"{texts.SUMMARIES} incident summaries": texts.summaries(),
        f"{len(articles)} articles of {texts.ARTICLE:,} characters": articles,
    }
    yield from ("## Extraction on one core", "")
    yield from prose(
        f"""
        The summaries are made by a rule, two or three sentences each; the articles are {source} end to end, cut to one
        length. Beside it, on the same texts and in turns, spaCy's blank English tokenizer, which only cuts texts into
        words. Processor time, medians of {clock.ROUNDS} rounds.
        """
    )
    with tokenizer() as other:
        rows = [_row(name, given, extractor, other) for name, given in sets.items()]
    head = ["", "documents/s", "MB/s"]
    if isinstance(other, Tokenizer):
        yield from table([*head, f"spaCy {other.version} tokenizer, documents/s", "the tokenizer's time ÷ ours"], rows)
        yield ""
    else:
        yield from table(head, rows)
        yield from ("", f"spaCy could not be installed, so nothing stands beside these figures: {other}", "")


def _row(name: str, given: Sequence[Document], extractor: Extractor, other: Tokenizer | str) -> list[object]:
    size = sum(len(document.text.encode()) for document in given)
    ours, theirs = [], []
    for _ in range(clock.ROUNDS):
        ours.append(clock.seconds(lambda: [extractor.extract(document) for document in given]))
        if isinstance(other, Tokenizer):
            theirs.append(other.seconds([document.text for document in given]))
    took = clock.middle(ours)
    row: list[object] = [name, f"{len(given) / took:,.0f}", f"{size / took / 1e6:.2f}"]
    if theirs:
        row += [f"{len(given) / clock.middle(theirs):,.0f}", f"{clock.middle(theirs) / took:.2f}"]
    return row


def size() -> Iterator[str]:
    """Loading and memory, in processes of their own."""
    ran = [clock.in_fresh_process("tests.bench.fresh") for _ in range(3)]
    yield from ("## Loading and memory", "")
    rows = [
        ["loading the extractor, with its imports, s", f"{clock.middle([each['seconds'] for each in ran]):.2f}"],
        ["memory once loaded, MB", f"{clock.middle([each['loaded'] for each in ran]):.0f}"],
        ["most memory while reading all of the above, MB", f"{clock.middle([each['peak'] for each in ran]):.0f}"],
    ]
    yield from table(["", ""], rows)
    yield ""


def length(extractor: Extractor) -> Iterator[str]:
    """Whether time grows with the length of a text and no faster."""
    yield from ("## Long texts", "")
    yield from prose(
        """
        One document of so many characters, articles end to end. The last column is the time a character beside that of
        the shortest: a text a hundred times as long takes a hundred times as long, and no more.
        """
    )
    articles = texts.articles()[1]
    extractor.extract(articles[0])
    rows: list[list[object]] = []
    first = 0.0
    for characters in LENGTHS:
        document = texts.long_text(articles, characters)
        rounds = max(1, min(clock.ROUNDS, 1_000_000 // characters))
        took = clock.middle([clock.seconds(lambda given=document: extractor.extract(given)) for _ in range(rounds)])  # type: ignore[misc]
        each = took / characters
        first = first or each
        rows.append([f"{characters:,}", f"{took:.2f}", f"{1e6 * each:.1f}", f"{each / first:.2f}"])
    yield from table(["characters", "s", "µs a character", "beside the shortest"], rows)
    yield ""


def processes() -> Iterator[str]:
    """Several processes at once."""
    yield from ("## Several processes", "")
    yield from prose(
        """
        The articles four times over through `kb extract --jobs N`, wall time after the processes have loaded.
        """
    )
    given = texts.articles()[1] * 4
    rows: list[list[object]] = []
    one = 0.0
    for jobs in dict.fromkeys((1, 2, min(cores(), 8))):
        with Crew(DEFAULT_BASE, jobs) as crew:
            for _ in crew.ahead(given[: 40 * jobs]):
                pass
            begun = time.perf_counter()
            for item in crew.ahead(given):
                if isinstance(item, Document):
                    crew.extract(item)
            took = time.perf_counter() - begun
        one = one or took
        rows.append([jobs, f"{len(given) / took:,.0f}", f"{one / took:.2f}"])
    yield from table(["processes", "articles/s", "beside one"], rows)
    yield ""
