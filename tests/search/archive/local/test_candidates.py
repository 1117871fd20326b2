"""Filters and order of candidates, against an oracle that looks at every passage."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive import Archive
from search.archive.local.regime import Regime
from search.article import Article
from search.english.terms import content_terms, terms
from search.filters import Filter
from tests.fakes import DIMENSION, MISSILES, HashEmbedder, make_article, store
from tests.search.archive.local.brute_force import (
    DAYS,
    LANGUAGES,
    SOURCES,
    WORDS,
    Stored,
    closest,
    filters,
    passes,
)


def make_articles() -> list[Article]:
    choose = np.random.default_rng(5)
    articles = []
    for number in range(120):
        picked = choose.choice(WORDS, size=3)
        articles.append(
            make_article(
                f"a{number}",
                f"The {picked[0]} and the {picked[1]}.\n\n"
                + ("Nothing. " * 120)
                + f"A {picked[2]}, number {number}.",
                f"About {picked[1]}" if number % 3 else "",
                DAYS[choose.integers(len(DAYS))],
                source=SOURCES[choose.integers(len(SOURCES))],
                language=LANGUAGES[choose.integers(len(LANGUAGES))],
                section=f"desk {number % 5}" if number % 7 else None,
            )
        )
    return articles


ARTICLES = {article.id: article for article in make_articles()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    embedder = HashEmbedder()
    with Archive.create(tmp_path_factory.mktemp("candidates"), embedder.card) as archive:
        store(archive, embedder, *ARTICLES.values())
        yield archive


@pytest.fixture(scope="module")
def stored(archive: Archive) -> Stored:
    """Every passage by key: its article, its text under the headline, its vector."""
    passages = archive.fetch(range(1, archive.status().passages + 1))
    articles = archive.fetch_articles({passage.article for passage in passages.values()})
    vectors = archive._database.vectors(list(passages), DIMENSION)
    return {
        key: (
            ARTICLES[(article := articles[passage.article]).id],
            f"{article.headline}\n{passage.span.of(article.body)}",
            vector,
        )
        for (key, passage), vector in zip(passages.items(), vectors, strict=True)
    }


@given(condition=filters(), k=st.integers(1, 300), word=st.sampled_from(WORDS))
def test_as_many_as_exist_come_back_closest_first(
    archive: Archive, stored: Stored, condition: Filter, k: int, word: str
) -> None:
    question = HashEmbedder().embed_question(f"the {word} of the senate")
    expected = closest(stored, question, condition)
    found = archive.dense(question, k, archive.resolve(condition))
    assert len(found) == min(k, len(expected))
    cosines = dict(expected)
    assert [score for _, score in found] == pytest.approx([score for _, score in expected[:k]], abs=1e-5)
    assert all(score == pytest.approx(cosines[key], abs=1e-5) for key, score in found)


@given(
    condition=filters(),
    k=st.integers(1, 300),
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True),
)
def test_by_words_come_back_all_that_share_one(
    archive: Archive, stored: Stored, condition: Filter, k: int, words: list[str]
) -> None:
    asked = content_terms(" ".join(words))
    expected = {
        key
        for key, (article, text, _) in stored.items()
        if passes(article, condition) and set(asked) & set(terms(text))
    }
    found = archive.lexical(asked, k, archive.resolve(condition))
    assert len(found) == len(set(found)) == min(k, len(expected))
    assert set(found) <= expected


def test_many_allowed_passages_are_searched_as_few_are(archive: Archive) -> None:
    question = HashEmbedder().embed_question("treaty")
    condition = Filter(languages=("en", "de"))
    scanned = archive.dense(question, 50, condition)
    with Archive.open(archive.folder, Regime(scanned_exactly=0)) as searching:
        found = searching.dense(question, 50, condition)
    assert [score for _, score in found] == pytest.approx([score for _, score in scanned], abs=1e-5)


def test_a_month_passes_only_as_a_whole(archive: Archive) -> None:
    within = Filter(date(2024, 2, 1), date(2024, 2, 29))
    question = HashEmbedder().embed_question("treaty")
    keys = archive.fetch(key for key, _ in archive.dense(question, 1_000, within))
    days = {
        article.published.isoformat()
        for article in archive.fetch_articles({passage.article for passage in keys.values()}).values()
        if article.published
    }
    assert days == {"2024-02", "2024-02-01", "2024-02-29T23:59"}
    shorter = Filter(date(2024, 2, 1), date(2024, 2, 29) - timedelta(days=1))
    keys = archive.fetch(key for key, _ in archive.dense(question, 1_000, shorter))
    articles = archive.fetch_articles({passage.article for passage in keys.values()}).values()
    assert {article.published.isoformat() for article in articles if article.published} == {"2024-02-01"}


def test_names_are_given_the_case_of_the_archive(archive: Archive) -> None:
    resolved = archive.resolve(Filter(sources=("wire", "SÜDDEUTSCHE zeitung", "Nobody"), sections=("DESK 1",)))
    assert set(resolved.sources) == {"Wire", "WIRE", "Süddeutsche Zeitung", "Nobody"}
    assert resolved.sections == ("desk 1",)


def test_scores_are_those_of_bm25_with_presence_and_article(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    with Archive.create(tmp_path, embedder.card) as archive:
        store(
            archive,
            embedder,
            make_article("one", "tulip tulip rose"),
            make_article("two", "tulip lily"),
            make_article("three", "oak"),
        )
        scores = archive.lexical_scores(["tulip", "nothing"], {1: 1, 2: 2, 3: 3})
    lengths = {1: 3, 2: 2, 3: 1}
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    for key, count in {1: 2, 2: 1}.items():
        norm = 1.2 * (1 - 0.75 + 0.75 * lengths[key] / 2)
        bm25 = idf * count * 2.2 / (count + norm)
        assert scores[key] == pytest.approx(bm25 + 0.3 * idf + 0.6 * bm25, rel=1e-4)
    assert scores[3] == 0


def test_words_of_the_query_language_are_only_words(archive: Archive) -> None:
    for question in ('bridge AND "treaty', "text:bridge", "bridge~2", "[* TO *]", "(", "key:1", "-bridge", "*"):
        archive.lexical(content_terms(question), 10, Filter())
        archive.lexical([question], 10, Filter())
    assert archive.lexical([], 10, Filter()) == []


def test_rarer_terms_weigh_more(archive: Archive) -> None:
    rarity = archive.rarity(["noth", "119", "bridg", "never-seen"])
    assert rarity["noth"] < rarity["bridg"] < rarity["119"] < rarity["never-seen"]


def test_closeness_of_given_passages_is_their_cosine(archive: Archive, stored: Stored) -> None:
    question = HashEmbedder().embed_question(MISSILES.body)
    expected = dict(closest(stored, question, Filter()))
    found = archive.closeness(question, [3, 1, 2])
    assert set(found) == {1, 2, 3}
    assert all(found[key] == pytest.approx(expected[key], abs=1e-6) for key in found)
    assert archive.closeness(question, []) == {}


def test_spread_is_the_standard_deviation_over_all_passages(archive: Archive, stored: Stored) -> None:
    question = HashEmbedder().embed_question("the treaty")
    cosines = [cosine for _, cosine in closest(stored, question, Filter())]
    spread, size = archive.spread(question)
    assert size == len(cosines)
    assert spread == pytest.approx(float(np.std(cosines)), rel=1e-4)
