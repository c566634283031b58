"""Where the engine writes an answer to: bounded, packed, and sent on in pieces while it grows."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

from kb.endpoint.errors import SizeLimitError

FIRST = 64 * 1024
"""Bytes of an answer that are waited for before any is sent: up to here an error is an answer of its own."""
WORTH_PACKING = 1000
"""Shorter answers are sent as they are."""

_GZIP = 31  # zlib's word for that format


class Output(io.BytesIO):
    """Takes at most ``most`` bytes; ``emit`` gets pieces of them as they come (none: all is kept until ``rest``).

    ``hold`` is told each piece that the engine writes and says whether what comes from there on has to be kept; then,
    or with no ``emit``, nothing has been sent that ``rest`` could not still change.
    """

    def __init__(
        self,
        most: int,
        packing: str = "",
        emit: Callable[[bytes], None] | None = None,
        hold: Callable[[bytes], bool] | None = None,
    ) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.streamed = False
        self._most = most
        self._written = 0
        self._emit = emit
        self._hold = hold
        self._packing = packing
        self._packer = zlib.compressobj(1, wbits=_GZIP) if packing else None

    def write(self, data: Any) -> int:
        """Raises SizeLimitError for more than may be."""
        self._written += len(data)
        if self._written > self._most:
            raise SizeLimitError(
                f"The answer is larger than {self._most:,} bytes; add LIMIT, or ask for fewer columns.",
                {"Factline-Limit": f"bytes={self._most}"},
            )
        if self._emit and self._hold and self._hold(data):
            self._emit = None
        if self._emit and self.tell() >= FIRST:
            self._send(self._emit)
        return super().write(data)

    def _send(self, emit: Callable[[bytes], None]) -> None:
        piece = self.getvalue()
        if self._hold:
            self.sent.append(piece)
        self.seek(0)
        self.truncate()
        self.streamed = True
        if packed := self._packer.compress(piece) if self._packer else piece:
            emit(packed)

    def rest(self, change: Callable[[bytes], bytes] | None = None) -> tuple[bytes, str]:
        """What was not sent yet, and how it is packed; ``change`` gets the whole and gives it back with another end."""
        piece = self.getvalue()
        if change:
            begun = b"".join(self.sent)
            piece = change(begun + piece)[len(begun) :]
        if self._packer is None or (not self.streamed and len(piece) < WORTH_PACKING):
            return piece, ""
        return self._packer.compress(piece) + self._packer.flush(), self._packing
