"""``kb migrate``: a store that an older release wrote becomes one of this release, whole or not at all."""

from __future__ import annotations

import gzip
import io
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kb import resources
from kb.cli import migrations
from kb.errors import StoreError
from kb.reason import infer
from kb.reason.contradictions import breaches
from kb.store import load, open_store, open_to_migrate
from kb.store import migrate as versions
from kb.store.folder import FORMAT, Folder, Settings
from kb.store.migrate import Step, migrate, pending, require_known, shipped, shown, steps, version_of
from kb.track import track
from kb.validate import check
from tests.command_line import CommandLine

OLD = Path(__file__).parent / "stores" / "0.1.0.nq.gz"
PREVIOUS = Path(__file__).parent / "stores" / "0.2.0.nq.gz"
BASE = resources.DEFAULT_BASE
KB = resources.NAMESPACE
TITLES = "v0.2.0/01-event-types.ru", "v0.2.0/02-groups.ru", "v0.2.0/03-objects.ru"


def quads(file: Path = OLD) -> list[ox.Quad]:
    return list(ox.parse(gzip.decompress(file.read_bytes()), format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="session")
def old_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("old") / "store", OLD)


def made(path: Path, file: Path) -> Path:
    """A store as an old release left it: named graphs and their merge, one published revision."""
    where = Folder(path)
    where.path.mkdir()
    notes = dict.fromkeys(("reference", "tracked", "inferred", "inferred-tracked"), "old")
    where.write_settings(Settings(format=FORMAT, base=BASE, notes=notes))
    engine = ox.Store(str(where.live))
    engine.extend(quads(file))
    engine.extend([ox.Quad(*quad.triple) for quad in quads(file)])
    engine.flush()
    where.revisions.mkdir()
    engine.backup(str(where.revision(1)))
    where.make_current(1)
    return where.path


@pytest.fixture
def kb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(capsys, monkeypatch)


@pytest.fixture
def folder(old_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(old_store, tmp_path / "store"))


def contents(folder: Path) -> dict[str, set[ox.Triple]]:
    """The graphs of documents and of people, as a reader sees them."""
    with open_store(folder) as store:
        return {
            graph: {quad.triple for quad in store.quads(graph=ox.NamedNode(graph))}
            for graph in store.graphs()
            if graph.startswith((BASE + "document/", BASE + "graphs/"))
        }


def version(folder: Path) -> str:
    with open_store(folder) as store:
        found = version_of(store.engine, store.base)
    assert found is not None
    return shown(found)


def said(triples: set[ox.Triple], local: str) -> set[tuple[str, str]]:
    """What is said of a node, shortened."""
    return {
        (each.predicate.value.rpartition("#")[2], getattr(each.object, "value", "").removeprefix(KB))
        for each in triples
        if each.subject == ox.NamedNode(BASE + local)
    }


def test_an_old_store_is_read_but_not_written(kb: CommandLine, folder: Path) -> None:
    assert version(folder) == "0.1.0"
    with open_store(folder) as store:
        assert bool(store.query("ASK { ?claim a kb:CasualtyClaim ; kb:harm kb:Killed ; kb:place <place/kz/almaty> }"))
    with pytest.raises(StoreError, match=r"version 0\.1\.0 .* kb migrate"), open_store(folder, write=True):
        pass
    # The lock has been given back.
    assert kb("migrate", "--dry-run", "--store", folder).code == 0


def test_a_dry_run_names_the_steps_and_changes_nothing(kb: CommandLine, folder: Path) -> None:
    before = contents(folder)
    ran = kb("migrate", "--dry-run", "--store", folder)
    assert all(f"{name}: " in ran.out for name in TITLES)
    assert f"3 steps from 0.1.0 to {shown(shipped())}" in ran.out
    assert contents(folder) == before
    assert version(folder) == "0.1.0"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["store"]


