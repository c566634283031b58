"""``kb check``: is what the store holds sound?"""

from __future__ import annotations

import itertools
from typing import Annotated

import typer

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
    """Validate the store: shapes, evidence against the text, links, and the ontology. Any fault gives exit code 1.

    Examples:

      kb check

      kb check --no-reasoner --store /srv/factline
    """
    # More than a second of imports that no other command needs.
    from kb import validate  # noqa: PLC0415
    from kb.validate.consistency import consistency  # noqa: PLC0415

    with open_store(store) as opened, progress("checking") as done:
        numbers = itertools.count(1)
        report = validate.check(opened, lambda _: done(next(numbers)))
    console = stdout()
    for fault in report.faults:
        console.print(str(fault), markup=False, soft_wrap=True)
    looked = [counted(report.documents, "document"), counted(report.claims, "claim"), counted(report.events, "event")]
    console.print(f"{', '.join(looked)}: {counted(len(report.faults), 'fault')}")
    if not report.documents:
        note("the store has no documents, so there was nothing to validate; add some with: kb add FILES…")
    sound = not report.faults
    if reasoner:
        found = consistency()
        console.print(found.note)
        for name in found.impossible:
            console.print(f"{name}: nothing can belong to this class", markup=False, soft_wrap=True)
        sound = sound and found.consistent is not False
    if not sound:
        raise typer.Exit(ValidationError.exit_code)
