from collections.abc import Callable
from pathlib import Path

import pytest

from api.evaluation.trial import archive_folder, index_articles
from search.archive import Archive
from search.article import Article, Span
from search.errors import InputError
from search.models.embedding import Embedder
from tests.fakes import BRIDGE, MISSILES, NEWS, RATES, HashEmbedder, make_article


def test_every_article_is_indexed_and_told(archive: Archive, hash_embedder: HashEmbedder) -> None:
    told: list[tuple[str, int, int]] = []
    index_articles(NEWS, archive, hash_embedder, lambda *step: told.append(step))
    assert archive.ids() == sorted(article.id for article in NEWS)
    assert told[-1] == ("indexing articles", len(NEWS), len(NEWS))


def test_what_is_there_is_not_embedded_again(archive: Archive, hash_embedder: HashEmbedder) -> None:
    index_articles((MISSILES, RATES), archive, hash_embedder, lambda *_: None)
    before, snapshot = len(hash_embedder.embedded), archive.snapshot
    index_articles((MISSILES, RATES), archive, hash_embedder, lambda *_: None)
    assert (len(hash_embedder.embedded), archive.snapshot) == (before, snapshot)
    corrected = make_article("rates", "The rate was cut by a quarter.")
    index_articles((MISSILES, corrected, BRIDGE), archive, hash_embedder, lambda *_: None)
    assert archive.article("rates") == corrected
    assert archive.ids() == ["bridge", "missiles", "rates"]


def test_an_archive_of_other_articles_is_left_alone(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    with pytest.raises(InputError, match="4 articles that are not of this set, 'bridge' among them"):
        index_articles((RATES,), news_archive, hash_embedder, lambda *_: None)
    assert len(news_archive.ids()) == len(NEWS)


def test_passages_can_be_cut_otherwise(archive: Archive, hash_embedder: HashEmbedder) -> None:
    def whole(article: Article, _: Embedder) -> tuple[list[Span], list[str]]:
        return [Span(0, len(article.body))], [article.body]

    index_articles((MISSILES,), archive, hash_embedder, lambda *_: None, whole)
    assert archive.passages_of("missiles") == [Span(0, len(MISSILES.body))]
    assert hash_embedder.embedded == [MISSILES.body]


def test_rounds_are_embedded_and_committed_one_by_one(
    archive: Archive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.evaluation.trial._PASSAGES_A_ROUND", 2)
    told: list[int] = []
    index_articles(NEWS, archive, hash_embedder, lambda _, done, __: told.append(done))
    assert told[-1] == len(NEWS)
    assert len(told) > 1
    assert archive.snapshot == len(told)


def test_a_temporary_folder_does_not_stay(tmp_path: Path, archive_in: Callable[[Path], None]) -> None:
    with archive_folder(None) as folder:
        archive_in(folder)
    assert not folder.exists()
    with archive_folder(tmp_path / "kept") as folder:
        archive_in(folder)
    assert (tmp_path / "kept").exists()


@pytest.fixture
def archive_in(hash_embedder: HashEmbedder) -> Callable[[Path], None]:
    return lambda folder: Archive.create(folder, hash_embedder.card).close()
