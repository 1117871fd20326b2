import gzip
import json
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.dossier import split
from search.article import Article
from search.english.sentences import sentences
from search.models.embedding import Embedder
from tests.fakes import NEWS

bodies = st.lists(
    st.sampled_from(
        [*"ab é東\U0001f680.?\"'", " ", "  ", "\n\n", "word ", "Mr. Powell ", "It rained. ", "x" * 30, "\t", '. "']
    ),
    max_size=80,
).map("".join)


def by_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def by_characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


COUNTERS = pytest.mark.parametrize("count", [by_words, by_characters])


def check(body: str, count: Callable[[Sequence[str]], list[int]], limit: int) -> list[str]:
    """Split a body; what holds of all passages of all bodies is checked on the way."""
    place = 0
    passages = []
    for span in split(body, count, limit):
        assert body[place : span.start].strip() == "", "something visible was left out"
        passage = span.of(body)
        assert passage == passage.strip() != ""
        assert count([passage])[0] <= limit or len(passage) == 1
        passages.append(passage)
        place = span.end
    assert body[place:].strip() == ""
    return passages


@COUNTERS
@given(body=bodies, limit=st.integers(1, 40))
@example(body="aa aa aa", limit=2)
@example(body=" a", limit=1)
@example(body="", limit=5)
@example(body="\n\na", limit=1)
def test_passages_cover_the_body_in_order_within_the_limit(
    count: Callable[[Sequence[str]], list[int]], body: str, limit: int
) -> None:
    check(body, count, limit)


@given(st.lists(st.sampled_from(["Rain fell. ", "It was cold. ", "\n\n"]), max_size=40).map("".join))
def test_repeated_sentences_are_each_found_in_their_own_place(body: str) -> None:
    assert sum(map(len, check(body, by_words, 5))) <= len(body)


def test_a_passage_takes_whole_paragraphs_while_they_fit() -> None:
    assert check("one two\n\nthree four\n\nfive six", by_words, 4) == ["one two\n\nthree four", "five six"]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    body = "Mr. A met Sen. B. They talked about rain. Nobody else came."
    assert check(body, by_words, 5) == ["Mr. A met Sen. B.", "They talked about rain.", "Nobody else came."]


def test_a_long_sentence_is_cut_between_words() -> None:
    assert check("one two three four five", by_words, 2) == ["one two", "three four", "five"]


def test_a_long_word_is_cut_where_the_limit_says() -> None:
    assert check("x" * 10, by_characters, 4) == ["xxxx", "xxxx", "xx"]


@pytest.mark.parametrize("limit", [5, 12, 120])
@pytest.mark.parametrize("article", NEWS, ids=lambda article: article.id)
def test_an_article_is_cut_at_sentences(article: Article, limit: int) -> None:
    ends = {span.end for span in sentences(article.body)}
    starts = {span.start for span in sentences(article.body)}
    for span in split(article.body, by_words, max(limit, 24)):
        assert span.start in starts
        assert span.end in ends
    check(article.body, by_words, limit)
    assert len(split(article.body, by_words, 1_000)) == 1


def test_white_space_that_counts_nothing_is_not_given_twice() -> None:
    assert check("one  two  three", by_words, 1)[:1] == ["o"]
    assert check("one two  three four", by_words, 2) == ["one two", "three four"]


@pytest.mark.model
@pytest.mark.parametrize("limit", [2, 7, 40, 206])
def test_the_models_own_tokenizer_counts(embedder: Embedder, limit: int) -> None:
    body = "\n\n".join(
        [
            *(article.body for article in NEWS),
            "東京都知事は辞任した。",
            "\u200b",
            "\xad",
            "word  " * 300,
            "long" * 40,
        ]
    )
    assert len(check(body, embedder.count_tokens, limit)) > 2


@pytest.mark.model
@pytest.mark.news
def test_every_real_article_is_cut_within_the_limit(embedder: Embedder, real_news: Path) -> None:
    with gzip.open(real_news / "wire.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, 150):
            assert check(json.loads(line)["text"].strip(), embedder.count_tokens, 120)
