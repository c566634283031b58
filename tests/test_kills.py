"""A writer that is killed at random moments harms nothing; ``python -m tests.kills 200`` does so more often."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_nothing_acknowledged_is_lost_and_nothing_is_left_by_half() -> None:
    # In a process of its own, which forks: nothing of the engine may have been opened there before.
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills", "20", "7", "0.8"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "20 kills" in done.stdout and ", 0 faults" in done.stdout
    assert " 0 documents and 0 triples acknowledged" not in done.stdout
