import pytest

from indexer.renewal import fill
from search.archive import Archive
from search.article import Article, Span
from search.errors import InputError
from search.models.embedding import Embedder
from tests.fakes import BRIDGE, MISSILES, NEWS, RATES, HashEmbedder, make_article
from tests.looking import article_in, dossier_in, ids_in, number_of


def test_every_article_is_indexed_and_told(archive: Archive, hash_embedder: HashEmbedder) -> None:
    told: list[tuple[int, int]] = []
    fill(NEWS, archive, hash_embedder, lambda *step: told.append(step))
    assert ids_in(archive) == sorted(article.id for article in NEWS)
    assert told[-1] == (len(NEWS), len(NEWS))


def test_what_is_there_is_not_embedded_again(archive: Archive, hash_embedder: HashEmbedder) -> None:
    fill((MISSILES, RATES), archive, hash_embedder, lambda *_: None)
    before, snapshot = len(hash_embedder.embedded), number_of(archive)
    fill((MISSILES, RATES), archive, hash_embedder, lambda *_: None)
    assert (len(hash_embedder.embedded), number_of(archive)) == (before, snapshot)
    corrected = make_article("rates", "The rate was cut by a quarter.")
    fill((MISSILES, corrected, BRIDGE), archive, hash_embedder, lambda *_: None)
    assert article_in(archive, "rates") == corrected
    assert ids_in(archive) == ["bridge", "missiles", "rates"]


def test_an_archive_of_other_articles_is_left_alone(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    with pytest.raises(InputError, match="4 articles that are not of this set, 'bridge' among them"):
        fill((RATES,), news_archive, hash_embedder, lambda *_: None)
    assert len(ids_in(news_archive)) == len(NEWS)


def test_passages_can_be_cut_otherwise(archive: Archive, hash_embedder: HashEmbedder) -> None:
    def whole(article: Article, _: Embedder) -> tuple[list[Span], list[str]]:
        return [Span(0, len(article.body))], [article.body]

    fill((MISSILES,), archive, hash_embedder, lambda *_: None, whole)
    assert list(dossier_in(archive, "missiles").passages) == [Span(0, len(MISSILES.body))]
    assert hash_embedder.embedded == [MISSILES.body]


def test_rounds_are_embedded_and_committed_one_by_one(
    archive: Archive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.renewal._PASSAGES_A_ROUND", 2)
    told: list[int] = []
    fill(NEWS, archive, hash_embedder, lambda done, _: told.append(done))
    assert told[-1] == len(NEWS)
    assert len(told) > 1
    assert number_of(archive) == len(told)
