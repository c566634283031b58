"""The tests of the W3C suites, read from their manifests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import rdflib
from rdflib import RDF, RDFS, Namespace, URIRef
from rdflib.collection import Collection

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
BASE = "http://w3c.example/"
"""Where the suites are said to lie: their relative IRIs are resolved here."""


@dataclass(frozen=True)
class Request:
    """One HTTP request of a protocol test with what it should come to.

    ``location`` is what later requests call the address in ``Location``, ``answer`` the body in Turtle.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    status: frozenset[str]
    boolean: bool | None
    format: str | None
    location: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class State:
    """A dataset: the files of its default graph, and the file of each named graph by its IRI."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """One test; files are IRIs under ``BASE``."""

    suite: str
    group: str
    name: str
    kind: str
    query: str = ""
    data: State = field(default_factory=State)
    result: str | State | None = None
    lax: bool = False
    requests: tuple[Request, ...] = ()

    @property
    def id(self) -> str:
        """``sparql11/property-path/pp01``."""
        return f"{self.suite}/{self.group}/{self.name}"


class Suites:
    """All the tests below one folder (``sparql10``, ``sparql11``)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, iri: str) -> Path:
        """The file of an IRI."""
        return self.root / iri.removeprefix(BASE)

    def text(self, iri: str) -> str:
        """What the file holds, without a byte order mark."""
        return self.path(iri).read_text("utf-8-sig")

    @cached_property
    def cases(self) -> list[Case]:
        """Every test that a manifest lists, in the order of the files."""
        manifests = sorted(self.root.glob("sparql1?/*/manifest*.ttl"))
        found = {case.id: case for path in manifests for case in self._read(path)}
        return list(found.values())

    def _read(self, path: Path) -> Iterator[Case]:
        place = path.relative_to(self.root)
        graph = rdflib.Graph().parse(path, publicID=BASE + place.as_posix(), format="turtle")
        for entries in graph.objects(None, MF.entries):
            for node in Collection(graph, entries):
                kind = graph.value(node, RDF.type)
                if kind is not None:
                    yield _case(graph, node, place.parts[0], place.parts[1], str(kind).rpartition("#")[2])


def _case(graph: rdflib.Graph, node: Any, suite: str, group: str, kind: str) -> Case:
    action, result = graph.value(node, MF.action), graph.value(node, MF.result)
    query = graph.value(action, QT.query) or graph.value(action, UT.request)
    expected: str | State | None = str(result) if isinstance(result, URIRef) else None
    if kind == "UpdateEvaluationTest":
        expected = _state(graph, result)
    return Case(
        suite,
        group,
        str(node).rpartition("#")[2],
        kind,
        str(query or action or ""),
        _state(graph, node if kind == "ProtocolTest" else action),
        expected,
        graph.value(node, MF.resultCardinality) is not None,
        tuple(_requests(graph, action)),
    )


def _state(graph: rdflib.Graph, node: Any) -> State:
    default = [str(each) for name in (QT.data, UT.data) for each in graph.objects(node, name)]
    named = [(str(each), str(each)) for each in graph.objects(node, QT.graphData)]
    for each in graph.objects(node, UT.graphData):
        named.append((str(graph.value(each, RDFS.label)), str(graph.value(each, UT.graph))))
    return State(tuple(default), tuple(named))


def _requests(graph: rdflib.Graph, action: Any) -> Iterator[Request]:
    listed = graph.value(action, HT.requests)
    for node in Collection(graph, listed) if listed is not None else ():
        answer, body = graph.value(node, HT.resp), graph.value(node, HT.body)
        fields = graph.value(node, HT.headers)
        text, coding = graph.value(body, CNT.chars), graph.value(body, CNT.characterEncoding)
        boolean = graph.value(answer, MF.expectedBoolean)
        yield Request(
            str(graph.value(node, HT.methodName)),
            str(graph.value(node, HT.absolutePath)),
            {
                str(graph.value(each, HT.fieldName)): str(graph.value(each, HT.fieldValue))
                for each in (Collection(graph, fields) if fields is not None else ())
            },
            None if text is None else str(text).encode(str(coding or "utf-8")),
            frozenset(str(each).rpartition("#")[2] for each in graph.objects(answer, MF.expectedStatus)),
            None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
            str(graph.value(answer, MF.expectedFormat) or "") or None,
            str(graph.value(answer, MF.expectedLocation) or "") or None,
            str(graph.value(graph.value(answer, HT.body), CNT.chars) or "") or None,
        )
