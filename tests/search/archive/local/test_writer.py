import errno
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.archive import LocalArchive
from search.archive.care.checks import check
from search.archive.local import files, generation, parts
from search.archive.local.publisher import Publisher
from search.archive.local.views import ViewReport
from search.archive.records import Query
from search.errors import ArchiveBusyError, ArchiveDiskError
from search.filters import Filter
from tests.fakes import MISSILES, HashEmbedder, make_article, put, store
from tests.search.archive.glances import articles_of, by_words, facts, near, number, stored

HOLD_THE_LOCK = """
import sys
from pathlib import Path
from search.archive import LocalArchive

with LocalArchive.open(Path(sys.argv[1])).write():
    print("writing", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other_writer(archive: LocalArchive) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of writing; it ends when its input is closed."""
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(archive.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_is_writing_and_for_how_long(
    archive: LocalArchive, other_writer: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 0.1)
    owner = rf"\(process {other_writer.pid} on \S+, for \d+ s: -c .*{archive.folder.name}\)"
    with pytest.raises(ArchiveBusyError, match=owner) as caught, archive.write():
        pass
    assert "Wait" in caught.value.remedy
    with pytest.raises(ArchiveBusyError):
        archive.rebuild()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (7_260, "2 h 1 min"), (180_000, "2 d 2 h"), (-5, "0 s")],
)
def test_ages_are_told_in_their_two_largest_units(seconds: float, told: str) -> None:
    assert files.age_in_words(seconds) == told