def test_migrating_changes_what_the_steps_say_and_nothing_else(kb: CommandLine, folder: Path) -> None:
    before = contents(folder)
    ran = kb("migrate", "--store", folder)
    assert ran.code == 0, ran.err
    assert f"now at version {shown(shipped())}" in ran.out
    after = contents(folder)
    assert version(folder) == shown(shipped())
    assert before.keys() == after.keys()
    removed = {each for graph in before for each in before[graph] - after[graph]}
    added = {each for graph in before for each in after[graph] - before[graph]}
    assert said(removed, "actor/kz-policeman") == {("label", "kz policeman")}
    assert said(added, "actor/kz-policeman") == {
        ("label", "policeman (Kazakhstan)"),
        ("country", BASE + "place/kz"),
    }
    assert said(removed, "actor/airport") == {("type", "Actor")}
    assert said(added, "actor/airport") == {("type", "Object")}
    assert said(removed, "actor/kz-protesters") == set()
    assert {
        (each.predicate.value.rpartition("#")[2], getattr(each.object, "value", "").rpartition("/")[2])
        for each in added
        if each.subject == ox.NamedNode(BASE + "type/Lynching")
    } == {("closeMatch", "acled#MobViolence"), ("closeMatch", "plover#PROTEST"), ("closeMatch", "cameo#145")}
    assert len(said(removed, "type/Lynching")) == 3
    assert said(after[BASE + "graphs/types"], "type/Rumour") == {("acledType", "nothing of theirs")}
    # A label for each that went; nothing was lost on the way.
    labels = [each for each in removed if each.predicate.value.endswith("#label")]
    assert len(labels) == len([each for each in added if each.predicate.value.endswith("#label")]) > 2
    assert {each.predicate.value.rpartition("#")[2] for each in removed} == {
        "label", "type", "acledType", "ploverType", "cameoCode",
    }  # fmt: skip


def test_what_is_migrated_is_sound_and_its_merge_whole(kb: CommandLine, folder: Path) -> None:
    assert kb("migrate", "--no-backup", "--store", folder).code == 0
    with open_store(folder) as store:
        report = check(store)
        assert report.documents == 2
        assert not report.faults
        assert list(breaches(store)) == []
        merged = {quad.triple for quad in store.engine.quads_for_pattern(None, None, None, ox.DefaultGraph())}
        assert merged == {quad.triple for quad in store.quads()}
        found = store.query("SELECT ?n { ?e a <http://semanticweb.cs.vu.nl/2009/11/sem/Event> ; rdfs:label ?n }")
        assert list(found)  # type: ignore[arg-type]  # derived graphs are there
    assert "already" in kb("migrate", "--store", folder).out


