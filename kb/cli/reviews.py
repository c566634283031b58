"""``kb review``: decisions of people, with who, when and why."""

from __future__ import annotations

import getpass
import json
from typing import Annotated

import typer
from rich.table import Table

from kb.cli.terminal import StoreOption, counted, note, stdout
from kb.desk import at_desk
from kb.errors import UsageError
from kb.review import Decision
from kb.review.queue import Waiting, history, queue
from kb.store import open_store

review = typer.Typer(
    no_args_is_help=True, help="What waits for a person, and what people decided: with who, when, why."
)

Targets = Annotated[
    list[str],
    typer.Argument(metavar="WHAT…", help="Ids of claims, or paths or IRIs of the store such as actor/csto."),
]
Target = Annotated[str, typer.Argument(metavar="WHAT", help="An id of a claim, or a path or IRI such as event/5f2b.")]
Reason = Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why.", show_default=False)]
By = Annotated[
    str,
    typer.Option("--by", envvar="KB_REVIEWER", metavar="NAME", help="Who decides.", show_default="your login name"),
]
Seen = Annotated[
    str | None,
    typer.Option(
        "--seen",
        metavar="STATE",
        help="The state in which you saw it (the last column of kb review list); refused if it has changed since.",
        show_default=False,
    ),
]
Format = Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="table or json.")]


def _told(decision: Decision) -> None:
    targets = " ".join(decision.targets)
    stdout().print(f"{decision.id}  {decision.act.value}  {targets}", markup=False, soft_wrap=True)


def _name(by: str) -> str:
    return by or getpass.getuser()


def _checked(format_name: str) -> None:
    if format_name not in ("table", "json"):
        raise UsageError(f"unknown format {format_name!r}; choose one of table, json")


@review.command("list")
def list_waiting(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")] = 20,
    format_name: Format = "table",
    store: StoreOption = None,
) -> None:
    """What waits for a person, the most important first.

    Examples:

      kb review list

      kb review list -n 100 --format json
    """
    _checked(format_name)
    with open_store(store) as opened:
        found, base = queue(opened), opened.base
    if format_name == "json":
        typer.echo(json.dumps([each.model_dump() for each in found[:limit]], ensure_ascii=False, indent=1))
        return
    table = Table("weight", "what", "why", "words", "state", box=None)
    for each in found[:limit]:
        table.add_row(f"{each.weight:.1f}", each.target.removeprefix(base), each.why, _words(each), each.state)
    stdout().print(table)
    note(f"{counted(len(found), 'thing')} waiting" if found else "nothing waits for a review")


def _words(waiting: Waiting) -> str:
    quote = " ".join((waiting.quote or "").split())
    return quote if len(quote) <= 120 else quote[:119] + "…"


@review.command()
def log(
    what: Annotated[str | None, typer.Argument(metavar="[WHAT]", help="Only what was decided about this.")] = None,
    format_name: Format = "table",
    store: StoreOption = None,
) -> None:
    """What was decided, in order.

    Examples:

      kb review log

      kb review log claim/5f2b7c0d9e1a4b6c8d3e --format json
    """
    _checked(format_name)
    with open_store(store) as opened:
        wanted = None
        if what:
            wanted = what if what.startswith("http") else opened.iri(what if "/" in what else f"claim/{what}")
        rows = history(opened, wanted)
        base = opened.base
    if format_name == "json":
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table("id", "act", "by", "at", "what", "detail", "reason", box=None)
    for row in rows:
        detail = " ".join(part for part in (row["field"], row["value"], row["into"].removeprefix(base)) if part)
        what_ = " ".join(part.removeprefix(base) for part in row["targets"].split())
        table.add_row(row["id"], row["act"], row["by"], row["at"], what_, detail, row["reason"])
    stdout().print(table)


@review.command()
def accept(claims: Targets, reason: Reason = "", by: By = "", seen: Seen = None, store: StoreOption = None) -> None:
    """Claims are right as they were read.

    Examples:

      kb review accept 5f2b7c0d9e1a4b6c8d3e
    """
    with at_desk(store) as at:
        _told(at.accept(claims, _name(by), reason, seen))


@review.command()
def reject(claims: Targets, reason: Reason = "", by: By = "", seen: Seen = None, store: StoreOption = None) -> None:
    """Claims were misread: they stay in the store and count for nothing. A reason is needed.

    Examples:

      kb review reject 5f2b7c0d9e1a4b6c8d3e --reason "speaks of the unrest of 2011"
    """
    with at_desk(store) as at:
        _told(at.reject(claims, _name(by), reason, seen))


