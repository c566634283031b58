"""What every landing must pass sets up what the tests need: Java for HermiT, a browser for the site."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "run"
TOOLS = ("bash", "env", "dirname", "id")


def run(folder: Path, *, works: bool, root: bool = True) -> tuple[str, list[str]]:
    """Runs the script where there is neither Java nor a browser, with an apt-get and a make that only take notes."""
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    if not root:
        (folder / "id").unlink()
        write(folder / "id", "echo 1000")
    write(folder / "apt-get", f'echo "apt-get $*" >> {folder}/calls; [ "$1" = update ] || exit {0 if works else 100}')
    write(folder / "make", f'echo "make $*" >> {folder}/calls')
    environment = {**os.environ, "PATH": str(folder)}
    ran = subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, (folder / "calls").read_text().splitlines()


def write(file: Path, body: str) -> None:
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


pytestmark = pytest.mark.skipif(not SCRIPT.exists(), reason="not in a checkout")


def test_java_is_installed_where_it_is_missing(tmp_path: Path) -> None:
    said, calls = run(tmp_path, works=True)
    assert "installing default-jre-headless for the tests that ask HermiT" in said
    assert "apt-get install -y -qq --no-install-recommends default-jre-headless" in calls
    assert calls[-2:] == ["make check", "make test"]
    assert "skipped" not in said


def test_where_it_cannot_be_installed_the_tests_run_without_and_it_is_said(tmp_path: Path) -> None:
    said, calls = run(tmp_path, works=False)
    assert "Java could not be installed: the tests that ask HermiT will be skipped" in said
    assert calls[-2:] == ["make check", "make test"]


def test_who_is_not_root_is_told(tmp_path: Path) -> None:
    said, calls = run(tmp_path, works=True, root=False)
    assert "no apt-get to install it with as root: the tests that ask HermiT will be skipped" in said
    assert calls == ["make check", "make test"]
