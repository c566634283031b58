"""Competency questions: what each named query has to answer on the ontology's examples and on the seed article.

``questions.csv`` lists them: the data that is asked (``examples`` or ``seed``), the file of the answer, the query and
its parameters (``name=value``, semicolons between; none: the query as it stands in its file), and whether the answer is
whole. An answer is plain CSV: IRIs without the store's base, nothing for what is not bound; columns may be left out.

A whole answer has all rows, in their order; those on the examples are. On the seed most hold only the rows that the
article says beyond doubt, in the columns that say it: more may be found, since reading improves.

``python -m tests.expected`` shows the differences; ``python -m tests.expected examples/casualties`` writes the present
answer to standard output, for whoever has made sure that it is the right one. Nothing here changes a file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import rdflib
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Triple, parse, serialize

from kb import ingest, resources
from kb.extract.pipeline import Extractor
from kb.queries import find, parse_given, run
from kb.read import read
from kb.store import Store, open_store
from kb.track import track

FOLDER = Path(__file__).parent
SEED = FOLDER.parents[2] / "shared" / "seed" / "article.txt"
EXAMPLES = resources.path("ontology", "examples") / "valid"
Row = tuple[str, ...]

_ORDERED = re.compile(r"^ORDER BY", re.MULTILINE)  # of the whole query; those of its parts are indented


class Question(NamedTuple):
    """One question: to which data, where its answer is, the query and its parameters, whether no other rows may be."""

    data: str
    answer: str
    query: str
    given: dict[str, str]
    whole: bool

    @property
    def name(self) -> str:
        return f"{self.data}/{self.answer}"

    @property
    def file(self) -> Path:
        return FOLDER / self.data / f"{self.answer}.csv"

    def expected(self) -> tuple[Row, list[Row]]:
        """The columns and rows of the answer."""
        with self.file.open(encoding="utf-8", newline="") as opened:
            header, *rows = [tuple(row) for row in csv.reader(opened)]
        return header, rows

    def sparql(self, store: Store) -> str:
        """The query with its parameters in place."""
        return run(store, self.query, self.given).sparql if self.given else find(self.query).sparql


def questions() -> list[Question]:
    """All questions, in the order of the file."""
    with (FOLDER / "questions.csv").open(encoding="utf-8", newline="") as opened:
        return [_question(**row) for row in csv.DictReader(opened)]


def _question(data: str, answer: str, query: str, given: str, whole: str) -> Question:
    return Question(data, answer, query, parse_given([pair for pair in given.split(";") if pair]), whole == "yes")


# -- the data


@contextmanager
def opened(data: str, folder: Path) -> Iterator[Store]:
    """A store with the examples, or with the seed article, made in ``folder``."""
    with open_store(folder / data, create=True) as store:
        if data == "examples":
            load_examples(store)
        else:
            report = ingest.add(store, read([SEED]), Extractor(store.base).extract)
            assert (report.added, report.errors) == (1, [])
        yield store


def load_examples(store: Store) -> None:
    """Records every valid example of a document as a document of its own, and tracks what they say.

    An example without a document shows what tracking makes, and is left out for what it really makes.
    """
    recorded = 0
    for path in sorted(EXAMPLES.glob("*.ttl")):
        triples = _triples(path, store.base)
        for key in sorted(key for key in map(_key, triples) if key)[:1]:
            recorded += store.add_document(key, _lines(triples, store.iri(f"document/{key}/graph")))
    assert recorded, f"no examples in {EXAMPLES}"
    track(store)
    store.publish()


def _triples(path: Path, base: str) -> list[Triple]:
    """The triples of one file; each calls its claim c1 and its document d1, so they are named after the file."""
    text = path.read_text("utf-8")
    for kind in ("claim", "document"):
        text = text.replace(f"<{kind}/", f"<{kind}/{path.stem}-")
    return [Triple(*quad.triple) for quad in parse(text, format=RdfFormat.TURTLE, base_iri=base)]


def _key(triple: Triple) -> str | None:
    named = isinstance(triple.object, NamedNode) and triple.object.value == f"{resources.NAMESPACE}Document"
    return str(triple.subject.value).rsplit("/", 1)[-1] if named and not isinstance(triple.subject, Triple) else None


def _lines(triples: Iterable[Triple], graph: str) -> bytes:
    quads = [Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in triples]
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def in_rdflib(store: Store) -> rdflib.Graph:
    """The merge of the store's graphs in rdflib's own memory."""
    triples = {quad.triple for quad in store.quads()}
    return rdflib.Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES) or b"", format="nt")


# -- the answers


def ask(store: Store, question: Question) -> tuple[Row, list[Row]]:
    """The columns and rows that the embedded engine answers with."""
    answer = store.query(question.sparql(store))
    assert isinstance(answer, QuerySolutions)
    columns = tuple(variable.value for variable in answer.variables)
    return columns, [_row((None if term is None else term.value for term in found), store) for found in answer]


def ask_rdflib(graph: rdflib.Graph, store: Store, question: Question) -> tuple[Row, list[Row]]:
    """The same from rdflib; ``store`` is asked only for the nodes that a parameter means."""
    answer = graph.query(question.sparql(store))
    columns = tuple(str(variable) for variable in answer.vars or ())
    return columns, [_row((None if term is None else str(term) for term in found), store) for found in answer]  # type: ignore[union-attr]


def _row(terms: Iterable[str | None], store: Store) -> Row:
    return tuple("" if term is None else str(term).removeprefix(store.base) for term in terms)


def differences(question: Question, columns: Row, rows: list[Row]) -> list[str]:
    """What is amiss with an answer, a line each: ``-`` is expected and not there, ``+`` is there and not expected."""
    header, expected = question.expected()
    unknown = [name for name in header if name not in columns]
    if unknown:
        return [f"the columns are {', '.join(columns)}: without {', '.join(unknown)}"]
    places = [columns.index(name) for name in header]
    found = [tuple(row[place] for place in places) for row in rows]
    lines = [f"- {as_csv([row])}" for row in _without(expected, found)]
    if question.whole:
        lines += [f"+ {as_csv([row])}" for row in _without(found, expected)]
        if not lines and found != expected and _ORDERED.search(find(question.query).sparql):
            lines.append("the rows are in another order")
    return lines


def _without(rows: list[Row], others: list[Row]) -> list[Row]:
    """Rows that are not among the others, each as often as it is missing there."""
    left = list(others)
    missing = []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            missing.append(row)
    return missing


def as_csv(rows: Iterable[Row]) -> str:
    """Rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().removesuffix("\n")
