"""Running ``kb`` in this process: what it prints on both streams, and its exit code."""

from __future__ import annotations

import io
import sys
from typing import NamedTuple

import pytest

from kb.cli import main


class Ran(NamedTuple):
    """One run of the command line."""

    code: int
    out: str
    err: str


class CommandLine:
    """Call it with arguments; ``stdin`` is what is piped in."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Ran:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        return Ran(code, out, err)

    def ok(self, *arguments: object, stdin: bytes = b"") -> str:
        """The standard output of a run that must end well."""
        ran = self(*arguments, stdin=stdin)
        assert ran.code == 0, ran.err
        return ran.out
