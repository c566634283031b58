"""The code to copy under each page runs as it stands: curl, SPARQLWrapper and rdflib, in processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.store import open_store
from kb.web.snippets import snippets
from tests import sample
from tests.serving import listening

CLAIMS = 'SELECT ?claim ?quote WHERE { ?claim a kb:CasualtyClaim ; kb:quote ?quote FILTER(!CONTAINS(?quote, "\'")) }'
TRIPLES = "CONSTRUCT WHERE { ?claim a kb:CasualtyClaim }"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("snippets") / "store"
    with open_store(folder, create=True) as store:
        sample.record(store)
    with listening(folder) as found:
        yield found


def run(name: str, text: str, folder: Path) -> str:
    if name == "curl":
        if shutil.which("curl") is None:
            pytest.skip("there is no curl")
        program = ["bash", "-c", text]
    elif name == "R":
        if shutil.which("Rscript") is None:
            pytest.skip("there is no R")
        (folder / "ask.R").write_text(text, "utf-8")
        program = ["Rscript", str(folder / "ask.R")]
    else:
        program = [sys.executable, "-c", text]
    done = subprocess.run(
        program, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["curl", "Python, SPARQLWrapper", "Python, rdflib", "R"])
def test_code_to_copy_runs(address: str, tmp_path: Path, name: str) -> None:
    said = run(name, dict(snippets(CLAIMS, address))[name], tmp_path)
    assert sample.DOZENS.id in said and (name == "R" or sample.DOZENS.quote[:20] in said)
    graph = run(name, dict(snippets(TRIPLES, address))[name], tmp_path)
    if name == "Python, rdflib":
        assert int(graph) > 1
    else:
        assert sample.DOZENS.id in graph and "CasualtyClaim" in graph
