import re
from pathlib import Path
from urllib.parse import quote as percent_encoded

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import QueryError
from search.quoting.citation_id import PATTERN, CitationKey, citation_id, parse_citation_id

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
