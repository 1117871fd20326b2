"""What holds of every upgrade: all or nothing, once, with the tags, and refused where it could not be right."""

import os
from pathlib import Path

import pytest

from indexer.upgrades import Upgraded, upgrade
from search.archive import LocalArchive
from search.archive.care.backups import back_up, read_copy, tag, tags
from search.archive.care.doctor import examine
from search.archive.care.restoration import restore, roll_back
from search.archive.local.schema import SCHEMA_VERSION
from search.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from tests.indexer.upgrades.databases import DATABASE, archive_of, content, run

FORMATS = (3, 4)


@pytest.fixture(params=FORMATS)
def version(request: pytest.FixtureRequest) -> int:
    """Of an earlier schema."""
    return int(request.param)


@pytest.fixture
def old(tmp_path: Path, version: int) -> Path:
    """The folder of an archive of an earlier schema."""
    return archive_of(f"schema_{version}.sql", tmp_path / "old")


def test_an_archive_is_upgraded_once(old: Path, version: int) -> None:
    assert upgrade(old) == Upgraded(version, SCHEMA_VERSION)
    before = content(old / DATABASE)
    assert upgrade(old) == Upgraded(SCHEMA_VERSION, SCHEMA_VERSION)
    assert content(old / DATABASE) == before


def test_progress_is_told_article_by_article(old: Path, version: int) -> None:
    seen: list[tuple[int, int]] = []
    upgrade(old, lambda done, of: seen.append((done, of)))
    articles = len(content(old / DATABASE)["articles"])
    assert seen == [(done, articles) for done in range(1, articles + 1)] * (SCHEMA_VERSION - version)


@pytest.mark.parametrize("moment", [1, 3, 5, 8])
def test_an_upgrade_that_is_broken_off_changes_nothing(old: Path, version: int, moment: int) -> None:
    before = content(old / DATABASE)
    told = 0

    def break_off(*_: int) -> None:
        nonlocal told
        told += 1
        if told == min(moment, len(before["articles"])):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upgrade(old, break_off)
    assert content(old / DATABASE) == before
    assert dict(before["manifest"])["schema_version"] == str(version)
    with pytest.raises(ArchiveMismatchError):
        LocalArchive.open(old)
    assert upgrade(old).before == version
    assert examine(old).sound


@pytest.mark.parametrize(
    "damage", ["DELETE FROM articles WHERE id = 'rates'", "DELETE FROM passages WHERE article = 2"]
)
def test_an_archive_that_contradicts_itself_is_left_as_it_was(old: Path, damage: str) -> None:
    run(old / DATABASE, damage)
    before = content(old / DATABASE)
    with pytest.raises(ArchiveDamagedError, match="belong to rows that are not there"):
        upgrade(old)
    assert content(old / DATABASE) == before


def test_an_article_that_cannot_be_what_was_stored_is_named(old: Path) -> None:
    run(old / DATABASE, "UPDATE passages SET stop = 100000 WHERE article = 2")
    before = content(old / DATABASE)
    with pytest.raises(ArchiveDamagedError, match="Article 'rates'"):
        upgrade(old)
    assert content(old / DATABASE) == before


def test_opening_an_older_archive_says_how_to_upgrade_it(old: Path, version: int) -> None:
    with pytest.raises(ArchiveMismatchError, match=f"schema version {version}") as caught:
        LocalArchive.open(old)
    assert f"dateline upgrade --index {old}" in caught.value.remedy


@pytest.mark.parametrize(("stated", "remedy"), [("99", "later Dateline"), ("1", "another folder")])
def test_a_schema_from_which_no_step_leads_here_is_refused(old: Path, stated: str, remedy: str) -> None:
    run(old / DATABASE, f"UPDATE manifest SET value = '{stated}' WHERE name = 'schema_version'")
    with pytest.raises(ArchiveMismatchError, match=f"schema version {stated}") as caught:
        upgrade(old)
    assert remedy in caught.value.remedy


def test_what_is_no_archive_cannot_be_upgraded(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError):
        upgrade(tmp_path)
    (tmp_path / DATABASE).write_bytes(b"not a database, but long enough to have a header" * 100)
    with pytest.raises(ArchiveDamagedError):
        upgrade(tmp_path)


# Tags and backups


def test_tags_are_upgraded_with_their_archive_and_stay_as_old_as_they_are(old: Path) -> None:
    saved = tag(old, "monday").path
    os.utime(saved, (1_700_000_000, 1_700_000_000))
    run(old / DATABASE, "DELETE FROM holdings")
    assert upgrade(old).tags == ("monday",)
    monday = tags(old)["monday"]
    assert (monday.schema_version, monday.made.timestamp()) == (SCHEMA_VERSION, 1_700_000_000)
    assert not [path for path in saved.parent.iterdir() if path != saved]
    roll_back(old, "monday")
    assert content(old / DATABASE)["holdings"]
    assert examine(old).sound
    assert upgrade(old).tags == ()


def test_where_an_upgrade_is_broken_off_between_tags_it_goes_on(old: Path, version: int) -> None:
    for name in ("a", "b"):
        tag(old, name)
    articles = len(content(old / DATABASE)["articles"])
    told = 0

    def break_off(*_: int) -> None:
        nonlocal told
        told += 1
        if told > 2 * articles * (SCHEMA_VERSION - version):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upgrade(old, break_off)
    assert {name: saved.schema_version for name, saved in tags(old).items()} == {"a": SCHEMA_VERSION, "b": version}
    (finding,) = examine(old).findings
    assert f"dateline upgrade --index {old}" in finding.remedy
    with pytest.raises(ArchiveMismatchError, match=f"schema version {version}") as caught:
        roll_back(old, "b")
    assert f"dateline upgrade --index {old}" in caught.value.remedy
    assert upgrade(old) == Upgraded(SCHEMA_VERSION, SCHEMA_VERSION, ("b",))
    assert examine(old).sound


def test_a_tag_that_cannot_be_upgraded_is_left_as_it_is(old: Path) -> None:
    saved = tag(old, "monday").path
    tag(old, "tuesday")
    run(saved, "DELETE FROM passages WHERE article = 2")
    damaged = saved.read_bytes()
    (saved.parent / "broken.sqlite").write_bytes(b"not a database" * 1_000)
    done = upgrade(old)
    assert (done.tags, done.left) == (("tuesday",), ("broken", "monday"))
    assert saved.read_bytes() == damaged


def test_an_old_backup_is_restored_elsewhere_and_upgraded_there(old: Path, tmp_path: Path, version: int) -> None:
    backup = back_up(old, tmp_path / "backup").path
    upgrade(old)
    with pytest.raises(ArchiveMismatchError, match=f"schema version {version}") as caught:
        restore(backup, old, replace=True)
    assert "another folder" in caught.value.remedy
    restore(backup, tmp_path / "new")
    assert upgrade(tmp_path / "new").before == version
    assert examine(tmp_path / "new").sound
    assert content(tmp_path / "new" / DATABASE)["frequencies"] == content(old / DATABASE)["frequencies"]
    assert read_copy(backup).schema_version == version
