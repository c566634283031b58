"""Fixtures that all tests share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.store import Store, open_store
from tests import sample

# A runner in the background of a shell hands down "ignore the interrupt key", and programs that tests start would too.
signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("KB_WAIT", "0")  # a locked store is told at once
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of examples beside the checkout, which is not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"the examples are not beside the checkout ({SHARED})")
    return SHARED


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the reference data and nothing else, closed; copy it instead of making another."""
    folder = tmp_path_factory.mktemp("stores") / "new"
    open_store(folder, create=True).close()
    return folder


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the sample in it, closed, to be read only."""
    folder = tmp_path_factory.mktemp("stores") / "sample"
    with open_store(folder, create=True) as made:
        sample.record(made)
    return folder


@pytest.fixture
def writer(tmp_path: Path, new_store: Path) -> Iterator[Store]:
    """A new store in a folder of its own, opened for writing."""
    shutil.copytree(new_store, tmp_path / "store")
    with open_store(tmp_path / "store", write=True) as store:
        yield store
