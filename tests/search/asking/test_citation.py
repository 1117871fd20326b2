from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Span
from search.asking.citation import Trail, cite, text_fragment_link
from tests.fakes import MISSILES, UNDATED

TRAIL = Trail(Span(0, 10), 0.5, 1, 2.0, None, 3.0)
URL = "https://news.example/a?b=c"


def test_a_citation_quotes_the_article_and_says_where_it_stands() -> None:
    start = MISSILES.body.index("Tehran denied it.")
    citation = cite(MISSILES, Span(start, start + 17), 1.5, TRAIL)
    assert citation.quote == "Tehran denied it." == MISSILES.body[citation.start : citation.end]
    assert (citation.article_id, citation.headline, citation.source) == (
        "missiles",
        MISSILES.headline,
        MISSILES.source,
    )
    assert (citation.published, citation.byline, citation.section) == (
        MISSILES.published,
        MISSILES.byline,
        MISSILES.section,
    )
    assert citation.link == "https://news.example/2024/missiles#:~:text=Tehran%20denied%20it."
    assert citation.trail is TRAIL


def test_an_article_without_an_address_has_no_link() -> None:
    citation = cite(UNDATED, Span(0, 3), 1.0, TRAIL)
    assert citation.url is citation.link is None


def test_a_span_past_the_end_of_the_article_is_never_cited() -> None:
    with pytest.raises(ValueError, match="reaches past"):
        cite(MISSILES, Span(0, len(MISSILES.body) + 1), 1.0, TRAIL)


def test_a_quote_that_does_not_fit_its_offsets_is_refused() -> None:
    citation = cite(MISSILES, Span(0, 10), 1.0, TRAIL)
    with pytest.raises(ValueError, match="10 code points"):
        replace(citation, end=11)


@pytest.mark.parametrize(
    ("url", "quote", "expected"),
    [
        pytest.param(URL, "It rained.", f"{URL}#:~:text=It%20rained.", id="short"),
        pytest.param(
            URL,
            "one two three four five six seven eight nine ten eleven twelve thirteen",
            f"{URL}#:~:text=one%20two%20three%20four%20five%20six,eight%20nine%20ten%20eleven%20twelve%20thirteen",
            id="long-by-first-and-last-words",
        ),
        pytest.param(
            URL, "Yes, a well-known & #1", f"{URL}#:~:text=Yes%2C%20a%20well%2Dknown%20%26%20%231", id="marks"
        ),
        pytest.param(
            URL, "été à 東京", f"{URL}#:~:text=%C3%A9t%C3%A9%20%C3%A0%20%E6%9D%B1%E4%BA%AC", id="unicode"
        ),
        pytest.param(f"{URL}#top", "rain", f"{URL}#top:~:text=rain", id="address-with-a-fragment"),
        pytest.param(
            "HTTPS://news.example/", "rain", "HTTPS://news.example/#:~:text=rain", id="scheme-in-capitals"
        ),
        pytest.param("javascript:alert(1)", "rain", None, id="javascript"),
        pytest.param("data:text/html,hello", "rain", None, id="data"),
        pytest.param("file:///etc/passwd", "rain", None, id="file"),
        pytest.param("https:///path", "rain", None, id="no-host"),
        pytest.param("news.example/a", "rain", None, id="no-scheme"),
        pytest.param("http://[::1", "rain", None, id="malformed"),
    ],
)
def test_a_link_leads_to_the_quote_or_there_is_none(url: str, quote: str, expected: str | None) -> None:
    assert text_fragment_link(url, quote) == expected


@given(st.text(min_size=1, max_size=200))
def test_a_link_says_in_ascii_what_the_quote_says(quote: str) -> None:
    quote = quote.encode("utf-8", "ignore").decode() or "x"
    link = text_fragment_link(URL, quote)
    assert link is not None
    fragment = urlsplit(link).fragment
    assert fragment.isascii()
    directive = fragment.removeprefix(":~:text=")
    parts = directive.split(",")
    assert len(parts) <= 2
    assert not set(directive) & set(" -&#")
    words = " ".join(quote.split())
    assert words.startswith(unquote(parts[0]))
    assert words.endswith(unquote(parts[-1]))
