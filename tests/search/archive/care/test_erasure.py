"""What is erased is in no file of the archive, nor in the copies that are known; what is out of reach is told."""

from pathlib import Path

import pytest
from filelock import FileLock

from search.archive import LocalArchive
from search.archive.care.backups import back_up, tag
from search.archive.care.checks import check
from search.archive.care.erasure import erase
from search.archive.care.restoration import restore
from search.archive.local.files import writer_lock
from search.archive.local.vectors import Regime
from search.errors import ArchiveError, ArticleNotFoundError
from tests.fakes import NEWS, RATES, HashEmbedder, make_article, store

WORD = b"Quetzalcoatlus"


def files_with(folder: Path, word: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def test_an_erased_article_is_in_no_file_that_can_be_reached(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    folder, backup, gone = tmp_path / "archive", tmp_path / "monday.sqlite", tmp_path / "gone.sqlite"
    fossil = make_article("fossil", f"A {WORD.decode()} was found in Texas.", origin="wire/fossil.xml#3")
    with LocalArchive.create(folder, hash_embedder.card) as archive:
        store(archive, hash_embedder, *NEWS, fossil)
    tag(folder, "before")
    back_up(folder, backup)
    back_up(folder, gone)
    gone.unlink()
    assert {"archive.sqlite", "monday.sqlite", "before.sqlite"} <= set(files_with(tmp_path, WORD))
    erasure = erase(folder, ["fossil"])
    assert files_with(tmp_path, WORD) == []
    assert {path.name for path in erasure.copies} == {"monday.sqlite", "before.sqlite"}
    assert erasure.files == ("wire/fossil.xml",)
    assert any("gone.sqlite" in told for told in erasure.unreached)
    with LocalArchive.open(folder) as archive:
        assert check(archive) == ()
        with archive.snapshot() as snapshot:
            assert snapshot.find().ids == tuple(sorted(article.id for article in NEWS))
    restore(backup, tmp_path / "again")
    with LocalArchive.open(tmp_path / "again") as archive, archive.snapshot() as snapshot:
        assert snapshot.find().ids == tuple(sorted(article.id for article in NEWS))
        assert snapshot.read(["rates"])["rates"].article == RATES


def test_what_was_put_aside_is_told_and_what_was_merged_goes(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    regime = Regime(exact_limit=16, merged_at_once=10, merged_behind=False, recall_needed=0.0)
    with LocalArchive.create(tmp_path, hash_embedder.card, regime) as archive:
        store(archive, hash_embedder, *NEWS)
        for begin in range(0, 60, 20):
            reports = [
                make_article(f"r{one}", f"Report {one} on the harbour.") for one in range(begin, begin + 20)
            ]
            store(archive, hash_embedder, *reports)
        with writer_lock(tmp_path):
            assert archive.merge()  # nobody can take it up
    tag(tmp_path, "spoilt")
    (tmp_path / "tags" / "spoilt.sqlite").write_bytes(b"no database")
    aside = tmp_path / "tags" / "before-restore.damaged"
    aside.write_bytes(b"no database")
    assert (tmp_path / "merging").exists()
    told = erase(tmp_path, ["rates"]).unreached
    assert not (tmp_path / "merging").exists()
    for name in ("spoilt.sqlite", "before-restore.damaged"):
        assert any(name in one for one in told), name


def test_what_was_broken_off_is_gone_on_with(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    fossil = make_article("fossil", f"A {WORD.decode()} was found in Texas.")
    with LocalArchive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, *NEWS, fossil)
    with FileLock(tmp_path / "merging.lock"), pytest.raises(ArchiveError, match="Run the same command again"):
        erase(tmp_path, ["fossil"], patience=0.1)
    assert erase(tmp_path, ["fossil"]).erased == ("fossil",)
    assert files_with(tmp_path, WORD) == []
    with pytest.raises(ArticleNotFoundError):
        erase(tmp_path, ["fossil"])


def test_what_is_nowhere_cannot_be_erased_and_nothing_else_is(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    with LocalArchive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, *NEWS)
    with pytest.raises(ArticleNotFoundError, match="nobody"):
        erase(tmp_path, ["rates", "nobody"])
    with LocalArchive.open(tmp_path) as archive, archive.snapshot() as snapshot:
        assert "rates" in snapshot.find().ids
