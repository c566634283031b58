"""Shows how the answers of the named queries differ from what is expected; see ``tests.expected``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.expected import SEED, Question, as_csv, ask, differences, opened, questions


def main(names: list[str]) -> int:
    """With names (``examples/casualties``): their present answers. Without: all differences, and 1 if there are any."""
    asked = [question for question in questions() if not names or question.name in names]
    unknown = set(names) - {question.name for question in asked}
    if unknown:
        sys.stderr.write(f"no question {', '.join(sorted(unknown))}; questions.csv lists them\n")
        return 2
    amiss = 0
    with tempfile.TemporaryDirectory(prefix="factline-expected-") as folder:
        for data in dict.fromkeys(question.data for question in asked):
            if data == "seed" and not SEED.exists():
                sys.stderr.write(f"seed: left out, there is no {SEED}\n")
                continue
            with opened(data, Path(folder)) as store:
                for question in asked:
                    if question.data == data:
                        amiss += tell(question, *ask(store, question), present=bool(names))
    return int(amiss > 0)


def tell(question: Question, columns: tuple[str, ...], rows: list[tuple[str, ...]], *, present: bool) -> int:
    """Writes the answer, or what is amiss with it; how many lines that are amiss."""
    if present:
        sys.stdout.write(as_csv([columns, *rows]) + "\n")
        return 0
    lines = differences(question, columns, rows)
    sys.stdout.writelines(f"{text}\n" for text in (f"{question.name}: {'differs' if lines else 'as expected'}", *lines))
    return len(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
