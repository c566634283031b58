"""The version of the ontology that a store was written with, and the updates that bring it to that of this release.

The reference graph says the version (``owl:versionInfo`` of the ontology): it is the ontology as the store was written.
A migration is SPARQL in ``ontology/migrations/vN/``. All that a store needs run in one transaction of the engine, which
writes the new version too: a process that is killed leaves the old store or the new one. Readers stay on the revision
that was published before, until the new one is.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from kb import resources
from kb.errors import StoreError, UsageError
from kb.store.store import Store
from kb.store.updates import Rules

Version = tuple[int, ...]

_INFO = NamedNode("http://www.w3.org/2002/07/owl#versionInfo")
_SHIPPED = re.compile(r'owl:versionInfo "([^"]+)"')
_FORWARD = """DELETE {{ GRAPH <{graph}> {{ {about} {info} ?old }} }}
INSERT {{ GRAPH <{graph}> {{ {about} {info} {new} }} }}
WHERE {{ GRAPH <{graph}> {{ {about} {info} ?old }} }}"""


class Step(NamedTuple):
    """One update file: the version that it leads to, its first line as a title, and its text."""

    version: Version
    name: str
    title: str
    text: str


def shown(version: Version) -> str:
    """A version as it is written: (0, 2, 0) is "0.2.0"."""
    return ".".join(map(str, version))


def _read(text: str) -> Version:
    try:
        return tuple(int(part) for part in text.split("."))
    except ValueError as error:
        raise StoreError(f"{text!r} is no version of the ontology; it is three numbers, such as 0.2.0") from error


@cache
def shipped() -> Version:
    """The version of the ontology that ships with this release."""
    found = _SHIPPED.search(resources.path("ontology", "kb.ttl").read_text("utf-8"))
    if found is None:
        raise StoreError("the ontology that ships with Factline has no version; install factline again")
    return _read(found[1])


def version_of(engine: pyoxigraph.Store, base: str) -> Version | None:
    """The version that a store was written with, None for one that has nothing in it yet."""
    graph = NamedNode(f"{base}graph/reference")
    for quad in engine.quads_for_pattern(NamedNode(resources.ONTOLOGY), _INFO, None, graph):
        if isinstance(quad.object, Literal):
            return _read(quad.object.value)
    return None


@cache
def steps() -> tuple[Step, ...]:
    """All migrations that ship, in order. Raises StoreError for a folder or a file that is not named like one."""
    found = []
    for file in sorted(resources.path("ontology", "migrations").rglob("*.ru")):
        if not file.parent.name.startswith("v"):
            raise StoreError(f"{file} does not lie in a folder such as v0.2.0")
        text = file.read_text("utf-8")
        title = text.partition("\n")[0].removeprefix("#").strip()
        found.append(Step(_read(file.parent.name[1:]), f"{file.parent.name}/{file.name}", title, text))
    return tuple(sorted(found))


def pending(version: Version | None) -> list[Step]:
    """What a store of this version still needs, in order."""
    return [] if version is None else [step for step in steps() if version < step.version <= shipped()]


def require_known(version: Version | None, what: str) -> None:
    """Raises StoreError for data that a later release has written."""
    if version is not None and version > shipped():
        raise StoreError(
            f"{what} was written with version {shown(version)} of the ontology, and this Factline has "
            f"{shown(shipped())}: upgrade factline"
        )


def require_current(engine: pyoxigraph.Store, base: str, path: Path) -> None:
    """Raises StoreError for a store that needs a migration first, or that a later release has written."""
    version = version_of(engine, base)
    require_known(version, f"the store {path}")
    if version is not None and pending(version):
        raise StoreError(
            f"the store {path} was written with version {shown(version)} of the ontology, and this Factline writes "
            f"{shown(shipped())}: bring it up to date with kb migrate. Reading goes on as it is"
        )


def migrate_staged(staged: pyoxigraph.Store, base: str) -> None:
    """Brings a dump that has been read into an engine of its own to the version of this release.

    Its default graph becomes the merge of the others, as the steps expect. A dump without reference data says no
    version and is taken as it is. Raises StoreError for one of a later release.
    """
    version = version_of(staged, base)
    require_known(version, "the dump")
    needed = pending(version)
    if needed:
        staged.bulk_extend([Quad(quad.subject, quad.predicate, quad.object) for quad in staged])
    for step in needed:
        staged.update(step.text, base_iri=base)


def migrate(store: Store) -> list[Step]:
    """Runs what a store opened by ``open_to_migrate`` needs, all or nothing; returns the steps.

    The caller then brings reference data and derived graphs up to date and publishes. Raises StoreError, with the
    step's name, when a step cannot run.
    """
    needed = pending(version_of(store.engine, store.base))
    if not needed:
        return []
    graph, about = store.iri("graph/reference"), f"<{resources.ONTOLOGY}>"
    forward = _FORWARD.format(graph=graph, about=about, info=_INFO, new=Literal(shown(shipped())))
    store.forget_notes()  # derived graphs are made anew, also when the process ends before that
    try:
        store.update(
            ";\n".join([*(step.text.rstrip() for step in needed), forward]), Rules(store.base, everything=True)
        )
    except UsageError as error:  # it does not parse, or an operation of it fails
        names = ", ".join(step.name for step in needed)
        raise StoreError(f"a migration of {names} cannot run: {error}; install factline again") from error
    store.flush()
    return needed
