import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.archive import LocalArchive
from search.archive.local.database import Database
from search.archive.local.generation import publish, read_current, seal
from search.archive.local.marks import Contents, Stamp
from search.archive.local.publisher import build_views
from search.archive.local.vectors import Regime
from search.archive.records import Dossier, Query
from search.article import Span
from search.english.terms import content_terms
from search.errors import ArchiveDamagedError
from search.filters import Filter
from tests.fakes import NEWS, HashEmbedder, make_article, put, store
from tests.search.archive.glances import articles_of, by_words, near, rarity, remove, stored

QUESTION = "The bridge in Baltimore, the missiles of Tehran, the rates of the Fed"
TULIPS = make_article("tulips", "Tulips bloom in Baltimore.", day="2024-04-01")


def answers(archive: LocalArchive, embedder: HashEmbedder) -> list[object]:
    """All that the views say about a question."""
    query = Query(embedder.embed_question(QUESTION), tuple(content_terms(QUESTION)))
    with archive.snapshot() as snapshot:
        found = [
            snapshot.candidates(query, k, condition)
            for k, condition in ((100, Filter()), (2, Filter(sources=("Wire",))), (100, Filter(languages=("en",))))
        ]
    # The names of families are made of keys, which are others where things went and came again.
    return [
        (sorted((replace(each, family="") for each in one.passages), key=lambda each: each.passage), one.passing)
        for one in found
    ]


def stamp_of(archive: LocalArchive) -> Stamp:
    """What views of the archive must say of themselves."""
    with closing(Database(archive.folder / "archive.sqlite")) as database:
        return Stamp.of(database.manifest())


def view_files(folder: Path) -> list[Path]:
    """Every file of the saved views; Tantivy's locks hold nothing."""
    files = [folder / "views.json", *sorted((folder / "views").rglob("*"))]
    return [path for path in files if path.is_file() and path.suffix != ".lock"]


def put_in_place(views_of: Path, folder: Path) -> None:
    """Give an archive the saved views of another, or of another time."""
    shutil.rmtree(folder / "views")
    shutil.copytree(views_of / "views", folder / "views")
    shutil.copy(views_of / "views.json", folder)


