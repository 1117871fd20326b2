from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive import Archive, LocalArchive
from search.article import Span, Withdrawal
from search.errors import CitationNotFoundError, QueryError
from search.quoting.citation_id import CitedQuote, citation_id, find_citation, locate, parse_citation_id
from tests.fakes import MISSILES, HashEmbedder, make_article, store

SENTENCE = "Tehran denied it."


def cited(start: int | None = None) -> str:
    start = MISSILES.body.index(SENTENCE) if start is None else start
    return citation_id("missiles", start, start + len(SENTENCE), SENTENCE)


def found_in(archive: Archive, text: str) -> CitedQuote:
    with archive.snapshot() as snapshot:
        return find_citation(snapshot, text)


def test_a_citation_leads_back_to_its_quote(news_archive: Archive) -> None:
    found = found_in(news_archive, cited())
    assert found.article == MISSILES
    assert (found.quote, found.moved, found.id) == (SENTENCE, False, cited())


def test_a_citation_survives_indexing_again(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    for number in range(2):
        with LocalArchive.create(tmp_path / str(number), hash_embedder.card) as archive:
            store(archive, hash_embedder, MISSILES)
            assert found_in(archive, cited()).quote == SENTENCE


def test_a_quote_that_moved_is_found_where_it_is_now(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    body = f"Corrected. {MISSILES.body}"
    with LocalArchive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, make_article("missiles", body))
        found = found_in(archive, cited())
        assert found.moved
        assert found.quote == SENTENCE
        assert found.span.start == body.index(SENTENCE)
        assert not found_in(archive, found.id).moved


def test_a_quote_that_was_corrected_is_not_found(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    with LocalArchive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, make_article("missiles", MISSILES.body.replace("denied", "admitted")))
        with pytest.raises(CitationNotFoundError, match="does not stand in the article 'missiles'"):
            found_in(archive, cited())


def test_a_citation_of_an_article_that_is_gone_is_not_found(news_archive: Archive) -> None:
    with pytest.raises(CitationNotFoundError, match="no article 'gone'") as caught:
        found_in(news_archive, citation_id("gone", 0, 4, "Gone"))
    assert caught.value.remedy


def test_what_is_no_citation_id_is_refused(news_archive: Archive) -> None:
    with pytest.raises(QueryError, match="not a citation id"):
        found_in(news_archive, "missiles")


def test_what_became_of_the_article_is_told(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    assert found_in(news_archive, cited()).verified
    store(news_archive, hash_embedder, replace(make_article("later", "No."), supersedes="missiles"))
    superseded = found_in(news_archive, cited())
    assert (superseded.quote, superseded.verified, superseded.superseded_by) == (SENTENCE, True, "later")
    with news_archive.write() as writer:
        writer.withdraw(Withdrawal(("missiles",), "Not so."))
        writer.commit()
    withdrawn = found_in(news_archive, cited())
    assert (withdrawn.quote, withdrawn.verified) == (SENTENCE, False)
    assert withdrawn.withdrawal


@given(st.text(min_size=1), st.data())
def test_any_slice_is_located_from_anywhere(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    quote = Span(start, data.draw(st.integers(start + 1, len(body)))).of(body)
    said = data.draw(st.integers(0, 2 * len(body)))
    span = locate(body, parse_citation_id(citation_id("a", said, said + len(quote), quote)))
    assert span
    assert span.of(body) == quote


def test_in_a_long_body_a_quote_of_whole_words_is_located() -> None:
    body = "word " * 60_000 + "the quote itself " + "word " * 10_000
    quote = body[250_000:320_016]
    start = body.index(quote)
    assert locate(body, parse_citation_id(citation_id("a", start + 40, start + 40 + len(quote), quote))) == Span(
        start, start + len(quote)
    )
