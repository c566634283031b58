"""Pages of everything that the base mints: what they show, every format, links, escaping, validators."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pyoxigraph
import pytest

from kb import ingest
from kb.model import Actor, ActorType, CasualtyClaim, Document, Place, TimeSpan, VictimClass
from kb.resources import NAMESPACE
from kb.store import open_store
from kb.web.negotiate import RESULTS
from kb.web.pages import FORMATS
from kb.web.problems import _STATUS
from tests import sample
from tests.web_client import BROWSER, HOST, Client, Page, opened, site

AFP = f"/document/{sample.AFP.key}"
DOZENS = f"/claim/{sample.DOZENS.id}"
PATHS = [AFP, AFP + "/graph", DOZENS, "/actor/csto", "/place/kz", "/place/kz/almaty/town-hall", "/graph/reference"]
RDF = {
    "ttl": ("text/turtle", pyoxigraph.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", pyoxigraph.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", pyoxigraph.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", pyoxigraph.RdfFormat.RDF_XML),
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with site(tmp_path_factory.mktemp("site") / "store") as client:
        yield client


@pytest.mark.parametrize("suffix", RDF)
@pytest.mark.parametrize("path", [*PATHS, "/ontology", "/ontology/CasualtyClaim"])
def test_rdf_by_suffix_and_by_accept(web: Client, path: str, suffix: str) -> None:
    media, form = RDF[suffix]
    by_suffix, by_accept = web.get(f"{path}.{suffix}", BROWSER), web.get(path, media)
    assert by_suffix.status_code == by_accept.status_code == 200
    assert by_accept.headers["content-type"].partition(";")[0] == media
    assert "Accept" in by_accept.headers["vary"]
    assert by_suffix.content == by_accept.content
    subjects = {str(quad.subject) for quad in pyoxigraph.parse(by_accept.content, form)}
    iri = NAMESPACE + "CasualtyClaim" if path.startswith("/ontology") else sample.BASE + path[1:].removesuffix("/graph")
    assert f"<{iri}>" in subjects or path.startswith("/graph/")


@pytest.mark.parametrize("path", [*PATHS, "/ontology", "/ontology/Killed", "/", "/queries", "/search?q=almaty"])
def test_json(web: Client, path: str) -> None:
    response = web.get(path, "application/json;q=0.9, text/html;q=0.1")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json()


def test_the_graph_of_a_document_as_quads(web: Client) -> None:
    with_graph = set(pyoxigraph.parse(web.get(AFP + ".nq").content, pyoxigraph.RdfFormat.N_QUADS))
    with web.app.state.site.live.lease() as store:
        assert with_graph == set(store.quads(graph=pyoxigraph.NamedNode(sample.iri(AFP[1:] + "/graph"))))
    assert web.get(AFP + ".nq").content == web.get(AFP + "/graph.nq").content


def test_every_link_of_the_site_opens(web: Client) -> None:
    """Follows every link within the site from the home page; pages are well-formed, data answers."""
    seen = {"/"}
    waiting = deque(["/", "/sparql", *(f"{path}" for path in PATHS)])
    pages = 0
    while waiting and pages < 110:
        path = waiting.popleft()
        response = web.get(path, BROWSER)
        if response.status_code == 303:  # to the form for a token
            assert urljoin(HOST + path, response.headers["location"]).startswith(HOST + "/session")
            continue
        assert response.status_code == 200, f"{path}: {response.text}"
        if not response.headers["content-type"].startswith("text/html"):
            continue
        pages += 1
        for link in Page(response.text).links:
            target = urlsplit(urljoin(HOST + path, link))
            found = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc == urlsplit(HOST).netloc and found not in seen and "/language/" not in found:
                seen.add(found)
                waiting.append(found)
    assert pages > 60


def test_the_switch_of_languages_goes_back_within_the_site(web: Client) -> None:
    answer = web.get("/language/es?back=search%3Fq%3Dalmaty")
    assert (answer.status_code, answer.headers["location"]) == (303, "../search?q=almaty")
    cookie = answer.headers["set-cookie"].partition(";")[0]
    assert '<html lang="es">' in web.send("GET", "/", headers={"accept": BROWSER, "cookie": cookie}).text
    for outside in ("https://evil.test/", "//evil.test/x", "/\\evil.test", "http:evil"):
        where = web.get(f"/language/es?back={quote(outside)}").headers["location"]
        assert where.startswith("../") and "//" not in where and "\\" not in where
    assert web.get("/language/xx").status_code == 404


def test_the_language_is_that_of_the_reader(web: Client) -> None:
    asked = web.send("GET", "/place/kz", headers={"accept": BROWSER, "accept-language": "ru-RU,ru;q=0.9,en;q=0.5"})
    page = Page(asked.text)
    assert '<html lang="ru">' in page.html and "Казахстан" in page.text
    other = web.send("GET", "/place/kz", headers={"accept": BROWSER, "accept-language": "fr"})
    assert '<html lang="en">' in other.text
    assert asked.headers["etag"] != other.headers["etag"]


def test_links_hold_behind_a_prefix_and_on_another_host(web: Client) -> None:
    for path in (DOZENS, "/place/kz/almaty/town-hall", "/ontology"):
        for link in web.page(path).links:
            assert not link.startswith(("/", sample.BASE, HOST)), f"{path} links to {link}"


def test_document_shows_each_claim_in_its_place(web: Client) -> None:
    page = web.page(AFP)
    for claim in sample.CLAIMS[sample.AFP]:
        assert claim.quote in page.text
        assert f"claim-{claim.id}" in page.ids
        assert f"../claim/{claim.id}" in page.links
        assert f"#claim-{claim.id}" in page.links
    assert ("html", {"lang": "en"}) in page.tags
    text = next(found for tag, found in page.tags if tag == "div" and found.get("class") == "text")
    assert text["lang"] == "en"
    found = web.get(AFP + ".json").json()
    assert found["text"] == sample.AFP.text
    for claim in found["claims"]:
        assert found["text"][claim["start"] : claim["end"]] == claim["quote"]


def test_claim_shows_quote_chain_and_fields(web: Client) -> None:
    page = web.page(DOZENS)
    assert f"<mark>{sample.DOZENS.quote}</mark>." in page.html
    assert "24 or more (“dozens”) killed: attackers" in page.text
    assert "police spokesman (Kazakhstan)" in page.text
    chain = page.html.partition('class="chain"')[2].partition("</ol>")[0]
    steps = ["../actor/kz-police-spokesman", "../actor/interfax-kazakhstan", "../actor/afp"]
    assert [chain.index(step) for step in steps] == sorted(chain.index(step) for step in steps)
    assert f"../document/{sample.AFP.key}#claim-{sample.DOZENS.id}" in page.links
    assert "../ontology/Vague" in page.links
    found = web.get(DOZENS + ".json").json()
    assert found["claim"]["count"] == {"minimum": 24, "maximum": None, "hedge": "vague", "text": "Dozens"}
    assert [step["iri"] for step in found["chain"]] == [sample.BASE + step[3:] for step in steps]


@pytest.mark.parametrize("claim", [claim for claims in sample.CLAIMS.values() for claim in claims], ids=lambda c: c.id)
def test_every_claim_comes_back_as_it_was_recorded(web: Client, claim: CasualtyClaim) -> None:
    found, expected = web.get(f"/claim/{claim.id}.json").json()["claim"], claim.model_dump(mode="json", by_alias=True)
    # The reference data knows more of some relays than the claim does: compare those by their wording.
    assert [relay.pop("text") for relay in found.pop("relays")] == [relay["text"] for relay in expected.pop("relays")]
    assert found == expected
    assert claim.quote in web.page(f"/claim/{claim.id}").text


def test_actor_shows_claims_about_and_by_it(web: Client) -> None:
    page = web.page("/actor/csto")
    assert "Claims about it" in page.text and "Claims by it" in page.text
    assert "Tashkent Treaty" in page.text
    assert "../actor/belarus" in page.links
    found = web.get("/actor/afp.json").json()
    assert found["documents"][0]["iri"] == sample.BASE + AFP[1:]
    assert found["label"] == "Agence France-Presse (AFP)"


def test_a_place_that_is_only_named_by_another_opens(web: Client) -> None:
    page = web.page("/place/kz/astana")
    assert "Not described yet" in page.text and "Capital of" in page.text and "../../place/kz" in page.links
    assert "kb:capital" in web.get("/place/kz/astana.ttl").text


def test_place_shows_what_happened_in_it_or_inside_it(web: Client) -> None:
    country, hall = web.get("/place/kz.json").json(), web.get("/place/kz/almaty/town-hall.json").json()
    assert {claim["id"] for claim in hall["claims"]} == {sample.CHILDREN.id, sample.SEIZURE.id}
    assert {claim["id"] for claim in hall["claims"]} < {claim["id"] for claim in country["claims"]}
    assert "../../../place/kz/almaty" in web.page("/place/kz/almaty/town-hall").links


def test_graph_page_says_how_large_it_is(web: Client) -> None:
    triples = len(list(pyoxigraph.parse(web.get(AFP + "/graph.nt").content, pyoxigraph.RdfFormat.N_TRIPLES)))
    assert f"{triples:,} triples." in web.page(AFP + "/graph").text
    reference = web.page("/graph/reference")
    assert "More than these are there" in reference.text


def test_search(web: Client) -> None:
    page = web.page("/search?q=Dozens+of")
    assert sample.DOZENS.quote in page.text and "claim/" + sample.DOZENS.id in page.links
    assert "actor/csto" in web.page("/search?q=tashkent").links
    assert "Nothing fits" in web.page("/search?q=zzzz").text
    assert "Nothing has “Almatty”" in (page := web.page("/search?q=Almatty")).text
    assert "place/kz/almaty" in page.links
    found = web.get("/search.json").json()
    assert found["total"] == len(found["claims"]) == sum(map(len, sample.CLAIMS.values()))
    assert web.get("/search.json?q=.*").json()["total"] == found["total"], "nothing but marks is no word to look for"


def test_search_narrows_down(web: Client) -> None:
    page = web.page("/search?place=place/kz/almaty&harm=killed")
    assert all(f"claim/{claim.id}" in page.links for claim in (sample.DOZENS, sample.CHILDREN))
    assert "Sixteen police" not in page.text
    assert "search?harm=killed" in page.links, "each narrowing can be taken back"
    counted = web.get("/search.json?place=place/kz").json()["facets"]["kind"]
    assert sum(counted.values()) == web.get("/search.json?place=place/kz").json()["total"]


@pytest.mark.parametrize("query", ["order=best", "what=thing", "since=yesterday", "after=x", "what=actor&after=x~y"])
def test_search_says_what_is_wrong_with_its_parameters(web: Client, query: str) -> None:
    name = query.rsplit("&", maxsplit=1)[-1].partition("=")[0]
    assert f"{name}=" in web.page(f"/search?{query}", 400).text


@pytest.mark.parametrize(
    "path",
    ["/claim/none", "/claim/none.ttl", "/actor/no-one", "/place/xx/yy", "/event/none", "/graph/none", "/ontology/None",
     "/document/none", "/document/none/graph", "/nothing/here", "/claim/a b", "/actor/%3Cscript%3E", "/claim/%FF",
     "/static/none.css", "/place/", "/ontology/%22"],
)  # fmt: skip
def test_what_is_not_there_is_404(web: Client, path: str) -> None:
    page = web.page(path, 404)
    assert "Not Found" in page.text
    assert "<script>" not in page.html
    plain = web.get(path, "text/turtle")
    assert (plain.status_code, plain.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert web.get(path, "application/json").json()["status"] == 404


def test_validators(web: Client) -> None:
    first = web.get(AFP, "text/turtle")
    tag = first.headers["etag"]
    again = web.send("GET", AFP, headers={"accept": "text/turtle", "if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag and "Accept" in again.headers["vary"]
    assert web.get(AFP, "text/html").headers["etag"] != tag
    assert "etag" not in web.get("/claim/none").headers


def test_head_of_a_page(web: Client) -> None:
    asked = {"accept": "text/html", "accept-encoding": "identity"}
    head = web.send("HEAD", DOZENS, headers=asked)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == web.send("GET", DOZENS, headers=asked).headers["content-length"]
    assert web.send("OPTIONS", DOZENS).headers["allow"] == "GET, HEAD, OPTIONS"
    assert web.send("DELETE", DOZENS).status_code == 405


@pytest.mark.parametrize("path", ["/", DOZENS, "/sparql", "/nothing", "/healthz", "/static/site.css", DOZENS + ".ttl"])
def test_headers_that_protect(web: Client, path: str) -> None:
    headers = web.get(path, BROWSER).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy and "http" not in policy
    assert re.search(r"script-src 'nonce-[\w-]{20,}';", policy), "scripts run by the nonce of the answer only"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/", *PATHS, "/sparql", "/queries", "/ontology", "/queries/casualties", "/.well-known/void"]
)
def test_pages_name_their_scripts_and_no_other_host(web: Client, path: str) -> None:
    response = web.get(path, BROWSER)
    page = Page(response.text)
    nonce = re.search(r"script-src 'nonce-([^']+)'", response.headers["content-security-policy"])
    assert nonce
    for tag, found in page.tags:
        assert tag not in {"style", "iframe", "object", "embed"}
        assert not any(name.startswith("on") or name == "style" for name in found)
        if tag == "script":
            assert found["nonce"] == nonce[1]
            assert found.get("type") == "application/ld+json" or "://" not in (found["src"] or "")
        if tag == "link" and found.get("rel") != "canonical":
            assert "://" not in (found["href"] or "")
    names = [tag for tag, _ in page.tags]
    assert names.count("main") == names.count("h1") == 1
    assert {"header", "nav", "footer"} <= set(names)
    labelled = {found["for"] for tag, found in page.tags if tag == "label" and "for" in found}
    fields = [found for tag, found in page.tags if tag in {"input", "textarea"} and found.get("type") != "hidden"]
    assert all(found.get("id") in labelled or "name" in found for found in fields)
    assert names.count("table") == names.count("caption")


def test_stylesheet_is_small_and_kept(web: Client) -> None:
    link = next(link for link in web.page("/").links if link.startswith("static/site.css?v="))
    response = web.get("/" + link)
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["cache-control"]
    assert len(response.content) <= 24_000
    assert "http" not in response.text and "@import" not in response.text


def test_other_documents(web: Client) -> None:
    health = web.get("/healthz").json()
    assert (health["status"], health["base"]) == ("ok", sample.BASE)
    void = pyoxigraph.parse(web.get("/.well-known/void").content, pyoxigraph.RdfFormat.TURTLE)
    endpoints = [quad.object.value for quad in void if quad.predicate.value.endswith("sparqlEndpoint")]
    assert endpoints == [HOST + "/sparql"]
    paths = web.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/queries/{name}", "/claim/{identifier}", "/place/{path}", "/healthz"} <= set(paths)


def test_documentation_names_every_address_and_format(web: Client) -> None:
    page = (Path(__file__).parents[1] / "docs" / "http.md").read_text("utf-8")
    for path in web.get("/openapi.json").json()["paths"]:
        assert f"`{path}" in page, path
    for each in (*FORMATS, *RESULTS):
        assert f"`{each.name}`" in page and f"`.{each.suffix}`" in page and f"`{each.media[0]}`" in page, each
    for kind in _STATUS.values():
        assert kind == 500 or f"| {kind.value} |" in page or f"{kind.value}," in page


HOSTILE = '<script>alert("1")</script>'


def hostile() -> tuple[Document, CasualtyClaim]:
    document = Document(
        text=f"Before {HOSTILE} 13 {HOSTILE} were killed.",
        title=HOSTILE,
        publisher=HOSTILE,
        url="javascript:alert(1)",
        language='"><script>',
        given_id=HOSTILE,
    )
    quote = f"13 {HOSTILE} were killed"
    start = document.text.index(quote)
    claim = sample.TERRORISTS.model_copy(
        update={
            "id": "hostile",
            "document": document.id,
            "quote": quote,
            "start": start,
            "end": start + len(quote),
            "count": sample.TERRORISTS.count.model_copy(update={"text": HOSTILE}),
            "victims": sample.victims(HOSTILE, "hostile", VictimClass.CIVILIANS),
            "place": Place(text=HOSTILE, name=HOSTILE, iri=sample.iri("place/hostile")),
            "time": TimeSpan(text=HOSTILE),
            "source": Actor(
                text=HOSTILE, name=HOSTILE, iri=sample.iri("actor/hostile"), type=ActorType.PERSON, role=HOSTILE
            ),
            "needs_review": True,
            "review_reason": HOSTILE,
            "rule": HOSTILE,
        }
    )
    return document, claim


def test_nothing_from_the_data_is_ever_mark_up(tmp_path: Path) -> None:
    document, claim = hostile()
    with open_store(tmp_path / "store", create=True) as store:
        assert ingest.add(store, [document], lambda _: [claim]).added == 1
    pages = ["/", f"/document/{document.key}", f"/document/{document.key}/graph", "/claim/hostile", "/actor/hostile"]
    pages += [
        "/place/hostile",
        "/search?q=%3Cscript%3E",
        "/queries/casualties",
        "/queries/casualties?place=%3Cscript%3E",
    ]
    pages += ["/sparql?query=SELECT%20*%20%7B%20%3Fs%20kb:quote%20%3Fo%20%7D%20%23%20%3Cscript%3E%3C/textarea%3E"]
    with opened(tmp_path / "store") as client:
        for path in pages:
            page = client.page(path)
            assert all("nonce" in found for tag, found in page.tags if tag == "script"), path
            assert "<script>" not in page.html, path
            assert not any(link.startswith("javascript") for link in page.links), path
            assert path.startswith("/sparql") or HOSTILE in page.text or "<script>" in page.text, path
        broken = client.page("/sparql?query=%3C/textarea%3E%3Cscript%3E", 400)
        assert "<script>" not in broken.html
        assert "<script>" not in client.page("/queries/casualties?since=%3Cscript%3E", 400).html


def test_a_store_that_goes_away_is_said_so(tmp_path: Path) -> None:
    with site(tmp_path / "store") as client:
        (tmp_path / "store" / "current").unlink()
        for path in ("/", "/healthz", DOZENS, "/sparql?query=ASK%20%7B%7D", "/queries/casualties.csv"):
            response = client.get(path)
            assert response.status_code == 503, path
            assert "is gone" in response.text
        assert "is gone" in client.page("/", 503).text


def test_a_new_revision_is_seen_at_the_next_request(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    document, claim = hostile()
    with site(folder) as client:
        before = client.get("/claim/hostile", "text/turtle")
        home = client.get("/", BROWSER)
        with open_store(folder, write=True) as store:
            assert client.get("/claim/hostile", "text/turtle").status_code == 404
            number = ingest.add(store, [document], lambda _: [claim]).revision
        assert before.status_code == 404
        assert client.get("/claim/hostile", "text/turtle").status_code == 200
        assert client.get("/healthz").json()["revision"] == number
        again = client.send("GET", "/", headers={"accept": BROWSER, "if-none-match": home.headers["etag"]})
        assert again.status_code == 200
