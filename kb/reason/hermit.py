"""HermiT, the reasoner that comes with owlready2. It needs Java, and is for the ontology and for small sets of data.

It is run by itself and not through owlready2's own call, which also classifies every property: ten times the time, for
what nobody asks here.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import owlready2
import pyoxigraph as ox
from owlready2 import reasoning

from kb import resources
from kb.errors import FactlineError

_IMPORTS = "http://www.w3.org/2002/07/owl#imports"
_NOTHING = "http://www.w3.org/2002/07/owl#Nothing"
_MEGABYTES = 2_000
_QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # a run takes a second, most of which would be compiling
_INCONSISTENT = "InconsistentOntologyException"
# Datatypes that OWL 2 lacks: HermiT stops at a literal of one.
_FOREIGN = frozenset(
    ox.NamedNode(iri)
    for iri in (
        "http://www.w3.org/2001/XMLSchema#date",
        "http://www.opengis.net/ont/geosparql#wktLiteral",
    )
)
_RELATION = re.compile(r"^(SubClassOf|EquivalentClasses|Type)\( (.*) \)$", re.MULTILINE)
_NAMES = re.compile(r"<([^<>\s]+)>|owl:(\w+)")


class Classified(NamedTuple):
    """All named classes above each class, and all that each instance is in (empty unless asked for)."""

    above: dict[str, frozenset[str]]
    types: dict[str, frozenset[str]]

    @property
    def impossible(self) -> tuple[str, ...]:
        """The classes that nothing can belong to."""
        return tuple(sorted(kind for kind, above in self.above.items() if _NOTHING in above and kind != _NOTHING))


def available() -> bool:
    """Whether there is a Java to run it with."""
    return shutil.which(owlready2.JAVA_EXE) is not None


def consistent(facts: Iterable[ox.Triple | ox.Quad], kind: str | None = None) -> bool:
    """Whether facts do not contradict each other; of a class, whether something could belong to it."""
    said = _run(facts, "-k" if kind is None else f"-k<{kind}>")
    return said is not None and "is satisfiable" in said


def classify(facts: Iterable[ox.Triple | ox.Quad], *, instances: bool = False) -> Classified | None:
    """The classes in their hierarchy, and the instances in their classes; None if the facts contradict each other."""
    said = _run(facts, "-c", *(["-I"] if instances else []))
    if said is None:
        return None
    direct: dict[str, set[str]] = defaultdict(set)
    types: dict[str, set[str]] = defaultdict(set)
    for relation, given in _RELATION.findall(said):
        names = [iri or f"http://www.w3.org/2002/07/owl#{word}" for iri, word in _NAMES.findall(given)]
        if relation == "EquivalentClasses":
            for name in names:
                direct[name].update(other for other in names if other != name)
        else:
            (types if relation == "Type" else direct)[names[0]].add(names[1])
    above = {kind: _reached(direct[kind], direct) for kind in list(direct)}
    return Classified(above, {node: _reached(kinds, direct) for node, kinds in types.items()})


def _reached(start: Iterable[str], direct: dict[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    pending = list(start)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(direct.get(name, ()))
    return frozenset(found)


def world(facts: Iterable[ox.Triple | ox.Quad]) -> owlready2.World:
    """The facts as owlready2 loads them, their imports left out: all is at hand, and nothing is fetched."""
    loaded = owlready2.World()
    loaded.get_ontology(resources.ONTOLOGY).load(fileobj=io.BytesIO(_written(facts)))
    return loaded


def _run(facts: Iterable[ox.Triple | ox.Quad], *arguments: str) -> str | None:
    """What HermiT says of the facts; None if they contradict each other. Raises FactlineError when it fails."""
    java = shutil.which(owlready2.JAVA_EXE)
    if java is None:
        raise FactlineError("HermiT needs Java, which was not found; install a Java runtime, version 8 or later")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "facts.nt"
        file.write_bytes(_written(facts))
        program = ["-cp", reasoning._HERMIT_CLASSPATH, "org.semanticweb.HermiT.cli.CommandLine"]
        ran = subprocess.run(  # noqa: S603 - our own arguments
            [java, f"-Xmx{_MEGABYTES}M", *_QUICK, *program, *arguments, file.as_uri()],
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode and _INCONSISTENT in ran.stderr:
        return None
    if ran.returncode:
        raise FactlineError(f"HermiT failed: {ran.stderr.strip()[:500]}")
    return ran.stdout


def _written(facts: Iterable[ox.Triple | ox.Quad]) -> bytes:
    """N-Triples without imports; days, and positions as text, become strings: no axiom of ours bounds them."""
    triples = (_plain(fact) for fact in facts if fact.predicate.value != _IMPORTS)
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _plain(fact: ox.Triple | ox.Quad) -> ox.Triple:
    about = fact.object
    if isinstance(about, ox.Literal) and about.datatype in _FOREIGN:
        about = ox.Literal(about.value)
    return ox.Triple(fact.subject, fact.predicate, about)
