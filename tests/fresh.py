"""Fresh incident summaries: how many of each set come out right, now and when it was first measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kb.extract.pipeline import Extractor
from kb.model import Document
from tests.test_summaries import total

FILE = Path(__file__).parent / "gold" / "summaries-fresh.yaml"


class Set(NamedTuple):
    """One set; ``fresh`` is how many were right in both numbers before anybody looked at the errors."""

    name: str
    about: str
    fresh: int
    floor: int
    summaries: list[dict[str, Any]]


def sets() -> list[Set]:
    """The sets of the file."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(FILE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader)
    return [Set(**entry) for entry in data]


def right(extractor: Extractor, summary: dict[str, Any]) -> dict[str, bool]:
    """Whether the numbers of killed and of injured are just those of the key.

    Nobody, and nothing said, are the same; a number said to be unknown is right when none is claimed with an end.
    """
    claims = extractor.extract(Document(text=summary["text"]))
    found: dict[str, bool] = {}
    for harm in ("killed", "injured"):
        want, got = summary[harm], total(claims, harm)
        if want is None:
            found[harm] = got is None or (got[1] is None and (got[0] or 0) <= 2)
        elif want == [0, 0]:
            found[harm] = got in (None, [0, 0])
        else:
            found[harm] = got == want
    return found
