"""spaCy's blank English tokenizer on the same texts, in a virtual environment of its own that is thrown away."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_SERVER = """
import json, sys, time
import spacy
nlp = spacy.blank("en")
print(json.dumps(spacy.__version__), flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    begun = time.process_time()
    tokens = sum(len(nlp(text)) for text in texts)
    print(json.dumps(time.process_time() - begun), flush=True)
"""


class Tokenizer:
    """A process that runs the tokenizer on texts and says how long it took."""

    def __init__(self, version: str, told: IO[str], says: IO[str]) -> None:
        self.version = version
        self._told, self._says = told, says

    def seconds(self, texts: Sequence[str]) -> float:
        """The processor time of one round over the texts."""
        self._told.write(json.dumps(texts) + "\n")
        self._told.flush()
        return float(json.loads(self._says.readline()))


@contextmanager
def tokenizer() -> Iterator[Tokenizer | str]:
    """The tokenizer, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "Scripts" if sys.platform == "win32" else "bin", "python")
        installed = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "spacy"], capture_output=True, text=True, check=False
        )
        if installed.returncode:
            yield installed.stderr.strip().splitlines()[-1] if installed.stderr.strip() else "pip failed"
            return
        with subprocess.Popen(
            [python, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("a process with pipes has its pipes")
            yield Tokenizer(json.loads(process.stdout.readline()), process.stdin, process.stdout)
            process.stdin.close()
