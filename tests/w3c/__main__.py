"""``python -m tests.w3c [FOLDER]``: run the suites in ``../shared/w3c/sparql`` and write ``docs/conformance.md``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.w3c.report import outcomes, page

ROOT = Path(__file__).resolve().parents[2]

with tempfile.TemporaryDirectory() as scratch:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "w3c" / "sparql"
    text = page(outcomes(root, Path(scratch)))
(ROOT / "docs" / "conformance.md").write_text(text, encoding="utf-8")
