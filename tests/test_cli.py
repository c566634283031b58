"""The command line, command by command, as a new user meets it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
import typer.main
from pyoxigraph import RdfFormat

from kb import docs
from kb.cli import command_line
from kb.model import CLAIM
from kb.store import open_store
from tests import sample
from tests.command_line import CommandLine

COMMANDS: dict[str, Any] = docs.commands(typer.main.get_command(command_line()))
TEXT = "date 2022-01-06 At least thirteen soldiers were killed in Almaty, the Interior Ministry said.\n"


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory, new_store: Path) -> Path:
    """A store with the sample."""
    folder = tmp_path_factory.mktemp("cli") / "store"
    shutil.copytree(new_store, folder)
    with open_store(folder, write=True) as store:
        sample.record(store)
    return folder


@pytest.fixture
def kb(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sampled: Path
) -> CommandLine:
    """The command line, in a folder of its own, on a copy of the store with the sample."""
    shutil.copytree(sampled, tmp_path / "store")
    monkeypatch.setenv("KB_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys, monkeypatch)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    return path


# -- help


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_examples(kb: CommandLine, name: str) -> None:
    out = kb.ok(*name.split(), "--help")
    assert "Examples:" in out
    assert f"kb {name}" in out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_example_in_the_help_is_one_that_the_command_takes(name: str) -> None:
    lines = [line.strip() for line in COMMANDS[name].help.partition("Examples:")[2].splitlines() if line.strip()]
    assert lines
    found = [words for line in lines for words in _calls(line)]
    called = [next(each for each in COMMANDS if words[: len(each.split())] == each.split()) for words in found]
    assert name in called
    for each, words in zip(called, found, strict=True):
        COMMANDS[each].make_context(each, words[len(each.split()) :])


def _calls(line: str) -> list[list[str]]:
    """The calls of kb in a line of shell, without the name and redirections."""
    parts = [shlex.split(part.partition(" > ")[0]) for part in line.split(" | ")]
    return [part[1:] for part in parts if part[0] == "kb"]


def test_the_page_of_the_command_line_is_up_to_date() -> None:
    assert (docs.FOLDER / "cli.md").read_text("utf-8") == docs.cli_page(), "run make docs"


def test_version(kb: CommandLine) -> None:
    assert kb.ok("--version").startswith("factline 0.")


# -- extract


def test_extract_gives_one_claim_a_line(kb: CommandLine, article: Path) -> None:
    lines = kb.ok("extract", article).splitlines()
    claims = [CLAIM.validate_json(line) for line in lines]
    assert claims
    assert all(TEXT[claim.start : claim.end] == claim.quote for claim in claims)
    assert {json.loads(line)["kind"] for line in lines} == {"casualty"}
    assert "class" in json.loads(lines[0])["victims"]


def test_extract_reads_standard_input(kb: CommandLine, article: Path) -> None:
    assert kb.ok("extract", "-", stdin=TEXT.encode()) == kb.ok("extract", article)


def test_extract_as_a_table(kb: CommandLine, article: Path) -> None:
    out = kb.ok("extract", article, "--format", "table")
    assert out.splitlines()[0].split()[:5] == ["kind", "what", "count", "who", "where"]
    assert "≥ 13" in out
    assert "At least thirteen soldiers were killed in Almaty, the Interior Ministry said." in out


def test_extract_as_trig_is_what_add_would_record(kb: CommandLine, article: Path) -> None:
    out = kb.ok("extract", article, "--format", "trig")
    graphs = {quad.graph_name for quad in pyoxigraph.parse(out.encode(), RdfFormat.TRIG)}
    assert len(graphs) == 1
    assert "kb:minimum 13" in out


def test_extract_to_a_file_is_whole_or_not_at_all(kb: CommandLine, article: Path, tmp_path: Path) -> None:
    target = tmp_path / "claims.jsonl"
    target.write_text("old")
    assert kb.ok("extract", article, "--output", target) == ""
    assert target.read_text("utf-8") == kb.ok("extract", article)
    before = target.read_bytes()
    assert kb("extract", article, "--format", "xls", "-o", target).code == 2
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_extract_stores_nothing(kb: CommandLine, article: Path) -> None:
    before = kb.ok("stats")
    kb.ok("extract", article)
    assert kb.ok("stats") == before


# -- add


def test_add_records_once(kb: CommandLine, article: Path) -> None:
    assert kb.ok("add", article).startswith("1 document added with 1 claim")
    assert kb.ok("add", article) == "0 documents added with 0 claims, 1 document known already\n"
    assert "At least thirteen soldiers were killed in Almaty" in kb.ok("query", "casualties")


def test_add_makes_a_store_where_there_is_none(kb: CommandLine, article: Path, tmp_path: Path) -> None:
    kb.ok("add", article, "--store", tmp_path / "new" / "store")
    assert json.loads(kb.ok("stats", "--format", "json", "--store", tmp_path / "new" / "store"))["documents"] == 1


# -- query


def test_query_prints_a_table(kb: CommandLine) -> None:
    out = kb.ok("query", "casualties", "--param", "place=Almaty", "-p", "harm=killed")
    assert out.splitlines()[0].startswith("harm ")
    assert "4 rows" in out
    assert sample.DOZENS.quote in out
    assert "Interfax-Kazakhstan" in out
    assert "\x1b" not in out


def test_query_as_json_is_sparql_results(kb: CommandLine) -> None:
    found = json.loads(kb.ok("query", "crowds", "--format", "json"))
    (row,) = found["results"]["bindings"]
    assert row["claim"] == {"type": "uri", "value": sample.claim_iri(sample.CROWD)}
    assert row["minimum"]["datatype"] == "http://www.w3.org/2001/XMLSchema#integer"


def test_query_as_csv(kb: CommandLine) -> None:
    found = list(csv.DictReader(io.StringIO(kb.ok("query", "deployments", "-f", "csv"), newline="")))
    assert [row["contributor"] for row in found] == ["Armenia", "Belarus", "Russia"]


@pytest.mark.parametrize("name", ["tsv", "xml"])
def test_query_in_the_other_formats_of_rows(kb: CommandLine, name: str) -> None:
    read = rdflib.query.Result.parse(io.BytesIO(kb.ok("query", "events", "-f", name).encode()), format=name)
    assert len(read.bindings) == 3


CONSTRUCT = b"CONSTRUCT { ?claim kb:quote ?quote } WHERE { ?claim a kb:CrowdClaim ; kb:quote ?quote }"


def test_query_from_standard_input_and_file(kb: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_bytes(CONSTRUCT)
    out = kb.ok("query", "-", stdin=CONSTRUCT)
    assert out == kb.ok("query", path) == kb.ok("query", path, "--format", "turtle")
    assert rdflib.Graph().parse(data=out, format="turtle").value(predicate=rdflib.URIRef(sample.iri("x"))) is None
    assert [str(o) for o in rdflib.Graph().parse(data=out, format="turtle").objects()] == [sample.CROWD.quote]


def test_query_of_a_file_with_a_header_takes_parameters(kb: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text(
        "#+ summary: Quotes\n#+ description: One row a claim.\n#+ parameters:\n"
        "#+   place: {type: place, description: there, example: Almaty}\n#+ columns:\n#+   quote: words\n"
        "SELECT ?quote WHERE {\n  #? place: VALUES ?in { <place/kz> } ?claim kb:place/kb:within* ?in .\n"
        "  ?claim kb:quote ?quote }\n"
    )
    assert kb.ok("query", path).splitlines()[-1] == "12 rows"
    assert kb.ok("query", path, "-p", "place=Aqtobe").splitlines()[2:] == [sample.TERRORISTS.quote, "1 row"]


def test_query_shows_its_sparql(kb: CommandLine) -> None:
    out = kb.ok("query", "casualties", "-p", "place=Almaty", "--show")
    assert f"VALUES ?in {{ <{sample.iri('place/kz/almaty')}> }}" in out
    assert kb.ok("query", "-", stdin=out.encode()) == kb.ok("query", "casualties", "-p", "place=Almaty")


def test_query_to_a_file(kb: CommandLine, tmp_path: Path) -> None:
    for name in ("csv", "table"):
        assert kb.ok("query", "events", "-f", name, "-o", tmp_path / "out") == ""
        assert (tmp_path / "out").read_bytes().decode() == kb.ok("query", "events", "-f", name)


def test_an_unknown_place_is_said_on_standard_error(kb: CommandLine) -> None:
    ran = kb("query", "casualties", "-p", "place=Almatty", "-f", "csv")
    assert (ran.code, len(ran.out.splitlines())) == (0, 1)
    assert ran.err == "place: no place is called 'Almatty' in this store; did you mean Almaty?\n"


def test_query_explains_its_plan(kb: CommandLine) -> None:
    out = kb.ok("query", "casualties", "-p", "place=Almaty", "--explain")
    assert out.startswith("# expected: ")
    assert "LATERAL {" in out


def test_queries_lists_and_shows(kb: CommandLine) -> None:
    listed = kb.ok("queries")
    for name in ("casualties", "deployments", "provenance"):
        assert f"\n{name}" in "\n" + listed
    shown = kb.ok("queries", "casualties")
    assert "as_of         (date) published on this day or earlier" in shown
    assert "\nPREFIX kb:" in shown


# -- upkeep


def test_init_and_stats(kb: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    assert "https://facts.example.org/" in kb.ok("init", "--base", "https://facts.example.org/", "--store", folder)
    found = json.loads(kb.ok("stats", "--format", "json", "--store", folder))
    assert (found["base"], found["documents"], found["events"]) == ("https://facts.example.org/", 0, 0)
    again = kb("init", "--store", folder)
    assert (again.code, "there is a store at" in again.err) == (2, True)


def test_stats_counts_what_is_there(kb: CommandLine) -> None:
    found = json.loads(kb.ok("stats", "--format", "json"))
    assert {name: found[name] for name in found if name.endswith("claims") or name in ("documents", "events")} == {
        "documents": 3,
        "casualty_claims": 7,
        "deployment_claims": 1,
        "event_claims": 3,
        "crowd_claims": 1,
        "events": 3,
    }
    assert (found["first_published"], found["last_published"]) == ("2022-01-06", "2022-01-07")
    assert "casualty claims     7" in kb.ok("stats")


def test_track_again_and_anew_gives_the_same(kb: CommandLine) -> None:
    before = kb.ok("export", "graph/tracked", "--format", "ntriples")
    assert kb.ok("track") == "3 events, up to date already\n"
    assert kb.ok("track", "--rebuild") == "3 events\n"
    assert sorted(kb.ok("export", "graph/tracked", "--format", "ntriples").splitlines()) == sorted(before.splitlines())


def test_check_finds_nothing_wrong_with_the_sample(kb: CommandLine) -> None:
    assert kb.ok("check", "--no-reasoner") == "3 documents, 12 claims, 3 events: 0 faults\n"


def test_check_finds_a_quote_that_is_not_in_the_text(kb: CommandLine, tmp_path: Path) -> None:
    graph = sample.iri(f"document/{sample.UNDATED.key}/graph")
    with open_store(tmp_path / "store", write=True) as store:
        kept = [quad.triple for quad in store.quads(graph=pyoxigraph.NamedNode(graph))]
        wrong = [
            pyoxigraph.Triple(
                each.subject, each.predicate, pyoxigraph.Literal("Between 5 and 7 angels were killed in Aktobe")
            )
            if each.predicate.value.endswith("#quote")
            else each
            for each in kept
        ]
        store.replace_graph(graph, wrong)
        store.publish()
    ran = kb("check", "--no-reasoner")
    assert ran.code == 1
    assert sample.claim_iri(sample.TERRORISTS) in ran.out


# -- copies


def statements(text: str) -> list[str]:
    return sorted(text.splitlines())


def test_export_and_load(kb: CommandLine, tmp_path: Path) -> None:
    dump, new = tmp_path / "facts.nq.gz", tmp_path / "new"
    kb.ok("export", "--output", dump)
    plain = kb.ok("export", "--format", "nquads")
    assert statements(gzip.decompress(dump.read_bytes()).decode()) == statements(plain)
    kb.ok("init", "--store", new)
    assert kb.ok("load", dump, "--store", new).startswith("4 graphs added with ")
    assert kb.ok("load", dump, "--store", new).startswith("0 graphs added with 0 triples, ")
    assert statements(kb.ok("export", "--format", "nquads", "--store", new)) == statements(plain)


def test_load_from_standard_input(kb: CommandLine, tmp_path: Path) -> None:
    dump = kb.ok("export").encode()
    kb.ok("init", "--store", tmp_path / "new")
    kb.ok("load", "-", "--store", tmp_path / "new", stdin=dump)
    assert kb.ok("query", "casualties", "-f", "csv") == kb.ok(
        "query", "casualties", "-f", "csv", "--store", tmp_path / "new"
    )


def test_export_of_one_graph(kb: CommandLine) -> None:
    turtle = kb.ok("export", "graph/tracked", "--format", "turtle")
    assert turtle == kb.ok("export", sample.iri("graph/tracked"), "-f", "turtle")
    assert "riot, Almaty, 4–5 January 2022" in turtle


def test_backup_and_restore(kb: CommandLine, tmp_path: Path) -> None:
    kb.ok("backup", tmp_path / "backup")
    kb.ok("restore", tmp_path / "backup", "--store", tmp_path / "restored")
    for name in ("casualties", "events"):
        assert kb.ok("query", name, "-f", "csv", "--store", tmp_path / "restored") == kb.ok("query", name, "-f", "csv")
    kb.ok("check", "--no-reasoner", "--store", tmp_path / "restored")


# -- demo


def test_demo_builds_and_says_what_to_try(kb: CommandLine, tmp_path: Path) -> None:
    out = kb.ok("demo", "--no-serve", "--store", tmp_path / "demo")
    assert f"The store is in {tmp_path / 'demo'}. Three things to try:" in out
    tries = [line.strip() for line in out.splitlines() if line.strip().startswith("kb ")]
    assert len(tries) == 3
    assert "rows" in kb.ok(*shlex.split(tries[0])[1:])
    assert "rows" in kb.ok(*shlex.split(tries[1])[1:])
