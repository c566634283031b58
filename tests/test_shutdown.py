"""Stopping a server: what was asked is still answered, and it ends by itself."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kb.access import Role, Tokens

KB = Path(sys.executable).with_name("kb")
SOME_SECONDS = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 3000 } { SELECT * { ?d ?e ?f } LIMIT 1500 } }"


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [str(KB), "serve", "--port", "0", "--store", str(folder), *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}) as process:
        try:
            assert process.stderr
            found = re.search(r"http://[\d.]+:\d+/", process.stderr.readline())
            assert found
            yield process, found[0]
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_answers_what_it_was_asked(
    new_store: Path, tmp_path: Path, how: signal.Signals
) -> None:
    folder = Path(shutil.copytree(new_store, tmp_path / "store"))
    headers = {"authorization": f"Bearer {Tokens(folder).add('admin', Role.ADMIN)}"}
    with serving(folder, "--updates", "own") as (process, address), ThreadPoolExecutor(1) as thread:
        for _ in range(100):  # the workers have started
            if httpx.get(f"{address}sparql", params={"query": "ASK {}"}, timeout=30).status_code == 200:
                break
        slow = thread.submit(httpx.get, f"{address}sparql", params={"query": SOME_SECONDS}, timeout=30)
        while not httpx.get(f"{address}admin/queries", headers=headers, timeout=30).json():
            assert not slow.done()
        process.send_signal(how)
        answer = slow.result()
        assert answer.status_code == 200
        assert int(answer.json()["results"]["bindings"][0]["n"]["value"]) == 3000 * 1500
        assert process.wait(15) == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(address)
        assert process.stderr and "Traceback" not in process.stderr.read()
    for _ in range(50):  # no worker is left
        if not (left := _workers(folder)):
            break
        time.sleep(0.1)
    assert left == []


def _workers(folder: Path) -> list[str]:
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = each.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "kb.endpoint." in text and str(folder) in text:
            found.append(text)
    return found
