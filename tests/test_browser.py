"""The site in a real browser: the jobs of its users by clicks, and what must hold on every page.

Needs Chromium (Debian's package ``chromium``, or the path in ``CHROMIUM``); without it these tests are skipped.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from kb import ingest
from kb.access import Role, Tokens
from kb.extract.pipeline import Extractor
from kb.model import Claim, Document
from kb.read import read
from kb.search import lists, open_index
from kb.store import open_store
from kb.web.app import create_app
from tests.serving import listening

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
DEMO = Path(__file__).resolve().parents[1] / "kb" / "demo"
LARGEST_FIRST_VIEW = 150_000  # bytes over the wire

expect.set_options(timeout=20_000)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium; apt-get install chromium, or give CHROMIUM"),
    # The driver's own event loop is closed by the collector, when its pipes have gone.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The knowledge base of ``kb demo``."""
    path = tmp_path_factory.mktemp("browser") / "store"
    extractor = Extractor()
    with open_store(path, create=True) as store:
        assert ingest.add(store, read([DEMO]), extractor.extract).added > 20
    return path


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with listening(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--headless"])
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page and what it complained about: the console, errors, requests that failed or went to another host."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str = "") -> Page:
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    yield from visiting(browser, address)


def visiting(browser: Browser, address: str, **how: object) -> Iterator[Visit]:
    context = browser.new_context(**how)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    page = context.new_page()
    found = Visit(page, address)
    host = urlsplit(address).netloc
    page.on(
        "console",
        lambda said: found.faults.append(f"{said.text} {said.location}") if said.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: found.faults.append(str(error)))
    page.on("request", lambda asked: None if at(asked.url) in {host, ""} else found.faults.append(f"asks {asked.url}"))
    page.on("response", lambda got: found.faults.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    yield found
    context.close()
    assert found.faults == []


def at(url: str) -> str:
    return urlsplit(url).netloc if url.startswith("http") else ""


# The jobs of docs and design: what people come for, by clicks from the home page.


def test_how_many_were_killed_according_to_whom_and_how_it_changed(visit: Visit) -> None:
    page = visit.go()
    page.get_by_role("navigation").get_by_role("link", name="Casualties").click()
    page.get_by_label("Place", exact=True).fill("Kazakhstan")
    page.get_by_label("Harm").select_option("killed")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Casualties, Kazakhstan")
    page.get_by_role("heading", level=2).get_by_role("link", name=re.compile("people killed")).click()
    table = page.get_by_role("table").first
    expect(table).to_contain_text("164")
    expect(table).to_contain_text("225")
    expect(table).to_contain_text("updates")
    assert page.locator(".timeline a.bar").count() > 5


def test_who_sent_which_troops_where(visit: Visit) -> None:
    page = visit.go()
    page.get_by_role("navigation").get_by_role("link", name="Deployments").click()
    page.get_by_label("Destination").fill("Kazakhstan")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name=re.compile(r"^Withdrawing"))).to_be_visible()
    expect(page.locator(".map[data-ready]")).to_be_visible()
    assert page.locator(".map path").count() > 2
    expect(page.locator("main")).to_contain_text("peacekeepers")


def test_which_figures_contradict_each_other(visit: Visit) -> None:
    page = visit.go()
    section = page.locator("section", has=page.get_by_role("heading", name="Open contradictions"))
    section.locator(".kind a").first.click()
    expect(page.get_by_text("Disputed.")).to_be_visible()
    expect(page.get_by_role("heading", name="Contradictions")).to_be_visible()
    expect(page.get_by_text("independent source").first).to_be_visible()
    assert page.locator(".pairs > li").count() >= 1


def test_show_me_the_sentence(visit: Visit) -> None:
    page = visit.go()
    page.locator("table.figures a").first.click()
    page.locator("td.number a").first.click()
    quote = page.locator("blockquote mark").inner_text()
    assert quote
    page.locator(".about a").first.click()
    lit = page.locator(f"[id='{page.url.partition('#')[2]}'] ~ mark").first
    assert lit.inner_text()[:20] in quote or quote[:20] in page.locator(".text").inner_text()


def test_what_was_known_on_a_day(visit: Visit) -> None:
    page = visit.go("casualties?harm=killed")
    page.get_by_label("As known on").fill("2022-01-07")
    page.get_by_role("button", name="Show").click()
    days = page.locator("table.stack td.date").all_text_contents()
    assert days and all(int(day.split()[0]) <= 7 and day.endswith("January 2022") for day in days)


