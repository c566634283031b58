"""Whether the ontology contradicts itself, and which axioms it is that do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError
from kb.reason import axioms, hermit

Axiom = tuple[ox.Triple, ...]
"""A triple with the blank nodes that hang on it: what is true or false as one."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_DATATYPE = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Datatype")
_NARROW = 6  # names in an axiom; one that names more says little of each
_DECLARED = frozenset(
    _OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")
) | {"http://www.w3.org/2000/01/rdf-schema#Datatype", _OWL + "Ontology"}
# From these nothing follows: words, and where a term stands.
_SILENT = ("http://www.w3.org/2004/02/skos/core#", "http://purl.org/dc/terms/", "http://purl.org/vocab/vann/")
_SILENT_TERMS = frozenset(
    [
        *(f"http://www.w3.org/2000/01/rdf-schema#{name}" for name in ("label", "isDefinedBy", "comment", "seeAlso")),
        *(_OWL + name for name in ("imports", "versionIRI", "versionInfo")),
    ]
)


class Consistency(NamedTuple):
    """Whether the ontology contradicts itself; ``consistent`` is None when no reasoner could be asked.

    ``classes`` is how many classes were looked at, ``impossible`` those that nothing can belong to, ``note`` says what
    was done in a sentence.
    """

    consistent: bool | None
    classes: int
    impossible: tuple[str, ...]
    note: str


def consistency(more: Iterable[Path] = ()) -> Consistency:
    """Asks a reasoner (HermiT, which needs Java) whether the ontology, with ``more`` Turtle files, contradicts itself.

    Without Java the modules are loaded and nothing is concluded; the note says so.
    """
    facts = _facts(more)
    classes = len(list(hermit.world(facts).classes()))
    if not classes:
        raise FactlineError("the ontology that ships with Factline has no classes; install factline again")
    if not hermit.available():
        return Consistency(None, classes, (), "Java was not found, so the ontology was loaded but not reasoned about")
    found = hermit.classify(facts)
    if found is None:
        return Consistency(False, classes, (), "HermiT finds that the ontology contradicts itself")
    note = f"HermiT finds no contradiction in {classes} classes"
    if found.impossible:
        note = f"HermiT finds {len(found.impossible)} of {classes} classes that nothing can belong to"
    return Consistency(not found.impossible, classes, found.impossible, note)


def explain(more: Iterable[Path] = (), impossible: str | None = None) -> list[str]:
    """The axioms, as few as will do, that contradict each other, or that leave nothing to be a member of a class.

    Each is Turtle in one line. Axioms are taken away until none can be spared, a HermiT run each time: a minute or so.
    """

    def broken(kept: Sequence[Axiom]) -> bool:
        return not hermit.consistent((triple for axiom in kept for triple in axiom), impossible)

    given = _facts(more)
    declared = tuple(fact.triple for fact in given if _declares(fact))
    every = _axioms([fact.triple for fact in given if not _declares(fact) and not _silent(fact)])
    # HermiT stops at a datatype without its definition, so those stay; none contradicts anything.
    datatypes = {fact.subject for fact in given if fact.object == _DATATYPE}
    declared += tuple(triple for axiom in every if axiom[0].subject in datatypes for triple in axiom)
    rest = [axiom for axiom in every if axiom[0].subject not in datatypes]
    near = _near(rest, _names(axioms.triples(more)) | ({impossible} if impossible else set()))
    # Most contradictions lie near what was added; where they do not, all is looked at.
    found = _fewest([declared], near if near and broken([declared, *near]) else rest, broken)
    return sorted(_written(axiom) for axiom in found)


def _near(given: Sequence[Axiom], seeds: set[str], steps: int = 2) -> list[Axiom]:
    """The axioms that name a seed, or what such an axiom names."""
    named = [(axiom, _names(axiom)) for axiom in given]
    found: list[Axiom] = []
    for _ in range(steps):
        found = [axiom for axiom, names in named if names & seeds]
        seeds = seeds.union(*(names for axiom, names in named if names & seeds and len(names) <= _NARROW))
    return found


def _names(facts: Iterable[ox.Triple | ox.Quad]) -> set[str]:
    terms = (term for fact in facts for term in (fact.subject, fact.predicate, fact.object))
    named = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    return {name for name in named if not name.startswith(("http://www.w3.org/", _RDF, _OWL))}


def _facts(more: Iterable[Path]) -> list[ox.Quad]:
    return list(axioms.triples([*axioms.files(()), *more]))


def _declares(fact: ox.Quad) -> bool:
    about = fact.object
    if not isinstance(fact.subject, ox.NamedNode) or not isinstance(about, ox.NamedNode):
        return False
    return fact.predicate.value == _RDF + "type" and about.value in _DECLARED


def _silent(fact: ox.Quad) -> bool:
    return fact.predicate.value.startswith(_SILENT) or fact.predicate.value in _SILENT_TERMS


def _axioms(triples: Sequence[ox.Triple]) -> list[Axiom]:
    hanging: dict[object, list[ox.Triple]] = defaultdict(list)
    held = {triple.object for triple in triples if isinstance(triple.object, ox.BlankNode)}
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            hanging[triple.subject].append(triple)

    def whole(start: Iterable[ox.Triple]) -> Axiom:
        found, pending = [], list(start)
        while pending:
            triple = pending.pop(0)
            found.append(triple)
            pending.extend(hanging.get(triple.object, ()))
        return tuple(found)

    roots = [whole([triple]) for triple in triples if not isinstance(triple.subject, ox.BlankNode)]
    return roots + [whole(of) for node, of in hanging.items() if node not in held]


def _fewest(
    base: list[Axiom], rest: list[Axiom], broken: Callable[[Sequence[Axiom]], bool], *, added: bool = False
) -> list[Axiom]:
    """QuickXplain: of ``rest``, what is needed beside ``base`` for the whole to be broken, halves at a time."""
    if added and broken(base):
        return []
    if len(rest) <= 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    of_second = _fewest([*base, *first], second, broken, added=True)
    of_first = _fewest([*base, *of_second], first, broken, added=bool(of_second))
    return of_first + of_second


def _written(axiom: Axiom) -> str:
    """Turtle in one line, lists and restrictions within brackets."""
    by_subject: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple in axiom:
        by_subject[triple.subject].append(triple)

    def term(node: object) -> str:
        if isinstance(node, ox.NamedNode):
            return _short(node.value)
        if isinstance(node, ox.Literal):
            return node.value
        if not isinstance(node, ox.BlankNode):
            return str(node)
        said = {triple.predicate.value: triple.object for triple in by_subject[node]}
        if _RDF + "first" not in said:
            return f"[ {' ; '.join(f'{_short(name)} {term(value)}' for name, value in said.items())} ]"
        members: list[str] = []
        head: object = node
        while isinstance(head, ox.BlankNode):
            links = {triple.predicate.value: triple.object for triple in by_subject[head]}
            members.append(term(links[_RDF + "first"]))
            head = links[_RDF + "rest"]
        return f"( {' '.join(members)} )"

    root = axiom[0].subject
    said = " ; ".join(f"{_short(triple.predicate.value)} {term(triple.object)}" for triple in by_subject[root])
    return f"{'[]' if isinstance(root, ox.BlankNode) else term(root)} {said} ."


def _short(iri: str) -> str:
    if iri == _RDF + "type":
        return "a"
    names = {"kb": resources.NAMESPACE, "owl": _OWL, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
    for prefix, namespace in {**names, "xsd": "http://www.w3.org/2001/XMLSchema#"}.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri.removeprefix(resources.DEFAULT_BASE)}>"
