"""What lies inside of a scope is made once for a snapshot and the scope, however many ask."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from search.archive import LocalArchive, Scope
from search.archive.local.segments import Segments
from tests.fakes import HashEmbedder, make_article, store

TERMS = ("bridg", "harbour", "ferri")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many passages the terms were counted, each time that was done."""
    calls: list[int] = []
    count = Segments.passage_holders

    def noting(self: Segments, keys: np.ndarray, terms: np.ndarray) -> np.ndarray:
        calls.append(len(keys))
        return count(self, keys, terms)

    monkeypatch.setattr(Segments, "passage_holders", noting)
    return calls


def test_one_article_under_embargo_costs_a_question_no_more_than_itself(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, counted: list[int]
) -> None:
    with news_archive.snapshot() as snapshot:
        before = snapshot.rarity(TERMS)
    ahead = make_article("ahead", "The bridge over the harbour will be closed.")
    store(news_archive, hash_embedder, replace(ahead, embargo=datetime.now(UTC) + timedelta(days=9)))
    for _ in range(2):
        with news_archive.snapshot() as snapshot:
            assert snapshot.rarity(TERMS) == before
    assert counted == [1], "what is hidden is counted, once"
    with news_archive.snapshot() as one, news_archive.snapshot() as other:
        assert one.sample is other.sample


def test_a_scope_of_few_is_counted_once_by_term(news_archive: LocalArchive, counted: list[int]) -> None:
    for terms in (TERMS, TERMS[:1], TERMS):
        with news_archive.snapshot(Scope.of("Wire")) as snapshot:
            found = snapshot.rarity(terms)
            assert found.passages < snapshot.facts.passages + 1
    assert len(counted) == 1


def test_no_more_terms_are_kept_than_is_said(
    news_archive: LocalArchive, monkeypatch: pytest.MonkeyPatch, counted: list[int]
) -> None:
    monkeypatch.setattr("search.archive.local.scoped_views._MOST_TERMS", 4)
    with news_archive.snapshot(Scope.of("Wire")) as snapshot:
        found = [snapshot.rarity([f"word{number}", "bridg"]).passages_with["bridg"] for number in range(20)]
    assert len(set(found)) == 1
    assert 5 <= len(counted) <= 20


def test_what_was_superseded_later_is_counted_as_of_a_day_before(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, counted: list[int]
) -> None:
    early = make_article("early", "The funicular is closed.", day="2024-01-02")
    late = replace(make_article("late", "The railway is closed.", day="2024-03-02"), supersedes="early")
    store(news_archive, hash_embedder, early, late)
    with news_archive.snapshot() as snapshot:
        now, then = snapshot.rarity(["funicular"]), snapshot.rarity(["funicular"], date(2024, 2, 1))
        assert (now.passages_with["funicular"], then.passages_with["funicular"]) == (0, 1)
        assert (then.passages, then.articles) == (now.passages, now.articles)
        assert snapshot.rarity(["railway"], date(2024, 2, 1)).passages_with["railway"] == 1
        assert snapshot.rarity(["funicular"], date(2024, 2, 1)) == then
    assert counted == [1], "once for a day"


def test_nothing_holds_nothing(news_archive: LocalArchive) -> None:
    with news_archive.snapshot(Scope.of("Nobody")) as snapshot:
        found = snapshot.rarity(TERMS)
    assert (found.passages, found.articles, set(found.passages_with.values())) == (0, 0, {0})