def test_correct_the_machine(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """Signs in, adds a text, rejects a claim of it, and takes that back; nothing is lost."""
    shutil.copytree(folder, tmp_path / "store")
    token = Tokens(tmp_path / "store").add("Ada", Role.REVIEWER)
    with listening(tmp_path / "store") as address:
        for visit in visiting(browser, address):
            page = visit.go()
            page.get_by_role("navigation").get_by_role("link", name="Add").click()
            page.get_by_label("Token").fill(token)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_label("The article").fill(
                "Forty people were killed in Aktobe on Thursday, the Interior Ministry said."
            )
            page.locator("input[name=published]").fill("2022-01-21")
            page.locator("main").get_by_role("button", name="Add").click()
            claim = page.locator(".claims > li", has_text="40 killed").first
            expect(claim).to_be_visible(timeout=60_000)  # the extractor loads its lexicons first
            claim.get_by_placeholder("Why").fill("a rumour")
            claim.get_by_role("button", name="Reject").click()
            page.get_by_role("navigation").get_by_role("link", name="Review").click()
            expect(page.locator("main")).to_contain_text("a rumour")
            page.get_by_role("button", name="Undo").first.click()
            expect(page.locator("main")).to_contain_text("undo")
            page.goto("about:blank")


def test_merge_and_split_by_choosing(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """No address is typed: names are found while one types, claims are ticked."""
    shutil.copytree(folder, tmp_path / "store")
    token = Tokens(tmp_path / "store").add("Ada", Role.REVIEWER)
    with listening(tmp_path / "store") as address:
        for visit in visiting(browser, address):
            page = visit.go("actor/csto")
            page.get_by_role("link", name="The same as another?").click()
            page.get_by_label("Token").fill(token)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_label("Its name").press_sequentially("reut")
            choice = page.locator("#names").get_by_label("Reuters")
            expect(choice).to_be_visible()
            choice.check()
            page.get_by_role("button", name="Merge").click()
            expect(page.locator("main")).to_contain_text("merge")
            page.get_by_role("button", name="Undo").first.click()
            expect(page.locator("main")).to_contain_text("undo")
            page.get_by_label("What they mean instead", exact=True).first.fill("kazakh")
            expect(page.locator("#others")).to_contain_text("Kazakh")
            page.locator("#claims input").first.check()
            page.locator("#others input").first.check()
            page.get_by_role("button", name="Split").click()
            expect(page.locator("main")).to_contain_text("split")
            page.goto("about:blank")


def test_search_forgives_and_narrows_down(visit: Visit) -> None:
    page = visit.go()
    page.get_by_placeholder("A name, a place, or words of a quote").fill("Almatty")
    page.get_by_placeholder("A name, a place, or words of a quote").press("Enter")
    expect(page.get_by_text("These are the results for")).to_be_visible()
    page.locator(".choices").get_by_role("link", name="killed", exact=True).click()
    expect(page.locator(".chips")).to_contain_text("killed")
    assert page.locator(".claims > li").count() == int(
        page.get_by_role("heading", level=2).first.inner_text().split()[0]
    )


def test_the_editor_answers_and_takes_examples(visit: Visit) -> None:
    page = visit.go("sparql")
    expect(page.locator("#editor[data-ready]")).to_be_visible()
    page.locator(".yasqe_queryButton:visible").click()
    expect(page.locator(".yasr_results:visible table tbody tr").first).to_be_visible()
    page.locator("#examples-list").get_by_role("link", name="Contradictions").click()
    expect(page.locator(".CodeMirror:visible")).to_contain_text("Contradiction")
    page.locator(".yasqe_queryButton:visible").click()
    expect(page.locator(".yasr_results:visible table tbody tr").first).to_be_visible()


def test_the_editor_draws_what_it_found(visit: Visit) -> None:
    """As a chart, over time and on a map, wherever the columns allow it."""
    asked = """SELECT ?label ?minimum ?maximum ?published ?latitude ?longitude WHERE {
  ?claim a kb:CasualtyClaim ; kb:minimum ?minimum ; kb:document/dcterms:issued ?published ; kb:place ?place .
  OPTIONAL { ?claim kb:maximum ?maximum }
  ?place rdfs:label ?label ; kb:latitude ?latitude ; kb:longitude ?longitude }"""
    page = visit.go(f"sparql?query={quote(asked)}")
    page.locator(".yasqe_queryButton:visible").click()
    expect(page.locator(".yasr_results:visible table tbody tr").first).to_be_visible()
    page.locator(".select_chart:visible").click()
    expect(page.locator("svg.results text").first).to_be_visible()
    page.locator(".select_timeline:visible").click()
    expect(page.locator("svg.results .axis")).to_have_count(1)
    assert page.locator("svg.results title").count() > 3
    page.locator(".select_map:visible").click()
    expect(page.locator(".yasr_results .map[data-ready] path").first).to_be_visible()


def test_the_query_behind_a_page_opens_in_the_editor(visit: Visit) -> None:
    page = visit.go("casualties")
    page.get_by_text("The SPARQL behind this page").click()
    page.get_by_role("button", name="Open it in the editor").click()
    expect(page.locator(".CodeMirror:visible")).to_contain_text("CasualtyClaim")
    expect(page.get_by_role("heading", name="Answer")).to_be_visible()


PAGES = {
    "home": "",
    "casualties": "casualties",
    "deployments": "deployments",
    "search": "search?q=almaty",
    "actor": "actor/csto",
    "place": "place/kz/almaty",
    "queries": "queries/casualties",
    "changes": "changes",
    "ontology": "ontology/CasualtyClaim",
    "sparql": "sparql",
}


@pytest.mark.parametrize("name", [*PAGES, "figure", "episode", "claim", "document", "event"])
def test_a_page_on_a_phone_and_in_the_dark(browser: Browser, address: str, folder: Path, name: str) -> None:
    """No serious violation of accessibility, no sideways scrolling, no foreign host, a quiet console."""
    path = PAGES[name] if name in PAGES else found(folder, name)
    dark = len(name) % 2 == 0  # half of the pages each way
    size = {"width": 390 if dark else 1280, "height": 900}
    for visit in visiting(browser, address, viewport=size, color_scheme="dark" if dark else "light"):
        page = visit.go(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if name == "sparql":
            expect(page.locator("#editor[data-ready]")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        results = Axe().run(
            page,
            options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"], "resultTypes": ["violations"]},
        )
        grave = [
            (it["id"], [node["html"][:200] for node in it["nodes"]][:3])
            for it in results.response["violations"]
            if it["impact"] in {"serious", "critical"}
        ]
        assert grave == []


def found(folder: Path, kind: str) -> str:
    """The path of one of its kind, with much on its page."""
    with open_store(folder) as store, open_index(store) as index:
        found = {
            "figure": lambda: lists.figures(index, 1)[0].iri,
            "episode": lambda: lists.episodes(index, 1)[0].iri,
            "event": lambda: lists.events(index, 1)[0].iri,
            "document": lambda: lists.latest_documents(index, 1)[0],
            "claim": lambda: lists.changes(index, 1)[0].claim,
        }[kind]()
        return found.removeprefix(store.base)


@pytest.mark.parametrize("path", ["casualties", "deployments", "sparql"])
def test_pages_are_read_without_scripts(browser: Browser, address: str, path: str) -> None:
    for visit in visiting(browser, address, java_script_enabled=False):
        page = visit.go(path)
        assert page.locator("table").count() or page.locator("textarea").is_visible()
        assert page.locator(".map:visible").count() == 0, "a map that cannot be drawn is not there; its table is"


def test_the_first_view_is_light(visit: Visit) -> None:
    page = visit.go()
    page.wait_for_load_state("load")
    weights = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((it) => [it.name, it.transferSize])"
    )
    assert sum(size for _, size in weights) <= LARGEST_FIRST_VIEW, weights
    assert not any("vendor" in name for name, _ in weights)


def test_an_open_page_hears_of_new_claims(browser: Browser, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "store")
    with listening(tmp_path / "store") as address:
        for visit in visiting(browser, address):
            page = visit.go("casualties")
            page.wait_for_timeout(300)
            text = "Forty people were killed in Aktobe on Thursday, the Interior Ministry of Kazakhstan said."
            document = Document(text=text, publisher="AFP", published=date(2022, 1, 21))
            with open_store(tmp_path / "store", write=True) as store:
                assert ingest.add(store, [document], Extractor().extract).claims
            page.get_by_role("status").get_by_role("link").click()
            expect(page.locator("main")).to_contain_text("Aktobe")
            page.goto("about:blank")


def test_an_open_page_shows_how_far_a_command_line_has_got(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """While documents are added beside the server, pages that are open show it, until it is done."""
    shutil.copytree(folder, tmp_path / "store")
    with listening(tmp_path / "store") as address:
        for visit in visiting(browser, address):
            page = visit.go()
            shown = page.locator("#progress")
            expect(shown).to_be_hidden()

            def slowly(document: Document, shown: Locator = shown) -> list[Claim]:
                expect(shown).to_contain_text("read") if document.title == "last" else time.sleep(0.7)
                return []

            texts = [Document(text=f"Report {each}.", title=each) for each in ("one", "two", "last")]
            with open_store(tmp_path / "store", write=True) as store:
                assert ingest.add(store, texts, slowly).added == 3
            expect(shown).to_be_hidden()
            page.goto("about:blank")


def test_the_site_works_under_a_prefix(browser: Browser, folder: Path) -> None:
    outer = FastAPI(openapi_url=None)
    outer.mount("/news/kb", create_app(folder))
    with listening(outer) as address:
        for visit in visiting(browser, address + "news/kb/"):
            page = visit.go()
            page.get_by_role("navigation").get_by_role("link", name="Deployments").click()
            expect(page.locator(".map[data-ready]")).to_be_visible()
            page.get_by_role("link", name="Factline").click()
            assert urlsplit(page.url).path == "/news/kb/"
            page.get_by_role("link", name="Русский").click()
            expect(page.locator("html")).to_have_attribute("lang", "ru")
            page.goto("about:blank")