def test_the_copy_is_the_store_as_it_was(kb: CommandLine, folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    ran = kb("migrate", "--store", folder)
    copy = tmp_path / f"store-before-{shown(shipped())}"
    assert str(copy) in ran.err.replace("\n", "")
    assert kb("restore", copy, "--store", tmp_path / "again").code == 0
    assert contents(tmp_path / "again") == before
    assert version(tmp_path / "again") == "0.1.0"


def test_a_copy_and_no_copy_are_not_asked_for_at_once(kb: CommandLine, folder: Path) -> None:
    ran = kb("migrate", "--store", folder, "--backup", folder.parent / "copy", "--no-backup")
    assert ran.code == 2
    assert "exclude each other" in ran.err


# Stopped


def test_a_step_that_fails_leaves_everything_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Step(shipped(), "v0.2.0/99-bad.ru", "fails", "CREATE GRAPH <graphs/types>")
    monkeypatch.setattr(versions, "steps", lambda: (*steps(), bad))
    before = contents(folder)
    with open_to_migrate(folder) as store, pytest.raises(StoreError, match=r"99-bad\.ru cannot run"):
        migrate(store)
    with open_to_migrate(folder) as store:
        assert version_of(store.engine, store.base) == (0, 1, 0)
        store.publish()
    assert contents(folder) == before


def test_readers_see_the_old_store_until_the_new_one_is_whole(
    kb: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise StoreError("stopped here")

    before = contents(folder)
    monkeypatch.setattr(migrations, "track", stop)
    assert kb("migrate", "--no-backup", "--store", folder).code == 1
    assert contents(folder) == before
    assert version(folder) == "0.1.0"
    monkeypatch.undo()
    assert kb("migrate", "--no-backup", "--store", folder).code == 0
    assert version(folder) == shown(shipped())
    with open_store(folder) as store:
        assert store.has_graph(BASE + "graph/inferred-tracked")


def test_a_process_that_is_killed_within_goes_on_at_the_next_try(kb: CommandLine, folder: Path) -> None:
    """Killed after the engine has taken the transaction, and before anyone was told."""
    before = contents(folder)
    program = (
        "import os, signal\n"
        "from kb.cli import main\n"
        "from kb.store import Store\n"
        "Store.flush = lambda store: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"main(['migrate', '--store', {str(folder)!r}])\n"
    )
    killed = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert contents(folder) == before
    assert kb("migrate", "--store", folder).code == 0
    assert version(folder) == shown(shipped())
    assert said(set().union(*contents(folder).values()), "actor/airport") >= {("type", "Object")}


# Dumps


def test_a_version_with_new_terms_only_takes_no_step(kb: CommandLine, tmp_path: Path) -> None:
    """The reference data are replaced when the store is next written, and what follows from them is inferred anew."""
    folder = made(tmp_path / "store", PREVIOUS)
    assert version(folder) == "0.2.0"
    before = contents(folder)
    assert len(before) == 3
    assert kb("migrate", "--dry-run", "--store", folder).code == 0
    with open_store(folder, write=True) as store:
        track(store)
        infer(store)
        assert check(store).faults == ()
        assert list(breaches(store)) == []
        # 0.2.0 had no word of others for these.
        for pattern in ("?it a kb:Episode, sem:Event", "?it a kb:Figure, prov:Entity ; prov:wasDerivedFrom ?claim"):
            assert bool(store.query(f"PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> ASK {{ {pattern} }}"))
        store.publish()
    assert version(folder) == shown(shipped())
    assert contents(folder) == before


def test_a_dump_of_an_old_store_is_migrated_on_the_way(kb: CommandLine, folder: Path, tmp_path: Path) -> None:
    assert kb("migrate", "--no-backup", "--store", folder).code == 0
    with open_store(tmp_path / "new", create=True) as store:
        assert load(store, OLD).added > 2
        store.publish()
    assert contents(tmp_path / "new") == contents(folder)


def test_a_dump_of_a_later_release_is_refused(tmp_path: Path) -> None:
    later = gzip.decompress(OLD.read_bytes()).replace(b'"0.1.0"', b'"99.0.0"')
    with (
        open_store(tmp_path / "new", create=True) as store,
        pytest.raises(StoreError, match="the dump was written with version 99"),
    ):
        load(store, io.BytesIO(later), "nquads")


# The files


@pytest.mark.parametrize("name", TITLES)
def test_a_step_run_twice_does_nothing_the_second_time(folder: Path, name: str) -> None:
    (step,) = [each for each in steps() if each.name == name]
    engine = ox.Store(str(folder / "live"))
    counts = []
    for _ in range(3):
        counts.append({quad for quad in engine if not isinstance(quad.graph_name, ox.DefaultGraph)})
        engine.update(step.text, base_iri=BASE)
    assert counts[0] != counts[1]
    assert counts[1] == counts[2]


def test_every_file_is_a_step_with_a_title_that_this_release_reaches() -> None:
    files = sorted(resources.path("ontology", "migrations").rglob("*.ru"))
    assert [f"{file.parent.name}/{file.name}" for file in files] == [step.name for step in steps()]
    assert len(files) >= 3
    assert all(step.title and step.version <= shipped() for step in steps())
    assert pending(None) == []
    assert pending(shipped()) == []
    assert [step.name for step in pending((0, 1, 0))][:3] == list(TITLES)


def test_a_store_of_a_later_release_is_refused() -> None:
    require_known(shipped(), "the store")
    with pytest.raises(StoreError, match="upgrade factline"):
        require_known((*shipped()[:2], shipped()[2] + 1), "the store")
