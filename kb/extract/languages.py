"""Which language a text is in, as far as it decides whether Factline reads it."""

from __future__ import annotations

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

ENGLISH = "en"
NEAR_ENGLISH = frozenset({ENGLISH, "pcm", "sco"})
SAMPLE = 2000  # characters looked at: enough to tell, whatever the length
SHORT = 30  # letters below which a text is taken as English unless its script is another
SURE = 0.9
# Words so common that a text of some length without any of them is hardly English.
COMMON = frozenset("the of and in to a was were by on for that is said at from with has have been as are".split())


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language(text: str) -> str:
    """The ISO 639-1 code of a text's language; "en" for short texts that are not surely another."""
    sample = text[:SAMPLE]
    words = sample.lower().split()
    common = sum(map(COMMON.__contains__, words))
    if common * 8 >= len(words) and sample.isascii():
        return ENGLISH
    letters = sum(map(str.isalpha, sample))
    latin = sum(map(str.isalpha, sample.encode("ascii", "ignore").decode()))
    if not letters or (latin * 2 > letters and (common * 8 >= len(words) or letters < SHORT)):
        return ENGLISH
    code, sure = _identifier().classify(sample.lower() if sample.isupper() else sample)
    if code in NEAR_ENGLISH or (latin * 2 > letters and (sure < SURE or common * 14 >= len(words))):
        return ENGLISH
    return str(code)


# English names of the languages that news comes in most, for messages.
_NAMES = dict(
    pair.split(":")
    for pair in (
        "ar:Arabic bg:Bulgarian bn:Bengali cs:Czech de:German el:Greek es:Spanish fa:Persian fr:French he:Hebrew "
        "hi:Hindi hu:Hungarian id:Indonesian it:Italian ja:Japanese ka:Georgian kk:Kazakh ko:Korean ky:Kyrgyz nl:Dutch "
        "pl:Polish ps:Pashto pt:Portuguese ro:Romanian ru:Russian sr:Serbian sv:Swedish sw:Swahili tr:Turkish "
        "uk:Ukrainian ur:Urdu vi:Vietnamese zh:Chinese"
    ).split()
)


def language_name(code: str) -> str:
    """The English name of a language by its code, or the code itself."""
    return _NAMES.get(code, code)
