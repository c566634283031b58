"""The tokens of one store: made, listed, revoked, and recognised.

A token holds 256 random bits, so one round of SHA-256 keeps it safe: there is nothing to guess, which is what a slow
hash would hinder (NIST SP 800-63B, 5.1.1.2, asks for one only where people choose the secret).
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from kb.access.record import Caller, Role, TokenRecord
from kb.errors import StoreError, UsageError
from kb.store.faults import storage
from kb.store.folder import Folder, replace

PREFIX = "factline_"
"""What every token begins with, so that one that was left somewhere is recognised for what it is."""

FILE = "tokens.json"
_BYTES = 32


class Tokens:
    """The tokens of the store in a folder. A change by another process is noticed at the next look (one stat)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._file = self._folder / FILE
        self._seen: tuple[int, int, int] | None = None
        self._records: tuple[TokenRecord, ...] = ()

    def records(self) -> tuple[TokenRecord, ...]:
        """All tokens, oldest first. Raises StoreError for a damaged file."""
        try:
            found = self._file.stat()
        except FileNotFoundError:
            self._seen, self._records = None, ()
            return ()
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if seen != self._seen:
            self._records, self._seen = self._read(), seen
        return self._records

    def caller(self, token: str) -> Caller | None:
        """Whose token this is; None if it is nobody's. Takes as long for a near miss as for any other.

        Raises StoreError for a damaged file.
        """
        digest = _digest(token)
        found: TokenRecord | None = None
        for record in self.records():  # all of them: the time says nothing of which one fits
            if hmac.compare_digest(record.digest, digest):
                found = record
        return Caller(found.name, found.role) if found else None

    def add(self, name: str, role: Role) -> str:
        """Makes a token and returns it; it cannot be had again. Raises UsageError for a name that is bad or taken."""
        token = PREFIX + secrets.token_urlsafe(_BYTES)
        now = datetime.now(UTC).replace(microsecond=0)
        try:
            fresh = TokenRecord(name=name, role=role, digest=_digest(token), created=now)
        except ValidationError:
            raise UsageError(
                f"{name!r} cannot name a token; use at most 64 letters, digits, spaces and . _ @ -, "
                "the first a letter or digit"
            ) from None
        with self._changing() as records:
            if any(record.name == name for record in records):
                raise UsageError(f"there is a token {name!r} already; revoke it first, or give another name")
            self._write((*records, fresh))
        return token

    def revoke(self, name: str) -> TokenRecord:
        """Ends a token from the next request on; returns what it was. Raises UsageError if there is none."""
        with self._changing() as records:
            gone = next((record for record in records if record.name == name), None)
            if gone is None:
                known = ", ".join(record.name for record in records) or "none at all"
                raise UsageError(f"there is no token {name!r}; there is {known}")
            self._write(tuple(record for record in records if record.name != name))
        return gone

    @contextmanager
    def _changing(self) -> Iterator[tuple[TokenRecord, ...]]:
        """The records, which nobody else changes meanwhile."""
        Folder(self._folder).require()
        with storage(self._folder, "write the tokens of"):
            held = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX)
                yield self._read()
            finally:
                os.close(held)

    def _read(self) -> tuple[TokenRecord, ...]:
        try:
            listed = json.loads(self._file.read_text("utf-8"))
            return tuple(TokenRecord.model_validate(each) for each in listed)
        except FileNotFoundError:
            return ()
        except (ValueError, TypeError) as error:  # ValidationError is a ValueError
            raise StoreError(
                f"{self._file} is damaged ({type(error).__name__}); delete it and make new tokens with kb token add"
            ) from None

    def _write(self, records: tuple[TokenRecord, ...]) -> None:
        listed = [record.model_dump(mode="json") for record in records]
        replace(self._file, json.dumps(listed, indent=1, ensure_ascii=False) + "\n", mode=0o600)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
