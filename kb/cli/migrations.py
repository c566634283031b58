"""``kb migrate``: a store that an older release wrote, brought to the ontology of this one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb import store as stores
from kb.cli.terminal import StoreOption, counted, note, stdout
from kb.errors import UsageError
from kb.reason import infer
from kb.search import update
from kb.store import Store, bring_reference, open_to_migrate
from kb.store.migrate import migrate as run
from kb.store.migrate import pending, shipped, shown, version_of
from kb.track import track


def migrate(
    backup: Annotated[
        Path | None,
        typer.Option(
            "--backup",
            metavar="DIR",
            help="Where the store is copied to before anything is changed.",
            show_default="beside the store, its name with -before- and the version",
        ),
    ] = None,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Keep no copy.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and leave it.")] = False,
    store: StoreOption = None,
) -> None:
    """Bring a store that an older release wrote to the ontology of this one, all or nothing.

    Readers and a running server keep what was published until the new revision is; a stop in between leaves the old
    store, and the same command goes on. The copy is a backup like any other: kb restore makes a store of it.

    Examples:

      kb migrate --dry-run

      kb migrate --store /srv/factline --backup /srv/factline-0.1
    """
    if backup is not None and no_backup:
        raise UsageError("--backup and --no-backup exclude each other")
    console = stdout()
    with open_to_migrate(store) as opened:
        version = version_of(opened.engine, opened.base)
        needed = pending(version)
        for step in needed:
            console.print(f"{step.name}: {step.title}", markup=False, soft_wrap=True)
        if dry_run:
            console.print(f"{counted(len(needed), 'step')} from {shown(version or ())} to {shown(shipped())}")
            return
        if needed and not no_backup:
            _keep(opened, backup or opened.path.with_name(f"{opened.path.name}-before-{shown(shipped())}"))
        run(opened)
        bring_reference(opened)
        track(opened)
        infer(opened)
        revision = opened.publish()
        update(opened)
    if needed:
        console.print(f"now at version {shown(shipped())} of the ontology, as revision {revision}")
    else:
        console.print(f"at version {shown(shipped())} of the ontology already")


def _keep(opened: Store, target: Path) -> None:
    """A copy from an earlier try, which changed nothing, is as good as a new one."""
    if (target / "store.json").is_file() and (target / "current").read_text("ascii").strip() == str(opened.revision):
        return
    stores.backup(opened, target)
    note(f"the store as it was is in {target}; kb restore makes a store of it again")
