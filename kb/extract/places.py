"""Places: which place a name stands for, given the countries that the document speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log10

from kb.extract.lexicon import word_set
from kb.extract.names import Name, Sense, family_names, given_names
from kb.extract.place_index import city_at
from kb.gazetteer import City, Region
from kb.model import Place, Precision
from kb.reference import Entry, Reference
from kb.slugs import slug

REGION_WORDS = word_set("region-words")
CITY_WORDS = word_set("city-words")
OUTSTANDING = 100_000  # inhabitants: a city of this size five times as large as its namesakes speaks for its country
KNOWN_CITY = 1_000_000  # inhabitants: a city that is named after "a" ("a New York newspaper")
WORLD_CITY = 400_000  # inhabitants: a city that is named without a word on its country
STATELESS = frozenset({"outlet", "person", "alliance", "organisation"})  # named in documents on any country
MINOR = 0.2  # share of the mentions of countries: below it a document is not about the country
INDEFINITE = frozenset({"a", "an"})
ABROAD = frozenset({"US", "GB", "FR", "RU"})  # states whose forces and speakers appear in reports on other countries
NAME_STARTS = frozenset({"abu", "umm", "ibn", "bin"})
TITLES = word_set("person-titles")
LOCATED = word_set("surely-locative")
LOCATIVE = word_set("locative")
LEAD = 100  # tokens: what a document names in its first sentences counts twice
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
        self.grounded: set[str] = set()
        self.surnames: set[str] = set()
        self.located: set[str] = set()
        for name in names:
            self._vote(name, 2 if name.first < LEAD else 1)
            self._remember(name)
        for country in hints:
            self.votes[country] += 1

    def _vote(self, name: Name, weight: int) -> None:
        if name.before in INDEFINITE and all(_like_a_make(sense) for sense in name.senses):
            return
        codes = {code for sense in name.senses if (code := self._country(sense))}
        if any(sense.kind in ("place", "demonym", "national") for sense in name.senses):
            named = True
        elif name.key in given_names() or name.key in family_names():
            return
        else:
            named = False
        if any(sense.kind in ("place", "city", "region") for sense in name.senses):
            self.grounded.update(codes)
        if len(codes) == 1 and (named or any(sense.own for sense in name.senses)):
            self.votes[codes.pop()] += 2 * weight if named else weight
        elif codes and all(sense.kind in ("city", "region") for sense in name.senses):
            country = self._outstanding(name.senses)
            if country is not None:
                self.votes[country] += weight

    @staticmethod
    def _outstanding(senses: Iterable[Sense]) -> str | None:
        """The country of a city that is larger by far than all others of its name."""
        sizes: dict[str, int] = {}
        for sense in senses:
            if isinstance(sense.entry, City):
                country = sense.entry.country
                sizes[country] = max(sizes.get(country, 0), sense.entry.population if sense.own else 0)
        first, *others = sorted(sizes.items(), key=lambda item: (-item[1], item[0])) or [("", 0)]
        second = others[0][1] if others else 0
        return first[0] if first[1] > 1_000_000 or first[1] > max(OUTSTANDING, 5 * second) else None

    def _remember(self, name: Name) -> None:
        """People named in full or by title: a town of that name is not meant after; and names used as places."""
        words = name.key.split(" ")
        if name.senses and (len(words) > 1 or name.before not in TITLES):
            return
        begins = len(words) > 1 and (words[0] in given_names() or words[0] in NAME_STARTS)
        if begins or name.before in TITLES:
            self.surnames.update(word for word in words[1 if len(words) > 1 else 0 :] if len(word) > 2)
        elif name.before in LOCATED and len(words) < 4 and words[0] not in given_names():
            self.located.add(name.key)

    @staticmethod
    def _country(sense: Sense) -> str | None:
        if isinstance(sense.entry, Entry) and sense.entry.type in STATELESS:
            return None
        return sense.entry.country

    @property
    def country(self) -> str | None:
        """The country that the document speaks of most (ISO 3166-1 alpha-2); ties go to the first named."""
        return self.votes.most_common(1)[0][0] if self.votes else None

    @property
    def home(self) -> Place | None:
        """The country that the document speaks of most, as a place."""
        return self.country_place(self.country) if self.country else None

    def capital(self, code: str) -> Place | None:
        """The capital of a country."""
        country = Reference.load().countries.get(code)
        city = city_at(country.capital) if country and country.capital else None
        return self._city(city, city.name) if city else None

    def is_person(self, key: str) -> bool:
        """Whether folded words are rather a person's: they begin as one does, or were a family name before."""
        first, *others = key.split(" ")
        if others and first in NAME_STARTS:
            return True
        return first in given_names() or (not others and (first in self.surnames or first in family_names()))

    def resolve(self, name: Name, text: str, before: str = "", after: str = "", larger: str = "") -> Place | None:
        """The place that a known name stands for.

        ``before`` and ``after`` are the folded words beside it, ``larger`` the code of the country named behind it
        ("Kabul, Afghanistan").
        """
        senses = [sense for sense in name.senses if sense.kind in ("place", "city", "region")]
        if before in INDEFINITE:
            senses = [sense for sense in senses if not _like_a_make(sense)]  # "gunmen in a Toyota"
        asked = before in LOCATIVE or bool(larger) or after in REGION_WORDS | CITY_WORDS
        senses = [sense for sense in senses if self._credible(sense, name.key, larger, asked=asked)]
        if not senses:
            return None
        best = max(senses, key=lambda sense: self._weight(sense, before, after, larger))
        if best.kind == "place" and isinstance(best.entry, Entry):
            return self._reference(best.entry, text)
        if isinstance(best.entry, Region):
            return self._region(best.entry, text)
        return self._city(best.entry, text) if isinstance(best.entry, City) else None

    def _credible(self, sense: Sense, key: str, larger: str, *, asked: bool) -> bool:
        """Whether a document on these countries may mean this city or region by a bare name."""
        if sense.kind == "place" or sense.entry.country == larger:
            return True
        if not asked and self.is_person(key):
            return False
        share = self.votes[sense.entry.country or ""] / (1 + sum(self.votes.values()))
        if share > (0.0 if sense.own else 0.05 if self.mixed else MINOR) or not self.votes:
            return True
        size = sense.entry.population if isinstance(sense.entry, City) else LARGE
        return size > (WORLD_CITY if sense.own else 4 * WORLD_CITY)

    def _weight(self, sense: Sense, before: str, after: str, larger: str) -> tuple[float, ...]:
        entry = sense.entry
        near = self.votes[entry.country or ""] / (1 + sum(self.votes.values()))
        if sense.kind == "place":
            return (3.0, near)
        asked = after if after in REGION_WORDS | CITY_WORDS else before
        fits = 2.0 if larger and entry.country == larger else 0.0
        if isinstance(entry, Region):
            fits += 1.0 if asked in REGION_WORDS else -1.0 if asked in CITY_WORDS else 0.0
            size = LARGE
        else:
            fits -= 1.0 if asked in REGION_WORDS else 0.0
            size = entry.population if isinstance(entry, City) else 0
        known = 1.0 if near else 0.0
        return (fits, log10(size + 1) + 4 * near + known + (0.5 if sense.own else 0.0))

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
            within=self._iri(city.within),
        )

    def unknown(self, text: str, precision: Precision = Precision.CITY, within: Place | None = None) -> Place:
        """A place that the gazetteer does not know, in the larger place given or the document's country."""
        name = display(text)
        country = within.country if within else self.country
        if within is None and country in ABROAD and country not in self.grounded:
            country = None  # "American planes", "a US spokesman": who acts, not where
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


def _like_a_make(sense: Sense) -> bool:
    """Whether a name after "a" is sooner that of a thing ("a Toyota") than that of this town or region."""
    known = isinstance(sense.entry, City) and sense.entry.population > KNOWN_CITY
    return sense.kind in ("city", "region") and not known