def test_the_note_of_a_process_that_is_gone_keeps_nobody_out(
    archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    note = {"process": 1, "host": "elsewhere", "command": "dateline index", "since": "2024-01-01T00:00:00+00:00"}
    (archive.folder / "writer.json").write_text(json.dumps(note), encoding="utf-8")
    (archive.folder / "writer.lock").touch()
    store(archive, hash_embedder, MISSILES)
    assert stored(archive) == ["missiles"]
    assert not (archive.folder / "writer.json").exists()


def test_a_writer_that_was_killed_leaves_the_place_free(
    archive: LocalArchive, hash_embedder: HashEmbedder, other_writer: subprocess.Popen[str]
) -> None:
    other_writer.kill()
    other_writer.wait(10)
    store(archive, hash_embedder, MISSILES)
    assert stored(archive) == ["missiles"]


def test_an_unreadable_note_of_the_owner_is_left_out(
    archive: LocalArchive, other_writer: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 0.1)
    (archive.folder / "writer.json").write_text("{", encoding="utf-8")
    with pytest.raises(ArchiveBusyError, match=r"archive in \S+\. Wait"), archive.write():
        pass


def test_the_owner_is_noted_while_writing_and_not_after(archive: LocalArchive) -> None:
    note = archive.folder / "writer.json"
    with archive.write():
        assert json.loads(note.read_text(encoding="utf-8"))["process"] > 0
    assert not note.exists()


def test_writers_wait_for_one_another_for_a_while(
    archive: LocalArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 30)
    with LocalArchive.open(archive.folder) as other:
        threads = [
            threading.Thread(target=store, args=(opened, HashEmbedder(), make_article(f"{number}", "Rain.")))
            for number, opened in enumerate([archive, other] * 3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert stored(archive) == stored(other) == ["0", "1", "2", "3", "4", "5"]
    assert number(archive) == 6


def test_another_reader_sees_each_commit_while_writing_goes_on(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    question = hash_embedder.embed_question("tulips")
    with LocalArchive.open(news_archive.folder) as reader, news_archive.write() as writer:
        before = facts(reader).passages
        for place in range(3):
            put(writer, make_article(f"tulips-{place}", "Tulips bloom."), hash_embedder)
            seen = number(reader)
            assert len(near(reader, question)) == before + place
            assert writer.commit() == seen + 1
            with reader.snapshot() as snapshot:
                found = snapshot.candidates(Query(question, ("tulip",)), 100, Filter()).passages
                assert snapshot.number == seen + 1
                assert len([one for one in found if one.near]) == snapshot.facts.passages == before + place + 1
                assert len([one for one in found if one.has_words]) == place + 1


def test_a_question_stays_with_the_snapshot_that_it_began_with(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    query = Query(hash_embedder.embed_question("tulips"), ("tulip",))
    with LocalArchive.open(news_archive.folder) as reader:
        with reader.snapshot() as snapshot:
            for id_ in ("one", "two"):
                store(news_archive, hash_embedder, make_article(id_, "Tulips bloom."))
                found = snapshot.candidates(query, 9, Filter()).passages
                assert not {"one", "two"} & articles_of(found)
                assert "one" not in snapshot.find().ids
        assert articles_of(by_words(reader, ["tulip"])) == {"one", "two"}


def test_a_commit_whose_views_were_not_published_is_caught_up_with(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalArchive.open(news_archive.folder) as reader:
        assert by_words(reader, ["tulip"]) == []
        with monkeypatch.context() as patch:
            patch.setattr(Publisher, "publish", lambda _: None)  # as if killed between the two
            store(news_archive, hash_embedder, make_article("tulips", "Tulips bloom."))
        assert reader.check_views().behind == 1
        assert len(by_words(reader, ["tulip"])) == 1
        assert reader.check_views() == ViewReport(snapshot=2, vectors=facts(reader).passages)


@pytest.fixture
def committed_only(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalArchive]:
    """An archive whose last commit was not published, while another writer has the place."""
    with monkeypatch.context() as patch:
        patch.setattr(Publisher, "publish", lambda _: None)
        store(news_archive, hash_embedder, make_article("tulips", "Tulips bloom."))
    with files.writer_lock(news_archive.folder):
        yield news_archive


def test_views_that_are_ready_are_used_while_they_cannot_be_published(committed_only: LocalArchive) -> None:
    with LocalArchive.open(committed_only.folder) as reader:
        assert len(by_words(reader, ["tulip"])) == 1
        assert reader.check_views().behind == 1


@pytest.mark.parametrize("lost", ["*.json.tmp", "00000002-*/segments/*/vectors.faiss"])
def test_whoever_asks_is_told_if_the_views_are_kept_behind(
    committed_only: LocalArchive, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_PATIENCE_SECONDS", 0.1)
    (path,) = (committed_only.folder / "views").glob(lost)
    path.unlink()
    with LocalArchive.open(committed_only.folder) as reader:
        with pytest.raises(ArchiveBusyError):
            by_words(reader, ["tulip"])
        with reader.stored() as snapshot:
            assert "tulips" in snapshot.find().ids  # what needs no views is read all the same


def test_a_commit_that_cannot_be_written_is_dropped_and_the_next_is_not(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with news_archive.write() as writer:
        put(writer, make_article("lost", "Tulips bloom."), hash_embedder)
        with monkeypatch.context() as patch:
            patch.setattr(generation, "seal", full)
            with pytest.raises(ArchiveDiskError, match="No space left on device") as caught:
                writer.commit()
        put(writer, make_article("kept", "Roses bloom."), hash_embedder)
        writer.commit()
    assert str(news_archive.folder) in caught.value.problem
    assert "MB are free" in caught.value.problem
    assert {"lost", "kept"} & set(stored(news_archive)) == {"kept"}
    assert len(by_words(news_archive, ["bloom"])) == 1
    assert check(news_archive) == ()
    assert len(list((news_archive.folder / "views").iterdir())) == 1


def test_a_database_that_may_not_grow_is_told_as_a_full_disk(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def connect_limited(path: Path, **options: Any) -> sqlite3.Connection:
        connection = connect(path, **options)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    body = "\n\n".join(f"Tulip number {place} blooms." for place in range(2_000))
    news_archive.close()
    with LocalArchive.open(news_archive.folder) as archive:
        with monkeypatch.context() as patch:
            patch.setattr(sqlite3, "connect", connect_limited)
            with (
                LocalArchive.open(news_archive.folder) as limited,
                pytest.raises(ArchiveDiskError, match="database or disk is full"),
            ):
                store(limited, hash_embedder, make_article("large", body))
        assert "large" not in stored(archive)
        assert check(archive) == ()
