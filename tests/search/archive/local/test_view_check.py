import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.archive import LocalArchive
from search.archive.local.database import Database
from search.archive.local.generation import publish, seal
from search.archive.local.marks import Contents, SegmentMark, Stamp
from search.archive.local.terms import TermColumns
from search.archive.local.vectors import DEFAULT_REGIME, Regime, VectorPart
from search.archive.local.views import ViewReport, Views, read_views
from search.archive.records import Dossier
from search.archive.scoring import TermCounts
from search.article import Span
from tests.fakes import NEWS, HashEmbedder, make_article, store
from tests.search.archive.glances import facts, read

INVERTED = Regime(exact_limit=100)


def save_changed(archive: LocalArchive, views: Views) -> None:
    """Save views that were changed behind the database's back as if all were well."""
    made = archive.folder / "views" / "changed"
    made.mkdir()
    marks = []
    for part in views.segments.parts:
        mark = SegmentMark(int(part.keys[0]), int(part.keys[-1]), len(part.keys), part.vectors.lists)
        part.save(made / "segments" / mark.name)
        marks.append(mark)
    views.lexical.descend(made)
    seal(made, views.stamp, Contents(tuple(marks), probes=views.segments.probes))
    publish(archive.folder, made)


def with_vectors(views: Views, keys: np.ndarray, vectors: np.ndarray) -> Views:
    """The views with other vectors, in one segment."""
    (part,) = views.segments.parts
    terms = TermColumns.of(keys, [TermCounts.of(())] * len(keys))
    changed = replace(part, vectors=VectorPart.flat(keys, vectors), passages=terms)
    return replace(views, segments=replace(views.segments, parts=[changed]))


@contextmanager
def database_of(archive: LocalArchive) -> Iterator[Database]:
    with closing(Database(archive.folder / "archive.sqlite")) as database:
        yield database


def views_of(archive: LocalArchive, regime: Regime = DEFAULT_REGIME) -> Views:
    """The saved views, opened apart from the archive."""
    with database_of(archive) as database:
        views = read_views(archive.folder, Stamp.of(database.manifest()), regime)
    assert views is not None
    return views


def key_of(archive: LocalArchive, article_id: str) -> int:
    with database_of(archive) as database:
        found = database.find(article_id)
    assert found is not None
    return found[0]


@pytest.fixture
def views(news_archive: LocalArchive) -> Views:
    return views_of(news_archive)


def test_views_that_are_right_are_found_right(news_archive: LocalArchive, views: Views) -> None:
    assert news_archive.check_views() == ViewReport(snapshot=1, vectors=facts(news_archive).passages)


def test_an_archive_without_views_has_nothing_wrong(archive: LocalArchive) -> None:
    assert archive.check_views() == ViewReport(snapshot=None)


def test_views_that_are_behind_are_told_to_be(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    shutil.copytree(news_archive.folder / "views", tmp_path / "views")
    shutil.copy(news_archive.folder / "views.json", tmp_path)
    for number in range(3):
        store(news_archive, hash_embedder, make_article(f"more {number}", "Tulips bloom."))
    shutil.rmtree(news_archive.folder / "views")
    shutil.copytree(tmp_path / "views", news_archive.folder / "views")
    shutil.copy(tmp_path / "views.json", news_archive.folder)
    assert news_archive.check_views() == ViewReport(snapshot=1, behind=3)


def test_a_damaged_file_is_named(news_archive: LocalArchive, views: Views) -> None:
    path = next((news_archive.folder / "views").glob("*/passages/*.term"))
    path.write_bytes(path.read_bytes()[:-1])
    report = news_archive.check_views()
    assert report.snapshot is None
    assert report.problems == (f"{path} is not as it was saved.",)


def test_passages_that_one_side_has_not_are_counted(news_archive: LocalArchive, views: Views) -> None:
    keys = np.sort(np.append(views.segments.keys[2:], [3, 70]))
    save_changed(news_archive, with_vectors(views, keys, np.ones((len(keys), views.stamp.dimension), np.float32)))
    assert news_archive.check_views().problems[:3] == (
        "The view of vectors lacks 2 passages.",
        "The view of vectors has 1 passages that the database does not have.",
        "The view of vectors has 1 passages twice.",
    )


def test_articles_that_the_view_of_words_has_not_are_counted(news_archive: LocalArchive, views: Views) -> None:
    gone = key_of(news_archive, "bridge")
    views.lexical.remove(gone)
    views.lexical.commit()
    save_changed(news_archive, views)
    passages = len(read(news_archive, "bridge").passages)
    assert news_archive.check_views().problems == (f"The view of passages' words lacks {passages} passages.",)


def test_passages_under_another_article_are_counted(news_archive: LocalArchive, views: Views) -> None:
    key = key_of(news_archive, "bridge")
    views.lexical.remove(key)
    with database_of(news_archive) as database:
        for row in database.words_of([key]):
            views.lexical.add(row._replace(article=key + 100))
    views.lexical.commit()
    save_changed(news_archive, views)
    count = len(read(news_archive, "bridge").passages)
    assert (
        f"The view of words has {count} passages under articles that they are not of."
        in news_archive.check_views().problems
    )


def test_a_vector_that_is_not_the_stored_one_is_noticed(news_archive: LocalArchive, views: Views) -> None:
    with database_of(news_archive) as database:
        keys = np.array(list(database.live_passages()))
        vectors = database.vectors(keys.tolist(), views.stamp.dimension)
    vectors[0, 0] = np.nextafter(np.float16(vectors[0, 0]), np.float16(1))
    save_changed(news_archive, with_vectors(views, keys, vectors))
    count = facts(news_archive).passages
    assert news_archive.check_views().problems == (
        f"1 of {count} vectors that were looked at are not those of the database.",
    )


def test_vectors_in_inverted_lists_are_compared(tmp_path: Path) -> None:
    points = np.random.default_rng(1).normal(size=(300, 24)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    with LocalArchive.create(tmp_path / "many", HashEmbedder("many", 24).card, INVERTED) as archive:
        with archive.write() as writer:
            for number, vector in enumerate(points):
                article = make_article(str(number), f"text {number}")
                writer.put(Dossier(article, (Span(0, len(article.body)),)), vector[np.newaxis])
            writer.commit()
        views = views_of(archive, INVERTED)
        assert not views.segments.exact
        assert archive.check_views() == ViewReport(snapshot=1, vectors=300)
        points[6] *= -1
        save_changed(archive, with_vectors(views, views.segments.keys, points.astype("<f2").astype(np.float32)))
        assert archive.check_views().problems == (
            "1 of 300 vectors that were looked at are not those of the database.",
        )


def test_views_of_another_archive_are_named(
    news_archive: LocalArchive, views: Views, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    with LocalArchive.create(tmp_path / "other", hash_embedder.card) as other:
        store(other, hash_embedder, *NEWS)
    shutil.rmtree(news_archive.folder / "views")
    shutil.copytree(tmp_path / "other" / "views", news_archive.folder / "views")
    shutil.copy(tmp_path / "other" / "views.json", news_archive.folder)
    assert "belongs to another archive" in news_archive.check_views().problems[0]


def test_views_of_another_model_are_not_counted(news_archive: LocalArchive, views: Views) -> None:
    (made,) = (news_archive.folder / "views").iterdir()
    seal(made, replace(views.stamp, fingerprint="other"), Contents())
    publish(news_archive.folder, made)
    assert news_archive.check_views() == ViewReport(snapshot=None)
