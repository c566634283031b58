"""The texts that are measured on: incident summaries made by a rule, articles, long texts, and many dispatches."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import kb
from kb.model import Document
from kb.read import read
from tests.conftest import SHARED

SUMMARIES = 500
ARTICLES = 100
ARTICLE = 4400
"""Characters of an article."""

_TOWNS = (
    "Kandahar, Afghanistan", "Peshawar, Pakistan", "Mosul, Iraq", "Maiduguri, Nigeria", "Mogadishu, Somalia",
    "Aleppo, Syria", "Almaty, Kazakhstan", "Bogota, Colombia", "Imphal, India", "Gao, Mali", "Marib, Yemen",
    "Cotabato, Philippines", "Donetsk, Ukraine", "Benghazi, Libya", "Quetta, Pakistan", "Goma, Congo",
)  # fmt: skip
_WHO = (
    "Assailants", "Gunmen", "Unidentified gunmen", "Militants", "Rebels", "A suicide bomber", "Armed men", "Insurgents",
    "Protesters", "Taliban fighters",
)  # fmt: skip
_DID = (
    "opened fire on", "attacked", "detonated an explosive device near", "threw a grenade at", "stormed", "ambushed",
    "set fire to", "fired mortar shells at", "raided", "abducted two men from",
)  # fmt: skip
_WHAT = (
    "a police checkpoint", "an army convoy", "a market", "a village", "the city hall", "a bus", "a mosque", "a school",
    "a military base", "a hotel", "the residence of a judge", "a polling station",
)  # fmt: skip
_VICTIMS = (
    "people", "soldiers", "police officers", "civilians", "villagers", "worshippers", "security guards", "protesters",
    "children", "journalists",
)  # fmt: skip
_TOLLS = (
    "At least {killed} {victims} were killed and {injured} others were injured in the attack.",
    "The blast left {killed} {victims} dead and {injured} wounded.",
    "{killed} {victims} died and more than {injured} were wounded, the police said.",
    "Officials said that {killed} {victims}, including two women, were killed. Another {injured} were hurt.",
    "There were no reported casualties in the attack.",
    "Between {killed} and {more} {victims} were killed, according to the Interior Ministry.",
    "{killed} {victims} were kidnapped and {injured} people were displaced, a spokesman told Reuters.",
    "A {victim} was killed, and the attackers injured {injured} bystanders before they fled.",
)  # fmt: skip
_ENDS = (
    " No group claimed responsibility.", " Al-Shabaab claimed responsibility for the incident.", "",
    " Security forces arrested five suspects on the following day.", " The toll could not be confirmed.",
)  # fmt: skip


def summaries(number: int = SUMMARIES) -> list[Document]:
    """Incident summaries of two or three sentences, as incident databases write them; always the same ones."""
    chosen = random.Random(20220106)  # noqa: S311 (nothing secret)
    made = []
    for count in range(number):
        day = date(2022, 1, 6) - timedelta(days=count)
        killed, victims = chosen.randint(2, 60), chosen.choice(_VICTIMS)
        toll = chosen.choice(_TOLLS).format(
            killed=killed,
            more=killed + chosen.randint(1, 20),
            injured=chosen.randint(2, 200),
            victims=victims,
            victim={"people": "person", "children": "child"}.get(victims, victims.removesuffix("s")),
        )
        scene = f"{chosen.choice(_WHO)} {chosen.choice(_DID)} {chosen.choice(_WHAT)} in {chosen.choice(_TOWNS)}."
        text = f"{day:%m/%d/%Y}: {scene} {toll}{chosen.choice(_ENDS)}"
        made.append(Document(text=text, given_id=f"summary-{count}", published=day))
    return made


def dispatches() -> list[Document]:
    """The bundled dispatches of the demo."""
    found = read([Path(kb.__file__).parent / "demo"])
    return [item for item in found if isinstance(item, Document)]


def articles(number: int = ARTICLES) -> tuple[str, list[Document]]:
    """What they are, and articles of 4,400 characters: news texts end to end, cut at that length."""
    corpus = SHARED / "corpora" / "muc" / "dev.docs.jsonl"
    known = corpus.exists()
    texts = [item.text for item in read([corpus]) if isinstance(item, Document)] if known else []
    source = "agency texts of the MUC corpus" if known else "the bundled dispatches"
    return source, _cut("\n\n".join(texts or [each.text for each in dispatches()]), ARTICLE, number)


def long_text(given: Sequence[Document], characters: int) -> Document:
    """One document of so many characters: articles end to end, again and again."""
    return _cut("\n\n".join(document.text for document in given), characters, 1)[0]


def _cut(text: str, characters: int, number: int) -> list[Document]:
    whole = text * (characters * number // len(text) + 1)
    return [
        Document(text=whole[start : start + characters], published=date(1990, 1, 3))
        for start in range(0, characters * number, characters)
    ]


def varied(given: Sequence[Document], number: int) -> list[Document]:
    """So many dispatches: the given ones with other numbers of people, publishers and days."""
    return [_turned(given[count % len(given)], count // len(given)) for count in range(number)]


def _turned(document: Document, turn: int) -> Document:
    if not turn:
        return document
    text = re.sub(r"(?<![\d,.-])\d{2,3}(?![\d,.-])", lambda found: str(int(found[0]) + turn), document.text)
    day = (document.day or date(2022, 1, 6)) + timedelta(days=turn)
    update = {
        "text": text,
        "published": day,
        "publisher": f"{document.publisher} {turn}",
        "url": f"{document.url}?{turn}",
    }
    return document.model_copy(update=update)
