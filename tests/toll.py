"""A document that says how many were killed somewhere, recorded without going through extraction."""

from __future__ import annotations

from datetime import date

from kb.model import Actor, CasualtyClaim, Claim, Count, Document, Harm, Hedge, Place, TimeSpan, Victims, digest
from kb.rdf import document_quads
from kb.resources import DEFAULT_BASE
from kb.store import Store
from tests.strategies import NOW


def claim_iri(number: int, day: int, month: int = 1, place: str = "kz/almaty", publisher: str = "") -> str:
    return f"{DEFAULT_BASE}claim/{_id(number, day, month, place)}"


def _id(number: int, day: int, month: int, place: str) -> str:
    return digest("toll", str(number), str(day), str(month), place)


def add_toll(
    store: Store,
    number: int,
    *,
    day: int,
    month: int = 1,
    publisher: str = "AFP",
    place: str = "kz/almaty",
    told: bool = False,
) -> str:
    """Records it, published on that day of 2022 (``told``: and the claim names the day); returns the claim's IRI."""
    text = f"{number} people were killed"
    published = date(2022, month, day)
    document = Document(text=text, publisher=publisher, published=published)
    country = place.partition("/")[0] if "/" in place or len(place) == 2 else ""
    claim: Claim = CasualtyClaim(
        id=_id(number, day, month, place),
        document=document.id,
        harm=Harm.KILLED,
        count=Count(minimum=number, maximum=number, hedge=Hedge.EXACT, text=str(number)),
        victims=Victims(text="people", iri=f"{DEFAULT_BASE}actor/{country}-people", country=country.upper() or None),
        place=Place(
            text=place,
            name=place,
            iri=f"{DEFAULT_BASE}place/{place}",
            country=country.upper() or None,
            within=f"{DEFAULT_BASE}place/{country}" if "/" in place else None,
        ),
        time=TimeSpan(text="then", earliest=published, latest=published) if told else None,
        source=Actor(text=publisher, name=publisher),
        quote=text,
        start=0,
        end=len(text),
        extractor="rules/1",
        rule="r",
        confidence=0.5,
    )
    known = {f"{DEFAULT_BASE}place/{code}" for code in ("kz", "ru")} | {f"{DEFAULT_BASE}actor/afp"}
    graph = document_quads(document, [claim], DEFAULT_BASE, NOW, described=known.__contains__)
    store.add_document(document.key, graph)
    return f"{DEFAULT_BASE}claim/{claim.id}"
