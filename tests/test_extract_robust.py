"""Whatever the text: no crash, exact evidence, the same bytes everywhere, and work that grows with the length."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.extract.languages import language
from kb.extract.markup import cleaned
from kb.extract.pipeline import Extractor
from kb.model import Document

DAY = date(2022, 1, 6)
SENTENCES = (
    "Twelve people were killed in Almaty on Tuesday, police said.",
    "“Dozens of attackers were killed,” said Aliya Omarova, a police spokeswoman, Interfax reported.",
    "Russia sent 2,500 troops to Kazakhstan, Armenia 100 and Belarus 70.",
    "KABUL, 3 JAN 90 (AFP) -- [TEXT] THREE SOLDIERS DIED.",
    "14:32 According to the ministry, no one was hurt.",
    "<p>Gunmen&nbsp;killed 12 &amp; wounded 4.</p>",
    "He denied that two children, aged 6 and 8, had died.",
    "Kenya, which leads the force, will withdraw its 400 police from Haiti, the minister told Reuters by phone.",
    "Gunmen took a priest hostage; the internet was cut. The figure comes from the mayor, Ivan Petrov.",
)
# Words and marks that mean something to one step or another, to be strung together without sense.
PIECES = (
    *"“ ” « » \" ' ( ) [ ] , . : ; - – — … / < > & \n \r \t".split(" "),
    "\n\n",
    "\x00",
    "\x1b",
    "\u200f",
    "\u202e",
    "\ufeff",
    "\ud800",
    "\udfff",
    "🚀",
    "👨‍👩‍👧",
    "قتل",
    "убиты",
    "İ",
    "ß",
    "e\u0301",
    "&nbsp;",
    "&#0;",
    "&#1114112;",
    "<p>",
    "</script>",
    "<script>",
    "<!--",
    "said",
    "told",
    "quoted",
    "citing",
    "according to",
    "as saying",
    "adding",
    "killed",
    "sent",
    "troops",
    "left",
    "for",
    "of",
    "them",
    "are",
    "in",
    "the",
    "who",
    "he",
    "it",
    "police",
    "ministry",
    "Interfax",
    "Almaty",
    "Russia",
    "Armenia",
    "John",
    "twelve",
    "12",
    "1,000",
    "99999999999999999999999999",
    "no one",
    "yesterday",
    "3 January",
    "14:32",
    "date 2022-01-06",
    *"to by from on it she its their which that if would not no".split(),
    *"withdrew deployed contingent brigade planes numbers bringing backed aboard handed over base".split(),
    *"hostage captive under arrest took internet cut struck jets fired missiles at Rioters".split(),
    *"announced demanded denied refused called off planned the figure comes account statement carried by".split(),
)


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    return Extractor()


def sound(text: str) -> int:
    """Extract; check that every quote stands in the text; the number of claims."""
    document = Document(text=text, published=DAY)
    claims = extractor().extract(document)
    for claim in claims:
        assert text[claim.start : claim.end] == claim.quote
        assert claim.quote.strip()
    assert len({claim.id for claim in claims}) == len(claims)
    ids = {claim.id for claim in claims}
    assert all(getattr(claim, "subset_of", None) in {*ids, None} for claim in claims)
    return len(claims)


BOUNDED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@BOUNDED
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    sound(text)


@BOUNDED
@given(st.lists(st.sampled_from(PIECES), max_size=80), st.sampled_from([" ", "", "\n"]))
def test_any_string_of_meaningful_pieces(pieces: list[str], glue: str) -> None:
    sound(glue.join(pieces))


@BOUNDED
@given(st.sampled_from(SENTENCES), st.text(max_size=6), st.integers(0, 70), st.sampled_from(SENTENCES))
def test_sentences_with_something_wedged_in(first: str, wedge: str, at: int, second: str) -> None:
    sound(f"{first[:at]}{wedge}{first[at:]} {second}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n\t ",
        "\x00" * 2000,
        "9" * 10_000,
        "12" * 20_000 + " people were killed",
        "“" * 3000 + "Twelve people were killed" + "”" * 3000,
        "(" * 5000,
        "<" * 5000,
        "&" * 5000,
        "<script>" * 2000,
        "\ud800\udfff" * 1000,
        "\u202e\u200f" * 1000,
        "🚀" * 2000,
        "killed " * 3000,
        "said " * 3000,
        "the " * 3000,
        "Al-" * 3000,
        "A. " * 3000,
        "- \n" * 3000,
        ", and " * 3000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_extremes(text: str) -> None:
    sound(text)


def test_evidence_in_marked_up_text_is_as_given() -> None:
    text = "<p>KABUL &mdash; Gunmen killed&nbsp;12 people in Kabul, Be&#351;ikta&#351; said.</p><p>No one was hurt.</p>"
    claims = extractor().extract(Document(text=text, published=DAY))
    assert claims
    assert all(text[claim.start : claim.end] == claim.quote for claim in claims)
    assert any("killed&nbsp;12 people" in claim.quote for claim in claims)


@BOUNDED
@given(
    st.lists(
        st.sampled_from(["a", "<p>", "</p>", "&amp;", "&#351;", "&nbsp;", "<br>", "x y", "<", "&", ";"]), max_size=30
    )
)
def test_ranges_of_cleaned_text_lie_in_the_text_as_given(pieces: list[str]) -> None:
    text = "".join(pieces)
    clean = cleaned(text)
    if clean is None:
        return
    for start in range(len(clean.text)):
        first, last = clean.origin(start, start + 1)
        assert 0 <= first < last <= len(text)
        assert clean.text[start] == text[first] or text[first] in "<&"


def calls(text: str) -> int:
    """How many functions a reading calls: a measure of work that no other load on the machine changes."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    document = Document(text=text, published=DAY)
    extractor().extract(document)  # caches filled
    sys.setprofile(note)
    try:
        extractor().extract(document)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "Twelve people were killed in Almaty on Tuesday, police said. Russia sent 500 troops to Kazakhstan.\n\n",
        "twelve people were killed in Almaty and the police said that ",
        "police said, ",
        "Armenia, ",
        "“It was said ",
        "- 12 killed in Kabul\n",
        "<b>12</b>&amp; killed ",
    ],
    ids=lambda unit: unit[:18].strip(),
)
def test_work_grows_with_the_length(unit: str) -> None:
    short = calls(unit * (6_000 // len(unit)))
    long = calls(unit * (24_000 // len(unit)))
    assert long <= short * 5.5


def test_two_megabytes_are_read() -> None:
    text = (" ".join(SENTENCES[:3]) + " Shops were open and the roads were empty." * 60 + "\n\n") * 800
    assert len(text) > 2_000_000
    document = Document(text=text[:2_000_000], published=DAY)
    claims = extractor().extract(document)
    assert all(document.text[claim.start : claim.end] == claim.quote for claim in claims)


PROGRAM = """
import sys
from datetime import date
from kb.extract.pipeline import Extractor
from kb.model import Document
text = sys.stdin.read()
for claim in Extractor().extract(Document(text=text, published=date(2022, 1, 6), publisher="AFP")):
    print(claim.model_dump_json(by_alias=True))
"""


def test_the_same_bytes_in_every_process_and_with_every_hash_seed() -> None:
    text = "\n\n".join(SENTENCES)
    outputs = set()
    for seed in ("0", "1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=text.encode(),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert outputs.pop().count(b"\n") > 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Twelve people were killed in Almaty on Tuesday, police said.", "en"),
        ("12 killed in Almaty", "en"),
        ("TWELVE PEASANTS WERE MURDERED BY REBELS NEAR NEBAJ, QUICHE DEPARTMENT", "en"),
        ("", "en"),
        ("Homens armados mataram pelo menos 12 aldeões nos arredores de Palma, no norte de Moçambique", "pt"),
        ("Les soldats français ont quitté le Mali lundi après neuf ans de présence.", "fr"),
        ("Взрыв в Кабуле: погибли двенадцать человек, сообщила полиция.", "ru"),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert language(text) == code
    assert extractor().language(Document(text=text)) == code


def test_a_text_in_another_language_gives_no_claims() -> None:
    text = "Двенадцать человек погибли. Twelve killed. Взрыв в Кабуле: погибли двенадцать человек, сообщила полиция."
    assert extractor().extract(Document(text=text, published=DAY)) == []


def test_explanations_tell_rule_trigger_and_reasons() -> None:
    text = "ALMATY, 5 Jan (Interfax) - Twelve people were killed in Almaty yesterday, police said. Forty may be hurt."
    document = Document(text=text, published=DAY)
    explained = extractor().explain(document)
    assert [claim for claim, _ in explained] == extractor().extract(document)
    claim, why = next((claim, why) for claim, why in explained if claim.kind == "casualty")
    assert (why.rule, why.trigger) == (claim.rule, "killed")
    assert ("count", "Twelve") in why.phrases
    assert "police said" in why.source
    assert "yesterday" in why.time
    assert "Almaty" in why.place
    assert any(why.modality.startswith("possible") and "may" in why.modality for _, why in explained)


def test_explanations_tell_what_set_the_phase_of_a_movement() -> None:
    document = Document(text="Kenya has decided to send 400 police officers to Haiti.", published=DAY)
    why = next(why for claim, why in extractor().explain(document) if claim.kind == "deployment")
    assert dict(why.phrases)["phase"] == "decided … send"
