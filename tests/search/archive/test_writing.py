import json
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from search.archive import Archive, locking
from search.errors import ArchiveBusyError
from search.filters import Filter
from tests.fakes import MISSILES, RATES, HashEmbedder, make_article, put, store

HOLD_THE_LOCK = """
import sys
from pathlib import Path
from search.archive import Archive

with Archive.open(Path(sys.argv[1])).write():
    print("writing", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other_writer(archive: Archive) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of writing; it ends when its input is closed."""
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(archive.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_is_writing(
    archive: Archive, other_writer: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE_SECONDS", 0.1)
    with pytest.raises(ArchiveBusyError, match=f"process {other_writer.pid} on ") as caught, archive.write():
        pass
    assert "Wait" in caught.value.remedy
    with pytest.raises(ArchiveBusyError):
        archive.rebuild()


def test_a_writer_that_was_killed_leaves_the_place_free(
    archive: Archive, hash_embedder: HashEmbedder, other_writer: subprocess.Popen[str]
) -> None:
    other_writer.kill()
    other_writer.wait(10)
    store(archive, hash_embedder, MISSILES)
    assert archive.ids() == ["missiles"]


def test_an_unreadable_note_of_the_owner_is_left_out(
    archive: Archive, other_writer: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE_SECONDS", 0.1)
    (archive.folder / "writer.json").write_text("{", encoding="utf-8")
    with pytest.raises(ArchiveBusyError, match=r"archive in \S+\. Wait"), archive.write():
        pass


def test_the_owner_is_noted_while_writing_and_not_after(archive: Archive) -> None:
    note = archive.folder / "writer.json"
    with archive.write():
        assert json.loads(note.read_text(encoding="utf-8"))["process"] > 0
    assert not note.exists()


def test_writers_wait_for_one_another_for_a_while(archive: Archive, hash_embedder: HashEmbedder) -> None:
    with Archive.open(archive.folder) as other:
        threads = [
            threading.Thread(target=store, args=(opened, HashEmbedder(), make_article(f"{number}", "Rain.")))
            for number, opened in enumerate([archive, other] * 3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert archive.ids() == other.ids() == ["0", "1", "2", "3", "4", "5"]
    assert archive.snapshot == 6


def test_each_commit_is_a_snapshot_with_what_changed(archive: Archive, hash_embedder: HashEmbedder) -> None:
    with archive.write() as writer:
        put(writer, MISSILES, hash_embedder)
        assert writer.commit() == 1
        put(writer, RATES, hash_embedder)
        writer.remove("missiles")
        assert writer.commit() == 2
    assert archive._database.changed_since(0).tolist() == [1, 2]
    assert archive._database.changed_since(1).tolist() == [1, 2]
    assert archive._database.changed_since(2).tolist() == []


def test_questions_are_answered_while_another_writes(
    news_archive: Archive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE_SECONDS", 0.1)
    question = hash_embedder.embed_question("bridge")
    with Archive.open(news_archive.folder) as reader, news_archive.write() as writer:
        assert len(reader.dense(question, 100, Filter())) >= 5
        put(writer, make_article("tulips", "Tulips."), hash_embedder)
        writer.commit()
        assert len(reader.dense(question, 100, Filter())) >= 5
