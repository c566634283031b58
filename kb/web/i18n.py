"""The languages of the site: which one a reader gets, and its strings (gettext catalogues, read as they stand).

The strings of the pages are English; ``locale/es.po`` and ``locale/ru.po`` hold their translations. What the data say
is never translated; names of actors and places are shown in the reader's language where the data have one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs

from babel import Locale, negotiate_locale
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "es": "Español", "ru": "Русский"}
COOKIE = "language"
_FOLDER = Path(__file__).parent / "locale"
_current: ContextVar[str] = ContextVar("language", default="en")


@dataclass(frozen=True)
class Catalogue:
    """The translations of one language: by message, and the forms of a message with a number."""

    locale: Locale
    messages: Mapping[str, str | tuple[str, ...]]

    def one(self, message: str) -> str:
        """The translation, else the message."""
        found = self.messages.get(message)
        return found if isinstance(found, str) and found else message

    def several(self, one: str, more: str, number: int) -> str:
        """The form of the translation for a number, else the English one."""
        found = self.messages.get(one)
        if not isinstance(found, tuple) or not all(found):
            return one if number == 1 else more
        return found[_form(self.locale.language, number)]


def _form(language: str, number: int) -> int:
    if language == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return 0
        return 1 if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else 2
    return int(number != 1)


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language of ``LANGUAGES``."""
    if language == "en":
        return Catalogue(Locale("en", "GB"), {})
    with (_FOLDER / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    messages = {
        (message.id[0] if isinstance(message.id, tuple | list) else message.id): (
            tuple(message.string) if isinstance(message.string, tuple | list) else message.string
        )
        for message in read
        if message.id and not message.fuzzy
    }
    return Catalogue(Locale(language), messages)


def language() -> str:
    """The language of the request at hand."""
    return _current.get()


def use(name: str) -> None:
    """Makes it the language of the request at hand."""
    _current.set(name if name in LANGUAGES else "en")


def locale() -> Locale:
    """Its conventions for dates and numbers."""
    return catalogue(language()).locale


def gettext(message: str) -> str:
    """A string of the site in the language of the request."""
    return catalogue(language()).one(message)


def ngettext(one: str, more: str, number: int) -> str:
    """A string with a number, in the form for that number."""
    return catalogue(language()).several(one, more, number)


def chosen(query: str, cookies: str, accepted: str) -> str:
    """The language for a request: ``?lang=``, else the cookie of the switch, else ``Accept-Language``, else English."""
    asked = parse_qs(query).get("lang", [""])[0] if "lang=" in query else ""
    if asked in LANGUAGES:
        return asked
    if COOKIE in cookies:
        try:
            kept = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            kept = None
        if kept and kept.value in LANGUAGES:
            return kept.value
    return negotiate_locale(_preferred(accepted), [*LANGUAGES], sep="-") or "en"


def _preferred(accepted: str) -> list[str]:
    weighed: list[tuple[float, int, str]] = []
    for position, part in enumerate(accepted.split(",")):
        name, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            weighed.append((-float(weight) if weight else -1.0, position, name.strip()))
        except ValueError:
            continue
    return [name for weight, _, name in sorted(weighed) if name and weight]
