import gc
import sqlite3
import time
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from search.archive import Archive, InputRecord, Outcome
from search.article import Article, Notice, NoticeKind, Precision, Publication, Span
from search.errors import (
    ArchiveDamagedError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ArticleNotFoundError,
)
from search.filters import Filter
from tests.fakes import BRIDGE, MISSILES, NEWS, RATES, UNDATED, HashEmbedder, make_article, put, store


def test_there_is_no_archive_until_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError, match="There is no archive in") as caught:
        Archive.open(tmp_path)
    assert "dateline index" in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_an_empty_archive_says_so(archive: Archive) -> None:
    status = archive.status()
    assert (status.articles, status.passages, status.snapshot, status.undated) == (0, 0, 0, 0)
    assert status.first_published is status.last_published is None
    assert archive.ids() == []


def test_making_an_archive_twice_opens_the_first(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, MISSILES)
    with Archive.create(archive.folder, hash_embedder.card) as again:
        assert again.ids() == ["missiles"]
        assert again.status().archive_id == archive.status().archive_id


def test_what_is_stored_comes_back(news_archive: Archive) -> None:
    for article in NEWS:
        assert news_archive.article(article.id) == article
        assert news_archive.content_hash(article.id) == article.content_hash
    assert news_archive.ids() == sorted(article.id for article in NEWS)


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("zone", [None, UTC], ids=["no-zone", "utc"])
def test_every_part_of_an_article_survives(
    archive: Archive, hash_embedder: HashEmbedder, precision: Precision, zone: object
) -> None:
    moment = datetime(2024, 1, 1, 0, 0, tzinfo=zone)  # type: ignore[arg-type]
    article = Article(
        id="https://a.example/?q='; DROP TABLE articles; --",
        headline="Ça «va»",
        body="東京\U0001f680\n\nété \x00 'quoted'",
        published=Publication(moment, precision, "front matter: date"),
        version=3,
        notice=Notice(NoticeKind.CORRECTION, "This version corrects a name."),
        **{
            field.name: f"its {field.name}"
            for field in fields(Article)
            if field.name not in {"id", "headline", "body", "published", "version", "notice"}
        },
    )
    store(archive, hash_embedder, article)
    stored = archive.article(article.id)
    assert stored == article
    assert stored.origin == article.origin
    assert stored.content_hash == article.content_hash


def test_status_counts_what_is_there(news_archive: Archive) -> None:
    status = news_archive.status()
    assert status.articles == 5
    assert status.passages == sum(len(news_archive.passages_of(id_)) for id_ in news_archive.ids())
    assert (status.first_published, status.last_published) == (date(2024, 3, 26), date(2024, 12, 31))
    assert status.undated == 1
    assert list(status.sources.items()) == [("Ledger", 2), ("Wire", 2), ("Gazette", 1)]
    assert status.sections == {"World": 2, "Business": 1, "Culture": 1}
    assert status.languages == {"en": 4, "pt": 1}
    assert status.bytes_on_disk > 10_000


