from datetime import date
from pathlib import Path

from search.archive import Archive, Outcome
from tests.fakes import HashEmbedder, make_article, put, store
from tests.search.archive.glances import findable, stored

DAYS = {"old": "2020-05-01", "month": "2020-12", "year": "2020", "new": "2021-01-01", "undated": None}


def prune(door: Archive, before: date) -> int:
    with door.write() as writer:
        count = writer.prune(before)
        writer.commit()
    return count


def test_what_was_published_before_a_day_goes(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, *(make_article(id_, f"Tulips of {id_}.", day=day) for id_, day in DAYS.items()))
    assert prune(door, date(2020, 12, 31)) == 1
    assert stored(door) == ["month", "new", "undated", "year"], "a year is before a day when all of it is"
    assert prune(door, date(2021, 1, 1)) == 2
    assert stored(door) == ["new", "undated"]
    assert findable(door) == {"new", "undated"}


def test_what_was_pruned_does_not_come_back(door: Archive, hash_embedder: HashEmbedder, tmp_path: Path) -> None:
    prune(door, date(2021, 1, 1))
    assert prune(door, date(2019, 1, 1)) == 0, "an earlier day does not take the place of a later one"
    with door.write() as writer:
        old = make_article("old", "Tulips bloom.", day="2020-05-01")
        assert put(writer, old, hash_embedder, tmp_path / "old.txt") is Outcome.EXPIRED
        assert put(writer, make_article("new", "Tulips bloom.", day="2021-05-01"), hash_embedder) is Outcome.ADDED
        writer.commit()
    assert stored(door) == ["new"]
