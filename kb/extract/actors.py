"""Actors: which actor a name, a body ("the Interior Ministry"), a role or a group of people stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher

from kb.extract.lexicon import Tag
from kb.extract.names import Name
from kb.extract.places import display
from kb.model import Actor, ActorType, Place
from kb.reference import Entry, Reference
from kb.slugs import slug

SIMILAR = 0.55  # of consonants: a name this near to the office's holder is a transliteration of it
_VOWELS = re.compile(r"[^bcdfghjklmnpqrstvwxz]")
# Consonants that transliterations swap, folded together.
_SOUNDS = str.maketrans(
    {"q": "k", "c": "k", "x": "k", "j": "y", "z": "s", "d": "t", "b": "p", "v": "f", "w": "f", "g": "k"}
)


def _skeleton(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return _VOWELS.sub("", plain).translate(_SOUNDS).replace("y", "")


def resembles(name: str, other: str) -> bool:
    """Whether two spellings sound alike enough to be one name, given that something else (an office) links them."""
    a, b = _skeleton(name), _skeleton(other)
    return bool(a and b) and (a in b or b in a or SequenceMatcher(None, a, b).ratio() >= SIMILAR)


class Directory:
    """Resolves actors for one document: the reference data, the document's country and its date."""

    def __init__(self, base: str, country: str | None, day: date | None) -> None:
        self._base, self.country, self._day = base, country, day
        self._reference = Reference.load()
        self._persons: dict[str, Actor] = {}
        self._offices: dict[str, Actor] = {}
        self._acronyms: dict[str, Actor] = {}

    def known(self, name: Name, text: str) -> Actor | None:
        """The reference actor that a name stands for, if any (of several, the one of the document's country)."""
        entries = [sense.entry for sense in name.senses if sense.kind == "actor" and isinstance(sense.entry, Entry)]
        if not entries:
            return None
        return self.entry(min(entries, key=lambda e: (e.country != self.country, e.local)), text)

    def entry(self, entry: Entry, text: str, role: str | None = None) -> Actor:
        """A reference entry as an actor of a claim."""
        return Actor(
            text=text,
            name=entry.label,
            iri=self._base + entry.local,
            type=ActorType(entry.type),
            role=role,
            country=entry.country,
        )

    def state(self, code: str | None, text: str) -> Actor | None:
        """The state of a country code as an actor."""
        entry = self._reference.states.get(code or "")
        return self.entry(entry, text) if entry else None

    def state_of(self, place: Place) -> Actor | None:
        """The state of a country named as a place."""
        return self.state(place.country, place.text) if place.precision == "country" else None

    def body(self, tag: Tag, text: str, country: str | None, city: Place | None = None) -> Actor:
        """A body named by what it is, of a country or, for police and administrations, of a city."""
        code = country or (city.country if city else None) or self.country
        kind, key, name = ActorType(tag.form), tag.value, tag.lemma
        if city is not None and city.precision in ("city", "region") and city.name:
            name, key = f"{name} of {city.name}", f"{key}-{slug(city.name)}"
        elif code and (state := self._reference.states.get(code)):
            name = f"{name} of {state.name}"
        return Actor(text=text, name=name, iri=self._mint(key, code), type=kind, country=code)

    def _mint(self, local: str, code: str | None) -> str:
        return f"{self._base}actor/{code.lower() + '-' if code else ''}{slug(local)}"

    def person(self, name: str | None, role: str | None, text: str, country: str | None = None) -> Actor:
        """A person by name, by role, or both; an office is linked to its holder on the document's day."""
        code = country or (self.country if role else None)
        holder = self._holder(role, code)
        if holder is not None and (name is None or resembles(name, holder.name)):
            return self._met(self.entry(holder, text, role), (name, *holder.families, holder.name))
        if name is None:
            known = self._persons.get(f"role:{(role or '').lower()}")
            if known is not None:
                return known.model_copy(update={"text": text, "role": role})
            return Actor(text=text, iri=self._mint(role or text, code), type=ActorType.PERSON, role=role, country=code)
        shown = display(name)
        known = self._persons.get(slug(shown.split(" ")[-1]))
        if known is not None and known.name and (slug(shown) in slug(known.name) or self._offices.get(slug(shown))):
            return known.model_copy(update={"text": text, "role": role or known.role})
        actor = Actor(
            text=text,
            name=shown,
            iri=f"{self._base}actor/{slug(shown)}",
            type=ActorType.PERSON,
            role=role,
            country=code,
        )
        self._persons.setdefault(slug(shown.split(" ")[-1]), actor)
        return self.remember(actor)

    def _met(self, holder: Actor, names: Iterable[str | None]) -> Actor:
        """Keep in mind who holds an office, by the family name in every spelling, the text's own too."""
        for name in names:
            if name:
                family = slug(display(name).split(" ")[-1])
                self._persons.setdefault(family, holder)
                self._offices.setdefault(family, holder)
        return holder

    def remember(self, person: Actor) -> Actor:
        """Keep a named person in mind for later mentions by role alone ("a police spokesman")."""
        if person.role:
            self._persons.setdefault(f"role:{person.role.lower()}", person)
        return person

    def _holder(self, role: str | None, code: str | None) -> Entry | None:
        if not role or not self._day or not code:
            return None
        for office in self._reference.offices:
            if office.country == code and any(title.lower() == role.lower() for title in (office.name, *office.titles)):
                holder = office.holder(self._day)
                return self._reference.entries.get(holder) if holder else None
        return None

    def group(self, noun: str, text: str, country: str | None = None) -> Actor:
        """An unnamed group of people: "officials", "protesters", bound to its country."""
        code = country or self.country
        return Actor(text=text, iri=self._mint(noun, code), type=ActorType.GROUP, country=code)

    def organisation(self, name: str, text: str, kind: ActorType = ActorType.ORGANISATION) -> Actor:
        """A named organisation that the reference data do not know."""
        shown = display(name)
        return Actor(text=text, name=shown, iri=f"{self._base}actor/{slug(shown)}", type=kind, country=None)

    def define(self, acronym: str, actor: Actor) -> None:
        """Remember an acronym that the text defines: "Farabundo Marti National Liberation Front [FMLN]"."""
        self._acronyms.setdefault(slug(acronym), actor)

    def acronym(self, text: str) -> Actor | None:
        """The actor whose acronym the text has defined."""
        known = self._acronyms.get(slug(text))
        return known.model_copy(update={"text": text}) if known else None

    def outlet(self, name: str) -> Actor:
        """A publisher by name: the reference outlet if it is known."""
        found: Iterable[Entry] = self._reference.named(name)
        for entry in found:
            if entry.local.startswith("actor/"):
                return self.entry(entry, name)
        return Actor(text=name, name=name, iri=f"{self._base}actor/{slug(name)}", type=ActorType.OUTLET)
