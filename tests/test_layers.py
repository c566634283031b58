"""Each layer imports only layers below it, nothing imports in a circle, and text processing never sees RDF."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "kb"

# From the bottom to the top: a unit (a module, or a package with all in it) imports only units before it.
LAYERS = (
    "errors",
    "slugs",
    "dates",
    "model",
    "resources",
    "reference",
    "gazetteer",
    "extract",
    "read",
    "fetch",
    "rdf",
    "planner",
    "store",
    "access",
    "validate",
    "review",
    "track",
    "reason",
    "codebooks",
    "diagram",
    "results",
    "table",
    "search",
    "queries",
    "ingest",
    "desk",
    "endpoint",
    "web",
    "cli",
    "docs",
)
# What a unit must not import although it is installed.
FORBIDDEN = {
    "model": {"pyoxigraph", "rdflib", "oxrdflib", "owlready2", "pyshacl", "fastapi", "typer"},
    "extract": {"pyoxigraph", "rdflib", "oxrdflib", "owlready2", "pyshacl", "fastapi", "typer"},
    "rdf": {"fastapi", "starlette", "typer", "rich"},
    "planner": {"pyoxigraph", "rdflib", "fastapi", "starlette", "typer", "rich"},
    "store": {"fastapi", "starlette", "typer", "rich"},
    "access": {"fastapi", "starlette", "typer", "rich", "pyoxigraph"},
    "reason": {"fastapi", "starlette", "typer", "rich"},
    "review": {"fastapi", "starlette", "typer", "rich"},
    "track": {"fastapi", "starlette", "typer", "rich"},
    "search": {"fastapi", "starlette", "typer", "rich"},
    "queries": {"fastapi", "starlette", "typer", "rich"},
    "ingest": {"fastapi", "starlette", "typer", "rich"},
    "endpoint": {"fastapi", "starlette", "typer", "rich"},
    "web": {"typer"},
}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found: dict[str, Path] = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(name: str) -> Iterator[str]:
    """The dotted names of the modules that a module imports, wherever in it.

    ``from kb.x import y`` means ``kb.x.y`` where y is a module, which needs ``kb.x`` only as the way to it.
    """
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inside = f"{source}.{alias.name}"
                yield inside if inside in MODULES else source


def inner(name: str) -> set[str]:
    """The modules of the package that a module imports; all may ask the package itself for its version."""
    return {imported for imported in imports(name) if imported in MODULES} - {name, "kb"}


def unit(name: str) -> str:
    return name.split(".")[1]


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 10
    assert sum(len(inner(name)) for name in MODULES) > 30


def test_every_unit_has_its_layer() -> None:
    units = {unit(name) for name in MODULES if name != "kb"}
    assert not units - set(LAYERS), f"say in LAYERS on which layer they lie: {sorted(units - set(LAYERS))}"
    assert not set(LAYERS) - units, f"in LAYERS, but gone: {sorted(set(LAYERS) - units)}"


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"kb"}))
def test_imports_go_downwards(name: str) -> None:
    rank = LAYERS.index(unit(name))
    upwards = sorted(each for each in inner(name) if LAYERS.index(unit(each)) > rank)
    assert not upwards, f"{name} imports from layers above its own: {upwards}"


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name != "kb" and unit(name) in FORBIDDEN))
def test_layers_keep_to_their_libraries(name: str) -> None:
    strange = {imported.split(".")[0] for imported in imports(name)} & FORBIDDEN[unit(name)]
    assert not strange, f"{name} imports {sorted(strange)}"


def test_nothing_imports_in_a_circle() -> None:
    done: set[str] = set()

    def visit(name: str, way: list[str]) -> None:
        assert name not in way, " → ".join([*way[way.index(name) :], name])
        if name not in done:
            for each in sorted(inner(name)):
                visit(each, [*way, name])
            done.add(name)

    for name in sorted(MODULES):
        visit(name, [])
    assert done == set(MODULES)


def test_the_test_sees_what_it_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted import upwards, a relative one, and one inside a function are all seen."""
    planted = tmp_path / "planted.py"
    planted.write_text("from ..web import app\ndef f() -> None:\n    import kb.cli.terminal\n", encoding="utf-8")
    monkeypatch.setitem(MODULES, "kb.model.planted", planted)
    assert inner("kb.model.planted") == {"kb.web.app", "kb.cli.terminal"}
    with pytest.raises(AssertionError, match="above its own"):
        test_imports_go_downwards("kb.model.planted")
