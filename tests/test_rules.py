"""The rules: each does what its examples say, and the loader tells what is wrong with a bad one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.errors import RuleError
from kb.extract import rules as loader
from kb.extract.pipeline import Extractor
from kb.extract.rules import Example, Rule, rules
from kb.model import CasualtyClaim, Document

RULES = rules("casualties")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def fields(claim: CasualtyClaim) -> dict[str, Any]:
    """The fields that an example may ask for."""
    return {
        "harm": claim.harm.value,
        "minimum": claim.count.minimum,
        "maximum": claim.count.maximum,
        "hedge": claim.count.hedge.value,
        "class": claim.victims.class_.value if claim.victims else None,
    }


def unmatched(example: Example, claims: list[CasualtyClaim]) -> list[Mapping[str, Any]]:
    """The expected claims that none of the claims answers, each claim used once."""
    left = [fields(claim) for claim in claims]
    missing = []
    for want in example.gives:
        fit = next((got for got in left if want.items() <= got.items()), None)
        if fit is None:
            missing.append(want)
        else:
            left.remove(fit)
    return missing


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_examples(rule: Rule, extractor: Extractor) -> None:
    fired = False
    for example in rule.examples:
        claims = [c for c in extractor.extract(Document(text=example.text)) if isinstance(c, CasualtyClaim)]
        got = [fields(claim) for claim in claims]
        assert not unmatched(example, claims), f"{example.text}\n{got}"
        assert len(claims) == len(example.gives), f"{example.text}\n{got}"
        fired |= any(claim.rule == rule.name for claim in claims)
    assert fired, "no example makes the rule give a claim"


GOOD = {
    "name": "killed",
    "emits": "casualty",
    "trigger": {"lex": "harm-verb", "voice": ["passive"]},
    "victims": {"side": "left"},
    "examples": [{"text": "Two died.", "gives": []}, {"text": "Three died.", "gives": []}],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"trigger": {"lex": "no-such-words"}}, "rule killed: trigger.lex"),
        ({"trigger": {"lex": "harm-verb", "voice": ["pasive"]}}, "rule killed: trigger.voice.0"),
        ({"victims": {"side": "above"}}, "rule killed: victims.side"),
        ({"victims": {"side": "left", "phrase": ["people"]}}, "rule killed: victims.phrase.0"),
        ({"victims": {"side": "left", "within": 0}}, "rule killed: victims.within"),
        ({"confidence": 2}, "rule killed: confidence"),
        ({"emits": "rumour"}, "rule killed: emits"),
        ({"colour": "red"}, "rule killed: colour"),
        ({"examples": [{"text": "Two died.", "gives": []}]}, "rule killed: examples: .*at least 2"),
        ({"name": None}, "rule None: name"),
    ],
)
def test_bad_field(change: dict[str, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(yaml.safe_dump([{**GOOD, **change}]), f"bad.yaml: {said}", tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a list of rules"),
        ("name: killed", "expected a list of rules"),
        ("- name: [", "bad.yaml: while parsing"),
        ("- 7", "rule number 1"),
        (yaml.safe_dump([GOOD, GOOD]), "rule killed: the name is given twice"),
    ],
)
def test_bad_file(text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(text, said, tmp_path, monkeypatch)


def test_missing_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "FOLDER", tmp_path)
    with pytest.raises(RuleError, match=r"none\.yaml: .*No such file"):
        rules.__wrapped__("none")


def test_good_rule_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.yaml").write_text(yaml.safe_dump([GOOD]), encoding="utf-8")
    monkeypatch.setattr(loader, "FOLDER", tmp_path)
    assert [rule.name for rule in rules.__wrapped__("good")] == ["killed"]


def check(text: str, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading a file of this text fails and says so."""
    (folder / "bad.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(loader, "FOLDER", folder)
    with pytest.raises(RuleError, match=said):
        rules.__wrapped__("bad")
