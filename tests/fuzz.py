"""Fuzzes the extractor with atheris, on demand; nothing of it runs in the suite.

``python -m tests.fuzz [-max_total_time=60 -len_control=0] [other options of libFuzzer] [CORPUS]``, with atheris
installed beside the project's own tools (``pip install atheris``; it is made for Linux, so it is not among the locked
ones). With ``-len_control=0`` inputs are long from the start.
Inputs are bytes read as text, half of the time mixed from the words of the gold passages, so that rules are reached.
A claim whose quote is not the text at its offsets, or a second reading that differs, is a crash like any other.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from kb.extract.pipeline import Extractor
from kb.model import Document
from tests.gold_passages import HALVES, load

LONGEST = 4096  # characters of an input


def words() -> list[str]:
    """The words and marks of the gold passages, each once, in order."""
    seen = (word for half in HALVES for passage in load(half) for word in passage.text.split(" "))
    return list(dict.fromkeys(seen))


def text(provider: Any, known: list[str]) -> str:
    """One input."""
    if provider.ConsumeBool():
        return str(provider.ConsumeUnicode(LONGEST))
    parts = list[str]()
    while provider.remaining_bytes() > 1 and len(parts) < LONGEST // 8:
        index = provider.ConsumeIntInRange(0, len(known))
        parts.append(known[index] if index < len(known) else provider.ConsumeUnicode(4))
    return " ".join(parts)


def check(extractor: Extractor, given: str) -> None:
    """Read a text twice: every quote must stand where its claim says, and both readings must agree."""
    document = Document(text=given)
    claims = extractor.extract(document)
    for claim in claims:
        if document.text[claim.start : claim.end] != claim.quote:
            raise AssertionError(f"quote of {claim.id} is not the text at {claim.start}-{claim.end}")
    if claims != extractor.extract(document):
        raise AssertionError("a second reading differs from the first")


def main() -> None:
    """Fuzz until told to stop, or as long as the options say."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        raise SystemExit("atheris is not installed: pip install atheris") from None
    extractor, known = Extractor(), words()

    def one(data: bytes) -> None:
        check(extractor, text(atheris.FuzzedDataProvider(data), known))

    atheris.instrument_all()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
