"""What was read by other rules is told, and read anew without embedding, in rounds that can be broken off."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.schemas import ArchiveOut
from indexer.dossier import readings_fingerprint
from indexer.renewal import read_again
from search.archive import LocalArchive
from search.archive.care.doctor import examine
from search.archive.local.files import DATABASE_FILE
from tests.fakes import MISSILES, NEWS, HashEmbedder

STORED = len(NEWS)
OLDER = "0123456789abcdef"


@pytest.fixture
def older(news_archive: LocalArchive) -> LocalArchive:
    """An archive whose times and statements other rules have read: they found none."""
    with news_archive.write() as writer:
        for article in NEWS:
            writer.put_readings(article.id, (), (), OLDER)
        writer.commit()
    return news_archive


def outdated(archive: LocalArchive) -> int:
    with archive.stored() as snapshot:
        return ArchiveOut.of(snapshot, 0, readings_fingerprint()).outdated_readings


def rows(folder: Path, *tables: str) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as database:
        return [database.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


def test_an_archive_says_how_many_articles_other_rules_have_read(news_archive: LocalArchive) -> None:
    assert outdated(news_archive) == 0
    with news_archive.write() as writer:
        writer.put_readings("rates", (), (), OLDER)
        writer.commit()
    assert outdated(news_archive) == 1


def test_reading_anew_gives_what_indexing_gives(news_archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    ids = [article.id for article in NEWS]
    with news_archive.snapshot() as snapshot:
        before = snapshot.read(ids)
    with news_archive.write() as writer:
        for article in NEWS:
            writer.put_readings(article.id, (), (), OLDER)
        writer.commit()
    kept = rows(news_archive.folder, "passages", "vectors", "texts", "frequencies", "inputs")
    hash_embedder.embedded.clear()
    with news_archive.snapshot() as snapshot:
        assert snapshot.read([MISSILES.id])[MISSILES.id].mentions == ()
    assert read_again(news_archive) == STORED
    with news_archive.snapshot() as snapshot:
        assert snapshot.read(ids) == before
        assert snapshot.facts.readings == {readings_fingerprint(): STORED}
    assert rows(news_archive.folder, "passages", "vectors", "texts", "frequencies", "inputs") == kept
    assert hash_embedder.embedded == []
    assert examine(news_archive.folder).sound


def test_what_todays_rules_have_read_is_left_as_it_is(older: LocalArchive) -> None:
    assert read_again(older) == STORED
    number = older.number
    assert read_again(older) == 0
    assert older.number == number


def test_it_goes_in_rounds_and_on_where_it_was_broken_off(
    older: LocalArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.renewal._ARTICLES_A_ROUND", 2)
    seen: list[tuple[int, int]] = []

    def break_off(done: int, of: int) -> None:
        seen.append((done, of))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_again(older, break_off)
    assert (seen, outdated(older)) == ([(2, STORED)], STORED - 2)
    assert examine(older.folder).sound
    assert read_again(older, lambda done, of: seen.append((done, of))) == STORED - 2
    assert seen[1:] == [(2, STORED), (4, STORED), (STORED, STORED)]
    assert outdated(older) == 0


def test_questions_are_answered_between_rounds(older: LocalArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.renewal._ARTICLES_A_ROUND", 1)
    read: list[int] = []

    def ask(*_: int) -> None:
        with older.snapshot() as snapshot:
            read.append(snapshot.facts.readings.get(readings_fingerprint(), 0))

    read_again(older, ask)
    assert read == list(range(1, STORED + 1))


def test_an_article_that_went_meanwhile_is_passed_over(
    older: LocalArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with older.write() as writer:
        writer.remove("rates")
        writer.commit()
    monkeypatch.setattr("indexer.renewal.all_ids", lambda _: iter([article.id for article in NEWS]))
    assert read_again(older) == STORED - 1
