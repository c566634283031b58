"""Claims on a map: one point a place, with how exactly the place is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kb.web.cards import Card
from kb.web.exports import place_of
from kb.web.links import Links

RADIUS = {"site": 1, "city": 10, "region": 120, "country": 400}
"""Kilometres of the circle that is drawn around a place known to this precision: where it may have been, not how large
the place is.
"""


@dataclass
class Point:
    """A place on a map: WGS 84 degrees, the radius of doubt in kilometres, and its claims in words."""

    label: str
    iri: str | None
    latitude: float
    longitude: float
    precision: str
    radius: int
    claims: list[tuple[str, str]] = field(default_factory=list)


def points_of(cards: Sequence[Card]) -> list[Point]:
    """The places of claims that have a position, those with most claims first."""
    found: dict[tuple[float, float], Point] = {}
    for card in cards:
        place = place_of(card.claim)
        if place is None or place.lat is None or place.lon is None:
            continue
        precision = place.precision or "site"
        point = found.setdefault(
            (place.lat, place.lon),
            Point(card.place(place).label, place.iri, place.lat, place.lon, precision, RADIUS.get(precision, 50)),
        )
        point.claims.append((card.headline, card.iri))
    return sorted(found.values(), key=lambda point: (-len(point.claims), point.label))


def data(points: Iterable[Point], links: Links, most: int = 8) -> list[dict[str, object]]:
    """The points as the map's script reads them; of the claims of each, the first ones."""
    return [
        {
            "label": point.label,
            "page": links.iri(point.iri),
            "at": [point.latitude, point.longitude],
            "precision": point.precision,
            "radius": point.radius * 1000,
            "number": len(point.claims),
            "claims": [(headline, links.iri(iri)) for headline, iri in point.claims[:most]],
        }
        for point in points
    ]
