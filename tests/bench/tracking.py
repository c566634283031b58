"""How long tracking takes for one more document, on stores of growing size.

``python -m tests.bench.tracking 1000 10000 100000``: documents of crises of forty reports each, in any country and
month, recorded without extraction; then fifty more, tracked and published one by one.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from kb.model import Actor, CasualtyClaim, Count, Document, Harm, Hedge, Place, Victims, digest
from kb.rdf import document_quads
from kb.reference import Reference
from kb.store import Store, open_store
from kb.track import track
from tests.strategies import NOW

CRISIS = 40  # reports of one crisis
MORE = 50
OUTLETS = ("AFP", "Reuters", "TASS", "Interfax", "Xinhua")


def document(number: int, base: str, countries: list[str]) -> tuple[Document, CasualtyClaim]:
    """The report of this number: 1 to 200 dead in a crisis of its country and month."""
    dice = random.Random(number)  # noqa: S311 - texts, no secrets
    crisis = number // CRISIS
    country = countries[crisis % len(countries)]
    day = date(1980, 1, 1) + timedelta(days=90 * (crisis // len(countries)) + dice.randrange(25))
    count = dice.randint(1, 200)
    text = f"In the town of {number} {count} people were killed, officials told {dice.random()}."
    made = Document(text=text, publisher=dice.choice(OUTLETS), published=day)
    quote = f"{count} people were killed"
    start = text.index(quote)
    claim = CasualtyClaim(
        id=digest("bench", str(number)),
        document=made.id,
        harm=Harm.KILLED,
        count=Count(minimum=count, maximum=count, hedge=Hedge.EXACT, text=str(count)),
        victims=Victims(text="people", iri=f"{base}actor/{country.lower()}-people", country=country),
        place=Place(text=country, name=country, iri=f"{base}place/{country.lower()}", country=country),
        source=Actor(text="officials", iri=f"{base}actor/{country.lower()}-officials", country=country),
        quote=quote,
        start=start,
        end=start + len(quote),
        extractor="rules/1",
        rule="r",
        confidence=0.5,
    )
    return made, claim


def record(store: Store, number: int, countries: list[str]) -> None:
    """Puts the report into the store."""
    made, claim = document(number, store.base, countries)
    store.add_document(made.key, document_quads(made, [claim], store.base, NOW))


def run(sizes: list[int]) -> list[tuple[int, float]]:
    """The median CPU seconds for one more document, tracked by itself, for each size of the store."""
    countries = sorted(Reference.load().countries)
    found: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "store", create=True) as store:
        done = 0
        for size in sizes:
            for number in range(done, size):
                record(store, number, countries)
            begun = time.process_time()
            track(store)
            whole = time.process_time() - begun
            dice, spent = random.Random(size), []  # noqa: S311 - likewise
            for extra in range(MORE):
                # Reports of crises that are there already.
                number = CRISIS * dice.randrange(size // CRISIS) * 1000 + extra
                made, claim = document(number % size, store.base, countries)
                text = f"{made.text} {extra}"
                more = made.model_copy(update={"text": text})
                again = claim.model_copy(update={"id": digest("more", str(size), str(extra)), "document": more.id})
                begun = time.process_time()
                store.add_document(more.key, document_quads(more, [again], store.base, NOW))
                track(store)
                spent.append(time.process_time() - begun)
            found.append((size, median(spent)))
            sys.stdout.write(
                f"{size:>7} documents: {1000 * median(spent):6.1f} ms for one more"
                f" ({1000 * whole / max(size - done, 1):.2f} ms each in one batch)\n"
            )
            sys.stdout.flush()
            done = size
    return found


if __name__ == "__main__":
    run([int(size) for size in sys.argv[1:]] or [1_000, 10_000])
