"""``kb init``, ``kb stats`` and ``kb track``: the store itself."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from pyoxigraph import QuerySolutions

from kb.cli.terminal import StoreOption, exists, stdout
from kb.errors import UsageError
from kb.reason import forget, infer
from kb.resources import DEFAULT_BASE
from kb.store import Store, default_folder, open_store
from kb.track import forget as forget_tracked
from kb.track import track as bring_up_to_date

_DATES = """
SELECT (MIN(?day) AS ?first_published) (MAX(?day) AS ?last_published) WHERE {
  ?document a kb:Document ; dcterms:issued ?published .
  BIND(SUBSTR(STR(?published), 1, 10) AS ?day)
}"""
_RECORDED = "SELECT (MAX(?recorded) AS ?last_recorded) WHERE { ?document kb:recorded ?recorded }"
_COUNTS = {
    "documents": "?thing a kb:Document",
    "casualty claims": "?thing a kb:CasualtyClaim",
    "deployment claims": "?thing a kb:DeploymentClaim",
    "event claims": "?thing a kb:EventClaim",
    "crowd claims": "?thing a kb:CrowdClaim",
    "claims to review": "?thing kb:needsReview true",
    "events": "?thing a kb:Event",
    "actors named": "?participation kb:actor ?thing",
    "places named": "?claim kb:place|kb:origin|kb:destination ?thing",
}


def init(
    base: Annotated[
        str, typer.Option(metavar="IRI", help="What its IRIs begin with: the address that it will be served at.")
    ] = DEFAULT_BASE,
    store: StoreOption = None,
) -> None:
    """Make a new, empty store with its base IRI. The base cannot be changed later.

    Examples:

      kb init

      kb init --base https://facts.example.org/ --store /srv/factline
    """
    folder = store or default_folder()
    if exists(folder):
        with open_store(folder) as opened:
            raise UsageError(f"there is a store at {folder} already, with the base {opened.base}; give another --store")
    with open_store(folder, create=True, base=base) as opened:
        stdout().print(f"new store at {folder}, base {opened.base}", markup=False, soft_wrap=True)


def stats(
    format_name: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="table or json.")] = "table",
    store: StoreOption = None,
) -> None:
    """What is in the store, and where it is.

    Examples:

      kb stats

      kb stats --format json
    """
    if format_name not in ("table", "json"):
        raise UsageError(f"unknown format {format_name!r}; choose one of table, json")
    with open_store(store) as opened:
        found = _figures(opened)
    if format_name == "json":
        typer.echo(json.dumps({name.replace(" ", "_"): value for name, value in found.items()}, ensure_ascii=False))
        return
    console = stdout()
    for name, value in found.items():
        console.print(f"{name:<20}{value:,}" if isinstance(value, int) else f"{name:<20}{value}", soft_wrap=True)


def _figures(store: Store) -> dict[str, str | int]:
    found: dict[str, str | int] = {"store": str(store.path), "base": store.base, "revision": store.revision}
    for name, pattern in _COUNTS.items():
        found[name] = _count(store, f"SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {pattern} }}")
    found["triples"] = _count(store, "SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }")
    for query in (_DATES, _RECORDED):
        found |= {name.replace("_", " "): value for name, value in _row(store, query).items()}
    found["bytes on disk"] = sum(path.stat().st_size for path in store.path.rglob("*") if path.is_file())
    return found


def _count(store: Store, query: str) -> int:
    return int(_row(store, query)["count"])


def _row(store: Store, query: str) -> dict[str, str]:
    """The only row of a SELECT, without what is unbound."""
    results = store.query(query)
    assert isinstance(results, QuerySolutions)  # noqa: S101 - a SELECT
    row = next(iter(results))
    names = (variable.value for variable in results.variables)
    return {name: row[name].value for name in names if row[name] is not None}


def track(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make them anew from the claims, from nothing.")] = False,
    store: StoreOption = None,
) -> None:
    """Bring the derived graphs up to date: events and which claims tell of them, and what the ontology implies.

    Examples:

      kb track

      kb track --rebuild
    """
    with open_store(store, write=True) as opened:
        if rebuild:
            opened.replace_graph(opened.iri("graph/tracked"), ())
            forget_tracked(opened)
            forget(opened)
        changed = bring_up_to_date(opened)
        changed = infer(opened).changed or changed
        opened.publish()
        count = _count(opened, "SELECT (COUNT(*) AS ?count) WHERE { ?event a kb:Event }")
    stdout().print(f"{count:,} events" + ("" if changed else ", up to date already"))
