"""``kb extract`` says why claims were read so, and why a text in another language has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import CommandLine


@pytest.fixture
def kb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(capsys, monkeypatch)


def test_each_claim_comes_with_its_rule_its_words_and_the_reasons_for_its_fields(kb: CommandLine) -> None:
    out = kb.ok("extract", "-", "--explain", stdin=b"At least 13 soldiers were killed in Almaty, the police said.")
    lines = out.splitlines()
    assert lines[0].endswith(": 1 claim")
    assert "casualty killed ≥ 13 soldiers" in lines
    said = {line[2:14].strip(): line[14:] for line in lines if line.startswith("  ")}
    assert "harm-passive" in said["rule"]
    assert "“killed”" in said["rule"]
    assert said["count"] == "“At least 13”"
    assert "“Almaty”" in said["place"]
    assert "police" in said["source"]
    assert said["modality"] == "asserted"


def test_explanations_go_into_a_file(kb: CommandLine, tmp_path: Path) -> None:
    kb.ok("extract", "-", "--explain", "--output", tmp_path / "why.txt", stdin=b"Two men were shot dead in Kabul.")
    assert "rule" in (tmp_path / "why.txt").read_text("utf-8")


@pytest.mark.parametrize("more", [[], ["--explain"]])
def test_a_text_in_another_language_is_said_to_be_one(kb: CommandLine, more: list[str]) -> None:
    text = "Al menos trece soldados murieron en la ciudad de Almaty el lunes, dijo la policía a los periodistas."
    ran = kb("extract", "-", *more, stdin=text.encode())
    assert ran.code == 0
    assert "Spanish" in ran.err
    assert "Factline reads English" in ran.err
    assert "casualty" not in ran.out


def test_an_english_text_without_claims_is_left_unremarked(kb: CommandLine) -> None:
    ran = kb("extract", "-", stdin=b"The weather in the mountains was fine and the roads were open.")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_what_is_taken_up_from_before_is_said(kb: CommandLine) -> None:
    text = b"Farmers marched through Lima, Major Keita told Radio Kledu. They blocked the bridge, he said."
    out = kb.ok("extract", "-", "--explain", stdin=text)
    assert "“Farmers”, told of before" in out
    assert "who is Keita" in out
