"""Pages that list what fits a question, in every format: HTML, JSON, CSV, GeoJSON, RDF and Atom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from kb.web.claims import construct, written
from kb.web.negotiate import ATOM, CSV, GEOJSON, HTML, PAGE_JSON, TRIPLES, choose, split_suffix
from kb.web.pages import answer, graph_answer
from kb.web.reading import Reading
from kb.web.site import raw_path, site_of
from kb.web.views import Page

FORMATS = (HTML, PAGE_JSON, CSV, GEOJSON, *TRIPLES, ATOM)
_SAID = """CONSTRUCT {{ ?subject ?predicate ?value }} WHERE {{
  VALUES ?subject {{ {subjects} }}
  ?subject ?predicate ?value
  FILTER(?predicate != kb:text)
}}"""


def show(
    request: Request,
    load: Callable[[Reading, Mapping[str, str]], Page],
    template: str,
    *,
    stem: str = "",
    context: Mapping[str, Any] | None = None,
) -> Response:
    """The page that ``load`` makes of the parameters of the address, in the format that is asked for.

    ``stem`` is what suffixes are put behind, where that is not the path of the page.
    """
    path, suffixed = split_suffix(raw_path(request), FORMATS)
    chosen = suffixed or choose(FORMATS, request.headers.get("accept"), request.query_params.get("format"))
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    with site_of(request).reading() as reading:
        page = load(reading, given)
        if chosen in TRIPLES:
            return graph_answer(construct(reading.store, page.sparql), chosen)
        return answer(request, page, template, chosen, stem or path.lstrip("/"), context or {})


def said_of(iris: Iterable[str]) -> str:
    """The query for what is said of each of these; of documents not their text."""
    return _SAID.format(subjects=written(dict.fromkeys(iris)))
