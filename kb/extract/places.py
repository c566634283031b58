"""Places: which place a name stands for, given the countries that the document speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kb.extract.lexicon import word_set
from kb.extract.names import Name, Sense
from kb.gazetteer import City, Region
from kb.model import Place, Precision
from kb.reference import Entry, Reference
from kb.slugs import slug

REGION_WORDS = word_set("region-words")
CITY_WORDS = word_set("city-words")
LARGE = 50_000  # inhabitants: above this a bare name means the city before the region of the same name
PARTICLES = word_set("places-particles")


def display(text: str) -> str:
    """A name in capitals as one would write it: "SAN LUIS DE LA REINA" → "San Luis de la Reina"."""
    text = " ".join(text.split())
    if not text.isupper() or len(text) <= 4:
        return text
    words = [word if word in PARTICLES else word.capitalize() for word in text.lower().split(" ")]
    return " ".join([words[0].capitalize(), *words[1:]])


class Gazetteer:
    """Resolves names to places for one document."""

    def __init__(self, base: str, names: Iterable[Name], hints: Iterable[str] = (), mixed: bool = True) -> None:
        self._base = base
        self.mixed = mixed  # capitals tell names apart
        self.votes: Counter[str] = Counter()
        for name in names:
            self._vote(name)
        for country in hints:
            self.votes[country] += 1

    def _vote(self, name: Name) -> None:
        codes = {code for sense in name.senses if (code := self._country(sense))}
        weight = 2 if any(sense.kind in ("place", "demonym", "national") for sense in name.senses) else 1
        if len(codes) == 1:
            self.votes[codes.pop()] += weight
        elif name.senses and all(sense.kind == "city" for sense in name.senses):
            largest = max((s.entry for s in name.senses if isinstance(s.entry, City)), key=lambda c: c.population)
            if largest.population > 1_000_000:
                self.votes[largest.country] += 1

    @staticmethod
    def _country(sense: Sense) -> str | None:
        return None if sense.kind == "actor" else sense.entry.country

    @property
    def country(self) -> str | None:
        """The country that the document speaks of most (ISO 3166-1 alpha-2); ties go to the first named."""
        return self.votes.most_common(1)[0][0] if self.votes else None

    def resolve(self, name: Name, text: str, before: str = "", after: str = "") -> Place | None:
        """The place that a known name stands for; ``before`` and ``after`` are the folded words beside it."""
        senses = [sense for sense in name.senses if sense.kind in ("place", "city", "region")]
        if not senses:
            return None
        best = max(senses, key=lambda sense: self._weight(sense, before, after))
        if best.kind == "place" and isinstance(best.entry, Entry):
            return self._reference(best.entry, text)
        if isinstance(best.entry, Region):
            return self._region(best.entry, text)
        return self._city(best.entry, text) if isinstance(best.entry, City) else None

    def _weight(self, sense: Sense, before: str, after: str) -> tuple[float, ...]:
        entry = sense.entry
        near = self.votes[entry.country or ""] / (1 + sum(self.votes.values()))
        if sense.kind == "place":
            return (2.0, near, 0.0)
        asked = after if after in REGION_WORDS | CITY_WORDS else before
        if isinstance(entry, Region):
            fits = 1.0 if asked in REGION_WORDS else -1.0 if asked in CITY_WORDS else 0.0
            return (fits, near, LARGE)
        if not isinstance(entry, City):
            return (0.0, near, 0.0)
        fits = -1.0 if asked in REGION_WORDS else 0.0
        return (fits, near, float(entry.population))

    def _iri(self, local: str) -> str:
        return self._base + local

    def _reference(self, entry: Entry, text: str) -> Place:
        return Place(
            text=text,
            name=entry.name,
            iri=self._iri(entry.local),
            country=entry.country,
            lat=entry.latitude,
            lon=entry.longitude,
            precision=Precision(entry.type),
            within=self._iri(entry.within) if entry.within else None,
        )

    def _region(self, region: Region, text: str) -> Place:
        return Place(
            text=text,
            name=region.name,
            iri=self._iri(region.local),
            country=region.country,
            precision=Precision.REGION,
            within=self._iri(f"place/{region.country.lower()}"),
        )

    def _city(self, city: City, text: str) -> Place:
        return Place(
            text=text,
            name=city.name,
            iri=self._iri(city.local),
            country=city.country,
            lat=round(city.latitude, 5),
            lon=round(city.longitude, 5),
            precision=Precision.CITY,
            within=self._iri(f"place/{city.country.lower()}"),
        )

    def unknown(self, text: str, precision: Precision = Precision.CITY, within: Place | None = None) -> Place:
        """A place that the gazetteer does not know, in the larger place given or the document's country."""
        name = display(text)
        country = within.country if within else self.country
        parent = within.iri if within and within.iri else (self._iri(f"place/{country.lower()}") if country else None)
        path = parent.removeprefix(self._base) if parent else "place"
        return Place(
            text=text,
            name=name,
            iri=self._iri(f"{path}/{slug(name)}"),
            country=country,
            precision=precision,
            within=parent,
        )

    def site(self, text: str, noun: str, city: Place) -> Place:
        """A building or ground within a place: "Almaty airport"; it takes the coordinates of what it lies in."""
        place = self.unknown(text, Precision.SITE, city)
        name = f"{city.name} {noun}"
        return place.model_copy(
            update={
                "name": name,
                "iri": f"{city.iri}/{slug(noun)}",
                "lat": city.lat,
                "lon": city.lon,
                "within": city.iri,
            }
        )

    def country_place(self, code: str) -> Place | None:
        """The country of a code as a place."""
        entry = Reference.load().countries.get(code)
        return self._reference(entry, entry.name) if entry else None
