"""``/queries``: the list, forms and tables, every format, wrong names and values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from kb.queries import catalogue
from tests import sample
from tests.web_client import Client, site


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with site(tmp_path_factory.mktemp("site") / "store") as client:
        yield client


def rows(response_text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response_text)))


def test_list(web: Client) -> None:
    page = web.page("/queries")
    for name in catalogue():
        assert f"queries/{name}" in page.links
    found = {query["name"]: query for query in web.get("/queries.json").json()}
    assert set(found) == set(catalogue())
    place = found["casualties"]["parameters"][0]
    assert (place["name"], place["type"], place["required"]) == ("place", "place", False)
    assert list(found["casualties"]["columns"])[:5] == ["claim", "harm", "victims", "minimum", "maximum"]


def test_casualties_of_a_place(web: Client) -> None:
    found = rows(web.get("/queries/casualties.csv?place=almaty&harm=killed").text)
    assert {row["claim"] for row in found} == {
        sample.claim_iri(claim) for claim in (sample.EXACTLY_13, sample.DOZENS, sample.AT_LEAST_13, sample.CHILDREN)
    }
    dozens = next(row for row in found if row["claim"] == sample.claim_iri(sample.DOZENS))
    assert (dozens["minimum"], dozens["maximum"], dozens["hedge"]) == ("24", "", "vague")


@pytest.mark.parametrize(
    ("suffix", "media"),
    [
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
    ],
)
@pytest.mark.parametrize("name", list(catalogue()))
def test_every_query_in_every_format(web: Client, name: str, suffix: str, media: str) -> None:
    example = dict(catalogue()[name].example)
    if "claim" in catalogue()[name].parameters:
        example["claim"] = sample.DOZENS.id
    by_suffix = web.get(f"/queries/{name}.{suffix}", params=example)
    by_accept = web.get(f"/queries/{name}", media, params=example)
    by_format = web.get(f"/queries/{name}", params={**example, "format": suffix})
    assert by_suffix.status_code == by_accept.status_code == by_format.status_code == 200, by_suffix.text
    assert by_suffix.headers["content-type"].partition(";")[0] == media
    assert by_suffix.content == by_accept.content == by_format.content
    for column in catalogue()[name].columns:
        assert column in by_suffix.text


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_query_has_a_form_and_a_table(web: Client, name: str) -> None:
    query = catalogue()[name]
    page = web.page(f"/queries/{name}")
    named = {found["name"] for tag, found in page.tags if tag in {"input", "select"} and found["name"] != "q"}
    assert set(query.parameters) <= named
    if not any(parameter.required for parameter in query.parameters.values()):
        found = rows(web.get(f"/queries/{name}.csv").text)
        assert ("table" in {tag for tag, _ in page.tags}) == bool(found)
        assert f"../queries/{name}.csv" in page.links


def test_the_form_offers_what_can_be_chosen(web: Client) -> None:
    page = web.page("/queries/casualties?harm=injured&place=Almaty")
    assert ("option", {"value": "injured", "selected": None}) in page.tags
    assert ("option", {"value": "Almaty"}) in page.tags
    assert any(tag == "input" and found.get("type") == "date" and found["name"] == "since" for tag, found in page.tags)
    assert "../queries/casualties.json?harm=injured&place=Almaty" in page.links


def test_each_number_is_one_click_from_its_quote(web: Client) -> None:
    page = web.page("/queries/casualties?place=Almaty")
    assert f'<a href="../claim/{sample.DOZENS.id}">24 or more (“dozens”)</a>' in page.html
    assert f'<a href="../claim/{sample.AT_LEAST_13.id}">at least 13</a>' in page.html
    assert '<a href="../place/kz/almaty">Almaty</a>' in page.html
    assert '<a href="../actor/kz-police-spokesman">police spokesman (Kazakhstan)</a>' in page.html
    assert sample.DOZENS.quote in page.text


def test_a_place_that_is_not_known_is_said_so(web: Client) -> None:
    assert "did you mean Almaty" in web.page("/queries/casualties?place=Almtay").text
    response = web.get("/queries/casualties.csv?place=Almtay")
    assert response.status_code == 200 and rows(response.text) == []
    assert "did you mean Almaty" in response.headers["factline-note"]
    note = web.get("/queries/casualties.csv?place=Алматыы").headers["factline-note"]
    assert "\\u0410" in note


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("casualtes", 404, "did you mean casualties"),
        ("none", 404, "choose one of actor-claims, "),
        ("casualties?plac=Almaty", 400, "did you mean place?"),
        ("events?type=riott", 400, "did you mean riot"),
        ("casualties?harm=kiled", 400, "did you mean killed"),
        ("casualties?since=yesterdayish", 400, "2022-01-06"),
        ("casualties?place=Almaty&place=Aktobe", 400, "given twice"),
        ("evidence", 400, "needs the parameter claim"),
    ],
)
def test_wrong_names_and_values(web: Client, path: str, status: int, says: str) -> None:
    plain = web.get(f"/queries/{path}", "text/csv")
    assert (plain.status_code, plain.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert says in plain.text
    assert web.get(f"/queries/{path}", "application/sparql-results+json").json()["status"] == status
    if "given twice" not in says and path != "evidence":
        assert says in web.page(f"/queries/{path}", status).text


def test_a_query_that_needs_a_parameter_asks_for_it(web: Client) -> None:
    page = web.page("/queries/evidence")
    assert "Claim (required)" in page.text
    assert web.get("/queries/evidence?claim=", "text/csv").status_code == 400


def test_fields_left_empty_are_not_given(web: Client) -> None:
    everything = web.get("/queries/casualties.csv").text
    assert web.get("/queries/casualties.csv?place=&harm=&since=").text == everything
    assert web.get("/queries/casualties", "image/png").status_code == 406