def healings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was said of views that were made anew."""
    return [record.message for record in caplog.records if "made anew from the database" in record.message]


@pytest.fixture
def closed(news_archive: LocalArchive, hash_embedder: HashEmbedder) -> tuple[Path, list[object]]:
    """The folder of an archive, and what it answered before it was closed."""
    before = answers(news_archive, hash_embedder)
    news_archive.close()
    return news_archive.folder, before


def check_same(folder: Path, before: list[object], embedder: HashEmbedder) -> None:
    with LocalArchive.open(folder) as archive:
        assert answers(archive, embedder) == before
    with LocalArchive.open(folder) as archive:
        assert answers(archive, embedder) == before


@pytest.mark.parametrize("what", ["views.json", "views"])
def test_views_that_were_deleted_are_made_again(
    closed: tuple[Path, list[object]], what: str, hash_embedder: HashEmbedder
) -> None:
    folder, before = closed
    path = folder / what
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    check_same(folder, before, hash_embedder)


def test_any_damaged_file_of_a_view_is_noticed_and_made_again(
    closed: tuple[Path, list[object]],
    hash_embedder: HashEmbedder,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder, before = closed
    flips = np.random.default_rng(1)
    for number, path in enumerate(view_files(folder)):
        content = path.read_bytes()
        middle = int(flips.integers(len(content)))
        flipped = content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]
        for name, damaged in {"empty": b"", "half": content[: len(content) // 2], "flipped": flipped}.items():
            copy = tmp_path / f"{name}-{number}"
            shutil.copytree(folder, copy)
            (copy / path.relative_to(folder)).write_bytes(damaged)
            caplog.clear()
            with LocalArchive.open(copy) as archive:
                assert answers(archive, hash_embedder) == before, f"{path.relative_to(folder)} {name}"
            assert len(healings(caplog)) == 1
            assert path.name in healings(caplog)[0]


def test_every_file_of_the_views_counts(
    closed: tuple[Path, list[object]], hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder, before = closed
    for number, path in enumerate(view_files(folder)):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        (copy / path.relative_to(folder)).unlink()
        with LocalArchive.open(copy) as archive:
            assert answers(archive, hash_embedder) == before, path.name


def test_the_views_of_another_archive_are_not_believed(
    closed: tuple[Path, list[object]],
    hash_embedder: HashEmbedder,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder, before = closed
    other = tmp_path / "other"
    with LocalArchive.create(other, hash_embedder.card) as archive:
        store(archive, hash_embedder, *reversed(NEWS))
        assert answers(archive, hash_embedder)
    put_in_place(other, folder)
    check_same(folder, before, hash_embedder)
    assert len(healings(caplog)) == 1
    assert "belongs to another archive" in healings(caplog)[0]


def test_views_that_are_snapshots_behind_catch_up(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = news_archive.folder
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    store(news_archive, hash_embedder, TULIPS)
    with news_archive.write() as writer:
        writer.remove("rates")
        writer.commit()
        put(writer, replace(TULIPS, body="Roses bloom in Baltimore."), hash_embedder)
        writer.commit()
    before = answers(news_archive, hash_embedder)
    news_archive.close()
    put_in_place(old, folder)
    with LocalArchive.open(folder) as archive:
        assert answers(archive, hash_embedder) == before
        assert articles_of(by_words(archive, ["rose"])) == {"tulips"}
        assert by_words(archive, ["tulip"]) == []


def test_views_ahead_of_the_database_are_not_believed(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    news_archive.close()
    backup = tmp_path / "backup"
    shutil.copytree(news_archive.folder, backup)
    with LocalArchive.open(news_archive.folder) as archive:
        before = answers(archive, hash_embedder)
        store(archive, hash_embedder, TULIPS)
    put_in_place(news_archive.folder, backup)
    check_same(backup, before, hash_embedder)


def test_views_of_another_format_are_made_again(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    folder, before, stamp = news_archive.folder, answers(news_archive, hash_embedder), stamp_of(news_archive)
    news_archive.close()
    (made,) = (folder / "views").iterdir()
    seal(made, replace(stamp, view_format=stamp.view_format - 1), Contents())
    publish(folder, made)
    check_same(folder, before, hash_embedder)
    assert not made.exists()
    assert healings(caplog) == []


def test_views_of_another_line_of_snapshots_are_made_again(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    folder, before = news_archive.folder, answers(news_archive, hash_embedder)
    backup = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(folder / "archive.sqlite")) as database:
        database.backup(backup)
    store(news_archive, hash_embedder, TULIPS)
    with closing(sqlite3.connect(folder / "archive.sqlite")) as database:
        backup.backup(database)
        database.execute("INSERT OR REPLACE INTO manifest VALUES ('lineage', 'second')")
        database.commit()
    assert answers(news_archive, hash_embedder) == before
    roses = replace(TULIPS, body="Roses bloom in Baltimore.")
    store(news_archive, hash_embedder, roses)
    assert articles_of(by_words(news_archive, ["rose"])) == {"tulips"}
    assert by_words(news_archive, ["tulip"]) == []


def test_a_file_that_is_cut_short_while_it_is_open_is_not_read_any_more(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    before = answers(news_archive, hash_embedder)
    for _ in range(2):
        for path in view_files(news_archive.folder):
            if path.suffix in {".idx", ".term", ".fast", ".fieldnorm"}:
                os.truncate(path, 1)
        assert answers(news_archive, hash_embedder) == before
    assert len(healings(caplog)) == 2


def test_a_file_that_tantivy_cannot_read_while_it_is_open_is_made_again(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    before = answers(news_archive, hash_embedder)
    for path in view_files(news_archive.folder):
        if path.suffix == ".idx":
            times = path.stat()
            with path.open("r+b") as file:
                file.write(b"\xff" * times.st_size)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # so that it does not show
    assert answers(news_archive, hash_embedder) == before
    assert len(healings(caplog)) == 1


def test_an_open_snapshot_keeps_its_views_while_another_writes(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    query = Query(None, ("tulip", "bridg"))
    with LocalArchive.open(news_archive.folder) as reader:
        before = answers(reader, hash_embedder)
        with reader.snapshot() as held:
            files = view_files(news_archive.folder)
            store(news_archive, hash_embedder, TULIPS)
            assert not [path for path in files if path.exists() and path.name != "views.json"]
            assert articles_of(held.candidates(query, 9, Filter()).passages) == {"bridge"}
        assert articles_of(by_words(reader, query.terms)) == {"bridge", "tulips"}
        assert answers(reader, hash_embedder) != before
        assert answers(reader, hash_embedder) == answers(news_archive, hash_embedder)


def test_views_are_not_replaced_before_the_new_ones_are_whole(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    before = answers(news_archive, hash_embedder)
    files = {path: path.read_bytes() for path in view_files(news_archive.folder)}
    stamp = replace(stamp_of(news_archive), dimension=7)
    with closing(Database(news_archive.folder / "archive.sqlite")) as database, database.reading():  # noqa: SIM117
        with pytest.raises(ArchiveDamagedError):
            build_views(news_archive.folder, database, stamp)
    assert {path: path.read_bytes() for path in view_files(news_archive.folder)} == files
    assert answers(news_archive, hash_embedder) == before


def test_files_of_the_layout_before_generations_are_removed(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    folder = news_archive.folder
    (folder / "lexical" / "passages").mkdir(parents=True)
    (folder / "vectors.faiss").write_bytes(b"old")
    store(news_archive, hash_embedder, TULIPS)
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["views"]
    assert not (folder / "vectors.faiss").exists()


def test_adding_step_by_step_is_as_rebuilding(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    for article in (*NEWS, TULIPS):
        store(archive, hash_embedder, article)
    step_by_step = answers(archive, hash_embedder)
    archive.rebuild()
    assert answers(archive, hash_embedder) == step_by_step


def test_replacing_and_removing_finds_the_same_as_rebuilding(
    news_archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    with news_archive.write() as writer:
        for _ in range(3):
            put(writer, NEWS[0], hash_embedder, anew=True)
            writer.commit()
        writer.remove("rates")
        writer.commit()
    step_by_step = answers(news_archive, hash_embedder)
    news_archive.rebuild()
    assert answers(news_archive, hash_embedder) == step_by_step


# Inverted lists

DIMENSION = 24
REGIME = Regime(exact_limit=500, scanned_exactly=100)


def cloud(rows: int, seed: int) -> np.ndarray:
    """Unit vectors around fifty centres."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(50, DIMENSION))
    points = centres[random.integers(50, size=rows)] + 0.7 * random.normal(size=(rows, DIMENSION))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def store_vectors(archive: LocalArchive, first: int, vectors: np.ndarray) -> None:
    with archive.write() as writer:
        for number, vector in enumerate(vectors, start=first):
            article = make_article(str(number), f"text {number}", source=f"source {number % 4}")
            writer.put(Dossier(article, (Span(0, len(article.body)),)), vector[np.newaxis])
        writer.commit()


