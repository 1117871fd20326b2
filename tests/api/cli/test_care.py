"""Looking after an archive from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.cli.terminal import Exit
from indexer.cluster import run as cluster
from search.archive import Archive, LocalArchive
from search.archive.local.files import DATABASE_FILE
from search.errors import ArchiveBusyError
from tests.fakes import HashEmbedder, make_article, store
from tests.looking import ids_in


@pytest.fixture
def folder(news_archive: Archive) -> Path:
    news_archive.close()
    return news_archive.folder


def run(folder: Path | str, *arguments: str, expect: int = Exit.DONE) -> Result:
    result = CliRunner().invoke(app, [*arguments, "--index", str(folder)])
    assert result.exit_code == expect, result.output
    return result


def test_a_backup_is_made_and_restored(folder: Path, tmp_path: Path) -> None:
    made = json.loads(run(folder, "backup", str(tmp_path / "copy"), "--json").stdout)
    assert made["bytes"] == (tmp_path / "copy").stat().st_size
    assert "restored" in run(tmp_path / "other", "restore", str(tmp_path / "copy")).stdout
    refused = run(folder, "restore", str(tmp_path / "copy"), expect=Exit.USAGE)
    assert "There is an archive" in refused.stderr
    replaced = json.loads(run(folder, "restore", str(tmp_path / "copy"), "--replace", "--json").stdout)
    assert replaced["kept"]["articles"] == replaced["articles"] == made["articles"]


def test_tags_are_made_listed_returned_to_and_deleted(folder: Path, hash_embedder: HashEmbedder) -> None:
    assert "no tags" in run(folder, "tag").stdout
    run(folder, "tag", "monday")
    with LocalArchive.open(folder) as archive:
        store(archive, hash_embedder, make_article("later", "Tulips bloom."))
    assert "rolled back to monday" in run(folder, "rollback", "monday").stdout
    with LocalArchive.open(folder) as archive:
        assert "later" not in ids_in(archive)
    assert next(iter(json.loads(run(folder, "tag", "--json").stdout))) == "monday"
    run(folder, "tag", "--delete", "monday")
    refused = run(folder, "rollback", "monday", expect=Exit.USAGE).stderr
    assert "tag 'monday'" in " ".join(refused.split())  # wherever the line is broken
    assert "cannot be a tag" in run(folder, "tag", "../monday", expect=Exit.USAGE).stderr


def test_tables_are_cared_for_as_a_folder_is(folder: Path, tmp_path: Path) -> None:
    """Copied, examined, backed up to a file and restored from it; and articles are erased from them."""
    pytest.importorskip("lance")
    tables, other = (f"lance://{tmp_path / name}" for name in ("tables", "other"))
    runner = CliRunner()
    assert runner.invoke(app, ["copy", str(folder), tables]).exit_code == Exit.DONE
    examined = json.loads(run(tables, "doctor", "--json").stdout)
    assert (examined["sound"], examined["articles"], examined["recall"]) == (True, 5, 1.0)
    run(tables, "backup", str(tmp_path / "copy"))
    assert "exists" in run(tables, "backup", str(tmp_path / "copy"), expect=Exit.USAGE).stderr
    assert "5 articles" in run(other, "restore", str(tmp_path / "copy")).stdout
    refused = run(other, "restore", str(tmp_path / "copy"), expect=Exit.USAGE).stderr
    assert "There is an archive" in " ".join(refused.split())
    erased = json.loads(run(tables, "remove", "bridge", "--everywhere", "--json").stdout)
    assert erased["erased"] == ["bridge"]
    assert any("earlier versions of objects" in place for place in erased["unreached"])
    assert json.loads(run(tables, "doctor", "--json").stdout)["articles"] == 4
    assert json.loads(run(other, "doctor", "--json").stdout)["articles"] == 5
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_an_erasure_is_told_even_where_what_a_cluster_staged_is_out_of_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> str:
        raise ArchiveBusyError("Another process is writing.")

    monkeypatch.setattr(cluster, "forget_staged", busy)
    erased = json.loads(run(folder, "remove", "bridge", "--everywhere", "--json").stdout)
    assert erased["erased"] == ["bridge"]
    assert "staged: Another process is writing." in erased["unreached"][0]


def test_a_doctor_examines_and_repairs(folder: Path) -> None:
    assert "Sound." in run(folder, "doctor").stdout
    victim = next(path for path in (folder / "views").rglob("*") if path.is_file() and path.stat().st_size > 100)
    victim.write_bytes(b"x")
    wrong = json.loads(run(folder, "doctor", "--json", expect=Exit.UNSOUND).stdout)
    assert [finding["part"] for finding in wrong["findings"]] == ["views"]
    assert "--repair" in run(folder, "doctor", expect=Exit.UNSOUND).stdout
    mended = json.loads(run(folder, "doctor", "--repair", "--json").stdout)
    assert (mended["sound"], len(mended["mended"])) == (True, 1)


def test_a_doctor_says_what_a_damaged_database_needs(folder: Path) -> None:
    (folder / DATABASE_FILE).write_bytes(b"lost" * 2_000)
    assert "restore" in run(folder, "doctor", expect=Exit.UNSOUND).stdout
    assert "no archive" in run(folder / "nowhere", "doctor", expect=Exit.ARCHIVE).stderr


def test_pruning_can_be_tried_first(folder: Path) -> None:
    tried = json.loads(run(folder, "prune", "--before", "2100-01-01", "--dry-run", "--json").stdout)
    assert tried["found"] > 0
    assert tried["removed"] == 0
    pruned = json.loads(run(folder, "prune", "--before", "2100-01-01", "--json").stdout)
    assert pruned["removed"] == tried["found"]
    assert "0 articles" in run(folder, "prune", "--before", "2100-01-01").stdout
