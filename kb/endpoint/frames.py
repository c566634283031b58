"""What the server and a worker send each other: JSON and bytes, never objects that code could hide in."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any

_SIZES = struct.Struct(">II")
_PIECE = 1 << 20


def send(descriptor: int, head: dict[str, Any], body: bytes = b"") -> None:
    """Writes one message; raises BrokenPipeError when nobody reads."""
    written = json.dumps(head).encode("utf-8")
    data = memoryview(_SIZES.pack(len(written), len(body)) + written + body)
    while data:
        data = data[os.write(descriptor, data[:_PIECE]) :]


def receive(descriptor: int, deadline: float | None = None) -> tuple[dict[str, Any], bytes]:
    """Reads one message; raises EOFError when the other side has gone, TimeoutError at ``deadline`` (monotonic)."""
    head, body = _SIZES.unpack(_exactly(descriptor, _SIZES.size, deadline))
    return json.loads(_exactly(descriptor, head, deadline)), bytes(_exactly(descriptor, body, deadline))


def _exactly(descriptor: int, size: int, deadline: float | None) -> bytearray:
    data = bytearray()
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    while len(data) < size:
        if deadline is not None and not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError
        piece = os.read(descriptor, min(_PIECE, size - len(data)))
        if not piece:
            raise EOFError
        data += piece
    return data