def is_exact(archive: LocalArchive) -> bool:
    """Whether the saved view of vectors is searched exhaustively."""
    current = read_current(archive.folder, stamp_of(archive))
    assert current is not None
    return current.contents.exact


@pytest.fixture
def large(tmp_path: Path) -> Iterator[tuple[LocalArchive, np.ndarray]]:
    """An archive past the size that is searched exactly, and its vectors in order of their articles, from 1."""
    vectors = cloud(3_000, seed=1)
    with LocalArchive.create(tmp_path / "large", HashEmbedder("cloud", DIMENSION).card, REGIME) as archive:
        store_vectors(archive, 1, vectors)
        assert not is_exact(archive)
        yield archive, vectors


def recall(archive: LocalArchive, stored: dict[int, np.ndarray], condition: Filter = Filter()) -> float:  # noqa: B008
    keys = np.array(list(stored))
    matrix = np.array(list(stored.values())).astype("<f2").astype(np.float32)
    found = 0
    for question in cloud(100, seed=2):
        cosines = matrix @ question
        expected = set(keys[np.argsort(-cosines)[:10]].tolist())
        hits = {int(one.passage.article_id): one.cosine for one in near(archive, question, 10, condition)}
        assert len(hits) == 10
        for key, cosine in hits.items():
            assert cosine == pytest.approx(float(cosines[keys == key][0]), abs=1e-5)
        found += len(expected & hits.keys())
    return found / 1_000


def test_inverted_lists_find_nearly_what_an_exact_search_finds(large: tuple[LocalArchive, np.ndarray]) -> None:
    archive, vectors = large
    assert recall(archive, dict(enumerate(vectors, start=1))) > 0.95


def test_inverted_lists_obey_a_filter(large: tuple[LocalArchive, np.ndarray]) -> None:
    archive, vectors = large
    allowed = {key: vector for key, vector in enumerate(vectors, start=1) if key % 4 == 3}
    assert recall(archive, allowed, Filter(sources=("source 3",))) > 0.95


def test_inverted_lists_take_additions_and_removals(large: tuple[LocalArchive, np.ndarray]) -> None:
    archive, vectors = large
    new = cloud(300, seed=3)
    store_vectors(archive, 3_001, new)
    with archive.write() as writer:
        for number in range(1, 501):
            writer.remove(str(number))
        writer.commit()
    assert not is_exact(archive)
    kept = dict(enumerate([*vectors, *new], start=1))
    assert recall(archive, {key: vector for key, vector in kept.items() if key > 500}) > 0.95


def test_inverted_lists_are_the_same_when_opened_again(large: tuple[LocalArchive, np.ndarray]) -> None:
    archive, _ = large
    questions = cloud(20, seed=4)
    before = [near(archive, question, 10) for question in questions]
    archive.close()
    with LocalArchive.open(archive.folder, REGIME) as reopened:
        assert [near(reopened, question, 10) for question in questions] == before


def test_an_archive_that_shrinks_is_searched_exactly_again(large: tuple[LocalArchive, np.ndarray]) -> None:
    archive, vectors = large
    with archive.write() as writer:
        for number in range(1, 2_601):
            writer.remove(str(number))
        writer.commit()
    assert is_exact(archive)
    assert recall(archive, {key: vectors[key - 1] for key in range(2_601, 3_001)}) == 1


def test_an_archive_can_be_emptied(news_archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    remove(news_archive, *stored(news_archive))
    assert answers(news_archive, hash_embedder) == [([], 0)] * 3
    assert rarity(news_archive, "bridg").passages == 0
