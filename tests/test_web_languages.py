"""The catalogues hold every string of the site, with its places for values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import kb.web
from kb.model import Count, Hedge
from kb.web import i18n
from kb.web.wording import bounds_words, count_words, plural, span_of, words

FOLDER = Path(kb.web.__file__).parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


@pytest.fixture(autouse=True)
def english_after() -> Iterator[None]:
    yield
    i18n.use("en")


def strings() -> set[str]:
    found = extract_from_dir(str(FOLDER), METHODS, OPTIONS, KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", ["es", "ru"])
def test_every_string_is_translated(language: str) -> None:
    known = i18n.catalogue(language).messages
    assert len(strings()) > 150
    assert {text for text in strings() if not known.get(text)} == set()


@pytest.mark.parametrize("language", ["es", "ru"])
def test_translations_keep_their_places_for_values(language: str) -> None:
    for message, translated in i18n.catalogue(language).messages.items():
        for form in (translated,) if isinstance(translated, str) else translated:
            assert set(re.findall(r"%\(\w+\)s", form)) == set(re.findall(r"%\(\w+\)s", message)), message


@pytest.mark.parametrize(
    ("language", "number", "told"),
    [("en", 1, "1 claim"), ("es", 2, "2 afirmaciones"), ("ru", 1, "1 утверждение"), ("ru", 3, "3 утверждения"),
     ("ru", 11, "11 утверждений"), ("ru", 21, "21 утверждение"), ("ru", 25, "25 утверждений")],
)  # fmt: skip
def test_numbers_have_their_forms(language: str, number: int, told: str) -> None:
    i18n.use(language)
    assert plural(number, "claim") == told


def test_ranges_and_days_in_words() -> None:
    i18n.use("es")
    assert count_words(Count(minimum=13, maximum=None, hedge=Hedge.AT_LEAST, text="at least 13")) == "al menos 13"
    assert bounds_words(Count(minimum=24, maximum=None, hedge=Hedge.VAGUE, text="dozens")) == "24 o más"
    assert span_of("2022-01-04", "2022-01-04") == "4 de enero de 2022"
    assert words("killed") == "muertos"


@pytest.mark.parametrize(
    ("query", "cookies", "accepted", "language"),
    [("", "", "", "en"), ("lang=ru", "language=es", "en", "ru"), ("", "language=es", "ru", "es"),
     ("", "language=xx; a=b", "ru;q=0.3, es;q=0.8", "es"), ("", "", "es-MX,es;q=0.9", "es"), ("", "", "fr, de", "en"),
     ("lang=xx", "", "*", "en"), ("", "language=\\x00;;=", "ru;q=x", "en")],
)  # fmt: skip
def test_which_language(query: str, cookies: str, accepted: str, language: str) -> None:
    assert i18n.chosen(query, cookies, accepted) == language


def test_terms_are_called_as_the_ontology_calls_them() -> None:
    i18n.use("ru")
    assert words("certain") == "уверенно"
    i18n.use("es")
    assert words("certain") != "certain"
