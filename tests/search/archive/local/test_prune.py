from datetime import date
from pathlib import Path

from search.archive import Archive
from search.archive.care.doctor import examine
from search.archive.local.writer import Outcome
from tests.fakes import HashEmbedder, make_article, put, store

DAYS = {"old": "2020-05-01", "month": "2020-12", "year": "2020", "new": "2021-01-01", "undated": None}


def prune(archive: Archive, before: date) -> int:
    with archive.write() as writer:
        count = writer.prune(before)
        writer.commit()
    return count


def test_what_was_published_before_a_day_goes(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, *(make_article(id_, f"Tulips of {id_}.", day=day) for id_, day in DAYS.items()))
    assert archive.count_published_before(date(2020, 12, 31)) == 1
    assert prune(archive, date(2020, 12, 31)) == 1
    assert archive.ids() == ["month", "new", "undated", "year"], "a year is before a day when all of it is"
    assert prune(archive, date(2021, 1, 1)) == 2
    assert archive.ids() == ["new", "undated"]
    assert archive.check_views().problems == ()
    assert examine(archive.folder).sound


def test_what_was_pruned_does_not_come_back(archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path) -> None:
    prune(archive, date(2021, 1, 1))
    assert prune(archive, date(2019, 1, 1)) == 0, "an earlier day does not take the place of a later one"
    archive.close()
    with Archive.open(archive.folder) as again, again.write() as writer:
        old = make_article("old", "Tulips bloom.", day="2020-05-01")
        assert put(writer, old, hash_embedder, tmp_path / "old.txt") is Outcome.EXPIRED
        assert put(writer, make_article("new", "Tulips bloom.", day="2021-05-01"), hash_embedder) is Outcome.ADDED
        writer.commit()
        assert again.ids() == ["new"]
