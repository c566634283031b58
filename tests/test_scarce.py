"""A disk that is full, a disk that is read-only, no more file handles: a clear error, and the store as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph

from kb.store import open_store

ROOT = Path(__file__).resolve().parents[1]
WORK = """
import os, resource, signal, sys
from pathlib import Path
from tests import kills
from kb.errors import StoreError
from kb.store import open_store

kind, what, amount, early, folder = sys.argv[1:]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as the shell of a service may have it; else the process just ends
if kind == "add":
    kills.extractor()
limit = getattr(resource, what)

def limited():
    used = len(os.listdir("/proc/self/fd")) if what == "RLIMIT_NOFILE" else 0
    resource.setrlimit(limit, (used + int(amount), resource.getrlimit(limit)[1]))

try:
    if early == "before":
        limited()
    with open_store(folder, write=True) as store:
        if early == "after":
            limited()
        for number in range(5):
            kills.KINDS[kind](store, number, lambda line: None)
    print("done")
except StoreError as error:
    print("refused:", error)
"""


@pytest.fixture
def folder(new_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_store, tmp_path / "store"))


@pytest.mark.parametrize(
    ("kind", "what", "amount", "early", "advice"),
    [
        ("add", "RLIMIT_FSIZE", "3000", "after", "cannot"),
        ("bulk load", "RLIMIT_FSIZE", "3000", "after", "cannot"),
        ("update", "RLIMIT_NOFILE", "6", "before", "too many open files; raise the limit"),
        ("update", "RLIMIT_NOFILE", "1", "after", "too many open files; raise the limit"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_spoilt(
    folder: Path, kind: str, what: str, amount: str, early: str, advice: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK, kind, what, amount, early, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("refused: cannot ") and advice in done.stdout, done.stdout + done.stderr[-500:]
    with open_store(folder, write=True) as store:
        merge = {quad.triple for quad in store.engine.quads_for_pattern(None, None, None, DefaultGraph())}
        assert merge == {quad.triple for quad in store.quads()}
        store.update("INSERT DATA { GRAPH <x:after> { <x:s> <x:p> 1 } }")
        revision = store.publish()
    with open_store(folder) as reader:
        assert reader.revision == revision and reader.has_graph("x:after")


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="needs the right to mount")
def test_a_full_disk_and_a_read_only_one(new_store: Path, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no right to mount")
    try:
        folder = Path(shutil.copytree(new_store, place / "store"))
        command = [sys.executable, "-c", WORK, "bulk load", "RLIMIT_CORE", "0", "never", str(folder)]
        (place / "filler").write_bytes(b"x" * (os.statvfs(place).f_bavail * os.statvfs(place).f_frsize - 200_000))
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        assert done.stdout.startswith("refused: cannot ") and "the disk is full" in done.stdout, done.stdout
        (place / "filler").unlink()
        with open_store(folder, write=True) as store:
            store.update("INSERT DATA { GRAPH <x:after> { <x:s> <x:p> 1 } }")
            store.publish()
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        with open_store(folder) as reader:
            assert reader.has_graph("x:after")
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert "read-only; the store can be read there but not written" in done.stdout, done.stdout + done.stderr
    finally:
        subprocess.run(["umount", place], check=False)
