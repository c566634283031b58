"""The parts of the site that need no store: negotiation, links, wording, highlights, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.endpoint.guard import RefusedError, refuse_service, refuse_updates
from kb.errors import SparqlError
from kb.model import Count, Hedge
from kb.web.highlight import around, paragraphs, pieces
from kb.web.links import Links, iri_path
from kb.web.negotiate import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    JSONLD,
    NTRIPLES,
    PAGE_JSON,
    RDFXML,
    RESULTS,
    TRIPLES,
    TURTLE,
    XML,
    Format,
    NotAcceptableError,
    by_accept,
    by_name,
    split_suffix,
)
from kb.web.wording import count_words, range_words, span_of, span_words

PAGE = (HTML, *TRIPLES, PAGE_JSON)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("text/turtle", TURTLE),
        ("text/turtle;q=0.4, application/ld+json;q=0.5", JSONLD),
        ("text/html;q=0.1, application/n-triples", NTRIPLES),
        ("text/html;q=0, */*", TURTLE),
        ("application/rdf+xml", RDFXML),
        ("application/json", JSONLD),  # the first of ours that is JSON
        ("text/*;q=0.5, application/rdf+xml;q=0.4", HTML),
        ("nonsense", HTML),
    ],
)
def test_accept(accept: str | None, chosen: Format) -> None:
    assert by_accept(accept, PAGE) is chosen


def test_accept_of_results() -> None:
    assert by_accept("text/csv;q=0.9, application/sparql-results+json;q=0.8", RESULTS) is CSV
    assert by_accept("application/xml", RESULTS) is XML
    assert by_accept("*/*", RESULTS) is JSON
    assert by_accept("text/*", RESULTS) is CSV  # what is sent has to be of that type, not only be known by it too
    assert by_accept("application/*;q=0.2, text/*", RESULTS) is CSV
    with pytest.raises(NotAcceptableError):
        by_accept("image/png", RESULTS)
    with pytest.raises(NotAcceptableError):
        by_accept("text/csv;q=0", RESULTS)


@pytest.mark.parametrize(
    ("name", "offered", "chosen"),
    [
        ("json", RESULTS, JSON),
        ("application/sparql-results+json", RESULTS, JSON),
        ("application/sparql-results json", RESULTS, JSON),  # a plus that was not escaped
        ("ttl", GRAPHS, TURTLE),
        ("xml", GRAPHS, RDFXML),
        ("json", GRAPHS, JSONLD),
        ("JSON-LD", GRAPHS, JSONLD),
    ],
)
def test_format_by_name(name: str, offered: tuple[Format, ...], chosen: Format) -> None:
    assert by_name(name, offered) is chosen


def test_unknown_format_says_what_there_is() -> None:
    with pytest.raises(NotAcceptableError) as caught:
        by_name("turtle", RESULTS)
    assert caught.value.offered == RESULTS


def test_suffix() -> None:
    assert split_suffix("/claim/ab.ttl", PAGE) == ("/claim/ab", TURTLE)
    assert split_suffix("/claim/ab.cd", PAGE) == ("/claim/ab.cd", None)
    assert split_suffix("/a.ttl/b", PAGE) == ("/a.ttl/b", None)
    assert split_suffix("/claim/.ttl", PAGE) == ("/claim/.ttl", None)


def test_links_are_relative() -> None:
    links = Links.of("http://example.org/kb/", "/place/kz/almaty")
    assert links.to("sparql") == "../../sparql"
    assert links.iri("http://example.org/kb/claim/x#source") == "../../claim/x#source"
    assert links.iri("https://w3id.org/factline/ontology#Riot") == "../../ontology/Riot"
    assert links.iri("https://example.com/") == "https://example.com/"
    assert links.iri("javascript:alert(1)") is None
    assert links.iri("http://example.org/kb/actor/ürümqi") == "../../actor/%C3%BCr%C3%BCmqi"
    assert Links.of("http://x/", "/").to("") == "./"
    assert Links.of("http://x/", "/actor/a%2Fb").to("") == "../"


def test_path_of_an_iri() -> None:
    assert iri_path("/actor/%C3%BCr%C3%BCmqi") == "/actor/ürümqi"
    assert iri_path("/actor/a%2Fb%20c") == "/actor/a%2Fb%20c"
    assert iri_path("/actor/%FF") == "/actor/%FF"


@pytest.mark.parametrize(
    ("low", "high", "hedge", "text", "words"),
    [
        (13, 13, Hedge.EXACT, "thirteen", "13"),
        (13, None, Hedge.AT_LEAST, "at least 13", "at least 13"),
        (1001, None, Hedge.MORE_THAN, "more than 1,000", "more than 1,000"),
        (24, None, Hedge.VAGUE, "Dozens", "24 or more (“dozens”)"),
        (24, None, Hedge.VAGUE, "UN", "24 or more (“UN”)"),
        (1300, 1300, Hedge.ABOUT, "some 1300", "about 1,300"),
        (90, 90, Hedge.NEARLY, "almost 90", "nearly 90"),
        (None, 10, Hedge.UP_TO, "up to 10", "up to 10"),
        (None, 9, Hedge.FEWER_THAN, "fewer than 10", "fewer than 10"),
        (5, 7, Hedge.RANGE, "5 to 7", "5 to 7"),
        (0, 0, Hedge.EXACT, "no one", "0"),
        (None, None, Hedge.VAGUE, "some", "number not given (“some”)"),
    ],
)
def test_count_in_words(low: int | None, high: int | None, hedge: Hedge, text: str, words: str) -> None:
    assert count_words(Count(minimum=low, maximum=high, hedge=hedge, text=text)) == words


def test_range_of_a_row() -> None:
    assert range_words("13", None, "at-least", None) == "at least 13"
    assert range_words("24", None, "vague", "Dozens") == "24 or more (“dozens”)"
    assert range_words(None, None, None, None) == ""
    assert range_words("1", "2", "of a later version", None) == "1 to 2"


def test_days_in_words() -> None:
    assert span_words(date(2022, 1, 4), date(2022, 1, 4)) == "4 January 2022"
    assert span_words(date(2022, 1, 4), date(2022, 1, 5)) == "4 to 5 January 2022"
    assert span_words(date(2022, 1, 30), date(2022, 2, 2)) == "30 January to 2 February 2022"
    assert span_words(date(2021, 12, 30), date(2022, 1, 2)) == "30 December 2021 to 2 January 2022"
    assert span_words(date(2022, 1, 2), None) == "from 2 January 2022"
    assert span_words(None, date(2022, 1, 2)) == "until 2 January 2022"
    assert span_words(None, None) == ""
    assert span_of("2022-01-04", "2022-01-05T10:00:00") == "4 to 5 January 2022"
    assert span_of("some day", None) == "some day"
    assert span_words(datetime(2022, 1, 4, 9, 5), None) == "from 4 January 2022, 09:05"


@dataclass(frozen=True)
class Part:
    start: int
    end: int


@given(st.data())
def test_pieces_give_the_text_back(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab \n.", max_size=40))
    ends = st.integers(0, len(text))
    spans = [Part(*sorted(pair)) for pair in data.draw(st.lists(st.tuples(ends, ends), max_size=6))]
    cut = pieces(text, spans)
    assert "".join(piece.text for piece in cut) == text
    for number, span in enumerate(spans):
        inside = "".join(piece.text for piece in cut if number in piece.inside)
        assert inside == text[span.start : span.end]
        if span.start < span.end:
            assert sum(number in piece.opening for piece in cut) == 1
            assert sum(number in piece.ending for piece in cut) == 1
    flat = [piece for paragraph in paragraphs(cut) for piece in paragraph]
    for number, span in enumerate(spans):
        if span.start < span.end:
            assert sum(number in piece.opening for piece in flat) == 1
            assert sum(number in piece.ending for piece in flat) == 1


def test_the_shortest_claim_is_the_link_of_a_piece() -> None:
    cut = pieces("one two three", [Part(0, 13), Part(4, 7)])
    assert [(piece.text, piece.inside) for piece in cut] == [("one ", (0,)), ("two", (1, 0)), (" three", (0,))]


def test_sentence_around_a_quote() -> None:
    text = "First one. He said that 13 were killed on Tuesday. Third one.\n\nNext paragraph"
    start = text.index("13 were")
    assert around(text, start, start + len("13 were killed")) == ("He said that ", " on Tuesday.")
    whole = text.index("He said")
    assert around(text, whole, text.index(" Third")) == ("", "")
    assert around(text, text.index("paragraph"), len(text)) == ("Next ", "")
    long = "word " * 300
    before, after = around(long, 700, 704)
    assert before.startswith("…") and after.endswith("…") and len(before) == len(after) == 401


UPDATES = [
    "INSERT DATA { <a:b> <a:b> <a:b> }",
    "# a comment\nPREFIX ex: <http://example.org/>\n delete where { ?s ?p ?o }",
    "LOAD <http://example.org/>",
    "BASE <http://example.org/> CLEAR ALL",
    "with <a:b> delete {} where {}",
]


@pytest.mark.parametrize("text", UPDATES)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="queries only"):
        refuse_updates(text)


@pytest.mark.parametrize("text", ["SELECT * {}", "# INSERT\nASK {}", "PREFIX insert: <a:> DESCRIBE insert:x", ""])
def test_queries_are_no_updates(text: str) -> None:
    refuse_updates(text)


def parse(text: str) -> None:
    try:
        pyoxigraph.Store().query(text)
    except SyntaxError as error:
        raise SparqlError(str(error)) from None


SERVICES = [
    "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o . sErViCe SILENT ?s { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o.SERVICE?s{?s ?p ?o}}",
    "SELECT * { FILTER EXISTS { { SELECT * { SERVICE <http://example.org/>{} } } } }",
    "PREFIX ex: <http://example.org/> SELECT * { SERVICE ex:a {} }",
    # A comparison that a tokenizer takes for an IRI, and a quote in it that hides what follows.
    "SELECT * { FILTER(1<5&&'x'!='a>b') SERVICE <http://example.org/> {} FILTER('1'='1') }",
    "SELECT ('service' AS ?service) { SERVICE <http://example.org/service> {} } # service",
]


@pytest.mark.parametrize("text", SERVICES)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="SERVICE is not allowed"):
        refuse_service(text, parse)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'the security service' }",
        "SELECT ?service { ?service ?p ?o } # SERVICE <http://example.org/>",
        "PREFIX service: <http://example.org/service#> SELECT * { service:service ?p <http://example.org/service> }",
        "SELECT * { ?s ?p '''SERVICE <x:y> {}''' FILTER(1<5&&'x'!='a>b') }",
    ],
)
def test_the_word_service_is_not_refused(text: str) -> None:
    refuse_service(text, parse)


def test_a_malformed_query_with_service_in_it_is_malformed() -> None:
    with pytest.raises(SparqlError, match="2:"):
        refuse_service("SELECT * {\n ?s ?p SERVICE <http://example.org/> ", parse)
