import ctypes
import gc
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from search.archive import LocalArchive
from search.archive.local.vectors import Regime
from search.archive.records import Query
from search.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from search.filters import Filter, Period
from tests.fakes import MISSILES, HashEmbedder, make_article, store
from tests.search.archive.glances import articles_of, by_words, everything, near, number, read, remove, stored


def test_there_is_no_archive_until_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError, match="There is no archive in") as caught:
        LocalArchive.open(tmp_path)
    assert "dateline index" in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_making_an_archive_twice_opens_the_first(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, MISSILES)
    with LocalArchive.create(archive.folder, hash_embedder.card) as again:
        assert stored(again) == ["missiles"]
        assert again.card.archive_id == archive.card.archive_id


def test_the_size_is_told_also_of_an_archive_whose_folder_is_gone(
    tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    with LocalArchive.create(tmp_path / "archive", hash_embedder.card) as archive:
        (tmp_path / "archive").rename(tmp_path / "elsewhere")
        assert archive.bytes_on_disk == 0


def test_the_size_is_that_of_all_files(news_archive: LocalArchive) -> None:
    assert news_archive.bytes_on_disk > 10_000


def test_keys_are_never_used_twice(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    def keys() -> set[int]:
        with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database:
            return {row[0] for row in database.execute("SELECT key FROM passages")}

    store(archive, hash_embedder, MISSILES)
    before = keys()
    remove(archive, "missiles")
    store(archive, hash_embedder, MISSILES)
    assert keys()
    assert not keys() & before


def test_an_archive_is_the_same_when_opened_again(news_archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    before = everything(news_archive, hash_embedder)
    news_archive.close()
    with LocalArchive.open(news_archive.folder) as reopened:
        assert everything(reopened, hash_embedder) == before


def test_a_reader_sees_what_another_has_committed(news_archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    with LocalArchive.open(news_archive.folder) as reader:
        assert by_words(reader, ["tulip"]) == []
        store(news_archive, hash_embedder, make_article("tulips", "Tulips bloom."))
        assert articles_of(by_words(reader, ["tulip"])) == {"tulips"}
        assert near(reader, hash_embedder.embed_question("Tulips bloom"))[0].passage.article_id == "tulips"
        assert number(reader) == number(news_archive)
        assert read(reader, "tulips").article.body == "Tulips bloom."


QUESTION = ("bridg", "baltimor", "missil")


@pytest.mark.parametrize(
    "condition",
    [
        Filter(),
        Filter(sources=("Ledger",)),
        Filter(from_or_about=Period(date(2024, 1, 1), None)),
        Filter(said_by=("powell",)),
        Filter().until(date(2024, 12, 31)),
    ],
    ids=["all", "of a source", "of a time", "said by", "as of a day"],
)
@pytest.mark.parametrize("regime", [Regime(), Regime(exact_limit=16)], ids=["exact", "in inverted lists"])
def test_a_question_takes_few_statements(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, condition: Filter, regime: Regime
) -> None:
    said = list[str]()
    query = Query(hash_embedder.embed_question("the bridge in Baltimore"), QUESTION)
    more = (
        make_article(f"rain-{number}", f"Rain fell on day {number}.", source="Gazette") for number in range(30)
    )
    store(news_archive, hash_embedder, *more)
    with LocalArchive.open(news_archive.folder, regime, said.append) as archive:
        archive.rebuild()
        with archive.snapshot():
            said.clear()  # what the snapshots of one number share is read once
        said.clear()
        with archive.snapshot() as snapshot:
            assert snapshot.facts.articles == 35
            snapshot.rarity(QUESTION)
            found = snapshot.candidates(query, 10, condition)
            assert found.passages
            snapshot.read(articles_of(found.passages))
    assert len(said) <= 8, said
    assert [said[0], said[-1]] == ["BEGIN", "COMMIT"]


def test_vectors_are_stored_as_little_endian_halves(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    text = "Rain fell."
    store(archive, hash_embedder, make_article("rain", text))
    archive.close()
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database:
        ((blob,),) = database.execute("SELECT vector FROM vectors").fetchall()
    assert blob == hash_embedder.embed_question(text).astype("<f2").tobytes()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list open files")
def test_opening_and_closing_leaks_neither_files_nor_threads(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    def held() -> tuple[int, int]:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir())), len(list(Path("/proc/self/task").iterdir()))

    def open_and_close(times: int) -> None:
        for _ in range(times):
            with LocalArchive.open(news_archive.folder) as opened:
                assert everything(opened, hash_embedder)

    open_and_close(3)
    before = held()
    open_and_close(30)
    # Tantivy's threads notice within half a second that they are not needed any more.
    give_up = time.monotonic() + 20
    while max(after - few for after, few in zip(held(), before, strict=True)) > 2:
        assert time.monotonic() < give_up, f"files and threads before: {before}, after: {held()}"
        time.sleep(0.1)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not list threads")
def test_closing_waits_for_a_thread_of_tantivy_that_still_writes_to_the_folder(
    news_archive: LocalArchive,
) -> None:
    """Its name is that of the thread in which Tantivy opens an index anew, of which it is not told when."""
    begun, written = threading.Event(), news_archive.folder / "views" / "late.lock"

    def write_late() -> None:
        ctypes.CDLL(None).prctl(15, b"watch-callbacks")  # PR_SET_NAME
        begun.set()
        time.sleep(0.3)
        written.touch()
        ctypes.CDLL(None).prctl(15, b"done")

    thread = threading.Thread(target=write_late)
    thread.start()
    assert begun.wait(60)
    news_archive.close()
    assert written.exists()
    thread.join()


# What is refused


@pytest.mark.parametrize(
    "other", [HashEmbedder("another"), HashEmbedder("hash", 64)], ids=["fingerprint", "dimension"]
)
def test_another_model_is_refused(archive: LocalArchive, other: HashEmbedder) -> None:
    for attempt in (
        lambda: LocalArchive.create(archive.folder, other.card),
        lambda: archive.check_model(other.card),
    ):
        with pytest.raises(ArchiveMismatchError, match="was made with the model hash-embedder") as caught:
            attempt()
        assert "DATELINE_MODEL=hash-embedder" in caught.value.remedy
        assert "dateline rebuild --embed" in caught.value.remedy


def test_another_schema_is_refused(archive: LocalArchive) -> None:
    archive.close()
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database, database:
        database.execute("UPDATE manifest SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(ArchiveMismatchError, match="schema version 99") as caught:
        LocalArchive.open(archive.folder)
    assert "update" in caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not a database at all, but long enough to have a header" * 100, id="other"),
    ],
)
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "archive.sqlite").write_bytes(content)
    with pytest.raises(ArchiveDamagedError):
        LocalArchive.open(tmp_path)


def test_a_truncated_database_is_refused(news_archive: LocalArchive) -> None:
    news_archive.close()
    path = news_archive.folder / "archive.sqlite"
    path.write_bytes(path.read_bytes()[:4096])
    with pytest.raises(ArchiveDamagedError):
        LocalArchive.open(news_archive.folder)


@pytest.mark.parametrize("damage", ["DELETE FROM vectors", "UPDATE vectors SET vector = x'00'"])
def test_a_lost_vector_is_not_made_up(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, damage: str
) -> None:
    news_archive.close()
    with closing(sqlite3.connect(news_archive.folder / "archive.sqlite")) as database, database:
        database.execute(damage)
    shutil.rmtree(news_archive.folder / "views")
    with (
        LocalArchive.open(news_archive.folder) as damaged,
        pytest.raises(ArchiveDamagedError, match="bytes instead"),
    ):
        near(damaged, hash_embedder.embed_question("x"))


@pytest.mark.parametrize("together", [1, 2, 1_000])
def test_what_is_back_as_of_a_day_is_ranked_alike_however_many_are_scored_together(
    archive: LocalArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    for times in range(1, 6):
        first = make_article(f"first {times}", "A storm came. " * times + "Gales blew. " * 9, day="2024-03-25")
        later = make_article(f"later {times}", "It is calm.", day="2024-03-28", supersedes=first.id)
        store(archive, hash_embedder, first, later)
    monkeypatch.setattr("search.archive.local.snapshot._SCORED_TOGETHER", together)
    found = by_words(archive, ["storm", "ship"], k=3, condition=Filter().until(date(2024, 3, 26)))
    assert [one.passage.article_id for one in found] == ["first 5", "first 4", "first 3"]
