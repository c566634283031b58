"""Many clients that ask one server over and over: requests a second, and how long the slowest took.

Run on its own (``python -m tests.bench.load``), so that it does not slow down what it measures. Reads a JSON list of
``{"host", "port", "requests", "clients", "seconds"}`` from standard input; ``requests`` are whole HTTP/1.1 requests,
which each client sends in turn, each beginning at another.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import uvloop


async def _read(reader: asyncio.StreamReader) -> int:
    """Reads one answer; gives its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    small = head.lower()
    if b"content-length:" in small:
        length = int(small.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if length:
            await reader.readexactly(length)
    elif b"transfer-encoding: chunked" in small:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return int(head[9:12])


async def _client(host: str, port: int, requests: list[bytes], begin: int, until: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 26)
    times, failed, place = [], 0, begin
    while (begun := time.perf_counter()) < until:
        writer.write(requests[place % len(requests)])
        place += 1
        failed += await _read(reader) != 200
        times.append(time.perf_counter() - begun)
    writer.close()
    return times, failed


async def measure(given: dict[str, Any]) -> dict[str, float]:
    """Requests answered a second, the median and the 99th percentile in milliseconds, and how many were refused."""
    requests = [each.encode() for each in given["requests"]]
    until = time.perf_counter() + given["seconds"]
    begun = time.perf_counter()
    step = max(1, len(requests) // given["clients"])
    found = await asyncio.gather(
        *(_client(given["host"], given["port"], requests, n * step, until) for n in range(given["clients"]))
    )
    took = time.perf_counter() - begun
    times = sorted(each for one, _ in found for each in one)
    return {
        "rate": (len(times) - sum(failed for _, failed in found)) / took,
        "median": 1000 * times[len(times) // 2],
        "p99": 1000 * times[min(len(times) - 1, int(len(times) * 0.99))],
        "failed": sum(failed for _, failed in found),
    }


def main() -> None:
    """Measure each in turn, and print a JSON list."""
    print(json.dumps([uvloop.run(measure(each)) for each in json.load(sys.stdin)]))  # noqa: T201 (its answer)


if __name__ == "__main__":
    main()
