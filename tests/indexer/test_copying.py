"""Archives are copied whole between engines, and what is not the same is told."""

from datetime import date
from pathlib import Path

import pytest

from indexer.copying import copy
from search.archive import InputRecord, LocalArchive, MemoryArchive
from search.archive.lance.archive import LanceArchive
from search.archive.scope import EVERYTHING
from search.article import Withdrawal
from search.errors import InputError
from tests.fakes import BRIDGE, MISSILES, NEWS, HashEmbedder, make_article, put, store
from tests.search.archive.glances import everything, remove, stored


def test_a_copy_holds_all_that_is_stored_and_remembered(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    path = tmp_path / "news.jsonl"
    later = make_article("bridge-2", BRIDGE.body, "Bridge", "2024-04-01", source="Ledger", supersedes="bridge")
    with (
        LocalArchive.create(tmp_path / "one", hash_embedder.card) as source,
        LanceArchive.create(f"lance://{tmp_path / 'two'}", hash_embedder.card) as tables,
    ):
        with source.write() as writer:
            for article in (*NEWS, later):
                put(writer, article, hash_embedder, path)
            writer.finish_input(InputRecord(str(path), 5, 7, "ab" * 32, 6, (("it#7", "It is no JSON."),)), [])
            writer.withdraw(Withdrawal(("missiles", "nobody"), "killed"))
            writer.prune(date(2020, 1, 1))
            writer.commit()
        memory = MemoryArchive.create(hash_embedder.card)
        for one, other in ((source, tables), (tables, memory)):
            copied = copy(one, other)
            assert (copied.articles, copied.agreement, copied.differences) == (6, 1.0, ())
            with one.snapshot(EVERYTHING) as found, other.snapshot(EVERYTHING) as expected:
                assert found.read(found.find().ids) == expected.read(expected.find().ids)
                assert set(found.remembered().withdrawals) == set(expected.remembered().withdrawals)
                assert found.remembered().inputs == expected.remembered().inputs
                assert found.remembered().holdings == expected.remembered().holdings
        assert copy(source, tables).differences == ()  # what is there is not stored twice
        assert stored(tables) == stored(source)
        assert everything(tables, hash_embedder)[1:3] == everything(source, hash_embedder)[1:3]


def test_a_copy_is_not_made_among_other_articles(hash_embedder: HashEmbedder) -> None:
    source, target = (MemoryArchive.create(hash_embedder.card) for _ in range(2))
    store(source, hash_embedder, *NEWS)
    store(target, hash_embedder, make_article("stranger", "Rain."))
    with pytest.raises(InputError, match="holds 1 articles that are not copied, 'stranger' among them"):
        copy(source, target)


def test_what_is_not_the_same_is_told(hash_embedder: HashEmbedder) -> None:
    """A target that refuses what it has pruned is no copy."""
    source, target = (MemoryArchive.create(hash_embedder.card) for _ in range(2))
    store(source, hash_embedder, *NEWS)
    with target.write() as writer:
        writer.prune(date(2024, 9, 1))
        writer.commit()
    copied = copy(source, target)
    assert "Not the same articles are stored." in copied.differences
    assert any("1 articles are not the same, 'bridge'" in difference for difference in copied.differences)


def test_a_copy_that_was_cut_off_goes_on(hash_embedder: HashEmbedder) -> None:
    source, target = (MemoryArchive.create(hash_embedder.card) for _ in range(2))
    store(source, hash_embedder, *NEWS)
    copy(source, target)
    remove(target, MISSILES.id)
    assert copy(source, target).differences == ()
    assert stored(target) == stored(source)
