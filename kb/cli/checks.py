"""``kb check``: is what the store holds sound?"""

from __future__ import annotations

import itertools
from typing import Annotated

import typer
from rich.console import Console

from kb.cli.terminal import StoreOption, counted, note, progress, stdout
from kb.errors import ValidationError
from kb.store import open_store


def check(
    reasoner: Annotated[
        bool,
        typer.Option("--reasoner/--no-reasoner", help="Ask HermiT (Java) whether the ontology contradicts itself."),
    ] = True,
    store: StoreOption = None,
) -> None:
    """Validate the store: shapes, evidence, links, the merge of all graphs, and what contradicts the ontology.

    Contradictions are looked for in the classes that were inferred, so bring those up to date first (kb track). Any
    fault gives exit code 1.

    Examples:

      kb check

      kb check --no-reasoner --store /srv/factline
    """
    # More than a second of imports that no other command needs.
    from kb import validate  # noqa: PLC0415
    from kb.reason.contradictions import breaches  # noqa: PLC0415

    with open_store(store) as opened, progress("checking") as done:
        numbers = itertools.count(1)
        report = validate.check(opened, lambda _: done(next(numbers)))
        faults = [*report.faults, *breaches(opened)]
    console = stdout()
    for fault in faults:
        console.print(str(fault), markup=False, soft_wrap=True)
    looked = [counted(report.documents, "document"), counted(report.claims, "claim"), counted(report.events, "event")]
    console.print(f"{', '.join(looked)}: {counted(len(faults), 'fault')}")
    if not report.documents:
        note("the store has no documents, so there was nothing to validate; add some with: kb add FILES…")
    sound = not faults
    if reasoner:
        sound = _ontology_is_sound(console) and sound
    if not sound:
        raise typer.Exit(ValidationError.exit_code)


def _ontology_is_sound(console: Console) -> bool:
    """Asks HermiT; names the axioms at fault. Where there is no Java, nothing is held against the ontology."""
    from kb.reason.consistency import consistency, explain  # noqa: PLC0415

    found = consistency()
    console.print(found.note)
    if found.consistent is not False:
        return True
    for name in found.impossible or (None,):
        if name is not None:
            console.print(f"{name}: nothing can belong to this class, by these axioms:", markup=False, soft_wrap=True)
        for axiom in explain((), name):
            console.print(f"  {axiom}", markup=False, soft_wrap=True)
    return False
