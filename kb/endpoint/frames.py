"""What the server and a worker send each other: JSON and bytes, never objects that code could hide in."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any

PIECE = 1 << 20
"""Bytes that are read or written at a time."""

_SIZES = struct.Struct(">II")

Message = tuple[dict[str, Any], bytes]
"""A head, which is JSON, and a body."""


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One message as it is sent."""
    written = json.dumps(head).encode("utf-8")
    return b"".join((_SIZES.pack(len(written), len(body)), written, body))


def send(descriptor: int, head: dict[str, Any], body: bytes = b"") -> None:
    """Writes one message; raises BrokenPipeError when nobody reads."""
    data = memoryview(packed(head, body))
    while data:
        data = data[os.write(descriptor, data[:PIECE]) :]


def receive(descriptor: int, coming: Incoming) -> Message:
    """Reads one message, of which ``coming`` may hold a part; raises EOFError when the other side has gone."""
    while (found := coming.take()) is None:
        data = os.read(descriptor, PIECE)
        if not data:
            raise EOFError
        coming.add(data)
    return found


class Incoming:
    """What has come so far, and the messages in it."""

    def __init__(self) -> None:
        self._data = bytearray()

    def add(self, data: bytes) -> None:
        """More of it."""
        self._data += data

    def take(self) -> Message | None:
        """The next message that has come whole. Raises ValueError for what is none."""
        if len(self._data) < _SIZES.size:
            return None
        head, body = _SIZES.unpack_from(self._data)
        middle = _SIZES.size + head
        if len(self._data) < middle + body:
            return None
        found = json.loads(self._data[_SIZES.size : middle]), bytes(memoryview(self._data)[middle : middle + body])
        del self._data[: middle + body]
        return found

    def __iter__(self) -> Iterator[Message]:
        while (found := self.take()) is not None:
            yield found
