"""Every page's data in every format, by suffix and by Accept; the query behind a list; what stands in the pages for
programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pyoxigraph
import pytest

from tests import sample
from tests.web_client import BROWSER, Client, site

LISTS = ("/", "/search", "/search?q=almaty", "/search?what=actor", "/casualties", "/deployments", "/changes")
NODES = (
    f"/document/{sample.AFP.key}",
    f"/claim/{sample.DOZENS.id}",
    "/actor/csto",
    "/place/kz/almaty",
    "/ontology/Killed",
)
QUERIES = ("/queries/casualties", "/queries/events", "/queries/deployments?destination=Kazakhstan")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with site(tmp_path_factory.mktemp("formats") / "store") as client:
        yield client


def suffixed(path: str, suffix: str) -> str:
    stem, _, query = path.partition("?")
    return f"{'/index' if stem == '/' else stem}.{suffix}" + (f"?{query}" if query else "")


@pytest.mark.parametrize("path", [*LISTS, *NODES, *QUERIES])
def test_the_same_by_suffix_and_by_accept(web: Client, path: str) -> None:
    for suffix, media in {
        "json": "application/json",
        "csv": "text/csv",
        "ttl": "text/turtle",
        "jsonld": "application/ld+json",
        "geojson": "application/geo+json",
        "atom": "application/atom+xml",
    }.items():
        given, asked = web.get(suffixed(path, suffix), BROWSER), web.get(path, media)
        assert (given.status_code, asked.status_code) == (200, 200), (suffix, given.text)
        if suffix != "atom":  # a feed names its own address
            assert given.content == asked.content
        kind = asked.headers["content-type"].partition(";")[0]
        assert kind == media or (suffix == "json" and kind == "application/sparql-results+json")
        if suffix == "csv":
            assert len(next(csv.reader(io.StringIO(asked.text)))) > 4
        elif suffix in {"json", "geojson"}:
            json.loads(asked.text)
        elif suffix in {"ttl", "jsonld"}:
            form = pyoxigraph.RdfFormat.TURTLE if suffix == "ttl" else pyoxigraph.RdfFormat.JSON_LD
            assert list(pyoxigraph.parse(asked.content, form))


def test_the_rdf_of_a_search_is_what_is_said_of_its_claims(web: Client) -> None:
    claims = {claim["iri"] for claim in web.get("/search.json?kind=casualty").json()["claims"]}
    triples = list(pyoxigraph.parse(web.get("/search.ttl?kind=casualty").content, pyoxigraph.RdfFormat.TURTLE))
    assert claims == {str(triple.subject)[1:-1] for triple in triples}
    features = web.get("/queries/casualties.geojson").json()["features"]
    assert features and {feature["id"] for feature in features} <= claims
    assert not list(pyoxigraph.parse(web.get("/search.ttl?q=zzzzzz").content, pyoxigraph.RdfFormat.TURTLE))


@pytest.mark.parametrize(
    "asked",
    [
        "q=dozens",
        "kind=casualty&harm=killed",
        "place=place/kz",
        "place=place/kz&kind=deployment",
        "actor=actor/csto",
        "source=actor/afp",
        "publisher=actor/afp&modality=asserted",
        "month=2022-01",
        "since=2022-01-06&until=2022-01-07",
        "review=1",
    ],
)
def test_the_query_behind_a_search_finds_the_same_claims(web: Client, asked: str) -> None:
    found = re.search(r'<input type="hidden" name="query" value="([^"]+)">', web.page(f"/search?{asked}").html)
    assert found
    sparql = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&amp;", "&")
    answer = web.send("POST", "/sparql", data={"query": sparql}, headers={"accept": "application/json"})
    rows = {row["claim"]["value"] for row in answer.json()["results"]["bindings"]}
    claims = {claim["iri"] for claim in web.get(f"/search.json?{asked}").json()["claims"]}
    assert rows == claims
    assert claims or asked in {"review=1"}


@pytest.mark.parametrize(
    "path", [*LISTS, *NODES, "/ontology", "/queries", "/queries/casualties", f"/document/{sample.AFP.key}/graph"]
)
def test_what_stands_in_a_page_for_programs(web: Client, path: str) -> None:
    html = web.page(path).html
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html)
    assert found, "schema.org"
    said = json.loads(found[1])
    assert said["@context"] == "https://schema.org"
    assert said["@type"]
    for name in ("og:title", "og:description", "og:url", "og:type"):
        assert re.search(rf'<meta property="{name}" content="[^"]+">', html)


@pytest.mark.parametrize("asked", ["place=a b", "kind=x%22y", "actor=actor/<x>"])
def test_a_facet_that_cannot_be_is_said_so(web: Client, asked: str) -> None:
    response = web.get(f"/search.json?{asked}")
    assert response.status_code == 400
    assert asked.partition("=")[0] in response.text
