import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote as percent_encoded

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive import Archive
from search.article import Span, Withdrawal
from search.errors import CitationNotFoundError, QueryError
from search.quoting.citation_id import PATTERN, CitationKey, citation_id, find_citation, locate, parse_citation_id
from tests.fakes import MISSILES, HashEmbedder, make_article, store

QUOTE = "Russia will likely use them within weeks."
ARTICLE_IDS = [
    "a",
    "a/b/c",
    "/leading",
    "with space + & ?q=1#x",
    "Zürich/記事/\U0001f5de",
    "../../etc/passwd",
    "-rf",
    "_2F",
]


@given(st.text(min_size=1, max_size=200), st.integers(0, 10**9), st.text(min_size=1))
def test_what_was_written_can_be_read_again(article_id: str, start: int, quote: str) -> None:
    text = citation_id(article_id, start, start + len(quote), quote)
    key = parse_citation_id(text)
    assert key == CitationKey(article_id, start, start + len(quote), key.digest)
    assert key.names(quote)
    assert not key.names(quote + "x")
    assert (key.span.start, key.span.end) == (start, start + len(quote))


@pytest.mark.parametrize("article_id", ARTICLE_IDS)
def test_an_id_needs_no_encoding_anywhere(article_id: str, tmp_path: Path) -> None:
    text = citation_id(article_id, 84, 84 + len(QUOTE), QUOTE)
    assert percent_encoded(text, safe="") == text
    assert text[0] not in "-."
    assert re.fullmatch(PATTERN, text)
    (tmp_path / text).touch()
    assert [path.name for path in tmp_path.iterdir()] == [text]


def test_an_id_is_readable() -> None:
    assert citation_id("desk/2024/iran-missiles", 84, 84 + len(QUOTE), QUOTE) == (
        "desk_2F2024_2Firan-missiles.84-125.6d9a9c830c2c"
    )


@given(st.lists(st.text(min_size=1), min_size=2, max_size=2, unique=True))
def test_different_articles_have_different_ids(article_ids: list[str]) -> None:
    first, second = (citation_id(article_id, 0, 1, "x") for article_id in article_ids)
    assert first != second


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a.1-2",
        "a.1-2.0f3d6f1c0d9",
        "a.1-2.0F3D6F1C0D9F",
        "a.2-2.0f3d6f1c0d9f",
        "a.3-2.0f3d6f1c0d9f",
        "a.01-2.0f3d6f1c0d9f",
        "a.1-2.0f3d6f1c0d9f\n",
        "a.1-99999999999.0f3d6f1c0d9f",
        "a.١-٢.0f3d6f1c0d9f",
        ".1-2.0f3d6f1c0d9f",
        "a/b.1-2.0f3d6f1c0d9f",
        "a_2f.1-2.0f3d6f1c0d9f",
        "a_41.1-2.0f3d6f1c0d9f",
        "a_.1-2.0f3d6f1c0d9f",
        "_FF.1-2.0f3d6f1c0d9f",
        "-a.1-2.0f3d6f1c0d9f",
        "a" * 20_000 + ".1-2.0f3d6f1c0d9f",
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_citation_id_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="is not a citation id") as caught:
        parse_citation_id(text)
    assert caught.value.remedy
    assert len(str(caught.value)) < 400


@given(st.text())
def test_whatever_is_read_as_a_citation_id_is_one(text: str) -> None:
    try:
        key = parse_citation_id(text)
    except QueryError:
        return
    assert key.start < key.end


@pytest.mark.parametrize(("article_id", "start", "end"), [("", 0, 1), ("a", 0, 2), ("a", -1, 0), ("a", 1, 1)])
def test_a_quote_that_does_not_fit_its_offsets_has_no_id(article_id: str, start: int, end: int) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        citation_id(article_id, start, end, "x")


SENTENCE = "Tehran denied it."


def cited(start: int | None = None) -> str:
    start = MISSILES.body.index(SENTENCE) if start is None else start
    return citation_id("missiles", start, start + len(SENTENCE), SENTENCE)


def test_a_citation_leads_back_to_its_quote(news_archive: Archive) -> None:
    found = find_citation(news_archive, cited())
    assert found.article == MISSILES
    assert (found.quote, found.moved, found.id) == (SENTENCE, False, cited())


def test_a_citation_survives_indexing_again(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    for number in range(2):
        with Archive.create(tmp_path / str(number), hash_embedder.card) as archive:
            store(archive, hash_embedder, MISSILES)
            assert find_citation(archive, cited()).quote == SENTENCE


def test_a_quote_that_moved_is_found_where_it_is_now(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    body = f"Corrected. {MISSILES.body}"
    with Archive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, make_article("missiles", body))
        found = find_citation(archive, cited())
        assert found.moved
        assert found.quote == SENTENCE
        assert found.span.start == body.index(SENTENCE)
        assert not find_citation(archive, found.id).moved


def test_a_quote_that_was_corrected_is_not_found(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    with Archive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, make_article("missiles", MISSILES.body.replace("denied", "admitted")))
        with pytest.raises(CitationNotFoundError, match="does not stand in the article 'missiles'"):
            find_citation(archive, cited())


def test_a_citation_of_an_article_that_is_gone_is_not_found(news_archive: Archive) -> None:
    with pytest.raises(CitationNotFoundError, match="no article 'gone'") as caught:
        find_citation(news_archive, citation_id("gone", 0, 4, "Gone"))
    assert caught.value.remedy


def test_what_is_no_citation_id_is_not_looked_up(news_archive: Archive) -> None:
    with pytest.raises(QueryError, match="not a citation id"):
        find_citation(news_archive, "missiles")


def test_what_became_of_the_article_is_told(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    assert find_citation(news_archive, cited()).verified
    store(news_archive, hash_embedder, replace(make_article("later", "No."), supersedes="missiles"))
    superseded = find_citation(news_archive, cited())
    assert (superseded.quote, superseded.verified, superseded.superseded_by) == (SENTENCE, True, "later")
    with news_archive.write() as writer:
        writer.withdraw(Withdrawal(("missiles",), "Not so."))
        writer.commit()
    withdrawn = find_citation(news_archive, cited())
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
