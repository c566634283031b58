"""How fast the pages of the site are, by the number of claims: ``python -m tests.bench.pages 1000 10000 100000``.

A folder instead of a number is a store that is there already.

The stores are made up: casualties, deployments and events at towns of many countries over years, each document with
twenty claims of a few sources. Server time is measured in process, without a socket, the page compressed:
on the processor (all threads), which other work on the machine disturbs little, and by the clock.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from kb.model import (
    Actor,
    ActorType,
    CasualtyClaim,
    Claim,
    Count,
    DeploymentClaim,
    Document,
    EventClaim,
    Harm,
    Hedge,
    Phase,
    Place,
    Precision,
    TimeSpan,
    VictimClass,
    Victims,
    digest,
)
from kb.rdf import document_quads
from kb.resources import DEFAULT_BASE
from kb.search import lists, open_index, update
from kb.store import Store, open_store
from kb.track import track
from kb.web.app import create_app

EACH = 20  # claims of a document
ROUNDS = 20
_LANDS = ("kz", "ua", "sy", "ng", "ml", "so", "ye", "iq", "af", "pk", "in", "co", "mm", "et", "sd", "cd")
_OUTLETS = ("afp", "reuters", "ap", "tass", "interfax", "xinhua", "bbc", "al-jazeera")


def _iri(local: str) -> str:
    return DEFAULT_BASE + local


def _claims(pick: random.Random, number: int, text: str, document: Document) -> Iterator[Claim]:
    land = pick.choice(_LANDS)
    for each in range(EACH):
        town = pick.randrange(12)
        place = Place(
            text=f"Town {town}", name=f"Town {town}", iri=_iri(f"place/{land}/town-{town}"), country=land.upper(),
            lat=10 + town, lon=20 + town, precision=Precision.CITY, within=_iri(f"place/{land}"),
        )  # fmt: skip
        speaker = pick.randrange(6)
        source = Actor(
            text=f"Ministry {speaker}", name=f"Ministry {speaker} of {land}", type=ActorType.MINISTRY,
            iri=_iri(f"actor/{land}-ministry-{speaker}"), country=land.upper(),
        )  # fmt: skip
        assert document.published is not None
        day = document.published - timedelta(pick.randrange(3))
        start = text.index(f"Sentence {each} ")
        quote = f"Sentence {each} of document {number}"
        shared: dict[str, Any] = {
            "id": digest("bench", str(number), str(each)), "document": document.id, "place": place, "source": source,
            "time": TimeSpan(text="then", earliest=day, latest=day), "quote": quote, "start": start,
            "end": start + len(quote), "extractor": "bench/1", "rule": "bench", "confidence": 0.8,
        }  # fmt: skip
        low = pick.randrange(1, 60)
        count = Count(minimum=low, maximum=pick.choice((low, low + 9, None)), hedge=Hedge.AT_LEAST, text=f"{low}")
        kind = pick.random()
        if kind < 0.5:
            group = pick.choice(("soldiers", "civilians", "people"))
            classes = {
                "soldiers": VictimClass.MILITARY,
                "civilians": VictimClass.CIVILIANS,
                "people": VictimClass.UNKNOWN,
            }
            people = Victims(text=group, class_=classes[group], iri=_iri(f"actor/{land}-{group}"))
            yield CasualtyClaim(**shared, harm=pick.choice((Harm.KILLED, Harm.INJURED)), count=count, victims=people)
        elif kind < 0.65:
            yield DeploymentClaim(
                **shared, deployer=source, count=count, destination=place, phase=pick.choice(list(Phase))
            )
        else:
            yield EventClaim(**shared, event_type=pick.choice(("protest", "riot", "clash", "attack")), agents=(source,))


def fill(store: Store, claims: int) -> None:
    """Records that many made-up claims, tracks, publishes and indexes."""
    pick = random.Random(7)  # noqa: S311 - the same each time
    for number in range(claims // EACH):
        text = "".join(f"Sentence {each} of document {number} says something. " for each in range(EACH))
        published = date(2020, 1, 1) + timedelta(pick.randrange(1500))
        outlet = pick.choice(_OUTLETS)
        document = Document(text=text, title=f"Report {number}", publisher=outlet.upper(), published=published)
        quads = document_quads(
            document,
            list(_claims(pick, number, text, document)),
            store.base,
            datetime(2024, 1, 1, tzinfo=UTC),
            publisher=_iri(f"actor/{outlet}"),
            extractor="bench/1",
        )
        store.add_document(document.key, quads)
    for name, work in (("track", lambda: track(store)), ("publish", store.publish), ("index", lambda: update(store))):
        begun = time.perf_counter()
        work()
        sys.stderr.write(f"{claims:,} claims: {name} {time.perf_counter() - begun:.1f} s\n")


def paths(folder: Path) -> dict[str, str]:
    """A page of each kind, those with most on them."""
    with open_store(folder) as store, open_index(store) as index:
        local = {
            "episode": lists.episodes(index, 1)[0].iri,
            "figure": lists.figures(index, 1)[0].iri,
            "event": lists.events(index, 1)[0].iri,
            "claim": lists.changes(index, 1)[0].claim,
            "document": lists.latest_documents(index, 1)[0],
        }
        found = {name: "/" + iri.removeprefix(store.base) for name, iri in local.items()}
    return {
        "home": "/",
        "search": "/search?q=sentence+3",
        "all claims": "/search",
        "claims of a place": "/search?place=place/kz&kind=casualty",
        "claims, misspelt": "/search?q=sentance",
        "casualties": "/casualties",
        "casualties of a place": "/casualties?place=place/kz&harm=killed",
        "deployments": "/deployments",
        "changes": "/changes",
        "actor": "/actor/kz-ministry-1",
        "place": "/place/kz/town-3",
        "country": "/place/kz",
        "outlet": "/actor/afp",
        "queries": "/queries",
        "a named query": "/queries/casualties",
        "names": "/search?what=actor",
        "graph": "/graph/tracked",
        "sparql": "/sparql",
        "ontology": "/ontology",
        "term": "/ontology/CasualtyClaim",
        **found,
    }


async def measure(folder: Path) -> list[tuple[str, float, float, float, int]]:
    """Each page: median and 95th percentile of the server's time on the processor in ms, median by the clock, bytes."""
    rows = []
    transport = httpx.ASGITransport(app=create_app(folder))
    headers = {"accept": "text/html", "accept-encoding": "gzip"}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench.test", headers=headers) as client:
        for name, path in paths(folder).items():
            times, clock, size = [], [], 0
            for _ in range(ROUNDS + 1):
                begun, used = time.perf_counter(), time.process_time()
                answer = await client.get(path)
                times.append(1000 * (time.process_time() - used))
                clock.append(1000 * (time.perf_counter() - begun))
                size = int(answer.headers.get("content-length", 0))
                if answer.status_code == 504:  # a query of its own that took too long
                    break
                if answer.status_code != 200:
                    raise RuntimeError(f"{path}: {answer.status_code}")
            if len(times) <= ROUNDS:
                sys.stderr.write(f"{path}: 504\n")
                continue
            times = sorted(times[1:])  # without the first, which compiles its template
            middle = statistics.median(times)
            rows.append((name, middle, times[int(0.95 * ROUNDS) - 1], statistics.median(clock[1:]), size))
    return rows


def main(asked: list[str]) -> None:
    """Prints a table for each size or store."""
    for each in asked:
        with tempfile.TemporaryDirectory(prefix="factline-bench-") as name:
            folder = Path(name) / "store" if each.isdigit() else Path(each)
            if each.isdigit():
                with open_store(folder, create=True) as store:
                    fill(store, int(each))
            heads = ("page", "median ms", "p95 ms", "median by the clock", "compressed bytes")
            sys.stdout.write(f"\n{each} claims\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n")
            for page, middle, high, clock, size in asyncio.run(measure(folder)):
                sys.stdout.write(f"| {page} | {middle:.1f} | {high:.1f} | {clock:.1f} | {size:,} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:] or ["1000", "10000", "100000"])
