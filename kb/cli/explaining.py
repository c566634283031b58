"""Why claims were read as they were, for ``kb extract --explain``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from kb.cli.claims import headline
from kb.extract.explain import Explanation
from kb.model import Claim, Document

_INDENT = 12

BEFORE = ", told of before"


def explanation_lines(document: Document, explained: Sequence[tuple[Claim, Explanation]]) -> Iterator[Text]:
    """A document's claims, each with its sentence, its rule and where its fields come from."""
    number = len(explained) or "no"
    yield Text(f"{document.id}: {number} claim{'' if number == 1 else 's'}", style="bold")
    for claim, why in explained:
        yield Text()
        yield Text(headline(claim), style="bold")
        for name, words in _fields(claim, why):
            yield Text.assemble((f"  {name:<{_INDENT}}", "dim"), words)
    yield Text()


def _fields(claim: Claim, why: Explanation) -> Iterator[tuple[str, str]]:
    yield "sentence", f"{' '.join(claim.quote.split())} ({claim.start}–{claim.end})"
    trigger = f"“{' '.join(why.trigger.split())}”"
    yield "rule", f"{why.rule}, from {trigger}" + (f", which is {', '.join(why.lexicons)}" if why.lexicons else "")
    yield from ((name, f"“{text}”{BEFORE if name in why.before else ''}") for name, text in why.phrases)
    yield "place", why.place
    yield "time", why.time
    yield "source", why.source
    yield "modality", why.modality
    yield (
        "confidence",
        f"{claim.confidence:.2f}" + (f"; to review: {claim.review_reason}" if claim.needs_review else ""),
    )
