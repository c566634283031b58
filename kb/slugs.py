"""Slugs: the readable last part of an IRI, made from a name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OTHER = re.compile(r"[^\w]+|_+")
LONGEST = 80


@lru_cache(maxsize=16_384)
def slug(name: str) -> str:
    """Small letters and digits joined by hyphens; letters of other scripts stay. Never empty, at most 80 characters.

    >>> slug("Prosecutor General's Office")
    'prosecutor-generals-office'
    """
    plain = name.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        plain = unicodedata.normalize("NFC", plain.replace("’", ""))
    plain = plain.replace("'", "")
    return _OTHER.sub("-", plain).strip("-")[:LONGEST].rstrip("-") or "unnamed"