def test_status_is_told_also_of_an_archive_whose_folder_is_gone(
    tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    with Archive.create(tmp_path / "archive", hash_embedder.card) as archive:
        (tmp_path / "archive").rename(tmp_path / "elsewhere")
        assert archive.status().bytes_on_disk == 0


def test_passages_are_listed_in_order(news_archive: Archive) -> None:
    spans = news_archive.passages_of("missiles")
    assert spans == sorted(spans, key=lambda span: span.start)
    assert spans[0].start == 0
    assert spans[-1].end == len(MISSILES.body)


@pytest.mark.parametrize("ask", [Archive.article, Archive.passages_of])
def test_an_unknown_article_is_not_found(archive: Archive, ask) -> None:  # noqa: ANN001
    with pytest.raises(ArticleNotFoundError, match="no article 'nobody'"):
        ask(archive, "nobody")
    assert archive.content_hash("nobody") is None


def test_an_article_with_the_same_id_replaces_the_other(archive: Archive, hash_embedder: HashEmbedder) -> None:
    newer = make_article("missiles", "Another story about tulips.")
    with archive.write() as writer:
        assert put(writer, MISSILES, hash_embedder) is Outcome.ADDED
        assert put(writer, newer, hash_embedder) is Outcome.REPLACED
        writer.commit()
    assert archive.article("missiles") == newer
    assert archive.status().articles == 1
    assert archive.passages_of("missiles") == [Span(0, len(newer.body))]


def test_a_removed_article_is_gone_everywhere(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    question = hash_embedder.embed_question("Baltimore bridge")
    before = news_archive.status()
    with news_archive.write() as writer:
        writer.remove("bridge")
        writer.commit()
    assert "bridge" not in news_archive.ids()
    after = news_archive.status()
    assert (after.articles, after.snapshot) == (before.articles - 1, before.snapshot + 1)
    found = {stored.article for stored in news_archive.fetch(dict(_dense(news_archive, question))).values()}
    assert len(found) == after.articles
    assert _lexical(news_archive, "baltimor") == []
    with pytest.raises(ArticleNotFoundError):
        news_archive.article("bridge")


def test_removing_or_keeping_what_is_not_there_is_an_error(archive: Archive) -> None:
    with archive.write() as writer:
        with pytest.raises(ArticleNotFoundError):
            writer.remove("nobody")
        with pytest.raises(ArticleNotFoundError):
            writer.keep(MISSILES)


def test_keys_are_never_used_twice(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, MISSILES)
    keys = {key for key, _ in _dense(archive, hash_embedder.embed_question("x"))}
    with archive.write() as writer:
        writer.remove("missiles")
        writer.commit()
    store(archive, hash_embedder, MISSILES)
    assert not keys & {key for key, _ in _dense(archive, hash_embedder.embed_question("x"))}


def test_nothing_is_seen_of_what_was_not_committed(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    before = _everything(news_archive, hash_embedder)
    with Archive.open(news_archive.folder) as reader, news_archive.write() as writer:
        put(writer, make_article("tulips", "Tulips bloom in Baltimore."), hash_embedder)
        writer.remove("rates")
        assert _everything(reader, hash_embedder) == before
    assert _everything(news_archive, hash_embedder) == before


def test_a_failed_write_leaves_only_what_was_committed(archive: Archive, hash_embedder: HashEmbedder) -> None:
    def fail() -> None:
        with archive.write() as writer:
            put(writer, MISSILES, hash_embedder)
            writer.commit()
            put(writer, RATES, hash_embedder)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert archive.ids() == ["missiles"]
    assert _lexical(archive, "missil") != []
    assert _lexical(archive, "inflat") == []
    store(archive, hash_embedder, RATES)
    assert archive.ids() == ["missiles", "rates"]


def test_an_article_with_too_few_vectors_is_not_half_stored(archive: Archive, hash_embedder: HashEmbedder) -> None:
    with pytest.raises(ValueError, match="zip"), archive.write() as writer:
        writer.put(MISSILES, [Span(0, 5), Span(6, 9)], hash_embedder.embed_passages(["one"]))
    assert archive.ids() == []
    assert archive.status().passages == 0


def test_a_passage_past_the_end_of_its_article_is_refused(archive: Archive, hash_embedder: HashEmbedder) -> None:
    with archive.write() as writer:
        with pytest.raises(ValueError, match="reaches past"):
            writer.put(MISSILES, [Span(0, 10_000)], hash_embedder.embed_passages(["one"]))
        writer.commit()
    assert archive.ids() == []


def test_a_commit_without_changes_makes_no_snapshot(news_archive: Archive) -> None:
    snapshot = news_archive.snapshot
    with news_archive.write() as writer:
        assert writer.commit() == snapshot
    assert news_archive.snapshot == snapshot


def test_an_archive_is_the_same_when_opened_again(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    before = _everything(news_archive, hash_embedder)
    news_archive.close()
    with Archive.open(news_archive.folder) as reopened:
        assert _everything(reopened, hash_embedder) == before


def test_a_reader_sees_what_another_has_committed(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    with Archive.open(news_archive.folder) as reader:
        assert _lexical(reader, "tulip") == []
        store(news_archive, hash_embedder, make_article("tulips", "Tulips bloom."))
        (key,) = _lexical(reader, "tulip")
        assert _dense(reader, hash_embedder.embed_question("Tulips bloom"))[0][0] == key
        assert reader.snapshot == news_archive.snapshot
        assert reader.article("tulips").body == "Tulips bloom."


def test_vectors_are_stored_as_little_endian_halves(archive: Archive, hash_embedder: HashEmbedder) -> None:
    text = "Rain fell."
    store(archive, hash_embedder, make_article("rain", text))
    archive.close()
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database:
        ((blob,),) = database.execute("SELECT vector FROM vectors").fetchall()
    assert blob == hash_embedder.embed_question(text).astype("<f2").tobytes()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list open files")
def test_opening_and_closing_leaks_neither_files_nor_threads(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    def held() -> tuple[int, int]:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir())), len(list(Path("/proc/self/task").iterdir()))

    def open_and_close(times: int) -> None:
        for _ in range(times):
            with Archive.open(news_archive.folder) as opened:
                assert _everything(opened, hash_embedder)

    open_and_close(3)
    before = held()
    open_and_close(30)
    # Tantivy's threads notice within half a second that they are not needed any more.
    give_up = time.monotonic() + 20
    while max(after - few for after, few in zip(held(), before, strict=True)) > 2:
        assert time.monotonic() < give_up, f"files and threads before: {before}, after: {held()}"
        time.sleep(0.1)


# Files


def test_a_file_is_remembered_with_what_could_not_be_read(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    record = InputRecord(str(path), 5, 7, "ab" * 32, 2, (("a.jsonl#3", "é is not JSON."),))
    with archive.write() as writer:
        writer.finish_input(record, [])
        writer.commit()
    assert archive.input(path) == record
    assert archive.input(tmp_path / "b.jsonl") is None


def test_articles_that_a_file_no_longer_has_are_removed(
    archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    with archive.write() as writer:
        for article in (MISSILES, RATES):
            put(writer, article, hash_embedder, path)
        put(writer, BRIDGE, hash_embedder, tmp_path / "b.jsonl")
        gone = writer.gone(path, ["rates"])
        assert gone == {"missiles"}
        assert writer.finish_input(InputRecord(str(path), 1, 1, "", 1), ["rates"], gone) == 1
        writer.commit()
    assert archive.ids() == ["bridge", "rates"]


def test_removing_an_article_forgets_its_file(
    archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    with archive.write() as writer:
        put(writer, MISSILES, hash_embedder, path)
        writer.finish_input(InputRecord(str(path), 1, 1, "", 1), ["missiles"])
        writer.remove("missiles")
        writer.commit()
    assert archive.input(path) is None


def test_ids_are_listed_by_file_and_by_folder(
    archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    places = {"a/one.txt": MISSILES, "a/b/two.txt": RATES, "ab/three.txt": BRIDGE, "a%/four.txt": UNDATED}
    with archive.write() as writer:
        for place, article in places.items():
            put(writer, article, hash_embedder, tmp_path / place)
        writer.commit()
    assert archive.ids(under=tmp_path / "a") == ["missiles", "rates"]
    assert archive.ids(under=tmp_path / "a/b/two.txt") == ["rates"]
    assert archive.ids(under=tmp_path / "a%") == ["undated"]
    assert archive.ids(under=tmp_path / "none") == []
    assert len(archive.ids(under=tmp_path)) == 4


def test_an_article_that_moved_is_found_in_its_new_file(
    archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    with archive.write() as writer:
        put(writer, MISSILES, hash_embedder, tmp_path / "old.txt")
        writer.keep(replace(MISSILES, origin="new.txt"), tmp_path / "new.txt")
        writer.commit()
    assert archive.ids(under=tmp_path / "new.txt") == ["missiles"]
    assert archive.article("missiles").origin == "new.txt"


# What is refused


@pytest.mark.parametrize(
    "other", [HashEmbedder("another"), HashEmbedder("hash", 64)], ids=["fingerprint", "dimension"]
)
def test_another_model_is_refused(archive: Archive, other: HashEmbedder) -> None:
    for attempt in (lambda: Archive.create(archive.folder, other.card), lambda: archive.check_model(other.card)):
        with pytest.raises(ArchiveMismatchError, match="was made with the model hash-embedder") as caught:
            attempt()
        assert "DATELINE_MODEL=hash-embedder" in caught.value.remedy
        assert "dateline rebuild --embed" in caught.value.remedy


def test_another_schema_is_refused(archive: Archive) -> None:
    archive.close()
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database, database:
        database.execute("UPDATE manifest SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(ArchiveMismatchError, match="schema version 99") as caught:
        Archive.open(archive.folder)
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
        Archive.open(tmp_path)


def test_a_truncated_database_is_refused(news_archive: Archive) -> None:
    news_archive.close()
    path = news_archive.folder / "archive.sqlite"
    path.write_bytes(path.read_bytes()[:4096])
    with pytest.raises(ArchiveDamagedError):
        Archive.open(news_archive.folder)


@pytest.mark.parametrize("damage", ["DELETE FROM vectors", "UPDATE vectors SET vector = x'00'"])
def test_a_lost_vector_is_not_made_up(news_archive: Archive, hash_embedder: HashEmbedder, damage: str) -> None:
    news_archive.close()
    with closing(sqlite3.connect(news_archive.folder / "archive.sqlite")) as database, database:
        database.execute(damage)
    with Archive.open(news_archive.folder) as damaged, pytest.raises(ArchiveDamagedError, match="bytes instead"):
        damaged.closeness(hash_embedder.embed_question("x"), [1])


def _dense(archive: Archive, question: np.ndarray) -> list[tuple[int, float]]:
    return archive.dense(question, 100, Filter())


def _lexical(archive: Archive, term: str) -> list[int]:
    return archive.lexical([term], 100, Filter())


def _everything(archive: Archive, embedder: HashEmbedder) -> tuple[object, ...]:
    return (
        replace(archive.status(), bytes_on_disk=0),
        [archive.article(id_) for id_ in archive.ids()],
        [archive.passages_of(id_) for id_ in archive.ids()],
        _dense(archive, embedder.embed_question("the bridge, the missiles")),
        [_lexical(archive, term) for term in ("bridg", "missil", "rate", "tulip")],
    )
