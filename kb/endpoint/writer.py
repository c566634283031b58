"""The writer: ``python -m kb.endpoint.writer STORE`` writes what it is sent, one thing after another.

It takes the store's lock for each, so that ``kb add`` can write while a server runs, and the server while it does not.
It may be killed at any moment: a write is one transaction, and what is not published is not seen.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kb.endpoint.worker import serve
from kb.endpoint.write import Write, perform


def main(folder: Path) -> None:
    """Writes until the server closes the pipe or is gone."""
    serve(
        lambda head, body, _: (
            {"format": "json", "graph": False, "truncated": False},
            perform(folder, Write.from_json(head, body)),
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
