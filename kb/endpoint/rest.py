"""What comes of an answer after its beginning."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator


class Rest:
    """Pieces in their order; read once, in the event loop."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._more = asyncio.Event()
        self._ended = False
        self._error: Exception | None = None

    def add(self, piece: bytes) -> None:
        """One piece more."""
        self._pieces.append(piece)
        self._more.set()

    def end(self, error: Exception | None = None) -> None:
        """There is no more; ``error`` is why, if that is not the end of the answer: whoever reads gets it."""
        self._ended, self._error = True, error
        self._more.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while not self._ended or self._pieces:
            await self._more.wait()
            self._more.clear()
            if self._error:
                raise self._error
            while self._pieces:
                yield self._pieces.popleft()
