"""Run on its own: the seconds that the extractor takes to load, and the memory that reading all articles takes."""

from __future__ import annotations

import json
import time

BEGUN = time.process_time()


def main() -> None:
    """Print the figures as JSON."""
    from kb.extract.pipeline import Extractor  # noqa: PLC0415 (importing is what is measured)

    extractor = Extractor()
    loaded = time.process_time() - BEGUN

    from tests.bench import clock, texts  # noqa: PLC0415 (not to be measured)

    empty = clock.megabytes()
    for document in [*texts.summaries(), *texts.articles()[1]]:
        extractor.extract(document)
    print(json.dumps({"seconds": loaded, "loaded": empty, "peak": clock.megabytes()}))  # noqa: T201 (its answer)


if __name__ == "__main__":
    main()
