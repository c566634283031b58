"""The body of a request: bounded, and unpacked if it was sent compressed (RFC 9110, 8.4)."""

from __future__ import annotations

import zlib
from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException

_PACKINGS = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 15}


async def read_body(request: Request, most: int, what: str) -> bytes:
    """The whole body; ``what`` names it in the error ("A query").

    Raises HTTPException: 413 for more than ``most`` bytes, packed or unpacked, 415 for another packing than gzip and
    deflate, 400 for one that is damaged.
    """
    packing = request.headers.get("content-encoding", "").strip().lower()
    if packing not in _PACKINGS:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"A body is taken as it is, or packed with gzip or deflate, not with {packing[:40]}.",
            {"Accept-Encoding": "gzip, deflate"},
        )
    window = _PACKINGS[packing]
    unpack = None if window is None else zlib.decompressobj(window)
    data = bytearray()
    async for chunk in request.stream():
        try:
            data += unpack.decompress(chunk, most + 1 - len(data)) if unpack else chunk
        except zlib.error as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"The body is no intact {packing}: {error}.") from None
        if len(data) > most or (unpack and unpack.unconsumed_tail):
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{what} has at most {most:,} bytes.")
    if unpack and not unpack.eof:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"The body is no intact {packing}: it ends too early.")
    return bytes(data)
