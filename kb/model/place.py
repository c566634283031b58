"""Where: a place as a claim names it."""

from __future__ import annotations

from enum import StrEnum

from kb.model.record import Record


class Precision(StrEnum):
    """How exactly a place is known."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    SITE = "site"


class Place(Record):
    """A place: wording, canonical name, node, ISO 3166-1 alpha-2 country, WGS 84 degrees.

    ``within`` is the IRI of the next larger place known (a site's city, a city's country).
    """

    text: str
    name: str | None = None
    iri: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision | None = None
    within: str | None = None
