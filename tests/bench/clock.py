"""Measuring: processor time in rounds, medians, ratios, and what a fresh process needs."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    """The processor time of one call, which other programs on the machine lengthen least."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def middle(times: Sequence[float]) -> float:
    """The median."""
    return statistics.median(times)


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median wall time of a call in milliseconds, after one call to warm up."""
    work()
    return 1000 * middle([wall(work) for _ in range(rounds)])


def wall(work: Callable[[], object]) -> float:
    """The seconds that one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def megabytes() -> float:
    """The most memory that this process has held so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def in_fresh_process(module: str, *arguments: str) -> Any:
    """What a module of ours prints as JSON when it is run on its own."""
    ran = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)
