"""Pages in Markdown that the measuring writes: tables, paragraphs, commands."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.conftest import SHARED

Row = Sequence[object]


def table(head: Row, rows: Iterable[Row], left: int = 1) -> Iterator[str]:
    """A Markdown table; the first columns are words, the others numbers."""
    yield f"| {' | '.join(map(str, head))} |"
    yield f"|{'|'.join('---' if at < left else '---:' for at in range(len(head)))}|"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)


def prose(text: str) -> Iterator[str]:
    """A paragraph."""
    yield from (*textwrap.wrap(" ".join(text.split()), 118), "")


def shell(*commands: str) -> Iterator[str]:
    """Commands as a block that can be copied."""
    yield from ("```shell", *commands, "```", "")


def missing(path: Path) -> list[str]:
    """What stands in the place of figures that cannot be had."""
    return [f"**Not measured**: `../shared/{path.relative_to(SHARED)}` is not beside this checkout.", ""]
