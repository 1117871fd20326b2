import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from search.archive import LocalArchive
from search.archive.care.backups import back_up, delete_tag, read_copy, tag, tags
from search.archive.care.restoration import restore, roll_back
from search.asking.engine import Engine
from search.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveMismatchError,
    ArchiveMissingError,
    DatelineError,
    InputError,
    QueryError,
    TagNotFoundError,
)
from search.settings import Settings
from tests.fakes import NEWS, HashEmbedder, make_article, store

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = "When will Russia use missiles in Ukraine?"
LATER = make_article("later", "Russia will use missiles in Ukraine on Friday, it said.", day="2024-09-12")


def ids(archive: LocalArchive) -> list[str]:
    with archive.snapshot() as snapshot:
        return list(snapshot.find().ids)


def found(archive: LocalArchive, embedder: HashEmbedder) -> list[tuple[str, str]]:
    results = Engine(archive, embedder, Settings.load()).search(QUESTION, 20).passages
    return [(passage.article_id, passage.quote) for passage in results]


def test_a_backup_restored_elsewhere_answers_the_same(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    saved = back_up(news_archive.folder, tmp_path / "monday.sqlite")
    assert (saved.snapshot, saved.articles, saved.path) == (1, len(NEWS), tmp_path / "monday.sqlite")
    assert saved.bytes == saved.path.stat().st_size
    assert restore(saved.path, tmp_path / "other").kept is None
    with LocalArchive.open(tmp_path / "other") as other:
        assert ids(other) == ids(news_archive)
        assert found(other, hash_embedder) == found(news_archive, hash_embedder)
        assert other.check_views().problems == ()


def test_a_backup_is_of_one_state_while_writing_goes_on(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        with LocalArchive.open(news_archive.folder) as writing:
            for number in range(200):
                if stop.is_set():
                    break
                pair = [
                    make_article(f"{side}-{number}", f"Tulip {number} on {side}.") for side in ("left", "right")
                ]
                store(writing, hash_embedder, *pair)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            saved = back_up(news_archive.folder, tmp_path / f"{number}.sqlite")
            with closing(sqlite3.connect(saved.path)) as copy:
                ids = {row[0] for row in copy.execute("SELECT id FROM articles")}
            assert {f"right-{id_[5:]}" for id_ in ids if id_.startswith("left-")} <= ids
            assert saved.articles == len(NEWS) + 2 * (saved.snapshot - 1)
    finally:
        stop.set()
        writer.join()


def test_rolling_back_undoes_what_came_after_the_tag_for_all_who_have_it_open(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    before = found(news_archive, hash_embedder)
    with LocalArchive.open(news_archive.folder) as reader:
        assert found(reader, hash_embedder) == before
        tag(news_archive.folder, "monday")
        store(news_archive, hash_embedder, LATER)
        after = found(reader, hash_embedder)
        assert after != before
        kept = roll_back(news_archive.folder, "monday").kept
        assert found(reader, hash_embedder) == found(news_archive, hash_embedder) == before
        assert reader.number > 2, "numbers of snapshots only rise"
        assert reader.check_views().problems == ()
        store(news_archive, hash_embedder, make_article("other", "Tulips bloom in Porto."))
        assert "other" in ids(reader)
        assert reader.check_views().problems == ()
        assert kept
        name = kept.path.name.removesuffix(".sqlite")
        assert list(tags(news_archive.folder))[:2] == ["monday", name]
        roll_back(news_archive.folder, name)
        assert found(reader, hash_embedder) == after


def test_a_reader_in_the_middle_of_a_question_keeps_its_state(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    tag(news_archive.folder, "monday")
    store(news_archive, hash_embedder, LATER)
    with LocalArchive.open(news_archive.folder) as reader:
        with reader.snapshot() as held:
            assert "later" in held.find().ids
            roll_back(news_archive.folder, "monday")
            assert "later" in held.read(["later"])
        assert "later" not in ids(reader)


def test_tags_are_listed_and_deleted(news_archive: LocalArchive) -> None:
    assert tags(news_archive.folder) == {}
    for name in ("b", "a"):
        tag(news_archive.folder, name)
    (news_archive.folder / "tags" / "broken.sqlite").write_bytes(b"not a database")
    assert list(tags(news_archive.folder)) == ["b", "a"]
    delete_tag(news_archive.folder, "b")
    assert list(tags(news_archive.folder)) == ["a"]


@pytest.mark.parametrize("name", ["", "..", "a/b", "../a", ".a", "-a", "a" * 65, "a b", "a\n", "ä"])
def test_a_tag_is_no_path(news_archive: LocalArchive, name: str) -> None:
    for act in (tag, roll_back, delete_tag):
        with pytest.raises(QueryError, match="cannot be a tag"):
            act(news_archive.folder, name)


def test_what_cannot_be_done_says_why(news_archive: LocalArchive, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    tag(news_archive.folder, "monday")
    refused: list[tuple[type[DatelineError], str, Callable[[], object]]] = [
        (InputError, "exists", lambda: back_up(news_archive.folder, taken)),
        (InputError, "cannot be written", lambda: back_up(news_archive.folder, tmp_path / "no" / "file")),
        (InputError, "no file", lambda: restore(tmp_path / "nothing", tmp_path / "new")),
        (ArchiveDamagedError, "damaged", lambda: restore(taken, tmp_path / "new")),
        (InputError, "There is an archive", lambda: restore(taken_tag(news_archive), news_archive.folder)),
        (QueryError, "already", lambda: tag(news_archive.folder, "monday")),
        (TagNotFoundError, "no tag", lambda: roll_back(news_archive.folder, "tuesday")),
        (ArchiveMissingError, "no archive", lambda: tag(tmp_path / "nowhere", "monday")),
    ]
    for error, match, act in refused:
        with pytest.raises(error, match=match):
            act()
    assert taken.read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob(".*.tmp"))


def taken_tag(archive: LocalArchive) -> Path:
    return next(iter(tags(archive.folder).values())).path


@pytest.mark.parametrize("cut", [1, 4_096, 20_000])
def test_a_damaged_backup_replaces_nothing(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path, cut: int
) -> None:
    before = found(news_archive, hash_embedder)
    saved = back_up(news_archive.folder, tmp_path / "backup")
    content = saved.path.read_bytes()
    saved.path.write_bytes(content[:-cut])
    with pytest.raises(ArchiveDamagedError):
        restore(saved.path, news_archive.folder, replace=True)
    assert found(news_archive, hash_embedder) == before


def test_a_database_that_cannot_be_read_is_put_aside_and_replaced(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    before = found(news_archive, hash_embedder)
    saved = back_up(news_archive.folder, tmp_path / "backup")
    news_archive.close()
    (news_archive.folder / "archive.sqlite").write_bytes(b"lost" * 5_000)
    kept = restore(saved.path, news_archive.folder, replace=True).kept
    assert kept
    assert kept.damaged
    assert kept.path.read_bytes() == b"lost" * 5_000
    with LocalArchive.open(news_archive.folder) as restored:
        assert found(restored, hash_embedder) == before


def test_a_copy_says_what_it_holds(news_archive: LocalArchive, tmp_path: Path) -> None:
    saved = back_up(news_archive.folder, tmp_path / "backup")
    assert read_copy(saved.path) == saved
    assert saved.archive_id == news_archive.card.archive_id


def test_where_the_present_state_cannot_be_kept_nothing_is_replaced(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    before = found(news_archive, hash_embedder)
    saved = back_up(news_archive.folder, tmp_path / "backup")
    (news_archive.folder / "tags").write_text("in the way of the folder", encoding="utf-8")
    with pytest.raises((InputError, OSError)):
        restore(saved.path, news_archive.folder, replace=True)
    with LocalArchive.open(news_archive.folder) as still:
        assert found(still, hash_embedder) == before


def test_a_copy_without_its_last_changes_is_refused(news_archive: LocalArchive, tmp_path: Path) -> None:
    for name in ("archive.sqlite", "archive.sqlite-wal"):
        (tmp_path / name).write_bytes((news_archive.folder / name).read_bytes())
    with pytest.raises(InputError, match="not the whole of an archive"):
        restore(tmp_path / "archive.sqlite", tmp_path / "new")


def test_an_older_format_is_restored_elsewhere_only(news_archive: LocalArchive, tmp_path: Path) -> None:
    saved = back_up(news_archive.folder, tmp_path / "old")
    with closing(sqlite3.connect(saved.path)) as copy:
        copy.execute("UPDATE manifest SET value = '3' WHERE name = 'schema_version'")
        copy.commit()
    with pytest.raises(ArchiveMismatchError, match="schema version 3"):
        restore(saved.path, news_archive.folder, replace=True)
    assert restore(saved.path, tmp_path / "new").articles == len(NEWS)
    with pytest.raises(ArchiveMismatchError, match="schema version 3"):
        LocalArchive.open(tmp_path / "new")


def test_a_foreign_database_is_no_backup(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.executescript("CREATE TABLE manifest (name, value); CREATE TABLE articles (key);")
    with pytest.raises(InputError, match="no backup"):
        restore(tmp_path / "other", tmp_path / "new")


def test_what_was_opened_before_its_file_was_replaced_is_not_written_to(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    saved = back_up(news_archive.folder, tmp_path / "backup")
    database = news_archive.folder / "archive.sqlite"
    database.rename(tmp_path / "moved")
    restore(saved.path, news_archive.folder)
    with pytest.raises(ArchiveBusyError, match="taken the place"), news_archive.write():
        pass
    with LocalArchive.open(news_archive.folder) as new:
        store(new, hash_embedder, LATER)
        assert "later" in ids(new)
