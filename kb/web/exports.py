"""The claims of a page as rows (CSV), as places (GeoJSON) and in the words of schema.org (JSON-LD)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from kb.model import Actor, Claim, Place
from kb.web.cards import Card, DocumentCard

COLUMNS = (
    "claim", "kind", "says", "minimum", "maximum", "hedge", "wording", "place", "place_iri", "latitude", "longitude",
    "precision", "earliest", "latest", "source", "source_iri", "relays", "publisher", "published", "modality",
    "needs_review", "quote", "start", "end", "document", "decided",
)  # fmt: skip
"""The columns of a page's CSV: one row a claim."""


def csv_bytes(cards: Sequence[Card]) -> bytes:
    """One row a claim, after RFC 4180, in UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_row(card) for card in cards)
    return text.getvalue().encode()


def _row(card: Card) -> dict[str, Any]:
    claim, place = card.claim, place_of(card.claim)
    count = getattr(claim, "count", None)
    publisher = card.document.publisher
    return {
        "claim": card.iri,
        "kind": claim.kind,
        "says": card.headline,
        "minimum": count.minimum if count else None,
        "maximum": count.maximum if count else None,
        "hedge": count.hedge if count else None,
        "wording": count.text if count else None,
        "place": card.place(place).label if place else None,
        "place_iri": place.iri if place else None,
        "latitude": place.lat if place else None,
        "longitude": place.lon if place else None,
        "precision": place.precision if place else None,
        "earliest": claim.time.earliest if claim.time else None,
        "latest": claim.time.latest if claim.time else None,
        "source": _label(card, claim.source) or (publisher.label if publisher else None),
        "source_iri": claim.source.iri if claim.source else (publisher.iri if publisher else None),
        "relays": " ← ".join(card.actor(relay).label for relay in claim.relays),
        "publisher": publisher.label if publisher else None,
        "published": card.document.published,
        "modality": claim.modality,
        "needs_review": str(claim.needs_review).lower(),
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
        "document": card.document.iri,
        "decided": card.decided,
    }


def _label(card: Card, actor: Actor | None) -> str | None:
    return card.actor(actor).label if actor else None


def place_of(claim: Claim) -> Place | None:
    """Where a claim is put on a map: its destination, else its place."""
    return getattr(claim, "destination", None) or claim.place


def geojson(cards: Sequence[Card]) -> bytes:
    """The claims that have a position, as a FeatureCollection after RFC 7946; ``precision`` says how exact it is."""
    features = [
        {
            "type": "Feature",
            "id": card.iri,
            "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
            "properties": {name: value for name, value in _row(card).items() if value is not None},
        }
        for card in cards
        if (place := place_of(card.claim)) and place.lat is not None and place.lon is not None
    ]
    return to_json({"type": "FeatureCollection", "features": features}, indent=2)


def linked_claim(card: Card) -> dict[str, Any]:
    """A claim as schema:Claim."""
    source = card.claim.source
    publisher = card.document.publisher
    said = _label(card, source) or (publisher.label if publisher else None)
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "Claim",
            "@id": card.iri,
            "url": card.iri,
            "name": card.headline,
            "text": card.claim.quote,
            "author": {"@type": "Person" if source and source.type == "person" else "Organization", "name": said}
            if said
            else None,
            "appearance": linked_document(card.document),
            "contentLocation": {"@type": "Place", "name": card.where.label} if card.where else None,
        }
    )


def linked_document(document: DocumentCard) -> dict[str, Any]:
    """A document as schema:NewsArticle."""
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": document.iri,
            "headline": document.label,
            "url": document.url,
            "datePublished": str(document.published) if document.published else None,
            "inLanguage": document.language,
            "publisher": {"@type": "Organization", "name": document.publisher.label} if document.publisher else None,
        }
    )


def dataset(iri: str, name: str, about: str, stem: str) -> dict[str, Any]:
    """A schema:Dataset; ``stem`` is the address that the suffixes of its data are put behind."""
    downloads = (("csv", "text/csv"), ("json", "application/json"), ("ttl", "text/turtle"))
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": iri,
        "name": name,
        "description": about,
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{stem}.{suffix}"}
            for suffix, kind in downloads
        ],
    }


def listed(iri: str, name: str, cards: Sequence[Card]) -> dict[str, Any]:
    """Claims in their order as schema:ItemList."""
    items = [
        {"@type": "ListItem", "position": position, "name": card.headline, "url": card.iri}
        for position, card in enumerate(cards, 1)
    ]
    return {"@context": "https://schema.org", "@type": "ItemList", "@id": iri, "name": name, "itemListElement": items}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
