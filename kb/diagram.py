"""The core of the ontology as a picture: SVG that needs nothing from elsewhere, drawn from the ontology itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.reason import axioms

_WIDTH, _HEIGHT = 150, 44
# Where each class stands: column and row.
_PLACES = {
    "Document": (0, 0),
    "Claim": (0, 2),
    "Participation": (0, 4),
    "Actor": (2, 4),
    "Place": (3, 2),
    "Event": (2, 1),
    "Figure": (2, 0),
    "Episode": (3, 0),
    "EventType": (3, 3),
}
# Which properties are drawn, from the class that has them to the one that they lead to.
_LINKS = (
    ("Claim", "document", "Document"),
    ("Claim", "participation", "Participation"),
    ("Participation", "actor", "Actor"),
    ("Claim", "source", "Actor"),
    ("Claim", "place", "Place"),
    ("Claim", "event", "Event"),
    ("Claim", "figure", "Figure"),
    ("Event", "place", "Place"),
    ("Event", "eventType", "EventType"),
    ("Figure", "episode", "Episode"),
)
_COLUMN, _ROW, _MARGIN = 220, 96, 12
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"


@cache
def svg() -> str:
    """The picture. Raises FactlineError when the ontology has not the classes and properties that it draws."""
    labels = _labels()
    missing = {*_PLACES, *(name for _, name, _ in _LINKS)} - labels.keys()
    if missing:
        raise FactlineError(f"the diagram of the ontology draws what it does not have: {', '.join(sorted(missing))}")
    return "\n".join(_drawn(labels)) + "\n"


def _labels() -> dict[str, str]:
    """The English label of each of our terms, by its name."""
    return {
        quad.subject.value.removeprefix(resources.NAMESPACE): quad.object.value
        for quad in axioms.triples(axioms.files(()))
        if quad.predicate.value == _RDFS + "label"
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
    }


def _corner(name: str) -> tuple[int, int]:
    column, row = _PLACES[name]
    return _MARGIN + column * _COLUMN, _MARGIN + row * _ROW


def _drawn(labels: dict[str, str]) -> Iterator[str]:
    width = 2 * _MARGIN + 3 * _COLUMN + _WIDTH
    height = 2 * _MARGIN + 4 * _ROW + _HEIGHT
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="The core of the ontology" font-family="sans-serif" font-size="13">'
    )
    yield f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    yield '<defs><marker id="tip" markerWidth="9" markerHeight="9" refX="8" refY="4" orient="auto">'
    yield '<path d="M0 0 L8 4 L0 8 z" fill="#555555"/></marker></defs>'
    for source, name, target in _LINKS:
        yield from _line(source, target, labels[name])
    for name in _PLACES:
        x, y = _corner(name)
        yield f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="#eef3f8" stroke="#33557a"/>'
        yield (
            f'<text x="{x + _WIDTH // 2}" y="{y + _HEIGHT // 2 + 5}" text-anchor="middle" fill="#111111">'
            f"{escape(labels[name])}</text>"
        )
    yield "</svg>"


def _line(source: str, target: str, label: str) -> Iterator[str]:
    """An arrow from the edge of one box to that of another, with its name a third of the way along it."""
    (x1, y1), (x2, y2) = (_middle(source), _middle(target))
    begin, end = _edge(x1, y1, x2, y2), _edge(x2, y2, x1, y1)
    yield (
        f'<line x1="{begin[0]}" y1="{begin[1]}" x2="{end[0]}" y2="{end[1]}" stroke="#555555" marker-end="url(#tip)"/>'
    )
    x, y = begin[0] + (end[0] - begin[0]) * 2 // 5, begin[1] + (end[1] - begin[1]) * 2 // 5
    yield (
        f'<text x="{x}" y="{y - 3}" text-anchor="middle" fill="#333333" stroke="#ffffff" stroke-width="4" '
        f'paint-order="stroke" font-style="italic">{escape(label)}</text>'
    )


def _middle(name: str) -> tuple[int, int]:
    x, y = _corner(name)
    return x + _WIDTH // 2, y + _HEIGHT // 2


def _edge(x1: int, y1: int, x2: int, y2: int) -> tuple[int, int]:
    """Where the line from the middle of a box leaves it."""
    across, down = x2 - x1, y2 - y1
    share = min(
        _WIDTH / 2 / abs(across) if across else float("inf"),
        _HEIGHT / 2 / abs(down) if down else float("inf"),
    )
    return round(x1 + across * share), round(y1 + down * share)
