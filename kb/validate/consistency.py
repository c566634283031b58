"""Whether the ontology contradicts itself: HermiT is asked."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import owlready2
import pyoxigraph as ox

from kb import resources
from kb.errors import FactlineError

_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")
_MODULES = ("core", "axioms", "vocabularies")


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
    world = owlready2.World()
    ontology = world.get_ontology(resources.ONTOLOGY).load(fileobj=io.BytesIO(_merged(more)))
    classes = len(list(world.classes()))
    if not classes:
        raise FactlineError("the ontology that ships with Factline has no classes; install factline again")
    if shutil.which(owlready2.JAVA_EXE) is None:
        return Consistency(None, classes, (), "Java was not found, so the ontology was loaded but not reasoned about")
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Consistency(False, classes, (), "HermiT finds that the ontology contradicts itself")
    impossible = tuple(sorted(entity.iri for entity in world.inconsistent_classes() if entity is not owlready2.Nothing))
    note = f"HermiT finds no contradiction in {classes} classes"
    if impossible:
        note = f"HermiT finds {len(impossible)} of {classes} classes that nothing can belong to"
    return Consistency(not impossible, classes, impossible, note)


def _merged(more: Iterable[Path]) -> bytes:
    """The modules of the ontology as N-Triples, without imports: they are all here, and nothing is to be fetched."""
    root = resources.folder("ontology")
    files = [root / "kb.ttl", *(file for name in _MODULES for file in sorted((root / name).glob("*.ttl"))), *more]
    triples: list[ox.Triple] = []
    for file in files:
        try:
            quads = ox.parse(
                path=str(file),
                format=ox.RdfFormat.TURTLE,
                base_iri=resources.DEFAULT_BASE,
                rename_blank_nodes=True,
            )
            triples.extend(quad.triple for quad in quads if quad.predicate != _IMPORTS)
        except SyntaxError as error:
            raise FactlineError(f"{file} is not valid Turtle: {error}") from error
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