@review.command()
def amend(
    claim: Target,
    changes: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE…", help="Fields by their path in JSON: count.minimum=13 modality=denied."),
    ],
    reason: Reason = "",
    by: By = "",
    seen: Seen = None,
    store: StoreOption = None,
) -> None:
    """Fields of a claim have other values than were read; what was read stays beside the amended claim.

    Examples:

      kb review amend 5f2b7c0d9e1a4b6c8d3e count.minimum=13 count.maximum=13 --reason "a misprint: 31"
    """
    given = [change.partition("=") for change in changes]
    for field, equals, _ in given:
        if not equals or not field:
            raise UsageError(f"{field!r} is read as FIELD=VALUE, such as count.minimum=13")
    with at_desk(store) as at:
        for decision in at.amend(claim, [(field, value) for field, _, value in given], _name(by), reason, seen):
            _told(decision)


@review.command()
def merge(
    what: Targets,
    into: Annotated[str, typer.Option("--into", metavar="WHAT", help="The one that they all are.")],
    reason: Reason = "",
    by: By = "",
    seen: Seen = None,
    store: StoreOption = None,
) -> None:
    """Several actors, places, events or episodes are one. Their addresses keep working.

    Examples:

      kb review merge actor/mia --into actor/kz-interior-ministry --reason "its acronym"
    """
    with at_desk(store) as at:
        _told(at.merge(what, into, _name(by), reason, seen))


@review.command()
def split(
    what: Target,
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM…]", help="The claims that are split off.")
    ] = None,
    into: Annotated[
        str | None, typer.Option("--into", metavar="WHAT", help="The actor or place that they mean instead.")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--day", metavar="DAY", help="The first day of the second part of an episode.")
    ] = None,
    reason: Reason = "",
    by: By = "",
    seen: Seen = None,
    store: StoreOption = None,
) -> None:
    """Some claims mean another actor or place, tell of another event, or an episode begins anew on a day.

    Examples:

      kb review split actor/serik 5f2b7c0d9e1a4b6c8d3e --into actor/serik-the-elder

      kb review split event/5f2b7c0d9e1a4b6c8d3e 0a1b2c3d4e5f60718293

      kb review split episode/5f2b7c0d9e1a4b6c8d3e --day 2022-02-01
    """
    with at_desk(store) as at:
        decision = at.split(what, _name(by), claims=claims or (), into=into, day=day, reason=reason, seen=seen)
        _told(decision)


@review.command()
def name(
    what: Target,
    words: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    reason: Reason = "",
    by: By = "",
    seen: Seen = None,
    store: StoreOption = None,
) -> None:
    """Give an event or an episode a name.

    Examples:

      kb review name episode/5f2b7c0d9e1a4b6c8d3e "January events"
    """
    with at_desk(store) as at:
        _told(at.name(what, words, _name(by), reason, seen))


@review.command()
def pin(
    what: Target,
    view: Annotated[
        str | None,
        typer.Argument(metavar="[VIEW]", help="lowest, low, best, high, highest or conservative, for a figure."),
    ] = None,
    reason: Reason = "",
    by: By = "",
    seen: Seen = None,
    store: StoreOption = None,
) -> None:
    """Choose the view that is shown of a figure, or keep the days of an episode as they are.

    Examples:

      kb review pin figure/5f2b7c0d9e1a4b6c8d3e conservative

      kb review pin episode/5f2b7c0d9e1a4b6c8d3e
    """
    with at_desk(store) as at:
        _told(at.pin(what, _name(by), view, reason, seen))


@review.command("note")
def add_note(
    what: Target,
    words: Annotated[str, typer.Argument(metavar="TEXT", help="The remark.")],
    by: By = "",
    store: StoreOption = None,
) -> None:
    """Write a remark beside anything; it changes nothing.

    Examples:

      kb review note claim/5f2b7c0d9e1a4b6c8d3e "asked the ministry"
    """
    with at_desk(store) as at:
        _told(at.note(what, _name(by), words))


@review.command()
def undo(
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="Its id, as kb review log shows it.")],
    reason: Reason = "",
    by: By = "",
    seen: Seen = None,
    store: StoreOption = None,
) -> None:
    """A decision counts for nothing any more. Undo the undoing to have it back.

    Examples:

      kb review undo 5f2b7c0d9e1a4b6c8d3e --reason "it was right after all"
    """
    with at_desk(store) as at:
        _told(at.undo(decision, _name(by), reason, seen))
