"""The documentation names what there is: modules, dependencies, decisions, and pages that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "tests" / "gold" / "README.md"]


def test_architecture_names_every_part_of_the_package() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    parts = [p for p in (ROOT / "kb").iterdir() if p.suffix == ".py" or (p.is_dir() and not p.name.startswith("_"))]
    names = {f"kb/{p.name}" for p in parts} - {"kb/__init__.py"}
    assert {name for name in names if f"`{name}" not in page} == set()
    assert {name for name in re.findall(r"`(kb/[a-z_]+(?:\.py)?)", page) if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("package", ["extract", "rdf", "store", "queries", "web"])
def test_architecture_names_no_module_that_is_gone(package: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = re.search(rf"^## [^\n]*`kb/{package}/`.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section, f"no section on kb/{package}"
    named = set(re.findall(r"`([a-z_]+\.py)`", section[0]))
    assert named
    assert {name for name in named if not (ROOT / "kb" / package / name).exists()} == set()


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    given = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[><=~!;\s]", requirement)[0].lower() for requirement in given}
    page = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text("utf-8")
    listed = {
        name.strip() for row in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for name in row.lower().split(",")
    }
    listed -= {"package", "---"}
    assert names - listed == set(), "no reason given"
    assert listed - names == set(), "no longer a dependency"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_documentation_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text("utf-8"))
    assert {target for target in targets if not (page.parent / target).exists()} == set()


def test_decisions_have_a_number_each() -> None:
    records = [record.name for record in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(records) >= 2
    assert all(re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name) for name in records)
    assert len({name[:4] for name in records}) == len(records)


def test_each_threat_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    rows = re.findall(r"^\| (?!threat|---)([^|]+) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    assert len(rows) > 20
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py")}
    for threat, _, named in rows:
        given = re.findall(r"`(test_\w+\.py)?(?:::)?(test_\w+)?`", named)
        assert given or named == "the same", threat
        for file, test in given:
            assert not file or file in texts, f"{threat}: there is no {file}"
            where = texts[file] if file else "\n".join(texts.values())
            assert not test or f"def {test}(" in where, f"{threat}: there is no {test}"
