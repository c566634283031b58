"""The installed command as a process of its own: pipes, screens, signals, two at once."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from kb.store import open_store
from tests import sample

KB = Path(sys.executable).with_name("kb")


@pytest.fixture
def store(tmp_path: Path, new_store: Path) -> Path:
    folder = tmp_path / "store"
    shutil.copytree(new_store, folder)
    with open_store(folder, write=True) as opened:
        sample.record(opened)
    return folder


def run(store: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [KB, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "KB_STORE": str(store)},
        check=False,
    )


def test_a_reader_that_leaves_early_hears_nothing(store: Path) -> None:
    with subprocess.Popen(
        [KB, "query", "-", "--format", "csv", "--store", store],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("SELECT * { ?s ?p ?o }")
        process.stdin.close()
        assert process.stdout.readline() == "o,p,s\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_a_table_for_a_reader_that_leaves_early(store: Path) -> None:
    shell = f"{KB} query - --store {store} | head -2"
    done = subprocess.run(
        ["sh", "-c", shell], input="SELECT * { ?s ?p ?o }", capture_output=True, text=True, check=False
    )
    assert (done.returncode, len(done.stdout.splitlines()), done.stderr) == (0, 2, "")


def test_a_store_that_another_process_writes(store: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Three soldiers were killed in Almaty.")
    with open_store(store, write=True):
        done = run(store, "add", str(text))
    assert done.returncode == 1
    assert f"is being written by process {os.getpid()}" in done.stderr
    assert "Traceback" not in done.stderr


def test_output_survives_a_terminal_without_unicode(store: Path) -> None:
    done = subprocess.run(
        [KB, "query", "casualties", "--store", store],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 0
    assert "Aqt\\xf6be" in done.stdout


@pytest.mark.parametrize("width", [60, 100])
def test_a_table_keeps_to_the_width_of_the_screen(store: Path, width: int) -> None:
    screen = on_a_screen(width, "query", "casualties", "--store", str(store))
    lines = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line) for line in screen.splitlines()]
    assert max(len(line) for line in lines) <= width
    assert any(line.startswith("7 rows") for line in lines)
    assert sample.SIXTEEN.quote.split()[0] in screen


def on_a_screen(width: int, *arguments: str) -> str:
    """What the command prints on a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(COLUMNS=str(width), LINES="40", TERM="xterm")
        os.execv(KB, [str(KB), *arguments])  # noqa: S606 - the command under test
    data = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other side has closed
            break
        if not part:
            break
        data += part
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return data.decode()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_serving_until_it_is_stopped(store: Path, tmp_path: Path, command: str) -> None:
    where = store if command == "serve" else tmp_path / "demo"
    with subprocess.Popen(
        [KB, command, "--port", "0", "--store", where],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout and process.stderr
        said = ""
        while "stop with Ctrl+C" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        found = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert found
        with urllib.request.urlopen(found[0] + "queries/casualties.json?place=Almaty") as response:  # noqa: S310 - ours
            assert len(json.load(response)["results"]["bindings"]) >= 4
        process.send_signal(signal.SIGINT)
        printed = process.stdout.read()
        rest = process.stderr.read()
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    assert ("Three things to try:" in printed) == (command == "demo")


def test_a_question_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys; from kb.cli import command_line; command_line(['query']); "
        "print([name for name in ('pyshacl', 'rdflib', 'fastapi', 'trafilatura', 'kb.extract') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
