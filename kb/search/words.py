"""What a person typed, as the full-text syntax; and what was probably meant by words that nothing contains."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kb.search.index import Index, phrase

_QUOTED = re.compile(r'"([^"]+)"|(\S+)')
_WORD = re.compile(r"\w+")
_CLOSE = 0.7  # one letter in four may be wrong, missing, too many, or exchanged with its neighbour


def match(text: str) -> str | None:
    """The query for all words of ``text``, the last as the beginning of a word; what is in "quotes" as it stands.

    None if it holds no word.
    """
    parts = [
        (" ".join(words), bool(quoted))
        for quoted, bare in _QUOTED.findall(text)
        if (words := _WORD.findall(quoted or bare))
    ]
    if not parts:
        return None
    written = [phrase(words) for words, _ in parts]
    if not parts[-1][1] and text[-1:].isalnum():
        written[-1] += " *"
    return " ".join(written)


def corrected(index: Index, text: str) -> str | None:
    """``text`` with each word that begins no word of the index replaced by the nearest; None if none was.

    A word without a near one stays.
    """
    changed = _WORD.sub(lambda found: _nearest(index, found[0]), text)
    return changed if changed != text else None


def _nearest(index: Index, word: str) -> str:
    if len(word) < 3 or word.isdigit() or _known(index, word):
        return word
    low = word.lower()
    rows = index.rows(
        "SELECT term, max(number) FROM vocabulary WHERE letters BETWEEN ? AND ? GROUP BY term",
        (len(low) - 2, len(low) + 2),
    )
    terms = {row[0]: row[1] for row in rows}
    near = process.extract(
        low, terms.keys(), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=_CLOSE, limit=8
    )
    # Of several equally near, one with the same beginning, then the more frequent.
    return max(near, key=lambda it: (it[1], it[0][0] == low[0], terms[it[0]]))[0] if near else word


def _known(index: Index, word: str) -> bool:
    query = phrase(word) + " *"
    return any(
        index.rows(f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1", (query,))
        for table in ("name_words", "quote_words")
    )
