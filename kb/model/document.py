"""A document: an article, report or dispatch with a publisher and a date."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from kb.model.record import Record


def digest(*parts: str) -> str:
    """The first 20 hexadecimal digits of SHA-256 over the parts, each prefixed with its length in bytes."""
    pieces: list[bytes] = []
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        pieces += (len(data).to_bytes(8, "big"), data)
    return hashlib.sha256(b"".join(pieces)).hexdigest()[:20]


@lru_cache(maxsize=4)  # asked for with every claim of a document
def _key(text: str, publisher: str, day: str) -> str:
    return digest("document", " ".join(unicodedata.normalize("NFC", text).split()), publisher, day)


class Document(Record):
    """What was read: the text as given and what is known about it.

    ``given_id`` is the id that the input gave, if any. ``published`` is a date or an aware/naive datetime as given.
    """

    text: str
    given_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: datetime | date | None = None
    url: str | None = None
    language: str | None = None

    @property
    def key(self) -> str:
        """The content hash that names the document: normalised text, publisher, day of publication."""
        return _key(self.text, self.publisher or "", self.day.isoformat() if self.day else "")

    @property
    def id(self) -> str:
        """The id that claims carry in ``document``: the given one, else the content hash."""
        return self.given_id or self.key

    @property
    def day(self) -> date | None:
        """The day of publication."""
        return self.published.date() if isinstance(self.published, datetime) else self.published
