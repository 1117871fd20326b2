"""Filters and order of candidates, against an oracle that looks at every passage."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive import Archive
from search.archive.records import Passage
from search.article import Article
from search.english.terms import content_terms, terms
from search.filters import Filter, resolved
from tests.fakes import HashEmbedder, make_article, store
from tests.search.archive.brute_force import (
    DAYS,
    LANGUAGES,
    SOURCES,
    WORDS,
    Stored,
    closest,
    filters,
    passes,
)
from tests.search.archive.conftest import ENGINES, create
from tests.search.archive.glances import by_words, facts, near, rarity, read


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


@pytest.fixture(scope="module", params=ENGINES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    embedder = HashEmbedder()
    with ExitStack() as stack:
        archive = create(request.param, tmp_path_factory.mktemp("candidates"), embedder, stack)
        store(archive, embedder, *ARTICLES.values())
        yield archive


@pytest.fixture(scope="module")
def stored(archive: Archive) -> Stored:
    """Every passage: its article, its text under the headline, its vector."""
    found: Stored = {}
    for id_, article in ARTICLES.items():
        for span in read(archive, id_).passages:
            text = f"{article.headline}\n{span.of(article.body)}"
            vector = HashEmbedder().embed_question(text)
            found[Passage(id_, span.start, span.end)] = article, text, vector.astype("<f2").astype(np.float32)
    return found


@given(condition=filters(), k=st.integers(1, 300), word=st.sampled_from(WORDS))
def test_as_many_as_exist_come_back_closest_first(
    archive: Archive, stored: Stored, condition: Filter, k: int, word: str
) -> None:
    question = HashEmbedder().embed_question(f"the {word} of the senate")
    expected = closest(stored, question, condition)
    found = near(archive, question, k, resolved(condition, facts(archive)))
    assert len(found) == min(k, len(expected))
    assert [one.cosine for one in found] == pytest.approx([cosine for _, cosine in expected[:k]], abs=1e-5)
    cosines = dict(expected)
    assert all(one.cosine == pytest.approx(cosines[one.passage], abs=1e-5) for one in found)


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
        passage
        for passage, (article, text, _) in stored.items()
        if passes(article, condition) and set(asked) & set(terms(text))
    }
    found = [one.passage for one in by_words(archive, asked, k, resolved(condition, facts(archive)))]
    assert len(found) == len(set(found)) == min(k, len(expected))
    assert set(found) <= expected


def test_a_month_passes_only_as_a_whole(archive: Archive) -> None:
    def days(condition: Filter) -> set[str]:
        found = near(archive, HashEmbedder().embed_question("treaty"), condition=condition)
        published = {ARTICLES[one.passage.article_id].published for one in found}
        return {one.isoformat() for one in published if one}

    assert days(Filter(date(2024, 2, 1), date(2024, 2, 29))) == {"2024-02", "2024-02-01", "2024-02-29T23:59"}
    assert days(Filter(date(2024, 2, 1), date(2024, 2, 29) - timedelta(days=1))) == {"2024-02-01"}


def test_names_are_given_the_case_of_the_archive(archive: Archive) -> None:
    asked = Filter(sources=("wire", "SÜDDEUTSCHE zeitung", "Nobody"), sections=("DESK 1",))
    found = resolved(asked, facts(archive))
    assert set(found.sources) == {"Wire", "WIRE", "Süddeutsche Zeitung", "Nobody"}
    assert found.sections == ("desk 1",)


def test_rarer_terms_stand_in_fewer_passages(archive: Archive) -> None:
    found = rarity(archive, "noth", "119", "bridg", "never-seen").passages_with
    assert found["noth"] > found["bridg"] > found["119"] > found["never-seen"] == 0


def test_the_sample_is_of_all_passages(archive: Archive, stored: Stored) -> None:
    question = HashEmbedder().embed_question("the treaty")
    cosines = [cosine for _, cosine in closest(stored, question, Filter())]
    with archive.snapshot() as snapshot:
        sample = snapshot.sample @ question
    assert sorted(sample.tolist(), reverse=True) == pytest.approx(cosines, abs=1e-5)
