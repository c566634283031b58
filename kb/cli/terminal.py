"""What all commands share: two streams, the options of a store and an output, files written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from kb.errors import FactlineError
from kb.store.opening import ENVIRONMENT


class _Console(Console):
    """A console that ends quietly when nobody reads on."""

    def on_broken_pipe(self) -> NoReturn:
        quiet_end()


StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="DIR",
        envvar=ENVIRONMENT,
        help="The folder of the store; without it, one in your data folder.",
        show_default=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to this file, whole or not at all, instead of standard output.",
        show_default=False,
    ),
]


def exists(folder: Path) -> bool:
    """Whether there is a store in the folder."""
    return (folder / "store.json").is_file()


def counted(number: int, thing: str) -> str:
    """A number with its noun: "1 claim", "1,200 claims"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def stdout() -> Console:
    """The console of what was asked for."""
    return _Console(highlight=False)


def stderr() -> Console:
    """The console of messages and progress."""
    return _Console(stderr=True, highlight=False)


def complain(message: object) -> None:
    """Say on standard error what was wrong; never wrapped, so that a path or a command in it can be copied."""
    console = stderr()
    console.print("kb: ", style="bold red", end="")
    console.print(str(message), markup=False, soft_wrap=True)


def note(message: object) -> None:
    """Say something on standard error that is no fault."""
    stderr().print(str(message), markup=False, soft_wrap=True, style="dim")


def quiet_end() -> NoReturn:
    """End without a word: whoever read our output has gone."""
    # What is still buffered must not be written at exit either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


@contextlib.contextmanager
def output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its name only when all of it has been written.

    :raises FactlineError: the file cannot be written
    """
    if path is None:
        try:
            sys.stdout.flush()
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            quiet_end()
        return
    try:
        with whole_file(path) as file:
            yield file
    except OSError as error:
        raise FactlineError(f"{path}: cannot be written: {error.strerror or error}") from error


@contextlib.contextmanager
def text_output(path: Path | None) -> Iterator[Console]:
    """A console on standard output or on a file, as ``output``."""
    if path is None:
        yield stdout()
        return
    with output(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", write_through=True)
        yield Console(file=text, highlight=False)
        text.detach()


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that replaces ``path`` when the block ends well, and leaves nothing when it does not."""
    if path.exists() and not path.is_file():
        with path.open("wb") as file:  # a device or a pipe cannot be replaced
            yield file
        return
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(mode)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def progress(doing: str, total: int | None = None, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar on standard error if that is a screen; yields what to call with the number done so far."""
    console = stderr()
    counter = [BarColumn(), MofNCompleteColumn()] if total is not None else [MofNCompleteColumn()]
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        *counter,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not (shown and console.is_terminal),
    )
    with bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.update(task, completed=done)
